//! Users.

use facts::audit::{Action, Entry, Field, differences};
use secrecy::SecretString;
use store::audit::Actor;
use store::links::{self, Purpose};
use store::users::{self, Belongings, NewUser, User};
use store::{Transaction, UserId};

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
    /// the same time, or no active administrator would be left.
    pub async fn set_active(&self, actor: &Actor, name: &str, is_active: bool) -> Result<()> {
        let present = self.user(name).await?;
        let takes_one = present.is_administrator && present.is_active && !is_active;
        let user = User { is_active, ..present };
        let transaction = self.store.begin().await?;
        users::lock_administrators(&transaction).await?;
        if !users::update(&transaction, &user, self.now().0).await? {
            return Err(Error::Conflict(MessageId::SavedMeanwhile.into()));
        }
        if takes_one {
            keep_an_administrator(&transaction).await?;
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
        users::lock_administrators(&transaction).await?;
        if !users::update(&transaction, user, self.now().0).await? {
            return Err(Error::Conflict(MessageId::SavedMeanwhile.into()));
        }
        keep_an_administrator(&transaction).await?;
        let entry = Entry::new(Action::UserChanged, &user.name).with_all(changed);
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// What goes with a user who is removed.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn user_belongings(&self, id: UserId) -> Result<Belongings> {
        Ok(users::belongings(&self.store, id).await?)
    }

    /// Removes a user: sessions and links end, keys are revoked, and the name is free for somebody else. The user's
    /// bookings stay, without an address; the history goes on to name the user for the retention time.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user (any more); [`Error::Conflict`] if no active administrator would
    /// be left, or somebody else changes the user at the same time.
    pub async fn remove_user(&self, actor: &Actor, id: UserId) -> Result<()> {
        let transaction = self.store.begin().await?;
        users::lock_administrators(&transaction).await?;
        let user = users::by_id(&transaction, id).await?;
        let user = user.ok_or_else(|| Error::NotFound(MessageId::NoUser.into()))?;
        if !users::remove(&transaction, &user, self.now().0).await? {
            return Err(Error::Conflict(MessageId::SavedMeanwhile.into()));
        }
        if user.is_administrator && user.is_active {
            keep_an_administrator(&transaction).await?;
        }
        let entry = Entry::new(Action::UserRemoved, &user.name)
            .with(Field::Role, role(user.is_administrator));
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// While nobody can sign in as an administrator: the text of a link, good for an hour, by which the first
    /// administrator is made.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn first_administrator_link(&self) -> Result<Option<String>> {
        if users::can_an_administrator_sign_in(&self.store, &self.ways).await? {
            return Ok(None);
        }
        let transaction = self.store.begin().await?;
        let expires_at = self.now().0 + FIRST_LINK_SECONDS;
        let link =
            links::insert(&transaction, Purpose::FirstAdministrator, None, expires_at).await?;
        transaction.commit().await?;
        Ok(Some(link))
    }

    /// Whether somebody can sign in as an administrator.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn can_an_administrator_sign_in(&self) -> Result<bool> {
        Ok(users::can_an_administrator_sign_in(&self.store, &self.ways).await?)
    }

    /// Whether nobody can sign in as an administrator, and no link to make one is good any more: then the next link is
    /// due.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn needs_first_link(&self) -> Result<bool> {
        Ok(!users::can_an_administrator_sign_in(&self.store, &self.ways).await?
            && !links::is_there(&self.store, Purpose::FirstAdministrator, self.now().0).await?)
    }
}

/// Fails if a transaction leaves no active administrator.
async fn keep_an_administrator(transaction: &Transaction) -> Result<()> {
    match users::is_there_an_administrator(transaction).await? {
        true => Ok(()),
        false => Err(Error::Conflict(MessageId::LastAdministrator.into())),
    }
}
