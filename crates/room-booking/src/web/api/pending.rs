//! `GET /api/pending`

use axum::extract::{RawQuery, State};
use axum::response::IntoResponse;

use crate::pending_answer::PendingAnswer;
use crate::web::auth::{Authorized, Preview};
use crate::web::problem::{Errors, Problem};
use crate::web::query::Query;
use crate::web::{App, schema};

/// Lists pending removals
///
/// A calendar that warns removes the loser of a conflict when a grace is over. Until then the removal is pending: an
/// administrator can keep the event, or remove it at once.
#[utoipa::path(
    get,
    path = "/api/pending",
    tag = "Clearing",
    operation_id = "list_pending",
    responses(
        (status = 200, description = "The pending removals of the calendars that the key reaches, by start",
         body = schema::PendingList),
        Errors,
    ),
)]
pub async fn list(
    State(app): State<App>,
    Authorized { caller, .. }: Authorized<Preview>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    Query::read(query.as_deref(), &[], &[]).finish()?;
    let all = app.service.pending_removals(&caller.calendars, &caller.reader()).await?;
    let body = serde_json::to_vec(&PendingAnswer::of(all)).map_err(|_| Problem::internal())?;
    Ok(super::json(body))
}
