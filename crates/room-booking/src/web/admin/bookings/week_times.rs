//! The times of an event in a day's column.

use facts::Event;
use ical::Zone;
use ical::civil::{Civil, DAY, Day, date_of};

use crate::show::clock_at;
use crate::web::admin::frame::text::Texts;

/// Characters of a time that fit into a line of a day's column: `09:30–11:00`.
pub const SHORT_TIMES: usize = 12;

/// The times of an event in a day's column; for one longer than a day, its start or end.
pub fn times(t: &Texts, zone: &Zone, day: Day, event: &Event) -> String {
    let words = &t.language.words;
    let (from, to) = (zone.civil(event.start), zone.civil(event.end));
    let is_of_days = from.second_of_day() == 0 && to.second_of_day() == 0 && from != to;
    if event.is_all_day || is_of_days {
        let last = zone.civil(event.end.plus(-1)).day();
        return match last > from.day() {
            true => t.all_day_until(words.day(last)),
            false => words.all_day.to_owned(),
        };
    }
    let [midnight, next] = [day, day + 1].map(|day| zone.moment(Civil::midnight(day)));
    let is_begun = event.start < midnight || from == Civil::midnight(day);
    let is_on = event.end >= next;
    if event.start == event.end {
        return clock_at(zone, event.start);
    }
    if event.end.since(event.start) <= DAY {
        let start =
            if event.start < midnight { "00:00".to_owned() } else { clock_at(zone, event.start) };
        let end = if is_on { "24:00".to_owned() } else { clock_at(zone, event.end) };
        return format!("{start}–{end}");
    }
    let (began, ends) = (words.moment(zone, event.start), words.moment(zone, event.end));
    match (is_begun, is_on) {
        (true, true) if event.end == next => t.all_day_since(began),
        (true, true) => t.all_day_until(ends),
        (false, _) => t.from_until(clock_at(zone, event.start), ends),
        (true, false) => t.until_since(clock_at(zone, event.end), began),
    }
}

/// `2026-03-02`
pub fn iso(day: Day) -> String {
    let date = date_of(day);
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

#[cfg(test)]
mod tests {
    use ical::Moment;
    use ical::civil::day_number;

    use super::*;

    fn berlin() -> Zone {
        Zone::iana("Europe/Berlin").unwrap()
    }

    /// What days of October 2026 say of an event between two hours of them.
    fn said(start: (u32, i64), end: (u32, i64), days: &[u32]) -> Vec<String> {
        let day = |day: u32| day_number(2026, 10, day);
        let moment =
            |(of, hour): (u32, i64)| berlin().moment(Civil::midnight(day(of)).plus(hour * 3600));
        let (start, end) = (moment(start), moment(end));
        let event = Event { start, end, original: start, ..Event::default() };
        days.iter().map(|it| times(wording::english(), &berlin(), day(*it), &event)).collect()
    }

    #[test]
    fn an_event_of_a_week_says_on_each_day_when_it_began_or_ends() {
        assert_eq!(
            said((10, 10), (17, 10), &[10, 11, 16, 17]),
            [
                "from 10:00, until Sat 17 Oct 2026, 10:00",
                "all day, until Sat 17 Oct 2026, 10:00",
                "all day, until Sat 17 Oct 2026, 10:00",
                "until 10:00, since Sat 10 Oct 2026, 10:00",
            ]
        );
        assert_eq!(said((10, 10), (13, 0), &[12]), ["all day, since Sat 10 Oct 2026, 10:00"]);
        assert_eq!(said((10, 0), (12, 9), &[10]), ["all day, until Mon 12 Oct 2026, 09:00"]);
        // From midnight to midnight it has no hours to tell.
        assert_eq!(said((10, 0), (13, 0), &[10, 12]), ["all day, until Mon 12 Oct 2026"; 2]);
        assert_eq!(said((10, 0), (11, 0), &[10]), ["all day"]);
    }

    #[test]
    fn a_night_lies_in_both_days_and_a_moment_is_one() {
        assert_eq!(said((10, 22), (11, 2), &[10, 11]), ["22:00–24:00", "00:00–02:00"]);
        assert_eq!(said((10, 10), (11, 10), &[10, 11]), ["10:00–24:00", "00:00–10:00"]);
        assert_eq!(said((10, 10), (10, 10), &[10]), ["10:00"]);
        // A day of 25 hours.
        assert_eq!(said((25, 0), (26, 0), &[25]), ["all day"]);
    }

    #[test]
    fn an_hour_that_the_clock_shows_twice_is_told_with_its_offset() {
        let day = day_number(2026, 10, 25);
        let start = berlin().moment(Civil::midnight(day).plus(9_000));
        let end = Moment(start.0 + 3600);
        let event = Event { start, end, original: start, ..Event::default() };
        assert_eq!(times(wording::english(), &berlin(), day, &event), "02:30 UTC+2–02:30 UTC+1");
    }
}
