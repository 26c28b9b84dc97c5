//! Calendars whose safety limit a run met, and that wait for an administrator.

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, RunId, Transaction};

/// Asks for a confirmation; whether none was open yet.
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
               run_id = excluded.run_id, objects = excluded.objects";
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
