//! One file of many calendar objects, and back.

use std::collections::BTreeMap;

use memchr::memmem;

use crate::scan::{Calendar, Object};

const HEAD: &[u8] =
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Room Booking//Room Booking//EN\r\n\
      CALSCALE:GREGORIAN\r\n";
const TAIL: &[u8] = b"END:VCALENDAR\r\n";

/// An object as a calendar object resource of its own (RFC 4791 section 4.1): its components as they
/// stand, with the VTIMEZONEs that they name.
pub fn object_text(calendar: &Calendar<'_>, object: &Object<'_>) -> Vec<u8> {
    let mut out = HEAD.to_vec();
    let mut components: Vec<_> =
        object.components().map(|index| &calendar.components[index]).collect();
    components.sort_by_key(|component| component.bytes.start);
    let texts: Vec<_> =
        components.iter().map(|component| &calendar.text[component.bytes.clone()]).collect();
    let mut written = Vec::new();
    for component in &components {
        for (tzid, definition) in calendar.definitions(component.scope) {
            // Of two definitions of one TZID in a VCALENDAR the first counts.
            let is_written = written.contains(&tzid);
            if !is_written && texts.iter().any(|text| memmem::find(text, tzid).is_some()) {
                push_lines(&mut out, definition);
                written.push(tzid);
            }
        }
    }
    for (component, text) in components.iter().zip(texts) {
        push_lines(&mut out, text);
        if !component.finished {
            out.extend_from_slice(b"END:VEVENT\r\n");
        }
    }
    out.extend_from_slice(TAIL);
    out
}

/// Calendar object resources as one file: a VCALENDAR with all their events and each of their
/// VTIMEZONEs once. Where two resources mean different things by one TZID, the later ones stand in a
/// VCALENDAR of their own. What is no iCalendar is left out.
pub fn join(resources: &[&[u8]]) -> Vec<u8> {
    let mut calendars: Vec<Joined<'_>> = vec![Joined::default()];
    for resource in resources {
        let Ok(parsed) = Calendar::parse(resource) else { continue };
        for scope in parsed.scopes() {
            let zones: Vec<_> = parsed
                .definitions(scope)
                .map(|(tzid, definition)| (tzid.to_vec(), definition))
                .collect();
            let fits = calendars.iter().take(MAX_VCALENDARS).position(|it| it.takes(&zones));
            let at = fits.unwrap_or_else(|| {
                calendars.push(Joined::default());
                calendars.len() - 1
            });
            let joined = &mut calendars[at];
            for (tzid, definition) in zones {
                joined.zones.entry(tzid).or_insert(definition);
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
    let mut out = Vec::new();
    for Joined { zones, events } in calendars {
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

/// VCALENDARs that are looked at for one that agrees about zones; beyond, each resource has its own.
const MAX_VCALENDARS: usize = 100;

/// A VCALENDAR that is being put together.
#[derive(Default)]
struct Joined<'a> {
    zones: BTreeMap<Vec<u8>, &'a [u8]>,
    events: Vec<(&'a [u8], &'static [u8])>,
}

impl Joined<'_> {
    /// Whether these zones mean here what they mean there.
    fn takes(&self, zones: &[(Vec<u8>, &[u8])]) -> bool {
        let agrees =
            |(tzid, text): &(Vec<u8>, &[u8])| self.zones.get(tzid).is_none_or(|it| it == text);
        zones.iter().all(agrees)
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
    fn what_is_not_public_is_private() {
        for (lines, expected) in [
            ("", false),
            ("CLASS:PUBLIC\r\n", false),
            ("class:private\r\n", true),
            ("CLASS;X=1:CONFIDENTIAL\r\n", true),
            ("CLASS:X-SECRET\r\n", true),
            ("CLA\r\n SS:PRI\r\n VATE\r\n", false),
            ("CLASS:PRI\r\n VATE\r\n", true),
            ("CLASSES:PRIVATE\r\n", false),
            ("BEGIN:VALARM\r\nCLASS:PRIVATE\r\nEND:VALARM\r\n", false),
        ] {
            let text = file("", &[("a", lines)]);
            let calendar = Calendar::parse(text.as_bytes()).unwrap();
            assert_eq!(calendar.event(0).is_private(&calendar), expected, "{lines}");
        }
    }
}
