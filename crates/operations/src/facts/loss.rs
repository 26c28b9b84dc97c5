//! What an object loses by a change, and what is kept although it loses.

use clearing::Reason;
use serde::{Deserialize, Serialize};
use store::calendars::Calendar;
use store::history::RemovalKind;
use wording::Message;

use super::Removal;

/// What an object loses by a change: what the history keeps and messages say of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Loss {
    /// Its UID.
    pub uid: String,
    /// Whether it is a series.
    pub is_recurring: bool,
    /// Whether nothing is left of it.
    pub is_deleted: bool,
    /// What goes.
    pub removals: Vec<Removal>,
}

/// A conflict that is left alone, or a cancelled object that is.
#[derive(Clone, Debug)]
pub(crate) struct KeptConflict {
    /// The weaker.
    pub removal: Removal,
    /// Whether it is of a series.
    pub is_recurring: bool,
    /// Why (rule 7).
    pub reason: Reason,
    /// The server's words, or ours.
    pub detail: Option<Message>,
}

impl KeptConflict {
    /// Whether its people are told of it. Those who have to settle it among themselves are, whatever is
    /// announced (rule 7).
    pub fn is_announced(&self, calendar: &Calendar) -> bool {
        // The limit's conflicts are the administrators' affair until they have decided, and a cancelled
        // leftover is no conflict.
        self.removal.kind != RemovalKind::DeletedCancelled
            && self.reason != Reason::Limit
            && calendar.template.is_some()
            && (calendar.announces.ignored || self.reason == Reason::Prioritised)
    }
}

impl Loss {
    /// That nothing of it goes after all, and why.
    pub fn kept(self, reason: Reason, detail: Option<Message>) -> Vec<KeptConflict> {
        let is_recurring = self.is_recurring;
        let removals = self.removals.into_iter();
        let kept = |removal| KeptConflict { removal, is_recurring, reason, detail: detail.clone() };
        removals.map(kept).collect()
    }
}
