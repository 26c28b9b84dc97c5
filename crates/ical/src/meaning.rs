//! Compares the meaning of two texts of a calendar object: servers reorder lines, fold them
//! elsewhere, quote parameters, and write time zones of their own.

use std::collections::BTreeSet;

use crate::limits::MAX_DEPTH;
use crate::line::{Lines, parameter_end, split_value, unfold};

/// Properties about the text and not about the event (RFC 5545 section 3.7).
const OF_THE_TEXT: [&[u8]; 4] = [b"CALSCALE", b"METHOD", b"PRODID", b"VERSION"];

/// A component: its name, its lines and the components in it, each list in order.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Component {
    name: Vec<u8>,
    lines: Vec<Vec<u8>>,
    inner: Vec<Component>,
}

/// Parameters that servers write themselves (RFC 6638 section 7.3).
const OF_THE_SERVER: &[u8] = b"SCHEDULE-STATUS";

/// Whether two texts have the same components with the same properties, parameters and values, in
/// whatever order and however folded. Definitions of time zones do not count: servers replace them.
/// Neither do PRODID and
/// the like, nor SCHEDULE-STATUS. Everything else does, DTSTAMP and SEQUENCE too, and texts that nest
/// deeper than [`MAX_DEPTH`] are never the same.
pub fn means_the_same(one: &[u8], other: &[u8]) -> bool {
    one == other || matches!((read(one), read(other)), (Some(one), Some(other)) if one == other)
}

/// The values of all EXDATEs of a text (RFC 5545 section 3.8.5.1), as they are written.
pub fn excluded_values(text: &[u8]) -> BTreeSet<Vec<u8>> {
    let mut values = BTreeSet::new();
    for line in Lines::from(text, 0) {
        let line = unfold(line.bytes);
        let Some((name, rest)) = line.split_at_checked(6) else { continue };
        if !name.eq_ignore_ascii_case(b"EXDATE") || !matches!(rest.first(), Some(b';' | b':')) {
            continue;
        }
        let Some((_, value)) = split_value(rest) else { continue };
        values.extend(value.split(|byte| *byte == b',').map(|it| it.trim_ascii().to_vec()));
    }
    values
}

/// The components of a text in a canonical order; `None` if BEGIN and END do not match.
fn read(text: &[u8]) -> Option<Vec<Component>> {
    let mut open: Vec<Component> = vec![Component::default()];
    for line in Lines::from(text, 0) {
        let line = unfold(line.bytes);
        let name_end =
            line.iter().position(|byte| matches!(byte, b';' | b':')).unwrap_or(line.len());
        let name = line[..name_end].trim_ascii().to_ascii_uppercase();
        let (parameters, value) = split_value(&line[name_end..]).unwrap_or_default();
        match name.as_slice() {
            b"BEGIN" => {
                if open.len() > MAX_DEPTH {
                    return None;
                }
                let name = value.trim_ascii().to_ascii_uppercase();
                open.push(Component { name, ..Component::default() });
            }
            b"END" => {
                let mut ended = open.pop()?;
                if !ended.name.eq_ignore_ascii_case(value.trim_ascii()) {
                    return None;
                }
                ended.lines.sort_unstable();
                ended.inner.sort_unstable();
                if ended.name != b"VTIMEZONE" {
                    open.last_mut()?.inner.push(ended);
                }
            }
            name if OF_THE_TEXT.contains(&name) => {}
            _ => open.last_mut()?.lines.push(line_of(name, parameters, value)),
        }
    }
    let root = open.pop()?;
    (open.is_empty() && root.lines.is_empty()).then_some(root.inner)
}

/// A line with its parameters in order, their names in upper case, their values without quotes.
fn line_of(name: Vec<u8>, parameters: &[u8], value: &[u8]) -> Vec<u8> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut rest = parameters;
    while let [b';', tail @ ..] = rest {
        let (one, next) = tail.split_at(parameter_end(tail));
        rest = next;
        let equals = one.iter().position(|byte| *byte == b'=').unwrap_or(one.len());
        let mut text = one[..equals].to_ascii_uppercase();
        if text == OF_THE_SERVER {
            continue;
        }
        text.extend(one[equals..].iter().filter(|byte| **byte != b'"'));
        all.push(text);
    }
    all.sort_unstable();
    let mut line = name;
    for parameter in all {
        line.push(b';');
        line.extend(parameter);
    }
    line.push(b':');
    line.extend(value.trim_ascii_end());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = "BEGIN:VCALENDAR\r\nPRODID:-//One//EN\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\n\
        END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=X:20260302T120000\r\n\
        ATTENDEE;CN=\"Ann, B\";PARTSTAT=ACCEPTED:mailto:ann@example.org\r\nBEGIN:VALARM\r\n\
        TRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn order_folds_quotes_line_ends_and_time_zones_make_no_difference() {
        let rewritten = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Two//EN\nBEGIN:VEVENT\n\
            BEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM\n\
            ATTENDEE;PARTSTAT=ACCEPTED;CN=Ann\\, B:mailto:ann@exa\n mple.org\n\
            dtstart;TZID=\"X\":20260302T120000\nUID:1\nEND:VEVENT\nEND:VCALENDAR\n"
            .replace("Ann\\, B", "\"Ann, B\"");
        assert!(means_the_same(EVENT.as_bytes(), rewritten.as_bytes()));
    }

    #[test]
    fn what_became_of_a_message_to_an_attendee_is_the_servers_own_note() {
        let noted = EVENT.replace("PARTSTAT=", "SCHEDULE-STATUS=\"1.2\";PARTSTAT=");
        assert!(means_the_same(EVENT.as_bytes(), noted.as_bytes()));
    }

    #[test]
    fn the_values_of_exdates_are_found_in_lists_and_behind_folds() {
        let text =
            b"exdate;TZID=X:20260302T100000,20260303T1\r\n 00000\r\nEXDATE:20260304T100000Z\r\n\
            EXDATES:1\r\nEXDATE\r\n";
        let values: Vec<_> = excluded_values(text).into_iter().collect();
        let expected: [&[u8]; 3] = [b"20260302T100000", b"20260303T100000", b"20260304T100000Z"];
        assert_eq!(values, expected);
    }

    #[test]
    fn another_value_parameter_line_or_component_does() {
        for (from, to) in [
            ("T120000", "T120001"),
            ("ACCEPTED", "DECLINED"),
            ("UID:1\r\n", "UID:1\r\nSEQUENCE:1\r\n"),
            ("TRIGGER:-PT5M", "TRIGGER:-PT6M"),
            ("BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n", ""),
        ] {
            let other = EVENT.replace(from, to);
            assert_ne!(other, EVENT, "{from}");
            assert!(!means_the_same(EVENT.as_bytes(), other.as_bytes()), "{from}");
        }
    }

    #[test]
    fn what_does_not_end_as_it_begins_is_the_same_as_nothing_else() {
        let cut = &EVENT[..EVENT.len() - 20];
        assert!(means_the_same(cut.as_bytes(), cut.as_bytes()));
        assert!(!means_the_same(cut.as_bytes(), cut.replace("-//One", "-//Two").as_bytes()));
        let deep = |by: usize| "BEGIN:A\r\n".repeat(by) + "X:1\r\n" + &"END:A\r\n".repeat(by);
        let same = |by: usize| {
            means_the_same(deep(by).as_bytes(), deep(by).replace("\r\n", "\n").as_bytes())
        };
        assert!(same(MAX_DEPTH) && !same(MAX_DEPTH + 1));
    }
}
