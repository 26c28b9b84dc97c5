//! Servers that asked to be left alone for a while.
//!
//! A 429 for one calendar is meant for all calendars of that server: Nextcloud answers so to a whole IP
//! address after wrong passwords, also to right ones, and goes on for longer the more it is asked.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use crate::limits::{MAX_ORIGINS, MAX_RETRY_AFTER, PAUSE_AFTER_429};
use crate::{Error, Limits};

/// Servers that asked to be left alone, with until when. Cheap to clone; clones share what they know.
#[derive(Clone, Default)]
pub struct Pauses {
    servers: Arc<Mutex<HashMap<String, Pause>>>,
}

/// What a server said.
#[derive(Clone)]
struct Pause {
    until: Instant,
    status: u16,
    words: String,
}

impl fmt::Debug for Pauses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pauses").finish_non_exhaustive()
    }
}

impl Pauses {
    /// Takes note of a 429, or of a 503 with Retry-After (RFC 9110 section 10.2.3).
    pub(crate) fn note(&self, url: &Url, status: u16, words: &str, retry_after: Option<Duration>) {
        let asked = match status {
            429 => Some(retry_after.unwrap_or(PAUSE_AFTER_429)),
            _ => retry_after,
        };
        let Some(asked) = asked.filter(|it| !it.is_zero()) else { return };
        let until = Instant::now() + asked.min(MAX_RETRY_AFTER);
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if servers.len() >= MAX_ORIGINS {
            let now = Instant::now();
            servers.retain(|_, pause| pause.until > now);
        }
        if servers.len() < MAX_ORIGINS {
            servers.insert(key(url), Pause { until, status, words: words.to_owned() });
        }
    }

    /// Waits for the end of a short pause of the server.
    ///
    /// # Errors
    ///
    /// What the server said, with the time that is left, where it locked us out or the pause is longer
    /// than [`Limits::max_retry_after`]: nothing is sent.
    pub(crate) async fn wait(&self, url: &Url, limits: &Limits) -> Result<(), Error> {
        let Some(Pause { until, status, words }) = self.of(url) else { return Ok(()) };
        let left = until.saturating_duration_since(Instant::now());
        if status == 429 {
            return Err(Error::TooManyRequests { words, retry_after: left });
        }
        if left > limits.max_retry_after {
            return Err(Error::Unavailable { status, words, retry_after: Some(left) });
        }
        tokio::time::sleep(left).await;
        Ok(())
    }

    fn of(&self, url: &Url) -> Option<Pause> {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let pause = servers.get(&key(url))?.clone();
        if pause.until > Instant::now() {
            return Some(pause);
        }
        servers.remove(&key(url));
        None
    }
}

/// The host and the port: what is locked out is the address that asks, however it asks.
fn key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    format!("{host}:{}", url.port_or_known_default().unwrap_or_default())
}
