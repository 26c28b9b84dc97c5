//! Changing an event, or one occurrence of a series.

use answers::Reader;
use answers::contents::ListedEvent;
use answers::occurrences::{FIRST_YEARS, expand, first_occurrences};
use facts::{Event, Removal, RemovalKind, time};
use ical::{Calendar as Objects, Changes, EditError, Editor, Moment, NewTimes, Window, Zones};
use store::Access;
use store::calendars::Calendar;
use store::history::{Cause, Starter};

use crate::booking::create::WhenTaken;
use crate::booking::halves::check_not_ending;
use crate::booking::requested::{check_clock, check_description, check_event_name, read_times};
use crate::changes::apply::{Act, Decided, Exclusive, NeedsFree, Reading, Reads};
use crate::changes::change::{By, Change};
use crate::changes::intent::Intent;
use crate::room::edit_errors::not_calendar;
use crate::room::free::{InTheWay, Itself};
use crate::room::snapshot::{Snapshot, zone_of};
use crate::{Caller, Error, Message, MessageId, Result, Service};

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
        let asked = caller.starter();
        let act = ChangeEvent { asked, request, reader: reader.clone() };
        self.apply(calendar, act).await.map_err(|error| error.shown_to(&reader))
    }
}

/// Changes an event, or one occurrence of it.
struct ChangeEvent {
    asked: Starter,
    request: ChangeRequest,
    reader: Reader,
}

impl Act for ChangeEvent {
    type Seen = Plan;
    type Answer = Vec<u8>;

    fn by(&self) -> By {
        By::request(Cause::Request, self.asked)
    }

    fn reads(&self) -> Reads {
        Reads::Calendar
    }

