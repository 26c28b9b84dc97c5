//! Who asks.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

/// How an account signs in. `Debug` shows no secret.
#[derive(Clone)]
pub enum Credentials {
    /// RFC 7617, in UTF-8. On Nextcloud the password may be an app password, on RustiCal it must.
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
    /// The value of the Authorization header, marked as sensitive; `None` where it cannot stand in a
    /// header.
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
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Credentials::Basic { .. } => f.write_str("Basic(…)"),
            Credentials::Bearer(_) => f.write_str("Bearer(…)"),
        }
    }
}
