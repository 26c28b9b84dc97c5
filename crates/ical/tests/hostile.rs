//! Calendars that somebody wrote to do harm: they must cost no more than others of their size, and
//! nobody but themselves.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "hostile/bounds.rs"]
mod bounds;
#[path = "hostile/common.rs"]
mod common;
#[path = "hostile/quadratic.rs"]
mod quadratic;

use common::{START, calendar, count, counts, event, expanded_in, year, years};
use ical::limits::{MAX_CUSTOM_ZONES, MAX_DATES_PER_COMPONENT};
use ical::{Calendar, Moment, Unreadable, Window};

const FREQUENCIES: [&str; 7] =
    ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"];

/// Numbers around the edges of the integers that a program may read them into.
const EDGES: [&str; 10] = [
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999999999999999999",
    "0000000000000000000000000000002147483647",
];

#[test]
fn a_meeting_in_every_second_for_ever_is_too_many() {
    for start in [START, "DTSTART:00010101T000000Z"] {
        let found = count(&[start, "RRULE:FREQ=SECONDLY"]);
        assert_eq!(found, Err(Unreadable::TooManyOccurrences));
    }
}

#[test]
fn an_interval_at_the_edge_of_an_integer_passes_over_the_whole_year() {
    for frequency in FREQUENCIES {
        for interval in EDGES {
            let rule = format!("RRULE:FREQ={frequency};INTERVAL={interval}");
            assert_eq!(count(&[START, &rule]), Ok(1), "{rule}");
            let both = format!("{rule};COUNT={interval}");
            assert_eq!(count(&[START, &both]), Ok(1), "{both}");
            let from_year_1 = count(&["DTSTART:00010101T000000Z", &both]);
            assert!(from_year_1.is_ok(), "{both}");
        }
    }
}

#[test]
fn a_count_at_the_edge_of_an_integer_is_as_good_as_none() {
    for (frequency, interval) in FREQUENCIES.iter().zip([1, 1, 1, 1, 1, 60, 3600]) {
        let rule = format!("RRULE:FREQ={frequency};INTERVAL={interval}");
        let without = count(&[START, &rule]);
        assert!(without.is_ok(), "{rule}");
        for number in EDGES {
            let with = format!("{rule};COUNT={number}");
            assert_eq!(count(&[START, &with]), without, "{with}");
        }
    }
}

#[test]
fn the_first_and_the_last_year_are_years_like_others() {
    for zone in ["", ";TZID=Europe/Berlin", ";TZID=Pacific/Apia", ";TZID=America/New_York"] {
        for (from, to, at) in [(1, 2, "00010101T000000"), (9999, 10_000, "99991231T235959")] {
            for length in
                ["X-A:1", "DURATION:PT99999999999S", "DURATION:P9999999W", "DURATION:-P1W"]
            {
                for frequency in FREQUENCIES {
                    let start = format!("DTSTART{zone}:{at}");
                    let rule = format!("RRULE:FREQ={frequency};COUNT=3");
                    let text = calendar(&event("1", &[&start, length, &rule]));
                    let around = Window { start: Moment::MIN, end: Moment::MAX };
                    let all = expanded_in(&text, around).remove(0).unwrap().len();
                    assert_eq!(all, if from == 1 { 3 } else { 1 }, "{start} {rule}");
                    let found = expanded_in(&text, years(from - 1, to + 1)).remove(0).unwrap();
                    assert!(!found.is_empty(), "{start} {length} {rule}");
                }
            }
        }
    }
}

#[test]
fn days_that_no_calendar_has_are_looked_for_within_bounds() {
    for frequency in FREQUENCIES {
        for days in [
            "BYMONTH=2;BYMONTHDAY=30",
            "BYMONTH=4,6,9,11;BYMONTHDAY=31",
            "BYMONTH=1;BYYEARDAY=366",
            "BYMONTH=6;BYWEEKNO=53",
            "BYMONTH=2;BYMONTHDAY=30;BYHOUR=3;BYMINUTE=4;BYSECOND=5",
            "BYMONTH=2;BYMONTHDAY=-30;BYSETPOS=366",
            "BYDAY=MO;BYMONTHDAY=1;BYYEARDAY=2",
        ] {
            for end in ["", ";COUNT=2", ";COUNT=18446744073709551615", ";UNTIL=99991231"] {
                let rule = format!("RRULE:FREQ={frequency};{days}{end}");
                for (start, here) in [(START, 1), ("DTSTART:00010101T100000Z", 0)] {
                    let found = count(&[start, &rule]);
                    let is_bounded = matches!(found, Err(Unreadable::TooManySteps));
                    assert!(found == Ok(here) || is_bounded, "{start} {rule}: {found:?}");
                }
            }
        }
    }
}

