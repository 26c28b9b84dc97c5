//! Sends requests and receives answers: redirects, timeouts, bounds, retries.

use std::time::Duration;

use rand::RngExt as _;
use reqwest::header::{AUTHORIZATION, HeaderValue, LOCATION};
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;
use url::Url;

use crate::error::{Phase, Redirected};
use crate::failure::failure;
use crate::limits::{MAX_ERROR_BODY, MAX_SIGNATURES, PAUSE_AFTER_429};
use crate::request::{Answer, Repeat, Request, Retries};
use crate::sign_in::Refused;
use crate::xml::{ErrorBody, Multistatus};
use crate::{Account, Error, Hint, Result, redirect};

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
            tracing::debug!(%error, wait_ms = wait.as_millis() as u64, "caldav request retried");
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
            if self.identity.credentials.are_in(location) {
                // Its address would reach logs, the database and people.
                return Err(Redirected::NotFollowed.into());
            }
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
        // The server carried out none of them.
        let hint = Some(Hint::Signatures);
        Err(Error::Refused { status: 401, words: String::new(), hint })
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
        // A 429 may have arrived while the request waited for a slot.
        let waited =
            self.connector.pauses().wait((url, &*self.clock), self.connector.limits()).await;
        waited.map_err(|error| request.failed_before(error))?;
        // From here on, only the network can delay the request.
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
        let span = crate::metrics::traced(&request.method, url);
        let received = self.receive(sending, url, request, began).instrument(span.clone()).await;
        crate::metrics::answered(&span, &received);
        crate::metrics::note(url, &received, began.elapsed());
        let (status, bytes) = match &received {
            Ok(answer) => (answer.status, answer.body.len()),
            Err(_) => (0, 0),
        };
        tracing::debug!(
            method = %request.method,
            path = self.identity.credentials.path_of(url),
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
            self.connector.pauses().note((url, &*self.clock), answer.status, &words, asked);
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
            received: self.clock.now(),
            body: Vec::new(),
        };
        // The body of a successful write, or of a refusal, is for people only: a failure to read it
        // does not change the outcome.
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

/// Whether a request may be sent again after this failure.
fn may_repeat(error: &Error, repeat: Repeat) -> bool {
    match error {
        // A certificate does not become valid by asking again.
        Error::Tls(_) => false,
        // A 429 asks for fewer requests.
        Error::TooManyRequests { .. } => false,
        // A server that does not answer within that time will not do so the next time.
        Error::Timeout { phase: Phase::Connect } => false,
        Error::Unavailable { .. } | Error::Interrupted(_) => repeat == Repeat::Freely,
        error => error.is_unsent(),
    }
}
