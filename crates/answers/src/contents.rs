//! A room's calendar, and its events as answers show them.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use hashbrown::HashMap as QuickMap;

use clearing::{Address, Policy};
use facts::time::Rfc3339;
use facts::{AuthorId, Event, Ordered, Privacy};
use ical::limits::MAX_UID_BYTES;
use ical::{Calendar, LineNumbers, Moment, Occurrence, Zones};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::reader::Reader;

/// A room's calendar, with what is needed to show its events.
pub struct Contents<'a> {
    /// The calendar's name in answers.
    pub name: String,
    /// Its objects.
    pub calendar: Calendar<'a>,
    /// The zones of its objects; times are shown in the calendar's.
    pub zones: Zones,
    /// Its policy: the room is no organizer, and says what blocks.
    pub policy: Policy,
    /// The addresses of those who booked, by UID: they count where an event names no organizer.
    authors: HashMap<String, String>,
    /// The users who booked, by UID.
    author_users: HashMap<String, AuthorId>,
    /// When objects were created, as far as it was asked: an object may have 100,000 components to
    /// look at, and as many lines in an answer.
    created: RefCell<QuickMap<usize, Option<Moment>>>,
    /// What components say, as far as it was asked: one may have 50,000 occurrences.
    words: RefCell<QuickMap<u32, Rc<Words>>>,
    /// Whether the masters of objects are private, as far as it was asked.
    private_series: RefCell<QuickMap<usize, bool>>,
}

/// What a component says about its occurrences.
struct Words {
    /// With tokens masked.
    name: String,
    organizer: Option<String>,
    status: &'static str,
    is_all_day: bool,
    takes_room: bool,
    is_private: bool,
    /// An override without a CLASS of its own: it is no more public than its series.
    is_private_as_its_series: bool,
}

/// Characters of a UID out of bounds that name its object.
const SHOWN_OF_LONG_UID: usize = 60;

impl<'a> Contents<'a> {
    /// A room of this calendar.
    pub fn new(name: String, calendar: Calendar<'a>, zones: Zones, policy: Policy) -> Contents<'a> {
        Contents {
            name,
            calendar,
            zones,
            policy,
            authors: HashMap::new(),
            author_users: HashMap::new(),
            created: RefCell::default(),
            words: RefCell::default(),
            private_series: RefCell::default(),
        }
    }

    /// The same with who booked its events: their addresses and the users, by UID.
    pub fn booked_by<U: Into<AuthorId>>(
        mut self,
        authors: HashMap<String, String>,
        users: HashMap<String, U>,
    ) -> Contents<'a> {
        self.authors = authors;
        self.author_users = users.into_iter().map(|(uid, user)| (uid, user.into())).collect();
        self
    }

    /// Zones that read its objects as its own do.
    pub fn fresh_zones(&self) -> Zones {
        Zones::new(self.zones.calendar_zone().clone())
            .with_unknown_zones(self.zones.unknown_zones())
    }

    fn words(&self, component: u32) -> Rc<Words> {
        let mut known = self.words.borrow_mut();
        let words = known.entry(component).or_insert_with(|| {
            let event = self.calendar.event(component as usize);
            let is_room =
                |it: &String| self.policy.room_address.as_ref() == Some(&Address::new(it));
            Rc::new(Words {
                name: clearing::mask_tokens(&event.summary()).into_owned(),
                organizer: event.organizer().filter(|it| !is_room(it)),
                status: event.status(),
                is_all_day: event.is_all_day(),
                takes_room: clearing::takes_room(&event, &self.policy),
                is_private: event.is_private(),
                is_private_as_its_series: event.is_override() && !event.has_class(),
            })
        });
        Rc::clone(words)
    }

    /// The components of an object, each as if it were at the beginning of time: what they say about their occurrences,
    /// but for the times of these.
    pub fn components(&self, object: usize) -> impl Iterator<Item = EventView<'_, 'a>> {
        let components = self.calendar.objects()[object].components();
        components.map(move |component| {
            let (moment, component) = (Moment(0), component as u32);
            let occurrence = Occurrence { component, start: moment, end: moment, original: moment };
            EventView { room: self, object, occurrence }
        })
    }

