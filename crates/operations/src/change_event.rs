//! Changing an event, or one occurrence of a series.

use ical::{Calendar as Objects, Changes, EditError, Editor, Moment, NewTimes, Window, Zones};
use store::calendars::Calendar;
use store::history::{self, Cause, Kind, NewChange, Starter};
use store::{Access, calendars};

use crate::backend::{BackendError, CalendarBackend as _};
use crate::built_in::BuiltIn;
use crate::change_on_server::{Made, ServerChange};
use crate::changes::decision::Decision;
use crate::create_event::{
    InTheWay, WhenTaken, check_clock, check_description, check_event_name, read_times,
};
use crate::delete_event::{FIRST_YEARS, MAX_TRIES, first_occurrences, new_removal};
use crate::facts::{Event, Removal};
use crate::intent::Intent;
use crate::leases::Lease;
use crate::list_events::{expand, no_event};
use crate::mirror::Freshness;
use crate::on_server::OnServer;
use crate::room::ListedEvent;
use crate::snapshot::{Snapshot, zone_of};
use crate::{Caller, Error, Reader, Result, Said, Sentence, Service, time};

/// What is to change of an event, as it was sent; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct RequestedChange {
    /// What it is called.
    pub name: Option<String>,
    /// An ISO 8601 date-time, or a date. Of a series, when its first instance begins.
    pub start: Option<String>,
    /// Likewise; exclusive.
    pub end: Option<String>,
    /// Any text; an empty one takes the description away.
    pub description: Option<String>,
}

/// A change that somebody asks for.
#[derive(Clone, Debug)]
pub struct ChangeRequest {
    /// The event's UID.
    pub uid: String,
    /// What is to change.
    pub change: RequestedChange,
    /// Of a series only the occurrence of this original start.
    pub occurrence: Option<Moment>,
    /// What to do where the room is taken; the event itself does not count.
    pub when_taken: WhenTaken,
    /// Versions (ETags) of which the event has to be one.
    pub if_match: Option<Vec<String>>,
}

impl Service {
    /// Changes an event, or one occurrence of it. The object as it was is in the history. The answer is the
    /// event as lists show it, as JSON, as far as the caller may see it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] for an event or an occurrence that the calendar does not hold;
    /// [`Error::Invalid`] for values out of their bounds; [`Error::Outdated`] if it is none of the versions
    /// that the caller goes by; [`Error::Taken`] if it is to be refused where the room is taken;
    /// [`Error::Conflict`] for what only the organizer can change. Nothing is changed then.
    pub async fn change_event(
        &self,
        caller: &Caller,
        calendar: &Calendar,
        request: ChangeRequest,
    ) -> Result<Vec<u8>> {
        let reader = caller.reader();
        let (service, calendar) = (self.clone(), calendar.clone());
        let asked = caller.starter();
        let of_reader = reader.clone();
        let changed = match calendar.backend.collection() {
            None => service.change_built_in(asked, &calendar, &request, &reader).await,
            Some(_) => {
                self.to_the_end(async move {
                    service.change_remote(asked, &calendar, &request, &of_reader).await
                })
                .await
            }
        };
        changed.map_err(|error| reader.shown_error(error))
    }

    async fn change_built_in(
        &self,
        asked: Starter,
        calendar: &Calendar,
        request: &ChangeRequest,
        reader: &Reader,
    ) -> Result<Vec<u8>> {
        let now = self.now();
        let transaction = self.store.begin().await?;
        let backend = BuiltIn::lock(&transaction, calendar, now).await?;
        let snapshot = Snapshot::of_uid(&transaction, calendar, &request.uid).await?;
        let plan = Plan::of(&snapshot, request, now)?;
        self.check_still_free(&transaction, calendar, request, &plan, now).await?;
        let version = snapshot.version(0);
        let etag = backend.replace(&version, &plan.text).await?;
        let change = NewChange {
            run: None,
            calendar: calendar.id,
            href: version.href,
            uid: &request.uid,
            cause: Cause::Request,
            asked: Some(asked),
            before: Some((version.text, version.etag)),
            after: Some((&plan.text, Some(&etag))),
            now: now.0,
        };
        let change = history::insert_change(&transaction, &change).await?;
        let removal = Removal::by_hand(Kind::Changed, plan.before.clone());
        history::insert_removal(&transaction, change, &new_removal(&removal)?).await?;
        let after = Snapshot::of_uid(&transaction, calendar, &request.uid).await?;
        let answer = plan.answer(&after, reader)?;
        transaction.commit().await?;
        Ok(answer)
    }

