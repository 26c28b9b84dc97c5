//! Limits of failed sign-ins. An address is limited hard. A name is only slowed, because anybody can try it
//! and so keep its owner out. A browser that its user has signed in with before has a limit of its own,
//! and what others do does not count for it. Attempts that succeed do not count.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use operations::{Clock, Error, KnownBrowser, MessageId};
use store::UserId;
use tokio::sync::Semaphore;

use crate::web::address::counted;
use crate::web::admin::frame::errors::Refused;

/// How many failures are free at once, and the interval afterwards.
#[derive(Clone, Copy, Debug)]
struct Quota {
    at_once: u32,
    every: Duration,
}

const OF_ADDRESS: Quota = Quota { at_once: 10, every: Duration::from_secs(6) };
const OF_BROWSER: Quota = Quota { at_once: 10, every: Duration::from_secs(60) };
const OF_CODES: Quota = Quota { at_once: 10, every: Duration::from_secs(60) };
const OF_ANSWER: Quota = Quota { at_once: 30, every: Duration::from_secs(2) };
const OF_NAME: Quota = Quota { at_once: 20, every: Duration::from_secs(20) };
/// By how much an attempt is delayed at most.
const MAX_DELAY: Duration = Duration::from_secs(3);
/// Attempts that are being delayed at once; further ones are refused for the moment.
const MAX_DELAYED: usize = 64;
/// The number of addresses, names or browsers that are counted. Beyond it, the one that is closest to
/// being forgotten is.
const MAX_COUNTED: usize = 10_000;
/// The longest name that can be a user's, in bytes; longer ones are counted as one.
const MAX_NAME: usize = 400;

/// Failures of each key, by the generic cell rate algorithm: a key is known by the moment at which it will
/// be as if it had never failed.
#[derive(Debug)]
struct Failures<K> {
    quota: Quota,
    clock: Clock,
    forgotten_at: Mutex<HashMap<K, Duration>>,
}

impl<K: Clone + Eq + Hash> Failures<K> {
    fn new(quota: Quota, clock: &Clock) -> Failures<K> {
        Failures { quota, clock: clock.clone(), forgotten_at: Mutex::default() }
    }

    /// Counts an attempt, as long as nobody knows better, as failed, and returns by how much the key was
    /// beyond its limit before. Where the limit is hard, an attempt beyond it is not counted.
    fn count(&self, key: &K, is_hard: bool) -> Duration {
        let now = self.clock.instant().monotonic();
        let mut all = self.forgotten_at.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.get(key).map_or(now, |at| (*at).max(now));
        let excess = (at - now).saturating_sub(self.quota.every * (self.quota.at_once - 1));
        if is_hard && !excess.is_zero() {
            return excess;
        }
        if all.len() >= MAX_COUNTED && !all.contains_key(key) {
            all.retain(|_, at| *at > now);
            let next = all.iter().min_by_key(|(_, at)| **at).map(|(key, _)| key.clone());
            if let Some(next) = next.filter(|_| all.len() >= MAX_COUNTED) {
                all.remove(&next);
            }
        }
        // What is slowed is so for one interval after the last attempt, not for ever.
        let most = (now + self.quota.every * self.quota.at_once).max(at);
        all.insert(key.clone(), (at + self.quota.every).min(most));
        excess
    }

    /// Takes back an attempt that did not fail.
    fn take_back(&self, key: &K) {
        let mut all = self.forgotten_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = all.get_mut(key) {
            *at = at.saturating_sub(self.quota.every);
        }
    }

    /// Counts an attempt unless there were too many.
    fn check(&self, key: &K) -> Result<(), u64> {
        match self.count(key, true) {
            Duration::ZERO => Ok(()),
            excess => Err(excess.as_secs() + 1),
        }
    }
}

/// The limits.
#[derive(Debug)]
pub struct SignInLimits {
    addresses: Failures<IpAddr>,
    names: Failures<String>,
    browsers: Failures<(UserId, String)>,
    codes: Failures<UserId>,
    answers: Failures<IpAddr>,
    delayed: Semaphore,
}

