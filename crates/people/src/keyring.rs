//! What stored secrets are encrypted with; whether SECRET_KEY decrypts them, and its rotation.

use std::fmt;
use std::sync::Arc;

use facts::audit::{Action, Entry};
use secrecy::SecretString;
use store::Store;
use store::audit::Actor;
use store::sealed::{self, Rotated, Unreadable};
use store::vault::{Cost, Vault};
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
        let (secrets, unreadable) = sealed::check(&self.store, vault).await?;
        Ok(CheckedKey { cost: vault.derivation().cost, secrets, unreadable })
    }

    /// Encrypts everything with another SECRET_KEY, in one transaction. This process, and every other process
    /// with the present key, can decrypt nothing from then on. Nothing is changed if there is a secret that the
    /// present key does not decrypt.
    ///
    /// # Errors
    ///
    /// [`store::Error::KeyChanged`] if another process has changed the key meanwhile; else when the database
    /// fails.
    pub async fn rotate_secret_key(&self, actor: &Actor, next: &SecretString) -> Result<Rotated> {
        let present = self.keyring.vault(&self.store).await?;
        let next = sealed::next_vault(next, self.keyring.inner.cost).await?;
        let transaction = self.store.begin().await?;
        let rotated = sealed::rotate(&transaction, present, &next).await?;
        if matches!(rotated, Rotated::Done(_)) {
            let entry = Entry::new(Action::SecretKeyChanged, "SECRET_KEY");
            self.note(&transaction, actor, entry).await?;
            transaction.commit().await?;
        }
        Ok(rotated)
    }
}
