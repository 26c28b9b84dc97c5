//! One-time links: each allows one action, once, until it expires.

use sea_orm::FromQueryResult;

use crate::secrets::{random_text, sha256};
use crate::sql::{self, values};
use crate::{Access, Result, Transaction, UserId};

facts::words! {
    /// The purpose of a link.
    pub enum Purpose {
        /// To create the first administrator, while nobody can sign in as one.
        FirstAdministrator = "first administrator",
        /// To choose the first password.
        Invitation = "invitation",
        /// To reset a password.
        NewPassword = "new password",
    }
}

/// The number of random characters in a link.
const LENGTH: usize = 40;

/// Creates a link and returns its text, which is not stored. Older links of the user, whatever their
/// purpose, become invalid; without a user, those of the purpose.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(
    transaction: &Transaction,
    purpose: Purpose,
    user: Option<UserId>,
    expires_at: i64,
) -> Result<String> {
    let user = user.map(|user| user.0);
    let sql = "DELETE FROM one_time_links \
               WHERE user_id = $2 OR (user_id IS NULL AND $2 IS NULL AND purpose = $1)";
    sql::run(transaction, sql, values![purpose.as_str().to_owned(), user]).await?;
    let text = random_text(LENGTH);
    let sql = "INSERT INTO one_time_links (token, purpose, user_id, expires_at) \
               VALUES ($1, $2, $3, $4)";
    let token = sha256(text.as_bytes()).to_vec();
    let values = values![token, purpose.as_str().to_owned(), user, expires_at];
    sql::run(transaction, sql, values).await?;
    Ok(text)
}

#[derive(FromQueryResult)]
struct Row {
    user_id: Option<UserId>,
}

/// The user of a link, if it has that purpose and has not expired; `Some(None)` for no user.
///
/// # Errors
///
/// When the database fails.
pub async fn find(
    access: &impl Access,
    purpose: Purpose,
    text: &str,
    now: i64,
) -> Result<Option<Option<UserId>>> {
    let sql = "SELECT user_id FROM one_time_links \
               WHERE token = $1 AND purpose = $2 AND expires_at > $3";
    let token = sha256(text.as_bytes()).to_vec();
    let row =
        sql::one::<Row>(access, sql, values![token, purpose.as_str().to_owned(), now]).await?;
    Ok(row.map(|row| row.user_id))
}

/// Whether there is a link of a purpose that has not expired.
///
/// # Errors
///
/// When the database fails.
pub async fn is_there(access: &impl Access, purpose: Purpose, now: i64) -> Result<bool> {
    let sql =
        "SELECT expires_at FROM one_time_links WHERE purpose = $1 AND expires_at > $2 LIMIT 1";
    let values = values![purpose.as_str().to_owned(), now];
    Ok(sql::value::<i64>(access, sql, values).await?.is_some())
}

/// Like [`find`], and invalidates the link.
///
/// # Errors
///
/// When the database fails.
pub async fn use_up(
    transaction: &Transaction,
    purpose: Purpose,
    text: &str,
    now: i64,
) -> Result<Option<Option<UserId>>> {
    let sql = "DELETE FROM one_time_links WHERE token = $1 AND purpose = $2 AND expires_at > $3 \
               RETURNING user_id";
    let token = sha256(text.as_bytes()).to_vec();
    let values = values![token, purpose.as_str().to_owned(), now];
    Ok(sql::one::<Row>(transaction, sql, values).await?.map(|row| row.user_id))
}

/// Deletes expired links.
///
/// # Errors
///
/// When the database fails.
pub async fn forget(transaction: &Transaction, now: i64) -> Result<u64> {
    sql::run(transaction, "DELETE FROM one_time_links WHERE expires_at <= $1", values![now]).await
}
