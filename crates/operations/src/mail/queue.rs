//! Putting a message into the outbox.

use facts::new_id;
use ical::Moment;
use ical::civil::DAY;
use people::names::check_address;
use serde::Serialize;
use store::outbox::{self, MessageState, NewMessage};
use store::{ChangeId, OutboxId, Transaction, users};

use crate::{Error, Message, MessageId, Result, Service};

/// Messages to one address in 24 hours.
pub(crate) const MAX_A_DAY: i64 = 20;

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
    /// When the first meeting begins that it is about, in seconds since 1970.
    pub meets_at: Option<i64>,
}

/// The domain of an address, in lower case and as A-labels.
pub(crate) fn domain_of(address: &str) -> String {
    let domain = address.trim().rsplit_once('@').map_or("", |(_, domain)| domain);
    ::mail::domain_to_ascii(domain)
}

impl Service {
    /// A new Message-ID.
    pub(crate) fn new_message_id(&self) -> String {
        format!("<{}@{}>", new_id(), self.mail_host)
    }

    /// Writes a message down, or that it does not go and why: the address is none, mail may not go to
    /// its domain, or it has had enough that day.
    pub(crate) async fn queue_notification(
        &self,
        transaction: &Transaction,
        notification: &Notification<'_>,
        data: &impl Serialize,
        now: Moment,
    ) -> Result<OutboxId> {
        let mut state = notification.state;
        let mut detail = None;
        if let Some(reason) = self.why_refused(notification.address) {
            (state, detail) = (MessageState::Refused, Some(reason.to_stored()));
        } else if state == MessageState::Waiting
            && outbox::count_since(transaction, notification.address, now.0 - DAY).await?
                >= MAX_A_DAY
        {
            state = MessageState::OverLimit;
            detail = Some(had_enough().to_stored());
        }
        let message_id = self.new_message_id();
        let data =
            serde_json::to_string(data).map_err(|error| Error::Internal(error.to_string()))?;
        let message = NewMessage {
            kind: notification.kind,
            calendar: Some(notification.calendar),
            change: notification.change,
            uid: notification.uid,
            is_recurring: notification.is_recurring,
            address: notification.address,
            data,
            state,
            due_at: notification.due_at,
            meets_at: notification.meets_at,
            message_id: &message_id,
            detail: detail.as_deref(),
            now: now.0,
        };
        Ok(outbox::insert(transaction, &message).await?)
    }

    /// Leaves a message for each administrator that is about no calendar. The limit of messages a day does not hold.
    pub(crate) async fn tell_administrators_of(
        &self,
        transaction: &Transaction,
        kind: outbox::MessageKind,
        data: &str,
        now: i64,
    ) -> Result<()> {
        for address in users::administrators_addresses(transaction).await? {
            let refused = self.why_refused(&address).map(|it| it.to_stored());
            let state = match refused {
                Some(_) => MessageState::Refused,
                None => MessageState::Waiting,
            };
            let message = NewMessage {
                kind,
                calendar: None,
                change: None,
                uid: "",
                is_recurring: false,
                address: &address,
                data: data.to_owned(),
                state,
                due_at: now,
                meets_at: None,
                message_id: &self.new_message_id(),
                detail: refused.as_deref(),
                now,
            };
            outbox::insert(transaction, &message).await?;
        }
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
        let domain = domain_of(address);
        let is_allowed = self.mail_domains.is_empty() || self.mail_domains.contains(&domain);
        (!is_allowed).then(|| MessageId::domain_not_allowed(domain))
    }
}
