//! Giving up a booking by a link in a message (section 7 of the contract).

use answers::occurrences::first_occurrences;
use facts::{Event, LinkSubject, Removal, RemovalKind};
use ical::Moment;
use store::calendars::Calendar;
use store::history::{Cause, Starter, Way};
use store::mail_links::{self, LinkRow};
use store::{Access, LinkId};

use crate::changes::apply::{Act, Decided, Reading, Reads};
use crate::changes::change::{By, Change};
use crate::changes::intent::Intent;
use crate::room::linked::Linked;
use crate::room::snapshot::{Snapshot, without};
use crate::{Error, MessageId, Result};

/// What of an event is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUp {
    /// The occurrence of that original start.
    Date(Moment),
    /// All occurrences that the message is about.
    Dates,
    /// All of it.
    Event,
}

/// Takes an event, or dates of it, out of the room, if it is still what the message speaks of and what its reader saw.
pub(crate) struct GiveUp {
    link: LinkId,
    uid: String,
    subject: LinkSubject,
    /// The version that the reader was shown.
    version: String,
    what: GivenUp,
}

impl GiveUp {
    pub fn new(row: &LinkRow, version: &str, what: GivenUp) -> Result<GiveUp> {
        let (link, uid, subject) = (row.id, row.uid.clone(), row.subject()?);
        Ok(GiveUp { link, uid, subject, version: version.to_owned(), what })
    }
}

impl Act for GiveUp {
    type Seen = ();
    type Answer = ();

    fn by(&self) -> By {
        By::request(Cause::Request, Starter::of(Way::Link))
    }

    fn reads(&self) -> Reads {
        Reads::Calendar
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<()>> {
        let Reading { access, calendar, now, .. } = reading;
        check_unused(access, self.link, now).await?;
        let snapshot = Snapshot::of_uid(access, calendar, &self.uid).await?;
        let linked = Linked::of(&snapshot, &self.subject).ok_or_else(stale)?;
        if self.version != linked.version {
            return Err(stale());
        }
        let to_come = linked.events.into_iter().filter(|it| it.start > now);
        let is_meant = |it: &Event| match self.what {
            GivenUp::Date(original) => it.original == original,
            GivenUp::Dates | GivenUp::Event => true,
        };
        let events: Vec<Event> = to_come.filter(is_meant).collect();
        let is_others = self.what == GivenUp::Event && !linked.is_all_theirs;
        if events.is_empty() || is_others {
            return Err(stale());
        }
        let is_whole = self.what == GivenUp::Event || !linked.is_recurring;
        let originals: Vec<Moment> = events.iter().map(|it| it.original).collect();
        let after = match is_whole {
            true => None,
            false => without(calendar, snapshot.text_of(0), &originals, now)
                .map_err(|error| Error::Conflict(error.said(calendar)))?,
        };
        let removals = match (&after, linked.is_recurring) {
            (None, true) => first_occurrences(&snapshot.contents(), 1, &self.uid),
            _ => events,
        };
        let kind = match after {
            Some(_) => RemovalKind::CancelledByRequest,
            None => RemovalKind::DeletedByRequest,
        };
        let removals = removals.into_iter().map(|it| Removal::by_hand(kind, it)).collect();
        let change = Change {
            href: snapshot.places[0].href.clone(),
            uid: self.uid.clone(),
            before: Some(snapshot.resource(0)),
            after,
            intent: Intent::Link { link: self.link, removals },
            was_free: false,
        };
        Ok(Decided { changes: vec![change], needs: None, seen: () })
    }

    async fn answer<A: Access>(&self, _: &A, _: &Calendar, (): ()) -> Result<()> {
        Ok(())
    }
}

/// Makes sure that nobody has used a link, and that it still works.
pub(crate) async fn check_unused(access: &impl Access, link: LinkId, now: Moment) -> Result<()> {
    let row = mail_links::by_id(access, link).await?;
    let row = row.ok_or_else(|| Error::NotFound(MessageId::MailLinkUnknown.into()))?;
    if row.used_at.is_some() {
        return Err(Error::Conflict(MessageId::MailLinkUsed.into()));
    }
    match row.expires_at <= now.0 {
        true => Err(Error::Conflict(MessageId::MailLinkOver.into())),
        false => Ok(()),
    }
}

/// That the event is another than the one that a message speaks of.
pub(crate) fn stale() -> Error {
    Error::Conflict(MessageId::MailLinkStale.into())
}
