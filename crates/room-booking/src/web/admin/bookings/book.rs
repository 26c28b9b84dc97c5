//! Booking on the site.

use askama::Template;
use facts::time;
use ical::{Moment, Zone};
use operations::{Error, FieldError, Requested, WhenTaken};
use store::calendars::Calendar;
use store::secrets::{random_text, sha256};

use crate::web::admin::bookings::event::caller;
use crate::web::admin::bookings::series::Series;
use crate::web::admin::bookings::times::{Times, ask_about_past, in_past, in_the_way, status_of};
use crate::web::admin::bookings::week::iso;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Choice, Field, Trouble, with_errors};
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::page::{Page, Section, html_with, with_script};
use crate::web::admin::frame::pager::link;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::rooms::calendar::Head;

#[derive(Template)]
#[template(path = "admin/bookings/book.html")]
struct BookPage {
    t: &'static Texts,
    p: Page,
    c: Head,
    fields: Vec<Field>,
    /// The weekdays of a weekly series.
    weekdays: Vec<Choice>,
    errors: Vec<Trouble>,
    /// The idempotency key of the form, so that sending it twice books once.
    once: String,
    /// The events in the way.
    taken: Vec<(String, String)>,
    /// The addresses that the organizer is chosen from.
    people: Vec<String>,
    /// Whether it was found on the day page.
    is_from_day: bool,
    /// Where it was found.
    back: String,
}

/// The length of the form's idempotency key.
pub const ONCE: usize = 22;

/// What a form that was not sent yet is filled with: the query, or an event that is booked again.
async fn first(context: &RequestContext) -> Result<Form, Refused> {
    let query = &context.query;
    let (uid, calendar) = (query.text("uid"), context.calendar()?);
    let Ok(original) = query.text("original").parse() else { return Ok((**query).clone()) };
    let (service, reader) = (&context.app.service, context.reader()?);
    let it = match service.event_details(calendar, uid, Moment(original), &reader).await {
        Err(Error::NotFound(_)) => return Err(Refused::nothing(context.texts().event_gone)),
        other => other?,
    };
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let times = Times::of(it.next_week(), &zone);
    let mut form = Form::default();
    // A token is good for the event that it was given for.
    let description = clearing::mask_tokens(&it.description).into_owned();
    for (name, value) in [
        ("name", it.event.name.clone()),
        ("start", times.start),
        ("end", times.end),
        ("all_day", if times.is_all_day { "1".to_owned() } else { String::new() }),
        ("organizer", it.event.organizer.clone().unwrap_or_default()),
        ("description", description),
    ] {
        form.push(name.to_owned(), value);
    }
    Ok(form)
}

/// The calendars that the user may see: this one, then the others.
async fn calendars_of(context: &RequestContext) -> Result<Vec<Calendar>, Refused> {
    let own = context.calendar()?;
    let all = context.calendars_seen().await?;
    let others = all.into_iter().filter(|it| it.id != own.id);
    Ok([own.clone()].into_iter().chain(others).collect())
}

async fn show_with(
    context: &RequestContext,
    errors: &[FieldError],
    taken: Vec<(String, String)>,
) -> Answer {
    let t = context.texts();
    let is_new = !context.has_typed();
    let filled = if is_new { Some(first(context).await?) } else { None };
    let given = filled.as_ref().unwrap_or(&context.form);
    let (seen, reader) = (calendars_of(context).await?, context.reader()?);
    let people = context.app.service.known_people(&seen, &reader).await?;
    let series = Series::read(given);
    let [repeat, every, until] = series.fields(t);
    let mut fields = vec![
        Field::text("name", t.event_name, given.text("name")).required(),
        Field::new("datetime-local", "start", t.starts, given.text("start")).required(),
        Field::new("datetime-local", "end", t.ends, given.text("end")).required(),
        Field::checkbox("all_day", t.whole_days, given.is_ticked("all_day"))
            .hint(t.whole_days_hint),
        repeat,
        every,
        until,
        series.times(t),
        Field::address("organizer", t.organizer, Some(given.text("organizer")))
            .listed("people")
            .hint(t.organizer_hint),
        Field::new("textarea", "description", t.description, given.text("description")),
        Field::checkbox("only_if_free", t.only_if_free, is_new || given.is_ticked("only_if_free"))
            .hint(t.only_if_free_hint),
    ];
    fields.extend(in_past(t, given, errors));
    let others = with_errors(t, &mut fields, errors);
    let status = status_of(!errors.is_empty(), !taken.is_empty());
    with_script(html_with(
        status,
        &BookPage {
            t,
            p: context.page(Section::Calendars),
            c: Head::new(context, context.calendar()?, "week"),
            fields,
            weekdays: series.days(t),
            errors: others,
            once: random_text(ONCE),
            taken,
            people,
            is_from_day: given.is_ticked("from_day"),
            back: match given.is_ticked("from_day") {
                true => "/admin".to_owned(),
                false => format!("/admin/calendars/{}", context.calendar()?.slug),
            },
        },
    ))
}

/// `GET /admin/calendars/{calendar}/book`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, &[], Vec::new()).await
}

/// The idempotency key of a booking: the form's number, the room, and its content.
fn request_key(once: &str, slug: &str, requested: &Requested) -> String {
    let hash = sha256(format!("{once}\0{slug}\0{requested:?}").as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `POST /admin/calendars/{calendar}/book`
pub async fn book(context: RequestContext) -> Answer {
    let (t, form, calendar) = (context.texts(), &context.form, context.calendar()?);
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let times = Times::sent(form);
    let first_day = time::moment(&times.start, &zone).map(|start| zone.civil(start).day());
    let rule = match Series::read(form).rule(t, first_day) {
        Ok(rule) => rule,
        Err(errors) => return show_with(&context, &errors, Vec::new()).await,
    };
    if times.is_over(&zone, context.app.service.now())
        && let Some(asked) = ask_about_past(t, form)
    {
        return show_with(&context, &[asked], Vec::new()).await;
    }
    let (start, end) = times.requested(&zone);
    let requested = Requested {
        name: form.text("name").to_owned(),
        start,
        end,
        organizer: form.value("organizer").map(str::to_owned),
        description: form.value("description").map(str::to_owned),
        rrule: rule,
    };
    let when_taken =
        if form.is_ticked("only_if_free") { WhenTaken::Refuse } else { WhenTaken::Book };
    let service = &context.app.service;
    // The same form, sent twice, books once; one that was changed is another booking.
    let once = form.value("once").filter(|it| it.len() == ONCE);
    let key = once.map(|once| request_key(once, &calendar.slug, &requested));
    let key = key.as_deref();
    match service.create_event(&caller(&context)?, calendar, &requested, when_taken, key).await {
        Ok(booked) => {
            let date = first_day.map_or(String::new(), iso);
            // Back to where the room was found, or to its week.
            let (path, room) = match form.is_ticked("from_day") {
                true => ("/admin".to_owned(), calendar.slug.as_str()),
                false => (format!("/admin/calendars/{}", calendar.slug), ""),
            };
            let pairs = [("done", "booked"), ("date", &date), ("room", room), ("uid", &booked.id)];
            Ok(context.to(&link(&path, &pairs)))
        }
        Err(Error::Invalid(errors)) => show_with(&context, &errors, Vec::new()).await,
        Err(Error::Taken(events)) => show_with(&context, &[], in_the_way(t, &zone, &events)).await,
        Err(error) => Err(error.into()),
    }
}
