//! One message of the outbox, as its recipient reads it.

use askama::Template;
use axum::extract::Path;
use store::OutboxId;

use crate::show;
use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::mail::outbox::{Row, row};

#[derive(Template)]
#[template(path = "admin/mail/message.html")]
struct MessagePage {
    t: &'static Texts,
    p: Page,
    row: Row,
    /// Subject and text, or why there are none.
    rendered: Result<(String, String), String>,
    /// What there is to say about it, such as that its template failed.
    note: Option<String>,
}

/// `GET /admin/outbox/{message}`: the text alone. What a template makes of HTML is shown where it is edited.
pub async fn show(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let (t, service) = (context.texts(), &context.app.service);
    let message = service.message(OutboxId(id)).await?;
    let (rendered, note) = match service.message_as_sent(&message).await? {
        Ok((rendered, note)) => {
            (Ok((rendered.subject, rendered.text)), note.map(|it| show::sentence(t.message(&it))))
        }
        Err(why) => (Err(show::sentence(t.message(&why))), None),
    };
    html(&MessagePage {
        t,
        p: context.page(Section::Mail),
        row: row(&context, message),
        rendered,
        note,
    })
}
