//! The page of one event: its data, its state, and the actions on it.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use ical::{Moment, Window, Zone};
use operations::{Caller, Error, WeekOutcome};
use store::calendars::{self, PriorityEntry, PriorityKind};
use store::keys::Rights;

use crate::web::admin::bookings::week::{is_scheduling, iso};
use crate::web::admin::clearing::reasons::{Verdict, verdict};
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::format::{name, period, stamp};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};
use crate::web::admin::rooms::calendar::Head;
use crate::web::admin::rooms::priorities::event_query;

#[derive(Template)]
#[template(path = "admin/bookings/event.html")]
struct EventPage {
    t: &'static Texts,
    p: Page,
    c: Head,
    name: String,
    when: String,
    created: String,
    organizer: String,
    uid: String,
    start: String,
    date: String,
    /// Its original start, and the query of the page that changes it, if the reader may change it.
    to_change: Option<(String, String)>,
    /// Whether only its organizer can change it: then it can still be cancelled, deleted and booked again.
    is_organizers_alone: bool,
    verdict: Verdict,
    is_recurring: bool,
    is_protected: bool,
    /// Where its UID is protected and prioritised; its name or organizer may be prioritised, too.
    protection: Decided,
    priority: Decided,
    /// The decisions of administrators about it: its protection and its priorities.
    priority_entries: Vec<Text>,
    /// The other event of a conflict: name, time and link.
    other: Option<(String, String, String)>,
    would_change: bool,
}

/// Where an administrator has set a priority or protection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decided {
    /// Nowhere.
    No,
    /// In this calendar, where it can be removed.
    Here,
    /// In all calendars; it is removed on another page.
    Everywhere,
}

impl Decided {
    fn is_here(self) -> bool {
        self == Decided::Here
    }

    fn is_everywhere(self) -> bool {
        self == Decided::Everywhere
    }
}

/// Where a UID has a priority or protection, as seen from a calendar.
fn decided(
    priority_entries: &[PriorityEntry],
    kind: Option<PriorityKind>,
    uid: &str,
    slug: &str,
) -> Decided {
    let mut places = priority_entries.iter().filter(|it| it.kind() == kind && it.value == uid);
    let places: Vec<_> = places.by_ref().map(|it| it.slug.as_deref()).collect();
    match (places.contains(&Some(slug)), places.contains(&None)) {
        (true, _) => Decided::Here,
        (false, true) => Decided::Everywhere,
        (false, false) => Decided::No,
    }
}

fn gone(context: &RequestContext) -> Refused {
    Refused::nothing(context.texts().event_gone)
}

/// `GET /admin/calendars/{calendar}/event`
pub async fn show(context: RequestContext) -> Answer {
    let t = context.texts();
    let calendar = context.calendar()?;
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let uid = context.query.text("uid");
    let start: i64 = context.query.text("start").parse().map_err(|_| gone(&context))?;
    let start = Moment(start);
    let window = Window { start, end: start.plus(1) };
    let (events, _) = context.app.service.week(calendar, window, &context.reader()?).await?;
    let found = events.into_iter().find(|it| it.event.uid == uid && it.event.start == start);
    let it = found.ok_or_else(|| gone(&context))?;
    let is_organizers_alone = it.has_organizer && is_scheduling(&context, calendar).await?;
    let priority_entries = calendars::priority_entries(&context.app.service.store).await?;
    let priority = decided(&priority_entries, Some(PriorityKind::Uid), uid, &calendar.slug);
    let protection = decided(&priority_entries, None, uid, &calendar.slug);
    let is_prioritised = priority != Decided::No;
    let priority_entries = [
        it.is_protected.then_some(t.is_protected),
        is_prioritised.then_some(t.is_prioritised),
        (it.is_prioritised && !is_prioritised).then_some(t.is_prioritised_otherwise),
    ];
    let other = match &it.fate {
        WeekOutcome::Removed { conflicts_with, .. } | WeekOutcome::Kept { conflicts_with, .. } => {
            Some(conflicts_with)
        }
        WeekOutcome::Wins { over: other, .. } | WeekOutcome::Stronger { than: other, .. } => {
            Some(other)
        }
        WeekOutcome::FarAhead { conflicts_with } => conflicts_with.as_ref(),
        WeekOutcome::Stays | WeekOutcome::Over | WeekOutcome::Leftover => None,
    };
    let other = other.map(|other| {
        let query = event_query(&other.uid, &other.start.0.to_string());
        let path = format!("/admin/calendars/{}/event?{query}", calendar.slug);
        (name(t, other), period(t, &zone, other), path)
    });
    html(&EventPage {
        t,
        p: context.page(Section::Calendars),
        c: Head::new(&context, calendar, "week"),
        name: name(t, &it.event),
        when: period(t, &zone, &it.event),
        created: it.event.created.map_or(t.not_known.to_string(), |at| stamp(t, &zone, at.0)),
        organizer: it.event.organizer.clone().unwrap_or_else(|| t.nobody_known.to_string()),
        start: start.0.to_string(),
        date: iso(zone.civil(start).day()),
        to_change: (!it.event.privacy.is_hidden).then(|| {
            let original = it.event.original.0.to_string();
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("uid", uid).append_pair("original", &original);
            (original, query.finish())
        }),
        is_organizers_alone,
        verdict: verdict(t, &zone, it.standing, &it.fate),
        is_recurring: it.is_recurring,
        is_protected: it.is_protected,
        protection,
        priority,
        priority_entries: priority_entries.into_iter().flatten().collect(),
        other,
        would_change: matches!(it.fate, WeekOutcome::Removed { .. } | WeekOutcome::Leftover),
        uid: it.event.uid,
    })
}

