//! HOURLY, MINUTELY and SECONDLY rules.

use super::days::Chooser;
use super::{Frequency, Rule, Run, bits, or_bit};
use crate::Unreadable;
use crate::civil::{Civil, DAY, Day};

/// Expands a rule whose period is shorter than a day. Skipped days and hours cost one step each,
/// however short the period is.
pub(super) fn expand(rule: &Rule, run: &mut Run<'_>) -> Result<(), Unreadable> {
    let unit = match rule.frequency {
        Frequency::Hourly => 3600,
        Frequency::Minutely => 60,
        _ => 1,
    };
    let start = run.request.start.0;
    let within = rule.keep_chosen(times_within(rule, start.rem_euclid(3600) as u32));
    let periods = Periods { first: start.div_euclid(unit), interval: rule.interval };
    let filter = rule.filters_days().then(|| Chooser::filter(rule));
    let is_plain = filter.is_none()
        && rule.hours == 0
        && (rule.minutes == 0 || rule.frequency == Frequency::Hourly)
        && (rule.seconds == 0 || rule.frequency != Frequency::Secondly);

    let mut period = periods.first;
    if run.remaining.is_none() {
        period = periods.at_or_after(run.request.from.0.div_euclid(unit));
    }
    let mut is_first = true;
    let mut day_seen: Option<(Day, bool)> = None;
    loop {
        let begins = Civil(period.saturating_mul(unit));
        if run.is_past(begins) {
            return Ok(());
        }
        run.budget.step(1)?;
        let day = begins.day();
        if let Some(filter) = &filter {
            let is_chosen = match day_seen {
                Some((seen, is_chosen)) if seen == day => is_chosen,
                _ => {
                    run.budget.step(rule.steps())?;
                    filter.has(day)
                }
            };
            day_seen = Some((day, is_chosen));
            if !is_chosen {
                period = periods.at_or_after((i64::from(day) + 1) * DAY / unit);
                continue;
            }
        }
        if let Some(next) = next_by_clock(rule, begins) {
            period = periods.at_or_after((next + unit - 1).div_euclid(unit));
            continue;
        }
        run.budget.step(within.len() as u64)?;
        for &offset in &within {
            if !run.offer(begins.plus(i64::from(offset)))? {
                return Ok(());
            }
        }
        period = period.saturating_add(rule.interval);
        if is_first && is_plain {
            // All periods from the second on have the same number of times.
            let wanted = periods.at_or_after(run.request.from.0.div_euclid(unit)).max(period);
            let passed = (wanted - period) / rule.interval;
            if !run.skip((passed as u64).saturating_mul(within.len() as u64)) {
                return Ok(());
            }
            period = wanted;
        }
        is_first = false;
    }
}

/// Where BYHOUR, BYMINUTE or BYSECOND do not let the period that begins at `begins` pass: the next
/// clock time, in civil seconds, from which on they might.
fn next_by_clock(rule: &Rule, begins: Civil) -> Option<i64> {
    let second_of_day = begins.second_of_day();
    let refuses = |set: u64, value: u32| set != 0 && set >> value & 1 == 0;
    if refuses(u64::from(rule.hours), second_of_day / 3600) {
        return Some(begins.0 - begins.0.rem_euclid(3600) + 3600);
    }
    if rule.frequency >= Frequency::Minutely && refuses(rule.minutes, second_of_day / 60 % 60) {
        return Some(begins.0 - begins.0.rem_euclid(60) + 60);
    }
    if rule.frequency == Frequency::Secondly && refuses(rule.seconds, second_of_day % 60) {
        return Some(begins.0 + 1);
    }
    None
}

/// The seconds after the start of a period at which the rule has its times; `of_hour` is the
/// start's second within its hour.
fn times_within(rule: &Rule, of_hour: u32) -> Vec<u32> {
    let minutes = match rule.frequency {
        Frequency::Hourly => or_bit(rule.minutes, of_hour / 60),
        _ => 1,
    };
    let seconds = match rule.frequency {
        Frequency::Secondly => 1,
        _ => or_bit(rule.seconds, of_hour % 60),
    };
    bits(minutes).flat_map(|minute| bits(seconds).map(move |second| minute * 60 + second)).collect()
}

/// Every `interval`-th period from `first` on, as numbers of the unit since 1970.
struct Periods {
    first: i64,
    interval: i64,
}

impl Periods {
    /// The first of them that is not before `wanted`.
    fn at_or_after(&self, wanted: i64) -> i64 {
        if wanted <= self.first {
            return self.first;
        }
        let behind = (wanted - self.first) % self.interval;
        if behind == 0 { wanted } else { wanted + (self.interval - behind) }
    }
}
