//! Hrefs: the paths of objects.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use url::Url;

use crate::limits::MAX_HREF;

/// The path of an object, verbatim as the server sent it, or made for a new object.
///
/// Servers escape the same path differently (Nextcloud in lower case and `@` as it is, Radicale
/// `%40`, SOGo `~` too). Two hrefs are equal if they are equal decoded, segment by segment: an
/// encoded slash is no separator. Requests use the original text.
///
/// ```
/// use caldav::Href;
///
/// let of_one = Href::from_store("/room/a%40b%c3%bc.ics");
/// let of_other = Href::from_store("/room/a@b%C3%BC.ics");
/// assert_eq!(of_one, of_other);
/// assert_eq!(of_one.as_str(), "/room/a%40b%c3%bc.ics");
/// assert_ne!(Href::from_store("/a%2Fb"), Href::from_store("/a/b"));
/// ```
#[derive(Clone)]
pub struct Href {
    text: String,
    /// The decoded form, where it differs from the text.
    key: Option<Box<[u8]>>,
}

/// The characters that are escaped in a segment: everything but RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The mark for a slash within a segment, and for itself, in a decoded path.
const KEPT: &AsciiSet = &CONTROLS.add(b'/').add(b'%');

impl Href {
    /// A href that a [`Collection`](crate::Collection) gave earlier, out of a database.
    ///
    /// A text that is no absolute path makes every request with it fail before it is sent.
    pub fn from_store(text: impl Into<String>) -> Href {
        let text = text.into();
        let key =
            text.contains('%').then(|| decoded(&text)).filter(|key| **key != *text.as_bytes());
        Href { text, key }
    }

    /// The text, as the server wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The decoded name: what stands behind the last slash. Bytes that are no UTF-8 are replaced.
    pub fn name(&self) -> String {
        let last = self.text.rsplit('/').next().unwrap_or_default();
        percent_decode_str(last).decode_utf8_lossy().into_owned()
    }

    /// The form that is compared: decoded, but for a slash or a percent sign within a segment.
    fn key(&self) -> &[u8] {
        self.key.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// The address of this href on the server of `base`.
    ///
    /// Only the path is set: whatever the text says, the request goes to the server of `base`.
    pub(crate) fn url(&self, base: &Url) -> Option<Url> {
        let mut url = base.clone();
        url.set_query(None);
        url.set_fragment(None);
        url.set_path(safe_path(&self.text)?);
        Some(url)
    }
}

/// `path` if it is absolute, names no other host and contains no `..`.
fn safe_path(path: &str) -> Option<&str> {
    let is_absolute = path.starts_with('/') && !path.starts_with("//");
    let fits = path.len() <= MAX_HREF && !path.contains(['\\', '?', '#']);
    let is_plain = fits && !path.chars().any(char::is_control);
    let leads_down = !path.split('/').any(|segment| {
        let name = percent_decode_str(segment).decode_utf8_lossy();
        matches!(&*name, "." | "..") || name.contains('\0')
    });
    (is_absolute && is_plain && leads_down).then_some(path)
}

fn decoded(path: &str) -> Box<[u8]> {
    let mut key = String::new();
    for (number, segment) in path.split('/').enumerate() {
        if number > 0 {
            key.push('/');
        }
        let bytes: Vec<u8> = percent_decode_str(segment).collect();
        match String::from_utf8(bytes) {
            Ok(name) => push_kept(&mut key, &name),
            // What is no text is compared as it is written, without regard to the case of escapes.
            Err(error) => key.extend(percent_encode(error.as_bytes(), SEGMENT)),
        }
    }
    key.into_bytes().into_boxed_slice()
}

/// Appends a name, with escapes for characters that separate paths.
fn push_kept(key: &mut String, name: &str) {
    for character in name.chars() {
        match u8::try_from(character) {
            Ok(byte) if KEPT_BYTES.contains(&byte) => key.extend(percent_encode(&[byte], KEPT)),
            _ => key.push(character),
        }
    }
}

const KEPT_BYTES: [u8; 2] = *b"/%";

/// The relation of a href in an answer to the requested collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The collection itself.
    Itself,
    /// A member of it.
    Member(Href),
    /// Another resource, which is neither read nor written.
    Elsewhere,
}

