//! Recurrence rules: choosing one, writing it, and the first days that it gives.

use crate::civil::{Day, MINUTES_OF_A_DAY, Moment, weekday_name};
use crate::random::Random;
use crate::zone::Form;

/// The weekdays from Monday to Friday.
const WORKDAYS: &[i64] = &[0, 1, 2, 3, 4];

/// How many days after its start a series is searched for instances.
const SEARCHED_DAYS: i64 = 800;

/// The days that a rule gives.
#[derive(Clone, Debug)]
enum Pattern {
    /// Every day.
    Daily,
    /// The weekday of the start, without saying so.
    Weekly,
    /// These weekdays, 0 for Monday.
    Weekdays(Vec<i64>),
    /// A weekday counted within the month, -1 for its last one.
    Ordinal(i64, i64),
    /// A day of the month, -1 for the last one.
    DayOfMonth(i64),
    /// Of these weekdays of a month, taken together, the one in this position.
    Position(&'static [i64], i64),
    /// A month and a day of it.
    Yearly(i64, i64),
}

/// Where a series ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Count(i64),
    /// With the last instance of this day.
    Until(Day),
    Never,
}

/// One recurrence rule (RFC 5545 section 3.3.10).
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pattern: Pattern,
    interval: i64,
    /// The first day of a week, 0 for Monday.
    week_start: i64,
    end: End,
}

impl Rule {
    /// A rule, and the first day from `from` on that it meets, on which its series starts.
    pub(crate) fn choose(random: &mut Random, from: Day) -> (Self, Day) {
        let weekday = from.weekday();
        let (_, month, day_of_month) = from.civil();
        let (pattern, interval, week_start, days_between) = match random.between(0, 99) {
            0..=8 => (Pattern::Daily, 1, 0, 1),
            9..=16 => (Pattern::Daily, random.between(2, 4), 0, 3),
            17..=24 => (Pattern::Weekdays(WORKDAYS.to_vec()), 1, 0, 1),
            25..=37 => (Pattern::Weekly, random.pick(&[1, 1, 1, 4]), 0, 7),
            38..=50 => (Pattern::Weekdays(vec![weekday]), 1, 0, 7),
            51..=56 => (Pattern::Weekdays(two_weekdays(random)), 1, 0, 4),
            57..=67 => (Pattern::Weekdays(two_weekdays(random)), 2, 6, 7),
            68..=77 => {
                let ordinal = random.pick(&[1, 1, 2, 3, 4, -1, -1, 5]);
                (Pattern::Ordinal(ordinal, weekday), 1, 0, 30)
            }
            78..=87 => {
                let day = random.pick(&[day_of_month, day_of_month, day_of_month, 31, -1]);
                (Pattern::DayOfMonth(day), random.pick(&[1, 1, 3]), 0, 30)
            }
            88..=96 => {
                let days = random.pick(&[WORKDAYS, WORKDAYS, &[1], &[3], &[0, 2]]);
                (Pattern::Position(days, random.pick(&[1, 2, -1])), 1, 0, 30)
            }
            _ => (Pattern::Yearly(month, day_of_month), 1, 0, 365),
        };
        let mut rule = Self { pattern, interval, week_start, end: End::Never };
        let start = (0..400)
            .map(|ahead| from.plus(ahead))
            .find(|&day| rule.meets(day, day))
            .unwrap_or(from);
        let most = (500 / days_between).clamp(3, 25);
        let instances = random.between(2, most);
        rule.end = match random.between(0, 99) {
            0..=34 => End::Count(instances),
            35..=94 => End::Until(start.plus(instances * days_between * interval)),
            _ => End::Never,
        };
        (rule, start)
    }

