//! Options of `check`.

use harness::report::uids;
use testing::ics::calendar;
use testing::program::Folder;

use crate::NOW;
use crate::event::event;

#[test]
fn options_have_the_names_of_the_settings_of_a_calendar_too() {
    let folder = Folder::new();
    let declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:room@example.org";
    let strong = event("strong", "20260101", "1200", "1305", "");
    let weak = event("weak", "20260201", "1300", "1400", "");
    let off = event("off", "20250101", "1200", "1400", declined);
    folder.write("room.ics", &calendar(&[&*strong, &weak, &off]));
    let run = |options: &[&str]| {
        let mut arguments = vec!["check", "room.ics", "--json", NOW[0], NOW[1]];
        arguments.extend(options);
        let ended = folder.run(&arguments);
        assert_eq!(ended.status(), 0, "{options:?}: {}", ended.err());
        ended.out()
    };
    for (one, other, value) in [
        ("--time-zone", "--zone", "Asia/Tokyo"),
        ("--address", "--room-address", "room@example.org"),
        ("--limit", "--safety-limit", "0"),
        ("--prioritise-name", "--title", "weak"),
        ("--prioritise-organizer", "--organizer", "weak@example.org"),
        ("--prioritise-uid", "--uid", "weak"),
    ] {
        let answer = run(&[one, value]);
        assert_eq!(run(&[other, value]), answer, "{other}");
        assert!(answer != run(&[]) || one == "--prioritise-organizer", "{one}");
    }
    let listed = |options: &[&str]| {
        let mut arguments = vec!["events", "room.ics", "--json", "--start", "2026-03-01"];
        arguments.extend(options);
        folder.run(&arguments).done()
    };
    for (one, other, value) in [
        ("--time-zone", "--zone", "Asia/Tokyo"),
        ("--address", "--room-address", "room@example.org"),
    ] {
        assert_eq!(listed(&[other, value]), listed(&[one, value]), "{other}");
    }
}

#[test]
fn a_name_is_not_cut_in_a_pipe() {
    let name = "x".repeat(255);
    let strong = event("strong", "20260101", "1200", "1305", "");
    let weak = event("weak", "20260201", "1300", "1400", "")
        .replace("SUMMARY:weak", &format!("SUMMARY:{name}"));
    let folder = Folder::new();
    folder.write("room.ics", &calendar(&[strong, weak]));
    let out = folder.run(&["check", "room.ics", NOW[0], NOW[1]]).out();
    assert!(out.contains(&name), "{out}");
}

#[test]
fn a_token_prioritises_every_event_that_holds_it_and_a_part_of_it_none() {
    let token = "RB-4uT6jkmnpqrstuvwxyzABC";
    let holds = |uid: &str, created: &str, start: &str, end: &str| {
        event(uid, created, start, end, &format!("DESCRIPTION:for the board {token}"))
    };
    let events = [
        event("old", "20260101", "1000", "1100", ""),
        holds("first", "20260201", "1030", "1130"),
        event("older", "20260101", "1400", "1500", ""),
        holds("second", "20260202", "1430", "1530"),
        event("oldest", "20260101", "1700", "1800", ""),
        holds("third", "20260203", "1730", "1830").replace(token, &format!("{token}4")),
    ];
    let folder = Folder::new();
    folder.write("room.ics", &calendar(&events));
    let run = |more: &[&str]| {
        let mut arguments = vec!["check", "room.ics", "--json", NOW[0], NOW[1]];
        arguments.extend(more);
        folder.run(&arguments)
    };
    let removed = |more: &[&str]| uids(&run(more).json(), "deleted_overlapping_events").join(" ");
    assert_eq!(removed(&[]), "first second third");
    assert_eq!(removed(&["--prioritise-token", token]), "old older third");
    assert_eq!(removed(&["--prioritise-token", &token.to_uppercase()]), "first second third");
    assert_eq!(run(&["--prioritise-token", &token[..20]]).status(), 2, "that is no token");
    let answer = run(&["--prioritise-token", token]).json().to_string();
    assert!(!answer.contains(token), "{answer}");
}