/// An event with a bit of everything.
const MIXED: &str = "BEGIN:VEVENT\r\nUID:mi\\,xed\r\nSUMMARY:B\u{fc}ro\\n, fol\r\n ded\r\n\
    DTSTART;TZID=\"Europe/Berlin\":20260301T100000\r\nDURATION:PT1H\r\n\
    RRULE:FREQ=WEEKLY;BYDAY=MO,TH;COUNT=9\r\nRDATE;VALUE=PERIOD:20260401T100000Z/PT2H\r\n\
    EXDATE;VALUE=DATE:20260305\r\nSTATUS:CONFIRMED\r\nSEQUENCE:2\r\n\
    ORGANIZER;EMAIL=a@b.example:urn:x\r\nATTENDEE;PARTSTAT=DECLINED:mailto:c@d.example\r\n\
    BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:mi\\,xed\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260309T090000Z\r\n\
    DTSTART:20260309T110000Z\r\nEND:VEVENT\r\n";

/// Reads all that there is to read.
fn read_all(text: &[u8]) {
    let Ok(calendar) = Calendar::parse(text) else { return };
    for event in calendar.objects().iter().flat_map(|object| calendar.events_of(object)) {
        let told = (event.summary(), event.organizer(), event.status(), event.sequence());
        assert!(!told.2.is_empty());
        event.is_declined_by("c@d.example");
        event.is_all_day();
    }
    expanded_in(text, year());
}

#[test]
fn a_text_may_stop_at_any_byte() {
    let text = calendar(MIXED);
    for end in 0..text.len() {
        read_all(&text[..end]);
    }
    let unfinished = counts(&text[..text.len() - "END:VEVENT\r\nEND:VCALENDAR\r\n".len()]);
    assert_eq!(unfinished, [Err(Unreadable::Unfinished)]);
}

#[test]
fn a_nul_or_any_other_byte_may_stand_anywhere() {
    let text = calendar(MIXED);
    for at in 0..text.len() {
        for byte in [b'\0', b'\n', b'\r', b' ', b'"', b':', b';', b'\\', 0x80, 0xFF] {
            let mut inserted = text.clone();
            inserted.insert(at, byte);
            read_all(&inserted);
            let mut replaced = text.clone();
            replaced[at] = byte;
            read_all(&replaced);
        }
    }
}

#[test]
fn a_line_of_fifty_megabytes_costs_its_own_event_at_most() {
    let long = "x".repeat(50_000_000);
    let too_long = |property| Err(Unreadable::LineTooLong { property });
    for (property, expected) in [
        ("DESCRIPTION", Ok(1)),
        ("SUMMARY", Ok(1)),
        ("UID", Err(Unreadable::UidTooLong)),
        ("RRULE", too_long("RRULE")),
        ("RDATE", too_long("RDATE")),
    ] {
        let text = format!("BEGIN:VEVENT\r\n{property}:{long}\r\n{START}\r\nEND:VEVENT\r\n");
        let text = calendar(&(text + &event("2", &[START])));
        assert_eq!(counts(&text), [expected, Ok(1)], "{property}");
    }
}

#[test]
fn components_may_be_nested_as_deep_as_the_file_is_long() {
    let (begin, end) = ("BEGIN:X\r\n".repeat(100_000), "END:X\r\n".repeat(100_000));
    let closed = format!("BEGIN:VEVENT\r\n{begin}DTSTART:x\r\n{end}{START}\r\nEND:VEVENT\r\n");
    assert_eq!(counts(&calendar(&closed)), [Ok(1)]);
    let open = format!("BEGIN:VEVENT\r\n{START}\r\n{begin}");
    assert_eq!(counts(&calendar(&open)), [Err(Unreadable::Unfinished)]);
    let outside = format!("{begin}{}", event("1", &[START]));
    assert_eq!(counts(&calendar(&outside)), [Ok(1)]);
}

#[test]
fn one_of_ten_thousand_attendees_is_found() {
    let attendee = |number| format!("ATTENDEE;PARTSTAT=DECLINED:mailto:x{number}@b.example");
    let lines: Vec<String> = (0..10_000).map(attendee).collect();
    let mut lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    lines.push(START);
    let text = calendar(&event("1", &lines));
    let calendar = Calendar::parse(&text).unwrap();
    assert!(calendar.event(0).is_declined_by("x9999@b.example"));
    assert!(!calendar.event(0).is_declined_by("x10000@b.example"));
    assert_eq!(count(&lines), Ok(1));
}

#[test]
fn lists_of_megabytes_are_too_many_dates() {
    let one_line = format!("RDATE:{}", vec!["20260302"; 100_000].join(","));
    assert!(one_line.len() > 890_000);
    assert_eq!(count(&[START, &one_line]), Ok(2));
    let too_many = Err(Unreadable::TooManyDates);
    assert_eq!(count(&[START, &one_line, &one_line, &one_line, &one_line]), too_many);
    let each = vec!["RDATE:20260302T100000Z"; MAX_DATES_PER_COMPONENT + 1];
    let lines: Vec<&str> = [START].into_iter().chain(each).collect();
    assert_eq!(count(&lines), too_many);
}

