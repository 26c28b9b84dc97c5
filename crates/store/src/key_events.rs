//! How many events each key has created on a day.

use crate::sql::{self, values};
use crate::{KeyId, Result, Transaction};

/// Counts an event that a key is about to create on a day (in days since 1970), unless it has
/// created `most` on that day. Returns whether it may. One statement does both, so that several
/// processes count together.
///
/// A day that is over is not counted again, whatever the clock of another process says.
///
/// # Errors
///
/// When the database fails.
pub async fn count(transaction: &Transaction, key: KeyId, day: i64, most: u32) -> Result<bool> {
    let sql = "INSERT INTO api_key_events (key_id, day, number) VALUES ($1, $2, 1) \
               ON CONFLICT (key_id) DO UPDATE SET \
                 number = CASE WHEN api_key_events.day < excluded.day THEN 1 \
                   ELSE api_key_events.number + 1 END, \
                 day = CASE WHEN api_key_events.day < excluded.day THEN excluded.day \
                   ELSE api_key_events.day END \
               WHERE api_key_events.day < excluded.day OR api_key_events.number < $3";
    Ok(sql::run(transaction, sql, values![key, day, i64::from(most)]).await? > 0)
}

/// Takes back what was counted for an event that was refused.
///
/// # Errors
///
/// When the database fails.
pub async fn take_back(transaction: &Transaction, key: KeyId, day: i64) -> Result<()> {
    let sql = "UPDATE api_key_events SET number = number - 1 \
               WHERE key_id = $1 AND day = $2 AND number > 0";
    sql::run(transaction, sql, values![key, day]).await?;
    Ok(())
}
