//! The program on files that are no calendars, or hardly any, and on wrong arguments: one clear line
//! and the right exit status, whatever it is given.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use testing::ics::file_of;
use testing::program::Folder;

const NOW: &str = "2026-03-01";

/// Two events that overlap, a broken one, and a series.
const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\
    BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:B\u{fc}ro\r\nCREATED:20260101T000000Z\r\n\
    DTSTART;TZID=Europe/Berlin:20260302T120000\r\nDTEND;TZID=Europe/Berlin:20260302T130000\r\n\
    END:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Stand-\r\n up\r\nORGANIZER:mailto:a@b.example\r\n\
    DTSTART:20260302T110000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=5\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:3\r\nDTSTART:yesterday\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// A folder of this test's own for its files.
struct Hostile(Folder);

impl Hostile {
    fn new() -> Hostile {
        Hostile(Folder::new())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        self.0.file(name, bytes)
    }

    /// Runs each command on a file, with and without JSON.
    fn each_command(&self, file: &Path) -> Vec<Output> {
        let file = file.as_os_str();
        let words: [&[&str]; 4] = [
            &["check", "--now", NOW],
            &["check", "--now", NOW, "--json"],
            &["events", "--start", NOW],
            &["events", "--start", NOW, "--json"],
        ];
        let with_file = |words: &&[&str]| {
            let mut arguments: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
            arguments.push(file);
            self.0.run(&arguments).0
        };
        words.iter().map(with_file).collect()
    }

    fn is_done_with(&self, file: &Path) {
        for output in self.each_command(file) {
            let told = shown(&output);
            assert_eq!(output.status.code(), Some(0), "{}: {told}", file.display());
            let lines = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(lines.lines().all(|line| line.starts_with("warning: ")), "{told}");
        }
    }

    fn fails_for(&self, file: &Path, because: &str) {
        for output in self.each_command(file) {
            let told = shown(&output);
            assert_eq!(output.status.code(), Some(1), "{}: {told}", file.display());
            assert!(output.stdout.is_empty(), "{told}");
            let line = String::from_utf8(output.stderr).unwrap();
            assert_eq!(line.lines().count(), 1, "{told}");
            assert!(line.starts_with("error: cannot read "), "{told}");
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            assert!(line.contains(&name) && line.contains(because), "{told}");
        }
    }
}

/// What a run printed, which must not be a panic.
fn shown(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let panicked = text.contains("panicked") || text.contains("RUST_BACKTRACE");
    assert!(!panicked, "{text}");
    text
}

const EMPTY: &str = "it is empty";
const NO_CALENDAR: &str = "is no iCalendar file";