/// The signed-in user as the caller of operations on the calendar in the path.
pub fn caller(context: &RequestContext) -> Result<Caller, Refused> {
    let (user, calendar) = (context.user()?, context.calendar()?);
    Ok(Caller {
        user: user.id,
        name: user.name.clone(),
        address: user.address.clone(),
        is_administrator: user.is_administrator,
        key: None,
        rights: Rights::ALL,
        expires_at: None,
        calendars: Arc::from([calendar.clone()]),
        listed: Arc::default(),
    })
}

/// `POST /admin/calendars/{calendar}/event/cancel`: one date of a series.
pub async fn cancel(context: RequestContext) -> Answer {
    let calendar = context.calendar()?;
    let original: i64 = context.form.text("original").parse().map_err(|_| gone(&context))?;
    let (service, uid) = (&context.app.service, context.form.text("uid"));
    match service.delete_occurrence(&caller(&context)?, calendar, uid, Moment(original)).await {
        Ok(()) => {}
        Err(Error::NotFound(_)) => return Err(gone(&context)),
        Err(error) => return Err(error.into()),
    }
    Ok(back_to_week(&context, "date-cancelled", &calendar.slug))
}

/// `POST /admin/calendars/{calendar}/event/end`: one date of a series and all that follow.
pub async fn end(context: RequestContext) -> Answer {
    let calendar = context.calendar()?;
    let original: i64 = context.form.text("original").parse().map_err(|_| gone(&context))?;
    let (service, uid) = (&context.app.service, context.form.text("uid"));
    match service.end_series(&caller(&context)?, calendar, (uid, Moment(original))).await {
        Ok(()) => {}
        Err(Error::NotFound(_)) => return Err(gone(&context)),
        Err(error) => return Err(error.into()),
    }
    Ok(back_to_week(&context, "series-ended", &calendar.slug))
}

/// The week in which the event of a form was.
fn back_to_week(context: &RequestContext, done: &str, slug: &str) -> Response {
    let date = context.form.text("date");
    let date = facts::time::date(date).map_or(String::new(), |day| format!("&date={}", iso(day)));
    context.to(&format!("/admin/calendars/{slug}?done={done}{date}"))
}

/// `POST /admin/calendars/{calendar}/event/delete`
pub async fn delete(context: RequestContext) -> Answer {
    let calendar = context.calendar()?;
    let uid = context.form.text("uid");
    match context.app.service.delete_event(&caller(&context)?, calendar, uid).await {
        Ok(()) => {}
        Err(Error::NotFound(_)) => return Err(gone(&context)),
        Err(error) => return Err(error.into()),
    }
    Ok(back_to_week(&context, "event-deleted", &calendar.slug))
}
