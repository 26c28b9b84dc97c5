//! What stored secrets are encrypted with; whether SECRET_KEY decrypts them, and its rotation.

use std::fmt;
use std::sync::Arc;

use facts::audit::{Action, Entry};
use secrecy::SecretString;
use store::audit::Actor;
use store::sealed::{self, Rotated, SealedColumn, Unreadable};
use store::vault::{Cost, Vault};
use store::{AccountId, Store, Transaction, UserId, accounts, second_factors, users};
use tokio::sync::OnceCell;

use crate::{Error, People, Result};

/// Where SECRET_KEY comes from; it is asked for when it is first needed.
pub type Secret = Arc<dyn Fn() -> std::result::Result<SecretString, String> + Send + Sync>;

/// What stored secrets are encrypted with. Cheap to clone; the key is derived once.
#[derive(Clone, Default)]
pub struct Keyring {
    inner: Arc<Inner>,
}

struct Inner {
    secret: Secret,
    cost: Cost,
    vault: OnceCell<Vault>,
}

impl Default for Inner {
    /// No SECRET_KEY.
    fn default() -> Inner {
        Inner { secret: no_secret(), cost: Cost::DEFAULT, vault: OnceCell::new() }
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keyring").finish_non_exhaustive()
    }
}

/// No SECRET_KEY: an error whenever it is asked for.
pub fn no_secret() -> Secret {
    Arc::new(|| Err("no SECRET_KEY was given to read stored passwords with".to_owned()))
}

impl Keyring {
    /// That of a SECRET_KEY; deriving a key from it costs `cost` in a database that has no derivation yet.
    pub fn new(secret: Secret, cost: Cost) -> Keyring {
        Keyring { inner: Arc::new(Inner { secret, cost, vault: OnceCell::new() }) }
    }

    /// What secrets of a database are encrypted with. The key is derived once, and not inside of a
    /// transaction: the database may get its salt here.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] if there is no SECRET_KEY; else when the database fails.
    pub async fn vault(&self, store: &Store) -> Result<&Vault> {
        let Inner { secret, cost, vault } = &*self.inner;
        let make = async || {
            let secret = secret().map_err(Error::Internal)?;
            Ok(sealed::vault(store, &secret, *cost).await?)
        };
        vault.get_or_try_init(make).await
    }
}

/// What SECRET_KEY is good for in this database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedKey {
    /// What a guess of it costs.
    pub cost: Cost,
    /// Whether it is the one that secrets are encrypted with here.
    pub is_right: bool,
    /// The number of secrets that are stored encrypted.
    pub secrets: usize,
    /// Those of them that it does not decrypt.
    pub unreadable: Vec<Unreadable>,
}

impl People {
    /// Tries SECRET_KEY on everything that is stored encrypted.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] if there is no SECRET_KEY; else when the database fails.
    pub async fn check_secret_key(&self) -> Result<CheckedKey> {
        let vault = self.keyring.vault(&self.store).await?;
        let is_right = sealed::is_key_of(&self.store, vault).await?;
        let (secrets, unreadable) = sealed::check(&self.store, vault).await?;
        Ok(CheckedKey { cost: vault.derivation().cost, is_right, secrets, unreadable })
    }

    /// Encrypts everything with another SECRET_KEY, in one transaction. This process, and every other process
    /// with the present key, can decrypt nothing from then on. What the present key does not decrypt is given
    /// up, if `gives_up` says so, and returned: the account is without a password, the user without a second
    /// factor. Otherwise nothing is changed where there is such a secret.
    ///
    /// # Errors
    ///
    /// [`store::Error::KeyChanged`] if another process has changed the key meanwhile; else when the database
    /// fails.
    pub async fn rotate_secret_key(
        &self,
        actor: &Actor,
        next: &SecretString,
        gives_up: bool,
    ) -> Result<(Rotated, Vec<Unreadable>)> {
        let present = self.keyring.vault(&self.store).await?;
        let next = sealed::next_vault(next, self.keyring.inner.cost).await?;
        let transaction = self.store.begin().await?;
        let lost = match gives_up {
            true => sealed::check(&transaction, present).await?.1,
            false => Vec::new(),
        };
        for it in &lost {
            self.give_up(&transaction, actor, it).await?;
        }
        let rotated = sealed::rotate(&transaction, present, &next).await?;
        if matches!(rotated, Rotated::Done(_)) {
            let entry = Entry::new(Action::SecretKeyChanged, "SECRET_KEY");
            self.note(&transaction, actor, entry).await?;
            transaction.commit().await?;
        }
        Ok((rotated, lost))
    }

    /// Gives up a secret that nobody can decrypt.
    async fn give_up(
        &self,
        transaction: &Transaction,
        actor: &Actor,
        lost: &Unreadable,
    ) -> Result<()> {
        match lost.column {
            SealedColumn::AccountPassword => {
                Ok(accounts::forget_password(transaction, AccountId(lost.id)).await?)
            }
            SealedColumn::SecondFactorKey => {
                second_factors::remove(transaction, UserId(lost.id)).await?;
                let user = users::by_id(transaction, UserId(lost.id)).await?;
                let name = user.map(|user| user.name).unwrap_or_default();
                let entry = Entry::new(Action::SecondFactorRemoved, &name);
                self.note(transaction, actor, entry).await
            }
        }
    }

    /// What secrets are encrypted with, if this process has the key for it.
    ///
    /// # Errors
    ///
    /// [`store::Error::WrongKey`] if SECRET_KEY is another one than the database's.
    pub(crate) async fn right_vault(&self) -> Result<&Vault> {
        let vault = self.keyring.vault(&self.store).await?;
        match sealed::is_key_of(&self.store, vault).await? {
            true => Ok(vault),
            false => Err(store::Error::WrongKey.into()),
        }
    }

    /// Whether secrets are stored encrypted, whatever the key.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn has_secrets(&self) -> Result<bool> {
        Ok(sealed::count(&self.store).await? > 0)
    }
}
