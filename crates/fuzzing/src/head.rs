//! Fuzz target: the head of a calendar server's answer, and the JSON of Nextcloud's own APIs.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use caldav::fuzzed::{Head, MAX_VERSION, authors, candidates, nextcloud_version};
use caldav::limits::{MAX_ETAG, MAX_FEATURES, MAX_RETRY_AFTER};
use secrecy::SecretString;
use url::Url;

use crate::sections::Sections;

const USER: &str = "rööm \"1\"";
const PASSWORD: &str = "correct horse battery";

/// Reads `data` as the head and the body of an answer: pauses are bounded, a redirect stays on the server, and an
/// answer to a challenge is one header that does not contain the password. Of Nextcloud's JSON, only authors of
/// the events that were asked for are read.
pub fn head(data: &[u8]) {
    let Sections { first, lines, body } = Sections::of(data);
    let here = Url::parse("https://dav.example.org/rooms/1/");
    let Ok(here) = here else { return };
    let received = SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_449_200);
    let head = Head::new(&here, &lines, body, received);
    assert!(head.retry_after().is_none_or(|it| it <= MAX_RETRY_AFTER), "a pause without a bound");
    if let Some(to) = head.redirect() {
        assert_eq!(to.origin(), here.origin(), "the password goes to another server");
        assert!(to.username().is_empty() && to.password().is_none(), "an address with a user");
    }
    if let Some(etag) = head.etag() {
        assert!(etag.as_str().len() <= MAX_ETAG && !etag.as_str().contains(char::is_control));
    }
    let server = head.server();
    assert!(server.features.len() <= MAX_FEATURES, "features without a bound");
    let _ = head.next_nonce();
    let password = SecretString::from(PASSWORD);
    if let Some((header, nonce)) = head.authorization(USER, &password) {
        assert!(header.starts_with("Digest username"), "{header}");
        assert!(!header.contains(PASSWORD) && !header.contains(['\r', '\n', '\0']), "{header}");
        assert!(unquoted(&header).contains(&nonce), "the nonce is not sent back: {header}");
        let again = head.authorization(USER, &password);
        assert_eq!(again, Some((header, nonce)), "the answer depends on more than the challenge");
    }
    nextcloud(body);
    for url in candidates(&String::from_utf8_lossy(first)) {
        assert!(matches!(url.scheme(), "http" | "https") && url.has_host(), "{url}");
        assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    }
}

fn nextcloud(body: &[u8]) {
    let uids = HashSet::from(["uid-1".to_owned(), "uid-2".to_owned()]);
    for (uid, author) in authors(body, &uids) {
        assert!(uids.contains(&uid), "an author of an event that nobody has asked for: {uid}");
        assert!(!author.id.is_empty() && author.address.is_none(), "{author:?}");
    }
    if let Some(version) = nextcloud_version(body) {
        assert!(version.chars().count() <= MAX_VERSION, "a version without a bound");
    }
}

/// A header without the escapes of its quoted strings.
fn unquoted(header: &str) -> String {
    let mut text = String::new();
    let mut characters = header.chars();
    while let Some(it) = characters.next() {
        text.extend(if it == '\\' { characters.next() } else { Some(it) });
    }
    text
}
