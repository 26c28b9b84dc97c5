//! Each bound of [`ical::limits`]: what lies at it works, and one more is exactly that error.

use ical::limits::{
    MAX_COMPONENTS_PER_OBJECT, MAX_CUSTOM_ZONES, MAX_DATES_PER_COMPONENT, MAX_LINE_BYTES,
    MAX_LINES_PER_COMPONENT, MAX_OCCURRENCES_PER_CALENDAR, MAX_OCCURRENCES_PER_EXTENT,
    MAX_OCCURRENCES_PER_OBJECT, MAX_RULES_PER_COMPONENT, MAX_STEPS_PER_CALENDAR,
    MAX_STEPS_PER_EXTENT, MAX_STEPS_PER_OBJECT, MAX_TRANSITIONS, MAX_UID_BYTES,
    MAX_VTIMEZONE_BYTES,
};
use ical::{Budget, Calendar, Extent, Moment, Unreadable, Zone, Zones};

use crate::common::{START, calendar, count, counts, event, expanded_in, year, years};

#[test]
fn a_line_that_has_to_be_read_may_have_the_bytes_of_the_bound() {
    let second = "RECURRENCE-ID:20260301T100000Z";
    for (property, value, other) in [
        ("DTSTART", "20260301T100000Z", "X-A:1"),
        ("DTEND", "20260301T100000Z", START),
        ("DURATION", "PT1H", START),
        ("RRULE", "FREQ=DAILY;COUNT=2", START),
        ("EXRULE", "FREQ=DAILY;COUNT=2", START),
        ("RDATE", "20260302T100000Z", START),
        ("EXDATE", "20260302T100000Z", START),
        ("RECURRENCE-ID", "20260302T100000Z", START),
    ] {
        let line = |bytes: usize| {
            let padding = "x".repeat(bytes - ";X=:".len() - value.len());
            format!("{property};X={padding}:{value}")
        };
        assert!(count(&[other, &line(MAX_LINE_BYTES)]).is_ok(), "{property}");
        let too_long = Err(Unreadable::LineTooLong { property });
        assert_eq!(count(&[other, &line(MAX_LINE_BYTES + 1)]), too_long, "{property}");
        if property != "RECURRENCE-ID" && property != "DTSTART" {
            // What says nothing in an override must be readable all the same.
            assert_eq!(count(&[START, second, &line(MAX_LINE_BYTES + 1)]), too_long, "{property}");
        }
    }
}

#[test]
fn an_object_may_have_the_components_of_the_bound() {
    let overrides: Vec<String> = (0..=MAX_COMPONENTS_PER_OBJECT)
        .map(|number| {
            let (day, second) = (number / 86_400 + 1, number % 86_400);
            let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
            let at = format!("202501{day:02}T{hour:02}{minute:02}{second:02}Z");
            event("1", &[&format!("RECURRENCE-ID:{at}"), &format!("DTSTART:{at}")])
        })
        .collect();
    let master = event("1", &["DTSTART:20250101T000000Z", "RRULE:FREQ=SECONDLY;COUNT=86400"]);
    let at_bound = master + &overrides[2..].concat();
    assert_eq!(counts(&calendar(&at_bound)), [Ok(0)]);
    assert_eq!(counts(&calendar(&overrides[1..].concat())), [Ok(0)]);
    assert_eq!(counts(&calendar(&overrides.concat())), [Err(Unreadable::TooManyComponents)]);
    let one_more = at_bound + &overrides[0];
    assert_eq!(counts(&calendar(&one_more)), [Err(Unreadable::TooManyComponents)]);
}

