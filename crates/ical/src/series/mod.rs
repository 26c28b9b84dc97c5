//! A parsed object: what its components say about when it takes place.

mod read;
mod until;

use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::{Civil, DAY, Day};
use crate::moment::Moment;
use crate::rule::{Request, Rule};
use crate::value::Length;
use crate::zones::{ZoneId, Zones};
pub(crate) use read::{OwnTime, exdates, presume, rdates, single};

/// A date or date-time with its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct When {
    pub civil: Civil,
    /// That of the TZID; the calendar's for floating times and dates.
    pub zone: ZoneId,
    pub is_date: bool,
}

impl When {
    #[inline]
    pub fn moment(&self, zones: &Zones) -> Moment {
        zones.zone(self.zone).moment(self.civil)
    }

    /// From it to the end of its day.
    fn rest_of_day(&self) -> Length {
        Length { days: 0, seconds: DAY - i64::from(self.civil.second_of_day()) }
    }

    /// The day that a date-time means in an all-day series: that of its own clock, or of the
    /// calendar's where it is in UTC.
    fn local_day(&self, zones: &Zones) -> Day {
        if self.zone == ZoneId::UTC {
            zones.calendar_zone().civil(Moment(self.civil.0)).day()
        } else {
            self.civil.day()
        }
    }
}

/// An object's master and overrides.
#[derive(Debug)]
pub(crate) struct Series {
    pub master: Option<Master>,
    /// The override that counts for each instance, ascending by instance.
    pub overrides: Vec<Override>,
    /// The overrides with RANGE=THISANDFUTURE, one an instance, ascending by instance.
    pub following: Vec<Override>,
    /// Every override, in the order of the text, also those that another override of the same
    /// instance replaces.
    pub all_overrides: Vec<(u32, Moment)>,
}

/// The component without RECURRENCE-ID.
#[derive(Debug)]
pub(crate) struct Master {
    pub component: u32,
    pub start: When,
    pub length: Length,
    pub rules: Vec<BoundRule>,
    pub ex_rules: Vec<BoundRule>,
    /// RDATEs, ascending by what the clocks show.
    pub dates: Vec<ExtraDate>,
    /// EXDATEs as moments, ascending.
    pub excluded: Vec<Moment>,
    /// EXDATEs that are dates in a timed series: they exclude all of their day. Ascending.
    pub excluded_days: Vec<Day>,
}

impl Master {
    /// A series of its start only.
    fn at(component: u32, start: When, length: Length) -> Master {
        Master {
            component,
            start,
            length,
            rules: Vec::new(),
            ex_rules: Vec::new(),
            dates: Vec::new(),
            excluded: Vec::new(),
            excluded_days: Vec::new(),
        }
    }

    /// Brings its dates into their order.
    fn sort(&mut self) {
        self.excluded.sort_unstable();
        self.excluded_days.sort_unstable();
        self.dates.sort_by_key(|date| date.civil);
    }
}

/// A rule with its UNTIL in the terms of its series.
#[derive(Debug)]
pub(crate) struct BoundRule {
    pub rule: Rule,
    /// No instance is later in local time; with a day of slack if `until` says it exactly.
    pub until_civil: Civil,
    /// No instance is later than this moment.
    pub until: Moment,
}

/// The instances that one value of an EXDATE excludes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Excluded {
    /// The instance of that moment.
    Instance(Moment),
    /// All of a day on DTSTART's clock, where the series is one of times.
    Day(Day),
}

/// An instance that RDATE adds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExtraDate {
    pub moment: Moment,
    /// Its local time in DTSTART's zone.
    pub civil: Civil,
    /// That of a PERIOD.
    pub length: Option<Length>,
}

/// A component with RECURRENCE-ID.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    pub component: u32,
    /// The instance that it overrides.
    pub instance: Moment,
    /// Its local time in DTSTART's zone.
    pub instance_civil: Civil,
    pub is_following: bool,
    /// RECURRENCE-ID as written.
    pub written: When,
    pub start: When,
    /// DTEND as written, if present.
    pub end: Option<When>,
    pub length: Length,
    /// By how much it moves its instance on the clock of DTSTART's zone, in seconds.
    pub shift: i64,
    sequence: i64,
}

