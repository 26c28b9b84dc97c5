//! What every generated calendar promises.

use std::collections::{BTreeMap, BTreeSet};

use workload::{Day, Workload};

fn of(objects: usize) -> Workload {
    Workload { objects, ..Workload::default() }
}

/// The lines of a text, unfolded.
fn unfolded(text: &str) -> Vec<String> {
    let whole = text.replace("\r\n ", "");
    whole.split_terminator("\r\n").map(str::to_owned).collect()
}

/// The values of every property of that name, whatever its parameters.
fn values<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    lines
        .iter()
        .filter(|line| line.starts_with(name))
        .filter(|line| line[name.len()..].starts_with([':', ';']))
        .filter_map(|line| line.rsplit_once(':'))
        .map(|(_, value)| value)
        .collect()
}

#[test]
fn the_same_workload_gives_the_same_calendar() {
    assert_eq!(of(300).calendar(), of(300).calendar());
    assert_eq!(of(300).objects(), of(300).objects());
}

#[test]
fn another_seed_gives_another_calendar() {
    let other = Workload { seed: 2, ..of(300) };
    assert_ne!(of(300).calendar(), other.calendar());
}

#[test]
fn a_smaller_workload_is_the_beginning_of_a_larger_one() {
    assert_eq!(of(40).objects(), of(300).objects()[..40]);
}

#[test]
fn no_objects_give_an_empty_calendar() {
    assert_eq!(of(0).objects(), Vec::<String>::new());
    let calendar = of(0).calendar();
    assert!(calendar.ends_with("END:VTIMEZONE\r\nEND:VCALENDAR\r\n"));
    assert!(!calendar.contains("VEVENT"));
}

#[test]
fn every_object_has_one_uid_and_no_two_objects_share_it() {
    let mut seen = BTreeSet::new();
    for object in of(3_000).objects() {
        let lines = unfolded(&object);
        let events = lines.iter().filter(|line| *line == "BEGIN:VEVENT").count();
        let uids = values(&lines, "UID");
        assert_eq!(uids.len(), events);
        assert!(uids.iter().all(|uid| *uid == uids[0]), "{object}");
        assert!(seen.insert(uids[0].to_owned()), "{object}");
    }
}

#[test]
fn the_calendar_holds_the_events_of_all_objects_in_their_order() {
    let mut of_objects = String::new();
    for object in of(300).objects() {
        let start = object.find("BEGIN:VEVENT").unwrap_or(0);
        of_objects += object[start..].trim_end_matches("END:VCALENDAR\r\n");
    }
    let calendar = of(300).calendar();
    let start = calendar.find("BEGIN:VEVENT").unwrap_or(0);
    assert_eq!(calendar[start..], format!("{of_objects}END:VCALENDAR\r\n"));
}

#[test]
fn lines_end_with_crlf_and_have_75_octets_at_most() {
    let calendar = of(3_000).calendar();
    assert!(calendar.ends_with("\r\n"));
    let longest = calendar.split_terminator("\r\n").map(str::len).max();
    assert_eq!(longest, Some(75));
    assert!(!calendar.replace("\r\n", "").contains(['\r', '\n']));
}

#[test]
fn what_begins_ends() {
    for text in of(1_000).objects().iter().chain([&of(1_000).calendar()]) {
        let mut open = Vec::new();
        for line in unfolded(text) {
            if let Some(name) = line.strip_prefix("BEGIN:") {
                open.push(name.to_owned());
            } else if let Some(name) = line.strip_prefix("END:") {
                assert_eq!(open.pop().as_deref(), Some(name));
            }
        }
        assert!(open.is_empty());
    }
}

#[test]
fn every_zone_of_an_object_is_defined_in_it() {
    for object in of(1_000).objects() {
        let lines = unfolded(&object);
        let defined: BTreeSet<&str> = values(&lines, "TZID").into_iter().collect();
        let used: BTreeSet<&str> = lines
            .iter()
            .filter_map(|line| line.split_once(";TZID="))
            .filter_map(|(_, rest)| rest.split([':', ';']).next())
            .collect();
        assert!(used.is_subset(&defined), "{object}");
    }
}

