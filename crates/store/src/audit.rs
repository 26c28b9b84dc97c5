//! The audit trail: who changed which setting.

use facts::audit::Action;
use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Result, Stored, Transaction, UserId};

/// The person or program that acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user; `None` for the command line.
    pub user: Option<UserId>,
    /// The user's name; ignored for the command line.
    pub name: String,
}

/// Records an action, its subject, and the whole entry, which a search covers, too.
///
/// # Errors
///
/// When the database fails.
pub async fn note(
    transaction: &Transaction,
    actor: &Actor,
    action: Action,
    subject: &str,
    entry: &str,
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO audit (happened_at, actor, action, subject, entry) VALUES ($1, $2, $3, $4, $5)";
    // The command line has no name.
    let name = if actor.user.is_some() { actor.name.as_str() } else { "" };
    let [name, subject, entry] = [name, subject, entry].map(str::to_owned);
    sql::run(transaction, sql, values![now, name, action.as_str(), subject, entry]).await?;
    Ok(())
}

/// Deletes entries that are older than a moment (`AUDIT_RETENTION_DAYS`), at most as many as one batch has; returns
/// their number.
///
/// # Errors
///
/// When the database fails.
pub async fn forget(transaction: &Transaction, before: i64) -> Result<u64> {
    let sql = "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE happened_at < $1 \
               ORDER BY happened_at LIMIT $2)";
    sql::run(transaction, sql, values![before, crate::history::BATCH]).await
}

/// When the oldest entry happened, in seconds since 1970; `None` if there is none.
///
/// # Errors
///
/// When the database fails.
pub async fn oldest(access: &impl Access) -> Result<Option<i64>> {
    let sql = "SELECT MIN(happened_at) FROM audit";
    Ok(sql::value::<Option<i64>>(access, sql, Vec::new()).await?.flatten())
}

/// An entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AuditEntry {
    /// Its number.
    pub id: i64,
    /// When, in seconds since 1970.
    pub happened_at: i64,
    /// The user's name at that time; empty for the command line.
    pub actor: String,
    /// The action.
    pub action: Stored<Action>,
    /// The subject, such as a calendar's slug.
    pub subject: String,
    /// The whole entry, as JSON; never a secret.
    pub entry: String,
}

/// The number of entries that one page of a search covers; the next page continues after them.
pub const MOST_SEARCHED: i64 = 30_000;

/// The latest entries, at most `most`, latest first, after the entry `before`. With a text, only
/// those whose actor, subject or entry contains it, ignoring case, among the next `searched`
/// entries. Also returns where the next page begins, if there is more.
///
/// # Errors
///
/// When the database fails.
pub async fn page(
    access: &impl Access,
    about: Option<&str>,
    before: Option<i64>,
    most: u32,
    searched: i64,
) -> Result<(Vec<AuditEntry>, Option<i64>)> {
    let before = before.unwrap_or(i64::MAX);
    let (mut end, mut pattern) = (None, "%".to_owned());
    if let Some(text) = about.filter(|it| !it.is_empty()) {
        let sql = "SELECT id FROM audit WHERE id < $1 ORDER BY id DESC LIMIT 1 OFFSET $2";
        end = sql::value::<i64>(access, sql, values![before, searched]).await?;
        pattern = format!("%{}%", sql::like(text));
    }
    let sql = "SELECT id, happened_at, actor, action, subject, entry FROM audit \
               WHERE id < $1 AND id >= $2 AND ($3 = '%' OR LOWER(actor) LIKE $3 ESCAPE '!' \
                 OR LOWER(subject) LIKE $3 ESCAPE '!' OR LOWER(entry) LIKE $3 ESCAPE '!') \
               ORDER BY id DESC LIMIT $4";
    let values =
        values![before, end.unwrap_or(i64::MIN), pattern, i64::from(most.saturating_add(1))];
    let mut lines: Vec<AuditEntry> = sql::all(access, sql, values).await?;
    let has_more = lines.len() > most as usize;
    lines.truncate(most as usize);
    let next = if has_more { lines.last().map(|it| it.id) } else { end };
    Ok((lines, next))
}