    /// Whether a component of an object is PRIVATE or CONFIDENTIAL.
    pub fn is_private(&self, object: usize) -> bool {
        let object = &self.calendar.objects()[object];
        self.calendar.events_of(object).any(|event| event.is_private())
    }

    /// Whether a reader may read all of a resource's text: each of its components, also of objects that
    /// cannot be expanded.
    pub fn may_read_text(&self, resource: usize, reader: &Reader) -> bool {
        let objects = self.calendar.objects().iter().enumerate();
        let mut objects = objects.filter(|(_, object)| object.resource() == resource);
        objects.all(|(index, _)| {
            self.components(index)
                .all(|view| reader.may_read(&view.privacy(), view.organizer().as_deref()))
        })
    }

    /// Whether the master of an object is private.
    fn is_series_private(&self, object: usize) -> bool {
        *self.private_series.borrow_mut().entry(object).or_insert_with(|| {
            let components = self.calendar.objects()[object].components();
            let mut masters = components
                .map(|component| self.calendar.event(component))
                .filter(|event| !event.is_override());
            masters.any(|event| event.is_private())
        })
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

/// An occurrence as answers show it.
#[derive(Clone, Copy)]
pub struct EventView<'r, 'a> {
    /// The room that it is in.
    pub room: &'r Contents<'a>,
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

    /// The occurrence's own SUMMARY, or an empty text; tokens in it are masked.
    pub fn name(&self) -> String {
        self.words().name.clone()
    }

    /// The address of the occurrence's ORGANIZER, unless that is the room itself.
    /// Where there is none, the address of the person who booked it, if known.
    pub fn organizer(&self) -> Option<String> {
        self.organizer_in(&self.words()).map(str::to_owned)
    }

    fn organizer_in<'w>(&'w self, words: &'w Words) -> Option<&'w str> {
        words.organizer.as_deref().or_else(|| {
            let authors = &self.room.authors;
            let of_uid = |uid: &str| authors.get(uid).map(String::as_str);
            if authors.is_empty() { None } else { of_uid(&self.uid()) }
        })
    }

    /// Who may read it.
    pub fn privacy(&self) -> Privacy {
        self.privacy_in(&self.words())
    }

    fn privacy_in(&self, words: &Words) -> Privacy {
        let is_as_series = words.is_private_as_its_series;
        if !(words.is_private || is_as_series && self.room.is_series_private(self.object)) {
            return Privacy::default();
        }
        let uid = self.uid();
        Privacy {
            is_private: true,
            author: self.room.author_users.get(uid.as_ref()).copied(),
            author_address: self.room.authors.get(uid.as_ref()).cloned(),
            is_hidden: false,
        }
    }

    /// When its object was created, where that is known.
    pub fn created(&self) -> Option<Moment> {
        self.room.created(self.object)
    }

    /// Whether it lasts from a local midnight to another.
    pub fn is_all_day(&self) -> bool {
        self.words().is_all_day
    }

    fn words(&self) -> Rc<Words> {
        self.room.words(self.occurrence.component)
    }

    fn time(&self, moment: Moment) -> Rfc3339 {
        Rfc3339::of(self.room.zones.calendar_zone(), moment)
    }

    fn uid(&self) -> Cow<'r, str> {
        self.room.calendar.objects()[self.object].uid()
    }

    fn entries<M: SerializeMap>(&self, map: &mut M, reader: &Reader) -> Result<(), M::Error> {
        let created = self.created().map(|created| self.time(created));
        let words = self.words();
        let organizer = self.organizer_in(&words);
        let (name, organizer) = match reader.may_read(&self.privacy_in(&words), organizer) {
            true => (words.name.as_str(), organizer),
            false => (reader.hidden_name(), None),
        };
        map.serialize_entry("uid", &self.uid())?;
        map.serialize_entry("name", name)?;
        map.serialize_entry("start", &self.time(self.occurrence.start))?;
        map.serialize_entry("end", &self.time(self.occurrence.end))?;
        map.serialize_entry("created", &created)?;
        map.serialize_entry("organizer", &organizer)
    }
}

impl Ordered for EventView<'_, '_> {
    fn order(&self) -> (Moment, &[u8], Moment) {
        (self.occurrence.start, self.uid_bytes(), self.occurrence.original)
    }
}

impl From<EventView<'_, '_>> for Event {
    fn from(view: EventView<'_, '_>) -> Event {
        let Occurrence { start, end, original, .. } = view.occurrence;
        Event {
            uid: view.room.calendar.objects()[view.object].uid().into_owned(),
            name: view.name(),
            start,
            end,
            original,
            is_all_day: view.is_all_day(),
            created: view.created(),
            organizer: view.organizer(),
            privacy: view.privacy(),
            zone: view.room.zones.calendar_zone().clone(),
        }
    }
}

impl Serialize for EventView<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What is not made owned is written by the command line only.
        let mut map = serializer.serialize_map(Some(6))?;
        self.entries(&mut map, &Reader::administrator())?;
        map.end()
    }
}

