//! Recurrence sets: the occurrences of an object in a window (RFC 5545 section 3.8.5).

use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::{Civil, DAY};
use crate::event::Event;
use crate::limits::{MAX_OCCURRENCES_PER_OBJECT, MAX_UID_BYTES};
use crate::moment::{Moment, Window};
use crate::property::Properties;
use crate::scan::{Calendar, Object};
use crate::series::{self, Master, Override, Series};
use crate::value::Length;
use crate::zone::Zone;
use crate::zones::Zones;

/// One instance of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// When it begins.
    pub start: Moment,
    /// When it ends, exclusive; never before `start`. An all-day one ends at a local midnight.
    pub end: Moment,
    /// When it would begin without an override: the value of RECURRENCE-ID.
    pub original: Moment,
    /// Index of the component that describes it, for [`Calendar::event`].
    pub component: u32,
}

/// Instances that are collected before they are sorted; more would be occurrences out of bounds.
const MAX_GATHERED: usize = 4 * MAX_OCCURRENCES_PER_OBJECT;

/// Appends the occurrences of an object that overlap `window` (or, of zero length, begin in it) to
/// `occurrences`, in no particular order. Cancelled occurrences are included: the STATUS of the
/// component says whether they take place.
///
/// # Errors
///
/// If the object cannot be read or expanded within the bounds of [`crate::limits`]; nothing is
/// appended.
pub fn expand(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    window: Window,
    budget: &mut Budget,
    occurrences: &mut Vec<Occurrence>,
) -> Result<(), Unreadable> {
    budget.next_object();
    let before = occurrences.len();
    if object.uid_bytes().len() > MAX_UID_BYTES {
        return Err(Unreadable::UidTooLong);
    }
    if let Some(event) = only_event(calendar, object) {
        let occurrence = only_occurrence(calendar, object, &event, zones)?;
        if window.touches(occurrence.start, occurrence.end) {
            budget.occurrence()?;
            occurrences.push(occurrence);
        }
        return Ok(());
    }
    let series = Series::read(calendar, object, zones, budget)?;
    let expanded = series.expand(zones, window, budget, &mut |occurrence| {
        occurrences.push(occurrence);
        Ok(true)
    });
    if expanded.is_err() {
        occurrences.truncate(before);
    }
    expanded
}

/// The component of an object that has exactly one and does not recur.
pub(crate) fn only_event<'c, 'a>(
    calendar: &'c Calendar<'a>,
    object: &Object<'_>,
) -> Option<Event<'c, 'a>> {
    if object.components().len() != 1 {
        return None;
    }
    let event = calendar.event(object.components().start);
    let is_plain = !event.component.properties.has_any(Properties::OF_SERIES);
    is_plain.then_some(event)
}

/// The occurrence of the [`only_event`] of an object.
#[inline]
pub(crate) fn only_occurrence(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    event: &Event<'_, '_>,
    zones: &mut Zones,
) -> Result<Occurrence, Unreadable> {
    let (start, length) = series::single(calendar, event, zones)?;
    let zone = zones.zone(start.zone);
    let moment = zone.moment(start.civil);
    let end = end_of(zone, start.civil, moment, length);
    let component = object.components().start as u32;
    Ok(Occurrence { start: moment, end, original: moment, component })
}

/// An instance before overrides and exclusions.
#[derive(Clone, Copy)]
pub(crate) struct Base {
    pub moment: Moment,
    /// On the clock of DTSTART's zone.
    pub civil: Civil,
    /// That of an RDATE's PERIOD.
    pub length: Option<Length>,
}

impl Series {
    /// Passes each occurrence that touches `window` to `take`, until it returns `false`.
    pub fn expand(
        &self,
        zones: &Zones,
        window: Window,
        budget: &mut Budget,
        take: &mut dyn FnMut(Occurrence) -> Result<bool, Unreadable>,
    ) -> Result<(), Unreadable> {
        let mut go_on = true;
        if let Some(master) = &self.master {
            let (from, to) = self.reach(master, zones, window);
            self.instances(master, zones, from, to, budget, &mut |base, budget| {
                let occurrence = self.occurrence(master, zones, &base);
                if window.touches(occurrence.start, occurrence.end) {
                    budget.occurrence()?;
                    go_on = take(occurrence)?;
                }
                Ok(go_on)
            })?;
        }
        for overriding in &self.overrides {
            if !go_on {
                return Ok(());
            }
            let start = overriding.start.moment(zones);
            let zone = zones.zone(overriding.start.zone);
            let end = end_of(zone, overriding.start.civil, start, overriding.length);
            if window.touches(start, end) && !self.is_excluded(overriding, zones, budget)? {
                budget.occurrence()?;
                let (component, original) = (overriding.component, overriding.instance);
                go_on = take(Occurrence { start, end, original, component })?;
            }
        }
        Ok(())
    }

