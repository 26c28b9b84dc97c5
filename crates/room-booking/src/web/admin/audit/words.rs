//! The entries of the audit trail, in the reader's language.

use std::collections::HashMap;

use facts::audit::{Action, AuditWord, Entry, Fact, FactValue, Field, Subject};
use ical::Zone;
use store::audit::AuditEntry;
use store::outbox::MessageKind;

use crate::web::admin::frame::format::stamp;
use crate::web::admin::frame::text::{Text, Texts};
use crate::web::admin::mail::outbox::about;

/// The mark between an old and a new value.
const BECAME: &str = " → ";

/// The mark for a value that is not set.
const NOT_SET: &str = "–";

/// An entry in words.
#[derive(Debug, PartialEq, Eq)]
pub struct Worded {
    /// The action.
    pub action: String,
    /// The subject.
    pub subject: String,
    /// The details, one line each.
    pub details: Vec<String>,
}

/// The names of what entries refer to by slugs and UIDs.
#[derive(Debug, Default)]
pub struct Names {
    /// Calendars by slug.
    pub calendars: HashMap<String, String>,
    /// Events by UID.
    pub events: HashMap<String, String>,
}

impl Names {
    fn calendar(&self, slug: &str) -> String {
        self.calendars.get(slug).map_or(slug, String::as_str).to_owned()
    }

    /// A UID behind the name of its event, which alone would not tell two events apart.
    fn event(&self, t: &Texts, uid: &str) -> String {
        self.events.get(uid).map_or_else(|| uid.to_owned(), |name| t.event_with_uid(name, uid))
    }
}

/// The UIDs that entries refer to.
pub fn uids(lines: &[AuditEntry]) -> Vec<String> {
    let facts = lines.iter().filter_map(|it| Entry::of_stored(&it.entry)).flat_map(|it| it.facts);
    let uids = facts.filter_map(|it| match (it.field, it.value) {
        (Field::Uid, FactValue::Text(uid)) => Some(uid),
        _ => None,
    });
    uids.collect()
}

/// An entry in words, with times in a zone. An unreadable entry is shown as it is stored.
pub fn worded(t: &Texts, zone: &Zone, names: &Names, line: &AuditEntry) -> Worded {
    match Entry::of_stored(&line.entry) {
        Some(entry) => Worded {
            action: action(t, entry.action).to_string(),
            subject: match is_about_a_calendar(entry.action) {
                true => names.calendar(&subject(t, &entry.subject)),
                false => subject(t, &entry.subject),
            },
            details: entry.facts.iter().map(|it| fact(t, zone, names, it)).collect(),
        },
        None => Worded {
            action: line.action.to_string(),
            subject: line.subject.clone(),
            details: Some(line.entry.clone()).filter(|it| !it.is_empty()).into_iter().collect(),
        },
    }
}

/// The actor of an entry.
pub fn actor_of(t: &Texts, line: &AuditEntry) -> String {
    match Entry::of_stored(&line.entry).filter(|_| line.actor.is_empty()) {
        Some(it) if it.action == Action::DecisionRequested => match it.fact(Field::Address) {
            Some(FactValue::Text(address)) => t.by_link_as(address),
            _ => t.by_link.to_string(),
        },
        Some(it) if it.action.is_of_strangers() => t.audit_stranger.to_string(),
        _ => actor(t, &line.actor),
    }
}

/// The actor.
fn actor(t: &Texts, name: &str) -> String {
    if name.is_empty() { t.audit_command_line.to_string() } else { name.to_owned() }
}

