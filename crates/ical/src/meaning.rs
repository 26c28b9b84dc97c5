//! Compares the meaning of two texts of a calendar object: servers reorder lines, fold them
//! elsewhere, quote parameters, and write time zones of their own.

use std::collections::{BTreeMap, BTreeSet};

use crate::budget::Budget;
use crate::limits::MAX_DEPTH;
use crate::line::{Lines, parameter_end, split_value, unfold};
use crate::moment::Moment;
use crate::scan::Calendar;
use crate::series::{Excluded, Series};
use crate::zones::Zones;

/// Properties about the text and not about the event (RFC 5545 section 3.7).
const OF_THE_TEXT: [&[u8]; 4] = [b"CALSCALE", b"METHOD", b"PRODID", b"VERSION"];

/// A component: its name, its lines and the components in it, each list in order.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Component {
    name: Vec<u8>,
    lines: Vec<Vec<u8>>,
    inner: Vec<Component>,
}

/// Parameters that servers write themselves (RFC 6638 section 7.3).
const OF_THE_SERVER: &[u8] = b"SCHEDULE-STATUS";

/// Whether two texts have the same components with the same properties, parameters and values, in
/// whatever order and however folded. Definitions of time zones do not count: servers replace them.
/// Neither do PRODID and
/// the like, nor SCHEDULE-STATUS. Everything else does, DTSTAMP and SEQUENCE too, and texts that nest
/// deeper than [`MAX_DEPTH`] are never the same.
pub fn means_the_same(one: &[u8], other: &[u8]) -> bool {
    one == other || matches!((read(one), read(other)), (Some(one), Some(other)) if one == other)
}

/// Properties of a component that say when it was written (RFC 5545 sections 3.8.7.2 and 3.8.7.3).
const STAMPS: [&[u8]; 2] = [b"DTSTAMP", b"LAST-MODIFIED"];

/// Whether two texts of one calendar object resource say the same of its events: as [`means_the_same`], but
/// DTSTAMP and LAST-MODIFIED do not count, and EXDATE and RECURRENCE-ID count by the instances that they name,
/// in whatever zone and however many to a line. Servers write all of these anew.
pub fn says_the_same(one: &[u8], other: &[u8], zones: &mut Zones) -> bool {
    if means_the_same(one, other) {
        return true;
    }
    let mut read = |text| {
        let instances = Instances::read(text, zones)?;
        let components = read_by(text, Some(&instances.overridden))?;
        Some((instances.excluded, components))
    };
    matches!((read(one), read(other)), (Some(one), Some(other)) if one == other)
}

/// The instances that the EXDATEs of a text exclude (RFC 5545 section 3.8.5.1); `None` if one of its objects
/// cannot be read.
pub fn excluded(text: &[u8], zones: &mut Zones) -> Option<BTreeSet<Excluded>> {
    Some(Instances::read(text, zones)?.excluded)
}

/// The instances that a text names.
#[derive(Default)]
struct Instances {
    excluded: BTreeSet<Excluded>,
    /// What each override overrides, by where its component begins.
    overridden: Overridden,
}

type Overridden = BTreeMap<usize, Moment>;

impl Instances {
    fn read(text: &[u8], zones: &mut Zones) -> Option<Instances> {
        let calendar = Calendar::parse(text).ok()?;
        let mut found = Instances::default();
        for object in calendar.objects() {
            let series = Series::read(&calendar, object, zones, &mut Budget::new()).ok()?;
            for (component, instance) in &series.all_overrides {
                let start = calendar.event(*component as usize).component.bytes.start;
                found.overridden.insert(start, *instance);
            }
            let Some(master) = series.master else { continue };
            found.excluded.extend(master.excluded.into_iter().map(Excluded::Instance));
            found.excluded.extend(master.excluded_days.into_iter().map(Excluded::Day));
        }
        Some(found)
    }
}

/// The components of a text in a canonical order; `None` if BEGIN and END do not match.
fn read(text: &[u8]) -> Option<Vec<Component>> {
    read_by(text, None)
}

