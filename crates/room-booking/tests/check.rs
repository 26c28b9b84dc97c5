//! `room-booking check` (sections 2, 3 and 6 of the contract).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "common/events.rs"]
mod event;
#[path = "check/options.rs"]
mod options;

use event::event;
use harness::report::uids;
use serde_json::json;
use testing::ics::calendar;
use testing::program::Folder;

const NOW: [&str; 2] = ["--now", "2026-03-01T00:00:00Z"];

/// The JSON of a check of one room in which `weak` overlaps `strong` at its end by five minutes.
fn check(more: &[&str]) -> serde_json::Value {
    let strong = event("strong", "20260101", "1200", "1305", "ORGANIZER:mailto:a@example.org\n");
    let weak = event("weak", "20260201", "1300", "1400", "ORGANIZER:mailto:Boss@board.example\n");
    let folder = Folder::new();
    folder.write("room.ics", &calendar(&[&strong, &weak]));
    let mut arguments = vec!["check", "room.ics", "--json"];
    arguments.extend(NOW);
    arguments.extend(more);
    folder.run(&arguments).json()
}

#[test]
fn words_without_a_letter_or_a_digit_are_refused() {
    let folder = Folder::new();
    folder.write("room.ics", &calendar::<&str>(&[]));
    for words in ["*", "!!!", " "] {
        let ran = folder.run(&["check", "room.ics", "--prioritise-name", words]);
        assert_eq!(ran.status(), 2, "{words}");
        assert!(ran.err().contains("no letter and no digit"), "{}", ran.err());
    }
}

#[test]
fn json_is_the_very_answer_of_test_mode() {
    let cancelled = event("cancelled", "20260101", "0800", "0900", "STATUS:CANCELLED");
    let strong = event("strong", "20260101", "1200", "1300", "ORGANIZER:mailto:a@example.org");
    let weak = event("weak", "20260201", "1230", "1330", "");
    let series = "UID:series\nDTSTART;TZID=Europe/Berlin:20260223T133000\nDURATION:PT30M\n\
        RRULE:FREQ=WEEKLY\nCREATED:00001231T000000Z";
    let free = event("free", "20250101", "1245", "1300", "TRANSP:TRANSPARENT");
    let broken = "UID:broken\nDTSTART:20260231T120000Z";
    let unnamed = "SUMMARY:unnamed\nDTSTART:never";
    let folder = Folder::new();
    let events = [&*cancelled, &strong, &weak, series, &free, broken, unnamed];
    folder.write("room-1.ics", &calendar(&events));
    let mut arguments = vec!["check", "room-1.ics", "--json", "--time-zone", "Europe/Berlin"];
    arguments.extend(["--horizon", "7", NOW[0], NOW[1]]);

    let strong = json!({
        "uid": "strong", "name": "strong", "start": "2026-03-02T13:00:00+01:00",
        "end": "2026-03-02T14:00:00+01:00", "created": "2026-01-01T01:00:00+01:00",
        "organizer": "a@example.org"
    });
    let event = |uid: &str, start: &str, end: &str, created: Option<&str>, name: &str| {
        json!({
            "uid": uid, "name": name, "start": format!("2026-03-02T{start}:00+01:00"),
            "end": format!("2026-03-02T{end}:00+01:00"), "created": created, "organizer": null
        })
    };
    let cancelled =
        event("cancelled", "09:00", "10:00", Some("2026-01-01T01:00:00+01:00"), "cancelled");
    let weak = event("weak", "13:30", "14:30", Some("2026-02-01T01:00:00+01:00"), "weak");
    let series = event("series", "13:30", "14:00", None, "");
    let free = event("free", "13:45", "14:00", Some("2025-01-01T01:00:00+01:00"), "free");
    // A file remembers nothing: there is only the events' own word for the order.
    let because = |loser_since: &str| {
        json!({
            "rule": "held_since", "winner_since": "2026-01-01T01:00:00+01:00",
            "loser_since": loser_since, "witnessed": false
        })
    };
    let mut answer = folder.run(&arguments).json();
    // What names the entries is opaque: each has one of its own.
    let mut keys = std::collections::HashSet::new();
    for list in answer.as_object_mut().unwrap().values_mut().filter_map(|it| it.as_array_mut()) {
        for entry in list.iter_mut().filter(|entry| entry.get("event").is_some()) {
            let key = entry.as_object_mut().unwrap().remove("key").unwrap();
            assert!(keys.insert(key.as_str().unwrap().to_owned()), "{key}");
        }
    }
    assert_eq!(keys.len(), 4);
    assert_eq!(
        answer,
        json!({
            "deleted_cancelled_events": [ { "event": cancelled, "calendar": "room-1" } ],
            "deleted_overlapping_events": [
                { "event": weak, "overlaps_with": strong, "calendar": "room-1",
                  "because": because("2026-02-01T01:00:00+01:00") }
            ],
            "cancelled_overlapping_recurring_events": [
                { "event": series, "overlaps_with": strong, "calendar": "room-1",
                  "because": because("2026-03-01T01:00:00+01:00") }
            ],
            "ignored_overlapping_events": [
                { "event": free, "overlaps_with": strong, "calendar": "room-1", "reason": "free" }
            ],
            "ignored_cancelled_events": [],
            "failed_calendars": [],
            "unreadable_objects": [
                { "calendar": "room-1", "object": "broken",
                  "error": "DTSTART cannot be read: \"20260231T120000Z\" is no day of the calendar" },
                { "calendar": "room-1", "object": "line 45",
                  "error": "DTSTART cannot be read: \"never\" is no date (20260302) and no \
                            date-time (20260302T120000)" },
            ],
            "warnings": [],
            "test_mode": true
        })
    );
    let keys: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys.len(), 9);
}

