//! Recurrence rules: RRULE and EXRULE values (RFC 5545 section 3.3.10).
//!
//! A rule is expanded in civil time: from a start in local time to further local times.
//! [`crate::expand`] turns them into moments and applies exclusions.

mod canonical;
mod days;
mod parse;
mod skip;
mod subday;

pub use canonical::canonical_rule;

use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::{Civil, Day, LAST_DAY};
use crate::value::Stamp;

/// FREQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Frequency {
    Yearly,
    Monthly,
    Weekly,
    Daily,
    Hourly,
    Minutely,
    Secondly,
}

/// SKIP: the treatment of a day that its month or year does not have (RFC 7529 section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skip {
    /// There is no instance.
    Omit,
    /// The next existing day is used.
    Forward,
    /// The last existing day before it is used.
    Backward,
}

/// A recurrence rule. Lists of numbers are bit sets where they are small, so that a month or a week
/// is expanded by a few operations on words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub frequency: Frequency,
    /// 1 to 10^12; larger ones are read as that.
    pub interval: i64,
    pub count: Option<u64>,
    pub until: Option<Stamp>,
    /// First day of the week: 0 for Monday to 6 for Sunday.
    pub week_start: u32,
    /// Bit 1 to 12; 0 for no BYMONTH.
    pub months: u16,
    /// BYMONTHDAY from the start: bit 1 to 31.
    pub month_days: u32,
    /// BYMONTHDAY from the end: bit 1 to 31 for -1 to -31.
    pub month_days_from_end: u32,
    /// BYDAY without an ordinal: bit 0 for Monday to 6 for Sunday.
    pub weekdays: u8,
    /// BYDAY with an ordinal: (-53 to 53 without 0, weekday).
    pub nth_weekdays: Vec<(i32, u32)>,
    /// -366 to 366 without 0, sorted, each once.
    pub year_days: Vec<i32>,
    /// -53 to 53 without 0, sorted, each once.
    pub week_numbers: Vec<i32>,
    /// Bit 0 to 23; 0 for no BYHOUR.
    pub hours: u32,
    /// Bit 0 to 59; 0 for no BYMINUTE.
    pub minutes: u64,
    /// Bit 0 to 59; 0 for no BYSECOND.
    pub seconds: u64,
    /// -366 to 366 without 0, sorted, each once.
    pub positions: Vec<i32>,
    pub skip: Skip,
}

/// The part of a rule to expand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    /// DTSTART in local time.
    pub start: Civil,
    /// Whether DTSTART is a date: then BYHOUR, BYMINUTE and BYSECOND do not count (RFC 5545 section
    /// 3.3.10).
    pub is_date: bool,
    /// Whether the start itself may be an answer. It is not for RRULE, where it is an instance
    /// already and the first of COUNT.
    pub start_counts: bool,
    /// No answer is later than this; it stands for UNTIL.
    pub until: Civil,
    /// The answers wanted: `from <= time < to`.
    pub from: Civil,
    pub to: Civil,
}

impl Rule {
    /// Passes the times of the rule to `take`, in ascending order, until it returns `false`.
    ///
    /// The work begins near `request.from`, however long ago the start was. With a COUNT, earlier
    /// times are counted by the period and not one by one.
    ///
    /// # Errors
    ///
    /// If the budget does not suffice, or the error of `take`.
    pub fn expand(
        &self,
        request: &Request,
        budget: &mut Budget,
        take: &mut dyn FnMut(Civil) -> Result<bool, Unreadable>,
    ) -> Result<(), Unreadable> {
        // Most series of a room that was in use for years have ended. Those with a COUNT are counted in any case,
        // because that takes of the budget.
        if request.until < request.from && self.count.is_none() {
            return Ok(());
        }
        let remaining = match self.count {
            None => None,
            Some(count) if request.start_counts => Some(count),
            Some(count) => Some(count - 1),
        };
        if remaining == Some(0) {
            return Ok(());
        }
        let mut run = Run {
            request: *request,
            // Nothing lies behind the calendar's last day.
            to: request.to.min(Civil::midnight(LAST_DAY + 1)),
            remaining,
            take,
            budget,
        };
        if skip::matters(self, request.start.day()) {
            skip::expand(self, &mut run)
        } else if self.frequency <= Frequency::Daily {
            days::expand(self, &mut run)
        } else {
            subday::expand(self, &mut run)
        }
    }

    /// Whether the times of the rule move along with their start, one by one: within the day where no part
    /// names a time of day; by any difference where no part names a day either.
    pub fn moves_along(&self, is_within_day: bool) -> bool {
        let names_time = self.hours != 0 || self.minutes != 0 || self.seconds != 0;
        let bits = [self.month_days, self.month_days_from_end, u32::from(self.weekdays)];
        let lists = [self.year_days.len(), self.week_numbers.len(), self.positions.len()];
        let names_day = self.months != 0
            || bits.iter().any(|it| *it != 0)
            || lists.iter().any(|it| *it != 0)
            || !self.nth_weekdays.is_empty();
        match self.frequency {
            Frequency::Daily | Frequency::Weekly if !names_day => !names_time,
            frequency => frequency <= Frequency::Daily && is_within_day && !names_time,
        }
    }

