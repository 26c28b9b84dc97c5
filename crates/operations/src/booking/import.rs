//! Calendars from files, and into them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use answers::occurrences::first_occurrences;
use answers::warnings::{Warning, detail as detail_of};
use clearing::WarningKind;
use facts::audit::{Action, Entry, FactValue, Field};
use facts::{Removal, RemovalKind, new_id};
use ical::{Budget, Calendar as Objects, Moment, Object, Unreadable, Window, Zones};
use store::audit::Actor;
use store::calendars::Calendar;
use store::history::{Cause, Starter};
use store::{Access, Transaction, objects, secrets};

use crate::changes::apply::{Act, Decided, Reading, Reads};
use crate::changes::change::{By, Change};
use crate::changes::intent::Intent;
use crate::room::Room;
use crate::room::edit_errors;
use crate::room::snapshot::{Snapshot, zones_of};
use crate::{Error, Message, MessageId, Result, Service};

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Objects that are new.
    pub added: usize,
    /// Objects that were there in another version, which the history keeps.
    pub replaced: usize,
    /// Objects that were there as they are.
    pub unchanged: usize,
    /// How many of the new ones and of the replacing ones no run can make sense of: they are kept as they
    /// are; only where the room is asked to be free, their presumed times count.
    pub unreadable: usize,
    /// Which those are, and why: at most 20 of them.
    pub unreadable_names: Vec<(String, Message)>,
    /// How many warnings there are about the file and its objects: what was read, but perhaps not as its
    /// writer meant it.
    pub warned: usize,
    /// What those say: at most 20 of them.
    pub warnings: Vec<Warning>,
}

/// UIDs that are looked up at once.
const LOOKED_UP_AT_ONCE: usize = 500;
/// Objects that cannot be read and are named.
const MAX_NAMED: usize = 20;
/// The most characters of such a name.
const MAX_NAME: usize = 100;

impl Service {
    /// Takes the events of an iCalendar file into a built-in calendar, all of them or none. One whose
    /// UID is there is replaced.
    ///
    /// The audit trail has how many came of what, and the history what was replaced.
    ///
    /// `on_object` is called for each, for a progress bar.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if it is no iCalendar file, [`Error::Conflict`] if the calendar is on a server.
    pub async fn import(
        &self,
        actor: &Actor,
        calendar: &Calendar,
        file: &[u8],
        on_object: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Imported> {
        match self.open(calendar).await? {
            Room::BuiltIn(_) => {}
            Room::OnServer(_) => {
                return Err(Error::Conflict(MessageId::import_on_server(&calendar.slug)));
            }
        }
        let file = ical::file_text(file);
        let parsed = Objects::parse(&file.text)
            .map_err(|error| Error::invalid("file", edit_errors::not_calendar(error)))?;
        let act = Import { actor, parsed: &parsed, of_file: &file.warnings, on_object };
        self.apply_locally(calendar, &act).await
    }

    /// The content of a calendar as one iCalendar file.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the request to the calendar's server fails.
    pub async fn export(&self, calendar: &Calendar) -> Result<Vec<u8>> {
        self.ensure_synced_for_reading(calendar).await?;
        let resources = objects::all(&self.store, calendar.id).await?;
        let texts: Vec<&[u8]> = resources.iter().map(|it| it.text.as_slice()).collect();
        Ok(ical::join(&texts))
    }
}

/// Takes the events of a file into a calendar.
struct Import<'i> {
    actor: &'i Actor,
    parsed: &'i Objects<'i>,
    of_file: &'i [ical::Warning],
    on_object: &'i (dyn Fn(usize, usize) + Sync),
}

