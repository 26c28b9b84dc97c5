//! Pauses that servers ask for.
//!
//! A 429 for one calendar applies to all calendars of its server: after wrong passwords, Nextcloud
//! blocks a whole IP address, also for right ones, and longer with each further request.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use url::Url;

use crate::limits::{MAX_ORIGINS, MAX_RETRY_AFTER, PAUSE_AFTER_429};
use crate::{Clock, Error, Limits};

/// The servers that asked for a pause, with its end. Cheap to clone; clones share their state.
#[derive(Clone, Default)]
pub struct Pauses {
    servers: Arc<Mutex<HashMap<String, Pause>>>,
}

/// A server that asked for a pause, as it can be stored and passed to another process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerPause {
    /// Its host and port.
    pub server: String,
    /// How long the pause lasts from now on.
    pub left: Duration,
    /// The HTTP status that it answered with.
    pub status: u16,
    /// Its text; may be empty.
    pub words: String,
}

/// The request of a server for a pause.
#[derive(Clone)]
struct Pause {
    /// Its end, by [`Clock::monotonic`].
    until: Duration,
    status: u16,
    words: String,
}

impl fmt::Debug for Pauses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pauses").finish_non_exhaustive()
    }
}

impl Pauses {
    /// Records a 429, or a 503 with Retry-After (RFC 9110 section 10.2.3).
    pub(crate) fn note(
        &self,
        (url, clock): (&Url, &dyn Clock),
        status: u16,
        words: &str,
        retry_after: Option<Duration>,
    ) {
        let asked = match status {
            429 => Some(retry_after.unwrap_or(PAUSE_AFTER_429)),
            _ => retry_after,
        };
        let Some(left) = asked else { return };
        let words = words.to_owned();
        self.insert(ServerPause { server: key(url), left, status, words }, clock.monotonic());
    }

    fn insert(&self, pause: ServerPause, now: Duration) {
        let ServerPause { server, left, status, words } = pause;
        if left.is_zero() {
            return;
        }
        let until = now.saturating_add(left.min(MAX_RETRY_AFTER));
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if servers.len() >= MAX_ORIGINS {
            servers.retain(|_, pause| pause.until > now);
        }
        if servers.len() < MAX_ORIGINS {
            servers.insert(server, Pause { until, status, words });
        }
    }

    /// Adds pauses of other processes: of two pauses of a server, the one that ends later counts.
    pub fn learn(&self, pauses: impl IntoIterator<Item = ServerPause>, clock: &dyn Clock) {
        let now = clock.monotonic();
        for pause in pauses {
            let is_known = {
                let servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
                let known = servers.get(&pause.server);
                known.is_some_and(|it| it.until >= now.saturating_add(pause.left))
            };
            if !is_known {
                self.insert(pause, now);
            }
        }
    }

    /// The pauses that are not over, ordered by server.
    pub fn open(&self, clock: &dyn Clock) -> Vec<ServerPause> {
        let now = clock.monotonic();
        let servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let open = servers.iter().filter(|(_, pause)| pause.until > now);
        let mut open: Vec<ServerPause> = open
            .map(|(server, Pause { until, status, words })| ServerPause {
                server: server.clone(),
                left: until.saturating_sub(now),
                status: *status,
                words: words.clone(),
            })
            .collect();
        open.sort_unstable_by(|one, other| one.server.cmp(&other.server));
        open
    }

    /// Waits for the end of a short pause of the server.
    ///
    /// # Errors
    ///
    /// The server's error with the remaining time, if it locked us out or the pause is longer than
    /// [`Limits::max_retry_after`]; nothing is sent.
    pub(crate) async fn wait(
        &self,
        (url, clock): (&Url, &dyn Clock),
        limits: &Limits,
    ) -> Result<(), Error> {
        let Some((Pause { until, status, words }, left)) = self.of(url, clock) else {
            return Ok(());
        };
        if status == 429 {
            return Err(Error::TooManyRequests { words, retry_after: left });
        }
        if left > limits.max_retry_after {
            return Err(Error::Unavailable { status, words, retry_after: Some(left) });
        }
        tokio::time::sleep(left).await;
        // The runtime's timer has measured it, whatever the clock shows: unless it became longer meanwhile,
        // it is over.
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if servers.get(&key(url)).is_some_and(|it| it.until <= until) {
            servers.remove(&key(url));
        }
        Ok(())
    }

    /// The pause of a server, and what is left of it.
    fn of(&self, url: &Url, clock: &dyn Clock) -> Option<(Pause, Duration)> {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let pause = servers.get(&key(url))?.clone();
        let left = pause.until.saturating_sub(clock.monotonic());
        if left.is_zero() {
            servers.remove(&key(url));
            return None;
        }
        Some((pause, left))
    }
}

/// The host and the port: a server blocks the client's address for all requests.
fn key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    format!("{host}:{}", url.port_or_known_default().unwrap_or_default())
}
