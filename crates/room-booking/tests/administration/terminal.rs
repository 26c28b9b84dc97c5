//! `setup` as somebody answers it on a terminal.

use std::fs;
use std::path::Path;

use testing::fake::{PASSWORD, Quirks, USER};
use testing::program::Folder;
use testing::terminal::Terminal;

use super::servers::Setting;

const OWN: &str = "lantern orbit velvet 29";

fn setup(folder: &Folder) -> Terminal {
    let program = std::env::var_os("CARGO_BIN_EXE_room-booking").unwrap();
    // As `runuser` of a package's user sets it: no name that is suggested.
    Terminal::start(Path::new(&program), folder.path(), &["setup"], &[("USER", "room-booking")])
}

/// Answers the questions about the administrator.
fn introduce(terminal: &mut Terminal) {
    terminal.answer("Your user name:", "ann");
    terminal.answer("Your email address (empty for none):", "ann@example.org");
    terminal.answer_hidden("Your password: ", OWN);
    terminal.answer_hidden("The same once more: ", OWN);
}

#[test]
fn somebody_answers_the_questions_and_gets_a_link() {
    let folder = Folder::new();
    let mut terminal = setup(&folder);
    introduce(&mut terminal);
    terminal.answer("Calendar server (empty: rooms are built in):", "");
    terminal.answer("Rooms, with commas [Meeting room 1]:", "Board room, Lab");
    terminal.answer("Minutes between clears (0: none yet) [15]:", "30");
    terminal.answer("Mail server (empty: no messages are sent):", "mail.example.org");
    terminal.answer("Sender's address:", "rooms@example.org");
    terminal.answer("STARTTLS in place of TLS [False]:", "True");
    terminal.answer_hidden("Its password (empty for none): ", "geheim 7");
    terminal.answer("Time zone of the rooms [", "Europe/Berlin");
    terminal.answer("How people reach the site [", "https://rooms.example.org");
    let (status, shown) = terminal.end();
    assert_eq!(status, 0, "{shown}");
    for line in [
        "The administrator ann is added.",
        "The room Board room is added: board-room.",
        "https://rooms.example.org/admin/calendars/board-room/preview",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    assert!(!shown.contains(OWN) && !shown.contains("geheim"), "a password is shown: {shown}");
    let env = fs::read_to_string(folder.path().join(".env")).unwrap();
    for line in [
        "SMTP_STARTTLS=True",
        "SMTP_PASSWORD=\"geheim 7\"",
        "TIME_ZONE=Europe/Berlin",
        "PUBLIC_URL=",
    ] {
        assert!(env.contains(line), "{env}");
    }
    let rooms = folder.run(&["calendar", "list", "--json"]).json();
    let rooms = rooms["calendars"].as_array().unwrap().clone();
    assert!(rooms.len() == 2 && rooms.iter().all(|it| it["schedule_minutes"] == 30), "{rooms:?}");
}

#[test]
fn a_room_of_a_calendar_server_is_chosen_by_its_number_and_enter_takes_what_is_suggested() {
    let setting = Setting::new(Quirks::NEXTCLOUD);
    let folder = Folder::new();
    let mut terminal = setup(&folder);
    introduce(&mut terminal);
    terminal.answer("Calendar server (empty: rooms are built in):", &setting.server.url());
    terminal.answer("User name there:", USER);
    terminal.answer_hidden("Password there (an app password): ", PASSWORD);
    terminal.wait_for("  1 ");
    terminal.answer("numbers or names, with commas, or all [all]:", "1");
    for question in [
        "Minutes between clears (0: none yet) [15]:",
        "Mail server (empty: no messages are sent):",
        "Time zone of the rooms [",
        "How people reach the site [",
    ] {
        terminal.answer(question, "");
    }
    let (status, shown) = terminal.end();
    assert_eq!(status, 0, "{shown}");
    assert!(shown.contains("is up to date: 2 objects."), "{shown}");
    assert!(!shown.contains(PASSWORD), "the password is shown: {shown}");
    let rooms = folder.run(&["calendar", "list", "--json"]).json();
    assert_eq!(rooms["calendars"][0]["kind"], "caldav");
    assert_eq!(rooms["calendars"][0]["schedule_minutes"], 15);
}

#[test]
fn passwords_that_differ_and_an_end_of_the_input_set_nothing_up() {
    let folder = Folder::new();
    let mut terminal = setup(&folder);
    terminal.answer("Your user name:", "ann");
    terminal.answer("Your email address (empty for none):", "");
    terminal.answer_hidden("Your password: ", OWN);
    terminal.answer_hidden("The same once more: ", "lantern orbit velvet 28");
    let (status, shown) = terminal.end();
    assert!(status == 1 && shown.contains("the two passwords differ"), "{status} {shown}");
    let mut terminal = setup(&folder);
    // Ctrl+D.
    terminal.answer("Your user name:", "\u{4}");
    let (status, shown) = terminal.end();
    assert!(status == 1 && shown.contains("USER is missing"), "{status} {shown}");
    assert!(!folder.path().join(".env").exists());
    let users = folder.run(&["user", "list", "--json"]).json();
    assert_eq!(users["users"].as_array().unwrap().len(), 0);
}
