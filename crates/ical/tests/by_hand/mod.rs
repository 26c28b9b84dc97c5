//! The enumeration.

use std::collections::BTreeSet;

use ical::civil::{DAY, date_of, day_number, days_in_month};

/// FREQ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frequency {
    #[default]
    Yearly,
    Monthly,
    Weekly,
    Daily,
    Hourly,
    Minutely,
    Secondly,
}

/// SKIP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    Omit,
    Forward,
    Backward,
}

/// A rule as it is written.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    pub frequency: Frequency,
    pub interval: i64,
    /// 0 for Monday.
    pub week_start: i32,
    pub months: Vec<i32>,
    pub month_days: Vec<i32>,
    /// An ordinal, or 0, and 0 for Monday.
    pub weekdays: Vec<(i32, i32)>,
    pub year_days: Vec<i32>,
    /// With YEARLY and BYDAY only.
    pub weeks: Vec<i32>,
    pub positions: Vec<i32>,
    pub hours: Vec<i32>,
    pub minutes: Vec<i32>,
    pub seconds: Vec<i32>,
    pub skip: Option<Skip>,
    pub end: String,
}

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// A moment as RFC 5545 writes it.
pub fn utc(at: i64) -> String {
    let date = date_of(i32::try_from(at.div_euclid(DAY)).unwrap());
    let second = at.rem_euclid(DAY);
    let clock = (second / 3_600, second / 60 % 60, second % 60);
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        date.year, date.month, date.day, clock.0, clock.1, clock.2
    )
}

/// 0 for Monday.
fn weekday(day: i64) -> i32 {
    i32::try_from((day + 3).rem_euclid(7)).unwrap()
}

/// Year, month, day of the month, and the days of the month and of the year.
fn parts(day: i64) -> (i32, i32, i32) {
    let date = date_of(i32::try_from(day).unwrap());
    (date.year, i32::try_from(date.month).unwrap(), i32::try_from(date.day).unwrap())
}

fn number(year: i32, month: i32, day: i32) -> i64 {
    i64::from(day_number(year, month.try_into().unwrap(), day.try_into().unwrap()))
}

fn length(year: i32, month: i32) -> i32 {
    i32::try_from(days_in_month(year, month.try_into().unwrap())).unwrap()
}

/// Whether a list names the place `at` of `of`, counted from 1, or from the end with a minus.
fn names(list: &[i32], at: i32, of: i32) -> bool {
    list.iter().any(|it| *it == at || *it < 0 && of + 1 + it == at)
}

impl Rule {
    /// Only parts that RFC 5545 allows together.
    pub fn tidied(mut self) -> Rule {
        self.interval = self.interval.max(1);
        if self.frequency != Frequency::Yearly {
            self.weeks.clear();
        }
        if !self.weeks.is_empty() {
            self.months.clear();
            self.month_days.clear();
            self.year_days.clear();
        }
        let keeps_ordinals = matches!(self.frequency, Frequency::Yearly | Frequency::Monthly)
            && self.weeks.is_empty();
        if !keeps_ordinals {
            self.weekdays.iter_mut().for_each(|it| it.0 = 0);
        }
        if matches!(self.frequency, Frequency::Monthly | Frequency::Weekly | Frequency::Daily) {
            self.year_days.clear();
        }
        if self.frequency == Frequency::Weekly {
            self.month_days.clear();
        }
        if self.is_within_day() {
            self.positions.clear();
        }
        let is_bare = self.months.is_empty()
            && self.month_days.is_empty()
            && self.weekdays.is_empty()
            && self.year_days.is_empty()
            && self.weeks.is_empty()
            && self.hours.is_empty();
        if is_bare {
            self.positions.clear();
        }
        self
    }

    pub fn ending(mut self, end: &str) -> Rule {
        end.clone_into(&mut self.end);
        self
    }

    pub fn is_within_day(&self) -> bool {
        self.frequency >= Frequency::Hourly
    }