#[test]
fn the_weaker_goes_unless_a_setting_says_otherwise() {
    assert_eq!(uids(&check(&[]), "deleted_overlapping_events"), ["weak"]);
    for (settings, goes) in [
        (&["--prioritise-organizer", "boss@BOARD.example"][..], "strong"),
        (&["--prioritise-organizer", "@board.example"], "strong"),
        (&["--prioritise-organizer", "@example"], "weak"),
        (&["--prioritise-name", "WEA*"], "strong"),
        (&["--prioritise-uid", "weak"], "strong"),
        (&["--tolerance", "4"], "weak"),
        (&["--limit", "1"], "weak"),
        (&["--protect", "strong"], "weak"),
    ] {
        assert_eq!(uids(&check(settings), "deleted_overlapping_events"), [goes], "{settings:?}");
    }
    for (settings, reason) in [
        (&["--protect", "weak"][..], "protected"),
        (&["--tolerance", "5"], "tolerated"),
        (&["--limit", "0"], "limit"),
        (&["--now", "2026-03-02T13:30:00Z"], "started"),
    ] {
        let answer = if settings[0] == "--now" { check_at(settings[1]) } else { check(settings) };
        assert_eq!(uids(&answer, "deleted_overlapping_events"), [""; 0], "{settings:?}");
        assert_eq!(answer["ignored_overlapping_events"][0]["reason"], reason);
        assert_eq!(uids(&answer, "ignored_overlapping_events"), ["weak"]);
    }
}

/// As [`check`], at another moment, while both events are on.
fn check_at(now: &str) -> serde_json::Value {
    let strong = event("strong", "20260101", "1200", "1400", "");
    let weak = event("weak", "20260201", "1300", "1400", "");
    let folder = Folder::new();
    folder.write("room.ics", &calendar(&[&strong, &weak]));
    folder.run(&["check", "room.ics", "--json", "--now", now]).json()
}

#[test]
fn the_rooms_address_makes_its_declined_events_absent_and_itself_no_organizer() {
    let declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:room@example.org";
    let strong = event("strong", "20260101", "1200", "1300", declined);
    let weak = event("weak", "20260201", "1200", "1300", "ORGANIZER:mailto:Room@example.org");
    let cancelled = event(
        "gone",
        "20260201",
        "1200",
        "1300",
        "STATUS:CANCELLED\nORGANIZER:mailto:Room@example.org",
    );
    let folder = Folder::new();
    folder.write("room.ics", &calendar(&[&strong, &weak, &cancelled]));
    let run = |more: &[&str]| {
        let mut arguments = vec!["check", "room.ics", "--json", NOW[0], NOW[1]];
        arguments.extend(more);
        folder.run(&arguments).json()
    };
    let without = run(&[]);
    assert_eq!(uids(&without, "deleted_overlapping_events"), ["weak"]);
    let with = run(&["--address", "ROOM@example.org"]);
    assert_eq!(uids(&with, "deleted_overlapping_events"), [""; 0]);
    assert_eq!(with["deleted_cancelled_events"][0]["event"]["organizer"], serde_json::Value::Null);
}

#[test]
fn free_events_block_only_where_that_is_set() {
    let free = event("free", "20260101", "1200", "1300", "TRANSP:TRANSPARENT");
    let other = event("other", "20260201", "1200", "1300", "");
    let folder = Folder::new();
    folder.write("room.ics", &calendar(&[&free, &other]));
    let plain = folder.run(&["check", "room.ics", "--json", NOW[0], NOW[1]]).json();
    assert_eq!(uids(&plain, "deleted_overlapping_events"), [""; 0]);
    let blocks = ["check", "room.ics", "--json", "--free-blocks", NOW[0], NOW[1]];
    assert_eq!(uids(&folder.run(&blocks).json(), "deleted_overlapping_events"), ["other"]);
}

