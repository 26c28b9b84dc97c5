//! Booking.

use ical::civil::{DAY, day_number};
use ical::{Calendar as Objects, Moment, NewEvent, NewTimes, Window, Zone, Zones, new_object};
use store::calendars::Calendar;
use store::idempotency::{self, Answered};
use store::{Access, Transaction, UserId, calendars, history, known, secrets};

use crate::administration::check_address;
use crate::backend::CalendarBackend as _;
use crate::built_in::BuiltIn;
use crate::facts::Event;
use crate::list_events::expand_presumed;
use crate::report::Ordered as _;
use crate::room::Room;
use crate::snapshot::{Snapshot, work, zone_of};
use crate::{Caller, Error, FieldError, Result, Said, Sentence, Service, new_id, time};

/// The most characters of a name.
const MAX_NAME: usize = 255;
/// The most characters of a description.
const MAX_DESCRIPTION: usize = 8_000;
/// The most characters of a recurrence rule.
const MAX_RULE: usize = 500;
/// The longest event, in seconds.
const MAX_LENGTH: i64 = 366 * DAY;
/// The years in which events may lie.
const YEARS: [i32; 2] = [1970, 2200];
/// How long an `Idempotency-Key` is remembered, in seconds.
pub(crate) const REMEMBERED: i64 = DAY;
/// The most characters of an `Idempotency-Key`.
const MAX_IDEMPOTENCY_KEY: usize = 255;
/// The most events in the way that an answer names.
const MAX_IN_THE_WAY: usize = 100;

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
        let mut wrong = |field: &str, message: Said| errors.push(FieldError::new(field, message));
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
    fn window(&self, zone: &Zone, horizon: Moment) -> Window {
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
}

/// The rule of a series in the form in which it is written, or what is wrong with it.
fn read_rule(rule: &str, times: NewTimes, zone: &Zone) -> std::result::Result<String, Said> {
    if rule.chars().count() > MAX_RULE {
        return Err(Sentence::RuleTooLong.into());
    }
    if rule.chars().any(char::is_control) {
        return Err(Sentence::RuleControls.into());
    }
    ical::canonical_rule(rule, times, zone).map_err(Sentence::rule_wrong)
}

/// Whether a trimmed text can be an event's name.
///
/// # Errors
///
/// What is wrong with it, as the end of a sentence.
pub(crate) fn check_event_name(name: &str) -> std::result::Result<(), Said> {
    match name.chars().count() {
        0 => Err(Sentence::MustNotBeEmpty.into()),
        count if count > MAX_NAME => Err(Sentence::EventNameTooLong.into()),
        _ if name.chars().any(char::is_control) => Err(Sentence::EventNameControls.into()),
        _ => Ok(()),
    }
}

/// Whether a text can be an event's description.
///
/// # Errors
///
/// What is wrong with it, as the end of a sentence.
pub(crate) fn check_description(text: &str) -> std::result::Result<(), Said> {
    if text.chars().count() > MAX_DESCRIPTION {
        return Err(Sentence::DescriptionTooLong.into());
    }
    if text.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t')) {
        return Err(Sentence::DescriptionControls.into());
    }
    Ok(())
}

/// The times of a booking, or what is wrong with them.
pub(crate) fn read_times(
    start: &str,
    end: &str,
    zone: &Zone,
    wrong: &mut impl FnMut(&str, Said),
) -> Option<NewTimes> {
    let both = [("start", start), ("end", end)];
    let dates = both.map(|(_, text)| time::date(text));
    if let [Some(first), Some(end)] = dates {
        let years = YEARS.map(|year| day_number(year, 1, 1));
        let is_within = |day: i32| (years[0]..years[1]).contains(&day);
        let (mut is_right, last) = (true, end - 1);
        for (field, day) in [("start", first), ("end", last)] {
            if !is_within(day) {
                wrong(field, Sentence::YearsBetween.into());
                is_right = false;
            }
        }
        if end <= first {
            wrong("end", Sentence::EndDayAfterStart.into());
        } else if i64::from(end - first) * DAY > MAX_LENGTH {
            wrong("end", Sentence::EndTooLate.into());
        } else if is_right {
            return Some(NewTimes::AllDay { first, end });
        }
        return None;
    }
    if dates.iter().any(Option::is_some) && both.iter().all(|(_, it)| is_time(it, zone)) {
        wrong("end", Sentence::DateAndTime.into());
        return None;
    }
    let mut moments = [None; 2];
    for ((field, text), moment) in both.into_iter().zip(&mut moments) {
        *moment = time::moment(text, zone);
        match *moment {
            None => wrong(field, Sentence::TimeForm.into()),
            Some(at) if !is_within_years(at, zone) => {
                wrong(field, Sentence::YearsBetween.into());
                *moment = None;
            }
            Some(_) => {}
        }
    }
    let [start, end] = [moments[0]?, moments[1]?];
    if end <= start {
        wrong("end", Sentence::EndAfterStart.into());
    } else if end.since(start) > MAX_LENGTH {
        wrong("end", Sentence::EndTooLate.into());
    } else {
        return Some(NewTimes::Timed { start, end });
    }
    None
}

