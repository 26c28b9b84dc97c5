//! Who changed which setting.

use askama::Template;
use store::history_pages;

use super::calendar_settings::kind_label;
use super::errors::Answer;
use super::format::stamp;
use super::history::ON_A_PAGE;
use super::page::{Page, Section, html};
use super::pager::Pager;
use super::text::{Text, Texts};
use super::visit::Visit;

struct Row {
    at: String,
    actor: String,
    action: String,
    subject: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    about: String,
    pager: Pager,
}

/// A name of the audit trail, or what stands there where there is none.
fn name(name: String, word: &str, text: Text) -> String {
    if name == word { text.to_string() } else { name }
}

/// What was done, in words.
fn action(t: &Texts, word: &str) -> String {
    let text = match word {
        "calendar added" => t.audit_calendar_added,
        "calendar assigned" => t.audit_calendar_assigned,
        "calendar changed" => t.audit_calendar_changed,
        "calendar unassigned" => t.audit_calendar_unassigned,
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
        "server account kept" => t.audit_server_kept,
        "server password set" => t.audit_server_password,
        "signed out everywhere" => t.audit_signed_out,
        "template added" => t.audit_template_added,
        "template changed" => t.audit_template_changed,
        "template deleted" => t.audit_template_deleted,
        "user activated" => t.audit_user_activated,
        "user added" => t.audit_user_added,
        "user changed" => t.audit_user_changed,
        "user deactivated" => t.audit_user_deactivated,
        word => return word.to_owned(),
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
        "delete" => t.right_delete_short,
        "clear" => t.right_clear_short,
        word => return word.to_owned(),
    };
    text.to_string()
}

/// The rest of a line of the audit trail, by what it is about.
fn detail(t: &Texts, action: &str, detail: &str) -> String {
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

/// `GET /admin/audit`
pub async fn show(visit: Visit) -> Answer {
    let about = visit.query.value("about").unwrap_or_default();
    let before = visit.query.text("before").parse().ok();
    let store = &visit.app.service.store;
    let mut found = history_pages::audit(store, Some(about), before, ON_A_PAGE as u32 + 1).await?;
    let has_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let before = found.last().filter(|_| has_more).map(|it| it.id.to_string());
    let pager = Pager::behind(&visit, "/admin/audit", &[("about", about)], before);
    let t = visit.texts();
    let zone = &visit.app.settings.time_zone;
    let rows = found.into_iter().map(|it| Row {
        at: stamp(t, zone, it.happened_at),
        detail: detail(t, &it.action, &it.detail),
        actor: name(it.actor, "command line", t.audit_command_line),
        action: action(t, &it.action),
        subject: name(it.subject, "all calendars", t.audit_all_calendars),
    });
    html(&AuditPage {
        t,
        p: visit.page(Section::History),
        rows: rows.collect(),
        about: about.to_owned(),
        pager,
    })
}
