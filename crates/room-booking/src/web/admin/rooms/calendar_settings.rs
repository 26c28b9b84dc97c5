//! A calendar's settings, grouped and explained.

use askama::Template;
use axum::http::StatusCode;
use clearing::{ConflictHandling, Policy, RankBy};
use facts::Word as _;
use ical::{UnknownZones, Zone};
use operations::{Error, FieldError, Message};
use store::calendars::{self, Announces, Backend, Calendar, Collection};
use store::{TemplateId, site, templates, users};

use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::field::{Choice, Field, Trouble, invalid, with_errors};
use crate::web::admin::frame::format::{Badge, state};
use crate::web::admin::frame::format::{kind_label, ties_label};
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};
use crate::web::admin::rooms::calendar::Head;
use crate::web::admin::rooms::priorities::once;

struct Group {
    title: Text,
    text: Text,
    fields: Vec<Field>,
}

struct PriorityRow {
    kind: &'static str,
    label: String,
    value: String,
    /// What happens if two prioritised events overlap; `None` for a protection.
    ties: Option<Text>,
    is_of_all: bool,
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
    users: Vec<String>,
    other_users: Vec<String>,
    /// Priorities, then protections.
    entries: [Vec<PriorityRow>; 2],
    pager: Pager,
}

fn choice(value: &str, label: Text, is_chosen: bool) -> Choice {
    Choice { value: value.to_owned(), label: label.to_string(), is_chosen }
}

async fn groups(
    context: &RequestContext,
    it: &Calendar,
) -> Result<Vec<Group>, crate::web::admin::frame::errors::Refused> {
    let t = context.texts();
    let mut choices = vec![choice("", t.no_template, it.template.is_none())];
    for template in templates::all(&context.app.service.store).await? {
        choices.push(Choice {
            value: template.id.to_string(),
            is_chosen: it.template == Some(template.id),
            label: template.name,
        });
    }
    let reads_unknown = it.unknown_zones == UnknownZones::Calendar;
    let unknown_zones = vec![
        choice("refuse", t.unknown_zone_refuse, !reads_unknown),
        choice("calendar", t.unknown_zone_calendar, reads_unknown),
    ];
    let ranks = vec![
        choice("held-since", t.rank_held_since, it.rank_by == RankBy::HeldSince),
        choice("created", t.rank_created, it.rank_by == RankBy::Created),
    ];
    let handling =
        |value: ConflictHandling, label| choice(value.as_str(), label, it.conflicts == value);
    let conflicts = vec![
        handling(ConflictHandling::Remove, t.conflicts_remove),
        handling(ConflictHandling::Warn, t.conflicts_warn),
        handling(ConflictHandling::Report, t.conflicts_report),
    ];
    let schedule = it.schedule_minutes.map_or(String::new(), |it| it.to_string());
    let mut groups = vec![
        Group {
            title: t.group_room,
            text: t.group_room_text,
            fields: vec![
                Field::text("name", t.calendar_name, &it.name).required(),
                Field::text("zone", t.calendar_zone, &it.zone)
                    .hint(t.calendar_zone_hint)
                    .required(),
                Field::address("room_address", t.room_address, it.room_address.as_deref())
                    .hint(t.room_address_hint),
                Field::address("contact_address", t.contact_address, it.contact_address.as_deref())
                    .hint(t.contact_address_hint),
            ],
        },
        Group {
            title: t.group_schedule,
            text: t.group_schedule_text,
            fields: vec![
                Field::number("schedule", t.schedule, schedule, 1, 7 * 24 * 60)
                    .unit(t.minutes)
                    .hint(t.schedule_hint),
            ],
        },
        Group {
            title: t.group_rules,
            text: t.group_rules_text,
            fields: vec![
                Field::number("horizon", t.horizon, it.horizon_days, 1, Policy::MAX_HORIZON_DAYS)
                    .unit(t.days)
                    .hint(t.horizon_hint)
                    .required(),
                Field::number("tolerance", t.tolerance, it.tolerance_minutes, 0, 7 * 24 * 60)
                    .unit(t.minutes)
                    .hint(t.tolerance_hint)
                    .required(),
                Field::number("safety_limit", t.safety_limit, it.safety_limit, 0, 1_000_000)
                    .unit(t.events)
                    .hint(t.safety_limit_hint)
                    .required(),
                Field::select("conflicts", t.conflicts_setting, conflicts).hint(t.conflicts_hint),
                Field::number("grace", t.grace, it.grace_hours, 1, Policy::MAX_GRACE_HOURS)
                    .unit(t.hours)
                    .hint(t.grace_hint)
                    .required(),
                Field::checkbox("restores_at_once", t.restores_at_once, it.restores_at_once)
                    .hint(t.restores_at_once_hint),
                Field::checkbox("takes_moves", t.takes_moves, it.takes_moves)
                    .hint(t.takes_moves_hint),
                Field::select("rank_by", t.rank_by, ranks).hint(t.rank_by_hint),
                Field::checkbox("free_blocks", t.free_blocks, it.free_blocks)
                    .hint(t.free_blocks_hint),
                Field::select("unknown_zone", t.unknown_zone, unknown_zones)
                    .hint(t.unknown_zone_hint),
            ],
        },
        Group {
            title: t.group_mail,
            text: t.group_mail_text,
            fields: vec![
                Field::select("template", t.template, choices).hint(t.template_hint),
                Field::checkbox("announces_deleted", t.announces_deleted, it.announces.deleted),
                Field::checkbox(
                    "announces_cancelled",
                    t.announces_cancelled,
                    it.announces.cancelled,
                ),
                Field::checkbox(
                    "announces_leftovers",
                    t.announces_leftovers,
                    it.announces.leftovers,
                ),
                Field::checkbox("announces_ignored", t.announces_ignored, it.announces.ignored),
            ],
        },
    ];
    if let Some(on_server) = it.backend.collection() {
        let watch = it.watch_seconds.map_or(String::new(), |it| it.to_string());
        let watch = Field::number("watch", t.watch, watch, 15, 60).unit(t.seconds);
        groups[1].fields.push(watch.hint(t.watch_hint));
        let answers = Field::checkbox("answers", t.answers, it.answers).hint(t.answers_hint);
        groups[0].fields.push(answers);
        groups.push(Group {
            title: t.group_server,
            text: t.group_server_text,
            fields: vec![
                Field::checkbox("sends_replies", t.sends_replies, on_server.sends_replies)
                    .hint(t.sends_replies_hint),
                Field::checkbox("asks_authors", t.asks_authors, on_server.asks_authors)
                    .hint(t.asks_authors_hint),
            ],
        });
    }
    Ok(groups)
}

