//! Second chances: hours that became free again, and removed events that may take them back.

use facts::{Removal, RemovalKind};
use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, ChanceId, OutboxId, RemovalId, Result, Transaction};

/// Removals of one calendar that are looked at, soonest first.
pub const MAX_LOSSES: i64 = 500;
/// Calendars that one call of [`due_for_look`] or [`claim_confirmed`] names.
const MAX_CALENDARS: i64 = 20;
/// Seconds of a week, in which an hour is offered to a person once.
const WEEK: i64 = 7 * 24 * 3_600;

facts::words! {
    /// How a second chance ended.
    pub enum ChanceEnd {
        /// The event is back.
        Restored = "restored",
        /// The time of the offer was over.
        Expired = "expired",
        /// Somebody else has the hour.
        Taken = "taken",
        /// There is nobody to offer it to, or it cannot be restored.
        Nobody = "nobody",
    }
}

/// A removed event that has not begun and was not restored.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Loss {
    /// The removal.
    pub id: RemovalId,
    /// When it begins, in seconds since 1970, as all moments.
    pub starts_at: i64,
    /// When it ends, exclusive.
    pub ends_at: i64,
}

/// The calendars that have changed since they were last looked at, and in which events that begin after `since` were
/// removed for others, with their revisions.
///
/// # Errors
///
/// When the database fails.
pub async fn due_for_look(access: &impl Access, since: i64) -> Result<Vec<(CalendarId, i64)>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: CalendarId,
        revision: i64,
    }
    let sql = format!(
        "SELECT DISTINCT calendars.id, revision FROM removals \
           JOIN changes ON changes.id = change_id \
           JOIN calendars ON calendars.id = changes.calendar_id \
           JOIN calendar_health ON calendar_health.calendar_id = calendars.id \
         WHERE {LOST} AND starts_at > $1 AND calendars.removed_at IS NULL \
           AND (chances_revision IS NULL OR chances_revision <> revision) LIMIT $2"
    );
    let rows = sql::all::<Row>(access, &sql, values![since, MAX_CALENDARS]).await?;
    Ok(rows.into_iter().map(|it| (it.id, it.revision)).collect())
}

/// What is lost: removed for another event, and not restored.
const LOST: &str = "removals.restored_at IS NULL \
                    AND removals.kind IN ('deleted overlapping', 'cancelled overlapping')";

/// The losses of a calendar that begin after `since`.
///
/// # Errors
///
/// When the database fails.
pub async fn losses(access: &impl Access, calendar: CalendarId, since: i64) -> Result<Vec<Loss>> {
    let sql = format!(
        "SELECT removals.id, starts_at, ends_at FROM removals JOIN changes ON changes.id = change_id \
         WHERE {LOST} AND changes.calendar_id = $1 AND changes.state = 'done' AND starts_at > $2 \
         ORDER BY starts_at, removals.id LIMIT $3"
    );
    sql::all(access, &sql, values![calendar, since, MAX_LOSSES]).await
}

/// Records that a calendar was looked at in a revision: of these removals the hours are free, of those they are not.
/// What is free since an earlier look keeps that moment; a chance whose hour is taken ends, or is none any more.
///
/// # Errors
///
/// When the database fails.
pub async fn record_look(
    transaction: &Transaction,
    (calendar, revision): (CalendarId, i64),
    (free, taken): (&[Loss], &[Loss]),
    now: i64,
) -> Result<()> {
    // A process that was frozen, or is slower, has looked at what is over.
    let sql = "UPDATE calendar_health SET chances_revision = $2 WHERE calendar_id = $1 \
                 AND (SELECT revision FROM calendars WHERE id = $1) = $2";
    if sql::run(transaction, sql, values![calendar, revision]).await? == 0 {
        return Ok(());
    }
    for loss in free {
        let sql = "INSERT INTO second_chances (calendar_id, removal_id, starts_at, ends_at, free_since) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (removal_id) DO NOTHING";
        let values = values![calendar, loss.id, loss.starts_at, loss.ends_at, now];
        sql::run(transaction, sql, values).await?;
    }
    for loss in taken {
        let sql = "DELETE FROM second_chances \
                   WHERE removal_id = $1 AND offered_at IS NULL AND ended_at IS NULL";
        sql::run(transaction, sql, values![loss.id]).await?;
        let sql = "UPDATE second_chances SET ended_at = $2, outcome = 'taken' \
                   WHERE removal_id = $1 AND ended_at IS NULL";
        sql::run(transaction, sql, values![loss.id, now]).await?;
    }
    Ok(())
}

/// A second chance that is not over.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ChanceRow {
    /// Its id.
    pub id: ChanceId,
    /// The removal that it is to undo.
    pub removal_id: RemovalId,
    /// When the event begins.
    pub starts_at: i64,
    /// When it ends, exclusive.
    pub ends_at: i64,
    /// Since when the hour is known to be free.
    pub free_since: i64,
    /// When it was offered.
    pub offered_at: Option<i64>,
    /// Until when the offer holds.
    pub expires_at: Option<i64>,
    /// The event's UID.
    pub uid: String,
    /// Where its object lay.
    pub href: String,
    /// When it was removed.
    pub made_at: i64,
    /// What was removed, as JSON.
    fact: String,
}

impl ChanceRow {
    /// What was removed, and for which event.
    pub fn removal(&self) -> Removal {
        let times = (self.starts_at, self.ends_at);
        Removal::kept(&self.fact, RemovalKind::DeletedOverlapping, times)
    }
}

