//! The picture of a room: shown, set and removed.

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::response::{IntoResponse as _, Response};
use operations::{Error, FieldError};
use store::rooms::Picture;

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::rooms::calendar_settings::{present_room, show_with};

/// Nothing in a picture runs or loads anything, whatever a browser takes it for.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// A picture as a response, of the type that was found out when it was stored.
pub(in crate::web) fn response(picture: Picture) -> Response {
    // Any other type would be a mistake of ours.
    let media_type = match picture.media_type.as_str() {
        "image/png" => "image/png",
        "image/jpeg" => "image/jpeg",
        "image/webp" => "image/webp",
        _ => "application/octet-stream",
    };
    let headers = [
        (CONTENT_TYPE, media_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CONTENT_DISPOSITION, "inline"),
        (CACHE_CONTROL, "private, no-cache"),
    ];
    (StatusCode::OK, headers, Body::from(picture.picture)).into_response()
}

/// `GET /admin/calendars/{calendar}/picture`
pub async fn show(context: RequestContext) -> Answer {
    let picture = context.app.service.picture(context.calendar()?).await?;
    picture.map(response).ok_or_else(|| Refused::nothing(context.texts().nothing_here))
}

/// `POST /admin/calendars/{calendar}/picture`
pub async fn save(context: RequestContext) -> Answer {
    let calendar = context.calendar()?;
    let bytes = context.form.file("picture").filter(|it| !it.is_empty());
    let saved = match bytes {
        Some(bytes) => {
            let service = &context.app.service;
            service.set_picture(&context.actor()?, calendar, bytes.to_vec()).await
        }
        None => {
            let missing = FieldError::quoted("picture", context.texts().picture_missing);
            Err(Error::Invalid(vec![missing]))
        }
    };
    match saved {
        Ok(()) => Ok(context.to(&format!(
            "/admin/calendars/{}/settings?done=picture-saved#picture",
            calendar.slug
        ))),
        Err(Error::Invalid(errors)) => {
            show_with(&context, (calendar, &present_room(&context)), &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/calendars/{calendar}/picture/remove`
pub async fn remove(context: RequestContext) -> Answer {
    let calendar = context.calendar()?;
    context.app.service.remove_picture(&context.actor()?, calendar).await?;
    Ok(context
        .to(&format!("/admin/calendars/{}/settings?done=picture-removed#picture", calendar.slug)))
}
