//! Property: after occurrences are cancelled, the recurrence set is the old one less exactly those,
//! and nothing else of the text is another.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod common;
#[path = "common/random.rs"]
mod random;

use common::{Expected, fixtures, moment};
use ical::{
    Budget, Calendar, EditError, Edited, Editor, Moment, Object, Occurrence, Window, Zone, Zones,
    cancel,
};
use proptest::prelude::*;

/// An occurrence as far as an edit of others must leave it: start, end, original start, name.
type Row = (Moment, Moment, Moment, String);

fn occurrences(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zone: &Zone,
    window: Window,
) -> Option<Vec<(Occurrence, Row)>> {
    let mut zones = Zones::new(zone.clone());
    let mut found = Vec::new();
    ical::expand(calendar, object, &mut zones, window, &mut Budget::new(), &mut found).ok()?;
    let mut rows: Vec<_> = found
        .into_iter()
        .filter(|it| !calendar.event(it.component as usize).is_cancelled())
        .map(|it| {
            let name = calendar.event(it.component as usize).summary().into_owned();
            (it, (it.start, it.end, it.original, name))
        })
        .collect();
    rows.sort_by(|one, other| one.1.cmp(&other.1));
    Some(rows)
}

/// Cancels every occurrence that `chosen` picks, and checks all that must hold then. Answers whether
/// there was anything to cancel.
fn check(text: &[u8], zone: &Zone, window: Window, chosen: impl Fn(usize) -> bool) -> bool {
    let calendar = Calendar::parse(text).unwrap();
    let mut edited_any = false;
    for (index, object) in calendar.objects().iter().enumerate() {
        let Some(before) = occurrences(&calendar, object, zone, window) else {
            continue;
        };
        let going: Vec<&Row> =
            before.iter().enumerate().filter(|(at, _)| chosen(*at)).map(|(_, it)| &it.1).collect();
        if going.is_empty() {
            continue;
        }
        edited_any = true;
        let instances: Vec<Moment> = going.iter().map(|row| row.2).collect();
        let editor = Editor { now: moment("2026-11-22T12:00:00Z"), room_address: None };
        let mut zones = Zones::new(zone.clone());
        match cancel(&calendar, object, &mut zones, &instances, &editor).unwrap() {
            Edited::NothingRemains => {
                assert_eq!(going.len(), before.len(), "something remains");
            }
            Edited::Text(changed) => {
                let expected: Vec<&Row> = before
                    .iter()
                    .map(|it| &it.1)
                    .filter(|row| !instances.contains(&row.2))
                    .collect();
                let again = Calendar::parse(&changed).unwrap();
                let after = occurrences(&again, &again.objects()[index], zone, window).unwrap();
                let after: Vec<&Row> = after.iter().map(|it| &it.1).collect();
                assert_eq!(after, expected, "{}", String::from_utf8_lossy(&changed));
                nothing_else_changed(text, &changed);
            }
        }
    }
    edited_any
}

/// Every line of the new text stands in the old one, in the same order, but for those that an edit
/// may write; and what is missing of the old one is a whole component or such a line.
fn nothing_else_changed(old: &[u8], new: &[u8]) {
    const WRITTEN: [&[u8]; 7] = [
        b"EXDATE",
        b"SEQUENCE",
        b"DTSTAMP",
        b"LAST-MODIFIED",
        b"RECURRENCE-ID",
        b"DTSTART",
        b"DTEND",
    ];
    let may_be_written = |line: &[u8]| {
        WRITTEN
            .iter()
            .any(|name| line.len() >= name.len() && line[..name.len()].eq_ignore_ascii_case(name))
    };
    let mut old_lines = old.split_inclusive(|byte| *byte == b'\n');
    let mut in_written = false;
    for line in new.split_inclusive(|byte| *byte == b'\n') {
        let is_fold = line.starts_with(b" ") || line.starts_with(b"\t");
        in_written = if is_fold { in_written } else { may_be_written(line) };
        if !in_written {
            assert!(
                old_lines.any(|old_line| old_line == line),
                "a line was changed or moved: {}",
                String::from_utf8_lossy(line)
            );
        }
    }
    let ends = |text: &[u8]| text.ends_with(b"\r\n");
    assert_eq!(ends(old), ends(new), "the last line end is another");
}

#[test]
fn each_single_occurrence_of_every_fixture_can_be_cancelled_and_all_others_stay() {
    let mut edited = 0;
    for path in fixtures() {
        let expected = Expected::read(&path);
        let text = std::fs::read(&path).unwrap();
        for at in 0..6 {
            let one = std::panic::catch_unwind(|| {
                check(&text, &expected.zone, expected.window, |index| index == at)
            });
            edited += u32::from(one.unwrap_or_else(|_| panic!("{} {at}", path.display())));
        }
    }
    assert!(edited > 1_000, "only {edited} were edited");
}

#[test]
fn any_set_of_occurrences_of_every_fixture_can_be_cancelled_at_once() {
    for path in fixtures() {
        let expected = Expected::read(&path);
        let text = std::fs::read(&path).unwrap();
        for pattern in [2, 3, 5] {
            let one = std::panic::catch_unwind(|| {
                check(&text, &expected.zone, expected.window, |index| index % pattern != 1)
            });
            one.unwrap_or_else(|_| panic!("{} {pattern}", path.display()));
        }
    }
}

#[test]
fn the_objects_of_a_realistic_room_can_be_edited() {
    let zone = Zone::iana("Europe/Berlin").unwrap();
    let window =
        Window { start: moment("2026-03-02T00:00:00Z"), end: moment("2027-03-02T00:00:00Z") };
    let workload = workload::Workload { objects: 600, ..workload::Workload::default() };
    let edited = workload
        .objects()
        .iter()
        .filter(|text| check(text.as_bytes(), &zone, window, |index| index % 3 == 0))
        .count();
    assert!(edited > 200, "only {edited} were edited");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn any_occurrences_of_any_object_can_be_cancelled(
        text in random::object(),
        mask in any::<u64>(),
    ) {
        let window = Window {
            start: moment("2026-01-01T00:00:00Z"),
            end: moment("2026-07-01T00:00:00Z"),
        };
        let zone = Zone::iana("Europe/Berlin").unwrap();
        check(text.as_bytes(), &zone, window, |index| mask >> (index % 64) & 1 == 1);
        check(text.as_bytes(), &zone, window, |index| index == (mask % 5) as usize);
    }
}

#[test]
fn an_instance_that_the_object_does_not_have_is_an_error() {
    let text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T120000Z\n\
        RRULE:FREQ=DAILY;COUNT=5\nEXDATE:20260303T120000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    let calendar = Calendar::parse(text).unwrap();
    let editor = Editor { now: Moment(0), room_address: None };
    for gone in ["2026-03-02T12:00:01Z", "2026-03-03T12:00:00Z", "2026-03-07T12:00:00Z"] {
        let mut zones = Zones::new(Zone::utc());
        let result =
            cancel(&calendar, &calendar.objects()[0], &mut zones, &[moment(gone)], &editor);
        assert_eq!(result, Err(EditError::NoSuchInstance(moment(gone))));
    }
}
