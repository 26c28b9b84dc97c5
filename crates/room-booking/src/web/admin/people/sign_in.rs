//! Signing in and out.

use axum::response::Response;
use operations::{Begun, Message, SecurityEvent, SignIn, Source};
use secrecy::ExposeSecret as _;
use store::identities::IdentityKind;

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::pager;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::people::sign_in_page::{Trouble, page};
use crate::web::admin::people::{directory, openid};
use crate::web::local_path::is_of_site;

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

/// `GET /admin/sign-in`
pub async fn show(context: RequestContext) -> Answer {
    if context.signed_in.is_some() {
        return Ok(context.to(next(context.query.text("next"))));
    }
    openid::look(&context);
    page(&context, None, "", context.query.text("next")).await
}

/// `POST /admin/sign-in`
pub async fn sign_in(context: RequestContext) -> Answer {
    if let Some(openid) = context.app.settings.openid.as_ref().filter(|it| it.is_only) {
        return Err(Refused::Impossible(Message::quoted(
            context.texts().passwords_off(&openid.name),
        )));
    }
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
    let checked = match &context.app.settings.directory {
        None => {
            let begun = service.people().sign_in(&sign_in, &context.client()).await;
            begun.map(|it| it.ok_or(Trouble::Wrong)).map_err(Refused::from)
        }
        Some(directory) => directory::sign_in(&context, directory, &sign_in).await,
    };
    let checked = match checked {
        Ok(checked) => checked,
        Err(refused) => {
            // It was not tried.
            attempt.succeeded();
            return Err(refused);
        }
    };
    match checked {
        Ok(begun) => {
            attempt.succeeded();
            end_present(&context).await?;
            Ok(self::begun(&context, &begun, next(target)).await)
        }
        Err(trouble) => page(&context, Some(trouble), &sign_in.name, target).await,
    }
}

/// Ends the session of this browser, if there is one: an earlier session is not reused.
pub async fn end_present(context: &RequestContext) -> Result<(), Refused> {
    if let Some(old) = &context.signed_in {
        context.app.service.people().end_session(old.session.user_id, &old.session.token).await?;
    }
    Ok(())
}

/// `POST /admin/sign-out`
pub async fn sign_out(context: RequestContext) -> Answer {
    let session = &context.who()?.session;
    context.app.service.people().end_session(session.user_id, &session.token).await?;
    let is_of_provider = session.vouched_by.is_some_and(|it| it == IdentityKind::OpenId);
    let done = if is_of_provider { "signed-out-openid" } else { "signed-out" };
    Ok(context.end(&pager::link("/admin/sign-in", &[("done", done)])))
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
