//! The extent of an object: between which moments all of its occurrences lie.

use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::{Civil, DAY};
use crate::expand::{only_event, only_occurrence};
use crate::limits::MAX_UID_BYTES;
use crate::moment::{Moment, Window};
use crate::scan::{Calendar, Object};
use crate::series::{Series, When};
use crate::zones::Zones;

/// Bounds of all occurrences of an object: none begins before `start`, and none ends after `end`.
///
/// The bounds are safe, not always tight: an occurrence never lies outside of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// No occurrence begins before it; `None` if unknown.
    pub start: Option<Moment>,
    /// No occurrence ends after it; `None` if there is no end or it is unknown. An occurrence of
    /// zero length may lie at this very moment.
    pub end: Option<Moment>,
}

impl Extent {
    /// The extent of a readable object without occurrences, such as one whose dates are all
    /// excluded: it begins at the end of time, ends at its beginning, and touches no window.
    pub const EMPTY: Extent = Extent { start: Some(Moment::MAX), end: Some(Moment::MIN) };

    /// The extent of an object that cannot be read: it may touch any window, so that every query
    /// finds it and learns that it cannot be read.
    pub const UNKNOWN: Extent = Extent { start: None, end: None };

    /// Whether an occurrence of the object may touch `window`; if not, [`crate::expand`] finds none
    /// in it. An index evaluates the same: `start < window.end` and `end >= window.start`.
    pub fn may_touch(&self, window: Window) -> bool {
        self.start.is_none_or(|start| start < window.end)
            && self.end.is_none_or(|end| end >= window.start)
    }
}

/// The bounds of all occurrences that [`crate::expand`] finds of an object in any window, cancelled
/// ones included: for an index that skips objects which a window cannot touch.
///
/// It is valid for the calendar's zone in `zones`, on which floating times and dates depend, and
/// for the zone database of this program; compute it anew if either changes.
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

/// The latest moment that an object states itself, in its overrides (where they lie, and which instances they are
/// of), RDATEs and EXDATEs. Beyond it, an endless series follows its rule alone. `None` if it states none, or cannot be
/// read.
pub fn last_stated(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
) -> Option<Moment> {
    let series = Series::read(calendar, object, zones, &mut Budget::of_extent()).ok()?;
    let overrides = series.overrides.iter().map(|it| it.start.moment(zones));
    let instances = series.all_overrides.iter().map(|(_, instance)| *instance);
    let masters = || series.master.iter();
    let dates = masters().flat_map(|master| &master.dates).map(|date| date.moment);
    let excluded = masters().flat_map(|master| &master.excluded).copied();
    let days = masters().filter_map(|master| {
        let civil = Civil::midnight(*master.excluded_days.last()?);
        Some(When { civil, ..master.start }.moment(zones).plus(DAY))
    });
    overrides.chain(instances).chain(dates).chain(excluded).chain(days).max()
}

/// Whether two objects follow the same rules (RRULE and EXRULE) from the same start. Objects that cannot be read do
/// not.
pub fn have_same_rules(
    (calendar, object): (&Calendar<'_>, &Object<'_>),
    (other_calendar, other): (&Calendar<'_>, &Object<'_>),
    zones: &mut Zones,
) -> bool {
    let budget = &mut Budget::of_extent();
    let one = Series::read(calendar, object, zones, budget);
    let other = Series::read(other_calendar, other, zones, budget);
    let (Ok(one), Ok(other)) = (one, other) else { return false };
    let rules = |series: &Series| -> Vec<(bool, crate::rule::Rule)> {
        let masters = series.master.iter();
        let all = masters.flat_map(|it| {
            let rules = it.rules.iter().map(|bound| (true, bound.rule.clone()));
            rules.chain(it.ex_rules.iter().map(|bound| (false, bound.rule.clone())))
        });
        all.collect()
    };
    let start = |series: &Series| series.master.as_ref().map(|it| it.start);
    rules(&one) == rules(&other) && start(&one) == start(&other)
}

/// Whether an object is a series of which a rule has neither UNTIL nor COUNT. One that cannot be read is none.
pub fn repeats_without_end(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
) -> bool {
    let is_short = object.uid_bytes().len() <= MAX_UID_BYTES;
    if !is_short || only_event(calendar, object).is_some() {
        return false;
    }
    let series = Series::read(calendar, object, zones, &mut Budget::of_extent());
    series.is_ok_and(|it| is_endless(&it))
}

/// Whether one of the rules has no end.
fn is_endless(series: &Series) -> bool {
    let rules = series.master.iter().flat_map(|master| &master.rules);
    rules.map(|bound| &bound.rule).any(|rule| rule.count.is_none() && rule.until.is_none())
}

/// The bounds of all occurrences, by enumerating them; `None` if they are too many.
fn of_all(series: &Series, zones: &Zones, budget: &mut Budget) -> Option<Extent> {
    let always = Window { start: Moment::MIN, end: Moment::MAX };
    let (mut start, mut end) = (Moment::MAX, Moment::MIN);
    let expanded = series.expand(zones, always, budget, &mut |occurrence| {
        (start, end) = (start.min(occurrence.start), end.max(occurrence.end));
        Ok(true)
    });
    expanded.ok().map(|()| Extent { start: Some(start), end: Some(end) })
}

/// A moment before which no occurrence begins, computed without enumerating them.
fn earliest(series: &Series, zones: &Zones) -> Option<Moment> {
    let overrides = series.overrides.iter().map(|it| it.start.moment(zones));
    let Some(master) = &series.master else {
        return overrides.min();
    };
    // A clock time that a change skips may be a later moment than one that follows it, so that an
    // instance may begin before a DTSTART that it follows on the wall.
    let spread = zones.zone(master.start.zone).spread();
    let start = master.start.moment(zones).plus(-spread);
    // The shift of a THISANDFUTURE is one of local time, too, and to a midnight of the calendar if
    // it is one of whole days.
    let slack = 2 * spread + zones.calendar_zone().spread() + DAY;
    let following = series.following.iter().map(|it| it.start.moment(zones).plus(-slack));
    let dates = master.dates.iter().map(|date| date.moment);
    overrides.chain(following).chain(dates).chain([start]).min()
}
