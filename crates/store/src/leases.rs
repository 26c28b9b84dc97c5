//! Leases: a process works on something that no other process may touch, until it releases the
//! lease or the lease expires. Their clock is the database's.

use crate::sql::{self, values};
use crate::{Result, Transaction};

/// No lease is held for longer without being renewed, in seconds. One that expires later was taken by a clock that
/// was ahead, and counts as none.
pub const MAX_SECONDS: i64 = 60;

/// Acquires a lease if no other process holds it; for its own holder, this renews it.
///
/// # Errors
///
/// When the database fails.
pub async fn take(
    transaction: &Transaction,
    name: &str,
    holder: &str,
    seconds: i64,
) -> Result<bool> {
    use crate::Access as _;
    let now = transaction.now();
    let sql = format!(
        "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, {now} + $3) \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, \
           expires_at = excluded.expires_at \
         WHERE leases.holder = excluded.holder OR leases.expires_at <= {now} \
           OR leases.expires_at > {now} + $4"
    );
    let values = values![name.to_owned(), holder.to_owned(), seconds, MAX_SECONDS];
    Ok(sql::run(transaction, &sql, values).await? > 0)
}

/// Renews a lease that the holder still has; returns whether it has it. An expired lease is not
/// renewed, even if no other process acquired it: decisions under it may be outdated.
///
/// # Errors
///
/// When the database fails.
pub async fn renew(
    transaction: &Transaction,
    name: &str,
    holder: &str,
    seconds: i64,
) -> Result<bool> {
    use crate::Access as _;
    let now = transaction.now();
    let sql = format!(
        "UPDATE leases SET expires_at = {now} + $3 \
         WHERE name = $1 AND holder = $2 AND expires_at > {now}"
    );
    let values = values![name.to_owned(), holder.to_owned(), seconds];
    Ok(sql::run(transaction, &sql, values).await? > 0)
}

/// Releases a lease.
///
/// # Errors
///
/// When the database fails.
pub async fn give_back(transaction: &Transaction, name: &str, holder: &str) -> Result<()> {
    let sql = "DELETE FROM leases WHERE name = $1 AND holder = $2";
    sql::run(transaction, sql, values![name.to_owned(), holder.to_owned()]).await?;
    Ok(())
}
