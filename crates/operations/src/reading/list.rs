//! Lists of events.

use std::cmp::Ordering;

use answers::Reader;
use answers::contents::{EventList, EventView, ListedEvent};
use answers::occurrences::{days_from, expand};
use facts::Ordered as _;
use ical::{Moment, Window};
use store::calendars::Calendar;

use crate::room::snapshot::Snapshot;
use crate::room::work::work;
use crate::{Error, MessageId, Result, Service};

/// The days of a list where no window is given.
pub const DEFAULT_LIST_DAYS: i64 = 30;
/// The longest window of a list: five years, leap days and all.
pub const MAX_LIST_DAYS: i64 = 5 * 365 + 2;
/// Events in one answer where nothing else is asked for.
pub const DEFAULT_LIST_LIMIT: usize = 1_000;
/// The most events in one answer.
pub const MAX_LIST_LIMIT: usize = 10_000;

/// Which events are asked for.
#[derive(Clone, Debug)]
pub struct ListRequest {
    /// Occurrences that overlap it; those of zero length that begin in it.
    pub window: Window,
    /// Only those of one UID.
    pub uid: Option<String>,
    /// The `next` of an earlier answer.
    pub after: Option<String>,
    /// The most events in the answer.
    pub limit: usize,
}

/// Where a list goes on: behind the occurrence that begins at `start`, of that UID and original start;
/// where several are equal in all of these, as events without UID may be, behind that many of them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cursor {
    start: i64,
    original: i64,
    equal: usize,
    uid: String,
}

impl Cursor {
    fn parse(text: &str) -> Option<Cursor> {
        let mut parts = text.splitn(4, '_');
        let mut next = || parts.next();
        Some(Cursor {
            start: next()?.parse().ok()?,
            original: next()?.parse().ok()?,
            equal: next()?.parse().ok()?,
            uid: next()?.to_owned(),
        })
    }

    fn text(&self) -> String {
        format!("{}_{}_{}_{}", self.start, self.original, self.equal, self.uid)
    }

    fn of(event: &EventView<'_, '_>) -> Cursor {
        Cursor {
            start: event.occurrence.start.0,
            original: event.occurrence.original.0,
            equal: 1,
            uid: event.room.calendar.objects()[event.object].uid().into_owned(),
        }
    }

    fn cmp(&self, event: &EventView<'_, '_>) -> Ordering {
        let uid = event.room.calendar.objects()[event.object].uid();
        (self.start, self.uid.as_bytes(), self.original).cmp(&(
            event.occurrence.start.0,
            uid.as_bytes(),
            event.occurrence.original.0,
        ))
    }
}

impl Service {
    /// The occurrences of a calendar in a window, as the JSON of `GET /api/{calendar}/events`: ordered
    /// by start, then UID, and shown as the reader may see them. Objects that cannot be read are left out.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an `after` that is no cursor; [`Error::NotFound`] for a UID that the
    /// calendar does not hold.
    pub async fn list_events(
        &self,
        calendar: &Calendar,
        request: ListRequest,
        reader: &Reader,
    ) -> Result<Vec<u8>> {
        let after = match &request.after {
            None => None,
            Some(text) => {
                let cursor = Cursor::parse(text);
                let wrong = || Error::invalid("after", MessageId::CursorForm);
                Some(cursor.ok_or_else(wrong)?)
            }
        };
        self.ensure_synced_for_reading(calendar).await?;
        let Window { start, end } = request.window;
        let snapshot = match &request.uid {
            None => Snapshot::shown_between(&self.store, calendar, start, end).await?,
            Some(uid) => {
                let snapshot = Snapshot::of_uid(&self.store, calendar, uid).await?;
                if uid.is_empty() || snapshot.places.is_empty() {
                    return Err(Error::no_event(&calendar.slug, uid));
                }
                snapshot
            }
        };
        let effort = snapshot.effort();
        let reader = reader.clone();
        work(effort, (snapshot, request), move |(snapshot, request)| {
            list(&snapshot, request, after, &reader)
        })
        .await?
    }

    /// The iCalendar object of a UID. Priority tokens in it are masked, but for administrators.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the calendar holds none of that UID; [`Error::Forbidden`] if any of its
    /// components may not be read by the reader.
    pub async fn object_text(
        &self,
        calendar: &Calendar,
        uid: &str,
        reader: &Reader,
    ) -> Result<Vec<u8>> {
        self.ensure_synced_for_reading(calendar).await?;
        let snapshot = Snapshot::of_uid(&self.store, calendar, uid).await?;
        if uid.is_empty() || snapshot.places.is_empty() {
            return Err(Error::no_event(&calendar.slug, uid));
        }
        if !snapshot.contents().may_read_text(0, reader) {
            return Err(Error::Forbidden(MessageId::PrivateEvent.into()));
        }
        let text = snapshot.text_of(0);
        Ok(match reader.sees_everything() {
            true => text.to_vec(),
            false => clearing::mask_tokens_in_object(text).into_owned(),
        })
    }
}

fn list(
    snapshot: &Snapshot,
    request: ListRequest,
    after: Option<Cursor>,
    reader: &Reader,
) -> Result<Vec<u8>> {
    let room = &snapshot.contents();
    let mut views = expand(room, request.window);
    if let Some(uid) = &request.uid {
        views.retain(|it| room.calendar.objects()[it.object].uid() == uid.as_str());
    }
    views.sort_by(|one, other| one.order().cmp(&other.order()));
    let begin = after.map_or(0, |after| {
        let before = views.partition_point(|it| after.cmp(it).is_gt());
        let equal = views[before..].iter().take_while(|it| after.cmp(it).is_eq());
        before + equal.take(after.equal).count()
    });
    let end = begin.saturating_add(request.limit).min(views.len());
    let next = (begin < end && end < views.len()).then(|| {
        let last = Cursor::of(&views[end - 1]);
        let equal = views[..end].iter().rev().take_while(|it| last.cmp(it).is_eq()).count();
        Cursor { equal, ..last }.text()
    });
    let events: Vec<_> = views.drain(begin..end).map(ListedEvent).collect();
    let etags: Vec<&str> = snapshot.places.iter().map(|it| it.etag.as_str()).collect();
    let list = EventList { events: &events, reader, etags: Some(&etags), next };
    let mut body = Vec::new();
    let written = list.write_json(&mut body).map(|()| body);
    written.map_err(|error| Error::Internal(format!("the list cannot be written: {error}")))
}

impl ListRequest {
    /// The window that is listed where none is given.
    pub fn default_window(start: Moment) -> Window {
        days_from(start, DEFAULT_LIST_DAYS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_whatever_the_uid_holds() {
        for uid in ["", "a_b_c", "ünï/?", "-1_2"] {
            let cursor = Cursor { start: -5, original: 7, equal: 1, uid: uid.to_owned() };
            assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
        }
        for text in ["", "1", "1_2", "1_2_1", "x_2_1_u", "1__1_u", "1_2_-1_u"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
