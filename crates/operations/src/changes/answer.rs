//! The room's answer to an invitation that is restored: it has accepted. Otherwise the organizer's copy goes
//! on saying that it declined, and the next edit frees the hour (measured on Nextcloud).

use clearing::Address;
use ical::Calendar as Objects;
use store::calendars::Calendar;
use store::objects;

use crate::changes::change::{By, Change, Made};
use crate::changes::decision::Decision;
use crate::changes::intent::Intent;
use crate::changes::leases::Lease;
use crate::room::on_server::OnServer;
use crate::{Result, Service};

/// Which answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Accepted,
    None,
}

/// Writes the room's answer into what a change restores.
pub(crate) fn answer_restored(server: &OnServer, change: &mut Change) {
    let answer = if is_answered_later(server, change) { Answer::None } else { Answer::Accepted };
    if let Some(text) = change.after.take() {
        change.after = Some(answered(&server.calendar, text, answer));
    }
}

/// Whether the server tells the organizer nothing of the answer in what the change creates: it is written by
/// a second request.
fn is_answered_later(server: &OnServer, change: &Change) -> bool {
    let is_created = change.before.is_none() && matches!(change.intent, Intent::Restore { .. });
    is_created && server.collection.quirks().tells_answers_by_changes_only
}

/// The text of an object with the room's answer. It stays as it is where the room is not invited.
fn answered(calendar: &Calendar, text: Vec<u8>, answer: Answer) -> Vec<u8> {
    let Some(address) = calendar.room_address.as_deref().map(Address::new) else { return text };
    let Ok(parsed) = Objects::parse(&text) else { return text };
    let edited = match answer {
        Answer::Accepted => ical::accept(&parsed, address.as_str()),
        Answer::None => ical::unanswer(&parsed, address.as_str()),
    };
    edited.unwrap_or(text)
}

impl Service {
    /// Writes the room's answer into what was restored, where the server tells the organizer only of a change.
    /// Where that fails the event is restored all the same, and the organizer's copy says what it said.
    pub(crate) async fn answer_later(
        &self,
        server: &OnServer,
        leases: &[Lease],
        (by, change): (&By, &Change),
    ) {
        if !is_answered_later(server, change) {
            return;
        }
        let (calendar, href) = (&server.calendar.slug, &change.href);
        match self.try_to_answer_later(server, leases, (by, change)).await {
            Ok(None | Some(Made::Done { .. })) => {}
            Ok(Some(made)) => tracing::warn!(calendar, href, ?made, "restored, but not accepted"),
            Err(error) => tracing::warn!(calendar, href, %error, "restored, but not accepted"),
        }
    }

    async fn try_to_answer_later(
        &self,
        server: &OnServer,
        leases: &[Lease],
        (by, change): (&By, &Change),
    ) -> Result<Option<Made>> {
        let there = objects::by_href(&self.store, server.calendar.id, &change.href).await?;
        let Some(before) = there else { return Ok(None) };
        let after = answered(&server.calendar, before.text.clone(), Answer::Accepted);
        if after == before.text {
            return Ok(None);
        }
        let change = Change { before: Some(before), after: Some(after), ..change.clone() };
        let decision = Decision::resting_on(&self.clock, self.clock.instant());
        let made = self.change_on_server(server, leases, (by, &change), decision).await?;
        if let Made::Done { change: id, .. } = made {
            self.try_to_read_back(server, &[(id, change.href)]).await;
        }
        Ok(Some(made))
    }
}
