//! Under which key an object's claims are recorded (rule 4): by its UID; of several objects of one UID, the
//! first by the UID, and each other by its UID and place. So a second object of somebody's UID can neither
//! take the claims of the first nor keep them alive when that goes.

use std::collections::HashSet;

use ical::Calendar as Objects;
use store::objects::{self, Resource};
use store::uid_metadata::{self, Trace};
use store::{CalendarId, Transaction};

use crate::Result;

/// The key of an object's claims, and what is recorded under it.
pub(super) struct Owner {
    pub key: String,
    pub trace: Trace,
}

/// Whether a text is an object of a UID.
pub(super) fn is_of(text: &[u8], uid: &str) -> bool {
    let parsed = Objects::parse(text);
    parsed.is_ok_and(|it| it.objects().first().is_some_and(|object| object.uid() == uid))
}

/// The keys of the claims of one calendar.
pub(super) struct ClaimKeys<'k> {
    pub transaction: &'k Transaction,
    pub calendar: CalendarId,
    /// The places that a look finds empty.
    pub leaving: HashSet<String>,
}

impl ClaimKeys<'_> {
    /// The key of an object that is seen at a place. `mirrored` is its text as it was known until now, and
    /// `known` what is recorded of its UID (or of its text, if it has none).
    pub(super) async fn owner(
        &self,
        (uid, href): (&str, &str),
        mirrored: Option<&[u8]>,
        text: &[u8],
        known: Trace,
    ) -> Result<Owner> {
        let by_uid = Owner { key: uid_metadata::key_of(uid, text).into_owned(), trace: known };
        let has_claim = by_uid.trace.is_live();
        if uid.is_empty() || by_uid.trace.claims.is_none() && mirrored.is_none() {
            return Ok(by_uid);
        }
        let others = self.others((uid, href)).await?;
        let is_text_of = |it: &[u8]| by_uid.trace.claims_of == uid_metadata::digest(it);
        let is_its_own = has_claim && (is_text_of(text) || mirrored.is_some_and(is_text_of));
        if is_its_own && others.is_empty() {
            return Ok(by_uid);
        }
        let key = uid_metadata::key_of_place(uid, href);
        let by_place = Owner { trace: self.trace(&key).await?, key };
        if by_place.trace.is_live() || has_claim && self.is_any_first(&others).await? {
            return Ok(by_place);
        }
        Ok(by_uid)
    }

    /// The key of the claims that end with an object that leaves a place; `None` if the claims of its UID
    /// are those of another, which stays.
    pub(super) async fn key_of_leaving(
        &self,
        (uid, href): (&str, &str),
        text: &[u8],
    ) -> Result<Option<String>> {
        if uid.is_empty() {
            return Ok((!text.is_empty()).then(|| uid_metadata::key_of("", text).into_owned()));
        }
        let others = self.others((uid, href)).await?;
        let key = uid_metadata::key_of_place(uid, href);
        if self.trace(&key).await?.is_live() {
            return Ok(Some(key));
        }
        let stays = self.is_any_first(&others).await?;
        Ok((!stays).then(|| uid.to_owned()))
    }

    async fn trace(&self, key: &str) -> Result<Trace> {
        Ok(uid_metadata::trace(self.transaction, self.calendar, key).await?)
    }

    /// The other objects of a UID that lie in the mirror, and stay there.
    async fn others(&self, (uid, href): (&str, &str)) -> Result<Vec<Resource>> {
        let mut others = objects::by_uid(self.transaction, self.calendar, uid).await?;
        others.retain(|it| it.href != href && !self.leaving.contains(&it.href));
        Ok(others)
    }

    /// Whether one of several objects of one UID is not recorded by its place, and so by the UID.
    async fn is_any_first(&self, objects: &[Resource]) -> Result<bool> {
        for it in objects {
            let key = uid_metadata::key_of_place(&it.uid, &it.href);
            if !self.trace(&key).await?.is_live() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
