//! Which invitations a clear accepts, and the texts that say so.

use std::collections::BTreeMap;

use answers::contents::{Contents, EventView};
use clearing::Plan;
use facts::{Removal, RemovalKind};
use ical::Calendar as Objects;

use crate::room::snapshot::Snapshot;

/// An invitation that a change accepts.
#[derive(Clone, Debug)]
pub(crate) struct Acceptance {
    /// What is accepted.
    pub accepted: Removal,
    /// The text that accepts it and takes nothing out, where the change takes something out.
    pub alone: Option<Vec<u8>>,
}

/// Invitations that are accepted, by object. Chosen lines and what is due are removals, so there are none where only
/// these are applied; and an answer that was given already is not given again.
pub(crate) fn accepted(
    snapshot: &Snapshot,
    room: &Contents<'_>,
    plan: &Plan,
) -> BTreeMap<usize, Removal> {
    let is_of_all = snapshot.only.is_none() && !snapshot.due_only;
    let all = plan.acceptances.iter().filter(|_| is_of_all);
    let is_new = |it: &&clearing::Acceptance| {
        let resource = room.calendar.objects()[it.object].resource();
        !snapshot.answered.contains(&snapshot.places[resource].href)
    };
    let removal = |it: &clearing::Acceptance| {
        let event = EventView { room, object: it.object, occurrence: it.occurrence };
        (it.object, Removal::by_hand(RemovalKind::Accepted, event.into()))
    };
    all.filter(is_new).map(removal).collect()
}

/// A text that a resource is to get, with the room's answer, if something in it waits for one.
pub(crate) fn with_answer(
    snapshot: &Snapshot,
    resource: usize,
    text: Vec<u8>,
    accepted: Option<Removal>,
) -> (Vec<u8>, Option<Acceptance>) {
    let written = accepted.and_then(|accepted| Some((answered(snapshot, &text)?, accepted)));
    let Some((text, accepted)) = written else { return (text, None) };
    let alone = answered(snapshot, snapshot.text_of(resource));
    (text, Some(Acceptance { accepted, alone }))
}

/// The text of a resource of one object in which the room has accepted each part that waits for its answer.
pub(crate) fn answered(snapshot: &Snapshot, text: &[u8]) -> Option<Vec<u8>> {
    let room = snapshot.policy.room_address.as_ref()?;
    let parsed = Objects::parse(text).ok()?;
    let [_] = parsed.objects() else { return None };
    ical::accept_unanswered(&parsed, room.as_str())
}
