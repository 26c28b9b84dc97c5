//! The month page of a calendar: its weeks from Monday to Sunday, with the first events of each day.

use askama::Template;
use facts::time;
use ical::civil::{Civil, Day, date_of, day_number};
use ical::{Window, Zone};
use operations::WeekEvent;

use crate::web::admin::bookings::week::{Links, Shown, clamp, iso, monday_of, shown_in};
use crate::web::admin::bookings::week_layout::Minutes;
use crate::web::admin::bookings::week_times::{SHORT_TIMES, times};
use crate::web::admin::clearing::reasons::{Verdict, verdict};
use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::format::name;
use crate::web::admin::frame::page::{Page, Section, html_with_script};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::rooms::calendar::{Head, Unreachable};
use crate::web::admin::rooms::priorities::event_query;

/// The most events that a day names; the rest is counted.
const MAX_EVENTS_OF_DAY: usize = 3;

/// An event of a day.
struct Line {
    /// When it begins, or all that is said of its times.
    times: String,
    name: String,
    verdict: Verdict,
    path: String,
}

struct MonthDay {
    /// Its name.
    name: String,
    /// As [`Day`] of the month.
    number: u32,
    /// Its week.
    path: String,
    is_today: bool,
    /// Whether it is of the month before or after.
    is_other: bool,
    events: Vec<Line>,
    /// How many more there are.
    more: usize,
}

#[derive(Template)]
#[template(path = "admin/bookings/month.html")]
struct MonthPage {
    t: &'static Texts,
    p: Page,
    c: Head,
    unreachable: Option<Unreachable>,
    title: String,
    weekdays: [(&'static str, &'static str); 7],
    weeks: Vec<Vec<MonthDay>>,
    links: Links,
    is_current: bool,
    more: usize,
    is_empty: bool,
}

/// The first days of the month of a day, of the one before and of the one after.
fn months_around(day: Day) -> [Day; 3] {
    let date = date_of(day);
    let (before, after) = match date.month {
        1 => ((date.year - 1, 12), (date.year, 2)),
        12 => ((date.year, 11), (date.year + 1, 1)),
        month => ((date.year, month - 1), (date.year, month + 1)),
    };
    [before, (date.year, date.month), after].map(|(year, month)| day_number(year, month, 1))
}

/// `GET /admin/calendars/{calendar}/month`
pub async fn show(context: RequestContext) -> Answer {
    let t = context.texts();
    let words = &t.language.words;
    let calendar = context.calendar()?;
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let today = zone.civil(context.app.service.now()).day();
    let day = context.query.value("date").and_then(time::date).map_or(today, clamp);
    let [before, first, after] = months_around(day);
    let (start, end) = (monday_of(first), monday_of(after + 6));
    let midnight = |day: Day| zone.moment(Civil::midnight(day));
    let window = Window { start: midnight(start), end: midnight(end) };
    let Shown { events, more, unreachable } = shown_in(&context, calendar, window).await?;
    let here = format!("/admin/calendars/{}/month", calendar.slug);
    let to = |day: Day| format!("{here}?date={}", iso(clamp(day)));
    let of_day = |day: Day| {
        let is_of_day =
            |it: &&WeekEvent| Minutes::of_day(&zone, day, it.event.start, it.event.end).is_some();
        let of_day: Vec<&WeekEvent> = events.iter().filter(is_of_day).collect();
        let line = |it: &&WeekEvent| line(t, &zone, &calendar.slug, (day, it));
        MonthDay {
            name: words.long_day(day),
            number: date_of(day).day,
            path: format!("/admin/calendars/{}?date={}", calendar.slug, iso(clamp(day))),
            is_today: day == today,
            is_other: !(first..after).contains(&day),
            events: of_day.iter().take(MAX_EVENTS_OF_DAY).map(line).collect(),
            more: of_day.len().saturating_sub(MAX_EVENTS_OF_DAY),
        }
    };
    let weeks = (start..end).step_by(7).map(|monday| (monday..monday + 7).map(of_day).collect());
    let weeks: Vec<Vec<MonthDay>> = weeks.collect();
    let date = date_of(first);
    let month = words.long_months.get(date.month as usize - 1).copied().unwrap_or_default();
    html_with_script(&MonthPage {
        t,
        p: context.page(Section::Calendars),
        c: Head::new(&context, calendar, "month"),
        unreachable,
        title: format!("{month} {}", date.year),
        weekdays: std::array::from_fn(|it| (words.weekdays[it], words.long_weekdays[it])),
        weeks,
        links: Links {
            previous: to(before),
            next: to(after),
            today: to(today),
            ..Links::of(&calendar.slug, day, here.clone())
        },
        is_current: months_around(today)[1] == first,
        more,
        is_empty: events.is_empty(),
    })
}

fn line(t: &Texts, zone: &Zone, slug: &str, (day, it): (Day, &WeekEvent)) -> Line {
    let times = times(t, zone, day, &it.event);
    let is_long = times.chars().count() > SHORT_TIMES;
    let query = event_query(&it.event.uid, &it.event.start.0.to_string());
    Line {
        times: match times.split_once('–').filter(|_| !is_long) {
            Some((from, _)) => from.to_owned(),
            None => times,
        },
        name: name(t, &it.event),
        verdict: verdict(t, zone, it.standing, &it.fate),
        path: format!("/admin/calendars/{slug}/event?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_months_around_a_day_cross_the_year() {
        let days = |year, month, day| months_around(day_number(year, month, day)).map(iso);
        assert_eq!(days(2026, 12, 31), ["2026-11-01", "2026-12-01", "2027-01-01"]);
        assert_eq!(days(2026, 1, 1), ["2025-12-01", "2026-01-01", "2026-02-01"]);
        assert_eq!(days(2028, 2, 29), ["2028-01-01", "2028-02-01", "2028-03-01"]);
    }
}
