//! What an organizer's mail server refuses goes to the calendar's contact address (section 8 of the contract).

use mail::Notice;
use store::calendars;
use store::delivery::ClaimedMessage;
use store::outbox::{self, MessageKind, MessageState};
use store::pending;
use store::{Access, OutboxId, Transaction};

use crate::mail::queue::Notification;
use crate::mail::recipients::reader_of_address;
use crate::{Result, Service};

impl Service {
    /// Whether a message warns of a removal that is not pending any more.
    pub(super) async fn is_outdated_warning(
        &self,
        access: &impl Access,
        message: &ClaimedMessage,
    ) -> Result<bool> {
        let is_warning = *message.kind == MessageKind::Warning;
        Ok(is_warning && !pending::is_message_needed(access, message.id).await?)
    }

    /// Leaves a message about an event that could not be delivered for the calendar's contact, unless it was for
    /// the contact or the contact has it. Returns the new message. Names of private events are not in it, unless the
    /// contact is an administrator, nor are the organizer's links.
    pub(crate) async fn tell_contact(
        &self,
        transaction: &Transaction,
        failed: &ClaimedMessage,
    ) -> Result<Option<OutboxId>> {
        let Some(id) = failed.calendar_id.filter(|_| !failed.kind.is_note()) else {
            return Ok(None);
        };
        if self.is_outdated_warning(transaction, failed).await? {
            return Ok(None);
        }
        // Whatever cannot be read would not be delivered to the contact, either.
        let Ok(notice) = serde_json::from_str::<Notice>(&failed.data) else { return Ok(None) };
        let calendar = calendars::by_id_or_removed(transaction, id).await?;
        let contact = calendar.and_then(|it| it.contact_address).filter(|it| self.may_mail(it));
        let Some(contact) = contact.map(|it| it.trim().to_lowercase()) else { return Ok(None) };
        if contact == failed.address.to_lowercase() {
            return Ok(None);
        }
        let reader = reader_of_address(transaction, &contact).await?;
        let notice = match reader.sees_everything() {
            true => notice.without_links(),
            false => notice.for_others(reader.hidden_name()),
        };
        let data = serde_json::to_string(&notice).map_err(store::Error::from)?;
        // An administrator may have had it tried once more.
        let (event, to) = ((id, failed.uid.as_str()), (*failed.kind, contact.as_str()));
        if outbox::is_there(transaction, event, to, &data).await? {
            return Ok(None);
        }
        let now = self.now();
        let notification = Notification {
            kind: *failed.kind,
            calendar: id,
            address: &contact,
            change: failed.change_id,
            uid: &failed.uid,
            is_recurring: failed.is_recurring,
            state: MessageState::Waiting,
            due_at: now.0,
            meets_at: failed.meets_at,
        };
        self.queue_notification(transaction, &notification, &notice, now).await.map(Some)
    }
}
