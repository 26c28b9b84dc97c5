//! Fuzz target: reading a calendar.

use ical::{Calendar, Zone, Zones};

use crate::lines::{logical, offset};

/// Reads `data` as a calendar: objects and their components must partition what was read, and an
/// event must be told the same whatever line ends the text has.
pub fn scan(data: &[u8]) {
    let Ok(calendar) = Calendar::parse(data) else {
        return;
    };
    let read = described(data, &calendar);
    let unix = data.iter().enumerate().filter(|(at, byte)| {
        let ends_line = data.get(at + 1) == Some(&b'\n');
        **byte != b'\r' || !ends_line
    });
    let unix: Vec<u8> = unix.map(|(_, byte)| *byte).collect();
    match Calendar::parse(&unix) {
        Ok(calendar) => assert_eq!(described(&unix, &calendar), read, "by line end"),
        Err(_) => panic!("it is a calendar only by its line ends"),
    }
}

/// A line for each component, in the order of the objects.
fn described(data: &[u8], calendar: &Calendar<'_>) -> Vec<String> {
    let zones = Zones::new(Zone::utc());
    let mut described = Vec::new();
    let mut next = 0;
    let mut uids: Vec<&[u8]> = Vec::new();
    let last_line = logical(data).len() + data.iter().filter(|byte| **byte == b'\n').count();
    let mut line_numbers = calendar.line_numbers();
    for object in calendar.objects() {
        assert!(!object.components().is_empty(), "an object without components");
        assert_eq!(object.components().start, next, "a component of no object");
        next = object.components().end;
        let number = line_numbers.of(object);
        assert!((1..=last_line).contains(&number), "it lies outside of the file: {number}");
        if !object.uid_bytes().is_empty() {
            uids.push(object.uid_bytes());
        }
        let mut before = None;
        for event in calendar.events_of(object) {
            let text = event.text();
            assert!(matches!(text.first(), Some(b'B' | b'b')), "a component begins elsewhere");
            let at = Some(offset(data, text));
            assert!(before < at, "the components of an object are out of order");
            before = at;
            assert!(!event.is_override() || event.is_recurring(), "an override does not recur");
            let status = event.status();
            assert!(!event.is_cancelled() || status == "CANCELLED", "two states: {status}");
            let organizer = event.organizer();
            if let Some(address) = &organizer {
                let blank = |c: char| c.is_whitespace() || c.is_control();
                assert!(address.contains('@') && !address.contains(blank), "no address");
                assert!(event.has_organizer(), "an address of nobody");
            }
            described.push(format!(
                "{} {} {status} {organizer:?} {} {} {:?} {:?} {} {}",
                object.uid(),
                event.summary(),
                event.sequence(),
                event.is_transparent(),
                event.created(&zones),
                event.last_modified(&zones),
                event.is_all_day(),
                event.is_declined_by("room@example.org"),
            ));
        }
    }
    assert_eq!(calendar.component_count(), next, "components without object");
    let count = uids.len();
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), count, "two objects of one UID");
    described
}
