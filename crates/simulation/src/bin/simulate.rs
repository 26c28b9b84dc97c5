//! `simulate [--seeds N] [--seed S] [--bug NAME] [--show]`: runs histories, and prints those that went wrong.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a command")]

use std::process::ExitCode;
use std::time::Instant;

use simulation::{Bug, run};

fn usage() -> ExitCode {
    eprintln!("usage: simulate [--seeds N] [--seed FIRST] [--bug NAME] [--show]");
    ExitCode::from(2)
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

/// In how many parts Linux counts a second of processor time.
const TICKS: f64 = 100.0;

#[allow(clippy::disallowed_methods, reason = "it measures how fast it is")]
fn main() -> ExitCode {
    let (mut seeds, mut first, mut bug, mut shows) = (1_u64, 1_u64, None, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|it| it.parse().ok());
        match argument.as_str() {
            "--seeds" => match number() {
                Some(it) => seeds = it,
                None => return usage(),
            },
            "--seed" => match number() {
                Some(it) => first = it,
                None => return usage(),
            },
            "--show" => shows = true,
            "--bug" => {
                let name = arguments.next().unwrap_or_default();
                bug = Bug::ALL.into_iter().find(|it| format!("{it:?}") == name);
                if bug.is_none() {
                    eprintln!("the planted faults are {:?}", Bug::ALL);
                    return ExitCode::from(2);
                }
            }
            _ => return usage(),
        }
    }
    let begun = Instant::now();
    let (mut failed, mut changes, mut letters) = (0, 0, 0);
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
        letters += history.counts[1];
        if shows || !history.wrong.is_empty() {
            history.log.iter().for_each(|line| println!("{line}"));
        }
        if !history.wrong.is_empty() {
            failed += 1;
            println!("seed {seed}:");
            history.wrong.iter().for_each(|line| println!("  WRONG: {line}"));
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let of_processor = processor_seconds()
        .map(|it| format!(" ({it:.1} s of one core: {:.0} a minute)", rate(seeds, it)))
        .unwrap_or_default();
    println!(
        "{seeds} histories in {seconds:.1} s, {:.0} a minute{of_processor}; \
         {changes} changes, {letters} messages; {failed} went wrong",
        rate(seeds, seconds),
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