    /// The rule's value, for a series that starts on `start`; `minute` is the time of day.
    pub(crate) fn text(&self, form: Form, minute: i64) -> String {
        let mut parts = vec![format!("FREQ={}", self.frequency())];
        if self.interval > 1 {
            parts.push(format!("INTERVAL={}", self.interval));
        }
        if self.week_start != 0 {
            parts.push(format!("WKST={}", weekday_name(self.week_start)));
        }
        match &self.pattern {
            Pattern::Daily | Pattern::Weekly => {}
            Pattern::Weekdays(days) => parts.push(format!("BYDAY={}", names(days))),
            Pattern::Ordinal(ordinal, day) => {
                parts.push(format!("BYDAY={ordinal}{}", weekday_name(*day)));
            }
            Pattern::DayOfMonth(day) => parts.push(format!("BYMONTHDAY={day}")),
            Pattern::Position(days, position) => {
                parts.push(format!("BYDAY={};BYSETPOS={position}", names(days)));
            }
            Pattern::Yearly(month, day) => {
                parts.push(format!("BYMONTH={month};BYMONTHDAY={day}"));
            }
        }
        match self.end {
            End::Count(instances) => parts.push(format!("COUNT={instances}")),
            End::Until(day) => parts.push(format!("UNTIL={}", until(form, day, minute))),
            End::Never => {}
        }
        parts.join(";")
    }

    /// The first instances of the series that starts on `start`, `most` at most.
    pub(crate) fn days(&self, start: Day, most: usize) -> Vec<Day> {
        let bound = match self.end {
            End::Count(instances) => usize::try_from(instances).unwrap_or(most).min(most),
            End::Until(_) | End::Never => most,
        };
        (0..SEARCHED_DAYS)
            .map(|ahead| start.plus(ahead))
            .take_while(|&day| match self.end {
                End::Until(last) => day <= last,
                End::Count(_) | End::Never => true,
            })
            .filter(|&day| self.meets(start, day))
            .take(bound)
            .collect()
    }

    /// Whether the series that starts on `start` has an instance on `day`, its end left aside.
    fn meets(&self, start: Day, day: Day) -> bool {
        let (year, month, day_of_month) = day.civil();
        let (first_year, first_month, _) = start.civil();
        let months = (year - first_year) * 12 + month - first_month;
        let from_end = day_of_month - day.length_of_month() - 1;
        match &self.pattern {
            Pattern::Daily => day.since(start) % self.interval == 0,
            Pattern::Weekly => day.since(start) % (7 * self.interval) == 0,
            Pattern::Weekdays(days) => {
                days.contains(&day.weekday()) && self.weeks(start, day) % self.interval == 0
            }
            Pattern::Ordinal(ordinal, weekday) => {
                months % self.interval == 0
                    && day == Day::nth_weekday(year, month, *ordinal, *weekday)
            }
            Pattern::DayOfMonth(wanted) => {
                months % self.interval == 0 && [day_of_month, from_end].contains(wanted)
            }
            Pattern::Position(days, position) => {
                let first = day.plus(1 - day_of_month);
                let of_set: Vec<Day> = (0..day.length_of_month())
                    .map(|ahead| first.plus(ahead))
                    .filter(|candidate| days.contains(&candidate.weekday()))
                    .collect();
                let index = usize::try_from(position.abs() - 1).unwrap_or(0);
                let chosen =
                    if *position > 0 { of_set.get(index) } else { of_set.iter().rev().nth(index) };
                chosen == Some(&day)
            }
            Pattern::Yearly(wanted_month, wanted_day) => {
                (month, day_of_month) == (*wanted_month, *wanted_day)
            }
        }
    }

    /// Weeks from the week of `start` to that of `day`.
    fn weeks(&self, start: Day, day: Day) -> i64 {
        let monday = |of: Day| of.plus(-(of.weekday() - self.week_start).rem_euclid(7));
        monday(day).since(monday(start)) / 7
    }

    fn frequency(&self) -> &'static str {
        match self.pattern {
            Pattern::Daily => "DAILY",
            Pattern::Weekly | Pattern::Weekdays(_) => "WEEKLY",
            Pattern::Ordinal(..) | Pattern::DayOfMonth(_) | Pattern::Position(..) => "MONTHLY",
            Pattern::Yearly(..) => "YEARLY",
        }
    }
}

