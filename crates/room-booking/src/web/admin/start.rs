//! The start page: what needs attention, and the next steps of a new installation.

use askama::Template;
use facts::Event;
use ical::{Moment, Zone};
use store::calendars::BackendKind;
use store::site::Overview;

use crate::show;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::format::{Badge, name, stamp, state};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};

/// The largest number of calendars of one kind that are named; the overview lists all.
const MAX_NAMED: usize = 8;

/// An item that needs attention.
struct Task {
    class: &'static str,
    title: String,
    items: Vec<Item>,
    /// The link to the others.
    more: Option<(String, String)>,
}

struct Item {
    label: String,
    detail: String,
    path: String,
}

/// A step of a new installation.
struct Step {
    is_done: bool,
    title: Text,
    text: Text,
    path: &'static str,
    button: Text,
}

/// A room with its state.
struct Room {
    slug: String,
    name: String,
    /// The present event, if known.
    now: Option<String>,
    /// Whether the room is taken.
    is_taken: bool,
    state: Badge,
}

#[derive(Template)]
#[template(path = "admin/start.html")]
struct StartPage {
    t: &'static Texts,
    p: Page,
    tasks: Vec<Task>,
    steps: Vec<Step>,
    rooms: Vec<Room>,
    /// The link to the others, if there are more.
    all_rooms: Option<String>,
    has_calendars: bool,
}

/// The rooms with their states and present events.
async fn rooms(context: &RequestContext, found: &[Overview]) -> Result<Vec<Room>, Refused> {
    let (t, service) = (context.texts(), &context.app.service);
    let (zone, now) = (&context.app.settings.time_zone, service.now());
    let reader = context.reader()?;
    let mut rooms = Vec::with_capacity(found.len());
    for it in found {
        // For a calendar that is not fetched yet, or whose server cannot be reached, the present
        // event is unknown.
        let is_known =
            it.failing_since.is_none() && (it.is_fetched || it.backend == BackendKind::BuiltIn);
        let event = if is_known { service.current_event(it.id, &reader).await? } else { None };
        let here = Zone::iana(&it.zone).unwrap_or_else(Zone::utc);
        let is_taken = event.is_some();
        rooms.push(Room {
            slug: it.slug.clone(),
            name: it.name.clone(),
            now: is_known
                .then(|| event.map_or(t.free_now.to_string(), |it| held(t, &here, now, &it))),
            is_taken,
            state: state(t, zone, now, it),
        });
    }
    Ok(rooms)
}

/// `Workshop, until 13:45`: on the clock of the room.
fn held(t: &Texts, zone: &Zone, now: Moment, event: &Event) -> String {
    let end = event.end;
    let is_today = zone.civil(now).day() == zone.civil(end.plus(-1)).day();
    let until = match is_today {
        true if event.is_all_day => t.language.words.all_day.to_owned(),
        // 00:00 would be read as the beginning of the day.
        true if zone.civil(end).second_of_day() == 0 => t.until("24:00"),
        true => t.until(show::clock_at(zone, end)),
        false => t.until(t.language.words.stamp(zone, end)),
    };
    format!("{}, {until}", name(t, event))
}

