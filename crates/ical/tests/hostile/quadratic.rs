//! Files in which everything refers to everything else: work that grew with the square of what a file
//! holds would not end here. Each of these once did not.

use ical::{Calendar, EditError, Edited, Editor, Moment, Unreadable, Window, Zone, Zones};

use crate::common::{START, calendar, count, counts, event, expanded_in, year};

/// As many seconds of a day as a list of dates.
fn seconds(count: usize, end: &str) -> String {
    let second = |number: usize| {
        let (hour, minute, second) = (number / 3600 % 24, number / 60 % 60, number % 60);
        format!("20260301T{hour:02}{minute:02}{second:02}{end}")
    };
    (0..count).map(second).collect::<Vec<_>>().join(",")
}

#[test]
fn a_line_may_have_as_many_parameters_as_dates() {
    let line = format!("RDATE{}:{}", ";X=a".repeat(130_000), seconds(30_000, "Z"));
    assert_eq!(count(&[START, &line]), Ok(30_001));
}

/// A definition of nearly as many bytes as one may have.
fn large_definition() -> String {
    let padding = format!("X-A:{}\r\n", "x".repeat(1000)).repeat(64);
    format!(
        "BEGIN:VTIMEZONE\r\nTZID:Large\r\n{padding}BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
         TZOFFSETFROM:+0000\r\nTZOFFSETTO:-0330\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
}

#[test]
fn many_dates_may_refer_to_a_large_definition() {
    let one = event("1", &[START, &format!("RDATE;TZID=Large:{}", seconds(40_000, ""))]);
    assert_eq!(counts(&calendar(&(large_definition() + &one))), [Ok(40_000)]);
}

#[test]
fn many_events_may_refer_to_a_large_definition() {
    let events = event("", &["DTSTART;TZID=Large:20260301T100000"]).repeat(50_000);
    let found = counts(&calendar(&(large_definition() + &events)));
    assert_eq!(found, vec![Ok(1); 50_000]);
}

#[test]
fn many_overrides_may_name_days_of_a_series_of_many_dates() {
    let dates = format!("RDATE:{}", seconds(40_000, "Z"));
    let overrides = event("1", &["RECURRENCE-ID;VALUE=DATE:20260303", "DTSTART:20260303T100000Z"]);
    let text = event("1", &[START, &dates]) + &overrides.repeat(90_000);
    assert_eq!(counts(&calendar(&text)), [Ok(40_001)]);
}

#[test]
fn a_hundred_objects_may_have_rules_with_long_lists() {
    let days: Vec<String> = (31..330).map(|day| format!("-{day}")).collect();
    let rule = format!("RRULE:FREQ=WEEKLY;COUNT=9999999;BYWEEKNO=53;BYYEARDAY={}", days.join(","));
    let mut lines = vec!["DTSTART:00010101T100000Z"];
    lines.extend([rule.as_str(); 9]);
    let text = calendar(&event("", &lines).repeat(100));
    let found = counts(&text);
    let is_bounded = |it: &Result<usize, Unreadable>| match it {
        Ok(count) => *count == 0,
        Err(error) => [Unreadable::TooManySteps, Unreadable::CalendarTooManySteps].contains(error),
    };
    assert!(found.iter().all(is_bounded), "{found:?}");
}

/// Cancels the first `number` instances.
fn cancelled(text: &[u8], number: usize) -> Result<Edited, EditError> {
    let calendar = Calendar::parse(text).unwrap();
    let mut instances: Vec<Moment> =
        expanded_in(text, year()).remove(0).unwrap().iter().map(|it| it.original).collect();
    instances.sort_unstable();
    instances.truncate(number);
    let mut zones = Zones::new(Zone::utc());
    let editor = Editor { now: Moment(1_772_000_000), room_address: None };
    ical::cancel(&calendar, &calendar.objects()[0], &mut zones, &instances, &editor)
}

fn overrides(count: usize, range: &str) -> String {
    let one = |number: usize| {
        let (day, minute) = (number / 1440 + 1, number % 1440);
        let at = format!("202603{day:02}T{:02}{:02}00Z", minute / 60, minute % 60);
        event("1", &[&format!("RECURRENCE-ID{range}:{at}"), &format!("DTSTART:{at}")])
    };
    (0..count).map(one).collect()
}

#[test]
fn many_instances_of_an_object_without_master_may_go_at_once() {
    let text = calendar(&overrides(40_000, ""));
    assert!(matches!(cancelled(&text, 39_000), Ok(Edited::Text(_))));
}

#[test]
fn instances_from_which_on_a_series_changes_may_be_many() {
    let master = event("1", &["DTSTART:20260301T000000Z", "RRULE:FREQ=MINUTELY;COUNT=45000"]);
    let text = calendar(&(master + &overrides(40_000, ";RANGE=THISANDFUTURE")));
    assert_eq!(cancelled(&text, 100).map(|_| ()), Ok(()));
}

#[test]
fn all_but_one_of_the_quarter_hours_of_a_year_may_go_at_once() {
    for (rule, count) in [("INTERVAL=15;COUNT=29000", 28_999), ("COUNT=45000", 44_999)] {
        let rule = format!("RRULE:FREQ=MINUTELY;{rule}");
        let text = calendar(&event("1", &["DTSTART:20260301T000000Z", &rule]));
        assert_eq!(cancelled(&text, count).map(|_| ()), Ok(()), "{rule}");
    }
}

#[test]
fn all_but_one_of_many_dates_may_go_at_once() {
    let dates = format!("RDATE:{}", seconds(30_000, "Z"));
    let text = calendar(&event("1", &[START, &dates]));
    assert_eq!(cancelled(&text, 30_000).map(|_| ()), Ok(()));
}

#[test]
fn ten_seconds_of_a_meeting_in_every_second_are_ten_occurrences() {
    let rule = "RRULE:FREQ=SECONDLY";
    let text = calendar(&event("1", &["DTSTART:00010101T000000Z", rule]));
    let window = Window { start: Moment(1_780_000_000), end: Moment(1_780_000_010) };
    assert_eq!(expanded_in(&text, window)[0].as_ref().map(Vec::len), Ok(10));
}

#[test]
fn a_hundred_daily_series_may_ask_each_day_for_its_week() {
    let lines = ["DTSTART:00010101T000000Z", "RRULE:FREQ=DAILY;BYWEEKNO=1;COUNT=99999999"];
    let late = Window { start: Moment(253_000_000_000), end: Moment(253_100_000_000) };
    let text = calendar(&event("", &lines).repeat(100));
    for found in expanded_in(&text, late) {
        assert_eq!(found, Err(Unreadable::TooManySteps));
    }
}

#[test]
fn instances_a_year_apart_of_a_meeting_in_every_quarter_of_an_hour_may_go_at_once() {
    let text = calendar(&event("1", &[START, "RRULE:FREQ=MINUTELY;INTERVAL=15"]));
    let calendar = Calendar::parse(&text).unwrap();
    let editor = Editor { now: Moment(0), room_address: None };
    let first = Moment(1_772_359_200);
    let going = [first, first.plus(364 * 86_400)];
    let mut zones = Zones::new(Zone::utc());
    let edited = ical::cancel(&calendar, &calendar.objects()[0], &mut zones, &going, &editor);
    assert!(matches!(edited, Ok(Edited::Text(_))), "{edited:?}");
}
