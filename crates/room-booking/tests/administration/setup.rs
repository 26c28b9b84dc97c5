//! `setup`: from nothing to a room that is kept.

use std::fs;

use testing::fake::{PASSWORD, Quirks, USER};
use testing::program::{Ended, Folder, room_booking};

use super::servers::Setting;
use super::{done, fails};

const PERSON: &str =
    "USER=ann\nUSER_ADDRESS=ann@example.org\nUSER_PASSWORD=\"lantern orbit velvet 29\"\n";

/// Runs `setup` with these answers.
fn answered(folder: &Folder, answers: &str) -> String {
    let file = folder.file("answers", answers.as_bytes()).display().to_string();
    done(folder, &["setup", "--yes", &file])
}

fn refused(folder: &Folder, answers: &str) -> String {
    let file = folder.file("answers", answers.as_bytes()).display().to_string();
    fails(folder, 1, &["setup", "--yes", &file])
}

#[test]
fn a_wrong_answer_sets_nothing_up() {
    let folder = Folder::new();
    for (answers, error) in [
        (format!("{PERSON}ROMS=Lab\n"), "nothing asks for ROMS"),
        (format!("{PERSON}ROOMS=\",,\"\n"), "ROOMS names no room"),
        (format!("{PERSON}SCHEDULE=often\n"), "SCHEDULE must be a number"),
        (format!("{PERSON}SMTP_SERVER=mail.example.org\n"), "SMTP_EMAIL is missing"),
        (format!("{PERSON}PUBLIC_URL=rooms.example.org\n"), "PUBLIC_URL"),
        (format!("{PERSON}TIME_ZONE=Europe/Berln\n"), "TIME_ZONE"),
        ("USER=ann\nUSER_PASSWORD=\"lantern $orbit velvet 29\"\n".to_owned(), "single quotes"),
        ("USER=ann\nUSER_PASSWORD=short\n".to_owned(), "at least"),
        ("USER_PASSWORD=\"lantern orbit velvet 29\"\nUSER=\n".to_owned(), "name must have"),
        ("USER=ann\n".to_owned(), "USER_PASSWORD is missing"),
    ] {
        let said = refused(&folder, &answers);
        assert!(said.contains(error), "{answers}: {said}");
        assert!(!folder.path().join(".env").exists(), "{answers}");
    }
    let listed = folder.run(&["user", "list", "--json"]).json();
    assert_eq!(listed["users"].as_array().unwrap().len(), 0);
    assert!(fails(&folder, 2, &["setup"]).contains("--yes FILE"));
}

#[test]
fn built_in_rooms_an_administrator_and_the_settings_are_made_and_a_second_setup_adds_to_them() {
    let folder = Folder::new();
    folder.write(".env", "TIME_ZONE=Europe/Berlin");
    let mail = "SMTP_SERVER=mail.example.org\nSMTP_EMAIL=rooms@example.org\nSMTP_PASSWORD='it is $ecret'\n";
    let more = "ROOMS=\"Board room, Lab\"\nPUBLIC_URL=https://rooms.example.org/\nSCHEDULE=30\n";
    let said = answered(&folder, &format!("{PERSON}{mail}{more}"));
    assert!(
        said.contains("https://rooms.example.org/admin/calendars/board-room/preview"),
        "{said}"
    );
    assert!(!said.contains("ecret"), "{said}");
    let rooms = folder.run(&["calendar", "list", "--json"]).json();
    let rooms = rooms["calendars"].as_array().unwrap().clone();
    let slugs: Vec<_> =
        rooms.iter().map(|it| it["calendar"].as_str().or(it["name"].as_str())).collect();
    assert_eq!(slugs.len(), 2, "{rooms:?}");
    assert!(rooms.iter().all(|it| it["schedule_minutes"] == 30), "{rooms:?}");
    let config = done(&folder, &["config"]);
    for setting in ["Europe/Berlin", "https://rooms.example.org", "mail.example.org"] {
        assert!(config.contains(setting), "{config}");
    }
    let env = fs::read_to_string(folder.path().join(".env")).unwrap();
    assert!(env.starts_with("TIME_ZONE=Europe/Berlin\nSMTP_SERVER="), "{env}");

    // The same answers once more, such as after a setup that stopped half way.
    let said = answered(
        &folder,
        &format!("{PERSON}{mail}ROOMS=\"Lab, Studio\"\nPUBLIC_URL=https://other.example.org\n"),
    );
    assert!(said.contains("The room Lab is there already: lab."), "{said}");
    assert!(said.contains("The room Studio is added: studio."), "{said}");
    let after = fs::read_to_string(folder.path().join(".env")).unwrap();
    assert_eq!(after, env, "what is there stays");
    assert_eq!(
        done(&folder, &["user", "list"]).matches("ann").count(),
        2,
        "one user, with an address"
    );
}

