//! The scanner: one pass over the bytes of a text.

use std::borrow::Cow;
use std::ops::Range;

use hashbrown::HashMap;
use memchr::memchr;

use super::{Calendar, Component, ContentLine, Object};
use crate::definitions::Definitions;
use crate::limits::MAX_LINES_PER_COMPONENT;
use crate::line::{Lines, RawLine, split_value, unfold};
use crate::property::{Properties, Property, Usual, usual};
use crate::text;

/// The state of the scanner.
enum ScannerState {
    /// Outside of a VCALENDAR.
    Outside,
    /// In a VCALENDAR, or in a component of it that is not read.
    Calendar,
    /// In a VEVENT, with the number of open components in it.
    Event { depth: u32 },
    /// In a VTIMEZONE.
    TimeZone { start: usize, tzid: Option<Vec<u8>> },
}

pub(super) struct Scanner<'a> {
    text: &'a [u8],
    components: Vec<Component>,
    lines: Vec<ContentLine<'a>>,
    objects: Vec<Object<'a>>,
    /// The last object of each UID.
    by_uid: HashMap<Cow<'a, [u8]>, u32>,
    definitions: Definitions<'a>,
    not_calendars: Vec<u32>,
    resource: u32,
    /// The number of objects of all resources before this one.
    objects_before: u32,
    scope: u32,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8]) -> Scanner<'a> {
        // Events of eight servers have 500 bytes at the least; too small a guess costs little.
        let guess = text.len() / 1024;
        Scanner {
            text,
            components: Vec::with_capacity(guess),
            lines: Vec::with_capacity(guess * 8),
            objects: Vec::with_capacity(guess),
            by_uid: HashMap::with_capacity(guess),
            definitions: Definitions::default(),
            not_calendars: Vec::new(),
            resource: 0,
            objects_before: 0,
            scope: 0,
        }
    }

    pub(super) fn run(mut self, ends: &[usize]) -> Calendar<'a> {
        let mut start = 0;
        for (resource, &end) in ends.iter().enumerate() {
            let end = end.clamp(start, self.text.len());
            self.resource = resource as u32;
            self.objects_before = self.objects.len() as u32;
            if !self.scan(start..end) {
                self.not_calendars.push(self.resource);
            }
            start = end;
        }
        self.finish()
    }

    /// Reads one resource, whose place in the text is `bytes`; `false` if it is no iCalendar stream.
    fn scan(&mut self, bytes: Range<usize>) -> bool {
        // Lines end where the resource does, but their offsets are those of the whole text.
        let text = &self.text[..bytes.end];
        let has_mark = text[bytes.start..].starts_with(b"\xEF\xBB\xBF");
        let mut lines = Lines::from(text, bytes.start + if has_mark { 3 } else { 0 });
        let is_calendar = |line: RawLine<'_>| {
            delimiter(&line, b"BEGIN:").is_some_and(|name| is(&name, "VCALENDAR"))
        };
        if !lines.clone().find(|line| !line.bytes.trim_ascii().is_empty()).is_some_and(is_calendar)
        {
            return false;
        }
        let mut state = ScannerState::Outside;
        while let Some(place) = lines.next_place() {
            // Most lines are properties of events, and most of these are not read.
            if let ScannerState::Event { depth: 0 } = state {
                match usual(&text[place.start..place.end]) {
                    Usual::NotRead => continue,
                    Usual::Read(property, name) => {
                        if let Some(line) = lines.line(place) {
                            self.keep(property, &line.bytes[name..], line.folded);
                        }
                        continue;
                    }
                    Usual::Not => {}
                }
            }
            let Some(line) = lines.line(place) else { continue };
            state = match line.bytes[0] {
                b'B' | b'b' | b'E' | b'e' => self.delimiter_or_property(state, &line),
                _ => self.property(state, &line),
            };
        }
        if let ScannerState::Event { .. } = state {
            self.end_event(bytes.end, false);
        }
        true
    }

    fn delimiter_or_property(&mut self, state: ScannerState, line: &RawLine<'a>) -> ScannerState {
        // As nearly all of them stand.
        match (line.bytes, &state) {
            (b"BEGIN:VEVENT", ScannerState::Calendar) => {
                self.begin_event(line);
                return ScannerState::Event { depth: 0 };
            }
            (b"END:VEVENT", ScannerState::Event { .. }) => {
                self.end_event(line.end, true);
                return ScannerState::Calendar;
            }
            (b"BEGIN:VALARM", ScannerState::Event { depth }) => {
                return ScannerState::Event { depth: depth.saturating_add(1) };
            }
            (b"END:VALARM", ScannerState::Event { depth }) => {
                return ScannerState::Event { depth: depth.saturating_sub(1) };
            }
            _ => {}
        }
        if let Some(name) = delimiter(line, b"BEGIN:") {
            self.begin(state, &name, line)
        } else if let Some(name) = delimiter(line, b"END:") {
            self.end(state, &name, line)
        } else {
            self.property(state, line)
        }
    }

    fn begin(&mut self, state: ScannerState, name: &[u8], line: &RawLine<'a>) -> ScannerState {
        // A VEVENT is always directly in a VCALENDAR, so the component before it has lost its END.
        let opens_event = is(name, "VEVENT");
        let opens_calendar = is(name, "VCALENDAR");
        if let (ScannerState::Event { .. }, true) = (&state, opens_event || opens_calendar) {
            self.end_event(line.start, false);
        }
        if opens_calendar {
            self.scope += 1;
            return ScannerState::Calendar;
        }
        match state {
            ScannerState::Outside => ScannerState::Outside,
            _ if opens_event => {
                self.begin_event(line);
                ScannerState::Event { depth: 0 }
            }
            ScannerState::Event { depth } => ScannerState::Event { depth: depth.saturating_add(1) },
            ScannerState::Calendar if is(name, "VTIMEZONE") => {
                ScannerState::TimeZone { start: line.start, tzid: None }
            }
            state => state,
        }
    }

    fn end(&mut self, state: ScannerState, name: &[u8], line: &RawLine<'a>) -> ScannerState {
        let ends_calendar = is(name, "VCALENDAR");
        match state {
            ScannerState::Event { .. } if is(name, "VEVENT") => {
                self.end_event(line.end, true);
                ScannerState::Calendar
            }
            ScannerState::Event { .. } if ends_calendar => {
                self.end_event(line.start, false);
                ScannerState::Outside
            }
            ScannerState::Event { depth } => ScannerState::Event { depth: depth.saturating_sub(1) },
            ScannerState::TimeZone { start, tzid } if is(name, "VTIMEZONE") => {
                if let Some(tzid) = tzid {
                    let text = &self.text[start..line.end];
                    self.definitions.push(self.scope, tzid, text);
                }
                ScannerState::Calendar
            }
            _ if ends_calendar => ScannerState::Outside,
            state => state,
        }
    }

    #[inline]
    fn property(&mut self, state: ScannerState, line: &RawLine<'a>) -> ScannerState {
        match state {
            ScannerState::Event { depth: 0 } => {
                self.event_property(line);
                state
            }
            ScannerState::TimeZone { start, tzid: None } => {
                let (name, rest) = split_name(line.bytes);
                let tzid = if name.eq_ignore_ascii_case(b"TZID") {
                    split_value(&unfold(rest)).map(|(_, value)| value.trim_ascii().to_vec())
                } else {
                    None
                };
                ScannerState::TimeZone { start, tzid }
            }
            state => state,
        }
    }

    fn event_property(&mut self, line: &RawLine<'a>) {
        let Some((property, name)) = Property::of_line(line.bytes) else { return };
        let rest = &line.bytes[name..];
        self.keep(property, rest, line.folded);
    }

    #[inline(always)]
    fn keep(&mut self, property: Property, rest: &'a [u8], folded: bool) {
        let Some(component) = self.components.last_mut() else { return };
        let count = self.lines.len() - component.lines.start as usize;
        if property.is_list() && count >= MAX_LINES_PER_COMPONENT {
            component.has_too_many_lines = true;
            return;
        }
        if !component.properties.insert(property) && !property.is_list() {
            return;
        }
        self.lines.push(ContentLine { property, folded, rest });
    }

    fn begin_event(&mut self, line: &RawLine<'a>) {
        let first = self.lines.len() as u32;
        self.components.push(Component {
            object: 0,
            scope: self.scope,
            finished: false,
            has_too_many_lines: false,
            properties: Properties::default(),
            lines: first..first,
            bytes: line.start..line.end,
        });
    }

    fn end_event(&mut self, end: usize, finished: bool) {
        let Some(component) = self.components.last_mut() else {
            return;
        };
        component.lines.end = self.lines.len() as u32;
        component.bytes.end = end;
        component.finished = finished;
        let lines = &self.lines[component.lines.start as usize..];
        let uid = lines.iter().find(|line| line.property == Property::Uid).and_then(uid_of);
        let next = self.objects.len() as u32;
        component.object = match &uid {
            Some(uid) => {
                let last = self.by_uid.entry(uid.clone()).or_insert(next);
                // One of an earlier resource is another object.
                if *last < self.objects_before {
                    *last = next;
                }
                *last
            }
            None => next,
        };
        if component.object == next {
            let (uid, resource) = (uid.unwrap_or_default(), self.resource);
            self.objects.push(Object { uid, components: 0..0, resource });
        }
    }

    fn finish(mut self) -> Calendar<'a> {
        // Overrides may be far from their master: sort each object's components together.
        self.components.sort_by_key(|component| component.object);
        self.definitions.sort();
        for (index, component) in self.components.iter().enumerate() {
            let index = index as u32;
            let object = &mut self.objects[component.object as usize];
            if object.components.is_empty() {
                object.components.start = index;
            }
            object.components.end = index + 1;
        }
        Calendar {
            text: self.text,
            components: self.components,
            lines: self.lines,
            objects: self.objects,
            definitions: self.definitions,
            not_calendars: self.not_calendars,
        }
    }
}

