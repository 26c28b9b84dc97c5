//! New calendar objects.

use crate::civil::Civil;
use crate::civil::{date_text, local_text};
use crate::moment::Moment;
use crate::new_times::NewTimes;
use crate::text::{escape, push_folded};
use crate::vtimezone;
use crate::zone::Zone;

/// The properties of a new event.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'n> {
    /// UID; globally unique (RFC 5545 section 3.8.4.7).
    pub uid: &'n str,
    /// SUMMARY.
    pub name: &'n str,
    /// When it takes place.
    pub times: NewTimes,
    /// DESCRIPTION.
    pub description: Option<&'n str>,
    /// The organizer's email address, written with SCHEDULE-AGENT=NONE (RFC 6638 section 7.1), so
    /// that a calendar server sends nothing to it.
    pub organizer: Option<&'n str>,
    /// A recurrence rule, as [`crate::canonical_rule`] writes it.
    pub rule: Option<&'n str>,
    /// CREATED, DTSTAMP and LAST-MODIFIED.
    pub now: Moment,
}

const CRLF: &[u8] = b"\r\n";

/// The text of a calendar object with one event, for a calendar whose zone is `zone`: with the
/// VTIMEZONE that its TZID needs, lines folded, and texts escaped.
pub fn new_object(event: &NewEvent<'_>, zone: &Zone) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = |text: &str| push_folded(&mut out, text, CRLF);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Room Booking//Room Booking//EN");
    line("CALSCALE:GREGORIAN");
    if let NewTimes::Timed { start, .. } = event.times
        && !zone.is_utc()
    {
        for definition in vtimezone::write(zone, start).lines() {
            line(definition);
        }
    }
    let now = utc_text(event.now);
    line("BEGIN:VEVENT");
    line(&format!("UID:{}", escape(event.uid)));
    line(&format!("DTSTAMP:{now}"));
    line(&format!("CREATED:{now}"));
    line(&format!("LAST-MODIFIED:{now}"));
    line("SEQUENCE:0");
    line(&format!("SUMMARY:{}", escape(event.name)));
    match event.times {
        NewTimes::Timed { start, end } => {
            let is_series = event.rule.is_some();
            line(&format!("DTSTART{}", time_text(zone, start, is_series)));
            line(&format!("DTEND{}", time_text(zone, end, is_series)));
        }
        NewTimes::AllDay { first, end } => {
            line(&format!("DTSTART;VALUE=DATE:{}", date_text(Civil::midnight(first))));
            line(&format!("DTEND;VALUE=DATE:{}", date_text(Civil::midnight(end))));
        }
    }
    if let Some(rule) = event.rule {
        line(&format!("RRULE:{}", one_line(rule)));
    }
    if let Some(description) = event.description {
        line(&format!("DESCRIPTION:{}", escape(description)));
    }
    if let Some(organizer) = event.organizer {
        let address = mailto_path(&one_line(organizer));
        line(&format!("ORGANIZER;SCHEDULE-AGENT=NONE:mailto:{address}"));
    }
    line("STATUS:CONFIRMED");
    line("TRANSP:OPAQUE");
    line("END:VEVENT");
    line("END:VCALENDAR");
    out
}

/// A value that is not TEXT and therefore has no escapes, without characters that would end its
/// line.
fn one_line(value: &str) -> String {
    value.trim().chars().filter(|character| !character.is_control()).collect()
}

/// An address as the path of a mailto URI: reserved characters are percent-encoded (RFC 6068
/// section 2).
fn mailto_path(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for character in address.chars() {
        match character {
            '%' => out.push_str("%25"),
            '?' => out.push_str("%3F"),
            '#' => out.push_str("%23"),
            plain => out.push(plain),
        }
    }
    out
}

fn utc_text(moment: Moment) -> String {
    format!("{}Z", local_text(Civil(moment.0)))
}

