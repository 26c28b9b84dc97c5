//! Removing templates.

use axum::extract::Path;
use axum::http::StatusCode;
use operations::Error;
use store::{TemplateId, calendars, templates};

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::page::Section;
use crate::web::admin::frame::removal::Removal;
use crate::web::admin::frame::request_context::RequestContext;

async fn of_template(
    context: &RequestContext,
    it: &templates::Template,
) -> Result<Removal, Refused> {
    let (t, store) = (context.texts(), &context.app.service.store);
    let users: Vec<_> = calendars::all(store)
        .await?
        .into_iter()
        .filter(|one| one.template == Some(it.id))
        .collect();
    let copy = (format!("/admin/new-template?copy={}", it.id), t.remove_template_copy.to_string());
    let (blocked, ways) = match (it.is_default, users.is_empty()) {
        (true, _) => (Some(t.remove_template_built_in.to_string()), vec![copy]),
        (false, true) => (None, Vec::new()),
        (false, false) => {
            let way = |one: &calendars::Calendar| {
                (format!("/admin/calendars/{}/settings", one.slug), one.name.clone())
            };
            (Some(t.remove_template_blocked(users.len())), users.iter().map(way).collect())
        }
    };
    Ok(Removal {
        section: Section::Mail,
        name: it.name.clone(),
        lead: t.remove_template_lead,
        goes: vec![t.remove_template_text.to_string()],
        stays: vec![t.remove_template_stays.to_string()],
        blocked,
        ways,
        button: t.remove_template,
        action: format!("/admin/templates/{}/remove", it.id),
        fields: Vec::new(),
        back: format!("/admin/templates/{}", it.id),
    })
}

async fn of_path(context: &RequestContext, id: i64) -> Result<templates::Template, Refused> {
    let found = templates::by_id(&context.app.service.store, TemplateId(id)).await?;
    found.ok_or_else(|| Refused::nothing(context.texts().nothing_here))
}

/// `GET /admin/templates/{template}/remove`
pub async fn show(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let it = of_path(&context, id).await?;
    of_template(&context, &it).await?.page(&context)
}

/// `POST /admin/templates/{template}/remove`
pub async fn remove(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let it = of_path(&context, id).await?;
    match context.app.service.delete_template(&context.actor()?, &it.name).await {
        Ok(()) => Ok(context.to("/admin/templates?done=template-deleted")),
        Err(Error::Conflict(_)) => {
            of_template(&context, &it).await?.page_with(&context, StatusCode::CONFLICT)
        }
        Err(error) => Err(error.into()),
    }
}
