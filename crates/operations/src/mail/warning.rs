//! Warnings: the messages that an event loses its room later, and that it does not after all (section 7 of the
//! contract).

use std::collections::BTreeMap;

use clearing::{Reason, removal_at};
use facts::{Event, KeptConflict, Removal};
use ical::Moment;
use ical::civil::DAY;
use mail::limits::MAX_LISTED;
use mail::{Notice, Warning, WarningStage};
use serde_json::json;
use store::delivery::{self, ClaimedMessage, DeliveryOutcome};
use store::mail_links::LinkAct;
use store::outbox::{self, MessageKind, MessageState};
use store::pending::{self, PendingOutcome, PendingRow};
use store::{OutboxId, PendingId, Transaction};

use crate::mail::notify::{Announcer, first_meeting, seen_from_winner};
use crate::mail::recipients::reader_of_address;
use crate::{Message, MessageId, Result, Service, metrics};

/// A warning that has ended, and to whom that is said.
pub(crate) struct EndedWarning {
    /// The pending removal that it was about.
    pub row: PendingRow,
    /// Why, as messages say it.
    pub word: &'static str,
    /// Whether the organizer of the loser hears of it.
    pub tells_loser: bool,
    /// Whether the organizer of the winner does.
    pub tells_winner: bool,
}

