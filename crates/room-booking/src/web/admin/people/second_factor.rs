//! The second factor: asking for its code at sign-in, setting it up, and turning it off.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use operations::{FieldError, SignedIn};
use qrcode::{Color, EcLevel, QrCode};
use secrecy::{ExposeSecret as _, SecretString};

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Field, Trouble, invalid, with_errors};
use crate::web::admin::frame::format::stamp;
use crate::web::admin::frame::page::{Page, Section, html_with, html_with_script};
use crate::web::admin::frame::pager;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::people::directory;
use crate::web::admin::people::session_start::next;

/// The fields of the form that makes new recovery codes: the page has two other forms.
const RENEWAL_CODE: &str = "renewal_code";
const RENEWAL_PRESENT: &str = "renewal_present";
/// Light modules around a QR code, which readers need to find it.
const QUIET: usize = 4;

#[derive(Template)]
#[template(path = "admin/people/second_factor_code.html")]
struct CodePage {
    t: &'static Texts,
    p: Page,
    fields: Vec<Field>,
    next: String,
    is_wrong: bool,
}

/// A QR code: the width of its square, and the path of its dark modules.
struct Qr {
    width: usize,
    path: String,
}

#[derive(Template)]
#[template(path = "admin/people/second_factor.html")]
struct SecondFactorPage {
    t: &'static Texts,
    p: Page,
    is_required: bool,
    /// Since when it is on, and how many recovery codes are left.
    is_on: Option<(String, i64)>,
    qr: Qr,
    key: String,
    sealed: String,
    fields: Vec<Field>,
    /// The form that makes new recovery codes.
    renewal: Vec<Field>,
    errors: Vec<Trouble>,
}

#[derive(Template)]
#[template(path = "admin/people/recovery_codes.html")]
struct RecoveryCodesPage {
    t: &'static Texts,
    p: Page,
    codes: String,
}

fn qr(text: &str) -> Result<Qr, Refused> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Refused::internal)?;
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    Ok(Qr { width: width + 2 * QUIET, path })
}

fn code_field(t: &Texts) -> Field {
    Field::text("code", t.second_factor_code, "").completed("one-time-code").required()
}

fn ask_with(context: &RequestContext, status: StatusCode, target: &str) -> Answer {
    let t = context.texts();
    let mut code = code_field(t).hint(t.code_hint);
    code.is_focused = true;
    let is_wrong = status != StatusCode::OK;
    let (p, next) = (context.page(Section::None), next(target).to_owned());
    html_with(status, &CodePage { t, p, fields: vec![code], next, is_wrong })
}

/// The sign-in that waits for a code, or the way to begin one.
fn waiting<'c>(context: &'c RequestContext, target: &str) -> Result<&'c SignedIn, Box<Response>> {
    let way = match &context.waits_for_code {
        Some(waiting) => return Ok(waiting),
        None if context.signed_in.is_some() => next(target).to_owned(),
        None => pager::link("/admin/sign-in", &[("next", next(target))]),
    };
    Err(Box::new(context.to(&way)))
}

/// `GET /admin/second-factor`
pub async fn ask(context: RequestContext) -> Answer {
    let target = context.query.text("next");
    match waiting(&context, target) {
        Ok(_) => ask_with(&context, StatusCode::OK, target),
        Err(answer) => Ok(*answer),
    }
}

/// `POST /admin/second-factor`
pub async fn check(context: RequestContext) -> Answer {
    let target = context.form.text("next");
    let waiting = match waiting(&context, target) {
        Ok(waiting) => waiting,
        Err(answer) => return Ok(*answer),
    };
    let (service, user) = (&context.app.service, waiting.user.id);
    let known = context.known_browser(user).await;
    let attempt = context.app.sign_ins.begin_code(context.address, user, known.as_ref());
    let attempt = attempt.map_err(Refused::TooMany)?;
    match service
        .people()
        .complete_sign_in(waiting, context.form.text("code"), &context.client())
        .await?
    {
        Some(token) => {
            attempt.succeeded();
            if waiting.session.vouched_by.is_none() {
                directory::follow_group(&context, user).await?;
            }
            Ok(context.known_from_now_on(context.begin(&token, next(target)), user).await)
        }
        None => ask_with(&context, StatusCode::UNAUTHORIZED, target),
    }
}

