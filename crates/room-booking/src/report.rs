//! The answers that programs read: what a clear did or would do, and lists of occurrences.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Display;
use std::rc::Rc;

use clearing::{Address, How, Plan, Policy, Slot};
use ical::limits::MAX_UID_BYTES;
use ical::{Calendar, LineNumbers, Moment, Occurrence, Zones};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::show;

/// A room's calendar, with what is needed to show its events.
pub struct Room<'a> {
    /// The calendar's name in answers.
    pub name: String,
    /// Its objects.
    pub calendar: Calendar<'a>,
    /// The zones of its objects; times are shown in the calendar's.
    pub zones: Zones,
    /// Its policy: the room is no organizer, and says what blocks.
    pub policy: Policy,
    /// When objects were created, as far as it was asked: an object may have 100,000 components to
    /// look at, and as many lines in an answer.
    created: RefCell<HashMap<usize, Option<Moment>>>,
    /// What components say, as far as it was asked: one may have 50,000 occurrences.
    words: RefCell<HashMap<u32, Rc<Words>>>,
}

/// What a component says about its occurrences.
struct Words {
    name: String,
    organizer: Option<String>,
    status: String,
    is_all_day: bool,
    takes_room: bool,
}

/// Characters of a UID out of bounds that name its object.
const SHOWN_OF_LONG_UID: usize = 60;

impl<'a> Room<'a> {
    /// A room of this calendar.
    pub fn new(name: String, calendar: Calendar<'a>, zones: Zones, policy: Policy) -> Room<'a> {
        Room {
            name,
            calendar,
            zones,
            policy,
            created: RefCell::default(),
            words: RefCell::default(),
        }
    }

    fn words(&self, component: u32) -> Rc<Words> {
        let mut known = self.words.borrow_mut();
        let words = known.entry(component).or_insert_with(|| {
            let event = self.calendar.event(component as usize);
            let is_room =
                |it: &String| self.policy.room_address.as_ref() == Some(&Address::new(it));
            Rc::new(Words {
                name: event.summary().into_owned(),
                organizer: event.organizer().filter(|it| !is_room(it)),
                status: event.status(),
                is_all_day: event.is_all_day(),
                takes_room: clearing::takes_room(&event, &self.policy),
            })
        });
        Rc::clone(words)
    }

    /// When an object was created, where it is known.
    pub fn created(&self, object: usize) -> Option<Moment> {
        *self.created.borrow_mut().entry(object).or_insert_with(|| {
            ical::created(&self.calendar, &self.calendar.objects()[object], &self.zones)
        })
    }

    /// How messages name objects: by their UIDs, or by where they lie. It is quick for objects in the
    /// order of the calendar.
    pub fn places(&self, objects: impl Iterator<Item = usize>) -> Vec<String> {
        let mut lines = self.calendar.line_numbers();
        objects.map(|object| self.place(object, &mut lines)).collect()
    }

    /// How messages name an object.
    pub fn place(&self, object: usize, lines: &mut LineNumbers<'_, '_>) -> String {
        let object = &self.calendar.objects()[object];
        match object.uid() {
            uid if uid.is_empty() => format!("line {}", lines.of(object)),
            uid if object.uid_bytes().len() > MAX_UID_BYTES => {
                format!("{}…", uid.chars().take(SHOWN_OF_LONG_UID).collect::<String>())
            }
            uid => uid.into_owned(),
        }
    }
}

/// A room's calendar with its plan.
pub struct Planned<'a> {
    /// The room.
    pub room: Room<'a>,
    /// What a clear would do.
    pub plan: Plan,
}

/// The answer of `DELETE /api/clear-bookings` in test mode (section 2 of the contract).
///
/// It is written entry by entry, so that an answer is never held as a whole.
pub struct TestReport<'r, 'a> {
    calendars: &'r [Planned<'a>],
}

