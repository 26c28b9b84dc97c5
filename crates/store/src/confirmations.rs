//! Confirmation requests: calendars whose safety limit was reached, and that wait for an
//! administrator.

use std::collections::{BTreeSet, HashSet};

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, RunId, Transaction};

/// The largest number of UIDs that a request stores.
const MAX_UIDS: usize = 1_000;

/// Opens a request about a number of objects and their UIDs; returns whether none was open. An open
/// request keeps the run and the UIDs that it was opened with.
///
/// # Errors
///
/// When the database fails.
pub async fn ask(
    transaction: &Transaction,
    calendar: CalendarId,
    run: RunId,
    objects: usize,
    uids: &BTreeSet<&str>,
) -> Result<bool> {
    let objects = i64::try_from(objects).unwrap_or(i64::MAX);
    let uids = match uids.len() {
        0..=MAX_UIDS => Some(serde_json::to_string(uids)?),
        _ => None,
    };
    let is_open = find(transaction, calendar).await?.is_some();
    let sql = "INSERT INTO confirmations (calendar_id, run_id, objects, uids) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (calendar_id) DO UPDATE SET \
               objects = excluded.objects";
    sql::run(transaction, sql, values![calendar, run, objects, uids]).await?;
    Ok(!is_open)
}

/// The number of objects of the open request.
///
/// # Errors
///
/// When the database fails.
pub async fn find(access: &impl Access, calendar: CalendarId) -> Result<Option<i64>> {
    let sql = "SELECT objects FROM confirmations WHERE calendar_id = $1";
    sql::value(access, sql, values![calendar]).await
}

/// The run that opened the request.
///
/// # Errors
///
/// When the database fails.
pub async fn asked_by(access: &impl Access, calendar: CalendarId) -> Result<Option<RunId>> {
    let sql = "SELECT run_id FROM confirmations WHERE calendar_id = $1";
    Ok(sql::value::<Option<RunId>>(access, sql, values![calendar]).await?.flatten())
}

/// The UIDs of the open request; `None` if none is open, or they were too many to store.
///
/// # Errors
///
/// When the database fails, or the stored value is damaged.
pub async fn uids(access: &impl Access, calendar: CalendarId) -> Result<Option<HashSet<String>>> {
    let sql = "SELECT uids FROM confirmations WHERE calendar_id = $1";
    let kept = sql::value::<Option<String>>(access, sql, values![calendar]).await?.flatten();
    Ok(kept.map(|it| serde_json::from_str(&it)).transpose()?)
}

/// Updates the number of objects of the open request; returns whether one is open.
///
/// # Errors
///
/// When the database fails.
pub async fn set_objects(
    transaction: &Transaction,
    calendar: CalendarId,
    objects: usize,
) -> Result<bool> {
    let objects = i64::try_from(objects).unwrap_or(i64::MAX);
    let sql = "UPDATE confirmations SET objects = $2 WHERE calendar_id = $1";
    Ok(sql::run(transaction, sql, values![calendar, objects]).await? > 0)
}

/// Closes the open request.
///
/// # Errors
///
/// When the database fails.
pub async fn close(transaction: &Transaction, calendar: CalendarId) -> Result<()> {
    let sql = "DELETE FROM confirmations WHERE calendar_id = $1";
    sql::run(transaction, sql, values![calendar]).await?;
    Ok(())
}
