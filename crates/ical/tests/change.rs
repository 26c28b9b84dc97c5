//! Changing what an object says, with every other byte as it was.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use ical::civil::{Civil, DAY, day_number};
use ical::{Budget, Calendar, Changes, EditError, Editor, Moment, NewTimes, Window, Zone, Zones};

const EDITOR: Editor<'static> = Editor { now: Moment(1_772_000_000), room_address: None };

fn berlin() -> Zone {
    Zone::iana("Europe/Berlin").unwrap()
}

/// A moment in March 2026 on Berlin's clock.
fn at(day: u32, hour: u32) -> Moment {
    let midnight = Civil::midnight(day_number(2026, 3, day));
    berlin().moment(midnight.plus(i64::from(hour) * 3_600))
}

fn object(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-KEEP:ü;1\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Old\r\n{lines}\
         X-OWN:kept\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nDESCRIPTION:bell\r\nEND:VALARM\r\nEND:VEVENT\r\n\
         END:VCALENDAR\r\n"
    )
}

fn weekly(more: &str) -> String {
    object(&format!(
        "DTSTART;TZID=Europe/Berlin:20260302T090000\r\nDTEND;TZID=Europe/Berlin:20260302T100000\r\n\
         RRULE:FREQ=WEEKLY;COUNT=6\r\n{more}"
    ))
}

fn change(
    text: &str,
    changes: &Changes<'_>,
    occurrence: Option<Moment>,
) -> Result<String, EditError> {
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let mut zones = Zones::new(berlin());
    let object = &calendar.objects()[0];
    let changed = ical::change(&calendar, object, &mut zones, changes, occurrence, &EDITOR)?;
    Ok(String::from_utf8(changed).unwrap())
}

/// Start, end and name of each occurrence of spring 2026, in hours since 1 March on Berlin's clock.
fn occurrences(text: &str) -> Vec<(i64, i64, String)> {
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let (start, end) = (at(1, 0), at(1, 0).plus(90 * DAY));
    let mut found = Vec::new();
    let mut zones = Zones::new(berlin());
    for object in calendar.objects() {
        let window = Window { start, end };
        ical::expand(&calendar, object, &mut zones, window, &mut Budget::new(), &mut found)
            .unwrap();
    }
    found.sort_by_key(|it| it.start);
    let first = Civil::midnight(day_number(2026, 3, 1));
    let hours = |moment: Moment| (berlin().civil(moment).0 - first.0) / 3_600;
    let name = |component: u32| calendar.event(component as usize).summary().into_owned();
    found.iter().map(|it| (hours(it.start), hours(it.end), name(it.component))).collect()
}

fn timed(start: Moment, end: Moment) -> Changes<'static> {
    Changes { times: Some(NewTimes::Timed { start, end }), ..Changes::default() }
}

#[test]
fn the_words_of_an_event_change_and_every_other_line_stays() {
    let text = object("DTSTART:20260302T090000Z\r\nDURATION:PT1H\r\nDESCRIPTION:long\r\n");
    let changes =
        Changes { name: Some("New; name"), description: Some("a\nb"), ..Changes::default() };
    let changed = change(&text, &changes, None).unwrap();
    assert!(changed.contains("SUMMARY:New\\; name\r\n") && !changed.contains("SUMMARY:Old"));
    assert!(changed.contains("DESCRIPTION:a\\nb\r\n") && !changed.contains("DESCRIPTION:long"));
    for kept in ["DURATION:PT1H", "X-OWN:kept", "X-KEEP:ü;1", "DESCRIPTION:bell", "SEQUENCE:1"] {
        assert!(changed.contains(&format!("{kept}\r\n")), "{kept} in {changed}");
    }
    let none = Changes { description: Some(""), ..Changes::default() };
    assert!(!change(&text, &none, None).unwrap().contains("DESCRIPTION:long"));
}

#[test]
fn a_meeting_is_ended_and_moved_in_the_form_in_which_it_is_written() {
    for (lines, expected) in [
        ("DTSTART:20260302T090000Z\r\nDURATION:PT1H\r\n", "DTEND:20260302T110000Z"),
        (
            "DTSTART;TZID=Europe/Berlin:20260302T100000\r\nDTEND;TZID=Europe/Berlin:20260302T110000\r\n",
            "DTEND;TZID=Europe/Berlin:20260302T120000",
        ),
        ("DTSTART:20260302T100000\r\nDTEND:20260302T110000\r\n", "DTEND:20260302T120000"),
    ] {
        let changed = change(&object(lines), &timed(at(2, 10), at(2, 12)), None).unwrap();
        assert!(changed.contains(&format!("{expected}\r\n")), "{changed}");
        assert!(!changed.contains("DURATION"), "{changed}");
        assert_eq!(occurrences(&changed), [(34, 36, "Old".to_owned())]);
    }
}