/// The relation of `text`, a href of an answer (RFC 4918 section 8.3), to the collection at `base`.
pub(crate) fn place(text: &str, base: &Url) -> Place {
    let Some(path) = path_of(text.trim(), base).and_then(safe_path) else {
        return Place::Elsewhere;
    };
    let href = Href::from_store(path);
    let collection = Href::from_store(base.path().trim_end_matches('/'));
    let mut key = href.key();
    if let Some(shorter) = key.strip_suffix(b"/") {
        key = shorter;
    }
    if key == collection.key() {
        return Place::Itself;
    }
    let below = key.strip_prefix(collection.key()).and_then(|rest| rest.strip_prefix(b"/"));
    match below {
        Some(name) if !name.is_empty() && !name.contains(&b'/') => Place::Member(href),
        _ => Place::Elsewhere,
    }
}

/// The address of a href on the server of `base`; `None` where it is on another one.
pub(crate) fn on_server(text: &str, base: &Url) -> Option<Url> {
    let path = path_of(text.trim(), base).and_then(safe_path)?;
    Href::from_store(path).url(base)
}

/// The path of a href, which is one already or a whole address on the host of `base`.
///
/// A server behind a proxy may write `http` for its own `https`; as only the path is used, and on
/// our own connection, that does no harm.
fn path_of<'t>(text: &'t str, base: &Url) -> Option<&'t str> {
    if text.starts_with('/') {
        return Some(text);
    }
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let is_same = url.host() == base.host()
        && (url.port() == base.port() || (url.port().is_none() && base.port().is_none()));
    let rest = text.get(text.find("://")? + 3..)?;
    (is_same && url.username().is_empty()).then(|| &rest[rest.find('/').unwrap_or(rest.len())..])
}

/// The path of a new member of the collection at `base`.
pub(crate) fn member(base: &Url, name: &str) -> Href {
    let folder = base.path().trim_end_matches('/');
    let escaped = percent_encode(name.as_bytes(), SEGMENT);
    Href::from_store(format!("{folder}/{escaped}"))
}

impl PartialEq for Href {
    fn eq(&self, other: &Href) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Href {}

impl Hash for Href {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl PartialOrd for Href {
    fn partial_cmp(&self, other: &Href) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Href {
    fn cmp(&self, other: &Href) -> Ordering {
        self.key().cmp(other.key())
    }
}

impl fmt::Debug for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Href({:?})", self.text)
    }
}

impl fmt::Display for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The mail address of a calendar user address (RFC 6638 section 2.4.1): that of a mailto URI, percent-decoded
/// and without header fields (RFC 6068 section 2); as it stands where it cannot be decoded.
pub(crate) fn mail_address(uri: &str) -> Option<String> {
    let scheme = uri.get(..7)?;
    if !scheme.eq_ignore_ascii_case("mailto:") {
        return None;
    }
    let path = uri[7..].split('?').next().unwrap_or_default();
    let decoded = percent_decode_str(path).decode_utf8();
    let address = match &decoded {
        Ok(decoded) if !decoded.contains(char::is_control) => decoded.trim(),
        _ => uri[7..].trim(),
    };
    (!address.is_empty()).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_is_decoded_and_has_no_header_fields() {
        assert_eq!(mail_address("mailto:a@b.example").as_deref(), Some("a@b.example"));
        let read = mail_address("MAILTO: a%2Bc@b.example?subject=x ");
        assert_eq!(read.as_deref(), Some("a+c@b.example"));
        assert_eq!(mail_address("mailto:m%FC@b.example").as_deref(), Some("m%FC@b.example"));
        for other in ["mailto:", "/principals/room/", "mail"] {
            assert_eq!(mail_address(other), None, "{other}");
        }
    }
}
