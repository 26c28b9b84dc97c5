//! Between which moments an object takes place, all of its occurrences together.

use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::DAY;
use crate::expand::{only_event, only_occurrence};
use crate::limits::MAX_UID_BYTES;
use crate::moment::{Moment, Window};
use crate::scan::{Calendar, Object};
use crate::series::Series;
use crate::zones::Zones;

/// Bounds of all occurrences of an object: none begins before `start`, and none ends after `end`.
///
/// The bounds are safe, not always tight: an occurrence never lies outside of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// No occurrence begins before it; `None` where that cannot be told.
    pub start: Option<Moment>,
    /// No occurrence ends after it; `None` where there is no end, or it cannot be told. An
    /// occurrence of zero length may lie at this very moment.
    pub end: Option<Moment>,
}

impl Extent {
    /// That of an object which is read well and has no occurrences, as where EXDATE takes all of
    /// them out: it begins at the end of time, ends at its beginning, and touches no window.
    pub const EMPTY: Extent = Extent { start: Some(Moment::MAX), end: Some(Moment::MIN) };

    /// What is known of an object that cannot be read: nothing. It may touch any window, so that
    /// whoever looks there learns that it cannot be read.
    pub const UNKNOWN: Extent = Extent { start: None, end: None };

    /// Whether an occurrence of the object may touch `window`; where not, [`crate::expand`] finds
    /// none in it. An index asks the same: `start < window.end` and `end >= window.start`.
    pub fn may_touch(&self, window: Window) -> bool {
        self.start.is_none_or(|start| start < window.end)
            && self.end.is_none_or(|end| end >= window.start)
    }
}

/// The bounds of all occurrences that [`crate::expand`] finds of an object in any window, those
/// among them that are cancelled: for an index that passes over the objects which a window cannot
/// touch.
///
/// It holds for the calendar's zone that `zones` has, on which floating times and dates depend, and
/// for the zone database of this program: with another one it is asked again.
///
/// - An object that cannot be read: [`Extent::UNKNOWN`].
/// - One without occurrences: [`Extent::EMPTY`].
/// - One with an RRULE that has neither COUNT nor UNTIL, or of which more would have to be looked at
///   than [`crate::limits::MAX_OCCURRENCES_PER_EXTENT`] occurrences or
///   [`crate::limits::MAX_STEPS_PER_EXTENT`] periods: no `end`, and a `start` at or, by some hours or
///   days, before the first occurrence.
/// - Any other: the start of the first and the latest end.
pub fn extent(calendar: &Calendar<'_>, object: &Object<'_>, zones: &mut Zones) -> Extent {
    read(calendar, object, zones).unwrap_or(Extent::UNKNOWN)
}

fn read(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
) -> Result<Extent, Unreadable> {
    if object.uid_bytes().len() > MAX_UID_BYTES {
        return Err(Unreadable::UidTooLong);
    }
    if let Some(event) = only_event(calendar, object) {
        let only = only_occurrence(calendar, object, &event, zones)?;
        return Ok(Extent { start: Some(only.start), end: Some(only.end) });
    }
    let mut budget = Budget::of_extent();
    let series = Series::read(calendar, object, zones, &mut budget)?;
    let known = if is_endless(&series) { None } else { of_all(&series, zones, &mut budget) };
    Ok(known.unwrap_or_else(|| Extent { start: earliest(&series, zones), end: None }))
}

/// The latest start that an object states itself: of its overrides and RDATEs. What an endless series
/// does beyond it follows from its rule alone. `None` where it states none, or cannot be read.
pub fn last_stated(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
) -> Option<Moment> {
    let series = Series::read(calendar, object, zones, &mut Budget::of_extent()).ok()?;
    let overrides = series.overrides.iter().map(|it| it.start.moment(zones));
    let dates = series.master.iter().flat_map(|master| &master.dates).map(|date| date.moment);
    overrides.chain(dates).max()
}

/// Whether one of the rules goes on for as long as there are days.
fn is_endless(series: &Series) -> bool {
    let rules = series.master.iter().flat_map(|master| &master.rules);
    rules.map(|bound| &bound.rule).any(|rule| rule.count.is_none() && rule.until.is_none())
}

/// The bounds of all occurrences, gone through one by one; `None` where they are too many.
fn of_all(series: &Series, zones: &Zones, budget: &mut Budget) -> Option<Extent> {
    let always = Window { start: Moment::MIN, end: Moment::MAX };
    let (mut start, mut end) = (Moment::MAX, Moment::MIN);
    let expanded = series.expand(zones, always, budget, &mut |occurrence| {
        (start, end) = (start.min(occurrence.start), end.max(occurrence.end));
        Ok(true)
    });
    expanded.ok().map(|()| Extent { start: Some(start), end: Some(end) })
}

/// A moment before which no occurrence begins, told without going through them.
fn earliest(series: &Series, zones: &Zones) -> Option<Moment> {
    let overrides = series.overrides.iter().map(|it| it.start.moment(zones));
    let Some(master) = &series.master else {
        return overrides.min();
    };
    // A clock time that a change skips may be a later moment than one that follows it, so that an
    // instance may begin before a DTSTART that it follows on the wall.
    let spread = zones.zone(master.start.zone).spread();
    let start = master.start.moment(zones).plus(-spread);
    // The shift of a THISANDFUTURE is one on the wall, once more, and to a midnight of the calendar
    // where it is one of whole days.
    let slack = 2 * spread + zones.calendar_zone().spread() + DAY;
    let following = series.following.iter().map(|it| it.start.moment(zones).plus(-slack));
    let dates = master.dates.iter().map(|date| date.moment);
    overrides.chain(following).chain(dates).chain([start]).min()
}
