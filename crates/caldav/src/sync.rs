//! sync-collection (RFC 6578), ctags and lists of members.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use crate::limits::{MAX_SYNC_ANSWERS, MAX_TOKEN};
use crate::properties::itself;
use crate::request::{Answer, Request};
use crate::xml::{ErrorBody, Multistatus, write};
use crate::{BadAnswer, Collection, ETag, Error, Href, Result, SyncState, href};

/// An object of a collection and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its href.
    pub href: Href,
    /// Its version; `None` if the server does not tell: then it has to be read.
    pub etag: Option<ETag>,
}

/// The result of a sync-collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncAnswer {
    /// The changes since the token, or everything without one.
    ///
    /// DAViCal, SOGo and RustiCal answer a token that they no longer know with all members, which
    /// cannot be detected, and do not list deletions since: see
    /// [`Quirks::answers_invalid_tokens_with_everything`](crate::Quirks). A mirror has to be
    /// compared with [`Collection::members`] from time to time.
    Changes {
        /// New and changed objects, each once. Members whose ETag is known already may be among them.
        changed: Vec<Member>,
        /// Hrefs that no longer exist; some may never have been known here.
        vanished: Vec<Href>,
        /// The token for the next call; `None` if the server sent none: call without a token next
        /// time.
        token: Option<String>,
        /// There is more, but no token to continue with: use [`Collection::members`] instead.
        is_truncated: bool,
        /// Hrefs left out because they are not of this collection.
        skipped: usize,
    },
    /// The token is no longer known: start again without one.
    InvalidToken,
    /// The server has no sync-collection for this collection: use [`Collection::members`].
    NotSupported,
}

/// SOGo's placeholder for a token when the collection is empty.
const SOGO_EMPTY: &str = "-1";

/// Characters of a href that stand in the log.
const SHOWN: usize = 200;

impl Collection {
    /// Requests the ctag and the sync-token only.
    ///
    /// Call it before requesting the changes, and store its result: then a change in between is
    /// seen the next time.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the collection is gone, and any of [`Error`] that a request can come
    /// to.
    pub async fn ctag(&self) -> Result<SyncState> {
        let request = Request::propfind(self.url.clone(), "0", write::STATE);
        let (multistatus, answer) = self.multistatus(&request).await?;
        let rest = itself(multistatus.responses, &answer)?.properties.rest.unwrap_or_default();
        Ok(SyncState::of(*rest, &answer, self.quirks()))
    }

    /// Requests the changes since `since`, a token of an earlier answer (RFC 6578 section 3.2);
    /// with `None`, all members.
    ///
    /// Only versions are requested, never contents: some servers omit these. A truncated answer
    /// (section 3.6) is followed to its end, or to [`MAX_SYNC_ANSWERS`] answers.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the collection is gone, and any of [`Error`] that a request can come
    /// to; a token that the server does not know is none.
    pub async fn sync(&self, since: Option<&str>) -> Result<SyncAnswer> {
        let mut gathered = Gathered::default();
        let mut token = since.map(str::to_owned);
        for _ in 0..MAX_SYNC_ANSWERS {
            let body = write::sync_collection(token.as_deref());
            let request = Request::report(self.url.clone(), "0", body);
            let mut answer = self.send(&request).await?;
            let mut read = answer.multistatus();
            if matches!(read, Err(Error::Interrupted(_))) {
                answer = self.send(&request).await?;
                read = answer.multistatus();
            }
            match (answer.status, read) {
                (_, Ok(multistatus)) => {
                    let multistatus = self.escaped(multistatus, false);
                    let is_truncated = gathered.take(multistatus, &answer, since.is_some())?;
                    let is_stuck = gathered.token == token || gathered.token.is_none();
                    if !is_truncated || is_stuck {
                        return Ok(gathered.answer(is_truncated));
                    }
                    token.clone_from(&gathered.token);
                }
                (507, _) => return Ok(gathered.answer(true)),
                (_, Err(error)) => return refusal(&answer, since, error),
            }
        }
        Ok(gathered.answer(true))
    }

    /// Lists all members and their versions, for servers without sync-collection.
    ///
    /// Hrefs that are not of this collection are left out, and logged.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the collection is gone, and any of [`Error`] that a request can come
    /// to.
    pub async fn members(&self) -> Result<Vec<Member>> {
        let request = Request::propfind(self.url.clone(), "1", write::VERSIONS);
        let (multistatus, answer) = self.multistatus(&request).await?;
        let multistatus = self.escaped(multistatus, true);
        let mut gathered = Gathered::default();
        if gathered.take(multistatus, &answer, true)? {
            return Err(BadAnswer::Partial.into());
        }
        Ok(gathered.sorted().0)
    }