impl Announcer<'_> {
    /// Leaves the warnings about occurrences of one object: a message to each organizer of a loser, or the contact
    /// address, and one to each organizer of a winner. Returns both messages of each occurrence.
    pub async fn warn(
        &self,
        removals: &[&Removal],
        is_recurring: bool,
        grace_hours: u32,
    ) -> Result<Vec<[Option<OutboxId>; 2]>> {
        let mut messages = vec![[None; 2]; removals.len()];
        let mut losers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut winners: BTreeMap<String, Vec<(usize, Removal)>> = BTreeMap::new();
        for (index, removal) in removals.iter().enumerate() {
            let loser = self.address(&removal.event);
            let winner = removal.winner();
            let of_winner =
                winner.and_then(|it| self.address(it)).filter(|it| Some(it) != loser.as_ref());
            if let (Some(winner), Some(address)) = (winner, of_winner) {
                let seen = seen_from_winner(removal, winner);
                winners.entry(address).or_default().push((index, seen));
            }
            if let Some(address) = loser {
                losers.entry(address).or_default().push(index);
            }
        }
        for (address, indexes) in losers {
            let of_it: Vec<&Removal> = indexes.iter().map(|it| removals[*it]).collect();
            let of = (grace_hours, first_start(&of_it), false);
            let id = self.put_warning(&of_it, is_recurring, &address, of).await?;
            indexes.into_iter().for_each(|it| messages[it][0] = Some(id));
        }
        for (address, seen) in winners {
            let of_it: Vec<&Removal> = seen.iter().map(|(_, it)| it).collect();
            let losing: Vec<&Removal> = seen.iter().map(|(index, _)| removals[*index]).collect();
            let of = (grace_hours, first_start(&losing), true);
            let id = self.put_warning(&of_it, false, &address, of).await?;
            seen.into_iter().for_each(|(it, _)| messages[it][1] = Some(id));
        }
        Ok(messages)
    }

    /// Warns about occurrences of one object somebody else: the first message reached nobody. Returns the new message,
    /// if there is anybody to tell.
    pub async fn warn_again(
        &self,
        rows: &[&PendingRow],
        address: &str,
    ) -> Result<Option<OutboxId>> {
        let removals: Vec<Removal> = rows.iter().map(|row| row.removal()).collect();
        let removals: Vec<&Removal> = removals.iter().collect();
        let Some(first) = rows.first() else { return Ok(None) };
        let grace_hours = u32::try_from(first.grace_hours).unwrap_or_default();
        let of = (grace_hours, first_start(&removals), false);
        self.put_warning(&removals, first.is_recurring, address, of).await.map(Some)
    }

    /// The address of messages about an event.
    pub fn address(&self, event: &Event) -> Option<String> {
        self.service.address_of(self.calendar, event)
    }

    async fn put_warning(
        &self,
        removals: &[&Removal],
        is_recurring: bool,
        address: &str,
        (grace_hours, first_lost, is_winner): (u32, Option<Moment>, bool),
    ) -> Result<OutboxId> {
        let start = first_lost.unwrap_or(self.now);
        let stage = WarningStage::Announced {
            removal_at: removal_at(self.now, start, grace_hours).0,
            first_lost_at: start.0,
            grace_hours,
        };
        let data = self.notice(removals, is_recurring, address, (is_winner, stage)).await?;
        let kind = MessageKind::Warning;
        let id = self.put_notice(kind, removals, is_recurring, address, &data).await?;
        let acts: &[LinkAct] = match is_winner {
            true => &[LinkAct::GiveUp, LinkAct::Move],
            false => &[LinkAct::GiveUp, LinkAct::Move, LinkAct::Ask],
        };
        self.place().leave_links(id, (removals, address), acts).await?;
        Ok(id)
    }

    async fn put_notice(
        &self,
        kind: MessageKind,
        removals: &[&Removal],
        is_recurring: bool,
        address: &str,
        data: &Notice,
    ) -> Result<OutboxId> {
        let at_once = (MessageState::Waiting, self.now.0);
        let uid = removals.first().map_or("", |it| it.event.uid.as_str());
        let meets_at = first_meeting(removals, self.now);
        self.put(kind, address, None, uid, is_recurring, data, at_once, meets_at).await
    }

    async fn notice(
        &self,
        removals: &[&Removal],
        is_recurring: bool,
        address: &str,
        (is_winner, stage): (bool, WarningStage),
    ) -> Result<Notice> {
        let warning = Some(Warning { is_winner, stage });
        let data = self.data(removals, is_recurring, address).await?;
        Ok(Notice { is_deleted: false, is_cancelled: false, warning, ..data })
    }

    /// Says that warnings have ended: to those who have, or may have, the message about them. What was not sent yet is
    /// discarded. The pending removals have ended, or were decided, before.
    pub async fn end_warnings(&self, ended: &[EndedWarning]) -> Result<()> {
        let mut by_message: BTreeMap<(OutboxId, bool, &str), Vec<&EndedWarning>> = BTreeMap::new();
        for it in ended {
            for (message, is_winner) in
                [(it.row.message_id, false), (it.row.winner_message_id, true)]
            {
                let Some(message) = message else { continue };
                by_message.entry((message, is_winner, it.word)).or_default().push(it);
            }
        }
        for ((message, is_winner, word), of_it) in by_message {
            withdraw(self.transaction, message).await?;
            let tells =
                |it: &&&EndedWarning| if is_winner { it.tells_winner } else { it.tells_loser };
            let told: Vec<_> = of_it.iter().filter(tells).collect();
            let Some(first) = told.first() else { continue };
            let Some(address) = outbox::address_reached(self.transaction, message).await? else {
                continue;
            };
            let removals = told.iter().map(|it| it.row.removal());
            let removals: Vec<Removal> = match is_winner {
                false => removals.collect(),
                true => removals
                    .filter_map(|it| {
                        it.winner().cloned().map(|winner| seen_from_winner(&it, &winner))
                    })
                    .collect(),
            };
            let removals: Vec<&Removal> = removals.iter().collect();
            if removals.is_empty() {
                continue;
            }
            let is_recurring = first.row.is_recurring && !is_winner;
            let stage = WarningStage::Ended { reason: word.to_owned() };
            let of = (is_winner, stage);
            let data = self.notice(&removals, is_recurring, &address, of).await?;
            let kind = MessageKind::WarningEnded;
            self.put_notice(kind, &removals, is_recurring, &address, &data).await?;
        }
        Ok(())
    }

    /// Leaves the message with the conflicts of a calendar that only reports, for the contact address. Another process
    /// may have left one since it was found to be due.
    pub async fn report(&self, ignored: &[KeptConflict]) -> Result<()> {
        let reported: Vec<_> = ignored.iter().filter(|it| it.reason == Reason::Report).collect();
        let Some(address) = self.calendar.contact_address.as_deref() else { return Ok(()) };
        let (kind, id) = (MessageKind::ConflictsFound, self.calendar.id);
        let last = outbox::last_about_calendar(self.transaction, id, kind).await?;
        if reported.is_empty() || last.is_some_and(|at| self.now.0 - at < DAY) {
            return Ok(());
        }
        let reader = reader_of_address(self.transaction, address).await?;
        let mut names_private = false;
        let mut conflict = |it: &&KeptConflict| {
            let event = reader.shown(it.removal.event.clone());
            let winner = it.removal.winner().map(|it| reader.shown(it.clone()));
            let winner = winner.unwrap_or_default();
            let named = [&event, &winner].map(|it| &it.privacy);
            names_private |= named.into_iter().any(|it| it.is_private && !it.is_hidden);
            json!({
                "name": event.name,
                "organizer": event.organizer,
                "is_private": event.privacy.is_hidden,
                "start": event.start.0,
                "end": event.end.0,
                "winner": winner.name,
                "winner_organizer": winner.organizer,
                "winner_is_private": winner.privacy.is_hidden,
            })
        };
        let conflicts: Vec<_> = reported.iter().take(MAX_LISTED).map(&mut conflict).collect();
        let data = json!({
            "calendar": self.calendar.slug,
            "calendar_name": self.calendar.name,
            "zone": self.calendar.zone,
            "number": reported.len(),
            "conflicts": conflicts,
            "names_private": names_private,
        });
        let at_once = (MessageState::Waiting, self.now.0);
        self.put(kind, address, None, "", false, &data, at_once, None).await?;
        Ok(())
    }
}

