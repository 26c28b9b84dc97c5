//! The history: the list of removed events, one of them, and restoring it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use facts::Removal;
use ical::civil::Civil;
use ical::{Moment, Zone};
use operations::{Error, Reader};
use store::calendars::{self, Calendar};
use store::history::{RemovalKind, Way};
use store::history_pages::{self, Filter, MOST_SEARCHED, RemovalLine};
use store::{ChangeId, RemovalId, outbox};

use crate::show;
use crate::web::admin::bookings::week::iso;
use crate::web::admin::clearing::reasons::because;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::Choice;
use crate::web::admin::frame::format::stamp;
use crate::web::admin::frame::page::{Page, Section, html, html_with};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager, link};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};

/// A line of the history as lists show it.
pub struct Row {
    /// Its number.
    pub id: i64,
    /// What became of it.
    pub kind: Text,
    /// The event's name.
    pub name: String,
    /// When it took place.
    pub when: String,
    /// Who organized it, as far as the reader may know.
    pub organizer: Option<String>,
    /// Whether its calendar was removed.
    is_calendar_removed: bool,
    /// The slug and the name of its calendar.
    pub calendar: (String, String),
    /// The event that stayed, and why.
    pub winner: Option<(String, Option<String>)>,
    /// When it was removed.
    pub made: String,
    /// How, and by whom.
    pub by: String,
    /// The key that was used.
    pub key: Option<String>,
    /// Whether it was restored.
    pub is_back: bool,
    /// Whether the removal is not confirmed.
    pub is_not_confirmed: bool,
}

#[derive(Template)]
#[template(path = "admin/clearing/history.html")]
struct HistoryPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    calendars: Vec<Choice>,
    kinds: Vec<Choice>,
    pager: Pager,
    is_filtered: bool,
    /// The removals of the last days: names, links, and whether they are shown.
    lately: [(Text, String, bool); 3],
    text: String,
    from: String,
    until: String,
    is_out: bool,
}

#[derive(Template)]
#[template(path = "admin/clearing/removal.html")]
struct RemovalPage {
    t: &'static Texts,
    p: Page,
    row: Row,
    zone: String,
    organizer: Option<String>,
    created: Option<String>,
    beside: Vec<(String, String, Option<String>)>,
    not_notified_reason: Option<String>,
    messages: Vec<(String, String, String, String)>,
    restored: Option<String>,
    is_out: bool,
    is_by_rules: bool,
    /// Whether it is a date of a series, which is protected as a whole.
    is_series: bool,
    refused: Option<String>,
    run: Option<i64>,
    text: String,
}

/// A kind of removal in words.
pub fn kind(t: &Texts, kind: RemovalKind) -> Text {
    match kind {
        RemovalKind::DeletedCancelled => t.removal_leftover,
        RemovalKind::DeletedOverlapping => t.removal_deleted,
        RemovalKind::CancelledOverlapping => t.removal_cancelled,
        RemovalKind::DeletedByRequest => t.removal_request,
        RemovalKind::Replaced => t.removal_replaced,
        RemovalKind::CancelledByRequest => t.removal_date_request,
        RemovalKind::Changed => t.removal_changed,
        RemovalKind::Ended => t.removal_ended,
        RemovalKind::Accepted => t.removal_accepted,
    }
}

/// How something was started or requested, and by whom.
pub fn started_by(t: &Texts, by: Option<Way>, user: Option<&str>) -> String {
    let way = match by {
        Some(Way::Api) => t.by_api,
        Some(Way::Schedule) => t.by_schedule,
        Some(Way::Site) => t.by_site,
        Some(Way::CommandLine) => t.by_command_line,
        Some(Way::Link) => t.by_link,
        None => t.by_hand,
    };
    match user {
        Some(user) => t.way_by(way, user),
        None => way.to_string(),
    }
}

/// A removed event, as a reader may see it.
fn fact_of(line: &RemovalLine, reader: &Reader) -> Removal {
    reader.shown_removal(Removal::kept(&line.fact, *line.kind, (line.starts_at, line.ends_at)))
}

