//! Runs, and who started them.

use crate::sql::{self, values};
use crate::{KeyId, Result, RunId, Transaction, UserId};

facts::words! {
    /// How a run or a change was requested.
    pub enum Way {
        /// With an API key.
        Api = "api",
        /// At the command line.
        CommandLine = "command line",
        /// By the schedule.
        Schedule = "schedule",
        /// On the administration site.
        Site = "site",
    }
}

/// Who started a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Starter {
    /// How it was requested.
    pub by: Way,
    /// The user of the key or the session.
    pub user: Option<UserId>,
    /// The key.
    pub key: Option<KeyId>,
}

impl Starter {
    /// A signed-in user of the site.
    pub fn person(user: Option<UserId>) -> Starter {
        let by = if user.is_some() { Way::Site } else { Way::CommandLine };
        Starter { by, user, key: None }
    }
}

/// Inserts a run on a number of calendars.
///
/// # Errors
///
/// When the database fails.
pub async fn begin_run(
    transaction: &Transaction,
    starter: &Starter,
    is_confirmed: bool,
    calendars: usize,
    now: i64,
) -> Result<RunId> {
    sql::insert(
        transaction,
        "INSERT INTO runs (started_by, user_id, key_id, started_at, is_confirmed, calendars) \
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        values![
            starter.by.as_str().to_owned(),
            starter.user.map(|user| user.0),
            starter.key.map(|key| key.0),
            now,
            is_confirmed,
            i64::try_from(calendars).unwrap_or(i64::MAX)
        ],
    )
    .await
}

/// Records that a run did not confirm all that waited: its removals count for the safety limit.
///
/// # Errors
///
/// When the database fails.
pub async fn set_not_confirmed(transaction: &Transaction, run: RunId) -> Result<()> {
    let sql = "UPDATE runs SET is_confirmed = FALSE WHERE id = $1";
    sql::run(transaction, sql, values![run]).await?;
    Ok(())
}

/// Deletes a run that changed nothing, reached no limit and did not fail: a schedule makes hundreds
/// of them a day.
///
/// # Errors
///
/// When the database fails.
pub async fn drop_run(transaction: &Transaction, run: RunId) -> Result<()> {
    let sql = "DELETE FROM runs WHERE id = $1 \
               AND NOT EXISTS (SELECT 1 FROM changes WHERE run_id = $1) \
               AND NOT EXISTS (SELECT 1 FROM confirmations WHERE run_id = $1) \
               AND NOT EXISTS (SELECT 1 FROM run_calendars \
                 WHERE run_id = $1 AND outcome IN ('failed', 'limit'))";
    sql::run(transaction, sql, values![run]).await?;
    Ok(())
}

/// Ends a run.
///
/// # Errors
///
/// When the database fails.
pub async fn end_run(transaction: &Transaction, run: RunId, now: i64) -> Result<()> {
    let sql = "UPDATE runs SET finished_at = $2 WHERE id = $1";
    sql::run(transaction, sql, values![run, now]).await?;
    Ok(())
}

/// Ends the runs that began before a moment and have no end, because their process died; returns
/// their number.
///
/// # Errors
///
/// When the database fails.
pub async fn end_lost_runs(transaction: &Transaction, before: i64, now: i64) -> Result<u64> {
    let sql = "UPDATE runs SET finished_at = $2 WHERE finished_at IS NULL AND started_at < $1";
    sql::run(transaction, sql, values![before, now]).await
}
