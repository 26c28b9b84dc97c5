//! One-time links: first administrator, invitation, and password reset.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use operations::{Error, FieldError};
use secrecy::ExposeSecret as _;
use store::links::Purpose;

use crate::first_link;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Field, Trouble, invalid, with_errors};
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};
use crate::web::admin::people::session_start::{self, end_present};

#[derive(Template)]
#[template(path = "admin/people/link.html")]
struct LinkPage {
    t: &'static Texts,
    p: Page,
    title: Text,
    lead: String,
    fields: Vec<Field>,
    errors: Vec<Trouble>,
    button: Text,
}

/// What helps behind a link that does not work any more.
#[derive(Template)]
#[template(path = "admin/people/dead_link.html")]
struct DeadLinkPage {
    t: &'static Texts,
    p: Page,
    lines: Vec<Text>,
    command: Option<&'static str>,
    /// Below the command.
    further: Option<Text>,
    may_sign_in: bool,
}

/// Behind a dead link, while nobody can sign in as an administrator: the log shows a new link.
async fn no_administrator(context: &RequestContext) -> Answer {
    let t = context.texts();
    first_link::announce_again(&context.app.service).await?;
    html_with(
        StatusCode::NOT_FOUND,
        &DeadLinkPage {
            t,
            p: context.page(Section::None),
            lines: vec![t.link_dead_first],
            command: Some("room-booking user add NAME --administrator"),
            further: Some(t.first_link_logged),
            may_sign_in: false,
        },
    )
}

/// The page behind a link to make the first administrator that does not work any more.
async fn first_over(context: &RequestContext) -> Answer {
    if !context.app.service.people().can_an_administrator_sign_in().await? {
        return no_administrator(context).await;
    }
    let t = context.texts();
    let lines = vec![t.link_dead_first_done];
    let p = context.page(Section::None);
    let page = DeadLinkPage { t, p, lines, command: None, further: None, may_sign_in: true };
    html_with(StatusCode::NOT_FOUND, &page)
}

/// The page behind an invitation, or a link to another password, that does not work any more.
async fn over(context: &RequestContext) -> Answer {
    if !context.app.service.people().can_an_administrator_sign_in().await? {
        return no_administrator(context).await;
    }
    let t = context.texts();
    html_with(
        StatusCode::NOT_FOUND,
        &DeadLinkPage {
            t,
            p: context.page(Section::None),
            lines: vec![t.link_dead_sign_in, t.link_dead_ask],
            command: Some("room-booking user password NAME"),
            further: None,
            may_sign_in: true,
        },
    )
}

fn passwords(t: &Texts) -> [Field; 2] {
    [
        Field::password("password", t.new_password, "new-password").hint(t.password_hint),
        Field::password("again", t.password_again, "new-password"),
    ]
}

/// Both passwords have to be equal, against typing errors.
fn is_same_twice(context: &RequestContext) -> Result<(), Vec<FieldError>> {
    let both = ["password", "again"].map(|name| context.form.secret(name));
    if both[0].expose_secret() == both[1].expose_secret() {
        return Ok(());
    }
    Err(vec![FieldError::quoted("again", context.texts().passwords_differ)])
}

fn show_first_with(context: &RequestContext, errors: &[FieldError]) -> Answer {
    let t = context.texts();
    let mut fields = vec![
        Field::text("name", t.user_name, context.form.text("name"))
            .hint(t.user_name_hint)
            .completed("username")
            .required(),
        Field::address("address", t.mail_address, Some(context.form.text("address")))
            .hint(t.own_address_hint)
            .completed("email"),
    ];
    fields.extend(passwords(t));
    let others = with_errors(t, &mut fields, errors);
    html_with(
        if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY },
        &LinkPage {
            t,
            p: context.page(Section::None),
            title: t.first_title,
            lead: t.first_lead.to_string(),
            fields,
            errors: others,
            button: t.first_button,
        },
    )
}

/// `GET /admin/first/{link}`
pub async fn show_first(context: RequestContext, Path(link): Path<String>) -> Answer {
    if !context.app.service.people().is_first_link(&link).await? {
        return first_over(&context).await;
    }
    show_first_with(&context, &[])
}

/// `POST /admin/first/{link}`
pub async fn make_first(context: RequestContext, Path(link): Path<String>) -> Answer {
    let attempt = context.app.sign_ins.begin_from(context.address).map_err(Refused::TooMany)?;
    if !context.app.service.people().is_first_link(&link).await? {
        return first_over(&context).await;
    }
    attempt.succeeded();
    if let Err(errors) = is_same_twice(&context) {
        return show_first_with(&context, &errors);
    }
    let (form, service) = (&context.form, &context.app.service);
    let (name, address) = (form.text("name"), form.value("address"));
    let password = form.secret("password");
    let made = service
        .people()
        .make_first_administrator(&link, name, address, &password, &context.client())
        .await;
    match made {
        Ok(token) => {
            end_present(&context).await?;
            Ok(context.begin(&token, "/admin"))
        }
        // It was used at the same moment.
        Err(Error::NotFound(_)) => first_over(&context).await,
        Err(error) => show_first_with(&context, &invalid(error)?),
    }
}

async fn show_with(context: &RequestContext, link: &str, errors: &[FieldError]) -> Answer {
    let t = context.texts();
    let found = context.app.service.people().user_of_link(link).await?;
    let Some((purpose, user)) = found else { return over(context).await };
    let (title, lead) = match purpose {
        Purpose::NewPassword => (t.reset_title, t.reset_lead(&user.name)),
        _ => (t.invitation_title, t.invitation_lead(&user.name)),
    };
    let mut fields = passwords(t).to_vec();
    let others = with_errors(t, &mut fields, errors);
    html_with(
        if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY },
        &LinkPage {
            t,
            p: context.page(Section::None),
            title,
            lead,
            fields,
            errors: others,
            button: t.choose_password,
        },
    )
}

/// `GET /admin/link/{link}`
pub async fn show(context: RequestContext, Path(link): Path<String>) -> Answer {
    show_with(&context, &link, &[]).await
}

/// `POST /admin/link/{link}`
pub async fn choose(context: RequestContext, Path(link): Path<String>) -> Answer {
    let attempt = context.app.sign_ins.begin_from(context.address).map_err(Refused::TooMany)?;
    if context.app.service.people().user_of_link(&link).await?.is_some() {
        attempt.succeeded();
    }
    if let Err(errors) = is_same_twice(&context) {
        return show_with(&context, &link, &errors).await;
    }
    let password = context.form.secret("password");
    match context.app.service.people().choose_password(&link, &password, &context.client()).await {
        Ok(begun) => {
            end_present(&context).await?;
            Ok(session_start::begun(&context, &begun, "/admin").await)
        }
        Err(Error::NotFound(_)) => over(&context).await,
        Err(error) => show_with(&context, &link, &invalid(error)?).await,
    }
}
