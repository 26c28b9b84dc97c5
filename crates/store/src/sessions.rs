//! Sessions of the site. The browser's token is not stored, only its hash.

use sea_orm::FromQueryResult;

use crate::identities::IdentityKind;
use crate::secrets::{random_text, sha256};
use crate::sql::{self, values};
use crate::{Access, Result, Stored, Transaction, UserId};

/// The number of random characters in a session token.
const LENGTH: usize = 40;

/// A session, as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Session {
    /// SHA-256 of the browser's token.
    pub token: Vec<u8>,
    /// Whose it is.
    pub user_id: UserId,
    /// When the user signed in, in seconds since 1970.
    pub created_at: i64,
    /// When it was last used, to the minute.
    pub seen_at: i64,
    /// When it ends, used or not.
    pub expires_at: i64,
    /// The address at sign-in.
    pub address: String,
    /// The browser's User-Agent.
    pub browser: String,
    /// Whether the code of the second factor is missing, so that nobody is signed in yet.
    pub awaits_code: bool,
    /// Who vouched for the user; `None` for a password or a link of this program.
    pub vouched_by: Option<Stored<IdentityKind>>,
}

/// A session to insert.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'n> {
    /// Whose it is.
    pub user: UserId,
    /// The client's address.
    pub address: &'n str,
    /// The browser's User-Agent.
    pub browser: &'n str,
    /// When it ends, in seconds since 1970.
    pub expires_at: i64,
    /// Whether the code of the second factor is missing.
    pub awaits_code: bool,
    /// Who vouched for the user; `None` for a password or a link of this program.
    pub vouched_by: Option<IdentityKind>,
}

const COLUMNS: &str =
    "token, user_id, created_at, seen_at, expires_at, address, browser, awaits_code, vouched_by";

/// Creates a session and returns its token, which is not stored and cannot be shown again.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(
    transaction: &Transaction,
    session: &NewSession<'_>,
    now: i64,
) -> Result<String> {
    let text = random_text(LENGTH);
    let sql = "INSERT INTO sessions (token, user_id, created_at, seen_at, expires_at, address, \
               browser, awaits_code, vouched_by) VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8)";
    let values = values![
        sha256(text.as_bytes()).to_vec(),
        session.user,
        now,
        session.expires_at,
        session.address.to_owned(),
        session.browser.to_owned(),
        session.awaits_code,
        session.vouched_by.map(|it| it.as_str().to_owned())
    ];
    sql::run(transaction, sql, values).await?;
    Ok(text)
}

/// The session of a token that was used after `since` and has not ended at `now`.
///
/// # Errors
///
/// When the database fails.
pub async fn find(
    access: &impl Access,
    text: &str,
    since: i64,
    now: i64,
) -> Result<Option<Session>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions WHERE token = $1 AND seen_at > $2 AND expires_at > $3"
    );
    sql::one(access, &sql, values![sha256(text.as_bytes()).to_vec(), since, now]).await
}

/// The sessions of a user that were used after `since` and have not ended, latest use first.
///
/// # Errors
///
/// When the database fails.
pub async fn of_user(
    access: &impl Access,
    user: UserId,
    since: i64,
    now: i64,
) -> Result<Vec<Session>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions WHERE user_id = $1 AND seen_at > $2 AND expires_at > $3 \
         AND NOT awaits_code ORDER BY seen_at DESC, created_at DESC"
    );
    sql::all(access, &sql, values![user, since, now]).await
}

/// Keeps with a sign-in that waits for a code what was said of the user, for when the code is right.
///
/// # Errors
///
/// When the database fails.
pub async fn keep_vouched(transaction: &Transaction, text: &str, vouched: &str) -> Result<()> {
    let sql = "UPDATE sessions SET vouched = $2 WHERE token = $1";
    let token = sha256(text.as_bytes()).to_vec();
    sql::run(transaction, sql, values![token, vouched.to_owned()]).await?;
    Ok(())
}

/// What was kept with a sign-in that waits for a code.
///
/// # Errors
///
/// When the database fails.
pub async fn kept_vouched(access: &impl Access, token: &[u8]) -> Result<Option<String>> {
    let sql = "SELECT vouched FROM sessions WHERE token = $1";
    Ok(sql::value::<Option<String>>(access, sql, values![token.to_vec()]).await?.flatten())
}

/// Records that a session was used.
///
/// # Errors
///
/// When the database fails.
pub async fn set_seen(transaction: &Transaction, token: &[u8], now: i64) -> Result<()> {
    let sql = "UPDATE sessions SET seen_at = $2 WHERE token = $1 AND seen_at < $2";
    sql::run(transaction, sql, values![token.to_vec(), now]).await?;
    Ok(())
}

/// Ends a session of a user; returns whether there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn end(transaction: &Transaction, user: UserId, token: &[u8]) -> Result<bool> {
    let sql = "DELETE FROM sessions WHERE user_id = $1 AND token = $2";
    Ok(sql::run(transaction, sql, values![user, token.to_vec()]).await? > 0)
}

/// Ends all sessions of a user.
///
/// # Errors
///
/// When the database fails.
pub async fn end_all(transaction: &Transaction, user: UserId) -> Result<()> {
    sql::run(transaction, "DELETE FROM sessions WHERE user_id = $1", values![user]).await?;
    Ok(())
}

/// Ends the sessions of a user for whom an identity of this kind vouched.
///
/// # Errors
///
/// When the database fails.
pub async fn end_vouched_by(
    transaction: &Transaction,
    user: UserId,
    kind: IdentityKind,
) -> Result<()> {
    let sql = "DELETE FROM sessions WHERE user_id = $1 AND vouched_by = $2";
    sql::run(transaction, sql, values![user, kind.as_str().to_owned()]).await?;
    Ok(())
}

/// Ends the sessions of a user but one.
///
/// # Errors
///
/// When the database fails.
pub async fn end_others(transaction: &Transaction, user: UserId, token: &[u8]) -> Result<()> {
    let sql = "DELETE FROM sessions WHERE user_id = $1 AND token <> $2";
    sql::run(transaction, sql, values![user, token.to_vec()]).await?;
    Ok(())
}

/// Deletes sessions that have ended, or were last used before `since`.
///
/// # Errors
///
/// When the database fails.
pub async fn forget(transaction: &Transaction, since: i64, now: i64) -> Result<u64> {
    let sql = "DELETE FROM sessions WHERE seen_at <= $1 OR expires_at <= $2";
    sql::run(transaction, sql, values![since, now]).await
}
