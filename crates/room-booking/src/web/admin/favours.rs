//! Priorities and protections: of one calendar, and of all.

use askama::Template;
use clearing::Ties;
use store::calendars::{self, Favour, PriorityKind};

use super::calendar_settings::{ON_A_PAGE, kind_label, ties_label};
use super::errors::{Answer, Refused};
use super::page::{Page, Section, html};
use super::pager::Pager;
use super::text::{Text, Texts};
use super::visit::Visit;

struct Row {
    slug: Option<String>,
    kind: String,
    label: String,
    value: String,
    /// What holds between two that are prioritised; `None` of a protection.
    ties: Option<Text>,
}

#[derive(Template)]
#[template(path = "admin/priorities.html")]
struct PrioritiesPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    pager: Pager,
}

/// `GET /admin/priorities`
pub async fn show(visit: Visit) -> Answer {
    let t = visit.texts();
    let all = calendars::favours(&visit.app.service.store).await?;
    let pager = Pager::numbered(&visit, "/admin/priorities", &[], all.len(), ON_A_PAGE);
    let row = |it: &Favour| {
        Ok::<_, store::Error>(Row {
            label: kind_label(t, &it.kind).to_string(),
            slug: it.slug.clone(),
            kind: it.kind.clone(),
            value: it.value.clone(),
            ties: it.ties_in_effect()?.map(|it| ties_label(t, it)),
        })
    };
    let rows = all[pager.range()].iter().map(row).collect::<Result<_, _>>()?;
    html(&PrioritiesPage { t, p: visit.page(Section::Calendars), rows, pager })
}

fn kind(visit: &Visit) -> Result<PriorityKind, Refused> {
    match visit.form.text("kind") {
        "organizer" => Ok(PriorityKind::Organizer),
        "name" => Ok(PriorityKind::Name),
        "uid" => Ok(PriorityKind::Uid),
        _ => Err(Refused::Unfit(visit.texts().choose_one)),
    }
}

/// What is to hold between two that are prioritised; `None` for what is usual of the kind.
fn ties(visit: &Visit) -> Result<Option<Ties>, Refused> {
    match visit.form.text("ties") {
        "" => Ok(None),
        "keep" => Ok(Some(Ties::Keep)),
        "rank" => Ok(Some(Ties::Rank)),
        _ => Err(Refused::Unfit(visit.texts().choose_one)),
    }
}

/// Where an action leads back to: the page that it was asked on.
fn back(visit: &Visit, done: &str) -> Answer {
    let path = match (&visit.calendar, visit.form.text("from")) {
        (Some(calendar), "event") => format!(
            "/admin/calendars/{}/event?{}&done={done}",
            calendar.slug,
            event_query(visit.form.text("uid"), visit.form.text("start"))
        ),
        (Some(calendar), _) => {
            format!("/admin/calendars/{}/settings?done={done}#priorities", calendar.slug)
        }
        (None, _) => format!("/admin/priorities?done={done}"),
    };
    Ok(visit.to(&path))
}

/// What names an occurrence in a query.
pub fn event_query(uid: &str, start: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("uid", uid).append_pair("start", start);
    query.finish()
}

/// What is removed already need not be removed again, such as by a button that was pressed twice.
pub fn once(removed: operations::Result<()>) -> Result<(), Refused> {
    match removed {
        Err(operations::Error::NotFound(_)) => Ok(()),
        other => Ok(other?),
    }
}

fn slug(visit: &Visit) -> Option<&str> {
    visit.calendar.as_ref().map(|it| it.slug.as_str())
}

/// `POST …/priorities`
pub async fn prioritise(visit: Visit) -> Answer {
    let (actor, value) = (visit.actor()?, visit.form.text("value"));
    let service = &visit.app.service;
    if visit.form.text("kind") == "protected" {
        service.protect(&actor, slug(&visit), value.trim()).await?;
        return back(&visit, "protected");
    }
    let (what, ties) = ((kind(&visit)?, value), ties(&visit)?);
    service.prioritise_with_ties(&actor, slug(&visit), what, ties).await?;
    back(&visit, "prioritised")
}

/// `POST …/priorities/remove`
pub async fn unprioritise(visit: Visit) -> Answer {
    let (actor, value) = (visit.actor()?, visit.form.text("value"));
    let service = &visit.app.service;
    if visit.form.text("kind") == "protected" {
        once(service.unprotect(&actor, slug(&visit), value).await)?;
        return back(&visit, "unprotected");
    }
    once(service.unprioritise(&actor, slug(&visit), kind(&visit)?, value).await)?;
    back(&visit, "unprioritised")
}
