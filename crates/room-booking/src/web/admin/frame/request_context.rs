//! The context of one request to the site: the user, the language, the form and the calendar.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use operations::{Browser, KnownBrowser, Reader, SecurityEvent, SignedIn};
use store::UserId;
use store::audit::Actor;
use store::calendars::{self, Calendar};
use store::rooms::Room;
use store::users::User;

use crate::web::App;
use crate::web::admin::frame::cookie;
use crate::web::admin::frame::errors::Refused;
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::text::{self, Texts};

/// The context of one request to the site. `guard` fills it.
#[derive(Clone)]
pub struct RequestContext {
    /// The state that all handlers share.
    pub app: App,
    /// The texts in the reader's language.
    texts: &'static Texts,
    /// The signed-in user, if any.
    pub signed_in: Option<Arc<SignedIn>>,
    /// The user whose password was right and whose code is missing, if any. Nobody is signed in then.
    pub waits_for_code: Option<Arc<SignedIn>>,
    /// The calendar named in the path; the user has access to it.
    pub calendar: Option<Arc<Calendar>>,
    /// What the room of that calendar is like.
    pub room: Option<Arc<Room>>,
    /// The fields of the query.
    pub query: Arc<Form>,
    /// The fields of the form, for a POST.
    pub form: Arc<Form>,
    /// The CSRF token that forms have to contain.
    pub form_token: Arc<str>,
    /// The client's address.
    pub address: IpAddr,
    /// The browser's User-Agent.
    pub browser: Arc<str>,
    /// The proofs that users have signed in with the browser before, not checked yet.
    pub proofs: Arc<[(UserId, String)]>,
    /// What the browser keeps of a sign-in that is at an OpenID Connect provider, sealed.
    pub at_provider: Option<Arc<str>>,
    /// Whether the request only reads: it is not a POST.
    pub is_look: bool,
    /// The requested path and query, without the base path.
    pub path: Arc<str>,
    /// The page of the site that the request came from, if the browser sends it.
    pub back: Option<Arc<str>>,
}

impl RequestContext {
    /// A context without a user, a calendar and a form.
    pub fn anonymous(app: App) -> RequestContext {
        RequestContext {
            app,
            texts: text::preferred(""),
            signed_in: None,
            waits_for_code: None,
            calendar: None,
            room: None,
            query: Arc::default(),
            form: Arc::default(),
            form_token: "".into(),
            address: IpAddr::from([0, 0, 0, 0]),
            browser: "".into(),
            proofs: Arc::from([]),
            at_provider: None,
            is_look: true,
            path: "/admin".into(),
            back: None,
        }
    }

