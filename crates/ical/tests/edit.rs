//! Removing occurrences: rule 6 of the contract, and the measured behaviour of calendar servers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod common;

use common::moment;
use ical::{Calendar, Edited, Editor, Zone, Zones, cancel};

const NOW: &str = "2026-11-22T12:00:00Z";

/// An object of these components in the calendar zone Europe/Berlin.
fn object(components: &[&str]) -> String {
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    for properties in components {
        text.push_str("BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n");
        for line in properties.lines() {
            text.push_str(line.trim_start());
            text.push_str("\r\n");
        }
        text.push_str("END:VEVENT\r\n");
    }
    text + "END:VCALENDAR\r\n"
}

fn edit(text: &str, instances: &[&str], room_address: Option<&str>) -> Edited {
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let mut zones = Zones::new(Zone::iana("Europe/Berlin").unwrap());
    let instances: Vec<_> = instances.iter().map(|text| moment(text)).collect();
    let editor = Editor { now: moment(NOW), room_address };
    cancel(&calendar, &calendar.objects()[0], &mut zones, &instances, &editor).unwrap()
}

/// The lines that an edit took away and added, without line ends: `-old`, `+new`.
fn difference(text: &str, instances: &[&str]) -> Vec<String> {
    difference_for(text, instances, None)
}

