//! The outbox: messages and their states.

use askama::Template;
use axum::extract::Path;
use store::OutboxId;
use store::delivery::{self, OutboxRow};
use store::outbox::MessageKind;

use crate::show;
use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::field::Choice;
use crate::web::admin::frame::format::{relative, stamp};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::pager::ON_A_PAGE;
use crate::web::admin::frame::pager::Pager;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};

struct Row {
    id: i64,
    address: String,
    about: Text,
    name: String,
    slug: Option<String>,
    class: &'static str,
    state: Text,
    detail: String,
    /// Who caused it.
    cause: Option<String>,
    when: String,
    may_retry: bool,
    may_release: bool,
    may_discard: bool,
}

#[derive(Template)]
#[template(path = "admin/mail/outbox.html")]
struct OutboxPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    states: Vec<Choice>,
    pager: Pager,
    is_filtered: bool,
    has_mail_server: bool,
}

/// The states of messages.
const STATES: [&str; 9] = [
    "waiting",
    "gathered",
    "joined",
    "over limit",
    "held",
    "refused",
    "sent",
    "failed",
    "discarded",
];

/// The state of a message in words.
pub fn state(t: &Texts, word: &str) -> Text {
    match word {
        "waiting" => t.mail_waiting,
        "gathered" => t.mail_gathered,
        "joined" => t.mail_joined,
        "over limit" => t.mail_over_limit,
        "held" => t.mail_held,
        "refused" => t.mail_refused,
        "sent" => t.mail_sent,
        "failed" => t.mail_failed,
        "discarded" => t.mail_discarded,
        _ => t.mail_other,
    }
}

/// What a message is about, in words.
pub fn about(t: &Texts, kind: &str) -> Text {
    match MessageKind::of_word(kind) {
        Some(MessageKind::Kept) => t.about_kept,
        Some(MessageKind::Restored) => t.about_restored,
        Some(MessageKind::ConfirmationWanted) => t.about_confirmation,
        Some(MessageKind::CalendarFails) => t.about_fails,
        Some(MessageKind::CalendarWorks) => t.about_works,
        Some(MessageKind::MessagesHeld) => t.about_held,
        Some(MessageKind::Removed) | None => t.about_removed,
    }
}

fn row(context: &RequestContext, it: OutboxRow) -> Row {
    let (t, zone) = (context.texts(), &context.app.settings.time_zone);
    let now = context.app.service.now();
    let data: serde_json::Value = serde_json::from_str(&it.data).unwrap_or_default();
    let class = match it.state.as_str() {
        "sent" => "good",
        "failed" => "bad",
        "over limit" | "held" | "refused" => "warn",
        _ => "quiet",
    };
    let when = match (it.state.as_str(), it.sent_at) {
        (_, Some(at)) => stamp(t, zone, at),
        ("waiting", None) if context.app.settings.smtp.is_none() => {
            t.waits_for_mail_server.to_string()
        }
        ("waiting", None) => t.next_try(relative(t, zone, now, it.due_at.max(now.0))),
        _ => stamp(t, zone, it.created_at),
    };
    Row {
        id: it.id.0,
        may_retry: context.app.service.may_mail(&it.address)
            && (["failed", "over limit", "refused", "discarded"].contains(&it.state.as_str())
                || (it.state == "waiting" && it.attempts > 0)),
        may_release: it.state == "held" && context.app.service.may_mail(&it.address),
        may_discard: ["waiting", "gathered", "failed", "over limit", "held"]
            .contains(&it.state.as_str()),
        cause: match (&it.user_name, &it.key_name) {
            (Some(user), Some(key)) => Some(t.caused_by_key(user, key).to_string()),
            (Some(user), None) => Some(t.caused_by(user).to_string()),
            (None, _) => None,
        },
        address: it.address,
        about: about(t, &it.kind),
        name: show::plain(data["name"].as_str().unwrap_or_default()),
        slug: it.slug,
        class,
        state: state(t, &it.state),
        detail: it
            .detail
            .as_deref()
            .map(|it| show::sentence(t.stored_message(it)))
            .unwrap_or_default(),
        when,
    }
}

/// `GET /admin/outbox`
pub async fn show(context: RequestContext) -> Answer {
    let t = context.texts();
    let store = &context.app.service.store;
    let chosen = context.query.value("state").unwrap_or_default();
    let before = context.query.text("before").parse().ok().map(OutboxId);
    let only = Some(chosen).filter(|it| !it.is_empty());
    let mut found = delivery::page(store, only, before, ON_A_PAGE as u32 + 1).await?;
    let has_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let before = found.last().filter(|_| has_more).map(|it| it.id.to_string());
    let pager = Pager::behind(&context, "/admin/outbox", &[("state", chosen)], before);
    let choice = |value: &str, label: Text| Choice {
        value: value.to_owned(),
        label: label.to_string(),
        is_chosen: value == chosen,
    };
    let mut states = vec![choice("", t.filter_all)];
    states.extend(STATES.map(|word| choice(word, state(t, word))));
    html(&OutboxPage {
        t,
        p: context.page(Section::Mail),
        rows: found.into_iter().map(|it| row(&context, it)).collect(),
        states,
        pager,
        is_filtered: !chosen.is_empty(),
        has_mail_server: context.app.settings.smtp.is_some(),
    })
}

/// `POST /admin/outbox/{message}/retry`
pub async fn retry(context: RequestContext, Path(id): Path<i64>) -> Answer {
    context.app.service.retry_message(&context.actor()?, OutboxId(id)).await?;
    Ok(context.to("/admin/outbox?done=message-retried"))
}

/// `POST /admin/outbox/{message}/release`
pub async fn release(context: RequestContext, Path(id): Path<i64>) -> Answer {
    context.app.service.release_message(&context.actor()?, OutboxId(id)).await?;
    Ok(context.to("/admin/outbox?done=message-released"))
}

/// `POST /admin/outbox/{message}/discard`
pub async fn discard(context: RequestContext, Path(id): Path<i64>) -> Answer {
    context.app.service.discard_message(&context.actor()?, OutboxId(id)).await?;
    Ok(context.to("/admin/outbox?done=message-discarded"))
}
