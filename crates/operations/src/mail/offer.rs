//! Offers: the messages that an hour is free again which an event had lost (section 7 of the contract).

use facts::{Removal, RemovalKind};
use ical::Moment;
use mail::Notice;
use store::OutboxId;
use store::mail_links::LinkAct;
use store::outbox::{MessageKind, MessageState};

use crate::Result;
use crate::mail::links::subject_of;
use crate::mail::notify::{Announcer, first_meeting};

impl Announcer<'_> {
    /// Leaves the offer of hours that one event lost, with the link by which its organizer takes them back; it holds until
    /// a moment. Returns its message, unless there is nothing to offer.
    pub async fn offer(
        &self,
        removals: &[&Removal],
        address: &str,
        until: Moment,
    ) -> Result<Option<OutboxId>> {
        let Some(subject) = subject_of(removals.iter().copied()) else { return Ok(None) };
        let is_recurring = removals.iter().any(|it| it.kind == RemovalKind::CancelledOverlapping);
        let data = self.data(removals, is_recurring, address).await?;
        let offered_until = Some(until.0);
        let data = Notice { is_deleted: false, is_cancelled: false, offered_until, ..data };
        let uid = removals.first().map_or("", |it| it.event.uid.as_str());
        let at_once = (MessageState::Waiting, self.now.0);
        let meets_at = first_meeting(removals, self.now);
        let kind = MessageKind::Offer;
        let id = self.put(kind, address, None, uid, is_recurring, &data, at_once, meets_at).await?;
        let act = LinkAct::Restore;
        self.place().leave_link(act, id, (address, uid), (&subject, until)).await?;
        Ok(Some(id))
    }
}
