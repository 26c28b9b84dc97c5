//! Calendars on CalDAV servers as an administrator sets them up: discover, add, sync, clear, doctor.

use testing::fake::{FakeCalDav, PASSWORD, Quirks, Tries, USER};
use testing::scripted::Answer;

use super::{done, soon};
use harness::report::uids;
use testing::ics::calendar;
use testing::program::{Ended, Folder};

/// A folder with the administrator ann, and a server with two bookings that overlap.
pub(crate) struct Setting {
    pub(crate) folder: Folder,
    pub(crate) server: FakeCalDav,
    _runtime: tokio::runtime::Runtime,
}

impl Setting {
    pub(crate) fn new(quirks: Quirks) -> Setting {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let server = runtime.block_on(FakeCalDav::start(quirks));
        server.put("early.ics", &calendar(&[&soon("early", "20260101", 1200, "")]));
        server.put("late.ics", &calendar(&[&soon("late", "20260201", 1230, "")]));
        let folder = Folder::new();
        done(&folder, &["user", "add", "ann", "--administrator"]);
        Setting { folder, server, _runtime: runtime }
    }

    /// A command that signs in, with a password on its standard input.
    fn with_password(&self, password: &str, arguments: &[&str]) -> Ended {
        let url = self.server.url();
        let server = ["--url", url.as_str(), "--user-name", USER, "--password-stdin"];
        self.folder.run_with_input(&format!("{password}\n"), &[arguments, &server].concat())
    }

    pub(crate) fn add(&self, more: &[&str]) -> Ended {
        let arguments = ["calendar", "add", "lab", "--user", "ann"];
        self.with_password(PASSWORD, &[&arguments, more].concat())
    }
}

#[test]
fn from_an_address_to_a_room_that_is_kept_clear_takes_two_commands() {
    let setting = Setting::new(Quirks::NEXTCLOUD);
    let found = setting.with_password(PASSWORD, &["calendar", "discover", "--json"]).json();
    assert_eq!(found["server"], "Nextcloud");
    assert_eq!(found["calendars"][0]["url"], setting.server.calendar_url());
    let added = setting.add(&["--schedule", "15", "--zone", "Europe/Berlin"]);
    assert_eq!(added.status(), 0, "{}", added.err());
    assert!(added.out().contains("2 objects"), "{}", added.out());
    assert!(added.out().contains("time zone Europe/Berlin"), "{}", added.out());
    let listed = setting.folder.run(&["calendar", "list", "--json"]).json();
    assert_eq!(listed["calendars"][0]["kind"], "caldav");
    assert_eq!(listed["calendars"][0]["schedule_minutes"], 15);
    let would = setting.folder.run(&["clear", "--test", "--json"]).json();
    assert_eq!(uids(&would, "deleted_overlapping_events"), ["late"]);
    assert_eq!(setting.server.objects().len(), 2);
    done(&setting.folder, &["clear"]);
    assert!(setting.server.objects().keys().eq(["early.ics"]));
    done(&setting.folder, &["history", "restore", "1"]);
    assert_eq!(setting.server.objects().len(), 2);
}

#[test]
fn a_room_on_a_server_can_answer_invitations_and_be_watched_and_a_built_in_one_cannot() {
    let setting = Setting::new(Quirks::RFC);
    let set =
        |options: &[&str]| setting.folder.run(&[&["calendar", "set", "lab"], options].concat());
    assert_eq!(setting.add(&["--watch=15"]).status(), 0);
    let listed =
        || setting.folder.run(&["calendar", "list", "--json"]).json()["calendars"][0].clone();
    assert_eq!((&listed()["watch_seconds"], &listed()["answers"]), (&15.into(), &false.into()));
    let refused = set(&["--answers"]);
    assert_eq!(refused.status(), 1);
    assert!(refused.err().contains("needs the room's own email address"), "{}", refused.err());
    assert_eq!(set(&["--answers", "--room-address", "lab@example.org", "--watch"]).status(), 0);
    assert_eq!((&listed()["watch_seconds"], &listed()["answers"]), (&20.into(), &true.into()));
    assert_eq!(set(&["--watch=5"]).status(), 1);
    assert_eq!(set(&["--watch=0", "--answers=false"]).status(), 0);
    assert_eq!(listed()["watch_seconds"], serde_json::Value::Null);
    done(&setting.folder, &["calendar", "add", "attic", "--room-address", "attic@example.org"]);
    for option in ["--answers", "--watch"] {
        let refused = setting.folder.run(&["calendar", "set", "attic", option]);
        assert!(
            refused.err().contains("only for calendars on CalDAV servers"),
            "{}",
            refused.err()
        );
    }
}