#[test]
fn one_date_of_a_series_gets_an_override_and_the_others_stay() {
    let text = weekly("");
    let named = Changes { name: Some("New"), ..timed(at(10, 14), at(10, 15)) };
    let changed = change(&text, &named, Some(at(9, 9))).unwrap();
    let mut expected: Vec<_> =
        (0..6).map(|week| (24 + 9 + week * 168, 24 + 10 + week * 168)).collect();
    expected[1] = (9 * 24 + 14, 9 * 24 + 15);
    let found = occurrences(&changed);
    assert_eq!(found.iter().map(|it| (it.0, it.1)).collect::<Vec<_>>(), expected);
    assert_eq!(found.iter().filter(|it| it.2 == "New").count(), 1);
    assert!(changed.contains("RECURRENCE-ID;TZID=Europe/Berlin:20260309T090000\r\n"), "{changed}");
    assert_eq!(changed.matches("RRULE").count(), 1);
    assert_eq!(changed.matches("TRIGGER:-PT5M").count(), 2, "with what is in it");
    // Once more, the override itself is changed.
    let again = change(&changed, &timed(at(10, 15), at(10, 16)), Some(at(9, 9))).unwrap();
    assert_eq!(again.matches("RECURRENCE-ID").count(), 1);
    assert_eq!(occurrences(&again)[1], (9 * 24 + 15, 9 * 24 + 16, "New".to_owned()));
}

#[test]
fn a_date_that_is_none_or_was_cancelled_cannot_be_changed() {
    let text = weekly("EXDATE;TZID=Europe/Berlin:20260316T090000\r\n");
    let changes = Changes { name: Some("New"), ..Changes::default() };
    for missing in [at(9, 10), at(16, 9), at(30, 9).plus(60 * DAY)] {
        let changed = change(&text, &changes, Some(missing));
        assert_eq!(changed, Err(EditError::NoSuchInstance(missing)));
    }
}

#[test]
fn a_series_moves_with_its_exceptions() {
    let text = weekly("EXDATE;TZID=Europe/Berlin:20260309T090000\r\nRDATE:20260304T080000Z\r\n");
    let other = Changes { name: Some("Other"), ..timed(at(17, 12), at(17, 13)) };
    let text = change(&text, &other, Some(at(16, 9))).unwrap();
    let before = occurrences(&text);
    let changed = change(&text, &timed(at(2, 11), at(2, 13)), None).unwrap();
    let moved = |it: &(i64, i64, String)| match &*it.2 {
        "Other" => it.clone(),
        name => (it.0 + 2, it.0 + 4, name.to_owned()),
    };
    assert_eq!(occurrences(&changed), before.iter().map(moved).collect::<Vec<_>>());
    assert!(changed.contains("RRULE:FREQ=WEEKLY;COUNT=6\r\n"));
    assert!(changed.contains("EXDATE;TZID=Europe/Berlin:20260309T110000\r\n"), "{changed}");
    assert!(changed.contains("RECURRENCE-ID;TZID=Europe/Berlin:20260316T110000\r\n"), "{changed}");
    assert!(changed.contains("RDATE:20260304T100000Z\r\n"), "{changed}");
}

#[test]
fn until_moves_by_the_clock_also_across_a_change_of_it() {
    let text = object(
        "DTSTART;TZID=Europe/Berlin:20260302T090000\r\nDURATION:PT1H\r\n\
         RRULE:FREQ=WEEKLY;UNTIL=20260406T070000Z\r\n",
    );
    assert_eq!(occurrences(&text).len(), 6);
    let changed = change(&text, &timed(at(2, 8), at(2, 9)), None).unwrap();
    assert!(changed.contains("UNTIL=20260406T060000Z"), "{changed}");
    assert_eq!(occurrences(&changed).len(), 6);
}

#[test]
fn a_start_that_the_rule_does_not_give_is_refused() {
    let text = object(
        "DTSTART;TZID=Europe/Berlin:20260302T090000\r\nDURATION:PT1H\r\n\
         RRULE:FREQ=WEEKLY;BYDAY=MO\r\n",
    );
    let off = change(&text, &timed(at(3, 9), at(3, 10)), None);
    assert_eq!(off, Err(EditError::OffTheRule));
    assert!(change(&text, &timed(at(9, 10), at(9, 11)), None).is_ok());
    let days = Changes {
        times: Some(NewTimes::AllDay {
            first: day_number(2026, 3, 2),
            end: day_number(2026, 3, 3),
        }),
        ..Changes::default()
    };
    assert_eq!(change(&text, &days, None), Err(EditError::OtherKind));
}

#[test]
fn all_day_events_change_by_days() {
    let text = object(
        "DTSTART;VALUE=DATE:20260302\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;VALUE=DATE:20260309\r\n",
    );
    let days = |first: u32, end: u32| Changes {
        times: Some(NewTimes::AllDay {
            first: day_number(2026, 3, first),
            end: day_number(2026, 3, end),
        }),
        ..Changes::default()
    };
    let changed = change(&text, &days(3, 5), None).unwrap();
    assert!(changed.contains("EXDATE;VALUE=DATE:20260310\r\n"), "{changed}");
    let hours: Vec<_> = occurrences(&changed).iter().map(|it| (it.0, it.1)).collect();
    assert_eq!(hours, [(48, 96), (48 + 336, 96 + 336)]);
    let one = change(&text, &days(17, 19), Some(at(16, 0))).unwrap();
    assert!(one.contains("RECURRENCE-ID;VALUE=DATE:20260316\r\n"), "{one}");
    assert_eq!(occurrences(&one)[1].0, 16 * 24);
}

