//! Series that are being divided: the dates of the rest stand twice, until the series ends before them. Neither of the two
//! loses anything meanwhile, least of all to the other, and nobody loses anything to them.

use std::borrow::Cow;
use std::collections::HashSet;

use clearing::{Policy, Reason};
use facts::KeptConflict;

use crate::clearing::change_of_one::ChangeOfOne;
use crate::clearing::pending_plan::PendingPlan;
use crate::room::snapshot::Snapshot;
use crate::{Message, MessageId};

/// What the report says of them. Nobody is written to: it is over in a moment, or an administrator has to decide.
fn detail() -> Option<Message> {
    Some(MessageId::DivisionUnfinished.into())
}

/// The policy of a plan, by which none of them goes.
pub(crate) fn policy(snapshot: &Snapshot) -> Cow<'_, Policy> {
    if snapshot.divided.is_empty() {
        return Cow::Borrowed(&snapshot.policy);
    }
    let mut policy = snapshot.policy.clone();
    policy.protected.extend(snapshot.divided.iter().cloned());
    Cow::Owned(policy)
}

/// What a plan comes to, as far as that is about them.
pub(crate) struct Planned<'p> {
    /// Object by object what changes.
    pub changes: &'p mut Vec<ChangeOfOne>,
    /// Kept conflicts.
    pub ignored: &'p mut Vec<KeptConflict>,
    /// What becomes of pending removals.
    pub pending: &'p mut PendingPlan,
}

/// Takes out of a plan what would change one of them, or what gives way to one.
pub(crate) fn keep(snapshot: &Snapshot, planned: Planned<'_>) {
    let Planned { changes, ignored, pending } = planned;
    let Snapshot { divided, places, policy, .. } = snapshot;
    if divided.is_empty() {
        return;
    }
    for it in ignored.iter_mut() {
        let uid = &it.removal.event.uid;
        let is_protected = it.reason == Reason::Protected && !policy.protected.contains(uid);
        if is_protected && divided.contains(uid) {
            (it.reason, it.detail) = (Reason::Changed, detail());
        }
    }
    let contents = snapshot.contents();
    let objects = contents.calendar.objects().iter();
    let objects = objects.filter(|it| divided.contains(&*it.uid()));
    let such: HashSet<usize> = objects.map(ical::Object::resource).collect();
    let hrefs: HashSet<&str> = such.iter().map(|it| places[*it].href.as_str()).collect();
    pending.without(|href| hrefs.contains(href));
    for change in std::mem::take(changes) {
        let mut beside = change.loss.removals.iter().flat_map(|it| &it.conflicts);
        let is_beside = beside.any(|it| divided.contains(&it.event.uid));
        match is_beside || such.contains(&change.resource) {
            true => ignored.extend(change.loss.kept(Reason::Changed, detail())),
            false => changes.push(change),
        }
    }
}
