//! Answers of the fake server: discovery, PROPFIND and reports.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::quirks::{BadToken, Escapes, Look, Quirks};
use super::state::{Calendar, Object};
use super::{FakeState, USER, last_part, write};
use crate::scripted::{Answer, Request};
use crate::xml;

const OPEN: &str = "<D:multistatus xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" \
    xmlns:S=\"http://calendarserver.org/ns/\" xmlns:A=\"http://apple.com/ns/ical/\" \
    xmlns:N=\"http://nextcloud.com/ns\">";

/// Where discovery begins.
fn root(quirks: &Quirks) -> &'static str {
    match quirks.look {
        Look::Plain | Look::Sabre => "/",
        Look::Nextcloud => "/remote.php/dav/",
        Look::Sogo => "/SOGo/dav/",
    }
}

fn principal(quirks: &Quirks) -> String {
    match quirks.look {
        Look::Plain | Look::Sabre => format!("/principals/{USER}/"),
        Look::Nextcloud => format!("/remote.php/dav/principals/users/{USER}/"),
        Look::Sogo => format!("/SOGo/dav/{USER}/"),
    }
}

/// The home of the calendars.
pub(super) fn home(quirks: &Quirks) -> String {
    match quirks.look {
        Look::Plain | Look::Sabre => format!("/calendars/{USER}/"),
        Look::Nextcloud => format!("/remote.php/dav/calendars/{USER}/"),
        Look::Sogo => format!("/SOGo/dav/{USER}/Calendar/"),
    }
}

/// Answers an authenticated request.
pub(super) fn answer(request: &Request, state: &mut FakeState) -> Answer {
    let quirks = state.quirks.clone();
    if quirks.look == Look::Nextcloud && request.path.starts_with(OTHER_ENTRY) {
        return by_other_entry(request, state);
    }
    let path = request.path.split('?').next().unwrap_or_default();
    let answer = if path == "/.well-known/caldav" && quirks.well_known {
        return Answer::status(301).with("Location", root(&quirks));
    } else if path == root(&quirks) || path == principal(&quirks) || path == home(&quirks) {
        match request.method.as_str() {
            "PROPFIND" => above(request, path, state),
            "OPTIONS" => Answer::status(200),
            _ => Answer::status(405),
        }
    } else {
        match path.strip_prefix(&home(&quirks)).and_then(|it| it.split_once('/')) {
            Some((calendar, name)) if state.calendars.contains_key(calendar) => {
                inside(request, calendar, name, state)
            }
            _ => Answer::status(404),
        }
    };
    named(answer, request, &quirks)
}

/// Nextcloud's other entry, to the same calendars.
const OTHER_ENTRY: &str = "/remote.php/caldav/";

/// Answers at Nextcloud's other entry, with its addresses.
fn by_other_entry(request: &Request, state: &mut FakeState) -> Answer {
    let body = request.text().replace(OTHER_ENTRY, "/remote.php/dav/");
    let path = request.path.replacen(OTHER_ENTRY, "/remote.php/dav/", 1);
    let mut answer = answer(&Request { path, body: body.into(), ..request.clone() }, state);
    let body = String::from_utf8_lossy(&answer.body).replace("/remote.php/dav/", OTHER_ENTRY);
    answer.body = body.into_bytes();
    answer
}

/// Adds the header fields by which clients recognise the server.
fn named(answer: Answer, request: &Request, quirks: &Quirks) -> Answer {
    let discovery = ["OPTIONS", "PROPFIND"].contains(&request.method.as_str());
    let dav = "1, 3, extended-mkcol, access-control, calendar-access";
    match quirks.look {
        Look::Nextcloud if discovery => answer.with(
            "DAV",
            &format!(
                "{dav}, calendar-auto-schedule, nc-calendar-trashbin, nc-calendar-search, \
                    nc-enable-birthday-calendar"
            ),
        ),
        Look::Plain if discovery => answer.with("DAV", dav),
        Look::Sabre => answer.with("DAV", dav).with("X-Sabre-Version", "4.7.0"),
        Look::Sogo if discovery => answer.with("DAV", &format!("{dav}, calendar-auto-schedule")),
        Look::Sogo => answer.with("Server", "SOPE 4.9.37/WebDAV"),
        _ => answer,
    }
}

fn inside(request: &Request, calendar: &str, name: &str, state: &mut FakeState) -> Answer {
    let base = home(&state.quirks) + calendar + "/";
    match (request.method.as_str(), name) {
        ("OPTIONS", _) => Answer::status(200),
        ("PROPFIND", "") => {
            let content = &state.calendars[calendar];
            let (mut out, asked) = (String::from(OPEN), asked_of(request));
            respond(&mut out, &base, &asked, &calendar_properties(calendar, content, state));
            if request.header("Depth") == Some("1") {
                for (name, object) in &content.objects {
                    let href = base.clone() + &escaped(name, &state.quirks);
                    respond(
                        &mut out,
                        &href,
                        &asked,
                        &object_properties(object, &asked, &state.quirks),
                    );
                }
            }
            end(out)
        }
        ("REPORT", "") => report(request, &base, &state.calendars[calendar], &state.quirks),
        (_, "") => Answer::status(405),
        _ => write::object(request, calendar, &last_part(&request.path), state),
    }
}

