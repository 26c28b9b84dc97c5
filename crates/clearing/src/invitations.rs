//! The room answers invitations (section 7): which of them wait for an answer, and which it accepts.

use hashbrown::HashSet;
use ical::{Calendar, Moment, Occurrence};

use crate::plan::{Acceptance, Plan};
use crate::policy::Policy;

/// The invitations of a calendar that wait for the room's answer.
pub(crate) struct Invitations<'p> {
    /// The room's address; `None` if the room does not answer.
    address: Option<&'p str>,
    /// By object, the occurrences in the window that wait for an answer.
    waiting: Vec<(usize, Vec<Occurrence>)>,
}

impl<'p> Invitations<'p> {
    pub fn new(policy: &'p Policy) -> Invitations<'p> {
        let address = policy.room_address.as_ref().filter(|_| policy.answers);
        Invitations { address: address.map(|it| it.as_str()), waiting: Vec::new() }
    }

    /// Looks at the occurrences of an object in the window. Each component has its own answer: a date that was
    /// moved alone is asked for alone.
    pub fn look_at(&mut self, calendar: &Calendar<'_>, object: usize, all: &[Occurrence]) {
        let Some(address) = self.address else { return };
        let mut known = None;
        let mut waits = |it: &&Occurrence| match known {
            Some((component, waits)) if component == it.component => waits,
            _ => {
                let event = calendar.event(it.component as usize);
                let waits = event.awaits_answer_of(address);
                known = Some((it.component, waits));
                waits
            }
        };
        let waiting: Vec<Occurrence> = all.iter().filter(|it| waits(it)).copied().collect();
        if !waiting.is_empty() {
            self.waiting.push((object, waiting));
        }
    }
}

/// The invitations that are accepted: something of what waits for an answer is kept, and all of the object is
/// decided. In the order of the calendar.
pub(crate) fn accepted(invitations: Invitations<'_>, plan: &Plan) -> Vec<Acceptance> {
    if invitations.waiting.is_empty() {
        return Vec::new();
    }
    let removed = plan.removals.iter().map(|it| (it.loser.object, it.loser.occurrence.original));
    let removed: HashSet<(usize, Moment)> = removed.collect();
    let undecided = plan.ignored.iter().filter(|it| it.reason.is_undecided());
    let undecided: HashSet<usize> = undecided.map(|it| it.weaker.object).collect();
    let decided = invitations.waiting.into_iter().filter(|it| !undecided.contains(&it.0));
    let accepted = decided.filter_map(|(object, waiting)| {
        let kept = waiting.into_iter().filter(|it| !removed.contains(&(object, it.original)));
        let first = kept.min_by_key(|it| (it.start, it.end, it.original))?;
        Some(Acceptance { object, occurrence: first })
    });
    accepted.collect()
}
