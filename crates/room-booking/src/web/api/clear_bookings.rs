//! `DELETE /api/clear-bookings` and `POST /api/clear-bookings`

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use operations::{Caller, ClearRequest, EntryKey, FieldError, Limit, MAX_ENTRIES, Mode, Scope};
use serde_json::Value;

use crate::web::auth::{Authorized, Preview, lacks};
use crate::web::problem::{Errors, Problem, ProblemBody};
use crate::web::query::Query;
use crate::web::{App, body, schema};

/// Clears cancelled and overlapping events
///
/// Removes cancelled leftovers and double bookings by the rules and the calendars' settings; of a
/// series, only the overlapping occurrences. **Without `test=1`, events are removed.** The run
/// continues to its end even if you close the connection.
#[utoipa::path(
    delete,
    path = "/api/clear-bookings",
    tag = "Clearing",
    operation_id = "clear_bookings",
    params(
        ("calendar" = Option<Vec<String>>, Query, style = Form, explode,
         description = "Which calendar; may be repeated. Without it, all that the key reaches.",
         example = json!(["meeting-room-1"])),
        ("test" = Option<schema::Flag>, Query, example = "1",
         description = "`1`, `ok`, `on`, `true` or `yes`: nothing is changed and no mail is sent, and \
                        the answer says what would have been. `0`, `off`, `false` or `no`: the real \
                        thing."),
        ("confirm" = Option<schema::Flag>, Query,
         description = "`1`: lifts the calendars' safety limit for this run. Only a key of an \
                        administrator may: else 403, and nothing is cleared."),
    ),
    responses(
        (status = 200, description = "What was done", body = schema::Report),
        (status = 404, description = "No such calendar within the key's reach; nothing was cleared \
                                      anywhere",
         body = ProblemBody, content_type = "application/problem+json"),
        (status = 502, description = "All calendars failed", body = schema::Report),
        Errors,
    ),
)]
pub async fn clear(
    State(app): State<App>,
    authorized: Authorized<Preview>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    run(&app, &authorized, read(query.as_deref())?).await
}

/// Clears cancelled and overlapping events, or chosen entries
///
/// Like `DELETE /api/clear-bookings`, with a body. With `only`, keys of entries of an earlier
/// answer, exactly these entries are applied if nothing about them has changed; the others are
/// reported as `changed`. **Without `"test": true`, events are removed.**
#[utoipa::path(
    post,
    path = "/api/clear-bookings",
    tag = "Clearing",
    operation_id = "clear_entries",
    request_body = schema::ClearRequest,
    responses(
        (status = 200, description = "What was done", body = schema::Report),
        (status = 400, description = "The body is no JSON, or names a member twice", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 404, description = "No such calendar within the key's reach; nothing was cleared \
                                      anywhere",
         body = ProblemBody, content_type = "application/problem+json"),
        (status = 408, description = "The body came too slowly", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 415, description = "The body is not declared as JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 502, description = "All calendars failed", body = schema::Report),
        Errors,
    ),
)]
pub async fn clear_by_body(
    State(app): State<App>,
    authorized: Authorized<Preview>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    Query::read(query.as_deref(), &[], &[]).finish()?;
    let body = body::json_up_to(MAX_BODY, &headers, body).await?;
    run(&app, &authorized, read_body(body).map_err(Problem::invalid)?).await
}

/// The path, as refusals are recorded.
const PATH: &str = "/api/clear-bookings";
/// The largest body of a clear, for the largest number of keys.
pub(in crate::web) const MAX_BODY: usize = 4 << 20;

/// The request.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::web) struct Asked {
    scope: Scope,
    mode: Mode,
    limit: Limit,
    /// The entries that it is restricted to.
    only: Option<Vec<EntryKey>>,
}

async fn run(
    app: &App,
    authorized: &Authorized<Preview>,
    asked: Asked,
) -> Result<Response, Problem> {
    let Asked { scope, mode, limit, only } = asked;
    let caller: &Caller = &authorized.caller;
    if mode == Mode::Real && !caller.rights.clear {
        authorized.note_refusal(app, PATH).await;
        return Err(lacks("clear"));
    }
    if limit == Limit::Lifted && !caller.is_administrator {
        authorized.note_refusal(app, &format!("{PATH}?confirm=1")).await;
    }
    if let Scope::Named(slugs) = &scope {
        let subject = |slug: &str| format!("{PATH}?calendar={slug}");
        authorized.note_calendars_of_others(app, slugs, subject).await?;
    }
    let request = ClearRequest { scope, mode, limit, started_by: caller.starter() };
    let report = match only {
        None => app.service.clear_bookings(Some(caller), request).await?,
        Some(keys) => app.service.clear_entries(caller, request, &keys).await?,
    };
    let status = if report.all_failed() { StatusCode::BAD_GATEWAY } else { StatusCode::OK };
    let mut body = Vec::new();
    report.write_json(&mut body).map_err(|_| Problem::internal())?;
    Ok((status, super::json(body)).into_response())
}

