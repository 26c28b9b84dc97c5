//! What is measured of requests to calendar servers, where a recorder of metrics is installed.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tracing::Span;
use tracing::field::Empty;
use url::Url;

use crate::request::Answer;
use crate::{Error, Result};

/// Requests, by `server` and `outcome`.
pub const REQUESTS: &str = "room_booking_caldav_requests_total";
/// How long they took, by `server`.
pub const DURATION: &str = "room_booking_caldav_request_duration_seconds";

/// Servers that have a name of their own; further ones are called `other`.
const MAX_SERVERS: usize = 100;

static SERVERS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Measures a request to an address.
pub(crate) fn note(url: &Url, received: &Result<Answer>, took: Duration) {
    let server = server(url);
    let outcome = outcome(received);
    metrics::counter!(REQUESTS, "server" => server.clone(), "outcome" => outcome).increment(1);
    metrics::histogram!(DURATION, "server" => server).record(took.as_secs_f64());
}

/// The span of a request that is traced, with the names of OpenTelemetry's semantic conventions. Its path may hold the
/// name of a person.
pub(crate) fn traced(method: &reqwest::Method, url: &Url) -> Span {
    tracing::info_span!(
        target: "otel",
        "calendar server",
        otel.kind = "client",
        otel.name = method.as_str(),
        otel.status_code = Empty,
        http.request.method = method.as_str(),
        http.response.status_code = Empty,
        server.address = url.host_str().unwrap_or_default(),
        server.port = i64::from(url.port_or_known_default().unwrap_or_default()),
        error.r#type = Empty,
    )
}

/// Says in the span of a request how it was answered.
pub(crate) fn answered(span: &Span, received: &Result<Answer>) {
    match received {
        Ok(answer) => {
            // As a signed number: others become text.
            span.record("http.response.status_code", i64::from(answer.status));
            if answer.status >= 500 {
                span.record("otel.status_code", "ERROR");
            }
        }
        Err(_) => {
            span.record("error.type", outcome(received));
            span.record("otel.status_code", "ERROR");
        }
    }
}

fn server(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let server = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    if servers.len() < MAX_SERVERS {
        servers.insert(server.clone());
    }
    if servers.contains(&server) { server } else { "other".to_owned() }
}

fn outcome(received: &Result<Answer>) -> &'static str {
    match received {
        Ok(answer) => match answer.status / 100 {
            1 | 2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        },
        Err(Error::Timeout { .. }) => "timeout",
        Err(Error::Tls(_)) => "tls",
        Err(Error::Interrupted(_) | Error::Connect(_)) => "connection",
        Err(_) => "other",
    }
}
