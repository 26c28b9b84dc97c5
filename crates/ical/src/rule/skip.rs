//! YEARLY and MONTHLY rules with SKIP (RFC 7529), which move days that their month or year does not
//! have.
//!
//! A moved day may lie in the period beside its own, where the same day may be chosen once more. So
//! the times are sorted and deduplicated before they are counted.

use super::days::{Chooser, first_year};
use super::{Frequency, Rule, Run, Skip, bits};
use crate::Unreadable;
use crate::civil::{Civil, DAY, Day, date_of, day_number, days_in_month, days_in_year};

/// Days that some months do not have, as bits of BYMONTHDAY.
const SOME_MONTHS: u32 = 1 << 29 | 1 << 30 | 1 << 31;

/// Whether a rule chooses days that not each of its periods has, and moves them.
pub(super) fn matters(rule: &Rule, start: Day) -> bool {
    if rule.skip == Skip::Omit || rule.frequency > Frequency::Monthly {
        return false;
    }
    let month_days = Chooser::new(rule, start).month_days | rule.month_days_from_end;
    month_days & SOME_MONTHS != 0 || moved_year_days(rule).next().is_some()
}

/// The days of BYYEARDAY that some years do not have. They are counted in YEARLY only, elsewhere they limit.
fn moved_year_days(rule: &Rule) -> impl Iterator<Item = i32> + '_ {
    let counts = rule.frequency == Frequency::Yearly;
    rule.year_days.iter().copied().filter(move |number| counts && number.abs() == 366)
}

/// The rule for a moved day: without the part that it was moved for.
struct Mover<'r> {
    chooser: Chooser<'r>,
    skip: Skip,
    /// Without BYMONTH and BYMONTHDAY, and without BYYEARDAY.
    rules: &'r [Rule; 2],
    nth_in_month: bool,
}

pub(super) fn expand(rule: &Rule, run: &mut Run<'_>) -> Result<(), Unreadable> {
    let of_month = Rule { months: 0, month_days: 0, month_days_from_end: 0, ..rule.clone() };
    let of_year = Rule { year_days: Vec::new(), ..rule.clone() };
    let chooser = Chooser::new(rule, run.request.start.day());
    let mover = Mover {
        nth_in_month: chooser.nth_in_month,
        chooser,
        skip: rule.skip,
        rules: &[of_month, of_year],
    };
    let times = rule.times_of_day(&run.request);
    run.budget.step(times.len() as u64)?;
    let is_yearly = rule.frequency == Frequency::Yearly;
    let period_of = |day: Day| {
        let date = date_of(day);
        let months = i64::from(date.year) * 12 + i64::from(date.month) - 1;
        if is_yearly { i64::from(date.year) } else { months }
    };
    let start_of = |period: i64| match is_yearly {
        true => day_number(period as i32, 1, 1),
        false => day_number((period / 12) as i32, (period % 12) as u32 + 1, 1),
    };
    let start = run.request.start.day();
    let mut period = if is_yearly { i64::from(first_year(rule, start)) } else { period_of(start) };
    if run.remaining.is_none() {
        // The first requested time may have been moved there from the period before.
        let wanted = period_of(run.first_day()) - 1;
        period += ((wanted - period) / rule.interval).max(0) * rule.interval;
    }
    let last = if is_yearly { 9999 } else { 10_000 * 12 - 1 };
    let mut waiting: Vec<Civil> = Vec::new();
    while period <= last {
        // A day may be moved to the one before its period begins, and belong to a week that begins there.
        let begins = Civil::midnight(start_of(period) - 7);
        if !release(&mut waiting, begins, run)? || run.is_past(begins) {
            return Ok(());
        }
        let months = if is_yearly { 12 } else { 1 };
        run.budget.step(months * 2 * rule.steps())?;
        let days = match is_yearly {
            true => mover.days_of_year(period as i32),
            false => mover.days_of_month((period / 12) as i32, (period % 12) as u32 + 1),
        };
        run.budget.step((days.len() * times.len()) as u64)?;
        add_times(rule, days, &times, &mut waiting);
        period = period.saturating_add(rule.interval);
    }
    release(&mut waiting, Civil(i64::MAX), run).map(|_| ())
}

