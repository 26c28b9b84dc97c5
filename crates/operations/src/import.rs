//! Calendars from files, and into them.

use std::sync::Arc;

use clearing::WarningKind;
use ical::{Budget, Calendar as Objects, Moment, Object, Unreadable, Window, Zones};
use store::audit::Actor;
use store::calendars::Calendar;
use store::history::{self, Cause, Kind, NewChange, Starter};
use store::{objects, secrets};

use crate::audit_trail::{Action, Entry, FactValue, Field};
use crate::backend::{CalendarBackend as _, version_of};
use crate::built_in::{BuiltIn, Origin};
use crate::delete_event::{first_occurrences, new_removal};
use crate::facts::Removal;
use crate::snapshot::{Snapshot, zones_of};
use crate::warnings::{Warning, detail as detail_of};
use crate::{Error, Result, Said, Sentence, Service, new_id};

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
    /// are, and take no time.
    pub unreadable: usize,
    /// Which those are, and why: at most 20 of them.
    pub unreadable_names: Vec<(String, String)>,
    /// How many warnings there are about the file and its objects: what was read, but perhaps not as its
    /// writer meant it.
    pub warned: usize,
    /// What those say: at most 20 of them.
    pub warnings: Vec<Warning>,
}

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
    /// [`Error::Invalid`] if it is no iCalendar file, or the calendar is on a server.
    pub async fn import(
        &self,
        actor: &Actor,
        calendar: &Calendar,
        file: &[u8],
        on_object: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Imported> {
        if calendar.backend.collection().is_some() {
            return Err(Error::invalid("calendar", Sentence::ImportOnServer));
        }
        let now = self.now();
        let file = ical::file_text(file);
        let parsed = Objects::parse(&file.text)
            .map_err(|error| Error::invalid("file", Said::quoted(error)))?;
        let transaction = self.store.begin().await?;
        let backend = BuiltIn::lock(&transaction, calendar, now).await?;
        let is_empty = objects::count(&transaction, calendar.id).await? == 0;
        let origin = if is_empty { Origin::FirstImport } else { Origin::Written };
        let backend = backend.with_origin(origin);
        let mut imported = Imported::default();
        let mut reading = Reading::new(calendar, &parsed, now);
        imported.note_of_file(&reading, file.warnings);
        let count = parsed.objects().len();
        for (index, object) in parsed.objects().iter().enumerate() {
            on_object(index + 1, count);
            let text = ical::object_text(&parsed, object);
            let uid = object.uid();
            let unread = imported.note_warnings(&mut reading, object);
            let there = match uid.as_ref() {
                // Nothing names it but its text: importing it twice is importing it once.
                "" => objects::by_href(&transaction, calendar.id, &anonymous_href(&text)).await?,
                uid => objects::by_uid(&transaction, calendar.id, uid).await?.into_iter().next(),
            };
            let Some(there) = there else {
                let href = match uid.as_ref() {
                    "" => anonymous_href(&text),
                    _ => format!("{}.ics", new_id()),
                };
                backend.create(&href, &text).await?;
                imported.added += 1;
                imported.note_unread(unread);
                continue;
            };
            if there.text == text {
                imported.unchanged += 1;
                continue;
            }
            let snapshot = Snapshot::of_uid(&transaction, calendar, &uid).await?;
            let shown = first_occurrences(&snapshot.room(), snapshot.places.len(), &uid);
            let etag = backend.replace(&version_of(&there), &text).await?;
            let change = NewChange {
                run: None,
                calendar: calendar.id,
                href: &there.href,
                uid: &uid,
                cause: Cause::Import,
                asked: Some(Starter::person(actor.user)),
                before: Some((&there.text, &there.etag)),
                after: Some((&text, Some(&etag))),
                now: now.0,
            };
            let change = history::insert_change(&transaction, &change).await?;
            if let Some(event) = shown.first() {
                let removal = Removal::by_hand(Kind::Replaced, event.clone());
                history::insert_removal(&transaction, change, &new_removal(&removal)?).await?;
            }
            imported.replaced += 1;
            imported.note_unread(unread);
        }
        let entry = Entry::new(Action::FileImported, &calendar.slug)
            .with(Field::Added, FactValue::number(imported.added))
            .with(Field::Replaced, FactValue::number(imported.replaced))
            .with(Field::Unchanged, FactValue::number(imported.unchanged))
            .with(Field::Unreadable, FactValue::number(imported.unreadable));
        self.note(&transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(imported)
    }

    /// The content of a calendar as one iCalendar file.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the calendar's server does not do its part.
    pub async fn export(&self, calendar: &Calendar) -> Result<Vec<u8>> {
        self.look_before_reading(calendar).await?;
        let resources = objects::all(&self.store, calendar.id).await?;
        let texts: Vec<&[u8]> = resources.iter().map(|it| it.text.as_slice()).collect();
        Ok(ical::join(&texts))
    }
}

impl Imported {
    fn note_unread(&mut self, unread: Option<(String, String)>) {
        let Some(unread) = unread else { return };
        self.unreadable += 1;
        if self.unreadable_names.len() < MAX_NAMED {
            self.unreadable_names.push(unread);
        }
    }

    /// Notes what there is to say about the file as a whole, by its first object.
    fn note_of_file(&mut self, reading: &Reading<'_, '_>, warnings: Vec<ical::Warning>) {
        let first = reading.file.objects().first().map(|it| name_of(it)).unwrap_or_default();
        warnings.into_iter().for_each(|it| self.note_warning(reading, first.clone(), it));
    }

    /// Reads an object and notes what there is to say about it; what names it and why it cannot be read,
    /// if it cannot.
    fn note_warnings(
        &mut self,
        reading: &mut Reading<'_, '_>,
        object: &Object<'_>,
    ) -> Option<(String, String)> {
        match reading.read(object) {
            Ok(warnings) => {
                let name = name_of(object);
                warnings.into_iter().for_each(|it| self.note_warning(reading, name.clone(), it));
                None
            }
            Err(error) => Some((name_of(object), error.to_string())),
        }
    }

    fn note_warning(&mut self, reading: &Reading<'_, '_>, object: String, it: ical::Warning) {
        self.warned += 1;
        if self.warnings.len() < MAX_NAMED {
            let kind = WarningKind::from(it);
            self.warnings.push(Warning {
                calendar: Arc::clone(&reading.slug),
                object,
                code: kind.code(),
                detail: detail_of(reading.file, reading.zones.calendar_zone(), &kind),
            });
        }
    }
}

/// What names an object.
fn name_of(object: &Object<'_>) -> String {
    object.uid().chars().take(MAX_NAME).collect()
}

/// Reads objects of a file as a run would read them now.
struct Reading<'f, 't> {
    file: &'f Objects<'t>,
    slug: Arc<str>,
    zones: Zones,
    window: Window,
}

impl<'f, 't> Reading<'f, 't> {
    fn new(calendar: &Calendar, file: &'f Objects<'t>, now: Moment) -> Reading<'f, 't> {
        let end = now.plus(i64::from(calendar.horizon_days) * ical::civil::DAY);
        Reading {
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
