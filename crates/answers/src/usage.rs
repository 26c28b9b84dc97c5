//! How much of a month a room is used: the hours that are booked, those that are booked twice, and how full each
//! hour of the week is.

use clearing::{Interval, covered_twice, intervals_merged};
use ical::civil::weekday;
use ical::{Budget, Moment, Window, Zone};
use serde::{Deserialize, Serialize};

use crate::contents::{Contents, EventView, ListedEvent};

const HOUR: i64 = 3_600;

/// Seconds for each hour of the week: seven days from Monday on, of 24 hours each, on the clock of the room.
pub type Week = [[i64; 24]; 7];

/// How much of a time a room was used, in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// What is booked; where events overlap, their time counts once.
    pub booked: i64,
    /// What two events or more hold at the same time.
    pub used_twice: i64,
    /// What is booked, by the hour of the week.
    pub by_hour: Week,
    /// Objects that cannot be read: they count for nothing.
    pub unreadable: usize,
}

impl Usage {
    /// Adds another room's.
    pub fn add(&mut self, other: &Usage) {
        self.booked = self.booked.saturating_add(other.booked);
        self.used_twice = self.used_twice.saturating_add(other.used_twice);
        self.unreadable = self.unreadable.saturating_add(other.unreadable);
        add_week(&mut self.by_hour, &other.by_hour);
    }
}

/// Adds the seconds of a week to another one, hour by hour.
pub fn add_week(week: &mut Week, other: &Week) {
    for (sum, it) in week.iter_mut().flatten().zip(other.iter().flatten()) {
        *sum = sum.saturating_add(*it);
    }
}

/// How much of a window a room is used. What does not take the room (cancelled, free or declined events) does not count.
pub fn usage(room: &Contents<'_>, window: Window) -> Usage {
    let mut zones = room.fresh_zones();
    let mut budget = Budget::new();
    let (mut all, mut found, mut unreadable) = (Vec::new(), Vec::new(), 0);
    for (object, it) in room.calendar.objects().iter().enumerate() {
        found.clear();
        let expanded =
            ical::expand(&room.calendar, it, &mut zones, window, &mut budget, &mut found);
        unreadable += usize::from(expanded.is_err());
        let blocking = found.iter().filter_map(|&occurrence| {
            let view = EventView { room, object, occurrence };
            let is_blocking = ListedEvent(view).is_blocking();
            is_blocking.then(|| within(window, (occurrence.start, occurrence.end)))
        });
        // An object does not overlap itself.
        all.extend(intervals_merged(blocking.collect()));
    }
    let used_twice = covered_twice(all.clone());
    let booked = intervals_merged(all);
    let seconds = |all: &[Interval]| all.iter().map(|(start, end)| end.since(*start)).sum();
    let mut by_hour = Week::default();
    for interval in &booked {
        spread(room.zones.calendar_zone(), *interval, &mut by_hour);
    }
    Usage { booked: seconds(&booked), used_twice: seconds(&used_twice), by_hour, unreadable }
}

/// How many seconds of a window each hour of the week has: twice as many in the hour that a clock change repeats,
/// and none in the one that it skips.
pub fn hours_of(zone: &Zone, window: Window) -> Week {
    let mut week = Week::default();
    spread(zone, (window.start, window.end), &mut week);
    week
}

fn within(window: Window, (start, end): Interval) -> Interval {
    (start.max(window.start), end.min(window.end))
}