/// `GET /admin`
pub async fn show(context: RequestContext) -> Answer {
    let t = context.texts();
    let zone = &context.app.settings.time_zone;
    let now = context.app.service.now();
    let is_administrator = context.is_administrator();
    let attention = context.app.service.attention(context.user()?).await?;
    let mut tasks = Vec::new();
    let mut calendars = |title: Text, class, found: &[Overview], page: &str, filter: &str| {
        if found.is_empty() {
            return;
        }
        let item = |it: &Overview| {
            let Badge { label, detail, .. } = state(t, zone, now, it);
            // The text does not repeat the title.
            let label = if label == t.state_new.to_string() { String::new() } else { label };
            Item {
                label: it.name.clone(),
                detail: detail.unwrap_or(label),
                path: format!("/admin/calendars/{}{page}", it.slug),
            }
        };
        let more = (found.len() > MAX_NAMED).then(|| {
            let label = t.all_of_them(found.len());
            (format!("/admin/calendars?state={filter}"), label)
        });
        let items = found.iter().take(MAX_NAMED).map(item).collect();
        tasks.push(Task { class, title: title.to_string(), items, more });
    };
    let settings = if is_administrator { "/settings" } else { "" };
    calendars(t.task_failing, "bad", &attention.failing, settings, "failing");
    calendars(t.task_confirm, "warn", &attention.to_confirm, "/preview", "confirm");
    calendars(t.task_conflicts, "warn", &attention.with_conflicts, "/preview", "conflicts");
    calendars(t.task_new, "quiet", &attention.never_scanned, "/preview", "new");
    let [pending, untold, asked] = attention.pending;
    if pending > 0 {
        let label = t.task_pending_count(pending);
        let untold = (untold > 0).then(|| t.task_pending_untold(untold));
        let asked = (asked > 0).then(|| t.task_pending_asked(asked));
        let details: Vec<String> = asked.into_iter().chain(untold).collect();
        let path = "/admin/pending".to_owned();
        let item = Item { label, detail: details.join("; "), path };
        let title = t.pending_title.to_string();
        tasks.push(Task { class: "warn", title, items: vec![item], more: None });
    }
    if attention.failed_messages > 0 {
        let label = t.task_failed_messages(attention.failed_messages);
        let path = "/admin/outbox?state=failed".to_owned();
        let item = Item { label, detail: String::new(), path };
        let title = t.task_mail.to_string();
        tasks.push(Task { class: "bad", title, items: vec![item], more: None });
    }
    if !attention.keys.is_empty() {
        let items = attention.keys.iter().map(|key| {
            let at = stamp(t, zone, key.expires_at);
            let ends = match key.expires_at <= now.0 {
                true => t.key_ended(at),
                false => t.key_ends(at),
            };
            Item {
                label: key.name.clone(),
                detail: format!("{ends}; {}", t.key_of(&key.user)),
                path: "/admin/keys".to_owned(),
            }
        });
        let title = t.task_keys.to_string();
        tasks.push(Task { class: "warn", title, items: items.collect(), more: None });
    }
    if is_administrator && context.app.settings.smtp.is_none() {
        let item = Item {
            label: t.task_no_mail_server.to_string(),
            detail: t.task_no_mail_server_detail.to_string(),
            path: String::new(),
        };
        let title = t.task_mail.to_string();
        tasks.push(Task { class: "quiet", title, items: vec![item], more: None });
    }
    let counts = attention.counts;
    let step = |is_done, title, text, path, button| Step { is_done, title, text, path, button };
    let mut steps = Vec::new();
    if is_administrator {
        steps = vec![
            step(
                counts.calendars > 0,
                t.step_calendar,
                t.step_calendar_text,
                "/admin/new-calendar",
                t.add_calendar,
            ),
            step(
                counts.scheduled > 0,
                t.step_schedule,
                t.step_schedule_text,
                "/admin/calendars",
                t.nav_calendars,
            ),
            step(
                // New calendars have a template, but without a mail server nobody is notified.
                counts.with_template > 0 && context.app.settings.smtp.is_some(),
                t.step_mail,
                t.step_mail_text,
                "/admin/templates",
                t.templates_title,
            ),
            step(counts.users > 1, t.step_people, t.step_people_text, "/admin/users", t.nav_people),
            step(counts.keys > 0, t.step_keys, t.step_keys_text, "/admin/keys", t.nav_keys),
        ];
        if steps.iter().all(|step| step.is_done) {
            steps.clear();
        }
    }
    html(&StartPage {
        t,
        p: context.page(Section::Start),
        tasks,
        steps,
        rooms: rooms(&context, &attention.rooms).await?,
        all_rooms: (attention.calendars > attention.rooms.len())
            .then(|| t.all_of_them(attention.calendars)),
        has_calendars: attention.calendars > 0,
    })
}
