//! The columns that are encrypted with SECRET_KEY, how the key is derived, and how it is changed.

use sea_orm::FromQueryResult;
use secrecy::SecretString;

use crate::origin::server_of;
use crate::sql::{self, values};
use crate::vault::{Cost, Derivation, Purpose, Vault};
use crate::{Access, AccountId, Error, Result, Store, Transaction, UserId};

/// A column that is encrypted. A change of the key encrypts all of them anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealedColumn {
    /// The passwords of accounts on calendar servers.
    AccountPassword,
    /// The keys of second factors.
    SecondFactorKey,
}

/// An encrypted value.
#[derive(FromQueryResult)]
struct Sealed {
    /// What its row is known by.
    id: i64,
    /// What it is bound to beside its row: an account's address.
    bound_to: String,
    sealed: Vec<u8>,
}

/// A secret that cannot be decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where it is.
    pub column: SealedColumn,
    /// The account, or the user.
    pub id: i64,
}

/// What a change of the key comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// The number of secrets that are encrypted with the new key.
    Done(usize),
    /// These cannot be decrypted with the present key, and nothing was changed.
    Unreadable(Vec<Unreadable>),
}

impl SealedColumn {
    /// All of them.
    pub const ALL: [SealedColumn; 2] =
        [SealedColumn::AccountPassword, SealedColumn::SecondFactorKey];

    /// Its table and its name.
    pub fn column(self) -> (&'static str, &'static str) {
        match self {
            SealedColumn::AccountPassword => ("accounts", "password"),
            SealedColumn::SecondFactorKey => ("second_factors", "app_key"),
        }
    }

    /// The column that a row is known by, and the one that its secret is bound to beside it.
    fn row(self) -> (&'static str, &'static str) {
        match self {
            SealedColumn::AccountPassword => ("id", "url"),
            SealedColumn::SecondFactorKey => ("user_id", "CAST('' AS TEXT)"),
        }
    }

    async fn all(self, access: &impl Access) -> Result<Vec<Sealed>> {
        let ((table, column), (id, bound_to)) = (self.column(), self.row());
        let sql = format!(
            "SELECT {id} AS id, {bound_to} AS bound_to, {column} AS sealed FROM {table} \
             WHERE {column} IS NOT NULL ORDER BY {id}"
        );
        sql::all(access, &sql, Vec::new()).await
    }

    /// Works on a secret with what it is for.
    fn with_purpose<T>(self, sealed: &Sealed, work: impl FnOnce(Purpose<'_>) -> T) -> T {
        match self {
            SealedColumn::AccountPassword => {
                let server = server_of(&sealed.bound_to);
                let account = AccountId(sealed.id);
                work(Purpose::AccountPassword { account, server: &server })
            }
            SealedColumn::SecondFactorKey => work(Purpose::SecondFactor(UserId(sealed.id))),
        }
    }

    fn open(self, vault: &Vault, sealed: &Sealed) -> Result<SecretString> {
        self.with_purpose(sealed, |purpose| vault.open(purpose, &sealed.sealed))
    }
}

#[derive(FromQueryResult)]
struct DerivationRow {
    salt: Vec<u8>,
    memory_kib: i64,
    passes: i64,
}

/// How the key is derived; `None` before it was first needed.
///
/// # Errors
///
/// When the database fails, or holds what cannot be.
pub async fn derivation(access: &impl Access) -> Result<Option<Derivation>> {
    let sql = "SELECT salt, memory_kib, passes FROM key_derivation WHERE id = 1";
    let Some(row) = sql::one::<DerivationRow>(access, sql, Vec::new()).await? else {
        return Ok(None);
    };
    let number = |number: i64| {
        let damaged = |_| Error::Damaged(format!("a derivation of the key with {number}"));
        u32::try_from(number).map_err(damaged)
    };
    let cost = Cost { memory_kib: number(row.memory_kib)?, passes: number(row.passes)? };
    Ok(Some(Derivation { salt: row.salt, cost }))
}

/// The vault of a database, with a key derived from SECRET_KEY. A database that has none yet gets a salt of
/// its own; `cost` is what that derivation costs.
///
/// # Errors
///
/// When the database fails, or holds what cannot be.
pub async fn vault(store: &Store, secret: &SecretString, cost: Cost) -> Result<Vault> {
    let of_database = match derivation(store).await? {
        Some(derivation) => derivation,
        None => {
            let vault = derive(secret, Derivation::new(cost)).await?;
            let Derivation { salt, cost } = vault.derivation().clone();
            let transaction = store.begin().await?;
            // Another process may have been quicker.
            let sql = "INSERT INTO key_derivation (id, salt, memory_kib, passes, proof) \
                       VALUES (1, $1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
            let (memory_kib, passes) = (i64::from(cost.memory_kib), i64::from(cost.passes));
            let values = values![salt, memory_kib, passes, vault.proof()?];
            let is_first = sql::run(&transaction, sql, values).await? > 0;
            transaction.commit().await?;
            if is_first {
                return Ok(vault);
            }
            let made = derivation(store).await?;
            made.ok_or_else(|| Error::Damaged("no derivation of the key".to_owned()))?
        }
    };
    derive(secret, of_database).await
}

/// Derives a key on a thread on which it may take its time.
async fn derive(secret: &SecretString, derivation: Derivation) -> Result<Vault> {
    if derivation.cost.is_trivial() {
        return Vault::derive(secret, &derivation);
    }
    let secret = secret.clone();
    let deriving = tokio::task::spawn_blocking(move || Vault::derive(&secret, &derivation)).await;
    deriving.map_err(|error| Error::Damaged(format!("no key could be derived: {error}")))?
}

/// Whether the key of a vault is the one that the secrets of the database are encrypted with. Where there
/// are none, any key is.
///
/// # Errors
///
/// When the database fails.
pub async fn is_key_of(access: &impl Access, vault: &Vault) -> Result<bool> {
    Ok(is_proven(access, vault).await? || count(access).await? == 0)
}

/// Whether the database's proof was made with the key of a vault.
async fn is_proven(access: &impl Access, vault: &Vault) -> Result<bool> {
    let sql = "SELECT proof FROM key_derivation WHERE id = 1";
    let proof = sql::value::<Vec<u8>>(access, sql, Vec::new()).await?;
    Ok(proof.is_some_and(|proof| vault.is_proven_by(&proof)))
}

/// The number of encrypted secrets.
///
/// # Errors
///
/// When the database fails.
pub async fn count(access: &impl Access) -> Result<i64> {
    let mut count = 0;
    for column in SealedColumn::ALL {
        let (table, column) = column.column();
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} IS NOT NULL");
        count += sql::value::<i64>(access, &sql, Vec::new()).await?.unwrap_or_default();
    }
    Ok(count)
}