/// Refuses a time of a series that the clocks skip or show for the second time: a series keeps to the
/// clock, and could not take place when it was asked for.
pub(crate) fn check_clock(
    field: &str,
    (text, moment): (&str, Moment),
    zone: &Zone,
    wrong: &mut impl FnMut(&str, Said),
) {
    if time::is_skipped(text, zone) {
        wrong(field, Sentence::SkippedTime.into());
    } else if zone.moment(zone.civil(moment)) != moment {
        wrong(field, Sentence::RepeatedTime.into());
    }
}

fn is_time(text: &str, zone: &Zone) -> bool {
    time::moment(text, zone).is_some()
}

/// Whether a moment lies in the years of bookings, on the zone's clock; the very end of them does.
fn is_within_years(moment: Moment, zone: &Zone) -> bool {
    let [first, end] = YEARS.map(|year| day_number(year, 1, 1));
    let civil = zone.civil(moment);
    let is_the_end = civil.day() == end && civil.second_of_day() == 0;
    (first..end).contains(&civil.day()) || is_the_end
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
    /// [`Error::Taken`] if it is to be refused where the room is taken; nothing is booked then.
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
            return Err(Error::invalid("Idempotency-Key", Sentence::RequestKeyLength));
        }
        let now = self.now();
        let horizon = now.plus(i64::from(calendar.horizon_days) * DAY);
        let window = booking.window(&zone, horizon);
        let asked = Asked {
            user: caller.user,
            request: fingerprint(calendar, requested, when_taken),
            booking,
            when_taken,
            idempotency_key: idempotency_key.map(str::to_owned),
            window,
            now,
        };
        if asked.booking.rule.is_some() {
            // What cannot be expanded could never be listed, and would block nothing.
            occurrences(&asked.text(&new_id(), &zone), &zone, window)?;
        }
        let created = match calendar.backend.collection() {
            None => self.create_built_in(calendar, &asked).await,
            Some(_) => {
                let (service, calendar) = (self.clone(), calendar.clone());
                self.to_the_end(async move { service.create_on_server(&calendar, &asked).await })
                    .await
            }
        };
        // What is in the way is named as far as the caller may see it.
        created.map_err(|error| caller.reader().shown_error(error))
    }

    async fn create_built_in(&self, calendar: &Calendar, asked: &Asked) -> Result<Created> {
        let (id, now) = (new_id(), asked.now);
        let transaction = self.store.begin().await?;
        if let Some(first) = asked.first_answer(&transaction, &id, Known::Done).await? {
            return Ok(Created { id: first.answer });
        }
        let backend = BuiltIn::lock(&transaction, calendar, now).await?;
        let text = asked.text(&id, &zone_of(calendar));
        if asked.when_taken == WhenTaken::Refuse {
            let new = InTheWay::of_new(&text);
            self.check_free(&transaction, calendar, new, asked.window).await?;
        }
        backend.create(&format!("{id}.ics"), &text).await?;
        known::set_author(&transaction, calendar.id, &id, &known::Author::User(asked.user)).await?;
        transaction.commit().await?;
        Ok(Created { id })
    }

    /// Makes sure that nothing that is in the database is in the way of an object. What a change in doubt
    /// may yet make of an object counts as held, beside the object as it was.
    pub(crate) async fn check_free(
        &self,
        access: &impl Access,
        calendar: &Calendar,
        own: InTheWay<'_>,
        window: Window,
    ) -> Result<()> {
        // Settings may have changed since the caller was looked up.
        let current = calendars::by_id(access, calendar.id).await?;
        let current = current.unwrap_or_else(|| calendar.clone());
        let in_doubt = history::unsettled(access, current.id).await?.into_iter();
        let in_doubt = in_doubt.filter_map(|it| Some((it.change.href, it.change.after_text?)));
        let snapshot = Snapshot::between(access, &current, window.start, window.end).await?;
        let snapshot = snapshot.with_texts(in_doubt);
        let (size, text) = (snapshot.size(), own.text.to_vec());
        let (uid, only) = (own.uid.map(str::to_owned), own.only);
        let in_the_way = work(size, (snapshot, text), move |(snapshot, text)| {
            let own = InTheWay { text: &text, uid: uid.as_deref(), only };
            in_the_way(&snapshot.room(), own, window)
        })
        .await??;
        if in_the_way.is_empty() { Ok(()) } else { Err(Error::Taken(in_the_way)) }
    }
}

/// What is asked for, once it is within its bounds.
pub(crate) struct Asked {
    /// Who asks.
    pub user: UserId,
    /// What tells this request from another.
    request: [u8; 32],
    booking: NewBooking,
    /// What to do where the room is taken.
    pub when_taken: WhenTaken,
    /// What tells that it is sent again.
    pub idempotency_key: Option<String>,
    /// The longest time that it may take.
    pub window: Window,
    /// When it was asked for.
    pub now: Moment,
}

