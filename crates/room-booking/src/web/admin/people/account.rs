//! The user's own account: password and sessions.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use operations::FieldError;
use secrecy::ExposeSecret as _;
use store::identities::IdentityKind;
use store::users;

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Field, Trouble, invalid, with_errors};
use crate::web::admin::frame::format::stamp;
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::people::identities;

struct SessionRow {
    /// The first characters of its hash, which identify it and grant nothing.
    name: String,
    browser: String,
    address: String,
    begun: String,
    seen: String,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "admin/people/account.html")]
struct AccountPage {
    t: &'static Texts,
    p: Page,
    address: Option<String>,
    /// With what the user signs in who has no password here.
    vouched_by: Option<String>,
    /// Whether a second factor is of any use: with a provider, it is the provider's affair.
    has_second_factor: bool,
    fields: Vec<Field>,
    errors: Vec<Trouble>,
    second_factor: Option<String>,
    sessions: Vec<SessionRow>,
    zone: String,
}

fn name_of(token: &[u8]) -> String {
    token.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

async fn show_with(context: &RequestContext, errors: &[FieldError]) -> Answer {
    let t = context.texts();
    let who = context.who()?;
    let zone = &context.app.settings.time_zone;
    let stamp = |at: i64| stamp(t, zone, at);
    let sessions = context.app.service.people().sessions_of(who.user.id).await?;
    let second_factor = context.app.service.people().second_factor(who.user.id).await?;
    let mut fields = vec![
        Field::password("present", t.present_password, "current-password"),
        Field::password("password", t.new_password, "new-password").hint(t.password_hint),
        Field::password("again", t.password_again, "new-password"),
    ];
    let others = with_errors(t, &mut fields, errors);
    let vouched_by = vouched_by(context).await?;
    let is_of_directory = who.session.vouched_by.is_some_and(|it| it == IdentityKind::Directory);
    let sessions = sessions
        .into_iter()
        .map(|it| SessionRow {
            name: name_of(&it.token),
            is_this: it.token == who.session.token,
            browser: browser(&it.browser, t),
            begun: stamp(it.created_at),
            seen: stamp(it.seen_at),
            address: it.address,
        })
        .collect();
    html_with(
        if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY },
        &AccountPage {
            t,
            p: context.page(Section::Account).with_its_own_zone(),
            address: who.user.address.clone(),
            has_second_factor: vouched_by.is_none() || is_of_directory,
            vouched_by,
            fields,
            errors: others,
            second_factor: second_factor.map(|it| stamp(it.set_at)),
            sessions,
            zone: zone.name().to_owned(),
        },
    )
}

/// With what the user signs in, if not with a password of this program.
async fn vouched_by(context: &RequestContext) -> Result<Option<String>, Refused> {
    let (who, settings) = (context.who()?, &context.app.settings);
    let store = &context.app.service.store;
    let is_only = settings.openid.as_ref().is_some_and(|it| it.is_only);
    if !is_only && users::password_hash(store, who.user.id).await?.is_some() {
        return Ok(None);
    }
    let kind = who.session.vouched_by.map_or(IdentityKind::OpenId, |it| it.0);
    Ok(Some(identities::vouches(context, kind)))
}

/// The name of a browser, from its User-Agent.
fn browser(agent: &str, t: &Texts) -> String {
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let program = find(&[
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ]);
    let system = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => t.unknown_browser.to_string(),
    }
}

/// `GET /admin/account`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, &[]).await
}

/// `POST /admin/account/password`
pub async fn change_password(context: RequestContext) -> Answer {
    let who = context.who()?;
    // A person at an unattended browser must not be able to try passwords.
    let attempt = context.app.sign_ins.begin_known(who.user.id, "account");
    let attempt = attempt.map_err(Refused::TooMany)?;
    let [present, new, again] = ["present", "password", "again"].map(|it| context.form.secret(it));
    if new.expose_secret() != again.expose_secret() {
        let error = FieldError::quoted("again", context.texts().passwords_differ);
        return show_with(&context, &[error]).await;
    }
    match context.app.service.people().change_password(who, &present, &new, &context.client()).await
    {
        Ok(token) => {
            attempt.succeeded();
            Ok(context.begin(&token, "/admin/account?done=password-changed"))
        }
        Err(error) => show_with(&context, &invalid(error)?).await,
    }
}

/// `POST /admin/account/sign-out-everywhere`
pub async fn sign_out_everywhere(context: RequestContext) -> Answer {
    let who = context.who()?;
    context.app.service.people().sign_out_everywhere(&who.actor(), &who.user).await?;
    Ok(context.end("/admin/sign-in?done=signed-out-everywhere"))
}

/// `POST /admin/account/sessions/{session}/end`
pub async fn end_session(context: RequestContext, Path(name): Path<String>) -> Answer {
    let user = context.user()?.id;
    let sessions = context.app.service.people().sessions_of(user).await?;
    if let Some(session) = sessions.iter().find(|it| name_of(&it.token) == name) {
        context.app.service.people().end_session(user, &session.token).await?;
    }
    Ok(context.to("/admin/account?done=session-ended"))
}
