//! Identities: who users are to an OpenID Connect provider or an LDAP directory.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Result, Stored, Transaction, UserId};

facts::words! {
    /// Who vouches for a user.
    #[derive(Hash, PartialOrd, Ord)]
    pub enum IdentityKind {
        /// An OpenID Connect provider.
        OpenId = "openid",
        /// An LDAP directory.
        Directory = "directory",
    }
}

/// An identity of a user.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Identity {
    /// Whose it is.
    pub user_id: UserId,
    /// Who vouches for it.
    pub kind: Stored<IdentityKind>,
    /// The provider's issuer, or the base of the directory.
    pub issuer: String,
    /// What the issuer names the person by.
    pub subject: String,
    /// When it was bound to the user, in seconds since 1970.
    pub bound_at: i64,
    /// When the user last signed in with it.
    pub used_at: i64,
}

const COLUMNS: &str = "user_id, kind, issuer, subject, bound_at, used_at";

/// The user who has an identity.
///
/// # Errors
///
/// When the database fails.
pub async fn user_of(
    access: &impl Access,
    kind: IdentityKind,
    issuer: &str,
    subject: &str,
) -> Result<Option<UserId>> {
    let sql = "SELECT user_id FROM identities WHERE kind = $1 AND issuer = $2 AND subject = $3";
    let values = values![kind.as_str().to_owned(), issuer.to_owned(), subject.to_owned()];
    sql::value(access, sql, values).await
}

/// The identities of a user, at most one of each kind.
///
/// # Errors
///
/// When the database fails.
pub async fn of_user(access: &impl Access, user: UserId) -> Result<Vec<Identity>> {
    let sql = format!("SELECT {COLUMNS} FROM identities WHERE user_id = $1 ORDER BY kind");
    sql::all(access, &sql, values![user]).await
}

/// Binds an identity to a user who has none of its kind.
///
/// # Errors
///
/// [`crate::Error::Taken`] if the user has one of the kind, or another user has this one.
pub async fn insert(
    transaction: &Transaction,
    user: UserId,
    kind: IdentityKind,
    (issuer, subject): (&str, &str),
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO identities (user_id, kind, issuer, subject, bound_at, used_at) \
               VALUES ($1, $2, $3, $4, $5, $5)";
    let kind = kind.as_str().to_owned();
    sql::run(transaction, sql, values![user, kind, issuer.to_owned(), subject.to_owned(), now])
        .await?;
    Ok(())
}

/// Records that a user signed in with an identity; returns whether the user has it still.
///
/// # Errors
///
/// When the database fails.
pub async fn set_used(
    transaction: &Transaction,
    user: UserId,
    kind: IdentityKind,
    (issuer, subject): (&str, &str),
    now: i64,
) -> Result<bool> {
    let sql = "UPDATE identities SET used_at = $5 WHERE user_id = $1 AND kind = $2 \
               AND issuer = $3 AND subject = $4";
    let kind = kind.as_str().to_owned();
    let values = values![user, kind, issuer.to_owned(), subject.to_owned(), now];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// Removes an identity from a user; returns whether there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn remove(transaction: &Transaction, user: UserId, kind: IdentityKind) -> Result<bool> {
    let sql = "DELETE FROM identities WHERE user_id = $1 AND kind = $2";
    Ok(sql::run(transaction, sql, values![user, kind.as_str().to_owned()]).await? > 0)
}