/// A line of the history, as a reader may see it.
pub fn row(t: &Texts, zone: &Zone, line: &RemovalLine, reader: &Reader) -> Row {
    let fact = fact_of(line, reader);
    let event = &fact.event;
    let of_calendar = Zone::iana(&line.zone).unwrap_or_else(Zone::utc);
    // Unreadable events have no known times.
    let when = match event.start == Moment(0) && event.end == Moment(0) {
        true => String::new(),
        false => crate::web::admin::frame::format::period(t, &of_calendar, event),
    };
    // The time zone is named if it is not that of most calendars.
    let when = if line.zone == zone.name() { when } else { format!("{when} ({})", line.zone) };
    let because = fact.because.map(|it| because(t, zone, &it));
    Row {
        id: line.id.0,
        kind: kind(t, *line.kind),
        name: crate::web::admin::frame::format::name(t, event),
        when,
        organizer: event.organizer.clone(),
        calendar: (line.slug.clone(), line.calendar.clone()),
        is_calendar_removed: line.is_calendar_removed,
        winner: fact
            .winner()
            .map(|it| (crate::web::admin::frame::format::name(t, it), because.clone())),
        made: stamp(t, zone, line.made_at),
        // Whose link it was is as private as who organized the event.
        by: match line.link.as_deref().filter(|_| !event.privacy.is_hidden) {
            Some(address) => t.by_link_as(address),
            None => started_by(t, line.started_by.map(|it| *it), line.user.as_deref()),
        },
        key: line.key.clone(),
        is_back: line.restored_at.is_some(),
        is_not_confirmed: line.not_confirmed,
    }
}

/// The position after which a page of the history begins, from its address.
pub fn cursor(text: &str) -> Option<(ChangeId, RemovalId)> {
    let (change, removal) = text.split_once('-')?;
    Some((ChangeId(change.parse().ok()?), RemovalId(removal.parse().ok()?)))
}

/// That position for the address of the next page.
pub fn next_page(page: &history_pages::Page) -> Option<String> {
    page.next.map(|it| format!("{}-{}", it.change_id, it.id))
}

/// The choice between all calendars and one.
pub fn calendar_choices(t: &Texts, all: &[Calendar], slug: &str) -> Vec<Choice> {
    let mut choices = vec![choice("", t.all_calendars.to_string(), slug)];
    choices.extend(all.iter().map(|it| choice(&it.slug, it.name.clone(), slug)));
    choices
}

/// A choice of a filter.
fn choice(value: &str, label: String, chosen: &str) -> Choice {
    Choice { is_chosen: value == chosen, value: value.to_owned(), label }
}

