//! The properties that the crate reads, and the lines that they begin.

use crate::line::unfold;

/// The properties that decide when an event takes place and how it is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Property {
    Uid,
    DtStart,
    DtEnd,
    Duration,
    RecurrenceId,
    RRule,
    ExRule,
    RDate,
    ExDate,
    Sequence,
    Status,
    Transp,
    Created,
    LastModified,
    Summary,
    Organizer,
}

/// A set of properties.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Properties(u32);

impl Properties {
    /// What says by which rules a component recurs, and when it does not.
    pub const OF_RULES: Properties =
        Properties::of(&[Property::RRule, Property::ExRule, Property::RDate, Property::ExDate]);
    /// What only the components of a series have.
    pub const OF_SERIES: Properties =
        Properties(Self::OF_RULES.0 | Properties::of(&[Property::RecurrenceId]).0);
    /// What makes an object recurring.
    pub const RECURRING: Properties =
        Properties::of(&[Property::RRule, Property::RDate, Property::RecurrenceId]);

    /// A set of these.
    const fn of(list: &[Property]) -> Properties {
        let (mut bits, mut at) = (0, 0);
        while at < list.len() {
            bits |= 1 << list[at] as u32;
            at += 1;
        }
        Properties(bits)
    }

    /// Adds a property; whether it was not in the set yet.
    #[inline(always)]
    pub fn insert(&mut self, property: Property) -> bool {
        let is_new = !self.has(property);
        self.0 |= 1 << property as u32;
        is_new
    }

    /// Whether a property is in the set.
    #[inline(always)]
    pub fn has(self, property: Property) -> bool {
        self.0 & 1 << property as u32 != 0
    }

    /// Whether one property at least is in both sets.
    #[inline(always)]
    pub fn has_any(self, others: Properties) -> bool {
        self.0 & others.0 != 0
    }
}

/// A property and its name.
type Named = (Property, &'static [u8]);

const NONE: &[Named] = &[];
const C: &[Named] = &[(Property::Created, b"CREATED")];
const D: &[Named] = &[
    (Property::DtStart, b"DTSTART"),
    (Property::DtEnd, b"DTEND"),
    (Property::Duration, b"DURATION"),
];
const E: &[Named] = &[(Property::ExDate, b"EXDATE"), (Property::ExRule, b"EXRULE")];
const L: &[Named] = &[(Property::LastModified, b"LAST-MODIFIED")];
const O: &[Named] = &[(Property::Organizer, b"ORGANIZER")];
const R: &[Named] = &[
    (Property::RRule, b"RRULE"),
    (Property::RecurrenceId, b"RECURRENCE-ID"),
    (Property::RDate, b"RDATE"),
];
const S: &[Named] = &[
    (Property::Summary, b"SUMMARY"),
    (Property::Status, b"STATUS"),
    (Property::Sequence, b"SEQUENCE"),
];
const T: &[Named] = &[(Property::Transp, b"TRANSP")];
const U: &[Named] = &[(Property::Uid, b"UID")];

/// The longest of these names.
const LONGEST: usize = 13;

impl Property {
    /// Whether a component may have several; of other properties the first counts.
    pub fn is_list(self) -> bool {
        use Property::{ExDate, ExRule, RDate, RRule};
        matches!(self, RRule | ExRule | RDate | ExDate)
    }

    /// The property that a line begins, and the number of bytes of its name as it stands there.
    pub fn of_line(line: &[u8]) -> Option<(Property, usize)> {
        match usual(line) {
            Usual::Read(property, length) => Some((property, length)),
            Usual::NotRead => None,
            Usual::Not => unusual(line),
        }
    }

    fn named(name: &[u8]) -> Option<Property> {
        let mut named = candidates(*name.first()?).iter();
        named.find(|(_, known)| *known == name).map(|(property, _)| *property)
    }
}

/// What a line is whose name stands as programs write it.
pub(crate) enum Usual {
    /// A property that is read, and the bytes of its name.
    Read(Property, usize),
    /// One that is not read.
    NotRead,
    /// Neither of those that are looked for first.
    Not,
}

/// Whether a line begins with a name. The length is known when the program is built, so that it takes a few
/// instructions.
#[inline(always)]
fn begins<const LENGTH: usize>(line: &[u8], name: &[u8; LENGTH]) -> bool {
    line.len() > LENGTH && line.starts_with(name) && matches!(line[LENGTH], b':' | b';')
}

/// Looks for the names that nearly all lines begin with, by their first letter; line ends may follow. A name
/// that is missing here is found by [`Property::of_line`], which takes longer.
#[inline(always)]
pub(crate) fn usual(line: &[u8]) -> Usual {
    macro_rules! names {
        ($($name:literal => $property:ident),* ; $($other:literal),*) => {{
            $(if begins(line, $name) {
                return Usual::Read(Property::$property, $name.len());
            })*
            $(if begins(line, $other) {
                return Usual::NotRead;
            })*
        }};
    }
    match line.first() {
        Some(b'C') => {
            names!(b"CREATED" => Created; b"CLASS", b"CATEGORIES", b"COMMENT", b"CONTACT")
        }
        Some(b'D') => names!(
            b"DTSTART" => DtStart, b"DTEND" => DtEnd, b"DURATION" => Duration;
            b"DTSTAMP", b"DESCRIPTION"
        ),
        Some(b'E') => names!(b"EXDATE" => ExDate, b"EXRULE" => ExRule;),
        Some(b'L') => names!(b"LAST-MODIFIED" => LastModified; b"LOCATION"),
        Some(b'O') => names!(b"ORGANIZER" => Organizer;),
        Some(b'R') => names!(
            b"RRULE" => RRule, b"RECURRENCE-ID" => RecurrenceId, b"RDATE" => RDate;
        ),
        Some(b'S') => names!(
            b"SUMMARY" => Summary, b"STATUS" => Status, b"SEQUENCE" => Sequence;
        ),
        Some(b'T') => names!(b"TRANSP" => Transp;),
        Some(b'U') => names!(b"UID" => Uid; b"URL"),
        // No property that is read begins with these.
        Some(b'A' | b'a' | b'P' | b'p' | b'X' | b'x') => return Usual::NotRead,
        _ => {}
    }
    Usual::Not
}

/// The properties whose name begins with that letter, in any case.
#[inline]
fn candidates(letter: u8) -> &'static [Named] {
    match letter.to_ascii_uppercase() {
        b'C' => C,
        b'D' => D,
        b'E' => E,
        b'L' => L,
        b'O' => O,
        b'R' => R,
        b'S' => S,
        b'T' => T,
        b'U' => U,
        _ => NONE,
    }
}

