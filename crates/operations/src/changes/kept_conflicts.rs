//! Which conflicts runs found and kept, and what became of them: the monthly report counts them.

use std::collections::{HashMap, HashSet};

use answers::report::{Entry, Report};
use clearing::Reason;
use facts::Event;
use ical::Moment;
use ical::civil::DAY;
use store::Transaction;
use store::calendars::Calendar;
use store::kept_conflicts::{self, ConflictEnd, KeptConflict, MAX_OPEN, OpenConflict};

use crate::{Result, Service};

/// What tells an occurrence from all others of its calendar, as the database has it.
type Key = (String, i64);

/// Whether an overlap that is kept for this reason is a conflict: one that the calendar tolerates is none, and an event
/// that is marked as free does not take the room.
fn is_conflict(reason: Reason) -> bool {
    !matches!(reason, Reason::Tolerated | Reason::Free)
}

/// What is to be written down after a run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Difference {
    begun: Vec<KeptConflict>,
    changed: Vec<(i64, KeptConflict)>,
    removed: Vec<i64>,
    settled: Vec<i64>,
    over: Vec<i64>,
}

impl Service {
    /// Records which conflicts a run on a calendar found and kept, and which of those before have ended. A run on a part
    /// of what there is, or one that failed, says nothing of the rest.
    pub(crate) async fn note_kept_conflicts(
        &self,
        transaction: &Transaction,
        calendar: &Calendar,
        report: &Report<Event>,
    ) -> Result<()> {
        let now = self.now();
        let is_whole = !self.due_only && self.only.is_none() && report.failed_calendars.is_empty();
        let kept = report.ignored_overlapping_events.iter();
        let kept: Vec<KeptConflict> = kept.filter_map(kept_conflict).take(MAX_OPEN).collect();
        let open = kept_conflicts::open(transaction, calendar.id).await?;
        let removed = report.deleted_overlapping_events.iter();
        let removed = removed.chain(&report.cancelled_overlapping_recurring_events);
        let removed = removed.map(|it| key(&it.event.uid, it.event.original.0)).collect();
        // What begins beyond it was not looked at.
        let horizon = now.plus(i64::from(calendar.horizon_days) * DAY);
        let found = difference(open, kept, &removed, is_whole.then_some(horizon), now);
        let Difference { begun, changed, removed, settled, over } = found;
        kept_conflicts::begin(transaction, calendar.id, &begun, now.0).await?;
        for (id, it) in &changed {
            kept_conflicts::change(transaction, *id, it).await?;
        }
        for (ids, outcome) in [
            (removed, ConflictEnd::Removed),
            (settled, ConflictEnd::Settled),
            (over, ConflictEnd::Over),
        ] {
            kept_conflicts::end(transaction, &ids, outcome, now.0).await?;
        }
        Ok(())
    }
}

fn key(uid: &str, original: i64) -> Key {
    (kept_conflicts::key(uid), original)
}

fn kept_conflict(entry: &Entry<Event>) -> Option<KeptConflict> {
    let reason = entry.reason.filter(|it| is_conflict(*it))?;
    let Event { uid, original, start, end, .. } = &entry.event;
    let (original, starts_at, ends_at) = (original.0, start.0, end.0);
    Some(KeptConflict { uid: uid.clone(), original, starts_at, ends_at, reason })
}

/// What of the open conflicts has changed, by those that a run kept and removed. Where it looked at all that begins
/// before `horizon`, what it did not find is no conflict any more.
fn difference(
    open: Vec<OpenConflict>,
    kept: Vec<KeptConflict>,
    removed: &HashSet<Key>,
    horizon: Option<Moment>,
    now: Moment,
) -> Difference {
    let mut found = Difference::default();
    let mut kept: HashMap<Key, KeptConflict> =
        kept.into_iter().map(|it| (key(&it.uid, it.original), it)).collect();
    let places = MAX_OPEN.saturating_sub(open.len());
    for it in open {
        let key = (it.uid, it.original);
        match kept.remove(&key) {
            Some(again) => {
                let is_same = it.reason == again.reason
                    && (it.starts_at, it.ends_at) == (again.starts_at, again.ends_at);
                if !is_same {
                    found.changed.push((it.id, again));
                }
            }
            None if removed.contains(&key) => found.removed.push(it.id),
            None if it.ends_at <= now.0 => found.over.push(it.id),
            None if horizon.is_some_and(|horizon| it.starts_at < horizon.0) => {
                found.settled.push(it.id);
            }
            None => {}
        }
    }
    found.begun = kept.into_values().collect();
    found.begun.sort_unstable_by(|one, other| {
        (one.starts_at, &one.uid).cmp(&(other.starts_at, &other.uid))
    });
    found.begun.truncate(places);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_000);

    fn kept(uid: &str, (starts_at, ends_at): (i64, i64), reason: Reason) -> KeptConflict {
        KeptConflict { uid: uid.to_owned(), original: 7, starts_at, ends_at, reason }
    }

    fn open(id: i64, uid: &str, (starts_at, ends_at): (i64, i64)) -> OpenConflict {
        let (uid, reason) = (uid.to_owned(), Reason::Limit.into());
        OpenConflict { id, uid, original: 7, starts_at, ends_at, reason }
    }

    #[test]
    fn a_kept_conflict_ends_as_removed_over_or_settled_and_stays_open_while_it_is_found() {
        let before = || {
            vec![
                open(1, "still", (2_000, 3_000)),
                open(2, "removed", (2_000, 3_000)),
                open(3, "over", (900, 1_000)),
                open(4, "settled", (2_000, 3_000)),
                open(5, "far", (9_000, 9_500)),
                open(6, "other reason", (2_000, 3_000)),
            ]
        };
        let again = || {
            vec![
                kept("still", (2_000, 3_000), Reason::Limit),
                kept("other reason", (2_000, 3_000), Reason::Protected),
                kept("new", (2_000, 3_000), Reason::Limit),
            ]
        };
        let removed = [("removed".to_owned(), 7)].into();
        let found = difference(before(), again(), &removed, Some(Moment(8_000)), NOW);
        assert_eq!((found.removed, found.over, found.settled), (vec![2], vec![3], vec![4]));
        assert_eq!(found.changed, [(6, again().remove(1))]);
        assert_eq!(found.begun, [again().remove(2)]);
        // A run on a part knows of nothing that it has settled.
        let of_part = difference(before(), Vec::new(), &removed, None, NOW);
        assert_eq!((of_part.removed, of_part.over), (vec![2], vec![3]));
        assert!(of_part.settled.is_empty());
    }

    #[test]
    fn an_overlap_that_is_tolerated_or_with_a_free_event_is_no_conflict() {
        let conflicts: Vec<_> = Reason::ALL.into_iter().filter(|it| is_conflict(*it)).collect();
        assert_eq!(conflicts.len(), Reason::ALL.len() - 2);
        assert!(!conflicts.contains(&Reason::Tolerated) && !conflicts.contains(&Reason::Free));
    }
}
