//! What is read of a request before anybody is known, as functions for the fuzz targets (`crates/fuzzing`).

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{COOKIE, REFERER};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use facts::time;
use ical::{Moment, Zone};
use ipnet::IpNet;
use serde_json::Value;
use store::UserId;

use super::query::Query;
use super::{address, admin, body, local_path, strict};

/// A request.
#[derive(Debug)]
pub struct Read {
    request: Request,
}

impl Read {
    /// A GET of a path with a query, with these header lines. Lines that are no header are left out, and so is
    /// a path that is none, as they never reach the program.
    pub fn new(path: &str, lines: &[&[u8]]) -> Option<Read> {
        let mut request = Request::builder().uri(path).body(Body::empty()).ok()?;
        for line in lines {
            let Some(at) = line.iter().position(|it| *it == b':') else { continue };
            let name = HeaderName::from_bytes(&line[..at]);
            let value = HeaderValue::from_bytes(line[at + 1..].trim_ascii());
            if let (Ok(name), Ok(value)) = (name, value) {
                request.headers_mut().append(name, value);
            }
        }
        Some(Read { request })
    }

    fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// Whether it goes on to what answers it: a valid Host, and a path that everybody reads alike.
    pub fn is_clear(&self) -> bool {
        strict::why_refused(&self.request).is_none()
    }

    /// The path, as every later step sees it.
    pub fn path(&self) -> &str {
        self.request.uri().path()
    }

    /// The header `Host`, if it is text.
    pub fn host(&self) -> Option<&str> {
        self.headers().get("host")?.to_str().ok()
    }

    /// The token of a session.
    pub fn session(&self, is_secure: bool) -> Option<String> {
        admin::fuzzed::session(self.headers(), is_secure)
    }

    /// The proofs of known browsers, by user.
    pub fn proofs(&self, is_secure: bool) -> Vec<(UserId, String)> {
        admin::fuzzed::proofs(self.headers(), is_secure)
    }

    /// The names of cookies.
    pub fn cookies(&self) -> usize {
        self.headers().get_all(COOKIE).iter().count()
    }

    /// The page that an error leads back to, of a site at the root.
    pub fn page_before(&self) -> Option<String> {
        let url = url::Url::parse(self.headers().get(REFERER)?.to_str().ok()?).ok()?;
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        local_path::is_of_site(path).then(|| path.to_owned())
    }

    /// The client's address, behind proxies in a network.
    pub fn client(&self, peer: SocketAddr, trusted: IpNet) -> IpAddr {
        address::of_client(peer, self.headers(), &[trusted])
    }

    /// The window, flag and number of a query; `None` if any is wrong.
    pub fn window(&self, zone: &Zone) -> Option<(Option<Moment>, bool, Option<usize>)> {
        const KNOWN: [&str; 4] = ["calendar", "start", "test", "limit"];
        let mut query = Query::read(self.request.uri().query(), &KNOWN, &KNOWN[..1]);
        let start = query.moment("start", zone);
        let (test, limit) = (query.boolean("test"), query.number("limit", 1, 10_000));
        query.finish().ok().map(|()| (start, test, limit))
    }
}

/// Where a sign-in leads to that was asked to lead to `text`.
pub fn after_sign_in(text: &str) -> &str {
    admin::fuzzed::next(text)
}

/// A body of JSON.
pub fn json(bytes: &[u8]) -> Option<Value> {
    body::of_bytes(bytes).ok()
}

/// A time of a body, in a zone.
pub fn moment(text: &str, zone: &Zone) -> Option<Moment> {
    time::moment(text, zone)
}