/// The parameters of a clear.
pub(in crate::web) fn read(query: Option<&str>) -> Result<Asked, Problem> {
    let known = ["calendar", "test", "confirm"];
    let mut query = Query::read(query, &known, &["calendar"]);
    let slugs: Vec<String> = query.values("calendar").map(str::to_owned).collect();
    if slugs.iter().any(String::is_empty) {
        query.wrong("calendar", "must not be empty; leave it out to clear all calendars");
    }
    let mode = if query.boolean("test") { Mode::Test } else { Mode::Real };
    let limit = if query.boolean("confirm") { Limit::Lifted } else { Limit::Holds };
    query.finish()?;
    let scope = if slugs.is_empty() { Scope::All } else { Scope::Named(slugs) };
    Ok(Asked { scope, mode, limit, only: None })
}

/// The body of a clear. It is read strictly: a value of a wrong type, `null` too, is an error.
pub(in crate::web) fn read_body(body: Value) -> Result<Asked, Vec<FieldError>> {
    let Value::Object(mut members) = body else {
        return Err(vec![FieldError::quoted("body", "must be a JSON object")]);
    };
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: &str| errors.push(FieldError::quoted(field, message));
    let slugs = members.remove("calendars").map(|value| match texts(value) {
        Some(slugs) if !slugs.is_empty() && slugs.iter().all(|it| !it.is_empty()) => slugs,
        _ => {
            let message = "must be a list of names of calendars; leave it out to clear all";
            wrong("calendars", message);
            Vec::new()
        }
    });
    let only = members.remove("only").map(|value| match texts(value) {
        Some(keys) if keys.len() <= MAX_ENTRIES => {
            let keys: Option<Vec<_>> = keys.iter().map(|key| EntryKey::parse(key)).collect();
            if keys.is_none() {
                wrong("only", "must hold keys of entries of an earlier answer");
            }
            keys.unwrap_or_default()
        }
        _ => {
            wrong("only", "must be a list of at most 5,000 keys of entries of an earlier answer");
            Vec::new()
        }
    });
    let mut flag = |name: &str| match members.remove(name) {
        None => false,
        Some(Value::Bool(flag)) => flag,
        Some(_) => {
            wrong(name, "must be true or false");
            false
        }
    };
    let mode = if flag("test") { Mode::Test } else { Mode::Real };
    let limit = if flag("confirm") { Limit::Lifted } else { Limit::Holds };
    for member in members.keys() {
        wrong(member, "is not known here; known are calendars, test, confirm, only");
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let scope = slugs.map_or(Scope::All, Scope::Named);
    Ok(Asked { scope, mode, limit, only })
}

/// A list of texts.
fn texts(value: Value) -> Option<Vec<String>> {
    let Value::Array(items) = value else { return None };
    let text = |item: Value| match item {
        Value::String(text) => Some(text),
        _ => None,
    };
    items.into_iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_misspelt_is_a_real_run() {
        for query in [
            "tset=1",
            "test",
            "test=",
            "test=2",
            "test=1&test=1",
            "Test=1",
            "test=ye",
            "calendar=",
            "calendars=a",
            "confirm=",
            "confirm=maybe",
            "test=1;calendar=a",
            "dry-run=1",
        ] {
            assert!(read(Some(query)).is_err(), "{query}");
        }
    }

    #[test]
    fn what_is_said_is_what_is_meant() {
        let asked = |scope, mode, limit| Asked { scope, mode, limit, only: None };
        assert_eq!(read(None).unwrap(), asked(Scope::All, Mode::Real, Limit::Holds));
        let scope = Scope::Named(vec!["a".to_owned(), "b".to_owned()]);
        let expected = asked(scope, Mode::Test, Limit::Lifted);
        assert_eq!(read(Some("calendar=a&test=OK&calendar=b&confirm=1")).unwrap(), expected);
        assert_eq!(read(Some("test=off")).unwrap().mode, Mode::Real);
        let body = serde_json::json!({ "calendars": ["a", "b"], "test": true, "confirm": true });
        assert_eq!(read_body(body).unwrap(), expected);
        let all = asked(Scope::All, Mode::Real, Limit::Holds);
        assert_eq!(read_body(serde_json::json!({})).unwrap(), all);
        let none = read_body(serde_json::json!({ "only": [] })).unwrap();
        assert_eq!(none.only, Some(Vec::new()));
    }

    #[test]
    fn a_body_that_is_not_understood_is_refused_member_by_member() {
        for (body, field) in [
            (serde_json::json!([]), "body"),
            (serde_json::json!({ "tset": true }), "tset"),
            (serde_json::json!({ "test": null }), "test"),
            (serde_json::json!({ "test": "true" }), "test"),
            (serde_json::json!({ "confirm": 1 }), "confirm"),
            (serde_json::json!({ "calendars": [] }), "calendars"),
            (serde_json::json!({ "calendars": [""] }), "calendars"),
            (serde_json::json!({ "calendars": "a" }), "calendars"),
            (serde_json::json!({ "calendars": null }), "calendars"),
            (serde_json::json!({ "only": ["x"] }), "only"),
            (serde_json::json!({ "only": [1] }), "only"),
            (serde_json::json!({ "only": null }), "only"),
        ] {
            let errors = read_body(body.clone()).unwrap_err();
            assert_eq!(errors.len(), 1, "{body}");
            assert_eq!(errors[0].field, field, "{body}");
        }
    }
}
