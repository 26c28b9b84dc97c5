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
        format!("{}, {}", self.day(civil.day()), clock(civil))
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
            return format!("{}, {}–{}", self.day(from.day()), clock(from), clock(to));
        }
        format!("{} – {}", self.moment(zone, start), self.moment(zone, end))
    }

    /// `2 Mar 2026, 12:00`, in `zone`: a moment in the past, where the weekday says nothing.
    pub fn stamp(&self, zone: &Zone, at: Moment) -> String {
        let civil = zone.civil(at);
        format!("{}, {}", self.date(civil.day()), clock(civil))
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