#[test]
fn where_an_account_reaches_several_calendars_the_choice_is_asked_for() {
    let setting = Setting::new(Quirks::RFC);
    setting.server.add_calendar("other-room");
    let unclear = setting.add(&[]);
    assert_eq!((unclear.status(), unclear.out().as_str()), (1, ""));
    let both =
        [setting.server.calendar_url(), setting.server.url() + "/calendars/room/other-room/"];
    assert!(both.iter().all(|url| unclear.err().contains(url.as_str())), "{}", unclear.err());
    assert!(
        setting.folder.run(&["calendar", "list", "--json"]).json()["calendars"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(setting.add(&["--collection", "other-room"]).status(), 0);
    // The account is known now: it needs no password again.
    let second = ["calendar", "add", "lab-2", "--account", "1", "--collection", "meeting-room-1"];
    done(&setting.folder, &second);
    let accounts = setting.folder.run(&["account", "list", "--json"]).json();
    let [account] = accounts["accounts"].as_array().unwrap().as_slice() else {
        panic!("{accounts}")
    };
    assert_eq!(account["calendars"], serde_json::json!(["lab", "lab-2"]));
}

#[test]
fn a_calendars_own_address_says_which_one_is_meant() {
    let setting = Setting::new(Quirks::RFC);
    setting.server.add_calendar("other-room");
    let url = setting.server.calendar_url();
    let add = ["calendar", "add", "lab", "--url", &url, "--user-name", USER, "--password-stdin"];
    let added = setting.folder.run_with_input(&format!("{PASSWORD}\n"), &add);
    assert_eq!(added.status(), 0, "{}", added.err());
    assert!(added.out().contains(&url), "{}", added.out());
}

#[test]
fn a_wrong_password_is_said_at_once_and_nothing_is_kept_of_it() {
    let setting = Setting::new(Quirks::RFC);
    let refused = setting.with_password("geheim-falsch", &["calendar", "add", "lab"]);
    assert_eq!(refused.status(), 1);
    assert!(refused.err().contains("does not accept the user name"), "{}", refused.err());
    assert!(!refused.err().contains("geheim"), "{}", refused.err());
    let accounts = setting.folder.run(&["account", "list", "--json"]).json();
    assert!(accounts["accounts"].as_array().unwrap().is_empty());
}

#[test]
fn doctor_walks_through_a_server_and_says_how_to_mend_what_is_wrong() {
    let setting = Setting::new(Quirks::NEXTCLOUD);
    setting.add(&[]);
    let well = setting.folder.run(&["doctor"]);
    assert_eq!(well.status(), 0, "{}{}", well.out(), well.err());
    for words in ["signs in", "may read, change, delete and create", "the server is Nextcloud"] {
        assert!(well.out().contains(words), "{words}: {}", well.out());
    }
    setting.server.lock_out();
    assert_eq!(setting.folder.run(&["clear"]).status(), 1);
    let before = setting.server.requests().len();
    let ill = setting.folder.run(&["doctor"]);
    assert_eq!(ill.status(), 1);
    assert!(ill.out().contains("account set 1 --password-stdin"), "{}", ill.out());
    assert_eq!(setting.server.requests().len(), before, "the server is left alone");
    setting.server.behave();
    let password = ["account", "set", "1", "--password-stdin"];
    let set = setting.folder.run_with_input(&format!("{PASSWORD}\n"), &password);
    assert!(set.out().contains("The server accepts it."), "{}{}", set.out(), set.err());
    done(&setting.folder, &["clear"]);
}

#[test]
fn sync_says_what_is_here_and_a_server_that_is_down_is_an_error_with_its_name() {
    let setting = Setting::new(Quirks::RFC);
    setting.add(&[]);
    setting.server.put("more.ics", &calendar(&[&soon("more", "20260101", 1800, "")]));
    assert!(done(&setting.folder, &["calendar", "sync", "lab"]).contains("3 objects"));
    assert!(done(&setting.folder, &["calendar", "sync", "lab", "--rebuild"]).contains("3 objects"));
    setting.server.refuse("", "", Tries::Always, Answer::status(404));
    let down = setting.folder.run(&["calendar", "sync", "lab"]);
    assert_eq!(down.status(), 1);
    assert!(down.err().contains("there is no calendar at"), "{}", down.err());
}

#[test]
fn a_password_that_nobody_has_typed_is_sent_nowhere() {
    let setting = Setting::new(Quirks::RFC);
    let url = setting.server.url();
    let server = ["--url", url.as_str(), "--user-name", USER];
    for arguments in [&["calendar", "discover"][..], &["calendar", "add", "lab", "--user", "ann"]] {
        for more in [&[][..], &["--password-stdin"]] {
            let ended = setting.folder.run_with_input("", &[arguments, &server, more].concat());
            assert_ne!(ended.status(), 0);
            assert!(ended.err().contains("no password was given"), "{}", ended.err());
        }
    }
    assert!(setting.server.take().is_empty(), "no request is sent");
}

#[test]
fn options_of_servers_are_refused_where_there_is_none() {
    let setting = Setting::new(Quirks::RFC);
    for arguments in [
        &["calendar", "add", "x", "--collection", "y"][..],
        &["calendar", "add", "x", "--replies", "false"],
        &["calendar", "add", "x", "--user-name", "y"],
        &["calendar", "discover"],
    ] {
        let ended = setting.folder.run(arguments);
        assert_eq!(ended.status(), 2, "{arguments:?}: {}", ended.err());
    }
    setting.add(&["--replies", "false"]);
    done(&setting.folder, &["calendar", "set", "lab", "--ask-authors", "false"]);
    let import = setting
        .folder
        .write("a.ics", &calendar::<&str>(&[]))
        .run(&["calendar", "import", "lab", "a.ics"]);
    let words = "the events of lab are on a calendar server; import them there";
    assert!(import.err().contains(words), "{}", import.err());
    let sync = {
        done(&setting.folder, &["calendar", "add", "own"]);
        setting.folder.run(&["calendar", "sync", "own"])
    };
    assert!(sync.err().contains("built in"), "{}", sync.err());
}

#[test]
fn a_created_from_before_the_look_that_did_not_see_the_event_is_named_by_clear_and_doctor() {
    let setting = Setting::new(Quirks::RFC);
    setting.add(&[]);
    setting.server.put("forged.ics", &calendar(&[&soon("forged", "20200101", 1200, "")]));
    let answer = setting.folder.run(&["clear", "--test", "--json"]).json();
    let [warning] = answer["warnings"].as_array().unwrap().as_slice() else { panic!("{answer}") };
    assert_eq!(
        (&warning["code"], &warning["object"]),
        (&"created_refuted".into(), &"forged".into())
    );
    assert_eq!(uids(&answer, "deleted_overlapping_events"), ["forged", "late"]);
    for command in [&["clear", "--test"][..], &["doctor"]] {
        let out = setting.folder.run(command).out();
        assert!(out.contains("forged") && out.contains("CREATED is 2020-01-01"), "{out}");
    }
}
