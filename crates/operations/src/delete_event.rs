//! Deleting an event by its id.

use ical::{Budget, EditError, Moment, Window};
use store::calendars::Calendar;
use store::history::{self, Cause, Kind, NewChange, NewRemoval, Starter};

use crate::backend::{BackendError, CalendarBackend as _};
use crate::built_in::BuiltIn;
use crate::change_event::no_occurrence;
use crate::change_on_server::{Made, ServerChange};
use crate::changes::decision::Decision;
use crate::facts::{Event, Removal};
use crate::intent::Intent;
use crate::leases::Lease;
use crate::list_events::{expand, no_event};
use crate::mirror::Freshness;
use crate::on_server::OnServer;
use crate::room::{EventView, Room};
use crate::snapshot::{CannotCancel, Snapshot, without};
use crate::{Caller, Error, Result, Sentence, Service};

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
        if calendar.backend.collection().is_some() {
            let (service, calendar) = (self.clone(), calendar.clone());
            let (asked, uid) = (caller.starter(), uid.to_owned());
            return self
                .to_the_end(async move { service.delete_on_server(asked, &calendar, &uid).await })
                .await;
        }
        let now = self.now();
        let transaction = self.store.begin().await?;
        let backend = BuiltIn::lock(&transaction, calendar, now).await?;
        let snapshot = Snapshot::of_uid(&transaction, calendar, uid).await?;
        if uid.is_empty() || snapshot.places.is_empty() {
            return Err(no_event(calendar, uid));
        }
        let shown = first_occurrences(&snapshot.room(), snapshot.places.len(), uid);
        for (index, event) in shown.iter().enumerate() {
            let version = snapshot.version(index);
            let change = NewChange {
                run: None,
                calendar: calendar.id,
                href: version.href,
                uid,
                cause: Cause::Request,
                asked: Some(caller.starter()),
                before: Some((version.text, version.etag)),
                after: None,
                now: now.0,
            };
            let change = history::insert_change(&transaction, &change).await?;
            let removal = Removal::by_hand(Kind::DeletedByRequest, event.clone());
            history::insert_removal(&transaction, change, &new_removal(&removal)?).await?;
            backend.delete(&version).await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn delete_on_server(&self, asked: Starter, calendar: &Calendar, uid: &str) -> Result<()> {
        let server = self.on_server(calendar).await?;
        if Snapshot::of_uid(&self.store, calendar, uid).await?.places.is_empty() {
            // It may be newer than the mirror.
            self.look(&server, Freshness::Now).await?;
        }
        let lease = self.calendar_lease(calendar).await?;
        let deleted = self.delete_all_of(&server, &lease, asked, uid).await;
        lease.end().await;
        deleted
    }

    /// Deletes the resources of a UID, in whatever version they are: that is what was asked for.
    async fn delete_all_of(
        &self,
        server: &OnServer,
        lease: &Lease,
        asked: Starter,
        uid: &str,
    ) -> Result<()> {
        let calendar = &server.calendar;
        // What a run has taken out already, without anybody seeing it, does not go once more.
        let in_doubt = self.settle_calendar(server).await?;
        for tries in 1..=MAX_TRIES {
            let snapshot = Snapshot::of_uid(&self.store, calendar, uid).await?;
            if uid.is_empty() || (snapshot.places.is_empty() && tries == 1) {
                return Err(no_event(calendar, uid));
            }
            let own: Vec<String> = snapshot.places.iter().map(|it| it.href.clone()).collect();
            if own.iter().any(|it| in_doubt.contains(it))
                && !self.is_only_asked_again(server, &own).await?
            {
                return Err(Error::Conflict(Sentence::EarlierChangeUnknown.into()));
            }
            let decided = Decision::now(&self.clock);
            let shown = first_occurrences(&snapshot.room(), snapshot.places.len(), uid);
            let mut is_changed = false;
            for (index, event) in shown.into_iter().enumerate() {
                let version = snapshot.version(index);
                if server.hides(version.text) {
                    return Err(BackendError::Refused(Sentence::HiddenPart.into()).into());
                }
                let change = ServerChange {
                    run: None,
                    cause: Cause::Request,
                    asked: Some(asked),
                    href: version.href,
                    uid,
                    before: Some(version),
                    after: None,
                    intent: Intent::Request(Removal::by_hand(Kind::DeletedByRequest, event)),
                    decided,
                };
                match self.change_on_server(server, &[lease], &change).await? {
                    Made::Done { .. } => {}
                    Made::Refused(words) => return Err(BackendError::Refused(words).into()),
                    Made::Changed | Made::Late => is_changed = true,
                    Made::InDoubt => {
                        return Err(Error::Conflict(Sentence::EarlierChangeUnknown.into()));
                    }
                }
            }
            if !is_changed {
                return Ok(());
            }
        }
        Err(Error::Conflict(Sentence::ChangedAllTheWhile.into()))
    }
}

