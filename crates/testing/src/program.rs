//! Programs that tests run: any program without the machine's settings, and `room-booking` in a folder of
//! its own.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The variables by which `scripts/at` shifts the clock of its processes.
const CLOCK: [&str; 6] = [
    "LD_PRELOAD",
    "FAKETIME",
    "NO_FAKE_STAT",
    "DONT_FAKE_MONOTONIC",
    "FAKETIME_DONT_FAKE_MONOTONIC",
    "FAKETIME_DONT_RESET",
];

/// A program with an empty environment, so that no settings of the machine matter. It gets the
/// test's clock if `scripts/at` shifts it.
pub fn program(path: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(path);
    command.env_clear();
    command.envs(CLOCK.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))));
    command
}

/// `room-booking` as Cargo has built it for this test, with an empty environment.
///
/// # Panics
///
/// Outside of the integration tests of the crate `room-booking`, and where they are run without Cargo.
pub fn room_booking() -> Command {
    let path = std::env::var_os("CARGO_BIN_EXE_room-booking");
    program(path.expect("Cargo says where the program is: run the tests by cargo test"))
}

/// A folder with files, in which the program runs. It is removed with its last use.
pub struct Folder(tempfile::TempDir);

impl Default for Folder {
    fn default() -> Folder {
        Folder::new()
    }
}

impl Folder {
    /// An empty folder.
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) -> &Folder {
        self.file(name, text.as_bytes());
        self
    }

    /// Writes a file; its path.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Runs the program in this folder with an empty environment.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ended {
        self.run_with(&[], arguments)
    }

    /// Likewise, with environment variables.
    pub fn run_with<S: AsRef<OsStr>>(
        &self,
        environment: &[(&str, &str)],
        arguments: &[S],
    ) -> Ended {
        let mut command = room_booking();
        command.current_dir(self.path()).args(arguments);
        command.envs(environment.iter().copied());
        Ended::of(command, "")
    }

    /// Runs the program in this folder with a text on its standard input.
    pub fn run_with_input(&self, input: &str, arguments: &[&str]) -> Ended {
        let mut command = room_booking();
        command.current_dir(self.path()).args(arguments);
        Ended::of(command, input)
    }

    /// Runs the program in a folder of this folder.
    pub fn run_in(&self, inner: &str, arguments: &[&str]) -> Ended {
        let mut command = room_booking();
        command.current_dir(self.path().join(inner)).args(arguments);
        Ended::of(command, "")
    }
}

/// A run that has ended.
#[derive(Debug)]
pub struct Ended(pub Output);

impl Ended {
    /// Runs a command to its end, with a text on its standard input.
    pub fn of(mut command: Command, input: &str) -> Ended {
        command.stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() });
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        if let Some(mut stdin) = child.stdin.take() {
            // A program that refuses its arguments does not read on.
            let _ = stdin.write_all(input.as_bytes());
        }
        Ended(child.wait_with_output().unwrap())
    }

    /// Its exit status.
    pub fn status(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    /// Its standard output.
    pub fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    /// Its standard error.
    pub fn err(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    /// The standard output of a run that must have succeeded.
    pub fn done(&self) -> String {
        assert_eq!(self.status(), 0, "{}", self.err());
        self.out()
    }

    /// The answer of a run that must have succeeded.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.done()).unwrap()
    }
}
