//! Lists of events.

use std::cmp::Ordering;
use std::time::Duration;

use ical::{Budget, Moment, Object, Occurrence, Window};
use store::calendars::Calendar;

use crate::mirror::Freshness;
use crate::report::Ordered as _;
use crate::room::{EventList, EventView, ListedEvent, Room};
use crate::snapshot::{Snapshot, work};
use crate::{Error, Reader, Result, Sentence, Service};

/// The days of a list where no window is given.
pub const DEFAULT_LIST_DAYS: i64 = 30;
/// The longest window of a list: five years, leap days and all.
pub const MAX_LIST_DAYS: i64 = 5 * 365 + 2;
/// Events in one answer where nothing else is asked for.
pub const DEFAULT_LIST_LIMIT: usize = 1_000;
/// The most events in one answer.
pub const MAX_LIST_LIMIT: usize = 10_000;

/// How old a list of a calendar on a server may be: a door panel asks often, and so do several.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// Which events are asked for.
#[derive(Clone, Debug)]
pub struct ListRequest {
    /// Occurrences that overlap it; those of zero length that begin in it.
    pub window: Window,
    /// Only those of one UID.
    pub uid: Option<String>,
    /// The `next` of an earlier answer.
    pub after: Option<String>,
    /// At most so many.
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
                let wrong = || Error::invalid("after", Sentence::CursorForm);
                Some(cursor.ok_or_else(wrong)?)
            }
        };
        self.look_before_reading(calendar).await?;
        let Window { start, end } = request.window;
        let snapshot = match &request.uid {
            None => Snapshot::between(&self.store, calendar, start, end).await?,
            Some(uid) => {
                let snapshot = Snapshot::of_uid(&self.store, calendar, uid).await?;
                if uid.is_empty() || snapshot.places.is_empty() {
                    return Err(no_event(calendar, uid));
                }
                snapshot
            }
        };
        let size = snapshot.size();
        let reader = reader.clone();
        work(size, (snapshot, request), move |(snapshot, request)| {
            list(&snapshot, request, after, &reader)
        })
        .await?
    }

    /// Brings the mirror of a calendar on a server up to date, unless it was a few seconds ago.
    pub(crate) async fn look_before_reading(&self, calendar: &Calendar) -> Result<()> {
        if calendar.backend.collection().is_none() {
            return Ok(());
        }
        let server = self.on_server(calendar).await?;
        self.look(&server, Freshness::Within(READ_WITHIN)).await
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
        self.look_before_reading(calendar).await?;
        let snapshot = Snapshot::of_uid(&self.store, calendar, uid).await?;
        if uid.is_empty() || snapshot.places.is_empty() {
            return Err(no_event(calendar, uid));
        }
        if !snapshot.room().may_read_text(0, reader) {
            return Err(Error::Forbidden(Sentence::PrivateEvent.into()));
        }
        let text = snapshot.text_of(0);
        Ok(match reader.sees_everything() {
            true => text.to_vec(),
            false => clearing::mask_tokens_in_object(text).into_owned(),
        })
    }
}

/// That a calendar holds no event of a UID.
pub(crate) fn no_event(calendar: &Calendar, uid: &str) -> Error {
    Error::NotFound(Sentence::no_event(&calendar.slug, uid))
}

fn list(
    snapshot: &Snapshot,
    request: ListRequest,
    after: Option<Cursor>,
    reader: &Reader,
) -> Result<Vec<u8>> {
    let room = &snapshot.room();
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
    let written = serde_json::to_vec(&list);
    written.map_err(|error| Error::Internal(format!("the list cannot be written: {error}")))
}

/// All occurrences in a window, in no order.
pub(crate) fn expand<'r, 'a>(room: &'r Room<'a>, window: Window) -> Vec<EventView<'r, 'a>> {
    expand_each(room, window, &mut |_, _| {})
}

/// The same for the question whether an hour is free: objects that cannot be read are where they may be
/// ([`ical::expand_presumed`]).
pub(crate) fn expand_presumed<'r, 'a>(
    room: &'r Room<'a>,
    window: Window,
) -> Vec<EventView<'r, 'a>> {
    let mut zones = room.fresh_zones();
    expand_each(room, window, &mut |object, found| {
        ical::expand_presumed(&room.calendar, object, &mut zones, window, found);
    })
}

/// All occurrences in a window; `of_unreadable` appends those of an object that cannot be read.
fn expand_each<'r, 'a>(
    room: &'r Room<'a>,
    window: Window,
    of_unreadable: &mut dyn FnMut(&Object<'a>, &mut Vec<Occurrence>),
) -> Vec<EventView<'r, 'a>> {
    let mut zones = room.fresh_zones();
    let mut budget = Budget::new();
    let mut views = Vec::new();
    let mut found = Vec::new();
    for (object, it) in room.calendar.objects().iter().enumerate() {
        found.clear();
        let expanded =
            ical::expand(&room.calendar, it, &mut zones, window, &mut budget, &mut found);
        if expanded.is_err() {
            of_unreadable(it, &mut found);
        }
        views.extend(found.iter().map(|&occurrence| EventView { room, object, occurrence }));
    }
    views
}

/// A window of the days that follow a moment.
pub(crate) fn days_from(start: Moment, days: i64) -> Window {
    Window { start, end: start.plus(days * ical::civil::DAY) }
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
