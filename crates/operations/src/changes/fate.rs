//! What became of a request whose answer was lost: the server is asked for its object.

use clearing::Address;
use facts::{Removal, RemovalKind};
use ical::{EditError, Moment};
use store::objects::Resource;

use crate::changes::change::Change;
use crate::changes::in_doubt::Evidence;
use crate::changes::intent::Intent;
use crate::room::backend::CalendarBackend as _;
use crate::room::on_server::OnServer;
use crate::room::snapshot::{CannotCancel, without, zones_of};
use crate::{Result, Service};

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was made; the object as it is now, if there is one, and how that is known.
    Made(Option<Resource>, Evidence),
    /// It was not made, and the object is still the one that was decided on.
    NotMade,
    /// Somebody else has written the object.
    Overtaken,
}

/// Whether the text that lies where a change was for still holds an event of its object, by UID. If the object
/// cannot be read, it counts as being there.
pub(crate) fn holds(text: &[u8], change: &Change) -> bool {
    let Some(Ok(before)) = change.text_before().map(ical::Calendar::parse) else { return true };
    let is_its = |uid: &[u8]| before.objects().iter().any(|it| it.uid_bytes() == uid);
    ical::Calendar::parse(text)
        .is_ok_and(|there| there.objects().iter().any(|it| is_its(it.uid_bytes())))
}

/// Whether an answer alone was written: nothing in the object waits for one any more. Servers write more than
/// the answer (SOGo removes RSVP).
fn is_answered(server: &OnServer, change: &Change, text: &[u8]) -> bool {
    let room = server.calendar.room_address.as_deref().map(Address::new);
    let (Intent::Answer { loss: None, .. }, Some(room)) = (&change.intent, room) else {
        return false;
    };
    let waits = |it: ical::Event<'_, '_>| it.awaits_answer_of(room.as_str());
    holds(text, change)
        && ical::Calendar::parse(text)
            .is_ok_and(|there| !there.objects().iter().any(|it| there.events_of(it).any(waits)))
}

impl Service {
    /// Asks the server what became of a change.
    pub(crate) async fn fate(&self, server: &OnServer, change: &Change) -> Result<Fate> {
        let (before, after) = (change.version(), change.after.as_deref());
        let current = server.read(&change.href).await?;
        let Some(there) = current.as_ref() else {
            return Ok(match (before, after) {
                (_, None) => Fate::Made(None, Evidence::NotConfirmed),
                (None, Some(_)) => Fate::NotMade,
                (Some(_), Some(_)) => Fate::Overtaken,
            });
        };
        let may_repeat = server.collection.quirks().etag_counters_restart;
        let is_before = before.is_some_and(|before| {
            before.etag == there.etag && !may_repeat
                || ical::means_the_same(before.text, &there.text)
        });
        Ok(match after {
            _ if is_before => Fate::NotMade,
            // Nobody else takes the place of a booking.
            Some(_) if change.is_booking() => Fate::Made(current, Evidence::Confirmed),
            // Somebody has put something else there, and found the place empty.
            None if !holds(&there.text, change) => Fate::Made(current, Evidence::NotConfirmed),
            None => Fate::Overtaken,
            Some(after) if ical::means_the_same(after, &there.text) => {
                Fate::Made(current, Evidence::Confirmed)
            }
            // Somebody else may have done the same while our request was in doubt.
            Some(after) if self.is_written(server, change, after, &there.text) => {
                Fate::Made(current, Evidence::NotConfirmed)
            }
            Some(_) => Fate::Overtaken,
        })
    }

    /// Whether what lies there is what a change of which nobody saw the end was to write. The server may have
    /// written values anew. Of a date that a change removes it is enough that it is out: somebody may have
    /// written the series after us.
    pub(crate) fn is_written(
        &self,
        server: &OnServer,
        change: &Change,
        after: &[u8],
        text: &[u8],
    ) -> bool {
        let zones = &mut zones_of(&server.calendar);
        // Where a change made no difference but the stamps, everything would look like it.
        let is_other = |before: &[u8]| !ical::says_the_same(after, before, zones);
        let makes_difference = change.text_before().is_none_or(is_other);
        ical::means_the_same(after, text)
            || makes_difference && ical::says_the_same(after, text, zones)
            || self.lacks_all(server, change, after, text)
            || is_answered(server, change, text)
    }

    /// Whether an object holds none of the occurrences that a change was to take out of it, by the
    /// EXDATEs that the change wrote: somebody who moves a whole series removes them, too. EXDATEs are
    /// compared by the instances that they exclude.
    pub(crate) fn lacks_all(
        &self,
        server: &OnServer,
        change: &Change,
        after: &[u8],
        text: &[u8],
    ) -> bool {
        let removals = match change.intent.loss() {
            Some(loss) => loss.removals.as_slice(),
            None => change.intent.requested(),
        };
        let is_requested = change.intent.loss().is_none();
        let is_cancelled = |it: &Removal| it.kind == RemovalKind::CancelledByRequest;
        if removals.is_empty() || is_requested && !removals.iter().all(is_cancelled) {
            return false;
        }
        let removed: Vec<Moment> = removals.iter().map(|it| it.event.original).collect();
        let zones = &mut zones_of(&server.calendar);
        let mut excluded = |text: &[u8]| ical::excluded(text, zones);
        let earlier = change.text_before().and_then(&mut excluded).unwrap_or_default();
        let (Some(written), Some(there)) = (excluded(after), excluded(text)) else { return false };
        let mut ours = written.difference(&earlier).peekable();
        if ours.peek().is_none() || !ours.all(|instance| there.contains(instance)) {
            return false;
        }
        let is_lacking = |original: Moment| {
            let edit = without(&server.calendar, text, &[original], self.now());
            matches!(edit, Err(CannotCancel::Edit(EditError::NoSuchInstance(_))))
        };
        removed.into_iter().all(is_lacking)
    }
}
