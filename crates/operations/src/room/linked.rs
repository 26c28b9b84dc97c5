//! What a link in a message is about, as the calendar is now.

use answers::occurrences::occurrence_of;
use clearing::Address;
use facts::{Event, LinkDate, LinkSubject};

use crate::room::snapshot::Snapshot;

/// The event of a link, as it is now.
pub(crate) struct Linked {
    /// The occurrences that are still at the times that the message speaks of, and of the same organizer.
    pub events: Vec<Event>,
    /// Whether it is a series.
    pub is_recurring: bool,
    /// Whether all of its dates are of the same organizer.
    pub is_all_theirs: bool,
    /// Whether it can be moved to another room: it is single, and nobody else's server has a copy of it.
    pub is_movable: bool,
    /// How many people it is for, as far as its attendees tell.
    pub people: usize,
    /// The version of its object: the SHA-256 of its text.
    pub version: String,
}

impl Linked {
    /// That of a link; `None` if its event is gone, or nobody knows which of several it is.
    pub fn of(snapshot: &Snapshot, subject: &LinkSubject) -> Option<Linked> {
        if snapshot.places.len() != 1 {
            return None;
        }
        let room = snapshot.contents();
        let [object] = room.calendar.objects() else { return None };
        let as_it_was = |it: &LinkDate| {
            let event = occurrence_of(&room, it.original)?;
            let is_same = (event.start, event.end) == (it.start, it.end)
                && is_same_person(event.organizer.as_deref(), subject.organizer.as_deref());
            is_same.then_some(event)
        };
        let events_of_it: Vec<_> = room.calendar.events_of(object).collect();
        let is_recurring = ical::is_recurring(&room.calendar, object);
        let is_theirs = |it: &ical::Event<'_, '_>| {
            is_same_person(it.organizer().as_deref(), subject.organizer.as_deref())
        };
        Some(Linked {
            is_all_theirs: events_of_it.iter().all(is_theirs),
            is_movable: !is_recurring && !events_of_it.iter().any(|it| it.is_scheduled()),
            people: events_of_it.iter().map(|it| it.count_attendees()).max().unwrap_or_default(),
            events: subject.dates.iter().filter_map(as_it_was).collect(),
            is_recurring,
            version: snapshot.digest(0),
        })
    }
}

fn is_same_person(one: Option<&str>, other: Option<&str>) -> bool {
    one.map(Address::new) == other.map(Address::new)
}
