//! Rule 7, `limit`: which removals wait until an administrator confirms them.

use hashbrown::HashSet;
use ical::Moment;

use crate::policy::Memory;
use crate::rank::Slot;

/// Seconds for which a limited run looks ahead.
const SOON: i64 = 48 * 3_600;
/// The number of objects that limited runs remove in 24 hours.
const MAX_LIMITED: usize = 10;

/// An occurrence that would go, and the UID of its object.
pub(crate) struct Loser<'p> {
    pub slot: &'p Slot,
    pub uid: &'p [u8],
}

/// The effect of the safety limit on the occurrences that would be removed.
pub(crate) struct Limited {
    /// The number of objects that would lose something in 24 hours.
    pub objects: usize,
    /// For each loser, in the given order, whether it is removed.
    pub goes: Vec<bool>,
}

/// How many more objects a limited run may remove something from.
struct Left {
    /// Of ten in 24 hours.
    limited: usize,
    /// Of the limit.
    of_limit: usize,
}

/// Which of the occurrences are removed; `None` if all are.
///
/// `limit` is the number of objects that may lose something in 24 hours. Beyond it, and while a
/// confirmation request is open of which at least one object would still lose something, only
/// occurrences that start within 48 hours are removed, by start, UID and original start. They come
/// from at most ten objects in 24 hours, whichever requests were open meanwhile: what lost something
/// before the limit was reached is one of the ten, too. And they come from no more than the limit.
pub(crate) fn limited(
    losers: &[Loser<'_>],
    limit: Option<usize>,
    memory: &Memory,
    now: Moment,
) -> Option<Limited> {
    let limit = limit?;
    let of_late = |uid: &[u8]| is_in(&memory.removed, uid);
    let objects: HashSet<usize> =
        losers.iter().filter(|it| !of_late(it.uid)).map(|it| it.slot.object).collect();
    let objects = objects.len() + memory.removed.len();
    let is_of_request = |it: &Loser<'_>| {
        let uids = memory.limit_open_for.as_ref();
        uids.is_none_or(|uids| uids.contains(&*String::from_utf8_lossy(it.uid)))
    };
    let is_open = memory.is_limit_open && losers.iter().any(is_of_request);
    if losers.is_empty() || objects <= limit && !is_open {
        return None;
    }
    // Including those that were removed under an earlier request, which is closed by now.
    let mut left = Left {
        limited: MAX_LIMITED.saturating_sub(memory.removed_at_limit.len()),
        of_limit: limit.saturating_sub(memory.removed.len()),
    };
    let mut order: Vec<usize> = (0..losers.len()).collect();
    order.retain(|index| losers[*index].slot.occurrence.start < now.plus(SOON));
    order.sort_by_key(|index| {
        let Loser { slot, uid } = losers[*index];
        (slot.occurrence.start, uid, slot.occurrence.original)
    });
    let mut chosen: HashSet<usize> = HashSet::new();
    let mut goes = vec![false; losers.len()];
    for index in order {
        let Loser { slot, uid } = losers[index];
        if !is_in(&memory.removed_at_limit, uid) && !chosen.contains(&slot.object) {
            let is_new = !of_late(uid);
            if left.limited == 0 || is_new && left.of_limit == 0 {
                continue;
            }
            left.limited -= 1;
            left.of_limit -= usize::from(is_new);
            chosen.insert(slot.object);
        }
        goes[index] = true;
    }
    Some(Limited { objects, goes })
}

/// Whether an object is one of these; one without UID is none.
fn is_in(uids: &HashSet<String>, uid: &[u8]) -> bool {
    !uids.is_empty() && !uid.is_empty() && uids.contains(&*String::from_utf8_lossy(uid))
}
