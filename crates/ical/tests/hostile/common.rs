//! Hostile calendars, and what becomes of their objects.

use ical::civil::{Civil, day_number};
use ical::{Budget, Calendar, Moment, Occurrence, Unreadable, Window, Zone, Zones};

/// When most events of these tests begin.
pub const START: &str = "DTSTART:20260301T100000Z";

/// The year in which these tests look.
pub fn year() -> Window {
    years(2026, 2027)
}

pub fn years(from: i32, to: i32) -> Window {
    let midnight = |year| Moment(Civil::midnight(day_number(year, 1, 1)).0);
    Window { start: midnight(from), end: midnight(to) }
}

pub fn event(uid: &str, lines: &[&str]) -> String {
    let lines: String = lines.iter().flat_map(|line| [line, "\r\n"]).collect();
    format!("BEGIN:VEVENT\r\nUID:{uid}\r\n{lines}END:VEVENT\r\n")
}

pub fn calendar(body: &str) -> Vec<u8> {
    format!("BEGIN:VCALENDAR\r\n{body}END:VCALENDAR\r\n").into_bytes()
}

/// What each object holds: its occurrences in a window, or why it cannot be read. One budget is
/// shared by all, as it is by the objects of a calendar.
pub fn expanded_in(text: &[u8], window: Window) -> Vec<Result<Vec<Occurrence>, Unreadable>> {
    let calendar = Calendar::parse(text).unwrap();
    let mut zones = Zones::new(Zone::utc());
    let mut budget = Budget::new();
    let each = calendar.objects().iter().map(|object| {
        let mut found = Vec::new();
        let expanded = ical::expand(&calendar, object, &mut zones, window, &mut budget, &mut found);
        for it in &found {
            assert!(it.start <= it.end && window.touches(it.start, it.end), "{it:?}");
        }
        assert!(expanded.is_ok() || found.is_empty(), "an unreadable object has occurrences");
        expanded.map(|()| found)
    });
    each.collect()
}

/// The same in [`year`], as numbers of occurrences.
pub fn counts(text: &[u8]) -> Vec<Result<usize, Unreadable>> {
    let each = expanded_in(text, year()).into_iter();
    each.map(|found| found.map(|found| found.len())).collect()
}

/// The number of occurrences of an event with these lines.
pub fn count(lines: &[&str]) -> Result<usize, Unreadable> {
    counts(&calendar(&event("1", lines))).remove(0)
}