#[test]
fn times_in_utc_beside_a_start_in_berlin_are_one_or_two_hours_earlier() {
    let minutes = |value: &str| {
        let (hours, minutes) = (value[9..11].parse::<i64>(), value[11..13].parse::<i64>());
        hours.unwrap_or(0) * 60 + minutes.unwrap_or(0)
    };
    let mut compared = 0;
    for object in of(10_000).objects() {
        let lines = unfolded(&object);
        let is_start = |line: &&String| line.starts_with("DTSTART;TZID=Europe/Berlin:");
        let in_utc = |name| {
            let further = values(&lines, name).into_iter();
            further.filter(|value| value.ends_with('Z'))
        };
        // Two of the rules are those of the VTIMEZONE.
        let has_master = values(&lines, "RRULE").len() == 3;
        let Some(start) = lines.iter().find(is_start).filter(|_| has_master) else {
            continue;
        };
        let start = start.rsplit_once(':').map_or("", |(_, value)| value);
        for value in in_utc("EXDATE").chain(in_utc("RDATE")).chain(in_utc("RECURRENCE-ID")) {
            let earlier = (minutes(start) - minutes(value)).rem_euclid(24 * 60);
            assert!([60, 120].contains(&earlier), "{object}");
            compared += 1;
        }
    }
    assert!(compared > 50, "{compared}");
}

#[test]
fn events_spread_over_the_days_that_were_asked_for() {
    let workload = Workload {
        first_day: Day::new(2030, 1, 1).unwrap_or(Workload::default().first_day),
        days_before: 31,
        days_after: 31,
        ..of(1_000)
    };
    let mut months = BTreeMap::new();
    for object in workload.objects() {
        let (_, events) = object.split_once("BEGIN:VEVENT").unwrap_or_default();
        let lines = unfolded(events);
        if !values(&lines, "RRULE").is_empty() || !values(&lines, "RECURRENCE-ID").is_empty() {
            continue;
        }
        let start = values(&lines, "DTSTART")[0];
        *months.entry(start[..6].to_owned()).or_insert(0) += 1;
    }
    let named: Vec<&String> = months.keys().collect();
    assert_eq!(named, ["202912", "203001"]);
    assert!(months.values().all(|&count| count > 250), "{months:?}");
}

#[test]
fn days_at_the_ends_of_the_calendar_are_no_trouble() {
    for (year, month, day) in [(1, 1, 1), (9999, 12, 31)] {
        let workload = Workload {
            first_day: Day::new(year, month, day).unwrap_or(Workload::default().first_day),
            days_before: u32::MAX,
            days_after: u32::MAX,
            ..of(500)
        };
        assert_eq!(workload.objects().len(), 500);
        let one_day = Workload { days_before: 0, days_after: 0, ..workload };
        assert_eq!(one_day.objects().len(), 500);
    }
}

#[test]
fn an_object_has_about_800_octets() {
    let average = of(3_000).calendar().len() / 3_000;
    assert!((700..=900).contains(&average), "{average}");
}

#[test]
fn every_feature_occurs_in_a_thousand_objects() {
    let calendar = unfolded(&of(1_000).calendar()).join("\n");
    for feature in [
        "FREQ=DAILY",
        "FREQ=WEEKLY",
        "FREQ=MONTHLY",
        "FREQ=YEARLY",
        "COUNT=",
        "UNTIL=",
        "INTERVAL=2;WKST=SU",
        "BYDAY=-1",
        "BYMONTHDAY=",
        "BYSETPOS=-1",
        "\nEXDATE",
        "\nRDATE",
        ";RANGE=THISANDFUTURE",
        "\nRECURRENCE-ID;TZID=Europe/Berlin",
        "\nSTATUS:CANCELLED",
        "\nSTATUS:TENTATIVE",
        "\nTRANSP:TRANSPARENT",
        "PARTSTAT=DECLINED;CN=Room 1:",
        "PARTSTAT=ACCEPTED;CN=Room 1:",
        "\nDTSTART;VALUE=DATE:",
        "\nDTSTART;TZID=Europe/Berlin:",
        "\nDTSTART;TZID=W. Europe Standard Time:",
        "\nDTSTART;TZID=Room Clock:",
        "\nDURATION:PT",
        "\nCREATED:00001231T000000Z",
        "\nLAST-MODIFIED:",
        "\nSEQUENCE:3",
        "\nORGANIZER:",
        "\nORGANIZER;CN=Li Wei:",
        "\nORGANIZER;CN=\"Müller, Käthe (Einkauf)\":",
        "\nBEGIN:VALARM",
        "\nX-MICROSOFT-CDO-BUSYSTATUS:",
        "🎉",
        "\\n",
        "\\,",
        "\\;",
    ] {
        assert!(calendar.contains(feature), "{feature}");
    }
}
