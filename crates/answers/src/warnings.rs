//! Warnings in words: what was read, but perhaps not as its writer meant it (section 2 of the contract).

use std::sync::Arc;

use clearing::WarningKind;
use ical::{Calendar, Encoding, Moment, Zone};
use serde::Serialize;
use wording::{Message, MessageId, Time, Value};

use crate::contents::Contents;

/// A warning about an object, as answers show it; in the order in which they list it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Warning {
    /// The calendar's name.
    pub calendar: Arc<str>,
    /// Its UID, or where it lies; of a whole file, that of its first object.
    pub object: String,
    /// [`WarningKind::code`].
    pub code: &'static str,
    /// What there is to know.
    pub detail: Message,
    /// Whether the object is PRIVATE or CONFIDENTIAL.
    #[serde(skip)]
    pub is_private: bool,
}

impl Warning {
    /// Takes out of it what people wrote: what a token is called, and what stands in the object.
    pub(crate) fn hide(&mut self) {
        let hidden = match self.detail.id {
            MessageId::TokenUsedUp => MessageId::ATokenUsedUp,
            MessageId::UnknownStatus => MessageId::AStatusIsUnknown,
            MessageId::ZoneAssumed => MessageId::AZoneIsAssumed,
            _ => return,
        };
        self.detail = hidden.into();
    }
}

/// The most masters of one UID that a warning names.
const MAX_MASTERS_NAMED: usize = 5;

/// What a warning about an object of a calendar says.
pub fn detail(calendar: &Calendar<'_>, zone: &Zone, kind: &WarningKind) -> Message {
    let shown = |moment: Moment| Time::new(zone, moment);
    match kind {
        WarningKind::Reading(ical::Warning::SeveralMasters { others }) => {
            let start = |index: &u32| {
                let event = calendar.event(*index as usize);
                Value::of_text(event.written_start().unwrap_or_default())
            };
            let mut named: Vec<Value> = others.iter().take(MAX_MASTERS_NAMED).map(start).collect();
            if others.len() > named.len() {
                named.push(Value::of_text("…"));
            }
            MessageId::several_masters(others.len() + 1, named)
        }
        WarningKind::Reading(ical::Warning::UnknownStatus { status }) => {
            MessageId::unknown_status(status)
        }
        WarningKind::Reading(ical::Warning::ZoneAssumed { tzid }) => {
            MessageId::zone_assumed(tzid, zone.name())
        }
        WarningKind::Reading(ical::Warning::LineEnds) => MessageId::LineEndsConverted.into(),
        WarningKind::Reading(ical::Warning::Encoding(Encoding::Utf16)) => {
            MessageId::Utf16Converted.into()
        }
        WarningKind::Reading(ical::Warning::Encoding(Encoding::Unknown)) => {
            MessageId::NotUtf8.into()
        }
        WarningKind::CreatedRefuted { created, not_seen_at } => {
            MessageId::created_refuted(shown(*created), shown(*not_seen_at))
        }
        WarningKind::TokenUsedUp { label } => MessageId::token_used_up(label),
    }
}

/// The warnings of a plan and of the file that it was made from, in the order of answers.
pub fn in_words(
    room: &Contents<'_>,
    plan: &[clearing::Warning],
    of_file: &[ical::Warning],
) -> Vec<Warning> {
    let calendar: Arc<str> = room.name.as_str().into();
    let objects = plan.iter().map(|it| (it.object, it.kind.clone()));
    let file = of_file.iter().map(|it| (0, it.clone().into()));
    let all: Vec<(usize, WarningKind)> = file.chain(objects).collect();
    let has_objects = !room.calendar.objects().is_empty();
    // The places of objects are counted in the order of the calendar.
    let places = match has_objects {
        true => room.places(all.iter().map(|(object, _)| *object)),
        false => vec!["line 1".to_owned(); all.len()],
    };
    let mut warnings: Vec<Warning> = places
        .into_iter()
        .zip(&all)
        .map(|(place, (object, kind))| Warning {
            calendar: Arc::clone(&calendar),
            object: place,
            code: kind.code(),
            detail: detail(&room.calendar, room.zones.calendar_zone(), kind),
            is_private: has_objects && room.is_private(*object),
        })
        .collect();
    warnings.sort();
    warnings
}