/// PROPFIND on the root, the principal or the home.
fn above(request: &Request, path: &str, state: &FakeState) -> Answer {
    let quirks = &state.quirks;
    let href = |it: &str| format!("<D:href>{it}</D:href>");
    let shared = |mut more: Vec<(&'static str, String)>| {
        more.push(("current-user-principal", href(&principal(quirks))));
        more.push(("principal-URL", href(&principal(quirks))));
        more
    };
    let (mut out, asked) = (String::from(OPEN), asked_of(request));
    if path == principal(quirks) {
        let addresses = href(&format!("mailto:{USER}@example.test"));
        let properties = shared(vec![
            ("resourcetype", "<D:collection/><D:principal/>".to_owned()),
            ("displayname", "Meeting room 1".to_owned()),
            ("calendar-home-set", href(&home(quirks))),
            ("calendar-user-address-set", addresses),
        ]);
        respond(&mut out, path, &asked, &properties);
    } else {
        let properties = shared(vec![("resourcetype", "<D:collection/>".to_owned())]);
        respond(&mut out, path, &asked, &properties);
    }
    if path == home(quirks) && request.header("Depth") == Some("1") {
        for (name, calendar) in &state.calendars {
            let href = format!("{path}{name}/");
            respond(&mut out, &href, &asked, &calendar_properties(name, calendar, state));
        }
        // What a home holds besides calendars.
        let inbox = ("resourcetype", "<D:collection/><C:schedule-inbox/>".to_owned());
        respond(&mut out, &format!("{path}inbox/"), &asked, &[inbox]);
    }
    end(out)
}

fn calendar_properties(
    name: &str,
    calendar: &Calendar,
    state: &FakeState,
) -> Vec<(&'static str, String)> {
    let quirks = &state.quirks;
    let mut reports = vec!["C:calendar-multiget", "C:calendar-query"];
    let mut properties = Vec::new();
    if quirks.sync_collection {
        reports.push("D:sync-collection");
        properties.push(("sync-token", calendar.token(quirks)));
    }
    let reports = reports
        .iter()
        .map(|it| format!("<D:supported-report><D:report><{it}/></D:report></D:supported-report>"));
    let rights = ["read", "write", "write-content", "bind", "unbind"];
    let rights = rights.iter().map(|it| format!("<D:privilege><D:{it}/></D:privilege>"));
    if quirks.is_trashed {
        properties.push(("deleted-at", "2026-11-28T10:00:00Z".to_owned()));
    }
    properties.extend([
        ("resourcetype", "<D:collection/><C:calendar/>".to_owned()),
        ("displayname", name.to_owned()),
        ("getctag", calendar.ctag()),
        ("owner", format!("<D:href>{}</D:href>", principal(quirks))),
        ("current-user-principal", format!("<D:href>{}</D:href>", principal(quirks))),
        ("current-user-privilege-set", rights.collect()),
        ("supported-report-set", reports.collect()),
        ("supported-calendar-component-set", "<C:comp name=\"VEVENT\"/>".to_owned()),
        ("calendar-color", "#3366CCFF".to_owned()),
        ("max-resource-size", quirks.largest.0.to_string()),
    ]);
    properties
}

fn object_properties(
    object: &Object,
    asked: &[String],
    quirks: &Quirks,
) -> Vec<(&'static str, String)> {
    let mut properties = vec![
        ("getetag", xml::escape(&object.etag)),
        ("getcontenttype", "text/calendar; charset=utf-8; component=vevent".to_owned()),
        ("resourcetype", String::new()),
    ];
    if !quirks.drops_calendar_data && asked.iter().any(|it| it == "calendar-data") {
        properties.push(("calendar-data", xml::escape(&object.text)));
    }
    properties
}

fn report(request: &Request, base: &str, calendar: &Calendar, quirks: &Quirks) -> Answer {
    let body = request.text();
    let (mut out, asked) = (String::from(OPEN), asked_of(request));
    let kind = xml::children(&body).first().map_or("", |it| it.name);
    match kind {
        "sync-collection" if quirks.sync_collection => {
            return sync(request, &body, base, calendar, quirks);
        }
        "calendar-multiget" => {
            for href in xml::all(&body, "href").iter().map(xml::Element::text) {
                let path = percent_decode_str(&href).decode_utf8_lossy().into_owned();
                let name = path.strip_prefix(base);
                match name.and_then(|it| calendar.for_multiget(it)) {
                    Some((name, object)) => {
                        let href = base.to_owned() + &escaped(name, quirks);
                        respond(
                            &mut out,
                            &href,
                            &asked,
                            &object_properties(object, &asked, quirks),
                        );
                    }
                    None if quirks.leaves_missing_out => {}
                    None if name.is_some_and(|it| calendar.objects.contains_key(it)) => {}
                    None => gone(&mut out, &xml::escape(&href)),
                }
            }
        }
        // The filter is ignored: a client must not rely on it.
        "calendar-query" => {
            for (name, object) in &calendar.objects {
                let href = base.to_owned() + &escaped(name, quirks);
                respond(&mut out, &href, &asked, &object_properties(object, &asked, quirks));
            }
        }
        _ => {
            return Answer::xml(403, "<error xmlns=\"DAV:\"><supported-report/></error>");
        }
    }
    end(out)
}

