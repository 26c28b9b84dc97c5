//! What the client reads of the head of an answer and of Nextcloud's own JSON, as functions for the fuzz targets (`crates/fuzzing`).
//! Programs use [`crate::Account`].

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use secrecy::SecretString;
use url::Url;

use crate::digest::{Challenge, DigestChallenge, Signed, authorization, next_nonce};
pub use crate::nextcloud::MAX_VERSION;
use crate::nextcloud::{self, Author};
use crate::request::Answer;
use crate::{ETag, Server, entry, redirect};

/// The head of an answer, and what is read of it.
#[derive(Debug)]
pub struct Head {
    answer: Answer,
}

impl Head {
    /// An answer from a URL with these headers, received at a moment. Lines that are no header are left out,
    /// as they never reach the client.
    pub fn new(url: &Url, lines: &[&[u8]], body: &[u8], received: SystemTime) -> Head {
        let mut headers = HeaderMap::new();
        for line in lines {
            let Some(at) = line.iter().position(|it| *it == b':') else { continue };
            let name = HeaderName::from_bytes(&line[..at]);
            let value = HeaderValue::from_bytes(line[at + 1..].trim_ascii());
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        }
        let (url, body) = (url.clone(), body.to_vec());
        Head { answer: Answer { status: 401, url, headers, received, body } }
    }

    /// The Authorization header by which a Digest challenge is answered, and the nonce of it.
    pub fn authorization(&self, user: &str, password: &SecretString) -> Option<(String, String)> {
        let challenge = DigestChallenge::strongest(&Challenge::all(&self.answer.headers))?;
        let signed = Signed { method: "REPORT", uri: self.answer.url.path(), count: 1 };
        let header = authorization(&challenge, user, password, signed, "0123456789abcdef")?;
        Some((String::from_utf8_lossy(header.as_bytes()).into_owned(), challenge.nonce))
    }

    /// The nonce for the next request.
    pub fn next_nonce(&self) -> Option<String> {
        next_nonce(&self.answer.headers)
    }

    /// The pause that the server asks for.
    pub fn retry_after(&self) -> Option<Duration> {
        self.answer.retry_after()
    }

    /// Where a redirect leads that is followed.
    pub fn redirect(&self) -> Option<Url> {
        redirect::target(&self.answer.url, self.answer.header(LOCATION.as_str())?).ok()
    }

    /// What is known of the server.
    pub fn server(&self) -> Server {
        Server::of(&self.answer)
    }

    /// The version of an object.
    pub fn etag(&self) -> Option<ETag> {
        ETag::new(self.answer.header("etag")?)
    }
}

/// The authors that a page of Nextcloud's Activity app names for these events.
pub fn authors(body: &[u8], uids: &HashSet<String>) -> HashMap<String, Author> {
    nextcloud::authors_of(body, uids)
}

/// The version in an answer of Nextcloud's `status.php`, of [`MAX_VERSION`] characters at most.
pub fn nextcloud_version(body: &[u8]) -> Option<String> {
    nextcloud::version_of(body)
}

/// The addresses that are asked for what a person enters.
pub fn candidates(text: &str) -> Vec<Url> {
    let found = entry::candidates(text).unwrap_or_default();
    found.into_iter().map(|entry| entry.url).collect()
}
