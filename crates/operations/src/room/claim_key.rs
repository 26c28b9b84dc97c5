//! Under which key an object's claims are recorded (rule 4): by its UID; of several objects of one UID, the
//! first by the UID, and each other by its UID and place. So a second object of somebody's UID can neither
//! take the claims of the first nor keep them alive when that goes.

use std::collections::HashSet;

use ical::Calendar as Objects;
use store::objects;
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
    /// The key of an object that is seen at a place, where the mirror has nothing of it (`is_new`) or has;
    /// `known` is what is recorded of its UID (or of its text, if it has none).
    pub(super) async fn owner(
        &self,
        (uid, href): (&str, &str),
        is_new: bool,
        text: &[u8],
        known: Trace,
    ) -> Result<Owner> {
        let (is_live, is_first) = (known.is_live(), known.href == href);
        let is_unknown = known.claims.is_none() && is_new;
        let by_uid = Owner { key: uid_metadata::key_of(uid, text).into_owned(), trace: known };
        if uid.is_empty() || is_unknown || is_live && is_first {
            return Ok(by_uid);
        }
        let key = uid_metadata::key_of_place(uid, href);
        let by_place = Owner { trace: self.trace(&key).await?, key };
        if by_place.trace.is_live() || is_live && self.stays((uid, &by_uid.trace.href)).await? {
            return Ok(by_place);
        }
        Ok(by_uid)
    }

    /// The key of the claims that end with an object that leaves a place; `None` if the claims of its UID
    /// are those of another.
    pub(super) async fn key_of_leaving(
        &self,
        (uid, href): (&str, &str),
        text: &[u8],
    ) -> Result<Option<String>> {
        if uid.is_empty() {
            return Ok((!text.is_empty()).then(|| uid_metadata::key_of("", text).into_owned()));
        }
        let key = uid_metadata::key_of_place(uid, href);
        if self.trace(&key).await?.is_live() {
            return Ok(Some(key));
        }
        Ok((self.trace(uid).await?.href == href).then(|| uid.to_owned()))
    }

    /// What is recorded under a key.
    pub(super) async fn trace(&self, key: &str) -> Result<Trace> {
        Ok(uid_metadata::trace(self.transaction, self.calendar, key).await?)
    }

    /// Whether an object of a UID lies at a place in the mirror, and is not on its way out.
    async fn stays(&self, (uid, href): (&str, &str)) -> Result<bool> {
        if self.leaving.contains(href) {
            return Ok(false);
        }
        let there = objects::by_href(self.transaction, self.calendar, href).await?;
        Ok(there.is_some_and(|it| it.uid == uid))
    }
}
