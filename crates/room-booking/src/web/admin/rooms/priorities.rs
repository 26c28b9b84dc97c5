//! Priorities and protections of one calendar, and of all.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use clearing::Ties;
use operations::Error;
use store::calendars::{self, PriorityEntry, PriorityKind};

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::format::{kind_label, ties_label};
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};
use crate::web::admin::rooms::calendar_settings;
use crate::web::admin::rooms::priority_form::{PriorityForm, removal_path};

struct Row {
    /// The slug and the name of its calendar.
    calendar: Option<(String, String)>,
    label: String,
    value: String,
    /// The name of the event, if it is about one.
    event: Option<String>,
    /// The page that removes it.
    path: String,
    /// What holds between two that are prioritised; `None` of a protection.
    ties: Option<Text>,
}

#[derive(Template)]
#[template(path = "admin/rooms/priorities.html")]
struct PrioritiesPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    pager: Pager,
    form: PriorityForm,
}

/// `GET /admin/priorities`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, PriorityForm::default()).await
}

async fn show_with(context: &RequestContext, form: PriorityForm) -> Answer {
    let t = context.texts();
    let all = calendars::priority_entries(&context.app.service.store).await?;
    let pager = Pager::numbered(context, "/admin/priorities", &[], all.len(), ON_A_PAGE);
    let shown = &all[pager.range()];
    let events = context.app.service.names_of_priorities(shown).await?;
    let names: HashMap<String, String> = calendars::all(&context.app.service.store)
        .await?
        .into_iter()
        .map(|it| (it.slug, it.name))
        .collect();
    let row = |it: &PriorityEntry| Row {
        label: kind_label(t, it.kind()).to_string(),
        calendar: it
            .slug
            .as_ref()
            .map(|slug| (slug.clone(), names.get(slug).unwrap_or(slug).clone())),
        event: events.get(&it.value).cloned(),
        path: removal_path(it, None),
        value: it.value.clone(),
        ties: it.ties_in_effect().map(|it| ties_label(t, it)),
    };
    let rows = shown.iter().map(row).collect();
    let status = match form.error.is_some() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let p = context.page(Section::Calendars);
    html_with(status, &PrioritiesPage { t, p, rows, pager, form })
}

pub(super) fn kind(context: &RequestContext) -> Result<PriorityKind, Refused> {
    let kind = PriorityKind::parse(context.form.text("kind"));
    kind.ok_or_else(|| Refused::Unfit(context.texts().choose_one))
}

/// What happens if two prioritised events overlap; `None` for the default of the kind.
fn ties(context: &RequestContext) -> Result<Option<Ties>, Refused> {
    match context.form.text("ties") {
        "" => Ok(None),
        "keep" => Ok(Some(Ties::Keep)),
        "rank" => Ok(Some(Ties::Rank)),
        _ => Err(Refused::Unfit(context.texts().choose_one)),
    }
}

/// The page that an action returns to: the one with its form.
fn back(context: &RequestContext, done: &str) -> Answer {
    let path = match (&context.calendar, context.form.text("from")) {
        (Some(calendar), "event") => format!(
            "/admin/calendars/{}/event?{}&done={done}",
            calendar.slug,
            event_query(context.form.text("uid"), context.form.text("start"))
        ),
        (Some(calendar), _) => {
            format!("/admin/calendars/{}/settings?done={done}#priorities", calendar.slug)
        }
        (None, _) => format!("/admin/priorities?done={done}"),
    };
    Ok(context.to(&path))
}

/// The query that identifies an occurrence.
pub fn event_query(uid: &str, start: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("uid", uid).append_pair("start", start);
    query.finish()
}

/// Removing it a second time, such as by pressing a button twice, is no error.
pub fn once(removed: operations::Result<()>) -> Result<(), Refused> {
    match removed {
        Err(Error::NotFound(_)) => Ok(()),
        other => Ok(other?),
    }
}

fn slug(context: &RequestContext) -> Option<&str> {
    context.calendar.as_ref().map(|it| it.slug.as_str())
}

/// `POST …/priorities`
pub async fn prioritise(context: RequestContext) -> Answer {
    let (actor, value) = (context.actor()?, context.form.text("value"));
    let service = &context.app.service;
    let (made, done) = match context.form.text("kind") {
        "protected" => (service.protect(&actor, slug(&context), value.trim()).await, "protected"),
        _ => {
            let (what, ties) = ((kind(&context)?, value), ties(&context)?);
            let made = service.prioritise_with_ties(&actor, slug(&context), what, ties).await;
            (made, "prioritised")
        }
    };
    match made {
        Ok(()) => back(&context, done),
        Err(Error::Invalid(errors)) if context.form.text("from") != "event" => {
            let t = context.texts();
            let wrong: Vec<_> = errors.iter().map(|it| t.message(&it.message)).collect();
            let form = PriorityForm::sent(&context, wrong.join("; "));
            match &context.calendar {
                Some(_) => calendar_settings::show_priority(&context, form).await,
                None => show_with(&context, form).await,
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST …/priorities/remove`
pub async fn unprioritise(context: RequestContext) -> Answer {
    let (actor, value) = (context.actor()?, context.form.text("value"));
    let service = &context.app.service;
    if context.form.text("kind") == "protected" {
        once(service.unprotect(&actor, slug(&context), value).await)?;
        return back(&context, "unprotected");
    }
    once(service.unprioritise(&actor, slug(&context), kind(&context)?, value).await)?;
    back(&context, "unprioritised")
}
