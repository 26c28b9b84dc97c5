//! Reads a calendar in one pass over the bytes and keeps only the relevant lines.
//!
//! Nothing is copied: lines are slices of the text. Values are parsed when they are needed, so that
//! a broken value affects only its own object.

mod scanner;

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr_iter;

use crate::decode::NotCalendar;
use crate::definitions::Definitions;
use crate::line::unfold;
use crate::property::{Properties, Property};
use crate::text;

use scanner::Scanner;
pub(crate) use scanner::{is_begin, is_end};

/// The calendar objects of a text: a file of events, one calendar object resource, or many.
#[derive(Debug)]
pub struct Calendar<'a> {
    pub(crate) text: &'a [u8],
    /// Sorted so that the components of one object are adjacent, in the text's order.
    pub(crate) components: Vec<Component>,
    lines: Vec<ContentLine<'a>>,
    objects: Vec<Object<'a>>,
    definitions: Definitions<'a>,
    /// Ascending.
    not_calendars: Vec<u32>,
}

/// A calendar object (RFC 4791 section 4.1): all VEVENT components of one UID in one resource, in
/// the order of the text. A VEVENT without UID is an object of its own, with an empty uid.
#[derive(Debug)]
pub struct Object<'a> {
    pub(crate) uid: Cow<'a, [u8]>,
    pub(crate) components: Range<u32>,
    resource: u32,
}

impl Object<'_> {
    /// The UID, or an empty text. Bytes that are no UTF-8 become U+FFFD.
    pub fn uid(&self) -> Cow<'_, str> {
        text::lossy(&self.uid)
    }

    /// The UID as it stands, for comparisons "by bytes".
    pub fn uid_bytes(&self) -> &[u8] {
        &self.uid
    }

    /// Indexes of its components, for [`Calendar::event`].
    pub fn components(&self) -> Range<usize> {
        self.components.start as usize..self.components.end as usize
    }

    /// Index of its resource, as [`Calendar::parse_resources`] counts them; 0 if the text was read
    /// as one.
    pub fn resource(&self) -> usize {
        self.resource as usize
    }
}

/// One VEVENT.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    object: u32,
    /// Index of its VCALENDAR in the text, whose VTIMEZONEs it refers to.
    pub scope: u32,
    /// Whether it has an END line.
    pub finished: bool,
    /// Whether it has more lines than are kept.
    pub has_too_many_lines: bool,
    /// Those of its lines: what is not there need not be looked for.
    pub properties: Properties,
    lines: Range<u32>,
    /// Bytes from its BEGIN line to the end of its END line.
    pub bytes: Range<usize>,
}

/// A content line of a relevant property, without its name and with its folds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ContentLine<'a> {
    pub property: Property,
    pub folded: bool,
    /// From the first `;` or `:` on.
    rest: &'a [u8],
}

impl<'a> ContentLine<'a> {
    /// What follows the name: parameters and value, without folds.
    #[inline]
    pub fn rest(&self) -> Cow<'a, [u8]> {
        if self.folded { unfold(self.rest) } else { Cow::Borrowed(self.rest) }
    }

    /// The same of the line's first `most` bytes.
    pub fn head(&self, most: usize) -> Cow<'a, [u8]> {
        let head = &self.rest[..self.rest.len().min(most)];
        if self.folded { unfold(head) } else { Cow::Borrowed(head) }
    }

    /// What follows the name as it stands, with folds.
    #[inline]
    pub fn raw(&self) -> &'a [u8] {
        self.rest
    }

    /// What follows the name as it stands, if nothing is folded.
    #[inline]
    pub fn unfolded(&self) -> Option<&'a [u8]> {
        (!self.folded).then_some(self.rest)
    }

    /// The number of bytes of the line as written.
    pub fn len(&self) -> usize {
        self.rest.len()
    }
}

