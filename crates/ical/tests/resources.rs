//! Many resources read as one text: each is read as if it were alone.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;
#[path = "common/random.rs"]
mod random;

use common::{fixtures, moment};
use ical::{Budget, Calendar, Object, UnknownZones, Unreadable, Window, Zone, Zones};
use proptest::prelude::*;

const EVENT: &str = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Clock:20260302T100000\r\nEND:VEVENT\r\n";
const ZONE: &str = "BEGIN:VTIMEZONE\r\nTZID:Clock\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
    TZOFFSETFROM:+0000\r\nTZOFFSETTO:-0330\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

fn calendar(body: &str) -> String {
    format!("BEGIN:VCALENDAR\r\n{body}END:VCALENDAR\r\n")
}

/// The text of all resources, and where each ends.
fn joined<T: AsRef<[u8]>>(resources: &[T]) -> (Vec<u8>, Vec<usize>) {
    let mut text = Vec::new();
    let mut ends = Vec::new();
    for resource in resources {
        text.extend_from_slice(resource.as_ref());
        ends.push(text.len());
    }
    (text, ends)
}

/// What there is to know of an object: its UID, the texts of its components, and when it takes place
/// in 2026.
fn described(calendar: &Calendar<'_>, object: &Object<'_>) -> String {
    let window =
        Window { start: moment("2026-01-01T00:00:00Z"), end: moment("2027-01-01T00:00:00Z") };
    let mut zones = Zones::new(Zone::iana("Europe/Berlin").unwrap());
    let mut found = Vec::new();
    let budget = &mut Budget::new();
    let expanded = ical::expand(calendar, object, &mut zones, window, budget, &mut found);
    let first = object.components().start;
    let found: Vec<_> = found
        .iter()
        .map(|it| (it.start, it.end, it.original, it.component as usize - first))
        .collect();
    let events: Vec<_> = calendar
        .events_of(object)
        .map(|event| String::from_utf8_lossy(event.text()).into_owned())
        .collect();
    format!("{} {events:?} {expanded:?} {found:?}", object.uid())
}

/// The objects of a resource.
fn of_resource(calendar: &Calendar<'_>, resource: usize) -> Vec<String> {
    let objects = calendar.objects().iter().filter(|object| object.resource() == resource);
    objects.map(|object| described(calendar, object)).collect()
}

/// Checks that each resource holds what it holds alone.
fn check(text: &[u8], ends: &[usize]) {
    let together = Calendar::parse_resources(text, ends);
    let mut not_calendars = Vec::new();
    let mut start = 0;
    let mut count = 0;
    for (index, &end) in ends.iter().enumerate() {
        let found = of_resource(&together, index);
        count += found.len();
        match Calendar::parse(&text[start..end]) {
            Ok(alone) => assert_eq!(found, of_resource(&alone, 0), "{index}"),
            Err(_) => {
                assert!(found.is_empty(), "{index}: {found:?}");
                not_calendars.push(index as u32);
            }
        }
        start = end;
    }
    assert_eq!(together.not_calendars(), not_calendars);
    assert_eq!(together.objects().len(), count, "objects of no resource");
    assert!(together.objects().is_sorted_by_key(|object| object.resource()));
}

/// The start of each object in 2026, or why it cannot be read; zones that nothing defines are UTC.
fn starts(resources: &[&str]) -> Vec<Result<String, Unreadable>> {
    let (text, ends) = joined(resources);
    check(&text, &ends);
    let calendar = Calendar::parse_resources(&text, &ends);
    let mut zones = Zones::new(Zone::utc()).with_unknown_zones(UnknownZones::Calendar);
    let window =
        Window { start: moment("2026-01-01T00:00:00Z"), end: moment("2027-01-01T00:00:00Z") };
    let each = calendar.objects().iter().map(|object| {
        let mut found = Vec::new();
        let budget = &mut Budget::new();
        ical::expand(&calendar, object, &mut zones, window, budget, &mut found)?;
        Ok(format!("{:?}", found[0].start))
    });
    each.collect()
}

