//! One VEVENT and its properties.

use std::borrow::Cow;

use crate::address::address_of;
use crate::civil::Civil;
use crate::error::shown;
use crate::limits::{MAX_ADDRESS_BYTES, MAX_LINE_BYTES, MAX_NAME_BYTES};
use crate::line::{Lines, after_name, parameter, split_value, unfold};
use crate::moment::Moment;
use crate::property::{Properties, Property};
use crate::scan::{Calendar, Component, ContentLine, Object, is_begin, is_end};
use crate::text;
use crate::value::{self, TimeForm};
use crate::zones::Zones;

impl<'a> Calendar<'a> {
    /// The component with that index (see [`Object::components`]).
    ///
    /// # Panics
    ///
    /// If no object has that component.
    #[inline]
    pub fn event(&self, component: usize) -> Event<'_, 'a> {
        let component = &self.components[component];
        let text = &self.text[component.bytes.clone()];
        Event { component, lines: self.lines_of(component), text }
    }

    /// The components of an object.
    pub fn events_of(&self, object: &Object<'a>) -> impl Iterator<Item = Event<'_, 'a>> {
        object.components().map(|index| self.event(index))
    }
}

/// A component of an object: its master, or an override of one instance.
#[derive(Clone, Copy, Debug)]
pub struct Event<'c, 'a> {
    pub(crate) component: &'c Component,
    pub(crate) lines: &'c [ContentLine<'a>],
    text: &'a [u8],
}

/// Values of CREATED that mean "unknown": what Google writes for year 0, and what Radicale makes of
/// it.
const PLACEHOLDERS: [&[u8]; 2] = [b"00001231T000000Z", b"20001231T000000Z"];

impl<'c, 'a> Event<'c, 'a> {
    /// The first line of a property.
    #[inline]
    pub(crate) fn line(&self, property: Property) -> Option<&'c ContentLine<'a>> {
        if !self.has(property) {
            return None;
        }
        self.lines.iter().find(|line| line.property == property)
    }

    /// Whether it has a line of a property.
    #[inline]
    pub(crate) fn has(&self, property: Property) -> bool {
        self.component.properties.has(property)
    }

