//! Parses recurrence rules.

use super::{Frequency, Rule, Skip};
use crate::problem::Problem;
use crate::value;

/// The largest INTERVAL that is distinguished from larger ones: no two seconds of the calendar are
/// that far apart.
const MOST_INTERVAL: i64 = 1_000_000_000_000;

impl Rule {
    /// Reads a RECUR value (RFC 5545 section 3.3.10), in any case and any order of its parts.
    ///
    /// What the RFC forbids but clients write is read where all of them mean the same: UNTIL beside
    /// COUNT (both hold), an ordinal in BYDAY of a FREQ that has no use for it (it does not count),
    /// a semicolon at the end, x-name parts, which RFC 2445 allowed (they do not count).
    ///
    /// # Errors
    ///
    /// What is wrong.
    pub fn parse(value: &[u8]) -> Result<Rule, Problem> {
        let mut rule = Rule {
            frequency: Frequency::Daily,
            interval: 1,
            count: None,
            until: None,
            week_start: 0,
            months: 0,
            month_days: 0,
            month_days_from_end: 0,
            weekdays: 0,
            nth_weekdays: Vec::new(),
            year_days: Vec::new(),
            week_numbers: Vec::new(),
            hours: 0,
            minutes: 0,
            seconds: 0,
            positions: Vec::new(),
            skip: Skip::Omit,
        };
        let mut frequency = None;
        let mut seen = Seen::default();
        let mut rest = Some(value);
        while let Some(parts) = rest {
            let (part, others) = match memchr::memchr(b';', parts) {
                Some(at) => (&parts[..at], Some(&parts[at + 1..])),
                None => (parts, None),
            };
            rest = others;
            let part = part.trim_ascii();
            if part.is_empty() {
                continue;
            }
            if matches!(part, [b'X' | b'x', b'-', ..]) {
                continue;
            }
            let Some(equals) = memchr::memchr(b'=', part) else {
                return Err(Problem::PartWithoutValue);
            };
            let name = part[..equals].trim_ascii();
            let value = part[equals + 1..].trim_ascii();
            let part = Part::of(name).ok_or(UNKNOWN)?;
            seen.note(part)?;
            if part == Part::Freq {
                frequency = Some(frequency_of(value)?);
            } else {
                rule.part(part, value)?;
            }
        }
        if seen.has(Part::Skip) && !seen.has(Part::RScale) {
            return Err(Problem::SkipWithoutRscale);
        }
        rule.frequency = frequency.ok_or(Problem::NoFrequency)?;
        rule.settle();
        Ok(rule)
    }

    fn part(&mut self, part: Part, value: &[u8]) -> Result<(), Problem> {
        match part {
            Part::Interval => {
                self.interval = match digits(value).ok_or(Problem::IntervalNoNumber)? {
                    0 => return Err(Problem::IntervalZero),
                    interval => i64::try_from(interval).unwrap_or(i64::MAX).min(MOST_INTERVAL),
                };
            }
            Part::Count => {
                self.count = match digits(value).ok_or(Problem::CountNoNumber)? {
                    0 => return Err(Problem::CountZero),
                    count => Some(count),
                };
            }
            Part::Until => {
                self.until = Some(value::stamp(value).map_err(|_| Problem::UntilNoDate)?);
            }
            Part::WeekStart => self.week_start = weekday_of(value).ok_or(Problem::WeekStart)?,
            Part::ByMonth => {
                // `5L` is a leap month of RFC 7529, which no Gregorian year has.
                each(value, 1..=12, false, |month| self.months |= 1 << month)
                    .ok_or(Problem::ByMonth)?;
            }
            Part::ByMonthDay => each(value, 1..=31, true, |day| match day {
                1.. => self.month_days |= 1 << day,
                _ => self.month_days_from_end |= 1 << -day,
            })
            .ok_or(Problem::ByMonthDay)?,
            Part::ByYearDay => each(value, 1..=366, true, |day| self.year_days.push(day))
                .ok_or(Problem::ByYearDay)?,
            Part::ByWeekNo => each(value, 1..=53, true, |week| self.week_numbers.push(week))
                .ok_or(Problem::ByWeekNo)?,
            Part::ByHour => {
                each(value, 0..=23, false, |hour| self.hours |= 1 << hour).ok_or(Problem::ByHour)?
            }
            Part::ByMinute => each(value, 0..=59, false, |minute| self.minutes |= 1 << minute)
                .ok_or(Problem::ByMinute)?,
            Part::BySecond => {
                // As everywhere, a leap second is the second before it.
                each(value, 0..=60, false, |second| self.seconds |= 1 << second.min(59))
                    .ok_or(Problem::BySecond)?;
            }
            Part::BySetPos => each(value, 1..=366, true, |position| self.positions.push(position))
                .ok_or(Problem::BySetPos)?,
            Part::ByDay => self.by_day(value)?,
            // RFC 7529: what every rule means without it.
            Part::RScale if value.eq_ignore_ascii_case(b"GREGORIAN") => {}
            Part::RScale => return Err(Problem::OtherCalendar),
            Part::Skip => self.skip = skip_of(value).ok_or(Problem::UnknownSkip)?,
            // It is read by the caller, because a rule has to have it.
            Part::Freq => {}
        }
        Ok(())
    }

