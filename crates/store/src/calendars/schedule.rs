//! Schedules: which calendars are due for a clear.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Result, Transaction};

/// A calendar whose schedule is due.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Due {
    /// Its slug.
    pub slug: String,
    /// The address of its collection, if it is on a server.
    pub collection_url: Option<String>,
}

/// Claims the calendars whose schedule is due at a moment (seconds since 1970). The caller has to
/// clear them; no other process claims them before they are due again.
///
/// # Errors
///
/// When the database fails.
pub async fn take_due(transaction: &Transaction, now: i64) -> Result<Vec<Due>> {
    // The rows of calendars are not used: they are locked while their content is changed. SQLite
    // returns columns of the changed table only, or subqueries of them.
    let sql = "UPDATE calendar_health SET last_scheduled_at = $1 FROM calendars \
               WHERE calendars.id = calendar_health.calendar_id \
                 AND schedule_minutes IS NOT NULL \
                 AND COALESCE(last_scheduled_at, 0) + schedule_minutes * 60 <= $1 \
               RETURNING (SELECT slug FROM calendars WHERE id = calendar_id) AS slug, \
                 (SELECT collection_url FROM calendars WHERE id = calendar_id) AS collection_url";
    sql::all(transaction, sql, values![now]).await
}
