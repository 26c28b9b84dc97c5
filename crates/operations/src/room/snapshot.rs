//! A calendar's content as it was at one moment, and the work on it that needs no database.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use answers::contents::Contents;
use clearing::{Address, Claims, Memory, Policy};
use ical::{Calendar as Objects, EditError, Edited, Editor, Moment, Zone, Zones};
use store::calendars::Calendar;
use store::objects::{self, Resource};
use store::pending::PendingRow;
use store::secrets::{hex, sha256};
use store::uid_metadata::UidMetadata;
use store::{Access, UserId, tokens, uid_metadata};

use crate::room::backend::Version;
use crate::room::edit_errors;
use crate::room::work::{Effort, work};
use crate::{Message, MessageId, Result};

/// What of a calendar may matter between two moments.
#[derive(Debug)]
pub struct Snapshot {
    /// The calendar's settings.
    pub calendar: Calendar,
    /// Its policy; priorities and protections are in it if it is to be cleared.
    pub policy: Policy,
    /// Its zone.
    pub zone: Zone,
    /// The texts of all resources, one behind the other.
    text: Vec<u8>,
    /// Where each ends in the text.
    ends: Vec<usize>,
    /// What is known of each beside its text.
    pub places: Vec<Place>,
    /// What the rules remember.
    pub memory: Memory,
    /// The addresses of those who booked, by UID.
    pub authors: HashMap<String, String>,
    /// The users who booked, by UID.
    pub author_users: HashMap<String, UserId>,
    /// The lines of a preview that a run is restricted to.
    pub only: Option<Arc<HashSet<String>>>,
    /// The pending removals of the calendar, if it is to be cleared.
    pub pending: Vec<PendingRow>,
    /// Whether a run carries out what is due of them, and nothing else.
    pub due_only: bool,
    /// Whether the contact address is to be sent the conflicts of the calendar, if it has any.
    pub is_report_due: bool,
    /// The places of invitations that the room has answered just as they are.
    pub answered: HashSet<String>,
    /// The UIDs of series that are being divided, and of their rests: both stand for a while.
    pub divided: HashSet<String>,
}

/// A resource without its text.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where it lies.
    pub href: String,
    /// Its ETag.
    pub etag: String,
}

/// The zone of a calendar; one that this version does not know is UTC.
pub(crate) fn zone_of(calendar: &Calendar) -> Zone {
    Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc)
}

/// The zones by which a calendar is read.
pub(crate) fn zones_of(calendar: &Calendar) -> Zones {
    Zones::new(zone_of(calendar)).with_unknown_zones(calendar.unknown_zones)
}

impl Snapshot {
    /// What of a calendar may have occurrences that overlap `[start, end)`.
    pub(crate) async fn between(
        access: &impl Access,
        calendar: &Calendar,
        start: Moment,
        end: Moment,
    ) -> Result<Snapshot> {
        let resources = objects::between(access, calendar.id, start.0, end.0).await?;
        let keys = resources.iter().map(|it| uid_metadata::key_of(&it.uid, &it.text).into_owned());
        let keys: Vec<String> = keys.collect();
        let known = uid_metadata::of_uids(access, calendar.id, &keys).await?;
        Snapshot::remembering(access, calendar, resources, known).await
    }

    /// The same without what the rules remember, for what only shows events: no plan can be made of it.
    pub(crate) async fn shown_between(
        access: &impl Access,
        calendar: &Calendar,
        start: Moment,
        end: Moment,
    ) -> Result<Snapshot> {
        let resources = objects::between(access, calendar.id, start.0, end.0).await?;
        let uids: Vec<&str> = resources.iter().map(|it| it.uid.as_str()).collect();
        let known = uid_metadata::authors_of_uids(access, calendar.id, &uids).await?;
        Ok(Snapshot::of(calendar, resources, known))
    }

    /// Resources without what is known of them, for the question whether hours are free.
    pub(crate) fn of_resources(calendar: &Calendar, resources: Vec<Resource>) -> Snapshot {
        Snapshot::of(calendar, resources, UidMetadata::default())
    }

    /// The resources of one UID.
    pub(crate) async fn of_uid(
        access: &impl Access,
        calendar: &Calendar,
        uid: &str,
    ) -> Result<Snapshot> {
        let resources = objects::by_uid(access, calendar.id, uid).await?;
        let known = uid_metadata::of_uid(access, calendar.id, uid).await?;
        Snapshot::remembering(access, calendar, resources, known).await
    }

