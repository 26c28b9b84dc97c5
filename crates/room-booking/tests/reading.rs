//! How `check` and `events` read files that clients wrote in their own way, and what they say of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::path::Path;

use harness::report::uids;
use serde_json::{Value, json};
use testing::ics::calendar;
use testing::program::Folder;

/// A file of the tests of this crate or of another.
fn path(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    assert!(path.exists(), "{name}");
    path.to_str().unwrap().to_owned()
}

fn case(name: &str) -> String {
    path(&format!("room-booking/tests/cases/{name}.ics"))
}

fn of_clearing(name: &str) -> String {
    path(&format!("clearing/tests/fixtures/reading/{name}.ics"))
}

const WINDOW: [&str; 4] = ["--start", "2027-06-01", "--end", "2027-07-01"];

#[test]
fn a_file_in_another_encoding_or_with_other_line_ends_is_read_and_said() {
    let folder = Folder::new();
    for (name, code, words) in [
        ("lines-that-end-in-cr", "line_ends", "lines of the file end in CR alone"),
        ("utf-16", "encoding", "encoded in UTF-16"),
    ] {
        let file = case(name);
        let mut arguments = vec!["events", &file, "--json"];
        arguments.extend(WINDOW);
        let ran = folder.run(&arguments);
        let events = ran.json()["events"].clone();
        assert_eq!(events[0]["start"], "2027-06-03T07:00:00+00:00", "{name}");
        assert_eq!((events.as_array().unwrap().len(), &events[0]["name"]), (1, &json!("Meeting")));
        assert!(ran.err().contains(words), "{}", ran.err());

        let answer = folder.run(&["check", &file, "--json", "--now", "2027-06-01"]).json();
        let warning = &answer["warnings"][0];
        assert_eq!((&warning["calendar"], &warning["code"]), (&json!(name), &json!(code)));
        assert_eq!(warning["object"], "a@example.org");
        assert!(warning["detail"].as_str().unwrap().contains(words));
        let page = folder.run(&["check", &file, "--now", "2027-06-01"]).out();
        assert!(page.contains("Warnings") && page.contains(words), "{page}");
    }
}

#[test]
fn a_file_that_is_refused_is_refused_with_the_real_cause() {
    let folder = Folder::new();
    folder.write("empty.ics", "");
    let utf32: String =
        calendar::<&str>(&[]).chars().flat_map(|it| [it, '\0', '\0', '\0']).collect();
    folder.write("utf-32.ics", &utf32);
    for (file, cause) in [
        (case("indented-lines"), "its lines are indented"),
        ("empty.ics".to_owned(), "it is empty"),
        ("utf-32.ics".to_owned(), "it is encoded in UTF-32"),
    ] {
        let ran = folder.run(&["events", &file]);
        assert_eq!(ran.status(), 1);
        assert!(ran.err().contains(cause) && !ran.err().contains("first line"), "{}", ran.err());
    }
}

#[test]
fn warnings_name_what_was_passed_over_ordered_by_calendar_object_and_code() {
    let folder = Folder::new();
    let (masters, status) = (
        of_clearing("of-several-masters-the-last-counts"),
        of_clearing("status-canceled-with-one-l-is-no-status"),
    );
    let both = "UID:z\nSTATUS:DONE\nDTSTART;TZID=Nowhere:20270603T090000\nDURATION:PT1H";
    let zoned = "UID:b\nSTATUS:MAYBE\nDTSTART:20270603T090000Z";
    folder.write("a.ics", &calendar(&[both, zoned]));
    let mut arguments = vec!["events", "a.ics", "--json"];
    arguments.extend(WINDOW);
    let events = folder.run(&arguments).json()["events"].clone();
    for event in events.as_array().unwrap() {
        assert_eq!(event["status"], "CONFIRMED", "an unknown status is none");
    }
    assert!(!events.as_array().unwrap().is_empty());
    let answer = folder
        .run(&[
            "check",
            &status,
            &masters,
            "a.ics",
            "--json",
            "--now",
            "2027-06-01T00:00",
            "--time-zone",
            "Europe/Berlin",
            "--unknown-zone",
            "calendar",
        ])
        .json();
    let all = answer["warnings"].as_array().unwrap();
    let named: Vec<_> = all
        .iter()
        .map(|it| ["calendar", "object", "code"].map(|key| it[key].as_str().unwrap()).join(" "))
        .collect();
    assert_eq!(
        named,
        [
            "a b unknown_status",
            "a z unknown_status",
            "a z zone_assumed",
            "of-several-masters-the-last-counts a@example.org several_masters",
            "status-canceled-with-one-l-is-no-status a@example.org unknown_status",
        ]
    );
    let detail = |index: usize| all[index]["detail"].as_str().unwrap();
    assert!(detail(2).contains("\"Nowhere\"") && detail(2).contains("Europe/Berlin"));
    assert!(detail(3).contains("20270603T090000, 20270604T090000"), "{}", detail(3));
    assert!(detail(4).contains("\"CANCELED\""));
    assert_eq!(uids(&answer, "deleted_overlapping_events"), ["x5@example.org", "b@example.org"]);
}

#[test]
fn an_unknown_zone_is_named_with_the_setting_that_reads_it() {
    let folder = Folder::new();
    let file = of_clearing("unknown-zone-is-unreadable-and-removes-nobody");
    let check = |more: &[&str]| -> Value {
        let mut arguments = vec!["check", &file, "--json", "--now", "2027-06-01"];
        arguments.extend(["--time-zone", "Europe/Berlin"]);
        arguments.extend(more);
        folder.run(&arguments).json()
    };
    for answer in [check(&[]), check(&["--unknown-zone", "refuse"])] {
        let unreadable = &answer["unreadable_objects"][0];
        assert_eq!(unreadable["object"], "a@example.org");
        let error = unreadable["error"].as_str().unwrap();
        assert!(error.contains("Eastern Time (US & Canada)"), "{error}");
        assert!(error.contains("--unknown-zone calendar"), "{error}");
        assert_eq!(uids(&answer, "deleted_overlapping_events"), [""; 0]);
        assert_eq!(answer["warnings"], json!([]));
    }
    let answer = check(&["--unknown-zone", "calendar"]);
    assert_eq!(answer["unreadable_objects"], json!([]));
    assert_eq!(uids(&answer, "deleted_overlapping_events"), ["b@example.org"]);
    assert_eq!(answer["warnings"][0]["code"], "zone_assumed");

    let mut arguments = vec!["events", &file, "--json", "--unknown-zone", "calendar"];
    arguments.extend(WINDOW);
    let ran = folder.run(&arguments);
    assert_eq!(ran.json()["events"].as_array().unwrap().len(), 2);
    assert!(ran.err().contains("read in the calendar's time zone UTC"), "{}", ran.err());
    assert_eq!(folder.run(&["events", &file, "--unknown-zone", "mine"]).status(), 2);
}
