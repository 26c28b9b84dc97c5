//! What a monthly report counts of a room, and how the database keeps it.

use answers::usage::Usage;
use clearing::Reason;
use facts::Word as _;
use serde::{Deserialize, Serialize};
use store::kept_conflicts::ConflictCounts;

/// The version of the JSON that this program writes and reads.
const VERSION: u32 = 1;

/// What became of conflicts in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthConflicts {
    /// Conflicts that were found for the first time.
    pub found: i64,
    /// Occurrences that were removed for an overlap.
    pub removed: i64,
    /// Kept conflicts that were no conflicts any more before they took place.
    pub settled: i64,
    /// Kept conflicts that took place, or are open at the end of the month, by the last reason.
    pub kept: Vec<(Reason, i64)>,
    /// Cancelled objects that were deleted.
    pub leftovers: i64,
    /// Removed occurrences that were restored.
    pub restored: i64,
}

impl MonthConflicts {
    /// Of what the database counts.
    pub(crate) fn of(counts: &ConflictCounts) -> MonthConflicts {
        let ConflictCounts { removed, leftovers, restored, settled, ref kept, .. } = *counts;
        // What was kept before was found then.
        let at_once = (removed - counts.removed_later).max(0);
        let mut all = MonthConflicts {
            found: counts.kept_first + at_once,
            removed,
            settled,
            kept: Vec::new(),
            leftovers,
            restored,
        };
        kept.iter().for_each(|(reason, number)| all.keep(*reason, *number));
        all
    }

    /// All kept ones.
    pub fn kept_in_all(&self) -> i64 {
        self.kept.iter().map(|(_, number)| number).sum()
    }

    /// Adds another room's.
    pub(crate) fn add(&mut self, other: &MonthConflicts) {
        self.found += other.found;
        self.removed += other.removed;
        self.settled += other.settled;
        self.leftovers += other.leftovers;
        self.restored += other.restored;
        other.kept.iter().for_each(|(reason, number)| self.keep(*reason, *number));
    }

    /// Adds to a reason; reasons are in the order of their list.
    fn keep(&mut self, reason: Reason, number: i64) {
        match self.kept.iter_mut().find(|(it, _)| *it == reason) {
            Some((_, sum)) => *sum += number,
            None => self.kept.push((reason, number)),
        }
        let place = |reason: Reason| Reason::ALL.iter().position(|it| *it == reason);
        self.kept.sort_by_key(|(reason, _)| place(*reason));
    }
}

/// The numbers of a room as the database keeps them.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    usage: Usage,
    found: i64,
    removed: i64,
    settled: i64,
    kept: Vec<(String, i64)>,
    leftovers: i64,
    restored: i64,
}

/// The numbers of a room as JSON.
pub(crate) fn to_json(usage: &Usage, conflicts: &MonthConflicts) -> serde_json::Result<String> {
    let MonthConflicts { found, removed, settled, ref kept, leftovers, restored } = *conflicts;
    let kept = kept.iter().map(|(reason, number)| (reason.as_str().to_owned(), *number)).collect();
    let usage = usage.clone();
    let version = VERSION;
    serde_json::to_string(&Kept {
        version,
        usage,
        found,
        removed,
        settled,
        kept,
        leftovers,
        restored,
    })
}

/// The numbers of a room out of JSON; `None` where another version of the program wrote it.
pub(crate) fn of_json(text: &str) -> Option<(Usage, MonthConflicts)> {
    let kept: Kept = serde_json::from_str(text).ok()?;
    let Kept { version, usage, found, removed, settled, leftovers, restored, .. } = kept;
    let reasons = kept.kept.into_iter();
    let kept = reasons.filter_map(|(word, number)| Some((Reason::parse(&word)?, number))).collect();
    let conflicts = MonthConflicts { found, removed, settled, kept, leftovers, restored };
    (version == VERSION).then_some((usage, conflicts))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    fn counts() -> ConflictCounts {
        ConflictCounts {
            removed: 5,
            leftovers: 2,
            restored: 1,
            kept_first: 4,
            removed_later: 3,
            settled: 1,
            kept: vec![(Reason::Limit, 2), (Reason::Started, 1)],
        }
    }

    #[test]
    fn what_was_removed_at_once_was_found_then_and_what_was_kept_first_was_found_when_it_was() {
        let conflicts = MonthConflicts::of(&counts());
        assert_eq!(conflicts.found, 4 + (5 - 3));
        assert_eq!(conflicts.kept, [(Reason::Started, 1), (Reason::Limit, 2)]);
        let mut both = conflicts.clone();
        both.add(&conflicts);
        assert_eq!((both.found, both.kept_in_all(), both.leftovers), (12, 6, 4));
    }

    #[test]
    fn the_numbers_of_a_month_come_back_as_they_were_kept_and_those_of_another_version_do_not() {
        let mut usage = Usage { booked: 7_200, used_twice: 60, ..Usage::default() };
        usage.by_hour[6][23] = 5;
        let conflicts = MonthConflicts::of(&counts());
        let text = to_json(&usage, &conflicts).unwrap();
        assert_eq!(of_json(&text), Some((usage, conflicts)));
        assert_eq!(of_json(&text.replace("\"version\":1", "\"version\":2")), None);
        assert_eq!(of_json("nonsense"), None);
    }
}
