//! What a plan does about pending removals, and writing that down (section 7 of the contract).

use std::collections::{BTreeMap, HashSet};

use answers::contents::Contents;
use clearing::{Begun, EndReason, Matched, Plan, Reason, Slot};
use facts::Removal;
use ical::Moment;
use store::calendars::Calendar;
use store::outbox::MessageState;
use store::pending::{self, NewPending, PendingDecision, PendingOutcome, PendingRow};
use store::webhooks::WebhookKind;
use store::{PendingId, RunId, Transaction};

use crate::mail::notify::Announcer;
use crate::mail::warning::EndedWarning;
use crate::room::snapshot::Snapshot;
use crate::{Result, Service, metrics};

/// What a plan does about pending removals.
#[derive(Debug, Default)]
pub(crate) struct PendingPlan {
    /// Warnings that are to go out.
    begun: Vec<NewWarning>,
    /// Those that end without a removal.
    ended: Vec<(PendingRow, EndReason)>,
    /// Those of which an object has another version, though the occurrences are as they were.
    renewed: Vec<Renewed>,
    /// Those of which nobody can be told by the message that was left.
    untold: Vec<PendingRow>,
}

/// A pending removal whose objects have other texts: what is said of it follows them, such as that it is private now.
#[derive(Debug)]
struct Renewed {
    id: PendingId,
    href: String,
    versions: [String; 2],
    removal: Removal,
}

/// A warning that is to go out.
#[derive(Debug)]
struct NewWarning {
    removal: Removal,
    href: String,
    versions: [String; 2],
    /// Where the winner lies.
    winner_href: String,
    is_recurring: bool,
    replaces: Option<PendingId>,
}

impl PendingPlan {
    /// That of a plan. `removal` makes the facts of a loser and its winner.
    pub fn of(
        snapshot: &Snapshot,
        room: &Contents<'_>,
        plan: &Plan,
        removal: impl Fn(&Begun) -> Removal,
    ) -> PendingPlan {
        if snapshot.only.is_some() {
            return PendingPlan::default();
        }
        // A run that carries out what is due begins nothing but what takes the place of a warning.
        let is_meant = |it: &&Begun| !snapshot.due_only || it.replaces.is_some();
        let resource = |slot: &Slot| room.calendar.objects()[slot.object].resource();
        let href = |slot: &Slot| snapshot.places[resource(slot)].href.clone();
        let versions =
            |loser: &Slot, winner: &Slot| [loser, winner].map(|it| snapshot.digest(resource(it)));
        let row = |id: i64| snapshot.pending.iter().find(|row| row.id.0 == id);
        let begun = plan.pending.begun.iter().filter(is_meant).map(|it| NewWarning {
            removal: removal(it),
            href: href(&it.loser),
            versions: versions(&it.loser, &it.winner),
            winner_href: href(&it.winner),
            is_recurring: ical::is_recurring(
                &room.calendar,
                &room.calendar.objects()[it.loser.object],
            ),
            replaces: it.replaces.map(PendingId),
        });
        let ended = plan.pending.ended.iter();
        let ended = ended.filter_map(|it| Some((row(it.id)?.clone(), it.reason)));
        let renewed = plan.pending.matched.iter().filter_map(|it: &Matched| {
            let row = row(it.id)?;
            let (href, versions) = (href(&it.loser), versions(&it.loser, &it.winner));
            let is_same = row.href == href
                && [&row.version, &row.winner_version] == [&versions[0], &versions[1]];
            let (loser, winner, replaces) = (it.loser, it.winner, Some(it.id));
            let removal = removal(&Begun { loser, winner, replaces });
            (!is_same).then_some(Renewed { id: row.id, href, versions, removal })
        });
        let matched = plan.pending.matched.iter().filter_map(|it| row(it.id));
        let untold = matched.filter(|row| is_untold(&snapshot.calendar, row)).cloned();
        PendingPlan {
            begun: begun.collect(),
            ended: ended.collect(),
            renewed: renewed.collect(),
            untold: untold.collect(),
        }
    }

    /// Whether nothing is to be written.
    pub fn is_nothing(&self) -> bool {
        let PendingPlan { begun, ended, renewed, untold } = self;
        begun.is_empty() && ended.is_empty() && renewed.is_empty() && untold.is_empty()
    }

    /// Without what is about objects of which it is not known what becomes of them.
    pub fn without(&mut self, is_in_doubt: impl Fn(&str) -> bool) {
        let is_left = |it: &NewWarning| !is_in_doubt(&it.href) && !is_in_doubt(&it.winner_href);
        let dropped = self.begun.iter().filter(|it| !is_left(it)).filter_map(|it| it.replaces);
        // What is not begun takes no place.
        let dropped: HashSet<PendingId> = dropped.collect();
        self.begun.retain(is_left);
        self.ended.retain(|(row, _)| !is_in_doubt(&row.href) && !dropped.contains(&row.id));
        self.renewed.retain(|it| !is_in_doubt(&it.href));
    }
}

