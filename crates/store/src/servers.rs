//! Server processes that run on the database. Their clock is the database's.

use crate::sql::{self, values};
use crate::{Access as _, Result, Transaction};

/// How long a process counts as running without a sign of life, in seconds.
pub const ALIVE_SECONDS: i64 = 30;

/// Writes down that a process runs. Returns whether it stood there already.
///
/// # Errors
///
/// When the database fails.
pub async fn keep(transaction: &Transaction, process: &str, now: i64) -> Result<bool> {
    let of_database = transaction.now();
    let sql = format!("UPDATE servers SET seen_at = {of_database} WHERE process = $1");
    if sql::run(transaction, &sql, values![process.to_owned()]).await? > 0 {
        return Ok(true);
    }
    // Those that died wrote no more.
    let sql = format!("DELETE FROM servers WHERE seen_at < {of_database} - 86400");
    sql::run(transaction, &sql, Vec::new()).await?;
    let sql = format!(
        "INSERT INTO servers (process, started_at, seen_at) VALUES ($1, $2, {of_database})"
    );
    sql::run(transaction, &sql, values![process.to_owned(), now]).await?;
    Ok(false)
}

/// Writes down that a process has ended.
///
/// # Errors
///
/// When the database fails.
pub async fn forget(transaction: &Transaction, process: &str) -> Result<()> {
    let sql = "DELETE FROM servers WHERE process = $1";
    sql::run(transaction, sql, values![process.to_owned()]).await?;
    Ok(())
}
