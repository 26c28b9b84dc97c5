//! A month of a year, as the report counts.

use std::fmt;

use ical::civil::{Civil, date_of, day_number};
use ical::{Moment, Window, Zone};

/// The years that a month may be in: those in which the program can have seen anything.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=9_998;

/// A month of a year. It is written `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    number: u32,
}

impl Month {
    /// The month that `text` names as `2026-11`.
    pub fn parse(text: &str) -> Option<Month> {
        let (year, number) = text.split_once('-')?;
        let is_number =
            |it: &str, digits| it.len() == digits && it.bytes().all(|b| b.is_ascii_digit());
        if !is_number(year, 4) || !is_number(number, 2) {
            return None;
        }
        let (year, number) = (year.parse().ok()?, number.parse().ok()?);
        (YEARS.contains(&year) && (1..=12).contains(&number)).then_some(Month { year, number })
    }

    /// The month that a moment is in, on the clock of a zone.
    pub fn of(zone: &Zone, moment: Moment) -> Month {
        let date = date_of(zone.civil(moment).day());
        let year = date.year.clamp(*YEARS.start(), *YEARS.end());
        Month { year, number: date.month }
    }

    /// Its year.
    pub fn year(self) -> i32 {
        self.year
    }

    /// Its number in the year, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// The month before; the first one of all is its own.
    #[must_use]
    pub fn previous(self) -> Month {
        match self.number {
            1 if self.year == *YEARS.start() => self,
            1 => Month { year: self.year - 1, number: 12 },
            number => Month { number: number - 1, ..self },
        }
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Month {
        match self.number {
            12 => Month { year: self.year + 1, number: 1 },
            number => Month { number: number + 1, ..self },
        }
    }

    /// From its first midnight to that of the next month, on the clock of a zone.
    pub fn window(self, zone: &Zone) -> Window {
        let first = |it: Month| zone.moment(Civil::midnight(day_number(it.year, it.number, 1)));
        Window { start: first(self), end: first(self.next()) }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.year, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_as_it_is_written_and_anything_else_is_none() {
        for text in ["2026-11", "2026-01", "1970-12", "9998-12"] {
            assert_eq!(Month::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "26-11",
            "2026-1",
            "+026-11",
            "2026-+1",
            "1969-12",
            "9999-01",
            "2026-11-01",
        ] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }

    #[test]
    fn months_follow_each_other_over_the_end_of_a_year() {
        let month = |text| Month::parse(text).unwrap();
        assert_eq!(month("2026-12").next(), month("2027-01"));
        assert_eq!(month("2027-01").previous(), month("2026-12"));
        assert_eq!(month("1970-01").previous(), month("1970-01"));
        assert!(month("2026-12") < month("2027-01"));
    }

    #[test]
    fn a_month_lasts_from_midnight_to_midnight_on_the_clock_of_the_zone() {
        let berlin = Zone::iana("Europe/Berlin").unwrap();
        let march = Month::parse("2026-03").unwrap();
        let Window { start, end } = march.window(&berlin);
        // The clocks go forward in it.
        assert_eq!(end.since(start), 31 * 86_400 - 3_600);
        assert_eq!(Month::of(&berlin, start), march);
        assert_eq!(Month::of(&berlin, end), march.next());
        assert_eq!(Month::of(&berlin, end.plus(-1)), march);
        assert_eq!(Month::of(&Zone::utc(), start), march.previous());
    }
}
