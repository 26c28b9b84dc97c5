//! One request to the site: who it is from, and with what.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use operations::{Browser, Reader, SignedIn};
use store::audit::Actor;
use store::calendars::Calendar;
use store::users::User;

use super::cookie;
use super::errors::Refused;
use super::form::Form;
use super::text::{self, Texts};
use crate::web::App;

/// One request to the site, as [`super::guard`] found it.
#[derive(Clone)]
pub struct Visit {
    /// What all handlers share.
    pub app: App,
    /// The texts in the reader's language.
    texts: &'static Texts,
    /// Who is signed in.
    pub signed_in: Option<Arc<SignedIn>>,
    /// The calendar of the path, which this user may reach.
    pub calendar: Option<Arc<Calendar>>,
    /// What the query says.
    pub query: Arc<Form>,
    /// What the form says, of a POST.
    pub form: Arc<Form>,
    /// What forms are to carry.
    pub form_token: Arc<str>,
    /// From which address it comes.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub browser: Arc<str>,
    /// Whether it only looks, and asks for no change.
    pub is_look: bool,
    /// The path and query that were asked for, below the base path.
    pub path: Arc<str>,
    /// The page of the site that it comes from, as far as the browser says.
    pub back: Option<Arc<str>>,
}

impl Visit {
    /// A visit of which nothing is known.
    pub fn nobodys(app: App) -> Visit {
        Visit {
            app,
            texts: text::preferred(""),
            signed_in: None,
            calendar: None,
            query: Arc::default(),
            form: Arc::default(),
            form_token: "".into(),
            address: IpAddr::from([0, 0, 0, 0]),
            browser: "".into(),
            is_look: true,
            path: "/admin".into(),
            back: None,
        }
    }

    /// The texts in the reader's language.
    pub fn texts(&self) -> &'static Texts {
        self.texts
    }

    /// The same visit, of a reader who prefers these languages (`Accept-Language`).
    pub fn in_language(self, preferred: &str) -> Visit {
        Visit { texts: text::preferred(preferred), ..self }
    }

    /// Who is signed in; the guard lets nobody else through to a page that asks.
    pub fn who(&self) -> Result<&SignedIn, Refused> {
        self.signed_in.as_deref().ok_or_else(|| Refused::internal("a page without a user"))
    }

    /// The user who is signed in.
    pub fn user(&self) -> Result<&User, Refused> {
        Ok(&self.who()?.user)
    }

    /// Whether an administrator is signed in.
    pub fn is_administrator(&self) -> bool {
        self.signed_in.as_ref().is_some_and(|it| it.user.is_administrator)
    }

    /// What the user may see of events.
    pub fn reader(&self) -> Result<Reader, Refused> {
        Ok(Reader::of_user(self.user()?))
    }

    /// The user who is signed in, in the audit trail.
    pub fn actor(&self) -> Result<Actor, Refused> {
        Ok(self.who()?.actor())
    }

    /// The calendar of the path.
    pub fn calendar(&self) -> Result<&Calendar, Refused> {
        let calendar = self.calendar.as_deref();
        calendar.ok_or_else(|| Refused::internal("a page of a calendar without one"))
    }

    /// Makes sure that the form was not sent before, such as by reloading the page that it led to.
    pub fn is_sent_once(&self) -> Result<(), Refused> {
        match self.app.sent_forms.is_first(self.form.text("once")) {
            true => Ok(()),
            false => Err(Refused::impossible(self.texts.sent_already)),
        }
    }

    /// Where a session is begun.
    pub fn client(&self) -> Browser {
        Browser { address: self.address.to_string(), name: self.browser.to_string() }
    }

    /// Whether people reach the server over TLS.
    pub fn is_secure(&self) -> bool {
        self.app.settings.public_url.scheme() == "https"
    }

    /// Sends the browser to another page of the site: `path` begins with `/admin`.
    pub fn to(&self, path: &str) -> Response {
        let target = format!("{}{path}", self.app.base_path());
        match HeaderValue::from_str(&target) {
            Ok(target) => (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response(),
            Err(error) => Refused::internal(error).into_response(),
        }
    }

    /// Sends the browser to another page, with a session.
    pub fn begin(&self, token: &str, path: &str) -> Response {
        let mut response = self.to(path);
        if let Some(value) = cookie::keep(token, self.is_secure()) {
            response.headers_mut().append(SET_COOKIE, value);
        }
        response
    }

    /// Sends the browser to another page, without a session.
    pub fn end(&self, path: &str) -> Response {
        let mut response = self.to(path);
        if let Some(value) = cookie::drop(self.is_secure()) {
            response.headers_mut().append(SET_COOKIE, value);
        }
        response
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visit, Refused> {
        let visit = parts.extensions.get::<Visit>().cloned();
        visit.ok_or_else(|| Refused::internal("a page that nobody guards"))
    }
}
