//! Endless series that take place rarely.

use clearing::{GivenUp, Owners, Policy, newly_held};
use ical::Moment;

use crate::{
    BY_BOB, LONGER, LOOK, NOW, TEN, base, gone, renew, shown, take_over_from, text, with, zones,
};

/// Every second year, from an hour on.
fn biennial(start: &str) -> String {
    format!("DTSTART:{start} DURATION:PT1H RRULE:FREQ=YEARLY;INTERVAL=2")
}

#[test]
fn who_moves_an_endless_series_that_takes_place_every_second_year_holds_its_dates_anew() {
    let (june, july) = (biennial("20270601T100000Z"), biennial("20270701T100000Z"));
    assert_eq!(shown(&renew(&base(-9), &june, &june, LOOK)), ["-9c"]);
    assert_eq!(shown(&renew(&base(-9), &june, &july, LOOK)), ["0l"]);
    let renamed = format!("{june} SUMMARY:Renamed");
    assert_eq!(shown(&renew(&base(-9), &june, &renamed, LOOK)), ["-9c"]);
}

#[test]
fn a_date_far_ahead_that_is_not_excluded_any_more_is_held_anew() {
    let series = "DTSTART:20260601T100000Z DURATION:PT1H RRULE:FREQ=WEEKLY";
    let without = format!("{series} EXDATE:20290604T100000Z");
    let claims = renew(&base(-9), &without, series, LOOK);
    let held = |moment| crate::held(&claims.held_since(Moment(moment), Moment(moment + 3_600)));
    // 4 June 2029 at ten, and the Monday after it.
    assert_eq!([held(1_875_261_600), held(1_875_866_400)], ["0l", "-9c"]);
    let moved = format!("{series} RECURRENCE-ID:20290604T100000Z");
    assert_eq!(shown(&renew(&base(-9), &moved, &moved, LOOK)), ["-9c"]);
}

#[test]
fn a_rare_date_that_a_rule_gives_beside_frequent_ones_is_held_anew_when_it_is_added() {
    let of_days =
        |days| format!("DTSTART:20260110T100000Z DURATION:PT1H RRULE:FREQ=YEARLY;BYYEARDAY={days}");
    let claims = renew(&base(-9), &of_days("10,20"), &of_days("10,20,366"), LOOK);
    let held = |moment| crate::held(&claims.held_since(Moment(moment), Moment(moment + 3_600)));
    // 31 December 2028, the 366th day, and 20 January 2029.
    assert_eq!([held(1_861_869_600), held(1_863_597_600)], ["0l", "-9c"]);
}

#[test]
fn a_rare_date_that_another_series_did_not_have_is_not_taken_over_from_it() {
    let of_days = |days| {
        format!(
            "DTSTART:20260110T100000Z DURATION:PT1H RRULE:FREQ=YEARLY;BYYEARDAY={days} {BY_BOB}"
        )
    };
    let before = of_days("10,20");
    let parts = gone(&base(-9), &before, None);
    let since = |after: &str, moments: &[i64]| -> Vec<String> {
        let owners = with(&before, |it| Owners::of(it, None, &Policy::default()));
        let gone = [GivenUp { owners, parts: parts.clone(), text: text(&before).into_bytes() }];
        let claims = take_over_from(after, &gone);
        let held = |it: &i64| claims.held_since(Moment(*it), Moment(it + 3_600));
        moments.iter().map(|it| crate::held(&held(it))).collect()
    };
    // 31 December 2028, the 366th day, 20 January 2029, and 31 December 2032.
    let moments = [1_861_869_600, 1_863_597_600, 1_988_100_000];
    assert_eq!(since(&of_days("10,20,366"), &moments), ["0l", "-9c", "0l"]);
    assert_eq!(since(&before, &moments[1..2]), ["-9c"]);
}

#[test]
fn what_is_newly_held_is_what_was_not_held_before_and_without_end_where_all_of_it_moves() {
    let (policy, weekly) = (Policy::default(), format!("{TEN} RRULE:FREQ=WEEKLY"));
    let hours = |before: &str, after: &str| -> Vec<(i64, i64)> {
        let found = with(before, |before| {
            with(after, |after| newly_held(before, after, NOW, &mut zones(), &policy))
        });
        found.iter().map(|it| (it.0.since(NOW) / 3_600, it.1.since(NOW) / 3_600)).collect()
    };
    assert_eq!(hours(&weekly, &weekly), []);
    assert_eq!(hours(TEN, LONGER), [(35, 36)]);
    let moved = "DTSTART:20260302T120000Z DURATION:PT1H RRULE:FREQ=WEEKLY";
    let all = hours(&weekly, moved);
    assert_eq!(all[0], (36, 37));
    assert!(all.last().unwrap().1 > 1_000_000, "what lies behind has no end");
}
