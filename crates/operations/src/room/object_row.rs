//! What the database keeps of a calendar object resource beside its text.

use ical::{Calendar as Objects, Moment, Zones};
use store::calendars::Calendar;
use store::objects::{self, Resource, Span};
use store::{Transaction, uid_metadata};

use crate::Result;
use crate::room::snapshot::zone_of;

/// Zones change and so does the calendar's own: a day and a half to either side holds whatever an
/// offset may become.
const LEEWAY: i64 = 129_600;

/// A resource with what the database looks it up by.
pub(crate) struct ObjectRow {
    /// The resource.
    pub resource: Resource,
    /// Between which moments it has occurrences.
    pub span: Span,
    /// The earliest moment that it is known to have been there.
    pub seen: Moment,
}

impl ObjectRow {
    /// A text of a calendar, as it is kept at a place in a version.
    pub fn new(calendar: &Calendar, href: &str, etag: &str, text: &[u8], now: Moment) -> ObjectRow {
        let mut row = ObjectRow {
            resource: Resource {
                href: href.to_owned(),
                uid: String::new(),
                etag: etag.to_owned(),
                text: text.to_vec(),
            },
            span: Span::default(),
            seen: now,
        };
        let Ok(parsed) = Objects::parse(text) else { return row };
        let Some(object) = parsed.objects().first() else { return row };
        // Unknown zones are refused here whatever the calendar's setting is: what cannot be read is looked
        // at in each window, and stays true when the setting changes.
        let mut zones = Zones::new(zone_of(calendar));
        row.span = Span { starts_at: Some(i64::MAX), ends_at: Some(i64::MIN) };
        for object in parsed.objects() {
            let extent = ical::extent(&parsed, object, &mut zones);
            let starts_at = extent.start.map(|start| start.0.saturating_sub(LEEWAY));
            let ends_at = extent.end.map(|end| end.0.saturating_add(LEEWAY));
            let span = &mut row.span;
            span.starts_at = span.starts_at.zip(starts_at).map(|(one, other)| one.min(other));
            span.ends_at = span.ends_at.zip(ends_at).map(|(one, other)| one.max(other));
        }
        row.resource.uid = object.uid().into_owned();
        let modified = ical::last_modified(&parsed, object, &zones);
        row.seen = modified.filter(|modified| *modified < now).unwrap_or(now);
        row
    }

    /// Remembers that its UID was there.
    pub async fn see(&self, transaction: &Transaction, calendar: &Calendar) -> Result<()> {
        Ok(uid_metadata::see(transaction, calendar.id, &self.resource.uid, self.seen.0).await?)
    }

    /// Writes it, new or changed, and remembers its UID. The transaction has to hold
    /// [`store::calendars::lock`].
    pub async fn put(&self, transaction: &Transaction, calendar: &Calendar) -> Result<()> {
        self.see(transaction, calendar).await?;
        Ok(objects::put(transaction, calendar.id, &self.resource, self.span).await?)
    }
}
