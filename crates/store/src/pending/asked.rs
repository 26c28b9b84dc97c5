//! Pending removals whose organizer asks for a decision.

use super::{PendingRow, ROWS};
use crate::sql::{self, values};
use crate::{Access, OutboxId, Result, Transaction};

/// The pending removals that a warning is about: of the loser, or of the contact address.
///
/// # Errors
///
/// When the database fails.
pub async fn of_message(access: &impl Access, message: OutboxId) -> Result<Vec<PendingRow>> {
    let sql = format!(
        "{ROWS} WHERE pending_removals.message_id = $1 AND ended_at IS NULL \
         ORDER BY pending_removals.id"
    );
    sql::all(access, &sql, values![message]).await
}

/// Records that nothing that a warning is about is removed until an administrator decides; not where one has. Returns
/// the number of removals that wait for that.
///
/// # Errors
///
/// When the database fails.
pub async fn ask(transaction: &Transaction, message: OutboxId) -> Result<u64> {
    let sql = "UPDATE pending_removals SET decision = 'ask' \
               WHERE message_id = $1 AND ended_at IS NULL AND decision IS NULL";
    sql::run(transaction, sql, values![message]).await
}
