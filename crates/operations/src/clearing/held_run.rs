//! Runs as the history has them: which process works on each, and the end of those that lost theirs.

use std::time::Duration;

use store::RunId;
use store::history;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::{Result, Service};

/// How often a run that is in progress is renewed, so that nobody ends it: a third of
/// [`history::MAX_RUN_SECONDS`].
const RENEWAL: Duration = Duration::from_secs(10);

/// A run that this process holds until it is dropped.
pub(crate) struct HeldRun {
    /// Its id.
    pub id: RunId,
    renewal: JoinHandle<()>,
}

impl Drop for HeldRun {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

impl Service {
    /// Holds a run that has just begun.
    pub(crate) fn hold_run(&self, id: RunId) -> HeldRun {
        HeldRun { id, renewal: tokio::spawn(renew(self.clone(), id)) }
    }

    /// Ends the runs whose process died or froze: they stand in the history as lost. Changes of built-in calendars are
    /// made with their records and messages in one transaction, so a crash leaves none half done, and a scheduled
    /// calendar's turn is taken up by another process; what stays is a run without an end.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn recover(&self) -> Result<()> {
        if !history::has_lost_runs(&self.store).await? {
            return Ok(());
        }
        let transaction = self.store.begin().await?;
        let lost = history::end_lost_runs(&transaction, self.now().0).await?;
        transaction.commit().await?;
        if lost > 0 {
            tracing::warn!(runs = lost, "runs ended whose process died or froze");
        }
        Ok(())
    }
}

async fn renew(service: Service, run: RunId) {
    loop {
        sleep(RENEWAL).await;
        let renewed = async {
            let transaction = service.store.begin().await?;
            history::renew_run(&transaction, run).await?;
            transaction.commit().await
        };
        if let Err(error) = renewed.await {
            tracing::warn!(%run, %error, "a run could not be renewed");
        }
    }
}