async fn show_with(context: &RequestContext, errors: &[FieldError]) -> Answer {
    let (t, who, service) = (context.texts(), context.who()?, &context.app.service);
    let zone = &context.app.settings.time_zone;
    let host = context.app.settings.public_url.host_str().unwrap_or_default();
    let new = service.people().new_key_of_app(&who.user, host, context.form.text("sealed")).await?;
    let mut fields = vec![
        code_field(t).hint(t.second_factor_code_hint),
        Field::password("present", t.present_password, "current-password"),
    ];
    let mut renewal = vec![
        Field::text(RENEWAL_CODE, t.second_factor_code, "")
            .completed("one-time-code")
            .required()
            .hint(t.second_factor_code_hint),
        Field::password(RENEWAL_PRESENT, t.present_password, "current-password"),
    ];
    let others = with_errors(t, fields.iter_mut().chain(&mut renewal), errors);
    let found = service.people().second_factor(who.user.id).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(
        status,
        &SecondFactorPage {
            t,
            p: context.page(Section::Account),
            is_required: found.is_none() && context.app.settings.requires_second_factor(&who.user),
            is_on: found.map(|it| (stamp(t, zone, it.set_at), it.codes_left)),
            qr: qr(new.uri.expose_secret())?,
            key: new.key.expose_secret().to_owned(),
            sealed: new.sealed,
            fields,
            renewal,
            errors: others,
        },
    )
}

/// `GET /admin/account/second-factor`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, &[]).await
}

/// `POST /admin/account/second-factor`: sets it up, and shows the recovery codes once.
pub async fn set(context: RequestContext) -> Answer {
    let (who, form) = (context.who()?, &context.form);
    // Neither the password nor the code can be tried at an unattended browser.
    let attempt = context.app.sign_ins.begin_known(who.user.id, "account");
    let attempt = attempt.map_err(Refused::TooMany)?;
    let (password, code) = (form.secret("present"), (form.text("sealed"), form.text("code")));
    let present = directory::present(&context, &password).await?;
    let service = &context.app.service;
    match service.people().set_second_factor(who, present, code, &context.client()).await {
        Ok(codes) => {
            attempt.succeeded();
            show_codes(&context, &codes)
        }
        Err(error) => show_with(&context, &invalid(error)?).await,
    }
}

fn show_codes(context: &RequestContext, codes: &[SecretString]) -> Answer {
    let codes: Vec<&str> = codes.iter().map(|it| it.expose_secret()).collect();
    html_with_script(&RecoveryCodesPage {
        t: context.texts(),
        p: context.page(Section::Account),
        codes: codes.join("\n"),
    })
}

/// `POST /admin/account/second-factor/recovery-codes`: makes new ones, and shows them once.
pub async fn renew_recovery_codes(context: RequestContext) -> Answer {
    let (who, form) = (context.who()?, &context.form);
    let attempt = context.app.sign_ins.begin_known(who.user.id, "account");
    let attempt = attempt.map_err(Refused::TooMany)?;
    let (password, code) = (form.secret(RENEWAL_PRESENT), form.text(RENEWAL_CODE));
    let present = directory::present(&context, &password).await?;
    let service = &context.app.service;
    match service.people().renew_recovery_codes(who, present, code, &context.client()).await {
        Ok(codes) => {
            attempt.succeeded();
            show_codes(&context, &codes)
        }
        Err(error) => {
            // Operations name the fields as the page's first form does.
            let mut errors = invalid(error)?;
            for error in &mut errors {
                let is_code = error.field == "code";
                error.field = if is_code { RENEWAL_CODE } else { RENEWAL_PRESENT }.into();
            }
            show_with(&context, &errors).await
        }
    }
}

/// `POST /admin/account/second-factor/remove`
pub async fn remove(context: RequestContext) -> Answer {
    let who = context.who()?;
    let attempt = context.app.sign_ins.begin_known(who.user.id, "account");
    let attempt = attempt.map_err(Refused::TooMany)?;
    let (service, password) = (&context.app.service, context.form.secret("present"));
    let present = directory::present(&context, &password).await?;
    match service.people().remove_second_factor(who, present, &context.client()).await {
        Ok(()) => {
            attempt.succeeded();
            Ok(context.to("/admin/account?done=second-factor-removed"))
        }
        Err(error) => show_with(&context, &invalid(error)?).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_has_its_finders_and_a_quiet_zone() {
        let qr = qr("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ").unwrap();
        assert!(qr.path.starts_with("M4 4h1v1h-1zM5 4h1"), "{}", qr.path);
        let last = format!("M4 {}h1", qr.width - QUIET - 1);
        assert!(qr.path.contains(&last), "{}", qr.path);
        for outside in ["M3 ", "M0 ", &format!("M{} ", qr.width - QUIET)] {
            assert!(!qr.path.contains(outside), "{outside}: {}", qr.path);
        }
    }
}