    fn value(&self, property: Property) -> Option<Cow<'a, [u8]>> {
        self.value_up_to(property, MAX_LINE_BYTES)
    }

    /// The value of a property, of whose line no more than `most` bytes are read.
    fn value_up_to(&self, property: Property, most: usize) -> Option<Cow<'a, [u8]>> {
        Some(match self.line(property)?.head(most) {
            Cow::Borrowed(rest) => Cow::Borrowed(split_value(rest)?.1),
            Cow::Owned(rest) => Cow::Owned(split_value(&rest)?.1.to_vec()),
        })
    }

    fn value_is(&self, property: Property, wanted: &str) -> bool {
        self.value(property)
            .is_some_and(|value| value.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes()))
    }

    /// The component as it stands in its calendar's text.
    pub fn text(&self) -> &'a [u8] {
        self.text
    }

    /// Whether CLASS keeps it from others: it is present and not PUBLIC (RFC 5545 section 3.8.1.3:
    /// unknown values count as PRIVATE). Of several, one is enough.
    pub fn is_private(&self) -> bool {
        self.classes().any(|class| class != "PUBLIC")
    }

    /// Whether CLASS is CONFIDENTIAL (RFC 5545 section 3.8.1.3): servers show others only that the
    /// event exists.
    pub fn is_confidential(&self) -> bool {
        self.classes().any(|class| class == "CONFIDENTIAL")
    }

    /// Whether it has a CLASS of its own.
    pub fn has_class(&self) -> bool {
        self.classes().next().is_some()
    }

    /// Each CLASS in upper case; there may be one at most.
    fn classes(&self) -> impl Iterator<Item = String> {
        self.own_lines("CLASS").filter_map(|rest| {
            let (_, value) = split_value(&rest)?;
            Some(String::from_utf8_lossy(value.trim_ascii()).to_ascii_uppercase())
        })
    }

    /// DESCRIPTION, or an empty text (RFC 5545 section 3.8.1.5). It is looked for each time.
    pub fn description(&self) -> String {
        let value = self.own_value("DESCRIPTION").unwrap_or_default();
        text::unescape(&value).into_owned()
    }

    /// The first value of a property of the event itself, not of its alarms, that is not among
    /// [`Property`].
    fn own_value(&self, name: &'static str) -> Option<Vec<u8>> {
        self.own_lines(name).find_map(|rest| split_value(&rest).map(|(_, value)| value.to_vec()))
    }

    /// What follows the name on the lines of a property of the event itself, not of its alarms, without folds.
    pub(crate) fn own_lines(
        &self,
        name: &'static str,
    ) -> impl Iterator<Item = Cow<'a, [u8]>> + use<'a> {
        let mut depth = 0_u32;
        Lines::from(self.text, 0).filter_map(move |line| {
            if is_begin(&line) {
                depth += 1;
            } else if is_end(&line) {
                depth = depth.saturating_sub(1);
            }
            // The event's own BEGIN is the first level; alarms are below.
            let rest = if depth == 1 { after_name(&line, name) } else { None };
            rest.map(|rest| if line.folded { unfold(rest) } else { Cow::Borrowed(rest) })
        })
    }

    /// SUMMARY, or an empty text (RFC 5545 section 3.8.1.12). Of one longer than
    /// [`crate::limits::MAX_NAME_BYTES`] the beginning, with an ellipsis.
    pub fn summary(&self) -> Cow<'a, str> {
        match self.value_up_to(Property::Summary, 2 * MAX_NAME_BYTES) {
            None => Cow::Borrowed(""),
            Some(value) if value.len() > MAX_NAME_BYTES => {
                let head = text::unescape(&value[..MAX_NAME_BYTES]);
                Cow::Owned(format!("{}…", head.trim_end_matches('\u{FFFD}')))
            }
            Some(Cow::Borrowed(value)) => text::unescape(value),
            Some(Cow::Owned(value)) => Cow::Owned(text::unescape(&value).into_owned()),
        }
    }

    /// The address of ORGANIZER: that of its value, else that of its EMAIL parameter; `None` where
    /// neither holds one.
    pub fn organizer(&self) -> Option<String> {
        // This is enough for a name, a certificate and an address.
        self.line(Property::Organizer)
            .and_then(|line| address_of(&line.head(32 * MAX_ADDRESS_BYTES)))
    }

    /// Whether there is an ORGANIZER, with an address or not.
    pub fn has_organizer(&self) -> bool {
        self.has(Property::Organizer)
    }

    /// Whether a server that schedules tells its ORGANIZER of changes, or they come from there: it has one, and
    /// SCHEDULE-AGENT is neither NONE nor CLIENT (RFC 6638 section 7.1).
    pub fn is_scheduled(&self) -> bool {
        let Some(line) = self.line(Property::Organizer) else { return false };
        let head = line.head(32 * MAX_ADDRESS_BYTES);
        let agent = split_value(&head).and_then(|it| parameter(it.0, "SCHEDULE-AGENT"));
        !agent.is_some_and(|it| {
            it.eq_ignore_ascii_case(b"NONE") || it.eq_ignore_ascii_case(b"CLIENT")
        })
    }

    /// The number of its ATTENDEEs.
    pub fn count_attendees(&self) -> usize {
        self.own_lines("ATTENDEE").count()
    }

    /// STATUS in upper case; `CONFIRMED` where none is given, or none that RFC 5545 section 3.8.1.11
    /// defines for events.
    pub fn status(&self) -> &'static str {
        let value = self.value(Property::Status).unwrap_or_default();
        let is = |known: &&&str| value.trim_ascii().eq_ignore_ascii_case(known.as_bytes());
        ["CANCELLED", "TENTATIVE"].iter().find(is).copied().unwrap_or("CONFIRMED")
    }

    /// Whether it is `STATUS:CANCELLED`.
    #[inline]
    pub fn is_cancelled(&self) -> bool {
        self.value_is(Property::Status, "CANCELLED")
    }

    /// Whether it is `TRANSP:TRANSPARENT`, that is, free.
    #[inline]
    pub fn is_transparent(&self) -> bool {
        self.value_is(Property::Transp, "TRANSPARENT")
    }

    /// Whether the attendee with that address, which is in lower case, has declined. Attendees are looked for
    /// each time: there are many of them, and who asks for one that the room is mostly asks of few events.
    pub fn is_declined_by(&self, address: &str) -> bool {
        self.has_attendee(address, |status| {
            status.is_some_and(|status| status.eq_ignore_ascii_case(b"DECLINED"))
        })
    }

    /// Whether it is an invitation that the attendee with that address, which is in lower case, has not answered:
    /// somebody else organizes it, and it is not cancelled.
    pub fn awaits_answer_of(&self, address: &str) -> bool {
        self.has_organizer()
            && !self.is_cancelled()
            && self.organizer().is_none_or(|it| it.to_lowercase() != address)
            && self.has_attendee(address, is_unanswered)
    }

    /// Whether an attendee with that address has such a PARTSTAT.
    fn has_attendee(&self, address: &str, is_such: impl Fn(Option<&[u8]>) -> bool) -> bool {
        self.own_lines("ATTENDEE").any(|rest| {
            // No longer than an address can be with what stands before it.
            let rest = &rest[..rest.len().min(32 * MAX_ADDRESS_BYTES)];
            let Some((parameters, _)) = split_value(rest) else {
                return false;
            };
            is_such(parameter(parameters, "PARTSTAT"))
                && address_of(rest).is_some_and(|attendee| attendee.to_lowercase() == address)
        })
    }

    /// Whether it has RRULE, RDATE or RECURRENCE-ID.
    #[inline]
    pub fn is_recurring(&self) -> bool {
        self.component.properties.has_any(Properties::RECURRING)
    }

    /// Whether it is an override, that is, has a RECURRENCE-ID.
    #[inline]
    pub fn is_override(&self) -> bool {
        self.has(Property::RecurrenceId)
    }

    /// Whether its DTSTART is a date.
    pub fn is_all_day(&self) -> bool {
        self.value(Property::DtStart)
            .and_then(|value| value::stamp(&value).ok())
            .is_some_and(|stamp| stamp.kind == TimeForm::Date)
    }

    /// DTSTART as it is written, without its parameters, shortened to [`crate::Unreadable::SHOWN`]
    /// characters.
    pub fn written_start(&self) -> Option<String> {
        self.value(Property::DtStart).map(|value| shown(value.trim_ascii()))
    }

    /// SEQUENCE, 0 where it is missing or no number (RFC 5545 section 3.8.7.4).
    pub fn sequence(&self) -> i64 {
        self.value(Property::Sequence)
            .and_then(|value| str::from_utf8(value.trim_ascii()).ok()?.parse().ok())
            .unwrap_or(0)
    }

    /// CREATED, or `None` where it is not known: missing, unreadable, not after 1970-01-01T00:00:00Z,
    /// which importers write for "unknown", or another placeholder for that.
    pub fn created(&self, zones: &Zones) -> Option<Moment> {
        let value = self.value(Property::Created)?;
        if PLACEHOLDERS.contains(&value.trim_ascii()) {
            return None;
        }
        known_moment(&value, zones)
    }

    /// LAST-MODIFIED, or `None` where it is missing, unreadable or not after 1970-01-01T00:00:00Z.
    pub fn last_modified(&self, zones: &Zones) -> Option<Moment> {
        known_moment(&self.value(Property::LastModified)?, zones)
    }
}

