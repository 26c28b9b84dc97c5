//! What attendees have answered (PARTSTAT, RFC 5545 section 3.2.12).

use crate::event::{Event, address_of};
use crate::limits::MAX_ADDRESS_BYTES;
use crate::line::{parameter, split_value};

impl Event<'_, '_> {
    /// Whether the attendee with that address, which is in lower case, has declined.
    pub fn is_declined_by(&self, address: &str) -> bool {
        self.is_attended(address, |status| {
            status.is_some_and(|status| status.eq_ignore_ascii_case(b"DECLINED"))
        })
    }

    /// Whether it invites the attendee with that address, which is in lower case, and that one has not answered:
    /// PARTSTAT is missing or NEEDS-ACTION.
    pub fn is_unanswered_by(&self, address: &str) -> bool {
        self.is_attended(address, |status| {
            status.is_none_or(|status| status.eq_ignore_ascii_case(b"NEEDS-ACTION"))
        })
    }

    /// Whether the attendee with that address has such a PARTSTAT. Attendees are looked for each time: there are many
    /// of them, and who asks for one that the room is mostly asks of few events.
    fn is_attended(&self, address: &str, has_such: impl Fn(Option<&[u8]>) -> bool) -> bool {
        self.own_lines("ATTENDEE").any(|rest| {
            // No longer than an address can be with what stands before it.
            let rest = &rest[..rest.len().min(32 * MAX_ADDRESS_BYTES)];
            let Some((parameters, _)) = split_value(rest) else {
                return false;
            };
            has_such(parameter(parameters, "PARTSTAT"))
                && address_of(rest).is_some_and(|attendee| attendee.to_lowercase() == address)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Calendar;

    #[test]
    fn an_attendee_without_an_answer_is_one_whose_partstat_is_missing_or_needs_action() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n\
            ATTENDEE;PARTSTAT=needs-action:mailto:room@b.example\r\n\
            ATTENDEE:mailto:Room2@b.example\r\n\
            ATTENDEE;PARTSTAT=TENTATIVE:mailto:room3@b.example\r\n\
            END:VEVENT\r\nEND:VCALENDAR\r\n";
        let Ok(calendar) = Calendar::parse(text.as_bytes()) else { panic!("it is a calendar") };
        let unanswered = |address: &str| calendar.event(0).is_unanswered_by(address);
        assert!(unanswered("room@b.example") && unanswered("room2@b.example"));
        assert!(!unanswered("room3@b.example"), "somebody has answered");
        assert!(!unanswered("room4@b.example"), "it is not invited");
    }
}
