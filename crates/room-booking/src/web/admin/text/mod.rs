//! All that people read on the site, a folder for each language, with the same files in each.
//!
//! English says which texts there are; another language is a value of the same [`Texts`], so that a text
//! that it lacks does not compile. What operations say is worded in `sentences.rs`.

use std::fmt;

/// Declares a part of a language's texts: a macro of that name, which adds them to those before it.
/// The `$` in front lets a macro declare another one.
macro_rules! part {
    ($dollar:tt $part:ident: $($texts:tt)*) => {
        macro_rules! $part {
            ($dollar then:ident [$dollar($dollar next:ident)*] $dollar($dollar before:tt)*) => {
                gather! { $dollar then [$dollar($dollar next)*] $dollar($dollar before)* $($texts)* }
            };
        }
        pub(super) use $part;
    };
}

/// Puts the parts of a language together, and hands them to a macro.
macro_rules! gather {
    ($then:ident [] $($texts:tt)*) => { $then! { $($texts)* } };
    ($then:ident [$part:ident $($next:ident)*] $($texts:tt)*) => {
        $part! { $then [$($next)*] $($texts)* }
    };
}

mod de;
mod en;
mod language;

pub use de::DE;
pub use en::{EN, Texts};
pub use language::preferred;

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
            "prioritised" => self.done_prioritised,
            "unprioritised" => self.done_unprioritised,
            "protected" => self.done_protected,
            "unprotected" => self.done_unprotected,
            "event-deleted" => self.done_event_deleted,
            "booked" => self.done_booked,
            "put-back" => self.done_put_back,
            "put-back-cancelled" => self.done_put_back_cancelled,
            "put-back-protected" => self.done_put_back_protected,
            "calendars-added" => self.done_calendars_added,
            "template-deleted" => self.done_template_deleted,
            "message-retried" => self.done_message_retried,
            "message-discarded" => self.done_message_discarded,
            "server-password" => self.done_server_password,
            "server-forgotten" => self.done_server_forgotten,
            "token-removed" => self.done_token_removed,
            "binding-removed" => self.done_binding_removed,
            "binding-renewed" => self.done_binding_renewed,
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
            ("is_private", self.variable_is_private),
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
        let text = match name {
            "cancelled leftover" => self.sample_cancelled_leftover,
            "cancelled occurrence" => self.sample_cancelled_occurrence,
            "cancelled series left over" => self.sample_cancelled_series,
            "creation not known" => self.sample_creation_not_known,
            "seen by the program" => self.sample_seen,
            "created earlier" => self.sample_created_earlier,
            "by id" => self.sample_by_id,
            "private winner" => self.sample_private_winner,
            "deleted" => self.sample_deleted,
            "deprioritised" => self.sample_deprioritised,
            "hostile name" => self.sample_hostile_name,
            "left alone" => self.sample_left_alone,
            "left alone, in a series" => self.sample_left_alone_in_series,
            "many occurrences" => self.sample_many_occurrences,
            "no organizer, no name" => self.sample_nobody_known,
            "prioritised winner" => self.sample_prioritised_winner,
            "put back" => self.sample_put_back,
            "put back into a series" => self.sample_put_back_in_series,
            "several occurrences" => self.sample_several_occurrences,
            "several overlaps" => self.sample_several_overlaps,
            "whole days" => self.sample_whole_days,
            "whole series deleted" => self.sample_whole_series,
            name => return name.to_owned(),
        };
        text.to_string()
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

    #[test]
    fn no_text_is_empty_or_has_more_places_than_can_be_filled() {
        for (name, text) in EN.all() {
            assert!(!text.0.trim().is_empty(), "{name}");
            assert!(text.0.matches("{}").count() <= 2, "{name}");
        }
    }
}
