//! The week page of a calendar.

use askama::Template;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use facts::{Event, time};
use ical::civil::{Civil, Day, weekday};
use ical::{Window, Zone};
use operations::{Error, Standing, WeekEvent, WeekOutcome};
use store::accounts;
use store::calendars::{Backend, Calendar};
use store::secrets::random_text;

use crate::web::admin::bookings::confirmed::confirmed;
use crate::web::admin::bookings::week_columns::{Columns, DayColumn, Part, first_free, style};
use crate::web::admin::bookings::week_layout::{Minutes, grid_of};
pub use crate::web::admin::bookings::week_times::iso;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::format::{name, period};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::rooms::calendar::{Head, Unreachable};
use crate::web::admin::rooms::priorities::event_query;

/// The next event in another week that would be removed because of an overlap.
struct NextConflict {
    /// Its time and name.
    text: String,
    /// Its week.
    path: String,
}

/// A booking that was found.
struct FoundBooking {
    name: String,
    when: String,
    path: String,
}

/// The bookings with the words that were looked for.
struct FoundBookings {
    rows: Vec<FoundBooking>,
    /// How many more there are.
    more: usize,
}

/// Where the links of a week or a month lead.
pub struct Links {
    /// The one before.
    pub previous: String,
    /// The one after.
    pub next: String,
    /// The present one.
    pub today: String,
    /// All rooms on the day.
    pub day: String,
    /// The week of the day.
    pub week: String,
    /// The month of the day.
    pub month: String,
    /// The day: `2026-03-02`.
    pub date: String,
    /// The page itself, without a date.
    pub here: String,
}

#[derive(Template)]
#[template(path = "admin/bookings/week.html")]
struct WeekPage {
    t: &'static Texts,
    p: Page,
    c: Head,
    /// The notice that the calendar's server does not answer.
    unreachable: Option<Unreachable>,
    title: String,
    days: Vec<DayColumn>,
    hours: Vec<String>,
    links: Links,
    is_current: bool,
    /// The form that books the first free time.
    to_book: String,
    /// The number of events that would be removed.
    conflicts: Option<String>,
    /// If there are none: the next week with one.
    next_conflict: Option<NextConflict>,
    /// The notice that a later week is shown, because nothing more is booked in this one.
    is_skipped_to: bool,
    more: usize,
    is_empty: bool,
    /// The words that bookings are looked for by.
    words: String,
    found: Option<FoundBookings>,
    nonce: String,
    style: String,
}

/// The first and the last day that can be shown: the years of bookings.
const DAYS: [(i32, u32, u32); 2] = [(1970, 1, 5), (2200, 12, 22)];

/// The nearest day that can be shown.
pub fn clamp(day: Day) -> Day {
    let [first, last] = DAYS.map(|(year, month, day)| ical::civil::day_number(year, month, day));
    day.clamp(first, last)
}

/// `GET /admin/calendars/{calendar}`
pub async fn show(context: RequestContext) -> Answer {
    let t = context.texts();
    let calendar = context.calendar()?;
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let now = context.app.service.now();
    let today = zone.civil(now).day();
    let asked = context.query.value("date").and_then(time::date).map(clamp);
    let mut day = asked.unwrap_or(today);
    let mut shown = shown_in(&context, calendar, week_of(&zone, day)).await?;
    if asked.is_none() && shown.events.iter().all(|it| it.fate == WeekOutcome::Over) {
        // If nothing is ahead in this week, the next week with events is opened.
        if let Some(start) = context.app.service.next_start(calendar).await? {
            let next = clamp(zone.civil(start).day());
            if monday_of(next) != monday_of(day) {
                day = next;
                shown = shown_in(&context, calendar, week_of(&zone, day)).await?;
            }
        }
    }
    let monday = monday_of(day);
    let Shown { events, more, unreachable } = shown;
    let columns = Columns {
        t,
        zone: &zone,
        slug: &calendar.slug,
        now,
        hours: grid_of(&events, &zone, monday),
        events: &events,
        // Unknown hours are not shown as free.
        is_known: unreachable.as_ref().is_none_or(|it| it.known_until.is_some()),
        is_scheduling: is_scheduling(&context, calendar).await?,
    };
    let hours = columns.hours;
    let days: Vec<DayColumn> = (monday..monday + 7).map(|day| columns.column(day)).collect();
    let to = |day: Day| format!("/admin/calendars/{}?date={}", calendar.slug, iso(clamp(day)));
    let conflicts = conflicts(t, &events);
    let next_conflict = match conflicts {
        Some(_) => None,
        None => {
            let reader = context.reader()?;
            context.app.service.next_conflict(calendar, &reader).await.ok().flatten()
        }
    };
    let next_conflict = next_conflict.map(|it| {
        let start = zone.civil(it.start);
        let clock = Minutes::clock(i64::from(start.second_of_day()) / 60);
        let when = format!("{}, {clock}", t.language.words.long_day(start.day()));
        NextConflict { text: t.week_next_conflict(when, name(t, &it)), path: to(start.day()) }
    });
    let found = match context.query.value("find") {
        Some(words) => Some(found(&context, calendar, &zone, words).await?),
        None => None,
    };
    let about = confirmed(&context, calendar, &zone, events.iter().map(|it| &it.event));
    let nonce = random_text(22);
    let here = format!("/admin/calendars/{}", calendar.slug);
    let page = WeekPage {
        t,
        p: context.page(Section::Calendars).about(about),
        c: Head::new(&context, calendar, "week"),
        unreachable,
        title: {
            let words = &t.language.words;
            t.from_to(words.long_day(monday), words.long_day(monday + 6))
        },
        style: style(&days, hours),
        hours: (hours.start / 60..=hours.end / 60).map(|hour| format!("{hour:02}:00")).collect(),
        links: Links {
            previous: to(monday - 7),
            next: to(monday + 7),
            today: to(today),
            ..Links::of(&calendar.slug, day, here)
        },
        is_current: monday == monday_of(today),
        is_skipped_to: asked.is_none() && monday != monday_of(today),
        to_book: first_free(&days)
            .map_or_else(|| format!("/admin/calendars/{}/book", calendar.slug), str::to_owned),
        is_empty: events.is_empty(),
        words: context.query.text("find").to_owned(),
        found,
        days,
        conflicts,
        next_conflict,
        more,
        nonce,
    };
    with_style(html(&page)?, &page.nonce)
}

