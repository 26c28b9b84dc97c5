//! `POST /api/{calendar}/events`

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use ical::Zone;
use operations::{FieldError, NewBooking, Requested, WhenTaken};
use serde_json::{Map, Value};

use super::InPath;
use crate::web::auth::{Authorized, Create};
use crate::web::problem::{Errors, Problem, ProblemBody, ServerErrors};
use crate::web::query::Query;
use crate::web::{App, body, schema};

/// Creates an event
///
/// The event's author is the key's user. Times without an offset are local in the calendar's time zone;
/// two plain dates make an all-day event.
#[utoipa::path(
    post,
    path = "/api/{calendar}/events",
    tag = "Events",
    operation_id = "create_event",
    params(
        ("calendar" = String, Path, description = "The calendar's name in paths",
         example = "meeting-room-1"),
        ("only_if_free" = Option<schema::Flag>, Query,
         description = "`1`: create nothing if an event is in the way (409). For a series as far as \
                        the calendar's horizon."),
        ("Idempotency-Key" = Option<String>, Header,
         description = "1 to 255 characters. The same key with the same request within 24 hours gives \
                        the first answer and creates nothing. Failures are not remembered: a request \
                        that was answered 409 may be answered 201 later."),
    ),
    request_body = schema::NewEvent,
    responses(
        (status = 201, description = "The event was created", body = schema::Created,
         headers(("Location" = String, description = "Where the event is read"))),
        (status = 400, description = "The body is no JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 404, description = "No such calendar within the key's reach", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 408, description = "The body came too slowly", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 409, description = "The room is taken; `events` says by what", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 415, description = "The body is not declared as JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        ServerErrors,
        Errors,
    ),
)]
pub async fn create(
    State(app): State<App>,
    Authorized { caller, .. }: Authorized<Create>,
    InPath(slug): InPath<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let calendar = caller.calendar(&slug)?;
    let mut query = Query::read(query.as_deref(), &["only_if_free"], &[]);
    let when_taken =
        if query.boolean("only_if_free") { WhenTaken::Refuse } else { WhenTaken::Book };
    query.finish()?;
    let key = idempotency_key(&headers)?;
    let body = body::json(&headers, body).await?;
    let requested = read(body, &calendar.zone).map_err(Problem::invalid)?;
    let created = app.service.create_event(&caller, calendar, &requested, when_taken, key).await?;
    let location = format!("{}/api/{slug}/events/{}", app.public_url(), created.id);
    let answer = serde_json::to_vec(&serde_json::json!({ "id": created.id }));
    let answer = answer.map_err(|_| Problem::internal())?;
    Ok((StatusCode::CREATED, [(LOCATION, location)], super::json(answer)))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    let wrong =
        |message: &str| Problem::invalid(vec![FieldError::quoted("Idempotency-Key", message)]);
    if values.next().is_some() {
        return Err(wrong("must stand no more than once"));
    }
    value.to_str().map(Some).map_err(|_| wrong("must be of visible ASCII characters"))
}

/// Reads a body: an object of known text fields. If any is wrong, the values of the others are checked,
/// too, so that all errors are named at once.
fn read(body: Value, zone: &str) -> Result<Requested, Vec<FieldError>> {
    let Value::Object(mut fields) = body else {
        return Err(vec![FieldError::quoted("body", "must be a JSON object")]);
    };
    let mut errors = Vec::new();
    let mut requested = Requested::default();
    for (field, target) in [
        ("name", &mut requested.name),
        ("start", &mut requested.start),
        ("end", &mut requested.end),
    ] {
        match text(&mut fields, field, &mut errors) {
            Some(text) => *target = text,
            None if errors.iter().any(|error| error.field == field) => {}
            None => errors.push(FieldError::quoted(field, "is missing")),
        }
    }
    requested.organizer = text(&mut fields, "organizer", &mut errors);
    requested.description = text(&mut fields, "description", &mut errors);
    requested.rrule = text(&mut fields, "rrule", &mut errors);
    for field in fields.keys() {
        let message =
            "is not known here; known are name, start, end, organizer, description, rrule";
        errors.push(FieldError::quoted(field, message));
    }
    if errors.is_empty() {
        return Ok(requested);
    }
    let zone = Zone::iana(zone).unwrap_or_else(Zone::utc);
    let of_values = NewBooking::read(&requested, &zone).err().unwrap_or_default();
    for error in of_values {
        if errors.iter().all(|it| it.field != error.field) {
            errors.push(error);
        }
    }
    Err(errors)
}

/// Removes a text from an object. `null` counts as missing.
pub(super) fn text(
    fields: &mut Map<String, Value>,
    name: &str,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    match fields.remove(name)? {
        Value::String(text) => Some(text),
        Value::Null => None,
        _ => {
            errors.push(FieldError::quoted(name, "must be a text"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(body: Value) -> Vec<(String, String)> {
        let errors = read(body, "Europe/Berlin").unwrap_err();
        errors.into_iter().map(|it| (it.field, it.message.to_string())).collect()
    }

    #[test]
    fn each_field_that_is_missing_unknown_or_no_text_is_named() {
        let body = serde_json::json!({ "name": 1, "start": null, "organiser": "a@b.org" });
        let fields: Vec<_> = wrong(body).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["name", "start", "end", "organiser"]);
        for body in [Value::Null, serde_json::json!([]), serde_json::json!("x")] {
            assert_eq!(wrong(body)[0].0, "body");
        }
    }

    #[test]
    fn a_member_that_is_not_known_hides_no_other_error() {
        let body = serde_json::json!({
            "name": " ", "start": "soon", "end": "2026-03-02T12:00", "organizer": "ann",
            "rrule": "FREQ=NEVER", "titel": "Review", "description": 7
        });
        let fields: Vec<_> = wrong(body).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["description", "titel", "name", "organizer", "start", "rrule"]);
        let missing = wrong(serde_json::json!({ "start": "2026-03-02T12:00", "titel": "Review" }));
        let expected = [("name", "is missing"), ("end", "is missing")];
        assert_eq!(missing[..2], expected.map(|(field, why)| (field.to_owned(), why.to_owned())));
        assert_eq!(missing.len(), 3, "{missing:?}");
    }

    #[test]
    fn an_optional_field_may_be_null() {
        let body =
            serde_json::json!({ "name": "n", "start": "s", "end": "e", "description": null });
        let requested = read(body, "Europe/Berlin").unwrap();
        assert_eq!((requested.name.as_str(), requested.description), ("n", None));
    }
}
