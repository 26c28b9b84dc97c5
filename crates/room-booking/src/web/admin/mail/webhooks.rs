//! Webhooks: where they go, and what came of each.

use askama::Template;
use axum::extract::Path;
use store::WebhookId;
use store::webhooks::{self, WebhookKind, WebhookRow, WebhookState};

use crate::show;
use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::format::{relative, stamp};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};

struct Row {
    id: i64,
    /// Where it goes to.
    endpoint: String,
    about: Text,
    kind: &'static str,
    slug: Option<String>,
    message_id: String,
    class: &'static str,
    state: Text,
    detail: String,
    attempts: i64,
    when: String,
    payload: String,
    may_retry: bool,
    may_discard: bool,
}

#[derive(Template)]
#[template(path = "admin/mail/webhooks.html")]
struct WebhooksPage {
    t: &'static Texts,
    p: Page,
    /// The addresses that are set, without what may be secret in them.
    endpoints: Vec<String>,
    rows: Vec<Row>,
    pager: Pager,
}

/// What a webhook tells, in words.
pub fn about(t: &Texts, kind: WebhookKind) -> Text {
    match kind {
        WebhookKind::Removed => t.about_removed,
        WebhookKind::Released => t.webhook_released,
        WebhookKind::Restored => t.about_restored,
        WebhookKind::Warned => t.about_warning,
        WebhookKind::Failed => t.about_fails,
        WebhookKind::Recovered => t.about_works,
        WebhookKind::Test => t.webhook_test,
    }
}

fn state(t: &Texts, state: WebhookState) -> (&'static str, Text) {
    match state {
        WebhookState::Waiting => ("quiet", t.mail_waiting),
        WebhookState::Held => ("warn", t.webhook_held),
        WebhookState::Sent => ("good", t.webhook_sent),
        WebhookState::Failed => ("bad", t.mail_failed),
        WebhookState::Discarded => ("quiet", t.mail_discarded),
    }
}

fn row(context: &RequestContext, it: WebhookRow) -> Row {
    let (t, zone) = (context.texts(), &context.app.settings.time_zone);
    let now = context.app.service.now();
    let shown = context.app.service.webhooks.shown_as(&it.endpoint);
    let is_set = shown.is_some();
    let (class, state) = state(t, *it.state);
    let is_waiting = *it.state == WebhookState::Waiting;
    let when = match it.sent_at {
        Some(at) => stamp(t, zone, at),
        None if is_waiting && is_set => {
            t.next_try(relative(t, zone, now, it.due_at.max(now.0))).to_string()
        }
        None => stamp(t, zone, it.created_at),
    };
    let is_over = *it.state == WebhookState::Sent;
    Row {
        id: it.id.0,
        endpoint: shown.unwrap_or_else(|| t.webhook_not_set.to_string()),
        about: about(t, *it.kind),
        kind: it.kind.as_str(),
        slug: it.slug,
        message_id: it.message_id,
        class,
        state,
        detail: it
            .detail
            .as_deref()
            .map(|it| show::sentence(t.stored_message(it)))
            .unwrap_or_default(),
        attempts: it.attempts,
        when,
        payload: it.payload,
        may_retry: !is_over && is_set && (!is_waiting || it.attempts > 0),
        may_discard: !is_over && *it.state != WebhookState::Discarded,
    }
}

/// `GET /admin/webhooks`
pub async fn show(context: RequestContext) -> Answer {
    let store = &context.app.service.store;
    let before = context.query.text("before").parse().ok().map(WebhookId);
    let mut found = webhooks::page(store, before, ON_A_PAGE as u32 + 1).await?;
    let has_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let before = found.last().filter(|_| has_more).map(|it| it.id.to_string());
    html(&WebhooksPage {
        t: context.texts(),
        p: context.page(Section::Mail),
        endpoints: context.app.service.webhooks.shown(),
        rows: found.into_iter().map(|it| row(&context, it)).collect(),
        pager: Pager::behind(&context, "/admin/webhooks", &[], before),
    })
}

/// `POST /admin/webhooks/test`
pub async fn test(context: RequestContext) -> Answer {
    context.app.service.test_webhooks().await?;
    Ok(context.to("/admin/webhooks?done=webhook-test"))
}

/// `POST /admin/webhooks/{webhook}/retry`
pub async fn retry(context: RequestContext, Path(id): Path<i64>) -> Answer {
    context.app.service.retry_webhook(&context.actor()?, WebhookId(id)).await?;
    Ok(context.to("/admin/webhooks?done=webhook-retried"))
}

/// `POST /admin/webhooks/{webhook}/discard`
pub async fn discard(context: RequestContext, Path(id): Path<i64>) -> Answer {
    context.app.service.discard_webhook(&context.actor()?, WebhookId(id)).await?;
    Ok(context.to("/admin/webhooks?done=webhook-discarded"))
}
