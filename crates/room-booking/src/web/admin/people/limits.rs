//! Limits of sign-in attempts: for each address and for each name, so that neither one machine nor
//! many can try many passwords.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::Quota;
use operations::Clock;

use crate::web::address::counted;
use crate::web::rate::KeyedLimiter;

/// Attempts of an address at once, and the interval afterwards.
const OF_ADDRESS: (NonZeroU32, Duration) = (NonZeroU32::new(10).unwrap(), Duration::from_secs(6));
/// Attempts for a name at once, and the interval afterwards. There are more of them, so that one
/// attacker alone does not lock a user out.
const OF_NAME: (NonZeroU32, Duration) = (NonZeroU32::new(20).unwrap(), Duration::from_secs(20));
/// The number of addresses or names beyond which those without a waiting time are dropped.
const MAX_COUNTED: usize = 10_000;
/// The longest name that can be a user's, in bytes; longer ones are counted as one.
const MAX_NAME: usize = 400;

/// The attempts.
#[derive(Debug)]
pub struct SignInLimits {
    addresses: KeyedLimiter<IpAddr>,
    names: KeyedLimiter<String>,
}

fn limiter<K: Clone + Eq + Hash>(
    (at_once, every): (NonZeroU32, Duration),
    clock: &Clock,
) -> KeyedLimiter<K> {
    let quota = Quota::with_period(every).unwrap_or(Quota::per_minute(at_once));
    KeyedLimiter::new(quota.allow_burst(at_once), MAX_COUNTED, clock)
}

impl SignInLimits {
    /// Nothing was counted yet.
    pub fn new(clock: &Clock) -> SignInLimits {
        SignInLimits { addresses: limiter(OF_ADDRESS, clock), names: limiter(OF_NAME, clock) }
    }

    /// Counts an attempt.
    ///
    /// # Errors
    ///
    /// The seconds to wait, if there were too many attempts.
    pub fn count(&self, address: IpAddr, name: &str) -> Result<(), u64> {
        self.addresses.check(&counted(address))?;
        let name = name.trim().to_lowercase();
        self.names.check(&if name.len() > MAX_NAME { String::new() } else { name })
    }

    /// Counts an attempt with a link, or with the present password.
    ///
    /// # Errors
    ///
    /// The seconds to wait, if there were too many attempts.
    pub fn count_address(&self, address: IpAddr) -> Result<(), u64> {
        self.addresses.check(&counted(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, number])
    }

    #[test]
    fn an_address_may_try_ten_times_at_once_whatever_the_name_and_again_after_a_while() {
        let clock = Clock::manual(ical::Moment(0));
        let limits = SignInLimits::new(&clock);
        for number in 0..10 {
            assert!(limits.count(address(1), &format!("name{number}")).is_ok());
        }
        let wait = limits.count(address(1), "another").unwrap_err();
        assert!((1..=7).contains(&wait), "{wait}");
        assert!(limits.count(address(2), "another").is_ok());
        clock.advance(Duration::from_secs(wait));
        assert!(limits.count(address(1), "another").is_ok());
    }

    #[test]
    fn a_name_may_be_tried_twenty_times_at_once_wherever_from() {
        let limits = SignInLimits::new(&Clock::manual(ical::Moment(0)));
        for number in 0..20 {
            assert!(limits.count(address(number), "Ann").is_ok());
        }
        assert!(limits.count(address(99), " ann ").is_err());
        assert!(limits.count(address(99), "bob").is_ok());
    }
}
