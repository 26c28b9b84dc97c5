//! The REST API of section 2 of the contract: one file for each path.

pub mod calendars;
pub mod change_event;
pub mod clear_bookings;
pub mod create_event;
pub mod delete_event;
pub mod free;
pub mod list_events;
pub mod pending;
pub mod picture;

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::problem::Problem;

/// The parts of a path that are not fixed, decoded.
pub struct InPath<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned + Send> FromRequestParts<S> for InPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, state).await;
        path.map(|Path(path)| InPath(path)).map_err(|_| undecodable())
    }
}

/// A response with serialized JSON.
pub fn json(body: Vec<u8>) -> ([(axum::http::HeaderName, &'static str); 1], Vec<u8>) {
    ([(axum::http::header::CONTENT_TYPE, "application/json")], body)
}

/// 400: a path that is no UTF-8.
pub(super) fn undecodable() -> Problem {
    let detail = "the path cannot be decoded: percent-encode it as UTF-8";
    Problem::new(StatusCode::BAD_REQUEST, detail)
}
