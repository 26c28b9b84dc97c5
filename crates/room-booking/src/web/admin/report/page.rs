//! The page of the report of a month.

use answers::usage::Week;
use askama::Template;
use facts::Month;
use ical::civil::DAY;
use operations::{MonthConflicts, MonthlyReport, RoomMonth, UNSEEN_DAYS};

use crate::web::admin::clearing::reasons::left_alone;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::format::{name, period, stamp};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};
use crate::web::admin::report::charts::{self, Bars, Square, percent};

/// Hours that are named as the busiest and the emptiest.
const NAMED_HOURS: usize = 3;
/// The days, from Monday on, and the hours among which the emptiest are sought.
const WORKING_DAYS: usize = 5;
const WORKING_HOURS: std::ops::Range<usize> = 8..18;
/// Hours between two that are written above the map.
const HOUR_STEP: usize = 3;

/// Rooms that a table shows, the busiest or those with the most conflicts; the files have all.
const MAX_ROWS: usize = 50;

struct RoomRow {
    slug: String,
    name: String,
    booked: String,
    share: i64,
    used_twice: String,
}

struct ConflictRow {
    name: String,
    conflicts: MonthConflicts,
}

struct SeriesRow {
    slug: String,
    room: String,
    name: String,
    organizer: String,
    next: String,
    last_seen: String,
}

struct AddressRow {
    address: String,
    answer: String,
    refused_at: String,
}

