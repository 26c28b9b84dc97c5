//! GET, PUT and DELETE of one object.

use super::FakeState;
use super::quirks::{EtagAfterPut, Look, Quirks};
use super::state::{Object, uid_of};
use crate::scripted::{Answer, Request};

/// Answers a request for an object of a calendar that there is.
pub(super) fn object(
    request: &Request,
    calendar: &str,
    name: &str,
    state: &mut FakeState,
) -> Answer {
    if let (Some(status), "PUT" | "DELETE") = (state.quirks.read_only, request.method.as_str()) {
        return Answer::xml(
            status,
            format!(
                "<d:error xmlns:d=\"DAV:\" xmlns:s=\"http://sabredav.org/ns\"><s:message>Calendar with \
                    name '{calendar}' could not be found</s:message></d:error>"
            ),
        );
    }
    match request.method.as_str() {
        "GET" | "HEAD" => match state.calendars[calendar].objects.get(name) {
            Some(object) => Answer {
                body: object.text.clone().into_bytes(),
                ..Answer::status(200)
                    .with("Content-Type", "text/calendar; charset=utf-8")
                    .with("ETag", &object.etag)
            },
            None => Answer::status(404),
        },
        "PUT" => put(request, calendar, name, state),
        "DELETE" => delete(request, calendar, name, state),
        _ => Answer::status(405),
    }
}

fn put(request: &Request, calendar: &str, name: &str, state: &mut FakeState) -> Answer {
    let quirks = state.quirks.clone();
    let content = state.calendars.get_mut(calendar).unwrap();
    let there = content.objects.get(name);
    let new = request.header("If-None-Match").is_some_and(|it| it.trim() == "*");
    if let (true, Some(_), Some(status)) = (new, there, quirks.not_new) {
        return failed(status, &quirks, there);
    }
    if let (false, Some(status)) = (matches(request, there), quirks.stale_put) {
        return failed(status, &quirks, there);
    }
    let text = request.text();
    let Some(uid) = uid_of(&text) else {
        return Answer::xml(
            403,
            "<error xmlns=\"DAV:\"><valid-calendar-data xmlns=\"urn:ietf:params:xml:ns:caldav\"/></error>",
        );
    };
    if text.len() > quirks.largest.0 {
        return Answer::text(quirks.largest.1, "too large");
    }
    let (old, elsewhere) = (there.is_some(), content.find_uid(uid).filter(|it| *it != name));
    if let (Some(status), Some(_)) = (quirks.uid_conflict, elsewhere) {
        return Answer::xml(
            status,
            "<error xmlns=\"DAV:\"><no-uid-conflict xmlns=\"urn:ietf:params:xml:ns:caldav\"/></error>",
        );
    }
    let stored = quirks.rewrites.map_or_else(|| text.clone(), |it| it(&text));
    content.put(name, &stored, &quirks);
    let answer = Answer::status(if old { quirks.overwritten } else { 201 });
    let with_etag = match quirks.etag_after_put {
        EtagAfterPut::Always => true,
        EtagAfterPut::WithoutAttendees => !text.contains("\nATTENDEE"),
        EtagAfterPut::Never => false,
    };
    let etag = &content.objects[name].etag;
    if with_etag { answer.with("ETag", etag) } else { answer }
}

fn delete(request: &Request, calendar: &str, name: &str, state: &mut FakeState) -> Answer {
    let mut quirks = state.quirks.clone();
    let content = state.calendars.get_mut(calendar).unwrap();
    let there = content.objects.get(name);
    if there.is_none() {
        return Answer::status(quirks.gone);
    }
    if let (false, Some(status)) = (matches(request, there), quirks.stale_delete) {
        return failed(status, &quirks, there);
    }
    quirks.trash_bin &= request.header("X-NC-CalDAV-No-Trashbin").is_none();
    content.remove(name, &quirks);
    Answer::status(quirks.deleted)
}

/// Whether the If-Match of a request allows it (RFC 9110 section 13.1.1, by strong comparison).
fn matches(request: &Request, object: Option<&Object>) -> bool {
    let Some(wanted) = request.header("If-Match") else { return true };
    let Some(object) = object else { return false };
    let is_it = |it: &str| it == object.etag && !it.starts_with("W/");
    wanted.split(',').map(str::trim).any(|it| it == "*" || is_it(it))
}

fn failed(status: u16, quirks: &Quirks, object: Option<&Object>) -> Answer {
    if quirks.look != Look::Nextcloud {
        return Answer::status(status);
    }
    let answer = Answer::xml(
        status,
        "<d:error xmlns:d=\"DAV:\" xmlns:s=\"http://sabredav.org/ns\">\
            <s:exception>Sabre\\DAV\\Exception\\PreconditionFailed</s:exception></d:error>",
    );
    match object {
        Some(object) => answer.with("ETag", &object.etag),
        None => answer,
    }
}
