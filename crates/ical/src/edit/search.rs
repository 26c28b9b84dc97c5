//! Instances of a series, looked for one by one from its beginning.

use crate::Unreadable;
use crate::civil::{Civil, DAY, LAST_DAY};
use crate::expand::Base;
use crate::limits::Budget;
use crate::moment::Moment;
use crate::series::{Master, Series};
use crate::zones::Zones;

pub(super) struct Search<'s> {
    pub series: &'s Series,
    pub master: &'s Master,
    pub zones: &'s Zones,
}

impl Search<'_> {
    /// What the clocks of DTSTART's zone show at an instance, or `None` if the object has no such
    /// instance.
    pub fn instance(
        &self,
        instance: Moment,
        budget: &mut Budget,
    ) -> Result<Option<Civil>, Unreadable> {
        let overrides = &self.series.overrides;
        if let Ok(at) = overrides.binary_search_by_key(&instance, |it| it.instance) {
            let excluded = self.series.is_excluded(&overrides[at], self.zones, budget)?;
            return Ok((!excluded).then_some(overrides[at].instance_civil));
        }
        // A clock change moves an instance by hours on the wall, never by a day.
        let civil = self.zones.zone(self.master.start.zone).civil(instance);
        let mut found = None;
        let (from, to) = (civil.plus(-DAY), civil.plus(DAY));
        self.series.instances(self.master, self.zones, from, to, budget, &mut |base, _| {
            if base.moment == instance {
                found = Some(base.civil);
            }
            Ok(found.is_none())
        })?;
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
        // Most series have one within a day, and some only after centuries: look at ever longer
        // stretches.
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
