//! The examples of the API's documentation: one for each answer of each call. The served document
//! has dates in the future; those of the committed one are fixed.

use axum::http::StatusCode;
use facts::time;
use ical::civil::{Civil, DAY};
use ical::{Moment, Zone};
use operations::{Error, Message, MessageId};
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{OpenApi, RefOr};

use super::problem::Problem;
use super::query::Query;
use super::{api, auth, body};

/// The zone of the examples.
const ZONE: &str = "Europe/Berlin";
/// The day of the examples.
const DATE: &str = "2026-03-02";
/// The moments of the examples, as days from that day and seconds of the day.
const MOMENTS: [(&str, i64, i64); 6] = [
    ("2026-03-02T12:00:00+01:00", 0, 43_200),
    ("2026-03-02T12:30:00+01:00", 0, 45_000),
    ("2026-03-02T13:00:00+01:00", 0, 46_800),
    ("2026-03-02T13:30:00+01:00", 0, 48_600),
    ("2026-01-14T08:33:20+01:00", -47, 30_800),
    ("2026-01-12T09:15:00+01:00", -49, 33_300),
];
/// The object of the examples.
const OBJECT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\
PRODID:-//Room Booking//Room Booking//EN\r\nCALSCALE:GREGORIAN\r\nBEGIN:VEVENT\r\n\
UID:4uT6vCKWq3hCNXKoaFZK2b\r\nDTSTAMP:20260114T073320Z\r\nCREATED:20260114T073320Z\r\n\
LAST-MODIFIED:20260114T073320Z\r\nSEQUENCE:0\r\nSUMMARY:Budget review\r\n\
DTSTART:20260302T110000Z\r\nDTEND:20260302T120000Z\r\nSTATUS:CONFIRMED\r\n\
TRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
/// The number of days from now to the day of the served examples.
const AHEAD: i64 = 7;

/// Gives each answer of each call an example.
pub fn add(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            let id = operation.operation_id.clone().unwrap_or_default();
            for (status, response) in &mut operation.responses.responses {
                let RefOr::T(response) = response else { continue };
                for (kind, content) in &mut response.content {
                    let RefOr::T(content) = content else { continue };
                    content.example = example(&id, status, kind);
                }
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, post, put, patch, delete, .. } = item;
    [get, post, put, patch, delete].into_iter().flatten()
}

/// The document with example dates after a moment.
pub fn with_dates_ahead(text: &str, now: Moment) -> String {
    let zone = Zone::iana(ZONE).unwrap_or_else(Zone::utc);
    let midnight = |days: i64| Civil::midnight(zone.civil(now).plus((AHEAD + days) * DAY).day());
    let mut text = text.to_owned();
    for (example, days, second) in MOMENTS {
        let moment = zone.moment(midnight(days).plus(second));
        text = text.replace(example, &time::rfc3339(&zone, moment));
        if let Some(of_example) = time::moment(example, &zone) {
            text = text.replace(&basic(of_example), &basic(moment));
        }
    }
    let day = time::rfc3339(&zone, zone.moment(midnight(0)));
    text.replace(DATE, day.get(..DATE.len()).unwrap_or(DATE))
}

/// A moment as iCalendar writes it, in UTC.
fn basic(moment: Moment) -> String {
    let extended = time::rfc3339(&Zone::utc(), moment);
    let digits = extended.chars().take("2026-03-02T12:00:00".len());
    digits.filter(|it| !matches!(it, '-' | ':')).chain(['Z']).collect()
}

fn event(uid: &str, name: &str, organizer: &str) -> Value {
    json!({
        "uid": uid, "name": name, "start": MOMENTS[0].0, "end": MOMENTS[2].0,
        "created": MOMENTS[4].0, "organizer": organizer
    })
}

fn booked() -> Value {
    event("4uT6vCKWq3hCNXKoaFZK2b", "Budget review", "finance@example.org")
}

fn rival() -> Value {
    event("8mZPzLxuV6nK5rJd2cQwYh", "Board meeting", "board@example.org")
}

fn listed() -> Value {
    let mut event = booked();
    event["recurring"] = json!(false);
    event["all_day"] = json!(false);
    event["status"] = json!("CONFIRMED");
    event["blocking"] = json!(true);
    event["etag"] = json!("\"9f86d081884c7d65\"");
    event
}

fn report(is_failed: bool) -> Value {
    let entry = json!({
        "event": booked(), "overlaps_with": rival(), "calendar": "meeting-room-1",
        "because": {
            "rule": "held_since", "winner_since": MOMENTS[5].0, "loser_since": MOMENTS[4].0,
            "witnessed": true
        },
        "key": "WyJtZWV0aW5nLXJvb20tMSIsIjNmMmE"
    });
    let failed = json!({
        "calendar": "meeting-room-1",
        "error": unreachable().to_string()
    });
    let (deleted, failed) =
        if is_failed { (json!([]), json!([failed])) } else { (json!([entry]), json!([])) };
    json!({
        "deleted_cancelled_events": [], "deleted_overlapping_events": deleted,
        "cancelled_overlapping_recurring_events": [], "ignored_overlapping_events": [],
        "ignored_cancelled_events": [], "failed_calendars": failed, "unreadable_objects": [],
        "warnings": [],
        "test_mode": true
    })
}

