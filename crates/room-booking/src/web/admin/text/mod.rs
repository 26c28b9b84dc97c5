//! All that people read on the site, one file for each language.
//!
//! English is written first and says which texts there are; another language is a value of the same
//! [`Texts`], so that a text that it lacks does not compile.

mod en;

use std::fmt;

pub use en::{EN, Texts};

/// A text of the site. Where it has `{}`, something is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(pub &'static str);

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl Text {
    /// With something put in.
    pub fn with(&self, value: impl fmt::Display) -> String {
        self.0.replacen("{}", &value.to_string(), 1)
    }

    /// With two things put in, in their order.
    pub fn with_both(&self, first: impl fmt::Display, second: impl fmt::Display) -> String {
        let mut parts = self.0.splitn(3, "{}");
        let mut next = || parts.next().unwrap_or_default();
        format!("{}{first}{}{second}{}", next(), next(), next())
    }
}

/// Declares which texts there are, with what they say in the first language.
macro_rules! texts {
    ($($name:ident = $text:literal;)*) => {
        /// All texts, in one language.
        #[allow(missing_docs, reason = "what they say is their documentation")]
        #[derive(Debug)]
        pub struct Texts {
            $(pub $name: super::Text,)*
        }

        /// All texts in English.
        pub static EN: Texts = Texts {
            $($name: super::Text($text),)*
        };
    };
}
pub(super) use texts;

impl Texts {
    /// What was just done, by the code in a page's address.
    pub fn done(&self, code: &str) -> Option<Text> {
        Some(match code {
            "session-over" => self.done_session_over,
            "signed-out" => self.done_signed_out,
            "signed-out-everywhere" => self.done_signed_out_everywhere,
            "password-changed" => self.done_password_changed,
            "session-ended" => self.done_session_ended,
            "saved" => self.done_saved,
            "calendar-added" => self.done_calendar_added,
            "assigned" => self.done_assigned,
            "unassigned" => self.done_unassigned,
            "imported" => self.done_imported,
            "prioritised" => self.done_prioritised,
            "unprioritised" => self.done_unprioritised,
            "protected" => self.done_protected,
            "unprotected" => self.done_unprotected,
            "event-deleted" => self.done_event_deleted,
            "booked" => self.done_booked,
            "put-back" => self.done_put_back,
            "put-back-protected" => self.done_put_back_protected,
            "calendars-added" => self.done_calendars_added,
            "template-deleted" => self.done_template_deleted,
            "message-retried" => self.done_message_retried,
            "message-discarded" => self.done_message_discarded,
            "server-password" => self.done_server_password,
            "server-forgotten" => self.done_server_forgotten,
            "key-revoked" => self.done_key_revoked,
            _ => return None,
        })
    }
}

impl Texts {
    /// The variables of templates, with what each is.
    pub fn variables(&self) -> Vec<(&'static str, Text)> {
        vec![
            ("name", self.variable_name),
            ("start, end", self.variable_times),
            ("created", self.variable_created),
            ("organizer", self.variable_organizer),
            ("is_deleted", self.variable_is_deleted),
            ("is_cancelled", self.variable_is_cancelled),
            ("is_recurring", self.variable_is_recurring),
            ("is_priorized", self.variable_is_prioritized),
            ("is_deprioritized", self.variable_is_deprioritized),
            ("is_put_back", self.variable_is_put_back),
            ("is_ignored, reason", self.variable_is_ignored),
            ("overlap_events", self.variable_overlap_events),
            ("occurrences", self.variable_occurrences),
            ("calendar_name", self.variable_calendar_name),
        ]
    }

    /// A sample of what a template may be told, by its name.
    pub fn sample(&self, name: &str) -> String {
        let mut letters = name.chars();
        let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}", letters.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_take_what_is_put_in_as_it_is() {
        assert_eq!(Text("a {} b").with("{}"), "a {} b");
        assert_eq!(Text("{} of {}.").with_both("{}", 2), "{} of 2.");
    }
}