    fn exclusive(&self) -> Exclusive {
        Exclusive { booking: self.request.when_taken == WhenTaken::Refuse, calendar: true }
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<Plan>> {
        let Reading { access, calendar, now, .. } = reading;
        let uid = &self.request.uid;
        let snapshot = Snapshot::of_uid(access, calendar, uid).await?;
        let plan = Plan::of(&snapshot, &self.request, now)?;
        if plan.is_series {
            // It is yet to end before a date that would be another one then.
            check_not_ending(access, calendar, uid).await?;
        }
        let needs = match self.request.when_taken {
            WhenTaken::Book => None,
            WhenTaken::Refuse => {
                let own = InTheWay {
                    text: plan.text.clone(),
                    itself: Itself::Place(snapshot.places[0].href.clone()),
                    only: (!plan.is_series).then_some(plan.interval),
                };
                Some(NeedsFree { of: own, window: plan.window(now, calendar.horizon_days) })
            }
        };
        let change = Change {
            href: snapshot.places[0].href.clone(),
            uid: uid.clone(),
            before: Some(snapshot.resource(0)),
            after: Some(plan.text.clone()),
            intent: Intent::Request(Removal::by_hand(RemovalKind::Changed, plan.before.clone())),
            was_free: false,
        };
        Ok(Decided { changes: vec![change], needs, seen: plan })
    }

    async fn answer<A: Access>(
        &self,
        access: &A,
        calendar: &Calendar,
        plan: Plan,
    ) -> Result<Vec<u8>> {
        let after = Snapshot::of_uid(access, calendar, &self.request.uid).await?;
        plan.answer(&after, &self.reader)
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
    /// When it, or the first occurrence of the series, takes place after the change; half-open.
    interval: (Moment, Moment),
    /// The original start of what is changed.
    original: Option<Moment>,
}

impl Plan {
    /// Where it has to be free: of a series, whose dates may lie before its start, from `now` to the later of
    /// its end and the horizon.
    fn window(&self, now: Moment, horizon_days: u32) -> Window {
        let horizon = now.plus(i64::from(horizon_days) * ical::civil::DAY);
        match (self.is_series, self.interval) {
            // What is over is in nobody's way.
            (true, (_, end)) => Window { start: now, end: end.max(horizon) },
            (false, (start, end)) => Window { start, end },
        }
    }

    fn of(snapshot: &Snapshot, request: &ChangeRequest, now: Moment) -> Result<Plan> {
        let ChangeRequest { uid, change, occurrence, .. } = request;
        let calendar = &snapshot.calendar;
        if uid.is_empty() || snapshot.places.is_empty() {
            return Err(Error::no_event(&calendar.slug, uid));
        }
        let version = snapshot.version(0);
        let parsed = Objects::parse(version.text)
            .map_err(|error| Error::Conflict(MessageId::cannot_change(not_calendar(error))))?;
        let [object] = parsed.objects() else {
            return Err(Error::Conflict(MessageId::OtherEventsInObject.into()));
        };
        let zone = zone_of(calendar);
        let mut zones = Zones::new(zone.clone());
        let said = |error| said(uid, error);
        let current = ical::times(&parsed, object, &mut zones, *occurrence).map_err(said)?;
        let is_series = occurrence.is_none() && ical::is_recurring(&parsed, object);
        // What is wrong in itself is wrong whatever version it is asked of.
        let new = Read::of(change, current, &zone, is_series)?;
        check_version(request.if_match.as_ref(), version.etag)?;
        let changes = new.changes();
        let room_address = calendar.room_address.as_deref().map(clearing::Address::new);
        let editor = Editor { now, room_address: room_address.as_ref().map(|it| it.as_str()) };
        let text = ical::change(&parsed, object, &mut zones, &changes, *occurrence, &editor)
            .map_err(said)?;
        let interval = new.times.unwrap_or(current).moments(&zone);
        let room = snapshot.contents();
        let before = match occurrence {
            None => first_occurrences(&room, snapshot.places.len(), uid).swap_remove(0),
            Some(original) => {
                let (start, end) = current.moments(&zone);
                let window = Window { start, end: end.max(start.plus(1)) };
                let mut found = expand(&room, window).into_iter();
                let found = found.find(|it| it.occurrence.original == *original);
                found.map(Event::from).ok_or_else(|| Error::no_occurrence(uid))?
            }
        };
        Ok(Plan { text, before, is_series, interval, original: *occurrence })
    }

    /// The event as it is now, as lists show it.
    fn answer(&self, snapshot: &Snapshot, reader: &Reader) -> Result<Vec<u8>> {
        let room = snapshot.contents();
        let (start, end) = self.interval;
        let window = Window { start, end: end.max(start.plus(1)) };
        let mut found = expand(&room, window);
        found.sort_by_key(|it| (it.occurrence.start, it.occurrence.end));
        let is_original = |it: &Moment| self.original == Some(*it);
        let at = found.iter().position(|it| is_original(&it.occurrence.original));
        let is_it = |start: Moment, end: Moment| (start, end) == self.interval;
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
            .ok_or_else(|| Error::Conflict(MessageId::ChangedAllTheWhile.into()))?;
        let etag = snapshot.places.first().map(|it| it.etag.as_str());
        let json = ListedEvent(view).to_json(reader, etag);
        json.map_err(|error| Error::Internal(format!("the event cannot be written: {error}")))
    }
}

/// What is to change, within its bounds.
pub(crate) struct Read {
    pub name: Option<String>,
    pub description: Option<String>,
    pub times: Option<NewTimes>,
}

impl Read {
    /// Reads what is asked of an event, of all dates of a series where `is_series`.
    pub fn of(
        change: &RequestedChange,
        current: NewTimes,
        zone: &ical::Zone,
        is_series: bool,
    ) -> Result<Read> {
        let RequestedChange { name, start, end, description } = change;
        let mut errors = Vec::new();
        if name.is_none() && start.is_none() && end.is_none() && description.is_none() {
            return Err(Error::invalid("body", MessageId::NothingToChange));
        }
        let mut wrong =
            |field: &str, message: Message| errors.push(crate::FieldError::new(field, message));
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

    pub fn changes(&self) -> Changes<'_> {
        Changes {
            name: self.name.as_deref(),
            description: self.description.as_deref(),
            times: self.times,
        }
    }
}

/// Makes sure that an event is one of the versions that a request goes by.
pub(crate) fn check_version(if_match: Option<&Vec<String>>, etag: &str) -> Result<()> {
    let is_known = |etags: &Vec<String>| etags.iter().any(|it| it == etag || it == "*");
    match if_match.is_some_and(|etags| !is_known(etags)) {
        true => Err(Error::Outdated(MessageId::OtherVersion.into())),
        false => Ok(()),
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

/// Why a change of an event cannot be written.
pub(crate) fn said(uid: &str, error: EditError) -> Error {
    match error {
        EditError::NoSuchInstance(_) => Error::no_occurrence(uid),
        EditError::OffTheRule => Error::invalid("start", MessageId::StartOffRule),
        EditError::OtherKind => Error::invalid("start", MessageId::SeriesKeepsKind),
        EditError::WouldChangeOthers => Error::Conflict(MessageId::OthersWouldChange.into()),
        EditError::Unreadable(why) => refused(&why),
    }
}

/// That an event cannot be changed, without what stands in it: it may be private.
fn refused(why: &ical::Unreadable) -> Error {
    Error::Conflict(MessageId::cannot_change(wording::unreadable_without_value(why)))
}
