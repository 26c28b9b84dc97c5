//! Moments and texts as they are shown to people.

use std::fmt::{Display, Write as _};

use ical::civil::{self, Civil};
use ical::{Moment, Zone};

/// The names and forms in which a language writes days, times and numbers.
#[derive(Debug)]
pub struct Words {
    /// The days of the week from Monday on, short.
    pub weekdays: [&'static str; 7],
    /// The same, in full.
    pub long_weekdays: [&'static str; 7],
    /// The months, as they stand in a date beside a short weekday.
    pub months: [&'static str; 12],
    /// The same, in full.
    pub long_months: [&'static str; 12],
    /// What stands between a short weekday and the day.
    pub behind_weekday: &'static str,
    /// What stands between the day and the month.
    pub behind_day: &'static str,
    /// That something takes whole days.
    pub all_day: &'static str,
    /// What stands between thousands.
    pub thousands: char,
}

/// English, which the command line speaks.
pub static ENGLISH: Words = Words {
    weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    long_weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    long_months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    behind_weekday: " ",
    behind_day: " ",
    all_day: "all day",
    thousands: ',',
};

fn clock(civil: Civil) -> String {
    let second = civil.second_of_day();
    let mut text = format!("{:02}:{:02}", second / 3600, second / 60 % 60);
    if !second.is_multiple_of(60) {
        let _ = write!(text, ":{:02}", second % 60);
    }
    text
}

/// `12:00`, on the clock of a zone; `02:30 UTC+2` where that clock shows it twice, because it is set back.
pub fn clock_at(zone: &Zone, moment: Moment) -> String {
    let text = clock(zone.civil(moment));
    match is_shown_twice(zone, moment) {
        true => format!("{text} {}", offset_from_utc(zone.offset(moment))),
        false => text,
    }
}

/// Seconds within which a clock that is set back shows the same again.
const SET_BACK_WITHIN: i64 = 3 * 3600;

fn is_shown_twice(zone: &Zone, moment: Moment) -> bool {
    let offset = zone.offset(moment);
    [-SET_BACK_WITHIN, SET_BACK_WITHIN].into_iter().any(|seconds| {
        let near = zone.offset(moment.plus(seconds));
        // The other moment at which the clock would show this, if the offset were that one then.
        near != offset && zone.offset(moment.plus(i64::from(offset - near))) == near
    })
}

/// `UTC+2`, `UTC−3:30`.
fn offset_from_utc(seconds: i32) -> String {
    let sign = if seconds < 0 { '−' } else { '+' };
    let minutes = seconds.abs() / 60;
    match minutes % 60 {
        0 => format!("UTC{sign}{}", minutes / 60),
        rest => format!("UTC{sign}{}:{rest:02}", minutes / 60),
    }
}

fn named<const N: usize>(names: &[&'static str; N], index: u32) -> &'static str {
    names.get(index as usize).copied().unwrap_or_default()
}

impl Words {
    /// `2 Mar 2026`
    fn date(&self, day: civil::Day) -> String {
        let date = civil::date_of(day);
        let month = named(&self.months, date.month - 1);
        format!("{}{}{month} {}", date.day, self.behind_day, date.year)
    }

    /// `Mon 2 Mar 2026`
    pub fn day(&self, day: civil::Day) -> String {
        let weekday = named(&self.weekdays, civil::weekday(day));
        format!("{weekday}{}{}", self.behind_weekday, self.date(day))
    }

    /// `Monday, 2 March 2026`
    pub fn long_day(&self, day: civil::Day) -> String {
        let date = civil::date_of(day);
        let weekday = named(&self.long_weekdays, civil::weekday(day));
        let month = named(&self.long_months, date.month - 1);
        format!("{weekday}, {}{}{month} {}", date.day, self.behind_day, date.year)
    }

    /// `Mon 2`, where the month is known.
    pub fn short_day(&self, day: civil::Day) -> String {
        let weekday = named(&self.weekdays, civil::weekday(day));
        format!("{weekday} {}{}", civil::date_of(day).day, self.behind_day.trim_end())
    }

    /// `Mon 2 Mar 2026, 12:00`, in `zone`.
    pub fn moment(&self, zone: &Zone, moment: Moment) -> String {
        let civil = zone.civil(moment);
        format!("{}, {}", self.day(civil.day()), clock_at(zone, moment))
    }

    /// `Mon 2 Mar 2026, 12:00–13:00`, or `Mon 2 Mar 2026, all day`, in `zone`; the end's day where it
    /// is another.
    pub fn period(&self, zone: &Zone, start: Moment, end: Moment, is_all_day: bool) -> String {
        let (from, to) = (zone.civil(start), zone.civil(end));
        let midnights = from.second_of_day() == 0 && to.second_of_day() == 0;
        if is_all_day && midnights && to.day() > from.day() {
            let (first, last) = (self.day(from.day()), self.day(to.day() - 1));
            return match to.day() - from.day() {
                1 => format!("{first}, {}", self.all_day),
                _ => format!("{first} – {last}, {}", self.all_day),
            };
        }
        if start == end {
            return self.moment(zone, start);
        }
        if from.day() == to.day() {
            let (from_clock, to_clock) = (clock_at(zone, start), clock_at(zone, end));
            return format!("{}, {from_clock}–{to_clock}", self.day(from.day()));
        }
        format!("{} – {}", self.moment(zone, start), self.moment(zone, end))
    }

    /// `2 Mar 2026, 12:00`, in `zone`: a moment in the past, where the weekday says nothing.
    pub fn stamp(&self, zone: &Zone, at: Moment) -> String {
        let civil = zone.civil(at);
        format!("{}, {}", self.date(civil.day()), clock_at(zone, at))
    }

    /// `10,000`
    pub fn number(&self, whole: impl Display) -> String {
        let digits = whole.to_string();
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(self.thousands);
            }
            text.push(digit);
        }
        text
    }
}

/// [`Words::moment`] in English.
pub fn moment(zone: &Zone, moment: Moment) -> String {
    ENGLISH.moment(zone, moment)
}

/// [`Words::period`] in English.
pub fn period(zone: &Zone, start: Moment, end: Moment, is_all_day: bool) -> String {
    ENGLISH.period(zone, start, end, is_all_day)
}

/// [`Words::stamp`] in English.
pub fn stamp(zone: &Zone, at: Moment) -> String {
    ENGLISH.stamp(zone, at)
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
        return format!("{}–{}", clock_at(zone, start), clock_at(zone, end));
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
pub fn sentence(text: impl Display) -> String {
    cleaned(&text.to_string(), SENTENCE)
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
    format!("{} {}", ENGLISH.number(number), if number == 1 { one } else { many })
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
    fn an_hour_that_the_clock_shows_twice_is_told_with_its_offset() {
        let zone = berlin();
        // 2026-10-25T00:30:00Z: the first 02:30.
        let first = Moment(1_792_888_200);
        let shown =
            |from: i64, to: i64| period(&zone, first.plus(from * 60), first.plus(to * 60), false);
        assert_eq!(shown(0, 60), "Sun 25 Oct 2026, 02:30 UTC+2–02:30 UTC+1");
        assert_eq!(shown(0, 40), "Sun 25 Oct 2026, 02:30 UTC+2–02:10 UTC+1");
        assert_eq!(shown(-31, 90), "Sun 25 Oct 2026, 01:59–03:00");
        assert_eq!(shown(-30, 89), "Sun 25 Oct 2026, 02:00 UTC+2–02:59 UTC+1");
        assert_eq!(
            period_beside(&zone, first, first.plus(60), false, first),
            "02:30 UTC+2–02:31 UTC+2"
        );
        assert_eq!(stamp(&zone, first.plus(3600)), "25 Oct 2026, 02:30 UTC+1");
        // Half an hour is repeated on Lord Howe; and the hour that is left out in spring is none of these.
        let lord_howe = Zone::iana("Australia/Lord_Howe").unwrap();
        let before = Moment(1_775_313_900); // 2026-04-04T14:45:00Z
        assert_eq!(clock_at(&lord_howe, before), "01:45 UTC+11");
        assert_eq!(clock_at(&lord_howe, before.plus(1800)), "01:45 UTC+10:30");
        assert_eq!(clock_at(&lord_howe, before.plus(3600)), "02:15");
        let spring = Moment(1_774_745_940); // 2026-03-29T00:59:00Z
        assert_eq!(clock_at(&zone, spring), "01:59");
        assert_eq!(clock_at(&zone, spring.plus(60)), "03:00");
        assert_eq!(offset_from_utc(-12_600), "UTC−3:30");
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
