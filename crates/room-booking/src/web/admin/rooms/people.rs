//! The people with access to a calendar: many at once.

use store::users;

use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::request_context::RequestContext;

/// `POST /admin/calendars/{calendar}/users`: the selected people, or all who are active.
pub async fn assign(context: RequestContext) -> Answer {
    let (slug, service) = (&context.calendar()?.slug, &context.app.service);
    let actor = context.actor()?;
    if context.form.is_ticked("all") {
        let all = users::all(&service.store).await?;
        let active: Vec<&str> =
            all.iter().filter(|it| it.is_active).map(|it| it.name.as_str()).collect();
        service.assign_all(&actor, &[slug], &active).await?;
    } else {
        service.assign_all(&actor, &[slug], &context.chosen("user")?).await?;
    }
    Ok(context.to(&format!("/admin/calendars/{slug}/settings?done=assigned#users")))
}

/// `POST /admin/calendars/{calendar}/users/remove`: the selected people.
pub async fn unassign(context: RequestContext) -> Answer {
    let (slug, service) = (&context.calendar()?.slug, &context.app.service);
    service.unassign_all(&context.actor()?, &[slug], &context.chosen("user")?).await?;
    Ok(context.to(&format!("/admin/calendars/{slug}/settings?done=unassigned#users")))
}
