//! What was removed, as a file that calendar programs import (RFC 5545).

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::limits::MAX_OCCURRENCES;
use crate::notice::Notice;
use crate::untrusted::one_line;

/// A file of events that is attached to an email.
///
/// It has no METHOD, no organizer and no attendees, so that no program takes it for an invitation, and answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarFile {
    pub(crate) text: String,
}

/// The name of the file.
pub(crate) const FILE_NAME: &str = "booking.ics";
/// Octets of a line, without its end (RFC 5545 section 3.1).
const FOLD_AT: usize = 75;

impl CalendarFile {
    /// The content.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Notice {
    /// What was removed; `None` if the notice is about something that is there, or that its organizer had cancelled.
    ///
    /// `message_id` makes the UIDs: they are new, so that no program takes the events for those that it has and whose
    /// removal it may get from its calendar server. `now` is DTSTAMP, in seconds since 1970.
    pub fn calendar_file(&self, message_id: &str, now: i64) -> Option<CalendarFile> {
        let is_leftover = self.is_deleted && self.is_cancelled;
        let stays = self.warning.is_some() || self.is_restored || self.reason.is_some();
        if self.offered_until.is_none() && (stays || is_leftover) {
            return None;
        }
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let stamp = utc(now)?;
        let id = message_id.trim_matches(['<', '>']);
        let mut times: Vec<_> = self.occurrences.iter().map(|it| (it.start, it.end)).collect();
        if times.is_empty() {
            times.push((self.event.start, self.event.end));
        }
        let mut text = String::new();
        let mut line = |line: &str| push_folded(&mut text, line);
        line("BEGIN:VCALENDAR");
        line("VERSION:2.0");
        line("PRODID:-//Room Booking//Room Booking//EN");
        line("CALSCALE:GREGORIAN");
        for (index, (start, end)) in times.into_iter().take(MAX_OCCURRENCES).enumerate() {
            line("BEGIN:VEVENT");
            line(&format!("UID:removed-{index}-{}", escape(&one_line(id))));
            line(&format!("DTSTAMP:{stamp}"));
            for property in period(start, end, &zone)? {
                line(&property);
            }
            for (property, text) in
                [("SUMMARY", &self.event.name), ("LOCATION", &self.calendar_name)]
            {
                let text = one_line(text);
                if !text.is_empty() {
                    line(&format!("{property}:{}", escape(&text)));
                }
            }
            line("END:VEVENT");
        }
        line("END:VCALENDAR");
        Some(CalendarFile { text })
    }
}

/// DTSTART and DTEND: dates where the message says that it is all day, else in UTC. What ends when it begins has no
/// DTEND, which would have to be later.
fn period(start: i64, end: i64, zone: &TimeZone) -> Option<Vec<String>> {
    let days = [at(start)?.to_zoned(zone.clone()), at(end)?.to_zoned(zone.clone())];
    let is_midnight = |it: &Zoned| it.time() == Time::midnight();
    if end <= start {
        return Some(vec![format!("DTSTART:{}", utc(start)?)]);
    }
    if days.iter().all(is_midnight) {
        let [first, last] = days.map(|it| it.strftime("%Y%m%d").to_string());
        return Some(vec![
            format!("DTSTART;VALUE=DATE:{first}"),
            format!("DTEND;VALUE=DATE:{last}"),
        ]);
    }
    Some(vec![format!("DTSTART:{}", utc(start)?), format!("DTEND:{}", utc(end)?)])
}

/// A moment whose year has four digits in every zone; others cannot be written.
fn at(seconds: i64) -> Option<Timestamp> {
    let moment = Timestamp::from_second(seconds).ok()?;
    let year = moment.to_zoned(TimeZone::UTC).year();
    (2..=9_998).contains(&year).then_some(moment)
}

fn utc(seconds: i64) -> Option<String> {
    Some(at(seconds)?.strftime("%Y%m%dT%H%M%SZ").to_string())
}

/// A text on one line as a TEXT value (RFC 5545 section 3.3.11).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if matches!(character, '\\' | ',' | ';') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// Appends a line, folded at [`FOLD_AT`] octets and never inside a character.
fn push_folded(out: &mut String, line: &str) {
    let mut room = FOLD_AT;
    for character in line.chars() {
        if character.len_utf8() > room {
            out.push_str("\r\n ");
            room = FOLD_AT - 1;
        }
        out.push(character);
        room -= character.len_utf8();
    }
    out.push_str("\r\n");
}
