//! The message about an event that was restored.

use facts::{Event, RemovalKind};
use ical::Calendar as Objects;
use ical::Moment;
use store::calendars::{self, Calendar};
use store::history::{self, Cause, Change, RemovalRow};
use store::{Access, RemovalId, Transaction, outbox};

use crate::mail::notify::mail_event;
use crate::mail::queue::Notification;
use crate::mail::recipients::reader_of_address;
use crate::{Error, Message, MessageId, Result, Service};

/// A line of the history, with its change and its calendar.
pub(crate) struct OfLine {
    /// The line.
    pub removal: RemovalRow,
    /// The change that it belongs to.
    pub change: Change,
    /// Whose object it was.
    pub calendar: Calendar,
}

/// The line of that number.
pub(crate) async fn read(access: &impl Access, id: RemovalId) -> Result<OfLine> {
    let nothing = || no_line(id);
    let removal = history::removal(access, id).await?.ok_or_else(nothing)?;
    let change = history::change(access, removal.change_id).await?.ok_or_else(nothing)?;
    let calendar = calendars::by_id(access, change.calendar_id).await?.ok_or_else(nothing)?;
    Ok(OfLine { removal, change, calendar })
}

/// That the history has no line of that number.
pub(crate) fn no_line(id: RemovalId) -> Error {
    Error::NotFound(MessageId::no_history_line(id))
}

impl Service {
    /// Tells the organizer, unless nothing was said yet of the removal: then that is not said either.
    pub(crate) async fn notify_restored(
        &self,
        transaction: &Transaction,
        restored: &OfLine,
        back: Option<&Event>,
        now: Moment,
    ) -> Result<()> {
        let OfLine { removal, change, calendar } = restored;
        let event = removal.removal().event;
        outbox::forget_announced(transaction, calendar.id, &change.uid, removal.original).await?;
        let Some(address) = self.address_of(calendar, &event) else { return Ok(()) };
        let mut is_all_back = true;
        for line in history::removals_of(transaction, change.id).await? {
            let of_line = line.removal().event;
            let is_others = self.address_of(calendar, &of_line).as_ref() != Some(&address);
            is_all_back &= line.restored_at.is_some() || is_others;
        }
        let why = Message::from(MessageId::EventWasRestored).to_stored();
        if is_all_back && outbox::drop_unsent(transaction, change, &address, &why).await? {
            // Of an earlier removal they may have heard, and not that it was restored.
            let why = Message::from(MessageId::EventRemovedAgain).to_stored();
            let (object, start) = ((calendar.id, change.href.as_str()), event.start.0);
            let to = (address.as_str(), start);
            outbox::revive_restored(transaction, object, to, &why, now.0).await?;
            return Ok(());
        }
        let is_announced = removal.not_notified_reason.is_none()
            && calendar.template.is_some()
            && change.cause == Cause::Clear;
        if is_announced {
            let is_recurring = removal.kind == RemovalKind::CancelledOverlapping;
            let reader = reader_of_address(transaction, &address).await?;
            let event = reader.shown(back.cloned().unwrap_or(event));
            let mail_event = mail_event(&event, false);
            let data = mail::Notice {
                calendar_name: calendar.name.clone(),
                zone: calendar.zone.clone(),
                event: mail_event,
                is_cancelled: was_called_off(change),
                is_recurring,
                is_restored: true,
                contact: calendar.contact_address.clone(),
                occurrences: vec![mail::Occurrence {
                    start: event.start.0,
                    end: event.end.0,
                    overlap_events: Vec::new(),
                }],
                ..mail::Notice::default()
            };
            let notification = Notification {
                kind: outbox::MessageKind::Restored,
                calendar: calendar.id,
                address: &address,
                change: Some(change.id),
                uid: &change.uid,
                is_recurring,
                state: outbox::MessageState::Waiting,
                due_at: now.0,
                meets_at: Some(event.start.0),
            };
            self.queue_notification(transaction, &notification, &data, now).await?;
        }
        Ok(())
    }
}

/// Whether all that an object held was cancelled before a change removed it.
pub(crate) fn was_called_off(change: &Change) -> bool {
    let before = change.before_text.as_deref().map(Objects::parse);
    let Some(Ok(calendar)) = before else { return false };
    let mut objects = calendar.objects().iter();
    objects.any(|object| calendar.events_of(object).all(|event| event.is_cancelled()))
}