/// The settings form with the sent values and their errors.
async fn show_with(context: &RequestContext, calendar: &Calendar, errors: &[FieldError]) -> Answer {
    // A form that is shown again keeps its version.
    show_again(context, calendar, context.calendar()?, errors, None).await
}

async fn show_again(
    context: &RequestContext,
    calendar: &Calendar,
    saved: &Calendar,
    errors: &[FieldError],
    conflict: Option<&Message>,
) -> Answer {
    let (t, service) = (context.texts(), &context.app.service);
    let mut groups = groups(context, calendar).await?;
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
    let other_users = other_users.filter(is_other).collect();
    let entries = calendars::priority_entries(&service.store).await?.into_iter();
    let entries = entries.filter(|it| it.slug.as_ref().is_none_or(|it| *it == calendar.slug));
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(|it| it.kind.is_none());
    let path = format!("/admin/calendars/{}/settings", calendar.slug);
    let pager = Pager::numbered(context, &path, &[], entries.len(), ON_A_PAGE);
    let entry = |it: &calendars::PriorityEntry| PriorityRow {
        label: kind_label(t, it.kind()).to_string(),
        kind: it.kind_word(),
        value: it.value.clone(),
        ties: it.ties_in_effect().map(|it| ties_label(t, it)),
        is_of_all: it.slug.is_none(),
    };
    let (protections, priorities): (Vec<_>, Vec<_>) =
        entries[pager.range()].iter().partition(|it| it.kind.is_none());
    let [protections, priorities] =
        [protections, priorities].map(|it| it.into_iter().map(entry).collect());
    let overview = site::overview(&service.store, None).await?;
    let zone = &Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let found = overview.iter().find(|it| it.id == calendar.id);
    let status = match (conflict.is_some(), errors.is_empty()) {
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
            users: assigned,
            other_users,
            entries: [priorities, protections],
            pager,
        },
    )
}

/// `GET /admin/calendars/{calendar}/settings`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, context.calendar()?, &[]).await
}

