//! The result of the rules: what a run would do.

use ical::{Calendar, Moment, Object, Occurrence, Unreadable};

use crate::rank::{Because, Slot};
use crate::warning::Warning;

/// The plan of a clear of one calendar: what is removed, what is kept, and why. It refers to the
/// objects of the calendar by their indexes.
///
/// Each list is ordered by start, then by UID (by bytes), then by original start.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Rule 2: cancelled objects that are deleted.
    pub leftovers: Vec<Leftover>,
    /// Rules 5 and 6: occurrences that are removed.
    pub removals: Vec<Removal>,
    /// Rule 7: occurrences that are kept although they overlap.
    pub ignored: Vec<Ignored>,
    /// Section 7: invitations that the room has not answered, and accepts.
    pub acceptances: Vec<Acceptance>,
    /// Objects that cannot be read or expanded, in the order of the calendar.
    pub unreadable: Vec<UnreadableObject>,
    /// Warnings about objects that were read, in the order of the calendar.
    pub warnings: Vec<Warning>,
    /// Rule 7, `limit`: the number of objects that would have lost something in 24 hours, if that
    /// reached the safety limit or a confirmation request is open.
    pub limited: Option<usize>,
    /// What becomes of the pending removals.
    pub pending: PendingChanges,
    /// Blocking occurrences that stay, ordered by start.
    pub(crate) staying: Vec<Slot>,
    /// For each of `staying`, the latest end up to it.
    pub(crate) latest_ends: Vec<Moment>,
}

/// An invitation that the room accepts, with what is left of it after the removals. Whether anything is left is
/// known when these are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Index of the object.
    pub object: usize,
    /// Its first occurrence in the window that waits for an answer and is kept.
    pub occurrence: Occurrence,
}

/// A cancelled object that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Index of the object.
    pub object: usize,
    /// Its first occurrence in the window, taken as if it were not cancelled.
    pub occurrence: Occurrence,
}

/// An occurrence that is removed because a stronger one stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The occurrence that is removed.
    pub loser: Slot,
    /// The strongest staying occurrence that it overlaps.
    pub winner: Slot,
    /// How it is removed.
    pub how: How,
    /// Why the winner is the stronger one.
    pub because: Option<Because>,
    /// The pending removal that it ends, if there was a warning.
    pub pending: Option<i64>,
}

/// Rule 6: how an occurrence is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Its object does not recur and is deleted.
    Delete,
    /// It is cancelled alone; the rest of the series stays.
    CancelOccurrence,
}

impl How {
    /// An event that does not recur is deleted with its object; of a recurring one the occurrence is cancelled.
    pub(crate) fn of(calendar: &Calendar<'_>, object: &Object<'_>) -> How {
        if ical::is_recurring(calendar, object) { How::CancelOccurrence } else { How::Delete }
    }
}

/// An occurrence that is kept although it overlaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The weaker occurrence.
    pub weaker: Slot,
    /// The strongest staying occurrence that it overlaps.
    pub winner: Slot,
    /// Why.
    pub reason: Reason,
    /// Why the winner is the stronger one; `None` if it is not, as for some free events.
    pub because: Option<Because>,
    /// When it is removed, if a warning is out.
    pub removal_at: Option<Moment>,
}

/// Rule 7: why an occurrence is kept; the first reason of this list that holds. The plan does not
/// contain the reasons that depend on more than the calendar and its settings; they arise when it
/// is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// It is on, has held its hour since before it began, and lasts at most 12 hours or is one
    /// all-day date.
    Started,
    /// It is prioritised like the winner; their organizers agree among themselves.
    Prioritised,
    /// An administrator protected its UID.
    Protected,
    /// Its overlaps are at an edge and no longer than the tolerance.
    Tolerated,
    /// It is free, and is never removed.
    Free,
    /// It was changed while the run was at work. Not found by a plan.
    Changed,
    /// The server refused the change. Not found by a plan.
    Refused,
    /// A warning is out, and it is removed later.
    Pending,
    /// The calendar only reports.
    Report,
    /// More objects would lose overlaps than the safety limit allows.
    Limit,
}

/// Serialized as [`Reason::as_str`].
impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Reason {
    /// All reasons, in their order of precedence.
    pub const ALL: [Reason; 10] = [
        Reason::Started,
        Reason::Prioritised,
        Reason::Protected,
        Reason::Tolerated,
        Reason::Free,
        Reason::Changed,
        Reason::Refused,
        Reason::Pending,
        Reason::Report,
        Reason::Limit,
    ];

    /// Whether it is not decided yet what becomes of the occurrence: until then an invitation has no answer.
    pub fn is_undecided(self) -> bool {
        matches!(self, Reason::Pending | Reason::Report | Reason::Limit)
    }

    /// The word for it in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Started => "started",
            Reason::Prioritised => "prioritised",
            Reason::Protected => "protected",
            Reason::Tolerated => "tolerated",
            Reason::Free => "free",
            Reason::Changed => "changed",
            Reason::Refused => "refused",
            Reason::Pending => "pending",
            Reason::Report => "report",
            Reason::Limit => "limit",
        }
    }
}

/// A warning that is to go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The occurrence that is to be removed.
    pub loser: Slot,
    /// The strongest staying occurrence that it overlaps.
    pub winner: Slot,
    /// The pending removal that it replaces.
    pub replaces: Option<i64>,
}

/// A pending removal whose two occurrences are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// The number of the pending removal.
    pub id: i64,
    /// The occurrence that is to be removed.
    pub loser: Slot,
    /// The stronger one.
    pub winner: Slot,
}

/// A pending removal that is none any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its number.
    pub id: i64,
    /// Why.
    pub reason: EndReason,
}

/// Why a pending removal has ended without a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndReason {
    /// The occurrence that was to be removed is gone, cancelled, or takes no room any more.
    LoserGone,
    /// It still takes the room, and overlaps nothing that is stronger.
    NoConflict,
    /// It overlaps, and a rule keeps it (rule 7).
    Kept(Reason),
    /// It is over.
    Over,
    /// Another warning about the same occurrence has taken its place.
    Replaced,
}

/// What a plan does about pending removals.
#[derive(Clone, Debug, Default)]
pub struct PendingChanges {
    /// Warnings that are to go out.
    pub begun: Vec<Begun>,
    /// Those that stand, due or not.
    pub matched: Vec<Matched>,
    /// Those that end without a removal.
    pub ended: Vec<Ended>,
}

/// An object that cannot be read or expanded, and is therefore kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableObject {
    /// Index of the object.
    pub object: usize,
    /// Why.
    pub error: Unreadable,
}

impl Plan {
    /// All staying occurrences that overlap a slot and belong to another object, from the latest
    /// start to the earliest. Computed on demand, so that a plan is no larger than the calendar.
    pub fn staying_beside<'p>(&'p self, slot: &Slot) -> impl Iterator<Item = &'p Slot> + use<'p> {
        let Occurrence { start, end, .. } = slot.occurrence;
        let object = slot.object;
        let begun = self.staying.partition_point(|it| it.occurrence.start < end);
        (0..begun)
            .rev()
            .take_while(move |index| self.latest_ends[*index] > start)
            .map(|index| &self.staying[index])
            .filter(move |it| it.occurrence.end > start && it.object != object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_displayed_as_the_word_of_the_contract() {
        for reason in Reason::ALL {
            assert_eq!(reason.to_string(), reason.as_str());
        }
        assert_eq!(Reason::Prioritised.to_string(), "prioritised");
    }
}
