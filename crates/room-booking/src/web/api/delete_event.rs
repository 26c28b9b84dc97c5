//! `DELETE /api/{calendar}/events/{id}`

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;

use super::InPath;
use super::change_event::occurrence;
use crate::web::auth::{Authorized, Delete};
use crate::web::problem::{Errors, Problem, ProblemBody, ServerErrors};
use crate::web::query::Query;
use crate::web::{App, schema};

/// Deletes an event
///
/// Deletes the whole event, a series with all its occurrences; with `occurrence`, that date alone.
/// The history keeps it, and an administrator can restore it. No message is sent.
#[utoipa::path(
    delete,
    path = "/api/{calendar}/events/{id}",
    tag = "Events",
    operation_id = "delete_event",
    params(
        ("calendar" = String, Path, description = "The calendar's name in paths",
         example = "meeting-room-1"),
        ("id" = String, Path, description = "The event's id or any UID, percent-encoded",
         example = "4uT6vCKWq3hCNXKoaFZK2b"),
        schema::Occurrence,
    ),
    responses(
        (status = 204, description = "The event is gone"),
        (status = 400, description = "The path cannot be decoded", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 404, description = "No such calendar within the key's reach, or no such event or \
                                      occurrence in it",
         body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is not known yet what became of an earlier change of this event",
         body = ProblemBody, content_type = "application/problem+json"),
        ServerErrors,
        Errors,
    ),
)]
pub async fn delete(
    State(app): State<App>,
    Authorized { caller, .. }: Authorized<Delete>,
    InPath((slug, id)): InPath<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Problem> {
    let calendar = caller.calendar(&slug)?;
    let mut query = Query::read(query.as_deref(), &["occurrence"], &[]);
    let occurrence = occurrence(&mut query, &calendar.zone);
    query.finish()?;
    match occurrence {
        None => app.service.delete_event(&caller, calendar, &id).await?,
        Some(at) => app.service.delete_occurrence(&caller, calendar, &id, at).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}
