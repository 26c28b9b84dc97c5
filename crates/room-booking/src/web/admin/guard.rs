//! Authentication, authorization and CSRF checks for every page and action.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{
    DefaultBodyLimit, FromRequest as _, FromRequestParts as _, Multipart, RawPathParams, Request,
    State,
};
use axum::http::header::{
    ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN, REFERER,
    SET_COOKIE, USER_AGENT, VARY,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, Limited};
use operations::OfSession;
use store::UserId;
use store::calendars::{self, Calendar};
use store::identities::IdentityKind;
use subtle::ConstantTimeEq as _;
use tokio::time::timeout;

use crate::web::admin::access::{Access, Takes};
use crate::web::admin::frame::errors::Refused;
use crate::web::admin::frame::form::{File, Form};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::frame::way_back::form_page;
use crate::web::admin::frame::{cookie, page, pager};
use crate::web::local_path::is_of_site;
use crate::web::{App, address, body};

/// Bytes of the largest file that is imported.
const MAX_FILE: usize = 32 << 20;

/// The rules of one route.
#[derive(Clone)]
pub struct Gate {
    /// The state that all handlers share.
    pub app: App,
    /// Who may use it.
    pub access: Access,
    /// What a POST of it brings.
    pub takes: Takes,
}

/// Passes a request on to its page, or answers it.
pub async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let anonymous = RequestContext::anonymous(gate.app.clone())
        .in_language(&accepted_languages(&parts.headers));
    let mut context = match read_context(anonymous.clone(), &parts).await {
        Ok((context, new_cookie)) => (context, new_cookie),
        Err(refused) => return in_language(anonymous.texts(), page::error(&anonymous, &refused)),
    };
    let answer = match admit(&gate, &mut context.0, &mut parts, body).await {
        Err(answer) => *answer,
        Ok(body) => {
            parts.extensions.insert(context.0.clone());
            next.run(Request::from_parts(parts, body)).await
        }
    };
    let (context, new_cookie) = context;
    let mut answer = match answer.extensions().get::<Refused>() {
        Some(refused) => page::error(&context, refused),
        // A path that no page can read, such as one with a word where a number is expected.
        None if answer.status() == StatusCode::BAD_REQUEST => {
            page::error(&context, &Refused::nothing(context.texts().nothing_here))
        }
        None => answer,
    };
    answer = in_language(context.texts(), answer);
    if context.is_look
        && context.has_typed()
        && let Some(value) = cookie::keep_typed(None, context.is_secure())
    {
        answer.headers_mut().append(SET_COOKIE, value);
    }
    if let Some(new) = new_cookie
        && !cookie::is_set(answer.headers(), context.is_secure())
        && let Some(value) = cookie::keep_for_now(&new, context.is_secure())
    {
        answer.headers_mut().append(SET_COOKIE, value);
    }
    answer
}

/// The languages that the browser prefers.
pub(in crate::web) fn accepted_languages(headers: &HeaderMap) -> String {
    let all = headers.get_all(ACCEPT_LANGUAGE).iter();
    all.filter_map(|it| it.to_str().ok()).collect::<Vec<_>>().join(",")
}

/// An answer that says which language it is in, and by what that was chosen.
pub(in crate::web) fn in_language(t: &'static Texts, mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.append(VARY, HeaderValue::from_static("accept-language"));
    let is_page = |it: &HeaderValue| it.as_bytes().starts_with(b"text/html");
    if headers.get(CONTENT_TYPE).is_some_and(is_page) {
        let code = HeaderValue::from_static(t.language.code);
        headers.insert(CONTENT_LANGUAGE, code);
    }
    answer
}

/// The context of the request, and the cookie to set if the browser sent none.
async fn read_context(
    mut context: RequestContext,
    parts: &Parts,
) -> Result<(RequestContext, Option<String>), Refused> {
    let app = context.app.clone();
    context.address = address::of_request(parts, &app.settings.trusted_proxies);
    let browser = parts.headers.get(USER_AGENT).and_then(|it| it.to_str().ok());
    context.browser = browser.unwrap_or_default().into();
    context.query = Arc::new(Form::read(parts.uri.query().unwrap_or_default().as_bytes()));
    context.is_look = parts.method != Method::POST;
    context.path = parts.uri.path_and_query().map_or("/admin", |it| it.as_str()).into();
    context.back = page_before(&context, &parts.headers);
    context.at_provider = cookie::at_provider(&parts.headers, context.is_secure()).map(Arc::from);
    context.proofs = cookie::proofs(&parts.headers, context.is_secure()).into();
    let sent = cookie::read(&parts.headers, context.is_secure());
    let new = if sent.is_none() { Some(cookie::new()) } else { None };
    if let Some(token) = &sent {
        match app.service.people().session(token).await? {
            Some(OfSession::SignedIn(who)) => context.signed_in = Some(Arc::new(who)),
            Some(OfSession::AwaitsCode(who)) => context.waits_for_code = Some(Arc::new(who)),
            None => {}
        }
    }
    let cookie = sent.or_else(|| new.clone()).unwrap_or_default();
    context.form_token = cookie::form_token(&cookie).into();
    Ok((context, new))
}