/// Encrypts a secret for a row that the transaction writes. From here to its end, the key cannot be changed.
pub(crate) async fn seal(
    transaction: &Transaction,
    vault: &Vault,
    purpose: Purpose<'_>,
    secret: &SecretString,
) -> Result<Vec<u8>> {
    let sql = "UPDATE key_derivation SET salt = salt WHERE id = 1 AND salt = $1";
    if sql::run(transaction, sql, values![vault.derivation().salt.clone()]).await? == 0 {
        return Err(Error::KeyChanged);
    }
    if !is_proven(transaction, vault).await? {
        if count(transaction).await? > 0 {
            return Err(Error::WrongKey);
        }
        // The first secret decides, not the process that was the first to have a key, perhaps a mistyped one.
        let sql = "UPDATE key_derivation SET proof = $1 WHERE id = 1";
        sql::run(transaction, sql, values![vault.proof()?]).await?;
    }
    vault.seal(purpose, secret)
}

/// Decrypts a secret that was read from a row.
pub(crate) async fn open(
    access: &impl Access,
    vault: &Vault,
    purpose: Purpose<'_>,
    sealed: &[u8],
) -> Result<SecretString> {
    match vault.open(purpose, sealed) {
        Err(Error::Secret) => {
            let derivation = derivation(access).await?;
            if derivation.is_some_and(|it| it.salt != vault.derivation().salt) {
                return Err(Error::KeyChanged);
            }
            Err(if is_key_of(access, vault).await? { Error::Secret } else { Error::WrongKey })
        }
        opened => opened,
    }
}

/// The number of encrypted secrets, and those of them that cannot be decrypted.
///
/// # Errors
///
/// When the database fails.
pub async fn check(access: &impl Access, vault: &Vault) -> Result<(usize, Vec<Unreadable>)> {
    let (mut count, mut unreadable) = (0, Vec::new());
    for column in SealedColumn::ALL {
        for sealed in column.all(access).await? {
            count += 1;
            if column.open(vault, &sealed).is_err() {
                unreadable.push(Unreadable { column, id: sealed.id });
            }
        }
    }
    Ok((count, unreadable))
}

/// A vault with another key and a new salt, for [`rotate`].
///
/// # Errors
///
/// [`Error::Damaged`] if the cost is beyond its bounds.
pub async fn next_vault(secret: &SecretString, cost: Cost) -> Result<Vault> {
    derive(secret, Derivation::new(cost)).await
}

/// Encrypts all secrets with the key of the next vault. From the commit on, processes with the present key can
/// neither decrypt nor encrypt any. Unless it is [`Rotated::Done`], the transaction has to be rolled back.
///
/// # Errors
///
/// [`Error::KeyChanged`] if another process has changed the key meanwhile; else when the database fails.
pub async fn rotate(transaction: &Transaction, present: &Vault, next: &Vault) -> Result<Rotated> {
    let Derivation { salt, cost } = next.derivation();
    let sql = "UPDATE key_derivation SET salt = $2, memory_kib = $3, passes = $4, proof = $5 \
               WHERE id = 1 AND salt = $1";
    let (memory_kib, passes) = (i64::from(cost.memory_kib), i64::from(cost.passes));
    let former = present.derivation().salt.clone();
    let values = values![former, salt.clone(), memory_kib, passes, next.proof()?];
    if sql::run(transaction, sql, values).await? == 0 {
        return Err(Error::KeyChanged);
    }
    let (mut count, mut unreadable) = (0, Vec::new());
    for column in SealedColumn::ALL {
        let ((table, name), (id, _)) = (column.column(), column.row());
        let sql = format!("UPDATE {table} SET {name} = $2 WHERE {id} = $1");
        for sealed in column.all(transaction).await? {
            let Ok(secret) = column.open(present, &sealed) else {
                unreadable.push(Unreadable { column, id: sealed.id });
                continue;
            };
            let again = column.with_purpose(&sealed, |purpose| next.seal(purpose, &secret))?;
            sql::run(transaction, &sql, values![sealed.id, again]).await?;
            count += 1;
        }
    }
    match unreadable.is_empty() {
        true => Ok(Rotated::Done(count)),
        false => Ok(Rotated::Unreadable(unreadable)),
    }
}
