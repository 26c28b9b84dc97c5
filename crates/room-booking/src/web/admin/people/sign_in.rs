//! Signing in and out.

use operations::{Message, SecurityEvent, SignIn, Source};
use store::identities::IdentityKind;

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::pager;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::people::session_start::{self, end_present, next};
use crate::web::admin::people::sign_in_page::{Trouble, page};
use crate::web::admin::people::{directory, openid};

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
    if let Err(busy) = attempt.wait().await {
        // It was not tried, so nobody's address is locked out for it.
        attempt.succeeded();
        return Err(busy);
    }
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
            Ok(session_start::begun(&context, &begun, next(target)).await)
        }
        Err(trouble) => {
            if trouble == Trouble::DirectoryDown {
                attempt.not_answered();
            }
            page(&context, Some(trouble), &sign_in.name, target).await
        }
    }
}

/// `POST /admin/sign-out`
pub async fn sign_out(context: RequestContext) -> Answer {
    let session = &context.who()?.session;
    context.app.service.people().end_session(session.user_id, &session.token).await?;
    let is_of_provider = session.vouched_by.is_some_and(|it| it == IdentityKind::OpenId);
    let done = if is_of_provider { "signed-out-openid" } else { "signed-out" };
    Ok(context.end(&pager::link("/admin/sign-in", &[("done", done)])))
}