/// Adds the times of a period's days, of which BYSETPOS chooses.
fn add_times(rule: &Rule, mut days: Vec<Day>, times: &[u32], waiting: &mut Vec<Civil>) {
    days.sort_unstable();
    days.dedup();
    let at = |day: Day, time: u32| Civil(i64::from(day) * DAY + i64::from(time));
    let all: Vec<Civil> =
        days.iter().flat_map(|day| times.iter().map(move |time| at(*day, *time))).collect();
    if rule.positions.is_empty() {
        waiting.extend(all);
    } else {
        let mut chosen = Vec::new();
        rule.chosen(all.len(), &mut chosen);
        waiting.extend(chosen.into_iter().map(|index| all[index]));
    }
    waiting.sort_unstable();
    waiting.dedup();
}

/// Passes on the times before `end`, before which nothing more comes; returns whether there can be
/// more.
fn release(waiting: &mut Vec<Civil>, end: Civil, run: &mut Run<'_>) -> Result<bool, Unreadable> {
    let count = waiting.partition_point(|time| *time < end);
    for time in waiting.drain(..count) {
        if !run.offer(time)? {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Mover<'_> {
    fn days_of_year(&self, year: i32) -> Vec<Day> {
        let rule = &self.rules[1];
        let is_by_week = !rule.week_numbers.is_empty();
        let mut days = Vec::new();
        if is_by_week {
            // Days of the neighbouring years may belong to the weeks of this one.
            self.chosen(year - 1, 12, Some(year), &mut days);
        }
        for month in (1..=12).filter(|month| self.chooser.has_month(*month)) {
            self.chosen(year, month, is_by_week.then_some(year), &mut days);
            self.moved(year, month, &mut days);
        }
        if is_by_week {
            self.chosen(year + 1, 1, Some(year), &mut days);
        }
        let (first, length) = (day_number(year, 1, 1), days_in_year(year) as i32);
        for number in moved_year_days(&self.rules[0]).filter(|number| number.abs() > length) {
            let day = match (self.skip, number > 0) {
                (Skip::Forward, true) => first + length,
                (Skip::Forward, false) => first,
                (_, true) => first + length - 1,
                (_, false) => first - 1,
            };
            days.extend(Some(day).filter(|day| self.passes(&self.rules[1], *day)));
        }
        days
    }

    fn days_of_month(&self, year: i32, month: u32) -> Vec<Day> {
        let mut days = Vec::new();
        if self.chooser.has_month(month) {
            self.chosen(year, month, None, &mut days);
            self.moved(year, month, &mut days);
        }
        days
    }

    /// The days that the month has.
    fn chosen(&self, year: i32, month: u32, week_year: Option<i32>, days: &mut Vec<Day>) {
        let chunk = self.chooser.month(year, month, week_year);
        days.extend(bits(chunk.word).map(|bit| chunk.first + bit as i32));
    }

    /// The replacements for days of BYMONTHDAY that the month does not have.
    fn moved(&self, year: i32, month: u32, days: &mut Vec<Day>) {
        let (first, length) = (day_number(year, month, 1), days_in_month(year, month));
        let missing = |set: u32| u64::from(set) >> (length + 1) != 0;
        let (after, before) = match self.skip {
            Skip::Forward => (first + length as i32, first),
            _ => (first + length as i32 - 1, first - 1),
        };
        let from_end = self.rules[1].month_days_from_end;
        for (set, day) in [(self.chooser.month_days, after), (from_end, before)] {
            if missing(set) && self.passes(&self.rules[0], day) {
                days.push(day);
            }
        }
    }

    fn passes(&self, rule: &Rule, day: Day) -> bool {
        let mut filter = Chooser::filter(rule);
        filter.nth_in_month = self.nth_in_month;
        filter.has(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::rule::Request;

    /// The first dates of a rule from a start on, DTSTART aside, that lie at or after `from`.
    fn dates_from(
        rule: &str,
        start: (i32, u32, u32),
        from: (i32, u32, u32),
        most: usize,
    ) -> String {
        let rule = format!("RSCALE=GREGORIAN;{rule}");
        let day =
            |(year, month, day): (i32, u32, u32)| Civil::midnight(day_number(year, month, day));
        let request = Request {
            start: day(start),
            is_date: true,
            start_counts: false,
            until: Civil(i64::MAX),
            from: day(from),
            to: Civil(i64::MAX),
        };
        let mut found = Vec::new();
        let rule = Rule::parse(rule.as_bytes()).unwrap();
        rule.expand(&request, &mut Budget::new(), &mut |civil| {
            let date = date_of(civil.day());
            found.push(format!("{}-{}-{}", date.year, date.month, date.day));
            Ok(found.len() < most)
        })
        .unwrap();
        found.join(" ")
    }

    fn dates(rule: &str, start: (i32, u32, u32)) -> String {
        dates_from(rule, start, start, 4)
    }

    #[test]
    fn a_leap_day_is_moved_in_other_years() {
        let start = (2028, 2, 29);
        assert_eq!(
            dates("FREQ=YEARLY;SKIP=FORWARD", start),
            "2029-3-1 2030-3-1 2031-3-1 2032-2-29"
        );
        assert_eq!(
            dates("FREQ=YEARLY;SKIP=BACKWARD", start),
            "2029-2-28 2030-2-28 2031-2-28 2032-2-29"
        );
        assert_eq!(
            dates("FREQ=YEARLY;SKIP=OMIT", start),
            "2032-2-29 2036-2-29 2040-2-29 2044-2-29"
        );
    }

    #[test]
    fn a_day_that_two_months_come_to_is_one_and_counts_once() {
        let rule = "FREQ=MONTHLY;BYMONTHDAY=1,30,31;SKIP=FORWARD";
        let all = "2027-1-30 2027-1-31 2027-2-1 2027-3-1 2027-3-30";
        assert_eq!(dates_from(rule, (2027, 1, 1), (2027, 1, 2), 5), all);
        let counted = format!("{rule};COUNT=6");
        assert_eq!(dates_from(&counted, (2027, 1, 1), (2027, 1, 2), 9), all);
    }

    #[test]
    fn a_day_counted_from_the_end_is_moved_the_other_way_out_of_its_month() {
        let rule = |skip: &str| format!("FREQ=MONTHLY;BYMONTHDAY=-30;SKIP={skip}");
        let start = (2027, 1, 2);
        assert_eq!(dates(&rule("FORWARD"), start), "2027-2-1 2027-3-2 2027-4-1 2027-5-2");
        assert_eq!(dates(&rule("BACKWARD"), start), "2027-1-31 2027-3-2 2027-4-1 2027-5-2");
    }

    #[test]
    fn the_last_day_of_a_leap_year_is_moved_in_others() {
        let rule = |day: i32, skip: &str| format!("FREQ=YEARLY;BYYEARDAY={day};SKIP={skip}");
        let start = (2028, 12, 31);
        assert_eq!(dates(&rule(366, "FORWARD"), start), "2030-1-1 2031-1-1 2032-1-1 2032-12-31");
        assert_eq!(
            dates(&rule(366, "BACKWARD"), start),
            "2029-12-31 2030-12-31 2031-12-31 2032-12-31"
        );
        let start = (2028, 1, 1);
        assert_eq!(dates(&rule(-366, "FORWARD"), start), "2029-1-1 2030-1-1 2031-1-1 2032-1-1");
        assert_eq!(
            dates(&rule(-366, "BACKWARD"), start),
            "2028-12-31 2029-12-31 2030-12-31 2032-1-1"
        );
    }

    #[test]
    fn later_parts_choose_of_the_days_that_were_moved() {
        // 31 April, June, September and November are moved; of all those, Sundays.
        let rule = "FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=SU;SKIP=FORWARD";
        assert_eq!(dates(rule, (2027, 1, 31)), "2027-10-31 2028-10-1 2028-12-31 2029-7-1");
        let last = "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;SKIP=BACKWARD";
        assert_eq!(dates(last, (2027, 1, 31)), "2027-2-28 2027-3-31 2027-4-30 2027-5-31");
    }

    #[test]
    fn work_begins_near_what_is_wanted() {
        let rule = "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31;SKIP=FORWARD";
        let start = (1970, 2, 1);
        let all = dates_from(rule, start, start, 1_000);
        for from in [(2027, 3, 1), (2027, 3, 2), (2027, 4, 30), (2027, 5, 1)] {
            let found = dates_from(rule, start, from, 3);
            assert!(all.contains(&found) && found.split(' ').count() == 3, "{from:?} {found}");
        }
        assert_eq!(dates_from(rule, start, (2027, 3, 1), 2), "2027-3-1 2027-5-1");
    }
}
