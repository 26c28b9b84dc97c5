//! The clock that pauses are measured by.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

/// A clock: a program that has one of its own passes it to its accounts
/// ([`Account::with_clock`](crate::Account::with_clock)).
///
/// Pauses that servers ask for are measured by it, and dates in headers compared with it. Timeouts, and the
/// sleep until a short pause is over, are timers of the runtime.
pub trait Clock: Send + Sync {
    /// The time since an origin that stays the same in a process. It never decreases.
    fn monotonic(&self) -> Duration;

    /// The time of day.
    fn now(&self) -> SystemTime;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// What the system's monotonic clock is counted from.
static ORIGIN: OnceLock<std::time::Instant> = OnceLock::new();

#[allow(clippy::disallowed_methods, reason = "this is the clock that all others read")]
impl Clock for SystemClock {
    fn monotonic(&self) -> Duration {
        ORIGIN.get_or_init(std::time::Instant::now).elapsed()
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}
