//! Checking and hashing passwords, a few at a time: each takes a processor and 19 MiB of memory for some
//! ten milliseconds.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use store::secrets;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::{Error, MessageId, Result};

/// Passwords that are hashed at once.
const MAX_HASHING: usize = 2;
/// How many of them may be of browsers that nobody has signed in with before. The others keep a place, so
/// that a flood of guesses does not keep people out of the browsers that they use.
const MAX_HASHING_OF_STRANGERS: usize = 1;
/// Passwords of strangers that wait for their turn; a further one is refused.
const MAX_WAITING: usize = 200;
/// The same of known browsers, which are counted apart: a flood of guesses takes none of their places.
const MAX_WAITING_OF_KNOWN: usize = 50;
/// How long one waits before it is refused.
const MAX_WAIT: Duration = Duration::from_secs(10);
/// What a password is compared with where there is none: it takes as long, and is never right.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA\
                       $K8Gx4EpEbBmmlGfhHjfnZtRUQDEkWAGJVMK2yDVUxVY";

static HASHING: Queue = Queue::new();

/// Where a password comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A browser in which this user has signed in before, or is signed in.
    KnownBrowser,
    /// Any other.
    Stranger,
}

/// Whether a password matches a hash; without one it takes as long.
pub(crate) async fn matches(
    password: &SecretString,
    hash: Option<String>,
    source: Source,
) -> Result<bool> {
    let (password, hash) = (password.clone(), hash.unwrap_or_else(|| NOBODYS.to_owned()));
    HASHING.work(source, move || secrets::is_password(&password, &hash)).await
}

/// The hash of a password that somebody who may set it has chosen.
pub(crate) async fn hashed(password: &SecretString) -> Result<String> {
    let password = password.clone();
    Ok(HASHING.work(Source::KnownBrowser, move || secrets::hash_password(&password)).await??)
}

/// A bounded queue for work that takes a processor and much memory.
struct Queue {
    places: Semaphore,
    places_of_strangers: Semaphore,
    waiting_strangers: AtomicUsize,
    waiting_known: AtomicUsize,
}

/// One that waits; it is counted until this is dropped.
struct Waiting<'q>(&'q AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Queue {
    const fn new() -> Queue {
        Queue {
            places: Semaphore::const_new(MAX_HASHING),
            places_of_strangers: Semaphore::const_new(MAX_HASHING_OF_STRANGERS),
            waiting_strangers: AtomicUsize::new(0),
            waiting_known: AtomicUsize::new(0),
        }
    }

    /// Does work when its turn comes.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if too many of its source wait, or it waits for too long.
    async fn work<T: Send + 'static>(
        &'static self,
        source: Source,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let busy = || Error::Busy(MessageId::PasswordsBusy.into());
        let (count, most) = match source {
            Source::Stranger => (&self.waiting_strangers, MAX_WAITING),
            Source::KnownBrowser => (&self.waiting_known, MAX_WAITING_OF_KNOWN),
        };
        let before = count.fetch_add(1, Ordering::Relaxed);
        let waiting = Waiting(count);
        if before >= most {
            return Err(busy());
        }
        let turn = async {
            // Nobody closes them, so there is always a place in the end.
            let of_stranger = match source {
                Source::Stranger => self.places_of_strangers.acquire().await.ok(),
                Source::KnownBrowser => None,
            };
            (of_stranger, self.places.acquire().await.ok())
        };
        let turn = timeout(MAX_WAIT, turn).await.map_err(|_| busy())?;
        drop(waiting);
        let done = tokio::task::spawn_blocking(move || {
            // Also when the browser goes away, the place is taken until the work ends.
            let done = work();
            drop(turn);
            done
        });
        let done = done.await;
        done.map_err(|error| Error::Internal(format!("a password could not be hashed: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn queue() -> &'static Queue {
        Box::leak(Box::new(Queue::new()))
    }

    /// Work that ends when the returned sender is dropped.
    fn held(queue: &'static Queue, source: Source) -> mpsc::Sender<()> {
        let (sender, receiver) = mpsc::channel::<()>();
        tokio::spawn(queue.work(source, move || receiver.recv().is_ok()));
        sender
    }

    #[test]
    fn nobodys_hash_is_a_real_one_and_costs_as_much_as_a_users() {
        let users = secrets::hash_password(&"correct horse".into()).unwrap();
        let parameters = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(parameters(NOBODYS), parameters(&users));
        assert_eq!(NOBODYS.len(), users.len(), "or it could not be read, and cost nothing");
        assert!(!secrets::is_password(&"".into(), NOBODYS));
    }

    #[test]
    fn a_flood_of_strangers_leaves_a_place_for_known_browsers_and_what_waits_is_bounded() {
        testing::block_on(async {
            let queue = queue();
            let held: Vec<_> =
                (0..MAX_WAITING + 10).map(|_| held(queue, Source::Stranger)).collect();
            while queue.waiting_strangers.load(Ordering::Relaxed) < MAX_WAITING {
                tokio::task::yield_now().await;
            }
            let further = queue.work(Source::Stranger, || ()).await;
            assert!(matches!(further, Err(Error::Busy(_))), "{further:?}");
            assert_eq!(queue.work(Source::KnownBrowser, || 7).await.unwrap(), 7);
            drop(held);
            while queue.waiting_strangers.load(Ordering::Relaxed) >= MAX_WAITING {
                tokio::task::yield_now().await;
            }
            assert!(queue.work(Source::Stranger, || ()).await.is_ok());
        });
    }

    #[test]
    fn what_waits_of_known_browsers_is_bounded_too() {
        testing::block_on(async {
            let queue = queue();
            let held: Vec<_> = (0..MAX_WAITING_OF_KNOWN + MAX_HASHING + 5)
                .map(|_| held(queue, Source::KnownBrowser))
                .collect();
            while queue.waiting_known.load(Ordering::Relaxed) < MAX_WAITING_OF_KNOWN {
                tokio::task::yield_now().await;
            }
            let further = queue.work(Source::KnownBrowser, || ()).await;
            assert!(matches!(further, Err(Error::Busy(_))), "{further:?}");
            drop(held);
        });
    }

    #[test]
    fn a_known_browser_is_served_while_a_stranger_is_at_work() {
        testing::block_on(async {
            let queue = queue();
            let strangers = [held(queue, Source::Stranger), held(queue, Source::Stranger)];
            while queue.places.available_permits() == MAX_HASHING {
                tokio::task::yield_now().await;
            }
            assert_eq!(queue.work(Source::KnownBrowser, || 7).await.unwrap(), 7);
            drop(strangers);
        });
    }
}
