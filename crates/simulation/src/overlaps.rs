//! What a calendar has twice.

use std::fmt;

use crate::event::shown;
use crate::model::State;

/// Two objects that take the room at the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Overlap {
    /// Their UIDs.
    pub uids: [String; 2],
    /// From when on, in seconds since 1970.
    at: i64,
}

impl Overlap {
    /// Whether one of the two is such a one.
    pub fn has(&self, is_it: impl Fn(&str) -> bool) -> bool {
        self.uids.iter().any(|uid| is_it(uid))
    }
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, other] = &self.uids;
        write!(f, "{one} and {other} overlap at {}", shown(self.at))
    }
}

/// Overlaps of blocking occurrences of different objects that end after `now`.
pub(crate) fn double_bookings(state: &State, now: i64) -> Vec<Overlap> {
    let mut all: Vec<(i64, i64, &str)> = Vec::new();
    for event in state.values() {
        let ahead = event.blocking().into_iter().filter(|it| it.1 > now);
        all.extend(ahead.map(|(start, end)| (start, end, event.uid.as_str())));
    }
    all.sort();
    let mut found = Vec::new();
    for (index, (start, end, uid)) in all.iter().enumerate() {
        for (from, _, other) in all[index + 1..].iter().take_while(|it| it.0 < *end) {
            if other != uid {
                let uids = [(*uid).to_owned(), (*other).to_owned()];
                found.push(Overlap { uids, at: *start.max(from) });
            }
        }
    }
    found
}
