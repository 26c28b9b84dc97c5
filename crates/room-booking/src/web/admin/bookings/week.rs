//! The week page of a calendar.

use std::fmt::Write as _;

use askama::Template;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use facts::time;
use ical::civil::{Civil, Day, date_of, weekday};
use ical::{Window, Zone};
use operations::{Error, Standing, WeekEvent, WeekOutcome};
use store::calendars::Calendar;
use store::secrets::random_text;

use crate::web::admin::bookings::week_layout::{Lane, Minutes, free_between, hours_of, lanes};
use crate::web::admin::bookings::week_times::{SHORT_TIMES, times};
use crate::web::admin::clearing::reasons::{Verdict, verdict};
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::format::name;
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::rooms::calendar::{Head, Unreachable};
use crate::web::admin::rooms::priorities::event_query;

/// An item in a day's column.
struct Block {
    /// The id by which its position is set.
    id: String,
    class: &'static str,
    times: String,
    /// Whether the times need more than a line.
    is_long: bool,
    name: String,
    organizer: Option<String>,
    verdict: Verdict,
    is_recurring: bool,
    overlaps: bool,
    path: String,
    /// Its start, end and lane in the column.
    lane: Lane,
}

struct FreeSlot {
    id: String,
    /// `gap`, the whole of it, which a phone shows; `hour`, a part of one, which a desk shows.
    class: &'static str,
    times: String,
    path: String,
    minutes: Minutes,
}

struct DayColumn {
    name: String,
    short: String,
    is_today: bool,
    is_over: bool,
    clock_changes: bool,
    all_day: Vec<Block>,
    /// Events and free slots, by start.
    parts: Vec<Part>,
}

enum Part {
    Event(Block),
    Free(FreeSlot),
}

/// The next event in another week that would be removed because of an overlap.
struct NextConflict {
    /// Its time and name.
    text: String,
    /// Its week.
    path: String,
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
    previous: String,
    next: String,
    date: String,
    is_this_week: bool,
    has_all_day: bool,
    /// The number of events that would be removed.
    conflicts: Option<String>,
    /// If there are none: the next week with one.
    next_conflict: Option<NextConflict>,
    /// The notice that a later week is shown, because nothing more is booked in this one.
    is_skipped_to: bool,
    today: String,
    more: usize,
    is_empty: bool,
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
    let mut shown = week_of(&context, calendar, &zone, day).await?;
    if asked.is_none() && shown.events.iter().all(|it| it.fate == WeekOutcome::Over) {
        // If nothing is ahead in this week, the next week with events is opened.
        if let Some(start) = context.app.service.next_start(calendar).await? {
            let next = clamp(zone.civil(start).day());
            if monday_of(next) != monday_of(day) {
                day = next;
                shown = week_of(&context, calendar, &zone, day).await?;
            }
        }
    }
    let monday = monday_of(day);
    let midnight = |day: Day| zone.moment(Civil::midnight(day));
    let ShownWeek { events, more, unreachable } = shown;
    // Unknown hours are not shown as free.
    let is_known = unreachable.as_ref().is_none_or(|it| it.known_until.is_some());
    let hours = hours_of(&events, &zone, monday);
    let mut days = Vec::new();
    for index in 0..7 {
        let day = monday + index;
        let is_over = midnight(day + 1) <= now;
        let column = Column { t, zone: &zone, slug: &calendar.slug, day, hours };
        let (all_day, blocks) = column.blocks(&events);
        let earliest = match day == today {
            true => i64::from(zone.civil(now).second_of_day()).div_euclid(900) * 15 + 15,
            false => 0,
        };
        let free = if is_over || !is_known { Vec::new() } else { column.free(&events, earliest) };
        let mut parts: Vec<Part> = blocks.into_iter().map(Part::Event).collect();
        parts.extend(free.into_iter().map(Part::Free));
        parts.sort_by_key(Part::start);
        days.push(DayColumn {
            name: t.language.words.long_day(day),
            short: t.language.words.short_day(day),
            is_today: day == today,
            is_over,
            clock_changes: zone.offset(midnight(day)) != zone.offset(midnight(day + 1)),
            all_day,
            parts,
        });
    }
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
    let nonce = random_text(22);
    let page = WeekPage {
        t,
        p: context.page(Section::Calendars),
        c: Head::new(&context, calendar, "week"),
        unreachable,
        title: {
            let words = &t.language.words;
            t.from_to(words.long_day(monday), words.long_day(monday + 6))
        },
        style: style(&days, hours),
        hours: (hours.start / 60..=hours.end / 60).map(|hour| format!("{hour:02}:00")).collect(),
        previous: to(monday - 7),
        next: to(monday + 7),
        date: iso(day),
        is_this_week: monday == monday_of(today),
        is_skipped_to: asked.is_none() && monday != monday_of(today),
        today: to(today),
        has_all_day: days.iter().any(|it| !it.all_day.is_empty()),
        is_empty: events.is_empty(),
        days,
        conflicts,
        next_conflict,
        more,
        nonce,
    };
    with_style(html(&page)?, &page.nonce)
}