impl<'a> Calendar<'a> {
    /// Reads `text`: one or several VCALENDARs, as eight servers and a dozen clients write them.
    /// Unknown lines are skipped; broken events are found when they are expanded.
    ///
    /// # Errors
    ///
    /// [`NotCalendar`] if the first line that is not empty is not `BEGIN:VCALENDAR`, with the cause.
    pub fn parse(text: &'a [u8]) -> Result<Calendar<'a>, NotCalendar> {
        let calendar = Scanner::new(text).run(&[text.len()]);
        if calendar.not_calendars.is_empty() { Ok(calendar) } else { Err(NotCalendar::of(text)) }
    }

    /// Reads many calendar object resources that are concatenated in `text`, as a CalDAV server
    /// stores them, one VCALENDAR each, at the cost of reading one text.
    ///
    /// Resource `i` is `text[ends[i - 1]..ends[i]]`, in bytes; the first one begins at 0. An end
    /// before the end of the previous resource, or after the text, counts as that; text after the
    /// last end is not read.
    ///
    /// Each resource is read on its own: nothing that it leaves open continues in the next, and no
    /// VTIMEZONE serves another one. One UID in two resources is two objects. A resource that
    /// [`Calendar::parse`] would refuse has no objects, see [`Calendar::not_calendars`].
    ///
    /// All positions refer to `text`: those of [`crate::Event::text`], and of [`Calendar::line_numbers`].
    /// To edit a resource, parse it alone, because [`crate::cancel`] returns the whole text of the
    /// calendar.
    ///
    /// ```
    /// let one = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    /// let text = [&one[..], b"no calendar", one].concat();
    /// let ends = [one.len(), one.len() + 11, text.len()];
    /// let calendar = ical::Calendar::parse_resources(&text, &ends);
    /// let resources: Vec<usize> = calendar.objects().iter().map(|it| it.resource()).collect();
    /// assert_eq!(resources, [0, 2]);
    /// assert_eq!(calendar.not_calendars(), [1]);
    /// ```
    pub fn parse_resources(text: &'a [u8], ends: &[usize]) -> Calendar<'a> {
        Scanner::new(text).run(ends)
    }

    /// Indexes of the resources that are no iCalendar stream, empty ones among them, ascending: see
    /// [`NotCalendar::of`]. None where the text was read as one.
    pub fn not_calendars(&self) -> &[u32] {
        &self.not_calendars
    }

    /// The objects, in the order in which they first appear.
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// The number of components of all objects.
    pub fn component_count(&self) -> usize {
        self.components.len()
    }

    /// The 1-based numbers of the lines of the text on which objects begin, for messages.
    pub fn line_numbers(&self) -> LineNumbers<'_, 'a> {
        LineNumbers { calendar: self, at: 0, lines: 0 }
    }

    #[inline]
    pub(crate) fn lines_of(&self, component: &Component) -> &[ContentLine<'a>] {
        &self.lines[component.lines.start as usize..component.lines.end as usize]
    }

    /// All VTIMEZONEs of a VCALENDAR, as written, with their TZIDs.
    pub(crate) fn definitions(&self, scope: u32) -> impl Iterator<Item = (&[u8], &'a [u8])> {
        self.definitions.of_scope(scope)
    }

    /// The VCALENDARs that a text has events or zones of, in its order.
    pub(crate) fn scopes(&self) -> Vec<u32> {
        let of_events = self.components.iter().map(|it| it.scope);
        let mut scopes: Vec<u32> = of_events.chain(self.definitions.scopes()).collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// The TZID of the only VTIMEZONE of a VCALENDAR.
    pub(crate) fn only_definition(&self, scope: u32) -> Option<&[u8]> {
        self.definitions.only(scope)
    }

    /// The VTIMEZONE of that TZID which a component in that VCALENDAR refers to.
    pub(crate) fn definition(&self, scope: u32, tzid: &[u8]) -> Option<&'a [u8]> {
        self.definitions.find(scope, tzid)
    }
}

/// Counts lines from the last object on: iterating over all objects in order reads the text once.
#[derive(Debug)]
pub struct LineNumbers<'c, 'a> {
    calendar: &'c Calendar<'a>,
    at: usize,
    lines: usize,
}

impl LineNumbers<'_, '_> {
    /// The 1-based number of the line on which an object begins.
    pub fn of(&mut self, object: &Object<'_>) -> usize {
        let start = self.calendar.components[object.components().start].bytes.start;
        if start < self.at {
            (self.at, self.lines) = (0, 0);
        }
        self.lines += memchr_iter(b'\n', &self.calendar.text[self.at..start]).count();
        self.at = start;
        self.lines + 1
    }
}
