//! Users.

use facts::audit::{Action, Entry, Field, differences};
use secrecy::SecretString;
use store::UserId;
use store::audit::Actor;
use store::links::{self, Purpose};
use store::users::{self, NewUser, User};

use super::password_rules::check_password;
use super::passwords::hashed;
use crate::audit::{role, values_of_user};
use crate::names::{check_address, check_name, taken};
use crate::{Error, FieldError, MessageId, People, Result};

/// How long the link of a new installation is good for, in seconds.
const FIRST_LINK_SECONDS: i64 = 3_600;

impl People {
    /// Makes a user.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for values out of bounds, or a name that is taken.
    pub async fn add_user(
        &self,
        actor: &Actor,
        user: &NewUser<'_>,
        password: Option<&SecretString>,
    ) -> Result<UserId> {
        let user = &NewUser {
            name: user.name.trim(),
            address: user.address.map(str::trim).filter(|it| !it.is_empty()),
            ..*user
        };
        let mut errors = Vec::new();
        errors.extend(check_name("name", user.name).err());
        if let Some(Err(reason)) = user.address.map(check_address) {
            errors.push(FieldError::new("address", reason));
        }
        let check = |it| check_password(it, user.name, user.address).err();
        errors.extend(password.and_then(check));
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let hash = match password {
            Some(password) => Some(hashed(password).await?),
            None => None,
        };
        let transaction = self.store.begin().await?;
        let inserted = users::insert(&transaction, user, self.now().0).await;
        let id = inserted.map_err(|error| taken(error, "name", MessageId::UserNameTaken))?;
        if let Some(hash) = hash {
            users::set_password(&transaction, id, &hash, self.now().0).await?;
        }
        let entry = Entry::new(Action::UserAdded, user.name);
        let entry = entry.with(Field::Role, role(user.is_administrator));
        self.note(&transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Sets a user's password, and ends the user's sessions.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user; [`Error::Invalid`] if the password is too short.
    pub async fn set_password(
        &self,
        actor: &Actor,
        name: &str,
        password: &SecretString,
    ) -> Result<()> {
        let user = self.user(name).await?;
        let checked = check_password(password, &user.name, user.address.as_deref());
        checked.map_err(|error| Error::Invalid(vec![error]))?;
        let hash = hashed(password).await?;
        let transaction = self.store.begin().await?;
        users::set_password(&transaction, user.id, &hash, self.now().0).await?;
        self.note(&transaction, actor, Entry::new(Action::PasswordSet, &user.name)).await?;
        Ok(transaction.commit().await?)
    }

    /// Makes a user active or not.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user; [`Error::Conflict`] if somebody else changes the user at
    /// the same time.
    pub async fn set_active(&self, actor: &Actor, name: &str, is_active: bool) -> Result<()> {
        let user = User { is_active, ..self.user(name).await? };
        let transaction = self.store.begin().await?;
        if !users::update(&transaction, &user, self.now().0).await? {
            return Err(Error::Conflict(MessageId::SavedMeanwhile.into()));
        }
        let action = if is_active { Action::UserActivated } else { Action::UserDeactivated };
        self.note(&transaction, actor, Entry::new(action, &user.name)).await?;
        Ok(transaction.commit().await?)
    }

    /// The user of that name.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn user(&self, name: &str) -> Result<User> {
        let user = users::by_name(&self.store, name).await?;
        user.ok_or_else(|| Error::NotFound(MessageId::no_user_named(name)))
    }

    /// The user of that number.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn user_of_number(&self, id: UserId) -> Result<User> {
        let user = users::by_id(&self.store, id).await?;
        user.ok_or_else(|| Error::NotFound(MessageId::NoUser.into()))
    }

    /// Writes a user's address, and whether the user is an administrator and active.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an address that is none; [`Error::NotFound`] if the user is not there any
    /// more; [`Error::Conflict`] if no active administrator would be left, or, with
    /// [`MessageId::SavedMeanwhile`], if another version of the user ([`User::version`]) is there.
    pub async fn update_user(&self, actor: &Actor, user: &User) -> Result<()> {
        if let Some(Err(reason)) = user.address.as_deref().map(check_address) {
            return Err(Error::invalid("address", reason));
        }
        let transaction = self.store.begin().await?;
        let before = users::by_id(&transaction, user.id).await?;
        let before = before.ok_or_else(|| Error::NotFound(MessageId::NoUser.into()))?;
        let changed = differences(values_of_user(&before), values_of_user(user));
        if changed.is_empty() {
            return Ok(());
        }
        if !users::update(&transaction, user, self.now().0).await? {
            return Err(Error::Conflict(MessageId::SavedMeanwhile.into()));
        }
        let all = users::all(&transaction).await?;
        if !all.iter().any(|it| it.is_administrator && it.is_active) {
            return Err(Error::Conflict(MessageId::LastAdministrator.into()));
        }
        let entry = Entry::new(Action::UserChanged, &user.name).with_all(changed);
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// While no user exists: the text of a link, good for an hour, by which the first administrator is
    /// made.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn first_administrator_link(&self) -> Result<Option<String>> {
        if users::is_there_any(&self.store).await? {
            return Ok(None);
        }
        let transaction = self.store.begin().await?;
        let expires_at = self.now().0 + FIRST_LINK_SECONDS;
        let link =
            links::insert(&transaction, Purpose::FirstAdministrator, None, expires_at).await?;
        transaction.commit().await?;
        Ok(Some(link))
    }
}
