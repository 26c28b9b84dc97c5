//! Series that are being divided at a date: the rest is written, and the series is yet to end before it.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction};

/// Rows that [`claim`] names at once.
const MAX_AT_ONCE: i64 = 20;

/// A series that is yet to end.
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
}

/// Records that the rest of a series was written, at `now` (seconds since 1970).
///
/// # Errors
///
/// When the database fails.
pub async fn insert(transaction: &Transaction, new: &DividedSeries, now: i64) -> Result<()> {
    let sql = "INSERT INTO divided_series (calendar_id, uid, next_uid, original, tried_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let DividedSeries { calendar_id, uid, next_uid, original } = new;
    let values = values![*calendar_id, uid.clone(), next_uid.clone(), *original, now];
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

/// Series that are yet to end, and that no process has tried to end in the last `pause` seconds, the longest untried
/// first. They are claimed by that.
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
    }
    let sql = "SELECT id, calendar_id, uid, next_uid, original FROM divided_series \
               WHERE tried_at <= $1 - $2 OR tried_at > $1 ORDER BY tried_at, id LIMIT $3";
    let rows = sql::all::<Row>(transaction, sql, values![now, pause, MAX_AT_ONCE]).await?;
    let mut claimed = Vec::new();
    for Row { id, calendar_id, uid, next_uid, original } in rows {
        let sql = "UPDATE divided_series SET tried_at = $2 WHERE id = $1";
        sql::run(transaction, sql, values![id, now]).await?;
        claimed.push(DividedSeries { calendar_id, uid, next_uid, original });
    }
    Ok(claimed)
}

/// How many series are yet to end.
///
/// # Errors
///
/// When the database fails.
pub async fn count(access: &impl Access) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM divided_series";
    Ok(sql::value(access, sql, Vec::new()).await?.unwrap_or_default())
}