/// The property of a line whose name is in lower case, folded, followed by a blank, or followed by
/// nothing: such a line has no value, which its reader has to report.
#[cold]
fn unusual(line: &[u8]) -> Option<(Property, usize)> {
    if candidates(*line.first()?).is_empty() {
        return None;
    }
    // A fold takes at most three bytes, and a name may be folded behind each of its own.
    let head = &line[..line.len().min(LONGEST * 4)];
    let end = head.iter().position(|byte| matches!(byte, b':' | b';')).unwrap_or(head.len());
    let name = unfold(&head[..end]).trim_ascii().to_ascii_uppercase();
    Property::named(&name).map(|property| (property, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_in_any_case_folded_and_without_a_value() {
        for (line, expected) in [
            ("DTSTART:1", Some((Property::DtStart, 7))),
            ("dtStart;X=1:1", Some((Property::DtStart, 7))),
            ("DTST\r\n ART:1", Some((Property::DtStart, 10))),
            ("DTSTART :1", Some((Property::DtStart, 8))),
            ("RECURRENCE-ID;RANGE=THISANDFUTURE:1", Some((Property::RecurrenceId, 13))),
            ("DTSTART", Some((Property::DtStart, 7))),
            ("duration:PT1H", Some((Property::Duration, 8))),
            ("DTSTARTS:1", None),
            ("DTSTAMP:1", None),
            ("X-DTSTART:1", None),
            ("D", None),
            ("", None),
            ("\u{e4}", None),
        ] {
            assert_eq!(Property::of_line(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn every_property_that_is_read_is_found_as_it_usually_stands() {
        for (property, name) in [C, D, E, L, O, R, S, T, U].concat() {
            let line = [name, b":1"].concat();
            assert_eq!(Property::of_line(&line), Some((property, name.len())), "{property:?}");
            let is_usual = matches!(usual(&line), Usual::Read(found, _) if found == property);
            assert!(is_usual, "{property:?} takes the slow way");
        }
    }
}
