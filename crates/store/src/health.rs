//! The health of a calendar: whether its runs succeed, and what the last look at its conflicts found.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction, UserId};

/// Whether a calendar works.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Health {
    /// Since when it has failed without a break, in seconds since 1970.
    pub failing_since: Option<i64>,
    /// How it failed last.
    pub failure: Option<String>,
    /// Whether the administrators have been told.
    pub failure_announced: bool,
    /// When a real run last ended well, in seconds since 1970.
    pub cleared_at: Option<i64>,
}

/// Whether a calendar works; `None` if there is no such calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn of(access: &impl Access, id: CalendarId) -> Result<Option<Health>> {
    let sql = "SELECT failing_since, failure, failure_announced, cleared_at FROM calendar_health \
               WHERE calendar_id = $1";
    sql::one(access, sql, values![id]).await
}

/// Writes down that a calendar failed, and how.
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

/// Writes down whether the administrators have been told that a calendar fails: whether that is news.
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

/// Writes down that a calendar works, because a real run ended well, and when.
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

/// What a look at a calendar found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Overlaps that a clear would remove.
    pub conflicts: i64,
    /// Overlaps that nobody loses, because they are protected or on already.
    pub left_alone: i64,
    /// The revision of the calendar that was looked at.
    pub revision: i64,
}

/// Writes down what was found when somebody looked at what a clear would do.
///
/// # Errors
///
/// When the database fails.
pub async fn note_look(
    transaction: &Transaction,
    id: CalendarId,
    look: &Look,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE calendar_health SET conflicts = $2, left_alone = $3, looked_revision = $4, \
               looked_at = $5, look_tried_at = $5 WHERE calendar_id = $1";
    let values = values![id, look.conflicts, look.left_alone, look.revision, now];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// Writes down that a look failed, at that revision as far as it is known: it is not tried again before
/// something changes, or an hour later.
///
/// # Errors
///
/// When the database fails.
pub async fn note_failed_look(
    transaction: &Transaction,
    id: CalendarId,
    revision: Option<i64>,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE calendar_health SET look_tried_at = $3, looked_revision = \
                 COALESCE($2, (SELECT revision FROM calendars WHERE id = calendar_id)) \
               WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id, revision, now]).await?;
    Ok(())
}

/// The calendars whose content is here and that are not as the last look saw them, those of a user or all;
/// behind them the built-in ones of which no look was tried since `since`, in seconds since 1970. At most
/// `most`.
///
/// # Errors
///
/// When the database fails.
pub async fn to_look_at(
    access: &impl Access,
    user: Option<UserId>,
    since: i64,
    most: u32,
) -> Result<Vec<CalendarId>> {
    let sql = "SELECT id FROM calendars JOIN calendar_health ON calendar_health.calendar_id = id \
                 JOIN calendar_sync ON calendar_sync.calendar_id = id \
               WHERE (backend = 'built-in' OR synced_at IS NOT NULL) \
               AND (looked_revision IS NULL OR looked_revision <> revision \
                    OR (backend = 'built-in' AND COALESCE(look_tried_at, 0) < $2)) \
               AND ($1 = 0 OR id IN (SELECT calendar_id FROM calendar_users WHERE user_id = $1)) \
               ORDER BY CASE WHEN looked_revision = revision THEN 1 ELSE 0 END, \
                        COALESCE(look_tried_at, 0), id LIMIT $3";
    #[derive(FromQueryResult)]
    struct Found {
        id: CalendarId,
    }
    let values = values![user.map_or(0, |user| user.0), since, i64::from(most)];
    let found: Vec<Found> = sql::all(access, sql, values).await?;
    Ok(found.into_iter().map(|it| it.id).collect())
}