#[test]
fn each_file_is_a_calendar_of_its_own_and_lists_are_ordered_by_calendar_then_start() {
    let a = event("a", "20260101", "1200", "1300", "STATUS:CANCELLED");
    let b = event("b", "20260101", "1100", "1300", "STATUS:CANCELLED");
    let folder = Folder::new();
    folder.write("y.ics", &calendar(&[&a, &b])).write("x.y.ics", &calendar(&[&a]));
    let answer = folder.run(&["check", "y.ics", "x.y.ics", "--json", NOW[0], NOW[1]]).json();
    let rows: Vec<_> = answer["deleted_cancelled_events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {}", row["calendar"], row["event"]["uid"]).replace('"', ""))
        .collect();
    assert_eq!(rows, ["x.y a", "y b", "y a"]);
}

#[test]
fn people_get_tables_that_say_who_loses_to_whom_and_why_in_plain_text() {
    let strong = event("strong", "20260101", "1200", "1300", "ORGANIZER:mailto:a@example.org");
    let weak = event("weak", "20260201", "1230", "1330", "");
    let third = event("third", "20260131", "1300", "1400", "");
    let folder = Folder::new();
    folder.write("room.ics", &calendar(&[&strong, &weak, &third]));
    let ended = folder.run(&["check", "room.ics", NOW[0], NOW[1], "--time-zone", "Europe/Berlin"]);
    assert_eq!(ended.status(), 0);
    let out = ended.out();
    for text in [
        "room: 3 objects, looked at from Sun 1 Mar 2026, 01:00",
        "(Europe/Berlin)",
        "Overlapping events that would be deleted (1)",
        "Mon 2 Mar 2026, 13:30–14:30",
        "strong (a@example.org), 13:00–14:00 and 1 other",
        "it has held its time since 1 Feb 2026, 01:00, the other since 1 Jan 2026, 01:00, an order \
         that this program did not see itself (rule 4)",
        "A clear would mean: 1 overlapping event deleted.",
    ] {
        assert!(out.contains(text), "{text} in\n{out}");
    }
    assert!(!out.contains('\u{1b}'), "no colours in a pipe");
    assert_eq!(ended.err(), "");
}

#[test]
fn a_creation_time_that_is_not_known_is_said_to_be_taken_as_the_present() {
    let known = event("known", "20260101", "1200", "1300", "");
    let unknown = event("unknown", "19000101", "1200", "1300", "");
    let folder = Folder::new();
    folder.write("room.ics", &calendar(&[&known, &unknown]));
    let out = folder.run(&["check", "room.ics", NOW[0], NOW[1]]).out();
    let expected = "since an unknown time, taken as 1 Mar 2026, 00:00, the other since 1 Jan";
    assert!(out.contains(expected), "{out}");
}

#[test]
fn nothing_to_do_is_said_in_one_line() {
    let folder = Folder::new();
    folder.write("room.ics", &calendar::<&str>(&[]));
    let out = folder.run(&["check", "room.ics", NOW[0], NOW[1]]).out();
    assert!(out.contains("room: 0 objects"), "{out}");
    assert!(out.contains("There is nothing to clear."), "{out}");
}

#[test]
fn a_file_that_cannot_be_read_ends_the_command_with_status_1_and_its_name() {
    let folder = Folder::new();
    folder.write("good.ics", &calendar::<&str>(&[])).write("notes.ics", "Dear all,\n");
    std::fs::create_dir(folder.path().join("rooms")).unwrap();
    for (file, reason) in [
        ("missing.ics", "cannot read missing.ics: there is no such file"),
        ("notes.ics", "cannot read notes.ics: it is no iCalendar file"),
        ("rooms", "cannot read rooms: it is a folder"),
    ] {
        for json in [&["--json"][..], &[]] {
            let mut arguments = vec!["check", "good.ics", file];
            arguments.extend(json);
            let ended = folder.run(&arguments);
            assert_eq!((ended.status(), ended.out().as_str()), (1, ""), "{file}");
            assert!(ended.err().contains(reason), "{}", ended.err());
            assert_eq!(ended.err().lines().count(), 1, "{}", ended.err());
        }
    }
}

