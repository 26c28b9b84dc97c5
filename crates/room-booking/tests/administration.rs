//! `user`, `key`, `calendar`, `clear` and `history` as their users run them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests of real processes wait by the real clock")]

#[path = "administration/backups.rs"]
mod backups;
#[path = "administration/clearing.rs"]
mod clearing;
#[path = "administration/reference.rs"]
mod reference;
#[path = "administration/removing.rs"]
mod removing;
#[path = "administration/secret_key.rs"]
mod secret_key;
#[path = "administration/servers.rs"]
mod servers;
#[path = "administration/settings.rs"]
mod settings;
#[path = "administration/setup.rs"]
mod setup;
#[path = "administration/terminal.rs"]
mod terminal;
#[path = "administration/tokens.rs"]
mod tokens;

use std::{fs, path::Path};

use harness::report::uids;
use testing::Database;
use testing::ics::calendar;
use testing::program::Folder;

/// An hour `from` on some day soon, with more lines.
fn soon(uid: &str, created: &str, from: u32, more: &str) -> String {
    let day = jiff::Timestamp::now().as_second() / 86_400 + 3;
    let day = jiff::Timestamp::from_second(day * 86_400).unwrap().strftime("%Y%m%d").to_string();
    format!(
        "UID:{uid}\nCREATED:{created}T000000Z\nSUMMARY:{uid}\nDTSTART:{day}T{from:04}00Z\n\
         DTEND:{day}T{:04}00Z\nORGANIZER:mailto:{uid}@example.org\n{more}",
        from + 100
    )
}

/// A folder with the administrator ann and her calendar `lab`.
fn lab() -> Folder {
    let folder = Folder::new();
    done(&folder, &["user", "add", "ann", "--administrator"]);
    done(&folder, &["calendar", "add", "lab", "--user", "ann"]);
    folder
}

/// As [`lab`], with two events that overlap, of which `late` is the weaker, and a cancelled one.
fn overbooked() -> Folder {
    let folder = lab();
    let text = calendar(&[
        &soon("early", "20260101", 1200, ""),
        &soon("late", "20260201", 1230, ""),
        &soon("off", "20260101", 1500, "STATUS:CANCELLED"),
    ]);
    folder.write("lab.ics", &text);
    done(&folder, &["calendar", "import", "lab", "lab.ics"]);
    folder
}

/// Standard output of a command that must succeed.
fn done(folder: &Folder, arguments: &[&str]) -> String {
    let ended = folder.run(arguments);
    assert_eq!(ended.status(), 0, "{arguments:?}: {}", ended.err());
    ended.out()
}

/// Standard error of a command that must fail with that status, and answers nothing.
fn fails(folder: &Folder, status: i32, arguments: &[&str]) -> String {
    let ended = folder.run(arguments);
    assert_eq!(ended.status(), status, "{arguments:?}: {}", ended.err());
    assert_eq!(ended.out(), "", "{arguments:?}");
    ended.err()
}

fn count_of(folder: &Folder, list: &[&str], of: &str) -> usize {
    folder.run(&[list, &["list", "--json"]].concat()).json()[of].as_array().unwrap().len()
}

#[test]
fn what_cannot_be_a_user_or_a_password_is_refused() {
    let folder = lab();
    let short = folder.run_with_input("short\n", &["user", "add", "ben", "--password-stdin"]);
    assert_eq!(short.status(), 1);
    assert!(short.err().contains("at least 10 characters"), "{}", short.err());
    let set = ["user", "password", "ann", "--password-stdin"];
    assert_eq!(folder.run_with_input("", &set).status(), 1, "an empty password");
    let of_nobody = ["user", "password", "ben", "--password-stdin"];
    assert_eq!(folder.run_with_input("long enough for it\n", &of_nobody).status(), 1);
    assert!(fails(&folder, 1, &["user", "add", " ANN "]).contains("already used by another user"));
    fails(&folder, 1, &["user", "add", ""]);
    fails(&folder, 1, &["user", "add", "ben", "--address", "no address"]);
    fails(&folder, 1, &["user", "deactivate", "ben"]);
    fails(&folder, 2, &["user", "password", "ann"]);
    fails(&folder, 2, &["user", "add"]);
    assert_eq!(count_of(&folder, &["user"], "users"), 1);
}