#[test]
fn a_component_may_list_the_dates_of_the_bound() {
    let dates =
        |property: &str, count: usize| format!("{property}:{}", vec!["20260302"; count].join(","));
    let half = MAX_DATES_PER_COMPONENT / 2;
    let rule = "RRULE:FREQ=DAILY;COUNT=3";
    let fits = [START, rule, &dates("RDATE", half), &dates("EXDATE", half)];
    assert_eq!(count(&fits), Ok(2));
    let too_many = Err(Unreadable::TooManyDates);
    let exceeds = [START, rule, &dates("RDATE", half + 1), &dates("EXDATE", half)];
    assert_eq!(count(&exceeds), too_many);
    assert_eq!(count(&[START, &dates("EXDATE", MAX_DATES_PER_COMPONENT + 1)]), too_many);
    let second = "RECURRENCE-ID:20260301T100000Z";
    assert_eq!(count(&[START, second, &dates("RDATE", MAX_DATES_PER_COMPONENT + 1)]), too_many);
}

#[test]
fn a_component_may_have_the_rules_of_the_bound() {
    let mut lines = vec![START];
    lines.extend(vec!["RRULE:FREQ=DAILY;COUNT=2"; MAX_RULES_PER_COMPONENT - 1]);
    lines.push("EXRULE:FREQ=WEEKLY;COUNT=1");
    assert_eq!(count(&lines), Ok(1));
    lines.push("EXRULE:FREQ=WEEKLY;COUNT=1");
    assert_eq!(count(&lines), Err(Unreadable::TooManyRules));
}

#[test]
fn an_object_may_have_the_occurrences_of_the_bound() {
    let rule = |count: usize| format!("RRULE:FREQ=SECONDLY;COUNT={count}");
    let bound = MAX_OCCURRENCES_PER_OBJECT;
    assert_eq!(count(&[START, &rule(bound)]), Ok(bound));
    assert_eq!(count(&[START, &rule(bound + 1)]), Err(Unreadable::TooManyOccurrences));
    // An override counts like any other.
    let moved = event("1", &["RECURRENCE-ID:20260401T100000Z", "DTSTART:20260401T100000Z"]);
    let with_override = event("1", &[START, &rule(bound)]) + &moved;
    assert_eq!(counts(&calendar(&with_override)), [Err(Unreadable::TooManyOccurrences)]);
}

#[test]
fn a_calendar_may_have_the_occurrences_of_the_bound() {
    let rule = format!("RRULE:FREQ=SECONDLY;COUNT={MAX_OCCURRENCES_PER_OBJECT}");
    let many = calendar(&event("1", &[START, &rule]));
    let one = calendar(&event("2", &[START]));
    let (many, one) = (Calendar::parse(&many).unwrap(), Calendar::parse(&one).unwrap());
    let mut zones = Zones::new(Zone::utc());
    let mut budget = Budget::new();
    let mut expand = |calendar: &Calendar<'_>, budget: &mut Budget| {
        let object = &calendar.objects()[0];
        ical::expand(calendar, object, &mut zones, year(), budget, &mut Vec::new())
    };
    for _ in 0..MAX_OCCURRENCES_PER_CALENDAR / MAX_OCCURRENCES_PER_OBJECT {
        assert_eq!(expand(&many, &mut budget), Ok(()));
    }
    assert_eq!(expand(&one, &mut budget), Err(Unreadable::CalendarTooManyOccurrences));
    assert_eq!(expand(&one, &mut Budget::new()), Ok(()));
}

/// A rule that never matches and looks at each day from the year 1 on, for as many days.
fn fruitless(days: usize) -> String {
    let until = ical::civil::date_of(ical::civil::FIRST_DAY + days as i32 - 1);
    let (year, month, day) = (until.year, until.month, until.day);
    event(
        &days.to_string(),
        &[
            "DTSTART:00010101T000000Z",
            &format!(
                "RRULE:FREQ=HOURLY;COUNT=2;BYMONTH=2;BYMONTHDAY=30;\
                 UNTIL={year:04}{month:02}{day:02}T235959Z"
            ),
        ],
    )
}

