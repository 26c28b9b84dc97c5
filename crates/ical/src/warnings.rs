//! Warnings: objects that were read, but possibly not as their writers meant them.

use crate::error::shown;
use crate::line::split_value;
use crate::property::Property;
use crate::scan::{Calendar, ContentLine, Object};
use crate::warning::{Encoding, Warning};
use crate::zones::Zones;

/// The warnings about how an object was read, in the order of the variants; most objects have none.
///
/// An assumed zone is reported once, right after the object was read with `zones`.
pub fn warnings(calendar: &Calendar<'_>, object: &Object<'_>, zones: &mut Zones) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut status = None;
    let is_usual = |line: &ContentLine<'_>| match line.property {
        Property::Status => is_usual_status(line),
        Property::Summary | Property::Organizer | Property::Uid => is_utf8(line),
        _ => true,
    };
    if !calendar.events_of(object).all(|event| event.lines.iter().all(is_usual)) {
        let lines = || calendar.events_of(object).flat_map(|event| event.lines);
        if lines().any(|line| line.property != Property::Status && !is_usual(line)) {
            found.push(Warning::Encoding(Encoding::Unknown));
        }
        let statuses = lines().filter(|line| line.property == Property::Status);
        status = statuses.filter_map(unknown_status).next();
    }
    if object.components().len() > 1
        && let Some(others) = masters_that_do_not_count(calendar, object)
    {
        found.push(Warning::SeveralMasters { others });
    }
    found.extend(status.map(|status| Warning::UnknownStatus { status }));
    found.extend(zones.take_assumed().map(|tzid| Warning::ZoneAssumed { tzid }));
    found
}

/// Whether a line without its folds is UTF-8. Folds are ASCII, so a line that is UTF-8 with them is so without,
/// but one may stand inside of a character.
fn is_utf8(line: &ContentLine<'_>) -> bool {
    let raw = line.raw();
    raw.is_ascii()
        || str::from_utf8(raw).is_ok()
        || line.folded && str::from_utf8(&line.rest()).is_ok()
}

/// Whether a STATUS stands as nearly all do.
fn is_usual_status(line: &ContentLine<'_>) -> bool {
    matches!(line.raw(), b":CONFIRMED" | b":TENTATIVE" | b":CANCELLED")
}

fn unknown_status(line: &ContentLine<'_>) -> Option<String> {
    const KNOWN: [&[u8]; 4] = [b"CONFIRMED", b"CANCELLED", b"TENTATIVE", b""];
    let rest = line.rest();
    let value = split_value(&rest)?.1.trim_ascii();
    let is_known = KNOWN.iter().any(|known| value.eq_ignore_ascii_case(known));
    (!is_known).then(|| shown(value))
}

/// The components without RECURRENCE-ID but for the one that counts, if there are several: that of the
/// highest SEQUENCE, then the last of the text.
fn masters_that_do_not_count(calendar: &Calendar<'_>, object: &Object<'_>) -> Option<Vec<u32>> {
    let mut masters: Vec<usize> =
        object.components().filter(|index| !calendar.event(*index).is_override()).collect();
    let counts = masters.iter().copied().max_by_key(|index| calendar.event(*index).sequence())?;
    masters.retain(|index| *index != counts);
    (!masters.is_empty()).then(|| masters.into_iter().map(|index| index as u32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Zone;

    fn warnings_of(events: &[&str]) -> Vec<Warning> {
        let events: String = events
            .iter()
            .map(|lines| format!("BEGIN:VEVENT\r\nUID:a\r\n{lines}END:VEVENT\r\n"))
            .collect();
        let text = format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n");
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        warnings(&calendar, &calendar.objects()[0], &mut Zones::new(Zone::utc()))
    }

    #[test]
    fn of_several_masters_those_that_do_not_count_are_named() {
        let over = "RECURRENCE-ID:20260302T120000Z\r\n";
        assert_eq!(warnings_of(&["", over, over]), []);
        let expected = |others: &[u32]| vec![Warning::SeveralMasters { others: others.to_vec() }];
        assert_eq!(warnings_of(&["", over, ""]), expected(&[0]));
        assert_eq!(warnings_of(&["SEQUENCE:2\r\n", "SEQUENCE:1\r\n", ""]), expected(&[1, 2]));
    }

    #[test]
    fn a_status_that_is_none_is_named_and_the_others_are_not() {
        for status in ["CANCELLED", "confirmed", " Tentative ", ""] {
            assert_eq!(warnings_of(&[&format!("STATUS:{status}\r\n")]), [], "{status}");
        }
        let expected = Warning::UnknownStatus { status: "CANCELED".to_owned() };
        assert_eq!(warnings_of(&["", "STATUS:CANCELED\r\n", "STATUS:BUSY\r\n"])[1], expected);
    }

    #[test]
    fn a_name_that_is_no_utf8_is_said() {
        let text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:M\xFCller\nEND:VEVENT\n";
        let calendar = Calendar::parse(text).unwrap();
        let found = warnings(&calendar, &calendar.objects()[0], &mut Zones::new(Zone::utc()));
        assert_eq!(found, [Warning::Encoding(Encoding::Unknown)]);
    }
}
