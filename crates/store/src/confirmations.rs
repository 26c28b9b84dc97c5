//! Calendars whose safety limit a run met, and that wait for an administrator.

use std::collections::{BTreeSet, HashSet};

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, RunId, Transaction};

/// The most objects of which a confirmation keeps the UIDs.
const MAX_UIDS: usize = 1_000;

/// Asks for a confirmation about so many objects, and about the objects of these UIDs; whether none was
/// open yet. An open one stays that of the run that asked first, and is about the UIDs of that.
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

/// How many objects an open confirmation is about.
///
/// # Errors
///
/// When the database fails.
pub async fn find(access: &impl Access, calendar: CalendarId) -> Result<Option<i64>> {
    let sql = "SELECT objects FROM confirmations WHERE calendar_id = $1";
    sql::value(access, sql, values![calendar]).await
}

/// Which run asked for a confirmation that is open first.
///
/// # Errors
///
/// When the database fails.
pub async fn asked_by(access: &impl Access, calendar: CalendarId) -> Result<Option<RunId>> {
    let sql = "SELECT run_id FROM confirmations WHERE calendar_id = $1";
    Ok(sql::value::<Option<RunId>>(access, sql, values![calendar]).await?.flatten())
}

/// The UIDs of the objects that an open confirmation was asked about; `None` if none is open, or they were
/// too many to keep.
///
/// # Errors
///
/// When the database fails, or what is kept there is damaged.
pub async fn uids(access: &impl Access, calendar: CalendarId) -> Result<Option<HashSet<String>>> {
    let sql = "SELECT uids FROM confirmations WHERE calendar_id = $1";
    let kept = sql::value::<Option<String>>(access, sql, values![calendar]).await?.flatten();
    Ok(kept.map(|it| serde_json::from_str(&it)).transpose()?)
}

/// Writes down how many objects an open confirmation is about by now; whether one is open.
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

/// Closes an open confirmation: a run went through.
///
/// # Errors
///
/// When the database fails.
pub async fn close(transaction: &Transaction, calendar: CalendarId) -> Result<()> {
    let sql = "DELETE FROM confirmations WHERE calendar_id = $1";
    sql::run(transaction, sql, values![calendar]).await?;
    Ok(())
}
