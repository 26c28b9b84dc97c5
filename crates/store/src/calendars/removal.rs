//! Removing a calendar. Its events, settings and people go; its history and its messages stay for the retention
//! time, under a row that nothing else finds.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction, UserId};

/// Removed calendars, and removed users, that one transaction deletes at most.
const BATCH: i64 = 100;

/// What goes with a calendar that is removed, and what stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Belongings {
    /// Objects in this database: the events of a built-in calendar, or the mirror of a server's.
    pub objects: i64,
    /// People with access.
    pub people: i64,
    /// Keys that are limited to some calendars, this one among them.
    pub keys: i64,
    /// Priorities and protections of this calendar alone.
    pub priorities: i64,
    /// Open warnings.
    pub pending: i64,
    /// Messages that are still to be sent; they are.
    pub messages: i64,
    /// Removals in the history; they stay.
    pub history: i64,
}

/// What goes with a calendar that is removed, and what stays.
///
/// # Errors
///
/// When the database fails.
pub async fn belongings(access: &impl Access, id: CalendarId) -> Result<Belongings> {
    let sql = "SELECT (SELECT COUNT(*) FROM objects WHERE calendar_id = $1) AS objects, \
                 (SELECT COUNT(*) FROM calendar_users WHERE calendar_id = $1) AS people, \
                 (SELECT COUNT(*) FROM api_key_calendars JOIN api_keys ON api_keys.id = key_id \
                   WHERE calendar_id = $1 AND revoked_at IS NULL) AS \"keys\", \
                 (SELECT COUNT(*) FROM priorities WHERE calendar_id = $1) + \
                   (SELECT COUNT(*) FROM protections WHERE calendar_id = $1) AS priorities, \
                 (SELECT COUNT(*) FROM pending_removals \
                   WHERE calendar_id = $1 AND ended_at IS NULL) AS pending, \
                 (SELECT COUNT(*) FROM outbox \
                   WHERE calendar_id = $1 AND state IN ('waiting', 'gathered', 'held')) AS messages, \
                 (SELECT COUNT(*) FROM removals JOIN changes ON changes.id = change_id \
                   WHERE changes.calendar_id = $1) AS history";
    Ok(sql::one(access, sql, values![id]).await?.unwrap_or_default())
}

/// The users that a calendar is assigned to.
///
/// # Errors
///
/// When the database fails.
pub async fn user_ids_of(access: &impl Access, id: CalendarId) -> Result<Vec<UserId>> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: UserId,
    }
    let sql = "SELECT user_id FROM calendar_users WHERE calendar_id = $1 ORDER BY user_id";
    let rows = sql::all::<Row>(access, sql, values![id]).await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

/// Tables whose rows about a calendar go with it.
const GO: [&str; 9] = [
    "objects",
    "calendar_pictures",
    "calendar_users",
    "api_key_calendars",
    "priorities",
    "protections",
    "token_calendars",
    "token_bindings",
    "confirmations",
];

/// Makes sure that a calendar is there until the transaction ends, without counting a change of it; returns whether it
/// is. What is about to be sent to its server is written down under this.
///
/// # Errors
///
/// When the database fails.
pub async fn hold(transaction: &Transaction, id: CalendarId) -> Result<bool> {
    let sql = "UPDATE calendars SET version = version WHERE id = $1 AND removed_at IS NULL";
    Ok(sql::run(transaction, sql, values![id]).await? > 0)
}

/// Removes a calendar if its settings still have the given version; returns whether they had. Its slug and its
/// collection are free for another one. Changes in doubt are the caller's concern.
///
/// # Errors
///
/// When the database fails.
pub async fn remove(
    transaction: &Transaction,
    (id, version): (CalendarId, i64),
    now: i64,
) -> Result<bool> {
    let sql = "UPDATE calendars SET removed_at = $3, backend = 'built-in', account_id = NULL, \
                 collection_url = NULL, collection_identity = NULL, schedule_minutes = NULL, \
                 watch_seconds = NULL, version = version + 1, revision = revision + 1 \
               WHERE id = $1 AND version = $2 AND removed_at IS NULL";
    if sql::run(transaction, sql, values![id, version, now]).await? == 0 {
        return Ok(false);
    }
    for table in GO {
        let sql = format!("DELETE FROM {table} WHERE calendar_id = $1");
        sql::run(transaction, &sql, values![id]).await?;
    }
    // A fetch that goes on started from an older generation, and writes nothing.
    let sql = "UPDATE calendar_sync SET generation = generation + 1, sync_token = NULL, ctag = NULL, \
                 synced_at = NULL, fetched = NULL, to_fetch = NULL, mirrored = 0, unread = 0 \
               WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id]).await?;
    let sql = "UPDATE calendar_health SET turn_holder = NULL, turn_held_until = NULL, is_changed = FALSE, \
                 failing_since = NULL, failure = NULL, failure_announced = FALSE WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id]).await?;
    for sql in [
        "UPDATE kept_conflicts SET ended_at = $2, outcome = 'over' WHERE calendar_id = $1 AND ended_at IS NULL",
        "UPDATE pending_removals SET ended_at = $2, outcome = 'gone' WHERE calendar_id = $1 AND ended_at IS NULL",
        "UPDATE second_chances SET ended_at = $2, outcome = 'nobody' WHERE calendar_id = $1 AND ended_at IS NULL",
        "UPDATE mail_links SET expires_at = $2 WHERE calendar_id = $1 AND expires_at > $2",
    ] {
        sql::run(transaction, sql, values![id, now]).await?;
    }
    Ok(true)
}

/// Deletes removed calendars and users of which nothing is kept any more, some at a time: they were removed before a
/// moment (seconds since 1970), and the history and the outbox have no row about the calendars. Returns how many.
///
/// # Errors
///
/// When the database fails.
pub async fn forget_removed(transaction: &Transaction, before: i64) -> Result<u64> {
    let sql = "DELETE FROM calendars WHERE id IN (SELECT id FROM calendars \
                 WHERE removed_at < $1 \
                   AND NOT EXISTS (SELECT 1 FROM changes WHERE calendar_id = calendars.id) \
                   AND NOT EXISTS (SELECT 1 FROM outbox WHERE calendar_id = calendars.id) \
                 ORDER BY removed_at LIMIT $2)";
    let calendars = sql::run(transaction, sql, values![before, BATCH]).await?;
    let sql = "DELETE FROM users WHERE id IN (SELECT id FROM users \
                 WHERE removed_at < $1 ORDER BY removed_at LIMIT $2)";
    Ok(calendars + sql::run(transaction, sql, values![before, BATCH]).await?)
}
