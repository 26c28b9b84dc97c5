//! The cookies of the site. One contains the token of a session or, before the sign-in, a random text
//! that forms are bound to. The others, one for each user who has signed in with the browser, make it
//! known to [`super::limits`]; they grant nothing. One more stands for a sign-in that is at an OpenID Connect provider, and
//! one has the key of a form that is kept.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use operations::{KNOWN_BROWSER_SECONDS, SESSION_SECONDS};
use store::UserId;
use store::secrets::{random_text, sha256};

use crate::web::admin::frame::kept::KEPT_SECONDS;

/// The length of the cookie's value.
const LENGTH: usize = 40;

/// The cookie's name. With `__Host-`, a browser accepts it over TLS only, and from no other host.
fn name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-room-booking" } else { "room-booking" }
}

/// The most users for whom a browser is known.
const MAX_PROOFS: usize = 10;

/// The name of the cookie that makes a browser known, before the user's number.
fn known_name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-room-booking-known-" } else { "room-booking-known-" }
}

/// How long a sign-in may take at an OpenID Connect provider, in seconds.
pub const AT_PROVIDER_SECONDS: i64 = 600;
/// The longest value of the cookie that stands for it.
const MAX_AT_PROVIDER: usize = 3_000;

/// The name of the cookie of a sign-in that is at the provider.
fn at_provider_name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-room-booking-openid" } else { "room-booking-openid" }
}

/// What the browser keeps of a sign-in that is at the provider.
pub fn at_provider(headers: &HeaderMap, is_secure: bool) -> Option<String> {
    let (_, value) = pairs(headers).find(|(it, _)| *it == at_provider_name(is_secure))?;
    (value.len() <= MAX_AT_PROVIDER).then(|| value.to_owned())
}

/// Keeps a sign-in that is at the provider. `Lax`: the provider leads back by a link.
pub fn keep_at_provider(sealed: &str, is_secure: bool) -> Option<HeaderValue> {
    let rest = format!("; Max-Age={AT_PROVIDER_SECONDS}");
    set(at_provider_name(is_secure), sealed, is_secure, &rest)
}

/// Forgets it.
pub fn drop_at_provider(is_secure: bool) -> Option<HeaderValue> {
    set(at_provider_name(is_secure), "", is_secure, "; Max-Age=0")
}

/// Whether an answer sets the cookie of the session.
pub fn is_set(headers: &HeaderMap, is_secure: bool) -> bool {
    let start = format!("{}=", name(is_secure));
    headers.get_all(SET_COOKIE).iter().any(|it| it.as_bytes().starts_with(start.as_bytes()))
}

/// Names and values of all cookies.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).filter_map(|it| it.split_once('='));
    pairs.map(|(name, value)| (name.trim(), value.trim()))
}

/// The proofs that users have signed in with the browser before, as it sends them.
pub fn proofs(headers: &HeaderMap, is_secure: bool) -> Vec<(UserId, String)> {
    let proof = |(name, value): (&str, &str)| {
        let user = name.strip_prefix(known_name(is_secure))?.parse().ok()?;
        Some((UserId(user), value.to_owned()))
    };
    pairs(headers).filter_map(proof).take(MAX_PROOFS).collect()
}

/// Makes the browser known for a user.
pub fn keep_proof(user: UserId, proof: &str, is_secure: bool) -> Option<HeaderValue> {
    let name = format!("{}{user}", known_name(is_secure));
    set(&name, proof, is_secure, &format!("; Max-Age={KNOWN_BROWSER_SECONDS}"))
}

/// The name of the cookie with the key of a form that is kept.
fn typed_name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-room-booking-typed" } else { "room-booking-typed" }
}

/// The key of a form that is kept, as the browser sends it.
pub fn typed(headers: &HeaderMap, is_secure: bool) -> Option<&str> {
    pairs(headers).find(|(it, _)| *it == typed_name(is_secure)).map(|(_, key)| key)
}

/// Gives the browser the key of a form that is kept; `None` takes it back.
pub fn keep_typed(key: Option<&str>, is_secure: bool) -> Option<HeaderValue> {
    let seconds = if key.is_some() { KEPT_SECONDS } else { 0 };
    let age = format!("; Max-Age={seconds}");
    set(typed_name(is_secure), key.unwrap_or_default(), is_secure, &age)
}