/// Whether the message about a pending removal reached nobody, and somebody else can be told: the contact address, or
/// an organizer who has got an address since.
fn is_untold(calendar: &Calendar, row: &PendingRow) -> bool {
    let is_lost = match row.message_state.as_deref() {
        None => true,
        Some(MessageState::Failed | MessageState::Refused | MessageState::Discarded) => true,
        // An administrator may release it, and may not.
        Some(MessageState::OverLimit) => true,
        Some(_) => false,
    };
    let contact = calendar.contact_address.as_deref().map(str::to_lowercase);
    let is_other = contact.is_some() && contact != row.message_address;
    let has_organizer = row.message_id.is_none() && row.removal().event.organizer.is_some();
    row.warned_at.is_none() && row.decision.is_none() && is_lost && (is_other || has_organizer)
}

/// Why a warning has ended, as messages say it.
fn word_of(reason: EndReason) -> &'static str {
    match reason {
        EndReason::LoserGone => "gone",
        EndReason::NoConflict | EndReason::Replaced | EndReason::Over => "settled",
        EndReason::Kept(Reason::Protected) => "protected",
        EndReason::Kept(Reason::Started) => "started",
        EndReason::Kept(Reason::Prioritised) => "prioritised",
        EndReason::Kept(Reason::Report) => "report",
        EndReason::Kept(_) => "kept",
    }
}

impl Service {
    /// Writes down what a run does about pending removals, with the messages.
    pub(crate) async fn write_pending(
        &self,
        transaction: &Transaction,
        snapshot: &Snapshot,
        plan: &PendingPlan,
        (run, is_at_limit): (RunId, bool),
        now: Moment,
    ) -> Result<()> {
        let announcer = Announcer::new(self, transaction, &snapshot.calendar, now);
        for Renewed { id, href, versions: [version, winner], removal } in &plan.renewed {
            pending::renew(transaction, *id, href, [version, winner], removal).await?;
        }
        self.begin_warnings(&announcer, snapshot, plan, (run, is_at_limit), now).await?;
        let mut ended = Vec::new();
        for (row, reason) in &plan.ended {
            if !pending::end(transaction, row.id, PendingOutcome::from(*reason), now.0).await? {
                continue;
            }
            let is_decided = row.decision.is_some_and(|it| *it == PendingDecision::Keep);
            let is_told = !is_decided && *reason != EndReason::Over;
            let next = plan.begun.iter().find(|it| it.replaces == Some(row.id));
            let winner_of = |it: &Removal| it.winner().and_then(|it| announcer.address(it));
            // Who gets another warning about it hears of it by that.
            let has_next = |it: &NewWarning| winner_of(&it.removal) == winner_of(&row.removal());
            ended.push(EndedWarning {
                row: row.clone(),
                word: word_of(*reason),
                tells_loser: is_told && *reason != EndReason::Replaced,
                tells_winner: is_told && !next.is_some_and(has_next),
            });
        }
        announcer.end_warnings(&ended).await?;
        let mut untold: BTreeMap<_, Vec<&PendingRow>> = BTreeMap::new();
        for row in &plan.untold {
            untold.entry((row.message_id, &row.href)).or_default().push(row);
        }
        for ((message, _), rows) in untold {
            let organizer = rows.first().and_then(|row| announcer.address(&row.removal().event));
            let address = match message {
                None => organizer,
                Some(_) => snapshot.calendar.contact_address.clone(),
            };
            let Some(address) = address else { continue };
            let Some(next) = announcer.warn_again(&rows, &address).await? else { continue };
            let ids: Vec<PendingId> = rows.iter().map(|row| row.id).collect();
            pending::set_message(transaction, &ids, next).await?;
        }
        Ok(())
    }

    async fn begin_warnings(
        &self,
        announcer: &Announcer<'_>,
        snapshot: &Snapshot,
        plan: &PendingPlan,
        (run, is_at_limit): (RunId, bool),
        now: Moment,
    ) -> Result<()> {
        let mut by_object: BTreeMap<&str, Vec<&NewWarning>> = BTreeMap::new();
        for it in &plan.begun {
            by_object.entry(&it.href).or_default().push(it);
        }
        let grace_hours = snapshot.calendar.grace_hours;
        for warnings in by_object.into_values() {
            let removals: Vec<&Removal> = warnings.iter().map(|it| &it.removal).collect();
            let is_recurring = warnings.iter().any(|it| it.is_recurring);
            let messages = announcer.warn(&removals, is_recurring, grace_hours).await?;
            for (it, messages) in warnings.into_iter().zip(messages) {
                let new = NewPending {
                    calendar: snapshot.calendar.id,
                    run,
                    href: &it.href,
                    removal: &it.removal,
                    versions: [&it.versions[0], &it.versions[1]],
                    is_recurring: it.is_recurring,
                    is_at_limit,
                    grace_hours,
                    messages,
                    now: now.0,
                };
                pending::insert(announcer.transaction(), &new).await?;
                metrics::count(metrics::WARNINGS);
                let place = (announcer.transaction(), &snapshot.calendar, now);
                self.tell_of_removal(place, WebhookKind::Warned, &it.removal).await?;
            }
        }
        Ok(())
    }
}
