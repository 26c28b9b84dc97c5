//! A calendar's settings, grouped and explained.

use askama::Template;
use axum::http::StatusCode;
use ical::Zone;
use operations::{Error, FieldError, Message};
use store::calendars::{self, Backend, Calendar};
use store::rooms::Room;
use store::{site, users};

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Trouble, invalid, with_errors};
use crate::web::admin::frame::format::{Badge, state};
use crate::web::admin::frame::format::{kind_label, ties_label};
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};
use crate::web::admin::rooms::calendar::Head;
use crate::web::admin::rooms::priority_form::{PriorityForm, removal_path};
use crate::web::admin::rooms::settings_form::{Group, groups, read};

/// The most people, or buildings, that the page offers at once.
pub(super) const MAX_CHOICES: usize = 200;

struct PriorityRow {
    label: String,
    value: String,
    /// What happens if two prioritised events overlap; `None` for a protection.
    ties: Option<Text>,
    is_of_all: bool,
    /// The name of the event, of a priority or protection by its UID.
    event: Option<String>,
    /// The page that removes it.
    path: String,
}

#[derive(Template)]
#[template(path = "admin/rooms/calendar_settings.html")]
struct SettingsPage {
    t: &'static Texts,
    p: Page,
    c: Head,
    /// The version of the settings that the form shows.
    was: String,
    backend: String,
    is_built_in: bool,
    state: Option<Badge>,
    groups: Vec<Group>,
    errors: Vec<Trouble>,
    /// Time zones and buildings, as lists that fields propose.
    zones: &'static [String],
    buildings: Vec<String>,
    has_picture: bool,
    picture_text: String,
    users: Vec<String>,
    other_users: Vec<String>,
    /// How many people have no access, shown or not.
    others: usize,
    others_text: Option<String>,
    search: String,
    /// Priorities, then protections.
    entries: [Vec<PriorityRow>; 2],
    pager: Pager,
    priority: PriorityForm,
}

/// The settings form with the sent values and their errors.
pub(super) async fn show_with(
    context: &RequestContext,
    (calendar, room): (&Calendar, &Room),
    errors: &[FieldError],
) -> Answer {
    // A form that is shown again keeps its version.
    let saved = context.calendar()?;
    show_again(context, (calendar, room), saved, (errors, None), PriorityForm::default()).await
}

/// The settings as they are saved, and what is wrong with a new priority.
pub(super) async fn show_priority(context: &RequestContext, priority: PriorityForm) -> Answer {
    let (calendar, room) = (context.calendar()?, present_room(context));
    show_again(context, (calendar, &room), calendar, (&[], None), priority).await
}