/// An attempt that may be made. It counts as failed unless [`Attempt::succeeded`] is called.
#[derive(Debug)]
pub struct Attempt<'l> {
    limits: &'l SignInLimits,
    address: Option<IpAddr>,
    name: Option<String>,
    browser: Option<(UserId, String)>,
    codes_of: Option<UserId>,
    answer: Option<IpAddr>,
    delay: Duration,
}

impl SignInLimits {
    /// Nothing was counted yet.
    pub fn new(clock: &Clock) -> SignInLimits {
        SignInLimits {
            addresses: Failures::new(OF_ADDRESS, clock),
            names: Failures::new(OF_NAME, clock),
            browsers: Failures::new(OF_BROWSER, clock),
            codes: Failures::new(OF_CODES, clock),
            answers: Failures::new(OF_ANSWER, clock),
            delayed: Semaphore::new(MAX_DELAYED),
        }
    }

    fn nothing(&self) -> Attempt<'_> {
        Attempt {
            limits: self,
            address: None,
            name: None,
            browser: None,
            codes_of: None,
            answer: None,
            delay: Duration::ZERO,
        }
    }

    /// Counts an attempt to sign in.
    ///
    /// # Errors
    ///
    /// The seconds to wait, if there were too many failures.
    pub fn begin(
        &self,
        address: IpAddr,
        name: &str,
        known: Option<&KnownBrowser>,
    ) -> Result<Attempt<'_>, u64> {
        if let Some(known) = known
            && let Ok(attempt) = self.begin_known(known.user, &known.id)
        {
            return Ok(attempt);
        }
        let attempt = self.begin_from(address)?;
        let name = name.trim().to_lowercase();
        let name = if name.len() > MAX_NAME { String::new() } else { name };
        let delay = self.names.count(&name, false).min(MAX_DELAY);
        Ok(Attempt { name: Some(name), delay, ..attempt })
    }

    /// Counts an attempt with a code of the second factor. The limit of a user is a hard one: only
    /// somebody who knows the password meets it.
    ///
    /// # Errors
    ///
    /// The seconds to wait, if there were too many failures.
    pub fn begin_code(
        &self,
        address: IpAddr,
        user: UserId,
        known: Option<&KnownBrowser>,
    ) -> Result<Attempt<'_>, u64> {
        if let Some(known) = known
            && let Ok(attempt) = self.begin_known(user, &known.id)
        {
            return Ok(attempt);
        }
        let attempt = self.begin_from(address)?;
        self.codes.check(&user)?;
        Ok(Attempt { codes_of: Some(user), ..attempt })
    }

    /// Counts an attempt of a user in a browser of the user's.
    ///
    /// # Errors
    ///
    /// The seconds to wait, if there were too many failures.
    pub fn begin_known(&self, user: UserId, browser: &str) -> Result<Attempt<'_>, u64> {
        let key = (user, browser.to_owned());
        self.browsers.check(&key)?;
        Ok(Attempt { browser: Some(key), ..self.nothing() })
    }

    /// Counts an attempt with a link.
    ///
    /// # Errors
    ///
    /// The seconds to wait, if there were too many failures.
    pub fn begin_from(&self, address: IpAddr) -> Result<Attempt<'_>, u64> {
        let address = counted(address);
        self.addresses.check(&address)?;
        Ok(Attempt { address: Some(address), ..self.nothing() })
    }

    /// Counts an answer of a provider that belongs to a sign-in of the browser. It does not count among the attempts
    /// with passwords: nobody guesses with it, but each one asks the provider.
    ///
    /// # Errors
    ///
    /// The seconds to wait, if there were too many failures.
    pub fn begin_answer(&self, address: IpAddr) -> Result<Attempt<'_>, u64> {
        let address = counted(address);
        self.answers.check(&address)?;
        Ok(Attempt { answer: Some(address), ..self.nothing() })
    }
}

