//! YEARLY, MONTHLY, WEEKLY and DAILY rules: days as bit masks, one word for a month.

mod chooser;

use super::{Frequency, Request, Rule, Run, bits};
use crate::Unreadable;
use crate::civil::{Civil, DAY, Date, Day, LAST_DAY, date_of, day_number, days_in_month, weekday};

use chooser::Week;
pub(super) use chooser::{Chooser, Chunk};

/// Expands a rule whose period is a day or longer.
pub(super) fn expand(rule: &Rule, run: &mut Run<'_>) -> Result<(), Unreadable> {
    let chooser = Chooser::new(rule, run.request.start.day());
    let times = rule.times_of_day(&run.request);
    run.budget.step(times.len() as u64)?;
    match rule.frequency {
        Frequency::Yearly => years(&chooser, &times, run),
        Frequency::Monthly => months(&chooser, &times, run),
        Frequency::Weekly => weeks(&chooser, &times, run),
        _ => days(&chooser, &rule.keep_chosen(times), run),
    }
}

/// The number of whole periods to skip: those before the period of the first relevant day, counted
/// from the period of the start.
fn to_pass_over(between: i64, interval: i64) -> i64 {
    (between / interval).max(0)
}

/// The year from which INTERVAL counts: a week belongs to one year, and so does a start in it.
pub(super) fn first_year(rule: &Rule, start: Day) -> i32 {
    if rule.week_numbers.is_empty() {
        date_of(start).year
    } else {
        Week::of(start, rule.week_start).year
    }
}

fn years(chooser: &Chooser<'_>, times: &[u32], run: &mut Run<'_>) -> Result<(), Unreadable> {
    let interval = chooser.rule.interval;
    let weeks = !chooser.rule.week_numbers.is_empty();
    let mut year = i64::from(first_year(chooser.rule, run.request.start.day()));
    if run.remaining.is_none() {
        // Days of the week before New Year may belong to the year's first week.
        let wanted = i64::from(date_of(run.first_day() - 7).year);
        year += to_pass_over(wanted - year, interval) * interval;
    }
    while year <= 9999 {
        let number = year as i32;
        // The lists are evaluated for each month.
        run.budget.step(12 * (chooser.rule.steps() - 1))?;
        let mut chunks = [Chunk::default(); 14];
        let mut count = 0;
        let mut add = |chunk: Chunk| {
            if chunk.word != 0 {
                chunks[count] = chunk;
                count += 1;
            }
        };
        if weeks {
            add(chooser.month(number - 1, 12, Some(number)));
        }
        for month in 1..=12 {
            if chooser.has_month(month) {
                add(chooser.month(number, month, weeks.then_some(number)));
            }
        }
        if weeks {
            add(chooser.month(number + 1, 1, Some(number)));
        }
        let begins = day_number(number, 1, 1) - 7;
        let ends = day_number(number + 1, 1, 1) + 7;
        if !period(chooser.rule, &chunks[..count], times, begins, ends, run)? {
            return Ok(());
        }
        year += interval;
    }
    Ok(())
}

fn months(chooser: &Chooser<'_>, times: &[u32], run: &mut Run<'_>) -> Result<(), Unreadable> {
    let interval = chooser.rule.interval;
    let index_of = |day: Day| {
        let date = date_of(day);
        i64::from(date.year) * 12 + i64::from(date.month) - 1
    };
    let mut index = index_of(run.request.start.day());
    if run.remaining.is_none() {
        index += to_pass_over(index_of(run.first_day()) - index, interval) * interval;
    }
    while index < 10_000 * 12 {
        let (year, month) = ((index / 12) as i32, (index % 12) as u32 + 1);
        let chunk = chooser.month(year, month, None);
        let ends = chunk.first + days_in_month(year, month) as i32;
        if !period(chooser.rule, &[chunk], times, chunk.first, ends, run)? {
            return Ok(());
        }
        index += interval;
    }
    Ok(())
}

fn weeks(chooser: &Chooser<'_>, times: &[u32], run: &mut Run<'_>) -> Result<(), Unreadable> {
    let rule = chooser.rule;
    let start = run.request.start.day();
    let first = start - ((weekday(start) + 7 - rule.week_start) % 7) as i32;
    let only_weekdays = chooser.by_weekday
        && chooser.months == 0
        && !chooser.by_month_day
        && rule.year_days.is_empty()
        && rule.week_numbers.is_empty();
    let turned = u64::from(chooser.weekdays);
    let turned = (turned >> rule.week_start | turned << (7 - rule.week_start)) & 0x7F;
    let step = rule.interval.saturating_mul(7);
    let mut week = i64::from(first);
    let mut is_first = true;
    while week <= i64::from(LAST_DAY) {
        let monday = week as Day;
        let word = if only_weekdays {
            turned
        } else {
            run.budget.step(7 * rule.steps())?;
            (0..7).filter(|bit| chooser.has(monday + bit)).fold(0, |word, bit| word | 1 << bit)
        };
        let chunk = Chunk { first: monday, word };
        if !period(rule, &[chunk], times, monday, monday + 7, run)? {
            return Ok(());
        }
        week += step;
        if is_first && (only_weekdays || run.remaining.is_none()) {
            // All weeks from the second on have the same number of times.
            let passed = to_pass_over(i64::from(run.first_day()) - week, step);
            let each = count_of(rule, turned.count_ones() as usize * times.len());
            if !run.skip((passed as u64).saturating_mul(each)) {
                return Ok(());
            }
            week += passed * step;
        }
        is_first = false;
    }
    Ok(())
}

