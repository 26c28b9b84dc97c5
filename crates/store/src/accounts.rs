//! Accounts on calendar servers: address, user name, and the encrypted password.

use sea_orm::FromQueryResult;
use secrecy::SecretString;

use crate::origin::server_of;
use crate::sql::{self, values};
use crate::vault::{Purpose, Vault};
use crate::{Access, AccountId, Error, Result, Stored, Transaction, sealed};

facts::words! {
    /// How an account signs in.
    pub enum SignIn {
        /// With a user name and a password (RFC 7617).
        Basic = "basic",
        /// With a token (RFC 6750).
        Bearer = "bearer",
    }
}

facts::words! {
    /// The software of a calendar server, as the client recognises it.
    #[allow(missing_docs, reason = "their names say it")]
    pub enum ServerKind {
        Nextcloud = "nextcloud",
        Sabre = "sabre",
        Radicale = "radicale",
        Xandikos = "xandikos",
        Davical = "davical",
        Cyrus = "cyrus",
        Sogo = "sogo",
        RustiCal = "rustical",
        Zimbra = "zimbra",
        Other = "other",
    }
}

impl ServerKind {
    /// Whether servers of the kind usually send invitations and replies themselves (RFC 6638). Each server says for
    /// itself whether it does.
    pub fn usually_schedules(self) -> bool {
        match self {
            ServerKind::Nextcloud
            | ServerKind::Sabre
            | ServerKind::Davical
            | ServerKind::Cyrus
            | ServerKind::Sogo
            | ServerKind::Zimbra => true,
            ServerKind::Radicale
            | ServerKind::Xandikos
            | ServerKind::RustiCal
            | ServerKind::Other => false,
        }
    }
}

/// An account on a calendar server, without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name for people.
    pub name: String,
    /// Where discovery starts.
    pub url: String,
    /// The user name.
    pub user_name: String,
    /// The kind of sign-in.
    pub sign_in: SignIn,
    /// The recognised kind of the server; `None` before that is known.
    pub server_kind: Option<ServerKind>,
    /// The version that the server reports.
    pub server_version: Option<String>,
    /// Whether http without TLS to another machine is allowed.
    pub allows_plain_http: bool,
    /// The number of changes of its password, the only thing that can be changed.
    pub version: i64,
    /// When the server refused the password (401), in seconds since 1970. The account is not used
    /// until its settings change.
    pub refused_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Row {
    id: AccountId,
    name: String,
    url: String,
    user_name: String,
    sign_in: Stored<SignIn>,
    server_kind: Option<Stored<ServerKind>>,
    server_version: Option<String>,
    allows_plain_http: bool,
    version: i64,
    refused_at: Option<i64>,
}

const COLUMNS: &str = "id, name, url, user_name, sign_in, server_kind, server_version, \
                       allows_plain_http, version, refused_at";

impl TryFrom<Row> for Account {
    type Error = Error;

    fn try_from(row: Row) -> Result<Account> {
        Ok(Account {
            id: row.id,
            name: row.name,
            url: row.url,
            user_name: row.user_name,
            sign_in: *row.sign_in,
            server_kind: row.server_kind.map(|it| *it),
            server_version: row.server_version,
            allows_plain_http: row.allows_plain_http,
            version: row.version,
            refused_at: row.refused_at,
        })
    }
}

/// What the password of an account is encrypted for.
fn purpose(account: AccountId, server: &str) -> Purpose<'_> {
    Purpose::AccountPassword { account, server }
}

/// The address of an account and its encrypted password.
#[derive(FromQueryResult)]
struct PasswordRow {
    url: String,
    password: Option<Vec<u8>>,
}

async fn password_row(access: &impl Access, id: AccountId) -> Result<Option<PasswordRow>> {
    sql::one(access, "SELECT url, password FROM accounts WHERE id = $1", values![id]).await
}

