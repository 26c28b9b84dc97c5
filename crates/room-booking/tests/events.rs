//! `room-booking events` (section 6 of the contract).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "common/events.rs"]
mod event;

use event::event;
use serde_json::json;
use testing::ics::calendar;
use testing::program::Folder;

#[test]
fn json_is_the_answer_of_the_apis_list_with_all_files_together_in_order() {
    let series = "UID:series\nSUMMARY:Jour fixe\\, weekly\nCREATED:20260101T000000Z\n\
        DTSTART;TZID=Europe/Berlin:20260223T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\n\
        ORGANIZER;CN=A:mailto:a@example.org";
    let all_day = "UID:all-day\nDTSTART;VALUE=DATE:20260302\nSTATUS:tentative\nTRANSP:TRANSPARENT";
    let other = event("other", "20260101", "0800", "0900", "STATUS:CANCELLED");
    let folder = Folder::new();
    folder.write("a.ics", &calendar(&[series])).write("b.ics", &calendar(&[all_day, &other]));
    let answer = folder
        .run(&[
            "events",
            "a.ics",
            "b.ics",
            "--json",
            "--start",
            "2026-03-02",
            "--end",
            "2026-03-09",
            "--time-zone",
            "Europe/Berlin",
        ])
        .json();
    let expected = json!({
        "events": [
            { "uid": "all-day", "name": "", "start": "2026-03-02T00:00:00+01:00",
              "end": "2026-03-03T00:00:00+01:00", "created": null, "organizer": null,
              "recurring": false, "all_day": true, "status": "TENTATIVE", "blocking": false },
            { "uid": "other", "name": "other", "start": "2026-03-02T09:00:00+01:00",
              "end": "2026-03-02T10:00:00+01:00", "created": "2026-01-01T01:00:00+01:00",
              "organizer": null, "recurring": false, "all_day": false, "status": "CANCELLED",
              "blocking": false },
            { "uid": "series", "name": "Jour fixe, weekly", "start": "2026-03-02T09:00:00+01:00",
              "end": "2026-03-02T10:00:00+01:00", "created": "2026-01-01T01:00:00+01:00",
              "organizer": "a@example.org", "recurring": true, "all_day": false,
              "status": "CONFIRMED", "blocking": true,
              "recurrence_id": "2026-03-02T09:00:00+01:00" },
        ],
        "next": null
    });
    assert_eq!(answer, expected);
}

#[test]
fn the_window_is_half_open_and_a_zero_length_counts_where_it_starts() {
    let before = event("before", "20260101", "0900", "1000", "");
    let point = event("point", "20260101", "1000", "1000", "");
    let inside = event("inside", "20260101", "1030", "1200", "");
    let at_end = event("at-end", "20260101", "1100", "1100", "");
    let folder = Folder::new();
    folder.write("a.ics", &calendar(&[&before, &point, &inside, &at_end]));
    let arguments = ["--start", "2026-03-02T10:00Z", "--end", "2026-03-02T11:00+00:00", "--json"];
    let answer = folder.run(&[&["events", "a.ics"], &arguments[..]].concat()).json();
    let uids: Vec<_> =
        answer["events"].as_array().unwrap().iter().map(|row| row["uid"].clone()).collect();
    assert_eq!(uids, ["point", "inside"]);
}

#[test]
fn an_unreadable_object_is_left_out_and_named_on_standard_error() {
    let good = event("good", "20260101", "0900", "1000", "");
    let folder = Folder::new();
    folder.write("a.ics", &calendar(&[&good, "UID:bad\nDTSTART:20260302T090000Z\nRRULE:FREQ=X"]));
    let ended = folder.run(&["events", "a.ics", "--start", "2026-03-01", "--json"]);
    assert_eq!(ended.json()["events"].as_array().unwrap().len(), 1);
    let expected = "warning: a.ics: bad is left out: RRULE cannot be read: \"FREQ=X\" has a FREQ \
        that RFC 5545 does not know\n";
    assert_eq!(ended.err(), expected);
}

#[test]
fn people_get_a_table_with_the_zone_and_what_does_not_block() {
    let folder = Folder::new();
    let evil = "\u{1b}[31mred\u{202e}".to_owned();
    let free = event("free", "20260101", "0900", "1000", "TRANSP:TRANSPARENT");
    let free = free.replace("SUMMARY:free", &format!("SUMMARY:{evil}"));
    folder.write("a.ics", &calendar(&[&free]));
    let out =
        folder.run(&["events", "a.ics", "--start", "2026-03-01", "--end", "2026-03-08"]).out();
    assert!(
        out.contains("1 event from Sun 1 Mar 2026, 00:00 to Sun 8 Mar 2026, 00:00 (UTC)"),
        "{out}"
    );
    assert!(out.contains("Mon 2 Mar 2026, 09:00–10:00"), "{out}");
    assert!(out.contains("confirmed, does not block"), "{out}");
    assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'), "{out:?}");
}

#[test]
fn wrong_usage_is_status_2() {
    let folder = Folder::new();
    folder.write("a.ics", &calendar::<&str>(&[]));
    for (arguments, reason) in [
        (&["--start", "2026-03-02", "--end", "2026-03-02"][..], "the end must be after the start"),
        (&["--start", "2026-03-02", "--end", "2026-03-01"], "the end must be after the start"),
        (&["--start", "soon"], "--start"),
        (&["--end", "12:00"], "--end"),
        (&["--time-zone", "CET+1"], "--time-zone"),
    ] {
        let ended = folder.run(&[&["events", "a.ics"], arguments].concat());
        assert_eq!((ended.status(), ended.out().as_str()), (2, ""), "{arguments:?}");
        assert!(ended.err().contains(reason), "{arguments:?}: {}", ended.err());
    }
}

#[test]
fn the_files_that_the_repository_ships_are_what_the_readme_says() {
    let folder = Folder::new();
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/meeting-room-1.ics");
    let readme = include_str!("../../../README.md");
    let ended = folder.run(&[
        "check",
        sample,
        "--now",
        "2026-11-23T08:00",
        "--time-zone",
        "Europe/Berlin",
        "--horizon",
        "14",
    ]);
    assert_eq!(ended.status(), 0);
    let shown = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    for line in shown.lines().filter(|line| *line != "…") {
        assert!(ended.out().contains(line.trim_end()), "{line} in\n{}", ended.out());
    }
}
