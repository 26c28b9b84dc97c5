//! `priority token` and `priority binding` as their users run them.

use crate::{count_of, done, fails, overbooked, soon};
use harness::report::uids;
use testing::ics::calendar;
use testing::program::Folder;

/// Makes a token with these further arguments.
fn add(folder: &Folder, more: &[&str]) -> String {
    let ended = folder.run(&[&["priority", "token", "add", "--label", "board"], more].concat());
    assert_eq!(ended.status(), 0, "{}", ended.err());
    let token = ended.out();
    assert!(!ended.err().contains(token.trim()), "standard error may be a log: {}", ended.err());
    token.trim_end().to_owned()
}

/// Writes the later event anew, with a token in its description.
fn hand(folder: &Folder, token: &str, from: u32) {
    let event = soon("late", "20260201", from, &format!("DESCRIPTION:{token}"));
    folder.write("late.ics", &calendar(&[&event]));
    done(folder, &["calendar", "import", "lab", "late.ics"]);
}

fn loses(folder: &Folder) -> Vec<String> {
    let test = folder.run(&["clear", "--test", "--json"]).json();
    uids(&test, "deleted_overlapping_events")
}

#[test]
fn a_token_is_printed_alone_and_once() {
    let folder = overbooked();
    let token = add(&folder, &["--calendar", "lab", "--events", "2", "--expires", "2100-01-01"]);
    assert!(token.starts_with("RB-") && token.len() == 25, "{token}");
    let answer = folder.run(&["priority", "token", "list", "--json"]).json();
    let it = &answer["tokens"][0];
    let told = (&it["label"], &it["calendars"], &it["events"], &it["events_used"], &it["state"]);
    assert_eq!(
        told,
        (&"board".into(), &serde_json::json!(["lab"]), &2.into(), &0.into(), &"valid".into())
    );
    assert_eq!(it["expires_at"], "2100-01-01T00:00:00+00:00");
    let listed = done(&folder, &["priority", "token", "list"]);
    assert!(listed.contains("board") && listed.contains("0 of 2"), "{listed}");
    assert!(!listed.contains(&token) && !answer.to_string().contains(&token));
}

#[test]
fn what_cannot_be_a_token_is_refused_and_none_is_made() {
    let folder = overbooked();
    fails(&folder, 2, &["priority", "token", "add"]);
    fails(&folder, 2, &["priority", "token", "add", "--label", "x", "--events", "0"]);
    fails(&folder, 2, &["priority", "token", "add", "--label", "x", "--expires", "soon"]);
    fails(&folder, 1, &["priority", "token", "add", "--label", "x", "--expires", "2020-01-01"]);
    fails(&folder, 1, &["priority", "token", "add", "--label", "x", "--calendar", "attic"]);
    fails(&folder, 1, &["priority", "token", "add", "--label", " "]);
    assert_eq!(count_of(&folder, &["priority", "token"], "tokens"), 0);
    let error = fails(&folder, 1, &["priority", "token", "remove", "7"]);
    assert!(error.contains("there is no priority token 7"), "{error}");
    for action in ["remove", "renew"] {
        let error = fails(&folder, 1, &["priority", "binding", action, "7"]);
        assert!(error.contains("there is no token binding 7"), "{error}");
    }
}

#[test]
fn an_event_with_a_token_keeps_the_room_until_its_binding_is_removed() {
    let folder = overbooked();
    let token = add(&folder, &[]);
    assert_eq!(loses(&folder), ["late"]);
    hand(&folder, &token, 1230);
    assert_eq!(loses(&folder), ["early"]);
    let answer = folder.run(&["priority", "binding", "list", "--json"]).json();
    let it = &answer["bindings"][0];
    assert_eq!((&it["uid"], &it["calendar"]), (&"late".into(), &"lab".into()));
    assert_eq!((&it["state"], it["intervals"].as_array().unwrap().len()), (&"bound".into(), 1));
    done(&folder, &["priority", "binding", "remove", "1"]);
    assert_eq!(loses(&folder), ["late"]);
    fails(&folder, 1, &["priority", "binding", "remove", "1"]);
    let listed = done(&folder, &["priority", "binding", "list", "--token", "1"]);
    assert!(listed.contains("removed") && listed.contains("late"), "{listed}");
    assert_eq!(
        folder.run(&["priority", "binding", "list", "--token", "2", "--json"]).json()["bindings"],
        serde_json::json!([])
    );
}

#[test]
fn a_moved_event_is_prioritised_again_when_its_binding_is_renewed() {
    let folder = overbooked();
    let token = add(&folder, &[]);
    hand(&folder, &token, 1600);
    hand(&folder, &token, 1230);
    assert_eq!(loses(&folder), ["late"]);
    done(&folder, &["priority", "binding", "renew", "1"]);
    assert_eq!(loses(&folder), ["early"]);
    done(&folder, &["priority", "token", "remove", "1"]);
    assert_eq!(loses(&folder), ["late"]);
    assert_eq!(count_of(&folder, &["priority", "binding"], "bindings"), 0);
}
