//! Programs that tests run.

use std::process::Command;

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
pub fn program(path: &str) -> Command {
    let mut command = Command::new(path);
    command.env_clear();
    command.envs(CLOCK.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))));
    command
}
