//! Counting requests for each key, on the program's clock.

use std::hash::Hash;
use std::time::Duration;

use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use operations::Clock;

/// Requests of each key, by the cell rate algorithm.
#[derive(Debug)]
pub struct KeyedLimiter<K: Clone + Eq + Hash> {
    limiter: RateLimiter<K, DefaultKeyedStateStore<K>, RateClock, NoOpMiddleware<Duration>>,
    /// For all keys beyond the bound together.
    rest: RateLimiter<NotKeyed, InMemoryState, RateClock, NoOpMiddleware<Duration>>,
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
    /// A limiter; beyond `max_keys`, keys without a waiting time are dropped, and while more are left, all
    /// requests count together.
    pub fn new(quota: Quota, max_keys: usize, clock: &Clock) -> KeyedLimiter<K> {
        let clock = RateClock(clock.clone());
        let limiter = RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone());
        let rest = RateLimiter::direct_with_clock(quota, clock.clone());
        KeyedLimiter { limiter, rest, clock, max_keys }
    }

    /// Counts a request.
    ///
    /// # Errors
    ///
    /// How many seconds to wait, if there were too many.
    pub fn check(&self, key: &K) -> Result<(), u64> {
        let now = || governor::clock::Clock::now(&self.clock);
        if self.limiter.len() >= self.max_keys {
            self.limiter.retain_recent();
        }
        let counted = match self.limiter.len() < self.max_keys {
            true => self.limiter.check_key(key),
            false => self.rest.check(),
        };
        counted.map_err(|until| until.wait_time_from(now()).as_secs() + 1)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    #[test]
    fn no_more_keys_are_kept_than_the_bound_and_those_beyond_it_count_together() {
        let quota = Quota::per_minute(NonZeroU32::MIN.saturating_add(1));
        let limiter = KeyedLimiter::new(quota, 3, &Clock::system());
        for key in 0..3 {
            assert!(limiter.check(&key).is_ok());
        }
        let waiting = (3..100).filter(|key| limiter.check(key).is_err()).count();
        assert_eq!((limiter.limiter.len(), waiting), (3, 95), "two of a minute are for all others");
    }
}