/// A moment as parameters and value of a property: on the zone's clock, or in UTC if that is the
/// zone, or if the clock shows the time twice and this is the second. A series keeps to the clock,
/// so it begins at the first of the two: in UTC it would move by an hour at the next clock change.
fn time_text(zone: &Zone, moment: Moment, is_series: bool) -> String {
    let civil = zone.civil(moment);
    if zone.is_utc() || (zone.moment(civil) != moment && !is_series) {
        format!(":{}", utc_text(moment))
    } else {
        format!(";TZID={}:{}", zone.name(), local_text(civil))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Budget, Calendar, Window, Zones, expand};

    fn event(times: NewTimes) -> NewEvent<'static> {
        NewEvent {
            uid: "4uT6",
            name: "Budget; review, part \\ 1\nwith a second line",
            times,
            description: None,
            organizer: None,
            rule: None,
            now: Moment(1_772_000_000),
        }
    }

    fn occurrences(text: &[u8], zone: &Zone) -> Vec<(Moment, Moment, String)> {
        let calendar = Calendar::parse(text).unwrap();
        let window = Window { start: Moment(0), end: Moment(4_000_000_000) };
        let mut found = Vec::new();
        let mut zones = Zones::new(zone.clone());
        let object = &calendar.objects()[0];
        expand(&calendar, object, &mut zones, window, &mut Budget::new(), &mut found).unwrap();
        let name =
            |it: &crate::Occurrence| calendar.event(it.component as usize).summary().into_owned();
        found.iter().map(|it| (it.start, it.end, name(it))).collect()
    }

    #[test]
    fn a_new_event_is_read_back_as_it_was_meant_in_every_zone() {
        for name in
            ["Europe/Berlin", "UTC", "America/New_York", "Asia/Kolkata", "Africa/Casablanca"]
        {
            let zone = Zone::iana(name).unwrap();
            for step in 0..400 {
                let start = Moment(1_760_000_000 + step * 23 * 3600);
                let times = NewTimes::Timed { start, end: start.plus(5400) };
                let text = new_object(&event(times), &zone);
                let name = event(times).name.to_owned();
                let read = occurrences(&text, &Zone::utc());
                assert_eq!(read, [(start, start.plus(5400), name)], "{step}");
            }
        }
    }

    #[test]
    fn an_all_day_event_is_written_as_dates() {
        let zone = Zone::iana("Europe/Berlin").unwrap();
        let text = new_object(&event(NewTimes::AllDay { first: 20_514, end: 20_516 }), &zone);
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("\r\nDTSTART;VALUE=DATE:20260302\r\nDTEND;VALUE=DATE:20260304\r\n"));
        assert!(!text.contains("VTIMEZONE"));
    }

    #[test]
    fn nothing_that_a_stranger_writes_becomes_a_line_of_its_own() {
        let times = NewTimes::Timed { start: Moment(1_772_000_000), end: Moment(1_772_003_600) };
        let evil = NewEvent {
            uid: "u\r\nATTENDEE:x",
            name: "n\r\nATTENDEE:x",
            description: Some("d\nEND:VEVENT\r\nATTENDEE:x"),
            organizer: Some("a@b.example\r\nATTENDEE:x"),
            rule: Some("FREQ=DAILY\r\nATTENDEE:x"),
            ..event(times)
        };
        let text = String::from_utf8(new_object(&evil, &Zone::utc())).unwrap();
        assert!(!text.contains("\nATTENDEE"), "{text}");
        assert_eq!(text.matches("END:VEVENT\r\n").count(), 1);
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{line}");
        }
    }

    #[test]
    fn an_organizer_is_read_back_whatever_stands_in_the_address() {
        let times = NewTimes::Timed { start: Moment(1_772_000_000), end: Moment(1_772_003_600) };
        for address in ["a+b@c.example", "100%25?#x@c.example", "m%FC@c.example"] {
            let text =
                new_object(&NewEvent { organizer: Some(address), ..event(times) }, &Zone::utc());
            let calendar = Calendar::parse(&text).unwrap();
            assert_eq!(calendar.event(0).organizer().as_deref(), Some(address));
        }
    }

    #[test]
    fn a_series_that_starts_in_a_repeated_hour_keeps_to_the_clock() {
        let zone = Zone::iana("Europe/Berlin").unwrap();
        let start = Moment(1_792_891_800); // 2026-10-25T01:30:00Z, the second 02:30
        let times = NewTimes::Timed { start, end: start.plus(3600) };
        let series = NewEvent { rule: Some("FREQ=WEEKLY"), ..event(times) };
        let text = String::from_utf8(new_object(&series, &zone)).unwrap();
        assert!(text.contains("DTSTART;TZID=Europe/Berlin:20261025T023000"), "{text}");
        let text = String::from_utf8(new_object(&event(times), &zone)).unwrap();
        assert!(text.contains("DTSTART:20261025T013000Z"), "{text}");
    }
}
