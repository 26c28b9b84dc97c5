//! `simulate [--seeds N] [--seed FIRST] [--bug NAME] [--show]`: runs histories, and prints those that went wrong.
//! `simulate --bugs`: says which history is the first to find each planted bug, and by what.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a command")]

use std::process::ExitCode;
use std::time::Instant;

use simulation::{Bug, run};

/// In how many parts Linux counts a second of processor time.
const TICKS: f64 = 100.0;
/// Histories within which `--bugs` looks for a planted bug.
const MAX_SEEDS: u64 = 40;

/// What is asked for.
struct Arguments {
    seeds: u64,
    first: u64,
    bug: Option<Bug>,
    shows: bool,
    finds_bugs: bool,
}

impl Arguments {
    fn read() -> Result<Arguments, String> {
        let mut read = Arguments { seeds: 1, first: 1, bug: None, shows: false, finds_bugs: false };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let number = arguments.next().and_then(|it| it.parse().ok());
                number.ok_or_else(|| format!("{argument} needs a number"))
            };
            match argument.as_str() {
                "--seeds" => read.seeds = number()?,
                "--seed" => read.first = number()?,
                "--show" => read.shows = true,
                "--bugs" => read.finds_bugs = true,
                "--bug" => {
                    let name = arguments.next().unwrap_or_default();
                    read.bug = Bug::ALL.into_iter().find(|it| format!("{it:?}") == name);
                    if read.bug.is_none() {
                        return Err(format!("the planted bugs are {:?}", Bug::ALL));
                    }
                }
                _ => return Err(format!("{argument} is no option")),
            }
        }
        Ok(read)
    }
}

/// How many a minute.
fn rate(histories: u64, seconds: f64) -> f64 {
    histories as f64 * 60.0 / seconds
}

/// The processor time that this process has used, in seconds, where Linux says so: it hardly depends on what
/// else runs on the machine.
fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("error: {error}");
            eprintln!("usage: simulate [--seeds N] [--seed FIRST] [--bug NAME] [--show] | --bugs");
            return ExitCode::from(2);
        }
    };
    let is_right = if arguments.finds_bugs { find_bugs() } else { run_histories(&arguments) };
    if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Says which history is the first to find each planted bug; whether all were found.
fn find_bugs() -> bool {
    let mut is_right = true;
    for bug in Bug::ALL {
        let found = (1..=MAX_SEEDS).find_map(|seed| match run(seed, Some(bug)) {
            Ok(history) => Some((seed, history.wrong.first()?.clone())),
            Err(error) => {
                println!("{bug:?}: seed {seed} did not come to its end: {error}");
                is_right = false;
                None
            }
        });
        match &found {
            Some((seed, wrong)) => println!("{bug:?}: seed {seed}: {wrong}"),
            None => println!("{bug:?} was not found in {MAX_SEEDS} histories"),
        }
        is_right &= found.is_some();
    }
    is_right
}

/// Runs histories and prints those that went wrong; whether none did.
#[allow(clippy::disallowed_methods, reason = "it measures how fast it is")]
fn run_histories(arguments: &Arguments) -> bool {
    let Arguments { seeds, first, bug, shows, .. } = *arguments;
    let begun = Instant::now();
    let (mut failed, mut changes, mut emails) = (0, 0, 0);
    for seed in first..first + seeds {
        let history = match run(seed, bug) {
            Ok(history) => history,
            Err(error) => {
                failed += 1;
                println!("seed {seed} did not come to its end: {error}");
                continue;
            }
        };
        changes += history.counts[0];
        emails += history.counts[1];
        if shows || !history.wrong.is_empty() {
            history.log.iter().for_each(|line| println!("{line}"));
        }
        if !history.wrong.is_empty() {
            failed += 1;
            println!("seed {seed} went wrong:");
            history.wrong.iter().for_each(|line| println!("  {line}"));
            let bug = bug.map(|bug| format!(" --bug {bug:?}")).unwrap_or_default();
            println!("repeat it with: scripts/simulate --seed {seed}{bug} --show");
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let of_processor = processor_seconds()
        .map(|it| format!(" ({it:.1} s of one core: {:.0} a minute)", rate(seeds, it)))
        .unwrap_or_default();
    println!(
        "{seeds} histories in {seconds:.1} s, {:.0} a minute{of_processor}; \
         {changes} changes, {emails} emails; {failed} went wrong",
        rate(seeds, seconds),
    );
    failed == 0
}