/// The same; where the instances of overrides are given, without stamps and EXDATEs, and with those instances
/// for the values of RECURRENCE-ID.
fn read_by(text: &[u8], overridden: Option<&Overridden>) -> Option<Vec<Component>> {
    let mut open: Vec<Component> = vec![Component::default()];
    let mut begins = vec![0];
    for raw in Lines::from(text, 0) {
        let line = unfold(raw.bytes);
        let name_end =
            line.iter().position(|byte| matches!(byte, b';' | b':')).unwrap_or(line.len());
        let name = line[..name_end].trim_ascii().to_ascii_uppercase();
        let (parameters, value) = split_value(&line[name_end..]).unwrap_or_default();
        match name.as_slice() {
            b"BEGIN" => {
                if open.len() > MAX_DEPTH {
                    return None;
                }
                let name = value.trim_ascii().to_ascii_uppercase();
                open.push(Component { name, ..Component::default() });
                begins.push(raw.start);
            }
            b"END" => {
                let mut ended = open.pop()?;
                begins.pop();
                if !ended.name.eq_ignore_ascii_case(value.trim_ascii()) {
                    return None;
                }
                ended.lines.sort_unstable();
                ended.inner.sort_unstable();
                if ended.name != b"VTIMEZONE" {
                    open.last_mut()?.inner.push(ended);
                }
            }
            name if OF_THE_TEXT.contains(&name) => {}
            name if overridden.is_some() && (STAMPS.contains(&name) || name == b"EXDATE") => {}
            _ => {
                let of_override = name == b"RECURRENCE-ID";
                let instance = overridden.filter(|_| of_override).zip(begins.last());
                let line = match instance.and_then(|(overridden, begin)| overridden.get(begin)) {
                    Some(instance) => {
                        let range = parameters.to_ascii_uppercase();
                        let has_range = memchr::memmem::find(&range, b"THISANDFUTURE").is_some();
                        format!("RECURRENCE-ID {} {has_range}", instance.0).into_bytes()
                    }
                    None => line_of(name, parameters, value),
                };
                open.last_mut()?.lines.push(line);
            }
        }
    }
    let root = open.pop()?;
    (open.is_empty() && root.lines.is_empty()).then_some(root.inner)
}

