//! Days, times and numbers in languages.

use std::borrow::Cow;
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
    /// What stands between a weekday in full and the day.
    pub behind_long_weekday: &'static str,
    /// How the first day of a month is written in a date.
    pub first_day: &'static str,
    /// What stands between the day and the month.
    pub behind_day: &'static str,
    /// That something takes whole days.
    pub all_day: &'static str,
    /// What stands before and behind a time of day in mail.
    pub around_time: [&'static str; 2],
    /// What stands between thousands.
    pub thousands: &'static str,
}

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
    /// A day of a month: `2`; the first one as the language writes it.
    pub fn day_of_month(&self, day: u32) -> Cow<'static, str> {
        match day {
            1 => Cow::Borrowed(self.first_day),
            day => Cow::Owned(day.to_string()),
        }
    }

    /// `2 Mar 2026`
    fn date(&self, day: civil::Day) -> String {
        let date = civil::date_of(day);
        let (day, month) = (self.day_of_month(date.day), named(&self.months, date.month - 1));
        format!("{day}{}{month} {}", self.behind_day, date.year)
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
        let (day, behind) = (self.day_of_month(date.day), self.behind_long_weekday);
        format!("{weekday}{behind}{day}{}{month} {}", self.behind_day, date.year)
    }

    /// `Mon 2`, where the month is known.
    pub fn short_day(&self, day: civil::Day) -> String {
        let weekday = named(&self.weekdays, civil::weekday(day));
        let day = self.day_of_month(civil::date_of(day).day);
        format!("{weekday} {day}{}", self.behind_day.trim_end())
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
        grouped(&whole.to_string(), self.thousands)
    }
}

/// Digits with something between the thousands.
pub(crate) fn grouped(whole: &str, thousands: &str) -> String {
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut text = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(thousands);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_has_minutes_only_where_it_needs_them() {
        assert_eq!(offset_from_utc(-12_600), "UTC−3:30");
        assert_eq!(offset_from_utc(7_200), "UTC+2");
    }

    #[test]
    fn thousands_are_counted_from_the_end() {
        let shown = ["", "1", "999", "1000", "-100", "-1000000"].map(|it| grouped(it, "."));
        assert_eq!(shown, ["", "1", "999", "1.000", "-100", "-1.000.000"]);
    }
}