    async fn change_remote(
        &self,
        asked: Starter,
        calendar: &Calendar,
        request: &ChangeRequest,
        reader: &Reader,
    ) -> Result<Vec<u8>> {
        let server = self.on_server(calendar).await?;
        // Exclusive among those who book, so that two do not move to the same hour.
        let booking = match request.when_taken {
            WhenTaken::Book => None,
            WhenTaken::Refuse => {
                let lease = self.lease(&format!("booking {}", calendar.id)).await?;
                Some(lease.ok_or_else(|| Error::Busy(Sentence::OthersBook.into()))?)
            }
        };
        let lease = self.calendar_lease(calendar).await?;
        let leases: Vec<&Lease> = booking.iter().chain([&lease]).collect();
        let changed = self.change_under(&server, &leases, asked, request, reader).await;
        lease.end().await;
        if let Some(booking) = booking {
            booking.end().await;
        }
        changed
    }

    async fn change_under(
        &self,
        server: &OnServer,
        leases: &[&Lease],
        starter: Starter,
        request: &ChangeRequest,
        reader: &Reader,
    ) -> Result<Vec<u8>> {
        let calendar = &server.calendar;
        let in_doubt = self.settle_calendar(server).await?;
        for _ in 0..MAX_TRIES {
            self.look(server, Freshness::Now).await?;
            let asked = self.clock.instant();
            let now = self.now();
            let snapshot = Snapshot::of_uid(&self.store, calendar, &request.uid).await?;
            let plan = Plan::of(&snapshot, request, now)?;
            let version = snapshot.version(0);
            if in_doubt.iter().any(|href| href == version.href) {
                return Err(Error::Conflict(Sentence::EarlierChangeUnknown.into()));
            }
            if server.hides(version.text) {
                return Err(BackendError::Refused(Sentence::HiddenPart.into()).into());
            }
            self.check_may_change(server, version.text).await?;
            if request.when_taken != WhenTaken::Book {
                // The mirror may lack what the server holds at that time.
                let window = plan.window(now, calendar.horizon_days);
                self.fetch_interval(server, window).await?;
            }
            let decided = Decision::resting_on(&self.clock, asked);
            self.check_still_free(&self.store, calendar, request, &plan, now).await?;
            let change = ServerChange {
                run: None,
                cause: Cause::Request,
                asked: Some(starter),
                href: version.href,
                uid: &request.uid,
                before: Some(version),
                after: Some(&plan.text),
                intent: Intent::Request(Removal::by_hand(Kind::Changed, plan.before.clone())),
                decided,
            };
            match self.change_on_server(server, leases, &change).await? {
                Made::Done { change, is_version_known } => {
                    if !is_version_known || server.collection.quirks().rewrites_bodies {
                        self.read_back(server, &[(change, version.href.to_owned())]).await?;
                    }
                    let after = Snapshot::of_uid(&self.store, calendar, &request.uid).await?;
                    return plan.answer(&after, reader);
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

    /// Makes sure that the room may change an object at all: on a server that schedules, one whose
    /// ORGANIZER is not the room can only be answered, cancelled or removed (RFC 6638 section 3.2.2.1).
    pub(crate) async fn check_may_change(&self, server: &OnServer, text: &[u8]) -> Result<()> {
        let room = server.calendar.room_address.as_deref().map(clearing::Address::new);
        let is_others = Objects::parse(text).is_ok_and(|objects| {
            let mut events = objects.objects().iter().flat_map(|it| objects.events_of(it));
            events.any(|event| match event.organizer() {
                Some(organizer) => Some(clearing::Address::new(&organizer)) != room,
                None => event.has_organizer(),
            })
        });
        if !is_others {
            return Ok(());
        }
        match server.collection.properties().await {
            Ok(properties) if properties.server.schedules() => {
                Err(Error::Conflict(Sentence::OnlyOrganizer.into()))
            }
            Ok(_) => Ok(()),
            Err(error) => Err(server.error(&error).await),
        }
    }

    async fn check_still_free(
        &self,
        access: &impl Access,
        calendar: &Calendar,
        request: &ChangeRequest,
        plan: &Plan,
        now: Moment,
    ) -> Result<()> {
        if request.when_taken == WhenTaken::Book {
            return Ok(());
        }
        let current = calendars::by_id(access, calendar.id).await?;
        let current = current.unwrap_or_else(|| calendar.clone());
        let window = plan.window(now, current.horizon_days);
        let own = InTheWay {
            text: &plan.text,
            uid: Some(&request.uid),
            only: (!plan.is_series).then_some(plan.lies),
        };
        self.check_free(access, &current, own, window).await
    }
}

/// A change that was worked out.
struct Plan {
    /// The object after it.
    text: Vec<u8>,
    /// What is changed, as it was.
    before: Event,
    /// Whether all of a series is changed.
    is_series: bool,
    /// When it, or the first of the series, takes place then.
    lies: (Moment, Moment),
    /// The original start of what is changed.
    original: Option<Moment>,
}

impl Plan {
    /// Where it has to be free: of a series, from `now` to the horizon.
    fn window(&self, now: Moment, horizon_days: u32) -> Window {
        let horizon = now.plus(i64::from(horizon_days) * ical::civil::DAY);
        match (self.is_series, self.lies) {
            // What is over is in nobody's way.
            (true, (start, end)) => Window { start: start.max(now), end: end.max(horizon) },
            (false, (start, end)) => Window { start, end },
        }
    }

    fn of(snapshot: &Snapshot, request: &ChangeRequest, now: Moment) -> Result<Plan> {
        let ChangeRequest { uid, change, occurrence, .. } = request;
        let calendar = &snapshot.calendar;
        if uid.is_empty() || snapshot.places.is_empty() {
            return Err(no_event(calendar, uid));
        }
        let version = snapshot.version(0);
        let parsed = Objects::parse(version.text).map_err(|error| refused(&error))?;
        let [object] = parsed.objects() else {
            return Err(Error::Conflict(Sentence::OtherEventsInObject.into()));
        };
        let zone = zone_of(calendar);
        let mut zones = Zones::new(zone.clone());
        let said = |error: EditError| match error {
            EditError::NoSuchInstance(_) => no_occurrence(uid),
            EditError::OffTheRule => Error::invalid("start", Sentence::StartOffRule),
            EditError::OtherKind => Error::invalid("start", Sentence::SeriesKeepsKind),
            EditError::WouldChangeOthers => Error::Conflict(Sentence::OthersWouldChange.into()),
            error => refused(&error),
        };
        let current = ical::times(&parsed, object, &mut zones, *occurrence).map_err(said)?;
        let is_series = occurrence.is_none() && ical::is_recurring(&parsed, object);
        // What is wrong in itself is wrong whatever version it is asked of.
        let new = Read::of(change, current, &zone, is_series)?;
        let is_known = |etags: &Vec<String>| etags.iter().any(|it| it == version.etag || it == "*");
        if request.if_match.as_ref().is_some_and(|etags| !is_known(etags)) {
            return Err(Error::Outdated(Sentence::OtherVersion.into()));
        }
        let changes = Changes {
            name: new.name.as_deref(),
            description: new.description.as_deref(),
            times: new.times,
        };
        let room_address = calendar.room_address.as_deref().map(clearing::Address::new);
        let editor = Editor { now, room_address: room_address.as_ref().map(|it| it.as_str()) };
        let text = ical::change(&parsed, object, &mut zones, &changes, *occurrence, &editor)
            .map_err(said)?;
        let lies = moments(new.times.unwrap_or(current), &zone);
        let room = snapshot.room();
        let before = match occurrence {
            None => first_occurrences(&room, snapshot.places.len(), uid).swap_remove(0),
            Some(original) => {
                let (start, end) = moments(current, &zone);
                let window = Window { start, end: end.max(start.plus(1)) };
                let mut found = expand(&room, window).into_iter();
                let found = found.find(|it| it.occurrence.original == *original);
                found.map(Event::from).ok_or_else(|| no_occurrence(uid))?
            }
        };
        Ok(Plan { text, before, is_series, lies, original: *occurrence })
    }

    /// The event as it is now, as lists show it.
    fn answer(&self, snapshot: &Snapshot, reader: &Reader) -> Result<Vec<u8>> {
        let room = snapshot.room();
        let (start, end) = self.lies;
        let window = Window { start, end: end.max(start.plus(1)) };
        let mut found = expand(&room, window);
        found.sort_by_key(|it| (it.occurrence.start, it.occurrence.end));
        let is_original = |it: &Moment| self.original == Some(*it);
        let at = found.iter().position(|it| is_original(&it.occurrence.original));
        let is_it = |start: Moment, end: Moment| (start, end) == self.lies;
        let at = at
            .or_else(|| found.iter().position(|it| is_it(it.occurrence.start, it.occurrence.end)));
        let view = at.map_or_else(|| found.first(), |at| found.get(at)).copied();
        // The first date of a series may be cancelled, or changed alone: then it is the next one.
        let around = Window { start: start.plus(-FIRST_YEARS), end: start.plus(FIRST_YEARS) };
        let next = || {
            let mut all = expand(&room, around);
            all.sort_by_key(|it| (it.occurrence.end <= start, it.occurrence.start));
            all.first().copied()
        };
        let view = view
            .or_else(next)
            .ok_or_else(|| Error::Conflict(Sentence::ChangedAllTheWhile.into()))?;
        let etag = snapshot.places.first().map(|it| it.etag.as_str());
        let json = ListedEvent(view).to_json(reader, etag);
        json.map_err(|error| Error::Internal(format!("the event cannot be written: {error}")))
    }
}

/// What is to change, within its bounds.
struct Read {
    name: Option<String>,
    description: Option<String>,
    times: Option<NewTimes>,
}

impl Read {
    /// Reads what is asked of an event, of all dates of a series where `is_series`.
    fn of(
        change: &RequestedChange,
        current: NewTimes,
        zone: &ical::Zone,
        is_series: bool,
    ) -> Result<Read> {
        let RequestedChange { name, start, end, description } = change;
        let mut errors = Vec::new();
        if name.is_none() && start.is_none() && end.is_none() && description.is_none() {
            return Err(Error::invalid("body", Sentence::NothingToChange));
        }
        let mut wrong =
            |field: &str, message: Said| errors.push(crate::FieldError::new(field, message));
        let name = name.as_deref().map(str::trim);
        if let Some(Err(reason)) = name.map(check_event_name) {
            wrong("name", reason);
        }
        if let Some(Err(reason)) = description.as_deref().map(check_description) {
            wrong("description", reason);
        }
        let mut times = None;
        if start.is_some() || end.is_some() {
            let (old_start, old_end) = texts(current, zone);
            let start = start.as_ref().unwrap_or(&old_start);
            let end = end.as_ref().unwrap_or(&old_end);
            times = read_times(start, end, zone, &mut wrong);
        }
        if is_series && let Some(NewTimes::Timed { start: new_start, end: new_end }) = times {
            // What is not given stays as it was written.
            let given = [("start", start, new_start), ("end", end, new_end)];
            for (field, text, moment) in given {
                if let Some(text) = text {
                    check_clock(field, (text, moment), zone, &mut wrong);
                }
            }
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let times = times.filter(|it| *it != current);
        Ok(Read { name: name.map(str::to_owned), description: description.clone(), times })
    }
}

/// Times as requests write them.
fn texts(times: NewTimes, zone: &ical::Zone) -> (String, String) {
    match times {
        NewTimes::Timed { start, end } => (time::rfc3339(zone, start), time::rfc3339(zone, end)),
        NewTimes::AllDay { first, end } => {
            let text = |day| {
                let date = ical::civil::date_of(day);
                format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
            };
            (text(first), text(end))
        }
    }
}

fn moments(times: NewTimes, zone: &ical::Zone) -> (Moment, Moment) {
    match times {
        NewTimes::Timed { start, end } => (start, end),
        NewTimes::AllDay { first, end } => {
            let midnight = |day| zone.moment(ical::civil::Civil::midnight(day));
            (midnight(first), midnight(end))
        }
    }
}

fn refused(error: &impl std::fmt::Display) -> Error {
    Error::Conflict(Sentence::cannot_change(error))
}

/// That an event has no occurrence of that start.
pub(crate) fn no_occurrence(uid: &str) -> Error {
    Error::NotFound(Sentence::no_occurrence(uid))
}
