//! Assignments of calendars to users.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction, UserId};

/// The names of the users that a calendar is assigned to.
///
/// # Errors
///
/// When the database fails.
pub async fn users_of(access: &impl Access, id: CalendarId) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Name {
        name: String,
    }
    let sql = "SELECT name FROM users JOIN calendar_users ON user_id = users.id \
               WHERE calendar_id = $1 ORDER BY name";
    let rows = sql::all::<Name>(access, sql, values![id]).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Whether a calendar is assigned to a user.
///
/// # Errors
///
/// When the database fails.
pub async fn is_assigned(access: &impl Access, id: CalendarId, user: UserId) -> Result<bool> {
    let sql = "SELECT user_id FROM calendar_users WHERE calendar_id = $1 AND user_id = $2";
    Ok(sql::value::<UserId>(access, sql, values![id, user]).await?.is_some())
}

/// Assigns a calendar to a user; it may be assigned already.
///
/// # Errors
///
/// When the database fails.
pub async fn assign(transaction: &Transaction, id: CalendarId, user: UserId) -> Result<()> {
    let sql = "INSERT INTO calendar_users (calendar_id, user_id) VALUES ($1, $2) \
               ON CONFLICT DO NOTHING";
    sql::run(transaction, sql, values![id, user]).await?;
    Ok(())
}

/// Removes an assignment; returns whether there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn unassign(transaction: &Transaction, id: CalendarId, user: UserId) -> Result<bool> {
    let sql = "DELETE FROM calendar_users WHERE calendar_id = $1 AND user_id = $2";
    Ok(sql::run(transaction, sql, values![id, user]).await? > 0)
}
