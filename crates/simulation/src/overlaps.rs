//! What a calendar has twice.

use crate::event::shown;
use crate::model::State;

/// Overlaps of blocking occurrences of different objects that end after `now`.
pub(crate) fn double_bookings(state: &State, now: i64) -> Vec<String> {
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
                let at = shown(*start.max(from));
                found.push(format!("{uid} and {other} overlap at {at}"));
            }
        }
    }
    found
}
