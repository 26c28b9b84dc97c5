//! What the tests of this crate share: fixtures, and occurrences as lines of text.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use ical::{Budget, Calendar, Moment, UnknownZones, Window, Zone, Zones};

/// The expectation beside a fixture.
pub struct Expected {
    pub zone: Zone,
    pub unknown_zones: UnknownZones,
    pub window: Window,
    /// One line an occurrence or unreadable object.
    pub lines: Vec<String>,
}

impl Expected {
    /// The zones that the fixture is read with.
    pub fn zones(&self) -> Zones {
        Zones::new(self.zone.clone()).with_unknown_zones(self.unknown_zones)
    }

    pub fn read(fixture: &Path) -> Expected {
        let path = fixture.with_extension("txt");
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut zone = None;
        let mut window = None;
        let mut lines = Vec::new();
        let mut unknown_zones = UnknownZones::Refuse;
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            if let Some(name) = line.strip_prefix("zone ") {
                zone = Zone::iana(name);
            } else if line == "unknown-zone calendar" {
                unknown_zones = UnknownZones::Calendar;
            } else if let Some(ends) = line.strip_prefix("window ") {
                let (start, end) = ends.split_once(' ').unwrap();
                window = Some(Window { start: moment(start), end: moment(end) });
            } else {
                lines.push(line.trim_end().to_owned());
            }
        }
        match (zone, window) {
            (Some(zone), Some(window)) => Expected { zone, unknown_zones, window, lines },
            _ => panic!("{}: it says no zone or no window", path.display()),
        }
    }
}

/// All fixtures, sorted.
pub fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found = Vec::new();
    for group in fs::read_dir(root).unwrap() {
        let group = group.unwrap().path();
        if !group.is_dir() {
            continue;
        }
        for file in fs::read_dir(group).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "ics") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

pub fn moment(rfc3339: &str) -> Moment {
    Moment(rfc3339.parse::<jiff::Timestamp>().unwrap().as_second())
}

/// What a calendar holds, a line each, in the format of the expectations.
pub fn listed(text: &[u8], mut zones: Zones, window: Window) -> Vec<String> {
    let calendar = Calendar::parse(text).unwrap();
    let zone = &zones.calendar_zone().clone();
    let mut rows = Vec::new();
    let mut unreadable = Vec::new();
    let mut budget = Budget::new();
    for object in calendar.objects() {
        let mut occurrences = Vec::new();
        let expanded =
            ical::expand(&calendar, object, &mut zones, window, &mut budget, &mut occurrences);
        if expanded.is_err() {
            unreadable.push(format!("unreadable {}", object.uid()).trim_end().to_owned());
        }
        for occurrence in occurrences {
            let event = calendar.event(occurrence.component as usize);
            let name = event.summary().replace('\n', "\\n");
            let key = (occurrence.start, object.uid_bytes().to_vec(), name.clone());
            let times =
                format!("{} {}", shown(zone, occurrence.start), shown(zone, occurrence.end));
            let line = format!("{times} {} {name}", event.status());
            rows.push((key, line.trim_end().to_owned()));
        }
    }
    rows.sort();
    unreadable.sort();
    rows.into_iter().map(|(_, line)| line).chain(unreadable).collect()
}

pub fn shown(zone: &Zone, moment: Moment) -> String {
    let offset = zone.offset(moment);
    let local = jiff::Timestamp::from_second(moment.0 + i64::from(offset)).unwrap();
    let local = jiff::tz::TimeZone::UTC.to_datetime(local);
    let sign = if offset < 0 { '-' } else { '+' };
    let offset = offset.abs();
    format!("{local}{sign}{:02}:{:02}", offset / 3600, offset / 60 % 60)
}