#[test]
fn users_are_listed_with_what_they_are_and_the_last_administrator_is_not_deactivated() {
    let folder = lab();
    done(&folder, &["user", "add", "Ben", "--address", "ben@example.org"]);
    let set = ["user", "password", "ben", "--password-stdin"];
    assert_eq!(folder.run_with_input("lantern orbit velvet 29\r\n", &set).status(), 0);
    let last = fails(&folder, 1, &["user", "deactivate", "ann"]);
    assert!(last.contains("no administrator would be left"), "{last}");
    let answer = folder.run(&["user", "list", "--json"]).json();
    let [ann, ben] = &answer["users"].as_array().unwrap()[..] else { panic!("{answer}") };
    assert_eq!((&ann["administrator"], &ann["active"]), (&true.into(), &true.into()));
    assert_eq!(ann["calendars"], serde_json::json!(["lab"]));
    assert_eq!((&ben["name"], &ben["has_password"]), (&"ben".into(), &true.into()));
    assert_eq!(folder.run(&["user", "activate", "ann"]).err(), "");
    assert_eq!(done(&folder, &["user", "sign-out", "ann"]), "ann is signed out everywhere.\n");
    assert!(fails(&folder, 1, &["user", "sign-out", "nobody"]).contains("nobody"));
    assert!(done(&folder, &["user", "list"]).contains("ben@example.org"));
}

#[test]
fn a_key_is_printed_alone_and_once() {
    let folder = lab();
    fails(&folder, 1, &["key", "add", "--user", "ben", "--name", "x"]);
    fails(&folder, 1, &["key", "add", "--user", "ann", "--name", "x", "--calendar", "nowhere"]);
    fails(&folder, 1, &["key", "add", "--user", "ann", "--name", "x", "--expires", "2020-01-01"]);
    fails(&folder, 2, &["key", "add", "--user", "ann", "--name", "x", "--expires", "soon"]);
    fails(&folder, 2, &["key", "add", "--user", "ann", "--name", "x", "--right", "all"]);
    assert_eq!(count_of(&folder, &["key"], "keys"), 0);

    let add = ["key", "add", "--user", "ann", "--name", "door", "--right", "read"];
    let url = "https://rooms.example.org/it's";
    let ended = folder.run_with(&[("PUBLIC_URL", url)], &add);
    let (key, said) = (ended.out(), ended.err());
    assert!(key.starts_with("rb_") && key.len() == 44 && key.ends_with('\n'), "{key}");
    assert!(said.contains(r"'https://rooms.example.org/it'\''s/api/calendars'"), "{said}");
    assert!(!said.contains(key.trim()), "standard error may be a log: {said}");
    let listed = done(&folder, &["key", "list", "--user", "ann"]);
    assert!(listed.contains(&key[..11]) && !listed.contains(&key[..12]), "{listed}");
    assert!(listed.contains("read") && listed.contains("valid"), "{listed}");
    done(&folder, &["key", "revoke", "1"]);
    fails(&folder, 1, &["key", "revoke", "1"]);
    let state = &folder.run(&["key", "list", "--json"]).json()["keys"][0]["state"];
    assert_eq!(state, "revoked");
}

#[test]
fn the_line_to_try_a_key_is_within_its_rights() {
    let folder = lab();
    for (right, expected) in [
        ("read", "curl -H"),
        (
            "clear",
            "curl -X DELETE -H \"Authorization: Bearer $KEY\" http://127.0.0.1:8000/api/clear-bookings?test=on",
        ),
        ("create", "curl --json"),
        ("change", "curl -X PATCH"),
        ("delete", "/events/ID"),
        ("freebusy", "no call of the API answers that yet"),
    ] {
        let ended = folder.run(&["key", "add", "--user", "ann", "--name", right, "--right", right]);
        let said = ended.err().replace('\'', "");
        assert!(said.contains(expected), "{right}: {said}");
        assert_eq!(said.contains("curl"), right != "freebusy", "{said}");
    }
}

