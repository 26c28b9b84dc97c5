//! Recurrence rules against an enumeration that goes through every day, or every step, and asks the table
//! of RFC 5545 section 3.3.10 whether it is an instance. It knows no bit masks, no chunks and no skipping
//! ahead, so it is slow, and right where the rule is short.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "by_hand/mod.rs"]
mod by_hand;

use by_hand::{Frequency, Rule, Skip};
use ical::civil::{DAY, date_of, day_number, days_in_month};
use ical::{Budget, Calendar, Moment, Window, Zone, Zones};
use proptest::prelude::*;

/// The starts that the program finds in a window, in seconds since 1970 in UTC.
fn found(rule: &Rule, start: i64, window: Window) -> Vec<i64> {
    let date = date_of(i32::try_from(start.div_euclid(DAY)).unwrap());
    let second = start.rem_euclid(DAY);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let (year, month, day) = (date.year, date.month, date.day);
    let text = format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n\
         DTSTART:{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z\r\nDURATION:PT1S\r\n\
         RRULE:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        rule.text()
    );
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let mut all = Vec::new();
    let (zones, budget) = (&mut Zones::new(Zone::utc()), &mut Budget::new());
    let read = ical::expand(&calendar, &calendar.objects()[0], zones, window, budget, &mut all);
    read.unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut starts: Vec<i64> = all.into_iter().map(|it| it.start.0).collect();
    starts.sort_unstable();
    starts
}

fn check(rule: &Rule, start: i64, from: i64, length: i64) -> Result<(), TestCaseError> {
    let window = Window { start: Moment(start + from), end: Moment(start + from + length) };
    let mut expected = rule.instances(start, window.end.0);
    expected.insert(start);
    let expected: Vec<i64> =
        expected.into_iter().filter(|it| *it + 1 > window.start.0 && *it < window.end.0).collect();
    prop_assert_eq!(found(rule, start, window), expected, "{} from {}", rule.text(), start);
    Ok(())
}

/// Some of these values, or none.
fn some<T: Clone + std::fmt::Debug + 'static>(
    values: impl Strategy<Value = T> + 'static,
    most: usize,
    often: u32,
) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![6 => Just(Vec::new()), often => prop::collection::vec(values, 1..=most)]
}

fn signed(most: i32) -> impl Strategy<Value = i32> {
    prop_oneof![1..=most, -most..=-1]
}

/// A rule of days: YEARLY to DAILY.
fn of_days() -> impl Strategy<Value = Rule> {
    let frequency = prop_oneof![
        Just(Frequency::Yearly),
        Just(Frequency::Monthly),
        Just(Frequency::Weekly),
        Just(Frequency::Daily)
    ];
    let parts = (
        some(1..=12_i32, 4, 4),
        some(signed(31), 4, 4),
        some((prop_oneof![3 => Just(0), 1 => signed(5)], 0..7_i32), 4, 4),
        some(signed(366), 3, 2),
        some(signed(6), 3, 3),
        some(0..24_i32, 2, 1),
        some(signed(53), 3, 1),
    );
    (frequency, prop_oneof![3 => Just(1), 2 => 2..5_i64, 1 => 5..40_i64], 0..7_i32, parts).prop_map(
        |(frequency, interval, week_start, parts)| {
            let (months, month_days, weekdays, year_days, positions, hours, weeks) = parts;
            Rule {
                frequency,
                interval,
                week_start,
                months,
                month_days,
                weekdays,
                year_days,
                positions,
                hours,
                weeks,
                ..Rule::default()
            }
            .tidied()
        },
    )
}

/// A rule of steps within the day: HOURLY to SECONDLY.
fn of_steps() -> impl Strategy<Value = Rule> {
    let frequency =
        prop_oneof![Just(Frequency::Hourly), Just(Frequency::Minutely), Just(Frequency::Secondly)];
    let interval = prop_oneof![2 => 1..4_i64, 2 => 4..100_i64, 1 => 100..100_000_i64];
    let parts = (
        some(1..=12_i32, 3, 1),
        some(signed(31), 4, 1),
        some((Just(0), 0..7_i32), 4, 1),
        some(0..24_i32, 4, 4),
        some(0..60_i32, 4, 3),
        some(0..60_i32, 3, 2),
    );
    (frequency, interval, parts).prop_map(|(frequency, interval, parts)| {
        let (months, month_days, weekdays, hours, minutes, seconds) = parts;
        Rule {
            frequency,
            interval,
            months,
            month_days,
            weekdays,
            hours,
            minutes,
            seconds,
            ..Rule::default()
        }
        .tidied()
    })
}

