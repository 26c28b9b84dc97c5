//! Deleting an event by its id.

use ical::{Budget, Moment, Window};
use store::calendars::Calendar;
use store::history::{self, Cause, Kind, NewChange, NewRemoval};

use crate::backend::CalendarBackend as _;
use crate::built_in::BuiltIn;
use crate::list_events::no_event;
use crate::report::{Lies, ShownEvent};
use crate::room::{EventView, Room};
use crate::snapshot::Snapshot;
use crate::{Caller, Error, Result, Service};

impl Service {
    /// Deletes the whole object of a UID. It is kept in the history, from where it can be put back, and
    /// nobody is written to.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the calendar holds none of that UID.
    pub async fn delete_event(
        &self,
        caller: &Caller,
        calendar: &Calendar,
        uid: &str,
    ) -> Result<()> {
        let now = self.now();
        let transaction = self.store.begin().await?;
        let backend = BuiltIn::lock(&transaction, calendar, now).await?;
        let snapshot = Snapshot::of_uid(&transaction, calendar, uid).await?;
        if uid.is_empty() || snapshot.places.is_empty() {
            return Err(no_event(calendar, uid));
        }
        let shown = first_occurrences(&snapshot.room(), snapshot.places.len(), uid);
        for (index, (place, event)) in snapshot.places.iter().zip(shown).enumerate() {
            let change = NewChange {
                run: None,
                calendar: calendar.id,
                href: &place.href,
                uid,
                cause: Cause::Request,
                user: Some(caller.user),
                before: Some((snapshot.text_of(index), &place.etag)),
                after: None,
                now: now.0,
            };
            let change = history::insert_change(&transaction, &change).await?;
            let removal = new_removal(Kind::DeletedByRequest, &event, &[])?;
            history::insert_removal(&transaction, change, &removal).await?;
            backend.delete(&place.href, &place.etag).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// A line of the history about an event that goes.
pub(crate) fn new_removal(
    kind: Kind,
    event: &ShownEvent,
    beside: &[ShownEvent],
) -> Result<NewRemoval> {
    let json =
        |it: serde_json::Result<String>| it.map_err(|error| Error::Internal(error.to_string()));
    Ok(NewRemoval {
        kind,
        original: event.lies.original.0,
        starts_at: event.lies.start.0,
        ends_at: event.lies.end.0,
        event: json(serde_json::to_string(event))?,
        beside: json(serde_json::to_string(beside))?,
        untold: None,
        won_by: None,
    })
}

/// For each resource its first occurrence, as the history shows it; where it has none or cannot be
/// read, what little is known.
pub(crate) fn first_occurrences(room: &Room<'_>, resources: usize, uid: &str) -> Vec<ShownEvent> {
    let nothing = ShownEvent {
        uid: uid.to_owned(),
        name: String::new(),
        start: String::new(),
        end: String::new(),
        created: None,
        organizer: None,
        lies: Lies::default(),
    };
    let mut shown = vec![nothing; resources];
    let mut zones = ical::Zones::new(room.zones.calendar_zone().clone());
    for (object, it) in room.calendar.objects().iter().enumerate() {
        let extent = ical::extent(&room.calendar, it, &mut zones);
        let start = extent.start.unwrap_or(Moment(0));
        // A series may be endless: its first years are enough to find its first occurrence.
        let window = Window { start, end: start.plus(FIRST_YEARS) };
        let mut found = Vec::new();
        let budget = &mut Budget::new();
        let expanded = ical::expand(&room.calendar, it, &mut zones, window, budget, &mut found);
        let first = found.into_iter().min_by_key(|it| it.start);
        if let (Ok(()), Some(occurrence)) = (expanded, first)
            && let Some(place) = shown.get_mut(it.resource())
        {
            *place = EventView { room, object, occurrence }.into();
        }
    }
    shown
}

/// Seconds of ten years.
const FIRST_YEARS: i64 = 3_653 * ical::civil::DAY;