/// Adds an interval to the hours of the week that it lies in. It takes a step for each of its hours, which the window
/// of a month bounds.
fn spread(zone: &Zone, (start, end): Interval, week: &mut Week) {
    let mut at = start;
    while at < end {
        let civil = zone.civil(at);
        let second = i64::from(civil.second_of_day());
        let next: Moment = at.plus(HOUR - second % HOUR).min(end);
        let day = &mut week[weekday(civil.day()) as usize % 7];
        day[(second / HOUR) as usize % 24] += next.since(at);
        at = next;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use clearing::Policy;
    use facts::Month;
    use ical::{Calendar, Zones};

    use super::*;

    fn berlin() -> Zone {
        Zone::iana("Europe/Berlin").unwrap()
    }

    /// The usage of a month in Berlin, by events of which each is given by its lines.
    fn of(month: &str, events: &[&str]) -> Usage {
        let event = |lines: &&str| {
            let lines: String = lines.lines().map(|it| format!("{}\r\n", it.trim())).collect();
            format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n")
        };
        let events: String = events.iter().map(event).collect();
        let text = format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n");
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let policy = Policy {
            room_address: Some(clearing::Address::new("room@example.org")),
            ..Policy::default()
        };
        let room = Contents::new("room".to_owned(), calendar, Zones::new(berlin()), policy);
        usage(&room, Month::parse(month).unwrap().window(&berlin()))
    }

    fn sum(week: &Week) -> i64 {
        week.iter().flatten().sum()
    }

    #[test]
    fn overlapping_events_book_their_time_once_and_use_the_common_part_twice() {
        let used = of(
            "2026-11",
            &[
                "UID:a
                 DTSTART;TZID=Europe/Berlin:20261102T100000
                 DTEND;TZID=Europe/Berlin:20261102T120000",
                "UID:b
                 DTSTART;TZID=Europe/Berlin:20261102T113000
                 DTEND;TZID=Europe/Berlin:20261102T130000",
                "UID:c
                 DTSTART;TZID=Europe/Berlin:20261102T114500
                 DTEND;TZID=Europe/Berlin:20261102T120000",
            ],
        );
        assert_eq!((used.booked, used.used_twice), (3 * HOUR, HOUR / 2));
        assert_eq!(used.by_hour[0][10..13], [HOUR; 3], "a Monday");
        assert_eq!(sum(&used.by_hour), used.booked);
    }

    #[test]
    fn what_does_not_take_the_room_counts_for_nothing() {
        let times = "DTSTART:20261102T100000Z
                     DTEND:20261102T110000Z";
        let said = |uid: &str, line: &str| format!("UID:{uid}\n{line}\n{times}");
        let [free, cancelled, declined] = [
            said("a", "TRANSP:TRANSPARENT"),
            said("b", "STATUS:CANCELLED"),
            said("c", "ATTENDEE;PARTSTAT=DECLINED:mailto:room@example.org"),
        ];
        let used =
            of("2026-11", &[&free, &cancelled, &declined, "UID:d\nDTSTART:20261102T100000Z"]);
        assert_eq!(used, Usage::default());
    }

    #[test]
    fn an_event_over_the_ends_of_the_month_counts_with_the_part_that_lies_in_it() {
        let over = "UID:a
                    DTSTART;TZID=Europe/Berlin:20261031T230000
                    DTEND;TZID=Europe/Berlin:20261201T010000";
        let november = of("2026-11", &[over]);
        assert_eq!(november.booked, 30 * 24 * HOUR);
        assert_eq!([of("2026-10", &[over]).booked, of("2026-12", &[over]).booked], [HOUR; 2]);
        let window = Month::parse("2026-11").unwrap().window(&berlin());
        assert_eq!(november.by_hour, hours_of(&berlin(), window), "all of it is taken");
    }

    #[test]
    fn a_day_of_a_clock_change_has_23_hours_or_25() {
        let all_day = |date: &str, end: &str| {
            format!("UID:a\nDTSTART;VALUE=DATE:{date}\nDTEND;VALUE=DATE:{end}")
        };
        let spring = of("2026-03", &[&all_day("20260329", "20260330")]);
        assert_eq!((spring.booked, spring.by_hour[6][2]), (23 * HOUR, 0));
        let autumn = of("2026-10", &[&all_day("20261025", "20261026")]);
        assert_eq!((autumn.booked, autumn.by_hour[6][2]), (25 * HOUR, 2 * HOUR));
        let window = Month::parse("2026-10").unwrap().window(&berlin());
        assert_eq!(sum(&hours_of(&berlin(), window)), window.end.since(window.start));
    }

    #[test]
    fn a_series_counts_date_by_date_and_never_overlaps_itself() {
        let daily = "UID:a
                     DTSTART;TZID=Europe/Berlin:20260101T100000
                     DURATION:PT25H
                     RRULE:FREQ=DAILY";
        let used = of("2026-11", &[daily]);
        assert_eq!((used.booked, used.used_twice), (30 * 24 * HOUR, 0));
    }

    #[test]
    fn what_cannot_be_read_is_counted_as_such_and_keeps_nothing_else_from_counting() {
        let event = "UID:b\nDTSTART:20261102T100000Z\nDTEND:20261102T110000Z";
        let used = of("2026-11", &["UID:a\nDTSTART:nonsense\nRRULE:FREQ=NEVER", event]);
        assert_eq!((used.booked, used.unreadable), (HOUR, 1));
    }

    #[test]
    fn rooms_add_up() {
        let mut sum = of("2026-11", &["UID:b\nDTSTART:20261102T100000Z\nDTEND:20261102T110000Z"]);
        sum.add(&sum.clone());
        assert_eq!((sum.booked, sum.by_hour[0][11]), (2 * HOUR, 2 * HOUR));
    }
}
