//! The audit trail: who changed which setting.

mod words;

use askama::Template;
use store::{audit, calendars};

use crate::web::admin::audit::words::{Names, Worded, actor_of, uids, worded};
use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::format::stamp;
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::pager::ON_A_PAGE;
use crate::web::admin::frame::pager::Pager;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;

struct Row {
    at: String,
    actor: String,
    action: String,
    subject: String,
    details: Vec<String>,
}

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    about: String,
    pager: Pager,
}

/// `GET /admin/audit`
pub async fn show(context: RequestContext) -> Answer {
    let about = context.query.value("about").unwrap_or_default();
    let before = context.query.text("before").parse().ok();
    let store = &context.app.service.store;
    let (found, next) =
        audit::page(store, Some(about), before, ON_A_PAGE as u32, audit::MOST_SEARCHED).await?;
    let next = next.map(|it| it.to_string());
    let pager = Pager::behind(&context, "/admin/audit", &[("about", about)], next);
    let t = context.texts();
    let zone = &context.app.settings.time_zone;
    let uids = uids(&found);
    let names = Names {
        calendars: calendars::all(store).await?.into_iter().map(|it| (it.slug, it.name)).collect(),
        events: context.app.service.event_names(uids.iter().map(String::as_str)).await?,
    };
    let rows = found.into_iter().map(|it| {
        let Worded { action, subject, details } = worded(t, zone, &names, &it);
        Row {
            at: stamp(t, zone, it.happened_at),
            actor: actor_of(t, &it),
            action,
            subject,
            details,
        }
    });
    html(&AuditPage {
        t,
        p: context.page(Section::History),
        rows: rows.collect(),
        about: about.to_owned(),
        pager,
    })
}