impl<'r, 'a> TestReport<'r, 'a> {
    /// The report on these calendars.
    pub fn new(calendars: &'r [Planned<'a>]) -> TestReport<'r, 'a> {
        TestReport { calendars }
    }
}

/// One line of a list: what happened to which event, and beside which other.
struct Entry<'r, 'a> {
    planned: &'r Planned<'a>,
    object: usize,
    occurrence: Occurrence,
    overlaps_with: Option<Slot>,
    reason: Option<&'static str>,
}

impl Serialize for TestReport<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(8))?;
        let leftovers = self.entries(|plan| {
            plan.leftovers.iter().map(|it| (it.object, it.occurrence, None, None)).collect()
        });
        map.serialize_entry("deleted_cancelled_events", &leftovers)?;
        let removals = |wanted: How| {
            self.entries(|plan| {
                let removals = plan.removals.iter().filter(|it| it.how == wanted);
                removals.map(|it| of_slot(&it.loser, it.winner, None)).collect()
            })
        };
        map.serialize_entry("deleted_overlapping_events", &removals(How::Delete))?;
        let cancelled = removals(How::CancelOccurrence);
        map.serialize_entry("cancelled_overlapping_recurring_events", &cancelled)?;
        let ignored = self.entries(|plan| {
            let ignored = plan.ignored.iter();
            ignored.map(|it| of_slot(&it.weaker, it.winner, Some(it.reason.as_str()))).collect()
        });
        map.serialize_entry("ignored_overlapping_events", &ignored)?;
        map.serialize_entry("ignored_cancelled_events", &[(); 0])?;
        map.serialize_entry("failed_calendars", &[(); 0])?;
        map.serialize_entry("unreadable_objects", &Unreadables(self.calendars))?;
        map.serialize_entry("test_mode", &true)?;
        map.end()
    }
}

type Parts = (usize, Occurrence, Option<Slot>, Option<&'static str>);

fn of_slot(slot: &Slot, overlaps_with: Slot, reason: Option<&'static str>) -> Parts {
    (slot.object, slot.occurrence, Some(overlaps_with), reason)
}

impl<'r, 'a> TestReport<'r, 'a> {
    /// One list over all calendars, ordered by calendar, then start, then UID.
    fn entries(&self, of_plan: impl Fn(&Plan) -> Vec<Parts>) -> Vec<Entry<'r, 'a>> {
        let mut entries = Vec::new();
        for planned in self.calendars {
            entries.extend(of_plan(&planned.plan).into_iter().map(
                |(object, occurrence, overlaps_with, reason)| Entry {
                    planned,
                    object,
                    occurrence,
                    overlaps_with,
                    reason,
                },
            ));
        }
        entries.sort_by(|one, other| one.key().cmp(&other.key()));
        entries
    }
}

impl Entry<'_, '_> {
    fn key(&self) -> (&str, Moment, &[u8]) {
        let uid = self.planned.room.calendar.objects()[self.object].uid_bytes();
        (&self.planned.room.name, self.occurrence.start, uid)
    }

    fn event(&self, object: usize, occurrence: Occurrence) -> EventView<'_, '_> {
        EventView { room: &self.planned.room, object, occurrence }
    }
}

impl Serialize for Entry<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("event", &self.event(self.object, self.occurrence))?;
        if let Some(other) = self.overlaps_with {
            let other = self.event(other.object, other.occurrence);
            map.serialize_entry("overlaps_with", &other)?;
        }
        map.serialize_entry("calendar", &self.planned.room.name)?;
        if let Some(reason) = self.reason {
            map.serialize_entry("reason", reason)?;
        }
        map.end()
    }
}

/// An occurrence as answers show it.
#[derive(Clone, Copy)]
pub struct EventView<'r, 'a> {
    /// The room that it is in.
    pub room: &'r Room<'a>,
    /// Index of its object.
    pub object: usize,
    /// Where it lies.
    pub occurrence: Occurrence,
}

