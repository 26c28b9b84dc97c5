//! Bringing an occurrence back that was removed: its EXDATE goes, its override comes back, and every other
//! byte stays; also where the series was changed since.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod common;
#[path = "common/random.rs"]
mod random;

use common::{Expected, fixtures, moment};
use ical::{
    Budget, Calendar, Edited, Editor, IncludeError, Included, Moment, NewTimes, Window, Zone,
    Zones, cancel, include,
};
use proptest::prelude::*;

const NOW: &str = "2026-11-22T12:00:00Z";

fn editor() -> Editor<'static> {
    Editor { now: moment(NOW), room_address: None }
}

/// An object of these components; `\n` ends a line as `\r\n`.
fn object(components: &[&str]) -> String {
    let events = components.iter().map(|it| {
        format!("BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n{}\nEND:VEVENT\n", it.trim())
    });
    let events: String = events.collect();
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n").replace('\n', "\r\n")
}

fn zones() -> Zones {
    Zones::new(Zone::iana("Europe/Berlin").unwrap())
}

fn included(text: &str, original: &str, earlier: &str) -> Result<Included, IncludeError> {
    let (now, then) =
        (Calendar::parse(text.as_bytes()).unwrap(), Calendar::parse(earlier.as_bytes()).unwrap());
    let earlier = (&then, &then.objects()[0]);
    include(&now, &now.objects()[0], &mut zones(), moment(original), earlier, &editor())
}

/// The text without an occurrence.
fn without(text: &str, original: &str) -> String {
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let gone = [moment(original)];
    let edited = cancel(&calendar, &calendar.objects()[0], &mut zones(), &gone, &editor()).unwrap();
    let Edited::Text(text) = edited else { panic!("nothing remains") };
    String::from_utf8(text).unwrap()
}

/// The EXDATE lines of a text, folds and all.
fn exdates(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text).replace("\r\n ", "⏎");
    text.split("\r\n").filter(|line| line.starts_with("EXDATE")).map(str::to_owned).collect()
}

const WEEKLY: &str = "DTSTART;TZID=Europe/Berlin:20260302T090000
DTEND;TZID=Europe/Berlin:20260302T100000
RRULE:FREQ=WEEKLY;COUNT=6
SUMMARY:Jour fixe";

/// 9 March, 09:00 in Berlin.
const SECOND: &str = "2026-03-09T08:00:00Z";

#[test]
fn a_value_is_taken_out_of_its_list_whatever_its_form_and_the_others_stay_as_they_are() {
    let earlier = object(&[WEEKLY]);
    for (exdate, left) in [
        ("EXDATE;TZID=Europe/Berlin:20260309T090000", ""),
        ("EXDATE:20260309T080000Z", ""),
        ("EXDATE:20260309T090000", ""),
        ("EXDATE;TZID=\"America/New_York\":20260309T040000", ""),
        (
            "EXDATE;TZID=Europe/Berlin:20260309T090000,20260316T090000",
            "EXDATE;TZID=Europe/Berlin:20260316T090000",
        ),
        (
            "EXDATE;TZID=Europe/Berlin:20260316T090000,20260309T090000",
            "EXDATE;TZID=Europe/Berlin:20260316T090000",
        ),
        (
            "EXDATE:20260316T080000Z, 20260309T080000Z ,20260323T080000Z",
            "EXDATE:20260316T080000Z,20260323T080000Z",
        ),
        ("EXDATE:20260309T080000Z,20260309T080000Z,20260316T080000Z", "EXDATE:20260316T080000Z"),
        ("EXDATE:20260309T080000Z,,20260316T080000Z,", "EXDATE:,20260316T080000Z,"),
        ("EXDATE:20260309T080000Z,", ""),
        (
            "EXDATE;X-A=\"20260309T080000Z,1\":20260316T080000Z\nEXDATE:20260309T080000Z",
            "EXDATE;X-A=\"20260309T080000Z,1\":20260316T080000Z",
        ),
    ] {
        let text = object(&[&format!("{WEEKLY}\n{exdate}")]);
        let back = included(&text, SECOND, &earlier).unwrap();
        assert_eq!(exdates(&back.text).join("|"), left, "{exdate}");
        assert_eq!(back.instance, moment(SECOND));
    }
}

