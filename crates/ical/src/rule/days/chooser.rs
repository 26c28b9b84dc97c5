//! Which days of a month, a week or a year a rule chooses.

use super::super::{Frequency, Rule, bits};
use crate::civil::{Date, Day, date_of, day_number, days_in_month, days_in_year, weekday};

/// Bits 0, 7, 14, 21 and 28: a week repeated over a month.
pub(super) const EVERY_WEEK: u64 = 0x1020_4081;

/// A run of days: bit 0 of `word` is the day `first`.
#[derive(Clone, Copy, Default)]
pub(in crate::rule) struct Chunk {
    pub first: Day,
    pub word: u64,
}

/// A rule with what DTSTART says where the rule is silent (RFC 5545 section 3.3.10, "information
/// not contained in the rule is derived from DTSTART").
pub(in crate::rule) struct Chooser<'r> {
    pub(in crate::rule) rule: &'r Rule,
    pub(in crate::rule) months: u16,
    pub(in crate::rule) month_days: u32,
    pub(in crate::rule) weekdays: u8,
    /// Whether BYMONTHDAY, or its default, chooses.
    pub(in crate::rule) by_month_day: bool,
    /// Whether BYDAY, or its default, chooses.
    pub(in crate::rule) by_weekday: bool,
    /// Whether an ordinal in BYDAY counts within the month, and not within the year.
    pub(in crate::rule) nth_in_month: bool,
}

