//! Requests that a proxy and this server could understand in two ways are refused before anything
//! reads them.

use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::local_path;
use super::problem::Problem;

/// Refuses a request without exactly one valid Host header (RFC 9112 section 3.2), and a path that
/// is not normal. HTTP/1.0 knows no Host: such a request may lack it, but not have two.
pub async fn check(request: Request, next: Next) -> Response {
    let wrong = match why_refused(&request) {
        None => return next.run(request).await,
        Some(wrong) => wrong,
    };
    Problem::new(StatusCode::BAD_REQUEST, wrong).into_response()
}

pub(super) fn why_refused(request: &Request) -> Option<&'static str> {
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(_), Some(_)) => return Some("the request has several Host headers; send one"),
        (None, _) if request.version() == Version::HTTP_10 => {}
        (None, _) => return Some("the request has no Host header; HTTP/1.1 requires one"),
        (Some(host), None) => {
            let has_port = |it: &Authority| match it.as_str().strip_prefix(it.host()) {
                Some("") => true,
                Some(port) => it.port_u16().is_some() && !port.contains('+'),
                None => false,
            };
            let is_host = |text: &str| {
                text.parse::<Authority>().is_ok_and(|it| !it.host().is_empty() && has_port(&it))
                    && !text.contains('@')
            };
            if !host.to_str().is_ok_and(is_host) {
                return Some("the Host header must be a host name, with a port where needed");
            }
        }
    }
    if !local_path::is_normal(request.uri().path()) {
        return Some("the path has an empty segment or a dot segment; send it without");
    }
    None
}
