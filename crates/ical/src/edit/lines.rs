//! Changes of single lines of a text.

use std::borrow::Cow;
use std::ops::Range;

use crate::civil::{Civil, date_text, local_text};
use crate::event::Event;
use crate::line::{Lines, RawLine, split_times, unfold, whole_parameter};
use crate::moment::Moment;
use crate::property::Property;
use crate::scan::{Calendar, is_begin, is_end};
use crate::text::push_folded;
use crate::zones::{ZoneId, Zones};

use super::EditError;

/// Changes of a text, collected first and then applied together.
pub(super) struct Edits<'e> {
    text: &'e [u8],
    changes: Vec<(Range<usize>, Vec<u8>)>,
}

/// A property line of a component, not of a nested one.
pub(super) struct OwnLine<'e> {
    /// In upper case.
    pub name: Vec<u8>,
    pub line: RawLine<'e>,
}

impl<'e> Edits<'e> {
    pub fn new(calendar: &Calendar<'e>) -> Edits<'e> {
        Edits { text: calendar.text, changes: Vec::new() }
    }

    /// Removes a range of the text.
    pub fn remove(&mut self, range: Range<usize>) {
        self.changes.push((range, Vec::new()));
    }

    /// Replaces a range of the text.
    pub fn replace(&mut self, range: Range<usize>, bytes: Vec<u8>) {
        self.changes.push((range, bytes));
    }

    /// The text with all changes made.
    pub fn apply(mut self) -> Vec<u8> {
        self.changes.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = Vec::with_capacity(self.text.len() + 256);
        let mut at = 0;
        for (range, replacement) in &self.changes {
            out.extend_from_slice(&self.text[at..range.start]);
            out.extend_from_slice(replacement);
            at = range.end;
        }
        out.extend_from_slice(&self.text[at..]);
        out
    }

    /// Inserts EXDATE lines after the present ones, otherwise after the rules and dates, otherwise
    /// after DTSTART.
    pub fn exclude(&mut self, event: &Event<'_, '_>, exdates: &[Vec<u8>]) {
        let lines = self.own_lines(event);
        let groups: [&[&[u8]]; 3] = [&[b"EXDATE"], &[b"RRULE", b"RDATE", b"EXRULE"], &[b"DTSTART"]];
        let behind = groups
            .iter()
            .find_map(|names| lines.iter().rev().find(|own| names.contains(&own.name.as_slice())));
        if let Some(behind) = behind {
            let mut added = Vec::new();
            let line_end = self.line_end(event);
            for exdate in exdates {
                push_folded(&mut added, exdate, line_end);
            }
            self.changes.push((behind.line.end..behind.line.end, added));
        }
    }

    /// Replaces the value of the first line of a property; its parameters stay.
    pub fn replace_value(&mut self, event: &Event<'_, '_>, property: Property, value: &str) {
        self.set(event, name_of(property), value, None);
    }

    /// Sets DTSTAMP, which every component must have (RFC 5545 section 3.6.1).
    pub fn set_dtstamp(&mut self, event: &Event<'_, '_>, value: &str) {
        self.set(event, "DTSTAMP", value, Some("UID"));
    }

    pub fn set_sequence(&mut self, event: &Event<'_, '_>, value: &str) {
        self.set(event, "SEQUENCE", value, Some("DTSTART"));
    }

    /// Sets the value of a property; if it is missing, adds a line after the line `behind`.
    fn set(&mut self, event: &Event<'_, '_>, name: &str, value: &str, behind: Option<&str>) {
        let lines = self.own_lines(event);
        let find = |name: &str| lines.iter().find(|own| own.name == name.as_bytes());
        let line_end = self.line_end(event);
        let mut written = Vec::new();
        if let Some(own) = find(name) {
            let whole = unfold(own.line.bytes);
            let head = match split_times(&whole[name.len().min(whole.len())..]) {
                Some((parameters, _)) => &whole[..name.len() + parameters.len()],
                None => &whole[..name.len()],
            };
            push_folded(&mut written, [head, b":", value.as_bytes()].concat(), line_end);
            self.changes.push((own.line.start..own.line.end, written));
        } else if let Some(behind) = behind.and_then(find) {
            push_folded(&mut written, format!("{name}:{value}"), line_end);
            self.changes.push((behind.line.end..behind.line.end, written));
        }
    }

    /// Replaces all lines of a property by one; `None` removes them. If the property is missing,
    /// the line is added after the line `behind`, otherwise at the beginning of the component.
    pub fn set_line(
        &mut self,
        event: &Event<'_, '_>,
        name: &str,
        line: Option<&[u8]>,
        behind: &str,
    ) {
        let lines = self.own_lines(event);
        let line_end = self.line_end(event);
        let mut written = Vec::new();
        if let Some(line) = line {
            push_folded(&mut written, line, line_end);
        }
        let own: Vec<_> = lines.iter().filter(|own| own.name == name.as_bytes()).collect();
        for (index, own) in own.iter().enumerate() {
            let text = if index == 0 { std::mem::take(&mut written) } else { Vec::new() };
            self.changes.push((own.line.start..own.line.end, text));
        }
        if own.is_empty() && !written.is_empty() {
            let found = lines.iter().find(|own| own.name == behind.as_bytes());
            let start = event.component.bytes.start;
            let first_line = memchr::memchr(b'\n', &self.text[event.component.bytes.clone()]);
            let begin = first_line.map_or(event.component.bytes.end, |at| start + at + 1);
            let at = found.map_or(begin, |own| own.line.end);
            self.changes.push((at..at, written));
        }
    }

    /// Rewrites each line of these properties, unfolded.
    ///
    /// # Errors
    ///
    /// [`EditError::WouldChangeOthers`] for a line that `rewritten` cannot rewrite.
    pub fn rewrite(
        &mut self,
        event: &Event<'_, '_>,
        names: &[&str],
        rewritten: &mut dyn FnMut(&str) -> Option<String>,
    ) -> Result<(), EditError> {
        let line_end = self.line_end(event);
        for own in self.own_lines(event) {
            if !names.iter().any(|name| own.name == name.as_bytes()) {
                continue;
            }
            let whole = unfold(own.line.bytes);
            let whole = std::str::from_utf8(&whole).map_err(|_| EditError::WouldChangeOthers)?;
            let text = rewritten(whole.trim_end()).ok_or(EditError::WouldChangeOthers)?;
            let mut written = Vec::new();
            push_folded(&mut written, &text, line_end);
            self.changes.push((own.line.start..own.line.end, written));
        }
        Ok(())
    }

    /// A range of the text with its changes applied.
    pub fn applied_in(mut self, range: Range<usize>) -> Vec<u8> {
        self.changes.retain(|(it, _)| range.start <= it.start && it.end <= range.end);
        self.text = &self.text[..range.end];
        self.apply().split_off(range.start)
    }

    /// The lines of a component, without those of nested components.
    pub fn own_lines(&self, event: &Event<'_, '_>) -> Vec<OwnLine<'e>> {
        let bytes = &event.component.bytes;
        let text: &'e [u8] = self.text;
        let mut own = Vec::new();
        let mut depth = 0_u32;
        // The first line is the component's BEGIN. What is in it nests as it does for the scanner.
        for line in Lines::from(&text[..bytes.end], bytes.start).skip(1) {
            if is_begin(&line) {
                depth = depth.saturating_add(1);
            } else if is_end(&line) {
                depth = depth.saturating_sub(1);
            } else if depth == 0 {
                let name: Cow<'_, [u8]> = unfold(name_bytes(line.bytes));
                own.push(OwnLine { name: name.trim_ascii().to_ascii_uppercase(), line });
            }
        }
        own
    }

