//! Who is told of what: the messages that a run leaves in the outbox, in its own transaction, and the
//! rules by which nobody is flooded (section 4 of the contract).

use std::collections::{BTreeMap, BTreeSet};

use clearing::{Address, Because};
use ical::Moment;
use ical::civil::DAY;
use serde::{Deserialize, Serialize};
use store::calendars::Calendar;
use store::history::{self, Kind};
use store::outbox::{self, Announcement, NewMessage, State};
use store::{Access, ChangeId, RunId, Transaction, confirmations, users};

use crate::administration::check_address;
use crate::because::{ShownBecause, because_to_json};
use crate::clearing_of_one::{LeftAlone, Loss, RemovalOfOne};
use crate::delete_event::new_removal;
use crate::report::ShownEvent;
use crate::snapshot::zone_of;
use crate::{Error, Reader, Result, Said, Sentence, Service, Value, new_id};

/// A series is announced once in so many seconds …
const SERIES_PAUSE: i64 = 30 * DAY;
/// … unless an occurrence that goes begins within so many.
const SERIES_URGENT: i64 = 14 * DAY;
/// The same loss to the same winner is not announced again for so many seconds.
const SAME_LOSS_PAUSE: i64 = 7 * DAY;
/// Messages to one address in 24 hours.
pub(crate) const MAX_A_DAY: i64 = 20;
/// Occurrences of which one message speaks; the history has them all.
const MAX_OCCURRENCES: usize = 200;

/// What a template is told (section 4 of the contract): times with the offset of the calendar's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailData {
    /// The calendar's name for people.
    pub calendar_name: String,
    /// IANA name of its zone.
    pub zone: String,
    /// What goes, or the first of the occurrences that go.
    #[serde(flatten)]
    pub event: MailEvent,
    /// The object was deleted.
    pub is_deleted: bool,
    /// It was cancelled, by this run or, before, by its organizer.
    pub is_cancelled: bool,
    /// It is an occurrence of a series.
    pub is_recurring: bool,
    /// It lost to a prioritised event although it was created earlier.
    pub is_deprioritized: bool,
    /// Rule 7: why it was left alone; `None` where it was not.
    pub reason: Option<String>,
    /// The staying events that it overlaps, strongest first.
    pub overlap_events: Vec<MailEvent>,
    /// All occurrences that go.
    pub occurrences: Vec<MailOccurrence>,
}

impl MailData {
    /// Speaks of the occurrences of another message about the same series, too.
    pub(crate) fn absorb(&mut self, other: MailData) {
        self.occurrences.extend(other.occurrences);
        self.occurrences.sort_by(|one, other| one.start.cmp(&other.start));
        self.occurrences.dedup_by(|one, other| one.start == other.start);
        self.occurrences.truncate(MAX_OCCURRENCES);
    }
}

/// An event of which a mail speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailEvent {
    /// SUMMARY, or `Private` for other people's events that are not public.
    pub name: String,
    /// RFC 3339.
    pub start: String,
    /// Exclusive.
    pub end: String,
    /// Where it is known.
    pub created: Option<String>,
    /// Its organizer.
    pub organizer: Option<String>,
    /// Whether an administrator prioritised it.
    pub is_prioritized: bool,
    /// Whether its name is kept from whoever gets the mail.
    #[serde(default)]
    pub is_private: bool,
    /// Of a staying event, why it is stronger than the one beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<MailBecause>,
}

/// Why a staying event is the stronger one, as a mail speaks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailBecause {
    /// What decided: `priority`, `held_since`, `created`, `uid` or `original_start`.
    pub rule: String,
    /// Since when the stronger has held the hour: RFC 3339, with the offset of the calendar's zone.
    pub winner_since: String,
    /// Since when the weaker has.
    pub loser_since: String,
    /// Whether the program saw the order itself.
    pub witnessed: bool,
}

impl MailBecause {
    /// With times on the clock of a calendar.
    fn of(because: Because, calendar: &Calendar) -> MailBecause {
        let ShownBecause { rule, winner_since, loser_since, witnessed, .. } =
            ShownBecause::of(because, &zone_of(calendar));
        MailBecause { rule: rule.to_owned(), winner_since, loser_since, witnessed }
    }
}

