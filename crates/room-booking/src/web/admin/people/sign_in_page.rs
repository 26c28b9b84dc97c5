//! The page on which people sign in, and what it says where that failed.

use askama::Template;
use axum::http::StatusCode;
use operations::Refusal;
use store::users;

use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::field::Field;
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::pager;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::people::session_start::next;

/// Why nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The name, the password or both are wrong.
    Wrong,
    /// The OpenID Connect provider cannot be asked.
    ProviderDown,
    /// The provider signed nobody in, or what it proves is wrong.
    ProviderRefused,
    /// The browser brings another sign-in back than it began, or one that is too old.
    TooOld,
    /// Somebody vouches for the person, and the person is no user.
    Refused(Refusal),
    /// The directory cannot be asked, and the password is none of this program's.
    DirectoryDown,
}

#[derive(Template)]
#[template(path = "admin/people/sign_in.html")]
struct SignInPage {
    t: &'static Texts,
    p: Page,
    fields: Vec<Field>,
    next: String,
    trouble: Option<String>,
    /// Whether there is no user yet.
    is_empty: bool,
    /// The provider: its name, and the way to it.
    provider: Option<(String, String)>,
    /// That it could not be asked the last time.
    is_provider_down: bool,
    /// Whether people sign in with passwords.
    has_passwords: bool,
    /// Whether somebody has just signed out who may be signed in at the provider, and the way to end that.
    provider_end: bool,
}

impl Trouble {
    fn status(self) -> StatusCode {
        match self {
            Trouble::ProviderDown | Trouble::DirectoryDown => StatusCode::BAD_GATEWAY,
            Trouble::Refused(_) => StatusCode::FORBIDDEN,
            _ => StatusCode::UNAUTHORIZED,
        }
    }

    fn text(self, t: &Texts, provider: &str) -> String {
        match self {
            Trouble::Wrong => t.sign_in_wrong.to_string(),
            Trouble::ProviderDown => t.openid_down(provider),
            Trouble::ProviderRefused | Trouble::Refused(Refusal::NotProven) => {
                t.openid_refused(provider)
            }
            Trouble::TooOld => t.openid_too_old.to_string(),
            Trouble::Refused(Refusal::NotActive) => t.vouched_not_active.to_string(),
            Trouble::Refused(Refusal::UnknownPerson) => t.vouched_unknown.to_string(),
            Trouble::Refused(Refusal::AddressNotVerified) => t.vouched_address.to_string(),
            Trouble::Refused(
                Refusal::SeveralUsers
                | Refusal::OtherIdentity
                | Refusal::NameTaken
                | Refusal::NotAsked,
            ) => t.vouched_ambiguous.to_string(),
            Trouble::DirectoryDown => t.directory_down.to_string(),
        }
    }
}

/// The page; the form keeps the name that was typed, and leads on to `target`.
pub async fn page(
    context: &RequestContext,
    trouble: Option<Trouble>,
    name: &str,
    target: &str,
) -> Answer {
    let t = context.texts();
    let openid = context.app.settings.openid.as_ref();
    let mut fields = vec![
        Field::text("name", t.user_name, name).completed("username").required(),
        Field::password("password", t.password, "current-password"),
    ];
    fields[usize::from(!name.is_empty())].is_focused = true;
    let p = context.page(Section::None);
    let next = next(target).to_owned();
    let is_empty = users::all(&context.app.service.store).await?.is_empty();
    let has_passwords = openid.is_none_or(|it| !it.is_only);
    let name = openid.map_or("", |it| it.name.as_str());
    let is_signed_out = context.query.text("done") == "signed-out-openid";
    let way = pager::link("/admin/sign-in/openid", &[("next", &next)]);
    html_with(
        trouble.map_or(StatusCode::OK, Trouble::status),
        &SignInPage {
            t,
            p,
            fields,
            next,
            trouble: trouble.map(|it| it.text(t, name)),
            is_empty,
            provider: openid.map(|it| (it.name.clone(), way)),
            is_provider_down: trouble != Some(Trouble::ProviderDown)
                && openid.is_some_and(|it| it.provider.failure().is_some()),
            has_passwords,
            provider_end: openid.is_some() && is_signed_out,
        },
    )
}
