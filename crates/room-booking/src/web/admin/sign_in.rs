//! Signing in and out.

use askama::Template;
use axum::http::StatusCode;
use operations::SignIn;

use super::errors::{Answer, Refused};
use super::field::Field;
use super::page::{Page, Section, html_with};
use super::text::Texts;
use super::visit::Visit;

#[derive(Template)]
#[template(path = "admin/sign_in.html")]
struct SignInPage {
    t: &'static Texts,
    p: Page,
    fields: Vec<Field>,
    next: String,
    is_wrong: bool,
}

/// A path that a sign-in may lead to: of this site, whatever anybody wrote into a link.
fn next(text: &str) -> &str {
    let rest = text.strip_prefix("/admin");
    let is_ours = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        && !text.contains("//")
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_ours { text } else { "/admin" }
}

fn show_with(visit: &Visit, status: StatusCode, name: &str, target: &str) -> Answer {
    let t = visit.texts();
    let fields = vec![
        Field::text("name", t.user_name, name).completed("username").required(),
        Field::password("password", t.password, "current-password"),
    ];
    let is_wrong = status != StatusCode::OK;
    let p = visit.page(Section::None);
    html_with(status, &SignInPage { t, p, fields, next: next(target).to_owned(), is_wrong })
}

/// `GET /admin/sign-in`
pub async fn show(visit: Visit) -> Answer {
    if visit.signed_in.is_some() {
        return Ok(visit.to(next(visit.query.text("next"))));
    }
    show_with(&visit, StatusCode::OK, "", visit.query.text("next"))
}

/// `POST /admin/sign-in`
pub async fn sign_in(visit: Visit) -> Answer {
    let (name, target) = (visit.form.text("name"), visit.form.text("next"));
    let limits = &visit.app.sign_ins;
    limits.count(visit.address, name).map_err(Refused::TooMany)?;
    let sign_in = SignIn { name: name.to_owned(), password: visit.form.secret("password") };
    match visit.app.service.sign_in(&sign_in, &visit.client()).await? {
        Some(token) => {
            // The session that this browser had, if any, is not the new one's.
            if let Some(old) = &visit.signed_in {
                let old = &old.session;
                visit.app.service.end_session(old.user_id, &old.token).await?;
            }
            Ok(visit.begin(&token, next(target)))
        }
        None => {
            tracing::info!(address = %visit.address, "a sign-in was refused");
            show_with(&visit, StatusCode::UNAUTHORIZED, name, target)
        }
    }
}

/// `POST /admin/sign-out`
pub async fn sign_out(visit: Visit) -> Answer {
    let session = &visit.who()?.session;
    visit.app.service.end_session(session.user_id, &session.token).await?;
    Ok(visit.end("/admin/sign-in?done=signed-out"))
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn a_sign_in_leads_to_this_site_only() {
        for path in ["/admin", "/admin/calendars?q=a%20b", "/admin?done=saved"] {
            assert_eq!(next(path), path);
        }
        for path in [
            "",
            "/",
            "https://evil.example/admin",
            "//evil.example/admin",
            "/adminx",
            "/admin//e",
            "/admin/\\e",
            "/admin/ä",
            "/admin/\r\nX: y",
            "/administration",
            "javascript:alert(1)",
        ] {
            assert_eq!(next(path), "/admin", "{path}");
        }
    }
}