#[test]
fn an_exdate_of_a_day_comes_out_of_a_series_of_days_and_of_times() {
    let days = "DTSTART;VALUE=DATE:20260302\nRRULE:FREQ=WEEKLY;COUNT=6";
    let text = object(&[&format!("{days}\nEXDATE;VALUE=DATE:20260309,20260316")]);
    let back = included(&text, "2026-03-08T23:00:00Z", &object(&[days])).unwrap();
    assert_eq!(exdates(&back.text), ["EXDATE;VALUE=DATE:20260316"]);
    let text = object(&[&format!("{WEEKLY}\nEXDATE;VALUE=DATE:20260309")]);
    let back = included(&text, SECOND, &object(&[WEEKLY])).unwrap();
    assert_eq!(exdates(&back.text), [] as [&str; 0]);
    // An EXDATE of a day that excludes two instances is not removed for one of them.
    let hourly = "DTSTART:20260302T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYHOUR=9,14;COUNT=20";
    let text = object(&[&format!("{hourly}\nEXDATE;VALUE=DATE:20260309")]);
    let refused = included(&text, "2026-03-09T14:00:00Z", &object(&[hourly]));
    assert_eq!(refused, Err(IncludeError::Unclear));
}

#[test]
fn folds_stay_where_something_is_left_behind_them() {
    let earlier = object(&[WEEKLY]);
    let (a, b, c) = ("20260309T080000Z", "20260316T080000Z", "20260323T080000Z");
    for (exdate, original, left) in [
        (format!("EXDATE:{a},\n {b},{c}"), "2026-03-09T08:00:00Z", format!("EXDATE:⏎{b},{c}")),
        (format!("EXDATE:{a},\n {b},{c}"), "2026-03-16T08:00:00Z", format!("EXDATE:{a}⏎,{c}")),
        (format!("EXDATE:{a},{b},\n {c}"), "2026-03-23T08:00:00Z", format!("EXDATE:{a},{b}")),
        (format!("EXDATE:{a}\n ,{b}"), "2026-03-16T08:00:00Z", format!("EXDATE:{a}")),
        (
            format!("EXDATE:{a},2026\n 0316T08\n 0000Z,{c}"),
            "2026-03-16T08:00:00Z",
            format!("EXDATE:{a}⏎,{c}"),
        ),
        (format!("EX\n DATE;VALUE=DATE-\n TIME:{a}"), "2026-03-09T08:00:00Z", String::new()),
        (
            format!("EXDATE;VALUE=DATE-\n TIME:{a},{b}"),
            "2026-03-09T08:00:00Z",
            format!("EXDATE;VALUE=DATE-⏎TIME:{b}"),
        ),
    ] {
        let text = object(&[&format!("{WEEKLY}\n{exdate}")]);
        let back = included(&text, original, &earlier).unwrap();
        let lines = exdates(&back.text);
        assert_eq!(lines.join("|"), left, "{exdate}");
        assert!(lines.iter().flat_map(|line| line.split('⏎')).all(|line| line.len() <= 75));
    }
}

#[test]
fn a_renamed_series_keeps_its_new_name_and_only_its_stamps_change() {
    let earlier = object(&[WEEKLY]);
    let text = without(&earlier, SECOND);
    let renamed =
        text.replace("SUMMARY:Jour fixe", "SUMMARY:Round\r\nLAST-MODIFIED:20261101T000000Z");
    let back = included(&renamed, SECOND, &earlier).unwrap();
    let expected = renamed
        .replace("EXDATE;TZID=Europe/Berlin:20260309T090000\r\n", "")
        .replace("LAST-MODIFIED:20261101T000000Z", "LAST-MODIFIED:20261122T120000Z")
        .replace("SEQUENCE:1", "SEQUENCE:2");
    assert_eq!(String::from_utf8(back.text).unwrap(), expected);
}