#[test]
fn what_is_no_calendar_ends_with_status_1_and_is_named() {
    let folder = Hostile::new();
    let junk: Vec<u8> =
        (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let nul_first = [b"\0".as_slice(), CALENDAR.as_bytes()].concat();
    for (name, bytes) in [("empty.ics", &b""[..]), ("blank.ics", b"\r\n \r\n\t\r\n")] {
        folder.fails_for(&folder.file(name, bytes), EMPTY);
    }
    for (name, bytes) in [
        ("junk.ics", &junk[..]),
        ("nuls.ics", &[0; 5000]),
        ("nul-first.ics", &nul_first),
        ("page.ics", b"<!DOCTYPE html>\n<title>Sign in</title>\n"),
        ("event.ics", b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n"),
    ] {
        folder.fails_for(&folder.file(name, bytes), NO_CALENDAR);
    }
}

#[test]
fn a_file_in_utf_16_is_read_with_a_warning() {
    let folder = Hostile::new();
    let utf_16: Vec<u8> = CALENDAR.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xFF\xFE".as_slice(), &utf_16].concat();
    for (name, bytes) in [("utf-16.ics", &utf_16), ("utf-16-marked.ics", &marked)] {
        folder.is_done_with(&folder.file(name, bytes));
    }
}

#[test]
fn a_file_that_stops_anywhere_is_no_calendar_or_a_shorter_one() {
    let folder = Hostile::new();
    for end in (0..CALENDAR.len()).step_by(50) {
        // A cut within a character is one that a file may have too.
        let path = folder.file(&format!("{end}.ics"), &CALENDAR.as_bytes()[..end]);
        if end < "BEGIN:VCALENDAR".len() {
            folder.fails_for(&path, if end == 0 { EMPTY } else { NO_CALENDAR });
        } else {
            folder.is_done_with(&path);
        }
    }
}

#[test]
fn bytes_that_mean_nothing_in_a_calendar_do_no_harm() {
    let folder = Hostile::new();
    for at in ("BEGIN:VCALENDAR\r\n".len()..CALENDAR.len()).step_by(97) {
        for odd in [&b"\0\0\0"[..], b"\xFF\xFE", b"\x1B[31m", b"\r\n\r\n"] {
            let mut bytes = CALENDAR.as_bytes().to_vec();
            bytes.splice(at..at, odd.iter().copied());
            let path = folder.file("odd.ics", &bytes);
            folder.is_done_with(&path);
            for output in folder.each_command(&path) {
                let escapes = output.stdout.contains(&0x1B) || output.stderr.contains(&0x1B);
                assert!(!escapes, "a stranger's escape sequence reaches the terminal");
            }
        }
    }
}

#[test]
fn a_line_of_ten_megabytes_is_a_line_like_others() {
    let folder = Hostile::new();
    for property in ["SUMMARY", "DESCRIPTION", "RRULE", "UID", "X"] {
        let line = format!("\r\n{property}:{}\r\nDTSTART", "x".repeat(10_000_000));
        let path = folder.file("long.ics", CALENDAR.replacen("\r\nDTSTART", &line, 1).as_bytes());
        folder.is_done_with(&path);
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_folder_and_a_file_that_is_not_there_say_so() {
    let folder = Hostile::new();
    folder.fails_for(&folder.0.path().join("none.ics"), "there is no such file");
    let inner = folder.0.path().join("inner.ics");
    fs::create_dir(&inner).unwrap();
    folder.fails_for(&inner, "it is a folder");
    let good = folder.file("good.ics", CALENDAR.as_bytes());
    let both = folder.0.run(&["check".as_ref(), good.as_os_str(), inner.as_os_str()]).0;
    assert_eq!(both.status.code(), Some(1));
    assert!(both.stdout.is_empty(), "one file that cannot be read ends the command");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Hostile::new();
    let path = folder.file("forbidden.ics", CALENDAR.as_bytes());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // A user who may read everything, such as root, gets no such error.
    if fs::read(&path).is_err() {
        folder.fails_for(&path, "you may not read it");
    }
}

#[test]
fn wrong_arguments_end_with_status_2_and_a_hint() {
    let folder = Hostile::new();
    folder.file("a.ics", CALENDAR.as_bytes());
    for arguments in [
        &["check"][..],
        &["events"],
        &["frobnicate"],
        &["check", "a.ics", "--time-zone", "Europe/Atlantis"],
        &["check", "a.ics", "--time-zone", ""],
        &["check", "a.ics", "--now", "soon"],
        &["check", "a.ics", "--now", "2026-02-30"],
        &["check", "a.ics", "--now", "2026-03-02T25:00"],
        &["check", "a.ics", "--horizon", "0"],
        &["check", "a.ics", "--horizon", "99999999999999999999"],
        &["check", "a.ics", "--tolerance", "-1"],
        &["check", "a.ics", "--limit", "many"],
        &["check", "a.ics", "--address", "nobody"],
        &["check", "a.ics", "--prioritise-organizer", "nobody"],
        &["check", "a.ics", "--prioritise-name", " "],
        &["check", "a.ics", "--frobnicate"],
        &["events", "a.ics", "--start", "2026-13-01"],
        &["events", "a.ics", "--start", "2026-03-02", "--end", "2026-03-01"],
        &["events", "a.ics", "--start", "2026-03-02", "--end", "2026-03-02"],
    ] {
        let output = folder.0.run(arguments).0;
        let told = shown(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(told.starts_with("error: "), "{arguments:?}: {told}");
    }
}

#[test]
fn times_at_the_edges_of_the_calendar_are_times() {
    let folder = Hostile::new();
    folder.file("a.ics", CALENDAR.as_bytes());
    for time in ["0001-01-01", "9999-12-31T23:59:59", "1970-01-01T00:00:00Z"] {
        for zone in ["UTC", "Europe/Berlin", "Pacific/Apia", "America/New_York"] {
            let now = ["check", "a.ics", "--now", time, "--time-zone", zone, "--horizon", "36525"];
            let start = ["events", "a.ics", "--start", time, "--time-zone", zone];
            for arguments in [&now[..], &start[..]] {
                let output = folder.0.run(arguments).0;
                assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", shown(&output));
            }
        }
    }
}

// Files in which every event refers to every other one; each of these once took minutes.

fn takes_long(events: &str) {
    let folder = Hostile::new();
    folder.is_done_with(&folder.file("long.ics", file_of(events).as_bytes()));
}

#[test]
fn a_hundred_thousand_events_without_uid_may_be_broken() {
    let broken = "BEGIN:VEVENT\r\nDTSTART:x\r\nEND:VEVENT\r\n";
    takes_long(&broken.repeat(100_000));
}

#[test]
fn forty_thousand_overrides_may_stand_without_their_master() {
    let minute = |number: u32| {
        let (day, hour, minute) = (number / 1440 + 2, number / 60 % 24, number % 60);
        let at = format!("202603{day:02}T{hour:02}{minute:02}00Z");
        format!(
            "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:{at}\r\nDTSTART:{at}\r\nDURATION:PT9S\r\n\
             END:VEVENT\r\n"
        )
    };
    takes_long(&(0..40_000).map(minute).collect::<String>());
}

#[test]
fn an_event_may_lose_to_fifty_thousand_occurrences() {
    let series = "BEGIN:VEVENT\r\nUID:0\r\nDTSTART:20260301T000000Z\r\nDURATION:P400D\r\n\
        RRULE:FREQ=SECONDLY;COUNT=50000\r\nEND:VEVENT\r\n";
    let loser = series.replace("UID:0", "UID:1");
    takes_long(&format!("{series}{loser}"));
}
