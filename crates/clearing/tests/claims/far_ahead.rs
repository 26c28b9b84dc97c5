//! Dates beyond the part that is read, and other edge cases.

use super::*;

#[test]
fn what_a_first_look_sees_changed_while_it_is_under_way_is_believed_its_last_modified() {
    let changed = format!("{TWO} LAST-MODIFIED:20260228T230000Z");
    assert_eq!(shown(&renew(&base(-9), TEN, &changed, Sight::First(NOW))), ["0l"]);
}

#[test]
fn what_lies_behind_the_dates_that_can_be_read_is_held_anew() {
    // One date in a hundred years makes the time that is looked at longer than can be read.
    let daily = "DTSTART:20260302T100000Z DURATION:PT1H RRULE:FREQ=DAILY RDATE:21260101T100000Z";
    let twice = "DTSTART:20260302T100000Z DURATION:PT1H RRULE:FREQ=DAILY;BYHOUR=10,12 \
                 RDATE:21260101T100000Z";
    let renewed = renew(&base(-9), daily, twice, LOOK);
    for day in [2, 40, 200, 700, 800, 20_000] {
        let noon = hour(24 * day + 12);
        assert_eq!(held(&renewed.held_since(noon, noon.plus(3_600))), "0l", "day {day}");
    }
    let ten = hour(24 * 40 + 10);
    assert_eq!(held(&renewed.held_since(ten, ten.plus(3_600))), "-9c");
}

#[test]
fn a_date_that_an_endless_series_states_itself_makes_nothing_behind_it_new() {
    let weekly = format!("{TEN} RRULE:FREQ=WEEKLY");
    let and = |date: &str| format!("{weekly} RDATE:{date}");
    let within_a_year = renew(&base(-9), &weekly, &and("20270301T110000Z"), LOOK);
    assert_eq!(shown(&within_a_year), ["-9c", "8771-8772 0l"]);
    let beyond_two = renew(&base(-9), &weekly, &and("20280901T110000Z"), LOOK);
    assert_eq!(shown(&beyond_two), ["-9c", "21971-21972 0l"]);
}

#[test]
fn an_endless_series_takes_over_what_lies_behind_although_its_first_dates_are_new() {
    let part = |start, end, since| Claim { start, end, held: base(since).base };
    let given = vec![part(hour(1_000), hour(9_000), -5), part(hour(9_000), Moment::MAX, -9)];
    let series = format!("{TEN} RRULE:FREQ=WEEKLY {BY_BOB}");
    let taken = take_over(&series, &[("bob@example.org", given)]);
    let since = |week: i64| {
        let start = hour(34 + 168 * week);
        held(&taken.held_since(start, start.plus(3_600)))
    };
    assert_eq!([since(0), since(6), since(60), since(200)], ["0l", "-5c", "-9c", "-9c"]);
}

#[test]
fn an_endless_series_takes_over_nothing_behind_what_was_given_up() {
    let given = Claim { start: hour(0), end: hour(24 * 800), held: base(-9).base };
    let series = format!("{TEN} RRULE:FREQ=WEEKLY {BY_BOB}");
    let taken = take_over(&series, &[("bob@example.org", vec![given])]);
    let since = |week: i64| {
        let start = hour(34 + 168 * week);
        held(&taken.held_since(start, start.plus(3_600)))
    };
    assert_eq!([since(0), since(100), since(200)], ["-9c", "-9c", "0l"]);
}

#[test]
fn of_several_components_the_last_change_within_the_time_of_the_look_counts() {
    let weekly = format!("{TEN} RRULE:FREQ=WEEKLY");
    let changed = format!(
        "{LONGER} RRULE:FREQ=WEEKLY LAST-MODIFIED:20260228T230000Z END:VEVENT BEGIN:VEVENT UID:a \
         RECURRENCE-ID:20260309T100000Z DTSTART:20260309T100000Z DTEND:20260309T120000Z \
         LAST-MODIFIED:20260301T010000Z"
    );
    let renewed = renew(&base(-9), &weekly, &changed, LOOK);
    assert_eq!(held(&renewed.held_since(hour(35), hour(36))), "-1c");
}

#[test]
fn claims_are_told_two_horizons_ahead() {
    let policy = Policy { horizon_days: 1_000, ..Policy::default() };
    let every = |years| format!("{TEN} RRULE:FREQ=YEARLY;INTERVAL={years}");
    let renewed = with(&every(5), |before| {
        with(&every(4), |after| {
            renewed_claims(&base(-9), before, after, LOOK, &mut zones(), &policy)
        })
    });
    // 2 March 2030.
    let start = hour(24 * 1_462 + 10);
    assert_eq!(held(&renewed.held_since(start, start.plus(3_600))), "0l");
}