/// The most days that [`fruitless`] may look at.
fn most_fruitless_days() -> usize {
    let (mut fits, mut exceeds) = (1, MAX_STEPS_PER_OBJECT as usize * 2);
    while exceeds - fits > 1 {
        let middle = usize::midpoint(fits, exceeds);
        match expanded_in(&calendar(&fruitless(middle)), years(9000, 9001)).remove(0) {
            Ok(_) => fits = middle,
            Err(error) => {
                assert_eq!(error, Unreadable::TooManySteps);
                exceeds = middle;
            }
        }
    }
    fits
}

#[test]
fn the_rules_of_an_object_may_look_at_the_periods_of_the_bound() {
    let days = most_fruitless_days();
    assert!(days >= MAX_STEPS_PER_OBJECT as usize / 10, "only {days}");
    let window = years(9000, 9001);
    assert_eq!(expanded_in(&calendar(&fruitless(days)), window), [Ok(Vec::new())]);
    let exceeds = expanded_in(&calendar(&fruitless(days + 1)), window);
    assert_eq!(exceeds, [Err(Unreadable::TooManySteps)]);
}

#[test]
fn the_rules_of_a_calendar_may_look_at_the_periods_of_the_bound() {
    let text = calendar(&fruitless(most_fruitless_days()));
    let fruitless = Calendar::parse(&text).unwrap();
    let small = calendar(&event("2", &[START, "RRULE:FREQ=SECONDLY;COUNT=10000"]));
    let small = Calendar::parse(&small).unwrap();
    let plain = calendar(&event("3", &[START]));
    let plain = Calendar::parse(&plain).unwrap();
    let mut zones = Zones::new(Zone::utc());
    let mut budget = Budget::new();
    let mut expand = |calendar: &Calendar<'_>| {
        let (object, window) = (&calendar.objects()[0], years(2000, 9001));
        ical::expand(calendar, object, &mut zones, window, &mut budget, &mut Vec::new())
    };
    for _ in 0..MAX_STEPS_PER_CALENDAR / MAX_STEPS_PER_OBJECT {
        assert_eq!(expand(&fruitless), Ok(()));
    }
    assert_eq!(expand(&small), Err(Unreadable::CalendarTooManySteps));
    assert_eq!(expand(&fruitless), Err(Unreadable::CalendarTooManySteps));
    assert_eq!(expand(&plain), Ok(()), "what has no rule needs no steps");
}

/// The extent of the first object.
fn extent(body: &str) -> Extent {
    let text = calendar(body);
    let calendar = Calendar::parse(&text).unwrap();
    ical::extent(&calendar, &calendar.objects()[0], &mut Zones::new(Zone::utc()))
}

#[test]
fn an_extent_may_have_the_occurrences_of_the_bound_and_no_end_beyond() {
    // 2026-03-01T10:00:00Z
    let start = Moment(1_772_359_200);
    let of =
        |count: usize| extent(&event("1", &[START, &format!("RRULE:FREQ=DAILY;COUNT={count}")]));
    let bound = MAX_OCCURRENCES_PER_EXTENT;
    let last = start.plus((bound as i64 - 1) * 86_400);
    assert_eq!(of(bound), Extent { start: Some(start), end: Some(last) });
    assert_eq!(of(bound + 1), Extent { start: Some(start), end: None });
}

#[test]
fn an_extent_may_look_at_the_periods_of_the_bound_and_has_no_end_beyond() {
    let (mut fits, mut exceeds) = (1, MAX_STEPS_PER_EXTENT as usize * 2);
    while exceeds - fits > 1 {
        let middle = usize::midpoint(fits, exceeds);
        let found = extent(&fruitless(middle));
        match found.end {
            Some(_) => fits = middle,
            None => exceeds = middle,
        }
        assert_eq!(found.start, Some(years(1, 2).start));
    }
    let steps = MAX_STEPS_PER_EXTENT as usize;
    assert!((steps / 10..=steps).contains(&fits), "{fits}");
}

