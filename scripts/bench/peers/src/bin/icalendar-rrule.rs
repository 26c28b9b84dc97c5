//! The crates `icalendar`, which reads, and `rrule`, which expands, with what a program has to add itself: objects by
//! UID, overrides, durations and zones.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _};
use icalendar::{Calendar, CalendarComponent, Component as _, Event, Property};
use peers::Job;
use rrule::{RRule, RRuleSet, Tz, Unvalidated};

const DAY: i64 = 86_400;

fn main() {
    let job = Job::of_arguments();
    job.measure(
        |text| String::from_utf8_lossy(text).parse::<Calendar>().expect("a calendar"),
        |calendar| {
            let mut by_uid: HashMap<&str, Vec<&Event>> = HashMap::new();
            for component in &calendar.components {
                if let CalendarComponent::Event(event) = component {
                    by_uid.entry(event.get_uid().unwrap_or_default()).or_default().push(event);
                }
            }
            by_uid.values().map(|events| occurrences(&job, events)).sum()
        },
    );
}

/// The occurrences of one UID that count.
fn occurrences(job: &Job, events: &[&Event]) -> usize {
    let mut found = 0;
    let uid = || events.first().and_then(|it| it.get_uid()).unwrap_or_default().to_owned();
    let mut overridden = HashSet::new();
    let instance = |event: &Event| event.properties().get("RECURRENCE-ID").and_then(time);
    for event in events {
        let Some((original, _)) = instance(event) else { continue };
        overridden.insert(original.timestamp());
        if let Some((start, length)) = span(event) {
            let start = start.timestamp();
            found += usize::from(job.counts(uid, start, start + length));
        }
    }
    for event in events.iter().filter(|it| instance(it).is_none()) {
        let Some((start, length)) = span(event) else { continue };
        let (rule, rdates) = (event.properties().get("RRULE"), times(event, "RDATE"));
        if rule.is_none() && rdates.is_empty() {
            found += usize::from(job.counts(uid, start.timestamp(), start.timestamp() + length));
            continue;
        }
        let at = |seconds| Tz::UTC.timestamp_opt(seconds, 0).unwrap();
        let mut set = RRuleSet::new(start)
            .set_rdates(rdates)
            .set_exdates(times(event, "EXDATE"))
            .after(at(job.start - length))
            .before(at(job.end));
        let rule = rule.and_then(|it| it.value().parse::<RRule<Unvalidated>>().ok());
        if let Some(rule) = rule.and_then(|it| it.validate(start).ok()) {
            set = set.rrule(rule);
        }
        let starts = set.all(u16::MAX).dates.into_iter().map(|it| it.timestamp());
        let kept = starts.filter(|it| !overridden.contains(it));
        found += kept.filter(|it| job.counts(uid, *it, it + length)).count();
    }
    found
}

/// The start of an event, and its length in seconds.
fn span(event: &Event) -> Option<(DateTime<Tz>, i64)> {
    let (start, is_date) = time(event.properties().get("DTSTART")?)?;
    let length = if let Some((end, _)) = event.properties().get("DTEND").and_then(time) {
        end.timestamp() - start.timestamp()
    } else if let Some(duration) = event.properties().get("DURATION") {
        seconds(duration.value())
    } else if is_date {
        DAY
    } else {
        0
    };
    Some((start, length))
}

/// A time, and whether it is a day.
fn time(property: &Property) -> Option<(DateTime<Tz>, bool)> {
    parse_time(property.value(), property.params().get("TZID").map(|it| it.value()))
}

fn parse_time(text: &str, zone: Option<&str>) -> Option<(DateTime<Tz>, bool)> {
    let of_zone = Tz::Tz(zone.map_or(chrono_tz::Europe::Berlin, peers::zone));
    let text = text.trim();
    if text.len() == 8 {
        let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?.and_hms_opt(0, 0, 0)?;
        return Some((
            Tz::Tz(chrono_tz::Europe::Berlin).from_local_datetime(&day).earliest()?,
            true,
        ));
    }
    let naive = |text: &str| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok();
    match text.strip_suffix('Z') {
        Some(utc) => Some((Tz::UTC.from_utc_datetime(&naive(utc)?), false)),
        None => Some((of_zone.from_local_datetime(&naive(text)?).earliest()?, false)),
    }
}

/// All values of a property that may stand several times.
fn times(event: &Event, name: &str) -> Vec<DateTime<Tz>> {
    let several = event.multi_properties().get(name).into_iter().flatten();
    let properties = several.chain(event.properties().get(name));
    let mut found = Vec::new();
    for property in properties {
        let zone = property.params().get("TZID").map(|it| it.value());
        // Of a period, the start.
        let values = property.value().split(',').filter_map(|it| it.split('/').next());
        found.extend(values.filter_map(|it| Some(parse_time(it, zone)?.0)));
    }
    found
}

/// The seconds of a DURATION.
fn seconds(text: &str) -> i64 {
    let (mut number, mut sum) = (0, 0);
    for it in text.chars() {
        let unit = match it {
            'W' => 7 * DAY,
            'D' => DAY,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            digit => {
                number = digit.to_digit(10).map_or(number, |it| number * 10 + i64::from(it));
                continue;
            }
        };
        sum += number * unit;
        number = 0;
    }
    sum
}
