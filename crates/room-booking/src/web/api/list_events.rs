//! `GET /api/{calendar}/events` and `GET /api/{calendar}/events/{id}`

use axum::extract::{RawQuery, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use ical::{Moment, Window, Zone};
use operations::{DEFAULT_LIST_LIMIT, Error, ListRequest, MAX_LIST_DAYS, MAX_LIST_LIMIT};

use super::InPath;
use crate::web::auth::{Authorized, Read};
use crate::web::problem::{Errors, Problem, ProblemBody, ServerErrors};
use crate::web::query::Query;
use crate::web::{App, schema};

/// Lists the events of a calendar
///
/// Every occurrence that overlaps `[start, end)`, series expanded, ordered by start, then uid.
#[utoipa::path(
    get,
    path = "/api/{calendar}/events",
    tag = "Events",
    operation_id = "list_events",
    params(
        ("calendar" = String, Path, description = "The calendar's name in paths",
         example = "meeting-room-1"),
        schema::ListParameters,
    ),
    responses(
        (status = 200, description = "The events", body = schema::EventList),
        (status = 400, description = "The path cannot be decoded", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 404, description = "No such calendar within the key's reach", body = ProblemBody,
         content_type = "application/problem+json"),
        ServerErrors,
        Errors,
    ),
)]
pub async fn list(
    State(app): State<App>,
    Authorized { caller, .. }: Authorized<Read>,
    InPath(slug): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    let calendar = caller.calendar(&slug)?;
    let request = read(query.as_deref(), &calendar.zone, None, app.service.now())?;
    Ok(super::json(app.service.list_events(calendar, request, &caller.reader()).await?))
}

/// Reads one event
///
/// The occurrences of one UID in the window; with `Accept: text/calendar`, its iCalendar object
/// (403 for a private event of another user).
#[utoipa::path(
    get,
    path = "/api/{calendar}/events/{id}",
    tag = "Events",
    operation_id = "read_event",
    params(
        ("calendar" = String, Path, description = "The calendar's name in paths",
         example = "meeting-room-1"),
        ("id" = String, Path, description = "The event's id or any UID, percent-encoded",
         example = "4uT6vCKWq3hCNXKoaFZK2b"),
        schema::ListParameters,
    ),
    responses(
        (status = 200, description = "The occurrences of the event in the window, or the event", content(
            (schema::EventList = "application/json"),
            (String = "text/calendar"),
        )),
        (status = 400, description = "The path cannot be decoded", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 404, description = "No such calendar within the key's reach, or no such event in it",
         body = ProblemBody, content_type = "application/problem+json"),
        ServerErrors,
        Errors,
    ),
)]
pub async fn read_one(
    State(app): State<App>,
    authorized: Authorized<Read>,
    uri: Uri,
    InPath((slug, id)): InPath<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let caller = &authorized.caller;
    let calendar = caller.calendar(&slug)?;
    let request = read(query.as_deref(), &calendar.zone, Some(&id), app.service.now())?;
    let vary = [(VARY, "accept")];
    if wants_icalendar(&headers) {
        let text = app.service.object_text(calendar, &id, &caller.reader()).await;
        if matches!(text, Err(Error::Forbidden(_))) {
            authorized.note_refusal(&app, uri.path()).await;
        }
        let text = text?;
        let content = [(CONTENT_TYPE, "text/calendar; charset=utf-8")];
        return Ok((vary, content, text).into_response());
    }
    let list = app.service.list_events(calendar, request, &caller.reader()).await?;
    Ok((vary, super::json(list)).into_response())
}

/// The parameters of a list.
fn read(
    query: Option<&str>,
    zone: &str,
    uid: Option<&str>,
    now: Moment,
) -> Result<ListRequest, Problem> {
    let zone = Zone::iana(zone).unwrap_or_else(Zone::utc);
    let mut query = Query::read(query, &["start", "end", "limit", "after"], &[]);
    let start = query.moment("start", &zone).unwrap_or(now);
    let end = query.moment("end", &zone);
    let window = Window { start, end: end.unwrap_or(ListRequest::default_window(start).end) };
    if window.end <= window.start {
        query.wrong("end", "must be after the start");
    } else if window.end.since(window.start) > MAX_LIST_DAYS * ical::civil::DAY {
        query.wrong("end", "must be at most 5 years after the start");
    }
    let limit = query.number("limit", 1, MAX_LIST_LIMIT).unwrap_or(DEFAULT_LIST_LIMIT);
    let after = query.value("after").map(str::to_owned);
    query.finish()?;
    Ok(ListRequest { window, uid: uid.map(str::to_owned), after, limit })
}

/// Whether the caller prefers iCalendar to JSON (RFC 9110 section 12.5.1): it names that type, with
/// at least the weight of JSON.
fn wants_icalendar(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let (mut icalendar, mut json) = (None, None);
    for item in accepted.flat_map(|value| value.split(',')) {
        let mut parts = item.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        let quality = quality.and_then(|it| it.parse::<f32>().ok()).unwrap_or(1.0);
        match kind.as_str() {
            "text/calendar" => icalendar = Some(quality),
            "application/json" => json = Some(quality),
            _ => {}
        }
    }
    icalendar.is_some_and(|quality| quality > 0.0 && quality >= json.unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icalendar_is_given_to_those_who_name_it() {
        for (accept, expected) in [
            ("", false),
            ("*/*", false),
            ("application/json", false),
            ("text/calendar", true),
            ("Text/Calendar; charset=utf-8", true),
            ("text/calendar;q=0", false),
            ("text/calendar;q=0.5, application/json", false),
            ("application/json;q=0.9, text/calendar", true),
            ("text/html, text/calendar;q=0.1, */*", true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().unwrap());
            assert_eq!(wants_icalendar(&headers), expected, "{accept}");
        }
    }

    #[test]
    fn a_window_has_an_end_after_its_start_and_five_years_at_most() {
        let read = |query: &str| read(Some(query), "UTC", None, Moment(0)).map(|it| it.window);
        assert_eq!(read("").unwrap(), Window { start: Moment(0), end: Moment(30 * 86_400) });
        let later = read("start=2026-01-01").unwrap();
        assert_eq!(later.end.since(later.start), 30 * 86_400);
        assert!(read("start=2026-01-01&end=2031-01-01").is_ok());
        for query in [
            "start=2026-01-01&end=2026-01-01",
            "start=2026-01-02&end=2026-01-01",
            "start=2026-01-01&end=2031-01-04",
            "start=x",
            "end=",
            "limit=0",
            "limit=10001",
            "begin=2026-01-01",
        ] {
            assert!(read(query).is_err(), "{query}");
        }
    }
}