const OF_UTC: &str = "2026-03-02T10:00:00Z";
const OF_CLOCK: &str = "2026-03-02T13:30:00Z";

#[test]
fn what_one_resource_leaves_open_does_not_go_on_in_the_next() {
    let whole = calendar(EVENT);
    let (event, _) = whole.split_at(whole.len() - "END:VEVENT\r\nEND:VCALENDAR\r\n".len());
    let unfinished = Err(Unreadable::Unfinished);
    assert_eq!(starts(&[event, &whole]), [unfinished.clone(), Ok(OF_UTC.to_owned())]);
    // The end of it would fit.
    let end = "END:VEVENT\r\nEND:VCALENDAR\r\n";
    assert_eq!(starts(&[event, end, &whole]), [unfinished.clone(), Ok(OF_UTC.to_owned())]);
    // A calendar without its end, and an event that is in none.
    let (open, _) = whole.split_at(whole.len() - "END:VCALENDAR\r\n".len());
    assert_eq!(starts(&[open, EVENT]), [Ok(OF_UTC.to_owned())]);
    // A definition without its end.
    let open_zone = format!("BEGIN:VCALENDAR\r\n{}", ZONE.replace("END:VTIMEZONE\r\n", ""));
    assert_eq!(starts(&[&open_zone, &whole]), [Ok(OF_UTC.to_owned())]);
    // A line that goes on where a line is folded.
    let at_line = event.trim_end();
    let folded = format!(" T1\r\nX:{whole}");
    assert_eq!(starts(&[at_line, &folded]), std::slice::from_ref(&unfinished));
    let in_text = format!("{event}SUMMARY:x");
    assert_eq!(starts(&[&in_text, &whole]), [unfinished, Ok(OF_UTC.to_owned())]);
}

#[test]
fn a_definition_serves_the_events_of_its_own_resource_only() {
    let with_zone = calendar(&format!("{ZONE}{EVENT}"));
    let without = calendar(EVENT);
    let (clock, utc) = (Ok(OF_CLOCK.to_owned()), Ok(OF_UTC.to_owned()));
    let found = starts(&[&without, &with_zone, &without, &with_zone]);
    assert_eq!(found, [utc.clone(), clock.clone(), utc, clock]);
}

#[test]
fn one_uid_in_two_resources_is_two_objects_and_in_one_resource_is_one() {
    let event = |uid: &str, lines: &str| {
        format!("BEGIN:VEVENT\r\nUID:{uid}\r\n{lines}DTSTART:20260302T100000Z\r\nEND:VEVENT\r\n")
    };
    let second = "RECURRENCE-ID:20260302T100000Z\r\n";
    let a = event("a", "") + &event("b", "") + &event("a", second) + &event("", "");
    let resources = [calendar(&a), calendar(&event("b", "")), calendar(&a) + &calendar(&a)];
    let (text, ends) = joined(&resources);
    check(&text, &ends);
    let calendar = Calendar::parse_resources(&text, &ends);
    let found: Vec<_> = calendar
        .objects()
        .iter()
        .map(|it| (it.resource(), it.uid().into_owned(), it.components().len()))
        .collect();
    let expected = [
        (0, "a", 2),
        (0, "b", 1),
        (0, "", 1),
        (1, "b", 1),
        (2, "a", 4),
        (2, "b", 2),
        (2, "", 1),
        (2, "", 1),
    ];
    assert_eq!(found, expected.map(|(resource, uid, count)| (resource, uid.to_owned(), count)));
}

