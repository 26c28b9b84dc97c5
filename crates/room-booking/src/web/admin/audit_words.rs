//! The words of the audit trail, as the reader's language has them.

use ical::Zone;
use operations::detail::{BECAME, NOT_SET};

use super::calendar_settings::kind_label;
use super::format::stamp;
use super::outbox::about;
use super::text::{Text, Texts};

/// What was done, in words.
pub fn action(t: &Texts, word: &str) -> String {
    let text = match word {
        "calendar added" => t.audit_calendar_added,
        "calendar assigned" => t.audit_calendar_assigned,
        "calendar changed" => t.audit_calendar_changed,
        "calendar unassigned" => t.audit_calendar_unassigned,
        "file taken in" => t.audit_file_taken_in,
        "invitation made" => t.audit_invitation_made,
        "key added" => t.audit_key_added,
        "key revoked" => t.audit_key_revoked,
        "link for a new password made" => t.audit_link_made,
        "message discarded" => t.audit_message_discarded,
        "message retried" => t.audit_message_retried,
        "password set" => t.audit_password_set,
        "priority added" => t.audit_priority_added,
        "priority removed" => t.audit_priority_removed,
        "protection added" => t.audit_protection_added,
        "protection removed" => t.audit_protection_removed,
        "put back" => t.audit_put_back,
        "server account forgotten" => t.audit_server_forgotten,
        "server account kept" => t.audit_server_kept,
        "server password set" => t.audit_server_password,
        "signed out everywhere" => t.audit_signed_out,
        "template added" => t.audit_template_added,
        "template changed" => t.audit_template_changed,
        "template deleted" => t.audit_template_deleted,
        "token added" => t.audit_token_added,
        "token binding removed" => t.audit_binding_removed,
        "token binding renewed" => t.audit_binding_renewed,
        "token removed" => t.audit_token_removed,
        "user activated" => t.audit_user_activated,
        "user added" => t.audit_user_added,
        "user changed" => t.audit_user_changed,
        "user deactivated" => t.audit_user_deactivated,
        word => return word.to_owned(),
    };
    text.to_string()
}

/// Who did it.
pub fn actor(t: &Texts, actor: String) -> String {
    if actor == "command line" { t.audit_command_line.to_string() } else { actor }
}

/// To what it was done.
pub fn subject(t: &Texts, action: &str, subject: String) -> String {
    match subject.rsplit_once(" on ") {
        Some((user, host)) if action.starts_with("server ") => t.audit_on.with_both(user, host),
        _ if subject == "all calendars" => t.audit_all_calendars.to_string(),
        _ => subject,
    }
}

/// The rest of a line of the audit trail, by what it is about: one text for each thing that it tells.
pub fn detail(t: &Texts, zone: &Zone, action: &str, detail: &str) -> Vec<String> {
    if detail.is_empty() {
        return Vec::new();
    }
    // One that is told otherwise was written by an earlier release.
    let facts: Option<Vec<_>> = match action {
        "calendar changed"
        | "file taken in"
        | "key added"
        | "key revoked"
        | "message discarded"
        | "message retried"
        | "put back"
        | "template changed"
        | "token added"
        | "token binding removed"
        | "token binding renewed"
        | "token removed"
        | "user changed" => detail.lines().map(|line| fact(t, zone, line)).collect(),
        _ => None,
    };
    facts.unwrap_or_else(|| vec![in_one(t, action, detail)])
}

/// A thing that a line tells: what it is called, and what it is or became.
fn fact(t: &Texts, zone: &Zone, line: &str) -> Option<String> {
    let (word, told) = line.split_once(": ")?;
    let label = label(t, word)?;
    let shown = match told.split_once(BECAME) {
        Some((before, after)) => [before, after].map(|it| value(t, zone, word, it)).join(BECAME),
        None => value(t, zone, word, told),
    };
    Some(t.field_is_wrong.with_both(label, shown))
}

/// What a thing is called of which the audit trail tells.
fn label(t: &Texts, word: &str) -> Option<Text> {
    Some(match word {
        "about" => t.col_about,
        "active" => t.is_active,
        "added" => t.import_added,
        "asks authors" => t.asks_authors,
        "bound events" => t.audit_bound_events,
        "calendars" => t.nav_calendars,
        "event" => t.col_event,
        "events" => t.token_events,
        "expiry" => t.key_expiry,
        "for calendars" => t.token_calendars,
        "free blocks" => t.free_blocks,
        "message" => t.audit_message,
        "parts" => t.audit_parts,
        "prefix" => t.audit_begins_with,
        "rank by" => t.rank_by,
        "replaced" => t.import_replaced,
        "role" => t.role,
        "sends replies" => t.sends_replies,
        "shared in" => t.shared_in,
        "tells of cancelled" => t.announces_cancelled,
        "tells of deleted" => t.announces_deleted,
        "tells of left alone" => t.announces_ignored,
        "tells of leftovers" => t.announces_leftovers,
        "template" => t.template,
        "ties" => t.token_ties,
        "token" => t.token_col,
        "unknown zone" => t.unknown_zone,
        "uid" => t.audit_event_uid,
        "unchanged" => t.import_unchanged,
        "unreadable" => t.import_unreadable,
        "user" => t.key_user,
        word => return t.field(word),
    })
}

