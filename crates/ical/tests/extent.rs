//! The extent of an object: no window that it does not touch holds an occurrence.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;
#[path = "common/random.rs"]
mod random;

use common::{Expected, fixtures, moment};
use ical::{Budget, Calendar, Extent, Moment, Object, Occurrence, Window, Zone, Zones, extent};
use proptest::prelude::*;

fn occurrences(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    window: Window,
) -> Option<Vec<Occurrence>> {
    let mut found = Vec::new();
    ical::expand(calendar, object, zones, window, &mut Budget::new(), &mut found).ok()?;
    Some(found)
}

/// Checks the extents of all objects of a text against what the window holds; answers how many of
/// them have an end.
fn check(text: &[u8], zone: &Zone, window: Window) -> usize {
    let calendar = Calendar::parse(text).unwrap();
    let mut zones = Zones::new(zone.clone());
    let mut with_end = 0;
    for object in calendar.objects() {
        let extent = extent(&calendar, object, &mut zones);
        with_end += usize::from(extent.end.is_some());
        let Some(found) = occurrences(&calendar, object, &mut zones, window) else {
            let around = Window { start: Moment::MIN, end: Moment::MAX };
            let reads = occurrences(&calendar, object, &mut zones, around).is_some();
            assert!(reads || extent.end.is_none(), "an end of what cannot be read: {extent:?}");
            continue;
        };
        assert!(found.is_empty() || extent.may_touch(window), "{extent:?} {window:?} {found:?}");
        for it in found {
            assert!(extent.start.is_none_or(|start| start <= it.start), "{extent:?} {it:?}");
            assert!(extent.end.is_none_or(|end| end >= it.end), "{extent:?} {it:?}");
            let own = Window { start: it.start, end: it.end.max(it.start.plus(1)) };
            assert!(extent.may_touch(own), "{extent:?} {it:?}");
        }
    }
    with_end
}

/// The extent of the one object with these components, in Berlin.
fn of(components: &[&[&str]]) -> Extent {
    let mut text = String::from("BEGIN:VCALENDAR\r\n");
    for lines in components {
        text += &format!("BEGIN:VEVENT\r\nUID:1\r\n{}\r\nEND:VEVENT\r\n", lines.join("\r\n"));
    }
    let text = text + "END:VCALENDAR\r\n";
    let berlin = Zone::iana("Europe/Berlin").unwrap();
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    assert_eq!(calendar.objects().len(), 1);
    extent(&calendar, &calendar.objects()[0], &mut Zones::new(berlin))
}

fn between(start: &str, end: &str) -> Extent {
    Extent { start: Some(moment(start)), end: Some(moment(end)) }
}

#[test]
fn an_object_that_cannot_be_read_may_touch_any_window() {
    for broken in ["DTSTART:later", "RRULE:FREQ=NEVER", "X-A:1", "RRULE:FREQ=DAILY;COUNT=0"] {
        let found = match broken {
            "RRULE:FREQ=NEVER" => of(&[&["DTSTART:20260302T100000Z", broken]]),
            "RRULE:FREQ=DAILY;COUNT=0" => of(&[
                &["DTSTART:20260302T100000Z"],
                &["RECURRENCE-ID:20260303T100000Z", "DTSTART:20260303T100000Z", broken],
            ]),
            _ => of(&[&[broken]]),
        };
        assert_eq!(found, Extent::UNKNOWN, "{broken}");
        assert!(found.may_touch(Window { start: Moment(0), end: Moment(1) }));
    }
}

#[test]
fn an_object_of_which_all_is_taken_out_touches_no_window() {
    for lines in [
        ["DTSTART:20260302T100000Z", "EXDATE:20260302T100000Z", "X-A:1"],
        [
            "DTSTART:20260302T100000Z",
            "RRULE:FREQ=DAILY;COUNT=2",
            "EXDATE:20260302T100000Z,20260303T100000Z",
        ],
        ["DTSTART:20260302T100000Z", "RRULE:FREQ=DAILY;UNTIL=20260101T000000Z", "X-A:1"],
        ["DTSTART:20260302T100000Z", "RRULE:FREQ=DAILY;COUNT=9", "EXRULE:FREQ=DAILY;COUNT=9"],
    ] {
        let found = of(&[&lines]);
        assert_eq!(found, Extent::EMPTY, "{lines:?}");
        assert!(!found.may_touch(Window { start: Moment::MIN, end: Moment::MAX }));
    }
}

#[test]
fn an_event_of_zero_length_touches_the_window_that_begins_with_it_and_not_the_one_that_ends_there()
{
    let found = of(&[&["DTSTART:20260302T100000Z"]]);
    let at = moment("2026-03-02T10:00:00Z");
    assert_eq!(found, Extent { start: Some(at), end: Some(at) });
    assert!(found.may_touch(Window { start: at, end: at.plus(1) }));
    assert!(!found.may_touch(Window { start: at.plus(-1), end: at }));
    assert!(!found.may_touch(Window { start: at.plus(1), end: at.plus(2) }));
}

#[test]
fn the_longest_of_a_series_may_end_after_the_last() {
    let found = of(&[&[
        "DTSTART:20260302T100000Z",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;COUNT=3",
        "RDATE;VALUE=PERIOD:20260303T200000Z/P9D",
    ]]);
    assert_eq!(found, between("2026-03-02T10:00:00Z", "2026-03-12T20:00:00Z"));
}

