//! Pending removals: events that lose their room when a grace is over, and what administrators decide.

use askama::Template;
use axum::extract::Path;
use facts::Event;
use ical::Zone;
use operations::PendingRemoval;
use store::PendingId;
use store::history::{Starter, Way};
use store::pending::PendingDecision;

use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::format::{Badge, name, stamp};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;

struct Row {
    id: PendingId,
    slug: String,
    event: String,
    starts: String,
    organizer: String,
    winner: String,
    winner_organizer: String,
    state: Badge,
    /// Whether an administrator has not kept it yet.
    may_keep: bool,
}

#[derive(Template)]
#[template(path = "admin/clearing/pending.html")]
struct PendingPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    pager: Pager,
}

fn row(t: &Texts, it: &PendingRemoval) -> Row {
    let event = &it.removal.event;
    let zone: &Zone = &event.zone;
    let organizer = |it: &Event| it.organizer.clone().unwrap_or_default();
    let badge = |class, label: String| Badge { class, label, detail: None };
    let state = match (it.decision, it.removal_at) {
        (Some(PendingDecision::Keep), _) => badge("quiet", t.pending_kept.to_string()),
        (Some(PendingDecision::Now), _) => badge("warn", t.pending_now.to_string()),
        (Some(PendingDecision::Ask), _) => badge("warn", t.pending_asked.to_string()),
        (None, Some(at)) => badge("warn", t.pending_at(stamp(t, zone, at.0)).to_string()),
        (None, None) if it.needs_attention() => badge("bad", t.pending_nobody.to_string()),
        (None, None) => badge("quiet", t.pending_unsent.to_string()),
    };
    let winner = it.removal.winner();
    Row {
        id: it.id,
        slug: it.calendar.clone(),
        event: name(t, event),
        starts: stamp(t, zone, event.start.0),
        organizer: organizer(event),
        winner: winner.map(|it| name(t, it)).unwrap_or_default(),
        winner_organizer: winner.map(organizer).unwrap_or_default(),
        state,
        may_keep: it.decision != Some(PendingDecision::Keep),
    }
}

/// `GET /admin/pending`
pub async fn show(context: RequestContext) -> Answer {
    let (t, service) = (context.texts(), &context.app.service);
    let calendars = context.calendars_seen().await?;
    let all = service.pending_removals(&calendars, &context.reader()?).await?;
    let pager = Pager::numbered(&context, "/admin/pending", &[], all.len(), ON_A_PAGE);
    let rows = all[pager.range()].iter().map(|it| row(t, it)).collect();
    html(&PendingPage { t, p: context.page(Section::Start), rows, pager })
}

/// `POST /admin/pending/{pending}/keep`
pub async fn keep(context: RequestContext, Path(id): Path<i64>) -> Answer {
    context.app.service.keep_pending(&context.actor()?, PendingId(id)).await?;
    Ok(context.to("/admin/pending?done=pending-kept"))
}

/// `POST /admin/pending/{pending}/now`
pub async fn now(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let actor = context.actor()?;
    let started_by = Starter { user: actor.user, ..Starter::of(Way::Site) };
    context.app.service.remove_pending_now(&actor, PendingId(id), started_by).await?;
    Ok(context.to("/admin/pending?done=pending-removed"))
}