/// An occurrence of which a mail speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailOccurrence {
    /// RFC 3339.
    pub start: String,
    /// Exclusive.
    pub end: String,
    /// The staying events that it overlaps.
    pub overlap_events: Vec<MailEvent>,
}

/// Writes the messages of one run about one calendar.
pub(crate) struct Announcer<'n> {
    service: &'n Service,
    transaction: &'n Transaction,
    calendar: &'n Calendar,
    now: Moment,
}

impl<'n> Announcer<'n> {
    pub fn new(
        service: &'n Service,
        transaction: &'n Transaction,
        calendar: &'n Calendar,
        now: Moment,
    ) -> Announcer<'n> {
        Announcer { service, transaction, calendar, now }
    }

    /// Writes down what a change took out, and leaves the messages about it: in the transaction in which
    /// the change is made, or is found to have been made.
    pub async fn record(&self, change: ChangeId, loss: &Loss) -> Result<()> {
        let untold = self.announce(change, loss).await?;
        for (removal, untold) in loss.removals.iter().zip(untold) {
            let beside: Vec<_> = removal.beside.iter().map(|it| it.event.clone()).collect();
            let mut line = new_removal(removal.kind, &removal.event, &beside)?;
            line.untold = untold.map(Sentence::english);
            line.because = removal.because.as_ref().map(because_to_json);
            history::insert_removal(self.transaction, change, &line).await?;
        }
        Ok(())
    }

    /// Ends a run's work on a calendar: what it left alone is told, and an administrator is asked to
    /// confirm if it met the safety limit, by so many objects.
    pub async fn conclude(
        &self,
        ignored: &[LeftAlone],
        (beyond_limit, still_beyond_limit): (Option<usize>, Option<usize>),
        run: RunId,
    ) -> Result<()> {
        for left_alone in ignored {
            self.announce_left_alone(left_alone).await?;
        }
        let (id, now) = (self.calendar.id, self.now.0);
        match beyond_limit {
            None => match still_beyond_limit {
                // Part of it was confirmed: what is left still waits, if it waited.
                Some(objects) => {
                    confirmations::set_objects(self.transaction, id, objects).await?;
                }
                None => confirmations::close(self.transaction, id).await?,
            },
            Some(objects) => {
                let waiting = ignored.iter().filter(|it| it.reason == "limit");
                let waiting = waiting.map(|it| it.removal.event.uid.as_str());
                let waiting: BTreeSet<&str> = waiting.collect();
                let asked = confirmations::uids(self.transaction, id).await?;
                if asked.is_some_and(|uids| !uids.iter().any(|it| waiting.contains(it.as_str()))) {
                    // Nothing that it was asked about is left: the others are a request of their own, if
                    // they are too many.
                    confirmations::close(self.transaction, id).await?;
                    if objects <= self.calendar.safety_limit as usize {
                        return Ok(());
                    }
                }
                if confirmations::ask(self.transaction, id, run, objects, &waiting, now).await? {
                    self.ask_for_confirmation(objects).await?;
                }
            }
        }
        Ok(())
    }

    /// Leaves messages about a change: one for each organizer. The answer says, removal by removal, why
    /// nobody is told of it.
    async fn announce(&self, change_id: ChangeId, loss: &Loss) -> Result<Vec<Option<Sentence>>> {
        let Recipients { untold, by_address } =
            recipients(self.transaction, self.calendar, loss, self.now).await?;
        for (address, indexes) in by_address {
            let removals: Vec<_> = indexes.iter().map(|index| &loss.removals[*index]).collect();
            self.write(&address, change_id, loss, &removals).await?;
        }
        Ok(untold)
    }

    async fn write(
        &self,
        address: &str,
        change_id: ChangeId,
        loss: &Loss,
        removals: &[&RemovalOfOne],
    ) -> Result<()> {
        let calendar = self.calendar;
        let mut data = self.data(removals, loss.is_recurring, address).await?;
        data.is_deleted = loss.is_deleted;
        if data.is_deleted {
            // Beside a deletion it says that the organizer had cancelled it before.
            data.is_cancelled = removals[0].kind == Kind::DeletedCancelled;
        }
        let (mut state, mut due_at) = (State::Waiting, self.now.0);
        let is_series = is_series(loss, removals);
        if is_series {
            let told_at =
                series_told_at(self.transaction, calendar, &loss.uid, address, removals).await?;
            if told_at > self.now.0 {
                (state, due_at) = (State::Gathered, told_at);
            } else {
                let gathered =
                    outbox::join_gathered(self.transaction, calendar.id, &loss.uid, address)
                        .await?;
                for text in gathered {
                    let gathered: MailData =
                        serde_json::from_str(&text).map_err(store::Error::from)?;
                    data.absorb(gathered);
                }
            }
        }
        self.put(
            outbox::Kind::Removed,
            address,
            Some(change_id),
            &loss.uid,
            is_series,
            &data,
            state,
            due_at,
        )
        .await?;
        for removal in removals {
            let announcement = announcement(&loss.uid, removal, "removed", address);
            outbox::set_announced(self.transaction, calendar.id, &announcement, self.now.0).await?;
        }
        Ok(())
    }

    /// Leaves a message about a conflict that was left alone, if the calendar announces those and it
    /// was not announced before.
    async fn announce_left_alone(&self, it: &LeftAlone) -> Result<()> {
        let calendar = self.calendar;
        // The limit's conflicts are the administrators' affair until they have decided, and a cancelled
        // leftover is no conflict.
        if it.removal.kind == Kind::DeletedCancelled {
            return Ok(());
        }
        if calendar.template.is_none() || !calendar.announces.ignored || it.reason == "limit" {
            return Ok(());
        }
        let Some(address) = address_of(calendar, &it.removal.event) else { return Ok(()) };
        let uid = &it.removal.event.uid;
        let announcement = announcement(uid, &it.removal, it.reason, &address);
        let before = outbox::announced_at(self.transaction, calendar.id, &announcement).await?;
        if before.is_some() {
            return Ok(());
        }
        let mut data = self.data(&[&it.removal], it.is_recurring, &address).await?;
        (data.is_deleted, data.is_cancelled) = (false, false);
        data.reason = Some(it.reason.to_owned());
        let kind = outbox::Kind::LeftAlone;
        self.put(kind, &address, None, uid, false, &data, State::Waiting, self.now.0).await?;
        outbox::set_announced(self.transaction, calendar.id, &announcement, self.now.0).await?;
        Ok(())
    }

    /// Leaves a message for each administrator: a run met the safety limit.
    async fn ask_for_confirmation(&self, objects: usize) -> Result<()> {
        let calendar = self.calendar;
        let data = serde_json::json!({
            "calendar": calendar.slug,
            "calendar_name": calendar.name,
            "objects": objects,
            "safety_limit": calendar.safety_limit,
        });
        for address in users::administrators_addresses(self.transaction).await? {
            let kind = outbox::Kind::ConfirmationWanted;
            self.put(kind, &address, None, "", false, &data, State::Waiting, self.now.0).await?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "they are the columns of one row")]
    async fn put(
        &self,
        kind: outbox::Kind,
        address: &str,
        change: Option<ChangeId>,
        uid: &str,
        is_series: bool,
        data: &impl Serialize,
        state: State,
        due_at: i64,
    ) -> Result<()> {
        let letter = Letter {
            kind,
            calendar: self.calendar.id,
            address,
            change,
            uid,
            is_recurring: is_series,
            state,
            due_at,
        };
        self.service.put_letter(self.transaction, &letter, data, self.now).await
    }

    /// What a mail to an address says; names that are kept from its reader are not in it.
    async fn data(
        &self,
        removals: &[&RemovalOfOne],
        is_recurring: bool,
        address: &str,
    ) -> Result<MailData> {
        let calendar = self.calendar;
        let reader = reader_of_address(self.transaction, address).await?;
        let shown = |event: &ShownEvent, is_prioritized| {
            mail_event(&reader.shown(event.clone()), is_prioritized)
        };
        let overlap_events = |removal: &RemovalOfOne| {
            let beside = removal.beside.iter().map(|it| MailEvent {
                because: it.because.map(|it| MailBecause::of(it, calendar)),
                ..shown(&it.event, it.is_prioritized)
            });
            beside.collect::<Vec<_>>()
        };
        let first = removals[0];
        let occurrence = |removal: &&RemovalOfOne| MailOccurrence {
            start: removal.event.start.clone(),
            end: removal.event.end.clone(),
            overlap_events: overlap_events(removal),
        };
        Ok(MailData {
            calendar_name: calendar.name.clone(),
            zone: calendar.zone.clone(),
            event: shown(&first.event, first.is_prioritized),
            is_deleted: first.kind != Kind::CancelledOverlapping,
            is_cancelled: first.kind != Kind::DeletedOverlapping,
            is_recurring,
            is_deprioritized: first.is_deprioritized,
            reason: None,
            overlap_events: overlap_events(first),
            occurrences: removals.iter().take(MAX_OCCURRENCES).map(occurrence).collect(),
        })
    }
}

