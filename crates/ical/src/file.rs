//! Joins many calendar objects into one file, and splits a file into objects.

use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem;

use crate::event::Event;
use crate::line::{Lines, parameter, split_times, unfold};
use crate::property::Property;
use crate::scan::{Calendar, Object};
use crate::text::unescape_bytes;

const HEAD: &[u8] =
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Room Booking//Room Booking//EN\r\n\
      CALSCALE:GREGORIAN\r\n";
const TAIL: &[u8] = b"END:VCALENDAR\r\n";

/// An object as a calendar object resource (RFC 4791 section 4.1): its components as written, with
/// the VTIMEZONEs that they refer to.
pub fn object_text(calendar: &Calendar<'_>, object: &Object<'_>) -> Vec<u8> {
    let mut out = HEAD.to_vec();
    let mut components: Vec<_> =
        object.components().map(|index| &calendar.components[index]).collect();
    components.sort_by_key(|component| component.bytes.start);
    let names = zone_names(calendar, object);
    let mut scopes: Vec<u32> = components.iter().map(|component| component.scope).collect();
    scopes.dedup();
    let mut written = BTreeSet::new();
    for scope in scopes {
        // Where no component names a zone, the only VTIMEZONE may still say which day an UNTIL means.
        let only = calendar
            .only_definition(scope)
            .filter(|_| is_read_by_all_zones(calendar, object, scope));
        for (tzid, definition) in calendar.definitions(scope) {
            let is_named = names.contains(tzid) || names.contains(&unescape_bytes(tzid));
            // Of two definitions of one TZID in a VCALENDAR the first counts.
            if (is_named || only == Some(tzid)) && written.insert(tzid) {
                push_lines(&mut out, definition);
            }
        }
    }
    for component in components {
        push_lines(&mut out, &calendar.text[component.bytes.clone()]);
        if !component.finished {
            out.extend_from_slice(b"END:VEVENT\r\n");
        }
    }
    out.extend_from_slice(TAIL);
    out
}

/// The TZIDs of all parameters in the components of an object, those of alarms too.
fn zone_names(calendar: &Calendar<'_>, object: &Object<'_>) -> BTreeSet<Vec<u8>> {
    let mut names = BTreeSet::new();
    for event in calendar.events_of(object) {
        for line in Lines::from(event.text(), 0) {
            let line = unfold(line.bytes);
            let Some(at) = line.iter().position(|byte| matches!(byte, b';' | b':')) else {
                continue;
            };
            let Some((parameters, _)) = split_times(&line[at..]) else { continue };
            if let Some(tzid) = parameter(parameters, "TZID")
                && !names.contains(tzid)
            {
                names.insert(tzid.to_vec());
            }
        }
    }
    names
}

/// Joins calendar object resources into one file: a VCALENDAR with all their events and each of
/// their VTIMEZONEs once. If two resources mean different things by one TZID, the later ones get a
/// VCALENDAR of their own; so do those whose meaning depends on the only VTIMEZONE of theirs, or on
/// its absence. Resources that are no iCalendar are left out.
pub fn join(resources: &[&[u8]]) -> Vec<u8> {
    let mut calendars: Vec<Joined<'_>> = vec![Joined::default()];
    for resource in resources {
        let Ok(parsed) = Calendar::parse(resource) else { continue };
        for scope in parsed.scopes() {
            let zones: Zones<'_> = parsed
                .definitions(scope)
                .map(|(tzid, text)| Definition { tzid: tzid.to_vec(), text })
                .collect();
            let is_apart =
                parsed.objects().iter().any(|it| is_read_by_all_zones(&parsed, it, scope));
            let fits = |it: &Joined<'_>| it.takes(&zones, is_apart);
            let at = calendars.iter().take(MAX_VCALENDARS).position(fits);
            let at = at.unwrap_or_else(|| {
                calendars.push(Joined { is_apart, ..Joined::default() });
                calendars.len() - 1
            });
            let joined = &mut calendars[at];
            for zone in zones {
                joined.add(zone);
            }
            let mut events: Vec<_> =
                parsed.components.iter().filter(|it| it.scope == scope).collect();
            events.sort_by_key(|it| it.bytes.start);
            for component in events {
                let end = if component.finished { &b""[..] } else { b"END:VEVENT\r\n" };
                joined.events.push((&resource[component.bytes.clone()], end));
            }
        }
    }
    if calendars.len() > 1 {
        calendars.retain(|it| !it.events.is_empty() || !it.zones.is_empty());
    }
    let mut out = Vec::new();
    for Joined { zones, events, .. } in calendars {
        out.extend_from_slice(HEAD);
        zones.values().for_each(|definition| push_lines(&mut out, definition));
        for (event, end) in events {
            push_lines(&mut out, event);
            out.extend_from_slice(end);
        }
        out.extend_from_slice(TAIL);
    }
    out
}