    fn by_day(&mut self, value: &[u8]) -> Result<(), Problem> {
        const NOT: Problem = Problem::ByDay;
        for item in value.split(|byte| *byte == b',') {
            let item = item.trim_ascii();
            let at = item.len().checked_sub(2).ok_or(NOT)?;
            let weekday = weekday_of(&item[at..]).ok_or(NOT)?;
            if at == 0 {
                self.weekdays |= 1 << weekday;
            } else {
                match signed(&item[..at]).ok_or(NOT)? {
                    nth @ (1..=53 | -53..=-1) => self.nth_weekdays.push((nth, weekday)),
                    _ => return Err(NOT),
                }
            }
        }
        Ok(())
    }

    /// Sorts and deduplicates lists, so that their length is bounded by their range of values.
    fn settle(&mut self) {
        for list in [&mut self.year_days, &mut self.week_numbers, &mut self.positions] {
            list.sort_unstable();
            list.dedup();
        }
        self.nth_weekdays.sort_unstable();
        self.nth_weekdays.dedup();
        let has_use_for_nth = match self.frequency {
            Frequency::Monthly => true,
            Frequency::Yearly => self.week_numbers.is_empty(),
            _ => false,
        };
        if !has_use_for_nth {
            for (_, weekday) in self.nth_weekdays.drain(..) {
                self.weekdays |= 1 << weekday;
            }
        }
    }
}

/// A part of a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Freq,
    Interval,
    Count,
    Until,
    WeekStart,
    ByMonth,
    ByMonthDay,
    ByYearDay,
    ByWeekNo,
    ByHour,
    ByMinute,
    BySecond,
    BySetPos,
    ByDay,
    RScale,
    Skip,
}

impl Part {
    /// The part of a name, in any case.
    fn of(name: &[u8]) -> Option<Part> {
        Part::of_uppercase(name).or_else(|| Part::of_uppercase(&uppercase::<10>(name)?))
    }

    #[inline]
    fn of_uppercase(name: &[u8]) -> Option<Part> {
        Some(match name {
            b"FREQ" => Part::Freq,
            b"INTERVAL" => Part::Interval,
            b"COUNT" => Part::Count,
            b"UNTIL" => Part::Until,
            b"WKST" => Part::WeekStart,
            b"BYMONTH" => Part::ByMonth,
            b"BYMONTHDAY" => Part::ByMonthDay,
            b"BYYEARDAY" => Part::ByYearDay,
            b"BYWEEKNO" => Part::ByWeekNo,
            b"BYHOUR" => Part::ByHour,
            b"BYMINUTE" => Part::ByMinute,
            b"BYSECOND" => Part::BySecond,
            b"BYSETPOS" => Part::BySetPos,
            b"BYDAY" => Part::ByDay,
            b"RSCALE" => Part::RScale,
            b"SKIP" => Part::Skip,
            _ => return None,
        })
    }
}

