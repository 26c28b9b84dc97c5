//! Answering an invitation in an attendee's own copy (RFC 5546 section 3.2.3): PARTSTAT=ACCEPTED.

use super::lines::Edits;
use crate::address::address_in;
use crate::event::{Event, is_unanswered};
use crate::line::{parameter, parameter_end, split_value, unfold};
use crate::scan::Calendar;
use crate::text::push_folded;

/// The text of a calendar in which the attendee with `address`, in lower case, has accepted every
/// component that is not cancelled. A single date that this attendee has declined stays declined. Every other
/// byte stays as it was; `None` where nothing is to be changed, because the attendee is not invited or has
/// accepted.
pub fn accept(calendar: &Calendar<'_>, address: &str) -> Option<Vec<u8>> {
    answer(calendar, address, b"ACCEPTED", Which::All)
}

/// The same text in which that attendee has accepted where no answer was given yet; every answer that is there
/// stays. `None` where nothing is to be changed.
pub fn accept_unanswered(calendar: &Calendar<'_>, address: &str) -> Option<Vec<u8>> {
    answer(calendar, address, b"ACCEPTED", Which::Unanswered)
}

/// The same text in which that attendee has not answered yet (NEEDS-ACTION).
pub fn unanswer(calendar: &Calendar<'_>, address: &str) -> Option<Vec<u8>> {
    answer(calendar, address, b"NEEDS-ACTION", Which::All)
}

/// In which lines an answer is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// In all of the attendee's.
    All,
    /// In those without an answer.
    Unanswered,
}

fn answer(calendar: &Calendar<'_>, address: &str, status: &[u8], which: Which) -> Option<Vec<u8>> {
    let mut edits = Edits::new(calendar);
    let mut is_changed = false;
    for object in calendar.objects() {
        let is_declined = |it: &Event<'_, '_>| it.is_override() && it.is_declined_by(address);
        let events = calendar.events_of(object).filter(|event| !event.is_cancelled());
        for event in events.filter(|it| !is_declined(it)) {
            is_changed |= edits.answer(&event, address, status, which);
        }
    }
    is_changed.then(|| edits.apply())
}

impl Edits<'_> {
    /// Writes a PARTSTAT into the ATTENDEE lines of an address; whether any line changes.
    fn answer(
        &mut self,
        event: &Event<'_, '_>,
        address: &str,
        status: &[u8],
        which: Which,
    ) -> bool {
        let line_end = self.line_end(event);
        let mut is_changed = false;
        for own in self.own_lines(event) {
            let whole = unfold(own.line.bytes);
            let Some(at) = whole.iter().position(|byte| matches!(byte, b':' | b';')) else {
                continue;
            };
            let (name, rest) = whole.split_at(at);
            let split = split_value(rest).filter(|_| own.name == b"ATTENDEE");
            let Some((parameters, value)) = split else { continue };
            let is_meant = |it: String| it.to_lowercase() == address;
            if !address_in(parameters, value).is_some_and(is_meant) {
                continue;
            }
            let present = parameter(parameters, "PARTSTAT");
            let is_left = which == Which::Unanswered && !is_unanswered(present);
            if is_left || present.is_some_and(|it| it.eq_ignore_ascii_case(status)) {
                continue;
            }
            let line = [name, &answered(parameters, status), b":", value].concat();
            let mut written = Vec::new();
            match str::from_utf8(&line) {
                Ok(line) => push_folded(&mut written, line, line_end),
                // A fold could be in the middle of a multi-byte character of an unknown encoding.
                Err(_) => written.extend_from_slice(&[&line, line_end].concat()),
            }
            self.replace(own.line.start..own.line.end, written);
            is_changed = true;
        }
        is_changed
    }
}

