//! Properties of a server.

use crate::ServerKind;
use crate::limits::MAX_FEATURES;
use crate::request::Answer;

/// Properties of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// Its kind, as far as it can be recognised.
    pub kind: ServerKind,
    /// Its version, where it tells.
    pub version: Option<String>,
    /// How far its clock is ahead of ours, in seconds, by the Date header (RFC 9110 section 6.6.1);
    /// its precision is the duration of the request.
    pub clock_difference: Option<i64>,
    /// What the DAV header lists (RFC 4918 section 10.1), in lower case: `calendar-access`,
    /// `calendar-auto-schedule` …
    pub features: Vec<String>,
}

/// Texts in answers by which a server is recognised, in lower case.
const IN_BODIES: [(&str, ServerKind); 7] = [
    ("http://nextcloud.org/ns", ServerKind::Nextcloud),
    ("http://cyrusimap.org/ns/", ServerKind::Cyrus),
    ("radicale.org/ns/", ServerKind::Radicale),
    ("lennart-k/rustical", ServerKind::RustiCal),
    ("urn:zimbra", ServerKind::Zimbra),
    ("urn:inverse:params:xml:ns:inverse-dav", ServerKind::Sogo),
    // Python's XML library names namespaces so where a program does not; Xandikos does not.
    ("<ns0:multistatus", ServerKind::Xandikos),
];

/// Paths that only one server has, in lower case.
const IN_PATHS: [(&str, ServerKind); 6] = [
    ("/remote.php/", ServerKind::Nextcloud),
    ("/sogo/dav/", ServerKind::Sogo),
    ("/caldav.php/", ServerKind::Davical),
    ("/dav/calendars/user/", ServerKind::Cyrus),
    ("/dav/principals/user/", ServerKind::Cyrus),
    ("/caldav/principal/", ServerKind::RustiCal),
];

/// The number of bytes of a body that are examined.
const LOOKED_AT: usize = 16 * 1024;

impl Server {
    /// The properties of the server in an answer.
    pub(crate) fn of(answer: &Answer) -> Server {
        let listed = answer.headers.get_all("dav").into_iter().filter_map(|it| it.to_str().ok());
        let features = listed.flat_map(|line| line.split(',')).map(str::trim);
        let features = features.filter(|it| !it.is_empty()).map(str::to_ascii_lowercase);
        let features: Vec<String> = features.take(MAX_FEATURES).collect();
        let (kind, version) = recognised(answer, &features);
        Server { kind, version, clock_difference: clock_difference(answer), features }
    }

    /// Whether it says that it sends invitations and replies itself (RFC 6638 section 2). Not every answer
    /// of every server says so: see [`Collection::schedules`](crate::Collection::schedules).
    pub fn schedules(&self) -> bool {
        self.features.iter().any(|it| it == "calendar-auto-schedule")
    }

    /// Adds the properties in another answer of the same server.
    pub(crate) fn learn(&mut self, other: Server) {
        let is_sabre = self.kind == ServerKind::Sabre && other.kind == ServerKind::Nextcloud;
        if self.kind == ServerKind::Other || is_sabre {
            self.kind = other.kind;
        }
        if self.version.is_none() {
            self.version = other.version;
        }
        if other.clock_difference.is_some() {
            self.clock_difference = other.clock_difference;
        }
        for feature in other.features {
            if !self.features.contains(&feature) && self.features.len() < MAX_FEATURES {
                self.features.push(feature);
            }
        }
    }
}

fn recognised(answer: &Answer, features: &[String]) -> (ServerKind, Option<String>) {
    let body = &answer.body[..answer.body.len().min(LOOKED_AT)];
    let body = String::from_utf8_lossy(body).to_ascii_lowercase();
    let path = answer.url.path().to_ascii_lowercase();
    let server = answer.header("server").unwrap_or_default();
    let realm = answer.header("www-authenticate").unwrap_or_default().to_ascii_lowercase();
    if let Some(version) = answer.header("x-davical-version") {
        let version = version.trim_start_matches("DAViCal/").split(';').next();
        return (ServerKind::Davical, version.map(str::to_owned));
    }
    if let Some((_, version)) = server.split_once("Cyrus-HTTP/") {
        let version = version.split_whitespace().next();
        return (ServerKind::Cyrus, version.map(str::to_owned));
    }
    if server.contains("SOPE") || realm.contains("sogo") {
        return (ServerKind::Sogo, None);
    }
    let is_nextcloud = features.iter().any(|it| it.starts_with("nextcloud-"));
    if is_nextcloud || path.contains("/remote.php/") {
        return (ServerKind::Nextcloud, None);
    }
    let found = IN_BODIES.iter().find(|(text, _)| body.contains(text));
    let found = found.or_else(|| IN_PATHS.iter().find(|(text, _)| path.contains(text)));
    if let Some((_, kind)) = found {
        return (*kind, None);
    }
    if let Some(version) = answer.header("x-sabre-version") {
        return (ServerKind::Sabre, Some(version.to_owned()));
    }
    let is_sabre = body.contains("http://sabredav.org/ns") || body.contains("http://sabre.io/ns/");
    let by_realm = [
        ("radicale", ServerKind::Radicale),
        ("xandikos", ServerKind::Xandikos),
        ("rustical", ServerKind::RustiCal),
        ("zimbra", ServerKind::Zimbra),
    ];
    let by_realm = by_realm.iter().find(|(name, _)| realm.contains(name)).map(|(_, kind)| *kind);
    let kind = if is_sabre { Some(ServerKind::Sabre) } else { by_realm };
    (kind.unwrap_or_default(), None)
}

fn clock_difference(answer: &Answer) -> Option<i64> {
    let there = httpdate::parse_http_date(answer.header("date")?).ok()?;
    let seconds = match there.duration_since(answer.received) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).ok()?,
        Err(behind) => -i64::try_from(behind.duration().as_secs()).ok()?,
    };
    Some(seconds)
}
