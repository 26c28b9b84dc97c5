//! A calendar's content as a file, and from one.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use store::calendars::Backend;

use super::errors::{Answer, Refused};
use super::visit::Visit;

/// `GET /admin/calendars/{calendar}/export`
pub async fn export(visit: Visit) -> Answer {
    let calendar = visit.calendar()?;
    let text = visit.app.service.export(calendar).await?;
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}.ics\"", calendar.slug)),
    ];
    Ok((headers, text).into_response())
}

/// `POST /admin/calendars/{calendar}/import`
pub async fn import(visit: Visit) -> Answer {
    let calendar = visit.calendar()?;
    if calendar.backend != Backend::BuiltIn {
        return Err(Refused::conflict(visit.texts().import_built_in_only));
    }
    let file = visit.form.file("file").filter(|file| !file.is_empty());
    let file = file.ok_or_else(|| Refused::Unfit(visit.texts().import_no_file))?;
    let done = visit.app.service.import(calendar, file, &|_, _| {}).await?;
    tracing::info!(
        calendar = calendar.slug,
        added = done.added,
        replaced = done.replaced,
        unchanged = done.unchanged,
        "imported on the site"
    );
    Ok(visit.to(&format!("/admin/calendars/{}?done=imported", calendar.slug)))
}