fn room() -> Value {
    json!({
        "calendar": "meeting-room-1", "name": "Meeting room 1", "time_zone": ZONE,
        "building": "North wing", "floor": "2", "capacity": 12,
        "features": ["projector", "whiteboard"], "description": null
    })
}

/// The example of an answer of a call.
fn example(operation: &str, status: &str, kind: &str) -> Option<Value> {
    if kind == "application/problem+json" {
        return problem(operation, status);
    }
    if kind == "text/calendar" {
        return Some(json!(OBJECT));
    }
    if kind != "application/json" {
        return None;
    }
    Some(match operation {
        "list_calendars" => json!({ "calendars": [room()] }),
        "find_free" => {
            let mut free = room();
            free["dates"] = json!(1);
            free["dates_taken"] = json!(0);
            free["taken"] = json!([]);
            json!({ "calendars": [free] })
        }
        "list_events" | "read_event" => json!({ "events": [listed()], "next": null }),
        "create_event" => json!({ "id": booked()["uid"] }),
        "change_event" => listed(),
        "clear_bookings" | "clear_entries" => report(status == "502"),
        "list_pending" => json!({ "pending": [{
            "id": 12, "calendar": "meeting-room-1", "event": booked(), "overlaps_with": rival(),
            "made_at": MOMENTS[4].0, "warned_at": MOMENTS[4].0, "removal_at": MOMENTS[0].0,
            "decision": null, "needs_attention": false
        }] }),
        _ => return None,
    })
}

/// The host of the examples' calendar server.
const HOST: &str = "cloud.example.org";

/// Why the calendar's server cannot be reached.
fn unreachable() -> Message {
    MessageId::caldav_connect(format!("{HOST}:443: Connection refused"))
}

/// An error of a call, as the code that answers it makes it.
fn problem(operation: &str, status: &str) -> Option<Value> {
    let code = StatusCode::from_bytes(status.as_bytes()).ok()?;
    let right = match operation {
        "create_event" => "create",
        "change_event" => "change",
        "delete_event" => "delete",
        "clear_bookings" | "clear_entries" => "clear",
        "list_pending" => "preview",
        "find_free" => "freebusy",
        _ => "read",
    };
    let has_body = ["create_event", "change_event", "clear_entries"].contains(&operation);
    let is_of_calendar =
        operation.starts_with("clear") || ["create_event", "list_events"].contains(&operation);
    let problem = match status {
        "400" if has_body => body::parse(b"Budget review").err()?,
        "400" => api::undecodable(),
        "401" => auth::not_valid(),
        "403" => auth::lacks(right),
        "404" if is_of_calendar => Error::no_calendar("meeting-room-9").into(),
        "404" => Error::no_event("meeting-room-1", booked()["uid"].as_str()?).into(),
        "408" => body::too_slow(),
        "409" if operation == "delete_event" => {
            Error::Conflict(MessageId::EarlierChangeUnknown.into()).into()
        }
        "409" => Problem::new(code, MessageId::RoomTaken.to_string()),
        "412" => Error::Outdated(MessageId::OtherVersion.into()).into(),
        "413" if operation == "clear_entries" => body::too_large(api::clear_bookings::MAX_BODY),
        "413" => body::too_large(body::MAX_BODY),
        "415" => body::not_declared(),
        "422" => invalid(operation)?,
        "429" => Problem::too_many(3),
        // Their conversion from an error would log it.
        "502" => Problem::new(code, unreachable().to_string()),
        "503" => Problem::new(code, store::UNAVAILABLE),
        "507" => Problem::new(code, store::FULL),
        "504" => {
            let late = MessageId::of_host(HOST, MessageId::CaldavTimeoutFirstByte);
            Problem::new(code, late.to_string())
        }
        _ => return None,
    };
    let mut problem = problem.to_json();
    if status == "409" && operation != "delete_event" {
        problem["events"] = json!([rival()]);
    }
    Some(problem)
}

/// 422 of a call: what its own reader says of a wrong request.
fn invalid(operation: &str) -> Option<Problem> {
    match operation {
        "create_event" | "change_event" => {
            Some(Error::invalid("end", MessageId::EndAfterStart).into())
        }
        "clear_entries" => {
            let errors = api::clear_bookings::read_body(json!({ "test": "yes" })).err()?;
            Some(Problem::invalid(errors))
        }
        "clear_bookings" => api::clear_bookings::read(Some("tset=1")).err(),
        "list_calendars" | "list_pending" => Query::read(Some("limit=1"), &[], &[]).finish().err(),
        "delete_event" => {
            Query::read(Some("ocurrence=2026-03-02"), &["occurrence"], &[]).finish().err()
        }
        _ => {
            let mut query = Query::read(Some("limit=0"), &["limit"], &[]);
            query.number("limit", 1, 10_000);
            query.finish().err()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dates_of_the_served_examples_are_ahead_and_on_the_clock_of_their_zone() {
        let text = format!("{DATE}T12:00:00 {} {}", MOMENTS[0].0, MOMENTS[4].0);
        let winter = with_dates_ahead(&text, Moment(1_764_374_400)); // 2025-11-29T00:00:00Z
        let expected = "2025-12-06T12:00:00 2025-12-06T12:00:00+01:00 2025-10-20T08:33:20+02:00";
        assert_eq!(winter, expected);
        let summer = with_dates_ahead(MOMENTS[2].0, Moment(1_783_296_000)); // 2026-07-06T00:00:00Z
        assert_eq!(summer, "2026-07-13T13:00:00+02:00");
    }
}