#[test]
fn a_key_that_would_reach_nothing_comes_with_a_warning() {
    let folder = lab();
    done(&folder, &["calendar", "add", "attic"]);
    let limited = ["key", "add", "--user", "ann", "--name", "x", "--calendar", "attic"];
    assert!(folder.run(&limited).err().contains("does not reach attic"));
    done(&folder, &["user", "add", "ben"]);
    let ended = folder.run(&["key", "add", "--user", "ben", "--name", "x"]);
    assert!(ended.err().contains("no calendars yet"), "{}", ended.err());
}

#[test]
fn what_cannot_be_a_calendar_is_refused() {
    let folder = lab();
    for slug in ["docs", "calendars", "clear-bookings", "Lab", "lab", ""] {
        fails(&folder, 1, &["calendar", "add", slug]);
    }
    fails(&folder, 1, &["calendar", "add", "attic", "--user", "ben"]);
    fails(&folder, 1, &["calendar", "add", "attic", "--horizon", "0"]);
    fails(&folder, 1, &["calendar", "add", "attic", "--room-address", "attic"]);
    fails(&folder, 2, &["calendar", "add", "attic", "--zone", "Mars/Olympus"]);
    fails(&folder, 2, &["calendar", "add", "attic", "--free-blocks=perhaps"]);
    fails(&folder, 1, &["calendar", "set", "attic", "--horizon", "9"]);
    fails(&folder, 2, &["calendar", "set", "lab"]);
    fails(&folder, 1, &["calendar", "unassign", "lab", "ben"]);
    assert_eq!(count_of(&folder, &["calendar"], "calendars"), 1);
}

#[test]
fn only_what_is_given_changes_in_a_calendar() {
    let folder = lab();
    let environment = [("TIME_ZONE", "Europe/Berlin")];
    let add = ["calendar", "add", "attic", "--room-address", "attic@example.org"];
    assert_eq!(folder.run_with(&environment, &add).status(), 0);
    let set = ["calendar", "set", "attic", "--free-blocks", "--schedule", "15"];
    done(&folder, &[&set[..], &["--rank-by", "created", "--unknown-zone", "calendar"]].concat());
    done(&folder, &["calendar", "set", "attic", "--conflicts", "warn", "--grace", "3"]);
    let attic = || folder.run(&["calendar", "list", "--json"]).json()["calendars"][0].clone();
    let before = attic();
    assert_eq!((&before["zone"], &before["name"]), (&"Europe/Berlin".into(), &"attic".into()));
    assert_eq!((&before["free_blocks"], &before["rank_by"]), (&true.into(), &"created".into()));
    assert_eq!(before["room_address"], "attic@example.org");
    assert_eq!(before["unknown_zone"], "calendar");
    assert_eq!((&before["conflicts"], &before["grace_hours"]), (&"warn".into(), &3.into()));
    done(&folder, &["calendar", "set", "attic", "--free-blocks=false", "--schedule", "0"]);
    done(&folder, &["calendar", "set", "attic", "--room-address", ""]);
    done(&folder, &["calendar", "assign", "attic", "ann"]);
    let mut expected = before;
    expected["free_blocks"] = false.into();
    expected["schedule_minutes"] = serde_json::Value::Null;
    expected["room_address"] = serde_json::Value::Null;
    expected["users"] = serde_json::json!(["ann"]);
    assert_eq!(attic(), expected);
    done(&folder, &["calendar", "unassign", "attic", "ann"]);
}

