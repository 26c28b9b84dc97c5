//! The outbox: messages and their states.

use askama::Template;
use axum::extract::Path;
use store::OutboxId;
use store::delivery::{self, OutboxRow};
use store::outbox::{MessageKind, MessageState};

use crate::show;
use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::field::Choice;
use crate::web::admin::frame::format::{relative, stamp};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::pager::ON_A_PAGE;
use crate::web::admin::frame::pager::Pager;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};

/// A message, as pages show it.
pub(super) struct Row {
    pub id: i64,
    pub address: String,
    pub about: Text,
    /// The name of the event that it is about.
    pub name: String,
    /// The name of its calendar, and its slug unless it was removed.
    pub calendar: Option<(String, Option<String>)>,
    pub class: &'static str,
    pub state: Text,
    pub detail: String,
    /// Who caused it.
    pub cause: Option<String>,
    pub when: String,
    pub may_retry: bool,
    pub may_release: bool,
    pub may_discard: bool,
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

/// The state of a message in words.
pub fn state(t: &Texts, state: MessageState) -> Text {
    match state {
        MessageState::Waiting => t.mail_waiting,
        MessageState::Gathered => t.mail_gathered,
        MessageState::Joined => t.mail_joined,
        MessageState::OverLimit => t.mail_over_limit,
        MessageState::Held => t.mail_held,
        MessageState::Refused => t.mail_refused,
        MessageState::Sent => t.mail_sent,
        MessageState::Failed => t.mail_failed,
        MessageState::Discarded => t.mail_discarded,
    }
}

/// What a message is about, in words.
pub fn about(t: &Texts, kind: MessageKind) -> Text {
    match kind {
        MessageKind::Removed => t.about_removed,
        MessageKind::Kept => t.about_kept,
        MessageKind::Restored => t.about_restored,
        MessageKind::Warning => t.about_warning,
        MessageKind::WarningEnded => t.about_warning_ended,
        MessageKind::Offer => t.about_offer,
        MessageKind::ConflictsFound => t.about_conflicts,
        MessageKind::ConfirmationWanted => t.about_confirmation,
        MessageKind::CalendarFails => t.about_fails,
        MessageKind::CalendarWorks => t.about_works,
        MessageKind::MessagesHeld => t.about_held,
        MessageKind::MonthlyReport => t.about_monthly_report,
    }
}

pub(super) fn row(context: &RequestContext, it: OutboxRow) -> Row {
    let (t, zone) = (context.texts(), &context.app.settings.time_zone);
    let now = context.app.service.now();
    let data: serde_json::Value = serde_json::from_str(&it.data).unwrap_or_default();
    use MessageState::*;
    let class = match *it.state {
        Sent => "good",
        Failed => "bad",
        OverLimit | Held | Refused => "warn",
        Waiting | Gathered | Joined | Discarded => "quiet",
    };
    let when = match (*it.state, it.sent_at) {
        (_, Some(at)) => stamp(t, zone, at),
        (Waiting, None) if context.app.settings.smtp.is_none() => {
            t.waits_for_mail_server.to_string()
        }
        (Waiting, None) => t.next_try(relative(t, zone, now, it.due_at.max(now.0))),
        _ => stamp(t, zone, it.created_at),
    };
    Row {
        id: it.id.0,
        may_retry: context.app.service.may_mail(&it.address)
            && (matches!(*it.state, Failed | OverLimit | Refused | Discarded)
                || (it.state == Waiting && it.attempts > 0)),
        may_release: it.state == Held && context.app.service.may_mail(&it.address),
        may_discard: matches!(*it.state, Waiting | Gathered | Failed | OverLimit | Held),
        cause: match (&it.user_name, &it.key_name) {
            (Some(user), Some(key)) => Some(t.caused_by_key(user, key).to_string()),
            (Some(user), None) => Some(t.caused_by(user).to_string()),
            (None, _) => None,
        },
        address: it.address,
        about: about(t, *it.kind),
        name: show::plain(data["name"].as_str().unwrap_or_default()),
        calendar: it.calendar.map(|name| (name, it.slug)),
        class,
        state: state(t, *it.state),
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
    // An unknown word does not filter.
    let only = MessageState::parse(context.query.value("state").unwrap_or_default());
    let chosen = only.map_or("", MessageState::as_str);
    let before = context.query.text("before").parse().ok().map(OutboxId);
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
    states.extend(MessageState::ALL.map(|it| choice(it.as_str(), state(t, it))));
    html(&OutboxPage {
        t,
        p: context.page(Section::Mail),
        rows: found.into_iter().map(|it| row(&context, it)).collect(),
        states,
        pager,
        is_filtered: only.is_some(),
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
