//! Addresses of ORGANIZER and ATTENDEE.

use std::borrow::Cow;

use crate::limits::MAX_ADDRESS_BYTES;
use crate::line::{parameter, split_value};
use crate::text;

/// The address of an ORGANIZER or ATTENDEE line: `mailto:x@y` (RFC 6068), or a bare `x@y` as some
/// clients write, else the EMAIL parameter (RFC 7986 section 6.2).
pub(crate) fn address_of(rest: &[u8]) -> Option<String> {
    let (parameters, value) = split_value(rest)?;
    address_in(parameters, value)
}

/// The address in the parameters and the value of such a line.
pub(crate) fn address_in(parameters: &[u8], value: &[u8]) -> Option<String> {
    let value = text::unescape(value.trim_ascii());
    let address = match find_mailto(&value) {
        Some(address) => as_address(&decoded(address)),
        None if value.contains([':', '/']) => None,
        None => as_address(&value),
    };
    address.or_else(|| {
        let email = String::from_utf8_lossy(parameter(parameters, "EMAIL")?);
        // RFC 7986 has the bare address here; some write the URI.
        match find_mailto(&email) {
            Some(address) => as_address(&decoded(address)),
            None => as_address(&email),
        }
    })
}

/// What follows `mailto:` in any case. An unquoted colon in a CN puts text before it.
fn find_mailto(value: &str) -> Option<&str> {
    const SCHEME: &[u8] = b"mailto:";
    let at = value
        .as_bytes()
        .windows(SCHEME.len())
        .position(|window| window.eq_ignore_ascii_case(SCHEME))?;
    Some(&value[at + SCHEME.len()..])
}

/// The address of a mailto URI without the scheme: percent-decoded and without its header fields (RFC 6068
/// section 2), where that gives UTF-8 without control characters; else as it stands.
fn decoded(address: &str) -> Cow<'_, str> {
    let path = address.split_once('?').map_or(address, |(path, _)| path);
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    percent_decoded(path.as_bytes())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|text| !text.contains(char::is_control))
        .map_or(Cow::Borrowed(address), Cow::Owned)
}

/// `None` where a percent sign is not followed by two digits.
fn percent_decoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let (digits, tail) = rest.split_at_checked(2)?;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        out.push((digit(digits[0])? * 16 + digit(digits[1])?) as u8);
        rest = tail;
    }
    Some(out)
}

fn as_address(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    let (local, domain) = text.rsplit_once('@')?;
    let plain = !text.contains(|c: char| c.is_control() || c.is_whitespace());
    (plain && !local.is_empty() && !domain.is_empty()).then(|| text.to_owned())
}
