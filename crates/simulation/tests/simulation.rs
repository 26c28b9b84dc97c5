//! The simulation, on the program as it is and with planted faults.

use std::sync::atomic::{AtomicU64, Ordering};

use simulation::{Bug, History, run};

/// Histories of a test run, unless `SIMULATION_HISTORIES` says otherwise; `scripts/simulate` runs any number.
const HISTORIES: u64 = 100;
/// Within so many histories each planted fault has to be found.
const MAX_SEEDS: u64 = 40;

fn history(seed: u64, bug: Option<Bug>) -> History {
    run(seed, bug).unwrap_or_else(|error| panic!("seed {seed} did not come to its end: {error}"))
}

/// Does something for all of these numbers, on as many threads as there are cores.
fn each(numbers: std::ops::RangeInclusive<u64>, act: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(*numbers.start());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number > *numbers.end() {
                        return;
                    }
                    act(number);
                }
            });
        }
    });
}

#[test]
fn a_hundred_histories_go_right() {
    let histories = std::env::var("SIMULATION_HISTORIES").ok().and_then(|it| it.parse().ok());
    each(1..=histories.unwrap_or(HISTORIES), |seed| {
        let History { log, wrong, .. } = history(seed, None);
        assert!(wrong.is_empty(), "seed {seed}:\n{}\n{}", log.join("\n"), wrong.join("\n"));
    });
}

#[test]
fn each_planted_fault_is_found() {
    each(0..=Bug::ALL.len() as u64 - 1, |index| {
        let bug = Bug::ALL[index as usize];
        let is_found = |seed: &u64| run(*seed, Some(bug)).map_or(true, |it| !it.wrong.is_empty());
        assert!((1..=MAX_SEEDS).any(|seed| is_found(&seed)), "{bug:?} was not found");
    });
}

#[test]
fn the_same_seed_is_the_same_history() {
    each(1..=6, |seed| {
        assert_eq!(history(seed, None).log, history(seed, None).log, "seed {seed}");
    });
}