#[test]
fn bytes_that_are_no_text_break_what_says_when_and_nothing_else() {
    for (line, says_when) in [
        ("DTSTART:2026\u{1}", true),
        ("DTEND:2026\u{1}", true),
        ("DURATION:PT\u{1}H", true),
        ("RRULE:FREQ=\u{1}", true),
        ("EXRULE:FREQ=DAILY;\u{1}=1", true),
        ("RDATE:2026\u{1}", true),
        ("EXDATE:2026\u{1}", true),
        ("RECURRENCE-ID:2026\u{1}", true),
        ("UID:\u{1}", false),
        ("SEQUENCE:\u{1}", false),
        ("STATUS:\u{1}", false),
        ("TRANSP:\u{1}", false),
        ("CREATED:\u{1}", false),
        ("LAST-MODIFIED:\u{1}", false),
        ("SUMMARY:\u{1}\\\u{1}", false),
        ("ORGANIZER;EMAIL=\u{1}:mailto:\u{1}", false),
        ("ATTENDEE;PARTSTAT=DECLINED;\u{1}=\u{1}:mailto:\u{1}@\u{1}", false),
        ("X-\u{1}:\u{1}", false),
        ("DTSTAMP;TZID=\u{1}:\u{1}", false),
    ] {
        let body = format!("BEGIN:VEVENT\r\n{line}\r\n{START}\r\nEND:VEVENT\r\n");
        let text = calendar(&(body + &event("2", &[START])));
        for wrong in [&b"\xFF"[..], b"\xC0\x80", b"\xED\xA0\x80", b"\xF4\x90\x80\x80", b"\xE2\x82"]
        {
            let parts: Vec<&[u8]> = text.split(|byte| *byte == 1).collect();
            let bytes = parts.join(wrong);
            read_all(&bytes);
            let found = counts(&bytes);
            let broken = matches!(found[0], Err(Unreadable::Property { .. }));
            assert_eq!(broken, says_when, "{line}: {:?}", found[0]);
            assert_eq!(found[1], Ok(1), "{line}");
        }
    }
}

#[test]
fn zones_that_nothing_defines_may_be_as_many_as_the_file_has_room_for() {
    let zone = |number| format!("DTSTART;TZID=No/Zone {number}:20260301T100000");
    let events: String = (0..100_000).map(|number| event("", &[&zone(number)])).collect();
    let found = counts(&calendar(&events));
    assert_eq!(found.len(), 100_000);
    let is_unknown = |it: &Result<_, _>| matches!(it, Err(Unreadable::UnknownZone { .. }));
    assert!(found.iter().all(is_unknown));
}

#[test]
fn of_two_thousand_definitions_the_first_that_are_used_count() {
    let rule = "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU";
    let zone = |number: usize| {
        format!(
            "BEGIN:VTIMEZONE\r\nTZID:Clock {number}\r\nBEGIN:STANDARD\r\n\
             DTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:-0330\r\n{rule}\r\n\
             END:STANDARD\r\nEND:VTIMEZONE\r\n"
        )
    };
    let zones: String = (0..2 * MAX_CUSTOM_ZONES).map(zone).collect();
    let start = |number| format!("DTSTART;TZID=Clock {number}:20260301T100000");
    let used = (0..2 * MAX_CUSTOM_ZONES).map(|number| event("", &[&start(number)]));
    let found = counts(&calendar(&(zones + &used.collect::<String>())));
    let (known, unknown) = found.split_at(MAX_CUSTOM_ZONES);
    assert_eq!(known, vec![Ok(1); MAX_CUSTOM_ZONES]);
    assert_eq!(unknown, vec![Err(Unreadable::TooManyZones); MAX_CUSTOM_ZONES]);
}

#[test]
fn a_clock_that_is_changed_in_every_second_is_too_large() {
    for rule in ["FREQ=SECONDLY", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MINUTELY"] {
        let zone = format!(
            "BEGIN:VTIMEZONE\r\nTZID:Clock\r\nBEGIN:STANDARD\r\nDTSTART:00010101T000000\r\n\
             TZOFFSETFROM:+0000\r\nTZOFFSETTO:-0330\r\nRRULE:{rule}\r\nEND:STANDARD\r\n\
             END:VTIMEZONE\r\n"
        );
        let event = event("1", &["DTSTART;TZID=Clock:20260301T100000"]);
        assert_eq!(counts(&calendar(&(zone + &event))), [Err(Unreadable::ZoneTooLarge)], "{rule}");
    }
}

#[test]
fn ten_thousand_hostile_objects_share_what_one_calendar_may_cost() {
    let fruitless = "RRULE:FREQ=HOURLY;COUNT=2;BYMONTH=2;BYMONTHDAY=30";
    let hostile = event("", &["DTSTART:00010101T000000Z", fruitless]).repeat(10_000);
    let harmless = event("1", &[START]);
    let text = calendar(&(hostile + &harmless));
    let mut found = expanded_in(&text, years(2700, 9000));
    assert_eq!(found.pop(), Some(Ok(Vec::new())), "it is not in the window");
    let of = |wanted: Unreadable| found.iter().filter(|it| it.as_ref() == Err(&wanted)).count();
    let (own, shared) = (of(Unreadable::TooManySteps), of(Unreadable::CalendarTooManySteps));
    assert_eq!(own + shared, 10_000);
    assert!(own < 200, "{own} were looked at");
}