#[test]
fn overrides_that_are_moved_away_or_cancelled_count() {
    let master: &[&str] =
        &["DTSTART:20260302T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"];
    let early = &["RECURRENCE-ID:20260303T100000Z", "DTSTART:20250101T000000Z", "STATUS:CANCELLED"];
    let late = &["RECURRENCE-ID:20260304T100000Z", "DTSTART:20270101T000000Z", "DURATION:PT2H"];
    let both = between("2025-01-01T00:00:00Z", "2027-01-01T02:00:00Z");
    assert_eq!(of(&[master, early, late]), both);
    assert_eq!(of(&[early, late]), both, "without their master");
}

#[test]
fn whole_days_are_those_of_the_calendars_zone() {
    let found = of(&[&["DTSTART;VALUE=DATE:20260328", "RRULE:FREQ=DAILY;COUNT=2"]]);
    assert_eq!(found, between("2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z"));
}

#[test]
fn a_series_without_end_has_a_start_at_or_shortly_before_its_first() {
    let utc = of(&[&["DTSTART:20260302T100000Z", "RRULE:FREQ=DAILY"]]);
    assert_eq!(utc, Extent { start: Some(moment("2026-03-02T10:00:00Z")), end: None });
    let berlin = "DTSTART;TZID=Europe/Berlin:20260302T100000";
    let hours = 3 * 3600;
    for (more, first) in [
        ("X-A:1", "2026-03-02T09:00:00Z"),
        ("RDATE:20260201T000000Z", "2026-02-01T00:00:00Z"),
        ("RRULE:FREQ=DAILY;COUNT=9", "2026-03-02T09:00:00Z"),
    ] {
        let found = of(&[&[berlin, "RRULE:FREQ=WEEKLY", more]]);
        let (start, first) = (found.start.unwrap(), moment(first));
        assert!((first.plus(-hours)..=first).contains(&start), "{more}: {start:?}");
        assert_eq!(found.end, None, "{more}");
    }
}

#[test]
fn a_series_without_end_that_is_moved_back_from_some_day_on_begins_there() {
    let following = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260303T100000Z";
    let found = of(&[
        &["DTSTART:20260302T100000Z", "RRULE:FREQ=DAILY"],
        &[following, "DTSTART:20260203T100000Z"],
        // Of the same instance, so that the one before speaks from the next day on only.
        &["RECURRENCE-ID:20260303T100000Z", "DTSTART:20260303T100000Z", "SEQUENCE:1"],
    ]);
    let first = moment("2026-02-04T10:00:00Z");
    let start = found.start.unwrap();
    assert!((first.plus(-4 * 86_400)..=first).contains(&start), "{start:?}");
}

#[test]
fn an_instance_on_the_wall_after_a_start_that_was_skipped_is_not_lost() {
    // 02:30 is skipped and read as 03:30; the rule's 03:00 is the earlier moment.
    let lines =
        ["DTSTART;TZID=Europe/Berlin:20260329T023000", "RRULE:FREQ=DAILY;BYHOUR=3;BYMINUTE=0"];
    let start = of(&[&lines]).start.unwrap();
    assert!(start <= moment("2026-03-29T01:00:00Z"), "{start:?}");
    let with_count = format!("{};COUNT=2", lines[1]);
    assert_eq!(
        of(&[&[lines[0], &with_count]]).start,
        Some(moment("2026-03-29T01:00:00Z")),
        "gone through one by one"
    );
}

#[test]
fn no_fixture_has_an_occurrence_out_of_its_extent() {
    let mut with_end = 0;
    for path in fixtures() {
        let Expected { zone, window, .. } = Expected::read(&path);
        let text = std::fs::read(&path).unwrap();
        with_end += check(&text, &zone, window);
        let whole =
            Window { start: window.start.plus(-400 * 86_400), end: window.end.plus(400 * 86_400) };
        check(&text, &zone, whole);
    }
    assert!(with_end > 250, "only {with_end} objects have an end");
}

#[test]
fn no_object_of_a_realistic_room_has_an_occurrence_out_of_its_extent() {
    let zone = Zone::iana("Europe/Berlin").unwrap();
    let window =
        Window { start: moment("2024-03-02T00:00:00Z"), end: moment("2028-03-02T00:00:00Z") };
    let workload = workload::Workload { objects: 3_000, ..workload::Workload::default() };
    let with_end = check(workload.calendar().as_bytes(), &zone, window);
    assert!(with_end > 2_000, "only {with_end} objects have an end");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_window_that_an_extent_does_not_touch_holds_an_occurrence(
        text in random::object(),
        // Minutes from 2026-02-01 on, and of the window's length.
        windows in prop::collection::vec((0_i64..300_000, 0_i64..20_000), 12),
        zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Pacific/Apia"]),
    ) {
        let zone = Zone::iana(zone).unwrap();
        for (from, length) in windows {
            let start = moment("2026-02-01T00:00:00Z").plus(from * 60);
            check(text.as_bytes(), &zone, Window { start, end: start.plus(length * 60) });
        }
    }

    #[test]
    fn an_extent_with_an_end_is_tight(text in random::object()) {
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let object = &calendar.objects()[0];
        let mut zones = Zones::new(Zone::iana("Europe/Berlin").unwrap());
        let extent = extent(&calendar, object, &mut zones);
        if extent.end.is_some() {
            let around = Window { start: Moment::MIN, end: Moment::MAX };
            let all = occurrences(&calendar, object, &mut zones, around).unwrap();
            let start = all.iter().map(|it| it.start).min().unwrap_or(Moment::MAX);
            let end = all.iter().map(|it| it.end).max().unwrap_or(Moment::MIN);
            prop_assert_eq!(extent, Extent { start: Some(start), end: Some(end) });
        } else {
            prop_assert!(text.contains("RRULE") && !text.contains("COUNT"), "{}", text);
        }
    }
}
