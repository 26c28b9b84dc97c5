//! The simulation, on the program as it is and with planted bugs.

#![allow(clippy::panic, reason = "a test that cannot go on has failed")]

/// `scripts/test` skips these in its step `tests`, by the name of the module, and runs them as the step
/// `simulation`.
mod histories {
    use std::ops::RangeInclusive;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Instant;

    use simulation::{Bug, History, run};

    /// Histories of a test run, unless `SIMULATION_HISTORIES` says otherwise.
    const HISTORIES: u64 = 100;
    /// Histories within which each planted bug has to be found.
    const MAX_SEEDS: u64 = 40;

    fn history(seed: u64, bug: Option<Bug>) -> History {
        let again = again(seed, bug);
        run(seed, bug)
            .unwrap_or_else(|error| panic!("seed {seed} did not come to its end: {error}\n{again}"))
    }

    /// How a history is repeated.
    fn again(seed: u64, bug: Option<Bug>) -> String {
        let bug = bug.map(|bug| format!(" --bug {bug:?}")).unwrap_or_default();
        format!("repeat it with: scripts/simulate --seed {seed}{bug} --show")
    }

    /// Does something for all of these numbers, on a few more threads than there are cores: histories pause
    /// now and then, where the program waits before it sends a request again.
    fn each(numbers: RangeInclusive<u64>, act: impl Fn(u64) + Sync) {
        let next = AtomicU64::new(*numbers.start());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..cores + cores.div_ceil(2) {
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
    fn all_of_them_go_right() {
        let histories = match std::env::var("SIMULATION_HISTORIES") {
            Ok(number) => number.parse().unwrap_or_else(|_| panic!("it is a number: {number}")),
            Err(_) => HISTORIES,
        };
        let begun = Instant::now();
        each(1..=histories, |seed| {
            let History { log, wrong, .. } = history(seed, None);
            let (log, lines, again) = (log.join("\n"), wrong.join("\n"), again(seed, None));
            assert!(wrong.is_empty(), "{log}\nseed {seed} went wrong:\n{lines}\n{again}");
        });
        // Shown with `--nocapture`.
        eprintln!("{histories} histories in {} s", begun.elapsed().as_secs());
    }

    #[test]
    fn each_planted_bug_is_found() {
        each(0..=Bug::ALL.len() as u64 - 1, |index| {
            let bug = Bug::ALL[index as usize];
            let finds = |seed: u64| run(seed, Some(bug)).is_ok_and(|it| !it.wrong.is_empty());
            let mut seeds = std::iter::once(bug.likely_seed()).chain(1..=MAX_SEEDS);
            assert!(seeds.any(finds), "{bug:?} was not found in {MAX_SEEDS} histories");
        });
    }

    /// The log with requests in a row for single objects in one order: they come in the order of their
    /// names, and those that the program makes are random.
    fn in_order(mut log: Vec<String>) -> Vec<String> {
        let is_get = |line: &String| line.contains("   GET ");
        log.chunk_by_mut(|one, next| is_get(one) && is_get(next)).for_each(<[String]>::sort);
        log
    }

    #[test]
    fn the_same_seed_is_the_same_history() {
        each(1..=4, |seed| {
            let [one, other] = [(), ()].map(|()| in_order(history(seed, None).log));
            assert_eq!(one, other, "seed {seed}");
        });
    }
}
