//! `DELETE /api/clear-bookings`

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use operations::{ClearRequest, Limit, Mode, Scope};

use crate::web::auth::{Authorized, Clear};
use crate::web::problem::{Errors, Problem, ProblemBody};
use crate::web::query::Query;
use crate::web::{App, schema};

/// Clears cancelled and overlapping events
///
/// Deletes cancelled leftovers and double bookings, by the rules that the administrator set; of a
/// series only the occurrences go that overlap. **Without `test=1` it is the real thing.** The run goes
/// on to its end also if you go away.
#[utoipa::path(
    delete,
    path = "/api/clear-bookings",
    tag = "Clearing",
    operation_id = "clear_bookings",
    params(
        ("calendar" = Option<Vec<String>>, Query, style = Form, explode,
         description = "Which calendar; may be repeated. Without it, all that the key reaches.",
         example = json!(["meeting-room-1"])),
        ("test" = Option<String>, Query, example = "1",
         description = "`1`, `ok`, `on`, `true` or `yes`: nothing is changed and no mail is sent, and \
                        the answer says what would have been. `0`, `off`, `false` or `no`: the real \
                        thing."),
        ("confirm" = Option<String>, Query,
         description = "`1`: lifts the calendars' safety limit for this run."),
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
    Authorized { caller, .. }: Authorized<Clear>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    let (scope, mode, limit) = read(query.as_deref())?;
    let request = ClearRequest { scope, mode, limit, started_by: caller.starter() };
    let report = app.service.clear_bookings(Some(&caller), request).await?;
    let status = if report.all_failed() { StatusCode::BAD_GATEWAY } else { StatusCode::OK };
    let body = serde_json::to_vec(&report).map_err(|_| Problem::internal())?;
    Ok((status, super::json(body)))
}

/// The parameters of a clear.
fn read(query: Option<&str>) -> Result<(Scope, Mode, Limit), Problem> {
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
    Ok((scope, mode, limit))
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
        assert_eq!(read(None).unwrap(), (Scope::All, Mode::Real, Limit::Holds));
        let (scope, mode, limit) = read(Some("calendar=a&test=OK&calendar=b&confirm=1")).unwrap();
        assert_eq!(scope, Scope::Named(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!((mode, limit), (Mode::Test, Limit::Lifted));
        assert_eq!(read(Some("test=off")).unwrap().1, Mode::Real);
    }
}
