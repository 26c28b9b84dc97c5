//! What only Nextcloud has.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::{Account, Error, Result};

/// Who created an event, by Nextcloud's Activity app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The user's id.
    pub id: String,
    /// The user's mail address, where the server tells it.
    pub address: Option<String>,
    /// The user's display name.
    pub name: String,
}

impl Account {
    /// Asks Nextcloud's Activity app who created these events, by their UIDs. Those that it does not
    /// know, or no longer, are left out.
    ///
    /// `collection` is the calendar's address; this account must be its owner.
    ///
    /// # Errors
    ///
    /// Any of [`Error`] that a request can come to; a server without that app is none.
    pub async fn authors(
        &self,
        _collection: &Url,
        _uids: &HashSet<String>,
    ) -> Result<HashMap<String, Author>> {
        Err(Error::BadAnswer("not built".to_owned()))
    }
}