    /// The resources with what is known of them. A claim belongs to the text that was recorded: what else
    /// lies there under its UID has its own, by its place, or none.
    async fn remembering(
        access: &impl Access,
        calendar: &Calendar,
        resources: Vec<Resource>,
        mut known: UidMetadata,
    ) -> Result<Snapshot> {
        tokens::remember(access, calendar.id, &mut known.memory).await?;
        // A token is bound to one event: of two of its UID, nobody knows which.
        let mut uids = HashSet::new();
        for it in &resources {
            if !uids.insert(it.uid.as_str()) {
                known.memory.bindings.remove(it.uid.as_str());
            }
        }
        // All texts are hashed for that, and none is expanded.
        let effort = Effort::of_bytes(resources.iter().map(|it| it.text.len()).sum());
        let (resources, mut known, mut claims, twins) =
            work(effort, (resources, known), |(resources, known)| {
                let (claims, twins) = recorded(&resources, &known);
                (resources, known, claims, twins)
            })
            .await?;
        if !twins.is_empty() {
            let keys: Vec<String> = twins.iter().map(|(_, key)| key.clone()).collect();
            let mut by_place = uid_metadata::of_uids(access, calendar.id, &keys).await?;
            for (index, key) in twins {
                let text = uid_metadata::digest(&resources[index].text);
                let is_recorded = by_place.claims_of.get(&key) == Some(&text);
                claims[index] = by_place.memory.claims.remove(&key).filter(|_| is_recorded);
            }
        }
        known.memory.of_resources = Some(claims);
        Ok(Snapshot::of(calendar, resources, known))
    }

    fn of(calendar: &Calendar, resources: Vec<Resource>, known: UidMetadata) -> Snapshot {
        let mut text = Vec::with_capacity(resources.iter().map(|it| it.text.len()).sum());
        let mut ends = Vec::with_capacity(resources.len());
        let mut places = Vec::with_capacity(resources.len());
        for Resource { href, etag, text: of_it, .. } in resources {
            text.extend_from_slice(&of_it);
            ends.push(text.len());
            places.push(Place { href, etag });
        }
        Snapshot {
            calendar: calendar.clone(),
            policy: calendar.plain_policy(),
            zone: zone_of(calendar),
            text,
            ends,
            places,
            memory: known.memory,
            authors: known.authors,
            author_users: known.author_users,
            only: None,
            pending: Vec::new(),
            due_only: false,
            is_report_due: false,
            answered: HashSet::new(),
            divided: HashSet::new(),
        }
    }

    /// Has the rules remember pending removals, by where their objects lie now.
    pub(crate) fn remember_pending(&mut self, rows: Vec<PendingRow>) {
        let by_href: HashMap<&str, usize> =
            self.places.iter().enumerate().map(|(index, it)| (it.href.as_str(), index)).collect();
        let resource = |row: &PendingRow| by_href.get(row.href.as_str()).copied();
        self.memory.pending = rows.iter().map(|row| row.pending(resource(row))).collect();
        self.pending = rows;
    }

    /// Has the rules remember which dates of half-answered invitations a run removes, by the places of these.
    pub(crate) fn remember_half_answered(&mut self, dates: &HashSet<(String, Moment)>) {
        let places = self.places.iter().enumerate();
        let of_place = |(index, place): (usize, &Place)| {
            let of_it = dates.iter().filter(move |(href, _)| *href == place.href);
            of_it.map(move |(_, original)| (index, *original)).collect::<Vec<_>>()
        };
        self.memory.half_answered = places.flat_map(of_place).collect();
    }

    /// The same with further texts, each with the place that its object would have.
    pub(crate) fn with_texts(
        mut self,
        texts: impl IntoIterator<Item = (String, Vec<u8>)>,
    ) -> Snapshot {
        for (href, text) in texts {
            self.text.extend_from_slice(&text);
            self.ends.push(self.text.len());
            self.places.push(Place { href, etag: String::new() });
        }
        self
    }

    /// The places whose text is not known: their server does not give it at present.
    pub(crate) fn places_without_text(&self) -> impl Iterator<Item = String> {
        let all = self.places.iter().enumerate();
        let without = all.filter(|(resource, _)| self.text_of(*resource).is_empty());
        without.map(|(_, place)| place.href.clone())
    }

    /// How much work its texts are.
    pub(crate) fn effort(&self) -> Effort {
        Effort::of(&self.text)
    }

