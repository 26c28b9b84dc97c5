//! The database: `backup`, `restore` and `copy-to` as an administrator runs them, and where there is none.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use testing::program::Folder;

use super::{done, fails, overbooked};

/// The UIDs of a calendar's events.
fn exported(folder: &Folder) -> Vec<String> {
    let text = done(folder, &["calendar", "export", "lab"]);
    let mut uids: Vec<_> =
        text.lines().filter_map(|it| it.strip_prefix("UID:")).map(str::to_owned).collect();
    uids.sort();
    uids
}

#[test]
fn a_backup_is_restored_over_the_present_database_which_is_kept() {
    let folder = overbooked();
    // A password of a calendar server would make it; the backup has no key.
    let out = folder.run(&["backup", "rooms.backup"]);
    assert!(out.done().contains("1 user, 1 calendar, 3 events and series"), "{}", out.out());
    assert!(out.err().contains("secret.key"), "{}", out.err());
    let file = folder.path().join("rooms.backup");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let again = fails(&folder, 1, &["backup", "rooms.backup"]);
    assert!(again.contains("rooms.backup") && again.contains("already"), "{again}");
    done(&folder, &["clear"]);
    done(&folder, &["user", "add", "eve"]);
    assert_eq!(exported(&folder), ["early"]);

    // Without a terminal and without --yes nothing is changed.
    let asked = folder.run(&["restore", "rooms.backup"]);
    assert_eq!(asked.status(), 1);
    assert!(asked.err().contains("--yes"), "{}", asked.err());
    let kept_beside = || {
        let beside = fs::read_dir(folder.path()).unwrap();
        let names = beside.map(|it| it.unwrap().file_name().into_string().unwrap());
        names.filter(|it| it.starts_with("before-restore-")).count()
    };
    assert_eq!(kept_beside(), 0, "what is not replaced is not kept");
    assert_eq!(exported(&folder), ["early"]);
    // The second is made in the same second: the copy that is kept has another name.
    let kept = ["restore", "rooms.backup", "--yes", "--keep", "kept.backup"];
    let said = done(&folder, &kept);
    assert!(said.contains("2 users, 1 calendar, 1 event or series"), "{said}");
    assert!(said.contains("kept.backup") && said.contains("sign in again"), "{said}");
    assert_eq!(exported(&folder), ["early", "late", "off"]);
    // And back again.
    done(&folder, &["restore", "kept.backup", "--yes", "--keep", "kept-2.backup"]);
    assert_eq!(exported(&folder), ["early"]);
    let users = folder.run(&["user", "list", "--json"]).json();
    assert_eq!(users["users"].as_array().unwrap().len(), 2);
    // Where nothing else is named, it is kept beside the backup, on the disk that is to outlast what goes wrong.
    assert!(done(&folder, &["restore", "rooms.backup", "--yes"]).contains("before-restore-"));
    assert_eq!(kept_beside(), 1);
}

#[test]
fn a_backup_is_restored_into_a_new_folder_and_says_that_the_key_is_missing() {
    let folder = overbooked();
    done(&folder, &["backup", "rooms.backup"]);
    let other = Folder::new();
    fs::copy(folder.path().join("rooms.backup"), other.path().join("rooms.backup")).unwrap();
    let said = other.run(&["restore", "rooms.backup"]);
    assert!(said.done().starts_with("The backup was made on"), "{}", said.out());
    assert!(!said.out().contains("is kept in"), "there was nothing to keep: {}", said.out());
    assert_eq!(exported(&other), ["early", "late", "off"]);
    assert!(!other.path().join("data/secret.key").exists(), "no other key is made");
    let mut bytes = fs::read(other.path().join("rooms.backup")).unwrap();
    bytes.truncate(20_000);
    other.file("cut.backup", &bytes);
    let refused = other.run(&["restore", "cut.backup", "--yes"]);
    assert_eq!(refused.status(), 1);
    assert!(refused.err().contains("cut.backup: "), "{}", refused.err());
    assert_eq!(exported(&other), ["early", "late", "off"]);
}

#[test]
fn copying_to_a_database_of_the_same_kind_or_to_none_is_refused() {
    let folder = overbooked();
    let same = folder.run(&["copy-to", "sqlite://other.sqlite"]);
    assert_eq!(same.status(), 2, "{}", same.err());
    assert!(same.err().contains("has to be SQLite"), "{}", same.err());
    let nowhere = folder.run(&["copy-to", "postgres://rooms:geheim@127.0.0.1:1/rooms"]);
    assert_eq!(nowhere.status(), 1);
    assert!(!nowhere.err().contains("geheim"), "{}", nowhere.err());
}

#[test]
fn in_a_folder_without_a_database_a_command_says_so_and_makes_none() {
    let folder = Folder::new();
    for command in [&["clear"][..], &["user", "list"], &["calendar", "export", "lab"]] {
        let error = fails(&folder, 1, command);
        assert!(error.contains("there is no database") && error.contains("DATA_DIR"), "{error}");
    }
    assert!(!folder.path().join("data").exists());
    let environment = [("DATA_DIR", "elsewhere")];
    let added = folder.run_with(&environment, &["user", "add", "ann"]);
    assert!(added.err().contains("elsewhere/room-booking.sqlite"), "{}", added.err());
    assert_eq!(folder.run_with(&environment, &["user", "list"]).status(), 0);
}
