//! The frame of all pages, and responses from templates.

use askama::Template;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use store::secrets::random_text;

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{ByName, Text, Texts};
use crate::web::admin::frame::way_back::form_page;

/// A section of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// None: pages before the sign-in, and errors.
    None,
    /// The day of all rooms, with which the site begins.
    Start,
    /// Calendars.
    Calendars,
    /// What was done.
    History,
    /// The monthly report.
    Report,
    /// Users.
    People,
    /// API keys.
    Keys,
    /// Templates and the outbox.
    Mail,
    /// The user's own account.
    Account,
}

/// The frame around a page.
pub struct Page {
    /// The path under which the server is reached, without a slash at its end.
    pub base: String,
    /// The CSRF token of forms.
    pub form_token: String,
    /// The signed-in user.
    pub user: Option<String>,
    /// The number of the signed-in user; empty for nobody.
    pub user_id: String,
    /// Whether the user is an administrator.
    pub is_administrator: bool,
    /// The section.
    pub section: Section,
    /// The confirmation of the last action.
    pub done: Option<Text>,
    /// What the confirmation is about: a text, and a path.
    pub about: Option<(String, String)>,
    /// The zone of the times on it, if the page does not show it itself.
    pub times_in: Option<String>,
}

impl Page {
    /// A number for a form that may be sent once.
    pub fn once(&self) -> String {
        random_text(22)
    }

    /// The same for a page whose times are in another zone than the server's.
    pub fn in_zone(self, zone: &str) -> Page {
        Page { times_in: Some(zone.to_owned()), ..self }
    }

    /// The same for a page on which the confirmation is about something.
    pub fn about(self, about: Option<(String, String)>) -> Page {
        Page { about, ..self }
    }

    /// The same for a page that shows the zone of its times itself.
    pub fn with_its_own_zone(self) -> Page {
        Page { times_in: None, ..self }
    }

    /// Whether it belongs to a section, by name.
    pub fn is(&self, name: &str) -> bool {
        format!("{:?}", self.section) == name
    }
}

impl RequestContext {
    /// The frame of a page in a section. Its times are in the server's zone; the pages of one
    /// calendar show the calendar's zone in their head.
    pub fn page(&self, section: Section) -> Page {
        Page {
            base: self.app.base_path(),
            form_token: self.form_token.to_string(),
            user: self.signed_in.as_ref().map(|it| it.user.name.clone()),
            user_id: self.signed_in.as_ref().map_or(String::new(), |it| it.user.id.to_string()),
            is_administrator: self.is_administrator(),
            section,
            about: None,
            times_in: (self.signed_in.is_some() && self.calendar.is_none())
                .then(|| self.app.settings.time_zone.name().to_owned()),
            done: match self.is_look && self.has_typed() {
                true => Some(self.texts().done_typed_kept),
                false => self.query.value("done").and_then(|code| self.texts().done(code)),
            },
        }
    }
}

/// A response from a template.
pub fn html(template: &impl Template) -> Answer {
    html_with(StatusCode::OK, template)
}

/// A response from a template, with a status.
pub fn html_with(status: StatusCode, template: &impl Template) -> Answer {
    let text = template.render().map_err(Refused::internal)?;
    let headers =
        // Browsers tell the origin of a form only where the policy lets them.
        [(CONTENT_TYPE, "text/html; charset=utf-8"), (REFERRER_POLICY, "same-origin")];
    Ok((status, headers, text).into_response())
}

/// The policy of pages with the site's script.
const WITH_SCRIPT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' \
                           data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A response from a template that uses the site's script.
pub fn html_with_script(template: &impl Template) -> Answer {
    with_script(html(template))
}

/// The same response, for a page that uses the site's script.
pub fn with_script(answer: Answer) -> Answer {
    let mut response = answer?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(WITH_SCRIPT));
    Ok(response)
}

/// The seconds after which a browser may ask again where the program is busy.
const BUSY_SECONDS: u64 = 10;

#[derive(Template)]
#[template(path = "admin/frame/error.html")]
struct ErrorPage {
    t: &'static Texts,
    p: Page,
    title: Text,
    detail: String,
    advice: Text,
    /// The requested page.
    back: Option<String>,
}

/// An error as a page.
pub fn error(context: &RequestContext, refused: &Refused) -> Response {
    let t = context.texts();
    let (title, advice, detail) = match refused {
        Refused::NotFound(message) => (t.not_found, t.not_found_advice, t.message(message)),
        Refused::Forbidden => (t.forbidden, t.forbidden_advice, String::new()),
        Refused::Stale => (t.stale, t.stale_advice, String::new()),
        Refused::Invalid(errors) => {
            let errors: Vec<_> = errors.iter().map(|it| t.wrong(it)).collect();
            (t.invalid, t.invalid_advice, errors.join("; "))
        }
        Refused::Unfit(text) => (t.invalid, t.invalid_advice, text.to_string()),
        Refused::Impossible(message) => (t.impossible, t.impossible_advice, t.message(message)),
        Refused::Conflict(message) => (t.conflict, t.conflict_advice, t.message(message)),
        Refused::TooMany(seconds) => (t.too_many, t.too_many_advice, t.wait_seconds(seconds)),
        Refused::TooLarge => (t.too_large, t.too_large_advice, String::new()),
        Refused::Busy(message) => (t.busy, t.busy_advice, t.message(message)),
        Refused::Full => (t.full, t.full_advice, String::new()),
        Refused::Server(message) => {
            let advice = if context.is_look { t.server_looking } else { t.server_advice };
            (t.server, advice, t.message(message))
        }
        Refused::Internal => (t.internal, t.internal_advice, String::new()),
    };
    let known = context.back.as_ref().filter(|it| **it != context.path).map(|it| it.to_string());
    // Browsers that do not say where a form stands have sent one all the same.
    let is_sent = !context.is_look && context.signed_in.is_some();
    let back = known.or_else(|| is_sent.then(|| form_page(&context.path)));
    let page = ErrorPage { t, p: context.page(Section::None), title, detail, advice, back };
    let mut response = match html_with(refused.status(), &page) {
        Ok(response) => response,
        Err(_) => refused.status().into_response(),
    };
    let seconds = match refused {
        Refused::TooMany(seconds) => Some(*seconds),
        Refused::Busy(_) => Some(BUSY_SECONDS),
        _ => None,
    };
    if let Some(seconds) = seconds {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}
