//! Changing an event on the site: its name, times and description, for one date of a series or all of them.

use askama::Template;
use axum::http::StatusCode;
use facts::time;
use ical::civil::Civil;
use ical::{Moment, NewTimes, Zone};
use operations::{ChangeRequest, Error, EventDetails, FieldError, RequestedChange, WhenTaken};

use crate::web::admin::bookings::event::caller;
use crate::web::admin::bookings::week::iso;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Choice, Field, Trouble, with_errors};
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::format::{name, period};
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};
use crate::web::admin::rooms::calendar::Head;
use crate::web::admin::rooms::priorities::event_query;

#[derive(Template)]
#[template(path = "admin/bookings/change.html")]
struct ChangePage {
    t: &'static Texts,
    p: Page,
    c: Head,
    name: String,
    when: String,
    uid: String,
    original: String,
    /// The version that the form is about.
    etag: String,
    /// The link back to the event.
    back: String,
    fields: Vec<Field>,
    errors: Vec<Trouble>,
    /// The events in the way.
    taken: Vec<(String, String)>,
}

/// What the form says of times: local ones, and of whole days the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Times {
    start: String,
    end: String,
    is_all_day: bool,
}

impl Times {
    /// Times as the form shows them.
    fn of(times: NewTimes, zone: &Zone) -> Times {
        let local = |moment| local(zone.civil(moment));
        let midnight = |day| format!("{}T00:00", iso(day));
        match times {
            NewTimes::Timed { start, end } => {
                Times { start: local(start), end: local(end), is_all_day: false }
            }
            // People enter the last day; iCalendar has the day after it.
            NewTimes::AllDay { first, end } => {
                Times { start: midnight(first), end: midnight(end - 1), is_all_day: true }
            }
        }
    }

    /// What a form was sent with.
    fn sent(form: &Form) -> Times {
        let text = |name| form.text(name).trim().to_owned();
        Times { start: text("start"), end: text("end"), is_all_day: form.is_ticked("all_day") }
    }

    /// The times as a request names them.
    fn requested(&self, zone: &Zone) -> (String, String) {
        let day = |text: &str| time::moment(text, zone).map(|it| zone.civil(it).day());
        match (self.is_all_day, day(&self.start), day(&self.end)) {
            (true, Some(first), Some(last)) => (iso(first), iso(last + 1)),
            _ => (self.start.clone(), self.end.clone()),
        }
    }

    /// They, where they can be read.
    fn read(&self, zone: &Zone) -> Option<NewTimes> {
        let (start, end) = self.requested(zone);
        match (time::date(&start), time::date(&end)) {
            (Some(first), Some(end)) => Some(NewTimes::AllDay { first, end }),
            _ => {
                let (start, end) = (time::moment(&start, zone)?, time::moment(&end, zone)?);
                Some(NewTimes::Timed { start, end })
            }
        }
    }
}

/// A local time as `datetime-local` fields have it, with seconds only where it has some.
fn local(civil: Civil) -> String {
    let second = civil.second_of_day();
    let (hour, minute, rest) = (second / 3600, second / 60 % 60, second % 60);
    let seconds = if rest == 0 { String::new() } else { format!(":{rest:02}") };
    format!("{}T{hour:02}:{minute:02}{seconds}", iso(civil.day()))
}

/// What the page is about: the event in the query or the form, as it is now.
async fn details(context: &RequestContext, given: &Form) -> Result<EventDetails, Refused> {
    let gone = || Refused::nothing(context.texts().event_gone);
    let original: i64 = given.text("original").parse().map_err(|_| gone())?;
    let (service, calendar) = (&context.app.service, context.calendar()?);
    let reader = context.reader()?;
    let found = service.event_details(calendar, given.text("uid"), Moment(original), &reader);
    match found.await {
        Err(Error::NotFound(_)) => Err(gone()),
        other => Ok(other?),
    }
}

/// What is wrong with a form that was sent.
#[derive(Default)]
struct Wrong {
    errors: Vec<FieldError>,
    taken: Vec<(String, String)>,
    /// It would be over already, and nobody has said that it is meant.
    is_past: bool,
}

