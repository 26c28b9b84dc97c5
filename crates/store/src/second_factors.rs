//! Second factors: the key of each user's app, encrypted, and the hashes of the recovery codes.

use sea_orm::FromQueryResult;
use secrecy::SecretString;

use crate::sql::{self, values};
use crate::vault::{Purpose, Vault};
use crate::{Access, Result, Transaction, UserId, sealed};

/// A second factor.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct SecondFactor {
    /// The key, encrypted.
    pub app_key: Vec<u8>,
    /// When it was set up, in seconds since 1970.
    pub set_at: i64,
    /// The recovery codes that were not used yet.
    pub codes_left: i64,
}

/// Sets the second factor of a user, in place of an earlier one and its recovery codes. The code of
/// `step`, and those before it, are used up.
///
/// # Errors
///
/// [`crate::Error::KeyChanged`] if SECRET_KEY is another one by now; else when the database fails.
pub async fn set(
    transaction: &Transaction,
    user: UserId,
    (key, vault): (&SecretString, &Vault),
    step: i64,
    codes: &[Vec<u8>],
    now: i64,
) -> Result<()> {
    let purpose = Purpose::SecondFactor(user);
    let sealed = sealed::seal(transaction, vault, purpose, key).await?;
    remove(transaction, user).await?;
    let sql =
        "INSERT INTO second_factors (user_id, app_key, last_step, set_at) VALUES ($1, $2, $3, $4)";
    sql::run(transaction, sql, values![user, sealed, step, now]).await?;
    set_recovery_codes(transaction, user, codes).await
}

/// Sets the recovery codes of a user who has a second factor, by their hashes, in place of earlier ones.
///
/// # Errors
///
/// When the database fails.
pub async fn set_recovery_codes(
    transaction: &Transaction,
    user: UserId,
    codes: &[Vec<u8>],
) -> Result<()> {
    sql::run(transaction, "DELETE FROM recovery_codes WHERE user_id = $1", values![user]).await?;
    for code in codes {
        let sql = "INSERT INTO recovery_codes (code, user_id) VALUES ($1, $2)";
        sql::run(transaction, sql, values![code.clone(), user]).await?;
    }
    Ok(())
}

/// The second factor of a user.
///
/// # Errors
///
/// When the database fails.
pub async fn find(access: &impl Access, user: UserId) -> Result<Option<SecondFactor>> {
    let sql = "SELECT app_key, set_at, (SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1) AS \
               codes_left FROM second_factors WHERE user_id = $1";
    sql::one(access, sql, values![user]).await
}

impl SecondFactor {
    /// The key of a user's app.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Secret`] if it was encrypted with another key or is another user's,
    /// [`crate::Error::KeyChanged`] if SECRET_KEY is another one by now.
    pub async fn key(
        &self,
        access: &impl Access,
        user: UserId,
        vault: &Vault,
    ) -> Result<SecretString> {
        sealed::open(access, vault, Purpose::SecondFactor(user), &self.app_key).await
    }
}

/// The users who have one.
///
/// # Errors
///
/// When the database fails.
pub async fn users(access: &impl Access) -> Result<Vec<UserId>> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: UserId,
    }
    let sql = "SELECT user_id FROM second_factors";
    let rows = sql::all::<Row>(access, sql, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

/// Uses up the code of a step; returns false if it, or a later one, was used already.
///
/// # Errors
///
/// When the database fails.
pub async fn use_step(transaction: &Transaction, user: UserId, step: i64) -> Result<bool> {
    let sql = "UPDATE second_factors SET last_step = $2 WHERE user_id = $1 AND last_step < $2";
    Ok(sql::run(transaction, sql, values![user, step]).await? > 0)
}

/// Uses up a recovery code; returns whether there was one of that hash.
///
/// # Errors
///
/// When the database fails.
pub async fn use_recovery_code(
    transaction: &Transaction,
    user: UserId,
    code: &[u8],
) -> Result<bool> {
    let sql = "DELETE FROM recovery_codes WHERE code = $1 AND user_id = $2";
    Ok(sql::run(transaction, sql, values![code.to_vec(), user]).await? > 0)
}

/// The recovery codes of a user that were not used yet.
///
/// # Errors
///
/// When the database fails.
pub async fn codes_left(access: &impl Access, user: UserId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1";
    Ok(sql::value::<i64>(access, sql, values![user]).await?.unwrap_or_default())
}

/// Removes the second factor of a user; returns whether there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn remove(transaction: &Transaction, user: UserId) -> Result<bool> {
    sql::run(transaction, "DELETE FROM recovery_codes WHERE user_id = $1", values![user]).await?;
    let sql = "DELETE FROM second_factors WHERE user_id = $1";
    Ok(sql::run(transaction, sql, values![user]).await? > 0)
}
