//! Runs of clearing: how each was started, by whom, and what it did.

use askama::Template;
use axum::extract::Path;
use store::RunId;
use store::history_pages::{self, Filter, RunLine};

use super::errors::{Answer, Refused};
use super::field::Choice;
use super::format::stamp;
use super::history::{ON_A_PAGE, Row, row, started_by};
use super::page::{Page, Section, html};
use super::pager::Pager;
use super::text::Texts;
use super::visit::Visit;

struct RunRow {
    id: i64,
    by: String,
    key: Option<String>,
    started: String,
    is_running: bool,
    is_confirmed: bool,
    changes: i64,
    calendars: i64,
}

#[derive(Template)]
#[template(path = "admin/runs.html")]
struct RunsPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<RunRow>,
    ways: Vec<Choice>,
    pager: Pager,
    is_filtered: bool,
}

#[derive(Template)]
#[template(path = "admin/run.html")]
struct RunPage {
    t: &'static Texts,
    p: Page,
    run: RunRow,
    rows: Vec<Row>,
    pager: Pager,
}

fn run_row(visit: &Visit, it: RunLine) -> RunRow {
    let (t, zone) = (visit.texts(), &visit.app.settings.time_zone);
    RunRow {
        id: it.id.0,
        by: started_by(t, Some(&it.started_by), it.user.as_deref()),
        key: it.key,
        started: stamp(t, zone, it.started_at),
        is_running: it.finished_at.is_none(),
        is_confirmed: it.is_confirmed,
        changes: it.changes,
        calendars: it.calendars,
    }
}

/// `GET /admin/runs`
pub async fn show(visit: Visit) -> Answer {
    let t = visit.texts();
    let chosen = visit.query.value("by").unwrap_or_default();
    let before = visit.query.text("before").parse().ok().map(RunId);
    let only = Some(chosen).filter(|it| !it.is_empty());
    let store = &visit.app.service.store;
    let mut found = history_pages::runs(store, only, before, ON_A_PAGE as u32 + 1).await?;
    let has_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let before = found.last().filter(|_| has_more).map(|it| it.id.to_string());
    let pager = Pager::behind(&visit, "/admin/runs", &[("by", chosen)], before);
    let ways = [
        ("", t.all_ways),
        ("schedule", t.by_schedule),
        ("api", t.by_api),
        ("site", t.by_site),
        ("command line", t.by_command_line),
    ];
    let ways = ways.map(|(value, label)| Choice {
        value: value.to_owned(),
        label: label.to_string(),
        is_chosen: value == chosen,
    });
    html(&RunsPage {
        t,
        p: visit.page(Section::History),
        rows: found.into_iter().map(|it| run_row(&visit, it)).collect(),
        ways: ways.to_vec(),
        pager,
        is_filtered: !chosen.is_empty(),
    })
}

/// `GET /admin/runs/{run}`
pub async fn show_one(visit: Visit, Path(id): Path<i64>) -> Answer {
    let t = visit.texts();
    let store = &visit.app.service.store;
    let run = history_pages::run(store, RunId(id)).await?;
    let run = run.ok_or_else(|| Refused::nothing(t.no_run))?;
    let before = visit.query.text("before").split_once('-').and_then(|(change, removal)| {
        Some((store::ChangeId(change.parse().ok()?), store::RemovalId(removal.parse().ok()?)))
    });
    let filter = Filter { run: Some(run.id), before, ..Filter::default() };
    let mut lines = history_pages::lines(store, &filter, ON_A_PAGE as u32 + 1).await?;
    let has_more = lines.len() > ON_A_PAGE;
    lines.truncate(ON_A_PAGE);
    let before = lines.last().filter(|_| has_more);
    let before = before.map(|it| format!("{}-{}", it.change_id, it.id));
    let pager = Pager::behind(&visit, &format!("/admin/runs/{id}"), &[], before);
    let zone = &visit.app.settings.time_zone;
    html(&RunPage {
        t,
        p: visit.page(Section::History),
        run: run_row(&visit, run),
        rows: lines.iter().map(|line| row(t, zone, line)).collect(),
        pager,
    })
}
