//! `GET /api/calendars`

use axum::extract::RawQuery;
use axum::response::IntoResponse;
use serde::Serialize;

use crate::web::auth::{Authorized, Read};
use crate::web::problem::{Errors, Problem};
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
        Errors,
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
