//! Calendars whose content is in the database.

use std::collections::HashSet;

use clearing::Sight;
use facts::new_id;
use ical::Moment;
use store::Transaction;
use store::calendars::{self, Calendar};
use store::objects::{self, Resource};
use store::uid_metadata::{self, FirstSeen};

use crate::Error;
use crate::room::backend::{BackendError, CalendarBackend, Result, Version};
use crate::room::claims::Origin;
use crate::room::keeper::ClaimKeeper;
use crate::room::object_row::ObjectRow;

/// A built-in calendar, locked for one transaction: all that is done through it is done at once, when
/// that is committed.
#[derive(Clone)]
pub(crate) struct BuiltIn<'t> {
    transaction: &'t Transaction,
    calendar: &'t Calendar,
    /// The revision that this transaction makes.
    pub revision: i64,
    /// The present, for what is seen for the first time.
    now: Moment,
    /// How what is written came about.
    origin: Origin,
}

impl<'t> BuiltIn<'t> {
    /// Locks a calendar's content.
    pub async fn lock(
        transaction: &'t Transaction,
        calendar: &'t Calendar,
        now: Moment,
    ) -> crate::Result<BuiltIn<'t>> {
        match calendars::lock(transaction, calendar.id).await? {
            Some(revision) => {
                let origin = Origin::Written;
                Ok(BuiltIn { transaction, calendar, revision, now, origin })
            }
            None => Err(Error::no_calendar(&calendar.slug)),
        }
    }

    /// The same calendar, for writing what came about otherwise than by a booking or a change.
    pub fn with_origin(&self, origin: Origin) -> BuiltIn<'t> {
        BuiltIn { origin, ..self.clone() }
    }

    /// Writes resources at places where there is none, many with one statement; returns the places of those that need
    /// more than that, which are not written: something is known of their UIDs, or they have tokens.
    pub async fn create_new(&self, new: &[(&str, &[u8])]) -> crate::Result<HashSet<String>> {
        let mut left = HashSet::new();
        for part in new.chunks(objects::MAX_AT_ONCE) {
            self.create_part(part, &mut left).await?;
        }
        Ok(left)
    }

    async fn create_part(
        &self,
        new: &[(&str, &[u8])],
        left: &mut HashSet<String>,
    ) -> crate::Result<()> {
        let (transaction, id) = (self.transaction, self.calendar.id);
        let keeper = ClaimKeeper::new(transaction, self.calendar);
        let row = |&(href, text): &(&str, &[u8])| {
            let row = ObjectRow::new(self.calendar, href, &new_etag(), text, self.now);
            let key = uid_metadata::key_of(&row.resource.uid, text).into_owned();
            (row, key)
        };
        let rows: Vec<(ObjectRow, String)> = new.iter().map(row).collect();
        let keys: Vec<&str> = rows.iter().map(|(_, key)| key.as_str()).collect();
        let unknown = uid_metadata::unknown_among(transaction, id, &keys).await?;
        let (mut resources, mut seen) = (Vec::new(), Vec::new());
        for (ObjectRow { resource, span, seen: at }, key) in &rows {
            let first = unknown
                .contains(key)
                .then(|| keeper.of_new(&resource.text, &self.origin, self.written()));
            let Some(claims) = first.flatten() else {
                left.insert(resource.href.clone());
                continue;
            };
            // Of an object without UID only its claims are remembered.
            let at = if resource.uid.is_empty() { self.now.0 } else { at.0 };
            let (href, of_text) = (resource.href.clone(), uid_metadata::digest(&resource.text));
            seen.push(FirstSeen { key: key.clone(), at, href, claims, of_text });
            resources.push((resource, *span));
        }
        if !resources.is_empty() {
            uid_metadata::insert_first(transaction, id, &seen).await?;
            objects::create_all(transaction, id, &resources).await?;
        }
        Ok(())
    }

    /// How a write is seen: each sees the whole calendar.
    fn written(&self) -> Sight {
        Sight::Written { at: self.now, unseen_look: self.revision }
    }

    /// A text as the database keeps it; its UID is remembered, and since when it holds its time.
    async fn row(&self, href: &str, before: Option<&[u8]>, text: &[u8]) -> Result<ObjectRow> {
        let row = ObjectRow::new(self.calendar, href, &new_etag(), text, self.now);
        row.see(self.transaction, self.calendar).await?;
        let keeper = ClaimKeeper::new(self.transaction, self.calendar);
        let uid = (row.resource.uid.as_str(), href);
        keeper.written(uid, before, text, &self.origin, self.written()).await?;
        Ok(row)
    }

    async fn expect(&self, version: &Version<'_>) -> Result<()> {
        let there = objects::by_href(self.transaction, self.calendar.id, version.href).await?;
        let is_it = there.is_some_and(|it| it.etag == version.etag);
        if is_it { Ok(()) } else { Err(BackendError::Changed) }
    }
}

/// An ETag of its own for each write. A hash of the text would let a reader who may not see all of it check guesses.
fn new_etag() -> String {
    format!("\"{}\"", new_id())
}

impl CalendarBackend for BuiltIn<'_> {
    async fn read(&self, href: &str) -> Result<Option<Resource>> {
        Ok(objects::by_href(self.transaction, self.calendar.id, href).await?)
    }

    async fn create(&self, href: &str, text: &[u8]) -> Result<String> {
        let id = self.calendar.id;
        // Before its claim is written: that is of the text which is there.
        if objects::by_href(self.transaction, id, href).await?.is_some() {
            return Err(BackendError::Changed);
        }
        let ObjectRow { resource, span, .. } = self.row(href, None, text).await?;
        if objects::create(self.transaction, id, &resource, span).await? {
            return Ok(resource.etag);
        }
        Err(BackendError::Changed)
    }

    async fn replace(&self, version: &Version<'_>, text: &[u8]) -> Result<String> {
        self.expect(version).await?;
        let row = self.row(version.href, Some(version.text), text).await?;
        let ObjectRow { resource, span, .. } = row;
        objects::put(self.transaction, self.calendar.id, &resource, span).await?;
        Ok(resource.etag)
    }

    async fn delete(&self, version: &Version<'_>) -> Result<()> {
        self.expect(version).await?;
        let (id, href) = (self.calendar.id, version.href);
        if let Some(there) = objects::by_href(self.transaction, id, href).await? {
            let keeper = ClaimKeeper::new(self.transaction, self.calendar);
            keeper.end((&there.uid, href), Some(&there.text), self.now).await?;
        }
        objects::remove(self.transaction, id, href).await?;
        Ok(())
    }
}
