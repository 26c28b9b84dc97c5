//! What a link in a message is about, as the calendar is now.

use answers::occurrences::{expand, first_occurrences, occurrence_of};
use clearing::Address;
use facts::{Event, LinkDate, LinkSubject};
use ical::{Moment, Window};

use crate::room::snapshot::Snapshot;

/// When something begins, and when it ends (exclusive).
pub(crate) type Hours = (Moment, Moment);

/// The event of a link, as it is now.
pub(crate) struct Linked {
    /// The occurrences that are still at the times that the message speaks of, and of the same organizer.
    pub events: Vec<Event>,
    /// Whether it is a series.
    pub is_recurring: bool,
    /// Whether all of its dates are of the same organizer.
    pub is_all_theirs: bool,
    /// Whether somebody else's server has a copy of it, which would still name the old room after a move.
    is_scheduled: bool,
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
            is_scheduled: events_of_it.iter().any(|it| it.is_scheduled()),
            people: events_of_it.iter().map(|it| it.count_attendees()).max().unwrap_or_default(),
            events: subject.dates.iter().filter_map(as_it_was).collect(),
            is_recurring,
            version: snapshot.digest(0),
        })
    }

    /// The hours that it needs in another room, if it can be moved to one; of a series, those of all of its dates until
    /// the horizon. A series that has begun stays: its past dates took place in this room. So does one of which dates are
    /// somebody else's.
    pub fn hours_to_move(&self, snapshot: &Snapshot, now: Moment) -> Option<Vec<Hours>> {
        let to_come: Vec<Hours> = self.hours(now);
        if self.is_scheduled || to_come.is_empty() {
            return None;
        }
        if !self.is_recurring {
            return Some(to_come);
        }
        let room = snapshot.contents();
        let first = first_occurrences(&room, 1, "").into_iter().map(|it| it.start).next()?;
        if !self.is_all_theirs || first <= now {
            return None;
        }
        let horizon = now.plus(i64::from(snapshot.calendar.horizon_days) * ical::civil::DAY);
        let found = expand(&room, Window { start: now, end: horizon });
        let found = found.into_iter().map(|it| it.occurrence);
        let is_on =
            |it: &ical::Occurrence| !room.calendar.event(it.component as usize).is_cancelled();
        let hours: Vec<Hours> = found.filter(is_on).map(|it| (it.start, it.end)).collect();
        (!hours.is_empty()).then_some(hours)
    }

    /// The hours to come that the message speaks of.
    pub fn hours(&self, now: Moment) -> Vec<Hours> {
        let to_come = self.events.iter().filter(|it| it.start > now);
        to_come.map(|it| (it.start, it.end)).collect()
    }
}

fn is_same_person(one: Option<&str>, other: Option<&str>) -> bool {
    one.map(Address::new) == other.map(Address::new)
}
