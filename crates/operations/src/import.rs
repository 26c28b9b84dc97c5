//! Calendars from files, and into them.

use ical::{Budget, Calendar as Objects, Moment, Object, Window, Zones};
use store::audit::Actor;
use store::calendars::Calendar;
use store::history::{self, Cause, Kind, NewChange, Starter};
use store::{objects, secrets};

use crate::backend::{CalendarBackend as _, version_of};
use crate::built_in::{BuiltIn, Origin};
use crate::delete_event::{first_occurrences, new_removal};
use crate::detail::detail;
use crate::snapshot::{Snapshot, zone_of};
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
        let parsed =
            Objects::parse(file).map_err(|error| Error::invalid("file", Said::quoted(error)))?;
        let transaction = self.store.begin().await?;
        let backend = BuiltIn::lock(&transaction, calendar, now).await?;
        let is_empty = objects::count(&transaction, calendar.id).await? == 0;
        let origin = if is_empty { Origin::FirstImport } else { Origin::Written };
        let backend = backend.with_origin(origin);
        let mut imported = Imported::default();
        let mut reading = Reading::new(calendar, now);
        let count = parsed.objects().len();
        for (index, object) in parsed.objects().iter().enumerate() {
            on_object(index + 1, count);
            let text = ical::object_text(&parsed, object);
            let uid = object.uid();
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
                imported.note_unread(reading.error_of(&parsed, object));
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
                let removal = new_removal(Kind::Replaced, event, &[])?;
                history::insert_removal(&transaction, change, &removal).await?;
            }
            imported.replaced += 1;
            imported.note_unread(reading.error_of(&parsed, object));
        }
        let facts = [
            ("added", imported.added.to_string()),
            ("replaced", imported.replaced.to_string()),
            ("unchanged", imported.unchanged.to_string()),
            ("unreadable", imported.unreadable.to_string()),
        ];
        self.note(&transaction, actor, "file taken in", &calendar.slug, &detail(&facts)).await?;
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
}

/// Reads objects of a file as a run would read them now.
struct Reading {
    zones: Zones,
    window: Window,
}

impl Reading {
    fn new(calendar: &Calendar, now: Moment) -> Reading {
        let end = now.plus(i64::from(calendar.horizon_days) * ical::civil::DAY);
        Reading { zones: Zones::new(zone_of(calendar)), window: Window { start: now, end } }
    }

    /// What names an object and why it cannot be read, if it cannot.
    fn error_of(&mut self, file: &Objects<'_>, object: &Object<'_>) -> Option<(String, String)> {
        let (mut budget, mut found) = (Budget::new(), Vec::new());
        let read =
            ical::expand(file, object, &mut self.zones, self.window, &mut budget, &mut found);
        let error = read.err()?.to_string();
        Some((object.uid().chars().take(MAX_NAME).collect(), error))
    }
}

/// The place of an object without UID.
fn anonymous_href(text: &[u8]) -> String {
    let hash = secrets::sha256(text);
    let digits: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("no-uid-{digits}.ics")
}
