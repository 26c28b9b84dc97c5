//! Changing an event on the site: its name, times and description, for one date of a series or all of them.

use askama::Template;
use ical::{Moment, NewTimes, Zone};
use operations::{ChangeRequest, Error, EventDetails, FieldError, RequestedChange, WhenTaken};

use crate::web::admin::bookings::event::caller;
use crate::web::admin::bookings::times::{
    Times, ask_about_past, ask_about_past_dates, in_past, in_the_way, status_of,
};
use crate::web::admin::bookings::week::iso;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Choice, Field, Trouble, with_errors};
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::format::{name, period};
use crate::web::admin::frame::page::{Page, Section, html_with, with_script};
use crate::web::admin::frame::pager::link;
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
struct FormErrors {
    errors: Vec<FieldError>,
    taken: Vec<(String, String)>,
}

fn show_with(context: &RequestContext, it: &EventDetails, wrong: &FormErrors) -> Answer {
    let (t, calendar, form) = (context.texts(), context.calendar()?, &context.form);
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let is_new = !context.has_typed();
    let (times, title, description, scope) = match is_new {
        true => {
            let times = Times::proposed(&context.query, &zone);
            let times = times.unwrap_or_else(|| Times::of(it.times, &zone));
            (times, it.event.name.as_str(), it.description.as_str(), "date")
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
        let choices = vec![
            choice("date", t.change_this_date),
            choice("following", t.change_following),
            choice("all", t.change_all_dates),
        ];
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
    fields.extend(in_past(t, form, &wrong.errors));
    let errors = with_errors(t, &mut fields, &wrong.errors);
    let status = status_of(!errors.is_empty(), !wrong.taken.is_empty());
    let start = it.event.start.0.to_string();
    let query = event_query(&it.event.uid, &start);
    with_script(html_with(
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
    ))
}

/// `GET /admin/calendars/{calendar}/event/change`
pub async fn show(context: RequestContext) -> Answer {
    // What was typed before the session ended is about the same date.
    let given = if context.has_typed() { &context.form } else { &context.query };
    let it = details(&context, given).await?;
    let service = &context.app.service;
    if let Some(why) = service.why_not_changeable(context.calendar()?, &it.event.uid).await? {
        return Err(Refused::Impossible(why));
    }
    show_with(&context, &it, &FormErrors::default())
}

/// `POST /admin/calendars/{calendar}/event/change`
pub async fn change(context: RequestContext) -> Answer {
    let (t, form, calendar) = (context.texts(), &context.form, context.calendar()?);
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let it = details(&context, form).await?;
    let is_series = it.is_recurring && form.text("scope") == "all";
    let is_following = it.is_recurring && form.text("scope") == "following";
    let sent = Times::sent(form);
    let is_moved = sent != Times::of(it.times, &zone);
    let wrong = |errors| FormErrors { errors, ..FormErrors::default() };
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
        let now = context.app.service.now();
        let asked = match sent.is_over(&zone, now) {
            true => ask_about_past(t, form),
            // Dates that are over would move along.
            false if is_series && it.has_begun(now) => ask_about_past_dates(t, form),
            false if is_following && it.event.start < now => ask_about_past_dates(t, form),
            false => None,
        };
        if let Some(asked) = asked {
            return show_with(&context, &it, &wrong(vec![asked]));
        }
        (change.start, change.end) = (Some(start), Some(end));
    }
    let date = |at: Moment| iso(zone.civil(at).day());
    let seen = match sent.read(&zone) {
        Some(NewTimes::Timed { start, .. }) => date(start),
        Some(NewTimes::AllDay { first, .. }) => iso(first),
        None => date(it.event.start),
    };
    let done = |what: &str| {
        let pairs = [("done", what), ("date", &seen), ("uid", &it.event.uid)];
        Ok(context.to(&link(&format!("/admin/calendars/{}", calendar.slug), &pairs)))
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
        occurrence: (it.is_recurring && !is_series && !is_following).then_some(it.event.original),
        when_taken,
        if_match: Some(vec![form.text("etag").to_owned()]),
    };
    let (service, caller) = (&context.app.service, caller(&context)?);
    let changed = match is_following {
        true => service.change_following(&caller, calendar, (request, it.event.original)).await,
        false => service.change_event(&caller, calendar, request).await.map(|_| ()),
    };
    match changed {
        Ok(()) => done("event-changed"),
        Err(Error::Invalid(errors)) => show_with(&context, &it, &wrong(errors)),
        Err(Error::Taken(events)) => {
            let taken = in_the_way(t, &zone, &events);
            show_with(&context, &it, &FormErrors { taken, ..FormErrors::default() })
        }
        Err(error) => Err(error.into()),
    }
}
