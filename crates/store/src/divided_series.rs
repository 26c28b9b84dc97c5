//! Series that are being divided at a date, or restored as a whole: both objects stand, and one write is yet to be
//! made.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction};

/// Rows that [`claim`] names at once.
const MAX_AT_ONCE: i64 = 20;
/// For how long a row is tried again after each pause, in seconds. After that nothing is expected of the server any
/// more, and somebody has to decide.
const SOON: i64 = 3_600;

/// A series of which a second object has the rest, while both stand.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DividedSeries {
    /// Its calendar.
    pub calendar_id: CalendarId,
    /// The series.
    pub uid: String,
    /// The object that has the rest.
    pub next_uid: String,
    /// The original start of the first occurrence of the rest, in seconds since 1970.
    pub original: i64,
    /// Whether the series was restored as a whole, so that the rest is yet to be deleted. Else the series is yet to end.
    pub is_restored: bool,
}

/// Records that the first of the two writes was made, at `now` (seconds since 1970).
///
/// # Errors
///
/// When the database fails.
pub async fn insert(transaction: &Transaction, new: &DividedSeries, now: i64) -> Result<()> {
    let sql = "INSERT INTO divided_series \
                 (calendar_id, uid, next_uid, original, is_restored, made_at, tried_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $6)";
    let DividedSeries { calendar_id, uid, next_uid, original, is_restored } = new;
    let values = values![*calendar_id, uid.clone(), next_uid.clone(), *original, *is_restored, now];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// Forgets the series of which an object has the rest: it has ended, or is not to.
///
/// # Errors
///
/// When the database fails.
pub async fn remove(transaction: &Transaction, calendar: CalendarId, next_uid: &str) -> Result<()> {
    let sql = "DELETE FROM divided_series WHERE calendar_id = $1 AND next_uid = $2";
    sql::run(transaction, sql, values![calendar, next_uid.to_owned()]).await?;
    Ok(())
}

/// Forgets what is about an object that is gone, be it a series or a rest.
///
/// # Errors
///
/// When the database fails.
pub async fn remove_of(transaction: &Transaction, calendar: CalendarId, uid: &str) -> Result<()> {
    let sql = "DELETE FROM divided_series WHERE calendar_id = $1 AND (uid = $2 OR next_uid = $2)";
    sql::run(transaction, sql, values![calendar, uid.to_owned()]).await?;
    Ok(())
}

/// Those of a calendar, oldest first.
///
/// # Errors
///
/// When the database fails.
pub async fn of_calendar(access: &impl Access, calendar: CalendarId) -> Result<Vec<DividedSeries>> {
    let sql = "SELECT calendar_id, uid, next_uid, original, is_restored FROM divided_series \
               WHERE calendar_id = $1 ORDER BY id";
    sql::all(access, sql, values![calendar]).await
}

/// Rows that no process has tried in the last `pause` seconds, or in the last hour if they are older than an hour, the
/// longest untried first. They are claimed by that: no other process gets them.
///
/// # Errors
///
/// When the database fails.
pub async fn claim(
    transaction: &Transaction,
    (now, pause): (i64, i64),
) -> Result<Vec<DividedSeries>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        calendar_id: CalendarId,
        uid: String,
        next_uid: String,
        original: i64,
        is_restored: bool,
        tried_at: i64,
    }
    let sql = "SELECT id, calendar_id, uid, next_uid, original, is_restored, tried_at \
               FROM divided_series \
               WHERE tried_at <= $1 - CASE WHEN tried_at - made_at < $4 THEN $2 ELSE $4 END \
                 OR tried_at > $1 ORDER BY tried_at, id LIMIT $3";
    let due = sql::all::<Row>(transaction, sql, values![now, pause, MAX_AT_ONCE, SOON]).await?;
    let mut claimed = Vec::new();
    for Row { id, calendar_id, uid, next_uid, original, is_restored, tried_at } in due {
        // Another process may have read it too.
        let sql = "UPDATE divided_series SET tried_at = $2 WHERE id = $1 AND tried_at = $3";
        if sql::run(transaction, sql, values![id, now, tried_at]).await? > 0 {
            claimed.push(DividedSeries { calendar_id, uid, next_uid, original, is_restored });
        }
    }
    Ok(claimed)
}

/// The calendars of which a division or its restoring was begun before a moment, and is not finished: each once.
///
/// # Errors
///
/// When the database fails.
pub async fn begun_before(access: &impl Access, moment: i64) -> Result<Vec<CalendarId>> {
    #[derive(FromQueryResult)]
    struct Row {
        calendar_id: CalendarId,
    }
    let sql = "SELECT DISTINCT calendar_id FROM divided_series WHERE made_at < $1";
    let rows = sql::all::<Row>(access, sql, values![moment]).await?;
    Ok(rows.into_iter().map(|it| it.calendar_id).collect())
}
