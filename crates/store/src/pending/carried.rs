//! Pending removals of dates that go on under another UID.

use facts::Removal;

use crate::sql::{self, values};
use crate::{PendingId, Result, Transaction};

/// Records that what a pending removal is about has another UID: what is to be removed, and where it lies.
///
/// # Errors
///
/// When the database fails.
pub async fn carry_on(
    transaction: &Transaction,
    id: PendingId,
    href: &str,
    removal: &Removal,
) -> Result<()> {
    let sql = "UPDATE pending_removals SET href = $2, uid = $3, fact = $4 WHERE id = $1";
    let values = values![id, href.to_owned(), removal.event.uid.clone(), removal.to_json()?];
    sql::run(transaction, sql, values).await?;
    Ok(())
}
