//! From lines to dates, rules and overrides.

mod dates;
mod presumed;

use std::ops::Range;

use super::{Excluded, ExtraDate, Master, Override, Series, When};
use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::Civil;
use crate::event::Event;
use crate::limits::{MAX_COMPONENTS_PER_OBJECT, MAX_RULES_PER_COMPONENT};
use crate::line::{parameter, split_value};
use crate::moment::Moment;
use crate::property::{Properties, Property};
use crate::scan::{Calendar, ContentLine, Object};
use crate::value::Length;
use crate::zones::{ZoneId, Zones};
use dates::duration;
pub(crate) use presumed::{OwnTime, presume};

/// When the only component of an object takes place if it does not recur: most objects are such,
/// and need no series.
pub(crate) fn single(
    calendar: &Calendar<'_>,
    event: &Event<'_, '_>,
    zones: &mut Zones,
) -> Result<(When, Length), Unreadable> {
    check_whole(event)?;
    Reader::new(calendar, 0..0, zones).of(event).times(event)
}

/// What the EXDATEs of a master that begins at `start` exclude: line by line, and value by value where a
/// line has several. Empty values are passed over.
pub(crate) fn exdates(
    calendar: &Calendar<'_>,
    event: &Event<'_, '_>,
    start: When,
    zones: &mut Zones,
) -> Result<Vec<Vec<Excluded>>, Unreadable> {
    let mut reader = Reader::new(calendar, 0..0, zones);
    let reader = reader.of(event);
    let mut master = Master::at(0, start, Length::default());
    let mut count = 0;
    let mut lines = Vec::new();
    for line in event.lines.iter().filter(|line| line.property == Property::ExDate) {
        let mut values = Vec::new();
        reader.date_list(line, &mut count, |reader, when, _| {
            reader.listed(&mut master, Property::ExDate, when, None);
            let instance = master.excluded.pop().map(Excluded::Instance);
            values.extend(instance.or_else(|| master.excluded_days.pop().map(Excluded::Day)));
        })?;
        lines.push(values);
    }
    Ok(lines)
}

/// The moments of the RDATEs of a master that begins at `start`, in the same way.
pub(crate) fn rdates(
    calendar: &Calendar<'_>,
    event: &Event<'_, '_>,
    start: When,
    zones: &mut Zones,
) -> Result<Vec<Vec<Moment>>, Unreadable> {
    let mut reader = Reader::new(calendar, 0..0, zones);
    let reader = reader.of(event);
    let mut master = Master::at(0, start, Length::default());
    let mut count = 0;
    let mut lines = Vec::new();
    for line in event.lines.iter().filter(|line| line.property == Property::RDate) {
        let mut values = Vec::new();
        reader.date_list(line, &mut count, |reader, when, length| {
            reader.listed(&mut master, Property::RDate, when, length);
            values.extend(master.dates.pop().map(|date| date.moment));
        })?;
        lines.push(values);
    }
    Ok(lines)
}

fn check_whole(event: &Event<'_, '_>) -> Result<(), Unreadable> {
    if !event.component.finished {
        Err(Unreadable::Unfinished)
    } else if event.component.has_too_many_lines {
        Err(Unreadable::TooManyLines)
    } else {
        Ok(())
    }
}

impl Series {
    /// Reads all components of an object.
    ///
    /// # Errors
    ///
    /// If one of the properties that decide when it takes place cannot be read, or is missing, in
    /// any of its components.
    pub fn read(
        calendar: &Calendar<'_>,
        object: &Object<'_>,
        zones: &mut Zones,
        budget: &mut Budget,
    ) -> Result<Series, Unreadable> {
        let components = object.components();
        if components.len() > MAX_COMPONENTS_PER_OBJECT {
            return Err(Unreadable::TooManyComponents);
        }
        let mut masters = Vec::new();
        let mut overrides = Vec::new();
        let mut reader = Reader::new(calendar, components.clone(), zones);
        for index in components {
            let event = calendar.event(index);
            check_whole(&event)?;
            let (start, length) = reader.of(&event).times(&event)?;
            match event.line(Property::RecurrenceId) {
                None => masters.push((index, event, start, length)),
                Some(line) => overrides.push((index, event, line, start, length)),
            }
        }
        // Of several masters the last of the highest SEQUENCE counts; all of them must be readable.
        let counts = match masters.len() {
            0 | 1 => masters.len().checked_sub(1),
            _ => (0..masters.len()).max_by_key(|position| masters[*position].1.sequence()),
        };
        let mut master = None;
        for (position, (index, event, start, length)) in masters.into_iter().enumerate() {
            let read = reader.of(&event).master(index, &event, start, length)?;
            if Some(position) == counts {
                master = Some(read);
            }
        }
        let mut series = Series {
            master,
            overrides: Vec::new(),
            following: Vec::new(),
            all_overrides: Vec::new(),
        };
        for (index, event, line, start, length) in overrides {
            let reader = reader.of(&event);
            reader.check_rules(&event)?;
            let read = reader.overriding(&series, index, &event, line, (start, length), budget)?;
            series.overrides.push(read);
        }
        series.settle();
        Ok(series)
    }
}

