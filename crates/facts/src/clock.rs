//! The one clock of the program: what time it is, and how much time has passed.
//!
//! Everything that reads a clock reads this one, so that a test can advance all of the program at once.
//! `clippy.toml` forbids the others. Two things keep clocks of their own: timers of the runtime, and leases,
//! which all servers on one database measure by the database's clock. The client of CalDAV servers
//! (`caldav`) is given this one: it measures the pauses that servers ask for by it, and compares dates in
//! headers (Retry-After, Date) with it. Its timeouts are timers of the runtime. Whether a decision still
//! holds it does not measure itself: it asks (`changes::decision` of `operations`).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ical::Moment;

/// A source of time. Clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    source: Source,
}

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<Manual>),
}

/// The hands of a clock that is advanced by hand, in nanoseconds.
#[derive(Debug)]
struct Manual {
    /// Since 1970.
    wall: AtomicU64,
    /// Of the same origin, so that clocks of different moments compare.
    monotonic: AtomicU64,
}

/// Readings of all manual clocks: each instant that one of them gives out is a nanosecond later than
/// the one before, as with a real clock.
static READINGS: AtomicU64 = AtomicU64::new(0);

/// What the system's monotonic clock is counted from.
static ORIGIN: OnceLock<std::time::Instant> = OnceLock::new();

/// A reading of a [`Clock`], to tell later how much time has passed ([`Clock::elapsed`]).
///
/// Instants are ordered by the monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    monotonic: Duration,
    /// Since 1970.
    wall: Duration,
}

impl Instant {
    /// The time of the monotonic clock, counted from an origin that stays the same in a process.
    pub fn monotonic(self) -> Duration {
        self.monotonic
    }
}

impl Clock {
    /// The system's clock: what production runs on.
    pub fn system() -> Clock {
        Clock::default()
    }

    /// A clock that stands at `moment` until it is advanced: what tests run on.
    pub fn manual(moment: Moment) -> Clock {
        let nanoseconds = u64::try_from(moment.0).unwrap_or_default().saturating_mul(1_000_000_000);
        let [wall, monotonic] = [nanoseconds; 2].map(AtomicU64::new);
        Clock { source: Source::Manual(Arc::new(Manual { wall, monotonic })) }
    }

    /// Whether it is the system's.
    pub fn is_system(&self) -> bool {
        matches!(self.source, Source::System)
    }

    /// What time it is, in whole seconds.
    pub fn now(&self) -> Moment {
        Moment(i64::try_from(self.wall().as_secs()).unwrap_or(i64::MAX))
    }

    /// The present, to measure from.
    pub fn instant(&self) -> Instant {
        Instant { monotonic: self.monotonic(), wall: self.wall() }
    }

    /// How much time has passed since a reading, by the monotonic clock or by the wall clock, whichever
    /// says more: the former stands still while a machine is suspended, the latter may be set back.
    pub fn elapsed(&self, since: Instant) -> Duration {
        let by_monotonic = self.monotonic().saturating_sub(since.monotonic);
        by_monotonic.max(self.wall().saturating_sub(since.wall))
    }

    /// Advances a manual clock. The system's clock advances without help, and does not change.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(hands) = &self.source {
            let nanoseconds = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
            hands.wall.fetch_add(nanoseconds, Ordering::SeqCst);
            hands.monotonic.fetch_add(nanoseconds, Ordering::SeqCst);
        }
    }

    /// Advances the wall clock of a manual clock alone: a machine that was suspended wakes up.
    pub fn wake_after(&self, suspended: Duration) {
        if let Source::Manual(hands) = &self.source {
            let nanoseconds = u64::try_from(suspended.as_nanos()).unwrap_or(u64::MAX);
            hands.wall.fetch_add(nanoseconds, Ordering::SeqCst);
        }
    }

    #[allow(clippy::disallowed_methods, reason = "this is the clock that all others read")]
    fn wall(&self) -> Duration {
        match &self.source {
            Source::Manual(hands) => Duration::from_nanos(hands.wall.load(Ordering::SeqCst)),
            Source::System => {
                let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                since_1970.unwrap_or_default()
            }
        }
    }

    #[allow(clippy::disallowed_methods, reason = "this is the clock that all others read")]
    fn monotonic(&self) -> Duration {
        match &self.source {
            Source::Manual(hands) => {
                let reading = READINGS.fetch_add(1, Ordering::SeqCst);
                Duration::from_nanos(hands.monotonic.load(Ordering::SeqCst).saturating_add(reading))
            }
            Source::System => ORIGIN.get_or_init(std::time::Instant::now).elapsed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_manual_clock_stands_until_it_is_advanced_and_its_clones_with_it() {
        let clock = Clock::manual(Moment(1_000));
        let other = clock.clone();
        let begun = clock.instant();
        assert_eq!(clock.now(), Moment(1_000));
        assert!(clock.elapsed(begun) < SECOND);
        other.advance(90 * SECOND);
        assert_eq!(clock.now(), Moment(1_090));
        assert_eq!(clock.elapsed(begun).as_secs(), 90);
    }

    #[test]
    fn instants_are_different_and_in_order_on_one_clock_and_on_later_ones() {
        let clock = Clock::manual(Moment(1_000));
        let [first, second] = [clock.instant(), clock.instant()];
        assert!(first < second);
        assert!(second < Clock::manual(Moment(1_000)).instant());
        assert!(second < Clock::manual(Moment(1_001)).instant());
    }

    #[test]
    fn time_passes_while_a_machine_is_suspended_or_its_wall_clock_is_set_back() {
        let clock = Clock::manual(Moment(1_000));
        let begun = clock.instant();
        clock.wake_after(60 * SECOND);
        assert_eq!(clock.elapsed(begun).as_secs(), 60);
        let set_back = Instant { wall: begun.wall + 3_600 * SECOND, ..begun };
        clock.advance(5 * SECOND);
        assert_eq!(clock.elapsed(set_back).as_secs(), 5);
    }

    #[test]
    fn the_system_clock_cannot_be_advanced() {
        let clock = Clock::system();
        let begun = clock.instant();
        clock.advance(3_600 * SECOND);
        clock.wake_after(3_600 * SECOND);
        assert!(clock.elapsed(begun) < 600 * SECOND);
        assert!(clock.now() > Moment(1_700_000_000));
    }
}