#[test]
fn a_file_that_is_no_calendar_is_named_and_nothing_of_it_is_imported() {
    let folder = lab();
    folder.write("notes.txt", "BEGIN:VCARD\r\nEND:VCARD\r\n");
    let error = fails(&folder, 1, &["calendar", "import", "lab", "notes.txt"]);
    assert!(error.contains("cannot read notes.txt"), "{error}");
    let error = fails(&folder, 1, &["calendar", "import", "lab", "nothing.ics"]);
    assert!(error.contains("there is no such file"), "{error}");
    fails(&folder, 1, &["calendar", "import", "attic", "notes.txt"]);
    assert!(!done(&folder, &["calendar", "export", "lab"]).contains("VEVENT"));
}

#[test]
fn what_cannot_be_read_is_named_with_the_reason_by_import_and_doctor() {
    let folder = lab();
    let zone = "Eastern Time (Nowhere)";
    let lost = |uid: &str| {
        let event = soon(uid, "20260101", 1200, "");
        event.replace("DTSTART:", &format!("DTSTART;TZID={zone}:")).replace("0Z\nDTEND", "0\nDTEND")
    };
    let events: Vec<String> = (10..40).map(|number| lost(&format!("lost-{number}"))).collect();
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    folder.write("lost.ics", &calendar(&events));
    let imported = folder.run(&["calendar", "import", "lab", "lost.ics"]);
    assert_eq!(
        imported.out(),
        "30 events added, 0 replaced, 0 unchanged; 30 of them cannot be read\n"
    );
    let err = imported.err();
    assert!(err.contains("cannot be read: lost-10") && err.contains(zone), "{err}");
    assert!(err.contains("--unknown-zone"), "what to do is not cut off: {err}");
    assert!(err.contains("cannot be read: 10 others") && !err.contains("lost-35"), "{err}");
    let said = folder.run(&["doctor"]);
    let said = said.out() + &said.err();
    assert!(said.contains("lost-10") && said.contains(zone), "{said}");
    assert!(said.contains("--unknown-zone"), "{said}");
    assert!(said.contains("20 more objects that cannot be read"), "{said}");
}

#[test]
fn what_is_imported_is_exported() {
    let folder = overbooked();
    let again = done(&folder, &["calendar", "import", "lab", "lab.ics"]);
    assert_eq!(again, "0 events added, 0 replaced, 3 unchanged\n");
    let exported = done(&folder, &["calendar", "export", "lab"]);
    assert_eq!(exported.matches("BEGIN:VEVENT").count(), 3);
    assert_eq!(done(&folder, &["calendar", "export", "lab", "copy.ics"]), "");
    assert_eq!(fs::read_to_string(folder.path().join("copy.ics")).unwrap(), exported);
    folder.write("new.ics", &calendar(&[&soon("late", "20260202", 1300, "")]));
    let new = done(&folder, &["calendar", "import", "lab", "new.ics"]);
    assert_eq!(new, "0 events added, 1 replaced, 0 unchanged\n");
    fails(&folder, 1, &["calendar", "export", "lab", "no/such/folder.ics"]);
}

/// Writes a file of another crate's tests to the folder, its year 2027 replaced by one far ahead.
fn write_fixture(folder: &Folder, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let mut text = fs::read(path).unwrap();
    for at in 0..text.len() - 3 {
        if &text[at..at + 4] == b"2027" {
            text[at..at + 4].copy_from_slice(b"2090");
        }
    }
    fs::write(folder.path().join("fixture.ics"), text).unwrap();
    done(folder, &["calendar", "set", "lab", "--horizon", "36525"]);
}

#[test]
fn a_date_taken_out_of_a_file_that_is_no_utf8_has_the_very_bytes_of_its_zone() {
    let folder = lab();
    write_fixture(&folder, "ical/tests/fixtures/text/file-in-windows-1252.ics");
    let imported = folder.run(&["calendar", "import", "lab", "fixture.ics"]);
    assert_eq!(imported.out(), "2 events added, 0 replaced, 0 unchanged\n");
    assert!(imported.err().contains("warning: s@example.org: it has bytes that are not UTF-8"));
    // The event that is older has the second date.
    let cleared = folder.run(&["clear", "--json"]).json();
    assert_eq!(uids(&cleared, "cancelled_overlapping_recurring_events"), ["s@example.org"]);
    done(&folder, &["calendar", "export", "lab", "out.ics"]);
    let exported = fs::read(folder.path().join("out.ics")).unwrap();
    let holds = |line: &[u8]| exported.windows(line.len()).any(|it| it == line);
    assert!(holds(b"EXDATE;TZID=\"Mitteleurop\xE4ische Zeit\":20900614T090000"));
    assert!(holds(b"SUMMARY:M\xF6ller") || holds(b"SUMMARY:M\xFCller"));
    assert!(holds(b"TZID:Mitteleurop\xE4ische Zeit"));
}