/// Whether the meaning of an object depends on which VTIMEZONEs its VCALENDAR contains: it names no
/// zone, and has an UNTIL in UTC of whole days.
fn is_read_by_all_zones(calendar: &Calendar<'_>, object: &Object<'_>, scope: u32) -> bool {
    let reads_until = |event: &Event<'_, '_>| {
        event.component.scope == scope
            && event.is_all_day()
            && event.lines.iter().any(|line| {
                matches!(line.property, Property::RRule | Property::ExRule)
                    && memmem::find(&line.rest().to_ascii_uppercase(), b"UNTIL").is_some()
            })
    };
    calendar.events_of(object).any(|event| reads_until(&event))
        && zone_names(calendar, object).is_empty()
}

/// VCALENDARs that are searched for one with the same zones; beyond, each resource gets its own.
const MAX_VCALENDARS: usize = 100;

/// A VTIMEZONE with its TZID as written.
struct Definition<'a> {
    tzid: Vec<u8>,
    text: &'a [u8],
}

type Zones<'a> = Vec<Definition<'a>>;

/// A VCALENDAR under construction.
#[derive(Default)]
struct Joined<'a> {
    /// By their TZIDs as written.
    zones: BTreeMap<Vec<u8>, &'a [u8]>,
    /// The definition for each name that a TZID parameter may have: the TZIDs as written, and
    /// unescaped.
    names: BTreeMap<Vec<u8>, &'a [u8]>,
    events: Vec<(&'a [u8], &'static [u8])>,
    /// Whether it contains exactly these VTIMEZONEs.
    is_apart: bool,
}

impl<'a> Joined<'a> {
    /// Whether these zones have the same meaning in both.
    fn takes(&self, zones: &[Definition<'_>], is_apart: bool) -> bool {
        let agrees = |name: &[u8], text: &[u8]| self.names.get(name).is_none_or(|it| *it == text);
        let has = |zone: &Definition<'_>| self.zones.get(&zone.tzid) == Some(&zone.text);
        if is_apart || self.is_apart {
            return is_apart == self.is_apart
                && zones.iter().all(has)
                && self.zones.keys().all(|tzid| zones.iter().any(|it| it.tzid == *tzid));
        }
        let both = |zone: &Definition<'_>| {
            agrees(&zone.tzid, zone.text) && agrees(&unescape_bytes(&zone.tzid), zone.text)
        };
        zones.iter().all(both)
    }

    fn add(&mut self, zone: Definition<'a>) {
        self.names.entry(unescape_bytes(&zone.tzid)).or_insert(zone.text);
        self.names.entry(zone.tzid.clone()).or_insert(zone.text);
        self.zones.entry(zone.tzid).or_insert(zone.text);
    }
}

