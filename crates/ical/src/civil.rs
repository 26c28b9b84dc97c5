//! Wall-clock arithmetic on plain integers.
//!
//! Recurrence rules work on civil time (RFC 5545 section 3.3.10): local time without a time zone.
//! All values count from 1970-01-01T00:00:00 local time in the proleptic Gregorian calendar, so
//! that a rule is expanded with additions and bit masks. Moments (in UTC) have a type of their own,
//! [`crate::Moment`]; only a [`crate::Zone`] converts between both.

/// Seconds of one civil day.
pub const DAY: i64 = 86_400;

/// Days since 1970-01-01.
pub type Day = i32;

/// The first day that RFC 5545 can write: 0001-01-01.
pub const FIRST_DAY: Day = -719_162;

/// The last day that RFC 5545 can write: 9999-12-31.
pub const LAST_DAY: Day = 2_932_896;

/// A wall-clock time: seconds since 1970-01-01T00:00:00 on the clock of some zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Civil(pub i64);

impl Civil {
    /// Midnight at the start of `day`.
    pub fn midnight(day: Day) -> Civil {
        Civil(i64::from(day) * DAY)
    }

    /// The day of this time.
    pub fn day(self) -> Day {
        // Civil times stay within years -10,000 to 20,000 (see `Civil::plus`), so this fits.
        self.0.div_euclid(DAY) as Day
    }

    /// Seconds since midnight, `0..86_400`.
    pub fn second_of_day(self) -> u32 {
        self.0.rem_euclid(DAY) as u32
    }

    /// This time moved by `seconds`; it stops at ten thousand years before and after the calendar.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Civil {
        const EDGE: i64 = 20_000 * 366 * DAY;
        Civil(self.0.saturating_add(seconds).clamp(-EDGE, EDGE))
    }
}

/// A civil date in year, month (1 to 12) and day of the month (1 to 31).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// Year of the proleptic Gregorian calendar; 0 is 1 BC.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// The number of `year`-`month`-`day` in days since 1970-01-01. The arguments are not checked.
pub fn day_number(year: i32, month: u32, day: u32) -> Day {
    // Years are counted from March, so that the leap day is the last day of its year; a cycle of
    // 400 years has 146,097 days. From a year far in the past on, nothing is below zero, and divisions by
    // constants are multiplications.
    const CYCLES: u32 = 100;
    let is_before_march = month <= 2;
    let year = (year + 400 * CYCLES as i32) as u32 - u32::from(is_before_march);
    let month_from_march = if is_before_march { month + 9 } else { month - 3 };
    let before_month = (153 * month_from_march + 2) / 5;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + before_month + day;
    days as i32 - (CYCLES * 146_097) as i32 - 719_469
}

/// The date of a day number: the inverse of [`day_number`].
pub fn date_of(day: Day) -> Date {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    Date {
        year: year_of_era + era * 400 + i32::from(month <= 2),
        month: month as u32,
        day: (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32,
    }
}

/// The weekday of a day: 0 for Monday to 6 for Sunday.
pub fn weekday(day: Day) -> u32 {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7) as u32
}

/// Whether `year` has 366 days.
pub fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The number of days of a month, 28 to 31. `month` is 1 to 12.
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The number of days of a year, 365 or 366.
pub fn days_in_year(year: i32) -> u32 {
    if is_leap(year) { 366 } else { 365 }
}

/// `20260302`
pub(crate) fn date_text(civil: Civil) -> String {
    let date = date_of(civil.day());
    format!("{:04}{:02}{:02}", date.year, date.month, date.day)
}

/// `20260302T120000`
pub(crate) fn local_text(civil: Civil) -> String {
    let second = civil.second_of_day();
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{}T{hour:02}{minute:02}{:02}", date_text(civil), second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_and_dates_agree_over_the_whole_calendar() {
        let mut day = FIRST_DAY;
        for year in 1..=9999 {
            for month in 1..=12 {
                for of_month in 1..=days_in_month(year, month) {
                    assert_eq!(day_number(year, month, of_month), day);
                    assert_eq!(date_of(day), Date { year, month, day: of_month });
                    day += 1;
                }
            }
        }
        assert_eq!(day - 1, LAST_DAY);
    }

    #[test]
    fn weekdays_are_those_of_the_calendar_on_the_wall() {
        assert_eq!(weekday(day_number(2026, 11, 22)), 6);
        assert_eq!(weekday(day_number(1970, 1, 1)), 3);
        assert_eq!(weekday(day_number(1601, 1, 1)), 0);
    }

    #[test]
    fn civil_times_before_1970_have_their_own_day_and_second() {
        assert_eq!(Civil(-1).day(), -1);
        assert_eq!(Civil(-1).second_of_day(), 86_399);
        assert_eq!(Civil(i64::MAX).plus(i64::MAX), Civil(0).plus(i64::MAX));
    }
}
