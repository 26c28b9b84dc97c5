//! HTTP requests to a provider: bounded in time and size, without redirects, with TLS unless on this machine.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::http::{Response, StatusCode};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::header::HeaderMap;
use rustls::pki_types::CertificateDer;

use crate::Failure;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take, to its end.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The most bytes of an answer.
pub(crate) const MAX_ANSWER: usize = 256 << 10;

/// Makes requests.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    client: reqwest::Client,
    /// Whether http is allowed: the provider is on this machine.
    allows_http: bool,
}

impl Web {
    pub fn new(authorities: &[CertificateDer<'static>], allows_http: bool) -> Result<Web, String> {
        let client = outbound::client(authorities, HeaderMap::new(), (CONNECT, TIMEOUT))?;
        Ok(Web { client, allows_http })
    }

    /// Makes one request.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Failure> {
        if !self.allows_http && request.uri().scheme_str() != Some("https") {
            return Err(Failure::NotEncrypted);
        }
        let request = reqwest::Request::try_from(request).map_err(|_| Failure::Internal)?;
        let mut answer = self.client.execute(request).await.map_err(failure)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failure)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(Failure::TooLarge(MAX_ANSWER));
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(answer.status().as_u16())
            .map_err(|_| Failure::Malformed("the answer"))?;
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Web {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// Why there was no answer, without the address, which may hold more than its host.
fn failure(error: reqwest::Error) -> Failure {
    if error.is_timeout() { Failure::TooSlow } else { Failure::of_cause(&error.without_url()) }
}
