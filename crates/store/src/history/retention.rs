//! Retention: deletes old rows (`RETENTION_DAYS`).

use crate::sql::{self, values};
use crate::{Access as _, Result, Transaction};

/// How long an expired lease is kept, in seconds: its holder can no longer renew it.
const EXPIRED_LEASES: i64 = 24 * 3_600;

/// Deletes rows that are older than a moment: runs with their changes, messages that were sent or
/// never will be, and the metadata of UIDs whose events have ended. If an event was only reported
/// as gone, its text is deleted. In-doubt changes and their runs stay. Returns the number of rows.
///
/// The texts that nothing refers to any more are deleted by [`crate::texts::collect`].
///
/// # Errors
///
/// When the database fails.
pub async fn forget(transaction: &Transaction, before: i64) -> Result<u64> {
    let mut forgotten = 0;
    for sql in [
        "DELETE FROM changes WHERE made_at < $1 AND state <> 'prepared'",
        // Deleting a run deletes its changes, also in-doubt ones.
        "DELETE FROM runs WHERE started_at < $1 AND finished_at IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM changes WHERE run_id = runs.id)",
        "DELETE FROM outbox WHERE created_at < $1 AND state NOT IN ('waiting', 'gathered')",
        "DELETE FROM announced WHERE announced_at < $1",
        // Its text, its author and its claim: an ended claim would start anew anyway.
        "DELETE FROM uid_metadata WHERE ended_at < $1 AND NOT EXISTS (SELECT 1 FROM objects \
         WHERE objects.calendar_id = uid_metadata.calendar_id AND objects.uid = uid_metadata.uid)",
        "UPDATE uid_metadata SET last_text = NULL \
         WHERE last_text IS NOT NULL AND COALESCE(ended_at, vanished_at) < $1",
    ] {
        forgotten += sql::run(transaction, sql, values![before]).await?;
    }
    let sql = format!("DELETE FROM leases WHERE expires_at < {} - $1", transaction.now());
    sql::run(transaction, &sql, values![EXPIRED_LEASES]).await?;
    Ok(forgotten)
}
