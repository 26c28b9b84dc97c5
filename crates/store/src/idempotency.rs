//! Idempotency keys: first answers to requests that may be sent twice.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Error, Result, Transaction, UserId};

/// How long the first answer to a request is remembered, in seconds.
pub const REMEMBERED_SECONDS: i64 = 86_400;
/// How often a key is stored that another transaction deletes meanwhile.
const MAX_TRIES: usize = 3;

/// The first answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Answered {
    /// SHA-256 of the request.
    pub request: Vec<u8>,
    /// The answer.
    pub answer: String,
    /// Whether the request is known to have been carried out.
    pub is_done: bool,
}

/// Stores an answer for a user's key, unless there is one since `since` (seconds since 1970), which
/// is returned. Two transactions with the same key run one after the other.
///
/// # Errors
///
/// When the database fails.
pub async fn keep(
    transaction: &Transaction,
    user: UserId,
    key: &str,
    new: &Answered,
    since: i64,
    now: i64,
) -> Result<Option<Answered>> {
    let sql = "DELETE FROM idempotency_keys WHERE user_id = $1 AND value = $2 AND created_at < $3";
    sql::run(transaction, sql, values![user, key.to_owned(), since]).await?;
    for _ in 0..MAX_TRIES {
        let sql = "INSERT INTO idempotency_keys \
                   (user_id, value, request, answer, created_at, is_done) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id, value) DO NOTHING";
        let Answered { request, answer, is_done } = new.clone();
        let values = values![user, key.to_owned(), request, answer, now, is_done];
        if sql::run(transaction, sql, values).await? > 0 {
            return Ok(None);
        }
        // Another transaction may have deleted it in between.
        if let Some(first) = find(transaction, user, key).await? {
            return Ok(Some(first));
        }
    }
    Err(Error::Damaged("an idempotency key comes and goes".to_owned()))
}

/// The first answer to a request with a user's key, if one is stored.
///
/// # Errors
///
/// When the database fails.
pub async fn find(access: &impl Access, user: UserId, key: &str) -> Result<Option<Answered>> {
    let sql =
        "SELECT request, answer, is_done FROM idempotency_keys WHERE user_id = $1 AND value = $2";
    sql::one(access, sql, values![user, key.to_owned()]).await
}

/// Records that the request was carried out, also where its key was deleted meanwhile.
///
/// # Errors
///
/// When the database fails.
pub async fn set_done(
    transaction: &Transaction,
    user: UserId,
    key: &str,
    done: &Answered,
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO idempotency_keys \
               (user_id, value, request, answer, created_at, is_done) \
               VALUES ($1, $2, $3, $4, $5, TRUE) ON CONFLICT (user_id, value) DO UPDATE \
               SET is_done = TRUE WHERE idempotency_keys.request = excluded.request";
    let Answered { request, answer, .. } = done.clone();
    sql::run(transaction, sql, values![user, key.to_owned(), request, answer, now]).await?;
    Ok(())
}

/// Deletes the answer to a request that was not carried out, so that it can be sent again.
///
/// # Errors
///
/// When the database fails.
pub async fn drop(transaction: &Transaction, user: UserId, key: &str) -> Result<()> {
    let sql = "DELETE FROM idempotency_keys WHERE user_id = $1 AND value = $2 AND NOT is_done";
    sql::run(transaction, sql, values![user, key.to_owned()]).await?;
    Ok(())
}

/// Deletes the answers from before a moment.
///
/// # Errors
///
/// When the database fails.
pub async fn forget(transaction: &Transaction, before: i64) -> Result<u64> {
    let sql = "DELETE FROM idempotency_keys WHERE created_at < $1";
    sql::run(transaction, sql, values![before]).await
}