/// The parts of a rule that were read, a bit each.
#[derive(Default)]
struct Seen(u32);

impl Seen {
    fn has(&self, part: Part) -> bool {
        self.0 & 1 << part as u32 != 0
    }

    fn note(&mut self, part: Part) -> Result<(), Problem> {
        if self.has(part) {
            return Err(Problem::PartTwice);
        }
        self.0 |= 1 << part as u32;
        Ok(())
    }
}

fn skip_of(value: &[u8]) -> Option<Skip> {
    Some(match &*uppercase::<8>(value)? {
        b"OMIT" => Skip::Omit,
        b"FORWARD" => Skip::Forward,
        b"BACKWARD" => Skip::Backward,
        _ => return None,
    })
}

const UNKNOWN: Problem = Problem::UnknownPart;

fn frequency_of(value: &[u8]) -> Result<Frequency, Problem> {
    const NOT: Problem = Problem::UnknownFrequency;
    Ok(match &*uppercase::<8>(value).ok_or(NOT)? {
        b"YEARLY" => Frequency::Yearly,
        b"MONTHLY" => Frequency::Monthly,
        b"WEEKLY" => Frequency::Weekly,
        b"DAILY" => Frequency::Daily,
        b"HOURLY" => Frequency::Hourly,
        b"MINUTELY" => Frequency::Minutely,
        b"SECONDLY" => Frequency::Secondly,
        _ => return Err(NOT),
    })
}

fn weekday_of(value: &[u8]) -> Option<u32> {
    const DAYS: [&[u8]; 7] = [b"MO", b"TU", b"WE", b"TH", b"FR", b"SA", b"SU"];
    let index = DAYS.iter().position(|day| day.eq_ignore_ascii_case(value))?;
    Some(index as u32)
}

/// Passes each number of a list to `take`; `None` if one is out of `range`, or negative where that
/// is not allowed.
fn each(
    list: &[u8],
    range: std::ops::RangeInclusive<i32>,
    may_be_negative: bool,
    mut take: impl FnMut(i32),
) -> Option<()> {
    for item in list.split(|byte| *byte == b',') {
        let number = signed(item.trim_ascii())?;
        if !range.contains(&number.abs()) || (number < 0 && !may_be_negative) {
            return None;
        }
        take(number);
    }
    Some(())
}

/// A number with an optional sign, of up to nine digits.
fn signed(text: &[u8]) -> Option<i32> {
    let (sign, number) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    if number.len() > 9 {
        return None;
    }
    Some(sign * i32::try_from(digits(number)?).ok()?)
}

/// A number without a sign; what is too large for 64 bits is the largest.
fn digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0_u64, |value, digit| {
        value.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
    }))
}

/// `text` in upper case, or `None` where it is longer than `N`: no name that is known.
fn uppercase<const N: usize>(text: &[u8]) -> Option<Upper<N>> {
    let mut bytes = [0; N];
    let upper = bytes.get_mut(..text.len())?;
    upper.copy_from_slice(text);
    upper.make_ascii_uppercase();
    Some(Upper { bytes, length: text.len() })
}

