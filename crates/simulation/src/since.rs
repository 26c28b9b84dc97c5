//! Since when something is held, as far as looks and the object's own word tell.

use crate::event::Event;

/// Since when something is held: the look before it, and the moment. They order in this order.
pub(crate) type Since = (i64, i64);

/// Before the first look.
pub(crate) const NEVER: i64 = i64::MIN;

/// Since when a half hour is held that a look saw at `saw` and the one of `unseen` had not seen: by the
/// object's own word where that lies between the two looks.
pub(crate) fn since(event: &Event, is_new: bool, unseen: i64, saw: i64) -> Since {
    let created = known_created(event).filter(|_| is_new);
    let modified = event.modified.filter(|it| *it > 0);
    if unseen == NEVER {
        let word = known_created(event).or(modified);
        return (NEVER, word.map_or(saw, |word| word.min(saw)));
    }
    let words = [created, modified].into_iter().flatten();
    let word = words.into_iter().find(|word| unseen < *word && *word <= saw);
    (unseen, word.unwrap_or(saw))
}

/// CREATED, where it says anything.
pub(crate) fn known_created(event: &Event) -> Option<i64> {
    event.created.filter(|it| *it > 0)
}
