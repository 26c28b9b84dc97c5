//! Calendars whose content is in the database.

use ical::Moment;
use store::calendars::{self, Calendar};
use store::objects::{self, Resource};
use store::{Transaction, secrets};

use crate::Error;
use crate::backend::{BackendError, CalendarBackend, Result, Version};
use crate::object_row::ObjectRow;

/// A built-in calendar, locked for one transaction: all that is done through it is done at once, when
/// that is committed.
pub(crate) struct BuiltIn<'t> {
    transaction: &'t Transaction,
    calendar: &'t Calendar,
    /// The revision that this transaction makes.
    pub revision: i64,
    /// The present, for what is seen for the first time.
    now: Moment,
}

impl<'t> BuiltIn<'t> {
    /// Locks a calendar's content.
    pub async fn lock(
        transaction: &'t Transaction,
        calendar: &'t Calendar,
        now: Moment,
    ) -> crate::Result<BuiltIn<'t>> {
        match calendars::lock(transaction, calendar.id).await? {
            Some(revision) => Ok(BuiltIn { transaction, calendar, revision, now }),
            None => Err(Error::no_calendar(&calendar.slug)),
        }
    }

    /// A text as the database keeps it; its UID is remembered.
    async fn row(&self, href: &str, text: &[u8]) -> Result<ObjectRow> {
        let row = ObjectRow::new(self.calendar, href, &etag_of(text), text, self.now);
        row.see(self.transaction, self.calendar).await?;
        Ok(row)
    }

    async fn expect(&self, version: &Version<'_>) -> Result<()> {
        let there = objects::by_href(self.transaction, self.calendar.id, version.href).await?;
        let is_it = there.is_some_and(|it| it.etag == version.etag);
        if is_it { Ok(()) } else { Err(BackendError::Changed) }
    }
}

/// An ETag that says what the text is: 128 bits of its hash.
fn etag_of(text: &[u8]) -> String {
    let hash = secrets::sha256(text);
    let digits: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

impl CalendarBackend for BuiltIn<'_> {
    async fn read(&self, href: &str) -> Result<Option<Resource>> {
        Ok(objects::by_href(self.transaction, self.calendar.id, href).await?)
    }

    async fn create(&self, href: &str, text: &[u8]) -> Result<String> {
        let ObjectRow { resource, span, .. } = self.row(href, text).await?;
        let id = self.calendar.id;
        if objects::create(self.transaction, id, &resource, span, self.revision).await? {
            return Ok(resource.etag);
        }
        Err(BackendError::Changed)
    }

    async fn replace(&self, version: &Version<'_>, text: &[u8]) -> Result<String> {
        self.expect(version).await?;
        let ObjectRow { resource, span, .. } = self.row(version.href, text).await?;
        objects::put(self.transaction, self.calendar.id, &resource, span, self.revision).await?;
        Ok(resource.etag)
    }

    async fn delete(&self, version: &Version<'_>) -> Result<()> {
        self.expect(version).await?;
        objects::remove(self.transaction, self.calendar.id, version.href, self.revision).await?;
        Ok(())
    }
}
