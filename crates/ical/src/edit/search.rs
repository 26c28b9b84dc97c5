//! Searches the instances of a series one by one from its beginning.

use super::EditError;
use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::{Civil, DAY, LAST_DAY};
use crate::expand::Base;
use crate::moment::Moment;
use crate::series::{Master, Series};
use crate::zones::Zones;

pub(super) struct Search<'s> {
    pub series: &'s Series,
    pub master: &'s Master,
    pub zones: &'s Zones,
}

impl Search<'_> {
    /// The local times, in DTSTART's zone, of `instances`, which are ascending.
    ///
    /// # Errors
    ///
    /// [`EditError::NoSuchInstance`] for the first that the object does not have.
    pub fn instances(
        &self,
        instances: &[Moment],
        budget: &mut Budget,
    ) -> Result<Vec<(Moment, Civil)>, EditError> {
        let overrides = &self.series.overrides;
        let mut found = Vec::with_capacity(instances.len());
        let mut others = Vec::new();
        for &instance in instances {
            match overrides.binary_search_by_key(&instance, |it| it.instance) {
                Ok(at) if !self.series.is_excluded(&overrides[at], self.zones, budget)? => {
                    found.push((instance, overrides[at].instance_civil));
                }
                Ok(_) => return Err(EditError::NoSuchInstance(instance)),
                Err(_) => others.push(instance),
            }
        }
        // A clock change moves an instance by hours of local time, never by more than a day.
        // Instances close together are searched at once: a year may contain one every quarter of an
        // hour.
        for close in others.chunk_by(|one, next| next.since(*one) <= 2 * DAY) {
            let (Some(first), Some(last)) = (close.first(), close.last()) else { continue };
            let clock = self.zones.zone(self.master.start.zone);
            let (from, to) = (clock.civil(*first).plus(-DAY), clock.civil(*last).plus(DAY + 1));
            let mut known = Vec::with_capacity(close.len());
            self.series.instances(self.master, self.zones, from, to, budget, &mut |base, _| {
                if close.binary_search(&base.moment).is_ok() {
                    known.push((base.moment, base.civil));
                }
                Ok(true)
            })?;
            let is_known =
                |it: &&Moment| known.binary_search_by_key(*it, |(moment, _)| *moment).is_ok();
            if let Some(missing) = close.iter().find(|it| !is_known(it)) {
                return Err(EditError::NoSuchInstance(*missing));
            }
            found.append(&mut known);
        }
        Ok(found)
    }

    /// The first instance without an override that is before `to` and that `wanted` accepts.
    pub fn first_instance(
        &self,
        to: Civil,
        budget: &mut Budget,
        wanted: &mut dyn FnMut(&Base) -> bool,
    ) -> Result<Option<Base>, Unreadable> {
        // An RDATE may come before DTSTART.
        let start = self.master.start.civil;
        let from = self.master.dates.first().map_or(start, |date| date.civil.min(start));
        self.first_instance_from(from, to, budget, wanted)
    }

    /// The same, from a clock time on.
    pub fn first_instance_from(
        &self,
        from: Civil,
        to: Civil,
        budget: &mut Budget,
        wanted: &mut dyn FnMut(&Base) -> bool,
    ) -> Result<Option<Base>, Unreadable> {
        let to = to.min(Civil::midnight(LAST_DAY + 1));
        // Most series have one within a day, and some only after centuries, so the searched period
        // grows.
        let (mut from, mut stretch) = (from.plus(-DAY), 2 * DAY);
        let mut found = None;
        while from < to && found.is_none() {
            let until = from.plus(stretch).min(to);
            self.series.instances(
                self.master,
                self.zones,
                from,
                until,
                budget,
                &mut |base, _| {
                    if wanted(&base) {
                        found = Some(base);
                    }
                    Ok(found.is_none())
                },
            )?;
            from = until;
            stretch = stretch.saturating_mul(2);
        }
        Ok(found)
    }
}
