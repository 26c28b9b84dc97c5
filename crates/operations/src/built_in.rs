//! Calendars whose content is in the database.

use ical::{Calendar as Objects, Moment, Zones};
use store::calendars::{self, Calendar};
use store::objects::{self, Resource, Span};
use store::{Transaction, known, secrets};

use crate::backend::{BackendError, CalendarBackend, Changes};
use crate::snapshot::zone_of;
use crate::{Error, Result};

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
    ) -> Result<BuiltIn<'t>> {
        match calendars::lock(transaction, calendar.id).await? {
            Some(revision) => Ok(BuiltIn { transaction, calendar, revision, now }),
            None => Err(Error::no_calendar(&calendar.slug)),
        }
    }

    /// A text as the database keeps it; its UID is remembered.
    async fn row(&self, href: &str, text: &[u8]) -> store::Result<(Resource, Span)> {
        let About { uid, span, seen } = about(text, self.calendar, self.now);
        known::see(self.transaction, self.calendar.id, &uid, seen.0).await?;
        let (href, etag) = (href.to_owned(), etag_of(text));
        Ok((Resource { href, uid, etag, text: text.to_vec() }, span))
    }

    async fn expect(&self, href: &str, etag: &str) -> std::result::Result<(), BackendError> {
        let there = objects::by_href(self.transaction, self.calendar.id, href).await?;
        let is_it = there.is_some_and(|it| it.etag == etag);
        if is_it { Ok(()) } else { Err(BackendError::Changed) }
    }
}

/// An ETag that says what the text is: 128 bits of its hash.
fn etag_of(text: &[u8]) -> String {
    let hash = secrets::sha256(text);
    let digits: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// What the database keeps of a text beside it.
struct About {
    uid: String,
    span: Span,
    /// The earliest moment that it is known to have been there.
    seen: Moment,
}

/// Zones change and so does the calendar's own: a day and a half to either side holds whatever an
/// offset may become.
const LEEWAY: i64 = 129_600;

fn about(text: &[u8], calendar: &Calendar, now: Moment) -> About {
    let nothing = About { uid: String::new(), span: Span::default(), seen: now };
    let Ok(parsed) = Objects::parse(text) else { return nothing };
    let Some(object) = parsed.objects().first() else { return nothing };
    let mut zones = Zones::new(zone_of(calendar));
    let mut span = Span { starts_at: Some(i64::MAX), ends_at: Some(i64::MIN) };
    for object in parsed.objects() {
        let extent = ical::extent(&parsed, object, &mut zones);
        let starts_at = extent.start.map(|start| start.0.saturating_sub(LEEWAY));
        let ends_at = extent.end.map(|end| end.0.saturating_add(LEEWAY));
        span.starts_at = span.starts_at.zip(starts_at).map(|(one, other)| one.min(other));
        span.ends_at = span.ends_at.zip(ends_at).map(|(one, other)| one.max(other));
    }
    let modified = ical::last_modified(&parsed, object, &zones);
    About {
        uid: object.uid().into_owned(),
        span,
        seen: modified.filter(|modified| *modified < now).unwrap_or(now),
    }
}

impl CalendarBackend for BuiltIn<'_> {
    async fn changes(&self, since: Option<&str>) -> std::result::Result<Changes, BackendError> {
        let since = since.map_or(Some(-1), |token| token.parse().ok());
        let since = since.ok_or(BackendError::InvalidToken)?;
        let (changed, vanished) =
            objects::changed_since(self.transaction, self.calendar.id, since).await?;
        Ok(Changes { changed, vanished, token: self.revision.to_string() })
    }

    async fn read(&self, href: &str) -> std::result::Result<Option<Resource>, BackendError> {
        Ok(objects::by_href(self.transaction, self.calendar.id, href).await?)
    }

    async fn create(&self, href: &str, text: &[u8]) -> std::result::Result<String, BackendError> {
        let (new, span) = self.row(href, text).await?;
        let id = self.calendar.id;
        if objects::create(self.transaction, id, &new, span, self.revision).await? {
            return Ok(new.etag);
        }
        Err(BackendError::Changed)
    }

    async fn replace(
        &self,
        href: &str,
        etag: &str,
        text: &[u8],
    ) -> std::result::Result<String, BackendError> {
        self.expect(href, etag).await?;
        let (new, span) = self.row(href, text).await?;
        objects::put(self.transaction, self.calendar.id, &new, span, self.revision).await?;
        Ok(new.etag)
    }

    async fn delete(&self, href: &str, etag: &str) -> std::result::Result<(), BackendError> {
        self.expect(href, etag).await?;
        objects::remove(self.transaction, self.calendar.id, href, self.revision).await?;
        Ok(())
    }
}
