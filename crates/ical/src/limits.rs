//! The bounds on everything that a file can make this crate do.
//!
//! Calendars come from untrusted sources. An object that exceeds a bound is unreadable, with a
//! message that names the bound ([`crate::Unreadable`]), unless the bound says otherwise. Every
//! bound has a test.

/// Bytes of one content line that is read (unfolded): a DTSTART or an RDATE list, not an ATTACH.
pub const MAX_LINE_BYTES: usize = 1 << 20;

/// Components (a master and its overrides) of one object.
pub const MAX_COMPONENTS_PER_OBJECT: usize = 100_000;

/// Dates in all EXDATE and RDATE lines of one component.
pub const MAX_DATES_PER_COMPONENT: usize = 100_000;

/// RRULE and EXRULE lines of one component.
pub const MAX_RULES_PER_COMPONENT: usize = 100;

/// Occurrences of one object in one window; one every fifteen minutes for a year is 35,040.
pub const MAX_OCCURRENCES_PER_OBJECT: usize = 50_000;

/// Occurrences of all objects that share a [`crate::Budget`] in one window.
pub const MAX_OCCURRENCES_PER_CALENDAR: usize = 1_000_000;

/// Periods (years, months, weeks, days, hours …) that the rules of one object may look at.
pub const MAX_STEPS_PER_OBJECT: u64 = 1_000_000;

/// Periods that the rules of all objects that share a [`crate::Budget`] may look at.
pub const MAX_STEPS_PER_CALENDAR: u64 = 100_000_000;

/// Occurrences of one object that are gone through for its [`crate::extent`].
///
/// An object with more has no known end; it stays readable.
pub const MAX_OCCURRENCES_PER_EXTENT: usize = 5_000;

/// Periods that the rules of one object may look at for its [`crate::extent`].
///
/// An object that needs more has no known end; it stays readable.
pub const MAX_STEPS_PER_EXTENT: u64 = 100_000;

/// Different VTIMEZONE definitions that are kept at once; Internet calendars carry a few each.
pub const MAX_CUSTOM_ZONES: usize = 1_000;

/// Changes of the clock in one VTIMEZONE; two a year from 1601 to 2200 are 1,200.
pub const MAX_TRANSITIONS: usize = 2_000;

/// Periods that the rules of one VTIMEZONE may look at.
pub const MAX_STEPS_PER_ZONE: u64 = 200_000;

/// Bytes of a UID; RFC 7986 asks for 255 at most.
pub const MAX_UID_BYTES: usize = 4_096;

/// Bytes of a SUMMARY, as written, that are used as the name; the rest is cut.
pub const MAX_NAME_BYTES: usize = 2_048;

/// Bytes of a mail address; RFC 5321 allows 254.
pub const MAX_ADDRESS_BYTES: usize = 320;

/// Lines of dates and rules that are kept of one component.
pub const MAX_LINES_PER_COMPONENT: usize = 200_000;

/// Components within components of a text that is compared with another
/// ([`crate::means_the_same`]); RFC 5545 has three.
pub const MAX_DEPTH: usize = 16;

/// Bytes of one VTIMEZONE definition that is read.
pub const MAX_VTIMEZONE_BYTES: usize = 1 << 16;