#[test]
fn a_zone_whose_name_is_text_is_kept_from_import_to_export() {
    let folder = lab();
    done(&folder, &["calendar", "set", "lab", "--zone", "America/New_York"]);
    let name = "tzid-that-is-text-is-not-the-zone-of-the-calendar.ics";
    write_fixture(&folder, &format!("clearing/tests/fixtures/reading/{name}"));
    assert_eq!(folder.run(&["calendar", "import", "lab", "fixture.ics"]).err(), "");
    let exported = done(&folder, &["calendar", "export", "lab"]);
    assert!(exported.contains("TZID:(UTC+00:00) Dublin\\, Edinburgh\\, Lisbon\\, London\r\n"));
    assert!(done(&folder, &["clear"]).contains("there is nothing to clear"));
}

#[test]
fn what_was_passed_over_is_named_by_import_clear_and_doctor() {
    let folder = lab();
    let name = "status-canceled-with-one-l-is-no-status.ics";
    write_fixture(&folder, &format!("clearing/tests/fixtures/reading/{name}"));
    let imported = folder.run(&["calendar", "import", "lab", "fixture.ics"]);
    assert!(imported.err().contains("a@example.org: STATUS \"CANCELED\""), "{}", imported.err());
    let test = folder.run(&["clear", "--test", "--json"]).json();
    assert_eq!(test["warnings"][0]["code"], "unknown_status");
    assert_eq!(test["warnings"][0]["object"], "a@example.org");
    let page = done(&folder, &["clear", "--test"]);
    assert!(page.contains("Warnings") && page.contains("CANCELED"), "{page}");
    let found = done(&folder, &["doctor"]);
    assert!(found.contains("warning  calendar lab: a@example.org: STATUS"), "{found}");
}

#[test]
fn the_other_masters_of_a_uid_are_named_by_import_and_check() {
    for path in [
        "clearing/tests/fixtures/reading/of-several-masters-the-last-counts.ics",
        "ical/tests/fixtures/sequence/of-three-masters-without-sequence-the-last-counts.ics",
    ] {
        let folder = lab();
        write_fixture(&folder, path);
        let imported = folder.run(&["calendar", "import", "lab", "fixture.ics"]);
        assert!(imported.err().contains("events have this UID"), "{path}: {}", imported.err());
        let check = folder.run(&["check", "--json", "fixture.ics"]).json();
        assert_eq!(check["warnings"][0]["code"], "several_masters", "{path}: {check}");
    }
}

#[test]
fn the_history_says_who_is_told() {
    let folder = overbooked();
    done(&folder, &["clear"]);
    let shown: Vec<_> = ["1", "2"].map(|id| done(&folder, &["history", "show", id])).into();
    let told = shown.iter().filter(|it| it.contains("removed to late@example.org: waiting"));
    assert_eq!(told.count(), 1, "{shown:?}");
}

