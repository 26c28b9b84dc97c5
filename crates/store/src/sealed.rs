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
            let Derivation { salt, cost } = Derivation::new(cost);
            let transaction = store.begin().await?;
            // Another process may have been quicker.
            let sql = "INSERT INTO key_derivation (id, salt, memory_kib, passes) \
                       VALUES (1, $1, $2, $3) ON CONFLICT (id) DO NOTHING";
            let values = values![salt, i64::from(cost.memory_kib), i64::from(cost.passes)];
            sql::run(&transaction, sql, values).await?;
            transaction.commit().await?;
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
            let is_current = derivation.is_none_or(|it| it.salt == vault.derivation().salt);
            Err(if is_current { Error::Secret } else { Error::KeyChanged })
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
    let sql = "UPDATE key_derivation SET salt = $2, memory_kib = $3, passes = $4 \
               WHERE id = 1 AND salt = $1";
    let (memory_kib, passes) = (i64::from(cost.memory_kib), i64::from(cost.passes));
    let values = values![present.derivation().salt.clone(), salt.clone(), memory_kib, passes];
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
