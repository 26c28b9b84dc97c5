//! The form of a calendar's settings: its fields in groups, and what was sent.

use clearing::{ConflictHandling, Policy, RankBy};
use facts::Word as _;
use ical::UnknownZones;
use operations::FieldError;
use store::calendars::{Announces, Backend, Calendar, Collection};
use store::rooms::Room;
use store::{TemplateId, templates};

use crate::web::admin::frame::errors::Refused;
use crate::web::admin::frame::field::{Choice, Field};
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};

/// The most seats.
const MAX_SEATS: u32 = 100_000;
/// The list of time zones on the page.
pub(super) const ZONES: &str = "zones";
/// The list of buildings on the page.
const BUILDINGS: &str = "buildings";

/// Fields that belong together.
pub(super) struct Group {
    pub title: Text,
    pub text: Text,
    pub fields: Vec<Field>,
}

pub(super) fn choice(value: &str, label: Text, is_chosen: bool) -> Choice {
    Choice { value: value.to_owned(), label: label.to_string(), is_chosen }
}

/// The fields of the form, in groups.
pub(super) async fn groups(
    context: &RequestContext,
    it: &Calendar,
    room: &Room,
) -> Result<Vec<Group>, Refused> {
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
    let floor = room.floor.as_deref().unwrap_or_default();
    let building = room.building.as_deref().unwrap_or_default();
    let seats = room.capacity.map_or(String::new(), |it| it.to_string());
    let description = room.description.as_deref().unwrap_or_default();
    let mut groups = vec![
        Group {
            title: t.group_room,
            text: t.group_room_text,
            fields: vec![
                Field::text("name", t.calendar_name, &it.name).required(),
                Field::text("zone", t.calendar_zone, &it.zone)
                    .hint(t.zone_hint)
                    .listed(ZONES)
                    .required(),
                Field::address("room_address", t.room_address, it.room_address.as_deref())
                    .hint(t.room_address_hint),
                Field::address("contact_address", t.contact_address, it.contact_address.as_deref())
                    .hint(t.contact_address_hint),
            ],
        },
        Group {
            title: t.group_place,
            text: t.group_place_text,
            fields: vec![
                Field::text("building", t.room_building, building)
                    .hint(t.room_building_hint)
                    .listed(BUILDINGS),
                Field::text("floor", t.room_floor, floor).hint(t.room_floor_hint),
                Field::number("capacity", t.room_capacity, seats, 1, MAX_SEATS),
                Field::text("features", t.room_features, room.features.join(", "))
                    .hint(t.room_features_hint),
                Field::new("textarea", "room_description", t.room_description, description),
            ],
        },
        Group {
            title: t.group_schedule,
            text: t.group_schedule_text,
            fields: vec![
                Field::select("schedule", t.schedule_choice, schedules(t, it.schedule_minutes))
                    .hint(t.schedule_choice_hint),
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
        let watch = Field::select("watch", t.watch_choice, watches(t, it.watch_seconds));
        groups[2].fields.push(watch.hint(t.watch_choice_hint));
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

/// The calendar and the room of a form, and the errors of its numbers.
pub(super) fn read(
    context: &RequestContext,
    present: &Calendar,
    room: &Room,
) -> (Calendar, Room, Vec<FieldError>) {
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
    let room = room_of(form, room, &mut errors, context.texts());
    (calendar, room, errors)
}

/// The room of a form. What the form does not have stays.
fn room_of(form: &Form, present: &Room, errors: &mut Vec<FieldError>, t: &Texts) -> Room {
    let text = |name: &str, present: &Option<String>| match form.has(name) {
        // A browser sends the ends of lines as CR and LF.
        true => form.value(name).map(|it| it.replace("\r\n", "\n")),
        false => present.clone(),
    };
    let capacity = match form.value("capacity") {
        None if form.has("capacity") => None,
        None => present.capacity,
        Some(number) => number.parse().map_or_else(
            |_| {
                errors.push(FieldError::quoted("capacity", t.whole_number));
                present.capacity
            },
            Some,
        ),
    };
    let features = match form.has("features") {
        true => features(form.text("features")),
        false => present.features.clone(),
    };
    Room {
        building: text("building", &present.building),
        floor: text("floor", &present.floor),
        capacity,
        features,
        description: text("room_description", &present.description),
        has_picture: present.has_picture,
    }
}

/// Features as people write them: `Video wall, Projector` is `video-wall` and `projector`.
fn features(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split([',', ';', '\n']) {
        let words: Vec<_> = part.split_whitespace().map(str::to_lowercase).collect();
        let word = words.join("-");
        if !word.is_empty() && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// The intervals of schedules that are offered, in minutes.
const SCHEDULES: [u32; 9] = [5, 10, 15, 30, 60, 120, 360, 720, 1_440];
/// The intervals of watches that are offered, in seconds.
const WATCHES: [u32; 4] = [15, 20, 30, 60];

/// An interval in words.
fn every(t: &Texts, minutes: u32) -> String {
    match minutes {
        days if days % 1_440 == 0 => t.schedule_days(days / 1_440),
        hours if hours % 60 == 0 => t.schedule_hours(hours / 60),
        minutes => t.schedule_minutes(minutes),
    }
}

/// The choices of an interval: none, those offered, and the present one where it is another.
fn intervals(
    none: Text,
    offered: &[u32],
    present: Option<u32>,
    label: impl Fn(u32) -> String,
) -> Vec<Choice> {
    let mut all: Vec<u32> = offered.iter().copied().chain(present).collect();
    all.sort_unstable();
    all.dedup();
    let choices = all.into_iter().map(|it| Choice {
        value: it.to_string(),
        label: label(it),
        is_chosen: present == Some(it),
    });
    std::iter::once(choice("", none, present.is_none())).chain(choices).collect()
}

fn schedules(t: &Texts, present: Option<u32>) -> Vec<Choice> {
    intervals(t.schedule_none, &SCHEDULES, present, |it| every(t, it))
}

fn watches(t: &Texts, present: Option<u32>) -> Vec<Choice> {
    intervals(t.watch_none, &WATCHES, present, |it| t.watch_every(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_read_as_people_write_them() {
        assert_eq!(features(" Video  Wall, projector;Projector,,\n"), ["video-wall", "projector"]);
        assert_eq!(features(""), [""; 0]);
    }

    #[test]
    fn a_schedule_is_told_in_words_and_an_unusual_one_is_offered_too() {
        let t = wording::english();
        let labels: Vec<_> = schedules(t, Some(7)).into_iter().map(|it| it.label).collect();
        assert_eq!(
            labels[..4],
            ["No schedule", "every 5 minutes", "every 7 minutes", "every 10 minutes"]
        );
        assert_eq!(
            [every(t, 60), every(t, 90), every(t, 1_440), every(t, 10_080)],
            ["every hour", "every 90 minutes", "every day", "every 7 days"]
        );
        let chosen: Vec<_> = schedules(t, Some(7))
            .into_iter()
            .filter(|it| it.is_chosen)
            .map(|it| it.value)
            .collect();
        assert_eq!(chosen, ["7"]);
    }
}
