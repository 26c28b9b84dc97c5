//! Dividing a series at one of its dates.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod common;
#[path = "common/random.rs"]
mod random;

use common::{Expected, fixtures, moment};
use ical::civil::{Civil, DAY, day_number};
use ical::{
    Budget, Calendar, Changes, Divided, EditError, Edited, Editor, Moment, NewTimes, Window, Zone,
    Zones,
};
use proptest::prelude::*;

const EDITOR: Editor<'static> = Editor { now: Moment(1_772_000_000), room_address: None };

fn berlin() -> Zone {
    Zone::iana("Europe/Berlin").unwrap()
}

/// A moment in March 2026 on Berlin's clock.
fn at(day: u32, hour: u32) -> Moment {
    let midnight = Civil::midnight(day_number(2026, 3, 1) + day as i32 - 1);
    berlin().moment(midnight.plus(i64::from(hour) * 3_600))
}

fn object(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-KEEP:ü;1\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n\
         SUMMARY:Old\r\n{lines}X-OWN:kept\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// Mondays at nine from 2 March on.
fn weekly(end: &str, more: &str) -> String {
    object(&format!(
        "DTSTART;TZID=Europe/Berlin:20260302T090000\r\nDTEND;TZID=Europe/Berlin:20260302T100000\r\n\
         RRULE:FREQ=WEEKLY{end}\r\n{more}"
    ))
}

fn split(text: &str, at: Moment, changes: &Changes<'_>) -> Result<Option<[String; 2]>, EditError> {
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let mut zones = Zones::new(berlin());
    let object = &calendar.objects()[0];
    let divided = ical::split(&calendar, object, &mut zones, at, ("next", changes), &EDITOR)?;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ok(divided.map(|Divided { before, rest }| [text(before), text(rest)]))
}

fn end_before(text: &str, at: Moment) -> Result<Option<String>, EditError> {
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let mut zones = Zones::new(berlin());
    match ical::end_before(&calendar, &calendar.objects()[0], &mut zones, at, None, &EDITOR)? {
        Edited::Text(text) => Ok(Some(String::from_utf8(text).unwrap())),
        Edited::NothingRemains => Ok(None),
    }
}

/// When occurrences begin, in days and hours of March 2026 on Berlin's clock, and what they are called.
fn occurrences(text: &str) -> Vec<(i64, i64, String)> {
    let window = Window { start: at(1, 0), end: at(1, 0).plus(120 * DAY) };
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let (mut found, mut zones) = (Vec::new(), Zones::new(berlin()));
    for object in calendar.objects() {
        ical::expand(&calendar, object, &mut zones, window, &mut Budget::new(), &mut found)
            .unwrap();
    }
    found.sort_by_key(|it| it.start);
    let first = Civil::midnight(day_number(2026, 3, 1));
    let hours = |moment: Moment| (berlin().civil(moment).0 - first.0) / 3_600;
    let name = |component: u32| calendar.event(component as usize).summary().into_owned();
    let row = |it: &ical::Occurrence| {
        (hours(it.start) / 24 + 1, hours(it.start) % 24, name(it.component))
    };
    found.iter().map(row).collect()
}

fn days(text: &str) -> Vec<i64> {
    occurrences(text).into_iter().map(|it| it.0).collect()
}

const NAMED: Changes<'static> = Changes { name: Some("New"), description: None, times: None };

fn timed(start: Moment, end: Moment) -> Changes<'static> {
    Changes { times: Some(NewTimes::Timed { start, end }), ..NAMED }
}

#[test]
fn the_rest_of_a_series_gets_a_name_and_a_uid_and_the_dates_before_stay_byte_for_byte() {
    let text = weekly(";COUNT=6", "");
    let [before, rest] = split(&text, at(16, 9), &NAMED).unwrap().unwrap();
    assert!(before.contains("RRULE:FREQ=WEEKLY;COUNT=2\r\n"), "{before}");
    assert!(before.contains("UID:1\r\nRELATED-TO;RELTYPE=NEXT:next\r\n"), "{before}");
    for kept in ["X-KEEP:ü;1", "X-OWN:kept", "SUMMARY:Old", "SEQUENCE:1"] {
        assert!(before.contains(&format!("{kept}\r\n")), "{kept} in {before}");
    }
    assert_eq!(days(&before), [2, 9]);
    assert!(rest.contains("RRULE:FREQ=WEEKLY;COUNT=4\r\n"), "{rest}");
    assert!(rest.contains("UID:next\r\nRELATED-TO;RELTYPE=FIRST:1\r\n"), "{rest}");
    assert!(rest.contains("X-OWN:kept\r\n") && rest.contains("X-KEEP:ü;1\r\n"), "{rest}");
    let found = occurrences(&rest);
    // The clock changes on 29 March.
    assert_eq!(
        found,
        [16, 23, 30, 37].map(|day| (day, 9, "New".to_owned())),
        "the rest keeps to the clock"
    );
    let calendar = Calendar::parse(before.as_bytes()).unwrap();
    let next = ical::next_part(&calendar, &calendar.objects()[0]);
    assert_eq!(next.as_deref(), Some("next"));
}

