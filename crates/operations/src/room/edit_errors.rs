//! Why a text is no iCalendar, and why an object cannot be edited, as messages.

use ical::{EditError, NotCalendar, Zone};
use wording::Time;

use crate::{Message, MessageId};

/// The message for a text that is no iCalendar.
pub(crate) fn not_calendar(why: NotCalendar) -> Message {
    match why {
        NotCalendar::Empty => MessageId::NoCalendarEmpty,
        NotCalendar::Utf16 => MessageId::NoCalendarUtf16,
        NotCalendar::Utf32 => MessageId::NoCalendarUtf32,
        NotCalendar::LineEnds => MessageId::NoCalendarCr,
        NotCalendar::Indented => MessageId::NoCalendarIndented,
        NotCalendar::Other => MessageId::NoCalendarOther,
    }
    .into()
}

/// The message for an object that cannot be edited, with moments on the clock of a zone.
pub(crate) fn edit_error(error: &EditError, zone: &Zone) -> Message {
    match error {
        EditError::Unreadable(why) => wording::unreadable(why),
        EditError::NoSuchInstance(at) => MessageId::edit_no_date(Time::new(zone, *at)),
        EditError::OffTheRule => MessageId::EditOffTheRule.into(),
        EditError::OtherKind => MessageId::EditOtherKind.into(),
        EditError::WouldChangeOthers => MessageId::EditChangesOthers.into(),
    }
}

#[cfg(test)]
mod tests {
    use ical::{Moment, Problem, Unreadable};

    use super::*;
    use crate::german::english_words_in;

    #[test]
    fn what_is_no_calendar_is_told_in_the_words_of_the_engine_and_in_german() {
        use NotCalendar::*;
        for why in [Empty, Utf16, Utf32, LineEnds, Indented, Other] {
            let message = not_calendar(why);
            assert_eq!(message.to_string(), why.to_string());
            assert_eq!(english_words_in(&message), [""; 0]);
        }
    }

    #[test]
    fn what_cannot_be_edited_is_told_in_the_words_of_the_engine_and_in_german() {
        use EditError::{NoSuchInstance, OffTheRule, OtherKind, WouldChangeOthers};
        let zone = Zone::iana("Europe/Berlin").unwrap();
        for error in [OffTheRule, OtherKind, WouldChangeOthers] {
            let message = edit_error(&error, &zone);
            assert_eq!(message.to_string(), error.to_string());
            assert_eq!(english_words_in(&message), [""; 0]);
        }
        let (property, value) = ("DTSTART", "yesterday".to_owned());
        let why = Unreadable::Property { property, value, problem: Problem::NoDate };
        let message = edit_error(&EditError::Unreadable(why.clone()), &zone);
        assert_eq!(message.to_string(), why.to_string());
        assert_eq!(english_words_in(&message), [""; 0]);
        let missing = edit_error(&NoSuchInstance(Moment(1_772_449_200)), &zone);
        let expected = "the event has no occurrence at 2026-03-02T12:00:00+01:00";
        assert_eq!(missing.to_string(), expected);
        assert_eq!(english_words_in(&missing), [""; 0]);
    }
}
