//! The intervals in which bindings prioritise events.

use ical::Moment;
use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction};

pub(super) fn write(intervals: &[(Moment, Moment)]) -> Result<String> {
    let intervals: Vec<[i64; 2]> = intervals.iter().map(|it| [it.0.0, it.1.0]).collect();
    Ok(serde_json::to_string(&intervals)?)
}

pub(super) fn parse(text: &str) -> Result<Vec<(Moment, Moment)>> {
    let intervals: Vec<[i64; 2]> = serde_json::from_str(text)?;
    Ok(intervals.into_iter().map(|[start, end]| (Moment(start), Moment(end))).collect())
}

const BOUND: &str = "SELECT id, intervals FROM token_bindings \
                     WHERE calendar_id = $1 AND uid = $2 AND state = 'bound'";

/// Whether tokens are bound to an event.
///
/// # Errors
///
/// When the database fails.
pub async fn has_bindings(access: &impl Access, calendar: CalendarId, uid: &str) -> Result<bool> {
    let values = values![calendar, sql::uid_key(uid)];
    Ok(sql::value::<i64>(access, BOUND, values).await?.is_some())
}

/// Cuts the half-open, ascending intervals of all tokens that are bound to an event.
///
/// # Errors
///
/// When the database fails.
pub async fn cut(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    cut: impl Fn(&[(Moment, Moment)]) -> Vec<(Moment, Moment)>,
) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        intervals: String,
    }
    let values = values![calendar, sql::uid_key(uid)];
    for row in sql::all::<Row>(transaction, BOUND, values).await? {
        let bound = parse(&row.intervals)?;
        let left = cut(&bound);
        if left != bound {
            let sql = "UPDATE token_bindings SET intervals = $2 WHERE id = $1";
            sql::run(transaction, sql, values![row.id, write(&left)?]).await?;
        }
    }
    Ok(())
}

/// Binds an object that has the rest of a series to the tokens of this: it is no further event. Its intervals are
/// those of the series, cut.
///
/// # Errors
///
/// When the database fails.
pub async fn carry_on(
    transaction: &Transaction,
    calendar: CalendarId,
    (uid, next): (&str, &str),
    cut: impl Fn(&[(Moment, Moment)]) -> Vec<(Moment, Moment)>,
) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        intervals: String,
    }
    for row in sql::all::<Row>(transaction, BOUND, values![calendar, sql::uid_key(uid)]).await? {
        let intervals = write(&cut(&parse(&row.intervals)?))?;
        let sql = "INSERT INTO token_bindings \
                   (token_id, calendar_id, uid, intervals, state, bound_at) \
                   SELECT token_id, calendar_id, $2, $3, state, bound_at FROM token_bindings \
                   WHERE id = $1 ON CONFLICT (token_id, calendar_id, uid) DO NOTHING";
        sql::run(transaction, sql, values![row.id, sql::uid_key(next), intervals]).await?;
    }
    Ok(())
}
