//! The crate `calcard` of the server Stalwart, object by object, as the server stores them.

use std::collections::HashMap;

use calcard::common::timezone::Tz;
use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType};
use calcard::{Entry, Parser};
use peers::Job;

/// More occurrences than any object of the file has.
const MOST: usize = 10_000;

fn main() {
    let job = Job::of_arguments();
    job.measure(parse, |calendar| {
        let mut found = 0;
        for (uid, object) in objects(calendar) {
            let expanded = object.expand_dates(Tz::Tz(chrono_tz::Europe::Berlin), MOST);
            let times = expanded.events.iter().map(|it| it.timestamps());
            found += times.filter(|(start, end)| job.counts(|| uid.to_owned(), *start, *end)).count();
        }
        found
    });
}

fn parse(text: &[u8]) -> ICalendar {
    match Parser::new(&String::from_utf8_lossy(text)).entry() {
        Entry::ICalendar(calendar) => calendar,
        other => panic!("{other:?}"),
    }
}

/// A calendar for each UID, with its events and, if it uses the zone that only the file defines, that zone.
fn objects(calendar: &ICalendar) -> Vec<(&str, ICalendar)> {
    let components = &calendar.components;
    let of_kind = |kind: ICalendarComponentType| {
        (0..components.len()).filter(move |it| components[*it].component_type == kind)
    };
    let is_own_zone = |zone: &usize| {
        let values = components[*zone].entries.iter().map(|it| format!("{:?}", it.values));
        values.into_iter().any(|it| it.contains("Room Clock"))
    };
    let own_zone = of_kind(ICalendarComponentType::VTimezone).find(is_own_zone);
    let mut by_uid: HashMap<&str, Vec<usize>> = HashMap::new();
    for event in of_kind(ICalendarComponentType::VEvent) {
        by_uid.entry(components[event].uid().unwrap_or_default()).or_default().push(event);
    }
    by_uid.iter().map(|(uid, events)| (*uid, object(components, events, own_zone))).collect()
}

fn object(
    components: &[ICalendarComponent],
    events: &[usize],
    own_zone: Option<usize>,
) -> ICalendar {
    let root = ICalendarComponent {
        component_type: ICalendarComponentType::VCalendar,
        ..ICalendarComponent::default()
    };
    let mut of_it = vec![root];
    let uses = |event: &usize| {
        components[*event].entries.iter().any(|it| it.tz_id() == Some("Room Clock"))
    };
    if let Some(zone) = own_zone.filter(|_| events.iter().any(uses)) {
        let mut copy = components[zone].clone();
        let halves = std::mem::take(&mut copy.component_ids);
        of_it.push(copy);
        for half in halves {
            let id = of_it.len() as u32;
            of_it[1].component_ids.push(id);
            of_it.push(components[half as usize].clone());
        }
        of_it[0].component_ids.push(1);
    }
    for event in events {
        let id = of_it.len() as u32;
        of_it[0].component_ids.push(id);
        // Without its alarms.
        of_it.push(ICalendarComponent { component_ids: Vec::new(), ..components[*event].clone() });
    }
    ICalendar { components: of_it }
}