/// `GET /admin/history`
pub async fn show(context: RequestContext) -> Answer {
    let t = context.texts();
    let (own, reader) = (context.calendars_seen().await?, context.reader()?);
    let query = |name| context.query.value(name).unwrap_or_default();
    let [slug, chosen_kind, text] = ["calendar", "kind", "text"].map(query);
    // An unknown word does not filter.
    let of_kind = RemovalKind::parse(chosen_kind);
    let chosen_kind = of_kind.map_or("", RemovalKind::as_str);
    let [from, until, is_out] = ["from", "until", "out"].map(query);
    let chosen = own.iter().find(|it| it.slug == slug);
    let server_zone = context.app.settings.time_zone.clone();
    let zone = chosen.and_then(|it| Zone::iana(&it.zone)).unwrap_or(server_zone);
    // An invalid date does not filter.
    let midnight = |text: &str, days| {
        let day = facts::time::date(text)?;
        Some(zone.moment(Civil::midnight(day + days)).0)
    };
    let filter = Filter {
        calendars: match (chosen, context.is_administrator()) {
            (Some(calendar), _) => Some(vec![calendar.id]),
            (None, _) if !slug.is_empty() => Some(Vec::new()),
            (None, true) => None,
            (None, false) => Some(own.iter().map(|it| it.id).collect()),
        },
        kind: of_kind,
        run: None,
        text: Some(text.to_owned()).filter(|it| !it.is_empty()),
        private_of: match context.is_administrator() {
            true => None,
            false => Some(context.user()?.address.clone().unwrap_or_default()),
        },
        from: midnight(from, 0),
        until: midnight(until, 1),
        is_out: !is_out.is_empty(),
        before: cursor(context.query.text("before")),
    };
    let found =
        history_pages::lines(&context.app.service.store, &filter, ON_A_PAGE as u32, MOST_SEARCHED)
            .await?;
    let parameters = [
        ("calendar", slug),
        ("kind", chosen_kind),
        ("text", text),
        ("from", from),
        ("until", until),
        ("out", is_out),
    ];
    let pager = Pager::behind(&context, "/admin/history", &parameters, next_page(&found));
    let kinds = [
        RemovalKind::DeletedOverlapping,
        RemovalKind::CancelledOverlapping,
        RemovalKind::DeletedCancelled,
        RemovalKind::DeletedByRequest,
        RemovalKind::Replaced,
        RemovalKind::CancelledByRequest,
        RemovalKind::Changed,
        RemovalKind::Ended,
        RemovalKind::Accepted,
    ];
    let kinds = kinds.map(|it| choice(it.as_str(), kind(t, it).to_string(), chosen_kind));
    let mut all_kinds = vec![choice("", t.all_kinds.to_string(), chosen_kind)];
    all_kinds.extend(kinds);
    let today = zone.civil(context.app.service.now()).day();
    let lately = [(t.today, 0, 0), (t.yesterday, 1, 1), (t.last_days, 6, 0)];
    let lately = lately.map(|(label, first, last)| {
        let [first, last] = [first, last].map(|days| iso(today - days));
        let pairs = [("calendar", slug), ("from", &first), ("until", &last)];
        (label, link("/admin/history", &pairs), first == from && last == until)
    });
    html(&HistoryPage {
        t,
        lately,
        p: context.page(Section::History).in_zone(zone.name()),
        rows: found.lines.iter().map(|line| row(t, &zone, line, &reader)).collect(),
        calendars: calendar_choices(t, &own, slug),
        kinds: all_kinds,
        pager,
        is_filtered: parameters.iter().any(|(_, value)| !value.is_empty()),
        text: text.to_owned(),
        from: from.to_owned(),
        until: until.to_owned(),
        is_out: !is_out.is_empty(),
    })
}

/// The line of the path, if the user has access to its calendar.
async fn line(context: &RequestContext, id: i64) -> Result<RemovalLine, Refused> {
    let missing = || Refused::nothing(context.texts().no_line);
    let store = &context.app.service.store;
    let line = history_pages::line(store, RemovalId(id)).await?.ok_or_else(missing)?;
    let user = context.user()?;
    if !user.is_administrator {
        let calendar = calendars::by_slug(store, &line.slug).await?;
        // Another calendar may have its slug by now.
        let calendar = calendar.filter(|_| !line.is_calendar_removed).ok_or_else(missing)?;
        if !calendars::is_assigned(store, calendar.id, user.id).await? {
            context.note_refusal().await;
            return Err(missing());
        }
    }
    Ok(line)
}