/// Inserts an account; the database assigns the id.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(
    transaction: &Transaction,
    account: &Account,
    password: &SecretString,
    vault: &Vault,
) -> Result<AccountId> {
    let id: AccountId = sql::insert(
        transaction,
        "INSERT INTO accounts (name, url, user_name, sign_in, server_kind, server_version, \
         allows_plain_http, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 0) RETURNING id",
        values![
            account.name.clone(),
            account.url.clone(),
            account.user_name.clone(),
            account.sign_in.as_str().to_owned(),
            account.server_kind.map(ServerKind::as_str),
            account.server_version.clone(),
            account.allows_plain_http
        ],
    )
    .await?;
    set_password(transaction, id, password, vault).await?;
    Ok(id)
}

/// Sets an account's password, which is bound to the server of its address; the account can be used again.
///
/// # Errors
///
/// [`Error::KeyChanged`] if the key is another one by now, [`Error::WrongKey`] if it never was the
/// database's; else when the database fails.
pub async fn set_password(
    transaction: &Transaction,
    id: AccountId,
    password: &SecretString,
    vault: &Vault,
) -> Result<()> {
    let Some(row) = password_row(transaction, id).await? else { return Ok(()) };
    let server = server_of(&row.url);
    let sealed = sealed::seal(transaction, vault, purpose(id, &server), password).await?;
    let sql = "UPDATE accounts SET password = $2, refused_at = NULL, version = version + 1 \
               WHERE id = $1";
    sql::run(transaction, sql, values![id, sealed]).await?;
    Ok(())
}

/// Leaves an account without a password.
///
/// # Errors
///
/// When the database fails.
pub async fn forget_password(transaction: &Transaction, id: AccountId) -> Result<()> {
    let sql = "UPDATE accounts SET password = NULL, version = version + 1 WHERE id = $1";
    sql::run(transaction, sql, values![id]).await?;
    Ok(())
}

/// An account's password.
///
/// # Errors
///
/// [`Error::Secret`] if it was encrypted with another key or for another server, or there is none;
/// [`Error::KeyChanged`] if the key is another one by now, [`Error::WrongKey`] if it never was the
/// database's.
pub async fn password(access: &impl Access, id: AccountId, vault: &Vault) -> Result<SecretString> {
    let Some(row) = password_row(access, id).await? else { return Err(Error::Secret) };
    let (server, sealed) = (server_of(&row.url), row.password.unwrap_or_default());
    sealed::open(access, vault, purpose(id, &server), &sealed).await
}

/// The account of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn by_id(access: &impl Access, id: AccountId) -> Result<Option<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM accounts WHERE id = $1");
    sql::one::<Row>(access, &sql, values![id]).await?.map(Account::try_from).transpose()
}

/// All accounts, by id.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access) -> Result<Vec<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM accounts ORDER BY id");
    let rows = sql::all::<Row>(access, &sql, Vec::new()).await?;
    rows.into_iter().map(Account::try_from).collect()
}

/// Records the recognised kind and version of a server.
///
/// # Errors
///
/// When the database fails.
pub async fn set_server(
    transaction: &Transaction,
    id: AccountId,
    kind: ServerKind,
    version: Option<&str>,
) -> Result<()> {
    let sql = "UPDATE accounts SET server_kind = $2, server_version = $3 WHERE id = $1";
    let values = values![id, kind.as_str(), version.map(str::to_owned)];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// Records that the server refused the password that an account had. A password that was set
/// meanwhile is not affected.
///
/// # Errors
///
/// When the database fails.
pub async fn set_refused(transaction: &Transaction, account: &Account, now: i64) -> Result<()> {
    let sql = "UPDATE accounts SET refused_at = COALESCE(refused_at, $3) \
               WHERE id = $1 AND version = $2";
    sql::run(transaction, sql, values![account.id, account.version, now]).await?;
    Ok(())
}

/// Deletes an account that no calendar uses; returns whether it did.
///
/// # Errors
///
/// When the database fails.
pub async fn delete_unused(transaction: &Transaction, id: AccountId) -> Result<bool> {
    let sql = "DELETE FROM accounts WHERE id = $1 \
               AND NOT EXISTS (SELECT 1 FROM calendars WHERE account_id = $1)";
    Ok(sql::run(transaction, sql, values![id]).await? > 0)
}