    /// The texts in the reader's language.
    pub fn texts(&self) -> &'static Texts {
        self.texts
    }

    /// The same context, in the language that the reader prefers (`Accept-Language`).
    pub fn in_language(self, preferred: &str) -> RequestContext {
        RequestContext { texts: text::preferred(preferred), ..self }
    }

    /// The signed-in user and session; the guard makes sure that a page that needs one has one.
    pub fn who(&self) -> Result<&SignedIn, Refused> {
        self.signed_in.as_deref().ok_or_else(|| Refused::internal("a page without a user"))
    }

    /// The signed-in user.
    pub fn user(&self) -> Result<&User, Refused> {
        Ok(&self.who()?.user)
    }

    /// Whether an administrator is signed in.
    pub fn is_administrator(&self) -> bool {
        self.signed_in.as_ref().is_some_and(|it| it.user.is_administrator)
    }

    /// The reader that decides which names of events the user sees.
    pub fn reader(&self) -> Result<Reader, Refused> {
        let user = self.user()?;
        Ok(Reader::of_user(user.id, user.address.as_deref(), user.is_administrator))
    }

    /// The calendars that the signed-in user sees: an administrator all, anybody else those that are assigned.
    pub async fn calendars_seen(&self) -> Result<Vec<Calendar>, Refused> {
        let (store, user) = (&self.app.service.store, self.user()?);
        Ok(match user.is_administrator {
            true => calendars::all(store).await?,
            false => calendars::of_user(store, user.id).await?,
        })
    }

    /// The signed-in user as the actor of audit entries.
    pub fn actor(&self) -> Result<Actor, Refused> {
        Ok(self.who()?.actor())
    }

    /// Whether the form was sent, now or before the session ended.
    pub fn has_typed(&self) -> bool {
        !self.form.text("form_token").is_empty()
    }

    /// The calendar named in the path.
    pub fn calendar(&self) -> Result<&Calendar, Refused> {
        let calendar = self.calendar.as_deref();
        calendar.ok_or_else(|| Refused::internal("a page of a calendar without one"))
    }

    /// Makes sure that the form is sent only once, also if the page that it leads to is reloaded.
    pub fn is_sent_once(&self) -> Result<(), Refused> {
        match self.app.sent_forms.is_first(self.form.text("once")) {
            true => Ok(()),
            false => Err(Refused::impossible(self.texts.sent_already)),
        }
    }

    /// The address and User-Agent, as a session stores them.
    pub fn client(&self) -> Browser {
        Browser { address: self.address.to_string(), name: self.browser.to_string() }
    }

    /// Notes that the page exists, and is not for the signed-in user.
    pub async fn note_refusal(&self) {
        let Some(who) = &self.signed_in else { return };
        // What stands behind a question mark may be a secret.
        let path = self.path.split('?').next().unwrap_or_default();
        let (event, address) = (SecurityEvent::AccessRefused, self.address.to_string());
        self.app.service.people().note_security(event, Some(&who.actor()), path, &address).await;
    }

    /// The browser, if a user has signed in with it before.
    pub async fn known_browser(&self, user: UserId) -> Option<KnownBrowser> {
        for (_, proof) in self.proofs.iter().filter(|(it, _)| *it == user) {
            if let Some(known) = self.app.service.people().known_browser(user, proof).await {
                return Some(known);
            }
        }
        None
    }

    /// The response that also makes the browser known for a user who has signed in with it.
    pub async fn known_from_now_on(&self, mut response: Response, user: UserId) -> Response {
        match self.app.service.people().proof_of_browser(user).await {
            Ok(proof) => {
                if let Some(value) = cookie::keep_proof(user, &proof, self.is_secure()) {
                    response.headers_mut().append(SET_COOKIE, value);
                }
            }
            Err(error) => tracing::warn!(%error, "the browser will not be known"),
        }
        response
    }

    /// The things that a form names in fields of this name; at least one.
    pub fn chosen<'c>(&'c self, field: &'c str) -> Result<Vec<&'c str>, Refused> {
        let chosen: Vec<&str> = self.form.values(field).filter(|it| !it.is_empty()).collect();
        match chosen.is_empty() {
            true => Err(Refused::Unfit(self.texts().access_none_chosen)),
            false => Ok(chosen),
        }
    }

    /// Whether the public URL is https.
    pub fn is_secure(&self) -> bool {
        self.app.settings.public_url.scheme() == "https"
    }

    /// Redirects the browser to another page of the site; `path` begins with `/admin`.
    pub fn to(&self, path: &str) -> Response {
        let target = format!("{}{path}", self.app.base_path());
        match HeaderValue::from_str(&target) {
            Ok(target) => (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response(),
            Err(error) => Refused::internal(error).into_response(),
        }
    }

    /// Redirects the browser and sets the session cookie.
    pub fn begin(&self, token: &str, path: &str) -> Response {
        let mut response = self.to(path);
        if let Some(value) = cookie::keep(token, self.is_secure()) {
            response.headers_mut().append(SET_COOKIE, value);
        }
        response
    }

    /// Redirects the browser and deletes the session cookie.
    pub fn end(&self, path: &str) -> Response {
        let mut response = self.to(path);
        if let Some(value) = cookie::drop(self.is_secure()) {
            response.headers_mut().append(SET_COOKIE, value);
        }
        response
    }
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<RequestContext, Refused> {
        let context = parts.extensions.get::<RequestContext>().cloned();
        context.ok_or_else(|| Refused::internal("a page without the guard"))
    }
}