fn days(chooser: &Chooser<'_>, times: &[u32], run: &mut Run<'_>) -> Result<(), Unreadable> {
    let rule = chooser.rule;
    let start = run.request.start.day();
    let interval = rule.interval;
    let mut from = start;
    if !rule.filters_days() || run.remaining.is_none() {
        if chooser.has(start) && !day(start, times, run)? {
            return Ok(());
        }
        let next = i64::from(start) + interval;
        let passed = to_pass_over(i64::from(run.first_day()) - next, interval);
        if !run.skip((passed as u64).saturating_mul(times.len() as u64)) {
            return Ok(());
        }
        let Ok(next) = Day::try_from(next + passed * interval) else {
            return Ok(());
        };
        from = next;
    }
    let Date { mut year, mut month, .. } = date_of(from.min(LAST_DAY + 1));
    while year <= 9999 {
        let mut chunk = chooser.month(year, month, None);
        if run.is_past(Civil::midnight(chunk.first)) {
            return Ok(());
        }
        let length = days_in_month(year, month);
        chunk.word &= phase(chunk.first, length, start, interval);
        if chunk.first < from {
            chunk.word &= u64::MAX << (from - chunk.first);
        }
        let ends = chunk.first + length as i32;
        if !whole_chunk(&chunk, ends, times, rule.steps(), run)? {
            return Ok(());
        }
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    Ok(())
}

/// The days of a month that are a multiple of `interval` days after `start`.
fn phase(first: Day, length: u32, start: Day, interval: i64) -> u64 {
    if interval == 1 {
        return u64::MAX;
    }
    let behind = i64::from(first - start).rem_euclid(interval);
    let mut offset = if behind == 0 { 0 } else { interval - behind };
    let mut word = 0;
    while offset < i64::from(length) {
        word |= 1 << offset;
        offset += interval;
    }
    word
}

/// The days of a month of a DAILY rule, each a period of its own.
fn whole_chunk(
    chunk: &Chunk,
    ends: Day,
    times: &[u32],
    steps: u64,
    run: &mut Run<'_>,
) -> Result<bool, Unreadable> {
    let count = u64::from(chunk.word.count_ones()) * times.len() as u64;
    run.budget.step(steps)?;
    if run.request.start.day() < chunk.first && ends <= run.request.from.day() {
        return Ok(run.skip(count));
    }
    for bit in bits(chunk.word) {
        if !day(chunk.first + bit as i32, times, run)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn day(day: Day, times: &[u32], run: &mut Run<'_>) -> Result<bool, Unreadable> {
    run.budget.step(times.len() as u64)?;
    for &time in times {
        if !run.offer(Civil(i64::from(day) * DAY + i64::from(time)))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How many of the `count` times of a period BYSETPOS leaves.
fn count_of(rule: &Rule, count: usize) -> u64 {
    if rule.positions.is_empty() {
        return count as u64;
    }
    let mut chosen = Vec::new();
    rule.chosen(count, &mut chosen);
    chosen.len() as u64
}

/// Passes on, or counts, the times of one period; returns whether there can be more.
///
/// `begins` and `ends` are days before and after all of the period.
fn period(
    rule: &Rule,
    chunks: &[Chunk],
    times: &[u32],
    begins: Day,
    ends: Day,
    run: &mut Run<'_>,
) -> Result<bool, Unreadable> {
    if run.is_past(Civil::midnight(begins)) {
        return Ok(false);
    }
    let days: u32 = chunks.iter().map(|chunk| chunk.word.count_ones()).sum();
    let count = days as usize * times.len();
    run.budget.step(rule.steps())?;
    let Request { start, from, .. } = run.request;
    if start.day() < begins && ends <= from.day() {
        return Ok(run.skip(count_of(rule, count)));
    }
    run.budget.step(count as u64)?;
    let all_days = chunks
        .iter()
        .flat_map(|chunk| bits(chunk.word).map(|bit| i64::from(chunk.first) + i64::from(bit)));
    if rule.positions.is_empty() {
        for day in all_days {
            for &time in times {
                if !run.offer(Civil(day * DAY + i64::from(time)))? {
                    return Ok(false);
                }
            }
        }
        return Ok(true);
    }
    let days: Vec<i64> = all_days.collect();
    let mut chosen = Vec::new();
    rule.chosen(count, &mut chosen);
    for index in chosen {
        let (day, time) = (days[index / times.len()], times[index % times.len()]);
        if !run.offer(Civil(day * DAY + i64::from(time)))? {
            return Ok(false);
        }
    }
    Ok(true)
}
