//! What needs attention, and the next steps of a new installation: the panel beside the day page.

use operations::Attention;
use store::site::Overview;

use crate::web::admin::frame::format::{Badge, stamp, state};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Text;

/// The largest number of calendars of one kind that are named; the overview lists all.
const MAX_NAMED: usize = 8;

/// An item that needs attention.
pub struct Task {
    /// `bad`, `warn` or `quiet`.
    pub class: &'static str,
    /// The kind of the items.
    pub title: String,
    /// The items.
    pub items: Vec<Item>,
    /// The link to the others.
    pub more: Option<(String, String)>,
    /// How many there are in all.
    count: usize,
}

/// An entry of a task.
pub struct Item {
    /// Its name.
    pub label: String,
    /// More about it.
    pub detail: String,
    /// Where it is dealt with; empty if on no page.
    pub path: String,
}

/// A step of a new installation.
pub struct Step {
    /// Whether it is done.
    pub is_done: bool,
    /// Its title.
    pub title: Text,
    /// What it is about.
    pub text: Text,
    /// Its page.
    pub path: &'static str,
    /// The link to that page.
    pub button: Text,
}

/// The panel.
pub struct Panel {
    /// What needs attention, the worst first.
    pub tasks: Vec<Task>,
    /// The steps of a new installation; none once all are done.
    pub steps: Vec<Step>,
    /// How many things need attention: what only waits for a look is none.
    pub count: usize,
    /// The class of the badge.
    pub class: &'static str,
    /// Whether there are calendars.
    pub has_calendars: bool,
    /// Whether nobody can be notified, because there is no mail server.
    pub has_no_mail_server: bool,
}

/// The panel for the signed-in user.
pub fn panel(context: &RequestContext, attention: &Attention) -> Panel {
    let tasks = tasks(context, attention);
    let counted = tasks.iter().filter(|task| task.class != "quiet");
    let is_bad = tasks.iter().any(|task| task.class == "bad");
    let count = counted.map(|task| task.count).sum();
    Panel {
        count,
        class: match count {
            0 => "good",
            _ if is_bad => "bad",
            _ => "warn",
        },
        steps: steps(context, attention),
        tasks,
        has_calendars: !attention.calendars.is_empty(),
        has_no_mail_server: context.is_administrator() && context.app.settings.smtp.is_none(),
    }
}

fn tasks(context: &RequestContext, attention: &Attention) -> Vec<Task> {
    let t = context.texts();
    let zone = &context.app.settings.time_zone;
    let now = context.app.service.now();
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
        tasks.push(Task { class, title: title.to_string(), items, more, count: found.len() });
    };
    let settings = if context.is_administrator() { "/settings" } else { "" };
    calendars(t.task_failing, "bad", &attention.failing, settings, "failing");
    calendars(t.task_confirm, "warn", &attention.to_confirm, "/preview", "confirm");
    calendars(t.task_conflicts, "warn", &attention.with_conflicts, "/preview", "conflicts");
    let unfinished = &attention.with_unfinished_changes;
    calendars(t.task_unfinished, "warn", unfinished, "/preview", "all");
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
        tasks.push(Task { class: "warn", title, items: vec![item], more: None, count: 1 });
    }
    if attention.failed_messages > 0 {
        let label = t.task_failed_messages(attention.failed_messages);
        let path = "/admin/outbox?state=failed".to_owned();
        let item = Item { label, detail: String::new(), path };
        let title = t.task_mail.to_string();
        tasks.push(Task { class: "bad", title, items: vec![item], more: None, count: 1 });
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
        let items: Vec<Item> = items.collect();
        tasks.push(Task { class: "warn", title, count: items.len(), items, more: None });
    }
    tasks
}

fn steps(context: &RequestContext, attention: &Attention) -> Vec<Step> {
    if !context.is_administrator() {
        return Vec::new();
    }
    let (t, counts) = (context.texts(), attention.counts);
    let step = |is_done, title, text, path, button| Step { is_done, title, text, path, button };
    let steps = vec![
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
    if steps.iter().all(|step| step.is_done) { Vec::new() } else { steps }
}
