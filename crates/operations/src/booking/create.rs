//! Booking.

use facts::new_id;
use ical::civil::DAY;
use ical::{Moment, NewEvent, NewTimes, Window, Zone, new_object};
use people::names::check_address;
use store::calendars::Calendar;
use store::history::{self, Cause, Starter};
use store::idempotency::{self, Answered};
use store::{Access, KeyId, UserId, objects, secrets};

use crate::booking::requested::{check_clock, check_description, check_event_name, read_times};
use crate::changes::apply::{Act, Decided, Exclusive, NeedsFree, Reading, Reads};
use crate::changes::change::{By, Change};
use crate::changes::intent::Intent;
use crate::room::free::{InTheWay, Itself, occurrences};
use crate::room::snapshot::zone_of;
use crate::{Caller, Error, FieldError, Message, MessageId, Result, Service};

/// Occurrences up to the horizon of a series that is booked: every day of thirteen years.
const MAX_OCCURRENCES: usize = 5_000;

/// The most characters of a recurrence rule.
const MAX_RULE: usize = 500;
/// The most characters of an `Idempotency-Key`.
const MAX_IDEMPOTENCY_KEY: usize = 255;

/// What somebody asks to book, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Requested {
    /// What it is called.
    pub name: String,
    /// An ISO 8601 date-time, or a date.
    pub start: String,
    /// Likewise; exclusive.
    pub end: String,
    /// A mail address.
    pub organizer: Option<String>,
    /// Any text.
    pub description: Option<String>,
    /// A recurrence rule (RFC 5545 section 3.3.10).
    pub rrule: Option<String>,
}

/// What to do where the room is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenTaken {
    /// Book all the same.
    Book,
    /// Book nothing.
    Refuse,
}

/// A booking that is within its bounds.
#[derive(Clone, Debug)]
pub struct NewBooking {
    name: String,
    times: NewTimes,
    organizer: Option<String>,
    description: Option<String>,
    rule: Option<String>,
}

/// An event that was booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its id, which is its UID.
    pub id: String,
}

impl NewBooking {
    /// Reads what was asked for a calendar whose zone is `zone`.
    ///
    /// # Errors
    ///
    /// What is out of its bounds, field by field.
    pub fn read(requested: &Requested, zone: &Zone) -> std::result::Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong =
            |field: &str, message: Message| errors.push(FieldError::new(field, message));
        let name = requested.name.trim();
        if let Err(reason) = check_event_name(name) {
            wrong("name", reason);
        }
        let organizer = requested.organizer.as_deref();
        if let Some(Err(reason)) = organizer.map(check_address) {
            wrong("organizer", reason.into());
        }
        let description = requested.description.as_deref();
        if let Some(Err(reason)) = description.map(check_description) {
            wrong("description", reason);
        }
        let times = read_times(&requested.start, &requested.end, zone, &mut wrong);
        if let (Some(NewTimes::Timed { start, end }), Some(_)) = (times, &requested.rrule) {
            check_clock("start", (&requested.start, start), zone, &mut wrong);
            check_clock("end", (&requested.end, end), zone, &mut wrong);
        }
        let rule = requested.rrule.as_deref().and_then(|rule| {
            // Where the times are wrong, the rule is checked against any: its own faults are named.
            let any = NewTimes::Timed { start: Moment(0), end: Moment(1) };
            read_rule(rule, times.unwrap_or(any), zone)
                .map_err(|reason| wrong("rrule", reason))
                .ok()
        });
        match times {
            Some(times) if errors.is_empty() => Ok(NewBooking {
                name: name.to_owned(),
                times,
                organizer: organizer.map(|it| it.trim().to_owned()),
                description: description.map(str::to_owned),
                rule,
            }),
            _ => Err(errors),
        }
    }

    /// The longest time that it and its occurrences may take, for finding what is in the way.
    pub(crate) fn window(&self, zone: &Zone, horizon: Moment) -> Window {
        let (start, end) = match self.times {
            NewTimes::Timed { start, end } => (start, end),
            NewTimes::AllDay { first, end } => {
                let midnight = |day| zone.moment(ical::civil::Civil::midnight(day));
                (midnight(first), midnight(end))
            }
        };
        let end = if self.rule.is_some() { end.max(horizon) } else { end };
        Window { start, end }
    }

    /// The object, with this UID and DTSTAMP.
    pub(crate) fn text(&self, uid: &str, now: Moment, zone: &Zone) -> Vec<u8> {
        let new = NewEvent {
            uid,
            name: &self.name,
            times: self.times,
            description: self.description.as_deref(),
            organizer: self.organizer.as_deref(),
            rule: self.rule.as_deref(),
            now,
        };
        new_object(&new, zone)
    }

    /// Its dates up to the horizon.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a rule that cannot be expanded, or has too many dates.
    pub(crate) fn dates(
        &self,
        (uid, now): (&str, Moment),
        zone: &Zone,
        window: Window,
    ) -> Result<Vec<ical::Occurrence>> {
        // What cannot be expanded could never be listed, and would block nothing.
        let all = occurrences(&self.text(uid, now, zone), zone, window)?;
        match self.rule.is_some() && all.len() > MAX_OCCURRENCES {
            true => Err(Error::invalid("rrule", MessageId::rule_too_often(MAX_OCCURRENCES))),
            false => Ok(all),
        }
    }
}

