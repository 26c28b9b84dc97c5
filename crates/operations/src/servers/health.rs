//! Whether calendars work: administrators are notified of one that has failed for an hour, and of one that
//! works again.

use answers::report::Report;
use facts::Event;
use serde_json::json;
use store::calendars::Calendar;
use store::health::{self, Health};
use store::outbox::{self, MessageState};
use store::webhooks::WebhookKind;
use store::{Transaction, users};

use crate::changes::leases::Lease;
use crate::mail::queue::Notification;
use crate::{Error, Message, MessageId, Result, Service};

/// How long a calendar fails before the administrators are notified, in seconds.
const TOLD_AFTER: i64 = 3_600;

impl Service {
    /// Ends a run's work on a calendar: how it went and which conflicts it kept is written down, and the lease given
    /// back.
    pub(crate) async fn end_of_one(
        &self,
        calendar: &Calendar,
        cleared: &Result<Report<Event>>,
        lease: Lease,
    ) -> Result<()> {
        let transaction = self.store.begin().await?;
        if let Ok(report) = cleared {
            self.note_kept_conflicts(&transaction, calendar, report).await?;
        }
        match cleared {
            Ok(report) => match report.failed_calendars.first() {
                None => self.note_works(&transaction, calendar).await?,
                // The end of this process is no failure of the calendar.
                Some(failed) if failed.error.id == MessageId::ServerStopped => {}
                Some(failed) => self.note_fails(&transaction, calendar, &failed.error).await?,
            },
            // Somebody else's run is no failure.
            Err(Error::Busy(_)) => {}
            Err(error) => self.note_fails(&transaction, calendar, &error.said()).await?,
        }
        lease.give_back_in(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    async fn note_works(&self, transaction: &Transaction, calendar: &Calendar) -> Result<()> {
        let now = self.now().0;
        let health = health::of(transaction, calendar.id).await?.unwrap_or_default();
        health::set_works(transaction, calendar.id, now).await?;
        if health::set_announced(transaction, calendar.id, false).await? {
            let place = (transaction, calendar, self.now());
            self.tell_of_health(place, WebhookKind::Recovered, &health).await?;
            self.tell_administrators(
                transaction,
                calendar,
                outbox::MessageKind::CalendarWorks,
                &health,
            )
            .await?;
        }
        Ok(())
    }

    async fn note_fails(
        &self,
        transaction: &Transaction,
        calendar: &Calendar,
        failure: &Message,
    ) -> Result<()> {
        let now = self.now().0;
        health::set_failure(transaction, calendar.id, &failure.to_stored(), now).await?;
        let health = health::of(transaction, calendar.id).await?.unwrap_or_default();
        let is_long = health.failing_since.is_some_and(|since| now - since >= TOLD_AFTER);
        if is_long && health::set_announced(transaction, calendar.id, true).await? {
            let place = (transaction, calendar, self.now());
            self.tell_of_health(place, WebhookKind::Failed, &health).await?;
            self.tell_administrators(
                transaction,
                calendar,
                outbox::MessageKind::CalendarFails,
                &health,
            )
            .await?;
        }
        Ok(())
    }

    async fn tell_administrators(
        &self,
        transaction: &Transaction,
        calendar: &Calendar,
        kind: outbox::MessageKind,
        health: &Health,
    ) -> Result<()> {
        let now = self.now();
        let data = json!({
            "calendar": calendar.slug,
            "calendar_name": calendar.name,
            "failure": health.failure,
            "since": health.failing_since,
            "until": now.0,
            "zone": calendar.zone,
        });
        for address in users::administrators_addresses(transaction).await? {
            let notification = Notification {
                kind,
                calendar: calendar.id,
                address: &address,
                change: None,
                uid: "",
                is_recurring: false,
                state: MessageState::Waiting,
                due_at: now.0,
                meets_at: None,
            };
            self.queue_notification(transaction, &notification, &data, now).await?;
        }
        Ok(())
    }
}