/// Whether it is known that what is asked for is done when its answer is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It is done in the same transaction.
    Done,
    /// It is about to be asked of a server.
    NotYet,
}

impl Asked {
    /// The object of this UID.
    pub fn text(&self, uid: &str, zone: &Zone) -> Vec<u8> {
        let new = NewEvent {
            uid,
            name: &self.booking.name,
            times: self.booking.times,
            description: self.booking.description.as_deref(),
            organizer: self.booking.organizer.as_deref(),
            rule: self.booking.rule.as_deref(),
            now: self.now,
        };
        new_object(&new, zone)
    }

    /// The first answer to the same request, if there was one; else `id` is kept as the answer.
    pub async fn first_answer(
        &self,
        transaction: &Transaction,
        id: &str,
        known: Known,
    ) -> Result<Option<Answered>> {
        let Some(key) = &self.idempotency_key else { return Ok(None) };
        let new = Answered {
            request: self.request.to_vec(),
            answer: id.to_owned(),
            is_done: known == Known::Done,
        };
        let (since, now) = (self.now.0 - REMEMBERED, self.now.0);
        let first = idempotency::keep(transaction, self.user, key, &new, since, now).await?;
        if first.as_ref().is_some_and(|first| first.request != self.request) {
            return Err(Error::invalid("Idempotency-Key", Sentence::RequestKeyUsed));
        }
        Ok(first)
    }
}

/// What tells one request from another.
fn fingerprint(calendar: &Calendar, requested: &Requested, when_taken: WhenTaken) -> [u8; 32] {
    let Requested { name, start, end, organizer, description, rrule } = requested;
    let all =
        format!("{:?}", (calendar.id, when_taken, name, start, end, organizer, description, rrule));
    secrets::sha256(all.as_bytes())
}

/// The occurrences of a new object in a window.
fn occurrences(new: &[u8], zone: &Zone, window: Window) -> Result<Vec<ical::Occurrence>> {
    let unreadable =
        |error: &dyn std::fmt::Display| Error::invalid("rrule", Sentence::rule_too_far(error));
    let new = Objects::parse(new).map_err(|error| unreadable(&error))?;
    let mut zones = Zones::new(zone.clone());
    let mut found = Vec::new();
    for object in new.objects() {
        let budget = &mut ical::Budget::new();
        ical::expand(&new, object, &mut zones, window, budget, &mut found)
            .map_err(|error| unreadable(&error))?;
    }
    // Dates of a series that were cancelled alone need no room.
    found.retain(|it| !new.event(it.component as usize).is_cancelled());
    Ok(found)
}

/// What others may be in the way of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InTheWay<'i> {
    /// The object.
    pub text: &'i [u8],
    /// The UID under which it is there already: it is not in its own way.
    pub uid: Option<&'i str>,
    /// Only this interval of it.
    pub only: Option<(Moment, Moment)>,
}

impl InTheWay<'_> {
    /// Of a new object.
    pub fn of_new(text: &[u8]) -> InTheWay<'_> {
        InTheWay { text, uid: None, only: None }
    }
}

/// The blocking events of a room that overlap an occurrence of an object in the window.
fn in_the_way(room: &Room<'_>, own: InTheWay<'_>, window: Window) -> Result<Vec<Event>> {
    let mut wanted = occurrences(own.text, room.zones.calendar_zone(), window)?;
    if let Some((start, end)) = own.only {
        wanted.retain(|it| (it.start, it.end) == (start, end));
    }
    wanted.sort_by_key(|it| it.start);
    let latest_ends: Vec<Moment> = wanted
        .iter()
        .scan(Moment::MIN, |latest, it| {
            *latest = it.end.max(*latest);
            Some(*latest)
        })
        .collect();
    let is_wanted = |start: Moment, end: Moment| {
        let begun = wanted.partition_point(|it| it.start < end);
        (0..begun)
            .rev()
            .take_while(|index| latest_ends[*index] > start)
            .any(|index| wanted[index].end > start)
    };
    // What cannot be read takes the room as well as can be told: nobody is to book over it.
    let mut found: Vec<_> = expand_presumed(room, window)
        .into_iter()
        .filter(|view| {
            let event = room.calendar.event(view.occurrence.component as usize);
            let uid = room.calendar.objects()[view.object].uid();
            own.uid != Some(uid.as_ref())
                && clearing::is_blocking(&event, &view.occurrence, &room.policy)
                && is_wanted(view.occurrence.start, view.occurrence.end)
        })
        .collect();
    found.sort_by(|one, other| one.order().cmp(&other.order()));
    // As it was and as it may become, an event may take the same hour.
    found.dedup_by(|next, it| {
        let hours = [&*next, &*it].map(|it| (it.occurrence.start, it.occurrence.end));
        !it.uid_bytes().is_empty() && it.uid_bytes() == next.uid_bytes() && hours[0] == hours[1]
    });
    Ok(found.into_iter().take(MAX_IN_THE_WAY).map(Event::from).collect())
}