fn action(t: &Texts, action: Action) -> Text {
    match action {
        Action::AccessRefused => t.audit_access_refused,
        Action::CalendarAdded => t.audit_calendar_added,
        Action::CalendarAssigned => t.audit_calendar_assigned,
        Action::CalendarChanged => t.audit_calendar_changed,
        Action::CalendarRemoved => t.audit_calendar_removed,
        Action::CalendarUnassigned => t.audit_calendar_unassigned,
        Action::CodeFailed => t.audit_code_failed,
        Action::DatabaseCopied => t.audit_database_copied,
        Action::DatabaseRestored => t.audit_database_restored,
        Action::DecisionRequested => t.audit_decision_requested,
        Action::EventRestored => t.audit_restored,
        Action::FileImported => t.audit_file_taken_in,
        Action::IdentityBound => t.audit_identity_bound,
        Action::IdentityRemoved => t.audit_identity_removed,
        Action::InvitationMade => t.audit_invitation_made,
        Action::KeyAdded => t.audit_key_added,
        Action::KeyRefused => t.audit_key_refused,
        Action::KeyRenewed => t.audit_key_renewed,
        Action::KeyRevoked => t.audit_key_revoked,
        Action::MessageDiscarded => t.audit_message_discarded,
        Action::MessageReleased => t.audit_message_released,
        Action::MessageRetried => t.audit_message_retried,
        Action::PasswordLinkMade => t.audit_link_made,
        Action::PasswordSet => t.audit_password_set,
        Action::PendingKept => t.audit_pending_kept,
        Action::PendingRemoved => t.audit_pending_removed,
        Action::PresentPasswordWrong => t.audit_present_password_wrong,
        Action::PriorityAdded => t.audit_priority_added,
        Action::PriorityRemoved => t.audit_priority_removed,
        Action::ProtectionAdded => t.audit_protection_added,
        Action::ProtectionRemoved => t.audit_protection_removed,
        Action::RecoveryCodeUsed => t.audit_recovery_code_used,
        Action::RecoveryCodesMade => t.audit_recovery_codes_made,
        Action::SecondFactorRemoved => t.audit_second_factor_removed,
        Action::SecondFactorSet => t.audit_second_factor_set,
        Action::SecretKeyChanged => t.audit_secret_key_changed,
        Action::ServerAccountAdded => t.audit_server_kept,
        Action::ServerAccountRemoved => t.audit_server_forgotten,
        Action::ServerPasswordSet => t.audit_server_password,
        Action::SignInFailed => t.audit_sign_in_failed,
        Action::SignedIn => t.audit_signed_in,
        Action::SignedOutEverywhere => t.audit_signed_out,
        Action::TemplateAdded => t.audit_template_added,
        Action::TemplateChanged => t.audit_template_changed,
        Action::TemplateDeleted => t.audit_template_deleted,
        Action::TokenAdded => t.audit_token_added,
        Action::TokenBindingRemoved => t.audit_binding_removed,
        Action::TokenBindingRenewed => t.audit_binding_renewed,
        Action::TokenRemoved => t.audit_token_removed,
        Action::UserActivated => t.audit_user_activated,
        Action::UserAdded => t.audit_user_added,
        Action::UserChanged => t.audit_user_changed,
        Action::UserDeactivated => t.audit_user_deactivated,
        Action::UserRemoved => t.audit_user_removed,
    }
}

/// Whether the subject of such entries is the slug of a calendar.
fn is_about_a_calendar(action: Action) -> bool {
    matches!(
        action,
        Action::CalendarAdded
            | Action::CalendarAssigned
            | Action::CalendarChanged
            | Action::CalendarUnassigned
            | Action::DecisionRequested
            | Action::EventRestored
            | Action::FileImported
            | Action::PendingKept
            | Action::PendingRemoved
            | Action::PriorityAdded
            | Action::PriorityRemoved
            | Action::ProtectionAdded
            | Action::ProtectionRemoved
            | Action::TokenBindingRemoved
            | Action::TokenBindingRenewed
    )
}

fn subject(t: &Texts, subject: &Subject) -> String {
    match subject {
        Subject::Named(name) => name.clone(),
        Subject::AllCalendars => t.audit_all_calendars.to_string(),
        Subject::Account { user, host } => t.audit_on(user, host),
    }
}

