//! Civil dates and times without a zone, by counting days.

use std::fmt;

/// Minutes of a civil day.
pub(crate) const MINUTES_OF_A_DAY: i64 = 24 * 60;

/// The two-letter names of iCalendar, from Monday, whose number is 0, to Sunday.
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// A date of the Gregorian calendar in the years 1 to 9999, without a time zone.
///
/// ```
/// use workload::Day;
///
/// let day = Day::new(2026, 2, 28).ok_or("no such day")?;
/// assert_eq!(day.plus(1).to_string(), "2026-03-01");
/// assert_eq!(Day::new(2026, 2, 29), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// Days since 1970-01-01, negative before it.
    number: i64,
}

impl Day {
    const FIRST: Self = Self::of(1, 1, 1);
    const LAST: Self = Self::of(9999, 12, 31);

    /// The day that the workload is written around unless another is asked for.
    pub(crate) const USUAL: Self = Self::of(2026, 3, 2);

    /// The day of that year (1 to 9999), month (1 to 12) and day of the month (from 1), or `None`
    /// where the calendar has no such day.
    #[must_use]
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let candidate = Self::of(year, month, day);
        (candidate.civil() == (year, month, day)).then_some(candidate)
    }

    /// The day that many days later, or earlier for a negative number; it stops at the first day
    /// of the year 1 and at the last day of the year 9999.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        let number = self.number.saturating_add(days);
        Self { number: number.clamp(Self::FIRST.number, Self::LAST.number) }
    }

    /// Year, month and day of the month, the latter two from 1.
    #[must_use]
    pub fn civil(self) -> (i64, i64, i64) {
        // Years begin with March here, so that the leap day is the last one: the algorithm
        // `civil_from_days` of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
        let shifted = self.number + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, month, day)
    }

    /// Days from `earlier` to this day.
    pub(crate) fn since(self, earlier: Self) -> i64 {
        self.number - earlier.number
    }

    /// The number of the weekday: 0 for Monday to 6 for Sunday.
    pub(crate) fn weekday(self) -> i64 {
        // 1970-01-01 was a Thursday.
        (self.number + 3).rem_euclid(7)
    }

    /// How many days the month of this day has.
    pub(crate) fn length_of_month(self) -> i64 {
        let (year, month, _) = self.civil();
        let next =
            if month == 12 { Self::of(year + 1, 1, 1) } else { Self::of(year, month + 1, 1) };
        next.since(Self::of(year, month, 1))
    }

    /// The `ordinal`-th such weekday of a month, or the last one for -1.
    pub(crate) fn nth_weekday(year: i64, month: i64, ordinal: i64, weekday: i64) -> Self {
        let first = Self::of(year, month, 1);
        if ordinal > 0 {
            let ahead = (weekday - first.weekday()).rem_euclid(7);
            return first.plus(ahead + 7 * (ordinal - 1));
        }
        let last = first.plus(first.length_of_month() - 1);
        let back = (last.weekday() - weekday).rem_euclid(7);
        last.plus(7 * (ordinal + 1) - back)
    }

    /// The date as iCalendar writes it: `20260302`.
    pub(crate) fn basic(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}{month:02}{day:02}")
    }

    const fn of(year: i64, month: i64, day: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self { number: era * 146_097 + day_of_era - 719_468 }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

/// The name of a weekday in a recurrence rule: `MO` for 0.
pub(crate) fn weekday_name(weekday: i64) -> &'static str {
    let index = usize::try_from(weekday.rem_euclid(7)).unwrap_or(0);
    WEEKDAYS[index]
}

/// A day and a time of day to the minute, on whatever clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) day: Day,
    /// Minutes since midnight, in `[0, 1440)`.
    pub(crate) minute: i64,
}

impl Moment {
    /// The moment that many minutes after midnight of `day`, where they may be more than a day's.
    pub(crate) fn new(day: Day, minutes: i64) -> Self {
        Self {
            day: day.plus(minutes.div_euclid(MINUTES_OF_A_DAY)),
            minute: minutes.rem_euclid(MINUTES_OF_A_DAY),
        }
    }

    /// The moment that many minutes later on the same clock.
    pub(crate) fn plus(self, minutes: i64) -> Self {
        Self::new(self.day, self.minute + minutes)
    }

    /// The moment as iCalendar writes it, with these seconds: `20260302T090000`.
    pub(crate) fn basic(self, second: i64) -> String {
        let (hour, minute) = (self.minute / 60, self.minute % 60);
        format!("{}T{hour:02}{minute:02}{second:02}", self.day.basic())
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Moment};

    #[test]
    fn counting_days_and_back_gives_the_same_date() {
        assert_eq!(Day::of(1970, 1, 1).number, 0);
        assert_eq!(Day::of(2000, 3, 1).number, 11_017);
        let mut day = Day::of(1899, 12, 31);
        for _ in 0..120_000 {
            let (year, month, day_of_month) = day.civil();
            assert_eq!(Day::new(year, month, day_of_month), Some(day));
            day = day.plus(1);
        }
        assert_eq!(day.to_string(), "2228-07-19");
    }

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        for (year, month, day) in [
            (2025, 2, 29),
            (2026, 4, 31),
            (2026, 13, 1),
            (2026, 0, 1),
            (0, 1, 1),
            (2026, 1, 0),
            (i64::MAX, i64::MIN, i64::MAX),
        ] {
            assert_eq!(Day::new(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn a_day_far_away_stops_at_the_ends_of_the_calendar() {
        assert_eq!(Day::USUAL.plus(i64::MAX).to_string(), "9999-12-31");
        assert_eq!(Day::USUAL.plus(i64::MIN).to_string(), "0001-01-01");
    }

    #[test]
    fn weekdays_of_a_month_are_counted_from_both_ends() {
        assert_eq!(Day::USUAL.weekday(), 0);
        assert_eq!(Day::nth_weekday(2026, 3, 1, 6), Day::of(2026, 3, 1));
        assert_eq!(Day::nth_weekday(2026, 3, 2, 6), Day::of(2026, 3, 8));
        assert_eq!(Day::nth_weekday(2026, 3, -1, 6), Day::of(2026, 3, 29));
        assert_eq!(Day::nth_weekday(2026, 10, -1, 6), Day::of(2026, 10, 25));
    }

    #[test]
    fn minutes_carry_over_to_the_next_and_the_previous_day() {
        let evening = Moment::new(Day::USUAL, 23 * 60);
        assert_eq!(evening.plus(90).basic(5), "20260303T003005");
        assert_eq!(evening.plus(-24 * 60).basic(0), "20260301T230000");
    }
}