#[test]
fn wrong_usage_is_status_2_and_says_what_is_wrong() {
    let folder = Folder::new();
    folder.write("room.ics", &calendar::<&str>(&[]));
    for (arguments, reason) in [
        (&["check"][..], "FILE.ics"),
        (&["check", "room.ics", "--time-zone", "Mars/Olympus"], "Mars/Olympus"),
        (
            &["check", "room.ics", "--now", "tomorrow"],
            "invalid value 'tomorrow' for '--now <TIME>'",
        ),
        (&["check", "room.ics", "--now", "2026-02-30"], "2026-02-30"),
        (&["check", "room.ics", "--now", "soon"], "Usage: room-booking check"),
        (&["check", "room.ics", "--horizon", "0"], "--horizon"),
        (&["check", "room.ics", "--horizon", "36526"], "--horizon"),
        (&["check", "room.ics", "--tolerance", "-1"], "-1"),
        (&["check", "room.ics", "--tolerance", "10081"], "--tolerance"),
        (&["check", "room.ics", "--limit", "many"], "--limit"),
        (&["check", "room.ics", "--address", "room"], "--address"),
        (&["check", "room.ics", "--prioritise-organizer", "boss"], "--prioritise-organizer"),
        (&["check", "room.ics", "--prioritise-name", " "], "--prioritise-name"),
        (&["check", "room.ics", "--prioritize-uid", "x"], "--prioritize-uid"),
        (&["chekc", "room.ics"], "chekc"),
        (&[], "Usage"),
    ] {
        let ended = folder.run(arguments);
        assert_eq!((ended.status(), ended.out().as_str()), (2, ""), "{arguments:?}");
        assert!(ended.err().contains(reason), "{arguments:?}: {}", ended.err());
    }
}

#[test]
fn the_time_zone_comes_from_the_flag_else_the_environment_else_the_env_file_else_it_is_utc() {
    let cancelled = event("a", "20260101", "1200", "1300", "STATUS:CANCELLED");
    let folder = Folder::new();
    folder.write("room.ics", &calendar(&[&cancelled]));
    let start = |environment: &[(&str, &str)], more: &[&str]| {
        let mut arguments = vec!["check", "room.ics", "--json", NOW[0], NOW[1]];
        arguments.extend(more);
        let answer = folder.run_with(environment, &arguments).json();
        answer["deleted_cancelled_events"][0]["event"]["start"].as_str().unwrap().to_owned()
    };
    assert_eq!(start(&[], &[]), "2026-03-02T12:00:00+00:00");
    folder.write(".env", "# settings\nTIME_ZONE=Asia/Tokyo\n");
    assert_eq!(start(&[], &[]), "2026-03-02T21:00:00+09:00");
    let berlin = [("TIME_ZONE", "Europe/Berlin")];
    assert_eq!(start(&berlin, &[]), "2026-03-02T13:00:00+01:00");
    assert_eq!(start(&berlin, &["--time-zone", "UTC"]), "2026-03-02T12:00:00+00:00");
    assert_eq!(start(&[("TIME_ZONE", "")], &[]), "2026-03-02T12:00:00+00:00");
    let wrong = folder.run_with(&[("TIME_ZONE", "Berlin")], &["check", "room.ics"]);
    assert_eq!(wrong.status(), 2);
    assert!(wrong.err().contains("Berlin"), "{}", wrong.err());
}

#[test]
fn a_broken_env_file_is_named_and_its_line_is_not_shown() {
    let folder = Folder::new();
    folder.write("room.ics", &calendar::<&str>(&[])).write(".env", "SMTP_PASSWORD hunter2\n");
    let ended = folder.run(&["check", "room.ics"]);
    assert_eq!(ended.status(), 1);
    assert!(ended.err().contains(".env"), "{}", ended.err());
    assert!(!ended.err().contains("hunter2"), "{}", ended.err());
    // A file of a folder above is somebody else's.
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    std::fs::copy(folder.path().join("room.ics"), inner.join("room.ics")).unwrap();
    assert_eq!(folder.run_in("inner", &["check", "room.ics"]).status(), 0);
}

#[test]
fn help_has_examples() {
    let help = Folder::new().run(&["check", "--help"]);
    assert_eq!(help.status(), 0);
    assert!(
        help.out().contains("Examples:\n  room-booking check shared-room.ics"),
        "{}",
        help.out()
    );
}

#[test]
fn the_tables_of_a_check_are_those_that_are_kept() {
    let strong = event("strong", "20260101", "1200", "1300", "ORGANIZER:mailto:a@example.org");
    let weak = event("weak", "20260201", "1230", "1330", "");
    let free = event("free", "20250101", "1245", "1300", "TRANSP:TRANSPARENT");
    let off = event("off", "20260101", "0800", "0900", "STATUS:CANCELLED");
    let series = "UID:series\nSUMMARY:Jour fixe\nDTSTART;TZID=Europe/Berlin:20260223T133000\n\
        DURATION:PT30M\nRRULE:FREQ=WEEKLY\nCREATED:20260202T000000Z";
    let broken = "UID:broken\nDTSTART:20260231T120000Z";
    let folder = Folder::new();
    folder.write("room.ics", &calendar(&[&*strong, &weak, &free, &off, series, broken]));
    let arguments = ["check", "room.ics", NOW[0], NOW[1], "--time-zone", "Europe/Berlin"];
    harness::assert_kept!("check-tables", folder.run(&arguments).done());
}
