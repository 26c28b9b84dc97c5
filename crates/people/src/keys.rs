//! API keys.

use facts::audit::{Action, Entry, FactValue, Field};
use store::audit::Actor;
use store::keys::{self, NewKey, Rights};
use store::{CalendarId, KeyId, UserId, calendars, users};

use crate::audit::rights as granted;
use crate::names::check_name;
use crate::{Error, MessageId, People, Result};

impl People {
    /// Makes an API key; the text is shown once.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for values out of bounds; [`Error::NotFound`] for a user or a calendar that is
    /// not there.
    pub async fn add_key(
        &self,
        actor: &Actor,
        user: &str,
        name: &str,
        rights: Rights,
        slugs: Option<&[String]>,
        expires_at: Option<i64>,
    ) -> Result<(KeyId, String)> {
        check_name("name", name).map_err(|error| Error::Invalid(vec![error]))?;
        if rights == Rights::default() {
            return Err(Error::invalid("rights", MessageId::RightsMissing));
        }
        let now = self.now().0;
        if expires_at.is_some_and(|expires| expires <= now) {
            return Err(Error::invalid("expiry", MessageId::ExpiryPast));
        }
        let user = self.user(user).await?;
        let mut ids: Option<Vec<CalendarId>> = None;
        for slug in slugs.unwrap_or_default() {
            let calendar = calendars::by_slug(&self.store, slug).await?;
            let unknown = || Error::NotFound(MessageId::no_calendar(slug));
            ids.get_or_insert_default().push(calendar.ok_or_else(unknown)?.id);
        }
        let transaction = self.store.begin().await?;
        let calendars = ids.as_deref();
        let new = NewKey { user: user.id, name, rights, calendars, expires_at };
        let (id, text) = keys::insert(&transaction, &new, now).await?;
        let entry = Entry::new(Action::KeyAdded, name)
            .with(Field::User, FactValue::text(&user.name))
            .with(Field::Rights, granted(rights))
            .with(Field::Calendars, slugs.map_or(FactValue::NotSet, FactValue::texts))
            .with(Field::Expiry, FactValue::moment(expires_at));
        self.note(&transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok((id, text))
    }

    /// Ends a key for good.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such key, or it is revoked already.
    pub async fn revoke_key(&self, actor: &Actor, id: KeyId) -> Result<()> {
        let nothing = || Error::NotFound(MessageId::no_key(id));
        let transaction = self.store.begin().await?;
        let key = keys::by_id(&transaction, id).await?.ok_or_else(nothing)?;
        if !keys::revoke(&transaction, id, self.now().0).await? {
            return Err(nothing());
        }
        let user = users::by_id(&transaction, key.user_id).await?.map(|it| it.name);
        let entry = Entry::new(Action::KeyRevoked, &key.name)
            .with(Field::User, FactValue::optional(user.as_deref()))
            .with(Field::Prefix, FactValue::text(key.prefix));
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Lets a key work again that was suspended when its user was deactivated.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such key, or it is not suspended; [`Error::Conflict`] if its user
    /// is deactivated.
    pub async fn renew_key(&self, actor: &Actor, id: KeyId) -> Result<()> {
        let nothing = || Error::NotFound(MessageId::no_suspended_key(id));
        let transaction = self.store.begin().await?;
        let key = keys::by_id(&transaction, id).await?.ok_or_else(nothing)?;
        if !users::lock_active(&transaction, key.user_id).await? {
            return Err(Error::Conflict(MessageId::KeyUserNotActive.into()));
        }
        if !keys::renew(&transaction, id).await? {
            return Err(nothing());
        }
        let user = users::by_id(&transaction, key.user_id).await?.map(|it| it.name);
        let entry = Entry::new(Action::KeyRenewed, &key.name)
            .with(Field::User, FactValue::optional(user.as_deref()))
            .with(Field::Prefix, FactValue::text(key.prefix));
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
        key.ok_or_else(|| Error::NotFound(MessageId::no_key(id)))?;
        self.revoke_key(actor, id).await
    }
}