impl Attempt<'_> {
    /// Waits, where the name is slowed.
    ///
    /// # Errors
    ///
    /// [`Refused::Busy`] if too many attempts are being delayed.
    pub async fn wait(&self) -> Result<(), Refused> {
        if self.delay.is_zero() {
            return Ok(());
        }
        let Ok(_place) = self.limits.delayed.try_acquire() else {
            return Err(Error::Busy(MessageId::PasswordsBusy.into()).into());
        };
        tokio::time::sleep(self.delay).await;
        Ok(())
    }

    /// It did not fail, so it does not count.
    pub fn succeeded(self) {
        if let Some(address) = &self.address {
            self.limits.addresses.take_back(address);
        }
        if let Some(name) = &self.name {
            self.limits.names.take_back(name);
        }
        if let Some(browser) = &self.browser {
            self.limits.browsers.take_back(browser);
        }
        if let Some(user) = &self.codes_of {
            self.limits.codes.take_back(user);
        }
        if let Some(address) = &self.answer {
            self.limits.answers.take_back(address);
        }
    }

    /// The directory could not be asked: the others at the address need not wait because of that. The name stays
    /// counted, so that nobody guesses a password of this program faster while the directory is down.
    pub fn not_answered(self) {
        if let Some(address) = &self.address {
            self.limits.addresses.take_back(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u32) -> IpAddr {
        IpAddr::from(number.to_be_bytes())
    }

    fn limits() -> (SignInLimits, Clock) {
        let clock = Clock::manual(ical::Moment(0));
        (SignInLimits::new(&clock), clock)
    }

    #[test]
    fn an_address_may_fail_ten_times_at_once_whatever_the_name_and_again_after_a_while() {
        let (limits, clock) = limits();
        for number in 0..10 {
            assert!(limits.begin(address(1), &format!("name{number}"), None).is_ok());
        }
        let wait = limits.begin(address(1), "another", None).unwrap_err();
        assert!((1..=7).contains(&wait), "{wait}");
        assert!(limits.begin(address(2), "another", None).is_ok());
        clock.advance(Duration::from_secs(wait));
        assert!(limits.begin(address(1), "another", None).is_ok());
        assert!(limits.begin(address(1), "another", None).is_err());
    }

    #[test]
    fn all_of_a_network_of_ipv6_is_one_address() {
        let (limits, _) = limits();
        for number in 0..10 {
            let address: IpAddr = format!("2001:db8:0:1::{number}").parse().unwrap();
            assert!(limits.begin(address, "ann", None).is_ok());
        }
        assert!(limits.begin("2001:db8:0:1:ffff::".parse().unwrap(), "ann", None).is_err());
        assert!(limits.begin("2001:db8:0:2::".parse().unwrap(), "ann", None).is_ok());
    }

    #[test]
    fn what_succeeds_does_not_count() {
        let (limits, _) = limits();
        for _ in 0..100 {
            let attempt = limits.begin(address(1), "ann", None).unwrap();
            assert_eq!(attempt.delay, Duration::ZERO);
            attempt.succeeded();
            limits.begin_known(UserId(1), "x").unwrap().succeeded();
        }
    }

    #[test]
    fn what_a_directory_does_not_answer_counts_for_the_name_and_not_for_the_address() {
        let (limits, _) = limits();
        for number in 0..20 {
            let attempt = limits.begin(address(1), "ann", None).unwrap();
            assert_eq!(attempt.delay, Duration::ZERO, "{number}");
            attempt.not_answered();
        }
        assert_eq!(limits.begin(address(1), "ann", None).unwrap().delay, MAX_DELAY);
        assert_eq!(limits.begin(address(1), "bob", None).unwrap().delay, Duration::ZERO);
    }

    #[test]
    fn answers_of_a_provider_have_a_limit_of_their_own() {
        let (limits, _) = limits();
        while limits.begin_answer(address(1)).is_ok() {}
        assert!(limits.begin(address(1), "ann", None).is_ok());
        assert!(limits.begin_answer(address(2)).is_ok());
        for _ in 0..100 {
            limits.begin_answer(address(3)).unwrap().succeeded();
        }
    }

    #[test]
    fn a_name_is_slowed_and_never_locked_out_however_many_try_it_from_wherever() {
        let (limits, clock) = limits();
        for number in 0..20 {
            let attempt = limits.begin(address(number), " Ann", None).unwrap();
            assert_eq!(attempt.delay, Duration::ZERO, "{number}");
        }
        for number in 20..10_000 {
            let attempt = limits.begin(address(number), "ann", None).unwrap();
            assert_eq!(attempt.delay, MAX_DELAY, "{number}");
        }
        assert_eq!(limits.begin(address(0), "bob", None).unwrap().delay, Duration::ZERO);
        clock.advance(OF_NAME.every + Duration::from_secs(1));
        assert_eq!(limits.begin(address(1), "ann", None).unwrap().delay, Duration::ZERO);
    }

    #[test]
    fn no_more_attempts_are_delayed_at_once_than_the_bound() {
        testing::block_on(async {
            let (limits, _) = limits();
            let places = limits.delayed.try_acquire_many(MAX_DELAYED as u32).unwrap();
            for _ in 0..20 {
                assert!(limits.begin(address(1), "ann", None).is_ok_and(|it| it.delay.is_zero()));
                limits.addresses.take_back(&address(1));
            }
            let attempt = limits.begin(address(1), "ann", None).unwrap();
            assert!(matches!(attempt.wait().await, Err(Refused::Busy(_))));
            drop(places);
        });
    }

    #[test]
    fn a_known_browser_is_not_kept_out_by_what_others_do_and_has_a_limit_of_its_own() {
        let (limits, _) = limits();
        let known = KnownBrowser { user: UserId(1), id: "browser".to_owned() };
        while limits.begin(address(1), "ann", None).is_ok() {}
        for number in 2..100 {
            assert!(limits.begin(address(number), "ann", None).is_ok());
        }
        for _ in 0..10 {
            let attempt = limits.begin(address(1), "ann", Some(&known)).unwrap();
            assert_eq!(attempt.delay, Duration::ZERO);
        }
        // Then it is one of the others.
        assert!(limits.begin(address(1), "ann", Some(&known)).is_err());
        assert_eq!(limits.begin(address(101), "ann", Some(&known)).unwrap().delay, MAX_DELAY);
    }

    #[test]
    fn codes_of_a_user_are_limited_wherever_they_come_from_but_for_the_users_own_browser() {
        let (limits, clock) = limits();
        for number in 0..10 {
            assert!(limits.begin_code(address(number), UserId(1), None).is_ok());
        }
        let wait = limits.begin_code(address(10), UserId(1), None).unwrap_err();
        assert!((1..=61).contains(&wait), "{wait}");
        let known = KnownBrowser { user: UserId(1), id: "browser".to_owned() };
        assert!(limits.begin_code(address(10), UserId(1), Some(&known)).is_ok());
        assert!(limits.begin_code(address(10), UserId(2), None).is_ok());
        clock.advance(Duration::from_secs(wait));
        limits.begin_code(address(11), UserId(1), None).unwrap().succeeded();
        assert!(limits.begin_code(address(11), UserId(1), None).is_ok());
        assert!(limits.begin_code(address(11), UserId(1), None).is_err());
    }

    #[test]
    fn what_is_counted_is_bounded() {
        let (limits, _) = limits();
        while limits.begin(address(0), "ann", None).is_ok() {}
        for number in 1..(MAX_COUNTED as u32 + 100) {
            assert!(limits.begin(address(number), &format!("name{number}"), None).is_ok());
        }
        assert_eq!(limits.addresses.forgotten_at.lock().unwrap().len(), MAX_COUNTED);
        assert_eq!(limits.names.forgotten_at.lock().unwrap().len(), MAX_COUNTED);
        assert!(limits.begin(address(0), "ann", None).is_err(), "who failed most is kept");
    }
}