#[test]
fn an_attendees_copy_keeps_its_sequence() {
    let earlier = object(&[&format!("{WEEKLY}\nSEQUENCE:3\nORGANIZER:mailto:a@example.org")]);
    let back = included(&without(&earlier, SECOND), SECOND, &earlier).unwrap();
    assert!(String::from_utf8(back.text).unwrap().contains("\r\nSEQUENCE:3\r\n"));
}

#[test]
fn of_a_series_that_was_moved_with_its_exdates_the_date_is_found_at_its_new_place() {
    let earlier = object(&[WEEKLY]);
    let text = without(&earlier, SECOND);
    for (start, end, rule, back_at) in [
        // To the afternoon, and to another day.
        (
            "2026-03-02T13:00:00Z",
            "2026-03-02T14:00:00Z",
            "FREQ=WEEKLY;COUNT=6",
            "2026-03-09T13:00:00Z",
        ),
        (
            "2026-03-04T13:00:00Z",
            "2026-03-04T14:00:00Z",
            "FREQ=WEEKLY;COUNT=6",
            "2026-03-11T13:00:00Z",
        ),
        (
            "2026-03-01T08:00:00Z",
            "2026-03-01T09:00:00Z",
            "FREQ=WEEKLY;COUNT=6",
            "2026-03-08T08:00:00Z",
        ),
    ] {
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let times = NewTimes::Timed { start: moment(start), end: moment(end) };
        let changes = ical::Changes { times: Some(times), ..ical::Changes::default() };
        let moved = ical::change(
            &calendar,
            &calendar.objects()[0],
            &mut zones(),
            &changes,
            None,
            &editor(),
        );
        let moved = String::from_utf8(moved.unwrap()).unwrap();
        let back = included(&moved, SECOND, &earlier).unwrap();
        assert_eq!(back.instance, moment(back_at), "{rule}");
        assert_eq!(exdates(&back.text), [] as [&str; 0]);
    }
}

#[test]
fn what_the_series_no_longer_has_is_not_brought_back() {
    let earlier = object(&[WEEKLY]);
    let out = without(&earlier, SECOND);
    for (from, to, error) in [
        // Its client moved the series and left the EXDATE: then that day takes place at the new time.
        ("0302T090000", "0302T080000", IncludeError::TakesPlace),
        // It ended before, and it is on another day.
        ("COUNT=6", "COUNT=1", IncludeError::NoSuchInstance),
        (
            "DTSTART;TZID=Europe/Berlin:20260302",
            "DTSTART;TZID=Europe/Berlin:20260303",
            IncludeError::NoSuchInstance,
        ),
        // Its organizer has called all of it off.
        ("SUMMARY", "STATUS:CANCELLED\r\nSUMMARY", IncludeError::NoSuchInstance),
        // Nothing excludes it any more.
        (
            "EXDATE;TZID=Europe/Berlin:20260309",
            "EXDATE;TZID=Europe/Berlin:20260316",
            IncludeError::TakesPlace,
        ),
    ] {
        let text = out.replace(from, to);
        assert_ne!(text, out, "{from}");
        assert_eq!(included(&text, SECOND, &earlier), Err(error), "{to}");
    }
}

#[test]
fn what_an_exrule_excludes_as_well_stays_out() {
    let earlier = object(&[WEEKLY]);
    let out = without(&earlier, SECOND);
    let text = out.replace("SUMMARY", "EXRULE:FREQ=WEEKLY;COUNT=2\r\nSUMMARY");
    assert_eq!(included(&text, SECOND, &earlier), Err(IncludeError::NoSuchInstance));
}

