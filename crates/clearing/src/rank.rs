//! Rule 4: which of two occurrences is the stronger one.

use std::cmp::Ordering;

use ical::{Calendar, Moment, Occurrence};

use crate::held::HeldSince;
use crate::priority::Ties;

/// How strong a blocking occurrence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// Whether an administrator prioritised it, and what applies if both are.
    pub priority: Option<Ties>,
    /// Since when its object has held its interval.
    pub held: HeldSince,
    /// Whether that counts; it does not if the calendar ranks by `created`.
    pub is_by_held: bool,
    /// The moment at which its object was created; where that is not known, the earlier of its
    /// LAST-MODIFIED and the moment at which the program first saw it.
    pub created: Moment,
}

/// A blocking occurrence with its rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Index into [`Calendar::objects`].
    pub object: usize,
    /// Its interval and original start.
    pub occurrence: Occurrence,
    /// How strong it is.
    pub rank: Rank,
}

/// What decides which of two occurrences is the stronger one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advantage {
    /// It is prioritised and the other is not.
    Priority,
    /// It has held its interval for longer.
    HeldSince,
    /// It was created earlier.
    Created,
    /// Its UID is smaller.
    Uid,
    /// Its original start is earlier.
    OriginalStart,
}

/// Why the stronger of two occurrences stays, as answers, pages and mails show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Because {
    /// What decided.
    pub rule: Advantage,
    /// Since when the stronger has held its interval.
    pub winner_since: Moment,
    /// Since when the weaker has.
    pub loser_since: Moment,
    /// Whether the program saw the stronger one hold its interval when it did not see the weaker
    /// one do so. If not, the order rests on the clients' dates only.
    pub witnessed: bool,
}

impl Because {
    /// Why `winner` is stronger than `loser`; `None` if it is not, as beside an event that is free.
    pub fn of(calendar: &Calendar<'_>, winner: &Slot, loser: &Slot) -> Option<Because> {
        let (order, rule) = compare(calendar, winner, loser);
        order.is_lt().then(|| Because {
            rule,
            winner_since: winner.rank.held.since,
            loser_since: loser.rank.held.since,
            witnessed: winner.rank.held.is_witnessed_before(&loser.rank.held),
        })
    }
}

impl Advantage {
    /// All of them, in the order in which they decide.
    pub const ALL: [Advantage; 5] = [
        Advantage::Priority,
        Advantage::HeldSince,
        Advantage::Created,
        Advantage::Uid,
        Advantage::OriginalStart,
    ];

    /// The word for it in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Advantage::Priority => "priority",
            Advantage::HeldSince => "held_since",
            Advantage::Created => "created",
            Advantage::Uid => "uid",
            Advantage::OriginalStart => "original_start",
        }
    }
}

/// Compares two slots, the stronger first, and says what decides.
pub fn compare(calendar: &Calendar<'_>, one: &Slot, other: &Slot) -> (Ordering, Advantage) {
    let uid = |slot: &Slot| calendar.objects()[slot.object].uid_bytes();
    let priority = |slot: &Slot| slot.rank.priority.is_some();
    let held = |slot: &Slot| slot.rank.is_by_held.then(|| slot.rank.held.order());
    let by = |rule: Advantage| match rule {
        Advantage::Priority => priority(other).cmp(&priority(one)),
        Advantage::HeldSince => held(one).cmp(&held(other)),
        Advantage::Created => one.rank.created.cmp(&other.rank.created),
        Advantage::Uid => uid(one).cmp(uid(other)),
        Advantage::OriginalStart => one.occurrence.original.cmp(&other.occurrence.original),
    };
    let mut orders = Advantage::ALL.into_iter().map(|rule| (by(rule), rule));
    orders.find(|(order, _)| order.is_ne()).unwrap_or_else(|| {
        // Only events without UID get here. No rule says which is the stronger one, but the order
        // of the file must not decide.
        let rest = |slot: &Slot| {
            let Occurrence { start, end, component, .. } = slot.occurrence;
            (start, end, calendar.event(component as usize).text())
        };
        (rest(one).cmp(&rest(other)), Advantage::OriginalStart)
    })
}
