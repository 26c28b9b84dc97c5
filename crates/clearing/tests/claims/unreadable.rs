//! What an object holds that could not be read for a while.

use clearing::{Policy, after_unreadable};

use crate::{LONGER, LOOK, TEN, TWO, base, shown, with, zones};

/// The claims of `of`, held since hour -9, after a look at which it was `interim`.
fn after(of: &str, interim: &str) -> Vec<String> {
    let policy = Policy::default();
    let claims = with(of, |of| {
        with(interim, |interim| {
            after_unreadable(&base(-9), of, interim, LOOK, &mut zones(), &policy)
        })
    });
    shown(&claims)
}

/// Lines that cannot be read, with a start that can.
fn unreadable(times: &str) -> String {
    format!("{times} RRULE:FREQ=SOMETIMES")
}

#[test]
fn an_event_that_was_unreadable_at_its_own_time_keeps_what_it_holds() {
    assert_eq!(after(TEN, &unreadable(TEN)), ["-9c"]);
    assert_eq!(after(TEN, &unreadable(LONGER)), ["-9c"], "and more is no harm");
}

#[test]
fn an_event_that_was_unreadable_at_another_time_holds_its_own_anew() {
    assert_eq!(after(TEN, &unreadable(TWO)), ["-9c", "34-35 0l"]);
    let no_start = "DTSTART:nonsense";
    assert_eq!(after(TEN, no_start), ["-9c", "34-35 0l"], "nothing may be presumed of it");
    let of_no_length = unreadable("DTSTART:20260302T103000Z DTEND:20260302T103000Z");
    assert_eq!(after(TEN, &of_no_length), ["-9c", "34-35 0l"]);
    let free = format!("{} TRANSP:TRANSPARENT", unreadable(TEN));
    assert_eq!(after(TEN, &free), ["-9c", "34-35 0l"], "what is free holds nothing");
}

#[test]
fn an_event_that_was_unreadable_at_a_part_of_its_time_keeps_that_part() {
    assert_eq!(after(LONGER, &unreadable(TEN)), ["-9c", "35-36 0l"]);
}

#[test]
fn an_endless_series_that_was_unreadable_keeps_what_lies_behind_as_it_was() {
    let series = format!("{TEN} RRULE:FREQ=YEARLY");
    // A zone that nobody knows is presumed to be the calendar's.
    let presumed =
        series.replace("DTSTART:20260302T100000Z", "DTSTART;TZID=Nowhere:20260302T100000");
    assert_ne!(presumed, series);
    assert_eq!(after(&series, &presumed), ["-9c"]);
    let first_only = after(&series, &unreadable(TEN));
    assert_eq!(
        first_only,
        ["-9c", "8794-8795 0l", "17578-17579 0l", "26338-26339 0l", "35088-ever 0l"]
    );
}