impl<'r> EventView<'r, '_> {
    /// The bytes of the object's UID, by which lists are ordered.
    pub fn uid_bytes(&self) -> &'r [u8] {
        self.room.calendar.objects()[self.object].uid_bytes()
    }

    /// The occurrence's own SUMMARY, or an empty text.
    pub fn name(&self) -> String {
        self.words().name.clone()
    }

    /// The address of the occurrence's ORGANIZER, unless that is the room itself.
    pub fn organizer(&self) -> Option<String> {
        self.words().organizer.clone()
    }

    /// Whether it lasts from a local midnight to another.
    pub fn is_all_day(&self) -> bool {
        self.words().is_all_day
    }

    fn words(&self) -> Rc<Words> {
        self.room.words(self.occurrence.component)
    }

    fn time(&self, moment: Moment) -> String {
        show::rfc3339(self.room.zones.calendar_zone(), moment)
    }

    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let object = &self.room.calendar.objects()[self.object];
        let created = self.room.created(self.object);
        map.serialize_entry("uid", &object.uid())?;
        let words = self.words();
        map.serialize_entry("name", &words.name)?;
        map.serialize_entry("start", &self.time(self.occurrence.start))?;
        map.serialize_entry("end", &self.time(self.occurrence.end))?;
        map.serialize_entry("created", &created.map(|created| self.time(created)))?;
        map.serialize_entry("organizer", &words.organizer)
    }
}

impl Serialize for EventView<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(6))?;
        self.entries(&mut map)?;
        map.end()
    }
}

/// An occurrence as lists of events show it: with what it is to others.
pub struct ListedEvent<'r, 'a>(pub EventView<'r, 'a>);

impl ListedEvent<'_, '_> {
    /// STATUS, `CONFIRMED` where none is given.
    pub fn status(&self) -> String {
        self.0.words().status.clone()
    }

    /// Whether it takes the room (rule 3).
    pub fn is_blocking(&self) -> bool {
        let Occurrence { start, end, .. } = self.0.occurrence;
        start < end && self.0.words().takes_room
    }

    /// Whether its object recurs.
    pub fn is_recurring(&self) -> bool {
        let calendar = &self.0.room.calendar;
        ical::is_recurring(calendar, &calendar.objects()[self.0.object])
    }
}

impl Serialize for ListedEvent<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(10))?;
        self.0.entries(&mut map)?;
        map.serialize_entry("recurring", &self.is_recurring())?;
        map.serialize_entry("all_day", &self.0.is_all_day())?;
        map.serialize_entry("status", &self.status())?;
        map.serialize_entry("blocking", &self.is_blocking())?;
        map.end()
    }
}

/// The answer of `GET /api/{calendar}/events`.
pub struct EventList<'r, 'a>(pub &'r [ListedEvent<'r, 'a>]);

impl Serialize for EventList<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("events", self.0)?;
        map.serialize_entry("next", &None::<&str>)?;
        map.end()
    }
}

/// Objects that cannot be read, of all calendars, ordered by calendar, then object.
struct Unreadables<'r, 'a>(&'r [Planned<'a>]);

impl Serialize for Unreadables<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows: Vec<(&str, String, &dyn Display)> = Vec::new();
        for Planned { room, plan } in self.0 {
            let places = room.places(plan.unreadable.iter().map(|it| it.object));
            rows.extend(
                places
                    .into_iter()
                    .zip(&plan.unreadable)
                    .map(|(place, it)| (room.name.as_str(), place, &it.error as &dyn Display)),
            );
        }
        rows.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        let mut list = serializer.serialize_seq(Some(rows.len()))?;
        for (calendar, object, error) in rows {
            list.serialize_element(&UnreadableRow { calendar, object, error: error.to_string() })?;
        }
        list.end()
    }
}

#[derive(serde::Serialize)]
struct UnreadableRow<'r> {
    calendar: &'r str,
    object: String,
    error: String,
}
