//! Changes of a collection, with checks on the server's list of changes.
//!
//! A sync-collection alone is not reliable: sabre/dav answers "no changes" to a sync-token from the
//! future, which a client has after a backup of the server was restored; some first answers list
//! only the collection itself; and a calendar in Nextcloud's trash bin still answers.

use crate::{Collection, Href, Member, Result, SyncAnswer, SyncState};

/// The changes of a collection; see [`Collection::changes`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Nothing has changed.
    Unchanged,
    /// Some objects have changed.
    Some {
        /// New and changed objects, each once. Objects that have not changed may be among them.
        changed: Vec<Member>,
        /// Hrefs that the server reports as deleted. Confirm those of known objects with
        /// [`Collection::etags`]: servers report deletions that did not happen.
        vanished: Vec<Href>,
        /// The state to pass next time.
        state: SyncState,
    },
    /// A complete list: nothing else exists.
    All {
        /// All members.
        members: Vec<Member>,
        /// The state to pass next time.
        state: SyncState,
        /// Why the server's list of changes was not used, if it sent one.
        doubt: Option<Doubt>,
    },
}

/// Why a list of changes was not used and everything was listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// The answer's sync-token is not the collection's own: the server may have been restored from a
    /// backup.
    ForeignToken,
    /// The answer lists nothing, although the collection's sync-token has changed.
    NothingListed,
    /// The first answer lists no member, but the collection has some.
    EmptyFirstAnswer,
}

impl Doubt {
    /// The text for logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Doubt::ForeignToken => "the sync-token of the answer is not the collection's own",
            Doubt::NothingListed => "the sync-token has changed, but the answer lists nothing",
            Doubt::EmptyFirstAnswer => {
                "the first answer lists nothing, but the collection has members"
            }
        }
    }
}

impl Collection {
    /// Returns the changes since `since`, the state of an earlier call; with an empty state, all
    /// members.
    ///
    /// If nothing has changed, this is one small request, a PROPFIND Depth 0. Otherwise a
    /// sync-collection follows (RFC 6578), whose sync-token is compared with the collection's own;
    /// if they differ, or the answer lists nothing, everything is listed (PROPFIND Depth 1). A
    /// server without sync-collection is asked for its ctag, and then for everything.
    ///
    /// If a server answers a sync-token that it has forgotten with a list of all members, as if
    /// these were changes, that cannot be detected here: the list contains known objects in known
    /// versions.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) where the collection is gone,
    /// [`Error::Trashed`](crate::Error::Trashed) where it lies in a trash bin, and any of
    /// [`Error`](crate::Error) that a request can come to.
    pub async fn changes(&self, since: &SyncState) -> Result<Changes> {
        // SOGo's token is a second. Until it is over, only the list of changes shows new changes,
        // with one request.
        let is_second = since.sync_token.is_some() && self.quirks().tokens_are_times;
        let now = if is_second { SyncState::default() } else { self.ctag().await? };
        if self.is_unchanged(since, &now) {
            return Ok(Changes::Unchanged);
        }
        let Some(token) = &since.sync_token else {
            return self.everything(since, now).await;
        };
        let (changed, vanished, new) = match self.sync(Some(token)).await? {
            SyncAnswer::Changes {
                changed,
                vanished,
                token: Some(new),
                is_truncated: false,
                ..
            } => (changed, vanished, new),
            _ => return self.everything(since, now).await,
        };
        let lists_nothing = changed.is_empty() && vanished.is_empty();
        let doubt = match self.is_own_token(&now, &new).await? {
            false => Some(Doubt::ForeignToken),
            true if lists_nothing && new != *token && !is_second => Some(Doubt::NothingListed),
            true => None,
        };
        match doubt {
            Some(doubt) => self.listed(now, Some(doubt)).await,
            None if lists_nothing => Ok(Changes::Unchanged),
            None => {
                let state = SyncState { ctag: None, sync_token: Some(new) };
                Ok(Changes::Some { changed, vanished, state })
            }
        }
    }

    /// Lists all members (PROPFIND Depth 1), with the state to go on from. Changes that happen
    /// meanwhile are seen the next time.
    ///
    /// # Errors
    ///
    /// As [`Collection::changes`].
    pub async fn all(&self) -> Result<Changes> {
        let now = self.ctag().await?;
        self.listed(now, None).await
    }

    /// Whether nothing has changed. If a sync-token is known, it alone decides: some servers change
    /// their ctag for other reasons.
    fn is_unchanged(&self, since: &SyncState, now: &SyncState) -> bool {
        match (&since.sync_token, &since.ctag) {
            (Some(token), _) => now.sync_token.as_ref() == Some(token),
            (None, Some(ctag)) => now.ctag.as_ref() == Some(ctag),
            (None, None) => false,
        }
    }

    /// Whether a token is the collection's own. Another client may have written since the
    /// collection was asked, so it is asked once more before the token is distrusted.
    async fn is_own_token(&self, now: &SyncState, token: &str) -> Result<bool> {
        if now.sync_token.is_none() || now.sync_token.as_deref() == Some(token) {
            return Ok(true);
        }
        Ok(self.ctag().await?.sync_token.as_deref() == Some(token))
    }

    /// Lists everything, by sync-collection if the server supports it.
    async fn everything(&self, since: &SyncState, now: SyncState) -> Result<Changes> {
        // If only a ctag is known, the server has no usable sync-collection.
        if since.sync_token.is_none() && since.ctag.is_some() {
            return self.listed_by_ctag(now).await;
        }
        match self.sync(None).await? {
            SyncAnswer::Changes { changed, token: Some(token), is_truncated: false, .. } => {
                let state = SyncState { ctag: None, sync_token: Some(token) };
                if !changed.is_empty() {
                    return Ok(Changes::All { members: changed, state, doubt: None });
                }
                let members = self.members().await?;
                let doubt = (!members.is_empty()).then_some(Doubt::EmptyFirstAnswer);
                Ok(Changes::All { members, state, doubt })
            }
            _ => self.listed_by_ctag(now).await,
        }
    }

    /// Lists everything by PROPFIND, and goes on from the collection's own sync-token.
    async fn listed(&self, now: SyncState, doubt: Option<Doubt>) -> Result<Changes> {
        let members = self.members().await?;
        let state = match now.sync_token {
            Some(token) => SyncState { ctag: None, sync_token: Some(token) },
            None => now,
        };
        Ok(Changes::All { members, state, doubt })
    }

    async fn listed_by_ctag(&self, now: SyncState) -> Result<Changes> {
        let now = if now == SyncState::default() { self.ctag().await? } else { now };
        let members = self.members().await?;
        let state = SyncState { sync_token: None, ..now };
        Ok(Changes::All { members, state, doubt: None })
    }
}