#[derive(Template)]
#[template(path = "admin/report/report.html")]
struct ReportPage {
    t: &'static Texts,
    p: Page,
    title: String,
    month: Month,
    previous: Month,
    /// None for the present month.
    next: Option<Month>,
    /// How its numbers are known.
    state: String,
    is_deleted: bool,
    missing: usize,
    unreadable: usize,
    numbers: Vec<(Text, String)>,
    rooms: Vec<RoomRow>,
    /// How many rooms the tables leave out.
    left_out: usize,
    conflicts_left_out: usize,
    busiest_room: Option<String>,
    emptiest_room: Option<String>,
    bars: Bars,
    squares: Vec<Square>,
    map_height: usize,
    /// The names of the days beside the map, and of the hours above it, with their places.
    days: Vec<(usize, &'static str)>,
    hours: Vec<(usize, String)>,
    /// The table of the hours: an hour, and how full it is from Monday to Sunday.
    hour_rows: Vec<(String, Vec<i64>)>,
    busiest_hours: String,
    emptiest_hours: String,
    conflicts: Vec<ConflictRow>,
    reasons: Vec<(Text, String)>,
    series: Option<Vec<SeriesRow>>,
    addresses: Option<Vec<AddressRow>>,
    days_unseen: i64,
}

/// Seconds as hours and minutes: `152:30`.
pub fn hours_of(seconds: i64) -> String {
    let minutes = (seconds.max(0) + 30) / 60;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// The month that a request names, and the present one: none in the future, and the present one if it names none.
pub fn months(context: &RequestContext) -> (Month, Month) {
    let zone = &context.app.settings.time_zone;
    let present = Month::of(zone, context.app.service.now());
    let named = Month::parse(context.query.text("month")).filter(|it| *it <= present);
    (named.unwrap_or(present), present)
}

/// The report that a request names, as its user may see it.
pub async fn report(context: &RequestContext) -> Result<MonthlyReport, Refused> {
    let (month, _) = months(context);
    Ok(context.app.service.monthly_report(context.user()?, month).await?)
}

/// How full an hour of the week is: the day, the hour, percent.
type Fullness = (usize, usize, i64);

/// The emptiest hours in words: their number where more than are named are as empty as the emptiest.
fn emptiest_in_words(t: &Texts, emptiest: &[Fullness]) -> String {
    let [first, ..] = emptiest else { return String::new() };
    let equal = emptiest.iter().take_while(|it| it.2 == first.2).count();
    match equal > NAMED_HOURS {
        true => t.report_emptiest_equal(equal, first.2),
        false => t.report_emptiest_hours(in_words(t, &emptiest[..NAMED_HOURS.min(emptiest.len())])),
    }
}

/// The busiest hours; and all in which people work, the emptiest first.
fn extremes(used: &Week, hours: &Week) -> [Vec<Fullness>; 2] {
    let all = || {
        let all = (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
        all.map(|(day, hour)| (day, hour, percent(used[day][hour], hours[day][hour])))
    };
    let mut busiest: Vec<_> = all().filter(|(.., percent)| *percent > 0).collect();
    busiest.sort_by_key(|(.., percent)| std::cmp::Reverse(*percent));
    let is_working =
        |(day, hour, _): &Fullness| *day < WORKING_DAYS && WORKING_HOURS.contains(hour);
    let mut emptiest: Vec<_> = all().filter(is_working).collect();
    emptiest.sort_by_key(|(.., percent)| *percent);
    busiest.truncate(NAMED_HOURS);
    [busiest, emptiest]
}

fn in_words(t: &Texts, hours: &[Fullness]) -> String {
    let named = |(day, hour, percent): &Fullness| {
        t.report_hour(t.language.words.weekdays[*day], format!("{hour}:00"), *percent)
    };
    hours.iter().map(named).collect::<Vec<_>>().join(", ")
}

fn numbers(t: &Texts, report: &MonthlyReport) -> Vec<(Text, String)> {
    let (usage, _, conflicts) = report.in_all();
    vec![
        (t.report_booked, hours_of(usage.booked)),
        (t.report_used_twice, hours_of(usage.used_twice)),
        (t.report_found, t.number(conflicts.found)),
        (t.report_removed, t.number(conflicts.removed)),
        (t.report_settled, t.number(conflicts.settled)),
        (t.report_kept_conflicts, t.number(conflicts.kept_in_all())),
        (t.report_leftovers, t.number(conflicts.leftovers)),
        (t.report_restored, t.number(conflicts.restored)),
    ]
}

/// How much of the month a room is booked, in percent.
pub fn share(room: &RoomMonth) -> i64 {
    percent(room.usage.booked, room.hours.iter().flatten().sum())
}

fn room_row(room: &RoomMonth) -> RoomRow {
    RoomRow {
        slug: room.slug.clone(),
        name: room.name.clone(),
        booked: hours_of(room.usage.booked),
        share: share(room),
        used_twice: hours_of(room.usage.used_twice),
    }
}

/// How the numbers of a report are known.
fn state(context: &RequestContext, report: &MonthlyReport, present: Month) -> String {
    let (t, zone) = (context.texts(), &context.app.settings.time_zone);
    match report.made_at {
        Some(at) => t.report_kept(stamp(t, zone, at.0)),
        None if report.month == present => t.report_present.to_string(),
        None => t.report_past.to_string(),
    }
}

fn series_rows(context: &RequestContext, report: &MonthlyReport) -> Option<Vec<SeriesRow>> {
    let (t, zone) = (context.texts(), &context.app.settings.time_zone);
    let row = |it: &operations::UnattendedSeries| SeriesRow {
        slug: it.slug.clone(),
        room: it.room.clone(),
        name: name(t, &it.event),
        organizer: it.event.organizer.clone().unwrap_or_default(),
        next: period(t, &it.event.zone, &it.event),
        last_seen: match it.last_seen {
            Some(at) => stamp(t, zone, at.0),
            None => t.report_never_seen.to_string(),
        },
    };
    report.series.as_ref().map(|all| all.iter().map(row).collect())
}

/// `GET /admin/report`
pub async fn show(context: RequestContext) -> Answer {
    let (t, zone) = (context.texts(), &context.app.settings.time_zone);
    let (month, present) = months(&context);
    let report = report(&context).await?;
    let (usage, hours, conflicts) = report.in_all();
    let [busiest, emptiest] = extremes(&usage.by_hour, &hours);
    let by_use = || report.rooms.iter().filter(|_| report.rooms.len() > 1);
    let busiest_room = by_use().max_by_key(|it| it.usage.booked);
    let emptiest_room = by_use().min_by_key(|it| it.usage.booked);
    let kept_since =
        context.app.service.now().plus(-i64::from(context.app.settings.retention_days) * DAY);
    let bars = report.rooms.iter().map(|it| {
        let value = hours_of(it.usage.booked);
        (it.name.clone(), value, it.usage.booked, it.usage.used_twice)
    });
    let has_any = |it: &&RoomMonth| it.conflicts != MonthConflicts::default();
    let conflict_row =
        |it: &RoomMonth| ConflictRow { name: it.name.clone(), conflicts: it.conflicts.clone() };
    let mut busiest_first: Vec<&RoomMonth> = report.rooms.iter().collect();
    busiest_first.sort_by_key(|it| std::cmp::Reverse(it.usage.booked));
    let mut with_conflicts: Vec<&RoomMonth> = report.rooms.iter().filter(has_any).collect();
    with_conflicts.sort_by_key(|it| std::cmp::Reverse(it.conflicts.found));
    let months = &t.language.words.long_months;
    let month_name = months.get(month.number() as usize - 1).copied().unwrap_or_default();
    let hour_row = |hour: usize| {
        let of_day = |day: usize| percent(usage.by_hour[day][hour], hours[day][hour]);
        (format!("{hour}:00"), (0..7).map(of_day).collect())
    };
    let y_of = |day: usize| charts::TOP + day * charts::SIZE + 10;
    html(&ReportPage {
        t,
        p: context.page(Section::Report),
        title: format!("{month_name} {}", month.year()),
        month,
        previous: month.previous(),
        next: (month < present).then(|| month.next()),
        state: state(&context, &report, present),
        is_deleted: report.made_at.is_none() && month.window(zone).start < kept_since,
        missing: report.missing,
        unreadable: usage.unreadable,
        numbers: numbers(t, &report),
        busiest_room: busiest_room
            .map(|it| t.report_busiest_room(&it.name, hours_of(it.usage.booked))),
        emptiest_room: emptiest_room
            .map(|it| t.report_emptiest_room(&it.name, hours_of(it.usage.booked))),
        bars: charts::bars(bars.collect()),
        squares: charts::squares(&usage.by_hour, &hours),
        map_height: charts::TOP + 7 * charts::SIZE,
        days: t
            .language
            .words
            .weekdays
            .iter()
            .enumerate()
            .map(|(day, it)| (y_of(day), *it))
            .collect(),
        hours: (0..24)
            .step_by(HOUR_STEP)
            .map(|hour| (charts::LEFT + hour * charts::SIZE, hour.to_string()))
            .collect(),
        hour_rows: (0..24).map(hour_row).collect(),
        busiest_hours: in_words(t, &busiest),
        emptiest_hours: emptiest_in_words(t, &emptiest),
        conflicts: with_conflicts.iter().take(MAX_ROWS).map(|it| conflict_row(it)).collect(),
        conflicts_left_out: with_conflicts.len().saturating_sub(MAX_ROWS),
        reasons: conflicts
            .kept
            .iter()
            .map(|(reason, number)| (left_alone(t, *reason), t.number(*number)))
            .collect(),
        series: series_rows(&context, &report),
        addresses: report.addresses.as_ref().map(|all| {
            let row = |it: &operations::UnknownAddress| AddressRow {
                address: it.address.clone(),
                answer: crate::show::sentence(&it.answer),
                refused_at: stamp(t, zone, it.refused_at.0),
            };
            all.iter().map(row).collect()
        }),
        rooms: busiest_first.iter().take(MAX_ROWS).map(|it| room_row(it)).collect(),
        left_out: report.rooms.len().saturating_sub(MAX_ROWS),
        days_unseen: UNSEEN_DAYS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_written_with_minutes_and_rounded_to_them() {
        assert_eq!(hours_of(0), "0:00");
        assert_eq!(hours_of(152 * 3_600 + 30 * 60 + 29), "152:30");
        assert_eq!(hours_of(3_599), "1:00");
    }

    #[test]
    fn the_emptiest_hours_are_sought_where_people_work_and_no_empty_hour_is_a_busy_one() {
        let (mut used, hours) = ([[3_600; 24]; 7], [[3_600; 24]; 7]);
        used[6][3] = 0;
        used[1][9] = 1_800;
        let [busiest, emptiest] = extremes(&used, &hours);
        assert_eq!(busiest, [(0, 0, 100), (0, 1, 100), (0, 2, 100)]);
        assert_eq!((emptiest.len(), emptiest[0], emptiest[1]), (50, (1, 9, 50), (0, 8, 100)));
        let t = wording::english();
        let few = [(0, 8, 5), (1, 9, 5), (2, 9, 6), (3, 9, 7)];
        assert!(
            emptiest_in_words(t, &few).ends_with(": Mon 8:00: 5%, Tue 9:00: 5%, Wed 9:00: 6%.")
        );
        assert!(emptiest_in_words(t, &[(0, 8, 5); 4]).ends_with(": 4 hours at 5%."));
        assert_eq!(extremes(&Week::default(), &hours)[0], []);
    }
}
