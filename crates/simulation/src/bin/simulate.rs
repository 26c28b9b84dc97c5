//! `simulate [--seeds N] [--seed S] [--bug NAME] [--show]`: runs histories, and prints those that went wrong.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a command")]

use std::process::ExitCode;
use std::time::Instant;

use simulation::{Bug, run};

fn usage() -> ExitCode {
    eprintln!("usage: simulate [--seeds N] [--seed FIRST] [--bug NAME] [--show]");
    ExitCode::from(2)
}

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
    let minutes = begun.elapsed().as_secs_f64() / 60.0;
    println!(
        "{seeds} histories in {:.1} s, {:.0} a minute; {changes} changes, {letters} letters; {failed} went wrong",
        minutes * 60.0,
        seeds as f64 / minutes
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
