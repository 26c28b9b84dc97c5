//! The preview of a template on a sample, as a document of its own.

use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use mail::Logo;
use operations::NewTemplate;
use store::TemplateId;

use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::field::invalid;
use crate::web::admin::frame::page::html;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::mail::templates::{
    FIRST_SAMPLE, Wrong, copied_logo, of_path, written, wrong,
};

#[derive(askama::Template)]
#[template(path = "admin/mail/template_frame.html")]
struct FramePage {
    t: &'static Texts,
    base: String,
    rendered: Option<mail::Rendered>,
    is_empty: bool,
    wrong: Option<Wrong>,
}

/// `GET /admin/templates/{template}/frame`: a saved template on a sample.
pub async fn show_frame(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let template = NewTemplate::of(&of_path(&context, id).await?).template;
    let sample = context.query.value("sample").unwrap_or(FIRST_SAMPLE);
    let logo = context.app.service.template_logo(TemplateId(id)).await?;
    frame(&context, &template, logo, sample).await
}

/// `POST /admin/template-preview`: the edited template on a sample.
pub async fn preview(context: RequestContext) -> Answer {
    let sample = context.form.value("sample").unwrap_or(FIRST_SAMPLE);
    let logo = match context.form.text("template").parse() {
        Ok(id) => context.app.service.template_logo(TemplateId(id)).await?,
        Err(_) => copied_logo(&context, &context.form).await?.map(|(_, logo)| logo),
    };
    let new = written(&context, "", logo.is_some());
    frame(&context, &new.template, logo, sample).await
}

async fn frame(
    context: &RequestContext,
    template: &mail::Template,
    logo: Option<Logo>,
    sample: &str,
) -> Answer {
    let t = context.texts();
    let (mut rendered, wrong) = match context.app.service.preview_template(template, sample).await {
        Ok(rendered) => (Some(rendered), None),
        Err(error) => {
            let errors = invalid(error)?;
            (None, errors.iter().find_map(|error| wrong(t, template, error)))
        }
    };
    let is_empty = rendered.as_ref().is_some_and(mail::Rendered::is_empty);
    if let (Some(rendered), Some(logo)) = (&mut rendered, logo) {
        rendered.html = rendered.html.take().map(|it| logo.shown_in(&it));
    }
    let base = context.app.base_path();
    let mut response = html(&FramePage { t, base, rendered, is_empty, wrong })?;
    // A separate document without scripts and without this site's rights. It shows the HTML of the
    // template's author, with the inline styles that mail programs support, and loads nothing.
    const POLICY: &str = "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src \
                          data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}