/// Who reads what is sent to an address: an administrator, or somebody who sees no more than other
/// people's times and public names.
pub(crate) async fn reader_of_address(access: &impl Access, address: &str) -> Result<Reader> {
    let administrators = users::administrators_addresses(access).await?;
    let is_one = administrators.iter().any(|it| Address::new(it) == Address::new(address));
    Ok(if is_one { Reader::administrator() } else { Reader::of_address(address) })
}

/// Whether a change takes nothing but occurrences out of a series.
pub(crate) fn is_series(loss: &Loss, removals: &[&RemovalOfOne]) -> bool {
    loss.is_recurring && removals.iter().all(|it| it.kind == Kind::CancelledOverlapping)
}

/// From when on an address may be told of occurrences of a series, in seconds since 1970; until then
/// the message about them is gathered.
pub(crate) async fn series_told_at(
    access: &impl Access,
    calendar: &Calendar,
    uid: &str,
    address: &str,
    removals: &[&RemovalOfOne],
) -> Result<i64> {
    let last = outbox::series_announced_at(access, calendar.id, uid, address).await?;
    let first_start = removals.iter().map(|it| it.event.lies.start.0).min();
    let urgent_at = first_start.map_or(i64::MAX, |start| start - SERIES_URGENT);
    let free_at = last.map_or(i64::MIN, |last| last + SERIES_PAUSE);
    Ok(free_at.min(urgent_at))
}