#[test]
fn priorities_and_protections_name_a_calendar_or_all() {
    let folder = overbooked();
    fails(&folder, 2, &["calendar", "prioritise", "lab"]);
    fails(&folder, 2, &["calendar", "prioritise", "--title", "late"]);
    fails(&folder, 2, &["calendar", "prioritise", "lab", "--all", "--title", "late"]);
    fails(&folder, 2, &["calendar", "prioritise", "lab", "--title", "late", "--uid", "late"]);
    fails(&folder, 1, &["calendar", "prioritise", "attic", "--title", "late"]);
    fails(&folder, 1, &["calendar", "prioritise", "lab", "--organizer", "late"]);
    fails(&folder, 2, &["calendar", "prioritise", "lab", "--title", "*"]);
    fails(&folder, 2, &["calendar", "prioritise", "lab", "--title", "!!!"]);
    fails(&folder, 2, &["calendar", "protect", "late"]);
    fails(&folder, 1, &["calendar", "protect", "attic", "late"]);
    done(&folder, &["calendar", "prioritise", "--all", "--organizer", "late@example.org"]);
    let test = folder.run(&["clear", "--test", "--json"]).json();
    assert_eq!(uids(&test, "deleted_overlapping_events"), ["early"]);
    done(&folder, &["calendar", "protect", "lab", "early"]);
    let test = folder.run(&["clear", "--test", "--json"]).json();
    assert_eq!(uids(&test, "deleted_overlapping_events"), [""; 0]);
    done(&folder, &["calendar", "protect", "--all", "off"]);
    let rules = done(&folder, &["calendar", "rules"]);
    let expected = "all calendars: prioritised organizer late@example.org (ties: keep)\n\
                    all calendars: protected off\nlab: protected early\n";
    assert_eq!(rules, expected);
    let organizer =
        ["calendar", "prioritise", "--all", "--organizer", "late@example.org", "--remove"];
    done(&folder, &organizer);
    fails(&folder, 1, &organizer);
    fails(&folder, 1, &["calendar", "protect", "--all", "early", "--remove"]);
    done(&folder, &["calendar", "protect", "lab", "early", "--remove"]);
    let test = folder.run(&["clear", "--test", "--json"]).json();
    assert_eq!(uids(&test, "deleted_overlapping_events"), ["late"]);
}

#[test]
fn what_holds_between_two_that_are_prioritised_is_set_and_listed() {
    let folder = overbooked();
    for uid in ["early", "late"] {
        done(&folder, &["calendar", "prioritise", "lab", "--uid", uid]);
    }
    let test = folder.run(&["clear", "--test", "--json"]).json();
    assert_eq!(test["ignored_overlapping_events"][0]["reason"], "prioritised");
    for uid in ["early", "late"] {
        done(&folder, &["calendar", "prioritise", "lab", "--uid", uid, "--ties", "rank"]);
    }
    let test = folder.run(&["clear", "--test", "--json"]).json();
    assert_eq!(uids(&test, "deleted_overlapping_events"), ["late"]);
    done(&folder, &["calendar", "prioritise", "--all", "--organizer", "@example.org"]);
    done(&folder, &["calendar", "prioritise", "--all", "--title", "board", "--ties", "keep"]);
    let rules = done(&folder, &["calendar", "rules"]);
    for line in [
        "all calendars: prioritised title board (ties: keep)\n",
        "all calendars: prioritised organizer @example.org (ties: rank)\n",
        "lab: prioritised uid early (ties: rank)\n",
    ] {
        assert!(rules.contains(line), "{line}: {rules}");
    }
    let wrong = ["calendar", "prioritise", "lab", "--uid", "early", "--ties"];
    fails(&folder, 2, &[&wrong[..], &["both"]].concat());
    fails(&folder, 2, &[&wrong[..], &["keep", "--remove"]].concat());
}

#[test]
fn a_strangers_text_is_printed_without_what_a_terminal_obeys() {
    let folder = lab();
    let evil =
        soon("evil", "20260201", 1200, "").replace("SUMMARY:evil", "SUMMARY:\u{1b}[2Jx\u{202e}");
    folder.write("evil.ics", &calendar(&[&soon("early", "20260101", 1200, ""), &evil]));
    done(&folder, &["calendar", "import", "lab", "evil.ics"]);
    let mut said = done(&folder, &["clear", "--test"]) + &done(&folder, &["clear"]);
    said += &done(&folder, &["history", "list"]);
    said += &done(&folder, &["history", "show", "1"]);
    said += &done(&folder, &["history", "restore", "1", "--protect"]);
    assert!(said.contains("[2Jx") && !said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
}