    /// The clock times between which an instance must begin for its occurrence to touch `window`:
    /// `from <= time < to`.
    fn reach(&self, master: &Master, zones: &Zones, window: Window) -> (Civil, Civil) {
        let zone = zones.zone(master.start.zone);
        let span = |length: Length| length.days * DAY + length.seconds;
        let mut back = span(master.length).max(0);
        let mut forward = 0;
        // A clock change moves the local time of an instance; whole days begin at midnight.
        let mut slack = zone.spread();
        for date in &master.dates {
            back = back.max(date.length.map_or(0, span));
        }
        for following in &self.following {
            back = back.max(following.shift.saturating_add(span(following.length)));
            forward = forward.max(-following.shift);
            if following.start.is_date {
                slack = slack.max(DAY) + DAY;
            }
        }
        let from = zone.civil(window.start).plus(-back).plus(-slack);
        (from, zone.civil(window.end).plus(forward).plus(slack))
    }

    /// Passes the instances that no EXDATE or EXRULE excludes and no override replaces, and whose
    /// local time lies in `[from, to)`, to `take` in ascending order until it returns `false`.
    pub fn instances(
        &self,
        master: &Master,
        zones: &Zones,
        from: Civil,
        to: Civil,
        budget: &mut Budget,
        take: &mut dyn FnMut(Base, &mut Budget) -> Result<bool, Unreadable>,
    ) -> Result<(), Unreadable> {
        let ex_ruled = master.ex_ruled(zones, from, to, budget)?;
        let mut offer = |base: Base, budget: &mut Budget| {
            let excluded = master.lists_exdate(base.moment, base.civil)
                || ex_ruled.binary_search(&base.moment).is_ok()
                || self.overrides.binary_search_by_key(&base.moment, |it| it.instance).is_ok();
            if excluded { Ok(true) } else { take(base, budget) }
        };
        master.bases(zones, from, to, budget, &mut offer)
    }

    /// The occurrence of an instance that has no override of its own.
    pub fn occurrence(&self, master: &Master, zones: &Zones, base: &Base) -> Occurrence {
        let zone = zones.zone(master.start.zone);
        let at = self.following.partition_point(|it| it.instance <= base.moment);
        let Some(following) = at.checked_sub(1).map(|index| &self.following[index]) else {
            let length = base.length.unwrap_or(master.length);
            return Occurrence {
                start: base.moment,
                end: end_of(zone, base.civil, base.moment, length),
                original: base.moment,
                component: master.component,
            };
        };
        // RFC 5545 section 3.8.4.4: the following instances change by the same difference.
        let shifted = base.civil.plus(following.shift);
        let (zone, civil) = if following.start.is_date {
            (zones.calendar_zone(), Civil::midnight(shifted.day()))
        } else {
            (zone, shifted)
        };
        let start = zone.moment(civil);
        Occurrence {
            start,
            end: end_of(zone, civil, start, following.length),
            original: base.moment,
            component: following.component,
        }
    }

    /// Whether an EXDATE or EXRULE removes the instance of an override, and so the override too.
    pub fn is_excluded(
        &self,
        overriding: &Override,
        zones: &Zones,
        budget: &mut Budget,
    ) -> Result<bool, Unreadable> {
        let Some(master) = &self.master else {
            return Ok(false);
        };
        let civil = overriding.instance_civil;
        Ok(master.lists_exdate(overriding.instance, civil)
            || !master.ex_ruled(zones, civil, civil.plus(1), budget)?.is_empty())
    }
}

impl Master {
    /// Whether an EXDATE removes an instance: by its moment, or by its day on DTSTART's clock.
    pub fn lists_exdate(&self, instance: Moment, civil: Civil) -> bool {
        self.excluded.binary_search(&instance).is_ok()
            || self.excluded_days.binary_search(&civil.day()).is_ok()
    }

