//! The program as its users run it, with files of its own.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// A folder that is removed with its last use.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("room-booking-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn write(&self, name: &str, text: &str) -> &Folder {
        fs::write(self.0.join(name), text).unwrap();
        self
    }

    /// Runs the program in this folder with an empty environment.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(&[], arguments)
    }

    pub fn run_with(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Ended {
        let mut command = testing::program::program(env!("CARGO_BIN_EXE_room-booking"));
        command.current_dir(&self.0).args(arguments);
        command.envs(environment.iter().copied());
        Ended(command.output().unwrap())
    }

    /// Runs the program in this folder with a text on its standard input.
    pub fn run_with_input(&self, input: &str, arguments: &[&str]) -> Ended {
        let mut command = testing::program::program(env!("CARGO_BIN_EXE_room-booking"));
        command.current_dir(&self.0).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that refuses its arguments does not read on.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ended(child.wait_with_output().unwrap())
    }

    /// Runs the program in a folder of this folder.
    pub fn run_in(&self, inner: &str, arguments: &[&str]) -> Ended {
        let mut command = testing::program::program(env!("CARGO_BIN_EXE_room-booking"));
        command.current_dir(self.0.join(inner)).args(arguments);
        Ended(command.output().unwrap())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A run that has ended.
pub struct Ended(Output);

impl Ended {
    pub fn status(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    pub fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub fn err(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    /// The answer of a run that must have succeeded.
    pub fn json(&self) -> Value {
        assert_eq!(self.status(), 0, "{}", self.err());
        serde_json::from_slice(&self.0.stdout).unwrap()
    }
}

/// A calendar of these VEVENTs, each given by its lines.
pub fn calendar(events: &[&str]) -> String {
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    for event in events {
        text.push_str("BEGIN:VEVENT\r\n");
        for line in event.lines() {
            text.push_str(line.trim_start());
            text.push_str("\r\n");
        }
        text.push_str("END:VEVENT\r\n");
    }
    text + "END:VCALENDAR\r\n"
}

/// An event on 2 March 2026 in UTC, from and to hours and minutes such as `1200`.
pub fn event(uid: &str, created: &str, from: &str, to: &str, more: &str) -> String {
    format!(
        "UID:{uid}\nCREATED:{created}T000000Z\nSUMMARY:{uid}\nDTSTART:20260302T{from}00Z\n\
         DTEND:20260302T{to}00Z\n{more}"
    )
}

/// The UIDs of a list of the answer.
pub fn uids(answer: &Value, list: &str) -> Vec<String> {
    let rows = answer[list].as_array().unwrap_or_else(|| panic!("{list} in {answer}"));
    rows.iter().map(|row| row["event"]["uid"].as_str().unwrap().to_owned()).collect()
}
