//! One run at a time for each calendar, over all servers on one database.

use std::time::Duration;

use facts::new_id;
use store::calendars::Calendar;
use store::mirror;
use store::{CalendarId, leases};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::sync::mirror::first_fetch;
use crate::{Error, MessageId, Result, Service};

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
        self.take_lease(name, MAX_WAIT).await
    }

    /// Takes a lease that nobody has now.
    pub(crate) async fn free_lease(&self, name: &str) -> Result<Option<Lease>> {
        self.take_lease(name, Duration::ZERO).await
    }

    async fn take_lease(&self, name: &str, wait: Duration) -> Result<Option<Lease>> {
        let holder = format!("{} {}", self.process, new_id());
        let mut deadline = std::pin::pin!(sleep(wait));
        let mut pause = PAUSES[0];
        loop {
            let transaction = self.store.begin().await?;
            let is_taken = leases::take(&transaction, name, &holder, LEASE_SECONDS).await?;
            transaction.commit().await?;
            if is_taken {
                break;
            }
            tokio::select! {
                biased;
                () = &mut deadline => return Ok(None),
                () = sleep(pause) => {}
            }
            pause = (pause * 2).min(PAUSES[1]);
        }
        let renewal = tokio::spawn(renew(self.clone(), name.to_owned(), holder.clone()));
        Ok(Some(Lease { service: self.clone(), name: name.to_owned(), holder, renewal }))
    }
}

impl Service {
    /// Takes the lease under which a calendar's objects are changed on a server, or all of it is
    /// cleared; waits a minute for it at most.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if another run still has it then.
    pub(crate) async fn calendar_lease(&self, calendar: &Calendar) -> Result<Lease> {
        if let Some(lease) = self.lease(&calendar_lease_name(calendar.id)).await? {
            return Ok(lease);
        }
        let state = mirror::state(&self.store, calendar.id).await?;
        Err(Error::Busy(match state.as_ref().and_then(first_fetch) {
            Some(progress) => progress,
            None => MessageId::held_by_another_run(MAX_WAIT.as_secs()),
        }))
    }

    /// The same lease, if nobody has it now.
    pub(crate) async fn free_calendar_lease(&self, id: CalendarId) -> Result<Option<Lease>> {
        self.free_lease(&calendar_lease_name(id)).await
    }
}

fn calendar_lease_name(id: CalendarId) -> String {
    format!("calendar {id}")
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
        match self.is_held(transaction).await? {
            true => Ok(()),
            false => Err(Error::Busy(MessageId::LeaseLost.into())),
        }
    }

    /// Whether the lease is still held, in the transaction that depends on it.
    pub async fn is_held(&self, transaction: &store::Transaction) -> Result<bool> {
        Ok(leases::renew(transaction, &self.name, &self.holder, LEASE_SECONDS).await?)
    }

    /// Gives the lease back.
    pub async fn give_back(self) -> Result<()> {
        let transaction = self.service.store.begin().await?;
        self.give_back_in(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Gives the lease back once what it was held for is done. That stays done whatever becomes of the
    /// lease, which expires.
    pub async fn end(self) {
        let name = self.name.clone();
        if let Err(error) = self.give_back().await {
            tracing::warn!(lease = name, %error, "a lease could not be given back");
        }
    }

    /// Gives the lease back in a transaction that does something else, too.
    pub async fn give_back_in(self, transaction: &store::Transaction) -> Result<()> {
        self.renewal.abort();
        Ok(leases::give_back(transaction, &self.name, &self.holder).await?)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}
