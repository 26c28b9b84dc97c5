//! What is done at start and from time to time, so that nothing is left half done or kept for ever.

use ical::civil::DAY;
use store::{audit, history, idempotency, texts};

use crate::booking::create::REMEMBERED;
use crate::{Result, Service};

/// Seconds after which a run that has not ended has lost its process: a calendar takes seconds, and
/// what a process held, its leases give back.
const LOST_AFTER: i64 = 6 * 3_600;

/// How long, in seconds, one part of the texts of the history is looked through for those that nothing
/// refers to; then it is the next one's turn. It is how often [`Service::forget`] is called.
const TEXTS_PART_SECONDS: i64 = 6 * 3_600;

impl Service {
    /// Closes what a crash left open. Changes of built-in calendars are made with their records and
    /// messages in one transaction, so a crash leaves none half done; what stays is a run without an
    /// end.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn recover(&self) -> Result<()> {
        let now = self.now().0;
        let transaction = self.store.begin().await?;
        let lost = history::end_lost_runs(&transaction, now - LOST_AFTER, now).await?;
        transaction.commit().await?;
        if lost > 0 {
            tracing::warn!(runs = lost, "runs that a crash had cut off were closed");
        }
        Ok(())
    }

    /// Deletes entries of the audit trail after `days` days.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn forget_audit(&self, days: u32) -> Result<()> {
        let before = self.now().0 - i64::from(days) * DAY;
        let transaction = self.store.begin().await?;
        let forgotten = audit::forget(&transaction, before).await?;
        transaction.commit().await?;
        if forgotten > 0 {
            tracing::info!(
                rows = forgotten,
                "the audit trail beyond AUDIT_RETENTION_DAYS was deleted"
            );
        }
        Ok(())
    }

    /// Deletes what is older than its time: before-images, messages and history after `days` days,
    /// answers to repeated requests after one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn forget(&self, days: u32) -> Result<()> {
        let now = self.now().0;
        let transaction = self.store.begin().await?;
        let forgotten = history::forget(&transaction, now - i64::from(days) * DAY).await?;
        idempotency::forget(&transaction, now - REMEMBERED).await?;
        transaction.commit().await?;
        // Each time another part of the texts that were left behind.
        let transaction = self.store.begin().await?;
        let part = (now / TEXTS_PART_SECONDS).rem_euclid(i64::from(texts::PARTS));
        texts::collect(&transaction, u8::try_from(part).unwrap_or_default()).await?;
        transaction.commit().await?;
        if forgotten > 0 {
            tracing::info!(rows = forgotten, "history beyond RETENTION_DAYS was deleted");
        }
        Ok(())
    }
}
