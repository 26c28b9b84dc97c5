//! The health of a calendar: whether its runs succeed, and what the last scan for conflicts found.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction, UserId};

/// The health of a calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Health {
    /// Since when it has failed without a break, in seconds since 1970.
    pub failing_since: Option<i64>,
    /// The last failure.
    pub failure: Option<String>,
    /// Whether the administrators were notified.
    pub failure_announced: bool,
    /// When a real run last succeeded, in seconds since 1970.
    pub cleared_at: Option<i64>,
}

/// The health of a calendar; `None` if there is no such calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn of(access: &impl Access, id: CalendarId) -> Result<Option<Health>> {
    let sql = "SELECT failing_since, failure, failure_announced, cleared_at FROM calendar_health \
               WHERE calendar_id = $1";
    sql::one(access, sql, values![id]).await
}

/// Records a failure of a calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn set_failure(
    transaction: &Transaction,
    id: CalendarId,
    failure: &str,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE calendar_health \
               SET failing_since = COALESCE(failing_since, $3), failure = $2 \
               WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id, failure.to_owned(), now]).await?;
    Ok(())
}

/// Records whether the administrators were notified of a failure; returns whether that changed.
///
/// # Errors
///
/// When the database fails.
pub async fn set_announced(
    transaction: &Transaction,
    id: CalendarId,
    is_announced: bool,
) -> Result<bool> {
    let sql = "UPDATE calendar_health SET failure_announced = $2 \
               WHERE calendar_id = $1 AND failure_announced <> $2";
    Ok(sql::run(transaction, sql, values![id, is_announced]).await? > 0)
}

/// Records that a calendar works, because a real run succeeded.
///
/// # Errors
///
/// When the database fails.
pub async fn set_works(transaction: &Transaction, id: CalendarId, cleared_at: i64) -> Result<()> {
    let sql = "UPDATE calendar_health SET failing_since = NULL, failure = NULL, cleared_at = $2 \
               WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id, cleared_at]).await?;
    Ok(())
}

/// The conflicts that a rescan of a calendar found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanResult {
    /// Overlaps that a clear would remove.
    pub conflicts: i64,
    /// Overlaps that a clear would keep, because they are protected or have begun.
    pub kept_conflicts: i64,
    /// The revision of the calendar that was rescanned.
    pub revision: i64,
}

/// Records the result of a rescan or a preview.
///
/// # Errors
///
/// When the database fails.
pub async fn record_scan(
    transaction: &Transaction,
    id: CalendarId,
    result: &ScanResult,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE calendar_health SET conflicts = $2, kept_conflicts = $3, scanned_revision = $4, \
               scanned_at = $5, scan_tried_at = $5 WHERE calendar_id = $1";
    let values = values![id, result.conflicts, result.kept_conflicts, result.revision, now];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// Records that a rescan failed, at that revision if it is known. It is tried again after a change,
/// or an hour later.
///
/// # Errors
///
/// When the database fails.
pub async fn record_failed_scan(
    transaction: &Transaction,
    id: CalendarId,
    revision: Option<i64>,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE calendar_health SET scan_tried_at = $3, scanned_revision = \
                 COALESCE($2, (SELECT revision FROM calendars WHERE id = calendar_id)) \
               WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id, revision, now]).await?;
    Ok(())
}

/// The calendars with content in this database that changed since their last rescan, those of a
/// user or all; then the built-in ones that were not rescanned since `since`, in seconds since
/// 1970. At most `most`.
///
/// # Errors
///
/// When the database fails.
pub async fn due_for_scan(
    access: &impl Access,
    user: Option<UserId>,
    since: i64,
    most: u32,
) -> Result<Vec<CalendarId>> {
    let sql = "SELECT id FROM calendars JOIN calendar_health ON calendar_health.calendar_id = id \
                 JOIN calendar_sync ON calendar_sync.calendar_id = id \
               WHERE removed_at IS NULL AND (backend = 'built-in' OR synced_at IS NOT NULL) \
               AND (scanned_revision IS NULL OR scanned_revision <> revision \
                    OR (backend = 'built-in' AND COALESCE(scan_tried_at, 0) < $2)) \
               AND ($1 = 0 OR id IN (SELECT calendar_id FROM calendar_users WHERE user_id = $1)) \
               ORDER BY CASE WHEN scanned_revision = revision THEN 1 ELSE 0 END, \
                        COALESCE(scan_tried_at, 0), id LIMIT $3";
    #[derive(FromQueryResult)]
    struct Found {
        id: CalendarId,
    }
    let values = values![user.map_or(0, |user| user.0), since, i64::from(most)];
    let found: Vec<Found> = sql::all(access, sql, values).await?;
    Ok(found.into_iter().map(|it| it.id).collect())
}
