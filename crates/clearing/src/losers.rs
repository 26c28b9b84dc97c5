//! What becomes of the occurrences that lose by rule 5: the calendar's handling of conflicts, its pending removals and
//! its safety limit.

use std::borrow::Cow;

use ical::{Calendar, Moment, Object};

use crate::limit::{Loser, limited};
use crate::pending::{Desk, Fate, Losing};
use crate::plan::{How, Plan, Reason};
use crate::policy::{ConflictHandling, Memory, Policy};
use crate::rank::Slot;
use crate::warned::Party;

/// The inputs of that decision.
#[derive(Clone, Copy)]
pub(crate) struct Losers<'r, 'a> {
    pub calendar: &'r Calendar<'a>,
    pub policy: &'r Policy,
    pub memory: &'r Memory,
    pub now: Moment,
}

impl Losers<'_, '_> {
    /// The fate of each loser, which are given with their winners. `kept` says of an occurrence that takes the room
    /// why it is kept although it overlaps; `None` if it is not there.
    pub fn fates(
        &self,
        losers: &[(&Slot, &Slot)],
        kept: impl Fn(&Party) -> Option<Option<Reason>>,
        plan: &mut Plan,
    ) -> Vec<Fate> {
        let Losers { policy, memory, now, .. } = *self;
        if policy.conflicts == ConflictHandling::Remove && memory.pending.is_empty() {
            let slots = losers.iter().map(|(slot, _)| *slot);
            let goes = self.limit(slots, plan).unwrap_or_else(|| vec![true; losers.len()]);
            let fate = |goes| match goes {
                true => Fate::Removed(None),
                false => Fate::Kept(Reason::Limit, None),
            };
            return goes.into_iter().map(fate).collect();
        }
        let uids: Vec<_> = losers.iter().map(|(it, by)| (self.uid(it), self.uid(by))).collect();
        let losing: Vec<Losing<'_>> = losers
            .iter()
            .zip(&uids)
            .map(|((slot, winner), (uid, winner_uid))| {
                let event = self.calendar.event(slot.occurrence.component as usize);
                let room = policy.room_address.as_ref();
                let object = self.object(slot);
                let date = (object.resource(), slot.occurrence.original);
                let is_unanswered = room.is_some_and(|it| event.awaits_answer_of(it.as_str()))
                    || memory.half_answered.contains(&date);
                let is_single = How::of(self.calendar, object) == How::Delete;
                Losing { slot, uid, winner, winner_uid, is_single, is_unanswered }
            })
            .collect();
        let mut desk = Desk::new(policy, &memory.pending, now, memory.settled);
        let resource = |slot: &Slot| self.object(slot).resource();
        let mut changes = std::mem::take(&mut plan.pending);
        let limited = |new: &[usize]| self.limit(new.iter().map(|it| losers[*it].0), plan);
        let fates = desk.fates(&losing, resource, limited, &mut changes);
        desk.end(kept, &mut changes);
        plan.pending = changes;
        fates
    }

    /// Rule 7, `protected`: whether an administrator keeps an occurrence that was to be removed for this winner.
    pub fn is_kept(&self, slot: &Slot, winner: &Slot) -> bool {
        let pending = &self.memory.pending;
        !pending.is_empty() && {
            let (uid, winner_uid) = (self.uid(slot), self.uid(winner));
            let winner = (&*winner_uid, &winner.occurrence);
            pending.iter().any(|it| it.keeps((&uid, &slot.occurrence), winner))
        }
    }

    fn uid(&self, slot: &Slot) -> Cow<'_, str> {
        self.object(slot).uid()
    }

    fn object(&self, slot: &Slot) -> &Object<'_> {
        &self.calendar.objects()[slot.object]
    }

    /// Rule 7, `limit`: for each of these occurrences that would be removed, whether it is; `None` if all are.
    fn limit<'s>(
        &self,
        slots: impl Iterator<Item = &'s Slot>,
        plan: &mut Plan,
    ) -> Option<Vec<bool>> {
        let loser = |slot| Loser { slot, uid: self.object(slot).uid_bytes() };
        let losers: Vec<Loser<'_>> = slots.map(loser).collect();
        let limited = limited(&losers, self.policy.limit, self.memory, self.now)?;
        plan.limited = Some(limited.objects);
        Some(limited.goes)
    }
}