#[test]
fn each_resource_may_begin_with_a_byte_order_mark() {
    let marked = format!("\u{FEFF}{}", calendar(EVENT));
    let no_line_end = marked.trim_end();
    assert_eq!(starts(&[no_line_end, &marked, no_line_end]), vec![Ok(OF_UTC.to_owned()); 3]);
    let (text, ends) = joined(&[no_line_end, &marked, "\u{FEFF}"]);
    assert_eq!(Calendar::parse_resources(&text, &ends).not_calendars(), [2]);
}

#[test]
fn resources_that_are_no_calendars_are_named_and_have_no_objects() {
    let whole = calendar(EVENT);
    let resources = ["", &whole, "\r\n \r\n", EVENT, &whole, "<html>", &whole, ""];
    let (text, ends) = joined(&resources);
    check(&text, &ends);
    let calendar = Calendar::parse_resources(&text, &ends);
    assert_eq!(calendar.not_calendars(), [0, 2, 3, 5, 7]);
    let resources: Vec<usize> = calendar.objects().iter().map(Object::resource).collect();
    assert_eq!(resources, [1, 4, 6]);
}

#[test]
fn ends_out_of_order_or_behind_the_text_do_no_harm() {
    let whole = calendar(EVENT);
    let (text, ends) = joined(&[&whole, &whole, &whole]);
    let read = |ends: &[usize]| {
        let calendar = Calendar::parse_resources(&text, ends);
        let resources: Vec<usize> = calendar.objects().iter().map(Object::resource).collect();
        (resources, calendar.not_calendars().to_vec())
    };
    assert_eq!(read(&ends), (vec![0, 1, 2], vec![]));
    assert_eq!(read(&[ends[0], 0, ends[1], usize::MAX]), (vec![0, 2, 3], vec![1]));
    assert_eq!(read(&[usize::MAX, ends[0], ends[1]]), (vec![0], vec![1, 2]));
    assert_eq!(read(&[ends[0], ends[0], 7]), (vec![0], vec![1, 2]));
    assert_eq!(read(&[ends[1]]), (vec![0], vec![]), "what is behind the last is not read");
    assert_eq!(read(&[]), (vec![], vec![]));
    assert!(Calendar::parse_resources(b"", &[0, 5, 3]).objects().is_empty());
}

#[test]
fn places_and_line_numbers_are_those_of_the_whole_text() {
    let whole = calendar(EVENT);
    let (text, ends) = joined(&[&whole, "no\r\ncalendar\r\n", &whole]);
    let calendar = Calendar::parse_resources(&text, &ends);
    let mut lines = calendar.line_numbers();
    let numbers: Vec<usize> = calendar.objects().iter().map(|object| lines.of(object)).collect();
    assert_eq!(numbers, [2, 10]);
    let last = calendar.event(calendar.objects()[1].components().start).text();
    let place = last.as_ptr() as usize - text.as_ptr() as usize;
    assert_eq!(place, ends[1] + "BEGIN:VCALENDAR\r\n".len());
    assert_eq!(last, EVENT.as_bytes());
}

#[test]
fn an_object_of_a_text_that_was_read_as_one_is_of_resource_zero() {
    let text = calendar(EVENT) + &calendar(&EVENT.replace("UID:1", "UID:2"));
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    assert_eq!(calendar.objects().iter().map(Object::resource).collect::<Vec<_>>(), [0, 0]);
    assert!(calendar.not_calendars().is_empty());
}

#[test]
fn every_fixture_holds_the_same_alone_and_among_all_others() {
    let texts: Vec<Vec<u8>> = fixtures().iter().map(|path| std::fs::read(path).unwrap()).collect();
    let (text, ends) = joined(&texts);
    check(&text, &ends);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_text_that_is_cut_anywhere_holds_in_each_part_what_the_part_holds_alone(
        texts in prop::collection::vec(random::object(), 1..4),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        has_all in any::<bool>(),
    ) {
        let (text, ends) = joined(&texts);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
        if has_all {
            cuts.extend(ends);
        }
        cuts.sort_unstable();
        check(&text, &cuts);
    }
}
