//! Counting requests to this server.

use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Span;
use tracing::field::Empty;

use super::names::{REQUEST_DURATION, REQUESTS};

/// The pattern of the route that answered, such as `/api/{calendar}/events`.
#[derive(Clone, Debug)]
struct Route(MatchedPath);

/// Notes which route answers a request, for those who count it.
pub async fn note_route(request: Request, next: Next) -> Response {
    if !super::are_on() && !traces::are_on() {
        return next.run(request).await;
    }
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(Route(route));
    }
    response
}

/// Counts a request that was answered. A path that no route has is one of `none`, so that nobody can make names.
pub fn count(method: &Method, response: &Response, took: Duration) {
    if !super::are_on() {
        return;
    }
    let route = response.extensions().get::<Route>().map(|it| it.0.as_str().to_owned());
    let route = route.unwrap_or_else(|| "none".to_owned());
    let method = name(method);
    let status = class(response.status());
    metrics::counter!(REQUESTS, "route" => route.clone(), "method" => method, "status" => status)
        .increment(1);
    metrics::histogram!(REQUEST_DURATION, "route" => route, "method" => method)
        .record(took.as_secs_f64());
}

/// The span of a request that is traced, with the names of OpenTelemetry's semantic conventions.
pub fn traced(request: &Request, path: &str, id: &str) -> Span {
    tracing::info_span!(
        target: traces::TARGET,
        "request",
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = name(request.method()),
        url.path = path,
        http.route = Empty,
        http.response.status_code = Empty,
        room_booking.request.id = id,
    )
}

/// Says in the span of a request how it was answered.
pub fn answered(span: &Span, method: &Method, response: &Response) {
    let method = name(method);
    match response.extensions().get::<Route>() {
        Some(Route(route)) => {
            span.record("http.route", route.as_str());
            traces::rename(span, format!("{method} {}", route.as_str()));
        }
        None => traces::rename(span, method.to_owned()),
    }
    // As a signed number: others become text.
    span.record("http.response.status_code", i64::from(response.status().as_u16()));
    if response.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// The name of a method; those that nobody needs have one.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
