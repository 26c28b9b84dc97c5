//! Pending removals: of a calendar that warns, what becomes of each conflict, and of each warning that is out
//! (section 7 of the contract).
//!
//! A warning is about two occurrences. While both are as they were, the weaker is removed once the grace is over, which
//! begins when the mail server has taken the warning. If one of them changes its time, or is gone, the warning ends; if
//! the weaker still loses, it is warned anew.

use hashbrown::HashMap;
use ical::Moment;

use crate::plan::{Begun, EndReason, Ended, Matched, PendingChanges, Reason};
use crate::policy::{ConflictHandling, Policy};
use crate::rank::Slot;
use crate::warned::{Decision, Party, Pending, REMOVAL_FLOOR};

/// An occurrence that loses by rule 5.
pub(crate) struct Losing<'p> {
    pub slot: &'p Slot,
    pub uid: &'p str,
    pub winner: &'p Slot,
    pub winner_uid: &'p str,
    /// Whether its object does not recur.
    pub is_single: bool,
    /// Whether it is an invitation that the room has not answered.
    pub is_unanswered: bool,
}

impl Losing<'_> {
    /// Whether grace protects it: it was accepted (or nobody asks the room), or a look saw it hold its time when the
    /// winner did not hold it.
    fn has_grace(&self) -> bool {
        let stood_alone = self.slot.rank.held.unseen_look < self.winner.rank.held.unseen_look;
        !self.is_unanswered || stood_alone
    }
}

/// What becomes of an occurrence that loses by rule 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is removed; with the number of the pending removal, if there was one.
    Removed(Option<i64>),
    /// It is kept.
    Kept(Reason, Option<Moment>),
}

/// What a calendar does with its losers, before the safety limit.
enum Course {
    /// By a pending removal that stands, which the limit has counted.
    Settled(Fate),
    /// It is removed without a warning.
    AtOnce(Option<i64>),
    /// It is warned.
    Warn(Option<i64>),
}

/// The pending removals of a plan.
pub(crate) struct Desk<'p> {
    policy: &'p Policy,
    /// The present of a clock that is not ahead.
    settled: Moment,
    rows: &'p [Pending],
    /// Those of each UID.
    by_uid: HashMap<&'p str, Vec<usize>>,
    /// Whether each was found again.
    is_used: Vec<bool>,
    /// The UIDs of the warnings that are to go out.
    begun: Vec<String>,
}

