//! Runs: how each was started, by whom, and its outcome.

use askama::Template;
use axum::extract::Path;
use operations::Reader;
use store::history::{RunEnd, Way};
use store::history_pages::{self, Filter, MOST_SEARCHED, RunLine};
use store::run_calendars::{self, RunOutcome};
use store::{CalendarId, RunId, calendars};

use crate::show;
use crate::web::admin::clearing::history::{
    Row, calendar_choices, cursor, next_page, row, started_by,
};
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::Choice;
use crate::web::admin::frame::format::{Badge, stamp};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::pager::ON_A_PAGE;
use crate::web::admin::frame::pager::Pager;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;

/// The number of a run's calendars that its page shows.
const MAX_CALENDARS: usize = 200;

struct RunRow {
    id: i64,
    by: String,
    key: Option<String>,
    started: String,
    is_running: bool,
    /// Whether its process died or froze before it was done.
    is_lost: bool,
    is_confirmed: bool,
    changes: i64,
    calendars: i64,
    named: Option<String>,
    of_calendars: Option<i64>,
    failed: i64,
    beyond_limit: i64,
    left_in: i64,
}

impl RunRow {
    /// Whether all of its calendars were cleared completely, as far as is known.
    fn is_good(&self) -> bool {
        self.of_calendars.is_some() && self.failed + self.beyond_limit + self.left_in == 0
    }
}

/// The outcome of one of its calendars.
struct OfCalendar {
    slug: String,
    name: String,
    badge: Badge,
}

#[derive(Template)]
#[template(path = "admin/clearing/runs.html")]
struct RunsPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<RunRow>,
    ways: Vec<Choice>,
    calendars: Vec<Choice>,
    pager: Pager,
    is_filtered: bool,
}

#[derive(Template)]
#[template(path = "admin/clearing/run.html")]
struct RunPage {
    t: &'static Texts,
    p: Page,
    run: RunRow,
    calendars: Vec<OfCalendar>,
    rows: Vec<Row>,
    pager: Pager,
}

fn run_row(context: &RequestContext, it: RunLine) -> RunRow {
    let (t, zone) = (context.texts(), &context.app.settings.time_zone);
    RunRow {
        id: it.id.0,
        by: started_by(t, Some(*it.started_by), it.user.as_deref()),
        key: it.key,
        started: stamp(t, zone, it.started_at),
        is_running: it.finished_at.is_none(),
        is_lost: it.ended_as.is_some_and(|it| *it == RunEnd::Lost),
        is_confirmed: it.is_confirmed,
        changes: it.changes,
        calendars: it.calendars,
        named: it.named.map(|name| match it.kept - 1 {
            ..=0 => name,
            more => t.first_and_more(name, more),
        }),
        of_calendars: it.of_calendars,
        failed: it.failed,
        beyond_limit: it.beyond_limit,
        left_in: it.left_in,
    }
}

fn of_calendar(t: &Texts, it: run_calendars::RunCalendar) -> OfCalendar {
    let badge = |class, label: String, detail| Badge { class, label, detail };
    let events = it.events;
    let badge = match *it.outcome {
        RunOutcome::Cleared => badge("good", t.run_done.to_string(), None),
        RunOutcome::Left => badge("warn", t.run_left(events), None),
        RunOutcome::Limit => badge("warn", t.run_limit(events), None),
        RunOutcome::Failed => {
            let why = it.detail.as_deref().map(|it| show::sentence(t.stored_message(it)));
            badge("bad", t.run_failed.to_string(), why)
        }
    };
    OfCalendar { slug: it.slug, name: it.name, badge }
}

/// `GET /admin/runs`
pub async fn show(context: RequestContext) -> Answer {
    let t = context.texts();
    let query = |name| context.query.value(name).unwrap_or_default();
    let [chosen, slug] = ["by", "calendar"].map(query);
    let before = context.query.text("before").parse().ok().map(RunId);
    // An unknown word does not filter.
    let only = Way::parse(chosen);
    let chosen = only.map_or("", Way::as_str);
    let store = &context.app.service.store;
    let all = calendars::all(store).await?;
    // No calendar has this id.
    let nothing = CalendarId(-1);
    let of_slug = || all.iter().find(|it| it.slug == slug).map_or(nothing, |it| it.id);
    let calendar = (!slug.is_empty()).then(of_slug);
    let most = ON_A_PAGE as u32 + 1;
    let mut found = history_pages::runs(store, only, calendar, before, most).await?;
    let has_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let before = found.last().filter(|_| has_more).map(|it| it.id.to_string());
    let parameters = [("by", chosen), ("calendar", slug)];
    let pager = Pager::behind(&context, "/admin/runs", &parameters, before);
    let ways = [
        ("", t.all_ways),
        (Way::Schedule.as_str(), t.by_schedule),
        (Way::Api.as_str(), t.by_api),
        (Way::Site.as_str(), t.by_site),
        (Way::CommandLine.as_str(), t.by_command_line),
        (Way::Link.as_str(), t.by_link),
    ];
    let ways = ways.map(|(value, label)| Choice {
        value: value.to_owned(),
        label: label.to_string(),
        is_chosen: value == chosen,
    });
    html(&RunsPage {
        t,
        p: context.page(Section::History),
        rows: found.into_iter().map(|it| run_row(&context, it)).collect(),
        ways: ways.to_vec(),
        calendars: calendar_choices(t, &all, slug),
        pager,
        is_filtered: parameters.iter().any(|(_, value)| !value.is_empty()),
    })
}

/// `GET /admin/runs/{run}`
pub async fn show_one(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let t = context.texts();
    let store = &context.app.service.store;
    let run = history_pages::run(store, RunId(id)).await?;
    let run = run.ok_or_else(|| Refused::nothing(t.no_run))?;
    let before = cursor(context.query.text("before"));
    let filter = Filter { run: Some(run.id), before, ..Filter::default() };
    let found = history_pages::lines(store, &filter, ON_A_PAGE as u32, MOST_SEARCHED).await?;
    let next = next_page(&found);
    let pager = Pager::behind(&context, &format!("/admin/runs/{id}"), &[], next);
    let calendars = run_calendars::of_run(store, run.id, MAX_CALENDARS as u32).await?;
    let zone = &context.app.settings.time_zone;
    html(&RunPage {
        t,
        p: context.page(Section::History),
        run: run_row(&context, run),
        calendars: calendars.into_iter().map(|it| of_calendar(t, it)).collect(),
        rows: found.lines.iter().map(|line| row(t, zone, line, &Reader::administrator())).collect(),
        pager,
    })
}