/// A detail of an entry: its label, and its value or change.
fn fact(t: &Texts, zone: &Zone, names: &Names, it: &Fact) -> String {
    let shown = |one: &FactValue| match (it.field, one) {
        (Field::Calendar, FactValue::Text(slug)) => names.calendar(slug),
        (Field::Calendars | Field::ForCalendars, FactValue::Texts(slugs)) => {
            let all: Vec<_> = slugs.iter().map(|it| names.calendar(it)).collect();
            all.join(t.language.list_separator)
        }
        (Field::Uid, FactValue::Text(uid)) => names.event(t, uid),
        _ => value(t, zone, it.field, one),
    };
    let told = match &it.before {
        Some(before) => [shown(before), shown(&it.value)].join(BECAME),
        None => shown(&it.value),
    };
    match (it.field, &it.value) {
        // These need no label.
        (Field::Kind | Field::How, _) => told,
        (Field::People, FactValue::Texts(_)) => t.audit_for(told),
        (field, _) => t.field_is_wrong(label(t, field), told),
    }
}

/// The label of a detail.
fn label(t: &Texts, field: Field) -> String {
    let text = match field {
        Field::About => t.col_about,
        Field::Active => t.is_active,
        Field::Added => t.import_added,
        Field::Address => t.mail_address,
        Field::AnnouncesCancelled => t.announces_cancelled,
        Field::AnnouncesDeleted => t.announces_deleted,
        Field::AnnouncesIgnored => t.announces_ignored,
        Field::AnnouncesLeftovers => t.announces_leftovers,
        Field::Answers => t.answers,
        Field::RestoresAtOnce => t.restores_at_once,
        Field::TakesMoves => t.takes_moves,
        Field::AsksAuthors => t.asks_authors,
        Field::BoundEvents => t.audit_bound_events,
        Field::Building => t.room_building,
        Field::Calendar => t.col_calendar,
        Field::Calendars | Field::Kind => t.nav_calendars,
        Field::Capacity => t.room_capacity,
        Field::ClientAddress => t.session_address,
        Field::CodesLeft => t.audit_codes_left,
        Field::Conflicts => t.conflicts_setting,
        Field::ContactAddress => t.contact_address,
        Field::Description => t.room_description,
        Field::Event => t.col_event,
        Field::Events => t.token_events,
        Field::Expiry => t.key_expiry,
        Field::Features => t.room_features,
        Field::Floor => t.room_floor,
        Field::ForCalendars => t.token_calendars,
        Field::FreeBlocks => t.free_blocks,
        Field::Grace => t.grace,
        Field::Horizon => t.horizon,
        Field::How => t.password,
        Field::Message => t.audit_message,
        Field::Name => t.field_name,
        Field::Organizer => return t.priority_organizer.to_string(),
        Field::Parts => t.audit_parts,
        Field::Picture => t.group_picture,
        Field::People => t.nav_people,
        Field::Prefix => t.audit_begins_with,
        Field::RankBy => t.rank_by,
        Field::Reason => t.audit_reason,
        Field::Replaced => t.import_replaced,
        Field::Rights => t.key_rights,
        Field::Role => t.role,
        Field::RoomAddress => t.room_address,
        Field::SafetyLimit => t.safety_limit,
        Field::Schedule => t.group_schedule,
        Field::SendsReplies => t.sends_replies,
        Field::SharedIn => t.shared_in,
        Field::Start => t.starts,
        Field::Subjects => t.audit_subjects,
        Field::Template => t.template,
        Field::Ties => t.token_ties,
        Field::Times => t.audit_times,
        Field::Token => t.token_col,
        Field::Tolerance => t.tolerance,
        Field::Uid => t.audit_event_uid,
        Field::Unchanged => t.import_unchanged,
        Field::UnknownZone => t.unknown_zone,
        Field::Unreadable => t.import_unreadable,
        Field::User => t.key_user,
        Field::Watch => t.watch,
        Field::WordsOfName => return t.priority_name.to_string(),
        Field::Zone => t.calendar_zone,
    };
    text.to_string()
}