const ROWS: &str = "SELECT second_chances.id, removal_id, second_chances.starts_at, \
                      second_chances.ends_at, free_since, offered_at, expires_at, changes.uid, \
                      changes.href, made_at, fact \
                    FROM second_chances JOIN removals ON removals.id = removal_id \
                      JOIN changes ON changes.id = change_id";

/// The calendars with hours that have been free since `confirmed` at least and were not offered, that no process has
/// worked on in the last `pause` seconds. They are claimed by that.
///
/// # Errors
///
/// When the database fails.
pub async fn claim_confirmed(
    transaction: &Transaction,
    confirmed: i64,
    (now, pause): (i64, i64),
) -> Result<Vec<CalendarId>> {
    #[derive(FromQueryResult)]
    struct Row {
        calendar_id: CalendarId,
    }
    let is_due = "ended_at IS NULL AND offered_at IS NULL AND free_since <= $1 \
                  AND (tried_at IS NULL OR tried_at <= $2 - $3 OR tried_at > $2)";
    let sql = format!(
        "UPDATE second_chances SET tried_at = $2 WHERE {is_due} AND calendar_id IN \
         (SELECT calendar_id FROM second_chances WHERE {is_due} GROUP BY calendar_id \
          ORDER BY MIN(COALESCE(tried_at, 0)), calendar_id LIMIT $4) \
         RETURNING calendar_id"
    );
    let values = values![confirmed, now, pause, MAX_CALENDARS];
    let found = sql::all::<Row>(transaction, &sql, values).await?;
    let mut calendars: Vec<CalendarId> = found.into_iter().map(|it| it.calendar_id).collect();
    calendars.sort_unstable();
    calendars.dedup();
    Ok(calendars)
}

/// The second chances of a calendar that are not over, by start.
///
/// # Errors
///
/// When the database fails.
pub async fn open(access: &impl Access, calendar: CalendarId) -> Result<Vec<ChanceRow>> {
    let sql = format!(
        "{ROWS} WHERE second_chances.calendar_id = $1 AND ended_at IS NULL \
         ORDER BY second_chances.starts_at, second_chances.id LIMIT $2"
    );
    sql::all(access, &sql, values![calendar, MAX_LOSSES]).await
}

/// What a message offers and is still open.
///
/// # Errors
///
/// When the database fails.
pub async fn of_message(access: &impl Access, message: OutboxId) -> Result<Vec<ChanceRow>> {
    let sql = format!(
        "{ROWS} WHERE second_chances.message_id = $1 AND ended_at IS NULL \
         ORDER BY second_chances.starts_at, second_chances.id LIMIT $2"
    );
    sql::all(access, &sql, values![message, MAX_LOSSES]).await
}

/// Whether hours of a calendar that overlap `[start, end)` were offered to an address in the last week.
///
/// # Errors
///
/// When the database fails.
pub async fn was_offered(
    access: &impl Access,
    (calendar, address): (CalendarId, &str),
    (start, end): (i64, i64),
    now: i64,
) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM second_chances JOIN outbox ON outbox.id = second_chances.message_id \
               WHERE second_chances.calendar_id = $1 AND address = $2 AND starts_at < $4 \
                 AND ends_at > $3 AND offered_at > $5";
    let values = values![calendar, address.to_owned(), start, end, now - WEEK];
    Ok(sql::value::<i64>(access, sql, values).await?.unwrap_or_default() > 0)
}

/// Records that a second chance is offered, and until when; returns whether it was open and nobody had offered it.
///
/// # Errors
///
/// When the database fails.
pub async fn set_offered(
    transaction: &Transaction,
    id: ChanceId,
    (now, until): (i64, i64),
) -> Result<bool> {
    let sql = "UPDATE second_chances SET offered_at = $2, expires_at = $3 \
               WHERE id = $1 AND offered_at IS NULL AND ended_at IS NULL";
    Ok(sql::run(transaction, sql, values![id, now, until]).await? > 0)
}

/// Records the message by which a second chance is offered.
///
/// # Errors
///
/// When the database fails.
pub async fn set_message(transaction: &Transaction, id: ChanceId, message: OutboxId) -> Result<()> {
    let sql = "UPDATE second_chances SET message_id = $2 WHERE id = $1";
    sql::run(transaction, sql, values![id, message]).await?;
    Ok(())
}

/// Records how a second chance ended.
///
/// # Errors
///
/// When the database fails.
pub async fn end(
    transaction: &Transaction,
    id: ChanceId,
    outcome: ChanceEnd,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE second_chances SET ended_at = $2, outcome = $3 \
               WHERE id = $1 AND ended_at IS NULL";
    sql::run(transaction, sql, values![id, now, outcome.as_str()]).await?;
    Ok(())
}

/// Records that a removal was restored: its second chance, if it has one, is over.
///
/// # Errors
///
/// When the database fails.
pub async fn end_restored(transaction: &Transaction, removal: RemovalId, now: i64) -> Result<()> {
    let sql = "UPDATE second_chances SET ended_at = $2, outcome = 'restored' \
               WHERE removal_id = $1 AND ended_at IS NULL";
    sql::run(transaction, sql, values![removal, now]).await?;
    Ok(())
}

/// Ends the offers whose time is over.
///
/// # Errors
///
/// When the database fails.
pub async fn end_expired(transaction: &Transaction, now: i64) -> Result<u64> {
    let sql = "UPDATE second_chances SET ended_at = $1, outcome = 'expired' \
               WHERE ended_at IS NULL AND (expires_at <= $1 OR starts_at <= $1)";
    sql::run(transaction, sql, values![now]).await
}