/// Who is told of what goes by a change.
pub(crate) struct Recipients {
    /// Removal by removal, why nobody is told of it.
    pub untold: Vec<Option<Sentence>>,
    /// Which removals an address is told of.
    pub by_address: BTreeMap<String, Vec<usize>>,
}

/// Who is to be told of what goes by a change.
pub(crate) async fn recipients(
    access: &impl Access,
    calendar: &Calendar,
    loss: &Loss,
    now: Moment,
) -> Result<Recipients> {
    let mut untold = Vec::with_capacity(loss.removals.len());
    let mut by_address: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, removal) in loss.removals.iter().enumerate() {
        let why_not = why_untold(access, calendar, &loss.uid, removal, now).await?;
        untold.push(match (why_not, address_of(calendar, &removal.event)) {
            (Some(reason), _) => Some(reason),
            (None, None) => Some(Sentence::NobodyKnown),
            (None, Some(address)) => {
                by_address.entry(address).or_default().push(index);
                None
            }
        });
    }
    Ok(Recipients { untold, by_address })
}

/// Why a removal is not announced at all.
pub(crate) async fn why_untold(
    access: &impl Access,
    calendar: &Calendar,
    uid: &str,
    removal: &RemovalOfOne,
    now: Moment,
) -> Result<Option<Sentence>> {
    let is_announced = match removal.kind {
        Kind::DeletedCancelled => calendar.announces.leftovers,
        Kind::CancelledOverlapping => calendar.announces.cancelled,
        _ => calendar.announces.deleted,
    };
    if calendar.template.is_none() {
        return Ok(Some(Sentence::CalendarHasNoTemplate));
    }
    if !is_announced {
        return Ok(Some(Sentence::KindNotAnnounced));
    }
    let address = address_of(calendar, &removal.event).unwrap_or_default();
    let announcement = announcement(uid, removal, "removed", &address);
    let at = outbox::announced_at(access, calendar.id, &announcement).await?;
    if at.is_some_and(|at| now.0 - at < SAME_LOSS_PAUSE) {
        return Ok(Some(Sentence::AnnouncedAlready));
    }
    Ok(None)
}

