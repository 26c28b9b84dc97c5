//! `config` and `doctor`.

use crate::{done, fails, lab, overbooked};
use testing::ics::calendar;
use testing::program::Folder;

const SECRETS: [(&str, &str); 6] = [
    ("SECRET_KEY", "geheim-geheim-geheim"),
    ("DATABASE_URL", "postgres://rooms:geheim@127.0.0.1:1/rooms?password=geheim"),
    ("SMTP_SERVER", "mail.example.org"),
    ("SMTP_EMAIL", "rooms@example.org"),
    ("SMTP_PASSWORD", "geheim"),
    ("LISTEN", "127.0.0.1:9000"),
];

#[test]
fn config_shows_every_setting_and_no_secret() {
    let folder = Folder::new();
    let flags = ["--public-url", "https://rooms.example.org"];
    for json in [&[][..], &["--json"]] {
        let ended = folder.run_with(&SECRETS, &[&["config"], &flags[..], json].concat());
        assert_eq!(ended.status(), 0);
        let said = ended.out() + &ended.err();
        assert!(said.contains("set (hidden)") && !said.contains("geheim"), "{said}");
        assert!(said.contains("https://rooms.example.org"), "{said}");
        assert!(said.contains("AUDIT_RETENTION_DAYS") && said.contains("REQUIRE_SECOND_FACTOR"));
    }
    let ended = folder.run_with(&[("SMTP_PASSWORD", "geheim")], &["config", "--json"]);
    assert!(!ended.out().contains("geheim"));
    let answer = folder.run_with(&SECRETS, &[&["config", "--json"], &flags[..]].concat()).json();
    let from = |name: &str| {
        let settings = answer["settings"].as_array().unwrap();
        settings.iter().find(|it| it["name"] == name).unwrap()["from"].clone()
    };
    assert_eq!(
        [from("PUBLIC_URL"), from("LISTEN"), from("TIME_ZONE")],
        ["flag", "environment", "default"]
    );
    assert!(!folder.path().join("data").exists(), "it only looks");
    folder.write(".env", "RETENTION_DAYS=90\nTIME_ZONE=Europe/Berlin\n");
    let answer = folder.run_with(&[("TIME_ZONE", "Asia/Tokyo")], &["config", "--json"]).json();
    let from = |name: &str| {
        let settings = answer["settings"].as_array().unwrap();
        settings.iter().find(|it| it["name"] == name).unwrap()["from"].clone()
    };
    assert_eq!([from("RETENTION_DAYS"), from("TIME_ZONE")], [".env", "environment"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_data_folder_that_cannot_be_made_is_no_work_for_later() {
    let ended = Folder::new().run_with(&[("DATA_DIR", "/proc/nope")], &["doctor"]);
    assert_eq!(ended.status(), 1, "{}", ended.out());
    assert!(ended.out().contains("/proc/nope is not there and cannot be made"), "{}", ended.out());
}

#[test]
fn wrong_settings_are_all_said_at_once() {
    let folder = Folder::new();
    let wrong = [("LISTEN", "geheim"), ("RETENTION_DAYS", "0"), ("SMTP_SERVER", "mail")];
    for (status, command) in
        [(1, &["config"][..]), (1, &["doctor"]), (2, &["clear"]), (2, &["user", "list"])]
    {
        let ended = folder.run_with(&wrong, command);
        assert_eq!(ended.status(), status, "{command:?}");
        let said = ended.out() + &ended.err();
        for name in ["LISTEN must", "RETENTION_DAYS must", "SMTP_EMAIL must"] {
            assert!(said.contains(name), "{command:?}: {said}");
        }
        assert!(!said.contains("geheim"), "{said}");
    }
}

#[test]
fn the_doctor_says_what_is_wrong_and_how_to_mend_it() {
    let folder = Folder::new();
    let new = folder.run(&["doctor"]);
    assert_eq!(new.status(), 0, "{}", new.out());
    assert!(new.out().contains("warning  database: ") && !folder.path().join("data").exists());
    folder.write("notes.sqlite", &"no database, but notes ".repeat(100));
    let url = format!("sqlite://{}/notes.sqlite", folder.path().display());
    let broken = folder.run_with(&[("DATABASE_URL", &url)], &["doctor"]);
    assert_eq!(broken.status(), 1);
    assert!(broken.out().contains("error    database: "), "{}", broken.out());
    assert!(broken.out().contains("mail server"), "the rest is tried all the same");

    let folder = overbooked();
    assert!(done(&folder, &["doctor"]).contains("ok       calendar lab: built-in, 3 objects"));
    assert!(done(&folder, &["doctor"]).contains("no administrator has a password"));
    let password = ["user", "password", "ann", "--password-stdin"];
    assert_eq!(folder.run_with_input("correct horse battery\n", &password).status(), 0);
    folder.write("data/secret.key", "0123456789abcdef0123456789abcdef");
    folder.write("bad.ics", &calendar(&["UID:bad\nDTSTART:20261131T100000Z"]));
    done(&folder, &["calendar", "import", "lab", "bad.ics"]);
    let soon = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48)).to_string();
    done(&folder, &["key", "add", "--user", "ann", "--name", "ends", "--expires", &soon]);
    let said = done(&folder, &["doctor"]);
    assert!(said.contains("bad is kept because it cannot be read"), "{said}");
    assert!(said.contains("(ends) ends ") && !said.contains("has a password"), "{said}");
    if cfg!(unix) {
        assert!(said.contains("mend it with: chmod 600 '"), "{said}");
    }
    let other = Folder::new();
    done(&other, &["user", "add", "ben"]);
    let ended = other.run(&["doctor"]);
    assert_eq!(ended.status(), 1);
    assert!(ended.out().contains("error    users: no administrator is active"));
    folder.write("data/secret.key", "");
    assert!(folder.run(&["doctor"]).out().contains("holds no key"));
}

#[test]
fn settings_of_a_calendar_have_the_names_of_the_options_of_check_too() {
    let folder = lab();
    let set = ["--time-zone", "Asia/Tokyo", "--address", "lab@example.org", "--limit", "7"];
    done(&folder, &[&["calendar", "set", "lab"][..], &set].concat());
    done(&folder, &[&["calendar", "add", "attic"][..], &set].concat());
    let listed = folder.run(&["calendar", "list", "--json"]).json();
    for calendar in listed["calendars"].as_array().unwrap() {
        assert_eq!(calendar["zone"], "Asia/Tokyo", "{calendar}");
        assert_eq!(calendar["room_address"], "lab@example.org", "{calendar}");
        assert_eq!(calendar["safety_limit"], 7, "{calendar}");
    }
    for (option, value) in [
        ("--prioritise-name", "board"),
        ("--prioritise-uid", "u"),
        ("--prioritise-organizer", "@example.org"),
    ] {
        done(&folder, &["calendar", "prioritise", "lab", option, value]);
    }
    assert_eq!(done(&folder, &["calendar", "rules"]).lines().count(), 3);
}

#[test]
fn what_a_room_is_like_is_set_by_option_and_stays_where_no_option_is_given() {
    let folder = lab();
    let like = [
        "--building",
        "North wing",
        "--floor",
        "2",
        "--capacity",
        "8",
        "--features",
        "projector, stage",
    ];
    let said = done(&folder, &[&["calendar", "set", "lab"][..], &like].concat());
    assert_eq!(said, "The calendar lab is changed.\n");
    done(
        &folder,
        &["calendar", "set", "lab", "--capacity", "12", "--floor", "", "--tolerance", "5"],
    );
    let listed = folder.run(&["calendar", "list", "--json"]).json();
    let lab = &listed["calendars"][0];
    assert_eq!((&lab["building"], &lab["capacity"]), (&"North wing".into(), &12.into()));
    assert_eq!(lab["features"], serde_json::json!(["projector", "stage"]));
    assert!(lab["floor"].is_null() && lab["tolerance_minutes"] == 5, "{lab}");
    let wrong = fails(&folder, 1, &["calendar", "set", "lab", "--features", "Big screen"]);
    assert!(wrong.contains("features") && wrong.contains("a-z"), "{wrong}");
}

#[test]
fn the_rules_of_one_calendar_are_its_own_and_those_of_all() {
    let folder = lab();
    done(&folder, &["calendar", "add", "attic"]);
    let none = done(&folder, &["calendar", "rules", "attic"]);
    assert_eq!(none, "Nothing is prioritised on attic, and nothing is protected.\n");
    done(&folder, &["calendar", "prioritise", "lab", "--uid", "of-the-lab"]);
    done(&folder, &["calendar", "prioritise", "attic", "--title", "attic party"]);
    done(&folder, &["calendar", "protect", "--all", "of-all"]);
    let rules = done(&folder, &["calendar", "rules", "attic"]);
    assert!(rules.contains("attic party") && rules.contains("of-all"), "{rules}");
    assert!(!rules.contains("of-the-lab"), "{rules}");
    assert!(fails(&folder, 1, &["calendar", "rules", "cellar"]).contains("cellar"));
}

#[test]
fn doctor_names_what_is_no_setting_in_the_env_file() {
    let folder = lab();
    folder.write(".env", "TIME_ZONE=Europe/Berlin\nRUST_LOG=warn\nSMTP_HSOT=mail.example.org\n");
    let said = folder.run(&["doctor"]);
    let said = said.out() + &said.err();
    assert!(said.contains("SMTP_HSOT in .env is no setting of this program"), "{said}");
    assert!(!said.contains("TIME_ZONE in .env") && !said.contains("RUST_LOG in .env"), "{said}");
    assert!(!said.contains("mail.example.org"), "a value may be a secret");
}