/// A rule of months or years with SKIP (RFC 7529 section 4.1).
fn of_skips() -> impl Strategy<Value = Rule> {
    let frequency = prop_oneof![Just(Frequency::Yearly), Just(Frequency::Monthly)];
    let skip = prop_oneof![Just(Skip::Omit), Just(Skip::Forward), Just(Skip::Backward)];
    (frequency, skip, 1..5_i64, some(1..=12_i32, 3, 12), prop::collection::vec(1..=31_i32, 1..4))
        .prop_map(|(frequency, skip, interval, months, month_days)| {
            // A year takes its months by name.
            let months =
                if months.is_empty() && frequency == Frequency::Yearly { vec![2] } else { months };
            Rule { frequency, skip: Some(skip), interval, months, month_days, ..Rule::default() }
                .tidied()
        })
}

/// A start between 1995 and 2015, at a full second, or at midnight.
fn start() -> impl Strategy<Value = i64> {
    (day_number(1995, 1, 1)..day_number(2015, 1, 1), prop_oneof![0..DAY, Just(0)])
        .prop_map(|(day, second)| i64::from(day) * DAY + second)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn rules_of_days_have_the_instances_that_the_table_of_the_rfc_says(
        rule in of_days(),
        start in start(),
        from in prop_oneof![Just(0_i64), 0..9_i64 * 366],
        length in 1..800_i64,
    ) {
        check(&rule, start, from * DAY, length * DAY)?;
    }

    #[test]
    fn rules_of_hours_minutes_and_seconds_have_the_instances_that_the_table_of_the_rfc_says(
        rule in of_steps(),
        start in start(),
        from in 0..3_i64,
        length in 1..4_i64,
    ) {
        let unit = match rule.frequency {
            Frequency::Hourly => 100 * DAY,
            Frequency::Minutely => 4 * DAY,
            _ => DAY / 8,
        };
        check(&rule, start, from * unit, length * unit / 2)?;
    }

    #[test]
    fn days_that_a_month_does_not_have_are_left_out_or_moved_as_skip_says(
        rule in of_skips(),
        start in start(),
        from in 0..3_000_i64,
        length in 1..1_500_i64,
    ) {
        check(&rule, start, from * DAY, length * DAY)?;
    }

    #[test]
    fn a_rule_ends_after_its_count_or_with_until_whatever_window_is_asked_for(
        rule in prop_oneof![3 => of_days(), 1 => of_steps()],
        start in start(),
        count in 1..40_usize,
        until in 0..400_i64,
        ends_by_count in any::<bool>(),
        from in 0..200_i64,
    ) {
        let unit = match rule.frequency {
            Frequency::Secondly => 60,
            _ if rule.is_within_day() => 3_600,
            _ => 10 * DAY,
        };
        let end = start + 400 * unit;
        // Where DTSTART is no instance, whether it counts is nobody's to say (section 3.8.5.3).
        let start = rule.instances(start, end).first().copied().unwrap_or(start);
        let all: Vec<i64> = rule.instances(start, end).into_iter().collect();
        prop_assume!(all.first() == Some(&start));
        let (rule, expected): (_, Vec<i64>) = match ends_by_count {
            true => {
                (rule.ending(&format!(";COUNT={count}")), all.into_iter().take(count).collect())
            }
            false => {
                let last = start + until * unit;
                let text = format!(";UNTIL={}", by_hand::utc(last));
                (rule.ending(&text), all.into_iter().filter(|it| *it <= last).collect())
            }
        };
        let window = Window { start: Moment(start + from * unit), end: Moment(end) };
        let expected: Vec<i64> = expected.into_iter().filter(|it| *it + 1 > window.start.0).collect();
        prop_assert_eq!(found(&rule, start, window), expected, "{}", rule.text());
    }
}

#[test]
fn the_enumeration_knows_the_calendar() {
    assert_eq!(days_in_month(2024, 2), 29);
    let rule =
        Rule { frequency: Frequency::Monthly, weekdays: vec![(-1, 4)], ..Rule::default() }.tidied();
    let start = i64::from(day_number(2026, 1, 30)) * DAY;
    let days: Vec<String> =
        rule.instances(start, start + 70 * DAY).into_iter().map(by_hand::utc).collect();
    assert_eq!(days, ["20260130T000000Z", "20260227T000000Z", "20260327T000000Z"]);
}
