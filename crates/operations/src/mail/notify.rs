//! Who is told of what: the messages that a run leaves in the outbox, in its own transaction, and the
//! rules by which nobody is flooded (section 4 of the contract).

use std::collections::{BTreeMap, BTreeSet};

use clearing::{Address, Because, Reason};
use ical::Moment;
use ical::civil::DAY;
use mail::limits::MAX_OCCURRENCES;
use mail::{Notice, Occurrence};
use serde::Serialize;
use store::calendars::Calendar;
use store::history::RemovalKind;
use store::outbox::{self, Announcement, MessageState, NewMessage};
use store::{Access, ChangeId, RunId, Transaction, confirmations, users};

use crate::facts::{Conflict, Event, LeftAlone, Loss, Removal};
use crate::settings::validate::check_address;
use crate::{Error, Message, MessageId, Reader, Result, Service, new_id};

/// A series is announced once in so many seconds …
const SERIES_PAUSE: i64 = 30 * DAY;
/// … unless an occurrence that goes begins within so many.
const SERIES_URGENT: i64 = 14 * DAY;
/// The same loss to the same winner is not announced again for so many seconds.
const SAME_LOSS_PAUSE: i64 = 7 * DAY;
/// Messages to one address in 24 hours.
pub(crate) const MAX_A_DAY: i64 = 20;

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
        let id = self.calendar.id;
        match beyond_limit {
            None => match still_beyond_limit {
                // Part of it was confirmed: what is left still waits, if it waited.
                Some(objects) => {
                    confirmations::set_objects(self.transaction, id, objects).await?;
                }
                None => confirmations::close(self.transaction, id).await?,
            },
            Some(objects) => {
                let waiting = ignored.iter().filter(|it| it.reason == Reason::Limit);
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
                if confirmations::ask(self.transaction, id, run, objects, &waiting).await? {
                    self.ask_for_confirmation(objects).await?;
                }
            }
        }
        Ok(())
    }

    /// Leaves messages about a change: one for each organizer. The answer says, removal by removal, why
    /// nobody is told of it.
    pub async fn announce(
        &self,
        change_id: Option<ChangeId>,
        loss: &Loss,
    ) -> Result<Vec<Option<MessageId>>> {
        let Recipients { not_notified_reason, by_address } =
            recipients(self.transaction, self.calendar, loss, self.now).await?;
        for (address, indexes) in by_address {
            let removals: Vec<_> = indexes.iter().map(|index| &loss.removals[*index]).collect();
            self.write(&address, change_id, loss, &removals).await?;
        }
        Ok(not_notified_reason)
    }

    async fn write(
        &self,
        address: &str,
        change_id: Option<ChangeId>,
        loss: &Loss,
        removals: &[&Removal],
    ) -> Result<()> {
        let calendar = self.calendar;
        let mut data = self.data(removals, loss.is_recurring, address).await?;
        data.is_deleted = loss.is_deleted;
        if data.is_deleted {
            // Beside a deletion it says that the organizer had cancelled it before.
            data.is_cancelled = removals[0].kind == RemovalKind::DeletedCancelled;
        }
        let (mut state, mut due_at) = (MessageState::Waiting, self.now.0);
        let is_series = is_series(loss, removals);
        if is_series {
            let told_at =
                series_told_at(self.transaction, calendar, &loss.uid, address, removals).await?;
            if told_at > self.now.0 {
                (state, due_at) = (MessageState::Gathered, told_at);
            } else {
                let gathered =
                    outbox::join_gathered(self.transaction, calendar.id, &loss.uid, address)
                        .await?;
                for text in gathered {
                    data.absorb(serde_json::from_str(&text).map_err(store::Error::from)?);
                }
            }
        }
        self.put(
            outbox::MessageKind::Removed,
            address,
            change_id,
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
        if !it.is_announced(calendar) {
            return Ok(());
        }
        let is_for_both = it.reason == Reason::Prioritised;
        let address = address_of(calendar, &it.removal.event);
        if let Some(address) = &address {
            self.write_left_alone(&it.removal, it.is_recurring, it.reason, address).await?;
        }
        let winner = it.removal.winner().filter(|_| is_for_both);
        let of_winner = winner.and_then(|winner| address_of(calendar, winner));
        if let (Some(winner), Some(address)) =
            (winner, of_winner.filter(|it| Some(it) != address.as_ref()))
        {
            let conflict = Conflict {
                event: it.removal.event.clone(),
                is_prioritized: it.removal.is_prioritized,
                because: None,
            };
            let seen_from_it = Removal {
                is_prioritized: true,
                conflicts: vec![conflict],
                ..Removal::by_hand(it.removal.kind, winner.clone())
            };
            self.write_left_alone(&seen_from_it, false, it.reason, &address).await?;
        }
        Ok(())
    }

    /// Leaves the message to one address, if it was not left before.
    async fn write_left_alone(
        &self,
        removal: &Removal,
        is_recurring: bool,
        reason: Reason,
        address: &str,
    ) -> Result<()> {
        let uid = &removal.event.uid;
        let announcement = announcement(uid, removal, reason.as_str(), address);
        let id = self.calendar.id;
        if outbox::announced_at(self.transaction, id, &announcement).await?.is_some() {
            return Ok(());
        }
        let mut data = self.data(&[removal], is_recurring, address).await?;
        (data.is_deleted, data.is_cancelled) = (false, false);
        data.reason = Some(reason.as_str().to_owned());
        let kind = outbox::MessageKind::Kept;
        self.put(kind, address, None, uid, false, &data, MessageState::Waiting, self.now.0).await?;
        outbox::set_announced(self.transaction, id, &announcement, self.now.0).await?;
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
            let kind = outbox::MessageKind::ConfirmationWanted;
            self.put(kind, &address, None, "", false, &data, MessageState::Waiting, self.now.0)
                .await?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "they are the columns of one row")]
    async fn put(
        &self,
        kind: outbox::MessageKind,
        address: &str,
        change: Option<ChangeId>,
        uid: &str,
        is_series: bool,
        data: &impl Serialize,
        state: MessageState,
        due_at: i64,
    ) -> Result<()> {
        let letter = Notification {
            kind,
            calendar: self.calendar.id,
            address,
            change,
            uid,
            is_recurring: is_series,
            state,
            due_at,
        };
        self.service.queue_notification(self.transaction, &letter, data, self.now).await
    }

    /// What a mail to an address says; names that are kept from its reader are not in it.
    async fn data(
        &self,
        removals: &[&Removal],
        is_recurring: bool,
        address: &str,
    ) -> Result<Notice> {
        let calendar = self.calendar;
        let reader = reader_of_address(self.transaction, address).await?;
        let shown = |event: &Event, is_prioritized| {
            mail_event(&reader.shown(event.clone()), is_prioritized)
        };
        let overlap_events = |removal: &Removal| {
            let conflicts = removal.conflicts.iter().map(|it| mail::Event {
                because: it.because.map(mail_because),
                ..shown(&it.event, it.is_prioritized)
            });
            conflicts.collect::<Vec<_>>()
        };
        let first = removals[0];
        let occurrence = |removal: &&Removal| Occurrence {
            start: removal.event.start.0,
            end: removal.event.end.0,
            overlap_events: overlap_events(removal),
        };
        Ok(Notice {
            calendar_name: calendar.name.clone(),
            zone: calendar.zone.clone(),
            event: shown(&first.event, first.is_prioritized),
            is_deleted: first.kind != RemovalKind::CancelledOverlapping,
            is_cancelled: first.kind != RemovalKind::DeletedOverlapping,
            is_recurring,
            is_deprioritized: first.is_deprioritized,
            is_restored: false,
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
pub(crate) fn is_series(loss: &Loss, removals: &[&Removal]) -> bool {
    loss.is_recurring && removals.iter().all(|it| it.kind == RemovalKind::CancelledOverlapping)
}

/// From when on an address may be told of occurrences of a series, in seconds since 1970; until then
/// the message about them is gathered.
pub(crate) async fn series_told_at(
    access: &impl Access,
    calendar: &Calendar,
    uid: &str,
    address: &str,
    removals: &[&Removal],
) -> Result<i64> {
    let last = outbox::series_announced_at(access, calendar.id, uid, address).await?;
    let first_start = removals.iter().map(|it| it.event.start.0).min();
    let urgent_at = first_start.map_or(i64::MAX, |start| start - SERIES_URGENT);
    let free_at = last.map_or(i64::MIN, |last| last + SERIES_PAUSE);
    Ok(free_at.min(urgent_at))
}

/// Who is told of what goes by a change.
pub(crate) struct Recipients {
    /// Removal by removal, why nobody is told of it.
    pub not_notified_reason: Vec<Option<MessageId>>,
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
    let mut not_notified_reason = Vec::with_capacity(loss.removals.len());
    let mut by_address: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, removal) in loss.removals.iter().enumerate() {
        let why_not = why_not_notified(access, calendar, &loss.uid, removal, now).await?;
        not_notified_reason.push(match (why_not, address_of(calendar, &removal.event)) {
            (Some(reason), _) => Some(reason),
            (None, None) => Some(MessageId::NobodyKnown),
            (None, Some(address)) => {
                by_address.entry(address).or_default().push(index);
                None
            }
        });
    }
    Ok(Recipients { not_notified_reason, by_address })
}

/// Why a removal is not announced at all.
pub(crate) async fn why_not_notified(
    access: &impl Access,
    calendar: &Calendar,
    uid: &str,
    removal: &Removal,
    now: Moment,
) -> Result<Option<MessageId>> {
    let is_announced = match removal.kind {
        RemovalKind::DeletedCancelled => calendar.announces.leftovers,
        RemovalKind::CancelledOverlapping => calendar.announces.cancelled,
        _ => calendar.announces.deleted,
    };
    if calendar.template.is_none() {
        return Ok(Some(MessageId::CalendarHasNoTemplate));
    }
    if !is_announced {
        return Ok(Some(MessageId::KindNotAnnounced));
    }
    let address = address_of(calendar, &removal.event).unwrap_or_default();
    let announcement = announcement(uid, removal, "removed", &address);
    let at = outbox::announced_at(access, calendar.id, &announcement).await?;
    if at.is_some_and(|at| now.0 - at < SAME_LOSS_PAUSE) {
        return Ok(Some(MessageId::AnnouncedAlready));
    }
    Ok(None)
}

/// Who is told of an event.
pub(crate) fn address_of(calendar: &Calendar, event: &Event) -> Option<String> {
    let contact = calendar.contact_address.clone();
    event.organizer.clone().or(contact).map(|address| address.trim().to_lowercase())
}

/// An event as a mail speaks of it, once it is as its reader may see it.
pub(crate) fn mail_event(event: &Event, is_prioritized: bool) -> mail::Event {
    mail::Event {
        name: event.name.clone(),
        start: event.start.0,
        end: event.end.0,
        created: event.created.map(|it| it.0),
        organizer: event.organizer.clone(),
        is_prioritized,
        is_private: event.privacy.is_hidden,
        because: None,
    }
}

/// Why a staying event is the stronger one, as a mail speaks of it.
fn mail_because(because: Because) -> mail::Because {
    let Because { rule, winner_since, loser_since, witnessed } = because;
    mail::Because {
        rule: rule.as_str().to_owned(),
        winner_since: winner_since.0,
        loser_since: loser_since.0,
        witnessed,
    }
}

fn announcement<'a>(
    uid: &'a str,
    removal: &'a Removal,
    reason: &'a str,
    address: &'a str,
) -> Announcement<'a> {
    let winner_uid = removal.winner().map_or("", |winner| winner.uid.as_str());
    Announcement { uid, original: removal.event.original.0, reason, winner_uid, address }
}