#[test]
fn the_rest_moves_by_the_difference_of_the_date_that_is_seen_with_what_belongs_to_it() {
    let exceptions = "EXDATE;TZID=Europe/Berlin:20260309T090000,20260323T090000\r\n\
                      RDATE;TZID=Europe/Berlin:20260304T090000,20260401T090000\r\n";
    let text = weekly(";UNTIL=20260420T070000Z", exceptions);
    let [before, rest] = split(&text, at(16, 9), &timed(at(16, 14), at(16, 16))).unwrap().unwrap();
    assert_eq!(days(&before), [2, 4]);
    assert!(before.contains("UNTIL=20260316T075959Z"), "{before}");
    assert!(before.contains("EXDATE;TZID=Europe/Berlin:20260309T090000\r\n"), "{before}");
    assert!(before.contains("RDATE;TZID=Europe/Berlin:20260304T090000\r\n"), "{before}");
    assert_eq!(occurrences(&rest), [16, 30, 32, 37, 44, 51].map(|day| (day, 14, "New".to_owned())));
    assert!(rest.contains("UNTIL=20260420T120000Z"), "{rest}");
    assert!(rest.contains("EXDATE;TZID=Europe/Berlin:20260323T140000\r\n"), "{rest}");
    assert!(rest.contains("RDATE;TZID=Europe/Berlin:20260401T140000\r\n"), "{rest}");
}

#[test]
fn what_was_changed_alone_stays_on_its_side_and_the_date_itself_is_changed_too() {
    let over = |day: u32, to: u32| {
        format!(
            "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;TZID=Europe/Berlin:202603{day:02}T090000\r\n\
             DTSTART;TZID=Europe/Berlin:202603{to:02}T120000\r\nDURATION:PT1H\r\nSUMMARY:Own {day}\r\n\
             END:VEVENT\r\n"
        )
    };
    let all = over(9, 10) + &over(16, 17) + &over(23, 24) + "END:VCALENDAR";
    let text = weekly("", "").replace("END:VCALENDAR", &all);
    let [before, rest] = split(&text, at(16, 9), &timed(at(17, 13), at(17, 14))).unwrap().unwrap();
    assert_eq!(occurrences(&before), [(2, 9, "Old".into()), (10, 12, "Own 9".to_owned())]);
    let found = occurrences(&rest);
    assert_eq!(
        found[..3],
        [(17, 13, "New".to_owned()), (24, 12, "Own 23".into()), (30, 10, "New".into())]
    );
    assert_eq!(rest.matches("UID:next\r\n").count(), 3);
}

#[test]
fn a_series_that_is_divided_again_names_its_first_and_its_next_part() {
    let [_, rest] = split(&weekly("", ""), at(16, 9), &NAMED).unwrap().unwrap();
    let calendar = Calendar::parse(rest.as_bytes()).unwrap();
    let mut zones = Zones::new(berlin());
    let object = &calendar.objects()[0];
    let again = ical::split(&calendar, object, &mut zones, at(30, 9), ("third", &NAMED), &EDITOR);
    let Divided { before, rest } = again.unwrap().unwrap();
    let [before, rest] = [before, rest].map(|it| String::from_utf8(it).unwrap());
    assert!(
        before.contains("RELTYPE=NEXT:third") && before.contains("RELTYPE=FIRST:1"),
        "{before}"
    );
    assert!(!rest.contains("RELTYPE=NEXT") && rest.contains("RELTYPE=FIRST:1"), "{rest}");
    // Divided before that, the first part is followed by the new one only.
    let [before, rest] =
        split(&before.replace("UID:next", "UID:1"), at(23, 9), &NAMED).unwrap().unwrap();
    assert_eq!(before.matches("RELTYPE=NEXT").count(), 1, "{before}");
    assert!(rest.contains("RELTYPE=NEXT:third"), "{rest}");
}