/// The end of `last` in the form that RFC 5545 section 3.3.10 wants beside such a DTSTART; for
/// half of the times of day, as half of the clients do, the very start of an instance on that day.
fn until(form: Form, last: Day, minute: i64) -> String {
    if form.is_date() {
        return last.basic();
    }
    let (minute, second) = if minute % 60 == 0 { (minute, 0) } else { (MINUTES_OF_A_DAY - 1, 59) };
    let moment = form.to_utc(Moment::new(last, minute)).basic(second);
    match form {
        Form::Floating => moment,
        Form::Date | Form::Utc | Form::Zoned(_) => format!("{moment}Z"),
    }
}

/// Two working days, in the order of the week.
fn two_weekdays(random: &mut Random) -> Vec<i64> {
    let first = random.between(0, 3);
    vec![first, random.between(first + 1, 4)]
}

fn names(days: &[i64]) -> String {
    let names: Vec<&str> = days.iter().map(|&day| weekday_name(day)).collect();
    names.join(",")
}

#[cfg(test)]
mod tests {
    use super::{End, Pattern, Rule, WORKDAYS};
    use crate::civil::Day;
    use crate::random::Random;
    use crate::zone::{BERLIN, Form};

    fn days(pattern: Pattern, interval: i64, week_start: i64, start: Day) -> Vec<String> {
        let rule = Rule { pattern, interval, week_start, end: End::Count(3) };
        let days = rule.days(start, 10);
        days.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_other_week_depends_on_the_day_on_which_weeks_begin() {
        // The example of RFC 5545 section 3.8.5.3, moved to a Tuesday and a Sunday of 2026.
        let tuesday = Day::USUAL.plus(1);
        let pattern = Pattern::Weekdays(vec![1, 6]);
        let from_monday = days(pattern.clone(), 2, 0, tuesday);
        let from_sunday = days(pattern, 2, 6, tuesday);
        assert_eq!(from_monday, ["2026-03-03", "2026-03-08", "2026-03-17"]);
        assert_eq!(from_sunday, ["2026-03-03", "2026-03-15", "2026-03-17"]);
    }

    #[test]
    fn monthly_rules_count_weekdays_and_positions() {
        let last_workdays = days(Pattern::Position(WORKDAYS, -1), 1, 0, Day::USUAL);
        assert_eq!(last_workdays, ["2026-03-31", "2026-04-30", "2026-05-29"]);
        let last_fridays = days(Pattern::Ordinal(-1, 4), 1, 0, Day::USUAL);
        assert_eq!(last_fridays, ["2026-03-27", "2026-04-24", "2026-05-29"]);
        let last_days = days(Pattern::DayOfMonth(-1), 3, 0, Day::USUAL);
        assert_eq!(last_days, ["2026-03-31", "2026-06-30", "2026-09-30"]);
        let long_months = days(Pattern::DayOfMonth(31), 1, 0, Day::USUAL);
        assert_eq!(long_months, ["2026-03-31", "2026-05-31", "2026-07-31"]);
    }

    #[test]
    fn a_series_starts_on_a_day_that_its_rule_meets() {
        let mut random = Random::new(1, 1);
        for ahead in 0..2_000 {
            let from = Day::USUAL.plus(ahead);
            let (rule, start) = Rule::choose(&mut random, from);
            assert!(start >= from);
            assert_eq!(rule.days(start, 1), [start], "{rule:?}");
        }
    }

    #[test]
    fn until_is_written_in_utc_beside_a_zone_and_as_a_date_beside_dates() {
        let rule = Rule {
            pattern: Pattern::Weekly,
            interval: 1,
            week_start: 0,
            end: End::Until(Day::USUAL),
        };
        let text = |form, minute| rule.text(form, minute);
        let zoned = Form::Zoned(&BERLIN);
        assert_eq!(text(zoned, 540), "FREQ=WEEKLY;UNTIL=20260302T080000Z");
        assert_eq!(text(zoned, 555), "FREQ=WEEKLY;UNTIL=20260302T225959Z");
        assert_eq!(text(Form::Floating, 540), "FREQ=WEEKLY;UNTIL=20260302T090000");
        assert_eq!(text(Form::Date, 0), "FREQ=WEEKLY;UNTIL=20260302");
    }
}