impl Service {
    /// Records what came of a message. If it was a warning that the server took, the grace begins. One that could not be
    /// delivered is the contact's from now on.
    pub(super) async fn record_outcome(
        &self,
        transaction: &Transaction,
        (taken, outcome): (&ClaimedMessage, &DeliveryOutcome),
        holder: &str,
        now: i64,
    ) -> Result<bool> {
        let is_recorded =
            delivery::record_outcome(transaction, taken.id, holder, outcome, now).await?;
        if is_recorded {
            metrics::count_message(outcome);
        }
        let is_sent =
            matches!(outcome, DeliveryOutcome::Sent(_) | DeliveryOutcome::CopiesPutOff(..));
        if is_recorded && is_sent && taken.kind == MessageKind::Warning {
            let taken_at = self.latest_now().await?;
            pending::set_warned(transaction, taken.id, taken_at.0).await?;
        }
        if is_recorded
            && outcome.is_failure()
            && let Some(told) = self.tell_contact(transaction, taken).await?
        {
            pending::replace_message(transaction, taken.id, told).await?;
        }
        Ok(is_recorded)
    }
}

/// When the first of some occurrences begins.
fn first_start(removals: &[&Removal]) -> Option<Moment> {
    removals.iter().map(|it| it.event.start).min()
}

/// Records that a pending removal was carried out. What was not sent about it is discarded.
pub(crate) async fn end_removed(
    transaction: &Transaction,
    id: PendingId,
    now: Moment,
) -> Result<()> {
    pending::end(transaction, id, PendingOutcome::Removed, now.0).await?;
    let Some(row) = pending::by_id(transaction, id).await? else { return Ok(()) };
    for message in [row.message_id, row.winner_message_id].into_iter().flatten() {
        withdraw(transaction, message).await?;
    }
    Ok(())
}

/// Discards a warning that was not sent, unless another removal is pending that it is about.
pub(crate) async fn withdraw(transaction: &Transaction, message: OutboxId) -> Result<()> {
    if !pending::is_message_needed(transaction, message).await? {
        let why = Message::from(MessageId::WarningHasEnded).to_stored();
        outbox::drop_warning(transaction, message, &why).await?;
    }
    Ok(())
}