#[test]
fn a_series_ends_before_a_date_and_is_removed_where_nothing_remains() {
    let text = weekly("", "EXDATE;TZID=Europe/Berlin:20260302T090000\r\n");
    let ended = end_before(&text, at(23, 9)).unwrap().unwrap();
    assert_eq!(days(&ended), [9, 16]);
    assert!(!ended.contains("RELATED-TO"));
    assert_eq!(end_before(&text, at(9, 9)).unwrap(), None);
    assert_eq!(split(&text, at(9, 9), &NAMED).unwrap(), None, "all of it is changed then");
    let missing = end_before(&text, at(2, 9));
    assert_eq!(missing, Err(EditError::NoSuchInstance(at(2, 9))));
}

#[test]
fn series_in_every_form_end_in_theirs() {
    for (start, rule, until) in [
        ("DTSTART;VALUE=DATE:20260302", "FREQ=WEEKLY", "UNTIL=20260315\r\n"),
        ("DTSTART:20260302T090000", "FREQ=WEEKLY", "UNTIL=20260316T085959\r\n"),
        ("DTSTART:20260302T080000Z", "FREQ=WEEKLY", "UNTIL=20260316T075959Z\r\n"),
        ("DTSTART;VALUE=DATE:20260302", "FREQ=WEEKLY;COUNT=5", "COUNT=2\r\n"),
    ] {
        let text = object(&format!("{start}\r\nRRULE:{rule}\r\n"));
        let hour = if start.contains("DATE:") { 0 } else { 9 };
        let ended = end_before(&text, at(16, hour)).unwrap().unwrap();
        assert!(ended.contains(until), "{ended}");
        assert_eq!(days(&ended), [2, 9]);
        let [_, rest] = split(&text, at(16, hour), &NAMED).unwrap().unwrap();
        assert_eq!(days(&rest)[..3], [16, 23, 30]);
    }
}

#[test]
fn a_rule_that_is_over_by_then_keeps_its_end_and_the_rest_has_the_dates_of_its_own() {
    let dates = "RDATE;TZID=Europe/Berlin:20260325T090000,20260327T120000\r\n";
    for end in [";COUNT=2", ";UNTIL=20260310T090000Z"] {
        let text = weekly(end, dates);
        let [before, rest] = split(&text, at(27, 12), &NAMED).unwrap().unwrap();
        assert!(before.contains(end), "{before}");
        assert_eq!(days(&before), [2, 9, 25]);
        assert_eq!(occurrences(&rest), [(27, 12, "New".to_owned())]);
        assert!(!rest.contains("RRULE"), "{rest}");
    }
}

#[test]
fn a_date_of_its_own_in_between_does_not_set_the_pace_of_the_rest() {
    let text = weekly(";INTERVAL=2;COUNT=4", "RDATE;TZID=Europe/Berlin:20260311T150000\r\n");
    let [before, rest] = split(&text, at(11, 15), &NAMED).unwrap().unwrap();
    assert_eq!(days(&before), [2]);
    assert_eq!(days(&rest), [11, 16, 30, 44]);
    assert!(rest.contains("DTSTART;TZID=Europe/Berlin:20260316T090000"), "{rest}");
}

#[test]
fn what_cannot_be_divided_without_guessing_is_refused() {
    let following = weekly("", "").replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260309T090000\r\n\
         DTSTART;TZID=Europe/Berlin:20260309T150000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR",
    );
    let several = weekly("", "RRULE:FREQ=MONTHLY\r\n");
    let excluding = weekly("", "EXRULE:FREQ=WEEKLY;INTERVAL=3\r\n");
    for text in [&following, &several, &excluding] {
        assert_eq!(split(text, at(16, 9), &NAMED), Err(EditError::WouldChangeOthers), "{text}");
        // It can end.
        assert!(days(&end_before(text, at(16, 9)).unwrap().unwrap()).iter().all(|day| *day < 16));
    }
    let monday = weekly(";BYDAY=MO", "");
    let off = split(&monday, at(16, 9), &timed(at(17, 9), at(17, 10)));
    assert_eq!(off, Err(EditError::OffTheRule));
    let days = NewTimes::AllDay { first: day_number(2026, 3, 16), end: day_number(2026, 3, 17) };
    let other = split(&monday, at(16, 9), &Changes { times: Some(days), ..NAMED });
    assert_eq!(other, Err(EditError::OtherKind));
}

/// Original start, start, end and name of what takes place.
type Row = (Moment, Moment, Moment, String);