/// A line with its parameters in order, their names in upper case, their values without quotes.
fn line_of(name: Vec<u8>, parameters: &[u8], value: &[u8]) -> Vec<u8> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut rest = parameters;
    while let [b';', tail @ ..] = rest {
        let (one, next) = tail.split_at(parameter_end(tail));
        rest = next;
        let equals = one.iter().position(|byte| *byte == b'=').unwrap_or(one.len());
        let mut text = one[..equals].to_ascii_uppercase();
        if text == OF_THE_SERVER {
            continue;
        }
        text.extend(one[equals..].iter().filter(|byte| **byte != b'"'));
        all.push(text);
    }
    all.sort_unstable();
    let mut line = name;
    for parameter in all {
        line.push(b';');
        line.extend(parameter);
    }
    line.push(b':');
    line.extend(value.trim_ascii_end());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = "BEGIN:VCALENDAR\r\nPRODID:-//One//EN\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\n\
        END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=X:20260302T120000\r\n\
        ATTENDEE;CN=\"Ann, B\";PARTSTAT=ACCEPTED:mailto:ann@example.org\r\nBEGIN:VALARM\r\n\
        TRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn order_folds_quotes_line_ends_and_time_zones_make_no_difference() {
        let rewritten = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Two//EN\nBEGIN:VEVENT\n\
            BEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM\n\
            ATTENDEE;PARTSTAT=ACCEPTED;CN=Ann\\, B:mailto:ann@exa\n mple.org\n\
            dtstart;TZID=\"X\":20260302T120000\nUID:1\nEND:VEVENT\nEND:VCALENDAR\n"
            .replace("Ann\\, B", "\"Ann, B\"");
        assert!(means_the_same(EVENT.as_bytes(), rewritten.as_bytes()));
    }

    #[test]
    fn what_became_of_a_message_to_an_attendee_is_the_servers_own_note() {
        let noted = EVENT.replace("PARTSTAT=", "SCHEDULE-STATUS=\"1.2\";PARTSTAT=");
        assert!(means_the_same(EVENT.as_bytes(), noted.as_bytes()));
    }

    /// A series with an override and two instances that are excluded.
    const SERIES: &str = "BEGIN:VCALENDAR\r\nPRODID:-//One//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n\
        DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20260302T120000\r\n\
        RRULE:FREQ=DAILY;COUNT=9\r\nEXDATE;TZID=Europe/Berlin:20260303T120000\r\n\
        EXDATE;TZID=Europe/Berlin:20260304T120000\r\nSUMMARY:Round\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n\
        RECURRENCE-ID;TZID=Europe/Berlin:20260305T120000\r\nDTSTART:20260305T130000Z\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";

    fn says_so(text: &str) -> bool {
        let zones = || Zones::new(crate::Zone::utc());
        assert_eq!(
            says_the_same(text.as_bytes(), SERIES.as_bytes(), &mut zones()),
            says_the_same(SERIES.as_bytes(), text.as_bytes(), &mut zones())
        );
        says_the_same(SERIES.as_bytes(), text.as_bytes(), &mut zones())
    }

    #[test]
    fn stamps_and_the_way_in_which_instances_are_named_say_nothing_else() {
        let (first, second) = ("EXDATE;TZID=Europe/Berlin:20260303T120000\r\n", "20260304T120000");
        for (from, to) in [
            ("DTSTAMP:20260101T000000Z\r\n", ""),
            ("DTSTAMP:20260101", "LAST-MODIFIED:20260102T000000Z\r\nDTSTAMP:20260102"),
            (first, "EXDATE:20260303T110000Z\r\n"),
            (first, ""),
            ("RECURRENCE-ID;TZID=Europe/Berlin:20260305T12", "RECURRENCE-ID:20260305T11"),
        ] {
            let changed = SERIES.replace(from, to);
            let changed = match to {
                "" if from == first => changed.replace(second, "20260304T120000,20260303T120000"),
                _ if to.starts_with("RECURRENCE-ID") => {
                    changed.replace("0000\r\nDTSTART:", "0000Z\r\nDTSTART:")
                }
                _ => changed,
            };
            assert_ne!(changed, SERIES);
            assert!(!means_the_same(changed.as_bytes(), SERIES.as_bytes()));
            assert!(says_so(&changed), "{changed}");
        }
    }

    #[test]
    fn another_instance_that_is_named_says_something_else() {
        for (from, to) in [
            ("20260304T120000", "20260306T120000"),
            ("EXDATE;TZID=Europe/Berlin:20260304T120000\r\n", ""),
            (
                "RECURRENCE-ID;TZID=Europe/Berlin:20260305",
                "RECURRENCE-ID;TZID=Europe/Berlin:20260306",
            ),
            ("RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;"),
            ("SUMMARY:Round", "SUMMARY:Another"),
            ("DTSTART;TZID=Europe/Berlin:20260302T120000", "DTSTART:20260302T110000Z"),
            ("RRULE:FREQ=DAILY", "RRULE:FREQ=NEVER"),
        ] {
            let changed = SERIES.replace(from, to);
            assert_ne!(changed, SERIES);
            assert!(!says_so(&changed), "{changed}");
        }
    }

    #[test]
    fn the_instances_of_exdates_are_found_in_lists_and_behind_folds() {
        let text = SERIES.replace("04T120000", "04T12\r\n 0000,20260307T120000");
        let found = |text: &str| excluded(text.as_bytes(), &mut Zones::new(crate::Zone::utc()));
        let values = found(&text).unwrap().into_iter().collect::<Vec<_>>();
        let days = [3, 4, 7].map(|day| Moment(1_772_535_600 + (day - 3) * 86_400));
        assert_eq!(values, days.map(Excluded::Instance));
        assert_eq!(found(&text.replace("FREQ=DAILY", "FREQ=NEVER")), None);
    }

    #[test]
    fn another_value_parameter_line_or_component_does() {
        for (from, to) in [
            ("T120000", "T120001"),
            ("ACCEPTED", "DECLINED"),
            ("UID:1\r\n", "UID:1\r\nSEQUENCE:1\r\n"),
            ("TRIGGER:-PT5M", "TRIGGER:-PT6M"),
            ("BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n", ""),
        ] {
            let other = EVENT.replace(from, to);
            assert_ne!(other, EVENT, "{from}");
            assert!(!means_the_same(EVENT.as_bytes(), other.as_bytes()), "{from}");
        }
    }

    #[test]
    fn what_does_not_end_as_it_begins_is_the_same_as_nothing_else() {
        let cut = &EVENT[..EVENT.len() - 20];
        assert!(means_the_same(cut.as_bytes(), cut.as_bytes()));
        assert!(!means_the_same(cut.as_bytes(), cut.replace("-//One", "-//Two").as_bytes()));
        let deep = |by: usize| "BEGIN:A\r\n".repeat(by) + "X:1\r\n" + &"END:A\r\n".repeat(by);
        let same = |by: usize| {
            means_the_same(deep(by).as_bytes(), deep(by).replace("\r\n", "\n").as_bytes())
        };
        assert!(same(MAX_DEPTH) && !same(MAX_DEPTH + 1));
    }
}
