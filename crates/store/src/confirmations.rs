//! Calendars whose safety limit a run met, and that wait for an administrator.

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, RunId, Transaction};

/// Asks for a confirmation; whether none was open yet. An open one stays that of the run that asked first.
///
/// # Errors
///
/// When the database fails.
pub async fn ask(
    transaction: &Transaction,
    calendar: CalendarId,
    run: RunId,
    objects: usize,
    now: i64,
) -> Result<bool> {
    let objects = i64::try_from(objects).unwrap_or(i64::MAX);
    let is_open = find(transaction, calendar).await?.is_some();
    let sql = "INSERT INTO confirmations (calendar_id, run_id, objects, asked_at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (calendar_id) DO UPDATE SET \
               objects = excluded.objects";
    sql::run(transaction, sql, values![calendar, run, objects, now]).await?;
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

/// Since when a confirmation is open, in seconds since 1970; `None` if none is.
///
/// # Errors
///
/// When the database fails.
pub async fn asked_at(access: &impl Access, calendar: CalendarId) -> Result<Option<i64>> {
    let sql = "SELECT asked_at FROM confirmations WHERE calendar_id = $1";
    sql::value(access, sql, values![calendar]).await
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