/// The value of a detail.
fn value(t: &Texts, zone: &Zone, of: Field, value: &FactValue) -> String {
    let not_set = match of {
        Field::ForCalendars => t.all_calendars.0,
        Field::Calendars => t.audit_all_assigned.0,
        Field::Schedule => t.never_by_itself.0,
        Field::Watch => t.audit_no.0,
        Field::Template => t.no_template.0,
        Field::Expiry => t.audit_no_end.0,
        _ => NOT_SET,
    };
    match value {
        FactValue::NotSet => not_set.to_owned(),
        FactValue::Text(text) => match MessageKind::parse(text) {
            Some(kind) if of == Field::About => about(t, kind).to_string(),
            _ => text.clone(),
        },
        FactValue::Texts(all) => all.join(t.language.list_separator),
        // The number of a message is its name.
        FactValue::Number(number) if of == Field::Message => number.to_string(),
        FactValue::Number(number) => t.number(number),
        FactValue::Seconds(number) => format!("{} {}", t.number(number), t.seconds),
        FactValue::Minutes(number) => format!("{} {}", t.number(number), t.minutes),
        FactValue::Days(number) => format!("{} {}", t.number(number), t.days),
        FactValue::Hours(number) => format!("{} {}", t.number(number), t.hours),
        FactValue::YesNo(true) => t.audit_yes.to_string(),
        FactValue::YesNo(false) => t.audit_no.to_string(),
        FactValue::Moment(at) => stamp(t, zone, *at),
        FactValue::Word(one) => word(t, *one).to_string(),
        FactValue::Words(all) => {
            let all: Vec<_> = all.iter().map(|it| word(t, *it).0).collect();
            all.join(t.language.list_separator)
        }
    }
}

