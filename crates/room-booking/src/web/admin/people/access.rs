//! The calendars that a user has access to: many at once.

use axum::extract::Path;
use store::{UserId, calendars};

use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::request_context::RequestContext;

/// `POST /admin/users/{user}/calendars`: the selected calendars, or all.
pub async fn assign(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let service = &context.app.service;
    let user = service.people().user_of_number(UserId(id)).await?;
    let actor = context.actor()?;
    if context.form.is_ticked("all") {
        let all = calendars::all(&service.store).await?;
        let slugs: Vec<&str> = all.iter().map(|it| it.slug.as_str()).collect();
        service.assign_all(&actor, &slugs, &[&user.name]).await?;
    } else {
        service.assign_all(&actor, &context.chosen("calendar")?, &[&user.name]).await?;
    }
    Ok(context.to(&format!("/admin/users/{id}?done=assigned#calendars")))
}

/// `POST /admin/users/{user}/calendars/remove`: the selected calendars.
pub async fn unassign(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let service = &context.app.service;
    let user = service.people().user_of_number(UserId(id)).await?;
    service.unassign_all(&context.actor()?, &context.chosen("calendar")?, &[&user.name]).await?;
    Ok(context.to(&format!("/admin/users/{id}?done=unassigned#calendars")))
}
