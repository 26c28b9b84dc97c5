//! What the site reads of a request, for [`crate::web::fuzzed`].

use axum::http::HeaderMap;
use store::UserId;

use super::frame::cookie;
use super::people::session_start;

/// The token of a session.
pub fn session(headers: &HeaderMap, is_secure: bool) -> Option<String> {
    cookie::read(headers, is_secure)
}

/// The proofs of known browsers, by user.
pub fn proofs(headers: &HeaderMap, is_secure: bool) -> Vec<(UserId, String)> {
    cookie::proofs(headers, is_secure)
}

/// Where a sign-in leads to that was asked to lead to `text`.
pub fn next(text: &str) -> &str {
    session_start::next(text)
}
