//! The logo of a template: shown, set and removed.

use axum::body::Body;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use operations::{Error, FieldError};
use store::TemplateId;

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::mail::templates::{of_path, show_with};

/// Nothing in a picture runs or loads anything, whatever a browser takes it for.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// `GET /admin/templates/{template}/logo`
pub async fn show(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let logo = context.app.service.template_logo(TemplateId(id)).await?;
    let logo = logo.ok_or_else(|| Refused::nothing(context.texts().nothing_here))?;
    let headers = [
        (CONTENT_TYPE, logo.media_type()),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "private, no-cache"),
    ];
    Ok((StatusCode::OK, headers, Body::from(logo.bytes().to_vec())).into_response())
}

/// `POST /admin/templates/{template}/logo`
pub async fn save(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let it = of_path(&context, id).await?;
    let picture = context.form.file("logo").filter(|it| !it.is_empty()).map(<[u8]>::to_vec);
    let set = match picture {
        Some(picture) => {
            let actor = context.actor()?;
            context.app.service.set_template_logo(&actor, &it.name, Some(picture)).await
        }
        None => {
            let missing = FieldError::quoted("logo", context.texts().picture_missing);
            Err(Error::Invalid(vec![missing]))
        }
    };
    match set {
        Ok(()) => Ok(context.to(&format!("/admin/templates/{id}?done=logo-saved"))),
        Err(Error::Invalid(errors)) => show_with(&context, &it, errors).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/templates/{template}/logo/remove`
pub async fn remove(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let it = of_path(&context, id).await?;
    context.app.service.set_template_logo(&context.actor()?, &it.name, None).await?;
    Ok(context.to(&format!("/admin/templates/{id}?done=logo-removed")))
}
