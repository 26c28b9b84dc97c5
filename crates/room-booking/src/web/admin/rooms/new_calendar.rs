//! Adding a built-in calendar.

use askama::Template;
use axum::http::StatusCode;
use ical::Zone;
use operations::{FieldError, NewCalendar};
use store::calendars::Calendar;

use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::field::{Field, Trouble, invalid, with_errors};
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::rooms::settings_form::ZONES;

#[derive(Template)]
#[template(path = "admin/rooms/new_calendar.html")]
struct NewCalendarPage {
    t: &'static Texts,
    p: Page,
    fields: Vec<Field>,
    errors: Vec<Trouble>,
    zones: &'static [String],
}

fn show_with(context: &RequestContext, errors: &[FieldError]) -> Answer {
    let (t, form) = (context.texts(), &context.form);
    let zone = context.app.settings.time_zone.name().to_owned();
    let zone = form.value("zone").map_or(zone, str::to_owned);
    let mut fields = vec![
        Field::text("name", t.calendar_name, form.text("name"))
            .hint(t.calendar_name_hint)
            .required(),
        Field::text("slug", t.calendar_slug, form.text("slug")).hint(t.calendar_slug_hint),
        Field::text("zone", t.calendar_zone, zone).hint(t.zone_hint).listed(ZONES).required(),
    ];
    let others = with_errors(t, &mut fields, errors);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let p = context.page(Section::Calendars);
    html_with(status, &NewCalendarPage { t, p, fields, errors: others, zones: Zone::names() })
}

/// `GET /admin/new-calendar`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, &[])
}

/// `POST /admin/new-calendar`
pub async fn make(context: RequestContext) -> Answer {
    let form = &context.form;
    let name = form.value("name").unwrap_or_default();
    let slug = form.value("slug").map_or_else(|| operations::slug_of(name), str::to_owned);
    let zone = form.value("zone").unwrap_or_default();
    let mut calendar = Calendar::built_in(&slug, name, zone);
    let language = context.texts().language.code;
    calendar.template = context.app.service.default_template_in(language).await?;
    let new = NewCalendar { calendar, users: vec![context.user()?.name.clone()] };
    match context.app.service.add_calendar(&context.actor()?, &new).await {
        Ok(_) => Ok(context.to(&format!("/admin/calendars/{slug}/settings?done=calendar-added"))),
        Err(error) => show_with(&context, &invalid(error)?),
    }
}
