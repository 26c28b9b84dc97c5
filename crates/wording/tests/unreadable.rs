//! Why iCalendar cannot be read, in the reader's language.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use ical::{Problem, Unreadable, ZoneProblem};
use wording::{ALL, preferred, unreadable, unreadable_without_value};

/// What stands in an object and may be hidden.
const SECRET: &str = "Takeover \"of\" ACME";

/// Each kind of error, with each problem.
fn all() -> Vec<Unreadable> {
    let (value, tzid, property) = (SECRET.to_owned(), SECRET.to_owned(), "DTSTART");
    let mut all = vec![
        Unreadable::Missing { property },
        Unreadable::Unfinished,
        Unreadable::LineTooLong { property },
        Unreadable::UidTooLong,
        Unreadable::TooManyLines,
        Unreadable::TooManyComponents,
        Unreadable::TooManyDates,
        Unreadable::TooManyRules,
        Unreadable::TooManyOccurrences,
        Unreadable::CalendarTooManyOccurrences,
        Unreadable::TooManySteps,
        Unreadable::CalendarTooManySteps,
        Unreadable::ZoneTooLarge,
        Unreadable::UnknownZone { tzid: tzid.clone() },
        Unreadable::TooManyZones,
    ];
    let property = |problem: &Problem| Unreadable::Property {
        property,
        value: value.clone(),
        problem: *problem,
    };
    all.extend(Problem::ALL.iter().map(property));
    let zone =
        |problem: &ZoneProblem| Unreadable::BrokenZone { tzid: tzid.clone(), problem: *problem };
    all.extend(ZoneProblem::ALL.iter().map(zone));
    all
}

#[test]
fn programs_and_terminals_get_the_words_of_the_engine() {
    for error in all() {
        assert_eq!(unreadable(&error).to_string(), error.to_string());
        assert_eq!(unreadable_without_value(&error).to_string(), error.without_value());
    }
}

#[test]
fn every_language_has_its_own_words_and_those_of_no_other() {
    for error in all() {
        for hides in [false, true] {
            let message = if hides { unreadable_without_value(&error) } else { unreadable(&error) };
            let mut told: Vec<_> = ALL.iter().map(|it| it.message(&message)).collect();
            assert!(
                told.iter().all(|it| it.contains(SECRET) != hides || !shows_value(&error)),
                "{told:?}"
            );
            told.sort();
            told.dedup();
            assert_eq!(told.len(), ALL.len(), "{told:?}");
        }
    }
}

/// Whether an error shows what stands in the object.
fn shows_value(error: &Unreadable) -> bool {
    use Unreadable::{BrokenZone, Property, UnknownZone};
    matches!(error, Property { .. } | UnknownZone { .. } | BrokenZone { .. })
}

#[test]
fn the_site_names_no_option_of_the_command_line() {
    for error in all() {
        for texts in &ALL {
            assert!(!texts.message(&unreadable(&error)).contains("--"));
        }
    }
}

#[test]
fn a_german_and_a_french_reader_are_told_what_is_wrong_and_where() {
    let error = Unreadable::Property {
        property: "RRULE",
        value: "FREQ=SOMETIMES".to_owned(),
        problem: Problem::UnknownFrequency,
    };
    let of = |code| preferred(code).message(&unreadable(&error));
    let german = "RRULE ist nicht lesbar: „FREQ=SOMETIMES“ hat eine FREQ, die RFC 5545 nicht kennt";
    assert_eq!(of("de"), german);
    let french = "RRULE est illisible\u{202F}: «\u{202F}FREQ=SOMETIMES\u{202F}» a un FREQ que la RFC 5545 ne connaît pas";
    assert_eq!(of("fr"), french);
    let hidden = preferred("fr").message(&unreadable_without_value(&error));
    assert_eq!(
        hidden,
        "RRULE est illisible\u{202F}: la valeur a un FREQ que la RFC 5545 ne connaît pas"
    );
}