/// That an address has had all messages of a day.
pub(crate) fn had_enough() -> Message {
    MessageId::address_had_enough(MAX_A_DAY)
}

/// A message that is about to be written down.
pub(crate) struct Notification<'l> {
    pub kind: outbox::MessageKind,
    pub calendar: store::CalendarId,
    pub address: &'l str,
    pub change: Option<ChangeId>,
    pub uid: &'l str,
    pub is_recurring: bool,
    pub state: MessageState,
    pub due_at: i64,
}

impl Service {
    /// Writes a message down, or that it does not go and why: the address is none, mail may not go to
    /// its domain, or it has had enough that day.
    pub(crate) async fn queue_notification(
        &self,
        transaction: &Transaction,
        letter: &Notification<'_>,
        data: &impl Serialize,
        now: Moment,
    ) -> Result<()> {
        let mut state = letter.state;
        let mut detail = None;
        if let Some(reason) = self.why_refused(letter.address) {
            (state, detail) = (MessageState::Refused, Some(reason.to_stored()));
        } else if state == MessageState::Waiting
            && outbox::count_since(transaction, letter.address, now.0 - DAY).await? >= MAX_A_DAY
        {
            state = MessageState::OverLimit;
            detail = Some(had_enough().to_stored());
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

    pub(crate) fn why_refused(&self, address: &str) -> Option<Message> {
        if let Err(reason) = check_address(address) {
            return Some(MessageId::address_is(reason));
        }
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
        let is_allowed = self.mail_domains.is_empty() || self.mail_domains.contains(&domain);
        (!is_allowed).then(|| MessageId::domain_not_allowed(domain))
    }
}
