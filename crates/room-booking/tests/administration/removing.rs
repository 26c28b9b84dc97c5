//! `calendar remove`, `account remove`, `user remove` as their users run them.

use testing::fake::Quirks;

use crate::servers::Setting;
use crate::{count_of, done, fails, overbooked};

#[test]
fn a_calendar_is_removed_with_what_goes_said_first_and_only_when_that_is_confirmed() {
    let folder = overbooked();
    done(&folder, &["clear"]);
    let asked = fails(&folder, 1, &["calendar", "remove", "lab"]);
    assert!(asked.contains("1 event, which is kept only here"), "{asked}");
    assert!(asked.contains("the history, for 180 days") && asked.contains("--yes"), "{asked}");
    assert_eq!(count_of(&folder, &["calendar"], "calendars"), 1, "nothing is removed");
    let said = done(&folder, &["calendar", "remove", "lab", "--yes"]);
    assert_eq!(said, "The calendar lab is removed.\n");
    assert_eq!(count_of(&folder, &["calendar"], "calendars"), 0);
    assert!(fails(&folder, 1, &["calendar", "remove", "lab", "--yes"]).contains("lab"));
    let history = folder.run(&["history", "list", "--json"]).json();
    assert_eq!(history["history"].as_array().map(Vec::len), Some(2), "{history}");
    let id = history["history"][0]["id"].to_string();
    done(&folder, &["history", "show", &id]);
    let refused = fails(&folder, 1, &["history", "restore", &id]);
    assert!(refused.contains("the calendar was removed"), "{refused}");
    // Its name is free.
    done(&folder, &["calendar", "add", "lab", "--user", "ann"]);
    assert!(!done(&folder, &["calendar", "export", "lab"]).contains("VEVENT"));
    done(&folder, &["doctor"]);
}

#[test]
fn an_account_goes_after_its_calendars_and_a_user_after_another_administrator() {
    let setting = Setting::new(Quirks::RFC);
    let added = setting.add(&[]);
    assert_eq!(added.status(), 0, "{}", added.err());
    let folder = &setting.folder;
    let used = fails(folder, 1, &["account", "remove", "1", "--yes"]);
    assert!(used.contains("lab") && used.contains("calendar remove"), "{used}");
    done(folder, &["calendar", "remove", "lab", "--yes"]);
    assert_eq!(done(folder, &["account", "remove", "1", "--yes"]), "The account 1 is removed.\n");
    assert_eq!(count_of(folder, &["account"], "accounts"), 0);
    assert_eq!(setting.server.objects().len(), 2, "the server keeps all events");
    let last = fails(folder, 1, &["user", "remove", "ann", "--yes"]);
    assert!(last.contains("no administrator would be left"), "{last}");
    done(folder, &["user", "add", "ben", "--administrator", "--no-password"]);
    done(folder, &["key", "add", "--user", "ann", "--name", "door"]);
    assert_eq!(done(folder, &["user", "remove", "ann", "--yes"]), "The user ann is removed.\n");
    assert_eq!(count_of(folder, &["user"], "users"), 1);
    assert_eq!(count_of(folder, &["key"], "keys"), 0);
}