impl Act for Import<'_> {
    type Seen = Imported;
    type Answer = Imported;

    fn by(&self) -> By {
        By::request(Cause::Import, Starter::person(self.actor.user))
    }

    fn reads(&self) -> Reads {
        Reads::Calendar
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<Imported>> {
        let Reading { access, calendar, now, .. } = reading;
        let is_first = objects::count(access, calendar.id).await? == 0;
        let mut imported = Imported::default();
        let mut of_objects = ObjectReader::new(calendar, self.parsed, now);
        imported.note_of_file(&of_objects, self.of_file.to_vec());
        let count = self.parsed.objects().len();
        let mut changes: Vec<Change> = Vec::new();
        // An event without UID is identified by its text: importing it twice is importing it once.
        let mut places = HashSet::new();
        let mut there_by_uid = HashMap::new();
        for (index, object) in self.parsed.objects().iter().enumerate() {
            (self.on_object)(index + 1, count);
            if index % LOOKED_UP_AT_ONCE == 0 && !is_first {
                let part = self.parsed.objects()[index..].iter().take(LOOKED_UP_AT_ONCE);
                let uids: Vec<_> = part.map(|it| it.uid()).collect();
                let uids: Vec<&str> =
                    uids.iter().map(AsRef::as_ref).filter(|uid: &&str| !uid.is_empty()).collect();
                there_by_uid = objects::first_of_uids(access, calendar.id, &uids).await?;
            }
            let text = ical::object_text(self.parsed, object);
            let uid = object.uid();
            let unread = imported.note_warnings(&mut of_objects, object);
            let href = match uid.as_ref() {
                "" => anonymous_href(&text),
                _ => format!("{}.ics", new_id()),
            };
            let there = match uid.as_ref() {
                _ if is_first => None,
                "" => objects::by_href(access, calendar.id, &href).await?,
                uid => there_by_uid.remove(uid),
            };
            let href = there.as_ref().map_or(href, |it| it.href.clone());
            let is_twice = !places.insert(href.clone());
            if is_twice || there.as_ref().is_some_and(|it| it.text == text) {
                imported.unchanged += 1;
                continue;
            }
            let mut replaced = None;
            match &there {
                None => imported.added += 1,
                Some(_) => {
                    imported.replaced += 1;
                    let snapshot = Snapshot::of_uid(access, calendar, &uid).await?;
                    let resources = snapshot.places.len();
                    let shown = first_occurrences(&snapshot.contents(), resources, &uid);
                    let first = shown.into_iter().next();
                    replaced = first.map(|event| Removal::by_hand(RemovalKind::Replaced, event));
                }
            }
            imported.note_unread(unread);
            changes.push(Change {
                href,
                uid: uid.into_owned(),
                before: there,
                after: Some(text),
                intent: Intent::Import { is_first, replaced },
                was_free: false,
            });
        }
        Ok(Decided { changes, needs: None, seen: imported })
    }

    async fn record(
        &self,
        service: &Service,
        transaction: &Transaction,
        calendar: &Calendar,
        imported: &Imported,
    ) -> Result<()> {
        let entry = Entry::new(Action::FileImported, &calendar.slug)
            .with(Field::Added, FactValue::number(imported.added))
            .with(Field::Replaced, FactValue::number(imported.replaced))
            .with(Field::Unchanged, FactValue::number(imported.unchanged))
            .with(Field::Unreadable, FactValue::number(imported.unreadable));
        service.people().note(transaction, self.actor, entry).await
    }

    async fn answer<A: Access>(&self, _: &A, _: &Calendar, imported: Imported) -> Result<Imported> {
        Ok(imported)
    }
}

impl Imported {
    fn note_unread(&mut self, unread: Option<(String, Message)>) {
        let Some(unread) = unread else { return };
        self.unreadable += 1;
        if self.unreadable_names.len() < MAX_NAMED {
            self.unreadable_names.push(unread);
        }
    }

    /// Notes what there is to say about the file as a whole, by its first object.
    fn note_of_file(&mut self, reading: &ObjectReader<'_, '_>, warnings: Vec<ical::Warning>) {
        let first = reading.file.objects().first().map(|it| name_of(it)).unwrap_or_default();
        warnings.into_iter().for_each(|it| self.note_warning(reading, first.clone(), it));
    }

    /// Reads an object and notes what there is to say about it; what names it and why it cannot be read,
    /// if it cannot.
    fn note_warnings(
        &mut self,
        reading: &mut ObjectReader<'_, '_>,
        object: &Object<'_>,
    ) -> Option<(String, Message)> {
        match reading.read(object) {
            Ok(warnings) => {
                let name = name_of(object);
                warnings.into_iter().for_each(|it| self.note_warning(reading, name.clone(), it));
                None
            }
            Err(error) => Some((name_of(object), wording::unreadable(&error))),
        }
    }

    fn note_warning(&mut self, reading: &ObjectReader<'_, '_>, object: String, it: ical::Warning) {
        self.warned += 1;
        if self.warnings.len() < MAX_NAMED {
            let kind = WarningKind::from(it);
            self.warnings.push(Warning {
                calendar: Arc::clone(&reading.slug),
                object,
                code: kind.code(),
                detail: detail_of(reading.file, reading.zones.calendar_zone(), &kind),
                // The person who imports a file has read it.
                is_private: false,
            });
        }
    }
}

/// What names an object.
fn name_of(object: &Object<'_>) -> String {
    object.uid().chars().take(MAX_NAME).collect()
}

/// Reads objects of a file as a run would read them now.
struct ObjectReader<'f, 't> {
    file: &'f Objects<'t>,
    slug: Arc<str>,
    zones: Zones,
    window: Window,
}

impl<'f, 't> ObjectReader<'f, 't> {
    fn new(calendar: &Calendar, file: &'f Objects<'t>, now: Moment) -> ObjectReader<'f, 't> {
        let end = now.plus(i64::from(calendar.horizon_days) * ical::civil::DAY);
        ObjectReader {
            file,
            slug: calendar.slug.as_str().into(),
            zones: zones_of(calendar),
            window: Window { start: now, end },
        }
    }

    /// What there is to say about an object, or why it cannot be read.
    fn read(&mut self, object: &Object<'_>) -> std::result::Result<Vec<ical::Warning>, Unreadable> {
        let (mut budget, mut found) = (Budget::new(), Vec::new());
        let zones = &mut self.zones;
        ical::expand(self.file, object, zones, self.window, &mut budget, &mut found)?;
        Ok(ical::warnings(self.file, object, zones))
    }
}

/// The place of an object without UID.
fn anonymous_href(text: &[u8]) -> String {
    let hash = secrets::sha256(text);
    let digits: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("no-uid-{digits}.ics")
}
