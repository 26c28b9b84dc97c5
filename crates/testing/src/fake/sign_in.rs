//! Authentication of the fake server.

use md5::{Digest as _, Md5};

use super::quirks::SignIn;
use super::{PASSWORD, TOKEN, USER};
use crate::scripted::{Answer, Request};

/// The nonce of every challenge.
const NONCE: &str = "a-nonce-of-the-tests";

/// The answer to an unauthenticated request.
pub(super) fn refusal(request: &Request, sign_in: SignIn) -> Option<Answer> {
    let sent = request.header("Authorization").unwrap_or_default();
    // In Base64: room:test-secret-1.
    let known = ["Basic cm9vbTp0ZXN0LXNlY3JldC0x", &format!("Bearer {TOKEN}")];
    let (is_let_in, challenge) = match sign_in {
        SignIn::Basic => (known.contains(&sent), "Basic realm=\"fake\"".to_owned()),
        SignIn::Digest => (
            is_signed(request, sent),
            format!("Digest realm=\"SabreDAV\",qop=\"auth\",nonce=\"{NONCE}\",opaque=\"o\""),
        ),
    };
    (!is_let_in).then(|| Answer::status(401).with("WWW-Authenticate", &challenge))
}

/// Whether a request has the Digest of its method and address (RFC 7616 section 3.4.1).
fn is_signed(request: &Request, header: &str) -> bool {
    let Some(header) = header.strip_prefix("Digest ") else { return false };
    let get = |name: &str| {
        let of = |part: &str| {
            part.trim().split_once('=').map(|(it, value)| (it == name, value.to_owned()))
        };
        let found = header.split(',').filter_map(of).find(|(is_it, _)| *is_it);
        found.map(|(_, value)| value.trim_matches('"').to_owned()).unwrap_or_default()
    };
    let secret = md5(&format!("{USER}:SabreDAV:{PASSWORD}"));
    let what = md5(&format!("{}:{}", request.method, request.path));
    let (count, cnonce) = (get("nc"), get("cnonce"));
    get("response") == md5(&format!("{secret}:{NONCE}:{count}:{cnonce}:auth:{what}"))
}

fn md5(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
