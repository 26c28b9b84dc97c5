//! Retention: deletes old rows (`RETENTION_DAYS`), in batches that each hold nobody up.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Result, Transaction};

/// How long an expired lease is kept, in seconds: its holder can no longer renew it.
const EXPIRED_LEASES: i64 = 24 * 3_600;
/// Rows that one transaction deletes at most.
pub const BATCH: i64 = 500;

/// What is deleted after its time, in this order: a message goes before its change, so that it need not be told, and a
/// change before its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Old {
    /// Pending removals that have ended.
    Pending,
    /// Links of messages that do not work any more.
    Links,
    /// Kept conflicts that have ended.
    KeptConflicts,
    /// Messages that were sent or never will be.
    Messages,
    /// Changes with their removals; those in doubt stay.
    Changes,
    /// Runs whose changes are gone.
    Runs,
    /// What was announced.
    Announced,
    /// What is known of UIDs whose events have ended: the text, the author and the claim. An ended claim would
    /// start anew anyway.
    Uids,
    /// The last texts of events that were only reported as gone.
    LastTexts,
}

impl Old {
    /// All of them.
    pub const ALL: [Old; 9] = [
        Old::Pending,
        Old::Links,
        Old::KeptConflicts,
        Old::Messages,
        Old::Changes,
        Old::Runs,
        Old::Announced,
        Old::Uids,
        Old::LastTexts,
    ];

    /// SQL for the rows that are older than `$1`, at most `$2`, oldest first.
    fn rows(self) -> &'static str {
        match self {
            Old::Pending => {
                "SELECT id FROM pending_removals WHERE ended_at < $1 ORDER BY ended_at LIMIT $2"
            }
            Old::Links => {
                "SELECT id FROM mail_links WHERE expires_at < $1 ORDER BY expires_at LIMIT $2"
            }
            Old::KeptConflicts => {
                "SELECT id FROM kept_conflicts WHERE ended_at < $1 ORDER BY ended_at LIMIT $2"
            }
            Old::Changes => {
                "SELECT id FROM changes WHERE made_at < $1 AND state <> 'prepared' \
                 ORDER BY made_at, id LIMIT $2"
            }
            // Deleting a run deletes its changes, also in-doubt ones.
            Old::Runs => {
                "SELECT id FROM runs WHERE started_at < $1 AND finished_at IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM changes WHERE run_id = runs.id) \
                 ORDER BY started_at LIMIT $2"
            }
            // The links of a message work until its event begins, which may be in a year, and are signed for it.
            Old::Messages => {
                "SELECT id FROM outbox WHERE created_at < $1 AND state NOT IN ('waiting', 'gathered') \
                 AND NOT EXISTS (SELECT 1 FROM mail_links WHERE message_id = outbox.id) \
                 ORDER BY created_at LIMIT $2"
            }
            Old::Announced => {
                "SELECT calendar_id, uid, original, reason, winner_uid, address FROM announced \
                 WHERE announced_at < $1 ORDER BY announced_at LIMIT $2"
            }
            Old::Uids => {
                "SELECT calendar_id, uid FROM uid_metadata WHERE ended_at < $1 AND NOT EXISTS \
                 (SELECT 1 FROM objects WHERE objects.calendar_id = uid_metadata.calendar_id \
                  AND objects.uid = uid_metadata.uid) ORDER BY ended_at LIMIT $2"
            }
            Old::LastTexts => {
                "SELECT calendar_id, uid FROM uid_metadata WHERE last_text IS NOT NULL \
                 AND COALESCE(ended_at, vanished_at) < $1 LIMIT $2"
            }
        }
    }
}

/// What a batch deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The number of rows.
    pub rows: u64,
    /// The digests of texts that they referred to, and that perhaps nothing refers to any more.
    pub texts: Vec<Vec<u8>>,
}

#[derive(FromQueryResult)]
struct Texts {
    one: Option<Vec<u8>>,
    other: Option<Vec<u8>>,
}

/// Deletes rows that are older than a moment (seconds since 1970), at most [`BATCH`].
///
/// # Errors
///
/// When the database fails.
pub async fn forget(transaction: &Transaction, old: Old, before: i64) -> Result<Batch> {
    let rows = old.rows();
    let (delete, texts) = match old {
        Old::Pending => ("DELETE FROM pending_removals WHERE id", None),
        Old::Links => ("DELETE FROM mail_links WHERE id", None),
        Old::KeptConflicts => ("DELETE FROM kept_conflicts WHERE id", None),
        Old::Changes => ("DELETE FROM changes WHERE id", Some(["before_text", "after_text"])),
        Old::Runs => ("DELETE FROM runs WHERE id", None),
        Old::Messages => ("DELETE FROM outbox WHERE id", None),
        Old::Announced => (
            "DELETE FROM announced WHERE (calendar_id, uid, original, reason, winner_uid, address)",
            None,
        ),
        Old::Uids => {
            ("DELETE FROM uid_metadata WHERE (calendar_id, uid)", Some(["last_text", "last_text"]))
        }
        Old::LastTexts => return forget_last_texts(transaction, rows, before).await,
    };
    let delete = format!("{delete} IN ({rows})");
    let Some([one, other]) = texts else {
        let rows = sql::run(transaction, &delete, values![before, BATCH]).await?;
        return Ok(Batch { rows, texts: Vec::new() });
    };
    let sql = format!("{delete} RETURNING {one} AS one, {other} AS other");
    Ok(batch(sql::all(transaction, &sql, values![before, BATCH]).await?))
}