    pub fn text(&self) -> String {
        let mut text = format!(
            "FREQ={}",
            ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]
                [self.frequency as usize]
        );
        if let Some(skip) = self.skip {
            text += &format!(";RSCALE=GREGORIAN;SKIP={}", format!("{skip:?}").to_uppercase());
        }
        if self.interval > 1 {
            text += &format!(";INTERVAL={}", self.interval);
        }
        let lists = [
            ("BYMONTH", &self.months),
            ("BYYEARDAY", &self.year_days),
            ("BYWEEKNO", &self.weeks),
            ("BYMONTHDAY", &self.month_days),
            ("BYHOUR", &self.hours),
            ("BYMINUTE", &self.minutes),
            ("BYSECOND", &self.seconds),
            ("BYSETPOS", &self.positions),
        ];
        for (name, list) in lists {
            if !list.is_empty() {
                let list: Vec<String> = list.iter().map(ToString::to_string).collect();
                text += &format!(";{name}={}", list.join(","));
            }
        }
        if !self.weekdays.is_empty() {
            let list = self.weekdays.iter().map(|(ordinal, day)| match ordinal {
                0 => WEEKDAYS[usize::try_from(*day).unwrap()].to_owned(),
                _ => format!("{ordinal}{}", WEEKDAYS[usize::try_from(*day).unwrap()]),
            });
            text += &format!(";BYDAY={}", list.collect::<Vec<_>>().join(","));
        }
        text += &format!(";WKST={}", WEEKDAYS[usize::try_from(self.week_start).unwrap()]);
        text + &self.end
    }

    /// All instances from `start` to `end`, which is exclusive.
    pub fn instances(&self, start: i64, end: i64) -> BTreeSet<i64> {
        if self.skip.is_some() {
            return self.skipping(start, end);
        }
        if self.is_within_day() {
            return self.steps(start, end);
        }
        let first = start.div_euclid(DAY);
        let times = self.times_of_day(start.rem_euclid(DAY));
        // A period that begins before the start counts its places from its own beginning.
        let from = match self.frequency {
            Frequency::Yearly => number(parts(first).0 - 1, 12, 1),
            Frequency::Monthly => number(parts(first).0, parts(first).1, 1),
            Frequency::Weekly => self.week_of(first),
            _ => first,
        };
        let mut periods: Vec<(i64, Vec<i64>)> = Vec::new();
        let mut day = from;
        // The last period is gone through to its end.
        while day <= end.div_euclid(DAY) + 366 {
            let period = self.period(first, day);
            if period >= 0 && period % self.interval == 0 && self.is_day(first, day) {
                if periods.last().is_none_or(|(it, _)| *it != period) {
                    periods.push((period, Vec::new()));
                }
                let of_it = &mut periods.last_mut().unwrap().1;
                of_it.extend(times.iter().map(|time| day * DAY + time));
            }
            day += 1;
        }
        let mut all = BTreeSet::new();
        for (_, of_it) in periods {
            let count = i32::try_from(of_it.len()).unwrap();
            for (place, at) in (1..).zip(of_it) {
                let is_named = self.positions.is_empty() || names(&self.positions, place, count);
                if is_named && at >= start && at < end {
                    all.insert(at);
                }
            }
        }
        all
    }

    fn week_of(&self, day: i64) -> i64 {
        day - i64::from((weekday(day) - self.week_start).rem_euclid(7))
    }

    /// The year that the week of a day belongs to (it holds its fourth day), the week's number in it, and
    /// how many weeks it has.
    fn week_number(&self, day: i64) -> (i32, i32, i32) {
        let fourth = self.week_of(day) + 3;
        let year = parts(fourth).0;
        // The first week holds January 4.
        let weeks = |year: i32| self.week_of(number(year, 1, 4));
        let week = |from: i64, to: i64| i32::try_from((to - from) / 7).unwrap();
        (year, week(weeks(year), self.week_of(day)) + 1, week(weeks(year), weeks(year + 1)))
    }

    /// The number of the period that a day lies in, from that of the start on.
    fn period(&self, first: i64, day: i64) -> i64 {
        if !self.weeks.is_empty() {
            return i64::from(self.week_number(day).0 - self.week_number(first).0);
        }
        let (one, other) = (parts(first), parts(day));
        match self.frequency {
            Frequency::Yearly => i64::from(other.0 - one.0),
            Frequency::Monthly => i64::from((other.0 - one.0) * 12 + other.1 - one.1),
            Frequency::Weekly => (self.week_of(day) - self.week_of(first)) / 7,
            _ => day - first,
        }
    }

    fn times_of_day(&self, of_start: i64) -> Vec<i64> {
        let or = |list: &[i32], value: i64| -> Vec<i64> {
            match list {
                [] => vec![value],
                list => list.iter().map(|it| i64::from(*it)).collect(),
            }
        };
        let mut times = BTreeSet::new();
        for hour in or(&self.hours, of_start / 3_600) {
            for minute in or(&self.minutes, of_start / 60 % 60) {
                for second in or(&self.seconds, of_start % 60) {
                    times.insert(hour * 3_600 + minute * 60 + second);
                }
            }
        }
        times.into_iter().collect()
    }

    /// Whether the day is of the rule, within a period of it: the table's rows for days.
    fn is_day(&self, first: i64, day: i64) -> bool {
        let (year, month, of_month) = parts(day);
        let (_, start_month, start_day) = parts(first);
        if !self.weeks.is_empty() {
            let (_, week, weeks) = self.week_number(day);
            let is_weekday = match self.weekdays.as_slice() {
                [] => weekday(day) == weekday(first),
                days => days.iter().any(|(_, it)| *it == weekday(day)),
            };
            return is_weekday && names(&self.weeks, week, weeks);
        }
        let has_months = !self.months.is_empty();
        if has_months && !self.months.contains(&month) {
            return false;
        }
        let days = length(year, month);
        let of_year = i32::try_from(day - number(year, 1, 1)).unwrap() + 1;
        let year_length = i32::try_from(number(year + 1, 1, 1) - number(year, 1, 1)).unwrap();
        if !self.year_days.is_empty() && !names(&self.year_days, of_year, year_length) {
            return false;
        }
        if !self.month_days.is_empty() && !names(&self.month_days, of_month, days) {
            return false;
        }
        if !self.weekdays.is_empty() {
            let is_of_year = self.frequency == Frequency::Yearly && !has_months;
            let (at, of) = if is_of_year { (of_year, year_length) } else { (of_month, days) };
            return self.weekdays.iter().any(|(ordinal, it)| {
                let (from_start, from_end) = ((at - 1) / 7 + 1, (of - at) / 7 + 1);
                *it == weekday(day)
                    && (*ordinal == 0 || *ordinal == from_start || -*ordinal == from_end)
            });
        }
        if !self.year_days.is_empty() || !self.month_days.is_empty() {
            return true;
        }
        match self.frequency {
            Frequency::Yearly if has_months => of_month == start_day,
            Frequency::Yearly => (month, of_month) == (start_month, start_day),
            Frequency::Monthly => of_month == start_day,
            Frequency::Weekly => weekday(day) == weekday(first),
            _ => true,
        }
    }

    /// Whether a day is within what limits steps within the day.
    fn is_day_of_steps(&self, day: i64) -> bool {
        let (year, month, of_month) = parts(day);
        (self.months.is_empty() || self.months.contains(&month))
            && (self.month_days.is_empty()
                || names(&self.month_days, of_month, length(year, month)))
            && (self.weekdays.is_empty() || self.weekdays.iter().any(|(_, it)| *it == weekday(day)))
    }

    fn steps(&self, start: i64, end: i64) -> BTreeSet<i64> {
        let unit = match self.frequency {
            Frequency::Hourly => 3_600,
            Frequency::Minutely => 60,
            _ => 1,
        };
        let is_of = |list: &[i32], value: i64| {
            list.is_empty() || list.iter().any(|it| i64::from(*it) == value)
        };
        let mut all = BTreeSet::new();
        let mut period = start.div_euclid(unit) * unit;
        while period < end {
            let second = period.rem_euclid(DAY);
            let is_period = self.is_day_of_steps(period.div_euclid(DAY))
                && is_of(&self.hours, second / 3_600)
                && (unit == 3_600 || is_of(&self.minutes, second / 60 % 60))
                && (unit > 1 || is_of(&self.seconds, second % 60));
            if is_period {
                // What is shorter than the unit is chosen within it.
                for time in self.times_of_day(start.rem_euclid(DAY)) {
                    let (minute, of_minute) = (time / 60 % 60, time % 60);
                    let at = match unit {
                        3_600 => period + minute * 60 + of_minute,
                        60 => period + of_minute,
                        _ => period,
                    };
                    if at >= start && at < end {
                        all.insert(at);
                    }
                }
            }
            period += unit * self.interval;
        }
        all
    }

    /// Months and their days by number; one that its month does not have is left out or moved.
    fn skipping(&self, start: i64, end: i64) -> BTreeSet<i64> {
        let (year, month, _) = parts(start.div_euclid(DAY));
        let time = start.rem_euclid(DAY);
        let mut all = BTreeSet::new();
        let last = parts(end.div_euclid(DAY)).0 + 1;
        for at in 0..(last - year + 1) * 12 {
            let (of_year, of_month) = (year + at / 12, at % 12 + 1);
            let period = match self.frequency {
                Frequency::Yearly => of_year - year,
                _ => at + 1 - month,
            };
            let is_period = period >= 0 && i64::from(period) % self.interval == 0;
            if !is_period || !(self.months.is_empty() || self.months.contains(&of_month)) {
                continue;
            }
            for day in &self.month_days {
                let days = length(of_year, of_month);
                let first = number(of_year, of_month, 1);
                let day = match self.skip {
                    _ if *day <= days => first + i64::from(day - 1),
                    Some(Skip::Forward) => first + i64::from(days),
                    Some(Skip::Backward) => first + i64::from(days - 1),
                    _ => continue,
                };
                let moment = day * DAY + time;
                if moment >= start && moment < end {
                    all.insert(moment);
                }
            }
        }
        all
    }
}
