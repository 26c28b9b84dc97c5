//! `clear` and `history` as their users run them.

use super::*;

#[test]
fn a_clear_of_an_unknown_calendar_clears_nothing_anywhere() {
    let folder = overbooked();
    let before = done(&folder, &["calendar", "export", "lab"]);
    for name in ["attic", "", "LAB"] {
        fails(&folder, 1, &["clear", "--calendar", "lab", "--calendar", name]);
    }
    assert_eq!(done(&folder, &["calendar", "export", "lab"]), before);
}

#[test]
fn a_test_says_what_a_clear_does_and_changes_nothing() {
    let folder = overbooked();
    let before = done(&folder, &["calendar", "export", "lab"]);
    let said = done(&folder, &["clear", "--test"]);
    assert!(said.contains("1 calendar; a clear would mean: 1 cancelled event deleted"), "{said}");
    let mut test = folder.run(&["clear", "--test", "--json"]).json();
    assert_eq!(done(&folder, &["calendar", "export", "lab"]), before);
    assert_eq!(count_of(&folder, &["history"], "history"), 0);

    let real = folder.run(&["clear", "--calendar", "lab", "--json"]).json();
    assert_eq!(uids(&real, "deleted_overlapping_events"), ["late"]);
    assert_eq!(uids(&real, "deleted_cancelled_events"), ["off"]);
    test["test_mode"] = false.into();
    assert_eq!(test, real);
    assert!(done(&folder, &["clear"]).contains("1 calendar: there is nothing to clear."));
    assert_eq!(count_of(&folder, &["history"], "history"), 2);
}

#[test]
fn beyond_the_safety_limit_nothing_is_removed_until_it_is_confirmed() {
    let folder = overbooked();
    done(&folder, &["calendar", "set", "lab", "--safety-limit", "0"]);
    let kept = done(&folder, &["clear"]);
    assert!(kept.contains("too many events") && kept.contains("clear --confirm"), "{kept}");
    assert!(done(&folder, &["doctor"]).contains("warning  calendar lab: its safety limit"));
    assert!(done(&folder, &["doctor"]).contains("within 48 hours"));
    assert!(kept.contains("within 48 hours"), "{kept}");
    let help = done(&folder, &["calendar", "set", "--help"]);
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("[default: held-since]") && help.contains("within 48 hours"), "{help}");
    let cleared = done(&folder, &["clear", "--confirm"]);
    assert!(cleared.contains("1 overlapping event deleted"), "{cleared}");
    assert!(!done(&folder, &["doctor"]).contains("safety limit"));
}

#[test]
fn what_was_removed_is_restored_once_and_stays_if_it_is_protected() {
    let folder = overbooked();
    done(&folder, &["calendar", "set", "lab", "--no-template"]);
    done(&folder, &["clear"]);
    let answer = folder.run(&["history", "list", "--calendar", "lab", "--json"]).json();
    let lines = answer["history"].as_array().unwrap();
    let late = lines.iter().find(|it| it["event"]["uid"] == "late").unwrap();
    assert_eq!(late["kind"], "deleted overlapping");
    assert_eq!(late["overlaps_with"][0]["uid"], "early");
    let id = late["id"].to_string();
    let shown = done(&folder, &["history", "show", &id]);
    assert!(shown.contains("Overlaps with  early (early@example.org)"), "{shown}");
    assert!(shown.contains("none: the calendar has no template"), "{shown}");
    let ics = done(&folder, &["history", "show", &id, "--ics"]);
    assert!(ics.contains("\r\nUID:late\r\n") && !ics.contains("early"), "{ics}");

    let restored = folder.run(&["history", "restore", &id]);
    assert!(restored.out().contains("Restored to lab: late"), "{}", restored.out());
    assert!(restored.err().contains("calendar protect lab 'late'"), "{}", restored.err());
    assert!(fails(&folder, 1, &["history", "restore", &id]).contains("already restored"));
    for command in ["restore", "show"] {
        fails(&folder, 1, &["history", command, "999"]);
        fails(&folder, 2, &["history", command, "late"]);
    }
    fails(&folder, 1, &["history", "list", "--calendar", "attic"]);

    let again = folder.run(&["clear", "--json"]).json();
    assert_eq!(uids(&again, "deleted_overlapping_events"), ["late"]);
    let latest = folder.run(&["history", "list", "--limit", "1", "--json"]).json();
    let id = latest["history"][0]["id"].to_string();
    assert_eq!(folder.run(&["history", "restore", &id, "--protect"]).err(), "");
    let last = folder.run(&["clear", "--json"]).json();
    assert_eq!(last["ignored_overlapping_events"][0]["reason"], "protected");
}

