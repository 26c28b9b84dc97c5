//! Users: administrators, and others who see their own calendars and keys only.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Result, Transaction, UserId, keys};

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct User {
    /// Its number.
    pub id: UserId,
    /// The user name, in lower case.
    pub name: String,
    /// Email address.
    pub address: Option<String>,
    /// Whether the user is an administrator.
    pub is_administrator: bool,
    /// Whether the user is active; a deactivated user cannot sign in.
    pub is_active: bool,
    /// When it was made, in seconds since 1970.
    pub created_at: i64,
    /// The version of address, role and activity; [`update`] fails if it is not the present one.
    pub version: i64,
}

/// A user to insert.
#[derive(Clone, Copy, Debug)]
pub struct NewUser<'n> {
    /// The user name; stored in lower case.
    pub name: &'n str,
    /// Email address.
    pub address: Option<&'n str>,
    /// Whether the user is an administrator.
    pub is_administrator: bool,
}

const COLUMNS: &str = "id, name, address, is_administrator, is_active, created_at, version";

/// Inserts a user, active and without a password.
///
/// # Errors
///
/// [`crate::Error::Taken`] if there is one of that name.
pub async fn insert(transaction: &Transaction, user: &NewUser<'_>, now: i64) -> Result<UserId> {
    sql::insert(
        transaction,
        "INSERT INTO users (name, address, is_administrator, is_active, version, created_at) \
         VALUES ($1, $2, $3, TRUE, 0, $4) RETURNING id",
        values![
            user.name.to_lowercase(),
            user.address.map(str::to_owned),
            user.is_administrator,
            now
        ],
    )
    .await
}

/// The user of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn by_id(access: &impl Access, id: UserId) -> Result<Option<User>> {
    sql::one(access, &format!("SELECT {COLUMNS} FROM users WHERE id = $1"), values![id]).await
}

/// The user of a name, ignoring case.
///
/// # Errors
///
/// When the database fails.
pub async fn by_name(access: &impl Access, name: &str) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE name = $1");
    sql::one(access, &sql, values![name.to_lowercase()]).await
}

/// All users, by name.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access) -> Result<Vec<User>> {
    sql::all(access, &format!("SELECT {COLUMNS} FROM users ORDER BY name"), Vec::new()).await
}

/// Active administrators with an address.
///
/// # Errors
///
/// When the database fails.
pub async fn administrators_addresses(access: &impl Access) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        address: String,
    }
    let sql = "SELECT DISTINCT address FROM users \
               WHERE is_administrator AND is_active AND address IS NOT NULL ORDER BY address";
    Ok(sql::all::<Row>(access, sql, Vec::new()).await?.into_iter().map(|row| row.address).collect())
}

/// Whether there is any user yet.
///
/// # Errors
///
/// When the database fails.
pub async fn is_there_any(access: &impl Access) -> Result<bool> {
    let found = sql::value::<i64>(access, "SELECT id FROM users LIMIT 1", Vec::new()).await?;
    Ok(found.is_some())
}

/// The hash of a user's password, if one is set.
///
/// # Errors
///
/// When the database fails.
pub async fn password_hash(access: &impl Access, id: UserId) -> Result<Option<String>> {
    let sql = "SELECT password FROM users WHERE id = $1";
    Ok(sql::value::<Option<String>>(access, sql, values![id]).await?.flatten())
}

/// Sets a user's password, and ends all of the user's sessions and one-time links. No browser is known as the
/// user's any more.
///
/// # Errors
///
/// When the database fails.
pub async fn set_password(
    transaction: &Transaction,
    id: UserId,
    hash: &str,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE users SET password = $2 WHERE id = $1";
    sql::run(transaction, sql, values![id, hash.to_owned()]).await?;
    end_access(transaction, id, now).await
}

/// Ends the sessions and one-time links of a user. Browsers known from before are not known any more; the one
/// in which a password was just chosen is.
async fn end_access(transaction: &Transaction, id: UserId, now: i64) -> Result<()> {
    sql::run(transaction, "DELETE FROM sessions WHERE user_id = $1", values![id]).await?;
    sql::run(transaction, "DELETE FROM one_time_links WHERE user_id = $1", values![id]).await?;
    forget_browsers(transaction, id, now - 1).await
}

/// From `now` on, no browser in which the user has signed in before is known as the user's.
///
/// # Errors
///
/// When the database fails.
pub async fn forget_browsers(transaction: &Transaction, id: UserId, now: i64) -> Result<()> {
    let sql = "UPDATE users SET browsers_forgotten_at = $2 WHERE id = $1";
    sql::run(transaction, sql, values![id, now]).await?;
    Ok(())
}

/// When the browsers of a user were last forgotten, in seconds since 1970.
///
/// # Errors
///
/// When the database fails.
pub async fn browsers_forgotten_at(access: &impl Access, id: UserId) -> Result<Option<i64>> {
    let sql = "SELECT browsers_forgotten_at FROM users WHERE id = $1";
    Ok(sql::value::<Option<i64>>(access, sql, values![id]).await?.flatten())
}

/// Locks the row of a user until the transaction ends; returns whether the user is there and active.
///
/// # Errors
///
/// When the database fails.
pub async fn lock_active(transaction: &Transaction, id: UserId) -> Result<bool> {
    let sql = "UPDATE users SET is_active = TRUE WHERE id = $1 AND is_active";
    Ok(sql::run(transaction, sql, values![id]).await? > 0)
}

/// Writes activity, role and address of a user if the version is still the given one; returns
/// whether it was. Sessions and one-time links of deactivated users end, and their keys are suspended.
///
/// # Errors
///
/// When the database fails.
pub async fn update(transaction: &Transaction, user: &User, now: i64) -> Result<bool> {
    let sql = "UPDATE users SET address = $2, is_administrator = $3, is_active = $4, \
               version = version + 1 WHERE id = $1 AND version = $5";
    let User { id, is_administrator, is_active, version, .. } = *user;
    let values = values![id, user.address.clone(), is_administrator, is_active, version];
    if sql::run(transaction, sql, values).await? == 0 {
        return Ok(false);
    }
    if !user.is_active {
        end_access(transaction, user.id, now).await?;
        keys::suspend(transaction, user.id, now).await?;
    }
    Ok(true)
}