/// The component that a BEGIN or END line names, or `None` if it is neither.
#[inline]
fn delimiter<'a>(line: &RawLine<'a>, keyword: &[u8]) -> Option<Cow<'a, [u8]>> {
    if line.folded {
        let whole = unfold(line.bytes);
        let fits =
            whole.len() >= keyword.len() && whole[..keyword.len()].eq_ignore_ascii_case(keyword);
        return fits.then(|| Cow::Owned(whole[keyword.len()..].to_vec()));
    }
    line.bytes
        .get(..keyword.len())?
        .eq_ignore_ascii_case(keyword)
        .then(|| Cow::Borrowed(&line.bytes[keyword.len()..]))
}

/// Whether a line begins a component.
pub(crate) fn is_begin(line: &RawLine<'_>) -> bool {
    matches!(line.bytes[0], b'B' | b'b') && delimiter(line, b"BEGIN:").is_some()
}

/// Whether a line ends a component.
pub(crate) fn is_end(line: &RawLine<'_>) -> bool {
    matches!(line.bytes[0], b'E' | b'e') && delimiter(line, b"END:").is_some()
}

fn is(name: &[u8], wanted: &str) -> bool {
    name.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes())
}

/// Splits a line after its name, with folds. A line with neither `;` nor `:` is all name.
#[inline]
fn split_name(line: &[u8]) -> (&[u8], &[u8]) {
    let end = line.iter().position(|byte| matches!(byte, b':' | b';')).unwrap_or(line.len());
    line.split_at(end)
}

/// The UID of a UID line, or `None` where it is empty.
fn uid_of<'a>(line: &ContentLine<'a>) -> Option<Cow<'a, [u8]>> {
    let uid = match line.rest() {
        Cow::Borrowed(rest) => Cow::Borrowed(split_value(rest)?.1),
        Cow::Owned(rest) => Cow::Owned(split_value(&rest)?.1.to_vec()),
    };
    if uid.trim_ascii().is_empty() {
        return None;
    }
    // Blanks count: for a server, a UID with a blank is another UID, so that nobody can share its
    // claims.
    let uid = if memchr(b'\\', &uid).is_some() {
        Cow::Owned(text::unescape(&uid).into_owned().into_bytes())
    } else {
        uid
    };
    Some(uid)
}