impl Service {
    /// Whether all that is in doubt of these places is a deletion that somebody asked for: that may be
    /// asked for again, under the same version.
    async fn is_only_asked_again(&self, server: &OnServer, places: &[String]) -> Result<bool> {
        let in_doubt = history::unsettled(&self.store, server.calendar.id).await?;
        let mut changes = in_doubt.iter().map(|it| &it.change);
        Ok(changes.all(|it| {
            let is_request = it.cause == Cause::Request.as_str() && it.after_text.is_none();
            is_request || !places.contains(&it.href)
        }))
    }

    /// Cancels one occurrence of an event, by its original start, as a run does (rule 6): the series lives
    /// on, and what would have no occurrence left is deleted. It is kept in the history, from where it can
    /// be put back, and nobody is written to.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the calendar holds none of that UID, or it has no such occurrence;
    /// [`Error::Conflict`] if it cannot be written without it.
    pub async fn delete_occurrence(
        &self,
        caller: &Caller,
        calendar: &Calendar,
        uid: &str,
        original: Moment,
    ) -> Result<()> {
        let asked = caller.starter();
        if calendar.backend.collection().is_some() {
            let (service, calendar, uid) = (self.clone(), calendar.clone(), uid.to_owned());
            return self
                .to_the_end(async move {
                    let server = service.on_server(&calendar).await?;
                    let lease = service.calendar_lease(&calendar).await?;
                    let done = service.cancel_on_server(&server, &lease, asked, &uid, original);
                    let done = done.await;
                    lease.end().await;
                    done
                })
                .await;
        }
        let now = self.now();
        let transaction = self.store.begin().await?;
        let backend = BuiltIn::lock(&transaction, calendar, now).await?;
        let snapshot = Snapshot::of_uid(&transaction, calendar, uid).await?;
        let Cancelling { event, text, kind } = Cancelling::of(&snapshot, uid, original, now)?;
        let version = snapshot.version(0);
        let etag = match &text {
            Some(text) => Some(backend.replace(&version, text).await?),
            None => {
                backend.delete(&version).await?;
                None
            }
        };
        let change = NewChange {
            run: None,
            calendar: calendar.id,
            href: version.href,
            uid,
            cause: Cause::Request,
            asked: Some(asked),
            before: Some((version.text, version.etag)),
            after: text.as_deref().map(|text| (text, etag.as_deref())),
            now: now.0,
        };
        let change = history::insert_change(&transaction, &change).await?;
        let removal = new_removal(&Removal::by_hand(kind, event))?;
        history::insert_removal(&transaction, change, &removal).await?;
        Ok(transaction.commit().await?)
    }

    async fn cancel_on_server(
        &self,
        server: &OnServer,
        lease: &Lease,
        asked: Starter,
        uid: &str,
        original: Moment,
    ) -> Result<()> {
        let in_doubt = self.settle_calendar(server).await?;
        for _ in 0..MAX_TRIES {
            self.look(server, Freshness::Now).await?;
            let decided = Decision::now(&self.clock);
            let snapshot = Snapshot::of_uid(&self.store, &server.calendar, uid).await?;
            let cancelling = Cancelling::of(&snapshot, uid, original, self.now())?;
            let Cancelling { event, text, kind } = cancelling;
            let version = snapshot.version(0);
            if in_doubt.iter().any(|href| href == version.href) {
                return Err(Error::Conflict(Sentence::EarlierChangeUnknown.into()));
            }
            if server.hides(version.text) {
                return Err(BackendError::Refused(Sentence::HiddenPart.into()).into());
            }
            let change = ServerChange {
                run: None,
                cause: Cause::Request,
                asked: Some(asked),
                href: version.href,
                uid,
                before: Some(version),
                after: text.as_deref(),
                intent: Intent::Request(Removal::by_hand(kind, event)),
                decided,
            };
            match self.change_on_server(server, &[lease], &change).await? {
                Made::Done { change, is_version_known } => {
                    let rewrites = server.collection.quirks().rewrites_bodies;
                    if text.is_some() && (!is_version_known || rewrites) {
                        self.read_back(server, &[(change, version.href.to_owned())]).await?;
                    }
                    return Ok(());
                }
                Made::Refused(words) => return Err(BackendError::Refused(words).into()),
                Made::InDoubt => {
                    return Err(Error::Conflict(Sentence::EarlierChangeUnknown.into()));
                }
                Made::Changed | Made::Late => {}
            }
        }
        Err(Error::Conflict(Sentence::ChangedAllTheWhile.into()))
    }
}