    /// The same with escaped hrefs, where the server leaves some as they are: SOGo all of them in a
    /// sync-collection, and slashes everywhere; Cyrus question marks.
    pub(crate) fn escaped(
        &self,
        mut multistatus: Multistatus,
        but_for_slashes: bool,
    ) -> Multistatus {
        let quirks = self.quirks();
        if quirks.leaves_question_marks {
            for response in &mut multistatus.responses {
                response.href = response.href.replace('?', "%3F");
            }
        }
        if !quirks.lists_changes_unescaped {
            return multistatus;
        }
        let folder = percent_decode_str(self.url.path()).decode_utf8_lossy();
        for response in &mut multistatus.responses {
            let name = response.href.strip_prefix(&*folder).filter(|it| !it.is_empty());
            let Some(name) = name else { continue };
            response.href = if but_for_slashes {
                format!("{}{}", self.url.path(), name.replace('/', "%2F"))
            } else {
                href::member(&self.url, name).as_str().to_owned()
            };
        }
        multistatus
    }
}

/// The combined answers to one request for changes.
#[derive(Default)]
pub(crate) struct Gathered {
    /// The last statement about each href: its version, or its deletion.
    listed: HashMap<Href, Listing>,
    token: Option<String>,
    skipped: usize,
}

enum Listing {
    Is(Option<ETag>),
    Vanished,
}

impl Gathered {
    /// Adds one answer; returns whether it is truncated. Without `with_vanished`, deletions are
    /// ignored: Radicale's first answer may name hrefs that were never known here.
    pub(crate) fn take(
        &mut self,
        multistatus: Multistatus,
        answer: &Answer,
        with_vanished: bool,
    ) -> Result<bool> {
        let mut is_truncated = false;
        let (mut vanished, mut changed) = (Vec::new(), Vec::new());
        for response in multistatus.responses {
            let is_gone = matches!(response.status, Some(404 | 410));
            match href::place(&response.href, &answer.url) {
                href::Place::Itself if is_gone => return Err(Error::NotFound),
                href::Place::Itself => is_truncated |= response.status == Some(507),
                href::Place::Elsewhere => self.skip(&response.href),
                href::Place::Member(_) if response.properties.resource_type.is_collection => {}
                href::Place::Member(href) if is_gone => vanished.push(href),
                href::Place::Member(href) => {
                    let etag = response.properties.etag.as_deref().and_then(ETag::new);
                    changed.push((href, Listing::Is(etag)));
                }
            }
        }
        if with_vanished {
            self.listed.extend(vanished.into_iter().map(|href| (href, Listing::Vanished)));
        }
        // An href that is named twice exists; reading it shows whether that is true.
        self.listed.extend(changed);
        let token = multistatus.sync_token;
        self.token = token.filter(|token| token != SOGO_EMPTY && token.len() <= MAX_TOKEN);
        Ok(is_truncated)
    }

    fn skip(&mut self, href: &str) {
        if self.skipped == 0 {
            let href: String = href.chars().take(SHOWN).collect();
            tracing::warn!(href, "href outside of the calendar ignored");
        }
        self.skipped += 1;
    }

    fn answer(self, is_truncated: bool) -> SyncAnswer {
        let (token, skipped) = (self.token.clone(), self.skipped);
        let token = token.filter(|_| !is_truncated);
        let (changed, vanished) = self.sorted();
        SyncAnswer::Changes { changed, vanished, token, is_truncated, skipped }
    }

    pub(crate) fn sorted(self) -> (Vec<Member>, Vec<Href>) {
        let (mut changed, mut vanished) = (Vec::new(), Vec::new());
        for (href, listing) in self.listed {
            match listing {
                Listing::Is(etag) => changed.push(Member { href, etag }),
                Listing::Vanished => vanished.push(href),
            }
        }
        changed.sort_unstable_by(|one, other| one.href.cmp(&other.href));
        vanished.sort_unstable();
        (changed, vanished)
    }
}

/// The result for a refused sync-collection.
///
/// An unknown token is `DAV:valid-sync-token` (RFC 6578 section 3.2) with 403 on Nextcloud,
/// Radicale, Cyrus and sabre/dav, with 412 on Xandikos, with 409 in older drafts; other servers say
/// so in words or answer a status that has no other meaning for this report.
fn refusal(answer: &Answer, since: Option<&str>, error: Error) -> Result<SyncAnswer> {
    let body = ErrorBody::of(&answer.body);
    let words = body.words.to_ascii_lowercase();
    let speaks_of_token = words.contains("sync-token") || words.contains("sync token");
    let is_about_token = body.names("valid-sync-token")
        || matches!(answer.status, 409 | 410 | 412)
        || (matches!(answer.status, 400 | 403) && speaks_of_token);
    if since.is_some() && is_about_token {
        return Ok(SyncAnswer::InvalidToken);
    }
    if body.names("supported-report") || matches!(answer.status, 405 | 415 | 501) {
        return Ok(SyncAnswer::NotSupported);
    }
    Err(error)
}