/// The rule of a series in the form in which it is written, or what is wrong with it.
fn read_rule(rule: &str, times: NewTimes, zone: &Zone) -> std::result::Result<String, Message> {
    if rule.chars().count() > MAX_RULE {
        return Err(MessageId::RuleTooLong.into());
    }
    if rule.chars().any(char::is_control) {
        return Err(MessageId::RuleControls.into());
    }
    ical::canonical_rule(rule, times, zone)
        .map_err(|it| MessageId::rule_wrong(wording::problem_of(it)))
}

impl Service {
    /// Books an event in a calendar; the caller is its author.
    ///
    /// With an `idempotency_key`, the same request of the same user within 24 hours gives the first
    /// answer and books nothing again.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for values out of their bounds, or a key that was used for something else;
    /// [`Error::Taken`] if it is to be refused where the room is taken; [`Error::TooMany`] if the key has
    /// created as many events as it may that day; nothing is booked then.
    pub async fn create_event(
        &self,
        caller: &Caller,
        calendar: &Calendar,
        requested: &Requested,
        when_taken: WhenTaken,
        idempotency_key: Option<&str>,
    ) -> Result<Created> {
        let zone = zone_of(calendar);
        let booking = NewBooking::read(requested, &zone).map_err(Error::Invalid)?;
        if let Some(key) = idempotency_key
            && (key.is_empty() || key.chars().count() > MAX_IDEMPOTENCY_KEY)
        {
            return Err(Error::invalid("Idempotency-Key", MessageId::RequestKeyLength));
        }
        let now = self.now();
        let horizon = now.plus(i64::from(calendar.horizon_days) * DAY);
        let window = booking.window(&zone, horizon);
        let request = fingerprint(calendar, requested, when_taken).to_vec();
        let act = BookEvent {
            user: caller.user,
            key: caller.key,
            booking,
            when_taken,
            idempotency_key: idempotency_key.map(|key| (key.to_owned(), request)),
            window,
            now,
            id: new_id(),
            is_repeated: false,
        };
        if act.booking.rule.is_some() {
            act.booking.dates((&act.id, now), &zone, window)?;
        }
        let (service, calendar) = (self.clone(), calendar.clone());
        // Also when the caller goes away: a key that was kept is forgotten if nothing is booked.
        let created = self.to_the_end(async move { service.book(&calendar, act).await }).await;
        // What is in the way is named as far as the caller may see it.
        created.map_err(|error| error.shown_to(&caller.reader()))
    }

    async fn book(&self, calendar: &Calendar, mut act: BookEvent) -> Result<Created> {
        if let Some(first) = self.first_answer(&act).await? {
            if first.is_done {
                return Ok(Created { id: first.answer });
            }
            (act.id, act.is_repeated) = (first.answer, true);
        }
        let forgets = act.idempotency_key.clone().filter(|_| !act.is_repeated);
        let (user, href) = (act.user, format!("{}.ics", act.id));
        // What is repeated was counted the first time.
        let counted = match act.key.filter(|_| !act.is_repeated) {
            Some(key) => self.count_event(key).await.map(Some),
            None => Ok(None),
        };
        let created = match counted {
            Err(error) => Err(error),
            Ok(counted) => {
                let created = self.apply_within(calendar, &act).await;
                if let (Err(error), Some(counted)) = (&created, &counted) {
                    self.count_refused(counted, error).await;
                }
                created
            }
        };
        if let (Err(_), Some((key, _))) = (&created, forgets)
            && let Err(error) = self.forget_answer(calendar, user, &key, &href).await
        {
            // It is kept for a day, then.
            tracing::warn!(%error, "idempotency key not deleted");
        }
        created
    }

