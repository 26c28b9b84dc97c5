//! What has changed in a collection, as far as the server can be believed.
//!
//! A sync-collection alone is not enough: sabre/dav answers "no changes" to a sync-token from the future,
//! which a client holds after a backup of the server was restored, first answers were seen that list
//! only the collection itself, and a calendar in Nextcloud's trash bin still answers.

use crate::{Collection, Href, Member, Result, SyncAnswer, SyncState};

/// What has changed in a collection; see [`Collection::changes`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Nothing has changed.
    Unchanged,
    /// This has changed.
    Some {
        /// New and changed objects, each once. Objects that have not changed may be among them.
        changed: Vec<Member>,
        /// Hrefs that the server reports as deleted. Confirm those of objects that are known with
        /// [`Collection::etags`]: servers report deletions that did not happen.
        vanished: Vec<Href>,
        /// What to pass the next time.
        state: SyncState,
    },
    /// This is all that there is: nothing else exists.
    All {
        /// All members.
        members: Vec<Member>,
        /// What to pass the next time.
        state: SyncState,
        /// Why the server's list of changes was not believed, where it gave one.
        doubt: Option<Doubt>,
    },
}

/// Why a list of changes was not believed, so that everything was listed.
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
    /// A sentence for logs.
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
    /// Asks what has changed since `since`, which an earlier call gave; with a state that tells nothing,
    /// for all members.
    ///
    /// Where nothing has changed this is one small request, a PROPFIND Depth 0. Else a sync-collection
    /// follows (RFC 6578), whose sync-token is compared with the collection's own; where they differ, or
    /// the answer lists nothing, everything is listed (PROPFIND Depth 1). A server without
    /// sync-collection is asked for its ctag, and then for everything.
    ///
    /// A list of everything that a server sends for a sync-token that it has forgotten, as if it were
    /// changes, cannot be seen here: it lists known objects in known versions.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) where the collection is gone,
    /// [`Error::Trashed`](crate::Error::Trashed) where it lies in a trash bin, and any of
    /// [`Error`](crate::Error) that a request can come to.
    pub async fn changes(&self, since: &SyncState) -> Result<Changes> {
        // SOGo's token is a second, which tells nothing while it is not over: only the list of changes
        // does, with one request.
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

    /// Whether nothing has changed. The sync-token alone decides where one was kept: some servers
    /// change their ctag for reasons of their own.
    fn is_unchanged(&self, since: &SyncState, now: &SyncState) -> bool {
        match (&since.sync_token, &since.ctag) {
            (Some(token), _) => now.sync_token.as_ref() == Some(token),
            (None, Some(ctag)) => now.ctag.as_ref() == Some(ctag),
            (None, None) => false,
        }
    }

    /// Whether a token is the collection's own. Somebody may have written something since the collection
    /// was asked, so it is asked once more before the token is distrusted.
    async fn is_own_token(&self, now: &SyncState, token: &str) -> Result<bool> {
        if now.sync_token.is_none() || now.sync_token.as_deref() == Some(token) {
            return Ok(true);
        }
        Ok(self.ctag().await?.sync_token.as_deref() == Some(token))
    }

    /// Lists everything, by sync-collection where that is offered.
    async fn everything(&self, since: &SyncState, now: SyncState) -> Result<Changes> {
        // Where only a ctag was kept, the server is known to have no sync-collection that is of use.
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
