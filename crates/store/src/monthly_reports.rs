//! Monthly reports: those of past months, as they were made, and what the database knows for them.

use std::collections::{HashMap, HashSet};

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction};

/// UIDs of a calendar that were first seen lately, or changed by the program, that are looked at.
const MAX_UIDS: i64 = 100_000;
/// Failed messages that are looked at for addresses that mail servers do not know, latest first.
const MAX_FAILED: i64 = 2_000;

/// When the report of a month was made, in seconds since 1970, like all moments here; `None` before.
///
/// # Errors
///
/// When the database fails.
pub async fn made_at(access: &impl Access, month: &str) -> Result<Option<i64>> {
    let sql = "SELECT made_at FROM monthly_reports WHERE month = $1";
    sql::value(access, sql, values![month.to_owned()]).await
}

/// Records that the report of a month is made; returns whether it was not before.
///
/// # Errors
///
/// When the database fails.
pub async fn begin(transaction: &Transaction, month: &str, now: i64) -> Result<bool> {
    let sql = "INSERT INTO monthly_reports (month, made_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    Ok(sql::run(transaction, sql, values![month.to_owned(), now]).await? > 0)
}

/// What a report says of a calendar.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct OfCalendar {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The numbers, as JSON.
    pub numbers: String,
}

/// Inserts what a report says of a calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(transaction: &Transaction, month: &str, it: &OfCalendar) -> Result<()> {
    // A calendar may have been deleted since it was counted.
    let sql = "INSERT INTO monthly_report_calendars (month, calendar_id, numbers) \
               SELECT CAST($1 AS TEXT), id, CAST($3 AS TEXT) FROM calendars WHERE id = $2";
    let values = values![month.to_owned(), it.calendar_id, it.numbers.clone()];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// What the report of a month says, calendar by calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn of_month(
    access: &impl Access,
    month: &str,
) -> Result<HashMap<CalendarId, OfCalendar>> {
    let sql = "SELECT calendar_id, numbers FROM monthly_report_calendars WHERE month = $1";
    let rows: Vec<OfCalendar> = sql::all(access, sql, values![month.to_owned()]).await?;
    Ok(rows.into_iter().map(|it| (it.calendar_id, it)).collect())
}

/// Deletes the reports that were made before a moment.
///
/// # Errors
///
/// When the database fails.
pub async fn forget(transaction: &Transaction, before: i64) -> Result<()> {
    let sql = "DELETE FROM monthly_reports WHERE made_at < $1";
    sql::run(transaction, sql, values![before]).await?;
    Ok(())
}

/// Since when there are users: before, the program saw nothing. `None` on an empty database.
///
/// # Errors
///
/// When the database fails.
pub async fn in_use_since(access: &impl Access) -> Result<Option<i64>> {
    let sql = "SELECT MIN(created_at) FROM users";
    Ok(sql::value::<Option<i64>>(access, sql, Vec::new()).await?.flatten())
}

/// The UIDs of a calendar that were first seen since a moment, with when that was.
///
/// # Errors
///
/// When the database fails.
pub async fn first_seen_since(
    access: &impl Access,
    calendar: CalendarId,
    since: i64,
) -> Result<HashMap<String, i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
        first_seen: i64,
    }
    let sql = "SELECT uid, first_seen FROM uid_metadata \
               WHERE calendar_id = $1 AND first_seen >= $2 ORDER BY uid LIMIT $3";
    let rows: Vec<Row> = sql::all(access, sql, values![calendar, since, MAX_UIDS]).await?;
    Ok(rows.into_iter().map(|it| (it.uid, it.first_seen)).collect())
}

/// The UIDs of a calendar whose objects the program changed itself since a moment, other than on request.
///
/// # Errors
///
/// When the database fails.
pub async fn changed_by_program(
    access: &impl Access,
    calendar: CalendarId,
    since: i64,
) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
    }
    let sql = "SELECT DISTINCT uid FROM changes WHERE calendar_id = $1 AND made_at >= $2 \
               AND state = 'done' AND cause IN ('clear', 'restore') LIMIT $3";
    let rows: Vec<Row> = sql::all(access, sql, values![calendar, since, MAX_UIDS]).await?;
    Ok(rows.into_iter().map(|it| it.uid).collect())
}

/// A message that failed for good and that no later one to the same address followed that was sent.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FailedMessage {
    /// The recipient.
    pub address: String,
    /// Why it failed, as it is stored.
    pub detail: Option<String>,
    /// When it was last tried.
    pub tried_at: i64,
}

/// The messages to organizers that failed for good since a moment, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn failed_messages(access: &impl Access, since: i64) -> Result<Vec<FailedMessage>> {
    let sql = "SELECT address, detail, tried_at FROM outbox WHERE state = 'failed' \
               AND tried_at >= $1 \
               AND kind IN ('removed', 'kept', 'restored', 'warning', 'warning ended') \
               AND NOT EXISTS (SELECT 1 FROM outbox later WHERE later.address = outbox.address \
                 AND later.sent_at > outbox.tried_at) \
               ORDER BY id DESC LIMIT $2";
    sql::all(access, sql, values![since, MAX_FAILED]).await
}