/// Whether a PARTSTAT says that there is no answer yet, which is what a missing one means (RFC 5545 section
/// 3.2.12).
pub(crate) fn is_unanswered(status: Option<&[u8]>) -> bool {
    status.is_none_or(|it| it.eq_ignore_ascii_case(b"NEEDS-ACTION"))
}

/// CREATED and LAST-MODIFIED are UTC (RFC 5545 section 3.8.7); where a client wrote a local time or
/// a date, it is one of the calendar's zone.
fn known_moment(value: &[u8], zones: &Zones) -> Option<Moment> {
    let stamp = value::stamp(value).ok()?;
    let moment = match stamp.kind {
        TimeForm::Utc => Moment(stamp.civil.0),
        TimeForm::Local | TimeForm::Date => zones.calendar_zone().moment(Civil(stamp.civil.0)),
    };
    (moment.0 > 0).then_some(moment)
}

#[cfg(test)]
mod tests {
    use crate::limits::{MAX_ADDRESS_BYTES, MAX_NAME_BYTES};
    use crate::{Calendar, Zone, Zones};

    fn with<T>(lines: &str, read: impl Fn(super::Event<'_, '_>, &Zones) -> T) -> T {
        let text =
            format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n");
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        read(calendar.event(0), &Zones::new(Zone::iana("Europe/Berlin").unwrap()))
    }

