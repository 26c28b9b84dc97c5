//! What a link would do.

use facts::Event;
use ical::Moment;
use store::calendars::{self, Calendar};
use store::mail_links::{LinkAct, LinkRow};
use store::pending;

use crate::booking::linked::Linked;
use crate::mail::recipients::reader_of_address;
use crate::room::snapshot::Snapshot;
use crate::{Error, MessageId, Result, Service};

/// Whether a link can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It can.
    Open,
    /// It has been used.
    Used,
    /// It has expired.
    Over,
    /// The event is not the one any more that the message speaks of.
    Stale,
}

/// What a link would do, as its reader may see it.
#[derive(Clone, Debug)]
pub struct LinkPage {
    /// What it does.
    pub act: LinkAct,
    /// Whether it can be used.
    pub state: LinkState,
    /// The calendar.
    pub calendar: Calendar,
    /// The occurrences that it is about and that are still as they were, in their order.
    pub events: Vec<Event>,
    /// Whether they are of a series.
    pub is_recurring: bool,
    /// The event that the first of them overlaps, if it is still there.
    pub other: Option<Event>,
    /// The version of the event that is shown; POST says it again.
    pub version: String,
    /// From when on the link does not work.
    pub expires_at: Moment,
}

impl Service {
    /// What a link would do. Nothing is changed, and no calendar server is asked: what was last seen counts.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if it is no link of this program, or its calendar is gone.
    pub async fn link_page(&self, token: &str) -> Result<LinkPage> {
        let row = self.link_of(token).await?;
        let calendar = calendars::by_id(&self.store, row.calendar_id).await?;
        let calendar =
            calendar.ok_or_else(|| Error::NotFound(MessageId::MailLinkUnknown.into()))?;
        let reader = reader_of_address(&self.store, &row.address).await?;
        let (subject, now) = (row.subject()?, self.now());
        let snapshot = Snapshot::of_uid(&self.store, &calendar, &row.uid).await?;
        let linked = Linked::of(&snapshot, &subject);
        let (events, is_recurring, version) = match linked {
            Some(it) => (it.events, it.is_recurring, it.version),
            None => (Vec::new(), false, String::new()),
        };
        let events: Vec<Event> = events.into_iter().filter(|it| it.start > now).collect();
        let other = match &subject.other {
            Some((uid, original)) => {
                let snapshot = Snapshot::of_uid(&self.store, &calendar, uid).await?;
                let found = answers::occurrences::occurrence_of(&snapshot.contents(), *original);
                found.map(|it| reader.shown(it))
            }
            None => None,
        };
        let state = self.state_of_link(&row, events.is_empty()).await?;
        let events = reader.all_shown(events);
        let expires_at = Moment(row.expires_at);
        let act = *row.act;
        Ok(LinkPage { act, state, calendar, events, is_recurring, other, version, expires_at })
    }

    async fn state_of_link(&self, row: &LinkRow, is_gone: bool) -> Result<LinkState> {
        let has_nothing = match (*row.act, row.message_id) {
            (LinkAct::Ask, Some(message)) => {
                let asked = pending::asked::of_message(&self.store, message).await?;
                asked.iter().all(|it| it.decision.is_some())
            }
            (LinkAct::Ask, None) => true,
            _ => is_gone,
        };
        Ok(match () {
            () if row.used_at.is_some() => LinkState::Used,
            () if row.expires_at <= self.now().0 => LinkState::Over,
            () if has_nothing => LinkState::Stale,
            () => LinkState::Open,
        })
    }
}
