//! Sending one webhook.

use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};

use crate::{Endpoint, Secret};

/// How long an answer may take: receivers answer before they begin to work.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// The characters of an answer that are kept, for people.
pub const MAX_ANSWER: usize = 200;
/// The bytes of an answer that are read.
const MAX_READ: usize = 4_096;

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendResult {
    /// The receiver has it (2xx).
    Received(u16),
    /// The receiver wants no more (410).
    Gone,
    /// The receiver answered otherwise: the status, how its answer begins, and in how many seconds it wants to be asked
    /// again.
    Refused(u16, String, Option<u64>),
    /// There was no answer. Whether the receiver has it is not known.
    NoAnswer(String),
}

/// Sends webhooks.
#[derive(Clone, Debug)]
pub struct Client(reqwest::Client);

impl Client {
    /// A client that trusts the authorities that the system trusts.
    ///
    /// # Errors
    ///
    /// A sentence, if there are none.
    pub fn new() -> Result<Client, String> {
        let client = outbound::client(&[], HeaderMap::new(), (CONNECT, TIMEOUT));
        client.map(Client).map_err(|error| format!("webhooks cannot be sent: {error}"))
    }

    /// Sends a message once, signed for a moment in seconds since 1970.
    pub async fn send(
        &self,
        (endpoint, secret): (&Endpoint, &Secret),
        (id, body): (&str, &str),
        timestamp: i64,
    ) -> SendResult {
        let request = self
            .0
            .post(endpoint.url().clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", secret.sign(id, timestamp, body))
            .body(body.to_owned());
        let mut response = match request.send().await {
            Ok(response) => response,
            // Its text would name the address.
            Err(error) => return SendResult::NoAnswer(reason(&error.without_url())),
        };
        let status = response.status().as_u16();
        match status {
            200..=299 => return SendResult::Received(status),
            410 => return SendResult::Gone,
            _ => {}
        }
        let wait = response.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok());
        let wait = wait.and_then(|it| seconds(it, timestamp));
        let mut read = Vec::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            read.extend(chunk.iter().take(MAX_READ.saturating_sub(read.len())));
            if read.len() >= MAX_READ {
                break;
            }
        }
        let words = String::from_utf8_lossy(&read);
        let words = words.chars().map(|it| if it.is_control() { ' ' } else { it });
        SendResult::Refused(status, words.take(MAX_ANSWER).collect(), wait)
    }
}

/// Why there was no answer.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    outbound::innermost(error)
}

/// In how many seconds a `Retry-After` allows another attempt.
fn seconds(text: &str, now: i64) -> Option<u64> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(seconds);
    }
    let at = httpdate::parse_http_date(text.trim()).ok()?;
    let at = at.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    Some(at.saturating_sub(now.max(0).cast_unsigned()))
}