/// The cancelling of one occurrence, worked out.
struct Cancelling {
    /// The occurrence as it was.
    event: Event,
    /// The object without it; `None` where nothing is left.
    text: Option<Vec<u8>>,
    kind: Kind,
}

impl Cancelling {
    fn of(snapshot: &Snapshot, uid: &str, original: Moment, now: Moment) -> Result<Cancelling> {
        let calendar = &snapshot.calendar;
        if uid.is_empty() || snapshot.places.is_empty() {
            return Err(no_event(calendar, uid));
        }
        let text = snapshot.text_of(0);
        let missing = |error: &CannotCancel| {
            matches!(error, CannotCancel::Edit(EditError::NoSuchInstance(_)))
        };
        let room = snapshot.room();
        let event = occurrence_of(&room, original).ok_or_else(|| no_occurrence(uid))?;
        let text = match without(calendar, text, &[original], now) {
            Ok(text) => text,
            Err(error) if missing(&error) => return Err(no_occurrence(uid)),
            Err(error) => return Err(Error::Conflict(error.said())),
        };
        let kind = match text {
            Some(_) => Kind::CancelledByRequest,
            None => Kind::DeletedByRequest,
        };
        Ok(Cancelling { event, text, kind })
    }
}

/// The occurrence of an original start of a room with one object.
pub(crate) fn occurrence_of(room: &Room<'_>, original: Moment) -> Option<Event> {
    let calendar = &room.calendar;
    let object = calendar.objects().first()?;
    let mut zones = ical::Zones::new(room.zones.calendar_zone().clone());
    let times = ical::times(calendar, object, &mut zones, Some(original)).ok()?;
    let zone = room.zones.calendar_zone();
    let (start, end) = match times {
        ical::NewTimes::Timed { start, end } => (start, end),
        ical::NewTimes::AllDay { first, end } => {
            let midnight = |day| zone.moment(ical::civil::Civil::midnight(day));
            (midnight(first), midnight(end))
        }
    };
    let window = Window { start, end: end.max(start.plus(1)) };
    let mut found = expand(room, window).into_iter();
    let found = found.find(|it| it.occurrence.original == original);
    found.map(Event::from)
}

/// How often an event is read again that others change while it is deleted.
pub(crate) const MAX_TRIES: usize = 3;

/// A line of the history about an event that goes.
pub(crate) fn new_removal(removal: &Removal) -> Result<NewRemoval> {
    let Removal { kind, event, .. } = removal;
    Ok(NewRemoval {
        kind: *kind,
        uid: event.uid.clone(),
        name: event.name.clone(),
        organizer: event.organizer.clone(),
        is_private: event.privacy.is_private,
        original: event.original.0,
        starts_at: event.start.0,
        ends_at: event.end.0,
        fact: removal.to_json()?,
        untold: None,
    })
}

/// For each resource its first occurrence, as the history shows it; where it has none or cannot be
/// read, what little is known.
pub(crate) fn first_occurrences(room: &Room<'_>, resources: usize, uid: &str) -> Vec<Event> {
    let zone = room.zones.calendar_zone().clone();
    let nothing = Event { uid: uid.to_owned(), zone, ..Event::default() };
    let mut shown = vec![nothing; resources];
    let mut zones = room.fresh_zones();
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
pub(crate) const FIRST_YEARS: i64 = 3_653 * ical::civil::DAY;
