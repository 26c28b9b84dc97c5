//! Who asks, and what that one may.

use std::sync::Arc;

use answers::Reader;
use store::calendars::{self, Calendar};
use store::history::{Starter, Way};
use store::keys::{self, Rights};
use store::{KeyId, UserId, users};
use tokio::sync::OnceCell;

use crate::{Error, People, Result};

/// A user that asks by an API key.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user.
    pub user: UserId,
    /// The user's name.
    pub name: String,
    /// The user's mail address.
    pub address: Option<String>,
    /// Whether the user is an administrator.
    pub is_administrator: bool,
    /// The key.
    pub key: Option<KeyId>,
    /// What the key may do.
    pub rights: Rights,
    /// From when on the key is no longer valid.
    pub expires_at: Option<i64>,
    /// The calendars that are within reach, by slug.
    pub calendars: Arc<[Calendar]>,
    /// The API's list of these calendars, once it was asked for: programs ask for it often.
    pub listed: Arc<OnceCell<Vec<u8>>>,
}

impl Caller {
    /// Who asks, as the history keeps it: a program by a key, or a person on the site.
    pub fn starter(&self) -> Starter {
        let by = if self.key.is_some() { Way::Api } else { Way::Site };
        Starter { user: Some(self.user), key: self.key, ..Starter::of(by) }
    }

    /// What the caller may see of events.
    pub fn reader(&self) -> Reader {
        let address = self.address.as_deref();
        Reader::of_key(self.user, address, self.rights.read, self.is_administrator)
    }

    /// The calendar of that slug.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none, or none that the caller reaches: the same answer, so that
    /// nobody learns which calendars there are.
    pub fn calendar(&self, slug: &str) -> Result<&Calendar> {
        let found = self.calendars.iter().find(|calendar| calendar.slug == slug);
        found.ok_or_else(|| Error::no_calendar(slug))
    }
}

impl People {
    /// Whose API key it is, if it is valid and its user is active.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn caller_of_key(&self, text: &str) -> Result<Option<Caller>> {
        let now = self.now().0;
        let Some(key) = keys::by_text(&self.store, text).await?.filter(|key| key.is_valid_at(now))
        else {
            return Ok(None);
        };
        let Some(user) = users::by_id(&self.store, key.user_id).await?.filter(|it| it.is_active)
        else {
            return Ok(None);
        };
        let mut calendars = calendars::of_user(&self.store, user.id).await?;
        if key.is_limited {
            let limit = keys::calendars(&self.store, key.id).await?;
            calendars.retain(|calendar| limit.contains(&calendar.id));
        }
        Ok(Some(Caller {
            user: user.id,
            name: user.name,
            address: user.address,
            is_administrator: user.is_administrator,
            key: Some(key.id),
            rights: key.rights(),
            expires_at: key.expires_at,
            calendars: calendars.into(),
            listed: Arc::default(),
        }))
    }
}
