//! The times that an object states.

use super::EditError;
use super::search::Search;
use crate::budget::Budget;
use crate::civil::DAY;
use crate::expand::end_of;
use crate::moment::Moment;
use crate::new_times::NewTimes;
use crate::scan::{Calendar, Object};
use crate::series::{Series, When};
use crate::zones::Zones;

/// The times that an object states: those of its master, or of the occurrence with an original
/// start.
///
/// # Errors
///
/// [`EditError::NoSuchInstance`] for an occurrence that the object does not have;
/// [`EditError::Unreadable`] where it cannot be read; [`EditError::WouldChangeOthers`] for an object of
/// overrides alone, which has no times as a whole.
pub fn times(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    occurrence: Option<Moment>,
) -> Result<NewTimes, EditError> {
    let mut budget = Budget::new();
    let series = Series::read(calendar, object, zones, &mut budget)?;
    let of = |start: &When, begins: Moment, ends: Moment| {
        let zone = zones.zone(start.zone);
        match start.is_date {
            true => {
                NewTimes::AllDay { first: zone.civil(begins).day(), end: zone.civil(ends).day() }
            }
            false => NewTimes::Timed { start: begins, end: ends },
        }
    };
    let Some(instance) = occurrence else {
        let master = series.master.as_ref().ok_or(EditError::WouldChangeOthers)?;
        let zone = zones.zone(master.start.zone);
        let start = master.start.moment(zones);
        let end = end_of(zone, master.start.civil, start, master.length);
        return Ok(of(&master.start, start, end));
    };
    // An instance lies within its day on any clock; an override may lie anywhere.
    if let Ok(at) = series.overrides.binary_search_by_key(&instance, |it| it.instance) {
        let own = &series.overrides[at];
        let is_cancelled = calendar.event(own.component as usize).is_cancelled();
        if is_cancelled || series.is_excluded(own, zones, &mut budget)? {
            return Err(EditError::NoSuchInstance(instance));
        }
        let start = own.start.moment(zones);
        let end = end_of(zones.zone(own.start.zone), own.start.civil, start, own.length);
        return Ok(of(&own.start, start, end));
    }
    let master = series.master.as_ref().ok_or(EditError::NoSuchInstance(instance))?;
    let search = Search { series: &series, master, zones };
    let found = search.instances(&[instance], &mut budget)?;
    let &(moment, civil) = found.first().ok_or(EditError::NoSuchInstance(instance))?;
    let mut occurrence = None;
    let (from, to) = (civil.plus(-DAY), civil.plus(DAY));
    series.instances(master, zones, from, to, &mut budget, &mut |base, _| {
        if base.moment == moment {
            occurrence = Some(series.occurrence(master, zones, &base));
        }
        Ok(occurrence.is_none())
    })?;
    let occurrence = occurrence.ok_or(EditError::NoSuchInstance(instance))?;
    Ok(of(&master.start, occurrence.start, occurrence.end))
}
