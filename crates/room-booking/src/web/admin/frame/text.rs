//! Maps codes and names to texts of the site. The texts are in the catalogues of the crate
//! `wording`.

use operations::FieldError;
pub use wording::{Text, Texts, preferred};

/// Texts by the names that URLs, templates and operations use.
pub trait ByName {
    /// The confirmation for the code in a page's address.
    fn done(&self, code: &str) -> Option<Text>;

    /// The variables of templates, with their meaning.
    fn variables(&self) -> Vec<(&'static str, Text)>;

    /// The name of a sample of template data.
    fn sample(&self, name: &str) -> String;

    /// An error of a value, with its field.
    fn wrong(&self, error: &FieldError) -> String;

    /// The label of a field that operations name.
    fn field(&self, name: &str) -> Option<Text>;
}

impl ByName for Texts {
    fn done(&self, code: &str) -> Option<Text> {
        Some(match code {
            "session-over" => self.done_session_over,
            "session-over-kept" => self.done_session_over_kept,
            "signed-out" | "signed-out-openid" => self.done_signed_out,
            "signed-out-everywhere" => self.done_signed_out_everywhere,
            "password-changed" => self.done_password_changed,
            "second-factor-removed" => self.done_second_factor_removed,
            "identity-removed" => self.done_identity_removed,
            "user-signed-out" => self.done_user_signed_out,
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
            "event-changed" => self.done_event_changed,
            "event-unchanged" => self.done_event_unchanged,
            "date-cancelled" => self.done_date_cancelled,
            "series-ended" => self.done_series_ended,
            "booked" => self.done_booked,
            "restored" => self.done_restored,
            "restored-cancelled" => self.done_restored_cancelled,
            "restored-protected" => self.done_restored_protected,
            "calendars-added" => self.done_calendars_added,
            "template-deleted" => self.done_template_deleted,
            "logo-saved" => self.done_logo_saved,
            "logo-removed" => self.done_logo_removed,
            "message-released" => self.done_message_released,
            "message-retried" => self.done_message_retried,
            "message-discarded" => self.done_message_discarded,
            "webhook-test" => self.done_webhook_test,
            "webhook-retried" => self.done_webhook_retried,
            "webhook-discarded" => self.done_webhook_discarded,
            "pending-kept" => self.done_pending_kept,
            "pending-removed" => self.done_pending_removed,
            "server-password" => self.done_server_password,
            "account-removed" => self.done_account_removed,
            "calendar-removed" => self.done_calendar_removed,
            "picture-removed" => self.done_picture_removed,
            "picture-saved" => self.done_picture_saved,
            "priority-removed" => self.done_priority_removed,
            "user-removed" => self.done_user_removed,
            "token-removed" => self.done_token_removed,
            "binding-removed" => self.done_binding_removed,
            "binding-renewed" => self.done_binding_renewed,
            "key-renewed" => self.done_key_renewed,
            "key-revoked" => self.done_key_revoked,
            _ => return None,
        })
    }

    fn variables(&self) -> Vec<(&'static str, Text)> {
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
            ("is_restored", self.variable_is_restored),
            ("is_ignored, reason", self.variable_is_ignored),
            ("is_warning, removal_at", self.variable_is_warning),
            ("is_warning_ended, reason", self.variable_is_warning_ended),
            ("is_winner", self.variable_is_winner),
            ("is_offer, offered_until", self.variable_is_offer),
            ("links", self.variable_links),
            ("free_rooms", self.variable_free_rooms),
            ("contact", self.variable_contact),
            ("time_zone", self.variable_time_zone),
            ("because", self.variable_because),
            ("overlap_events", self.variable_overlap_events),
            ("occurrences", self.variable_occurrences),
            ("calendar_name", self.variable_calendar_name),
        ]
    }

    fn sample(&self, name: &str) -> String {
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
            "kept" => self.sample_kept,
            "kept, in a series" => self.sample_kept_in_series,
            "many occurrences" => self.sample_many_occurrences,
            "no organizer, no name" => self.sample_nobody_known,
            "prioritised winner" => self.sample_prioritised_winner,
            "restored" => self.sample_restored,
            "restored, and called off" => self.sample_restored_called_off,
            "kept, both prioritised" => self.sample_left_prioritised,
            "kept, both prioritised, and the stronger one" => self.sample_kept_stronger,
            "restored into a series" => self.sample_restored_in_series,
            "several occurrences" => self.sample_several_occurrences,
            "several overlaps" => self.sample_several_overlaps,
            "warning" => self.sample_warning,
            "warning of several dates" => self.sample_warning_of_dates,
            "warning to the one that stays" => self.sample_warning_to_winner,
            "warning ended: gone" => self.sample_warning_gone,
            "warning ended: kept" => self.sample_warning_kept,
            "warning ended, to the one that stays" => self.sample_warning_settled,
            "offer" => self.sample_offer,
            "offer of dates" => self.sample_offer_of_dates,
            "52 dates, and where they are listed" => self.sample_listed_dates,
            "deleted, and other rooms are free" => self.sample_free_rooms,
            "whole days" => self.sample_whole_days,
            "whole series deleted" => self.sample_whole_series,
            name => return name.to_owned(),
        };
        text.to_string()
    }

    fn wrong(&self, error: &FieldError) -> String {
        let label = self.field(&error.field).map_or(error.field.as_str(), |it| it.0);
        self.field_is_wrong(label, self.message(&error.message))
    }

    fn field(&self, name: &str) -> Option<Text> {
        Some(match name {
            "name" => self.field_name,
            "slug" => self.calendar_slug,
            "zone" => self.calendar_zone,
            "room address" => self.room_address,
            "contact address" => self.contact_address,
            "building" => self.room_building,
            "floor" => self.room_floor,
            "capacity" => self.room_capacity,
            "features" => self.room_features,
            "picture" => self.group_picture,
            "room description" => self.room_description,
            "grace" => self.grace,
            "horizon" => self.horizon,
            "tolerance" => self.tolerance,
            "safety limit" => self.safety_limit,
            "schedule" => self.group_schedule,
            "watch" => self.watch,
            "answers" => self.answers,
            "address" => self.mail_address,
            "password" => self.password,
            "present" => self.present_password,
            "rights" => self.key_rights,
            "expiry" => self.key_expiry,
            "organizer" => self.organizer,
            "uid" => self.uid,
            "collection" => self.field_collection,
            "calendar" => self.col_calendar,
            "file" => self.field_file,
            "start" => self.starts,
            "end" => self.ends,
            "description" => self.description,
            "rrule" => self.repeat,
            "subject" => self.template_subject,
            "text body" => self.template_text,
            "HTML body" => self.template_html,
            _ => return None,
        })
    }
}