    /// The number of steps that one period costs: its lists are evaluated each time.
    fn steps(&self) -> u64 {
        let lists = [self.year_days.len(), self.week_numbers.len(), self.positions.len()];
        // Each day of a month is asked for its week.
        let weeks = if self.week_numbers.is_empty() { 0 } else { 40 };
        1 + weeks + (lists.iter().sum::<usize>() + self.nth_weekdays.len()) as u64
    }

    /// Whether any part of the rule chooses days.
    fn filters_days(&self) -> bool {
        self.months != 0
            || self.month_days != 0
            || self.month_days_from_end != 0
            || self.weekdays != 0
            || !self.nth_weekdays.is_empty()
            || !self.year_days.is_empty()
            || !self.week_numbers.is_empty()
    }

    /// The times of day that BYHOUR, BYMINUTE and BYSECOND give, or the start's; in seconds since
    /// midnight, ascending.
    fn times_of_day(&self, request: &Request) -> Vec<u32> {
        let of_start = request.start.second_of_day();
        if request.is_date {
            return vec![of_start];
        }
        let hours = or_bit(u64::from(self.hours), of_start / 3600);
        let minutes = or_bit(self.minutes, of_start / 60 % 60);
        let seconds = or_bit(self.seconds, of_start % 60);
        let mut times = Vec::new();
        for hour in bits(hours) {
            for minute in bits(minutes) {
                times.extend(bits(seconds).map(|second| hour * 3600 + minute * 60 + second));
            }
        }
        times
    }

    /// The indexes that BYSETPOS chooses of `count` times, ascending (RFC 5545 section 3.3.10).
    fn chosen(&self, count: usize, chosen: &mut Vec<usize>) {
        chosen.clear();
        for &position in &self.positions {
            let index = match usize::try_from(position) {
                Ok(from_start) => from_start - 1,
                Err(_) => match count.checked_sub(position.unsigned_abs() as usize) {
                    Some(index) => index,
                    None => continue,
                },
            };
            if index < count {
                chosen.push(index);
            }
        }
        chosen.sort_unstable();
        chosen.dedup();
    }

    /// Keeps the items of `times`, all of one period, that BYSETPOS chooses.
    fn keep_chosen(&self, times: Vec<u32>) -> Vec<u32> {
        if self.positions.is_empty() {
            return times;
        }
        let mut chosen = Vec::new();
        self.chosen(times.len(), &mut chosen);
        chosen.into_iter().map(|index| times[index]).collect()
    }
}

/// The state of an expansion.
struct Run<'r> {
    request: Request,
    to: Civil,
    /// How many more times COUNT allows.
    remaining: Option<u64>,
    take: &'r mut dyn FnMut(Civil) -> Result<bool, Unreadable>,
    budget: &'r mut Budget,
}

impl Run<'_> {
    /// Passes on one time, or skips it; returns whether there can be more.
    #[inline]
    fn offer(&mut self, time: Civil) -> Result<bool, Unreadable> {
        let request = &self.request;
        if time < request.start || (time == request.start && !request.start_counts) {
            return Ok(true);
        }
        if time > request.until || time >= self.to {
            return Ok(false);
        }
        if let Some(remaining) = &mut self.remaining {
            if *remaining == 0 {
                return Ok(false);
            }
            *remaining -= 1;
        }
        if time >= request.from && !(self.take)(time)? {
            return Ok(false);
        }
        Ok(self.remaining != Some(0))
    }

    /// Counts `count` times before the requested period; returns whether there can be more.
    fn skip(&mut self, count: u64) -> bool {
        match &mut self.remaining {
            None => true,
            Some(remaining) => {
                *remaining = remaining.saturating_sub(count);
                *remaining > 0
            }
        }
    }

    /// Whether a period that begins at `time` lies entirely after the requested period.
    fn is_past(&self, time: Civil) -> bool {
        time >= self.to || time > self.request.until
    }

    /// The first relevant day: that of the start, or of the requested period, if later.
    fn first_day(&self) -> Day {
        self.request.start.max(self.request.from).day()
    }
}

/// `set`, or the one bit `default` where it is empty.
fn or_bit(set: u64, default: u32) -> u64 {
    if set == 0 { 1 << default } else { set }
}

/// The numbers of the bits that are set, ascending.
fn bits(mut set: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        (set != 0).then(|| {
            let bit = set.trailing_zeros();
            set &= set - 1;
            bit
        })
    })
}