/// A page with a style sheet of its own, which is the only one besides the site's: the positions of events are styles.
pub fn with_style(mut response: Response, nonce: &str) -> Answer {
    let policy = format!("{WITHOUT_STYLE}; style-src 'self' 'nonce-{nonce}'");
    let policy = HeaderValue::from_str(&policy).map_err(Refused::internal)?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

fn monday_of(day: Day) -> Day {
    day - weekday(day) as Day
}

/// The content of a week.
struct ShownWeek {
    events: Vec<WeekEvent>,
    more: usize,
    unreachable: Option<Unreachable>,
}

/// The week of a day; if the calendar's server does not answer, from the mirror.
async fn week_of(
    context: &RequestContext,
    calendar: &Calendar,
    zone: &Zone,
    day: Day,
) -> Result<ShownWeek, Refused> {
    let monday = monday_of(day);
    let midnight = |day: Day| zone.moment(Civil::midnight(day));
    let window = Window { start: midnight(monday), end: midnight(monday + 7) };
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
    Ok(ShownWeek { events, more, unreachable })
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

/// `2026-03-02`
pub fn iso(day: Day) -> String {
    let date = date_of(day);
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

impl Part {
    fn start(&self) -> i64 {
        match self {
            Part::Event(block) => block.lane.minutes.start,
            Part::Free(slot) => slot.minutes.start,
        }
    }
}

/// A day's column under construction.
struct Column<'c> {
    t: &'static Texts,
    zone: &'c Zone,
    slug: &'c str,
    day: Day,
    hours: Minutes,
}

impl Column<'_> {
    fn clipped(&self, it: &WeekEvent) -> Option<Minutes> {
        Minutes::of_day(self.zone, self.day, it.event.start, it.event.end)
    }

    fn block(&self, it: &WeekEvent, id: String, lane: Lane) -> Block {
        let t = self.t;
        let verdict = verdict(t, self.zone, it.standing, &it.fate);
        let times = times(t, self.zone, self.day, &it.event);
        Block {
            id,
            class: verdict.class,
            is_long: times.chars().count() > SHORT_TIMES,
            times,
            name: name(t, &it.event),
            organizer: it.event.organizer.clone(),
            is_recurring: it.is_recurring,
            overlaps: lane.of > 1,
            path: format!(
                "/admin/calendars/{}/event?{}",
                self.slug,
                event_query(&it.event.uid, &it.event.start.0.to_string())
            ),
            verdict,
            lane,
        }
    }

    /// All-day events, and events with a time.
    fn blocks(&self, events: &[WeekEvent]) -> (Vec<Block>, Vec<Block>) {
        let (mut all_day, mut timed) = (Vec::new(), Vec::new());
        for it in events {
            match self.clipped(it) {
                Some(Minutes::DAY) => all_day.push((it, Minutes::DAY)),
                Some(minutes) => timed.push((it, minutes)),
                None => {}
            }
        }
        let alone = |minutes| Lane { minutes, index: 0, of: 1 };
        let all_day =
            all_day.into_iter().map(|(it, minutes)| self.block(it, String::new(), alone(minutes)));
        let all_day = all_day.collect();
        let places = lanes(timed.iter().map(|(_, minutes)| *minutes).collect());
        let blocks = timed.iter().zip(places).enumerate().map(|(index, ((it, _), lane))| {
            self.block(it, format!("e{}-{index}", weekday(self.day)), lane)
        });
        (all_day, blocks.collect())
    }

    /// The free hours of the day that are ahead.
    fn free(&self, events: &[WeekEvent], earliest: i64) -> Vec<FreeSlot> {
        let held = events.iter().filter(|it| it.standing == Standing::Holds);
        let held =
            held.filter_map(|it| Minutes::held(self.zone, self.day, it.event.start, it.event.end));
        let held = held.collect();
        let within = Minutes { start: self.hours.start.max(earliest), end: self.hours.end };
        let mut slots = Vec::new();
        for gap in free_between(held, within) {
            slots.push(self.free_slot("gap", slots.len(), gap));
            for hour in gap.hours() {
                slots.push(self.free_slot("hour", slots.len(), hour));
            }
        }
        slots
    }

    fn free_slot(&self, class: &'static str, index: usize, minutes: Minutes) -> FreeSlot {
        let date = iso(self.day);
        let until = minutes.end.min(minutes.start + 60);
        FreeSlot {
            id: format!("f{}-{index}", weekday(self.day)),
            class,
            times: minutes.text(),
            path: format!(
                "/admin/calendars/{}/book?start={date}T{}&end={date}T{}",
                self.slug,
                Minutes::clock(minutes.start),
                Minutes::clock(until)
            ),
            minutes,
        }
    }
}

/// The positions in the columns, for screens that show the days side by side.
fn style(days: &[DayColumn], hours: Minutes) -> String {
    let mut style = String::from("@media (min-width: 62rem) {");
    let percent = |minutes: i64| (minutes * 10_000 / (hours.end - hours.start)) as f64 / 100.0;
    let mut place = |id: &str, minutes: Minutes, index: usize, of: usize| {
        let top = percent((minutes.start - hours.start).max(0));
        let height = percent((minutes.end.min(hours.end) - minutes.start.max(hours.start)).max(0));
        let (left, width) = (index as f64 * 100.0 / of as f64, 100.0 / of as f64);
        let _ = write!(
            style,
            "#{id}{{top:{top:.2}%;height:{height:.2}%;left:{left:.2}%;width:{width:.2}%}}"
        );
    };
    for part in days.iter().flat_map(|day| &day.parts) {
        match part {
            Part::Event(it) => place(&it.id, it.lane.minutes, it.lane.index, it.lane.of),
            Part::Free(it) if it.class == "hour" => place(&it.id, it.minutes, 0, 1),
            Part::Free(_) => {}
        }
    }
    let _ = write!(style, ".hours{{--hours:{}}}}}", (hours.end - hours.start) / 60);
    style
}
