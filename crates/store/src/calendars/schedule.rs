//! Schedules: which calendars are due for a clear, and which process has taken the turn of each.
//!
//! A calendar that is watched is due when it has changed, and once an hour.
//!
//! A turn is held like a lease (on the database's clock) and marked when it is done. If its process dies or
//! freezes, another one takes it.

use sea_orm::FromQueryResult;

use crate::clock::MAX_AHEAD;
use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction};

/// A calendar whose turn has come.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Due {
    /// Its id.
    pub id: CalendarId,
    /// Its slug.
    pub slug: String,
    /// The address of its collection, if it is on a server.
    pub collection_url: Option<String>,
}

/// SQL for "it is due at `$1`": by its schedule, or because a watch has seen a change. What is watched is cleared
/// every hour as well, because time passes without a change. A turn in the future was marked by a clock that was
/// ahead, and counts as none.
const IS_DUE: &str = "(watch_seconds IS NOT NULL AND is_changed \
                      OR COALESCE(schedule_minutes, CASE WHEN watch_seconds IS NOT NULL THEN 60 END) IS NOT NULL \
                        AND (last_scheduled_at IS NULL \
                        OR last_scheduled_at + COALESCE(schedule_minutes, 60) * 60 <= $1 \
                        OR last_scheduled_at > $1 + $2))";

/// The calendars whose schedule is due at a moment (seconds since 1970) and whose turn no process has: the one
/// that has waited longest comes first. At most `most`.
///
/// # Errors
///
/// When the database fails.
pub async fn due(access: &impl Access, now: i64, most: u32) -> Result<Vec<Due>> {
    let sql = format!(
        "SELECT id, slug, collection_url FROM calendars JOIN calendar_health ON calendar_id = id \
         WHERE {IS_DUE} AND {is_free} \
         ORDER BY CASE WHEN is_changed THEN 0 ELSE 1 END, CASE WHEN last_scheduled_at > $1 THEN 0 ELSE COALESCE(last_scheduled_at, 0) END, id LIMIT $4",
        is_free = is_free(access.now()),
    );
    sql::all(access, &sql, values![now, MAX_AHEAD, MAX_TURN_SECONDS, i64::from(most)]).await
}

/// The longest time for which a turn is held without being renewed, in seconds. One that is held for longer was
/// taken by a clock that was ahead, and counts as free.
pub const MAX_TURN_SECONDS: i64 = 15;

/// SQL for "no process has the turn", where `$3` is [`MAX_TURN_SECONDS`].
fn is_free(database_now: &str) -> String {
    format!(
        "(turn_held_until IS NULL OR turn_held_until <= {database_now} OR turn_held_until > {database_now} + $3)"
    )
}

/// Takes the turn of a calendar for [`MAX_TURN_SECONDS`], if it is due at a moment and no process has it; returns
/// whether it was taken. It does not wait for a row that another process has locked.
///
/// # Errors
///
/// When the database fails.
pub async fn take_turn(
    transaction: &Transaction,
    id: CalendarId,
    holder: &str,
    now: i64,
) -> Result<bool> {
    let database_now = transaction.now();
    // The rows of calendars are not locked: their content may be changed at the same time.
    let sql = format!(
        "UPDATE calendar_health SET turn_holder = $4, turn_held_until = {database_now} + $3, \
           is_changed = FALSE \
         WHERE calendar_id = (SELECT calendar_id FROM calendar_health \
           WHERE calendar_id = $5 AND {is_free} AND EXISTS (SELECT 1 FROM calendars WHERE id = $5 AND {IS_DUE}) \
           {skipping})",
        is_free = is_free(database_now),
        skipping = transaction.skipping_locked(),
    );
    let values = values![now, MAX_AHEAD, MAX_TURN_SECONDS, holder.to_owned(), id];
    Ok(sql::run(transaction, &sql, values).await? > 0)
}

/// Keeps turns of a process, those of these calendars that it still has, for another [`MAX_TURN_SECONDS`]. Rows that
/// another process has locked are left for the next time.
///
/// # Errors
///
/// When the database fails.
pub async fn renew_turns(
    transaction: &Transaction,
    holder: &str,
    ids: &[CalendarId],
) -> Result<()> {
    let database_now = transaction.now();
    let ids: Vec<String> = ids.iter().map(|it| it.0.to_string()).collect();
    let ids = serde_json::to_string(&ids)?;
    let sql = format!(
        "UPDATE calendar_health SET turn_held_until = {database_now} + $2 \
         WHERE calendar_id IN (SELECT calendar_id FROM calendar_health \
           WHERE turn_holder = $1 AND turn_held_until > {database_now} AND {is_named} {skipping})",
        is_named = transaction.is_one_of("CAST(calendar_id AS TEXT)", "$3"),
        skipping = transaction.skipping_locked(),
    );
    sql::run(transaction, &sql, values![holder.to_owned(), MAX_TURN_SECONDS, ids]).await?;
    Ok(())
}

/// Gives a turn back: it was done if it began at a moment (seconds since 1970), otherwise it is another's.
///
/// # Errors
///
/// When the database fails.
pub async fn end_turn(
    transaction: &Transaction,
    id: CalendarId,
    holder: &str,
    done: Option<i64>,
) -> Result<()> {
    let sql = "UPDATE calendar_health SET turn_holder = NULL, turn_held_until = NULL, \
                 last_scheduled_at = COALESCE($3, last_scheduled_at) \
               WHERE calendar_id = $1 AND turn_holder = $2";
    sql::run(transaction, sql, values![id, holder.to_owned(), done]).await?;
    Ok(())
}
