//! An event, or one occurrence of a series, as it was when it was looked at.

use ical::{Moment, Zone};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use crate::time::Rfc3339;

/// An event, or one occurrence of a series, as it was when it was looked at.
///
/// It serializes as the EVENT of the contract (section 2), with times on the clock of `zone`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// UID.
    pub uid: String,
    /// SUMMARY, or an empty text.
    pub name: String,
    /// When it begins.
    pub start: Moment,
    /// When it ends, exclusive.
    pub end: Moment,
    /// When it would begin if nobody had moved it (RECURRENCE-ID).
    pub original: Moment,
    /// Whether its times are dates.
    pub is_all_day: bool,
    /// CREATED, where it is known.
    pub created: Option<Moment>,
    /// Who is notified of what happens to it.
    pub organizer: Option<String>,
    /// Who may read it.
    pub privacy: Privacy,
    /// The calendar's zone, on whose clock its times are printed.
    pub zone: Zone,
}

/// What lists of events are ordered by.
pub trait Ordered {
    /// Start, then UID by bytes, then original start.
    fn order(&self) -> (Moment, &[u8], Moment);
}

impl Ordered for Event {
    fn order(&self) -> (Moment, &[u8], Moment) {
        (self.start, self.uid.as_bytes(), self.original)
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let printed = |moment| Rfc3339::of(&self.zone, moment);
        let mut event = serializer.serialize_struct("Event", 6)?;
        event.serialize_field("uid", &self.uid)?;
        event.serialize_field("name", &self.name)?;
        event.serialize_field("start", &printed(self.start))?;
        event.serialize_field("end", &printed(self.end))?;
        event.serialize_field("created", &self.created.map(printed))?;
        event.serialize_field("organizer", &self.organizer)?;
        event.end()
    }
}

/// The user who booked an event, by the number that the database gives each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DeriveSerialize, Deserialize)]
pub struct AuthorId(pub i64);

/// What decides who may read an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveSerialize, Deserialize)]
pub struct Privacy {
    /// Whether its CLASS (RFC 5545 section 3.8.1.3) keeps it from others.
    pub is_private: bool,
    /// The user who booked it, where it is private and that is known.
    pub author: Option<AuthorId>,
    /// The address of the person who booked it, where it is private and that is known.
    pub author_address: Option<String>,
    /// Whether its name was replaced because the reader may not see it.
    #[serde(skip)]
    pub is_hidden: bool,
}

/// An event as the database keeps it: moments in seconds since 1970, and the zone by its name.
#[derive(Clone, Debug, DeriveSerialize, Deserialize)]
pub struct KeptEvent {
    uid: String,
    name: String,
    start: i64,
    end: i64,
    original: i64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_all_day: bool,
    created: Option<i64>,
    organizer: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_private: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    author: Option<AuthorId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    author_address: Option<String>,
    zone: String,
}

impl From<Event> for KeptEvent {
    fn from(event: Event) -> KeptEvent {
        let Event { uid, name, start, end, original, is_all_day, created, .. } = event;
        let Privacy { is_private, author, author_address, .. } = event.privacy;
        KeptEvent {
            uid,
            name,
            start: start.0,
            end: end.0,
            original: original.0,
            is_all_day,
            created: created.map(|it| it.0),
            organizer: event.organizer,
            is_private,
            author,
            author_address,
            zone: event.zone.name().to_owned(),
        }
    }
}

impl From<KeptEvent> for Event {
    fn from(kept: KeptEvent) -> Event {
        let KeptEvent { uid, name, start, end, original, is_all_day, created, organizer, .. } =
            kept;
        let KeptEvent { is_private, author, author_address, zone, .. } = kept;
        Event {
            uid,
            name,
            start: Moment(start),
            end: Moment(end),
            original: Moment(original),
            is_all_day,
            created: created.map(Moment),
            organizer,
            privacy: Privacy { is_private, author, author_address, is_hidden: false },
            // A zone that this version does not know any more.
            zone: Zone::iana(&zone).unwrap_or_default(),
        }
    }
}
