//! What a link would do.

use answers::Reader;
use facts::{Event, RemovalKind};
use ical::Moment;
use store::calendars::{self, Calendar};
use store::mail_links::{LinkAct, LinkRow};
use store::{delivery, pending, second_chances};

use crate::mail::free_rooms::takes;
use crate::mail::recipients::reader_of_address;
use crate::room::linked::Linked;
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
    /// Whether all dates of it are of the same organizer, who may give up all of it then.
    pub is_all_theirs: bool,
    /// The event that the first of them overlaps, if it is still there.
    pub other: Option<Event>,
    /// Of a list, the message whose dates it lists; its other fields say nothing then.
    pub listed: Option<mail::Notice>,
    /// Rooms to which it can be moved, the best first: slugs and names.
    pub rooms: Vec<(String, String)>,
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
        let calendar = self.calendar_of_link(&row).await?;
        let reader = reader_of_address(&self.store, &row.address).await?;
        let (subject, now) = (row.subject()?, self.now());
        match *row.act {
            LinkAct::Restore => return self.offer_page(&row, calendar, &reader).await,
            LinkAct::List => return self.list_page(&row, calendar).await,
            LinkAct::GiveUp | LinkAct::Move | LinkAct::Ask => {}
        }
        let snapshot = Snapshot::of_uid(&self.store, &calendar, &row.uid).await?;
        let linked = Linked::of(&snapshot, &subject);
        let to_move = linked.as_ref().and_then(|it| it.hours_to_move(&snapshot, now));
        let is_all_theirs = linked.as_ref().is_some_and(|it| it.is_all_theirs);
        let people = linked.as_ref().map_or(0, |it| it.people);
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
        // What is over is nobody's affair any more.
        let other = other.filter(|_| state == LinkState::Open);
        let is_open = state == LinkState::Open && *row.act == LinkAct::Move;
        let rooms = match to_move.filter(|_| is_open) {
            Some(hours) => self.rooms_instead(&calendar, (&hours, people), true).await?,
            None => Vec::new(),
        };
        let rooms = rooms.into_iter().filter(|it| takes(it, &calendar));
        let rooms = rooms.map(|it| (it.slug, it.name)).collect();
        let events = reader.all_shown(events);
        let expires_at = Moment(row.expires_at);
        let act = *row.act;
        Ok(LinkPage {
            act,
            state,
            calendar,
            events,
            is_recurring,
            is_all_theirs,
            other,
            listed: None,
            rooms,
            version,
            expires_at,
        })
    }

    /// The calendar of a link.
    pub(crate) async fn calendar_of_link(&self, row: &LinkRow) -> Result<Calendar> {
        let calendar = calendars::by_id(&self.store, row.calendar_id).await?;
        calendar.ok_or_else(|| Error::NotFound(MessageId::MailLinkUnknown.into()))
    }

    /// What an offer is about: what is still open of it.
    async fn offer_page(
        &self,
        row: &LinkRow,
        calendar: Calendar,
        reader: &Reader,
    ) -> Result<LinkPage> {
        let open = match row.message_id {
            Some(message) => second_chances::of_message(&self.store, message).await?,
            None => Vec::new(),
        };
        let events = open.iter().map(|it| reader.shown(it.removal().event));
        Ok(LinkPage {
            is_all_theirs: true,
            act: *row.act,
            state: self.state_of_link(row, open.is_empty()).await?,
            calendar,
            is_recurring: open
                .iter()
                .any(|it| it.removal().kind == RemovalKind::CancelledOverlapping),
            events: events.collect(),
            other: None,
            listed: None,
            rooms: Vec::new(),
            version: String::new(),
            expires_at: Moment(row.expires_at),
        })
    }

    /// All dates of a message, as it was written for its reader.
    async fn list_page(&self, row: &LinkRow, calendar: Calendar) -> Result<LinkPage> {
        let is_over = row.expires_at <= self.now().0;
        let message = match row.message_id {
            Some(message) if !is_over => delivery::message(&self.store, message).await?,
            _ => None,
        };
        let listed: Option<mail::Notice> = match &message {
            Some(it) => Some(serde_json::from_str(&it.data).map_err(store::Error::from)?),
            None => None,
        };
        Ok(LinkPage {
            act: *row.act,
            state: if listed.is_some() { LinkState::Open } else { LinkState::Over },
            calendar,
            events: Vec::new(),
            is_recurring: true,
            is_all_theirs: false,
            other: None,
            listed,
            rooms: Vec::new(),
            version: String::new(),
            expires_at: Moment(row.expires_at),
        })
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
            // What is booked in the other room is removed from this one by a job.
            () if row.used_at.is_some() || row.target_id.is_some() => LinkState::Used,
            () if row.expires_at <= self.now().0 => LinkState::Over,
            () if has_nothing => LinkState::Stale,
            () => LinkState::Open,
        })
    }
}