/// An occurrence as lists of events show it: with what it is to others.
pub struct ListedEvent<'r, 'a>(pub EventView<'r, 'a>);

impl ListedEvent<'_, '_> {
    /// STATUS, `CONFIRMED` where none is given that is known.
    pub fn status(&self) -> &'static str {
        self.0.words().status
    }

    /// Whether it takes the room (rule 3).
    pub fn is_blocking(&self) -> bool {
        let Occurrence { start, end, .. } = self.0.occurrence;
        start < end && self.0.words().takes_room
    }

    /// It as a list shows it to a reader, as JSON.
    ///
    /// # Errors
    ///
    /// When it cannot be written as JSON.
    pub fn to_json(&self, reader: &Reader, etag: Option<&str>) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&ListEntry { event: self, reader, etag })
    }

    /// Whether its object recurs.
    pub fn is_recurring(&self) -> bool {
        let calendar = &self.0.room.calendar;
        ical::is_recurring(calendar, &calendar.objects()[self.0.object])
    }
}

/// An occurrence in the answer to a reader.
struct ListEntry<'e, 'r, 'a> {
    event: &'e ListedEvent<'r, 'a>,
    reader: &'e Reader,
    /// The version of its object, where it has one: the objects of a file have none.
    etag: Option<&'e str>,
}

impl Serialize for ListEntry<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ListEntry { event, reader, etag } = self;
        let mut map = serializer.serialize_map(None)?;
        event.0.entries(&mut map, reader)?;
        let is_recurring = event.is_recurring();
        map.serialize_entry("recurring", &is_recurring)?;
        map.serialize_entry("all_day", &event.0.is_all_day())?;
        map.serialize_entry("status", &event.status())?;
        map.serialize_entry("blocking", &event.is_blocking())?;
        if let Some(etag) = etag {
            map.serialize_entry("etag", etag)?;
        }
        if is_recurring {
            let original = event.0.time(event.0.occurrence.original);
            map.serialize_entry("recurrence_id", &original)?;
        }
        map.end()
    }
}

/// The answer of `GET /api/{calendar}/events`.
pub struct EventList<'e, 'r, 'a> {
    /// The events, ordered by start, then UID.
    pub events: &'e [ListedEvent<'r, 'a>],
    /// Who reads it.
    pub reader: &'e Reader,
    /// The versions of the objects, resource by resource; `None` for files, which have none.
    pub etags: Option<&'e [&'e str]>,
    /// What to pass as `after` for the rest, if there is one.
    pub next: Option<String>,
}

impl<'e, 'r, 'a> EventList<'e, 'r, 'a> {
    fn entry(&self, event: &'e ListedEvent<'r, 'a>) -> ListEntry<'e, 'r, 'a> {
        let resource = event.0.room.calendar.objects()[event.0.object].resource();
        let etag = self.etags.and_then(|etags| etags.get(resource).copied());
        ListEntry { event, reader: self.reader, etag }
    }
}

/// The entries of a list, written one by one.
struct Entries<'l, 'e, 'r, 'a>(&'l EventList<'e, 'r, 'a>);

impl Serialize for Entries<'_, '_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.events.iter().map(|event| self.0.entry(event)))
    }
}

impl Serialize for EventList<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("events", &Entries(self))?;
        map.serialize_entry("next", &self.next)?;
        map.end()
    }
}
