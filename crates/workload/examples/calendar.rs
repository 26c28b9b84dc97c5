//! Writes a generated room calendar to standard output, or its objects into a folder.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use workload::{Day, Workload};

const USAGE: &str = "\
usage: calendar [--day DAY] OBJECTS [SEED] > room.ics
       calendar [--day DAY] --into FOLDER OBJECTS [SEED]
  DAY      the day around which the events are, such as 2026-03-02 (the default)
  FOLDER   gets a file for each object, as a CalDAV server keeps them
  OBJECTS  how many calendar objects to write: 0 to 1000000
  SEED     a whole number from 0; another one gives another calendar (default 1)";

/// About 1 GB of text, which is made in memory.
const MOST_OBJECTS: usize = 1_000_000;

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let (day, rest) = option("--day", &arguments);
    let (folder, rest) = option("--into", rest);
    let workload = match parse(day, rest) {
        Ok(workload) => workload,
        Err(message) => {
            return fail(2, &format!("{message}\n{USAGE}"));
        }
    };
    let written = match folder {
        Some(folder) => write_objects(&workload, Path::new(folder)),
        None => io::stdout().write_all(workload.calendar().as_bytes()),
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(1, &format!("cannot write: {error}")),
    }
}

/// The value of an option that stands before everything else, and what follows.
fn option<'a>(name: &str, arguments: &'a [String]) -> (Option<&'a str>, &'a [String]) {
    match arguments {
        [option, value, rest @ ..] if option == name => (Some(value), rest),
        all => (None, all),
    }
}

fn write_objects(workload: &Workload, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (number, text) in workload.objects().iter().enumerate() {
        fs::write(folder.join(format!("{number:07}.ics")), text)?;
    }
    Ok(())
}

/// Says why on standard error; nothing can be done where even that fails.
fn fail(status: u8, reason: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "calendar: {reason}");
    ExitCode::from(status)
}

fn parse(day: Option<&str>, arguments: &[String]) -> Result<Workload, String> {
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
    let first_day = match day {
        None => usual.first_day,
        Some(text) => day_of(text).ok_or_else(|| format!("DAY is no date: {text:?}"))?,
    };
    Ok(Workload { objects, seed, days_before, first_day, ..usual })
}

fn day_of(text: &str) -> Option<Day> {
    let mut numbers = text.splitn(3, '-').map(|it| it.parse().ok());
    Day::new(numbers.next()??, numbers.next()??, numbers.next()??)
}
