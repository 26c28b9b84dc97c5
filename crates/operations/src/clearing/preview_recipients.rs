//! The recipients of mails about planned removals, as [`crate::mail::notify`] would write them.

use std::collections::HashMap;

use facts::{Loss, Removal};
use ical::Moment;
use ical::civil::DAY;
use store::calendars::Calendar;
use store::outbox;

use crate::mail::queue::MAX_A_DAY;
use crate::mail::recipients::{Recipients, is_series, recipients, series_told_at};
use crate::{Message, MessageId, Result, Service};

/// Whom a mail would reach, or why it would reach nobody.
pub(crate) type Told = std::result::Result<String, Message>;

/// Tells change by change, in the order of a run, whom mails would reach; what addresses get of
/// earlier changes counts.
pub(crate) struct RecipientPreview<'f> {
    service: &'f Service,
    calendar: &'f Calendar,
    now: Moment,
    /// Messages of the last 24 hours, with those of the changes so far: at most one address for each
    /// line of a preview.
    had: HashMap<String, i64>,
}

impl<'f> RecipientPreview<'f> {
    pub fn new(service: &'f Service, calendar: &'f Calendar, now: Moment) -> RecipientPreview<'f> {
        RecipientPreview { service, calendar, now, had: HashMap::new() }
    }

    /// Whom mails about a change would reach, removal by removal.
    pub async fn of(&mut self, loss: &Loss) -> Result<Vec<Told>> {
        let (store, calendar) = (&self.service.store, self.calendar);
        let Recipients { not_notified_reason, by_address } =
            recipients(self.service, store, calendar, loss, self.now).await?;
        // Who has no reason against it is at an address.
        let not_notified_reason =
            not_notified_reason.into_iter().map(|it| it.unwrap_or(MessageId::NobodyKnown));
        let mut told: Vec<Told> = not_notified_reason.map(|reason| Err(reason.into())).collect();
        for (address, indexes) in by_address {
            let removals: Vec<_> = indexes.iter().map(|index| &loss.removals[*index]).collect();
            let of_address = match self.why_not(loss, &address, &removals).await? {
                Some(reason) => Err(reason),
                None => Ok(address),
            };
            for index in indexes {
                told[index] = of_address.clone();
            }
        }
        Ok(told)
    }

    /// Why a message about a change would not reach an address; else it counts from then on.
    async fn why_not(
        &mut self,
        loss: &Loss,
        address: &str,
        removals: &[&Removal],
    ) -> Result<Option<Message>> {
        if let Some(reason) = self.service.why_refused(address) {
            return Ok(Some(reason));
        }
        let (store, now) = (&self.service.store, self.now.0);
        let is_gathered = is_series(loss, removals)
            && series_told_at(store, self.calendar, &loss.uid, address, removals).await? > now;
        if !is_gathered {
            let before = match self.had.get(address) {
                Some(before) => *before,
                None => outbox::count_since(store, address, now - DAY).await?,
            };
            if before >= MAX_A_DAY {
                return Ok(Some(MessageId::address_gets_no_more(MAX_A_DAY)));
            }
            self.had.insert(address.to_owned(), before + 1);
        }
        Ok(match &self.service.mailer {
            Some(_) => None,
            None => Some(MessageId::waits_for_mail_server(address)),
        })
    }
}
