//! A request and its answer.

use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use url::Url;

use crate::limits::MAX_RETRY_AFTER;
use crate::xml::{self, Bounds, ErrorBody, Multistatus, Problem};
use crate::{BadAnswer, Error, Interruption, Result, SendGuard};

/// Whether a request can be sent again when its outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It only reads.
    Freely,
    /// It writes: only if it cannot have been sent.
    OnlyIfUnsent,
}

/// How often a failed request is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retries {
    /// As often as [`Limits::retries`](crate::Limits::retries) says.
    ByLimits,
    /// Once, for requests that a person waits for; not if the connection timed out.
    One,
    /// Never: the address is only a guess.
    None,
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) repeat: Repeat,
    /// Bytes of the answer, where that is less than [`Limits::max_body`](crate::Limits::max_body).
    pub(crate) max_body: Option<usize>,
    /// Whether it may go out on a connection that was used before.
    pub(crate) uses_pool: bool,
    /// How often it is sent again if it fails.
    pub(crate) retries: Retries,
    /// The guard that decides whether it may still be sent; `None` without one.
    pub(crate) guard: Option<SendGuard>,
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The address that answered, after redirects.
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    /// When it arrived.
    pub(crate) received: SystemTime,
    /// Of an error answer, only as much as is needed for its text.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A request that only reads.
    pub(crate) fn reading(method: &str, url: Url) -> Request {
        Request::new(method, url, Repeat::Freely)
    }

    /// A request that writes.
    pub(crate) fn writing(method: &str, url: Url) -> Request {
        Request::new(method, url, Repeat::OnlyIfUnsent)
    }

    fn new(method: &str, url: Url, repeat: Repeat) -> Request {
        let method = Method::from_bytes(method.as_bytes()).unwrap_or(Method::OPTIONS);
        Request {
            method,
            url,
            headers: HeaderMap::new(),
            body: Vec::new(),
            repeat,
            max_body: None,
            uses_pool: true,
            retries: Retries::ByLimits,
            guard: None,
        }
    }

    /// Sends it only while the guard lets it pass.
    pub(crate) fn guarded(self, guard: Option<SendGuard>) -> Request {
        Request { guard, ..self }
    }

    /// The error for a failure before the request was sent.
    pub(crate) fn failed_before(&self, error: Error) -> Error {
        match self.repeat {
            Repeat::Freely => error,
            Repeat::OnlyIfUnsent => error.not_sent(),
        }
    }

    /// A PROPFIND (RFC 4918 section 9.1).
    pub(crate) fn propfind(url: Url, depth: &'static str, properties: &[&str]) -> Request {
        Request::reading("PROPFIND", url)
            .with("depth", HeaderValue::from_static(depth))
            .with_xml(xml::write::propfind(properties))
    }

    /// A REPORT (RFC 3253 section 3.6).
    pub(crate) fn report(url: Url, depth: &'static str, body: String) -> Request {
        Request::reading("REPORT", url)
            .with("depth", HeaderValue::from_static(depth))
            .with_xml(body)
    }

    pub(crate) fn with(mut self, name: &'static str, value: HeaderValue) -> Request {
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// Asks for an answer that is not compressed: servers and proxies that compress change the ETag.
    pub(crate) fn uncompressed(mut self) -> Request {
        self.headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        self
    }

    fn with_xml(mut self, body: String) -> Request {
        let kind = HeaderValue::from_static("application/xml; charset=utf-8");
        self.headers.insert(reqwest::header::CONTENT_TYPE, kind);
        self.body = body.into_bytes();
        self
    }
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The error for an unsuccessful answer to a read.
    pub(crate) fn reading_error(&self) -> Error {
        let words = ErrorBody::of(&self.body).words;
        match self.status {
            403 => Error::Forbidden { words },
            404 | 410 => Error::NotFound,
            500 => Error::Unavailable { status: 500, words, retry_after: self.retry_after() },
            status => Error::refused(status, words),
        }
    }

    /// The answer as a multistatus.
    pub(crate) fn multistatus(&self) -> Result<Multistatus> {
        if self.status != 207 {
            return Err(match self.status {
                200..300 => BadAnswer::NoMultistatus { status: self.status }.into(),
                _ => self.reading_error(),
            });
        }
        match xml::parse_multistatus(&self.body, Bounds::default()) {
            Ok(multistatus) => Ok(multistatus),
            // Without a length, a cut connection looks like the end of the answer.
            Err(Problem::Unfinished) => Err(Error::Interrupted(Interruption::Xml)),
            Err(problem) => Err(problem.into()),
        }
    }

    /// RFC 9110 section 10.2.3: seconds, or a date; at most [`MAX_RETRY_AFTER`].
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        let asked = match text.parse() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => {
                let until = httpdate::parse_http_date(text).ok()?;
                until.duration_since(self.received).unwrap_or_default()
            }
        };
        Some(asked.min(MAX_RETRY_AFTER))
    }
}