impl<'r> Chooser<'r> {
    pub(in crate::rule) fn new(rule: &'r Rule, start: Day) -> Chooser<'r> {
        let mut chooser = Chooser::filter(rule);
        let Date { month, day, .. } = date_of(start);
        let weeks = !rule.week_numbers.is_empty();
        let days = chooser.by_month_day || chooser.by_weekday || !rule.year_days.is_empty();
        match rule.frequency {
            Frequency::Yearly if weeks && !days => {
                chooser.weekdays = 1 << weekday(start);
                chooser.by_weekday = true;
            }
            Frequency::Yearly if !weeks && !days => {
                if chooser.months == 0 {
                    chooser.months = 1 << month;
                }
                chooser.month_days = 1 << day;
                chooser.by_month_day = true;
            }
            Frequency::Monthly if !weeks && !days => {
                chooser.month_days = 1 << day;
                chooser.by_month_day = true;
            }
            Frequency::Weekly if !weeks && !days => {
                chooser.weekdays = 1 << weekday(start);
                chooser.by_weekday = true;
            }
            _ => {}
        }
        chooser
    }

    /// The rule's own parts only, which limit the days of finer frequencies.
    pub(in crate::rule) fn filter(rule: &'r Rule) -> Chooser<'r> {
        Chooser {
            rule,
            months: rule.months,
            month_days: rule.month_days,
            weekdays: rule.weekdays,
            by_month_day: rule.month_days != 0 || rule.month_days_from_end != 0,
            by_weekday: rule.weekdays != 0 || !rule.nth_weekdays.is_empty(),
            nth_in_month: rule.frequency == Frequency::Monthly || rule.months != 0,
        }
    }

    /// Whether the day is chosen.
    pub(in crate::rule) fn has(&self, day: Day) -> bool {
        let Date { year, month, day: of_month } = date_of(day);
        self.of_month(year, month, 1 << (of_month - 1), None).word != 0
    }

    pub(in crate::rule) fn has_month(&self, month: u32) -> bool {
        self.months == 0 || self.months >> month & 1 == 1
    }

    /// The chosen days of a month. With `week_year`, BYWEEKNO counts in the weeks of that year, to
    /// which days of the neighbouring years may belong; else each day counts in its own.
    pub(in crate::rule) fn month(&self, year: i32, month: u32, week_year: Option<i32>) -> Chunk {
        self.of_month(year, month, u64::MAX, week_year)
    }

    /// The chosen ones of some days of a month.
    fn of_month(&self, year: i32, month: u32, some: u64, week_year: Option<i32>) -> Chunk {
        let first = day_number(year, month, 1);
        let length = days_in_month(year, month);
        let mut word = some & ((1_u64 << length) - 1);
        if !self.has_month(month) {
            word = 0;
        }
        if self.by_month_day {
            let mut chosen = u64::from(self.month_days >> 1);
            for from_end in bits(u64::from(self.rule.month_days_from_end)) {
                if from_end <= length {
                    chosen |= 1 << (length - from_end);
                }
            }
            word &= chosen;
        }
        if self.by_weekday && word != 0 {
            word &= self.weekdays_of(first, length, year);
        }
        if !self.rule.year_days.is_empty() && word != 0 {
            word &= self.year_days_of(first, length, year);
        }
        if !self.rule.week_numbers.is_empty() && word != 0 {
            word = self.in_weeks(first, word, week_year);
        }
        Chunk { first, word }
    }

    fn weekdays_of(&self, first: Day, length: u32, year: i32) -> u64 {
        let weekday_of_first = weekday(first);
        let week = u64::from(self.weekdays);
        let turned = (week >> weekday_of_first | week << (7 - weekday_of_first)) & 0x7F;
        let mut chosen = turned * EVERY_WEEK;
        if self.rule.nth_weekdays.is_empty() {
            return chosen;
        }
        let (from, count) = if self.nth_in_month {
            (first, length)
        } else {
            (day_number(year, 1, 1), days_in_year(year))
        };
        for &(nth, wanted) in &self.rule.nth_weekdays {
            let offset = if nth > 0 {
                (wanted + 7 - weekday(from)) % 7 + 7 * (nth as u32 - 1)
            } else {
                let last = from + count as i32 - 1;
                let back = (weekday(last) + 7 - wanted) % 7 + 7 * (nth.unsigned_abs() - 1);
                (count - 1).wrapping_sub(back)
            };
            if offset < count {
                set_day(&mut chosen, first, length, from + offset as i32);
            }
        }
        chosen
    }

    fn year_days_of(&self, first: Day, length: u32, year: i32) -> u64 {
        let new_year = day_number(year, 1, 1);
        let count = days_in_year(year) as i32;
        let mut chosen = 0;
        for &number in &self.rule.year_days {
            let offset = if number > 0 { number - 1 } else { count + number };
            if (0..count).contains(&offset) {
                set_day(&mut chosen, first, length, new_year + offset);
            }
        }
        chosen
    }

    fn in_weeks(&self, first: Day, word: u64, week_year: Option<i32>) -> u64 {
        let mut chosen = 0;
        for bit in bits(word) {
            let day = first + bit as i32;
            let week = Week::of(day, self.rule.week_start);
            let numbers = &self.rule.week_numbers;
            let is_chosen = numbers.binary_search(&week.number).is_ok()
                || numbers.binary_search(&(week.number - week.count - 1)).is_ok();
            if is_chosen && week_year.is_none_or(|year| year == week.year) {
                chosen |= 1 << bit;
            }
        }
        chosen
    }
}

/// Sets the bit of `day` if it lies in the `length` days from `first` on.
fn set_day(word: &mut u64, first: Day, length: u32, day: Day) {
    if (first..first + length as i32).contains(&day) {
        *word |= 1 << (day - first);
    }
}

/// A week of the year: the first has at least four days in it (RFC 5545 section 3.3.10, BYWEEKNO).
pub(super) struct Week {
    pub(super) year: i32,
    number: i32,
    /// The number of weeks of its year, 52 or 53.
    count: i32,
}

impl Week {
    pub(super) fn of(day: Day, week_start: u32) -> Week {
        // The fourth day of its week decides to which year a week belongs.
        let fourth = day - ((weekday(day) + 7 - week_start) % 7) as i32 + 3;
        let year = date_of(fourth).year;
        let number = (fourth - day_number(year, 1, 1)) / 7 + 1;
        let first_fourth = (fourth - day_number(year, 1, 1)) % 7;
        let count = (days_in_year(year) as i32 - 1 - first_fourth) / 7 + 1;
        Week { year, number, count }
    }
}
