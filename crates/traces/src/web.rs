//! HTTP requests to a collector: bounded in time and size, without redirects.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use tokio::runtime::Handle;

use crate::TraceSettings;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The most bytes of an answer; the rest is not read.
const MAX_ANSWER: usize = 64 << 10;

/// Makes requests, on the runtime of the program: spans are gathered on a thread that has none.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    client: reqwest::Client,
    runtime: Handle,
    /// Whether the last request failed, so that the log says it once.
    is_down: Arc<AtomicBool>,
}

impl Web {
    pub fn new(settings: &TraceSettings) -> Result<Web, String> {
        let mut headers = HeaderMap::new();
        for (name, value) in &settings.headers {
            let name = name.parse::<HeaderName>().map_err(|_| format!("{name} is no header"))?;
            let value = HeaderValue::from_str(value.expose_secret());
            let mut value =
                value.map_err(|_| format!("the value of {name} is none of a header"))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let client = outbound::client(&[], headers, (CONNECT, TIMEOUT))?;
        Ok(Web { client, runtime: Handle::current(), is_down: Arc::default() })
    }

    /// Logs what changed: that the collector takes no traces, or takes them again.
    fn note(&self, fault: Option<&str>) {
        let was_down = self.is_down.swap(fault.is_some(), Ordering::Relaxed);
        match fault {
            Some(reason) if !was_down => {
                tracing::warn!(reason, "traces are lost: the collector does not take them");
            }
            None if was_down => tracing::info!("the collector takes traces again"),
            _ => {}
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for Web {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move { once(&client, request).await });
        let answer = match sent.await {
            Ok(answer) => answer,
            Err(_) => Err("the program ends".to_owned()),
        };
        let status = answer.as_ref().map(|it| it.status());
        match status {
            Ok(status) if status.is_success() => self.note(None),
            Ok(status) => {
                self.note(Some(&format!("it answers with the status {}", status.as_u16())))
            }
            Err(reason) => self.note(Some(reason)),
        }
        answer.map_err(HttpError::from)
    }
}

/// Makes one request; why there was no answer, without the address.
async fn once(
    client: &reqwest::Client,
    request: reqwest::Request,
) -> Result<Response<Bytes>, String> {
    let failed = |error: reqwest::Error| {
        if error.is_timeout() {
            return "it does not answer in time".to_owned();
        }
        outbound::innermost(&error.without_url())
    };
    let mut answer = client.execute(request).await.map_err(failed)?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(format!("its answer is larger than {MAX_ANSWER} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    Ok(response)
}
