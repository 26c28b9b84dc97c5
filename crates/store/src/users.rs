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
    sql::one(
        access,
        &format!("SELECT {COLUMNS} FROM users WHERE id = $1 AND removed_at IS NULL"),
        values![id],
    )
    .await
}

/// The user of a name, ignoring case.
///
/// # Errors
///
/// When the database fails.
pub async fn by_name(access: &impl Access, name: &str) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE name = $1 AND removed_at IS NULL");
    sql::one(access, &sql, values![name.to_lowercase()]).await
}

/// All users, by name.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access) -> Result<Vec<User>> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE removed_at IS NULL ORDER BY name");
    sql::all(access, &sql, Vec::new()).await
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

/// The users with this address, ignoring case, deactivated ones among them; at most `limit`.
///
/// # Errors
///
/// When the database fails.
pub async fn by_address(access: &impl Access, address: &str, limit: i64) -> Result<Vec<User>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM users WHERE LOWER(address) = $1 AND removed_at IS NULL \
         ORDER BY name LIMIT $2"
    );
    sql::all(access, &sql, values![address.to_ascii_lowercase(), limit]).await
}

/// The ways in which people can sign in as this program is set. A password or an identity that is none of them lets
/// nobody in, though it may do so again later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ways {
    /// Whether passwords of this program are taken.
    pub passwords: bool,
    /// The issuer of the OpenID Connect provider.
    pub openid: Option<String>,
    /// The base of the LDAP directory, as identities name it.
    pub directory: Option<String>,
}

impl Default for Ways {
    fn default() -> Ways {
        Ways { passwords: true, openid: None, directory: None }
    }
}

/// Active administrators but one who can sign in.
const CAN_SIGN_IN: &str = "SELECT id FROM users WHERE is_administrator AND is_active \
    AND removed_at IS NULL AND id <> $1 AND (($2 AND password IS NOT NULL) \
    OR EXISTS (SELECT 1 FROM identities WHERE user_id = users.id \
    AND ((kind = 'openid' AND issuer = $3) OR (kind = 'directory' AND issuer = $4)))) LIMIT 1";

/// Whether somebody can sign in as an administrator: an active one who has a password, or an identity at the provider
/// or in the directory, as these ways are.
///
/// # Errors
///
/// When the database fails.
pub async fn can_an_administrator_sign_in(access: &impl Access, ways: &Ways) -> Result<bool> {
    is_another_administrator(access, ways, UserId(0)).await
}

/// Whether somebody else than this user can sign in as an administrator.
///
/// # Errors
///
/// When the database fails.
pub async fn is_another_administrator(
    access: &impl Access,
    ways: &Ways,
    id: UserId,
) -> Result<bool> {
    // Nothing has an empty issuer.
    let issuer = |of: &Option<String>| of.clone().unwrap_or_default();
    let values = values![id, ways.passwords, issuer(&ways.openid), issuer(&ways.directory)];
    Ok(sql::value::<i64>(access, CAN_SIGN_IN, values).await?.is_some())
}

/// Locks the rows of all active administrators until the transaction ends, so that of two transactions that each take
/// one away the second sees what the first has left.
///
/// # Errors
///
/// When the database fails.
pub async fn lock_administrators(transaction: &Transaction) -> Result<()> {
    let sql = "UPDATE users SET is_active = TRUE WHERE is_administrator AND is_active";
    sql::run(transaction, sql, Vec::new()).await?;
    Ok(())
}

/// Whether there is an active administrator.
///
/// # Errors
///
/// When the database fails.
pub async fn is_there_an_administrator(access: &impl Access) -> Result<bool> {
    let sql =
        "SELECT id FROM users WHERE is_administrator AND is_active AND removed_at IS NULL LIMIT 1";
    Ok(sql::value::<i64>(access, sql, Vec::new()).await?.is_some())
}

/// Removes a user, with sessions, one-time links, the second factor, identities and access to calendars; the keys are revoked. The
/// row stays for the history, without the address. Returns whether the user was there in that version.
///
/// # Errors
///
/// When the database fails.
pub async fn remove(transaction: &Transaction, user: &User, now: i64) -> Result<bool> {
    let sql = "UPDATE users SET removed_at = $3, is_active = FALSE, password = NULL, address = NULL, \
               version = version + 1 WHERE id = $1 AND version = $2 AND removed_at IS NULL";
    if sql::run(transaction, sql, values![user.id, user.version, now]).await? == 0 {
        return Ok(false);
    }
    end_access(transaction, user.id, now).await?;
    let sql = "UPDATE api_keys SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";
    sql::run(transaction, sql, values![user.id, now]).await?;
    for table in ["second_factors", "identities", "calendar_users", "idempotency_keys"] {
        let sql = format!("DELETE FROM {table} WHERE user_id = $1");
        sql::run(transaction, &sql, values![user.id]).await?;
    }
    Ok(true)
}

/// What goes with a user who is removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Belongings {
    /// Keys that are not revoked.
    pub keys: i64,
    /// Sessions.
    pub sessions: i64,
    /// Calendars that are assigned to the user.
    pub calendars: i64,
    /// Events whose author the user is; they stay.
    pub events: i64,
}

/// What goes with a user who is removed.
///
/// # Errors
///
/// When the database fails.
pub async fn belongings(access: &impl Access, id: UserId) -> Result<Belongings> {
    let sql = "SELECT (SELECT COUNT(*) FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL) AS keys, \
                 (SELECT COUNT(*) FROM sessions WHERE user_id = $1) AS sessions, \
                 (SELECT COUNT(*) FROM calendar_users WHERE user_id = $1) AS calendars, \
                 (SELECT COUNT(*) FROM uid_metadata WHERE author_id = $1 AND ended_at IS NULL) AS events";
    Ok(sql::one(access, sql, values![id]).await?.unwrap_or_default())
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
    let sql =
        "UPDATE users SET is_active = TRUE WHERE id = $1 AND is_active AND removed_at IS NULL";
    Ok(sql::run(transaction, sql, values![id]).await? > 0)
}

/// Locks the row of a user until the transaction ends, whether active or not; returns whether the user is there.
///
/// # Errors
///
/// When the database fails.
pub async fn lock(transaction: &Transaction, id: UserId) -> Result<bool> {
    let sql = "UPDATE users SET version = version WHERE id = $1 AND removed_at IS NULL";
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
               version = version + 1 WHERE id = $1 AND version = $5 AND removed_at IS NULL";
    let User { id, is_administrator, is_active, version, .. } = *user;
    // An invitation that was mailed to a wrong address is in somebody else's hands.
    let invitations = "DELETE FROM one_time_links WHERE user_id = $1 AND purpose = 'invitation' \
                       AND EXISTS (SELECT 1 FROM users WHERE id = $1 AND version = $3 \
                       AND COALESCE(address, '') <> COALESCE($2, ''))";
    sql::run(transaction, invitations, values![id, user.address.clone(), version]).await?;
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
