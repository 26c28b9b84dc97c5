//! The examples of the API's documentation: one for each answer of each call. The served document
//! has dates in the future; those of the committed one are fixed.

use axum::http::StatusCode;
use facts::time;
use ical::civil::{Civil, DAY};
use ical::{Moment, Zone};
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{OpenApi, RefOr};

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
/// The reason why an event cannot be deleted at present.
const IN_DOUBT: &str = "an earlier change of this event is in doubt: the calendar server has not answered and \
                        may still carry it out; this is known after 16 minutes at most, try again then";
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
        "error": "cloud.example.org: it cannot be reached: connection refused"
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
        "list_calendars" => json!({ "calendars": [{
            "calendar": "meeting-room-1", "name": "Meeting room 1", "time_zone": ZONE
        }] }),
        "list_events" | "read_event" => json!({ "events": [listed()], "next": null }),
        "create_event" => json!({ "id": booked()["uid"] }),
        "change_event" => listed(),
        "clear_bookings" | "clear_entries" => report(status == "502"),
        _ => return None,
    })
}

fn problem(operation: &str, status: &str) -> Option<Value> {
    let code = StatusCode::from_bytes(status.as_bytes()).ok()?;
    let right = match operation {
        "create_event" => "create",
        "change_event" => "change",
        "delete_event" => "delete",
        "clear_bookings" | "clear_entries" => "clear",
        _ => "read",
    };
    let has_body = ["create_event", "change_event", "clear_entries"].contains(&operation);
    let lacks = format!("the API key may not do this: it lacks the right to {right}");
    let (field, message) = match operation {
        "create_event" | "change_event" => ("end", "must be after the start"),
        "clear_entries" => ("test", "must be true or false"),
        "clear_bookings" => ("tset", "is not known here; known are calendar, test, confirm"),
        "list_calendars" => ("limit", "is not known here: this call takes no parameters"),
        "delete_event" => ("ocurrence", "is not known here; known are occurrence"),
        _ => ("limit", "must be a number from 1 to 10000"),
    };
    let invalid = format!("{field} {message}");
    let detail = match status {
        "400" if has_body => "the body is no JSON: expected value at line 1 column 1",
        "400" => "the path cannot be decoded: percent-encode it as UTF-8",
        "401" => "the API key is not valid",
        "403" => &lacks,
        "404"
            if operation.starts_with("clear")
                || ["create_event", "list_events"].contains(&operation) =>
        {
            "there is no calendar \"meeting-room-9\", or it is not assigned to you"
        }
        "404" => "the calendar \"meeting-room-1\" has no event \"4uT6vCKWq3hCNXKoaFZK2b\"",
        "408" => "the body took longer than 30 seconds to come",
        "409" if operation == "delete_event" => IN_DOUBT,
        "409" => "the room is taken at that time",
        "412" => "the event has changed since: read it again",
        "413" => "the body is larger than 256 KiB",
        "415" => "send the body as JSON: the header is `Content-Type: application/json`",
        "422" => &invalid,
        "429" => "too many wrong keys came from your address; wait 3 seconds",
        "502" => "cloud.example.org: it cannot be reached: connection refused",
        "503" => "the database is busy or does not answer",
        "504" => "cloud.example.org: it took longer than 30 seconds",
        _ => return None,
    };
    let title = code.canonical_reason().unwrap_or("Error");
    let mut problem = json!({ "title": title, "status": code.as_u16(), "detail": detail });
    match status {
        "422" => problem["errors"] = json!([{ "field": field, "message": message }]),
        "409" if operation != "delete_event" => problem["events"] = json!([rival()]),
        _ => {}
    }
    Some(problem)
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
