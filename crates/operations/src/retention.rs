//! What is done from time to time, so that nothing is kept for ever, and no wrong clock holds anything up.

use ical::civil::DAY;
use store::clock::{self, Ahead};
use store::history::{self, Old, Retained};
use store::{audit, calendars, idempotency, monthly_reports, texts, webhooks};

use crate::{Result, Service};

/// How long, in seconds, one part of the texts of the history is looked through for those that nothing
/// refers to; then it is the next one's turn. It is how often [`Service::forget`] is called.
const TEXTS_PART_SECONDS: i64 = 6 * 3_600;

/// How long monthly reports are kept, in seconds: they name nobody, and are small.
const MONTHLY_REPORTS_KEPT: i64 = 3 * 366 * DAY;

/// Batches of one kind that one call deletes: 5 million rows.
const MAX_BATCHES: usize = 10_000;
/// Digests of texts that are gathered before those are deleted.
const MAX_TEXTS: usize = 10_000;
/// Webhooks that one transaction deletes at most.
const WEBHOOKS_BATCH: i64 = 500;
/// Texts that one transaction deletes at most.
const TEXTS_BATCH: usize = 500;

impl Service {
    /// Mends moments in the future, which a clock wrote that was ahead. Where the database's clock says that this
    /// machine's is behind, moments are in the future only if they are so by both.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn mend_clock(&self) -> Result<()> {
        let now = self.latest_now().await?;
        let transaction = self.store.begin().await?;
        let mended = clock::mend(&transaction, now.0).await?;
        transaction.commit().await?;
        for Ahead { table, column, rows } in mended {
            tracing::warn!(
                table,
                column,
                rows,
                "moments in the future were mended: a clock was ahead"
            );
        }
        Ok(())
    }

    /// Deletes entries of the audit trail after `days` days, as [`Service::forget`] does with the history.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn forget_audit(&self, days: u32) -> Result<()> {
        let present = self.settled_now().await?.0;
        let oldest = audit::oldest(&self.store).await?;
        let before = present - i64::from(days) * DAY;
        let before = self.bounded(Retained::Audit, oldest, before, present).await?;
        let mut forgotten = 0;
        for _ in 0..MAX_BATCHES {
            let transaction = self.store.begin().await?;
            let rows = audit::forget(&transaction, before).await?;
            transaction.commit().await?;
            forgotten += rows;
            if rows == 0 {
                break;
            }
        }
        if forgotten > 0 {
            tracing::info!(
                rows = forgotten,
                "the audit trail beyond AUDIT_RETENTION_DAYS was deleted"
            );
        }
        Ok(())
    }

    /// Deletes what is older than its time: before-images, messages and history after `days` days,
    /// answers to repeated requests after one; in batches, so that nobody waits for it.
    ///
    /// If more than a day's worth is too old, perhaps a clock is wrong: then no more than a day's worth goes, with
    /// a warning, until that has been so for a day.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn forget(&self, days: u32) -> Result<()> {
        let present = self.settled_now().await?.0;
        let oldest = history::oldest(&self.store).await?;
        let before = present - i64::from(days) * DAY;
        let before = self.bounded(Retained::History, oldest, before, present).await?;
        let (mut forgotten, mut texts) = (0, Vec::new());
        for old in Old::ALL {
            for _ in 0..MAX_BATCHES {
                let transaction = self.store.begin().await?;
                let batch = history::forget(&transaction, old, before).await?;
                transaction.commit().await?;
                forgotten += batch.rows;
                texts.extend(batch.texts);
                if texts.len() >= MAX_TEXTS {
                    self.forget_texts(&mut texts).await?;
                }
                if batch.rows == 0 {
                    break;
                }
            }
        }
        self.forget_texts(&mut texts).await?;
        let transaction = self.store.begin().await?;
        idempotency::forget(&transaction, present - idempotency::REMEMBERED_SECONDS).await?;
        history::forget_leases(&transaction).await?;
        monthly_reports::forget(&transaction, present - MONTHLY_REPORTS_KEPT).await?;
        forgotten += calendars::forget_removed(&transaction, before).await?;
        transaction.commit().await?;
        self.forget_webhooks(before, present).await?;
        self.collect_texts(present).await?;
        self.store.give_space_back().await?;
        if forgotten > 0 {
            tracing::info!(rows = forgotten, "history beyond RETENTION_DAYS was deleted");
        }
        Ok(())
    }

    async fn forget_webhooks(&self, before: i64, now: i64) -> Result<()> {
        for _ in 0..MAX_BATCHES {
            let transaction = self.store.begin().await?;
            let rows = webhooks::forget(&transaction, before, now, WEBHOOKS_BATCH).await?;
            transaction.commit().await?;
            if rows == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Up to which moment retention deletes that is to delete up to `before`.
    async fn bounded(
        &self,
        what: Retained,
        oldest: Option<i64>,
        before: i64,
        now: i64,
    ) -> Result<i64> {
        let of_a_day = oldest.map(|it| it.saturating_add(DAY)).filter(|it| *it < before);
        let since = history::backlog_since(&self.store, what).await?;
        let (since, bounded) = match (of_a_day, since) {
            (None, None) => return Ok(before),
            (None, Some(_)) => (None, before),
            (Some(_), Some(since)) if now - since >= DAY => (Some(since), before),
            (Some(of_a_day), since) => (Some(since.unwrap_or(now)), of_a_day),
        };
        let transaction = self.store.begin().await?;
        history::set_backlog(&transaction, what, since).await?;
        transaction.commit().await?;
        if let Some(oldest) = oldest.filter(|_| of_a_day.is_some()) {
            let days = (before - oldest) / DAY;
            let is_all = bounded == before;
            tracing::warn!(
                what = what.as_str(),
                days,
                is_all,
                "more than a day's worth is older than it is kept; unless the clock is ahead, that is a longer outage \
                 or a new setting"
            );
        }
        Ok(bounded)
    }

    /// Deletes texts that nothing refers to any more, in the order of their digests: those of a day lie all over the
    /// table, and so each of its pages is written once, and not in each batch. Those that somebody may be referring to
    /// at this moment are left for [`Service::collect_texts`].
    async fn forget_texts(&self, digests: &mut Vec<Vec<u8>>) -> Result<()> {
        digests.sort_unstable();
        digests.dedup();
        for part in digests.chunks(TEXTS_BATCH) {
            let transaction = self.store.begin().await?;
            match texts::forget(&transaction, part).await {
                Ok(_) => transaction.commit().await?,
                Err(store::Error::Unavailable(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        digests.clear();
        Ok(())
    }

    /// Deletes texts that were left behind, each time of another part of them.
    async fn collect_texts(&self, now: i64) -> Result<()> {
        let part = (now / TEXTS_PART_SECONDS).rem_euclid(i64::from(texts::PARTS));
        let transaction = self.store.begin().await?;
        match texts::collect(&transaction, u8::try_from(part).unwrap_or_default()).await {
            Ok(_) => Ok(transaction.commit().await?),
            Err(store::Error::Unavailable(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