/// Whether the calendar is on a server that sends invitations, as far as it is known without asking it: a page does not
/// wait for a server.
pub(super) async fn is_scheduling(
    context: &RequestContext,
    calendar: &Calendar,
) -> Result<bool, Refused> {
    let Backend::CalDav(collection) = &calendar.backend else { return Ok(false) };
    let account = accounts::by_id(&context.app.service.store, collection.account).await?;
    Ok(account.and_then(|it| it.server_kind).is_some_and(|it| it.usually_schedules()))
}

async fn found(
    context: &RequestContext,
    calendar: &Calendar,
    zone: &Zone,
    words: &str,
) -> Result<FoundBookings, Refused> {
    let (t, reader) = (context.texts(), context.reader()?);
    let (found, more) = context.app.service.find_bookings(calendar, words, &reader).await?;
    let row = |it: &Event| {
        let query = event_query(&it.uid, &it.start.0.to_string());
        FoundBooking {
            name: name(t, it),
            when: period(t, zone, it),
            path: format!("/admin/calendars/{}/event?{query}", calendar.slug),
        }
    };
    Ok(FoundBookings { rows: found.iter().map(row).collect(), more })
}

impl Links {
    /// The views of a day of a calendar, seen from one of them.
    pub fn of(slug: &str, day: Day, here: String) -> Links {
        let date = iso(clamp(day));
        Links {
            previous: String::new(),
            next: String::new(),
            today: String::new(),
            day: format!("/admin?date={date}"),
            week: format!("/admin/calendars/{slug}?date={date}"),
            month: format!("/admin/calendars/{slug}/month?date={date}"),
            date,
            here,
        }
    }
}

/// A page with a style sheet of its own, which is the only one besides the site's: the positions of events are styles.
pub fn with_style(mut response: Response, nonce: &str) -> Answer {
    let policy = format!("{WITHOUT_STYLE}; style-src 'self' 'nonce-{nonce}'");
    let policy = HeaderValue::from_str(&policy).map_err(Refused::internal)?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// The Monday of the week of a day.
pub fn monday_of(day: Day) -> Day {
    day - weekday(day) as Day
}

fn week_of(zone: &Zone, day: Day) -> Window {
    let midnight = |day: Day| zone.moment(Civil::midnight(day));
    let monday = monday_of(day);
    Window { start: midnight(monday), end: midnight(monday + 7) }
}

/// The content of a week or a month.
pub struct Shown {
    /// The events.
    pub events: Vec<WeekEvent>,
    /// How many more there are.
    pub more: usize,
    /// The notice that the calendar's server does not answer.
    pub unreachable: Option<Unreachable>,
}

/// The events in a window; if the calendar's server does not answer, from the mirror.
pub async fn shown_in(
    context: &RequestContext,
    calendar: &Calendar,
    window: Window,
) -> Result<Shown, Refused> {
    let service = &context.app.service;
    let reader = context.reader()?;
    let ((events, more), unreachable) = match service.week(calendar, window, &reader).await {
        // The last known state is more useful than an error.
        Err(Error::Server { detail, .. }) => (
            service.week_as_known(calendar, window, &reader).await?,
            Some(Unreachable::new(context, calendar, &detail).await?),
        ),
        found => (found?, None),
    };
    Ok(Shown { events, more, unreachable })
}

/// The Content-Security-Policy of all pages, with this page's styles.
const WITHOUT_STYLE: &str = "default-src 'none'; script-src 'self'; img-src 'self' data:; \
                             form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The number of events of a week that would be removed, each counted once, on however many days it
/// lies.
fn conflicts(t: &Texts, events: &[WeekEvent]) -> Option<String> {
    let goes = |it: &&WeekEvent| {
        it.standing == Standing::Holds && matches!(it.fate, WeekOutcome::Removed { .. })
    };
    match events.iter().filter(goes).count() {
        0 => None,
        some => Some(t.week_conflicts(some)),
    }
}
