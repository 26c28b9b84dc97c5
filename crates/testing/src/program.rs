//! Programs that tests run.

use std::process::Command;

/// What `scripts/at` sets to shift the clock of all that it runs.
const CLOCK: [&str; 6] = [
    "LD_PRELOAD",
    "FAKETIME",
    "NO_FAKE_STAT",
    "DONT_FAKE_MONOTONIC",
    "FAKETIME_DONT_FAKE_MONOTONIC",
    "FAKETIME_DONT_RESET",
];

/// A program with an empty environment, so that nobody's settings matter; but it has the clock of the test,
/// where that is shifted by `scripts/at`.
pub fn program(path: &str) -> Command {
    let mut command = Command::new(path);
    command.env_clear();
    command.envs(CLOCK.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))));
    command
}
