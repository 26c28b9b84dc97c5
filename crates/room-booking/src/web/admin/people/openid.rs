//! Signing in with an OpenID Connect provider, and out of it.
//!
//! The browser that began keeps what a sign-in needs again when the provider leads back: sealed, in a cookie of ten
//! minutes. So nobody can have somebody else's browser complete a sign-in, nothing is stored for people who never come
//! back, and any server of several can go on.

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION, SET_COOKIE};
use axum::response::{IntoResponse as _, Response};
use identity::{AtProvider, Failure};
use operations::{Refusal, Vouched};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use store::identities::IdentityKind;
use subtle::ConstantTimeEq as _;

use crate::settings::OpenIdSignIn;
use crate::web::admin::frame::cookie;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::people::session_start::{begun, end_present, next};
use crate::web::admin::people::sign_in_page::{Trouble, page};

/// The longest code, state or issuer that is looked at, in bytes.
const MAX_ANSWER: usize = 2_000;
/// The longest path that is kept, in bytes: the cookie has to fit.
const MAX_NEXT: usize = 500;

/// What the browser keeps, sealed.
#[derive(Deserialize, Serialize)]
struct Kept {
    state: String,
    nonce: String,
    verifier: String,
    next: String,
    /// When it began, in seconds since 1970.
    at: i64,
}

fn provider(context: &RequestContext) -> Result<&OpenIdSignIn, Refused> {
    let openid = context.app.settings.openid.as_ref();
    openid.ok_or_else(|| Refused::nothing(context.texts().nothing_here))
}

/// Asks the provider what it is, unless that is known, so that the next page says whether it is down.
pub fn look(context: &RequestContext) {
    if let Some(openid) = &context.app.settings.openid {
        openid.provider.look();
    }
}

/// Leads the browser to an address of the provider.
fn to(url: &str) -> Answer {
    let target = HeaderValue::from_str(url).map_err(Refused::internal)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response())
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(value) = cookie {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// `GET /admin/sign-in/openid`: leads to the provider.
pub async fn begin(context: RequestContext) -> Answer {
    let openid = provider(&context)?;
    let target = next(context.query.text("next"));
    if context.signed_in.is_some() {
        return Ok(context.to(target));
    }
    let (url, at_provider) = match openid.provider.begin().await {
        Ok(begun) => begun,
        Err(failure) => {
            tracing::warn!(%failure, "the openid connect provider could not be asked");
            return page(&context, Some(Trouble::ProviderDown), "", target).await;
        }
    };
    let kept = Kept {
        state: at_provider.state.expose_secret().to_owned(),
        nonce: at_provider.nonce.expose_secret().to_owned(),
        verifier: at_provider.verifier.expose_secret().to_owned(),
        next: if target.len() <= MAX_NEXT { target.to_owned() } else { next("").to_owned() },
        at: context.app.service.now().0,
    };
    let kept = SecretString::from(serde_json::to_string(&kept).map_err(Refused::internal)?);
    let sealed = context.app.service.people().seal_at_provider(&kept).await?;
    Ok(with_cookie(to(url.as_str())?, cookie::keep_at_provider(&sealed, context.is_secure())))
}

/// What the browser keeps, if it is of the last ten minutes.
async fn kept(context: &RequestContext) -> Option<Kept> {
    let sealed = context.at_provider.as_deref()?;
    let opened = context.app.service.people().open_at_provider(sealed).await?;
    let kept: Kept = serde_json::from_str(opened.expose_secret()).ok()?;
    let age = context.app.service.now().0 - kept.at;
    (0..cookie::AT_PROVIDER_SECONDS).contains(&age).then_some(kept)
}

fn is_same(one: &str, other: &str) -> bool {
    !one.is_empty() && one.len() <= MAX_ANSWER && one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// `GET /admin/sign-in/openid/callback`: the provider leads back.
pub async fn complete(context: RequestContext) -> Answer {
    let openid = provider(&context)?;
    let answer = match completed(&context, openid).await? {
        Ok(response) => response,
        Err((trouble, target)) => page(&context, Some(trouble), "", &target).await?,
    };
    // It is good for one answer.
    Ok(with_cookie(answer, cookie::drop_at_provider(context.is_secure())))
}

async fn completed(
    context: &RequestContext,
    openid: &OpenIdSignIn,
) -> Result<Result<Response, (Trouble, String)>, Refused> {
    let people = context.app.service.people();
    let refuse = async |refusal: Refusal| {
        let called = openid.provider.issuer();
        people.note_refusal(IdentityKind::OpenId, refusal, called, &context.client()).await;
    };
    let kept = kept(context).await;
    let kept = kept.filter(|it| is_same(context.query.text("state"), &it.state));
    let Some(kept) = kept else {
        refuse(Refusal::NotProven).await;
        return Ok(Err((Trouble::TooOld, String::new())));
    };
    // What belongs to no sign-in of this browser does not count: any page of the web can lead here.
    let attempt = context.app.sign_ins.begin_answer(context.address).map_err(Refused::TooMany)?;
    let target = kept.next.clone();
    // RFC 9207: an answer of another provider is none.
    let is_of_other = context.query.value("iss").is_some_and(|it| it != openid.provider.issuer());
    let code = context.query.text("code");
    if is_of_other || code.is_empty() || code.len() > MAX_ANSWER {
        if let Some(error) = context.query.value("error") {
            let error: String = error.chars().filter(char::is_ascii_graphic).take(60).collect();
            tracing::info!(error, "the openid connect provider signed nobody in");
        }
        refuse(Refusal::NotProven).await;
        return Ok(Err((Trouble::ProviderRefused, target)));
    }
    let at_provider = AtProvider {
        state: kept.state.into(),
        nonce: kept.nonce.into(),
        verifier: kept.verifier.into(),
    };
    let person = match openid.provider.complete(code.into(), at_provider).await {
        Ok(person) => person,
        Err(failure) => {
            tracing::warn!(%failure, "a sign-in with openid connect failed");
            if failure.is_down() {
                attempt.succeeded();
                refuse(Refusal::NotAsked).await;
                return Ok(Err((Trouble::ProviderDown, target)));
            }
            refuse(Refusal::NotProven).await;
            return Ok(Err((trouble_of(&failure), target)));
        }
    };
    // A person for whom the provider vouches does not guess.
    attempt.succeeded();
    let vouched = Vouched {
        kind: IdentityKind::OpenId,
        issuer: openid.provider.issuer().to_owned(),
        subject: person.subject,
        name: person.name,
        address: person.address,
        is_address_verified: person.is_address_verified,
        is_administrator: person.is_administrator,
    };
    match people.sign_in_vouched(&vouched, openid.makes_users, &context.client()).await? {
        Ok(signed_in) => {
            end_present(context).await?;
            Ok(Ok(begun(context, &signed_in, next(&target)).await))
        }
        Err(refusal) => Ok(Err((Trouble::Refused(refusal), target))),
    }
}

/// A code that was used already, or is too old, is a sign-in to begin again.
fn trouble_of(failure: &Failure) -> Trouble {
    match failure {
        Failure::CodeRefused(code) if code == "invalid_grant" => Trouble::TooOld,
        _ => Trouble::ProviderRefused,
    }
}

/// `GET /admin/sign-out/openid`: ends the session at the provider, after that of this program has ended.
pub async fn end(context: RequestContext) -> Answer {
    let openid = provider(&context)?;
    match openid.provider.end_session().await {
        Some(url) => to(url.as_str()),
        None => Ok(context.to("/admin/sign-in?done=signed-out")),
    }
}
