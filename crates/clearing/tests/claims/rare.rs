//! Endless series that take place rarely.

use ical::Moment;

use crate::{LOOK, base, renew, shown};

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
