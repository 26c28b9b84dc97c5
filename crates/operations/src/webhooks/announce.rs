//! Writing down what webhooks tell, in the transaction that records what happened.
//!
//! Receivers are nobody's readers: names of private events are hidden from them.

use ::webhooks::Endpoint;
use answers::Reader;
use facts::time::rfc3339;
use facts::{Event, Removal, RemovalKind, new_id};
use ical::{Moment, Zone};
use serde_json::{Value, json};
use store::Transaction;
use store::calendars::Calendar;
use store::health::Health;
use store::webhooks::{self, NewWebhook, WebhookKind};

use crate::{Message, Result, Service};

/// Somebody who sees no private event.
fn nobody() -> Reader {
    Reader::of_address("")
}

impl Service {
    /// Tells that something happened, or is to happen, to an event.
    pub(crate) async fn tell_of_removal(
        &self,
        (transaction, calendar, now): (&Transaction, &Calendar, Moment),
        kind: WebhookKind,
        removal: &Removal,
    ) -> Result<()> {
        // A change, and an invitation that is accepted, remove nothing.
        let is_removal = !matches!(removal.kind, RemovalKind::Changed | RemovalKind::Accepted);
        if !is_removal || self.webhooks.endpoints.is_empty() {
            return Ok(());
        }
        let removal = nobody().shown_removal(removal.clone());
        let data = json!({
            "calendar": calendar.slug,
            "calendar_name": calendar.name,
            "kind": removal.kind.as_str(),
            "event": removal.event,
            "overlaps_with": removal.winner(),
        });
        self.tell(transaction, kind, Some(calendar), &data, now).await
    }

    /// Tells that an event was restored.
    pub(crate) async fn tell_of_restore(
        &self,
        (transaction, calendar, now): (&Transaction, &Calendar, Moment),
        event: &Event,
    ) -> Result<()> {
        if self.webhooks.endpoints.is_empty() {
            return Ok(());
        }
        let data = json!({
            "calendar": calendar.slug,
            "calendar_name": calendar.name,
            "event": nobody().shown(event.clone()),
        });
        self.tell(transaction, WebhookKind::Restored, Some(calendar), &data, now).await
    }

    /// Tells that a calendar fails, or works again.
    pub(crate) async fn tell_of_health(
        &self,
        (transaction, calendar, now): (&Transaction, &Calendar, Moment),
        kind: WebhookKind,
        health: &Health,
    ) -> Result<()> {
        let since = health.failing_since.map(|it| rfc3339(&Zone::utc(), Moment(it)));
        let data = json!({
            "calendar": calendar.slug,
            "calendar_name": calendar.name,
            "failure": health.failure.as_deref().map(|it| Message::of_stored(it).to_string()),
            "since": since,
        });
        self.tell(transaction, kind, Some(calendar), &data, now).await
    }

    /// Writes down what is to be told to each address.
    pub(crate) async fn tell(
        &self,
        transaction: &Transaction,
        kind: WebhookKind,
        calendar: Option<&Calendar>,
        data: &Value,
        now: Moment,
    ) -> Result<()> {
        if self.webhooks.endpoints.is_empty() {
            return Ok(());
        }
        let payload = json!({
            "type": kind.as_str(),
            "timestamp": rfc3339(&Zone::utc(), now),
            "data": data,
        });
        let new = NewWebhook {
            message_id: &format!("msg_{}", new_id()),
            kind,
            calendar: calendar.map(|it| it.id),
            payload: &payload.to_string(),
            now: now.0,
        };
        let endpoints: Vec<String> = self.webhooks.endpoints.iter().map(Endpoint::id).collect();
        Ok(webhooks::insert(transaction, &new, &endpoints).await?)
    }
}
