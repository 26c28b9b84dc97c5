//! SECRET_KEY: whether it decrypts what is stored, and its rotation.

use facts::audit::{Action, Entry};
use secrecy::SecretString;
use store::audit::Actor;
use store::sealed::{self, Rotated, Unreadable};
use store::vault::Cost;

use crate::{Result, Service};

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

impl Service {
    /// Tries SECRET_KEY on everything that is stored encrypted.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Internal`] if there is no SECRET_KEY; else when the database fails.
    pub async fn check_secret_key(&self) -> Result<CheckedKey> {
        let vault = self.vault().await?;
        let (secrets, unreadable) = sealed::check(&self.store, vault).await?;
        Ok(CheckedKey { cost: vault.derivation().cost, secrets, unreadable })
    }

    /// Encrypts everything with another SECRET_KEY, in one transaction. This service, and every other process
    /// with the present key, can decrypt nothing from then on. Nothing is changed if there is a secret that the
    /// present key does not decrypt.
    ///
    /// # Errors
    ///
    /// [`store::Error::KeyChanged`] if another process has changed the key meanwhile; else when the database
    /// fails.
    pub async fn rotate_secret_key(&self, actor: &Actor, next: &SecretString) -> Result<Rotated> {
        let present = self.vault().await?;
        let next = sealed::next_vault(next, self.servers.cost()).await?;
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
