//! Removing users.

use axum::extract::Path;
use axum::http::StatusCode;
use operations::{Error, MessageId};
use store::UserId;
use store::users::{self, User};

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::page::Section;
use crate::web::admin::frame::removal::Removal;
use crate::web::admin::frame::request_context::RequestContext;

async fn of_user(context: &RequestContext, it: &User) -> Result<Removal, Refused> {
    let t = context.texts();
    let with = context.app.service.people().user_belongings(it.id).await?;
    let all = users::all(&context.app.service.store).await?;
    let is_other = |one: &User| one.id != it.id && one.is_administrator && one.is_active;
    let is_last = it.is_administrator && it.is_active && !all.iter().any(is_other);
    let some = |count: i64, text: String| (count > 0).then_some(text);
    let goes = [
        Some(t.remove_user_account.to_string()),
        some(with.keys, t.remove_user_keys(with.keys)),
        some(with.sessions, t.remove_user_sessions(with.sessions)),
        some(with.calendars, t.remove_user_calendars(with.calendars)),
    ];
    let days: i64 = context.app.settings.retention_days.into();
    Ok(Removal {
        section: Section::People,
        name: it.name.clone(),
        lead: t.remove_user_lead,
        goes: goes.into_iter().flatten().collect(),
        stays: vec![t.remove_user_events(with.events), t.remove_user_history(days)],
        blocked: is_last.then(|| t.remove_user_last.to_string()),
        ways: match is_last {
            true => vec![("/admin/users".to_owned(), t.remove_user_people.to_string())],
            false => Vec::new(),
        },
        button: t.remove_user,
        action: format!("/admin/users/{}/remove", it.id),
        fields: Vec::new(),
        back: format!("/admin/users/{}", it.id),
    })
}

/// `GET /admin/users/{user}/remove`
pub async fn show(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let user = context.app.service.people().user_of_number(UserId(id)).await?;
    of_user(&context, &user).await?.page(&context)
}

/// `POST /admin/users/{user}/remove`
pub async fn remove(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let people = context.app.service.people();
    let user = people.user_of_number(UserId(id)).await?;
    match people.remove_user(&context.actor()?, user.id).await {
        Ok(()) => Ok(context.to("/admin/users?done=user-removed")),
        Err(Error::Conflict(message)) if message == MessageId::LastAdministrator.into() => {
            of_user(&context, &user).await?.page_with(&context, StatusCode::CONFLICT)
        }
        Err(error) => Err(error.into()),
    }
}