    #[test]
    fn an_address_is_in_the_value_decoded_else_in_the_email_parameter() {
        for (line, expected) in [
            ("ORGANIZER:mailto:a@b.example", Some("a@b.example")),
            ("ORGANIZER;CN=\"x:y\":MAILTO:A@b.example", Some("A@b.example")),
            ("ORGANIZER;CN=x:y:mailto:a@b.example", Some("a@b.example")),
            ("organizer:a@b.example", Some("a@b.example")),
            ("ORGANIZER;EMAIL=c@d.example:urn:uuid:1", Some("c@d.example")),
            ("ORGANIZER;EMAIL=\"c@d.example\":/principals/x@y/", Some("c@d.example")),
            ("ORGANIZER;EMAIL=\"mailto:c@d.example\":/principals/x", Some("c@d.example")),
            ("ORGANIZER;EMAIL=\"MAILTO:c%2Bd@d.example\":/principals/x", Some("c+d@d.example")),
            ("ORGANIZER:mailto:a%2Bb%40c@d.example", Some("a+b@c@d.example")),
            ("ORGANIZER:mailto:m%C3%BCller@b.example", Some("müller@b.example")),
            ("ORGANIZER:mailto:a@b.example?subject=Hello%20you", Some("a@b.example")),
            ("ORGANIZER:mailto:a%3Fb@c.example?x=%", Some("a?b@c.example")),
            ("ORGANIZER:mailto:m%FCller@b.example", Some("m%FCller@b.example")),
            ("ORGANIZER:mailto:a%0D%0Ab@c.example", Some("a%0D%0Ab@c.example")),
            ("ORGANIZER:mailto:100%@b.example", Some("100%@b.example")),
            ("ORGANIZER:a%2Bb@c.example", Some("a%2Bb@c.example")),
            ("ORGANIZER;EMAIL=c@d.example:mailto:a%20b@c.example", Some("c@d.example")),
            ("ORGANIZER:invalid:nomail", None),
            ("ORGANIZER:mailto:", None),
            ("ORGANIZER:mailto:a b@c.example", None),
            ("ORGANIZER", None),
        ] {
            let text = format!("{line}\r\n");
            assert_eq!(with(&text, |event, _| event.organizer()).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn names_and_addresses_are_read_up_to_their_bounds() {
        let name = |length: usize| {
            let text = format!("SUMMARY:{}\r\n", "ä".repeat(length / 2));
            with(&text, |event, _| event.summary().into_owned())
        };
        assert_eq!(name(MAX_NAME_BYTES), "ä".repeat(MAX_NAME_BYTES / 2));
        assert_eq!(name(MAX_NAME_BYTES + 2), "ä".repeat(MAX_NAME_BYTES / 2) + "…");
        let organizer = |length: usize| {
            let text = format!("ORGANIZER:mailto:{}@b.c\r\n", "a".repeat(length - 4));
            with(&text, |event, _| event.organizer())
        };
        assert_eq!(organizer(MAX_ADDRESS_BYTES).map(|it| it.len()), Some(MAX_ADDRESS_BYTES));
        assert_eq!(organizer(MAX_ADDRESS_BYTES + 1), None);
        let status = with(&format!("STATUS:{}\r\n", "x".repeat(99)), |event, _| event.status());
        assert_eq!(status, "CONFIRMED", "what is not defined is as none");
        for (text, known) in
            [(" tentative", "TENTATIVE"), ("Cancelled", "CANCELLED"), ("CANCELED", "CONFIRMED")]
        {
            let status = with(&format!("STATUS:{text}\r\n"), |event, _| event.status());
            assert_eq!(status, known, "{text}");
        }
    }

    #[test]
    fn created_is_unknown_where_it_is_a_placeholder_or_not_after_the_start_of_1970() {
        for (line, known) in [
            ("CREATED:20260114T073320Z", true),
            ("CREATED:19700101T000000Z", false),
            ("CREATED:19700101T000001Z", true),
            // Midnight in Berlin is before it.
            ("CREATED:19700101", false),
            ("CREATED:19700101T010000", false),
            ("CREATED:20260114", true),
            ("CREATED:00001231T000000Z", false),
            ("CREATED:20001231T000000Z", false),
            ("CREATED:19691231T235959Z", false),
            ("CREATED:yesterday", false),
            ("X-CREATED:20260114T073320Z", false),
        ] {
            let text = format!("{line}\r\n");
            let created = with(&text, |event, zones| event.created(zones));
            assert_eq!(created.is_some(), known, "{line}");
        }
    }

    #[test]
    fn only_the_attendee_who_declined_has_declined() {
        let text = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:room@b.example\r\n\
            ATTENDEE;CN=DECLINED;PARTSTAT=ACCEPTED:mailto:other@b.example\r\n\
            ATTENDEE;PARTSTAT=DECL\r\n INED:MAILTO:Ro\r\n om2@b.example\r\n";
        let declined = |address: &str| with(text, |event, _| event.is_declined_by(address));
        assert!(!declined("room@b.example"));
        assert!(!declined("other@b.example"));
        assert!(declined("room2@b.example"));
    }

    #[test]
    fn what_is_missing_has_its_default() {
        with("X-A:1\r\nBEGIN:VALARM\r\nSUMMARY:no\r\nEND:VALARM\r\n", |event, _| {
            assert_eq!(event.summary(), "");
            assert_eq!(event.status(), "CONFIRMED");
            assert_eq!(event.sequence(), 0);
            assert!(!event.is_cancelled() && !event.is_transparent() && !event.is_recurring());
        });
    }
}
