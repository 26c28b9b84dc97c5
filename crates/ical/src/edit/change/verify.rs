//! A changed text is read again before it is used.

use super::super::times::times;
use super::super::{EditError, taking_place};
use super::Changes;
use crate::budget::Budget;
use crate::civil::{Civil, DAY};
use crate::expand::expand;
use crate::moment::{Moment, Window};
use crate::new_times::NewTimes;
use crate::scan::{Calendar, Object};
use crate::zones::Zones;

/// How far around a changed occurrence the result is read again, in seconds.
const VERIFIED: i64 = 400 * DAY;

/// Reads the changed text again. After a change of one occurrence, all others must be as they were,
/// and this one as intended. After a change of the object, it must be readable and take place as
/// intended.
pub(super) fn verify(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    changes: &Changes<'_>,
    occurrence: Option<Moment>,
    text: &[u8],
) -> Result<(), EditError> {
    let wrong = || EditError::WouldChangeOthers;
    let changed = Calendar::parse(text).map_err(|_| wrong())?;
    let same_uid = |it: &&Object<'_>| it.uid_bytes() == object.uid_bytes();
    let changed_object = changed.objects().iter().find(same_uid).ok_or_else(wrong)?;
    let expected = changes.times.map(|times| match times {
        NewTimes::Timed { start, end } => (start, end),
        NewTimes::AllDay { first, end } => {
            let zone = zones.calendar_zone();
            let midnight = |day| zone.moment(Civil::midnight(day));
            (midnight(first), midnight(end))
        }
    });
    let around = occurrence.or(expected.map(|(start, _)| start));
    let Some(around) = around else {
        // Only the name or the description changed: it must be readable.
        let window = Window { start: Moment(0), end: Moment(DAY) };
        let budget = &mut Budget::of_verification();
        return Ok(expand(&changed, changed_object, zones, window, budget, &mut Vec::new())?);
    };
    let start = around.plus(-VERIFIED);
    let start = expected.map_or(start, |(new, _)| start.min(new.plus(-DAY)));
    let end = around.plus(VERIFIED);
    let end = expected.map_or(end, |(_, new)| end.max(new.plus(DAY)));
    let window = Window { start, end };
    let mut after = taking_place(&changed, changed_object, zones, window)?;
    let mut before = taking_place(calendar, object, zones, window)?;
    let Some(original) = occurrence else {
        let is_there = after.iter().any(|it| Some((it.1, it.2)) == expected);
        // The first date of a series may be cancelled, or changed alone: it stays so.
        let first = match times(calendar, object, zones, None)? {
            NewTimes::Timed { start, .. } => start,
            NewTimes::AllDay { first, .. } => zones.calendar_zone().moment(Civil::midnight(first)),
        };
        let was_there = before.iter().any(|it| it.0 == first && it.1 == first);
        return if is_there || !was_there { Ok(()) } else { Err(wrong()) };
    };
    // The only occurrence of an event that is no series has another original start when it has moved.
    let own = |it: &(Moment, Moment, Moment, String)| it.0 == original;
    let was = before.iter().find(|it| own(it)).map(|it| (it.1, it.2)).ok_or_else(wrong)?;
    let (start, end) = expected.unwrap_or(was);
    let is_it = |it: &(Moment, Moment, Moment, String)| (it.1, it.2) == (start, end);
    let at = after.iter().position(|it| own(it) && is_it(it));
    let at = at.or_else(|| after.iter().position(is_it)).ok_or_else(wrong)?;
    after.remove(at);
    before.retain(|it| !own(it));
    if before == after { Ok(()) } else { Err(wrong()) }
}
