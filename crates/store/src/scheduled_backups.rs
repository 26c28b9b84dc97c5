//! The daily backup: when it was made, and what became of it. One process at a time makes it, under a lease.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Result, Transaction};

/// What is known of the daily backup. Moments are in seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct ScheduledBackup {
    /// When a process last began one.
    pub tried_at: i64,
    /// When the last one began that succeeded.
    pub made_at: Option<i64>,
    /// Its file.
    pub file: Option<String>,
    /// Its size.
    pub bytes: Option<i64>,
    /// Why the last one failed; `None` if it succeeded, or is being made.
    pub failure: Option<String>,
}

/// What is known of the daily backup; `None` before the first.
///
/// # Errors
///
/// When the database fails.
pub async fn last(access: &impl Access) -> Result<Option<ScheduledBackup>> {
    let sql = "SELECT tried_at, made_at, file, bytes, failure FROM scheduled_backups WHERE id = 1";
    sql::one(access, sql, Vec::new()).await
}

/// Writes down that one is begun.
///
/// # Errors
///
/// When the database fails.
pub async fn begin(transaction: &Transaction, now: i64) -> Result<()> {
    let sql = "INSERT INTO scheduled_backups (id, tried_at) VALUES (1, $1) \
               ON CONFLICT (id) DO UPDATE SET tried_at = excluded.tried_at";
    sql::run(transaction, sql, values![now]).await?;
    Ok(())
}

/// Writes down that the one that was begun at a moment was made: its file, and its size.
///
/// # Errors
///
/// When the database fails.
pub async fn done(transaction: &Transaction, begun: i64, (file, bytes): (&str, u64)) -> Result<()> {
    let sql = "UPDATE scheduled_backups SET made_at = $1, file = $2, bytes = $3, failure = NULL";
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    sql::run(transaction, sql, values![begun, file.to_owned(), bytes]).await?;
    Ok(())
}

/// Writes down why one failed.
///
/// # Errors
///
/// When the database fails.
pub async fn failed(transaction: &Transaction, why: &str) -> Result<()> {
    let sql = "UPDATE scheduled_backups SET failure = $1";
    sql::run(transaction, sql, values![why.to_owned()]).await?;
    Ok(())
}