/// Adds lines, with an end to the last of them.
fn push_lines(out: &mut Vec<u8>, lines: &[u8]) {
    out.extend_from_slice(lines);
    if !lines.ends_with(b"\n") {
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: &str = "BEGIN:VTIMEZONE\r\nTZID:Here\r\nEND:VTIMEZONE\r\n";

    fn file(zone: &str, events: &[(&str, &str)]) -> String {
        let events: String = events
            .iter()
            .map(|(uid, rest)| format!("BEGIN:VEVENT\r\nUID:{uid}\r\n{rest}END:VEVENT\r\n"))
            .collect();
        format!("BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\n{zone}{events}END:VCALENDAR\r\n")
    }

    #[test]
    fn an_object_is_cut_out_with_its_overrides_and_the_zones_that_it_names() {
        let at = "DTSTART;TZID=Here:20260302T120000\r\n";
        let other = "BEGIN:VTIMEZONE\r\nTZID:There\r\nEND:VTIMEZONE\r\n";
        let text = file(&format!("{ZONE}{other}"), &[("a", at), ("b", ""), ("a", "X-O:1\r\n")]);
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let a = String::from_utf8(object_text(&calendar, &calendar.objects()[0])).unwrap();
        assert!(a.contains(ZONE) && !a.contains("There") && !a.contains("METHOD"), "{a}");
        assert!(a.contains(at) && a.contains("X-O:1") && !a.contains("UID:b"), "{a}");
        let b = String::from_utf8(object_text(&calendar, &calendar.objects()[1])).unwrap();
        assert!(!b.contains("VTIMEZONE") && b.contains("UID:b"), "{b}");
        assert_eq!(Calendar::parse(a.as_bytes()).unwrap().objects().len(), 1);
    }

    #[test]
    fn an_event_that_lost_its_end_gets_one_and_swallows_nothing() {
        let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:x";
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let alone = object_text(&calendar, &calendar.objects()[0]);
        assert!(alone.ends_with(b"SUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
        let next = file("", &[("b", "")]);
        let joined = join(&[text.as_bytes(), next.as_bytes()]);
        assert_eq!(Calendar::parse(&joined).unwrap().objects().len(), 2);
    }

    #[test]
    fn joined_resources_share_zones_that_agree_and_are_kept_apart_where_they_do_not() {
        let other = "BEGIN:VTIMEZONE\r\nTZID:Here\r\nX-OTHER:1\r\nEND:VTIMEZONE\r\n";
        let resources = [
            file(ZONE, &[("a", "")]),
            file(ZONE, &[("b", "")]),
            file(other, &[("c", "")]),
            "no calendar".to_owned(),
            file("", &[("d", "")]),
        ];
        let texts: Vec<_> = resources.iter().map(|it| it.as_bytes()).collect();
        let joined = String::from_utf8(join(&texts)).unwrap();
        assert_eq!(joined.matches("BEGIN:VCALENDAR").count(), 2);
        assert_eq!(joined.matches("TZID:Here").count(), 2);
        let uids: Vec<_> = Calendar::parse(joined.as_bytes())
            .unwrap()
            .objects()
            .iter()
            .map(|it| it.uid().into_owned())
            .collect();
        assert_eq!(uids, ["a", "b", "d", "c"]);
        let (first, second) = joined.split_at(joined.rfind("BEGIN:VCALENDAR").unwrap());
        assert!(!first.contains("X-OTHER") && second.contains("X-OTHER"));
        assert_eq!(join(&[]), [HEAD, TAIL].concat());
    }

    #[test]
    fn a_zone_whose_tzid_is_text_goes_with_its_object_also_where_lines_are_folded() {
        let zone = "BEGIN:VTIMEZONE\r\nTZID:Dublin\\, London\r\nEND:VTIMEZONE\r\n";
        let at = "DTSTART;TZID=\"Dublin, Lon\r\n don\":20260302T120000\r\n";
        let alarm = "BEGIN:VALARM\r\nX-A;TZID=Here:1\r\nEND:VALARM\r\n";
        let text = file(&format!("{zone}{ZONE}"), &[("a", at), ("b", alarm), ("c", "")]);
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let texts: Vec<_> = calendar
            .objects()
            .iter()
            .map(|it| String::from_utf8(object_text(&calendar, it)).unwrap())
            .collect();
        assert!(texts[0].contains(zone) && !texts[0].contains(ZONE), "{}", texts[0]);
        assert!(texts[1].contains(ZONE) && !texts[1].contains(zone), "{}", texts[1]);
        assert!(!texts[2].contains("VTIMEZONE"), "{}", texts[2]);
    }

    const DAYS: &str = "DTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=DAILY;UNTIL=20260107T150000Z\r\n";

    #[test]
    fn the_only_zone_of_a_file_goes_with_a_series_of_days_that_is_read_by_it() {
        let text = file(ZONE, &[("a", DAYS)]);
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let a = String::from_utf8(object_text(&calendar, &calendar.objects()[0])).unwrap();
        assert!(a.contains(ZONE), "{a}");
        let other = ZONE.replace("Here", "There");
        let text = file(&format!("{ZONE}{other}"), &[("a", DAYS)]);
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let a = String::from_utf8(object_text(&calendar, &calendar.objects()[0])).unwrap();
        assert!(!a.contains("VTIMEZONE"), "{a}");
    }

    #[test]
    fn joined_series_of_days_keep_the_zones_that_they_are_read_by() {
        let other = ZONE.replace("Here", "There");
        let resources = [
            file("", &[("a", "")]),
            file(ZONE, &[("b", DAYS)]),
            file(&other, &[("c", "")]),
            file("", &[("d", DAYS)]),
            file(ZONE, &[("e", DAYS)]),
            file("", &[("f", DAYS)]),
        ];
        let texts: Vec<_> = resources.iter().map(|it| it.as_bytes()).collect();
        let joined = String::from_utf8(join(&texts)).unwrap();
        let calendars: Vec<(usize, String)> = joined
            .split("END:VCALENDAR")
            .filter(|it| it.contains("VEVENT"))
            .map(|it| {
                let uids = it.split("UID:").skip(1).map(|uid| &uid[..1]).collect();
                (it.matches("BEGIN:VTIMEZONE").count(), uids)
            })
            .collect();
        let expected = [(1, "ac"), (1, "be"), (0, "df")].map(|(zones, it)| (zones, it.to_owned()));
        assert_eq!(calendars, expected);
    }

    #[test]
    fn a_tzid_that_another_has_without_its_escapes_is_kept_apart() {
        let zone = |tzid: &str| ZONE.replace("Here", tzid);
        let resources = [file(&zone("A\\, B"), &[("a", "")]), file(&zone("A, B"), &[("b", "")])];
        let texts: Vec<_> = resources.iter().map(|it| it.as_bytes()).collect();
        let joined = String::from_utf8(join(&texts)).unwrap();
        assert_eq!(joined.matches("BEGIN:VCALENDAR").count(), 2, "{joined}");
    }

    #[test]
    fn what_is_not_public_is_private() {
        for (lines, expected) in [
            ("", false),
            ("CLASS:PUBLIC\r\n", false),
            ("class:private\r\n", true),
            ("CLASS;X=1:CONFIDENTIAL\r\n", true),
            ("CLASS:X-SECRET\r\n", true),
            ("CLA\r\n SS:PRI\r\n VATE\r\n", true),
            ("CLASS:PRI\r\n VATE\r\n", true),
            ("CLASSES:PRIVATE\r\n", false),
            ("BEGIN:VALARM\r\nCLASS:PRIVATE\r\nEND:VALARM\r\n", false),
        ] {
            let text = file("", &[("a", lines)]);
            let calendar = Calendar::parse(text.as_bytes()).unwrap();
            assert_eq!(calendar.event(0).is_private(), expected, "{lines}");
        }
    }
}