fn rows(text: &[u8], index: usize, zone: &Zone, window: Window) -> Option<Vec<Row>> {
    let calendar = Calendar::parse(text).unwrap();
    let (mut zones, mut found) = (Zones::new(zone.clone()), Vec::new());
    let object = calendar.objects().get(index)?;
    ical::expand(&calendar, object, &mut zones, window, &mut Budget::new(), &mut found).ok()?;
    let event = |component: u32| calendar.event(component as usize);
    found.retain(|it| !event(it.component).is_cancelled());
    let row = |it: &ical::Occurrence| {
        (it.original, it.start, it.end, event(it.component).summary().into_owned())
    };
    let mut rows: Vec<_> = found.iter().map(row).collect();
    rows.sort();
    Some(rows)
}

/// Divides an object at an occurrence, and checks that both sides together are what it was. Answers whether it could
/// be divided, and whether it could end there.
fn check(text: &[u8], zone: &Zone, window: Window, chosen: usize) -> (u32, u32) {
    let calendar = Calendar::parse(text).unwrap();
    let [object] = calendar.objects() else { return (0, 0) };
    let Some(all) = rows(text, 0, zone, window) else { return (0, 0) };
    let Some(row) = all.get(chosen) else { return (0, 0) };
    let at = row.0;
    let (before, after): (Vec<Row>, Vec<Row>) = all.iter().cloned().partition(|it| it.0 < at);
    let zones = &mut Zones::new(zone.clone());
    let ended = match ical::end_before(&calendar, object, zones, at, None, &EDITOR) {
        Ok(Edited::Text(text)) => {
            assert_eq!(rows(&text, 0, zone, window).unwrap(), before);
            1
        }
        Ok(Edited::NothingRemains) => {
            assert_eq!(before, []);
            1
        }
        Err(EditError::WouldChangeOthers) => 0,
        Err(error) => panic!("{error}"),
    };
    let none = Changes::default();
    let divided = match ical::split(&calendar, object, zones, at, ("n", &none), &EDITOR) {
        Ok(Some(Divided { before: first, rest })) => {
            assert_eq!(rows(&first, 0, zone, window).unwrap(), before);
            assert_eq!(rows(&rest, 0, zone, window).unwrap(), after);
            1
        }
        Ok(None) => 1,
        Err(EditError::WouldChangeOthers) => 0,
        Err(error) => panic!("{error}"),
    };
    let to = NewTimes::Timed { start: row.1.plus(1_800), end: row.2.plus(1_800) };
    let later = Changes { times: Some(to), ..Changes::default() };
    match ical::split(&calendar, object, zones, at, ("n", &later), &EDITOR) {
        Ok(Some(Divided { rest, .. })) => {
            let wide = Window { end: window.end.plus(DAY), ..window };
            let found = rows(&rest, 0, zone, wide).unwrap();
            // Where clocks change, a difference of clocks is another of moments.
            let is_steady = [row.1, row.2].iter().all(|it| {
                let clock = |moment| zone.civil(moment).0 - moment.0;
                (-3..=3).all(|hour| clock(*it) == clock(it.plus(hour * 3_600)))
            });
            let (start, end) = (row.1.plus(1_800), row.2.plus(1_800));
            let is_there = found.iter().any(|it| (it.1, it.2) == (start, end));
            assert!(is_there || !is_steady, "{}", String::from_utf8_lossy(&rest));
        }
        Ok(None)
        | Err(EditError::WouldChangeOthers | EditError::OtherKind | EditError::OffTheRule) => {}
        Err(error) => panic!("{error}"),
    }
    (divided, ended)
}

#[test]
fn every_fixture_can_be_divided_or_is_refused_and_no_date_is_lost_or_added() {
    let (mut divided, mut ended) = (0, 0);
    for path in fixtures() {
        let expected = Expected::read(&path);
        let text = std::fs::read(&path).unwrap();
        for chosen in 0..5 {
            let one =
                std::panic::catch_unwind(|| check(&text, &expected.zone, expected.window, chosen));
            let one = one.unwrap_or_else(|_| panic!("{} {chosen}", path.display()));
            (divided, ended) = (divided + one.0, ended + one.1);
        }
    }
    assert!(divided > 300 && ended > 300, "only {divided} and {ended}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn both_sides_of_any_series_are_together_what_it_was(
        text in random::object(),
        chosen in 0_usize..20,
    ) {
        let window = Window {
            start: moment("2026-01-01T00:00:00Z"),
            end: moment("2026-07-01T00:00:00Z"),
        };
        check(text.as_bytes(), &berlin(), window, chosen);
    }
}
