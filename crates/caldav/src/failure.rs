//! Maps network failures to errors.

use std::error::Error as StdError;
use std::io;

use url::Url;

use crate::error::Phase;
use crate::xml::in_one_line;
use crate::{BadAnswer, Error, Interruption, InvalidUrl};

/// The number of nested errors that are examined.
const DEPTH: usize = 16;

/// The error for a failed request to `url`.
pub(crate) fn failure(error: reqwest::Error, url: &Url) -> Error {
    let error = error.without_url();
    let causes = causes(&error);
    let words = causes.last().map_or_else(|| error.to_string(), |cause| cause.to_string());
    let words = in_one_line(&words);
    let server = server(url);
    if error.is_connect() {
        return if error.is_timeout() {
            Error::Timeout { phase: Phase::Connect }
        } else if let Some(tls) = causes.iter().find_map(|cause| tls_error(*cause)) {
            Error::Tls(format!("{server}: {tls}"))
        } else if causes.iter().any(|cause| cause.to_string().starts_with("dns error")) {
            Error::Dns(server)
        } else {
            Error::Connect(format!("{server}: {words}"))
        };
    }
    if error.is_builder() {
        return InvalidUrl::Quoted(words).into();
    }
    let is_garbage = causes.iter().any(|cause| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        matches!(kind, Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput))
    });
    if error.is_decode() && is_garbage {
        return BadAnswer::Compression.into();
    }
    Error::Interrupted(Interruption::Quoted(words))
}

/// The host and the port.
fn server(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The causes of an error, the innermost last.
fn causes<'e>(error: &'e (dyn StdError + 'static)) -> Vec<&'e (dyn StdError + 'static)> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next.filter(|_| causes.len() < DEPTH) {
        causes.push(cause);
        next = cause.source();
    }
    causes
}

/// An error of TLS, within errors of input and output, which do not show it as their source.
fn tls_error(cause: &(dyn StdError + 'static)) -> Option<String> {
    let mut next = Some(cause);
    for _ in 0..DEPTH {
        let error = next?;
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(tls.to_string());
        }
        next = error
            .downcast_ref::<io::Error>()?
            .get_ref()
            .map(|it| -> &(dyn StdError + 'static) { it });
    }
    None
}