/// Who is told of an event.
pub(crate) fn address_of(calendar: &Calendar, event: &ShownEvent) -> Option<String> {
    let contact = calendar.contact_address.clone();
    event.organizer.clone().or(contact).map(|address| address.trim().to_lowercase())
}

/// An event as a mail speaks of it, once it is as its reader may see it.
pub(crate) fn mail_event(event: &ShownEvent, is_prioritized: bool) -> MailEvent {
    MailEvent {
        name: event.name.clone(),
        start: event.start.clone(),
        end: event.end.clone(),
        created: event.created.clone(),
        organizer: event.organizer.clone(),
        is_prioritized,
        is_private: event.privacy.is_hidden,
        because: None,
    }
}

fn announcement<'a>(
    uid: &'a str,
    removal: &'a RemovalOfOne,
    reason: &'a str,
    address: &'a str,
) -> Announcement<'a> {
    let winner_uid = removal.beside.first().map_or("", |winner| winner.event.uid.as_str());
    Announcement { uid, original: removal.event.lies.original.0, reason, winner_uid, address }
}

/// That an address has had all messages of a day.
pub(crate) fn had_enough() -> Said {
    Sentence::AddressHadEnough.with([Value::plain(MAX_A_DAY)])
}

/// A message that is about to be written down.
pub(crate) struct Letter<'l> {
    pub kind: outbox::Kind,
    pub calendar: store::CalendarId,
    pub address: &'l str,
    pub change: Option<ChangeId>,
    pub uid: &'l str,
    pub is_recurring: bool,
    pub state: State,
    pub due_at: i64,
}

impl Service {
    /// Writes a message down, or that it does not go and why: the address is none, mail may not go to
    /// its domain, or it has had enough that day.
    pub(crate) async fn put_letter(
        &self,
        transaction: &Transaction,
        letter: &Letter<'_>,
        data: &impl Serialize,
        now: Moment,
    ) -> Result<()> {
        let mut state = letter.state;
        let mut detail = None;
        if let Some(reason) = self.why_refused(letter.address) {
            (state, detail) = (State::Refused, Some(reason.to_string()));
        } else if state == State::Waiting
            && outbox::count_since(transaction, letter.address, now.0 - DAY).await? >= MAX_A_DAY
        {
            state = State::OverLimit;
            detail = Some(had_enough().to_string());
        }
        let message_id = format!("<{}@{}>", new_id(), self.mail_host);
        let data =
            serde_json::to_string(data).map_err(|error| Error::Internal(error.to_string()))?;
        let message = NewMessage {
            kind: letter.kind,
            calendar: Some(letter.calendar),
            change: letter.change,
            uid: letter.uid,
            is_recurring: letter.is_recurring,
            address: letter.address,
            data,
            state,
            due_at: letter.due_at,
            message_id: &message_id,
            detail: detail.as_deref(),
            now: now.0,
        };
        outbox::insert(transaction, &message).await?;
        Ok(())
    }

    /// Whether mail may go to an address: it is one, and of a domain that is allowed.
    pub fn may_mail(&self, address: &str) -> bool {
        self.why_refused(address).is_none()
    }

    pub(crate) fn why_refused(&self, address: &str) -> Option<Said> {
        if let Err(reason) = check_address(address) {
            return Some(Sentence::AddressIs.with([reason.into()]));
        }
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
        let is_allowed = self.mail_domains.is_empty() || self.mail_domains.contains(&domain);
        (!is_allowed).then(|| Sentence::DomainNotAllowed.with([Value::Plain(domain)]))
    }
}
