//! Changes that divided a series.

use crate::sql::{self, values};
use crate::{Access, CalendarId, ChangeId, RemovalId, Result, Transaction};

/// Records which object has the rest of the series that a change has ended.
///
/// # Errors
///
/// When the database fails.
pub async fn set_next(transaction: &Transaction, change: ChangeId, next_uid: &str) -> Result<()> {
    let sql = "UPDATE changes SET next_uid = $2 WHERE id = $1";
    sql::run(transaction, sql, values![change, next_uid.to_owned()]).await?;
    Ok(())
}

/// The latest line of the history by which somebody changed an object of a UID, or ended it, and that still stands.
///
/// # Errors
///
/// When the database fails.
pub async fn standing_change_of(
    access: &impl Access,
    calendar: CalendarId,
    uid: &str,
) -> Result<Option<RemovalId>> {
    let sql = "SELECT removals.id FROM removals JOIN changes ON changes.id = removals.change_id \
               WHERE changes.calendar_id = $1 AND changes.uid = $2 AND changes.state = 'done' \
                 AND removals.kind IN ('changed by request', 'ended by request') AND removals.restored_at IS NULL \
               ORDER BY removals.id DESC LIMIT 1";
    sql::value(access, sql, values![calendar, sql::uid_key(uid)]).await
}