async fn show_with(
    context: &RequestContext,
    line: &RemovalLine,
    refused: Option<String>,
) -> Answer {
    let t = context.texts();
    let service = &context.app.service;
    let store = &service.store;
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let is_out = line.restored_at.is_none();
    let refused = match refused {
        None if is_out && context.is_administrator() => {
            let reason = context.app.service.why_not_restorable(line.id).await?;
            reason.map(|it| show::sentence(t.message(&it.said())))
        }
        refused => refused,
    };
    let zone = Zone::iana(&line.zone).unwrap_or_else(Zone::utc);
    let reader = context.reader()?;
    let fact = fact_of(line, &reader);
    let event = &fact.event;
    let conflicts = fact.conflicts.iter().map(|it| {
        let created = it.event.created.map(|at| stamp(t, &zone, at.0));
        let period = crate::web::admin::frame::format::period(t, &zone, &it.event);
        (crate::web::admin::frame::format::name(t, &it.event), period, created)
    });
    let beside = conflicts.collect();
    let messages = outbox::of_change(store, line.change_id).await?.into_iter().map(|it| {
        let detail = it.detail.as_deref().map(|it| show::sentence(t.stored_message(it)));
        let state = crate::web::admin::mail::outbox::state(t, *it.state).to_string();
        // The address would reveal the organizer of a private event.
        let (address, detail) = match event.privacy.is_hidden {
            true => (t.private_event.to_string(), None),
            false => (it.address, detail),
        };
        (address, state, detail.unwrap_or_default(), stamp(t, &zone, it.created_at))
    });
    let messages = messages.collect();
    let text = match service.text_before(line.change_id, &reader).await? {
        Some(text) => String::from_utf8_lossy(&text).chars().take(MAX_TEXT).collect(),
        None => t.private_text.to_string(),
    };
    let is_by_rules = matches!(
        *line.kind,
        RemovalKind::DeletedOverlapping
            | RemovalKind::CancelledOverlapping
            | RemovalKind::DeletedCancelled
    );
    html_with(
        status,
        &RemovalPage {
            t,
            p: context.page(Section::History).with_its_own_zone(),
            row: row(t, &zone, line, &reader),
            zone: line.zone.clone(),
            organizer: event.organizer.clone(),
            created: event.created.map(|at| stamp(t, &zone, at.0)),
            beside,
            not_notified_reason: line.not_notified_reason.as_deref().map(|it| t.stored_message(it)),
            messages,
            restored: line.restored_at.map(|at| {
                let by = match (line.restored_as.as_deref(), &line.restored_by) {
                    // An offer goes to the organizer and to nobody else.
                    (Some(Way::Link), _) => match &event.organizer {
                        Some(organizer) => t.by_link_as(organizer),
                        None => t.by_link.to_string(),
                    },
                    (Some(Way::Schedule), _) => t.by_schedule.to_string(),
                    (_, Some(user)) => user.clone(),
                    (_, None) => t.by_command_line.to_string(),
                };
                t.restored_at(stamp(t, &zone, at), by)
            }),
            is_out,
            is_by_rules,
            is_series: matches!(
                *line.kind,
                RemovalKind::CancelledOverlapping | RemovalKind::CancelledByRequest
            ),
            refused,
            run: line.run_id.filter(|_| context.is_administrator()).map(|it| it.0),
            text,
        },
    )
}

/// The number of characters of an object that its page shows.
const MAX_TEXT: usize = 20_000;

/// `GET /admin/history/{removal}`
pub async fn show_one(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let line = line(&context, id).await?;
    show_with(&context, &line, None).await
}

/// `POST /admin/history/{removal}/restore`
pub async fn restore(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let line = line(&context, id).await?;
    let service = &context.app.service;
    let is_cancelled = match service.restore(Some(context.user()?.id), RemovalId(id)).await {
        Ok(restored) => restored.is_cancelled,
        // The error is shown on the line's own page.
        Err(Error::Conflict(message)) => {
            let reason = context.texts().message(&message);
            return show_with(&context, &line, Some(reason)).await;
        }
        Err(error) => return Err(error.into()),
    };
    let uid = fact_of(&line, &context.reader()?).event.uid;
    if context.form.is_ticked("protect") && !uid.is_empty() {
        service.protect(&context.actor()?, Some(&line.slug), &uid).await?;
        if is_cancelled {
            return Ok(context.to(&format!("/admin/history/{id}?done=restored-cancelled")));
        }
        return Ok(context.to(&format!("/admin/history/{id}?done=restored-protected")));
    }
    let done = if is_cancelled { "restored-cancelled" } else { "restored" };
    Ok(context.to(&format!("/admin/history/{id}?done={done}")))
}
