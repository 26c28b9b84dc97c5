//! What is recorded of a change that was made, in the transaction in which that is known: the history, the
//! messages, and what else depends on it. It is the same wherever the calendar is kept.

use facts::audit::{Action, Entry, FactValue, Field};
use facts::{Event, Loss, Removal, RemovalKind};
use ical::Moment;
use store::calendars::Calendar;
use store::divided_series;
use store::history::{self, NewRemoval, Starter, Way};
use store::idempotency::{self, Answered};
use store::webhooks::WebhookKind::{Released, Removed};
use store::{Access, ChangeId, PendingId, RemovalId, Transaction, objects, outbox, uid_metadata};
use store::{mail_links, second_chances};

use crate::changes::change::{By, Change};
use crate::changes::intent::{Intent, RestOf};
use crate::changes::rest::{record_rest, record_restored_whole};
use crate::mail::notify::Announcer;
use crate::mail::{restored, warning};
use crate::room::claims::Origin;
use crate::{Error, Message, MessageId, Result, Service, metrics};

impl Service {
    /// Records what follows from a change that was made. `id` is the change in the history, where it has
    /// one ([`Intent::is_kept`]).
    pub(crate) async fn record(
        &self,
        transaction: &Transaction,
        calendar: &Calendar,
        (by, change): (&By, &Change),
        id: Option<ChangeId>,
        now: Moment,
    ) -> Result<()> {
        match &change.intent {
            Intent::Clear(loss) => {
                self.record_loss((transaction, calendar, &change.href, now), id, loss).await?;
            }
            Intent::Answer { accepted, loss } => {
                let place = (transaction, calendar, change.href.as_str(), now);
                if let Some(loss) = loss {
                    self.record_loss(place, id, loss).await?;
                }
                // The calendar's server tells the organizer.
                self.record_removal(place, id, accepted, None).await?;
            }
            Intent::Request(removal) => {
                self.record_removal((transaction, calendar, &change.href, now), id, removal, None)
                    .await?;
                self.tell_of_removal((transaction, calendar, now), Removed, removal).await?;
                if change.after.is_none()
                    && objects::by_uid(transaction, calendar.id, &change.uid).await?.is_empty()
                {
                    divided_series::remove_of(transaction, calendar.id, &change.uid).await?;
                }
            }
            Intent::EndSeries { removal, next } => {
                self.record_removal((transaction, calendar, &change.href, now), id, removal, None)
                    .await?;
                self.tell_of_removal((transaction, calendar, now), Removed, removal).await?;
                if let (Some(next), Some(id)) = (next, id) {
                    history::set_next(transaction, id, next).await?;
                    divided_series::remove(transaction, calendar.id, next).await?;
                }
            }
            Intent::Link { link, removals } => {
                for removal in removals {
                    let place = (transaction, calendar, change.href.as_str(), now);
                    self.record_removal(place, id, removal, None).await?;
                    self.tell_of_removal((transaction, calendar, now), Released, removal).await?;
                }
                mail_links::use_up(transaction, *link, id, now.0).await?;
            }
            Intent::Import { replaced, .. } => {
                if let Some(removal) = replaced {
                    self.record_removal(
                        (transaction, calendar, &change.href, now),
                        id,
                        removal,
                        None,
                    )
                    .await?;
                    self.tell_of_removal((transaction, calendar, now), Removed, removal).await?;
                }
            }
            Intent::Restore { removal, back } => {
                let by = by.asked.unwrap_or(Starter::of(Way::Schedule));
                self.record_restored(transaction, *removal, back.as_ref(), by, now).await?;
                record_restored_whole(transaction, calendar, *removal, now).await?;
            }
            Intent::Book { user, idempotency_key, moved_by, rest_of } => {
                if let Some(user) = user {
                    let author = uid_metadata::Author::User(*user);
                    uid_metadata::set_author(transaction, calendar.id, &change.uid, &author)
                        .await?;
                }
                if let Some(link) = moved_by {
                    mail_links::set_target(transaction, *link, calendar.id).await?;
                }
                if let (Some((key, request)), Some(user)) = (idempotency_key, user) {
                    let (request, answer) = (request.clone(), change.uid.clone());
                    let done = Answered { request, answer, is_done: true };
                    idempotency::set_done(transaction, *user, key, &done, now.0).await?;
                }
                if let Some(rest_of) = rest_of {
                    record_rest(transaction, calendar, (rest_of, &change.uid, &change.href), now)
                        .await?;
                }
                // From here on it is an event as any other.
                history::forget_bookings(transaction, calendar.id, &change.href, None).await?;
            }
        }
        Ok(())
    }

