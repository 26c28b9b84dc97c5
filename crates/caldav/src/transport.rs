//! Sending a request and receiving its answer: redirects, time-outs, bounds, retries.

use std::time::Duration;

use rand::RngExt as _;
use reqwest::Method;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use tokio::time::{Instant, timeout};
use url::Url;

use crate::error::{Phase, Redirected};
use crate::failure::failure;
use crate::limits::{MAX_ERROR_BODY, MAX_RETRY_AFTER, MAX_SIGNATURES, PAUSE_AFTER_429};
use crate::sign_in::Refused;
use crate::xml::{self, Bounds, ErrorBody, Multistatus, Problem};
use crate::{Account, Error, Result, SendGuard, redirect};

/// Whether a request can be sent again when it is not known what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It only reads.
    Freely,
    /// It writes: only where it cannot have been sent.
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
    /// What says whether it may still be sent; `None` where it may.
    pub(crate) guard: Option<SendGuard>,
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The address that answered, after redirects.
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    /// Of an answer that is no success, only as much as is needed for its words.
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

    /// What a failure means that came before it was sent.
    fn failed_before(&self, error: Error) -> Error {
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

    /// What an answer to a reading request that is no success means.
    pub(crate) fn reading_error(&self) -> Error {
        let words = ErrorBody::of(&self.body).words;
        match self.status {
            403 => Error::Forbidden { words },
            404 | 410 => Error::NotFound,
            500 => Error::Unavailable { status: 500, words, retry_after: self.retry_after() },
            status => Error::Refused { status, words },
        }
    }

    /// The answer as a multistatus.
    pub(crate) fn multistatus(&self) -> Result<Multistatus> {
        if self.status != 207 {
            return Err(match self.status {
                200..300 => Error::BadAnswer(format!("status {} in place of 207", self.status)),
                _ => self.reading_error(),
            });
        }
        match xml::parse_multistatus(&self.body, Bounds::default()) {
            Ok(multistatus) => Ok(multistatus),
            // Without a length, a connection that is cut looks like an answer that ends.
            Err(Problem::Unfinished) => Err(Error::Interrupted("its XML does not end".to_owned())),
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
                until.duration_since(std::time::SystemTime::now()).unwrap_or_default()
            }
        };
        Some(asked.min(MAX_RETRY_AFTER))
    }
}

impl Account {
    /// Sends a request and reads its answer as a multistatus; an answer that was cut is asked for
    /// again once.
    pub(crate) async fn multistatus(&self, request: &Request) -> Result<(Multistatus, Answer)> {
        let mut answer = self.send(request).await?;
        let mut read = answer.multistatus();
        if matches!(read, Err(Error::Interrupted(_))) {
            answer = self.send(request).await?;
            read = answer.multistatus();
        }
        read.map(|multistatus| (multistatus, answer))
    }

