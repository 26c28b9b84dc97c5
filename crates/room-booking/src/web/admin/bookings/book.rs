//! Booking on the site.

use askama::Template;
use axum::http::StatusCode;
use facts::time;
use ical::Zone;
use operations::{Error, FieldError, Requested, WhenTaken};
use store::secrets::{random_text, sha256};

use crate::web::admin::bookings::event::caller;
use crate::web::admin::bookings::week::iso;
use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::field::{Choice, Field, Trouble, with_errors};
use crate::web::admin::frame::format::{name, period};
use crate::web::admin::frame::page::{Page, Section, html_with};
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
    errors: Vec<Trouble>,
    /// The idempotency key of the form, so that sending it twice books once.
    once: String,
    /// The events in the way.
    taken: Vec<(String, String)>,
}

/// The choices of recurrence, with their rules.
const RULES: [&str; 5] =
    ["", "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY"];
/// The length of the form's idempotency key.
const ONCE: usize = 22;
/// The largest number of dates of a series.
const MAX_TIMES: u32 = 500;

fn show_with(
    context: &RequestContext,
    errors: &[FieldError],
    taken: Vec<(String, String)>,
) -> Answer {
    let t = context.texts();
    let is_new = context.form.text("form_token").is_empty();
    let given = if is_new { &context.query } else { &context.form };
    let labels = [t.repeat_never, t.repeat_daily, t.repeat_weekly, t.repeat_two, t.repeat_monthly];
    let rules = RULES.iter().zip(labels).map(|(rule, label)| Choice {
        value: (*rule).to_owned(),
        label: label.to_string(),
        is_chosen: given.text("repeat") == *rule,
    });
    let mut fields = vec![
        Field::text("name", t.event_name, given.text("name")).required(),
        Field::new("datetime-local", "start", t.starts, given.text("start")).required(),
        Field::new("datetime-local", "end", t.ends, given.text("end")).required(),
        Field::checkbox("all_day", t.whole_days, given.is_ticked("all_day"))
            .hint(t.whole_days_hint),
        Field::address("organizer", t.organizer, Some(given.text("organizer")))
            .hint(t.organizer_hint),
        Field::new("textarea", "description", t.description, given.text("description")),
        Field::select("repeat", t.repeat, rules.collect()),
        Field::number("times", t.repeat_times, given.text("times"), 1, MAX_TIMES)
            .unit(t.dates)
            .hint(t.repeat_times_hint),
        Field::checkbox("only_if_free", t.only_if_free, is_new || given.is_ticked("only_if_free"))
            .hint(t.only_if_free_hint),
    ];
    let others = with_errors(t, &mut fields, errors);
    let status = match (errors.is_empty(), taken.is_empty()) {
        (true, true) => StatusCode::OK,
        (_, false) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    html_with(
        status,
        &BookPage {
            t,
            p: context.page(Section::Calendars),
            c: Head::new(context, context.calendar()?, "week"),
            fields,
            errors: others,
            once: random_text(ONCE),
            taken,
        },
    )
}

/// `GET /admin/calendars/{calendar}/book`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, &[], Vec::new())
}

/// The idempotency key of a booking: the form's number, and its content.
fn request_key(once: &str, requested: &Requested) -> String {
    let hash = sha256(format!("{once}\0{requested:?}").as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `POST /admin/calendars/{calendar}/book`
pub async fn book(context: RequestContext) -> Answer {
    let (t, form, calendar) = (context.texts(), &context.form, context.calendar()?);
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let (mut start, mut end) = (form.text("start").to_owned(), form.text("end").to_owned());
    let first_day = time::moment(&start, &zone).map(|start| zone.civil(start).day());
    if form.is_ticked("all_day") {
        let last = time::moment(&end, &zone).map(|end| zone.civil(end).day());
        if let (Some(first), Some(last)) = (first_day, last) {
            // People enter the last day; iCalendar has the day after it.
            (start, end) = (iso(first), iso(last + 1));
        }
    }
    let rule = RULES.iter().find(|it| !it.is_empty() && **it == form.text("repeat"));
    let rule = match (rule, form.value("times")) {
        (None, _) => None,
        (Some(rule), None) => Some((*rule).to_owned()),
        (Some(rule), Some(times)) => match times.parse::<u32>() {
            Ok(times) if (1..=MAX_TIMES).contains(&times) => Some(format!("{rule};COUNT={times}")),
            _ => {
                let error = FieldError::quoted("times", t.whole_number);
                return show_with(&context, &[error], Vec::new());
            }
        },
    };
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
    let key = once.map(|once| request_key(once, &requested));
    let key = key.as_deref();
    match service.create_event(&caller(&context)?, calendar, &requested, when_taken, key).await {
        Ok(_) => {
            let date = first_day.map_or(String::new(), |day| format!("&date={}", iso(day)));
            Ok(context.to(&format!("/admin/calendars/{}?done=booked{date}", calendar.slug)))
        }
        Err(Error::Invalid(errors)) => show_with(&context, &errors, Vec::new()),
        Err(Error::Taken(events)) => {
            let taken =
                events.iter().take(10).map(|it| (name(t, it), period(t, &zone, it))).collect();
            show_with(&context, &[], taken)
        }
        Err(error) => Err(error.into()),
    }
}