/// The page of the site that a request came from: its path and query, without the base path.
fn page_before(context: &RequestContext, headers: &HeaderMap) -> Option<Arc<str>> {
    let url = url::Url::parse(headers.get(REFERER)?.to_str().ok()?).ok()?;
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let path = path.strip_prefix(context.app.base_path().as_str())?;
    is_of_site(path).then(|| path.into())
}

/// Checks access, origin and CSRF token; returns the body that remains unread.
async fn admit(
    gate: &Gate,
    context: &mut RequestContext,
    parts: &mut Parts,
    body: Body,
) -> Result<Body, Box<Response>> {
    let refuse = |refused: Refused| Box::new(refused.into_response());
    let is_post = parts.method == Method::POST;
    if gate.access != Access::Anyone && context.signed_in.is_none() {
        // The sign-in leads back to the form, with what was typed where that is kept.
        let form = form_page(&context.path);
        // The page of such a form has the path of its action.
        let same = context.path.split('?').next().unwrap_or_default();
        let before = context.back.as_deref().filter(|it| it.split('?').next() == Some(same));
        let kept = match is_post && gate.takes == Takes::Text {
            true => keep_typed(context, same, &parts.headers, body).await,
            false => None,
        };
        let (done, next) = match (is_post, &kept) {
            // Where it is not there any more, the page is what its query says.
            (true, Some(_)) => ("session-over-kept", before.unwrap_or(same)),
            (true, None) => ("session-over", context.back.as_deref().unwrap_or(&form)),
            (false, _) => ("", &*context.path),
        };
        let path = pager::link("/admin/sign-in", &[("done", done), ("next", next)]);
        let mut answer = context.to(&path);
        answer.headers_mut().extend(kept.map(|it| (SET_COOKIE, it)));
        return Err(Box::new(answer));
    }
    if !matches!(gate.access, Access::Anyone | Access::Enrolling) && must_enrol(context).await? {
        return Err(Box::new(context.to("/admin/account/second-factor")));
    }
    if gate.access.is_for_administrators() && !context.is_administrator() {
        // Before the calendar is looked up, so that the answer does not show whether it exists.
        context.note_refusal().await;
        return Err(refuse(Refused::Forbidden));
    }
    if gate.access.is_of_a_calendar() {
        let calendar = calendar(context, parts).await.map_err(refuse)?;
        let room = context.app.service.room(&calendar).await.map_err(Refused::from);
        context.room = Some(Arc::new(room.map_err(refuse)?));
        context.calendar = Some(Arc::new(calendar));
    }
    if !is_post {
        let key = cookie::typed(&parts.headers, context.is_secure());
        if let (Some(key), Some(who)) = (key, &context.signed_in) {
            let page = context.path.split('?').next().unwrap_or_default();
            let kept = context.app.kept_forms.take(key, who.user.id, page);
            context.form = kept.map_or_else(|| context.form.clone(), Arc::new);
        }
        return Ok(body);
    }
    if !is_from_here(&parts.headers, context) {
        return Err(refuse(Refused::Stale));
    }
    let form = match gate.takes {
        Takes::Form | Takes::Text => read_form(&parts.headers, body).await,
        Takes::File => read_with_file(parts, body).await,
    };
    let form = form.map_err(refuse)?;
    let token = form.text("form_token").as_bytes();
    if !bool::from(token.ct_eq(context.form_token.as_bytes())) {
        return Err(refuse(Refused::Stale));
    }
    context.form = Arc::new(form);
    Ok(Body::empty())
}

/// Keeps what was typed into the form of a page whose session has ended, and returns the cookie with its key.
async fn keep_typed(
    context: &RequestContext,
    page: &str,
    headers: &HeaderMap,
    body: Body,
) -> Option<HeaderValue> {
    let form = read_form(headers, body).await.ok().filter(|_| is_from_here(headers, context))?;
    let token = form.text("form_token").as_bytes();
    if !bool::from(token.ct_eq(context.form_token.as_bytes())) {
        return None;
    }
    // Who typed it is what the form says: it is given to nobody else.
    let user = form.text("form_user").parse().ok()?;
    let key = context.app.kept_forms.keep(context.address, UserId(user), page, form)?;
    cookie::keep_typed(Some(&key), context.is_secure())
}