/// A definition of a clock that is three and a half hours behind UTC.
fn definition(tzid: &str, more: &str) -> String {
    format!(
        "BEGIN:VTIMEZONE\r\nTZID:{tzid}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
         TZOFFSETFROM:-0330\r\nTZOFFSETTO:-0330\r\n{more}END:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
}

/// Whether the definition counts: whether an event at ten o'clock is at half past one in UTC.
fn counts_as_definition(definition: &str, tzid: &str) -> bool {
    let one = event("1", &[&format!("DTSTART;TZID={tzid}:20260301T100000")]);
    let found = expanded_in(&calendar(&(definition.to_owned() + &one)), year()).remove(0).unwrap();
    match format!("{:?}", found[0].start).as_str() {
        "2026-03-01T13:30:00Z" => true,
        "2026-03-01T10:00:00Z" => false,
        other => unreachable!("{other}"),
    }
}

/// Whether an event that refers to the definition is unreadable for its size.
fn is_too_large(definition: &str) -> bool {
    let one = event("1", &["DTSTART;TZID=Clock:20260301T100000"]);
    counts(&calendar(&(definition.to_owned() + &one))) == [Err(Unreadable::ZoneTooLarge)]
}

#[test]
fn a_calendar_may_define_the_zones_of_the_bound() {
    let name = |number: usize| format!("Clock {number}");
    let definitions: String =
        (0..=MAX_CUSTOM_ZONES).map(|number| definition(&name(number), "")).collect();
    let events: String = (0..=MAX_CUSTOM_ZONES)
        .map(|number| {
            event(&name(number), &[&format!("DTSTART;TZID={}:20260301T100000", name(number))])
        })
        .collect();
    let again = event("again", &["DTSTART;TZID=Clock 0:20260301T100000"]);
    let mut found = counts(&calendar(&(definitions + &events + &again)));
    assert_eq!(found.pop(), Some(Ok(1)), "what is known already needs no place");
    assert_eq!(found.pop(), Some(Err(Unreadable::TooManyZones)));
    assert_eq!(found, vec![Ok(1); MAX_CUSTOM_ZONES]);
}

#[test]
fn a_definition_may_have_the_changes_of_the_bound() {
    let changes = |count: usize| {
        let dates = (1..count).map(|number| {
            let second = number % 86_400;
            format!("19700102T{:02}{:02}{:02}", second / 3600, second / 60 % 60, second % 60)
        });
        definition("Clock", &format!("RDATE:{}\r\n", dates.collect::<Vec<_>>().join(",")))
    };
    assert!(counts_as_definition(&changes(MAX_TRANSITIONS), "Clock"));
    assert!(is_too_large(&changes(MAX_TRANSITIONS + 1)));
}

#[test]
fn a_definition_may_have_the_bytes_of_the_bound() {
    let sized = |bytes: usize| {
        let padding = bytes - definition("Clock", "X-A:\r\n").len();
        definition("Clock", &format!("X-A:{}\r\n", "x".repeat(padding)))
    };
    assert_eq!(sized(MAX_VTIMEZONE_BYTES).len(), MAX_VTIMEZONE_BYTES);
    assert!(counts_as_definition(&sized(MAX_VTIMEZONE_BYTES), "Clock"));
    assert!(is_too_large(&sized(MAX_VTIMEZONE_BYTES + 1)));
}

#[test]
fn a_uid_may_have_the_bytes_of_the_bound() {
    let with_uid = |bytes: usize| counts(&calendar(&event(&"u".repeat(bytes), &[START])));
    assert_eq!(with_uid(MAX_UID_BYTES), [Ok(1)]);
    assert_eq!(with_uid(MAX_UID_BYTES + 1), [Err(Unreadable::UidTooLong)]);
}

#[test]
fn a_component_may_have_the_lines_of_the_bound() {
    // UID and DTSTART are lines that count as well.
    let with_lines = |number: usize| {
        let mut lines = vec!["EXDATE:"; number - 2];
        lines.push(START);
        lines.rotate_right(1);
        count(&lines)
    };
    assert_eq!(with_lines(MAX_LINES_PER_COMPONENT), Ok(1));
    assert_eq!(with_lines(MAX_LINES_PER_COMPONENT + 1), Err(Unreadable::TooManyLines));
}
