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

    /// The key of an object that is restored at a place, where there is `before`. One that was another of its
    /// UID when it went is so again.
    pub(super) async fn owner_of_restored(
        &self,
        (uid, href): (&str, &str),
        before: Option<&[u8]>,
        text: &[u8],
    ) -> Result<Owner> {
        let key = uid_metadata::key_of_place(uid, href);
        let trace = self.trace(&key).await?;
        if trace.claims.is_some() {
            return Ok(Owner { key, trace });
        }
        let known = self.trace(&uid_metadata::key_of(uid, text)).await?;
        self.owner((uid, href), before.is_none(), text, known).await
    }

    /// The keys of the claims that end with an object that leaves a place; none if the claims of its UID are
    /// those of another. With a text that has no UID, or was not given, whatever lay there before it leaves.
    pub(super) async fn keys_of_leaving(
        &self,
        (uid, href): (&str, &str),
        text: &[u8],
    ) -> Result<Vec<String>> {
        if uid.is_empty() {
            let mut keys = uid_metadata::live_at(self.transaction, self.calendar, href).await?;
            let own = uid_metadata::key_of("", text).into_owned();
            if !text.is_empty() && !keys.contains(&own) {
                keys.push(own);
            }
            return Ok(keys);
        }
        let key = uid_metadata::key_of_place(uid, href);
        if self.trace(&key).await?.is_live() {
            return Ok(vec![key]);
        }
        let is_its = self.trace(uid).await?.href == href;
        Ok(is_its.then(|| uid.to_owned()).into_iter().collect())
    }

    /// The keys of the live claims of what lay at a place, but for what lies there now.
    pub(super) async fn others_at(&self, now_there: &Resource) -> Result<Vec<String>> {
        let Resource { uid, href, text, .. } = now_there;
        let mut keys = uid_metadata::live_at(self.transaction, self.calendar, href).await?;
        let (own, of_place) =
            (uid_metadata::key_of(uid, text), uid_metadata::key_of_place(uid, href));
        keys.retain(|key| *key != own && *key != of_place);
        Ok(keys)
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
        // What is not given at present is what it was.
        Ok(there.is_some_and(|it| it.uid == uid || it.text.is_empty()))
    }
}