    /// Keeps the answer to a request with an `Idempotency-Key`, before anything is done: the first one to
    /// the same request, if there was one.
    async fn first_answer(&self, act: &BookEvent) -> Result<Option<Answered>> {
        let Some((key, request)) = &act.idempotency_key else { return Ok(None) };
        let (answer, now) = (act.id.clone(), act.now.0);
        let new = Answered { request: request.clone(), answer, is_done: false };
        let transaction = self.store.begin().await?;
        let since = now - idempotency::REMEMBERED_SECONDS;
        let first = idempotency::keep(&transaction, act.user, key, &new, since, now).await?;
        if first.as_ref().is_some_and(|first| first.request != *request) {
            return Err(Error::invalid("Idempotency-Key", MessageId::RequestKeyUsed));
        }
        transaction.commit().await?;
        Ok(first)
    }

    /// Forgets the answer to a request of which nothing was booked, unless that is in doubt.
    async fn forget_answer(
        &self,
        calendar: &Calendar,
        user: UserId,
        key: &str,
        href: &str,
    ) -> Result<()> {
        let transaction = self.store.begin().await?;
        let in_doubt = history::changes_in_doubt(&transaction, calendar.id).await?;
        if !in_doubt.iter().any(|it| it.change.href.ends_with(href)) {
            idempotency::drop(&transaction, user, key).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}

/// Books an event. Where the answer to an `Idempotency-Key` was kept and nobody saw the end, the same request
/// books again under the same UID, under which a calendar takes one object only.
struct BookEvent {
    user: UserId,
    /// The key of a program.
    key: Option<KeyId>,
    booking: NewBooking,
    when_taken: WhenTaken,
    /// The key, and the SHA-256 of the request.
    idempotency_key: Option<(String, Vec<u8>)>,
    /// The longest time that it may take.
    window: Window,
    /// When it was asked for.
    now: Moment,
    /// Its UID.
    id: String,
    /// Whether the same request was sent before.
    is_repeated: bool,
}

impl BookEvent {
    /// The object.
    fn text(&self, zone: &Zone) -> Vec<u8> {
        self.booking.text(&self.id, self.now, zone)
    }
}

impl Act for BookEvent {
    type Seen = ();
    type Answer = Created;

    fn by(&self) -> By {
        By::request(Cause::Booking, Starter::person(Some(self.user)))
    }

    fn reads(&self) -> Reads {
        match self.when_taken {
            WhenTaken::Book => Reads::Nothing,
            // It may be there, and the hours are not free then because of it.
            WhenTaken::Refuse if self.is_repeated => Reads::New(format!("{}.ics", self.id)),
            WhenTaken::Refuse => Reads::Calendar,
        }
    }

    fn exclusive(&self) -> Exclusive {
        // That the room is free is exclusive among Room Booking's own clients: CalDAV offers no more.
        Exclusive { booking: self.when_taken == WhenTaken::Refuse, calendar: false }
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<()>> {
        let Reading { access, calendar, .. } = reading;
        if let Some((key, _)) = self.idempotency_key.as_ref().filter(|_| self.is_repeated)
            && idempotency::find(access, self.user, key).await?.is_some_and(|it| it.is_done)
        {
            // The first request was carried out meanwhile. Its event may be deleted since.
            return Ok(Decided { changes: Vec::new(), needs: None, seen: () });
        }
        let text = self.text(&zone_of(calendar));
        let is_there =
            self.is_repeated && !objects::by_uid(access, calendar.id, &self.id).await?.is_empty();
        let needs = match self.when_taken {
            WhenTaken::Refuse if !is_there => {
                // An earlier try of the same request may be in doubt: it is not in its own way.
                let itself = Itself::Uid(self.id.clone());
                let of = InTheWay { text: text.clone(), itself, only: None };
                Some(NeedsFree { of, window: self.window })
            }
            _ => None,
        };
        let (user, idempotency_key) = (self.user, self.idempotency_key.clone());
        let change = Change {
            // The name alone: where it lies is the room's affair.
            href: format!("{}.ics", self.id),
            uid: self.id.clone(),
            before: None,
            after: Some(text),
            intent: Intent::Book {
                user: Some(user),
                idempotency_key,
                moved_by: None,
                rest_of: None,
            },
            was_free: false,
        };
        Ok(Decided { changes: vec![change], needs, seen: () })
    }

    async fn answer<A: Access>(&self, _: &A, _: &Calendar, (): ()) -> Result<Created> {
        Ok(Created { id: self.id.clone() })
    }
}

/// What tells one request from another.
fn fingerprint(calendar: &Calendar, requested: &Requested, when_taken: WhenTaken) -> [u8; 32] {
    let Requested { name, start, end, organizer, description, rrule } = requested;
    let all =
        format!("{:?}", (calendar.id, when_taken, name, start, end, organizer, description, rrule));
    secrets::sha256(all.as_bytes())
}
