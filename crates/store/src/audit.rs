//! Who changed which setting.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Result, Transaction, UserId};

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user; `None` for the command line.
    pub user: Option<UserId>,
    /// In words: the user's name, or `command line`.
    pub name: String,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Entry {
    /// When, in seconds since 1970.
    pub happened_at: i64,
    /// By whom, in words.
    pub actor: String,
    /// What, such as `calendar added`.
    pub action: String,
    /// To what, such as a calendar's slug.
    pub subject: String,
    /// Anything else that tells people something; never a secret.
    pub detail: String,
}

/// Writes down what somebody did.
///
/// # Errors
///
/// When the database fails.
pub async fn note(
    transaction: &Transaction,
    actor: &Actor,
    action: &str,
    subject: &str,
    detail: &str,
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO audit (happened_at, user_id, actor, action, subject, detail) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let user = actor.user.map(|user| user.0);
    let [name, action, subject, detail] = [&actor.name, action, subject, detail].map(str::to_owned);
    sql::run(transaction, sql, values![now, user, name, action, subject, detail]).await?;
    Ok(())
}

/// The latest entries, at most `most`, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn latest(access: &impl Access, most: u32) -> Result<Vec<Entry>> {
    let sql = "SELECT happened_at, actor, action, subject, detail FROM audit \
               ORDER BY id DESC LIMIT $1";
    sql::all(access, sql, values![i64::from(most)]).await
}
