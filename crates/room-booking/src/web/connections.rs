//! How many connections there are, in all and from each address.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use facts::clock::Instant;
use ipnet::IpNet;
use operations::Clock;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::address;

/// How often the log says at most that an address has too many connections.
const LOGGED_EVERY: Duration = Duration::from_secs(60);

/// How many places each address has taken.
type Taken = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// The places for connections.
#[derive(Debug)]
pub struct Places {
    in_all: Arc<Semaphore>,
    of_address: usize,
    exempt: Vec<IpNet>,
    taken: Taken,
    clock: Clock,
    logged: Mutex<Option<Instant>>,
}

/// The place of one connection; it is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    counted: Option<(IpAddr, Taken)>,
    _in_all: OwnedSemaphorePermit,
}

impl Places {
    /// Places for `in_all` connections, at most `of_address` of them from one address (an IPv4
    /// address, or an IPv6 network of 64 bits). For the `exempt` addresses, which are those of
    /// trusted proxies, only the first bound holds: they speak for many.
    pub fn new(in_all: usize, of_address: usize, exempt: Vec<IpNet>, clock: Clock) -> Places {
        let taken = Arc::default();
        let in_all = Arc::new(Semaphore::new(in_all));
        Places { in_all, of_address, exempt, taken, clock, logged: Mutex::default() }
    }

    /// Waits until there is room for another connection, from any address.
    pub async fn wait(&self) -> OwnedSemaphorePermit {
        loop {
            // It is never closed.
            if let Ok(permit) = Arc::clone(&self.in_all).acquire_owned().await {
                return permit;
            }
        }
    }

    /// The place of a connection that was accepted; `None` if its address has all of its places.
    pub fn take(&self, in_all: OwnedSemaphorePermit, peer: SocketAddr) -> Option<Place> {
        let address = peer.ip().to_canonical();
        if self.exempt.iter().any(|network| network.contains(&address)) {
            return Some(Place { counted: None, _in_all: in_all });
        }
        let key = address::counted(address);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let number = taken.entry(key).or_default();
        if *number >= self.of_address {
            drop(taken);
            self.log(address);
            return None;
        }
        *number += 1;
        drop(taken);
        Some(Place { counted: Some((key, Arc::clone(&self.taken))), _in_all: in_all })
    }

    fn log(&self, address: IpAddr) {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.is_none_or(|at| self.clock.elapsed(at) >= LOGGED_EVERY) {
            *logged = Some(self.clock.instant());
            tracing::warn!(
                %address,
                most = self.of_address,
                "connection refused: too many from this address; a proxy belongs into TRUSTED_PROXIES"
            );
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((key, taken)) = &self.counted else { return };
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = taken.get_mut(key) {
            *number -= 1;
            if *number == 0 {
                taken.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(text: &str) -> SocketAddr {
        SocketAddr::new(text.parse().unwrap(), 1)
    }

    #[test]
    fn an_address_has_its_places_and_no_more_and_each_is_free_again() {
        testing::block_on(async {
            let exempt = vec!["10.0.0.1/32".parse().unwrap()];
            let places = Places::new(10, 2, exempt, Clock::system());
            let take = async |text: &str| places.take(places.wait().await, peer(text));
            let first = take("203.0.113.9").await;
            let second = take("::ffff:203.0.113.9").await;
            assert!(first.is_some() && second.is_some());
            assert!(take("203.0.113.9").await.is_none(), "the one after the bound");
            let other = take("203.0.113.10").await;
            assert!(other.is_some(), "others are served");
            drop(first);
            assert!(take("203.0.113.9").await.is_some());
            let network = (take("2001:db8::1").await, take("2001:db8::2").await);
            assert!(network.0.is_some() && network.1.is_some());
            assert!(take("2001:db8::3").await.is_none(), "a network of 64 bits is one customer");
            let proxy = (take("10.0.0.1").await, take("10.0.0.1").await, take("10.0.0.1").await);
            assert!(proxy.2.is_some(), "a trusted proxy speaks for many");
            drop((second, other, network, proxy));
            assert!(places.taken.lock().unwrap().is_empty(), "nothing is kept of who has gone");
        });
    }

    #[test]
    fn beyond_all_places_a_connection_waits_until_one_is_free() {
        testing::block_on(async {
            let places = Places::new(1, 5, Vec::new(), Clock::system());
            let only = places.take(places.wait().await, peer("203.0.113.9")).unwrap();
            let mut next = std::pin::pin!(places.wait());
            assert!(futures_now(next.as_mut()).await.is_none());
            drop(only);
            assert!(futures_now(next.as_mut()).await.is_some());
        });
    }

    /// What a future gives without waiting.
    async fn futures_now<F: Future + Unpin>(future: F) -> Option<F::Output> {
        tokio::select! { biased; it = future => Some(it), () = async {} => None }
    }
}
