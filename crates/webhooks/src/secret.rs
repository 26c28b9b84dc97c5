//! The secret that webhooks are signed with.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretBox};
use sha2::Sha256;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// The bytes of a secret: Standard Webhooks recommends 24 to 64.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// Base64 with or without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The secret that webhooks are signed with (HMAC-SHA-256).
pub struct Secret(SecretBox<[u8]>);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Secret").finish_non_exhaustive()
    }
}

impl Secret {
    /// Reads `whsec_` and 24 to 64 bytes in base64; `whsec_` may be missing. `None` if it is none.
    pub fn parse(text: &str) -> Option<Secret> {
        let text = text.trim();
        let bytes = BASE64.decode(text.strip_prefix(PREFIX).unwrap_or(text)).ok()?;
        BYTES.contains(&bytes.len()).then(|| Secret(SecretBox::new(bytes.into_boxed_slice())))
    }

    /// The header `webhook-signature` of a message that is sent at a moment, in seconds since 1970.
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        // A key of any size is one.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()) else {
            return String::new();
        };
        for part in [id, ".", &timestamp.to_string(), ".", body] {
            mac.update(part.as_bytes());
        }
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_example_of_the_specification() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature =
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_has_24_to_64_bytes_and_is_never_shown() {
        let of = |bytes: usize| STANDARD.encode(vec![7; bytes]);
        for text in [of(24), format!("whsec_{}", of(64)), of(25).trim_end_matches('=').to_owned()] {
            assert!(Secret::parse(&text).is_some(), "{text}");
        }
        for text in [of(23), of(65), String::new(), "whsec_".to_owned(), "no secret!".to_owned()] {
            assert!(Secret::parse(&text).is_none(), "{text}");
        }
        assert_eq!(format!("{:?}", Secret::parse(&of(24)).unwrap()), "Secret { .. }");
    }
}
