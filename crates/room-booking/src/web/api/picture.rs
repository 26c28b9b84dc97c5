//! `GET /api/{calendar}/picture`

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::InPath;
use crate::web::App;
use crate::web::admin::picture_response;
use crate::web::auth::{Authorized, Read};
use crate::web::problem::{Errors, Problem, ProblemBody};
use crate::web::query::Query;

/// Shows the picture of a room
///
/// PNG, JPEG or WebP, as an administrator has uploaded it.
#[utoipa::path(
    get,
    path = "/api/{calendar}/picture",
    tag = "Calendars",
    operation_id = "show_picture",
    params(("calendar" = String, Path, description = "The calendar")),
    responses(
        (status = 200, description = "The picture", content(
            (String = "image/png"), (String = "image/jpeg"), (String = "image/webp"),
        )),
        (status = 404, description = "No such calendar within the key's reach, or it has no picture",
         body = ProblemBody, content_type = "application/problem+json"),
        Errors,
    ),
)]
pub async fn show(
    State(app): State<App>,
    Authorized { caller, .. }: Authorized<Read>,
    InPath(slug): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Query::read(query.as_deref(), &[], &[]).finish()?;
    let calendar = caller.calendar(&slug)?;
    let picture = app.service.picture(calendar).await?;
    let none = || Problem::new(StatusCode::NOT_FOUND, "the room has no picture");
    Ok(picture_response(picture.ok_or_else(none)?).into_response())
}