    /// Passes the instances of DTSTART, RRULE and RDATE whose local time lies in `[from, to)` to
    /// `take`, each moment once and ascending, until it returns `false`.
    pub fn bases(
        &self,
        zones: &Zones,
        from: Civil,
        to: Civil,
        budget: &mut Budget,
        take: &mut dyn FnMut(Base, &mut Budget) -> Result<bool, Unreadable>,
    ) -> Result<(), Unreadable> {
        let start =
            Base { moment: self.start.moment(zones), civil: self.start.civil, length: None };
        let has_start = (from..to).contains(&start.civil) && self.has_start(start.moment);
        let mut gathered = Vec::new();
        if self.rules.is_empty() && self.dates.is_empty() {
            if has_start {
                take(start, budget)?;
            }
            return Ok(());
        }
        if has_start {
            gathered.push(start);
        }
        gathered.extend(self.dates_in(from, to).iter().map(|date| Base {
            moment: date.moment,
            civil: date.civil,
            length: date.length,
        }));
        for rule in &self.rules {
            rule.expand(&self.start, false, from, to, zones, budget, &mut |civil, moment| {
                if gathered.len() >= MAX_GATHERED {
                    return Err(Unreadable::TooManyOccurrences);
                }
                gathered.push(Base { moment, civil, length: None });
                Ok(true)
            })?;
        }
        // A clock change may make two local times one moment, or reverse their order. If an RDATE
        // gives an instance of the rule a length of its own, that counts.
        gathered.sort_by_key(|base| (base.moment, base.length.is_none()));
        gathered.dedup_by_key(|base| base.moment);
        for base in gathered {
            if !take(base, budget)? {
                break;
            }
        }
        Ok(())
    }

    /// What EXRULE excludes in `[from, to)`, ascending.
    fn ex_ruled(
        &self,
        zones: &Zones,
        from: Civil,
        to: Civil,
        budget: &mut Budget,
    ) -> Result<Vec<Moment>, Unreadable> {
        let mut excluded = Vec::new();
        for rule in &self.ex_rules {
            rule.expand(&self.start, true, from, to, zones, budget, &mut |_, moment| {
                if excluded.len() >= MAX_GATHERED {
                    return Err(Unreadable::TooManyOccurrences);
                }
                excluded.push(moment);
                Ok(true)
            })?;
        }
        excluded.sort_unstable();
        Ok(excluded)
    }
}

/// The end of an occurrence that begins at `civil` on the clock of `zone`: nominal days first, then
/// exact seconds (RFC 5545 section 3.3.6); never before the start.
#[inline]
pub(crate) fn end_of(zone: &Zone, civil: Civil, start: Moment, length: Length) -> Moment {
    let by_days = match length.days {
        0 => start,
        days => zone.moment(civil.plus(days * DAY)),
    };
    by_days.plus(length.seconds).max(start)
}

/// Whether the object is recurring: whether any of its components has RRULE, RDATE or
/// RECURRENCE-ID.
pub fn is_recurring(calendar: &Calendar<'_>, object: &Object<'_>) -> bool {
    calendar.events_of(object).any(|event| event.is_recurring())
}

/// The moment since which an object exists, according to itself: CREATED of its master; without a
/// master, the earliest of its components. `None` if unknown.
pub fn created(calendar: &Calendar<'_>, object: &Object<'_>, zones: &Zones) -> Option<Moment> {
    of_master_or_earliest(calendar, object, |event| event.created(zones))
}

/// LAST-MODIFIED of an object's master; without a master, the earliest of its components.
pub fn last_modified(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &Zones,
) -> Option<Moment> {
    of_master_or_earliest(calendar, object, |event| event.last_modified(zones))
}

fn of_master_or_earliest(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    read: impl Fn(Event<'_, '_>) -> Option<Moment>,
) -> Option<Moment> {
    if object.components().len() == 1 {
        return read(calendar.event(object.components().start));
    }
    let masters = calendar.events_of(object).filter(|event| !event.is_override());
    match masters.max_by_key(|event| event.sequence()) {
        Some(master) => read(master),
        None => calendar.events_of(object).filter_map(read).min(),
    }
}
