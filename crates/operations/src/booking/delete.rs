//! Deleting an event by its UID, or one occurrence of it.

use answers::occurrences::{first_occurrences, occurrence_of};
use facts::{Event, Removal, RemovalKind};
use ical::{EditError, Moment};
use store::Access;
use store::calendars::Calendar;
use store::history::{Cause, Starter};

use crate::changes::apply::{Act, Decided, Reading, Reads};
use crate::changes::change::{By, Change};
use crate::changes::intent::Intent;
use crate::room::snapshot::{CannotCancel, Snapshot, without};
use crate::{Caller, Error, Result, Service};

impl Service {
    /// Deletes the whole object of a UID. It is kept in the history, from where it can be restored, and
    /// nobody is notified.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the calendar holds none of that UID.
    pub async fn delete_event(
        &self,
        caller: &Caller,
        calendar: &Calendar,
        uid: &str,
    ) -> Result<()> {
        let act = DeleteEvent { asked: caller.starter(), uid: uid.to_owned() };
        self.apply(calendar, act).await
    }

    /// Cancels one occurrence of an event, by its original start, as a run does (rule 6): the series lives
    /// on, and what would have no occurrence left is deleted. It is kept in the history, from where it can
    /// be restored, and nobody is notified.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the calendar holds none of that UID, or it has no such occurrence;
    /// [`Error::Conflict`] if it cannot be written without it.
    pub async fn delete_occurrence(
        &self,
        caller: &Caller,
        calendar: &Calendar,
        uid: &str,
        original: Moment,
    ) -> Result<()> {
        let asked = caller.starter();
        self.apply(calendar, CancelOccurrence { asked, uid: uid.to_owned(), original }).await
    }
}

/// Deletes all resources of a UID, in whatever version they are: that is what was asked for.
struct DeleteEvent {
    asked: Starter,
    uid: String,
}

impl Act for DeleteEvent {
    type Seen = ();
    type Answer = ();

    fn by(&self) -> By {
        By::request(Cause::Request, self.asked)
    }

    fn reads(&self) -> Reads {
        Reads::Any(self.uid.clone())
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<()>> {
        let Reading { access, calendar, has_made, .. } = reading;
        let snapshot = Snapshot::of_uid(access, calendar, &self.uid).await?;
        let is_gone = snapshot.places.is_empty();
        // If this act has deleted one of several, the rest may be gone by now. What somebody else has deleted is not
        // said to be deleted.
        if self.uid.is_empty() || is_gone && !has_made {
            return Err(Error::no_event(&calendar.slug, &self.uid));
        }
        Ok(Decided { changes: deletions(&snapshot, &self.uid), needs: None, seen: () })
    }

    async fn answer<A: Access>(&self, _: &A, _: &Calendar, (): ()) -> Result<()> {
        Ok(())
    }
}

/// The changes that delete all resources of a UID.
pub(crate) fn deletions(snapshot: &Snapshot, uid: &str) -> Vec<Change> {
    let shown = first_occurrences(&snapshot.contents(), snapshot.places.len(), uid);
    let change = |(index, event): (usize, Event)| Change {
        href: snapshot.places[index].href.clone(),
        uid: uid.to_owned(),
        before: Some(snapshot.resource(index)),
        after: None,
        intent: Intent::Request(Removal::by_hand(RemovalKind::DeletedByRequest, event)),
        was_free: false,
    };
    shown.into_iter().enumerate().map(change).collect()
}

/// Cancels one occurrence.
struct CancelOccurrence {
    asked: Starter,
    uid: String,
    original: Moment,
}

impl Act for CancelOccurrence {
    type Seen = ();
    type Answer = ();

    fn by(&self) -> By {
        By::request(Cause::Request, self.asked)
    }

    fn reads(&self) -> Reads {
        Reads::Calendar
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<()>> {
        let Reading { access, calendar, now, .. } = reading;
        let uid = self.uid.as_str();
        let snapshot = Snapshot::of_uid(access, calendar, uid).await?;
        let Cancelling { event, text, kind } = Cancelling::of(&snapshot, uid, self.original, now)?;
        let change = Change {
            href: snapshot.places[0].href.clone(),
            uid: uid.to_owned(),
            before: Some(snapshot.resource(0)),
            after: text,
            intent: Intent::Request(Removal::by_hand(kind, event)),
            was_free: false,
        };
        Ok(Decided { changes: vec![change], needs: None, seen: () })
    }

    async fn answer<A: Access>(&self, _: &A, _: &Calendar, (): ()) -> Result<()> {
        Ok(())
    }
}

/// The cancelling of one occurrence, worked out.
struct Cancelling {
    /// The occurrence as it was.
    event: Event,
    /// The object without it; `None` where nothing is left.
    text: Option<Vec<u8>>,
    kind: RemovalKind,
}

impl Cancelling {
    fn of(snapshot: &Snapshot, uid: &str, original: Moment, now: Moment) -> Result<Cancelling> {
        let calendar = &snapshot.calendar;
        if uid.is_empty() || snapshot.places.is_empty() {
            return Err(Error::no_event(&calendar.slug, uid));
        }
        let text = snapshot.text_of(0);
        let missing = |error: &CannotCancel| {
            matches!(error, CannotCancel::Edit(EditError::NoSuchInstance(_)))
        };
        let room = snapshot.contents();
        let event = occurrence_of(&room, original).ok_or_else(|| Error::no_occurrence(uid))?;
        let text = match without(calendar, text, &[original], now) {
            Ok(text) => text,
            Err(error) if missing(&error) => return Err(Error::no_occurrence(uid)),
            Err(error) => return Err(Error::Conflict(error.said(calendar))),
        };
        let kind = match text {
            Some(_) => RemovalKind::CancelledByRequest,
            None => RemovalKind::DeletedByRequest,
        };
        Ok(Cancelling { event, text, kind })
    }
}
