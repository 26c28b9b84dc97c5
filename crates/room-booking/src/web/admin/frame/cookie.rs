//! The only cookie of the site. It contains the token of a session or, before the sign-in, a random
//! text that forms are bound to.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use operations::SESSION_SECONDS;
use store::secrets::{random_text, sha256};

/// The length of the cookie's value.
const LENGTH: usize = 40;

/// The cookie's name. With `__Host-`, a browser accepts it over TLS only, and from no other host.
fn name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-room-booking" } else { "room-booking" }
}

/// The browser's cookie, if it may be one of ours.
pub fn read(headers: &HeaderMap, is_secure: bool) -> Option<String> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|it| it.split_once('='));
    let (_, value) = pairs.find(|(it, _)| it.trim() == name(is_secure))?;
    let value = value.trim();
    let is_ours = value.len() == LENGTH && value.bytes().all(|it| it.is_ascii_alphanumeric());
    is_ours.then(|| value.to_owned())
}

/// A value for a browser without a cookie.
pub fn new() -> String {
    random_text(LENGTH)
}

fn header(value: &str, is_secure: bool, rest: &str) -> Option<HeaderValue> {
    let secure = if is_secure { "; Secure" } else { "" };
    let name = name(is_secure);
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
    fn forms_of_two_browsers_carry_different_tokens_that_do_not_give_the_cookie_away() {
        let cookie = new();
        assert_ne!(form_token(&cookie), form_token(&new()));
        assert_eq!(form_token(&cookie), form_token(&cookie));
        assert!(!form_token(&cookie).contains(&cookie[..8]));
    }
}
