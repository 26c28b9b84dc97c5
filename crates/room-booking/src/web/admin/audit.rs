//! Who changed which setting.

use askama::Template;
use store::history_pages;

use super::errors::Answer;
use super::format::stamp;
use super::history::ON_A_PAGE;
use super::page::{Page, Section, html};
use super::pager::Pager;
use super::text::Texts;
use super::visit::Visit;

struct Row {
    at: String,
    actor: String,
    action: String,
    subject: String,
    detail: String,
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
pub async fn show(visit: Visit) -> Answer {
    let about = visit.query.value("about").unwrap_or_default();
    let before = visit.query.text("before").parse().ok();
    let store = &visit.app.service.store;
    let mut found = history_pages::audit(store, Some(about), before, ON_A_PAGE as u32 + 1).await?;
    let has_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let before = found.last().filter(|_| has_more).map(|it| it.id.to_string());
    let pager = Pager::behind(&visit, "/admin/audit", &[("about", about)], before);
    let zone = &visit.app.settings.time_zone;
    let rows = found.into_iter().map(|it| Row {
        at: stamp(zone, it.happened_at),
        actor: it.actor,
        action: it.action,
        subject: it.subject,
        detail: it.detail,
    });
    html(&AuditPage {
        t: visit.texts(),
        p: visit.page(Section::History),
        rows: rows.collect(),
        about: about.to_owned(),
        pager,
    })
}