/// The calendar of a form, and the errors of its numbers.
fn read(context: &RequestContext, present: &Calendar) -> (Calendar, Vec<FieldError>) {
    let form = &context.form;
    let mut errors = Vec::new();
    let mut number = |name: &str, present: u32| match form.text(name).trim().parse() {
        Ok(number) => number,
        Err(_) => {
            errors.push(FieldError::quoted(name, context.texts().whole_number));
            present
        }
    };
    let optional = |name: &str| form.value(name).map(str::to_owned);
    let schedule_minutes =
        optional("schedule").map(|_| number("schedule", present.schedule_minutes.unwrap_or(60)));
    let is_on_server = present.backend.collection().is_some();
    let watch_seconds = optional("watch").filter(|_| is_on_server);
    let watch_seconds = watch_seconds.map(|_| number("watch", present.watch_seconds.unwrap_or(20)));
    let calendar = Calendar {
        name: form.text("name").trim().to_owned(),
        zone: form.text("zone").trim().to_owned(),
        room_address: optional("room_address"),
        contact_address: optional("contact_address"),
        horizon_days: number("horizon", present.horizon_days),
        tolerance_minutes: number("tolerance", present.tolerance_minutes),
        safety_limit: number("safety_limit", present.safety_limit),
        free_blocks: form.is_ticked("free_blocks"),
        unknown_zones: match form.text("unknown_zone") {
            "calendar" => UnknownZones::Calendar,
            _ => UnknownZones::Refuse,
        },
        rank_by: match form.text("rank_by") {
            "created" => RankBy::Created,
            _ => RankBy::HeldSince,
        },
        conflicts: form
            .value("conflicts")
            .map_or(present.conflicts, |it| ConflictHandling::parse(it).unwrap_or_default()),
        grace_hours: match form.value("grace") {
            None => present.grace_hours,
            Some(_) => number("grace", present.grace_hours),
        },
        template: form.text("template").parse().ok().map(TemplateId),
        announces: Announces {
            deleted: form.is_ticked("announces_deleted"),
            cancelled: form.is_ticked("announces_cancelled"),
            leftovers: form.is_ticked("announces_leftovers"),
            ignored: form.is_ticked("announces_ignored"),
        },
        schedule_minutes,
        watch_seconds,
        answers: is_on_server && form.is_ticked("answers"),
        restores_at_once: form.is_ticked("restores_at_once"),
        takes_moves: form.is_ticked("takes_moves"),
        // The version that the form was made of.
        version: form.value("was").map_or(present.version, |it| it.parse().unwrap_or(-1)),
        backend: match &present.backend {
            Backend::BuiltIn => Backend::BuiltIn,
            Backend::CalDav(it) => Backend::CalDav(Collection {
                sends_replies: form.is_ticked("sends_replies"),
                asks_authors: form.is_ticked("asks_authors"),
                ..it.clone()
            }),
        },
        ..present.clone()
    };
    (calendar, errors)
}

/// `POST /admin/calendars/{calendar}/settings`
pub async fn save(context: RequestContext) -> Answer {
    let (calendar, errors) = read(&context, context.calendar()?);
    if !errors.is_empty() {
        return show_with(&context, &calendar, &errors).await;
    }
    let service = &context.app.service;
    match service.set_calendar(&context.actor()?, &calendar).await {
        Ok(()) => {
            Ok(context.to(&format!("/admin/calendars/{}/settings?done=saved", calendar.slug)))
        }
        Err(Error::Conflict(message)) => {
            // The present settings.
            let saved = service.calendar(&calendar.slug).await?;
            show_again(&context, &calendar, &saved, &[], Some(&message)).await
        }
        Err(error) => show_with(&context, &calendar, &invalid(error)?).await,
    }
}

/// `POST /admin/calendars/{calendar}/users`
pub async fn assign(context: RequestContext) -> Answer {
    let slug = &context.calendar()?.slug;
    context.app.service.assign(&context.actor()?, slug, context.form.text("user")).await?;
    Ok(context.to(&format!("/admin/calendars/{slug}/settings?done=assigned#users")))
}

/// `POST /admin/calendars/{calendar}/users/remove`
pub async fn unassign(context: RequestContext) -> Answer {
    let slug = &context.calendar()?.slug;
    once(context.app.service.unassign(&context.actor()?, slug, context.form.text("user")).await)?;
    Ok(context.to(&format!("/admin/calendars/{slug}/settings?done=unassigned#users")))
}