    /// The text of a resource.
    pub(crate) fn text_of(&self, resource: usize) -> &[u8] {
        let start = if resource == 0 { 0 } else { self.ends[resource - 1] };
        &self.text[start..self.ends[resource]]
    }

    /// A resource as it was.
    pub(crate) fn version(&self, resource: usize) -> Version<'_> {
        let Place { href, etag } = &self.places[resource];
        Version { href, etag, text: self.text_of(resource) }
    }

    /// The version that a warning or a link is about: the SHA-256 of a resource's text, in hexadecimal digits.
    pub(crate) fn digest(&self, resource: usize) -> String {
        hex(&sha256(self.text_of(resource)))
    }

    /// A resource as it was, for itself.
    pub(crate) fn resource(&self, resource: usize) -> Resource {
        let Version { href, etag, text } = self.version(resource);
        Resource {
            href: href.to_owned(),
            uid: String::new(),
            etag: etag.to_owned(),
            text: text.to_vec(),
        }
    }

    /// The UIDs of the resources whose text is such a one.
    pub(crate) fn uids_where(&self, is_such: impl Fn(&[u8]) -> bool) -> HashSet<String> {
        let such: Vec<bool> = (0..self.ends.len()).map(|it| is_such(self.text_of(it))).collect();
        let calendar = Objects::parse_resources(&self.text, &self.ends);
        let objects = calendar.objects().iter().filter(|object| such[object.resource()]);
        objects.map(|object| object.uid().into_owned()).collect()
    }

    /// The room that it shows.
    pub(crate) fn contents(&self) -> Contents<'_> {
        let calendar = Objects::parse_resources(&self.text, &self.ends);
        let zones = zones_of(&self.calendar);
        let policy = self.policy.clone();
        let room = Contents::new(self.calendar.slug.clone(), calendar, zones, policy);
        room.booked_by(self.authors.clone(), self.author_users.clone())
    }
}

/// The claims of each resource whose text they were recorded of; and the others that have a UID, with the keys by
/// which they may have claims of their own.
fn recorded(
    resources: &[Resource],
    known: &UidMetadata,
) -> (Vec<Option<Claims>>, Vec<(usize, String)>) {
    let mut claims = Vec::with_capacity(resources.len());
    let mut twins = Vec::new();
    for (index, it) in resources.iter().enumerate() {
        let key = uid_metadata::key_of(&it.uid, &it.text);
        let of = known.claims_of.get(&*key);
        let is_recorded = of.is_some_and(|of| *of == uid_metadata::digest(&it.text));
        claims.push(known.memory.claims.get(&*key).filter(|_| is_recorded).cloned());
        if !is_recorded && !it.uid.is_empty() {
            twins.push((index, uid_metadata::key_of_place(&it.uid, &it.href)));
        }
    }
    (claims, twins)
}

/// Why occurrences cannot be removed from a calendar object resource.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CannotCancel {
    /// It is no iCalendar text.
    #[error(transparent)]
    NotCalendar(#[from] ical::NotCalendar),
    /// It holds more than one object.
    #[error("{}", MessageId::OtherEventsInObject)]
    OtherEvents,
    /// The object cannot be written without them.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl CannotCancel {
    /// What is said of it, with moments on the clock of the calendar.
    pub fn said(&self, calendar: &Calendar) -> Message {
        match self {
            CannotCancel::OtherEvents => MessageId::OtherEventsInObject.into(),
            CannotCancel::NotCalendar(why) => edit_errors::not_calendar(*why),
            CannotCancel::Edit(error) => edit_errors::edit_error(error, &zone_of(calendar)),
        }
    }
}

/// The text of a calendar object resource without some of its occurrences; `None` if nothing remains.
pub(crate) fn without(
    calendar: &Calendar,
    text: &[u8],
    originals: &[Moment],
    now: Moment,
) -> std::result::Result<Option<Vec<u8>>, CannotCancel> {
    let parsed = Objects::parse(text)?;
    let [object] = parsed.objects() else { return Err(CannotCancel::OtherEvents) };
    let room_address = calendar.room_address.as_deref().map(Address::new);
    let editor = Editor { now, room_address: room_address.as_ref().map(Address::as_str) };
    let mut zones = zones_of(calendar);
    match ical::cancel(&parsed, object, &mut zones, originals, &editor)? {
        Edited::Text(text) => Ok(Some(text)),
        Edited::NothingRemains => Ok(None),
    }
}
