//! Signing in and out.

use askama::Template;
use axum::http::StatusCode;
use operations::SignIn;
use store::users;

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::Field;
use crate::web::admin::frame::page::{Page, Section, html_with};
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
fn next(text: &str) -> &str {
    if is_of_site(text) { text } else { "/admin" }
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
    let limits = &context.app.sign_ins;
    limits.count(context.address, name).map_err(Refused::TooMany)?;
    let sign_in = SignIn { name: name.to_owned(), password: context.form.secret("password") };
    match context.app.service.sign_in(&sign_in, &context.client()).await? {
        Some(token) => {
            // An earlier session of this browser is not reused.
            if let Some(old) = &context.signed_in {
                let old = &old.session;
                context.app.service.end_session(old.user_id, &old.token).await?;
            }
            Ok(context.begin(&token, next(target)))
        }
        None => {
            tracing::info!(address = %context.address, "sign-in refused");
            show_with(&context, StatusCode::UNAUTHORIZED, name, target).await
        }
    }
}

/// `POST /admin/sign-out`
pub async fn sign_out(context: RequestContext) -> Answer {
    let session = &context.who()?.session;
    context.app.service.end_session(session.user_id, &session.token).await?;
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
