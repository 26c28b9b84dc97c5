//! Endless series that take place rarely.

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
