//! Signing in and out.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use operations::{Begun, SecurityEvent, SignIn, Source};
use secrecy::ExposeSecret as _;
use store::users;

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::Field;
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::pager;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::local_path::is_of_site;

#[derive(Template)]
#[template(path = "admin/people/sign_in.html")]
struct SignInPage {
    t: &'static Texts,
    p: Page,
    fields: Vec<Field>,
    next: String,
    is_wrong: bool,
    /// Whether there is no user yet.
    is_empty: bool,
}

/// A path that a sign-in may lead to.
pub fn next(text: &str) -> &str {
    if is_of_site(text) { text } else { "/admin" }
}

/// Leads on after a right password: to a path, or to where the code is asked for.
pub async fn begun(context: &RequestContext, begun: &Begun, path: &str) -> Response {
    if begun.awaits_code {
        let way = pager::link("/admin/second-factor", &[("next", path)]);
        return context.begin(begun.token.expose_secret(), &way);
    }
    let response = context.begin(begun.token.expose_secret(), path);
    context.known_from_now_on(response, begun.user).await
}

async fn show_with(
    context: &RequestContext,
    status: StatusCode,
    name: &str,
    target: &str,
) -> Answer {
    let t = context.texts();
    let is_wrong = status != StatusCode::OK;
    let mut fields = vec![
        Field::text("name", t.user_name, name).completed("username").required(),
        Field::password("password", t.password, "current-password"),
    ];
    // The form keeps the user name.
    fields[usize::from(is_wrong && !name.is_empty())].is_focused = true;
    let p = context.page(Section::None);
    let next = next(target).to_owned();
    let is_empty = users::all(&context.app.service.store).await?.is_empty();
    html_with(status, &SignInPage { t, p, fields, next, is_wrong, is_empty })
}

/// `GET /admin/sign-in`
pub async fn show(context: RequestContext) -> Answer {
    if context.signed_in.is_some() {
        return Ok(context.to(next(context.query.text("next"))));
    }
    show_with(&context, StatusCode::OK, "", context.query.text("next")).await
}

/// `POST /admin/sign-in`
pub async fn sign_in(context: RequestContext) -> Answer {
    let (name, target) = (context.form.text("name"), context.form.text("next"));
    let service = &context.app.service;
    let user = match context.proofs.is_empty() {
        true => None,
        false => service.people().number_of_user(name).await?,
    };
    let known = match user {
        Some(user) => context.known_browser(user).await,
        None => None,
    };
    let attempt = context.app.sign_ins.begin(context.address, name, known.as_ref());
    let attempt = match attempt {
        Ok(attempt) => attempt,
        Err(seconds) => {
            let (event, address) = (SecurityEvent::SignInFailed, context.client().address);
            service.people().note_security(event, None, name, &address).await;
            return Err(Refused::TooMany(seconds));
        }
    };
    attempt.wait().await?;
    let source = if known.is_some() { Source::KnownBrowser } else { Source::Stranger };
    let (name, password) = (name.to_owned(), context.form.secret("password"));
    let sign_in = SignIn { name, password, source };
    let signed_in = match service.people().sign_in(&sign_in, &context.client()).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            // It was not tried.
            attempt.succeeded();
            return Err(error.into());
        }
    };
    match signed_in {
        Some(begun) => {
            attempt.succeeded();
            // An earlier session of this browser is not reused.
            if let Some(old) = &context.signed_in {
                service.people().end_session(old.session.user_id, &old.session.token).await?;
            }
            Ok(self::begun(&context, &begun, next(target)).await)
        }
        None => show_with(&context, StatusCode::UNAUTHORIZED, &sign_in.name, target).await,
    }
}

/// `POST /admin/sign-out`
pub async fn sign_out(context: RequestContext) -> Answer {
    let session = &context.who()?.session;
    context.app.service.people().end_session(session.user_id, &session.token).await?;
    Ok(context.end("/admin/sign-in?done=signed-out"))
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn a_sign_in_leads_to_this_site_only() {
        for path in ["/admin", "/admin/calendars?q=a%20b", "/admin?done=saved"] {
            assert_eq!(next(path), path);
        }
        for path in ["", "//evil.example/admin", "//admin", "/\\admin", "/admin/%2e%2e/x"] {
            assert_eq!(next(path), "/admin", "{path}");
        }
    }
}