/// The browser's cookie, if it may be one of ours.
pub fn read(headers: &HeaderMap, is_secure: bool) -> Option<String> {
    let (_, value) = pairs(headers).find(|(it, _)| *it == name(is_secure))?;
    let is_ours = value.len() == LENGTH && value.bytes().all(|it| it.is_ascii_alphanumeric());
    is_ours.then(|| value.to_owned())
}

/// A value for a browser without a cookie.
pub fn new() -> String {
    random_text(LENGTH)
}

fn header(value: &str, is_secure: bool, rest: &str) -> Option<HeaderValue> {
    set(name(is_secure), value, is_secure, rest)
}

fn set(name: &str, value: &str, is_secure: bool, rest: &str) -> Option<HeaderValue> {
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{rest}");
    HeaderValue::from_str(&text).ok()
}

/// Sets the token of a session.
pub fn keep(token: &str, is_secure: bool) -> Option<HeaderValue> {
    header(token, is_secure, &format!("; Max-Age={SESSION_SECONDS}"))
}

/// Sets a value until the browser is closed.
pub fn keep_for_now(text: &str, is_secure: bool) -> Option<HeaderValue> {
    header(text, is_secure, "")
}

/// Deletes the cookie.
pub fn drop(is_secure: bool) -> Option<HeaderValue> {
    header("", is_secure, "; Max-Age=0")
}

/// The CSRF token in every form of a browser. It is derived from the cookie and cannot be read by
/// pages of other sites.
pub fn form_token(cookie: &str) -> String {
    let hash = sha256(format!("room-booking form\0{cookie}").as_bytes());
    hash[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: &str, is_secure: bool) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, value.parse().unwrap());
        read(&headers, is_secure)
    }

    #[test]
    fn behind_tls_the_cookie_is_bound_to_its_host_and_to_tls() {
        let kept = keep(&"a".repeat(40), true).unwrap();
        let kept = kept.to_str().unwrap();
        assert!(kept.starts_with("__Host-room-booking=a"), "{kept}");
        for part in ["; Path=/;", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age=604800"] {
            assert!(kept.contains(part), "{kept}");
        }
        assert!(!keep("x", false).unwrap().to_str().unwrap().contains("Secure"));
    }

    #[test]
    fn only_a_cookie_that_can_be_ours_is_read() {
        let value = "a".repeat(40);
        assert_eq!(sent(&format!("x=1; room-booking={value}"), false), Some(value.clone()));
        // Another host could have set this one.
        assert_eq!(sent(&format!("room-booking={value}"), true), None);
        assert_eq!(sent(&format!("room-booking={}", "a".repeat(41)), false), None);
        assert_eq!(sent(&format!("room-booking={}%", "a".repeat(39)), false), None);
    }

    #[test]
    fn a_known_browser_keeps_a_proof_for_each_user_and_no_more_of_them_than_the_bound() {
        let kept = keep_proof(UserId(7), "abc", true).unwrap();
        let kept = kept.to_str().unwrap();
        assert!(kept.starts_with("__Host-room-booking-known-7=abc; Path=/;"), "{kept}");
        for part in ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age=31536000"] {
            assert!(kept.contains(part), "{kept}");
        }
        let mut headers = HeaderMap::new();
        let sent = "a=b; room-booking-known-7=abc; room-booking-known-x=y;room-booking-known-8=d";
        headers.insert(COOKIE, sent.parse().unwrap());
        let expected = vec![(UserId(7), "abc".to_owned()), (UserId(8), "d".to_owned())];
        assert_eq!(proofs(&headers, false), expected);
        assert_eq!(proofs(&headers, true), [], "another host could have set these");
        let many: Vec<_> = (0..20).map(|it| format!("room-booking-known-{it}=x")).collect();
        headers.insert(COOKIE, many.join("; ").parse().unwrap());
        assert_eq!(proofs(&headers, false).len(), MAX_PROOFS);
    }

    #[test]
    fn forms_of_two_browsers_carry_different_tokens_that_do_not_give_the_cookie_away() {
        let cookie = new();
        assert_ne!(form_token(&cookie), form_token(&new()));
        assert_eq!(form_token(&cookie), form_token(&cookie));
        assert!(!form_token(&cookie).contains(&cookie[..8]));
    }
}
