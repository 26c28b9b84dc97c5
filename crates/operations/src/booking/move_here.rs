//! Booking in another room what a link moves (section 7 of the contract).

use ical::Window;
use store::calendars::Calendar;
use store::history::{Cause, Starter, Way};
use store::{Access, LinkId, UserId, objects};

use crate::changes::apply::{Act, Decided, Exclusive, NeedsFree, Reading, Reads};
use crate::changes::change::{By, Change};
use crate::changes::intent::Intent;
use crate::room::free::{InTheWay, Itself};
use crate::{Error, MessageId, Result};

/// Books an event that is in another room, if this one is free. It is done already where its object is there.
pub(crate) struct MoveHere {
    /// The link that moves it.
    pub link: LinkId,
    /// The name of the object: the same however often the link is followed, and nobody else can guess it.
    pub name: String,
    /// Its UID, which stays the same.
    pub uid: String,
    /// Its text.
    pub text: Vec<u8>,
    /// In which all of its hours are that have to be free.
    pub window: Window,
    /// Who booked it, if that is known.
    pub author: Option<UserId>,
}

impl Act for MoveHere {
    type Seen = ();
    type Answer = ();

    fn by(&self) -> By {
        By::request(Cause::Booking, Starter::of(Way::Link))
    }

    fn reads(&self) -> Reads {
        Reads::New(self.name.clone())
    }

    fn exclusive(&self) -> Exclusive {
        Exclusive { booking: true, calendar: false }
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<()>> {
        let Reading { access, calendar, .. } = reading;
        let there = objects::by_uid(access, calendar.id, &self.uid).await?;
        if there.iter().any(|it| ical::means_the_same(&it.text, &self.text)) {
            return Ok(Decided { changes: Vec::new(), needs: None, seen: () });
        }
        if !there.is_empty() {
            return Err(Error::Conflict(MessageId::SameIdThere.into()));
        }
        let of =
            InTheWay { text: self.text.clone(), itself: Itself::Uid(self.uid.clone()), only: None };
        let change = Change {
            href: self.name.clone(),
            uid: self.uid.clone(),
            before: None,
            after: Some(self.text.clone()),
            intent: Intent::Book {
                user: self.author,
                idempotency_key: None,
                moved_by: Some(self.link),
                rest_of: None,
            },
            was_free: false,
        };
        let needs = Some(NeedsFree { of, window: self.window });
        Ok(Decided { changes: vec![change], needs, seen: () })
    }

    async fn answer<A: Access>(&self, _: &A, _: &Calendar, (): ()) -> Result<()> {
        Ok(())
    }
}
