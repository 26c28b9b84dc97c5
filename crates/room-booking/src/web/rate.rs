//! Counting requests for each key, on the program's clock.

use std::hash::Hash;
use std::time::Duration;

use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use operations::Clock;

/// Requests of each key, by the cell rate algorithm.
#[derive(Debug)]
pub struct KeyedLimiter<K: Clone + Eq + Hash> {
    limiter: RateLimiter<K, DefaultKeyedStateStore<K>, RateClock, NoOpMiddleware<Duration>>,
    clock: RateClock,
    max_keys: usize,
}

/// The program's clock, as the algorithm reads it.
#[derive(Clone, Debug)]
struct RateClock(Clock);

impl governor::clock::Clock for RateClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.instant().monotonic()
    }
}

impl<K: Clone + Eq + Hash> KeyedLimiter<K> {
    /// A limiter; beyond `max_keys`, keys without a waiting time are dropped.
    pub fn new(quota: Quota, max_keys: usize, clock: &Clock) -> KeyedLimiter<K> {
        let clock = RateClock(clock.clone());
        let limiter = RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone());
        KeyedLimiter { limiter, clock, max_keys }
    }

    /// Counts a request.
    ///
    /// # Errors
    ///
    /// How many seconds to wait, if there were too many.
    pub fn check(&self, key: &K) -> Result<(), u64> {
        if self.limiter.len() > self.max_keys {
            self.limiter.retain_recent();
        }
        let now = || governor::clock::Clock::now(&self.clock);
        let counted = self.limiter.check_key(key);
        counted.map_err(|until| until.wait_time_from(now()).as_secs() + 1)
    }
}
