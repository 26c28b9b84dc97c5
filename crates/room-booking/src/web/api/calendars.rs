//! `GET /api/calendars`

use axum::extract::RawQuery;
use axum::response::IntoResponse;
use serde::Serialize;

use crate::web::auth::{Authorized, Read};
use crate::web::problem::{Problem, ProblemBody};
use crate::web::query::Query;
use crate::web::schema;

#[derive(Serialize)]
struct CalendarList<'c> {
    calendars: Vec<Calendar<'c>>,
}

#[derive(Serialize)]
struct Calendar<'c> {
    calendar: &'c str,
    name: &'c str,
    time_zone: &'c str,
}

/// Lists the calendars that the key reaches
#[utoipa::path(
    get,
    path = "/api/calendars",
    tag = "Calendars",
    operation_id = "list_calendars",
    responses(
        (status = 200, description = "The calendars, by name", body = schema::CalendarList),
        (status = 401, description = "No key, or no valid one", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 403, description = "The key may not read", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 422, description = "An unknown parameter", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 429, description = "Too many wrong keys from this address", body = ProblemBody,
         content_type = "application/problem+json",
         headers(("Retry-After" = u64, description = "Seconds to wait"))),
        (status = 503, description = "The database is busy or does not answer", body = ProblemBody,
         content_type = "application/problem+json",
         headers(("Retry-After" = u64, description = "Seconds to wait"))),
    ),
)]
pub async fn list(
    Authorized { caller, .. }: Authorized<Read>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    Query::read(query.as_deref(), &[], &[]).finish()?;
    let calendars = caller.calendars.iter().map(|it| Calendar {
        calendar: &it.slug,
        name: &it.name,
        time_zone: &it.zone,
    });
    let body = serde_json::to_vec(&CalendarList { calendars: calendars.collect() });
    Ok(super::json(body.map_err(|_| Problem::internal())?))
}