fn word(t: &Texts, word: AuditWord) -> Text {
    match word {
        AuditWord::Administrator => t.audit_administrator,
        AuditWord::BuiltIn => t.built_in,
        AuditWord::ByInvitation => t.audit_by_invitation,
        AuditWord::ByPasswordLink => t.audit_by_new_password,
        AuditWord::CalendarsZone => t.unknown_zone_calendar,
        AuditWord::Created => t.rank_created,
        AuditWord::FirstAdministrator => t.audit_first_administrator,
        AuditWord::HeldSince => t.rank_held_since,
        AuditWord::HtmlBody => t.template_html,
        AuditWord::KeepTies => t.token_ties_keep,
        AuditWord::OnServer => t.on_a_server,
        AuditWord::OrdinaryUser => t.audit_ordinary,
        AuditWord::RankTies => t.token_ties_rank,
        AuditWord::RefuseZone => t.unknown_zone_refuse,
        AuditWord::RemoveConflicts => t.conflicts_remove,
        AuditWord::ReportConflicts => t.conflicts_report,
        AuditWord::RightChange => t.right_change_short,
        AuditWord::RightClear => t.right_clear_short,
        AuditWord::RightCreate => t.right_create_short,
        AuditWord::RightDelete => t.right_delete_short,
        AuditWord::RightFreebusy => t.right_freebusy_short,
        AuditWord::RightPreview => t.right_preview_short,
        AuditWord::RightRead => t.right_read_short,
        AuditWord::Subject => t.template_subject,
        AuditWord::TextBody => t.template_text,
        AuditWord::AddressNotVerified => t.audit_address_not_verified,
        AuditWord::ByDirectory => t.audit_by_directory,
        AuditWord::ByOpenId => t.audit_by_openid,
        AuditWord::LastAdministrator => t.audit_last_administrator,
        AuditWord::NameTaken => t.audit_name_taken,
        AuditWord::NotActive => t.audit_user_not_active,
        AuditWord::NotAsked => t.audit_not_asked,
        AuditWord::NotProven => t.audit_not_proven,
        AuditWord::OtherIdentity => t.audit_other_identity,
        AuditWord::SeveralUsers => t.audit_several_users,
        AuditWord::UnknownPerson => t.audit_unknown_person,
        AuditWord::WarnOfConflicts => t.conflicts_warn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(entry: &str) -> AuditEntry {
        AuditEntry {
            id: 1,
            happened_at: 0,
            actor: "ann".to_owned(),
            action: Action::CalendarChanged.into(),
            subject: "room".to_owned(),
            entry: entry.to_owned(),
        }
    }

    fn told(t: &Texts, detail: &str) -> Worded {
        worded(t, &Zone::utc(), &Names::default(), &line(detail))
    }

    fn german() -> &'static Texts {
        crate::web::admin::frame::text::preferred("de")
    }

    #[test]
    fn an_entry_is_told_in_the_readers_words() {
        let changed = r#"{"action":"calendar-changed","subject":{"named":"room"},"facts":[
            {"field":"schedule","before":"not-set","value":{"minutes":15}},
            {"field":"rank-by","before":{"word":"created"},"value":{"word":"held-since"}},
            {"field":"name","before":{"text":"A: b → c"},"value":{"text":"no"}},
            {"field":"free-blocks","before":{"yes-no":false},"value":{"yes-no":true}}]}"#;
        let english = told(wording::english(), changed);
        assert_eq!(
            (english.action.as_str(), english.subject.as_str()),
            ("calendar changed", "room")
        );
        assert_eq!(
            english.details,
            [
                "Schedule: no schedule → 15 minutes",
                "Which booking came first: The one created first, according to the event → The one that has held this time longest, as recorded by Room Booking",
                "Name: A: b → c → no",
                "Events marked as free occupy the room, too: no → yes",
            ]
        );
        let changed = r#"{"action":"calendar-changed","subject":{"named":"room"},"facts":[
            {"field":"horizon","before":{"days":1060},"value":{"days":30}},
            {"field":"template","before":"not-set","value":{"text":"English"}}]}"#;
        let shown = told(german(), changed);
        assert_eq!(shown.details[0], "Vorausschau: 1.060 Tage → 30 Tage");
        assert!(shown.details[1].ends_with(" → English"), "{shown:?}");
        let key = r#"{"action":"key-added","subject":{"named":"Panel"},"facts":[
            {"field":"user","value":{"text":"ann"}},
            {"field":"rights","value":{"words":["right-read","right-clear"]}},
            {"field":"calendars","value":"not-set"},
            {"field":"expiry","value":{"moment":1772445600}}]}"#;
        assert_eq!(
            told(wording::english(), key).details,
            [
                "User: ann",
                "Permissions: read, clear",
                "Calendars: all calendars of the user",
                "Valid until: 2 Mar 2026, 10:00",
            ]
        );
    }

    #[test]
    fn who_and_what_are_worded_too() {
        let account =
            r#"{"action":"server-account-added","subject":{"account":{"user":"a","host":"b"}}}"#;
        assert_eq!(told(german(), account).subject, "a auf b");
        let all = r#"{"action":"protection-added","subject":"all-calendars","facts":[
            {"field":"uid","value":{"text":"name: a"}}]}"#;
        let all = told(german(), all);
        assert_eq!((all.subject.as_str(), all.details.len()), ("alle Kalender", 1));
        assert!(all.details[0].ends_with(": name: a"), "{all:?}");
        assert_eq!(actor(german(), ""), "Befehlszeile");
        assert_eq!(actor(german(), "command line"), "command line", "a user may be called so");
    }

    #[test]
    fn what_cannot_be_read_is_shown_as_it_is_kept() {
        for detail in ["{", "horizon: 1 → 2", r#"{"action":"x","subject":"all-calendars"}"#] {
            let shown = told(german(), detail);
            assert_eq!(
                (shown.action.as_str(), shown.subject.as_str()),
                ("calendar-changed", "room")
            );
            assert_eq!(shown.details, [detail]);
        }
        assert!(told(german(), "").details.is_empty());
    }
}