/// The parameters with a PARTSTAT in place of the present value, or appended.
fn answered(parameters: &[u8], status: &[u8]) -> Vec<u8> {
    let written = [b";PARTSTAT=", status].concat();
    let mut out = Vec::with_capacity(parameters.len() + written.len());
    let mut is_written = false;
    let mut rest = parameters;
    while let [b';', tail @ ..] = rest {
        let (one, next) = tail.split_at(parameter_end(tail));
        rest = next;
        let name = one.split(|byte| *byte == b'=').next().unwrap_or_default();
        if !name.trim_ascii().eq_ignore_ascii_case(b"PARTSTAT") {
            out.push(b';');
            out.extend_from_slice(one);
        } else if !is_written {
            out.extend_from_slice(&written);
            is_written = true;
        }
    }
    if !is_written {
        out.extend_from_slice(&written);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted_text(text: &str, address: &str) -> Option<String> {
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        accept(&calendar, address).map(|it| String::from_utf8(it).unwrap())
    }

    const INVITED: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260303T100000Z\r\n\
        ORGANIZER:mailto:ann@example.org\r\n\
        ATTENDEE;CN=Ann;PARTSTAT=ACCEPTED:mailto:ann@example.org\r\n\
        ATTENDEE;CN=\"Room; PARTSTAT=X\";PARTSTAT=DECL\r\n INED;ROLE=REQ-PARTICIPANT:mailto:Room@example.org\r\n\
        BEGIN:VALARM\r\nATTENDEE;PARTSTAT=DECLINED:mailto:room@example.org\r\nEND:VALARM\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn the_attendees_own_answer_is_written_and_no_other_byte() {
        let text = accepted_text(INVITED, "room@example.org").unwrap();
        let expected = INVITED.replace(
            "PARTSTAT=DECL\r\n INED;ROLE=REQ-PARTICIPANT:mailto:Room@example.org",
            "PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailt\r\n o:Room@example.org",
        );
        assert_eq!(text, expected);
        assert_eq!(accepted_text(&text, "room@example.org"), None, "it has accepted");
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let text = unanswer(&calendar, "room@example.org").unwrap();
        let expected =
            expected.replace("=ACCEPTED;ROLE", "=NEEDS-ACTION;ROLE").replace("\r\n o:", "o:");
        let unfolded = String::from_utf8(text.clone()).unwrap().replace("\r\n ", "");
        assert_eq!(unfolded, expected.replace("\r\n ", ""));
        let calendar = Calendar::parse(&text).unwrap();
        assert_eq!(unanswer(&calendar, "room@example.org"), None, "it has not answered");
        assert_eq!(accepted_text(INVITED, "bob@example.org"), None, "nobody has invited him");
    }

    #[test]
    fn a_single_date_that_the_attendee_has_declined_stays_declined() {
        let series = INVITED.replace("UID:a\r\n", "UID:a\r\nRRULE:FREQ=DAILY\r\n");
        let date = INVITED.replace("UID:a\r\n", "UID:a\r\nRECURRENCE-ID:20260304T100000Z\r\n");
        let (begin, end) = ("BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n");
        let date = date.replace(begin, "");
        let text = accepted_text(&series.replace(end, &date), "room@example.org").unwrap();
        let master = accepted_text(&series, "room@example.org").unwrap();
        assert_eq!(text, master.replace(end, &date));
    }

    #[test]
    fn where_an_answer_is_there_it_stays_and_where_none_is_it_is_accepted() {
        let accepted = |text: &str| {
            let calendar = Calendar::parse(text.as_bytes()).unwrap();
            let text = accept_unanswered(&calendar, "room@example.org")?;
            Some(String::from_utf8(text).unwrap().replace("\r\n ", ""))
        };
        let with = |status: &str| INVITED.replace("=DECL\r\n INED;", status).replace("\r\n ", "");
        for unanswered in ["=NEEDS-ACTION;", "=needs-action;"] {
            assert_eq!(accepted(&with(unanswered)), Some(with("=ACCEPTED;")));
        }
        let missing = INVITED.replace(";PARTSTAT=DECL\r\n INED", "");
        assert!(accepted(&missing).unwrap().contains(";PARTSTAT=ACCEPTED:mailto:Room@"));
        for answered in ["=DECLINED;", "=TENTATIVE;", "=ACCEPTED;", "=DELEGATED;"] {
            assert_eq!(accepted(&with(answered)), None, "{answered}");
        }
        let master = with("=DECLINED;").replace("UID:a", "UID:a\r\nRRULE:FREQ=DAILY");
        let date =
            with("=NEEDS-ACTION;").replace("UID:a", "UID:a\r\nRECURRENCE-ID:20260304T100000Z");
        let (begin, end) = ("BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n");
        let series = |date: &str| master.replace(end, &date.replace(begin, ""));
        assert_eq!(
            accepted(&series(&date)),
            Some(series(&date.replace("=NEEDS-ACTION", "=ACCEPTED"))),
            "each component has its own answer"
        );
    }

    #[test]
    fn a_missing_answer_is_added_and_cancelled_components_are_left() {
        let text = INVITED.replace(";PARTSTAT=DECL\r\n INED", "");
        let text = accepted_text(&text, "room@example.org").unwrap();
        assert!(
            text.replace("\r\n ", "").contains(";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:"),
            "{text}"
        );
        let cancelled = INVITED.replace("UID:a\r\n", "UID:a\r\nSTATUS:CANCELLED\r\n");
        assert_eq!(accepted_text(&cancelled, "room@example.org"), None);
    }
}
