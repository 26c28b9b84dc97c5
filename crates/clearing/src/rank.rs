//! Rule 4: who is stronger.

use std::cmp::Ordering;

use ical::{Calendar, Moment, Occurrence};

/// How strong a blocking occurrence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// Whether an administrator prioritised it.
    pub prioritised: bool,
    /// Since when its object has held its interval; the same for all where rank is by `created`.
    pub claim: Moment,
    /// The moment at which its object was created; where that is not known, the earlier of its
    /// LAST-MODIFIED and the moment at which the program first saw it.
    pub created: Moment,
}

/// A blocking occurrence with its rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Index into [`Calendar::objects`].
    pub object: usize,
    /// Where it lies.
    pub occurrence: Occurrence,
    /// How strong it is.
    pub rank: Rank,
}

/// By what the stronger of two occurrences is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advantage {
    /// It is prioritised and the other is not.
    Priority,
    /// It has held its interval for longer.
    Claim,
    /// It was created earlier.
    Created,
    /// Its UID is smaller.
    Uid,
    /// Its original start is earlier.
    OriginalStart,
}

/// Compares two slots, the stronger first, and says what decides.
pub fn compare(calendar: &Calendar<'_>, one: &Slot, other: &Slot) -> (Ordering, Advantage) {
    let uid = |slot: &Slot| calendar.objects()[slot.object].uid_bytes();
    let steps = [
        (other.rank.prioritised.cmp(&one.rank.prioritised), Advantage::Priority),
        (one.rank.claim.cmp(&other.rank.claim), Advantage::Claim),
        (one.rank.created.cmp(&other.rank.created), Advantage::Created),
        (uid(one).cmp(uid(other)), Advantage::Uid),
        (one.occurrence.original.cmp(&other.occurrence.original), Advantage::OriginalStart),
    ];
    let decisive = steps.into_iter().find(|(order, _)| order.is_ne());
    decisive.unwrap_or_else(|| {
        // Only events without UID get here. Nothing says who is stronger, but the order in which
        // a file lists them must not.
        let rest = |slot: &Slot| {
            let Occurrence { start, end, component, .. } = slot.occurrence;
            (start, end, calendar.event(component as usize).text(calendar))
        };
        (rest(one).cmp(&rest(other)), Advantage::OriginalStart)
    })
}