/// What a thing is.
fn value(t: &Texts, zone: &Zone, of: &str, value: &str) -> String {
    let words = |list: &str| list.split(", ").map(|it| word(t, it)).collect::<Vec<_>>().join(", ");
    let text = match (of, value) {
        ("for calendars", NOT_SET) => t.all_calendars,
        ("calendars", NOT_SET) => t.audit_all_assigned,
        ("schedule", NOT_SET) => t.never_by_itself,
        ("template", NOT_SET) => t.no_template,
        ("expiry", NOT_SET) => t.audit_no_end,
        (_, NOT_SET) => return value.to_owned(),
        ("unknown zone", "calendar") => t.unknown_zone_calendar,
        ("unknown zone", _) => t.unknown_zone_refuse,
        ("ties", "keep") => t.token_ties_keep,
        ("ties", _) => t.token_ties_rank,
        ("rank by", "held since") => t.rank_held_since,
        ("rank by", _) => t.rank_created,
        ("schedule" | "tolerance", _) => return format!("{value} {}", t.minutes),
        ("horizon", _) => return format!("{value} {}", t.days),
        ("about", kind) => about(t, kind),
        ("expiry" | "start", _) => {
            let at = operations::time::moment(value, zone);
            return at.map_or_else(|| value.to_owned(), |at| stamp(t, zone, at.0));
        }
        ("role" | "rights", _) => return words(value),
        ("parts", list) => {
            let name = |it: &str| t.field(it).map_or_else(|| it.to_owned(), |it| it.to_string());
            return list.split(", ").map(name).collect::<Vec<_>>().join(", ");
        }
        (
            "active"
            | "asks authors"
            | "free blocks"
            | "sends replies"
            | "shared in"
            | "tells of cancelled"
            | "tells of deleted"
            | "tells of left alone"
            | "tells of leftovers",
            _,
        ) => {
            if value == "yes" {
                t.audit_yes
            } else {
                t.audit_no
            }
        }
        _ => return value.to_owned(),
    };
    text.to_string()
}

/// A word of what stands beside; what is none, such as a name, stays.
fn word(t: &Texts, word: &str) -> String {
    let text = match word {
        "the first administrator" => t.audit_first_administrator,
        "by a link: invitation" => t.audit_by_invitation,
        "by a link: new password" => t.audit_by_new_password,
        "administrator" => t.audit_administrator,
        "ordinary user" => t.audit_ordinary,
        "active" => t.audit_active,
        "not active" => t.audit_not_active,
        "caldav" => t.on_a_server,
        "built-in" => t.built_in,
        "read" => t.right_read_short,
        "create" => t.right_create_short,
        "change" => t.right_change_short,
        "delete" => t.right_delete_short,
        "preview" => t.right_preview_short,
        "freebusy" => t.right_freebusy_short,
        "clear" => t.right_clear_short,
        word => return word.to_owned(),
    };
    text.to_string()
}

/// What is told in one text.
fn in_one(t: &Texts, action: &str, detail: &str) -> String {
    let words = |list: &str| list.split(", ").map(|it| word(t, it)).collect::<Vec<_>>().join(", ");
    let shown = match action {
        "key added" => detail
            .strip_prefix("of ")
            .and_then(|it| it.split_once("; "))
            .map(|(user, rights)| format!("{}; {}", t.key_of.with(user), words(rights))),
        "calendar added" => detail
            .split_once("; for ")
            .map(|(kept, users)| format!("{}; {}", word(t, kept), t.audit_for.with(users))),
        "priority added" | "priority removed" => {
            detail.split_once(' ').map(|(kind, value)| format!("{}: {value}", kind_label(t, kind)))
        }
        "server account kept" | "server password set" => {
            detail.rsplit_once(" on ").map(|(user, host)| t.audit_on.with_both(user, host))
        }
        "user added" | "user changed" | "password set" => Some(words(detail)),
        _ => None,
    };
    shown.unwrap_or_else(|| detail.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::text::{DE, EN};
    use super::*;

    #[test]
    fn what_was_changed_is_told_in_the_readers_words_also_where_an_earlier_release_wrote_it() {
        let told = |t: &Texts, action: &str, text: &str| detail(t, &Zone::utc(), action, text);
        let changed = "schedule: – → 15\nrank by: created → held since\nname: A: b → no\nfree blocks: no → yes";
        assert_eq!(
            told(&EN, "calendar changed", changed),
            [
                "When it is cleared: not by itself → 15 minutes",
                "Who was there first: Whoever was created first, as each event says itself → Whoever has held this very hour for longest, as the program saw it",
                "Name: A: b → no",
                "Events that are marked as free take the room too: no → yes",
            ]
        );
        let german = told(&DE, "calendar changed", "horizon: 60 → 30\ntemplate: – → English");
        assert_eq!(german[0], "Vorausschau: 60 Tage → 30 Tage");
        assert!(german[1].ends_with(" → English"), "{german:?}");
        let key = "user: ann\nrights: read, clear\ncalendars: –\nexpiry: 2026-03-02T10:00:00+00:00";
        assert_eq!(
            told(&EN, "key added", key),
            [
                "User: ann",
                "What it may do: read, clear",
                "Calendars: all that are assigned",
                "Good until: 2 Mar 2026, 10:00",
            ]
        );
        assert_eq!(told(&EN, "key added", "of ann; read"), ["of ann; read"]);
        assert_eq!(told(&EN, "user changed", "ordinary user, active"), ["ordinary user, active"]);
        assert_eq!(told(&EN, "calendar changed", "colour: red"), ["colour: red"]);
        assert!(told(&EN, "calendar changed", "").is_empty());
        assert_eq!(told(&EN, "protection added", "name: a"), ["name: a"], "a UID is one");
        assert_eq!(subject(&DE, "server account kept", "a on b".to_owned()), "a auf b");
        assert_eq!(subject(&DE, "template added", "a on b".to_owned()), "a on b");
    }
}
