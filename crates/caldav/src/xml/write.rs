//! Request bodies.

use quick_xml::escape::escape;

use crate::Href;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

const NAMESPACES: &str = "xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\" \
     xmlns:s=\"http://calendarserver.org/ns/\" xmlns:a=\"http://apple.com/ns/ical/\" \
     xmlns:o=\"http://owncloud.org/ns\" xmlns:n=\"http://nextcloud.com/ns\"";

/// For [`Collection::ctag`](crate::Collection::ctag).
pub(crate) const STATE: &[&str] = &["s:getctag", "d:sync-token", "n:deleted-at"];

/// For [`Collection::states_in_home`](crate::Collection::states_in_home).
pub(crate) const STATES: &[&str] = &["d:resourcetype", "s:getctag", "d:sync-token", "n:deleted-at"];

/// For [`Collection::is_answered_by_server`](crate::Collection::is_answered_by_server).
pub(crate) const OWNER: &[&str] = &["d:owner", "o:owner-principal", "n:deleted-at"];

/// What kind of user a principal is.
pub(crate) const USER_TYPE: &[&str] = &["c:calendar-user-type"];

/// For [`Collection::members`](crate::Collection::members).
pub(crate) const VERSIONS: &[&str] = &["d:getetag", "d:resourcetype"];

/// Versions only, for a sync-collection and other reports.
pub(crate) const VERSION: &[&str] = &["d:getetag"];

/// The properties by which discovery continues.
pub(crate) const ENTRY: &[&str] = &[
    "d:current-user-principal",
    "d:resourcetype",
    "c:calendar-home-set",
    "c:calendar-user-address-set",
];

/// The properties of a principal for discovery.
pub(crate) const PRINCIPAL: &[&str] =
    &["c:calendar-home-set", "c:calendar-user-address-set", "d:displayname"];

/// The requested properties of a calendar.
pub(crate) const CALENDAR: &[&str] = &[
    "d:displayname",
    "d:resourcetype",
    "s:getctag",
    "d:sync-token",
    "d:owner",
    "o:owner-principal",
    "d:current-user-principal",
    "d:current-user-privilege-set",
    "d:supported-report-set",
    "c:supported-calendar-component-set",
    "c:max-resource-size",
    "c:calendar-timezone",
    "c:calendar-timezone-id",
    "c:calendar-description",
    "a:calendar-color",
    "n:deleted-at",
    "d:resource-id",
];

/// A PROPFIND for some properties (RFC 4918 section 9.1).
pub(crate) fn propfind(properties: &[&str]) -> String {
    let mut body = format!("{HEAD}<d:propfind {NAMESPACES}>");
    push_properties(&mut body, properties);
    body.push_str("</d:propfind>\n");
    body
}

/// A sync-collection (RFC 6578 section 3.2) for versions.
///
/// It has no limit: Nextcloud refuses to answer if there are more members than that.
pub(crate) fn sync_collection(token: Option<&str>) -> String {
    let mut body = format!("{HEAD}<d:sync-collection {NAMESPACES}><d:sync-token>");
    body.push_str(&escape(token.unwrap_or_default()));
    body.push_str("</d:sync-token><d:sync-level>1</d:sync-level>");
    push_properties(&mut body, VERSION);
    body.push_str("</d:sync-collection>\n");
    body
}

/// A calendar-multiget (RFC 4791 section 7.9) of some properties.
pub(crate) fn multiget(hrefs: &[Href], properties: &[&str]) -> String {
    let mut body = format!("{HEAD}<c:calendar-multiget {NAMESPACES}>");
    push_properties(&mut body, properties);
    for href in hrefs {
        body.push_str("<d:href>");
        body.push_str(&escape(href.as_str()));
        body.push_str("</d:href>");
    }
    body.push_str("</c:calendar-multiget>\n");
    body
}

/// A calendar-query (RFC 4791 section 7.8) for the versions of events in `[start, end)`, both as UTC
/// date-times (RFC 5545 section 3.3.5).
pub(crate) fn time_range(start: &str, end: &str) -> String {
    let mut body = format!("{HEAD}<c:calendar-query {NAMESPACES}>");
    push_properties(&mut body, VERSION);
    body.push_str(
        "<c:filter><c:comp-filter name=\"VCALENDAR\"><c:comp-filter name=\"VEVENT\"><c:time-range start=\"",
    );
    body.push_str(&escape(start));
    body.push_str("\" end=\"");
    body.push_str(&escape(end));
    body.push_str("\"/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>\n");
    body
}

/// A calendar-query for all that lies in Nextcloud's trash bin, which passes any filter over.
pub(crate) fn trashed() -> String {
    let mut body = format!("{HEAD}<c:calendar-query {NAMESPACES}>");
    push_properties(&mut body, &["c:calendar-data", "n:deleted-at", "n:calendar-uri"]);
    body.push_str(
        "<c:filter><c:comp-filter name=\"VCALENDAR\"><c:comp-filter name=\"VEVENT\"/></c:comp-filter>\
         </c:filter></c:calendar-query>\n",
    );
    body
}

fn push_properties(body: &mut String, properties: &[&str]) {
    body.push_str("<d:prop>");
    for property in properties {
        body.push('<');
        body.push_str(property);
        body.push_str("/>");
    }
    body.push_str("</d:prop>");
}
