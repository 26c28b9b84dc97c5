//! Export and import of a calendar.

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;

use crate::show;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};
use crate::web::admin::rooms::calendar::Head;

/// The result of an import.
#[derive(Template)]
#[template(path = "admin/rooms/imported.html")]
struct ImportedPage {
    t: &'static Texts,
    p: Page,
    c: Head,
    counts: [(Text, String); 4],
    /// The unreadable objects, and why.
    unreadable: Vec<(String, String)>,
    /// The number of further ones.
    further: usize,
    /// The warnings.
    warnings: Vec<(String, String)>,
    /// The number of further ones.
    further_warnings: usize,
}

/// `GET /admin/calendars/{calendar}/export`
pub async fn export(context: RequestContext) -> Answer {
    let calendar = context.calendar()?;
    let text = context.app.service.export(calendar).await?;
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}.ics\"", calendar.slug)),
    ];
    Ok((headers, text).into_response())
}

/// `POST /admin/calendars/{calendar}/import`
pub async fn import(context: RequestContext) -> Answer {
    let calendar = context.calendar()?;
    let file = context.form.file("file").filter(|file| !file.is_empty());
    let file = file.ok_or_else(|| Refused::Unfit(context.texts().import_no_file))?;
    let actor = context.actor()?;
    let done = context.app.service.import(&actor, calendar, file, &|_, _| {}).await?;
    tracing::info!(
        calendar = calendar.slug,
        added = done.added,
        replaced = done.replaced,
        unchanged = done.unchanged,
        "imported on the site"
    );
    let t = context.texts();
    let counts = [
        (t.import_added, done.added),
        (t.import_replaced, done.replaced),
        (t.import_unchanged, done.unchanged),
        (t.import_unreadable, done.unreadable),
    ];
    let named = done.unreadable_names.len();
    let name = |it: String| if it.is_empty() { t.unnamed.to_string() } else { show::plain(&it) };
    html(&ImportedPage {
        t,
        p: context.page(Section::Calendars),
        c: Head::new(&context, calendar, "settings"),
        counts: counts.map(|(label, count)| (label, t.number(count))),
        unreadable: done
            .unreadable_names
            .into_iter()
            .map(|(it, why)| (name(it), t.message(&why)))
            .collect(),
        further: done.unreadable.saturating_sub(named),
        further_warnings: done.warned.saturating_sub(done.warnings.len()),
        warnings: done
            .warnings
            .into_iter()
            .map(|it| (name(it.object), t.message(&it.detail)))
            .collect(),
    })
}
