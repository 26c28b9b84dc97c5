//! Why an object cannot be read or expanded.

use crate::limits;
use crate::problem::{Problem, ZoneProblem};

/// Why an object cannot be read or expanded; each is one sentence in English. `wording` has it in
/// other languages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A required property is missing (RFC 5545 section 3.6.1).
    #[error("{property} is missing")]
    Missing {
        /// The property's name.
        property: &'static str,
    },
    /// A property that decides when the event takes place has an invalid value.
    #[error("{property} cannot be read: {value:?} {problem}")]
    Property {
        /// The property's name.
        property: &'static str,
        /// The value, shortened to [`Unreadable::SHOWN`] characters.
        value: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// A component without its END line.
    #[error("END:VEVENT is missing: the text stops in the middle of the event")]
    Unfinished,
    /// A line that has to be read is longer than [`limits::MAX_LINE_BYTES`].
    #[error("{property} is longer than {} bytes", limits::MAX_LINE_BYTES)]
    LineTooLong {
        /// The property's name.
        property: &'static str,
    },
    /// A UID longer than [`limits::MAX_UID_BYTES`].
    #[error("its UID is longer than {} bytes", limits::MAX_UID_BYTES)]
    UidTooLong,
    /// More than [`limits::MAX_LINES_PER_COMPONENT`] lines of dates and rules.
    #[error("it has more than {} lines of dates and rules", limits::MAX_LINES_PER_COMPONENT)]
    TooManyLines,
    /// More than [`limits::MAX_COMPONENTS_PER_OBJECT`] components.
    #[error("it has more than {} components", limits::MAX_COMPONENTS_PER_OBJECT)]
    TooManyComponents,
    /// More than [`limits::MAX_DATES_PER_COMPONENT`] dates.
    #[error("it lists more than {} dates in RDATE and EXDATE", limits::MAX_DATES_PER_COMPONENT)]
    TooManyDates,
    /// More than [`limits::MAX_RULES_PER_COMPONENT`] rules.
    #[error("it has more than {} recurrence rules", limits::MAX_RULES_PER_COMPONENT)]
    TooManyRules,
    /// More than [`limits::MAX_OCCURRENCES_PER_OBJECT`] occurrences in the window.
    #[error(
        "it has more than {} occurrences in the period looked at",
        limits::MAX_OCCURRENCES_PER_OBJECT
    )]
    TooManyOccurrences,
    /// The calendar's objects have more than [`limits::MAX_OCCURRENCES_PER_CALENDAR`] occurrences.
    #[error(
        "the calendar has more than {} occurrences in the period looked at",
        limits::MAX_OCCURRENCES_PER_CALENDAR
    )]
    CalendarTooManyOccurrences,
    /// The rules look at more than [`limits::MAX_STEPS_PER_OBJECT`] periods.
    #[error("its recurrence rule needs more than {} steps", limits::MAX_STEPS_PER_OBJECT)]
    TooManySteps,
    /// The calendar's rules look at more than [`limits::MAX_STEPS_PER_CALENDAR`] periods.
    #[error(
        "the calendar's recurrence rules need more than {} steps",
        limits::MAX_STEPS_PER_CALENDAR
    )]
    CalendarTooManySteps,
    /// A VTIMEZONE beyond [`limits::MAX_VTIMEZONE_BYTES`], [`limits::MAX_TRANSITIONS`] or
    /// [`limits::MAX_STEPS_PER_ZONE`].
    #[error(
        "its VTIMEZONE has more than {} bytes, {} changes of the clock, or {} steps in its rules",
        limits::MAX_VTIMEZONE_BYTES,
        limits::MAX_TRANSITIONS,
        limits::MAX_STEPS_PER_ZONE
    )]
    ZoneTooLarge,
    /// A time zone that no database and no VTIMEZONE of the VCALENDAR explains.
    #[error(
        "its time zone {tzid:?} is unknown; if such times are meant in the calendar's own time zone, \
         set the calendar's unknown time zones to 'calendar' (--unknown-zone calendar)"
    )]
    UnknownZone {
        /// The TZID, shortened to [`Unreadable::SHOWN`] characters.
        tzid: String,
    },
    /// A VTIMEZONE that does not define the offsets of its clocks.
    #[error(
        "the VTIMEZONE of its time zone {tzid:?} cannot be read: {problem}; if such times are meant in \
         the calendar's own time zone, set the calendar's unknown time zones to 'calendar' \
         (--unknown-zone calendar)"
    )]
    BrokenZone {
        /// The TZID, shortened to [`Unreadable::SHOWN`] characters.
        tzid: String,
        /// What is wrong with it.
        problem: ZoneProblem,
    },
    /// More than [`limits::MAX_CUSTOM_ZONES`] different VTIMEZONE definitions.
    #[error("the calendar defines more than {} time zones of its own", limits::MAX_CUSTOM_ZONES)]
    TooManyZones,
}

impl Unreadable {
    /// Characters of a broken value that a message shows.
    pub const SHOWN: usize = 60;

    pub(crate) fn property(property: &'static str, value: &[u8], problem: Problem) -> Unreadable {
        Unreadable::Property { property, value: shown(value), problem }
    }

    /// Why, without what stands in the object: for those who may not read it.
    pub fn without_value(&self) -> String {
        match self {
            Unreadable::Property { property, problem, .. } => {
                format!("{property} cannot be read: it {problem}")
            }
            Unreadable::UnknownZone { .. } => "its time zone is unknown".to_owned(),
            Unreadable::BrokenZone { problem, .. } => {
                format!("the VTIMEZONE of its time zone cannot be read: {problem}")
            }
            other => other.to_string(),
        }
    }
}

/// A value as messages show it: at most [`Unreadable::SHOWN`] characters of it.
pub(crate) fn shown(value: &[u8]) -> String {
    // A character has at most four bytes, so this is enough for the shown part of any line.
    let head = &value[..value.len().min(Unreadable::SHOWN * 4)];
    let text = String::from_utf8_lossy(head);
    let mut shown: String = text.chars().take(Unreadable::SHOWN).collect();
    if shown.len() < value.len() && text.chars().count() >= Unreadable::SHOWN {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_without_value_says_what_is_wrong_and_nothing_that_stands_in_the_object() {
        let (tzid, problem) = ("Takeover".to_owned(), ZoneProblem::StartNoTime);
        for (reason, expected) in [
            (
                Unreadable::property("RRULE", b"FREQ=Takeover", Problem::UnknownFrequency),
                "RRULE cannot be read: it has a FREQ that RFC 5545 does not know",
            ),
            (Unreadable::UnknownZone { tzid: tzid.clone() }, "its time zone is unknown"),
            (
                Unreadable::BrokenZone { tzid, problem },
                "the VTIMEZONE of its time zone cannot be read: a part has a DTSTART that is no time",
            ),
            (Unreadable::Missing { property: "DTSTART" }, "DTSTART is missing"),
        ] {
            assert_eq!(reason.without_value(), expected);
        }
    }
}