struct Reader<'z, 'c, 'a> {
    calendar: &'c Calendar<'a>,
    /// Those of the object.
    components: Range<usize>,
    zones: &'z mut Zones,
    /// The VCALENDAR of the component that is read.
    scope: u32,
    /// The zone that the object names for its UNTIL, once it was looked for.
    named_zone: Option<Option<ZoneId>>,
    /// Whether what can be read is wanted where something cannot ([`presume`]).
    is_lenient: bool,
    /// For that, the TZID of the master's DTSTART.
    start_tzid: Vec<u8>,
}

impl<'z, 'c, 'a> Reader<'z, 'c, 'a> {
    fn new(
        calendar: &'c Calendar<'a>,
        components: Range<usize>,
        zones: &'z mut Zones,
    ) -> Reader<'z, 'c, 'a> {
        Reader {
            calendar,
            components,
            zones,
            scope: 0,
            named_zone: None,
            is_lenient: false,
            start_tzid: Vec::new(),
        }
    }

    /// The reader of this component.
    fn of(&mut self, event: &Event<'c, 'a>) -> &mut Self {
        self.scope = event.component.scope;
        self
    }

    /// DTSTART, and how long it lasts: DTEND is exact, a DURATION in days is nominal, no end is a
    /// day for a date and no time at all for a date-time; an end before the start is none at all.
    /// A date that ends where it begins lasts its day, as those mean it who write that.
    fn times(&mut self, event: &Event<'c, 'a>) -> Result<(When, Length), Unreadable> {
        let Some(line) = event.line(Property::DtStart) else {
            return Err(Unreadable::Missing { property: "DTSTART" });
        };
        let start = self.when("DTSTART", line)?;
        let end = match event.line(Property::DtEnd) {
            Some(line) => Some(self.when("DTEND", line)?),
            None => None,
        };
        let duration = match event.line(Property::Duration) {
            Some(line) => Some(duration(line)?),
            None => None,
        };
        let one_day = Length { days: 1, seconds: 0 };
        let length = match (end, duration) {
            (Some(end), _)
                if start.is_date && end.moment(self.zones) == start.moment(self.zones) =>
            {
                one_day
            }
            (Some(end), _) => self.between(start, end),
            (None, Some(duration)) if start.is_date && duration == Length::default() => one_day,
            (None, Some(duration)) => duration,
            (None, None) if start.is_date => one_day,
            (None, None) => Length::default(),
        };
        Ok((start, length))
    }

    fn between(&self, start: When, end: When) -> Length {
        if start.is_date && end.is_date {
            let days = i64::from(end.civil.day()) - i64::from(start.civil.day());
            return Length { days: days.max(0), seconds: 0 };
        }
        let seconds = end.moment(self.zones).since(start.moment(self.zones));
        Length { days: 0, seconds: seconds.max(0) }
    }

    fn master(
        &mut self,
        index: usize,
        event: &Event<'c, 'a>,
        start: When,
        length: Length,
    ) -> Result<Master, Unreadable> {
        let mut master = Master::at(index as u32, start, length);
        let (mut dates, mut rules) = (0, 0);
        for line in event.lines {
            match line.property {
                Property::RRule | Property::ExRule => {
                    rules += 1;
                    if rules > MAX_RULES_PER_COMPONENT {
                        return Err(Unreadable::TooManyRules);
                    }
                    let rule = self.rule(line, start)?;
                    match line.property {
                        Property::RRule => master.rules.push(rule),
                        _ => master.ex_rules.push(rule),
                    }
                }
                Property::RDate | Property::ExDate => {
                    self.date_list(line, &mut dates, |reader, value, text| {
                        reader.listed(&mut master, line.property, value, text)
                    })?;
                }
                _ => {}
            }
        }
        master.sort();
        Ok(master)
    }

    /// Reads the rules and dates of an override only to check that they are readable; they have no
    /// effect.
    fn check_rules(&mut self, event: &Event<'c, 'a>) -> Result<(), Unreadable> {
        if event.component.properties.has_any(Properties::OF_RULES) {
            let start = When { civil: Civil(0), zone: ZoneId::UTC, is_date: false };
            self.master(0, event, start, Length::default())?;
        }
        Ok(())
    }

    fn listed(
        &mut self,
        master: &mut Master,
        property: Property,
        when: When,
        period: Option<Length>,
    ) {
        let start = master.start;
        if property == Property::ExDate && when.is_date && !start.is_date {
            master.excluded_days.push(when.civil.day());
            return;
        }
        let zone = self.zones.zone(start.zone);
        let (moment, civil) = if start.is_date {
            let day = if when.is_date { when.civil.day() } else { when.local_day(self.zones) };
            let civil = Civil::midnight(day);
            (zone.moment(civil), civil)
        } else if when.is_date {
            // A date in a timed series is that day's instance.
            let civil = when.civil.plus(i64::from(start.civil.second_of_day()));
            (zone.moment(civil), civil)
        } else {
            let moment = when.moment(self.zones);
            let same_clock = when.zone == start.zone;
            (moment, if same_clock { when.civil } else { zone.civil(moment) })
        };
        if property == Property::ExDate {
            master.excluded.push(moment);
        } else {
            let length = period.filter(|_| !start.is_date);
            master.dates.push(ExtraDate { moment, civil, length });
        }
    }

    fn overriding(
        &mut self,
        series: &Series,
        index: usize,
        event: &Event<'c, 'a>,
        line: &ContentLine<'_>,
        (start, length): (When, Length),
        budget: &mut Budget,
    ) -> Result<Override, Unreadable> {
        // In an all-day series, it means a day, on any clock.
        let is_all_day = series.master.as_ref().map_or(start.is_date, |it| it.start.is_date);
        let when = self.recurrence_id(line, is_all_day)?;
        let is_following = split_value(&line.rest())
            .and_then(|(parameters, _)| parameter(parameters, "RANGE"))
            .is_some_and(|range| range.eq_ignore_ascii_case(b"THISANDFUTURE"));
        let (instance, instance_civil) = match &series.master {
            None => (when.moment(self.zones), when.civil),
            Some(master) if master.start.is_date => {
                let day = if when.is_date { when.civil.day() } else { when.local_day(self.zones) };
                let civil = Civil::midnight(day);
                (self.zones.calendar_zone().moment(civil), civil)
            }
            Some(master) if when.is_date => {
                let civil = master.instance_of_day(when.civil.day(), self.zones, budget)?;
                (self.zones.zone(master.start.zone).moment(civil), civil)
            }
            Some(master) => {
                let moment = when.moment(self.zones);
                let zone = self.zones.zone(master.start.zone);
                let same_clock = when.zone == master.start.zone;
                (moment, if same_clock { when.civil } else { zone.civil(moment) })
            }
        };
        let end = match event.line(Property::DtEnd) {
            Some(line) if is_following => match self.when("DTEND", line) {
                Err(_) if self.is_lenient => None,
                end => Some(end?),
            },
            _ => None,
        };
        let zone = series.zone();
        let start_civil = if start.is_date || start.zone == zone {
            start.civil
        } else {
            self.zones.zone(zone).civil(start.moment(self.zones))
        };
        Ok(Override {
            component: index as u32,
            instance,
            instance_civil,
            is_following,
            written: when,
            start,
            end,
            length,
            shift: start_civil.0 - instance_civil.0,
            sequence: event.sequence(),
        })
    }
}