    /// Sends a request, follows its redirects, and repeats it where that is safe.
    ///
    /// Every status but 401, 429, 502, 503, 504 and redirects is an answer.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer> {
        let limits = self.connector.limits();
        let mut pause = limits.retry_pause;
        let mut retries = match request.retries {
            Retries::ByLimits => limits.retries,
            Retries::One => limits.retries.min(1),
            Retries::None => 0,
        };
        loop {
            let (error, asked) = match self.follow(request).await {
                Ok(answer) if is_unavailable(answer.status) => unavailable(&answer),
                Ok(answer) => return Ok(answer),
                Err(error) => (error, None),
            };
            if retries == 0 || !may_repeat(&error, request.repeat) {
                return Err(error);
            }
            // If a server asks for a longer pause than a request may take, the caller tries again later.
            if asked.is_some_and(|asked| asked > limits.max_retry_after) {
                return Err(error);
            }
            retries -= 1;
            let jitter = rand::rng().random_range(0.5..1.0);
            let wait = pause.mul_f64(jitter).max(asked.unwrap_or_default());
            tracing::debug!(%error, wait_ms = wait.as_millis() as u64, "asking again");
            tokio::time::sleep(wait).await;
            pause = pause.saturating_mul(2);
        }
    }

    async fn follow(&self, request: &Request) -> Result<Answer> {
        let limits = self.connector.limits();
        let mut url = request.url.clone();
        for _ in 0..=limits.max_redirects {
            let answer = self.once(request, &url).await?;
            if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
                return Ok(answer);
            }
            if answer.status == 303 && request.repeat == Repeat::OnlyIfUnsent {
                return Err(Redirected::NotFollowed.into());
            }
            let location = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
            let Some(location) = location else {
                return Err(Redirected::NotFollowed.into());
            };
            url = redirect::target(&url, location)?;
        }
        Err(Redirected::TooOften { to: redirect::shown(&url) }.into())
    }

    /// Sends a request to one address; signs it anew where the server asks for a Digest, or where its
    /// nonce has run out.
    async fn once(&self, request: &Request, url: &Url) -> Result<Answer> {
        self.connector.check(url)?;
        for _ in 0..MAX_SIGNATURES {
            let method = request.method.as_str();
            let (authorization, signed) = self.identity.authorization(method, url)?;
            let answer = self.attempt(request, url, &authorization).await?;
            if answer.status != 401 {
                self.identity.accepted(&signed, &answer.headers);
                return Ok(answer);
            }
            if let Refused::For(error) = self.identity.refused(&signed, &answer.headers) {
                return Err(error);
            }
        }
        // It did nothing, each time.
        let words = "it asks again and again for another signature".to_owned();
        Err(Error::Refused { status: 401, words })
    }

    async fn attempt(
        &self,
        request: &Request,
        url: &Url,
        authorization: &HeaderValue,
    ) -> Result<Answer> {
        let slots = self.connector.slots(url);
        // The semaphore is never closed.
        let _slot = slots.acquire().await.ok();
        // Whoever waited for a slot may have been overtaken by a 429.
        let waited = self.connector.pauses().wait(url, self.connector.limits()).await;
        waited.map_err(|error| request.failed_before(error))?;
        // Whatever was waited for: nothing is waited for from here on but the network.
        if request.guard.as_ref().is_some_and(|it| !it.may_send()) {
            return Err(Error::Withdrawn);
        }
        let began = Instant::now();
        let sending = self
            .connector
            .client(request)
            .request(request.method.clone(), url.clone())
            .headers(request.headers.clone())
            .header(AUTHORIZATION, authorization)
            .body(request.body.clone())
            .send();
        let received = self.receive(sending, url, request, began).await;
        let (status, bytes) = match &received {
            Ok(answer) => (answer.status, answer.body.len()),
            Err(_) => (0, 0),
        };
        tracing::debug!(
            method = %request.method,
            path = url.path(),
            status,
            bytes,
            duration_ms = began.elapsed().as_millis() as u64,
            error = received.as_ref().err().map(tracing::field::display),
            "asked a calendar server"
        );
        let mut answer = received?;
        if !answer.is_success() {
            self.identity.credentials.hide_in(&mut answer.body);
        }
        if matches!(answer.status, 429 | 503) {
            let words = ErrorBody::of(&answer.body).words;
            let asked = answer.retry_after();
            self.connector.pauses().note(url, answer.status, &words, asked);
        }
        Ok(answer)
    }

    async fn receive(
        &self,
        sending: impl Future<Output = reqwest::Result<reqwest::Response>>,
        url: &Url,
        request: &Request,
        began: Instant,
    ) -> Result<Answer> {
        let limits = self.connector.limits();
        let response = timeout(limits.first_byte, sending)
            .await
            .map_err(|_| Error::Timeout { phase: Phase::FirstByte })?
            .map_err(|error| failure(error, url))?;
        let mut answer = Answer {
            status: response.status().as_u16(),
            url: url.clone(),
            headers: response.headers().clone(),
            body: Vec::new(),
        };
        // The body of a write that succeeded, or of a refusal, is for people only: nothing that
        // happens to it changes what happened.
        let is_needed = answer.is_success() && request.repeat == Repeat::Freely;
        let most = request.max_body.unwrap_or(limits.max_body).min(limits.max_body);
        let bound = if is_needed { most } else { MAX_ERROR_BODY.min(most) };
        let read = self.read_body(response, &mut answer.body, bound, began).await;
        match read {
            Err(error) if is_needed => Err(error),
            _ => Ok(answer),
        }
    }

    async fn read_body(
        &self,
        mut response: reqwest::Response,
        body: &mut Vec<u8>,
        bound: usize,
        began: Instant,
    ) -> Result<()> {
        let limits = self.connector.limits();
        let url = response.url().clone();
        loop {
            let left = limits.total.saturating_sub(began.elapsed());
            let (wait, phase) =
                if left < limits.idle { (left, Phase::Total) } else { (limits.idle, Phase::Idle) };
            let chunk = timeout(wait, response.chunk()).await;
            let chunk = chunk.map_err(|_| Error::Timeout { phase })?;
            let Some(chunk) = chunk.map_err(|error| failure(error, &url))? else {
                return Ok(());
            };
            let room = bound - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                return Err(Error::TooLarge { bound });
            }
        }
    }
}

fn is_unavailable(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

fn unavailable(answer: &Answer) -> (Error, Option<Duration>) {
    let retry_after = answer.retry_after();
    let words = ErrorBody::of(&answer.body).words;
    if answer.status == 429 {
        let retry_after = retry_after.unwrap_or(PAUSE_AFTER_429);
        return (Error::TooManyRequests { words, retry_after }, Some(retry_after));
    }
    (Error::Unavailable { status: answer.status, words, retry_after }, retry_after)
}

/// Whether a request that failed so may be sent again.
fn may_repeat(error: &Error, repeat: Repeat) -> bool {
    match error {
        // A certificate does not become valid by asking again.
        Error::Tls(_) => false,
        // More requests are what a 429 is about.
        Error::TooManyRequests { .. } => false,
        // Whoever does not answer within that time does not within the next one.
        Error::Timeout { phase: Phase::Connect } => false,
        Error::Unavailable { .. } | Error::Interrupted(_) => repeat == Repeat::Freely,
        error => error.is_unsent(),
    }
}
