//! Writes a generated room calendar to standard output.

use std::env;
use std::io::{self, Write as _};
use std::process::ExitCode;

use workload::Workload;

const USAGE: &str = "\
usage: calendar OBJECTS [SEED] > room.ics
  OBJECTS  how many calendar objects to write: 0 to 1000000
  SEED     a whole number from 0; another one gives another calendar (default 1)";

/// About 1 GB of text, which is made in memory.
const MOST_OBJECTS: usize = 1_000_000;

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let workload = match parse(&arguments) {
        Ok(workload) => workload,
        Err(message) => {
            return fail(2, &format!("{message}\n{USAGE}"));
        }
    };
    let written = io::stdout().write_all(workload.calendar().as_bytes());
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(1, &format!("cannot write to standard output: {error}")),
    }
}

/// Says why on standard error; nothing can be done where even that fails.
fn fail(status: u8, reason: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "calendar: {reason}");
    ExitCode::from(status)
}

fn parse(arguments: &[String]) -> Result<Workload, String> {
    let (objects, seed) = match arguments {
        [] => return Err("OBJECTS is missing".to_owned()),
        [objects] => (objects, None),
        [objects, seed] => (objects, Some(seed)),
        [_, _, more, ..] => return Err(format!("unexpected argument {more:?}")),
    };
    let usual = Workload::default();
    let objects = objects
        .parse()
        .ok()
        .filter(|&count| count <= MOST_OBJECTS)
        .ok_or_else(|| format!("OBJECTS is no number from 0 to {MOST_OBJECTS}: {objects:?}"))?;
    let seed = match seed {
        None => usual.seed,
        Some(seed) => {
            seed.parse().map_err(|error| format!("SEED is no whole number: {seed:?} ({error})"))?
        }
    };
    // A room that holds more has been in use for longer, up to twenty years.
    let days_before = u32::try_from(objects * 3 / 4).unwrap_or(u32::MAX);
    let days_before = days_before.clamp(usual.days_before, 7_300);
    Ok(Workload { objects, seed, days_before, ..usual })
}