/// Whether the user has to set up a second factor before anything else.
async fn must_enrol(context: &RequestContext) -> Result<bool, Box<Response>> {
    let Some(who) = &context.signed_in else { return Ok(false) };
    // A second factor is the provider's affair there.
    if who.session.vouched_by.is_some_and(|it| it == IdentityKind::OpenId) {
        return Ok(false);
    }
    if !context.app.settings.requires_second_factor(&who.user) {
        return Ok(false);
    }
    let found = context.app.service.people().second_factor(who.user.id).await;
    let found = found.map_err(|error| Box::new(Refused::from(error).into_response()))?;
    Ok(found.is_none())
}

/// The calendar named in the path, if the user has access to it.
async fn calendar(context: &RequestContext, parts: &mut Parts) -> Result<Calendar, Refused> {
    let params = RawPathParams::from_request_parts(parts, &()).await;
    let params = params.map_err(Refused::internal)?;
    let slug = params.iter().find(|(name, _)| *name == "calendar").map_or("", |(_, it)| it);
    let missing = || Refused::from(operations::Error::no_calendar(slug));
    let store = &context.app.service.store;
    let calendar = calendars::by_slug(store, slug).await?.ok_or_else(missing)?;
    let user = context.user()?;
    if !user.is_administrator && !calendars::is_assigned(store, calendar.id, user.id).await? {
        context.note_refusal().await;
        return Err(missing());
    }
    Ok(calendar)
}

/// Whether a POST comes from a page of this site, by the headers that the browser sends.
fn is_from_here(headers: &HeaderMap, context: &RequestContext) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => return ["same-origin", "none"].contains(&site),
        None if !headers.contains_key(ORIGIN) => return true,
        None => {}
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return false };
    let is_public = origin == context.app.settings.public_url.origin().ascii_serialization();
    let host = origin.split_once("://").map(|(_, host)| host);
    // The same host under another name, such as localhost.
    is_public || (host.is_some() && host == text(HOST.as_str()))
}

/// Whether the Content-Type is the expected one.
fn is_of_type(headers: &HeaderMap, expected: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    kind.to_ascii_lowercase().starts_with(expected)
}

pub(in crate::web) async fn read_form(headers: &HeaderMap, body: Body) -> Result<Form, Refused> {
    if !is_of_type(headers, "application/x-www-form-urlencoded") {
        return Err(Refused::Stale);
    }
    let read = timeout(body::BODY_TIMEOUT, Limited::new(body, body::MAX_BODY).collect()).await;
    match read {
        Ok(Ok(collected)) => Ok(Form::read(&collected.to_bytes())),
        _ => Err(Refused::TooLarge),
    }
}

/// Reads `multipart/form-data`.
async fn read_with_file(parts: &Parts, body: Body) -> Result<Form, Refused> {
    if !is_of_type(&parts.headers, "multipart/form-data") {
        return Err(Refused::Stale);
    }
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
    if length.is_none_or(|length: usize| length > MAX_FILE) {
        return Err(Refused::TooLarge);
    }
    let mut request = Request::new(Body::new(Limited::new(body, MAX_FILE)));
    *request.headers_mut() = parts.headers.clone();
    // Otherwise a limit of 2 MB would hold.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Refused::Stale)?;
    let read = async {
        let mut form = Form::default();
        while let Ok(Some(field)) = multipart.next_field().await {
            let name = field.name().unwrap_or_default().to_owned();
            let is_file = field.file_name().is_some();
            let bytes = field.bytes().await.map_err(|_| Refused::TooLarge)?.to_vec();
            if is_file {
                form.push_file(File { field: name, bytes });
            } else {
                form.push(name, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        Ok(form)
    };
    timeout(body::BODY_TIMEOUT, read).await.unwrap_or(Err(Refused::TooLarge))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Flags, Settings};

    fn is_taken(public_url: &str, headers: &[(&str, &str)]) -> bool {
        let flags = Flags { public_url: Some(public_url.to_owned()), ..Flags::default() };
        let settings = Settings::read(&flags, &|_| None).unwrap();
        testing::block_on(async {
            let database = testing::Database::new(store::DatabaseKind::Sqlite).await;
            let service = operations::Service::new(database.open().await);
            let context = RequestContext::anonymous(App::new(service, settings));
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                let name: axum::http::HeaderName = name.parse().unwrap();
                map.insert(name, value.parse().unwrap());
            }
            is_from_here(&map, &context)
        })
    }

    #[test]
    fn a_form_is_taken_from_pages_of_this_server_and_from_no_other() {
        let url = "https://rooms.example.org/sub";
        for (headers, expected) in [
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")][..], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "https://rooms.example.org")], true),
            (&[("origin", "http://localhost:8000"), ("host", "localhost:8000")], true),
            (&[("origin", "https://evil.example"), ("host", "rooms.example.org")], false),
            (&[("origin", "null"), ("host", "null")], false),
            (&[], true),
        ] {
            assert_eq!(is_taken(url, headers), expected, "{headers:?}");
        }
    }
}
