//! What an object loses by a change, and what is kept although it loses.

use clearing::Reason;
use serde::{Deserialize, Serialize};
use wording::Message;

use crate::removal::Removal;

/// What an object loses by a change: what the history keeps and messages say of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// Its UID.
    pub uid: String,
    /// Whether it is a series.
    pub is_recurring: bool,
    /// Whether nothing is left of it.
    pub is_deleted: bool,
    /// What goes.
    pub removals: Vec<Removal>,
}

/// A kept conflict, or a kept cancelled object.
#[derive(Clone, Debug)]
pub struct KeptConflict {
    /// The weaker.
    pub removal: Removal,
    /// Whether it is of a series.
    pub is_recurring: bool,
    /// Why (rule 7).
    pub reason: Reason,
    /// The server's words, or ours.
    pub detail: Option<Message>,
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