#[test]
fn a_series_with_an_end_holds_nothing_behind_it_and_one_beyond_a_hundred_years_goes_on() {
    let until = |year: u32| format!("{TEN} RRULE:FREQ=YEARLY;UNTIL={year}0601T000000Z");
    let gone = gone(&base(-9), &until(2036), None);
    assert_eq!(gone.len(), 11);
    assert!(gone.iter().all(|part| part.end < Moment::MAX));
    let ends = |lines: &str| {
        with(lines, |it| held_intervals(it, NOW, &mut zones(), &Policy::default()))
            .last()
            .map(|it| it.1)
    };
    assert!(ends(&until(2036)) < Some(Moment::MAX));
    assert_eq!(ends(&until(2190)), Some(Moment::MAX));
}

#[test]
fn a_change_behind_the_dates_that_can_be_read_is_not_overlooked() {
    let daily = "DTSTART:20260302T100000Z DURATION:PT1H RRULE:FREQ=DAILY;BYHOUR=10,12 \
                 RDATE:21260101T100000Z";
    let and = format!("{daily} RDATE:21000101T150000Z");
    let renewed = renew(&base(-9), daily, &and, LOOK);
    // 1 January 2100 is 26,969 days ahead.
    let start = hour(24 * 26_969 + 15);
    assert_eq!(held(&renewed.held_since(start, start.plus(3_600))), "0l");
    let near = hour(24 * 40 + 10);
    assert_eq!(held(&renewed.held_since(near, near.plus(3_600))), "-9c");
}

#[test]
fn where_the_text_before_is_read_for_one_horizon_only_all_behind_it_is_one_part() {
    let before = "DTSTART:20260302T100000Z DURATION:PT10M RRULE:FREQ=MINUTELY;INTERVAL=20";
    let weekly = format!("{TEN} RRULE:FREQ=WEEKLY");
    let parts = shown(&renew(&base(-9), before, &weekly, LOOK));
    assert_eq!(parts.last().map(String::as_str), Some("8760-ever 0l"));
    assert_eq!(parts[1..].iter().filter(|part| part.ends_with("ever 0l")).count(), 1);
    // Of each Monday the twice ten minutes between those that it held.
    assert_eq!(parts.len(), 1 + 3 * 52 + 1, "{parts:?}");
}

#[test]
fn what_could_not_be_read_of_the_text_after_is_not_given_up() {
    let weekly = format!("{TEN} RRULE:FREQ=WEEKLY");
    let after = "DTSTART:20260302T100000Z DURATION:PT20M RRULE:FREQ=MINUTELY;INTERVAL=20";
    // It covers every hour, and is read for one horizon only.
    assert_eq!(gone(&base(-9), &weekly, Some(after)), []);
}

#[test]
fn what_has_a_rule_that_nobody_knows_cannot_be_read() {
    let is_read =
        |lines: &str| with(lines, |it| can_be_read(it, NOW, &mut zones(), &Policy::default()));
    assert!(is_read(TEN));
    assert!(is_read(&format!("{TEN} RRULE:FREQ=MINUTELY;INTERVAL=20")), "as far as a horizon");
    assert!(!is_read(&format!("{TEN} RRULE:FREQ=NEVER")));
}

#[test]
fn what_lies_behind_is_taken_over_where_only_dates_of_the_first_half_are_new() {
    // It is read for one horizon, 8,760 hours.
    let series =
        format!("DTSTART:20260302T100000Z DURATION:PT10M RRULE:FREQ=MINUTELY;INTERVAL=20 {BY_BOB}");
    for (from, expected) in [(1_000, "-9c"), (6_000, "0l")] {
        let given = Claim { start: hour(from), end: Moment::MAX, held: base(-9).base };
        let taken = take_over(&series, &[("bob@example.org", vec![given])]);
        let start = hour(24 * 2_000 + 10);
        assert_eq!(held(&taken.held_since(start, start.plus(600))), expected, "from {from}");
    }
}

#[test]
fn claims_are_computed_for_two_horizons() {
    let policy = Policy { horizon_days: 1_000, ..Policy::default() };
    let yearly = format!("{TEN} RRULE:FREQ=YEARLY");
    let held = with(&yearly, |it| held_intervals(it, NOW, &mut zones(), &policy));
    let (behind, end) = *held.last().unwrap();
    // 2,000 days, in whose second half there are two dates at least.
    assert_eq!(((behind.0 - NOW.0) / 86_400, end), (2_000, Moment::MAX));
}
