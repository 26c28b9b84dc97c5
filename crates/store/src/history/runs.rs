//! Runs, who started them, and how they ended.
//!
//! A run is held like a lease (on the database's clock) by the process that works on it. If that dies or freezes,
//! another one ends the run.

use crate::sql::{self, values};
use crate::{Access, KeyId, Result, RunId, Transaction, UserId};

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
        /// By a link in a message, without a sign-in.
        Link = "link",
    }
}

facts::words! {
    /// How a run ended.
    pub enum RunEnd {
        /// It came to its end.
        Done = "done",
        /// Its process died or froze before it was done.
        Lost = "lost",
    }
}

/// The longest time for which a run is held without being renewed, in seconds. One that is held for longer was begun by
/// a clock that was ahead, and counts as lost.
pub const MAX_RUN_SECONDS: i64 = 30;

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
    /// Nobody in particular.
    pub fn of(by: Way) -> Starter {
        Starter { by, user: None, key: None }
    }

    /// A signed-in user of the site.
    pub fn person(user: Option<UserId>) -> Starter {
        let by = if user.is_some() { Way::Site } else { Way::CommandLine };
        Starter { user, ..Starter::of(by) }
    }
}

/// Inserts a run on a number of calendars, held for [`MAX_RUN_SECONDS`].
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
    let sql = format!(
        "INSERT INTO runs (started_by, user_id, key_id, started_at, is_confirmed, calendars, held_until) \
         VALUES ($1, $2, $3, $4, $5, $6, {} + $7) RETURNING id",
        transaction.now()
    );
    sql::insert(
        transaction,
        &sql,
        values![
            starter.by.as_str().to_owned(),
            starter.user.map(|user| user.0),
            starter.key.map(|key| key.0),
            now,
            is_confirmed,
            i64::try_from(calendars).unwrap_or(i64::MAX),
            MAX_RUN_SECONDS
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

/// Holds a run for another [`MAX_RUN_SECONDS`], unless it has ended.
///
/// # Errors
///
/// When the database fails.
pub async fn renew_run(transaction: &Transaction, run: RunId) -> Result<()> {
    let sql = format!(
        "UPDATE runs SET held_until = {} + $2 WHERE id = $1 AND finished_at IS NULL",
        transaction.now()
    );
    sql::run(transaction, &sql, values![run, MAX_RUN_SECONDS]).await?;
    Ok(())
}

/// Ends a run that is done; also one that was ended as lost, because its process was frozen.
///
/// # Errors
///
/// When the database fails.
pub async fn end_run(transaction: &Transaction, run: RunId, now: i64) -> Result<()> {
    let sql =
        "UPDATE runs SET finished_at = $2, ended_as = 'done', held_until = NULL WHERE id = $1";
    sql::run(transaction, sql, values![run, now]).await?;
    Ok(())
}

/// SQL for "its process no longer holds it", where `$1` is [`MAX_RUN_SECONDS`].
fn is_lost(database_now: &str) -> String {
    format!(
        "finished_at IS NULL AND (held_until <= {database_now} OR held_until > {database_now} + $1)"
    )
}

/// Whether there are runs for [`end_lost_runs`].
///
/// # Errors
///
/// When the database fails.
pub async fn has_lost_runs(access: &impl Access) -> Result<bool> {
    let sql = format!("SELECT id FROM runs WHERE {} LIMIT 1", is_lost(access.now()));
    Ok(sql::value::<i64>(access, &sql, values![MAX_RUN_SECONDS]).await?.is_some())
}

/// Ends the runs that no process holds any longer, as lost; returns their number. It does not wait for rows that
/// another process has locked.
///
/// # Errors
///
/// When the database fails.
pub async fn end_lost_runs(transaction: &Transaction, now: i64) -> Result<u64> {
    let sql = format!(
        "UPDATE runs SET finished_at = $2, ended_as = 'lost', held_until = NULL \
         WHERE id IN (SELECT id FROM runs WHERE {} {})",
        is_lost(transaction.now()),
        transaction.skipping_locked()
    );
    sql::run(transaction, &sql, values![MAX_RUN_SECONDS, now]).await
}