fn show_with(context: &RequestContext, it: &EventDetails, wrong: &Wrong) -> Answer {
    let (t, calendar, form) = (context.texts(), context.calendar()?, &context.form);
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let is_new = form.text("form_token").is_empty();
    let (times, title, description, scope) = match is_new {
        true => {
            (Times::of(it.times, &zone), it.event.name.as_str(), it.description.as_str(), "date")
        }
        false => {
            (Times::sent(form), form.text("name"), form.text("description"), form.text("scope"))
        }
    };
    let choice = |value: &str, label: Text| Choice {
        value: value.to_owned(),
        label: label.to_string(),
        is_chosen: scope == value,
    };
    let mut fields = Vec::new();
    if it.is_recurring {
        let choices = vec![choice("date", t.change_this_date), choice("all", t.change_all_dates)];
        fields.push(Field::select("scope", t.change_scope, choices).hint(t.change_scope_hint));
    }
    fields.extend([
        Field::text("name", t.event_name, title).required(),
        Field::new("datetime-local", "start", t.starts, &times.start).required(),
        Field::new("datetime-local", "end", t.ends, &times.end).required(),
        Field::checkbox("all_day", t.whole_days, times.is_all_day).hint(t.whole_days_hint),
        Field::new("textarea", "description", t.description, description),
        Field::checkbox("only_if_free", t.only_if_free, is_new || form.is_ticked("only_if_free"))
            .hint(t.only_if_free_hint),
    ]);
    if wrong.is_past {
        fields
            .push(Field::checkbox("in_past", t.change_in_past, false).hint(t.change_in_past_hint));
    }
    let mut errors = with_errors(t, &mut fields, &wrong.errors);
    if wrong.is_past {
        errors.push(Trouble { field: Some("in_past"), text: t.change_in_past_error.to_string() });
    }
    let status = match (errors.is_empty(), wrong.taken.is_empty()) {
        (true, true) => StatusCode::OK,
        (_, false) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let start = it.event.start.0.to_string();
    let query = event_query(&it.event.uid, &start);
    html_with(
        status,
        &ChangePage {
            t,
            p: context.page(Section::Calendars),
            c: Head::new(context, calendar, "week"),
            name: name(t, &it.event),
            when: period(t, &zone, &it.event),
            uid: it.event.uid.clone(),
            original: it.event.original.0.to_string(),
            etag: if is_new { it.etag.clone() } else { form.text("etag").to_owned() },
            back: format!("/admin/calendars/{}/event?{query}", calendar.slug),
            fields,
            errors,
            taken: wrong.taken.clone(),
        },
    )
}

/// `GET /admin/calendars/{calendar}/event/change`
pub async fn show(context: RequestContext) -> Answer {
    let it = details(&context, &context.query).await?;
    let service = &context.app.service;
    if let Some(why) = service.why_not_changeable(context.calendar()?, &it.event.uid).await? {
        return Err(Refused::Impossible(why));
    }
    show_with(&context, &it, &Wrong::default())
}

/// `POST /admin/calendars/{calendar}/event/change`
pub async fn change(context: RequestContext) -> Answer {
    let (t, form, calendar) = (context.texts(), &context.form, context.calendar()?);
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let it = details(&context, form).await?;
    let is_series = it.is_recurring && form.text("scope") == "all";
    let sent = Times::sent(form);
    let is_moved = sent != Times::of(it.times, &zone);
    let wrong = |errors| Wrong { errors, ..Wrong::default() };
    let mut change = RequestedChange::default();
    if form.text("name").trim() != it.event.name {
        change.name = Some(form.text("name").to_owned());
    }
    let description = form.text("description").replace("\r\n", "\n");
    if description != it.description.replace("\r\n", "\n") {
        change.description = Some(description);
    }
    if is_moved {
        let (mut start, mut end) = sent.requested(&zone);
        let read = sent.read(&zone);
        // The hour of a series is that of its first date.
        if let Some(to) = read.filter(|_| is_series) {
            match it.series_moved_to(to).map(|it| Times::of(it, &zone).requested(&zone)) {
                Some(moved) => (start, end) = moved,
                None => {
                    let error = FieldError::new("start", operations::MessageId::SeriesKeepsKind);
                    return show_with(&context, &it, &wrong(vec![error]));
                }
            }
        }
        let ends = match read {
            Some(NewTimes::Timed { end, .. }) => Some(end),
            Some(NewTimes::AllDay { end, .. }) => Some(zone.moment(Civil::midnight(end))),
            None => None,
        };
        let is_past = ends.is_some_and(|it| it <= context.app.service.now());
        if is_past && !is_series && !form.is_ticked("in_past") {
            return show_with(&context, &it, &Wrong { is_past, ..Wrong::default() });
        }
        (change.start, change.end) = (Some(start), Some(end));
    }
    let date = |at: Moment| iso(zone.civil(at).day());
    let seen = match sent.read(&zone) {
        Some(NewTimes::Timed { start, .. }) => date(start),
        Some(NewTimes::AllDay { first, .. }) => iso(first),
        None => date(it.event.start),
    };
    let done = |what| {
        Ok(context.to(&format!("/admin/calendars/{}?done={what}&date={seen}", calendar.slug)))
    };
    if change.name.is_none() && change.description.is_none() && change.start.is_none() {
        return done("event-unchanged");
    }
    let when_taken = match is_moved && form.is_ticked("only_if_free") {
        true => WhenTaken::Refuse,
        false => WhenTaken::Book,
    };
    let request = ChangeRequest {
        uid: it.event.uid.clone(),
        change,
        occurrence: (it.is_recurring && !is_series).then_some(it.event.original),
        when_taken,
        if_match: Some(vec![form.text("etag").to_owned()]),
    };
    match context.app.service.change_event(&caller(&context)?, calendar, request).await {
        Ok(_) => done("event-changed"),
        Err(Error::Invalid(errors)) => show_with(&context, &it, &wrong(errors)),
        Err(Error::Taken(events)) => {
            let events = events.iter().take(MAX_IN_WAY);
            let taken = events.map(|it| (name(t, it), period(t, &zone, it))).collect();
            show_with(&context, &it, &Wrong { taken, ..Wrong::default() })
        }
        Err(error) => Err(error.into()),
    }
}

/// The most events in the way that the page names.
const MAX_IN_WAY: usize = 10;
