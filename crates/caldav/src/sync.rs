//! What has changed in a collection.

use crate::{Collection, ETag, Error, Href, Result};

/// What a small request tells of a collection: the same as before means that nothing has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// CalendarServer's `getctag`.
    pub ctag: Option<String>,
    /// RFC 6578 section 4.
    pub sync_token: Option<String>,
}

/// An object of a collection and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Where it lies.
    pub href: Href,
    /// Its version; `None` where the server does not tell: then it has to be read.
    pub etag: Option<ETag>,
}

/// What a sync-collection came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncAnswer {
    /// What has changed since the token, or everything where none was given.
    ///
    /// DAViCal, SOGo and RustiCal answer a token that they no longer know with all members, which
    /// cannot be seen in the answer, and do not list what vanished meanwhile: see
    /// [`Quirks::answers_invalid_tokens_with_everything`](crate::Quirks). Whoever keeps a mirror
    /// compares it with [`Collection::members`] from time to time.
    Changes {
        /// New and changed objects, each once. Members whose ETag is known already may be among them.
        changed: Vec<Member>,
        /// Hrefs that no longer are; some may never have been known here.
        vanished: Vec<Href>,
        /// What to ask with next time; `None` where the server gave none: ask without next time.
        token: Option<String>,
        /// There is more, and the server gave no token to go on from: list the members instead.
        is_truncated: bool,
        /// Hrefs left out because they are not of this collection.
        skipped: usize,
    },
    /// The token is not known any more: begin anew without one.
    InvalidToken,
    /// The server has no sync-collection for this collection: use [`Collection::members`].
    NotSupported,
}

impl Collection {
    /// Asks for the ctag and the sync-token only.
    ///
    /// # Errors
    ///
    /// Any of [`Error`] that a request can come to.
    pub async fn ctag(&self) -> Result<State> {
        Err(Error::BadAnswer("not built".to_owned()))
    }

    /// Asks what has changed since `since`, a token of an earlier answer (RFC 6578 section 3.2); with
    /// `None` for all members.
    ///
    /// Only versions are asked for, never contents: some servers leave these out.
    ///
    /// # Errors
    ///
    /// Any of [`Error`] that a request can come to; a token that the server does not know is none.
    pub async fn sync(&self, _since: Option<&str>) -> Result<SyncAnswer> {
        Err(Error::BadAnswer("not built".to_owned()))
    }

    /// Lists all members and their versions: the way where sync-collection is not offered.
    ///
    /// Hrefs that are not of this collection are left out, and logged.
    ///
    /// # Errors
    ///
    /// Any of [`Error`] that a request can come to.
    pub async fn members(&self) -> Result<Vec<Member>> {
        Err(Error::BadAnswer("not built".to_owned()))
    }
}