    /// The line end of the component's first line.
    pub fn line_end(&self, event: &Event<'_, '_>) -> &'static [u8] {
        let bytes = &self.text[event.component.bytes.clone()];
        match memchr::memchr(b'\n', bytes) {
            Some(at) if at > 0 && bytes[at - 1] != b'\r' => b"\n",
            _ => b"\r\n",
        }
    }
}

fn name_bytes(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|byte| matches!(byte, b':' | b';')).unwrap_or(line.len());
    &line[..end]
}

fn name_of(property: Property) -> &'static str {
    match property {
        Property::DtStart => "DTSTART",
        Property::DtEnd => "DTEND",
        Property::RecurrenceId => "RECURRENCE-ID",
        _ => "LAST-MODIFIED",
    }
}

/// The TZID parameter of DTSTART with its semicolon, byte for byte as it stands, because programs compare
/// it with the TZID of EXDATE as text; empty for UTC and floating times.
pub(super) fn form_of(event: &Event<'_, '_>) -> Vec<u8> {
    let Some(line) = event.line(Property::DtStart) else {
        return Vec::new();
    };
    let rest = line.rest();
    let parameters = split_times(&rest).map(|(parameters, _)| parameters);
    parameters.and_then(|it| whole_parameter(it, "TZID")).unwrap_or_default().to_vec()
}

/// A moment in the form of a property: as a date, in UTC, or on the clock of a zone; in UTC too
/// where that clock shows the same time twice and this is the second.
pub(super) fn stamp_text(zones: &Zones, zone: ZoneId, is_date: bool, moment: Moment) -> String {
    let clock = zones.zone(zone);
    let civil = clock.civil(moment);
    if is_date {
        date_text(civil)
    } else if zone == ZoneId::UTC || clock.moment(civil) != moment {
        format!("{}Z", local_text(Civil(moment.0)))
    } else {
        local_text(civil)
    }
}