#[test]
fn tables_say_who_has_held_the_hour_since_when() {
    let folder = overbooked();
    let since = "it has held its time since 1 Feb 2026, 00:00, the other since 1 Jan 2026, 00:00, an order \
                 that this program did not see itself (rule 4)";
    let test = done(&folder, &["clear", "--test"]);
    assert!(test.contains(since), "{test}");
    done(&folder, &["calendar", "protect", "lab", "late"]);
    let kept = done(&folder, &["clear", "--test"]);
    assert!(kept.contains(&format!("its UID is protected; {since}")), "{kept}");
    done(&folder, &["calendar", "protect", "lab", "late", "--remove"]);
    done(&folder, &["clear"]);
    let listed = folder.run(&["history", "list", "--json"]).json();
    let late = listed["history"].as_array().unwrap().iter().find(|it| it["event"]["uid"] == "late");
    let late = late.unwrap();
    assert_eq!(late["because"]["rule"], "held_since");
    assert_eq!(late["not_confirmed"], false);
    let shown = done(&folder, &["history", "show", &late["id"].to_string()]);
    assert!(shown.contains(&format!("Because        {since}")), "{shown}");
}

#[test]
fn a_removal_that_its_server_did_not_confirm_is_told_as_one() {
    let folder = overbooked();
    done(&folder, &["clear"]);
    assert!(!done(&folder, &["history", "list"]).contains("not confirmed"));
    let url = format!("sqlite://{}", folder.path().join("data/room-booking.sqlite").display());
    let sql = "UPDATE changes SET not_confirmed = TRUE WHERE uid = 'late'";
    testing::block_on(Database::existing(&url).execute(sql));
    assert!(done(&folder, &["history", "list"]).contains("deleted overlapping (not confirmed)"));
    let listed = folder.run(&["history", "list", "--json"]).json();
    for line in listed["history"].as_array().unwrap() {
        assert_eq!(line["not_confirmed"], line["event"]["uid"] == "late");
        let shown = done(&folder, &["history", "show", &line["id"].to_string()]);
        let is_said = shown.contains("somebody else may have deleted it");
        assert_eq!(is_said, line["event"]["uid"] == "late", "{shown}");
    }
}

#[test]
fn the_report_of_a_month_counts_what_runs_removed_and_the_hours_that_are_booked() {
    let folder = overbooked();
    done(&folder, &["clear"]);
    let month = jiff::Timestamp::now().strftime("%Y-%m").to_string();
    let report = folder.run(&["report", "--json"]).json();
    let conflicts = &report["rooms"][0]["conflicts"];
    assert_eq!((&conflicts["found"], &conflicts["removed"]), (&1.into(), &1.into()), "{report}");
    assert_eq!(conflicts["leftovers_removed"], 1, "{report}");
    assert_eq!(report["month"], month.as_str());
    let said = done(&folder, &["report", "--month", &month]);
    assert!(
        said.contains("1 room, ") && said.contains("removed: 1, settled: 0, kept: 0"),
        "{said}"
    );
    let before = done(&folder, &["report", "--month", "2020-02"]);
    assert!(before.contains("2020-02: 1 room, 0.00 hours booked, 0.00 used twice"), "{before}");
    for month in ["2026-13", "November", ""] {
        fails(&folder, 2, &["report", "--month", month]);
    }
}

#[test]
fn pending_removals_are_listed_kept_and_carried_out() {
    let folder = overbooked();
    done(&folder, &["calendar", "set", "lab", "--conflicts", "warn"]);
    let listed = || folder.run(&["pending", "list", "--json"]).json()["pending"].clone();
    assert_eq!(listed(), serde_json::json!([]));
    done(&folder, &["clear"]);
    let before = listed();
    let id = |it: &serde_json::Value| it["id"].to_string();
    let first = &before[0];
    assert!(done(&folder, &["pending", "list"]).contains(first["event"]["name"].as_str().unwrap()));
    done(&folder, &["pending", "keep", &id(first)]);
    assert_eq!(listed()[0]["decision"], "keep");
    assert!(done(&folder, &["pending", "now", &id(first)]).contains("is removed"));
    assert_eq!(listed().as_array().unwrap().len(), before.as_array().unwrap().len() - 1);
    fails(&folder, 1, &["pending", "keep", &id(first)]);
    fails(&folder, 1, &["pending", "now", "7000"]);
}
