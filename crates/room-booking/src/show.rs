//! Moments and texts as they are shown to programs and to people.

use std::fmt::Write as _;

use ical::civil::{self, Civil};
use ical::{Moment, Zone};

/// The years that RFC 3339 can write.
const YEARS: std::ops::RangeInclusive<i32> = 0..=9999;

/// `2026-03-02T12:00:00+01:00`: RFC 3339 with the offset of `zone` at that moment. An offset with
/// seconds, as clocks had before 1900, is written with seconds; a year that RFC 3339 cannot write
/// becomes its first or last.
pub fn rfc3339(zone: &Zone, moment: Moment) -> String {
    let offset = zone.offset(moment);
    let Civil(seconds) = Civil(moment.0.saturating_add(i64::from(offset)));
    let first = i64::from(civil::day_number(*YEARS.start(), 1, 1)) * civil::DAY;
    let last = i64::from(civil::LAST_DAY + 1) * civil::DAY - 1;
    let shown = Civil(seconds.clamp(first, last));
    let date = civil::date_of(shown.day());
    let of_day = shown.second_of_day();
    let mut text = String::with_capacity(25);
    pair(&mut text, (date.year / 100) as u32);
    pair(&mut text, (date.year % 100) as u32);
    text.push('-');
    pair(&mut text, date.month);
    text.push('-');
    pair(&mut text, date.day);
    text.push('T');
    pair(&mut text, of_day / 3600);
    text.push(':');
    pair(&mut text, of_day / 60 % 60);
    text.push(':');
    pair(&mut text, of_day % 60);
    text.push(if offset < 0 { '-' } else { '+' });
    let offset = offset.unsigned_abs();
    pair(&mut text, offset / 3600);
    text.push(':');
    pair(&mut text, offset / 60 % 60);
    if !offset.is_multiple_of(60) {
        text.push(':');
        pair(&mut text, offset % 60);
    }
    text
}

fn pair(text: &mut String, number: u32) {
    text.push(char::from(b'0' + (number / 10 % 10) as u8));
    text.push(char::from(b'0' + (number % 10) as u8));
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Mon 2 Mar 2026`
fn day(day: civil::Day) -> String {
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
    fn moments_carry_the_offset_of_the_zone_at_that_moment() {
        assert_eq!(rfc3339(&berlin(), Moment(1_772_449_200)), "2026-03-02T12:00:00+01:00");
        assert_eq!(rfc3339(&berlin(), Moment(1_782_900_000)), "2026-07-01T12:00:00+02:00");
        assert_eq!(rfc3339(&Zone::utc(), Moment(0)), "1970-01-01T00:00:00+00:00");
        let new_york = Zone::iana("America/New_York").unwrap();
        assert_eq!(rfc3339(&new_york, Moment(0)), "1969-12-31T19:00:00-05:00");
    }

    #[test]
    fn moments_at_the_ends_of_time_are_still_written() {
        assert_eq!(rfc3339(&berlin(), Moment::MAX), "9999-12-31T23:59:59+01:00");
        assert!(rfc3339(&berlin(), Moment::MIN).starts_with("0000-01-01T00:00:00"));
        assert_eq!(rfc3339(&berlin(), Moment(-2_500_000_000)), "1890-10-11T20:26:48+00:53:28");
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