fn difference_for(text: &str, instances: &[&str], room_address: Option<&str>) -> Vec<String> {
    let Edited::Text(changed) = edit(text, instances, room_address) else {
        panic!("nothing remains");
    };
    let changed = String::from_utf8(changed).unwrap();
    let (old, new): (Vec<_>, Vec<_>) =
        (text.split_inclusive('\n').collect(), changed.split_inclusive('\n').collect());
    // The longest common subsequence, for texts of some dozen lines.
    let mut length = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            length[i][j] = if old[i] == new[j] {
                length[i + 1][j + 1] + 1
            } else {
                length[i + 1][j].max(length[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && (j == new.len() || length[i + 1][j] >= length[i][j + 1]) {
            lines.push(format!("-{}", old[i].trim_end()));
            i += 1;
        } else {
            lines.push(format!("+{}", new[j].trim_end()));
            j += 1;
        }
    }
    lines
}

const WEEKLY: &str = "DTSTART;TZID=Europe/Berlin:20260302T090000
    DTEND;TZID=Europe/Berlin:20260302T100000
    RRULE:FREQ=WEEKLY;COUNT=4
    SUMMARY:Jour fixe";

#[test]
fn an_occurrence_becomes_an_exdate_in_the_form_and_zone_of_dtstart() {
    for (start, rule, gone, exdate) in [
        (
            ";TZID=Europe/Berlin:20260323T090000",
            "",
            "2026-03-30T07:00:00Z",
            "+EXDATE;TZID=Europe/Berlin:20260330T090000",
        ),
        (
            ";TZID=W. Europe Standard Time:20260323T090000",
            "",
            "2026-03-30T07:00:00Z",
            "+EXDATE;TZID=W. Europe Standard Time:20260330T090000",
        ),
        (
            ";VALUE=DATE-TIME;TZID=\"Europe/Berlin\":20260323T090000",
            "",
            "2026-03-30T07:00:00Z",
            "+EXDATE;TZID=\"Europe/Berlin\":20260330T090000",
        ),
        (":20260323T090000Z", "", "2026-03-30T09:00:00Z", "+EXDATE:20260330T090000Z"),
        (":20260323T090000", "", "2026-03-30T07:00:00Z", "+EXDATE:20260330T090000"),
        (";VALUE=DATE:20260323", "", "2026-03-29T22:00:00Z", "+EXDATE;VALUE=DATE:20260330"),
    ] {
        let text = object(&[&format!("DTSTART{start}\nRRULE:FREQ=WEEKLY{rule}")]);
        let lines = difference(&text, &[gone]);
        assert!(lines.iter().any(|line| line == exdate), "{exdate}: {lines:?}");
    }
}

#[test]
fn the_exdate_of_a_skipped_hour_names_what_the_clocks_show() {
    let text = object(&["DTSTART;TZID=Europe/Berlin:20260328T023000\nRRULE:FREQ=DAILY"]);
    let lines = difference(&text, &["2026-03-29T01:30:00Z"]);
    assert!(lines.contains(&"+EXDATE;TZID=Europe/Berlin:20260329T033000".to_owned()), "{lines:?}");
}

/// The lines that an edit of a file's first object adds, in the calendar zone Europe/Berlin.
fn added(text: &[u8], instance: &str) -> Vec<Vec<u8>> {
    let calendar = Calendar::parse(text).unwrap();
    let mut zones = Zones::new(Zone::iana("Europe/Berlin").unwrap());
    let editor = Editor { now: moment(NOW), room_address: None };
    let object = &calendar.objects()[0];
    let edited = cancel(&calendar, object, &mut zones, &[moment(instance)], &editor).unwrap();
    let Edited::Text(changed) = edited else { panic!("nothing remains") };
    let lines = |text: &[u8]| -> Vec<Vec<u8>> {
        text.split(|byte| *byte == b'\n').map(|line| line.trim_ascii_end().to_vec()).collect()
    };
    let before = lines(text);
    assert!(before.iter().all(|line| lines(&changed).contains(line)), "a line is gone");
    lines(&changed).into_iter().filter(|line| !before.contains(line)).collect()
}

#[test]
fn an_exdate_has_the_very_bytes_of_dtstarts_tzid() {
    let text = include_bytes!("fixtures/text/file-in-windows-1252.ics");
    let expected = b"EXDATE;TZID=\"Mitteleurop\xE4ische Zeit\":20270614T090000".to_vec();
    assert!(added(text, "2027-06-14T07:00:00Z").contains(&expected));
    let text = include_bytes!("fixtures/time-zones/tzid-of-a-vtimezone-is-text-in-a-series.ics");
    let expected = b"EXDATE;TZID=\"(UTC+00:00) Dublin, Edinburgh, Lisbon, London\":20270614T";
    let lines = added(text, "2027-06-14T08:00:00Z");
    assert!(lines.iter().any(|line| line.starts_with(expected)), "{lines:?}");
}

#[test]
fn an_exdate_never_names_a_clock_time_that_does_not_exist() {
    let text =
        include_bytes!("fixtures/clock-changes/hourly-over-the-gap-beside-another-event.ics");
    let lines = added(text, "2027-03-28T01:30:00Z");
    assert!(lines.contains(&b"EXDATE;TZID=Europe/London:20270328T023000".to_vec()), "{lines:?}");
}

#[test]
fn a_line_that_is_rewritten_keeps_parameters_that_are_no_utf8() {
    let text = b"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:M\xE4\nBEGIN:STANDARD\n\
        DTSTART:19700101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0000\nEND:STANDARD\n\
        END:VTIMEZONE\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=M\xE4:20260302T090000\nDURATION:PT1H\n\
        RRULE:FREQ=DAILY\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\n\
        RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=M\xE4:20260304T090000\n\
        DTSTART;TZID=M\xE4:20260304T100000\nDURATION:PT1H\nSUMMARY:later\nEND:VEVENT\nEND:VCALENDAR\n";
    let calendar = Calendar::parse(text).unwrap();
    let mut zones = Zones::new(Zone::utc());
    let editor = Editor { now: moment(NOW), room_address: None };
    let gone = [moment("2026-03-04T09:00:00Z")];
    let edited = cancel(&calendar, &calendar.objects()[0], &mut zones, &gone, &editor).unwrap();
    let Edited::Text(changed) = edited else { panic!("nothing remains") };
    let holds = |line: &[u8]| changed.windows(line.len()).any(|window| window == line);
    assert!(holds(b"\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=M\xE4:20260305T090000\n"));
    assert!(holds(b"\nDTSTART;TZID=M\xE4:20260305T100000\n"));
}

#[test]
fn the_second_of_two_equal_clock_times_is_excluded_in_utc() {
    let text = object(&["DTSTART;TZID=Europe/Berlin:20261024T023000\nRRULE:FREQ=DAILY\n\
        RDATE:20261025T013000Z"]);
    let lines = difference(&text, &["2026-10-25T01:30:00Z"]);
    assert!(lines.contains(&"+EXDATE:20261025T013000Z".to_owned()), "{lines:?}");
}

#[test]
fn a_change_by_the_owner_raises_the_sequence_and_notes_its_time() {
    let with = |more: &str| object(&[&format!("{WEEKLY}\n{more}")]);
    let gone = &["2026-03-09T08:00:00Z"];
    assert_eq!(
        difference(&with("SEQUENCE:4\nLAST-MODIFIED:20260101T000000Z"), gone),
        [
            "-DTSTAMP:20260101T000000Z",
            "+DTSTAMP:20261122T120000Z",
            "+EXDATE;TZID=Europe/Berlin:20260309T090000",
            "-SEQUENCE:4",
            "-LAST-MODIFIED:20260101T000000Z",
            "+SEQUENCE:5",
            "+LAST-MODIFIED:20261122T120000Z",
        ]
    );
    // Without a SEQUENCE it was 0, and what is not there is not invented.
    assert_eq!(
        difference(&with(""), gone),
        [
            "-DTSTAMP:20260101T000000Z",
            "+DTSTAMP:20261122T120000Z",
            "+SEQUENCE:1",
            "+EXDATE;TZID=Europe/Berlin:20260309T090000",
        ]
    );
}

#[test]
fn a_change_by_an_attendee_leaves_the_sequence_to_the_organizer() {
    let gone = &["2026-03-09T08:00:00Z"];
    let text = object(&[&format!("{WEEKLY}\nSEQUENCE:4\nORGANIZER:mailto:Boss@example.org")]);
    let raises =
        |room| difference_for(&text, gone, room).iter().any(|line| line.contains("SEQUENCE"));
    assert!(!raises(None));
    assert!(!raises(Some("room@example.org")));
    assert!(raises(Some("boss@example.org")), "the room is the organizer");
}

#[test]
fn no_override_of_the_instance_is_left_not_even_one_that_did_not_count() {
    let moved = |sequence: u32| {
        format!(
            "RECURRENCE-ID:20260309T080000Z\nDTSTART:20260310T080000Z\nDTEND:20260310T090000Z\n\
         SEQUENCE:{sequence}"
        )
    };
    let text = object(&[WEEKLY, &moved(2), &moved(1)]);
    let Edited::Text(changed) = edit(&text, &["2026-03-09T08:00:00Z"], None) else { panic!() };
    let changed = String::from_utf8(changed).unwrap();
    assert!(!changed.contains("RECURRENCE-ID"), "{changed}");
    assert!(changed.contains("EXDATE;TZID=Europe/Berlin:20260309T090000"));
}

#[test]
fn older_cancelled_overrides_become_exdates_where_there_is_an_organizer() {
    let cancelled = "RECURRENCE-ID;TZID=Europe/Berlin:20260316T090000\n\
        DTSTART;TZID=Europe/Berlin:20260316T090000\nSTATUS:CANCELLED";
    let gone = &["2026-03-09T08:00:00Z"];
    let organized = format!("{WEEKLY}\nORGANIZER:mailto:a@example.org");
    let Edited::Text(changed) = edit(&object(&[&organized, cancelled]), gone, None) else {
        panic!()
    };
    let changed = String::from_utf8(changed).unwrap();
    assert!(!changed.contains("RECURRENCE-ID"), "{changed}");
    assert!(changed.contains(
        "EXDATE;TZID=Europe/Berlin:20260309T090000\r\nEXDATE;TZID=Europe/Berlin:20260316T090000\r\n"
    ));

    let Edited::Text(changed) = edit(&object(&[WEEKLY, cancelled]), gone, None) else { panic!() };
    let changed = String::from_utf8(changed).unwrap();
    assert!(changed.contains("RECURRENCE-ID"), "without an organizer they stay: {changed}");
    assert!(!changed.contains("20260316T090000\r\nEXDATE"));
}

#[test]
fn a_this_and_future_override_is_carried_on_to_the_next_instance_that_remains() {
    let later = "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260309T090000\n\
        DTSTART;TZID=Europe/Berlin:20260309T110000\nDTEND;TZID=Europe/Berlin:20260309T123000\n\
        SUMMARY:Later";
    let lines = difference(&object(&[WEEKLY, later]), &["2026-03-09T08:00:00Z"]);
    for expected in [
        "+EXDATE;TZID=Europe/Berlin:20260309T090000",
        "-RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260309T090000",
        "-DTEND;TZID=Europe/Berlin:20260309T123000",
        "+DTSTART;TZID=Europe/Berlin:20260316T110000",
        "+DTEND;TZID=Europe/Berlin:20260316T123000",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}: {lines:#?}");
    }
    // Longer than 75 octets with its parameters, so it is folded.
    let joined = lines.join("\n").replace("\n+ ", "");
    assert!(
        joined.contains("+RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260316T090000"),
        "{joined}"
    );
}

#[test]
fn a_this_and_future_override_of_the_last_instances_goes_with_them() {
    let later = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260323T080000Z\nDTSTART:20260323T100000Z\n\
        DURATION:PT1H";
    let Edited::Text(changed) = edit(&object(&[WEEKLY, later]), &["2026-03-23T08:00:00Z"], None)
    else {
        panic!()
    };
    assert!(!String::from_utf8(changed).unwrap().contains("RECURRENCE-ID"));
}

#[test]
fn when_no_instance_remains_the_caller_is_told_to_delete_the_object() {
    let all = [
        "2026-03-02T08:00:00Z",
        "2026-03-09T08:00:00Z",
        "2026-03-16T08:00:00Z",
        "2026-03-23T08:00:00Z",
    ];
    assert_eq!(edit(&object(&[WEEKLY]), &all, None), Edited::NothingRemains);
    // A past one remains, and so does the object.
    assert!(matches!(edit(&object(&[WEEKLY]), &all[1..], None), Edited::Text(_)));
    // What is cancelled does not take place.
    let cancelled = "RECURRENCE-ID:20260302T080000Z\nDTSTART:20260302T080000Z\nSTATUS:CANCELLED";
    assert_eq!(edit(&object(&[WEEKLY, cancelled]), &all[1..], None), Edited::NothingRemains);
    let single = "DTSTART:20260302T080000Z\nDTEND:20260302T090000Z";
    assert_eq!(edit(&object(&[single]), &all[..1], None), Edited::NothingRemains);
    let endless = "DTSTART:20260302T080000Z\nRRULE:FREQ=YEARLY;INTERVAL=400";
    assert!(matches!(edit(&object(&[endless]), &all[..1], None), Edited::Text(_)));
}

#[test]
fn an_object_without_a_master_loses_the_component_and_is_deleted_with_its_last() {
    let override_of = |day: u32| {
        format!(
            "RECURRENCE-ID:202603{day:02}T080000Z\nDTSTART:202603{day:02}T080000Z\nDURATION:PT1H"
        )
    };
    let text = object(&[&override_of(2), &override_of(9)]);
    let one = edit(&text, &["2026-03-02T08:00:00Z"], None);
    assert_eq!(one, Edited::Text(object(&[&override_of(9)]).into_bytes()));
    let all = ["2026-03-02T08:00:00Z", "2026-03-09T08:00:00Z"];
    assert_eq!(edit(&text, &all, None), Edited::NothingRemains);
    let cancelled = format!("{}\nSTATUS:CANCELLED", override_of(9));
    let text = object(&[&override_of(2), &cancelled]);
    assert_eq!(edit(&text, &all[..1], None), Edited::NothingRemains);
}

#[test]
fn every_other_byte_stays_as_it_was() {
    let text = "\u{feff}begin:vcalendar\nx-junk\n\nBEGIN:VTIMEZONE\nTZID:Own\nEND:VTIMEZONE\n\
        BEGIN:VEVENT\nx-first;a=\"b:c\":1\n  2\n\t3\nSUMMARY:K\u{e4}\n se\nDTSTART:20260302T090000Z\n\
        rrule:FREQ=DAILY;COUNT=3\nBEGIN:VALARM\nDTSTAMP:1\nSEQUENCE:9\nEND:VALARM\nUID:1\n\
        DTSTAMP;X=1:20260101T000000Z\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART:20260302T090000Z\n\
        END:VEVENT\nend:vcalendar";
    let lines = difference(text, &["2026-03-03T09:00:00Z"]);
    assert_eq!(
        lines,
        [
            "+SEQUENCE:1",
            "+EXDATE:20260303T090000Z",
            "-DTSTAMP;X=1:20260101T000000Z",
            "+DTSTAMP;X=1:20261122T120000Z",
        ]
    );
}

#[test]
fn a_this_and_future_override_that_names_a_day_is_carried_on_to_a_day() {
    let later = "RECURRENCE-ID;VALUE=DATE;RANGE=THISANDFUTURE:20260305\n\
        DTSTART;TZID=America/New_York:20260304T190000\nDURATION:PT1H";
    let daily = "DTSTART;TZID=Asia/Tokyo:20260302T003000\nRRULE:FREQ=DAILY\nDURATION:PT1H";
    let lines = difference(&object(&[daily, later]), &["2026-03-04T15:30:00Z"]);
    let carried = "+RECURRENCE-ID;VALUE=DATE;RANGE=THISANDFUTURE:20260306";
    assert!(lines.iter().any(|line| line == carried), "{lines:#?}");
}

#[test]
fn a_stray_end_of_another_component_does_not_hide_the_lines_behind_it() {
    let text = object(&[&format!("END:VALARM\n{WEEKLY}")]);
    let lines = difference(&text, &["2026-03-09T08:00:00Z"]);
    let exdate = "+EXDATE;TZID=Europe/Berlin:20260309T090000";
    assert!(lines.iter().any(|line| line == exdate), "{lines:#?}");
}