fn batch(deleted: Vec<Texts>) -> Batch {
    let rows = deleted.len() as u64;
    let mut texts: Vec<Vec<u8>> =
        deleted.into_iter().flat_map(|it| [it.one, it.other]).flatten().collect();
    texts.sort_unstable();
    texts.dedup();
    Batch { rows, texts }
}

async fn forget_last_texts(transaction: &Transaction, rows: &str, before: i64) -> Result<Batch> {
    let sql = format!(
        "SELECT last_text AS one, last_text AS other FROM uid_metadata WHERE (calendar_id, uid) IN ({rows})"
    );
    let found: Vec<Texts> = sql::all(transaction, &sql, values![before, BATCH]).await?;
    let sql =
        format!("UPDATE uid_metadata SET last_text = NULL WHERE (calendar_id, uid) IN ({rows})");
    let rows = sql::run(transaction, &sql, values![before, BATCH]).await?;
    Ok(Batch { rows, ..batch(found) })
}

/// The moment of the oldest change, run or message that retention deletes, in seconds since 1970; `None` if there is
/// none.
///
/// # Errors
///
/// When the database fails.
pub async fn oldest(access: &impl Access) -> Result<Option<i64>> {
    let mut oldest: Option<i64> = None;
    for sql in [
        "SELECT MIN(made_at) FROM changes WHERE state <> 'prepared'",
        // The minimum of a join would be sought among all runs.
        "SELECT started_at FROM runs WHERE finished_at IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM changes WHERE run_id = runs.id AND state = 'prepared') ORDER BY started_at LIMIT 1",
        "SELECT created_at FROM outbox WHERE state NOT IN ('waiting', 'gathered') AND NOT EXISTS \
         (SELECT 1 FROM mail_links WHERE message_id = outbox.id) ORDER BY created_at LIMIT 1",
    ] {
        let found: Option<i64> =
            sql::value::<Option<i64>>(access, sql, Vec::new()).await?.flatten();
        oldest = match (oldest, found) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    Ok(oldest)
}

facts::words! {
    /// What is deleted after a time of its own.
    pub enum Retained {
        /// The history, the outbox and what is known of UIDs.
        History = "history",
        /// The audit trail.
        Audit = "audit",
    }
}

/// Since when (seconds since 1970) more than a day's worth is too old; `None` if it is not.
///
/// # Errors
///
/// When the database fails.
pub async fn backlog_since(access: &impl Access, what: Retained) -> Result<Option<i64>> {
    let sql = "SELECT backlog_since FROM retention WHERE what = $1";
    sql::value(access, sql, values![what.as_str()]).await
}

/// Records since when more than a day's worth is too old, or that it is not any more.
///
/// # Errors
///
/// When the database fails.
pub async fn set_backlog(
    transaction: &Transaction,
    what: Retained,
    since: Option<i64>,
) -> Result<()> {
    match since {
        Some(since) => {
            let sql = "INSERT INTO retention (what, backlog_since) VALUES ($1, $2) \
                       ON CONFLICT (what) DO UPDATE SET backlog_since = excluded.backlog_since";
            sql::run(transaction, sql, values![what.as_str(), since]).await?;
        }
        None => {
            let sql = "DELETE FROM retention WHERE what = $1";
            sql::run(transaction, sql, values![what.as_str()]).await?;
        }
    }
    Ok(())
}

/// Deletes leases that expired a day ago.
///
/// # Errors
///
/// When the database fails.
pub async fn forget_leases(transaction: &Transaction) -> Result<()> {
    let sql = format!("DELETE FROM leases WHERE expires_at < {} - $1", transaction.now());
    sql::run(transaction, &sql, values![EXPIRED_LEASES]).await?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;
    use crate::Store;

    #[derive(FromQueryResult)]
    struct Step {
        detail: String,
    }

    /// What is recent is behind the end of the index, so that no row of it is looked at.
    #[test]
    fn what_is_too_old_is_found_by_an_index_of_times() {
        testing::block_on(async {
            let database = testing::Database::sqlite().await;
            let store = Store::open(&database.url).await.unwrap();
            for (old, index) in [
                (
                    Old::KeptConflicts,
                    "SEARCH kept_conflicts USING COVERING INDEX kept_conflicts_by_end (ended_at<?)",
                ),
                (Old::Messages, "SEARCH outbox USING INDEX outbox_by_time (created_at<?)"),
                (Old::Changes, "SEARCH changes USING INDEX changes_by_time (made_at<?)"),
                (Old::Runs, "SEARCH runs USING INDEX runs_by_start (started_at<?)"),
                (Old::Announced, "SEARCH announced USING INDEX announced_by_time (announced_at<?)"),
                (Old::Uids, "SEARCH uid_metadata USING INDEX uid_metadata_by_end (ended_at<?)"),
                (
                    Old::LastTexts,
                    "SEARCH uid_metadata USING INDEX uid_metadata_texts_by_end (<expr><?)",
                ),
            ] {
                let sql = format!("EXPLAIN QUERY PLAN {}", old.rows());
                let steps: Vec<Step> = sql::all(&store, &sql, values![0, BATCH]).await.unwrap();
                let steps: Vec<_> = steps.into_iter().map(|it| it.detail).collect();
                assert_eq!(steps[0], index, "{steps:?}");
                let is_scan = |it: &String| it.starts_with("SCAN") || it.contains("B-TREE");
                assert!(!steps.iter().any(is_scan), "{steps:?}");
            }
        });
    }
}