fn sync(request: &Request, body: &str, base: &str, calendar: &Calendar, quirks: &Quirks) -> Answer {
    if quirks.limit_is_507 && !xml::all(body, "limit").is_empty() {
        return Answer::status(507);
    }
    let token = xml::first(body, "sync-token").unwrap_or_default();
    let invalid = "<error xmlns=\"DAV:\"><valid-sync-token/></error>";
    let names = match (calendar.since(&token, quirks), quirks.bad_token) {
        (Some(names), _) => names,
        (None, BadToken::Everything) => calendar.objects.keys().map(String::as_str).collect(),
        (None, BadToken::Forbidden) => return Answer::xml(403, invalid),
        (None, BadToken::PreconditionFailed) => return Answer::xml(412, invalid),
        (None, BadToken::Gone) => return Answer::status(410),
    };
    let (mut out, asked) = (String::from(OPEN), asked_of(request));
    for name in names {
        let written =
            if quirks.escapes_in_sync { escaped(name, quirks) } else { xml::escape(name) };
        let href = base.to_owned() + &written;
        match calendar.objects.get(name) {
            Some(object) => {
                let mut properties = object_properties(object, &asked, quirks);
                properties.retain(|(name, _)| quirks.data_in_sync || *name != "calendar-data");
                respond(&mut out, &href, &asked, &properties);
            }
            None => gone(&mut out, &href),
        }
    }
    let is_echoed = quirks.echoes_future_tokens && calendar.is_future(&token);
    let token = if is_echoed { token } else { calendar.token(quirks) };
    let _ = write!(out, "<D:sync-token>{token}</D:sync-token>");
    end(out)
}

fn end(out: String) -> Answer {
    Answer::xml(207, format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{out}</D:multistatus>"))
}

fn gone(out: &mut String, href: &str) {
    let _ = write!(
        out,
        "<D:response><D:href>{href}</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>"
    );
}

/// The names of the properties that a request asks for.
fn asked_of(request: &Request) -> Vec<String> {
    let body = request.text();
    let prop = xml::all(&body, "prop");
    let names = prop.first().map(|it| xml::children(it.inner)).unwrap_or_default();
    names.iter().map(|it| it.name.to_owned()).collect()
}

/// One response: of the properties that were asked for, those that there are, and those that there are
/// not.
fn respond(out: &mut String, href: &str, asked: &[String], known: &[(&'static str, String)]) {
    let (mut there, mut missing) = (String::new(), String::new());
    for property in asked {
        let prefix = prefix(property);
        let _ = match known.iter().find(|(name, _)| name == property) {
            Some((name, value)) => write!(there, "<{prefix}:{name}>{value}</{prefix}:{name}>"),
            None => write!(missing, "<{prefix}:{property}/>"),
        };
    }
    let _ = write!(out, "<D:response><D:href>{href}</D:href>");
    for (properties, status) in [(there, "200 OK"), (missing, "404 Not Found")] {
        if !properties.is_empty() {
            let _ = write!(
                out,
                "<D:propstat><D:prop>{properties}</D:prop><D:status>HTTP/1.1 {status}</D:status>\
                    </D:propstat>"
            );
        }
    }
    out.push_str("</D:response>");
}

fn prefix(name: &str) -> &'static str {
    match name {
        "getctag" => "S",
        "deleted-at" => "N",
        "calendar-color" => "A",
        "calendar-data"
        | "calendar-home-set"
        | "calendar-user-address-set"
        | "calendar-timezone"
        | "max-resource-size"
        | "supported-calendar-component-set" => "C",
        _ => "D",
    }
}

/// The last part of an address as the server writes it.
fn escaped(name: &str, quirks: &Quirks) -> String {
    const UPPER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    const LOWER: &AsciiSet = &UPPER.remove(b'@');
    const TILDE: &AsciiSet = &UPPER.add(b'~');
    let set = match quirks.escapes {
        Escapes::Upper => UPPER,
        Escapes::Lower => LOWER,
        Escapes::Tilde => TILDE,
    };
    let text = utf8_percent_encode(name, set);
    let pieces = text.map(|piece| match quirks.escapes {
        Escapes::Lower if piece.starts_with('%') => piece.to_lowercase(),
        _ => piece.to_owned(),
    });
    pieces.collect()
}
