//! Notifications: the messages that a run leaves in the outbox, in its own transaction, and the
//! rules by which nobody is flooded (section 4 of the contract).

use std::collections::BTreeSet;

use clearing::{Because, Reason};
use facts::{Conflict, Event, KeptConflict, Loss, Removal, RemovalKind};
use ical::Moment;
use mail::limits::{MAX_LISTED, MAX_OCCURRENCES};
use mail::{Notice, Occurrence};
use serde::Serialize;
use store::calendars::Calendar;
use store::mail_links::LinkAct;
use store::outbox::{self, MessageState};
use store::{ChangeId, OutboxId, RunId, Transaction, confirmations, history, users};

use crate::mail::links::{Place, subject_of};
use crate::mail::queue::Notification;
use crate::mail::recipients::{
    Recipients, announcement, is_kept_announced, is_series, reader_of_address, recipients,
    series_told_at,
};
use crate::{Message, MessageId, Result, Service};

/// Writes the messages of one run about one calendar.
pub(crate) struct Announcer<'n> {
    pub(super) service: &'n Service,
    pub(super) transaction: &'n Transaction,
    pub(super) calendar: &'n Calendar,
    pub(super) now: Moment,
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

    /// Where links are written down.
    pub(super) fn place(&self) -> Place<'n> {
        Place { transaction: self.transaction, calendar: self.calendar.id, now: self.now }
    }

    /// The transaction in which the messages are written.
    pub fn transaction(&self) -> &'n Transaction {
        self.transaction
    }

    /// Ends a run's work on a calendar: kept conflicts are announced, and an administrator is asked to
    /// confirm if it met the safety limit, with the number of objects. Of chosen lines, how many objects
    /// were not chosen.
    pub async fn conclude(
        &self,
        ignored: &[KeptConflict],
        (beyond_limit, not_chosen): (Option<usize>, Option<usize>),
        run: RunId,
    ) -> Result<()> {
        for kept in ignored {
            self.announce_kept(kept).await?;
        }
        let id = self.calendar.id;
        match beyond_limit {
            None => match not_chosen {
                // What was not chosen was not confirmed: it still waits, if it waited, and what was chosen
                // counts for the limit of the next 24 hours.
                Some(objects) => {
                    confirmations::set_objects(self.transaction, id, objects).await?;
                    history::set_not_confirmed(self.transaction, run).await?;
                }
                None => self.close_confirmation().await?,
            },
            Some(objects) => {
                let waiting = ignored.iter().filter(|it| it.reason == Reason::Limit);
                let waiting = waiting.map(|it| it.removal.event.uid.as_str());
                let waiting: BTreeSet<&str> = waiting.collect();
                let asked = confirmations::uids(self.transaction, id).await?;
                if asked.is_some_and(|uids| !uids.iter().any(|it| waiting.contains(it.as_str()))) {
                    // Nothing that it was asked about is left: the others are a request of their own, if
                    // they are too many.
                    self.close_confirmation().await?;
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
    /// nobody is notified.
    pub async fn announce(
        &self,
        change_id: Option<ChangeId>,
        loss: &Loss,
    ) -> Result<Vec<Option<MessageId>>> {
        let Recipients { not_notified_reason, by_address } =
            recipients(self.service, self.transaction, self.calendar, loss, self.now).await?;
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
        let message = self
            .put(
                outbox::MessageKind::Removed,
                address,
                change_id,
                &loss.uid,
                is_series,
                &data,
                (state, due_at),
                first_meeting(removals, self.now),
            )
            .await?;
        if data.occurrences.len() > MAX_LISTED {
            let last = data.occurrences.iter().map(|it| it.start).max().unwrap_or_default();
            self.leave_list(message, address, (removals, Moment(last))).await?;
        }
        for removal in removals {
            let announcement = announcement(&loss.uid, removal, "removed", address);
            outbox::set_announced(self.transaction, calendar.id, &announcement, self.now.0).await?;
        }
        Ok(())
    }

    /// Leaves the link to the page that lists all dates of a message. The contact address gets it too: nothing can be
    /// done there. It works until a moment.
    async fn leave_list(
        &self,
        message: OutboxId,
        address: &str,
        (removals, until): (&[&Removal], Moment),
    ) -> Result<()> {
        let Some(subject) = subject_of(removals.iter().copied()) else { return Ok(()) };
        let uid = removals[0].event.uid.as_str();
        self.place().leave_link(LinkAct::List, message, (address, uid), (&subject, until)).await?;
        Ok(())
    }

    /// Leaves a message about a kept conflict, if the calendar announces those and it
    /// was not announced before.
    async fn announce_kept(&self, it: &KeptConflict) -> Result<()> {
        let calendar = self.calendar;
        if !is_kept_announced(calendar, it) {
            return Ok(());
        }
        let is_for_both = it.reason == Reason::Prioritised;
        let address = self.service.address_of(calendar, &it.removal.event);
        if let Some(address) = &address {
            self.write_kept(&it.removal, it.is_recurring, it.reason, None, address).await?;
        }
        let winner = it.removal.winner().filter(|_| is_for_both);
        let of_winner = winner.and_then(|winner| self.service.address_of(calendar, winner));
        if let (Some(winner), Some(address)) =
            (winner, of_winner.filter(|it| Some(it) != address.as_ref()))
        {
            let seen_from_it = seen_from_winner(&it.removal, winner);
            let seen_from_it = Removal { is_prioritized: true, ..seen_from_it };
            let because = it.removal.because.map(mail_because);
            self.write_kept(&seen_from_it, false, it.reason, because, &address).await?;
        }
        Ok(())
    }

    /// Leaves the message to one address, if it was not left before; with why the recipient's own event is
    /// the stronger one, if it is.
    async fn write_kept(
        &self,
        removal: &Removal,
        is_recurring: bool,
        reason: Reason,
        because: Option<mail::Because>,
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
        data.event.because = because;
        let kind = outbox::MessageKind::Kept;
        let at_once = (MessageState::Waiting, self.now.0);
        let meets_at = Some(removal.event.start.0);
        let message = self.put(kind, address, None, uid, false, &data, at_once, meets_at).await?;
        self.place()
            .leave_links(message, (&[removal], address), &[LinkAct::GiveUp, LinkAct::Move])
            .await?;
        outbox::set_announced(self.transaction, id, &announcement, self.now.0).await?;
        Ok(())
    }

    /// Closes the request for a confirmation, if one is open. Nobody is asked for it any more.
    async fn close_confirmation(&self) -> Result<()> {
        let id = self.calendar.id;
        if confirmations::find(self.transaction, id).await?.is_none() {
            return Ok(());
        }
        confirmations::close(self.transaction, id).await?;
        let why = Message::from(MessageId::ConfirmationClosed).to_stored();
        Ok(outbox::drop_confirmations(self.transaction, id, &why).await?)
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
            let at_once = (MessageState::Waiting, self.now.0);
            self.put(kind, &address, None, "", false, &data, at_once, None).await?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "they are the columns of one row")]
    pub(super) async fn put(
        &self,
        kind: outbox::MessageKind,
        address: &str,
        change: Option<ChangeId>,
        uid: &str,
        is_series: bool,
        data: &impl Serialize,
        (state, due_at): (MessageState, i64),
        meets_at: Option<i64>,
    ) -> Result<OutboxId> {
        let notification = Notification {
            kind,
            calendar: self.calendar.id,
            address,
            change,
            uid,
            is_recurring: is_series,
            state,
            due_at,
            meets_at,
        };
        self.service.queue_notification(self.transaction, &notification, data, self.now).await
    }

    /// What a mail to an address says; names that are kept from its reader are not in it.
    pub(super) async fn data(
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
            contact: calendar.contact_address.clone(),
            overlap_events: overlap_events(first),
            occurrences: removals.iter().take(MAX_OCCURRENCES).map(occurrence).collect(),
            ..Notice::default()
        })
    }
}

/// A removal as the organizer of the winner sees it.
pub(super) fn seen_from_winner(removal: &Removal, winner: &Event) -> Removal {
    let conflict = Conflict {
        event: removal.event.clone(),
        is_prioritized: removal.is_prioritized,
        because: None,
    };
    Removal { conflicts: vec![conflict], ..Removal::by_hand(removal.kind, winner.clone()) }
}

/// When the first meeting of removals begins that is not over; in seconds since 1970.
pub(super) fn first_meeting(removals: &[&Removal], now: Moment) -> Option<i64> {
    let to_come = removals.iter().filter(|it| it.event.end > now);
    to_come.map(|it| it.event.start.0).min()
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
        is_of_private_class: event.privacy.is_private,
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