async fn show_again(
    context: &RequestContext,
    (calendar, room): (&Calendar, &Room),
    saved: &Calendar,
    (errors, conflict): (&[FieldError], Option<&Message>),
    priority: PriorityForm,
) -> Answer {
    let (t, service) = (context.texts(), &context.app.service);
    let mut groups = groups(context, calendar, room).await?;
    if !errors.is_empty() {
        // The typed values, valid or not.
        let fields = groups.iter_mut().flat_map(|group| &mut group.fields);
        for field in fields.filter(|field| field.kind == "number") {
            field.value = context.form.text(field.name).to_owned();
        }
    }
    let fields = groups.iter_mut().flat_map(|group| &mut group.fields);
    let mut troubles = with_errors(t, fields, errors);
    troubles.extend(conflict.map(|message| Trouble { field: None, text: t.message(message) }));
    let assigned = calendars::users_of(&service.store, calendar.id).await?;
    let all = users::all(&service.store).await?;
    let is_other = |name: &String| !assigned.contains(name);
    let other_users = all.into_iter().filter(|it| it.is_active).map(|it| it.name);
    let other_users: Vec<String> = other_users.filter(is_other).collect();
    let others = other_users.len();
    let search = context.query.value("q").unwrap_or_default().to_lowercase();
    let mut other_users = other_users;
    other_users.retain(|it| it.to_lowercase().contains(&search));
    other_users.truncate(MAX_CHOICES);
    let entries = calendars::priority_entries(&service.store).await?.into_iter();
    let entries = entries.filter(|it| it.slug.as_ref().is_none_or(|it| *it == calendar.slug));
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(|it| it.kind.is_none());
    let path = format!("/admin/calendars/{}/settings", calendar.slug);
    let pager = Pager::numbered(context, &path, &[], entries.len(), ON_A_PAGE);
    let shown_entries = &entries[pager.range()];
    let events = service.names_of_priorities(shown_entries).await?;
    let entry = |it: &calendars::PriorityEntry| PriorityRow {
        event: events.get(&it.value).cloned(),
        path: removal_path(it, Some(&calendar.slug)),
        label: kind_label(t, it.kind()).to_string(),
        value: it.value.clone(),
        ties: it.ties_in_effect().map(|it| ties_label(t, it)),
        is_of_all: it.slug.is_none(),
    };
    let (protections, priorities): (Vec<_>, Vec<_>) =
        shown_entries.iter().partition(|it| it.kind.is_none());
    let [protections, priorities] =
        [protections, priorities].map(|it| it.into_iter().map(entry).collect());
    let overview = site::overview(&service.store, None).await?;
    let zone = &Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let found = overview.iter().find(|it| it.id == calendar.id);
    let is_right = errors.is_empty() && priority.error.is_none();
    let status = match (conflict.is_some(), is_right) {
        (true, _) => StatusCode::CONFLICT,
        (false, true) => StatusCode::OK,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let seen = context.form.value("was").filter(|_| conflict.is_none());
    html_with(
        status,
        &SettingsPage {
            t,
            p: context.page(Section::Calendars),
            c: Head::new(context, saved, "settings"),
            was: seen.map_or_else(|| saved.version.to_string(), str::to_owned),
            backend: match &calendar.backend {
                Backend::BuiltIn => t.backend_built_in.to_string(),
                Backend::CalDav(it) => t.backend_caldav(&it.url),
            },
            is_built_in: calendar.backend == Backend::BuiltIn,
            state: found.map(|it| state(t, zone, service.now(), it)),
            groups,
            errors: troubles,
            zones: Zone::names(),
            buildings: buildings(service).await?,
            has_picture: context.room.as_ref().is_some_and(|it| it.has_picture),
            picture_text: t.group_picture_text(operations::MAX_PICTURE >> 20),
            users: assigned,
            others_text: (other_users.len() < others)
                .then(|| t.access_shown(other_users.len(), others)),
            other_users,
            others,
            search,
            entries: [priorities, protections],
            pager,
            priority,
        },
    )
}

/// `GET /admin/calendars/{calendar}/settings`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, (context.calendar()?, &present_room(&context)), &[]).await
}

/// The room as it is saved.
pub(super) fn present_room(context: &RequestContext) -> Room {
    context.room.as_deref().cloned().unwrap_or_default()
}

/// The buildings that rooms are in, in order.
async fn buildings(service: &operations::Service) -> Result<Vec<String>, Refused> {
    let mut all: Vec<String> =
        service.rooms().await?.into_values().filter_map(|it| it.building).collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(MAX_CHOICES);
    Ok(all)
}

/// `POST /admin/calendars/{calendar}/settings`
pub async fn save(context: RequestContext) -> Answer {
    let (calendar, room, errors) = read(&context, context.calendar()?, &present_room(&context));
    if !errors.is_empty() {
        return show_with(&context, (&calendar, &room), &errors).await;
    }
    let service = &context.app.service;
    match service.set_calendar_and_room(&context.actor()?, &calendar, Some(&room)).await {
        Ok(()) => {
            Ok(context.to(&format!("/admin/calendars/{}/settings?done=saved", calendar.slug)))
        }
        Err(Error::Conflict(message)) => {
            // The present settings.
            let saved = service.calendar(&calendar.slug).await?;
            let conflict = (&[][..], Some(&message));
            show_again(&context, (&calendar, &room), &saved, conflict, PriorityForm::default())
                .await
        }
        Err(error) => show_with(&context, (&calendar, &room), &invalid(error)?).await,
    }
}
