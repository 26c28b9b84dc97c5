//! The link of a new installation, by which the first administrator is made.

use facts::audit::{Action, AuditWord, Entry, FactValue, Field};
use secrecy::SecretString;
use store::audit::Actor;
use store::links::{self, Purpose};
use store::users::{self, NewUser};

use super::password_rules::check_password;
use super::passwords::hashed;
use super::sessions::{Browser, no_link};
use crate::names::{check_address, check_name, taken};
use crate::{Error, FieldError, MessageId, People, Result};

impl People {
    /// Whether a link is the one of a new installation, and still good.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn is_first_link(&self, link: &str) -> Result<bool> {
        let now = self.now().0;
        let found = links::find(&self.store, Purpose::FirstAdministrator, link, now).await?;
        Ok(found.is_some() && !users::can_an_administrator_sign_in(&self.store, &self.ways).await?)
    }

    /// Makes the first administrator by the link of a new installation, which is used up, and begins a
    /// session. An administrator of that name who has no password yet gets this one.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the link is not good (any more), or somebody can sign in as an administrator;
    /// [`Error::Invalid`] for values out of bounds, or the name of another user.
    pub async fn make_first_administrator(
        &self,
        link: &str,
        name: &str,
        address: Option<&str>,
        password: &SecretString,
        browser: &Browser,
    ) -> Result<String> {
        if !self.is_first_link(link).await? {
            return Err(no_link());
        }
        let (name, address) = (name.trim(), address.map(str::trim).filter(|it| !it.is_empty()));
        let mut errors = Vec::new();
        errors.extend(check_name("name", name).err());
        if let Some(Err(reason)) = address.map(check_address) {
            errors.push(FieldError::new("address", reason));
        }
        errors.extend(check_password(password, name, address).err());
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let hash = hashed(password).await?;
        let now = self.now().0;
        let transaction = self.store.begin().await?;
        let used = links::use_up(&transaction, Purpose::FirstAdministrator, link, now).await?;
        if used.is_none() || users::can_an_administrator_sign_in(&transaction, &self.ways).await? {
            return Err(no_link());
        }
        let waiting = users::by_name(&transaction, name).await?;
        let id = match waiting.filter(|it| it.is_administrator && it.is_active) {
            Some(waiting) => waiting.id,
            None => {
                let new = NewUser { name, address, is_administrator: true };
                let id = users::insert(&transaction, &new, now).await;
                id.map_err(|error| taken(error, "name", MessageId::UserNameTaken))?
            }
        };
        users::set_password(&transaction, id, &hash, now).await?;
        let actor = Actor { user: Some(id), name: name.to_lowercase() };
        let entry = Entry::new(Action::UserAdded, &actor.name)
            .with(Field::Role, FactValue::Word(AuditWord::FirstAdministrator));
        self.note(&transaction, &actor, entry).await?;
        let token = self.insert_session(&transaction, (id, None), browser, false).await?;
        transaction.commit().await?;
        self.note_signed_in(id, None, browser).await?;
        Ok(token)
    }
}
