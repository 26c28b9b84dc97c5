//! What is remembered of a warning: the two occurrences that it is about, and when the mail server took it.

use ical::{Moment, Occurrence};

/// Seconds before its start at which an occurrence is removed at the latest. With less than that left, there is no
/// warning.
pub const REMOVAL_FLOOR: i64 = 2 * 3_600;
/// Seconds of an hour of grace.
const HOUR: i64 = 3_600;

/// When an occurrence is removed that begins at `start`, if the mail server took the warning at `warned_at`: after the
/// grace, but no later than two hours before it begins, and not before that moment itself.
pub fn removal_at(warned_at: Moment, start: Moment, grace_hours: u32) -> Moment {
    let after_grace = warned_at.plus(i64::from(grace_hours) * HOUR);
    after_grace.min(start.plus(-REMOVAL_FLOOR)).max(warned_at)
}

/// An occurrence that a warning is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The UID of its object.
    pub uid: String,
    /// Its original start.
    pub original: Moment,
    /// Its start.
    pub start: Moment,
    /// Its end, exclusive.
    pub end: Moment,
}

impl Party {
    /// Whether it is that occurrence, at the same time.
    pub(crate) fn is(&self, uid: &str, it: &Occurrence) -> bool {
        self.uid == uid && self.original == it.original && self.is_at(it)
    }

    pub(crate) fn is_at(&self, it: &Occurrence) -> bool {
        (self.start, self.end) == (it.start, it.end)
    }
}

/// What was decided about a pending removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The occurrence is kept.
    Keep,
    /// It is removed at once.
    RemoveNow,
    /// Nothing is removed until an administrator decides: its organizer has asked for that.
    Ask,
}

/// A removal that is pending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its number.
    pub id: i64,
    /// The occurrence that is to be removed.
    pub loser: Party,
    /// The resource in which it was, as the calendar is now; `None` if that is gone.
    pub resource: Option<usize>,
    /// The stronger occurrence.
    pub winner: Party,
    /// The grace that the warning speaks of.
    pub grace_hours: u32,
    /// When the mail server took the warning.
    pub warned_at: Option<Moment>,
    /// What was decided.
    pub decision: Option<Decision>,
}

impl Pending {
    /// When the occurrence is removed; `None` if it is kept, or the mail server has not taken the warning yet.
    pub fn removal_at(&self) -> Option<Moment> {
        match self.decision {
            Some(Decision::Keep | Decision::Ask) => None,
            Some(Decision::RemoveNow) => Some(Moment::MIN),
            None => self.warned_at.map(|it| removal_at(it, self.loser.start, self.grace_hours)),
        }
    }

    /// Whether an administrator keeps the occurrence, and both are as they were then.
    pub(crate) fn keeps(
        &self,
        (uid, it): (&str, &Occurrence),
        winner: (&str, &Occurrence),
    ) -> bool {
        self.decision == Some(Decision::Keep)
            && self.loser.is(uid, it)
            && self.winner.is(winner.0, winner.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occurrence_is_removed_after_the_grace_and_two_hours_before_it_begins_at_the_latest() {
        let at = |warned_at, start, grace| removal_at(Moment(warned_at), Moment(start), grace).0;
        assert_eq!(at(0, 100 * HOUR, 24), 24 * HOUR);
        assert_eq!(at(0, 25 * HOUR, 24), 23 * HOUR, "the floor comes before the grace is over");
        assert_eq!(at(0, 26 * HOUR, 24), 24 * HOUR);
        assert_eq!(at(5 * HOUR, 6 * HOUR, 24), 5 * HOUR, "the mail server took it late");
        assert_eq!(at(0, 100 * HOUR, 0), 0);
    }
}
