//! Moments and texts as they are shown to people.

use std::fmt::Write as _;

use ical::civil::{self, Civil};
use ical::{Moment, Zone};

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Mon 2 Mar 2026`
pub fn day(day: civil::Day) -> String {
    let date = civil::date_of(day);
    let weekday = WEEKDAYS[civil::weekday(day) as usize];
    format!("{weekday} {} {} {}", date.day, MONTHS[date.month as usize - 1], date.year)
}

fn clock(civil: Civil) -> String {
    let second = civil.second_of_day();
    let mut text = format!("{:02}:{:02}", second / 3600, second / 60 % 60);
    if !second.is_multiple_of(60) {
        let _ = write!(text, ":{:02}", second % 60);
    }
    text
}

/// `Mon 2 Mar 2026, 12:00`, in `zone`.
pub fn moment(zone: &Zone, moment: Moment) -> String {
    let civil = zone.civil(moment);
    format!("{}, {}", day(civil.day()), clock(civil))
}

/// `Mon 2 Mar 2026, 12:00–13:00`, or `Mon 2 Mar 2026, all day`, in `zone`; the end's day where it is
/// another.
pub fn period(zone: &Zone, start: Moment, end: Moment, is_all_day: bool) -> String {
    let (from, to) = (zone.civil(start), zone.civil(end));
    let midnights = from.second_of_day() == 0 && to.second_of_day() == 0;
    if is_all_day && midnights && to.day() > from.day() {
        return match to.day() - from.day() {
            1 => format!("{}, all day", day(from.day())),
            _ => format!("{} – {}, all day", day(from.day()), day(to.day() - 1)),
        };
    }
    if start == end {
        return moment(zone, start);
    }
    if from.day() == to.day() {
        return format!("{}, {}–{}", day(from.day()), clock(from), clock(to));
    }
    format!("{} – {}", moment(zone, start), moment(zone, end))
}

/// `2 Mar 2026, 12:00`, in `zone`: a moment in the past, where the weekday says nothing.
pub fn stamp(zone: &Zone, at: Moment) -> String {
    let text = moment(zone, at);
    text.split_once(' ').map_or(text.clone(), |(_, rest)| rest.to_owned())
}

/// As [`period`], beside another one that begins at `beside`: without the day where it is the same.
pub fn period_beside(
    zone: &Zone,
    start: Moment,
    end: Moment,
    is_all_day: bool,
    beside: Moment,
) -> String {
    let (from, to) = (zone.civil(start), zone.civil(end));
    if from.day() == zone.civil(beside).day() && to.day() == from.day() && !is_all_day {
        return format!("{}–{}", clock(from), clock(to));
    }
    period(zone, start, end, is_all_day)
}

/// Characters of a name that a table shows.
const SHOWN: usize = 60;

/// Characters of a sentence that a table shows.
const SENTENCE: usize = 300;

/// A name that a stranger wrote, for a terminal: as [`sentence`], shortened to 60 characters.
pub fn plain(text: &str) -> String {
    cleaned(text, SHOWN)
}

/// A sentence that may quote a stranger, for a terminal: on one line, without control characters or
/// marks that turn the direction of what follows, shortened to 300 characters.
pub fn sentence(text: &str) -> String {
    cleaned(text, SENTENCE)
}

fn cleaned(text: &str, most: usize) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let mut shown: String = text
        .chars()
        .filter(|c| !turns(*c))
        .map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c })
        .take(most + 1)
        .collect();
    if shown.chars().count() > most {
        shown = shown.chars().take(most - 1).collect();
        shown.push('…');
    }
    shown.trim().to_owned()
}

/// `1 event`, `2 events`; thousands apart: `10,000 events`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::iana("Europe/Berlin").unwrap()
    }

    #[test]
    fn periods_say_as_much_as_they_need() {
        let zone = berlin();
        let noon = Moment(1_772_449_200);
        let midnight = noon.plus(-12 * 3600);
        assert_eq!(period(&zone, noon, noon.plus(3600), false), "Mon 2 Mar 2026, 12:00–13:00");
        assert_eq!(period(&zone, noon, noon, false), "Mon 2 Mar 2026, 12:00");
        assert_eq!(period(&zone, midnight, midnight.plus(86_400), true), "Mon 2 Mar 2026, all day");
        assert_eq!(
            period(&zone, midnight, midnight.plus(2 * 86_400), true),
            "Mon 2 Mar 2026 – Tue 3 Mar 2026, all day"
        );
        assert_eq!(period_beside(&zone, noon, noon.plus(3600), false, midnight), "12:00–13:00");
        assert_eq!(
            period_beside(&zone, noon, noon.plus(3600), false, midnight.plus(-1)),
            "Mon 2 Mar 2026, 12:00–13:00"
        );
        assert_eq!(
            period(&zone, noon, noon.plus(86_400), false),
            "Mon 2 Mar 2026, 12:00 – Tue 3 Mar 2026, 12:00"
        );
    }

    #[test]
    fn a_strangers_text_cannot_write_to_the_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\r\nc\u{202e}d"), "a [31mb  cd");
        assert_eq!(plain(&"x".repeat(100)).chars().count(), SHOWN);
    }

    #[test]
    fn numbers_have_thousands_and_the_right_word() {
        assert_eq!(count(1, "event", "events"), "1 event");
        assert_eq!(count(1_234_567, "event", "events"), "1,234,567 events");
        assert_eq!(count(0, "event", "events"), "0 events");
    }
}