#[test]
fn a_room_of_a_calendar_server_is_found_fetched_and_kept() {
    let setting = Setting::new(Quirks::NEXTCLOUD);
    let folder = Folder::new();
    let url = setting.server.url();
    let server = format!("CALENDAR_SERVER={url}\nCALENDAR_USER={USER}\n");
    let wrong = refused(&folder, &format!("{PERSON}{server}CALENDAR_PASSWORD=wrong\n"));
    assert!(wrong.contains("password") && !wrong.contains("lantern"), "{wrong}");
    let password = format!("CALENDAR_PASSWORD={PASSWORD}\n");
    let missing = refused(&folder, &format!("{PERSON}{server}{password}ROOMS=\"No such room\"\n"));
    assert!(missing.contains("there is no calendar \"No such room\""), "{missing}");
    let said = answered(&folder, &format!("{PERSON}{server}{password}ROOMS=1\n"));
    assert!(said.contains("is up to date: 2 objects."), "{said}");
    let rooms = folder.run(&["calendar", "list", "--json"]).json();
    assert_eq!(rooms["calendars"][0]["kind"], "caldav");
    assert_eq!(rooms["calendars"][0]["schedule_minutes"], 15);
    done(&folder, &["clear"]);
    assert!(setting.server.objects().keys().eq(["early.ics"]));
}

/// Runs `setup` in a folder in which `.env` cannot be written, also not by root; the database is in `data` of `folder`.
fn answered_where_nothing_can_be_written(
    folder: &Folder,
    answers: &str,
    environment: &[(&str, &str)],
) -> Ended {
    let file = folder.file("answers", answers.as_bytes());
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    std::os::unix::fs::symlink("nowhere/env", inner.join(".env")).unwrap();
    let mut command = room_booking();
    command.current_dir(&inner).args(["setup", "--yes"]).arg(&file);
    command.env("DATA_DIR", folder.path().join("data")).envs(environment.iter().copied());
    Ended::of(command, "")
}

#[test]
fn what_the_environment_sets_is_neither_asked_for_nor_written() {
    let folder = Folder::new();
    let answers = format!(
        "{PERSON}ROOMS=Lab\nTIME_ZONE=Europe/Paris\nPUBLIC_URL=https://other.example.org\n\
         SMTP_SERVER=mail.example.org\nSMTP_EMAIL=rooms@example.org\n"
    );
    let environment = [
        ("TIME_ZONE", "Europe/Berlin"),
        ("PUBLIC_URL", "https://rooms.example.org"),
        ("SMTP_SERVER", "smtp.example.org"),
        ("SMTP_EMAIL", "lab@example.org"),
    ];
    // As in a container whose root file system is read-only.
    let ended = answered_where_nothing_can_be_written(&folder, &answers, &environment);
    let said = ended.done();
    assert!(said.contains("https://rooms.example.org/admin/calendars/lab/preview"), "{ended:?}");
    assert!(!said.contains("Written to"), "{said}");
    let rooms = folder.run(&["calendar", "list", "--json"]).json();
    assert_eq!(rooms["calendars"][0]["zone"], "Europe/Berlin", "{rooms}");
}

#[test]
fn nobody_is_added_if_the_settings_cannot_be_written() {
    let folder = Folder::new();
    let answers = format!("{PERSON}TIME_ZONE=Europe/Paris\n");
    let ended = answered_where_nothing_can_be_written(&folder, &answers, &[]);
    assert!(ended.status() == 1 && ended.err().contains("cannot write"), "{ended:?}");
    let users = folder.run(&["user", "list", "--json"]).json();
    assert_eq!(users["users"].as_array().unwrap().len(), 0);
}

#[test]
fn a_server_without_tls_on_another_machine_needs_a_plain_yes() {
    let setting = Setting::new(Quirks::NEXTCLOUD);
    let folder = Folder::new();
    // It leads to this machine, but is not one of the addresses that always do.
    let url = setting.server.url().replace("127.0.0.1", "0.0.0.0");
    let server = format!(
        "{PERSON}CALENDAR_SERVER={url}\nCALENDAR_USER={USER}\nCALENDAR_PASSWORD={PASSWORD}\nROOMS=1\n"
    );
    for more in ["", "CALENDAR_PLAIN_HTTP=no\n"] {
        let said = refused(&folder, &format!("{server}{more}"));
        assert!(said.contains("has no TLS") && said.contains("CALENDAR_PLAIN_HTTP"), "{said}");
    }
    let said = answered(&folder, &format!("{server}CALENDAR_PLAIN_HTTP=yes\n"));
    assert!(said.contains("is up to date: 2 objects."), "{said}");
}
