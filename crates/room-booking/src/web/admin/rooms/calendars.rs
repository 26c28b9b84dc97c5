//! The overview of all calendars.

use askama::Template;
use store::calendars::BackendKind;
use store::site::Overview;

use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::field::Choice;
use crate::web::admin::frame::format::{self, Badge, next_run, relative, state};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;

struct Row {
    slug: String,
    name: String,
    backend: String,
    state: Badge,
    /// The result of the last rescan, if the state does not show it, with its time.
    found: Option<String>,
    last: String,
    next: String,
    is_failing: bool,
    has_preview: bool,
}

#[derive(Template)]
#[template(path = "admin/rooms/calendars.html")]
struct CalendarsPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    query: String,
    states: Vec<Choice>,
    total: usize,
    shown: usize,
    pager: Pager,
    is_filtered: bool,
}

/// Whether a calendar matches a filter of states.
fn is_in(it: &Overview, state: &str) -> bool {
    match state {
        "failing" => it.failing_since.is_some(),
        "confirm" => it.asks_for.is_some(),
        "new" => it.scanned_at.is_none(),
        "conflicts" => it.has_double_bookings(),
        "unscheduled" => it.schedule_minutes.is_none() && it.watch_seconds.is_none(),
        _ => true,
    }
}

/// `GET /admin/calendars`
pub async fn show(context: RequestContext) -> Answer {
    let t = context.texts();
    let (zone, now) = (&context.app.settings.time_zone, context.app.service.now());
    let all = context.app.service.overview(context.user()?).await?;
    let query = context.query.value("q").unwrap_or_default().to_owned();
    let chosen = context.query.text("state").to_owned();
    let words: Vec<String> = query.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let is_meant = |it: &&Overview| {
        let text = format!("{} {} {}", it.name, it.slug, it.zone).to_lowercase();
        words.iter().all(|word| text.contains(word)) && is_in(it, &chosen)
    };
    let found: Vec<&Overview> = all.iter().filter(is_meant).collect();
    let parameters = [("q", query.as_str()), ("state", chosen.as_str())];
    let pager = Pager::numbered(&context, "/admin/calendars", &parameters, found.len(), ON_A_PAGE);
    let rows = found[pager.range()].iter().map(|it| Row {
        slug: it.slug.clone(),
        name: it.name.clone(),
        backend: if it.backend == BackendKind::CalDav { t.on_a_server } else { t.built_in }
            .to_string(),
        state: state(t, zone, now, it),
        found: format::found(t, zone, now, it),
        last: it.last_run_at.map_or(t.never.to_string(), |at| relative(t, zone, now, at)),
        next: next_run(t, zone, now, it),
        is_failing: it.failing_since.is_some(),
        has_preview: it.asks_for.is_some() || it.conflicts.is_none() || it.has_overlaps(),
    });
    let rows = rows.collect();
    let states = [
        ("", t.filter_all),
        ("failing", t.filter_failing),
        ("confirm", t.filter_confirm),
        ("conflicts", t.filter_conflicts),
        ("new", t.state_new),
        ("unscheduled", t.filter_unscheduled),
    ];
    let states = states.map(|(value, label)| Choice {
        value: value.to_owned(),
        label: label.to_string(),
        is_chosen: value == chosen,
    });
    html(&CalendarsPage {
        t,
        p: context.page(Section::Calendars),
        rows,
        is_filtered: !query.is_empty() || !chosen.is_empty(),
        query,
        states: states.to_vec(),
        total: all.len(),
        shown: found.len(),
        pager,
    })
}