impl Series {
    /// Keeps one override for each instance: that of the higher SEQUENCE, then the later in the
    /// text.
    fn settle(&mut self) {
        self.all_overrides = self.overrides.iter().map(|it| (it.component, it.instance)).collect();
        let by_rank = |list: &mut Vec<Override>| {
            list.sort_by_key(|it| (it.instance, it.sequence, it.component));
            // `dedup_by` keeps the first of equals, so the list is processed backwards to keep the
            // last.
            list.reverse();
            list.dedup_by_key(|it| it.instance);
            list.reverse();
        };
        self.following = self.overrides.iter().filter(|it| it.is_following).cloned().collect();
        by_rank(&mut self.following);
        by_rank(&mut self.overrides);
    }

    /// The zone on whose clock the rules of the series run.
    pub fn zone(&self) -> ZoneId {
        self.master.as_ref().map_or(ZoneId::CALENDAR, |master| master.start.zone)
    }
}

impl Master {
    /// The clock time of the first instance on `day`, or of the one that would be there.
    fn instance_of_day(
        &self,
        day: Day,
        zones: &Zones,
        budget: &mut Budget,
    ) -> Result<Civil, Unreadable> {
        if self.start.civil.day() == day {
            return Ok(self.start.civil);
        }
        let (from, to) = (Civil::midnight(day), Civil::midnight(day).plus(DAY));
        let mut first: Option<Civil> = None;
        let mut offer = |civil: Civil| first = Some(first.map_or(civil, |known| known.min(civil)));
        if let Some(date) = self.dates_in(from, to).first() {
            offer(date.civil);
        }
        for rule in &self.rules {
            rule.expand(&self.start, false, from, to, zones, budget, &mut |civil, _| {
                offer(civil);
                Ok(false)
            })?;
        }
        Ok(first.unwrap_or(from.plus(i64::from(self.start.civil.second_of_day()))))
    }
}

impl Master {
    /// Whether DTSTART is an instance: not if all rules end before it, which is how clients write a
    /// deleted series, and which no client shows.
    pub fn has_start(&self, start: Moment) -> bool {
        let includes =
            |bound: &BoundRule| bound.until >= start && bound.until_civil >= self.start.civil;
        self.rules.is_empty() || self.rules.iter().any(includes)
    }

    /// The RDATEs whose clock time lies in `[from, to)`.
    pub fn dates_in(&self, from: Civil, to: Civil) -> &[ExtraDate] {
        let first = self.dates.partition_point(|date| date.civil < from);
        let end = self.dates.partition_point(|date| date.civil < to);
        &self.dates[first..end.max(first)]
    }
}

impl BoundRule {
    /// Passes the instances of the rule whose local time lies in `[from, to)` to `take`, until it
    /// returns `false`. The start itself is not included, unless `start_counts`.
    #[expect(clippy::too_many_arguments, reason = "each is a word of the question")]
    pub fn expand(
        &self,
        start: &When,
        start_counts: bool,
        from: Civil,
        to: Civil,
        zones: &Zones,
        budget: &mut Budget,
        take: &mut dyn FnMut(Civil, Moment) -> Result<bool, Unreadable>,
    ) -> Result<(), Unreadable> {
        let zone = zones.zone(start.zone);
        let request = Request {
            start: start.civil,
            is_date: start.is_date,
            start_counts,
            until: self.until_civil,
            from,
            to,
        };
        self.rule.expand(&request, budget, &mut |civil| {
            // A series of whole days has the days on which an hourly rule falls.
            let civil = if start.is_date { Civil::midnight(civil.day()) } else { civil };
            let moment = zone.moment(civil);
            // A clock time that a change skips may be a later moment than one that follows it.
            if moment > self.until { Ok(true) } else { take(civil, moment) }
        })
    }
}