    async fn record_loss(
        &self,
        (transaction, calendar, href, now): (&Transaction, &Calendar, &str, Moment),
        id: Option<ChangeId>,
        loss: &Loss,
    ) -> Result<()> {
        let announcer = Announcer::new(self, transaction, calendar, now);
        let not_notified_reason = announcer.announce(id, loss).await?;
        for (removal, not_notified_reason) in loss.removals.iter().zip(not_notified_reason) {
            let not_notified_reason = not_notified_reason.map(Message::from);
            let place = (transaction, calendar, href, now);
            self.record_removal(place, id, removal, not_notified_reason).await?;
            self.tell_of_removal((transaction, calendar, now), Removed, removal).await?;
        }
        Ok(())
    }

    async fn record_removal(
        &self,
        (transaction, calendar, href, now): (&Transaction, &Calendar, &str, Moment),
        id: Option<ChangeId>,
        removal: &Removal,
        not_notified: Option<Message>,
    ) -> Result<()> {
        let missing = || Error::Internal("a removal without its change".to_owned());
        let row = NewRemoval::of(removal, not_notified)?;
        history::insert_removal(transaction, id.ok_or_else(missing)?, &row).await?;
        if matches!(removal.kind, RemovalKind::Changed | RemovalKind::Accepted) {
            return Ok(());
        }
        metrics::count_of(metrics::REMOVALS, "kind", removal.kind.as_str());
        if let Some(pending) = removal.pending {
            warning::end_removed(transaction, PendingId(pending), now).await?;
        }
        // That it was restored is no longer so.
        let why = Message::from(MessageId::EventRemovedAgain).to_stored();
        let start = removal.event.start.0;
        Ok(outbox::drop_restored(transaction, (calendar.id, href), start, &why).await?)
    }

    /// Records that a line of the history was restored, and by whom, and notifies the organizer. `back` is
    /// what is back, where that is another than what the line says.
    async fn record_restored(
        &self,
        transaction: &Transaction,
        id: RemovalId,
        back: Option<&Event>,
        by: Starter,
        now: Moment,
    ) -> Result<()> {
        let restored = restored::read(transaction, id).await?;
        if history::set_restored(transaction, id, &by, now.0).await? {
            metrics::count(metrics::RESTORES);
            let event = restored.removal.removal().event;
            second_chances::end_restored(transaction, id, now.0).await?;
            // The audit trail is about people who sign in, and the command line.
            if !matches!(by.by, Way::Link | Way::Schedule) {
                let actor = self.people().actor_of(transaction, by.user).await?;
                let entry = Entry::new(Action::EventRestored, &restored.calendar.slug)
                    .with(Field::Event, FactValue::text(&event.name))
                    .with(Field::Start, FactValue::moment(Some(event.start.0)));
                self.people().note(transaction, &actor, entry).await?;
            }
            let place = (transaction, &restored.calendar, now);
            self.tell_of_restore(place, back.unwrap_or(&event)).await?;
            self.notify_restored(transaction, &restored, back, now).await?;
        }
        Ok(())
    }
}

/// How what a change writes came about, for since when it holds its time (rule 4).
pub(crate) async fn origin_of(access: &impl Access, intent: &Intent) -> Result<Origin> {
    Ok(match intent {
        Intent::Import { is_first: true, .. } => Origin::FirstImport,
        Intent::Restore { removal: id, back } => {
            let removal = history::removal(access, *id).await?;
            let removal = removal.ok_or_else(|| restored::no_line(*id))?;
            let is_moved = back.as_ref().is_some_and(|it| it.original.0 != removal.original);
            // A date that is back at another time has not held that one before.
            if is_moved {
                return Ok(Origin::Written);
            }
            let change = history::change(access, removal.change_id).await?;
            let next = change.and_then(|it| it.next_uid);
            Origin::Restored { removed_at: Moment(removal.made_at), next }
        }
        Intent::Book { rest_of: Some(RestOf { uid, href, .. }), .. } => {
            Origin::RestOf { uid: uid.clone(), href: href.clone() }
        }
        _ => Origin::Written,
    })
}
