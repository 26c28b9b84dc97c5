//! `PATCH /api/{calendar}/events/{id}`

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use axum::response::IntoResponse;
use ical::{Moment, Zone};
use operations::{ChangeRequest, FieldError, RequestedChange, WhenTaken};
use serde_json::Value;

use super::InPath;
use super::create_event::text;
use crate::web::auth::{Authorized, Change};
use crate::web::problem::{Errors, Problem, ProblemBody, ServerErrors};
use crate::web::query::Query;
use crate::web::{App, body, schema};

/// The longest `If-Match` header.
const MAX_IF_MATCH: usize = 4_096;

/// Changes an event
///
/// Missing members stay as they are. With `occurrence`, only that date of a series is changed;
/// otherwise the event or its whole series: the rule stays, and so do dates that were changed or
/// cancelled alone. When the start of a series moves, its exceptions move with it. The history
/// keeps the object as it was.
#[utoipa::path(
    patch,
    path = "/api/{calendar}/events/{id}",
    tag = "Events",
    operation_id = "change_event",
    params(
        ("calendar" = String, Path, description = "The calendar's name in paths",
         example = "meeting-room-1"),
        ("id" = String, Path, description = "The event's id or any UID, percent-encoded",
         example = "4uT6vCKWq3hCNXKoaFZK2b"),
        schema::Occurrence,
        ("only_if_free" = Option<schema::Flag>, Query,
         description = "`1`: change nothing if another event is in the way (409). For a series as far as \
                        the calendar's horizon."),
        ("If-Match" = Option<String>, Header,
         description = "An `etag` of the list: change nothing if the event is another version by now \
                        (412)."),
    ),
    request_body = schema::EventChange,
    responses(
        (status = 200, description = "The event as it is now; of a series, its first date",
         body = schema::ListedEvent),
        (status = 400, description = "The body is no JSON, or names a member twice", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 404, description = "No such calendar within the key's reach, or no such event or \
                                      occurrence in it",
         body = ProblemBody, content_type = "application/problem+json"),
        (status = 408, description = "The body came too slowly", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 409, description = "The room is taken (`events` says by what), only the organizer can \
                                      change this event, or it is not known yet what became of an \
                                      earlier change of it",
         body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "The event is another version than `If-Match` names",
         body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 415, description = "The body is not declared as JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        ServerErrors,
        Errors,
    ),
)]
pub async fn change(
    State(app): State<App>,
    Authorized { caller, .. }: Authorized<Change>,
    InPath((slug, id)): InPath<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let calendar = caller.calendar(&slug)?;
    let mut query = Query::read(query.as_deref(), &["occurrence", "only_if_free"], &[]);
    let when_taken =
        if query.boolean("only_if_free") { WhenTaken::Refuse } else { WhenTaken::Book };
    let occurrence = occurrence(&mut query, &calendar.zone);
    query.finish()?;
    let if_match = if_match(&headers)?;
    let change = read(body::json(&headers, body).await?).map_err(Problem::invalid)?;
    let request = ChangeRequest { uid: id, change, occurrence, when_taken, if_match };
    Ok(super::json(app.service.change_event(&caller, calendar, request).await?))
}

/// The parameter `occurrence`: an original start, as `recurrence_id` in the list.
pub fn occurrence(query: &mut Query, zone: &str) -> Option<Moment> {
    let zone = Zone::iana(zone).unwrap_or_else(Zone::utc);
    query.moment("occurrence", &zone)
}

/// The versions of `If-Match` (RFC 9110 section 13.1.1); one without quotation marks is read as if
/// it had them.
fn if_match(headers: &HeaderMap) -> Result<Option<Vec<String>>, Problem> {
    if !headers.contains_key(IF_MATCH) {
        return Ok(None);
    }
    let wrong = || {
        let message = "must be entity tags, such as an etag of the list";
        Problem::invalid(vec![FieldError::quoted("If-Match", message)])
    };
    let mut etags = Vec::new();
    for value in headers.get_all(IF_MATCH) {
        let value = value.to_str().map_err(|_| wrong())?;
        if value.len() > MAX_IF_MATCH {
            return Err(wrong());
        }
        for tag in value.split(',').map(str::trim).filter(|it| !it.is_empty()) {
            etags.push(tag.to_owned());
            if !tag.contains('"') {
                etags.push(format!("\"{tag}\""));
            }
        }
    }
    if etags.is_empty() { Err(wrong()) } else { Ok(Some(etags)) }
}

fn read(body: Value) -> Result<RequestedChange, Vec<FieldError>> {
    let Value::Object(mut fields) = body else {
        return Err(vec![FieldError::quoted("body", "must be a JSON object")]);
    };
    let mut errors = Vec::new();
    let mut change = RequestedChange::default();
    for (field, target) in [
        ("name", &mut change.name),
        ("start", &mut change.start),
        ("end", &mut change.end),
        ("description", &mut change.description),
    ] {
        *target = text(&mut fields, field, &mut errors);
    }
    for field in fields.keys() {
        let message = "is not known here; known are name, start, end, description";
        errors.push(FieldError::quoted(field, message));
    }
    if errors.is_empty() { Ok(change) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_with_and_without_quotation_marks() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_MATCH, text.parse().unwrap());
            if_match(&headers).ok().flatten()
        };
        assert_eq!(if_match(&HeaderMap::new()).unwrap(), None);
        let expected = |tags: &[&str]| Some(tags.iter().map(|it| (*it).to_owned()).collect());
        assert_eq!(read("\"a\", W/\"b\""), expected(&["\"a\"", "W/\"b\""]));
        assert_eq!(read("a"), expected(&["a", "\"a\""]));
        assert_eq!(read(" , "), None);
        assert_eq!(read(&"a".repeat(MAX_IF_MATCH + 1)), None);
    }

    #[test]
    fn a_member_that_is_not_known_is_named() {
        let errors = read(serde_json::json!({ "name": "a", "rrule": "FREQ=DAILY", "end": 5 }));
        let fields: Vec<_> = errors.unwrap_err().into_iter().map(|it| it.field).collect();
        assert_eq!(fields, ["end", "rrule"]);
        assert!(read(serde_json::json!([])).is_err());
    }
}
