//! What can be read of an object of which something cannot.

use super::super::{ExtraDate, Master, Series, When};
use super::Reader;
use crate::Unreadable;
use crate::budget::Budget;
use crate::event::Event;
use crate::limits::{MAX_OCCURRENCES_PER_OBJECT, MAX_RULES_PER_COMPONENT};
use crate::line::{parameter, split_times};
use crate::property::Property;
use crate::scan::{Calendar, ContentLine, Object};
use crate::value::Length;
use crate::zones::Zones;

/// The time of one component, whatever the others say.
pub(crate) struct OwnTime {
    pub component: u32,
    pub start: When,
    pub length: Length,
    /// Whether it is an override of which nobody can tell which instance it replaces.
    pub is_loose: bool,
}

/// Reads what can be read of an object: of its master the rules and dates that can be read, and the overrides
/// that can be read. An EXDATE that cannot be read excludes nothing. Also returns the time of each component
/// that has a readable start, to the end of its day if its end cannot be read.
pub(crate) fn presume(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    budget: &mut Budget,
) -> (Series, Vec<OwnTime>) {
    let components = object.components();
    let mut reader = Reader::new(calendar, components.clone(), zones);
    reader.is_lenient = true;
    let mut own_times = Vec::new();
    let (mut masters, mut overrides) = (Vec::new(), Vec::new());
    for index in components.take(MAX_OCCURRENCES_PER_OBJECT) {
        let event = calendar.event(index);
        let Some((start, length)) = reader.of(&event).presumed_times(&event) else { continue };
        match event.line(Property::RecurrenceId) {
            None => masters.push((index, event, start, length)),
            Some(line) => overrides.push((own_times.len(), event, line)),
        }
        own_times.push(OwnTime { component: index as u32, start, length, is_loose: false });
    }
    let master = masters.into_iter().max_by_key(|(_, event, ..)| event.sequence());
    let master = master.map(|(index, event, start, length)| {
        reader.of(&event).presumed_master(index, &event, start, length)
    });
    let mut series =
        Series { master, overrides: Vec::new(), following: Vec::new(), all_overrides: Vec::new() };
    for (at, event, line) in overrides {
        let OwnTime { component, start, length, .. } = own_times[at];
        let (reader, times) = (reader.of(&event), (start, length));
        let read = reader.names_instance(line).and_then(|()| {
            reader.overriding(&series, component as usize, &event, line, times, budget)
        });
        match read {
            Ok(read) => series.overrides.push(read),
            Err(_) => own_times[at].is_loose = true,
        }
    }
    series.settle();
    (series, own_times)
}

impl<'c, 'a> Reader<'_, 'c, 'a> {
    /// When a component begins, and how long it lasts: to the end of its day where that cannot be read. `None`
    /// without a readable start.
    fn presumed_times(&mut self, event: &Event<'c, 'a>) -> Option<(When, Length)> {
        let times = self.times(event);
        times.ok().or_else(|| {
            let start = self.when("DTSTART", event.line(Property::DtStart)?).ok()?;
            Some((start, start.rest_of_day()))
        })
    }

    /// A master with what can be read of its rules and dates. If a rule cannot be read, it takes place at its own
    /// time at least.
    fn presumed_master(
        &mut self,
        index: usize,
        event: &Event<'c, 'a>,
        start: When,
        length: Length,
    ) -> Master {
        let parameters = event.line(Property::DtStart).map(|line| line.rest());
        let parameters = parameters.as_deref().and_then(split_times).map(|(it, _)| it);
        let tzid = parameters.and_then(|it| parameter(it, "TZID"));
        self.start_tzid = tzid.unwrap_or_default().to_vec();
        let mut master = Master::at(index as u32, start, length);
        let (mut dates, mut rules) = (0, 0);
        let mut has_unread_rule = false;
        for line in event.lines {
            match line.property {
                Property::RRule | Property::ExRule => {
                    rules += 1;
                    let rule = self.rule(line, start).ok();
                    let rule = rule.filter(|_| rules <= MAX_RULES_PER_COMPONENT);
                    match line.property {
                        Property::ExRule => master.ex_rules.extend(rule),
                        _ => {
                            has_unread_rule |= rule.is_none();
                            master.rules.extend(rule);
                        }
                    }
                }
                Property::RDate | Property::ExDate => {
                    self.readable_dates(line, &mut dates, |reader, value, text| {
                        reader.listed(&mut master, line.property, value, text);
                    });
                }
                _ => {}
            }
        }
        if has_unread_rule {
            let moment = start.moment(self.zones);
            master.dates.push(ExtraDate { moment, civil: start.civil, length: None });
        }
        master.sort();
        master
    }

    /// Makes sure that a RECURRENCE-ID says which instance it means.
    fn names_instance(&mut self, line: &ContentLine<'_>) -> Result<(), Unreadable> {
        let rest = line.rest();
        let Some((parameters, _)) = split_times(&rest) else { return Ok(()) };
        let when = self.when("RECURRENCE-ID", line)?;
        let is_assumed = parameter(parameters, "TZID").is_some() && self.zone_of(parameters)?.1;
        if is_assumed { self.told(parameters, when) } else { Ok(()) }
    }
}