struct Upper<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> std::ops::Deref for Upper<N> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_read_in_any_case_and_order() {
        let rule = Rule::parse(
            b"byday=mo,-1FR,+2tu;COUNT=5;INTERVAL=2;FREQ=monthly;WKST=SU;BYSETPOS=-1,1,1;BYMONTH=1,12;\
              BYHOUR=9;BYMINUTE=0,30;BYSECOND=60;BYMONTHDAY=1,-31;UNTIL=20261231T000000Z;",
        )
        .unwrap();
        assert_eq!(rule.frequency, Frequency::Monthly);
        assert_eq!((rule.interval, rule.count, rule.week_start), (2, Some(5), 6));
        assert_eq!(rule.weekdays, 1);
        assert_eq!(rule.nth_weekdays, [(-1, 4), (2, 1)]);
        assert_eq!(rule.positions, [-1, 1]);
        assert_eq!(rule.months, 1 << 1 | 1 << 12);
        assert_eq!((rule.month_days, rule.month_days_from_end), (1 << 1, 1 << 31));
        assert_eq!((rule.hours, rule.minutes, rule.seconds), (1 << 9, 1 | 1 << 30, 1 << 59));
    }

    #[test]
    fn what_has_no_meaning_is_an_error_that_says_so() {
        for bad in [
            "",
            "FREQ",
            "FREQ=",
            "FREQ=SOMETIMES",
            "COUNT=3",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;COUNT=-1",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=x",
            "FREQ=DAILY;UNTIL=soon",
            "FREQ=DAILY;BYMONTH=13",
            "FREQ=DAILY;BYMONTH=0",
            "FREQ=DAILY;BYMONTH=-1",
            "FREQ=DAILY;BYMONTHDAY=32",
            "FREQ=DAILY;BYHOUR=24",
            "FREQ=DAILY;BYDAY=XX",
            "FREQ=DAILY;BYDAY=",
            "FREQ=MONTHLY;BYDAY=0MO",
            "FREQ=MONTHLY;BYDAY=54MO",
            "FREQ=DAILY;BYSETPOS=0",
            "FREQ=DAILY;BYSETPOS=367",
            "FREQ=DAILY;WKST=1",
            "FREQ=DAILY;X=1",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=DAILY;COUNT=2;COUNT=2",
            "FREQ=DAILY;BYDAY=MO;byday=TU",
            "FREQ=DAILY;RSCALE=GREGORIAN;RSCALE=GREGORIAN",
            "FREQ=DAILY;BYEASTER=0",
            "FREQ=YEARLY;RSCALE=CHINESE",
            "FREQ=YEARLY;SKIP=FORWARD",
            "FREQ=YEARLY;SKIP=OMIT",
            "FREQ=YEARLY;RSCALE=GREGORIAN;SKIP=SIDEWAYS",
            "FREQ=YEARLY;RSCALE=GREGORIAN;SKIP=",
            "FREQ=YEARLY;BYMONTH=5L",
            "FREQ=YEARLY;BYYEARDAY=1,,2",
            "FREQ=YEARLY;BYWEEKNO=99999999999999999999",
        ] {
            assert!(Rule::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn x_name_parts_are_passed_over_however_they_look() {
        let plain = Rule::parse(b"FREQ=WEEKLY;COUNT=2").unwrap();
        for text in [
            "FREQ=WEEKLY;COUNT=2;X-EVOLUTION-ENDDATE=20270624T070000Z",
            "x-a=1;FREQ=WEEKLY;X-A=2;COUNT=2;X-A",
        ] {
            assert_eq!(Rule::parse(text.as_bytes()).unwrap(), plain, "{text}");
        }
    }

    #[test]
    fn skip_is_read_beside_rscale_in_any_order() {
        for (text, skip) in [
            ("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD", Skip::Forward),
            ("SKIP=backward;FREQ=YEARLY;RSCALE=gregorian", Skip::Backward),
            ("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=OMIT", Skip::Omit),
            ("RSCALE=GREGORIAN;FREQ=YEARLY", Skip::Omit),
        ] {
            assert_eq!(Rule::parse(text.as_bytes()).unwrap().skip, skip, "{text}");
        }
    }

    #[test]
    fn numbers_at_the_edge_of_integers_are_read_as_the_largest_that_count() {
        let rule = Rule::parse(
            b"FREQ=DAILY;INTERVAL=99999999999999999999999;COUNT=99999999999999999999999",
        )
        .unwrap();
        assert_eq!(rule.interval, MOST_INTERVAL);
        assert_eq!(rule.count, Some(u64::MAX));
    }

    #[test]
    fn an_ordinal_does_not_count_where_the_frequency_has_no_use_for_it() {
        for text in ["FREQ=WEEKLY;BYDAY=1MO", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=-1MO"] {
            let rule = Rule::parse(text.as_bytes()).unwrap();
            assert_eq!((rule.weekdays, rule.nth_weekdays.len()), (1, 0), "{text}");
        }
    }
}
