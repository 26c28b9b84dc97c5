//! Credentials of an account.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// The shortest secret, in bytes, that is hidden in server texts.
const MIN_SECRET: usize = 4;
/// How often a text is percent-decoded in search of a secret.
const MAX_DECODED: usize = 8;

/// How an account signs in. `Debug` shows no secret.
#[derive(Clone)]
pub enum Credentials {
    /// A user name and a password, in UTF-8: Basic (RFC 7617), or Digest (RFC 7616) where the server asks
    /// for that. On Nextcloud the password may be an app password, on RustiCal it must.
    Basic {
        /// The user name.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// RFC 6750.
    Bearer(SecretString),
}

impl Credentials {
    /// The value of the Authorization header, marked as sensitive; `None` if it cannot be a header
    /// value.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let text = match self {
            Credentials::Basic { user, password } => {
                let pair = format!("{user}:{}", password.expose_secret());
                format!("Basic {}", STANDARD.encode(pair))
            }
            Credentials::Bearer(token) => format!("Bearer {}", token.expose_secret()),
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    fn secret(&self) -> &SecretString {
        match self {
            Credentials::Basic { password, .. } => password,
            Credentials::Bearer(token) => token,
        }
    }

    /// Whether a text of a server contains the secret, or the value of the Authorization header, also
    /// percent-encoded or in the other alphabet of Base64 (RFC 4648 section 5).
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let secret = self.secret();
        let header = self.header();
        let header = header.as_ref().and_then(|it| it.to_str().ok()?.split(' ').nth(1));
        let header = header.unwrap_or_default().trim_end_matches('=');
        let secrets = [secret.expose_secret(), header];
        let secrets = secrets.into_iter().filter(|it| it.len() >= MIN_SECRET);
        let secrets: Vec<_> =
            secrets.map(|it| (it, it.replace('+', "-").replace('/', "_"))).collect();
        let mut text = Cow::Borrowed(text);
        for _ in 0..=MAX_DECODED {
            if secrets.iter().any(|(it, url_safe)| text.contains(it) || text.contains(url_safe)) {
                return true;
            }
            let decoded: Vec<u8> = percent_decode_str(&text).collect();
            if decoded == text.as_bytes() {
                return false;
            }
            text = Cow::Owned(String::from_utf8_lossy(&decoded).into_owned());
        }
        // What is encoded that often is meant to hide something.
        true
    }

    /// The path of an address as a log may have it: a server may have put the secret into what it links to.
    pub(crate) fn path_of<'u>(&self, url: &'u Url) -> &'u str {
        if self.are_in(url.path()) { "…" } else { url.path() }
    }

    /// Hides the secret in a text of a server: some servers repeat the request in their error
    /// pages, and these texts reach logs, the database and people.
    pub(crate) fn hide_in(&self, body: &mut Vec<u8>) {
        self.hide_plain(body);
        if self.are_in(&String::from_utf8_lossy(body)) {
            // In another form, whose end nobody knows.
            *body = "…".into();
        }
    }

    fn hide_plain(&self, body: &mut Vec<u8>) {
        let secret = self.secret();
        let header = self.header();
        let header =
            header.as_ref().and_then(|value| value.as_bytes().split(|it| *it == b' ').nth(1));
        for secret in [header.unwrap_or_default(), secret.expose_secret().as_bytes()] {
            // A very short secret would hide half of the text.
            if secret.len() < MIN_SECRET || body.len() < secret.len() {
                continue;
            }
            let mut shown = Vec::with_capacity(body.len());
            let mut rest = body.as_slice();
            while let Some(at) = rest.windows(secret.len()).position(|it| it == secret) {
                shown.extend_from_slice(&rest[..at]);
                shown.extend_from_slice("…".as_bytes());
                rest = &rest[at + secret.len()..];
            }
            shown.extend_from_slice(rest);
            *body = shown;
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Credentials::Basic { .. } => f.write_str("Basic(…)"),
            Credentials::Bearer(_) => f.write_str("Bearer(…)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_in_what_a_server_repeats() {
        let basic =
            Credentials::Basic { user: "room".to_owned(), password: "pass word".to_owned().into() };
        let bearer = Credentials::Bearer("token-1".to_owned().into());
        for (credentials, said, shown) in [
            (&basic, "pass word, Basic cm9vbTpwYXNzIHdvcmQ=!", "…, Basic …!"),
            (&basic, "nothing of it: pass", "nothing of it: pass"),
            (&basic, "", ""),
            (&bearer, "Bearer token-1token-1", "Bearer ……"),
            (&basic, "no: pass%20word", "…"),
            (&basic, "no: pass%252520word", "…"),
            (&basic, "100 % of it: %zz", "100 % of it: %zz"),
        ] {
            let mut body = said.as_bytes().to_vec();
            credentials.hide_in(&mut body);
            assert_eq!(String::from_utf8(body).unwrap(), shown);
        }
    }
}
