//! One run at a time for each calendar, over all servers on one database.

use std::time::Duration;

use store::leases;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::{Error, Result, Service, new_id};

/// How long a process may be silent before its lease is another's, in seconds.
const LEASE_SECONDS: i64 = 15;
/// How often a lease is renewed.
const RENEWAL: Duration = Duration::from_secs(5);
/// How long a run waits for another one's lease (section 2 of the contract).
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(60);
/// Pauses between two tries to take a lease: the first, and the longest.
const PAUSES: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(500)];

/// A lease that is renewed until it is given back, or dropped.
pub(crate) struct Lease {
    service: Service,
    name: String,
    holder: String,
    renewal: JoinHandle<()>,
}

impl Service {
    /// Takes a lease; `None` if another run still has it after a minute.
    pub(crate) async fn lease(&self, name: &str) -> Result<Option<Lease>> {
        let holder = format!("{} {}", self.process, new_id());
        let deadline = Instant::now() + MAX_WAIT;
        let mut pause = PAUSES[0];
        loop {
            let transaction = self.store.begin().await?;
            let is_taken = leases::take(&transaction, name, &holder, LEASE_SECONDS).await?;
            transaction.commit().await?;
            if is_taken {
                break;
            }
            if Instant::now() + pause > deadline {
                return Ok(None);
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES[1]);
        }
        let renewal = tokio::spawn(renew(self.clone(), name.to_owned(), holder.clone()));
        Ok(Some(Lease { service: self.clone(), name: name.to_owned(), holder, renewal }))
    }
}

async fn renew(service: Service, name: String, holder: String) {
    loop {
        sleep(RENEWAL).await;
        let renewed = async {
            let transaction = service.store.begin().await?;
            leases::renew(&transaction, &name, &holder, LEASE_SECONDS).await?;
            transaction.commit().await
        };
        if let Err(error) = renewed.await {
            tracing::warn!(lease = name, %error, "a lease could not be renewed");
        }
    }
}

impl Lease {
    /// Makes sure, in the transaction that depends on it, that the lease is still held.
    pub async fn hold(&self, transaction: &store::Transaction) -> Result<()> {
        if leases::renew(transaction, &self.name, &self.holder, LEASE_SECONDS).await? {
            return Ok(());
        }
        Err(Error::Busy("another run took the calendar over; nothing was changed".to_owned()))
    }

    /// Gives the lease back.
    pub async fn give_back(self) -> Result<()> {
        self.renewal.abort();
        let transaction = self.service.store.begin().await?;
        leases::give_back(&transaction, &self.name, &self.holder).await?;
        Ok(transaction.commit().await?)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}