#[test]
fn a_series_that_was_cut_off_and_moved_is_not_mistaken_for_one_that_was_moved() {
    // It begins two weeks later now, in the afternoon; 23 March was excluded by its organizer.
    let earlier = object(&[WEEKLY]);
    let text = object(&["DTSTART;TZID=Europe/Berlin:20260316T150000
DTEND;TZID=Europe/Berlin:20260316T160000
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Berlin:20260323T150000"]);
    assert_eq!(included(&text, SECOND, &earlier), Err(IncludeError::NoSuchInstance));
}

#[test]
fn of_several_instances_of_one_day_none_is_taken_for_another() {
    let twice = "DTSTART:20260302T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYHOUR=9,14;COUNT=20";
    let earlier = object(&[twice]);
    let moved = twice.replace("T090000", "T100000").replace("9,14", "10,15");
    for (exdates, back) in [
        // Both were out; each comes back for itself.
        ("20260309T100000Z,20260309T150000Z", Ok(moment("2026-03-09T10:00:00Z"))),
        // The other one is out.
        ("20260309T150000Z", Err(IncludeError::Unclear)),
    ] {
        let text = object(&[&format!("{moved}\nEXDATE:{exdates}")]);
        let found = included(&text, "2026-03-09T09:00:00Z", &earlier);
        assert_eq!(found.map(|it| it.instance), back, "{exdates}");
    }
    // Moved by as much as lies between both: what is out at 14:00 may be either.
    let moved = twice.replace("T090000", "T140000").replace("9,14", "14,19");
    let text = object(&[&format!("{moved}\nEXDATE:20260309T140000Z")]);
    assert_eq!(included(&text, "2026-03-09T09:00:00Z", &earlier), Err(IncludeError::Unclear));
}

#[test]
fn an_override_comes_back_with_the_date_unless_the_series_has_another() {
    let moved = "RECURRENCE-ID;TZID=Europe/Berlin:20260309T090000
DTSTART;TZID=Europe/Berlin:20260309T140000
DTEND;TZID=Europe/Berlin:20260309T150000
SUMMARY:Jour fixe\\, later
X-KEPT:\u{1F984}";
    let earlier = object(&[WEEKLY, moved]);
    let out = without(&earlier, SECOND).replace("SUMMARY:Jour fixe", "SUMMARY:Round");
    let back = String::from_utf8(included(&out, SECOND, &earlier).unwrap().text).unwrap();
    let component = earlier.split("BEGIN:VEVENT").nth(2).unwrap();
    assert!(back.ends_with(&format!("END:VEVENT\r\nBEGIN:VEVENT{component}")), "{back}");
    // The organizer has written one of his own, which the EXDATE hid.
    let own = moved.replace("T14", "T16").replace("T15", "T17").replace('\n', "\r\n");
    let with_own = out.replace(
        "END:VCALENDAR",
        &format!("BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n{own}\r\nEND:VEVENT\r\nEND:VCALENDAR"),
    );
    let back = String::from_utf8(included(&with_own, SECOND, &earlier).unwrap().text).unwrap();
    assert_eq!(back.matches("BEGIN:VEVENT").count(), 2);
    assert!(back.contains("20260309T160000"));
    // Or called the date off.
    let off = with_own.replace("X-KEPT", "STATUS:CANCELLED\r\nX-KEPT");
    assert_eq!(included(&off, SECOND, &earlier), Err(IncludeError::NoSuchInstance));
}

#[test]
fn what_spoke_for_all_that_follows_is_in_doubt() {
    let following = "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260309T090000
DTSTART;TZID=Europe/Berlin:20260309T110000
DTEND;TZID=Europe/Berlin:20260309T120000";
    let earlier = object(&[WEEKLY, following]);
    let out = without(&earlier, SECOND);
    assert_eq!(included(&out, SECOND, &earlier), Err(IncludeError::Unclear));
}

/// Start, end, original start and name of each occurrence that takes place.
type Row = (Moment, Moment, Moment, String);

fn rows(text: &[u8], zone: &Zone, window: Window, index: usize) -> Option<Vec<Row>> {
    let calendar = Calendar::parse(text).unwrap();
    let mut zones = Zones::new(zone.clone());
    let mut found = Vec::new();
    let object = &calendar.objects()[index];
    ical::expand(&calendar, object, &mut zones, window, &mut Budget::new(), &mut found).ok()?;
    let mut rows: Vec<Row> = found
        .into_iter()
        .filter(|it| !calendar.event(it.component as usize).is_cancelled())
        .map(|it| {
            let name = calendar.event(it.component as usize).summary().into_owned();
            (it.start, it.end, it.original, name)
        })
        .collect();
    rows.sort();
    Some(rows)
}

/// Whether the occurrence of an original start is an override.
fn is_override(text: &[u8], zone: &Zone, window: Window, index: usize, original: Moment) -> bool {
    let calendar = Calendar::parse(text).unwrap();
    let (mut zones, mut found) = (Zones::new(zone.clone()), Vec::new());
    let object = &calendar.objects()[index];
    ical::expand(&calendar, object, &mut zones, window, &mut Budget::new(), &mut found).unwrap();
    let one = found.iter().find(|it| it.original == original).unwrap();
    let event = calendar.event(one.component as usize);
    String::from_utf8_lossy(event.text()).contains("RECURRENCE-ID")
}

/// Takes the occurrence at `at` out of each object and brings it back: then all is as it was. Answers how
/// many came back.
fn round_trip(text: &[u8], zone: &Zone, window: Window, at: usize) -> u32 {
    let calendar = Calendar::parse(text).unwrap();
    let mut count = 0;
    for (index, object) in calendar.objects().iter().enumerate() {
        let Some(before) = rows(text, zone, window, index) else { continue };
        let Some(original) = before.get(at).map(|row| row.2) else { continue };
        let mut zones = Zones::new(zone.clone());
        let edited = cancel(&calendar, object, &mut zones, &[original], &editor()).unwrap();
        let Edited::Text(out) = edited else { continue };
        let then = (&calendar, object);
        let cut = Calendar::parse(&out).unwrap();
        let Some(object) = cut.objects().get(index) else { continue };
        match include(&cut, object, &mut zones, original, then, &editor()) {
            Ok(back) => {
                assert_eq!(back.instance, original);
                assert_eq!(rows(&back.text, zone, window, index).unwrap(), before);
                same_lines(text, &out, &back.text);
                count += 1;
            }
            // Without a master, or of all that follows.
            Err(IncludeError::Unclear) => {}
            // An override that is no instance of the rule: nothing says that the series still has it.
            Err(IncludeError::NoSuchInstance)
                if is_override(text, zone, window, index, original) => {}
            Err(error) => panic!("{error}: {}", String::from_utf8_lossy(&out)),
        }
    }
    count
}

/// The text has the lines that it had before the removal, but for the stamps and for cancelled
/// overrides, which went with it; and those that it has in common with the text that was edited, in the same
/// order.
fn same_lines(earlier: &[u8], cut: &[u8], back: &[u8]) {
    const STAMPS: [&[u8]; 4] = [b"SEQUENCE", b"DTSTAMP", b"LAST-MODIFIED", b"EXDATE"];
    let lines = |text: &[u8]| -> Vec<Vec<u8>> {
        let mut is_stamp = false;
        text.split_inclusive(|byte| *byte == b'\n')
            .filter(|line| {
                let is_fold = line.starts_with(b" ") || line.starts_with(b"\t");
                is_stamp =
                    if is_fold { is_stamp } else { STAMPS.iter().any(|it| line.starts_with(it)) };
                !is_stamp
            })
            .map(<[u8]>::to_vec)
            .collect()
    };
    let (earlier, cut, back) = (lines(earlier), lines(cut), lines(back));
    assert!(back.iter().all(|line| earlier.contains(line)), "a line is new");
    let mut rest = back.iter();
    assert!(cut.iter().all(|line| rest.any(|it| it == line)), "a line is gone, or another");
}

#[test]
fn each_occurrence_of_every_fixture_can_be_taken_out_and_brought_back() {
    let mut back = 0;
    for path in fixtures() {
        let expected = Expected::read(&path);
        let text = std::fs::read(&path).unwrap();
        for at in 0..4 {
            let one =
                std::panic::catch_unwind(|| round_trip(&text, &expected.zone, expected.window, at));
            back += one.unwrap_or_else(|_| panic!("{} {at}", path.display()));
        }
    }
    assert!(back > 500, "only {back} came back");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_occurrence_of_any_object_can_be_taken_out_and_brought_back(
        text in random::object(),
        at in 0_usize..6,
    ) {
        let window = Window {
            start: moment("2026-01-01T00:00:00Z"),
            end: moment("2026-07-01T00:00:00Z"),
        };
        round_trip(text.as_bytes(), &Zone::iana("Europe/Berlin").unwrap(), window, at);
    }
}