impl<'p> Desk<'p> {
    pub fn new(
        policy: &'p Policy,
        rows: &'p [Pending],
        now: Moment,
        settled: Option<Moment>,
    ) -> Desk<'p> {
        let mut by_uid: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, row) in rows.iter().enumerate() {
            by_uid.entry(&*row.loser.uid).or_default().push(index);
        }
        let settled = settled.unwrap_or(now).min(now);
        let is_used = vec![false; rows.len()];
        Desk { policy, settled, rows, by_uid, is_used, begun: Vec::new() }
    }

    /// The fates of the losers, in their order. `limited` says which of some of them, in the same order, the safety
    /// limit lets go; it is asked about those that are decided on now. A warning that is out has been counted.
    pub fn fates(
        &mut self,
        losers: &[Losing<'_>],
        resource_of: impl Fn(&Slot) -> usize,
        limited: impl FnOnce(&[usize]) -> Option<Vec<bool>>,
        changes: &mut PendingChanges,
    ) -> Vec<Fate> {
        if self.policy.conflicts == ConflictHandling::Report {
            return vec![Fate::Kept(Reason::Report, None); losers.len()];
        }
        let courses: Vec<Course> = losers
            .iter()
            .map(|it| {
                let row = self.take(it, resource_of(it.slot));
                self.course(it, row, changes)
            })
            .collect();
        let is_new = |it: &Course| matches!(it, Course::AtOnce(None) | Course::Warn(None));
        let new: Vec<usize> = (0..courses.len()).filter(|it| is_new(&courses[*it])).collect();
        let mut goes = limited(&new).map(Vec::into_iter);
        let mut fates = Vec::with_capacity(courses.len());
        for (it, course) in losers.iter().zip(courses) {
            let is_new = is_new(&course);
            if is_new && !goes.as_mut().is_none_or(|goes| goes.next().unwrap_or(true)) {
                fates.push(Fate::Kept(Reason::Limit, None));
                continue;
            }
            fates.push(match course {
                Course::Settled(fate) => fate,
                Course::AtOnce(replaced) => Fate::Removed(replaced),
                Course::Warn(replaces) => {
                    let (loser, winner) = (*it.slot, *it.winner);
                    changes.begun.push(Begun { loser, winner, replaces });
                    self.begun.push(it.uid.to_owned());
                    if let Some(id) = replaces {
                        changes.ended.push(Ended { id, reason: EndReason::Replaced });
                    }
                    Fate::Kept(Reason::Pending, None)
                }
            });
        }
        fates
    }

    /// The pending removal of an occurrence: in the same resource, or in one that is gone. An event that does not recur
    /// is the same one also where it has moved.
    fn take(&mut self, it: &Losing<'_>, resource: usize) -> Option<&'p Pending> {
        let rows = self.by_uid.get(it.uid)?;
        let original = it.slot.occurrence.original;
        let is_here = |row: &Pending| row.resource.is_none_or(|it| it == resource);
        let free = || rows.iter().copied().filter(|row| !self.is_used[*row]);
        let free = || free().filter(|row| is_here(&self.rows[*row]));
        let same = free().find(|row| self.rows[*row].loser.original == original);
        let row = same.or_else(|| free().next().filter(|_| it.is_single))?;
        self.is_used[row] = true;
        Some(&self.rows[row])
    }

    fn course(
        &self,
        it: &Losing<'_>,
        row: Option<&Pending>,
        changes: &mut PendingChanges,
    ) -> Course {
        let (loser, winner) = (&it.slot.occurrence, &it.winner.occurrence);
        if let Some(row) = row
            && row.loser.is_at(loser)
            && row.winner.is(it.winner_uid, winner)
            && row.decision != Some(Decision::Keep)
        {
            changes.matched.push(Matched { id: row.id, loser: *it.slot, winner: *it.winner });
            let removal_at = row.removal_at();
            return Course::Settled(match removal_at.is_some_and(|at| at <= self.settled) {
                true => Fate::Removed(Some(row.id)),
                false => Fate::Kept(Reason::Pending, removal_at),
            });
        }
        let replaced = row.map(|row| row.id);
        // A warning that was not sent yet has to be sent first, even if the winner has moved meanwhile.
        let is_untold = row.is_some_and(|row| row.loser.is_at(loser) && row.warned_at.is_none());
        let is_short = loser.start < self.settled.plus(REMOVAL_FLOOR) && !is_untold;
        // A setting that is changed back takes nothing from those who have been warned.
        let warns = self.policy.conflicts == ConflictHandling::Warn || row.is_some();
        match warns && !is_short && it.has_grace() {
            true => Course::Warn(replaced),
            false => Course::AtOnce(replaced),
        }
    }

    /// The pending removals that were not found again among the losers. `kept` says what the rules make of an
    /// occurrence of that UID and original start: `None` if it is not there or takes no room; else why it is kept,
    /// if it overlaps.
    pub fn end(
        &self,
        stays: impl Fn(&Party) -> Option<Option<Reason>>,
        changes: &mut PendingChanges,
    ) {
        for (row, _) in self.rows.iter().zip(&self.is_used).filter(|(_, is_used)| !**is_used) {
            let reason = match stays(&row.loser) {
                _ if row.loser.end <= self.settled => EndReason::Over,
                None => self.replaced(row, changes).unwrap_or(EndReason::LoserGone),
                Some(None) => EndReason::NoConflict,
                // What an administrator keeps is kept as long as it overlaps.
                Some(Some(Reason::Protected)) if row.decision == Some(Decision::Keep) => continue,
                Some(Some(reason)) => EndReason::Kept(reason),
            };
            changes.ended.push(Ended { id: row.id, reason });
        }
        changes.ended.sort_by_key(|it| it.id);
    }

    /// A date of a series that is gone has moved with it, if the series is warned about another one now.
    fn replaced(&self, row: &Pending, changes: &mut PendingChanges) -> Option<EndReason> {
        let mut begun = changes.begun.iter_mut().zip(&self.begun);
        let is_of_it =
            |it: &(&mut Begun, &String)| it.0.replaces.is_none() && *it.1 == row.loser.uid;
        begun.find(is_of_it)?.0.replaces = Some(row.id);
        Some(EndReason::Replaced)
    }
}
