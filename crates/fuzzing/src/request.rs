//! Fuzz target: what is read of a request before anybody is known.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ical::{Moment, NewTimes, Zone};
use ipnet::IpNet;
use room_booking::web::fuzzed::{Read, after_sign_in, json, moment};
use url::Url;

use crate::sections::Sections;

/// The most proofs of known browsers that are looked at.
const MAX_PROOFS: usize = 10;
/// The first day of a new series, in days since 1970: 2026-03-02.
const DAY: i32 = 20_514;

/// Reads `data` as a request: its path, its query, its headers and its body, and its first line as the languages
/// of a browser and as the rule of a new series. No text leads to another site, a path is read alike by
/// everybody, nobody but a proxy says who the client is, and a rule that is written is read as it is.
pub fn request(data: &[u8]) {
    let Sections { first, lines, body } = Sections::of(data);
    let first = String::from_utf8_lossy(first);
    let Ok(site) = Url::parse("https://rooms.example.org/admin") else { return };
    stays(&site, after_sign_in(&first));
    language(&first);
    rule(&first);
    if let Some(read) = Read::new(&first, &lines) {
        if read.is_clear() {
            let path = read.path();
            // As browsers and proxies resolve it; they escape more.
            let resolved = site.join(path).map(|it| decoded(it.path()));
            assert_eq!(resolved, Ok(decoded(path)), "another path for others");
            let host = read.host().unwrap_or_default();
            assert!(!host.contains(['@', '/', ' ']), "a host that is more than that: {host}");
        }
        for is_secure in [false, true] {
            if let Some(token) = read.session(is_secure) {
                assert!(token.len() == 40 && token.bytes().all(|it| it.is_ascii_alphanumeric()));
            }
            assert!(read.proofs(is_secure).len() <= MAX_PROOFS, "proofs without a bound");
            assert!(read.cookies() > 0 || read.proofs(is_secure).is_empty());
        }
        if let Some(path) = read.page_before() {
            stays(&site, &path);
        }
        clients(&read);
        for zone in ["UTC", "Europe/Berlin", "Pacific/Apia"].into_iter().filter_map(Zone::iana) {
            if let Some((_, _, limit)) = read.window(&zone) {
                assert!(limit.is_none_or(|it| (1..=10_000).contains(&it)), "{limit:?}");
            }
            let _ = moment(&first, &zone);
        }
    }
    // Numbers with fractions are read to a last digit or so, and no request has any.
    if let Some(value) = json(body).filter(|it| !has_fraction(it)) {
        // A member that stands twice could not be written again.
        let text = value.to_string();
        assert_eq!(json(text.as_bytes()), Some(value), "it is not read as it is written");
    }
}

fn has_fraction(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Number(number) => number.is_f64(),
        serde_json::Value::Array(all) => all.iter().any(has_fraction),
        serde_json::Value::Object(all) => all.values().any(has_fraction),
        _ => false,
    }
}

fn decoded(path: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(path).collect()
}

fn language(header: &str) {
    let code = wording::preferred(header).language.code;
    let is_named = header.to_ascii_lowercase().contains(&code.to_ascii_lowercase());
    assert!(is_named || code == wording::english().language.code, "nobody asked for {code}");
}

fn rule(text: &str) {
    let start = Moment(i64::from(DAY) * ical::civil::DAY + 39_600);
    let timed = NewTimes::Timed { start, end: Moment(start.0 + 3_600) };
    let all_day = NewTimes::AllDay { first: DAY, end: DAY + 1 };
    for zone in ["UTC", "Europe/Berlin", "Pacific/Apia"].into_iter().filter_map(Zone::iana) {
        for times in [timed, all_day] {
            let Ok(rule) = ical::canonical_rule(text, times, &zone) else { continue };
            assert!(rule.starts_with("FREQ=") && !rule.contains(char::is_whitespace), "{rule}");
            let again = ical::canonical_rule(&rule, times, &zone);
            assert_eq!(again.as_deref(), Ok(rule.as_str()), "it is not read as it is written");
        }
    }
}

/// A path that leads on stays on the site, however a browser resolves it.
fn stays(site: &Url, path: &str) {
    let to = site.join(path);
    assert!(to.is_ok_and(|to| to.origin() == site.origin()), "it leads elsewhere: {path}");
    assert!(path.starts_with("/admin"), "it leads out of the site: {path}");
}

fn clients(read: &Read) {
    let stranger = SocketAddr::from((Ipv4Addr::new(203, 0, 113, 9), 1));
    let Ok(trusted) = "10.0.0.0/8".parse::<IpNet>() else { return };
    assert_eq!(read.client(stranger, trusted), stranger.ip(), "a stranger says who it is");
    let proxy = SocketAddr::from((Ipv4Addr::new(10, 0, 0, 1), 1));
    let client = read.client(proxy, trusted);
    assert!(!matches!(client, IpAddr::V6(it) if it.to_ipv4_mapped().is_some()), "{client}");
}
