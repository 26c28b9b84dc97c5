//! What the site does to users and keys beside making them.

use store::audit::Actor;
use store::users::{self, User};
use store::{KeyId, UserId, keys};

use crate::administration::check_address;
use crate::audit_trail::{Action, Entry, differences, values_of_user};
use crate::{Error, Result, Sentence, Service};

impl Service {
    /// The user of that number.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn user_of_number(&self, id: UserId) -> Result<User> {
        let user = users::by_id(&self.store, id).await?;
        user.ok_or_else(|| Error::NotFound(Sentence::NoUser.into()))
    }

    /// Writes a user's address, and whether the user is an administrator and active.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an address that is none; [`Error::NotFound`] if the user is not there any
    /// more; [`Error::Conflict`] if no active administrator would be left, or, with
    /// [`Sentence::SavedMeanwhile`], if another version of the user ([`User::version`]) is there.
    pub async fn update_user(&self, actor: &Actor, user: &User) -> Result<()> {
        if let Some(Err(reason)) = user.address.as_deref().map(check_address) {
            return Err(Error::invalid("address", reason));
        }
        let transaction = self.store.begin().await?;
        let before = users::by_id(&transaction, user.id).await?;
        let before = before.ok_or_else(|| Error::NotFound(Sentence::NoUser.into()))?;
        let changed = differences(values_of_user(&before), values_of_user(user));
        if changed.is_empty() {
            return Ok(());
        }
        if !users::update(&transaction, user).await? {
            return Err(Error::Conflict(Sentence::SavedMeanwhile.into()));
        }
        let all = users::all(&transaction).await?;
        if !all.iter().any(|it| it.is_administrator && it.is_active) {
            return Err(Error::Conflict(Sentence::LastAdministrator.into()));
        }
        let entry = Entry::new(Action::UserChanged, &user.name).with_all(changed);
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends a key of a user for good.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the user has no such key, or it is revoked already.
    pub async fn revoke_own_key(&self, actor: &Actor, user: UserId, id: KeyId) -> Result<()> {
        let key = keys::by_id(&self.store, id).await?.filter(|key| key.user_id == user);
        key.ok_or_else(|| Error::NotFound(Sentence::no_key(id)))?;
        self.revoke_key(actor, id).await
    }
}