/// A weekly series that takes place at three in the afternoon from 16 March on.
fn following() -> String {
    weekly("EXDATE;TZID=Europe/Berlin:20260323T090000\r\n").replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260316T090000\r\n\
         DTSTART;TZID=Europe/Berlin:20260316T150000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )
}

/// When occurrences begin, in hours since 1 March on Berlin's clock.
fn starts(text: &str) -> Vec<i64> {
    occurrences(text).into_iter().map(|it| it.0).collect()
}

#[test]
fn a_series_moves_and_what_follows_a_changed_date_takes_place_when_it_did() {
    let text = following();
    let day = |day: i64, hour: i64| (day - 1) * 24 + hour;
    // The clock changes on 29 March.
    let later = [day(16, 15), day(30, 15), day(37, 15)];
    assert_eq!(starts(&text), [&[day(2, 9), day(9, 9)], &later[..]].concat());
    for (first, hour) in [(2, 11), (2, 7), (3, 9), (1, 23)] {
        let moved = timed(at(first, hour), at(first, hour).plus(3_600));
        let changed = change(&text, &moved, None).unwrap();
        let first = i64::from(first);
        let moved = [day(first, i64::from(hour)), day(first + 7, i64::from(hour))];
        assert_eq!(starts(&changed), [&moved[..], &later[..]].concat(), "{changed}");
        assert!(
            changed.contains("DTSTART;TZID=Europe/Berlin:20260316T150000\r\nDURATION:PT1H\r\n")
        );
    }
    let changed = change(&text, &timed(at(2, 11), at(2, 13)), None).unwrap();
    let moved = "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260316T110000\r\n";
    assert!(changed.contains(moved), "{changed}");
    assert!(changed.contains("EXDATE;TZID=Europe/Berlin:20260323T110000\r\n"), "{changed}");
}

#[test]
fn a_rule_of_exceptions_moves_along_where_it_takes_the_same_dates_out() {
    let text = weekly("EXRULE:FREQ=MONTHLY;BYDAY=3MO;UNTIL=20260316T080000Z\r\n");
    let day = |day: i64, hour: i64| (day - 1) * 24 + hour;
    let days = |hour| [2, 9, 23, 30, 37].map(|it| day(it, hour));
    assert_eq!(starts(&text), days(9));
    let changed = change(&text, &timed(at(2, 11), at(2, 12)), None).unwrap();
    assert_eq!(starts(&changed), days(11));
    assert!(changed.contains("UNTIL=20260316T100000Z"), "{changed}");
    // The third Tuesday is another date than the one that was removed.
    let moved = change(&text, &timed(at(3, 9), at(3, 10)), None);
    assert_eq!(moved, Err(EditError::WouldChangeOthers));
    let at_nine = weekly("EXRULE:FREQ=MONTHLY;BYDAY=3MO;BYHOUR=9\r\n");
    let moved = change(&at_nine, &timed(at(2, 11), at(2, 12)), None);
    assert_eq!(moved, Err(EditError::WouldChangeOthers));
    // Every second date, whichever day that is.
    let other = weekly("EXRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2\r\n");
    assert_eq!(starts(&other), [9, 23, 30, 37].map(|it| day(it, 9)));
    let changed = change(&other, &timed(at(4, 8), at(4, 10)), None).unwrap();
    assert_eq!(starts(&changed), [11, 25, 32, 39].map(|it| day(it, 8)));
}

#[test]
fn a_series_moves_whose_first_date_is_cancelled_or_was_changed_alone() {
    let cancelled = weekly("EXDATE;TZID=Europe/Berlin:20260302T090000\r\n");
    let changed = change(&cancelled, &timed(at(2, 11), at(2, 12)), None).unwrap();
    assert!(changed.contains("EXDATE;TZID=Europe/Berlin:20260302T110000\r\n"), "{changed}");
    assert_eq!(occurrences(&changed).len(), 5);
    let alone = change(&weekly(""), &timed(at(2, 15), at(2, 16)), Some(at(2, 9))).unwrap();
    let changed = change(&alone, &timed(at(2, 11), at(2, 12)), None).unwrap();
    assert_eq!(starts(&changed)[..2], [24 + 15, 8 * 24 + 11]);
}

#[test]
fn a_date_that_follows_a_changed_one_is_not_changed_by_guess() {
    let text = following();
    let changes = Changes { name: Some("New"), ..Changes::default() };
    assert_eq!(change(&text, &changes, Some(at(30, 9))), Err(EditError::WouldChangeOthers));
    assert!(change(&text, &changes, Some(at(9, 9))).is_ok());
}
