//! What a room is like: where it is, its seats and features.

use std::collections::HashMap;

use facts::audit::{Action, Entry, FactValue, Field, Values, differences};
use store::CalendarId;
use store::audit::Actor;
use store::calendars::{self, Calendar};
use store::rooms::{self, Room};

use crate::{Error, FieldError, Message, MessageId, Result, Service};

/// The most characters of a building or a floor.
const MAX_PLACE: usize = 100;
/// The most seats.
const MAX_SEATS: i64 = 100_000;
/// The most features.
const MAX_FEATURES: usize = 30;
/// The most characters of a feature.
const MAX_FEATURE: usize = 40;
/// The most characters of a description.
const MAX_DESCRIPTION: usize = 1_000;

impl Service {
    /// What the room of a calendar is like.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the calendar is not there (any more).
    pub async fn room(&self, calendar: &Calendar) -> Result<Room> {
        let room = rooms::of(&self.store, calendar.id).await?;
        room.ok_or_else(|| Error::no_calendar(&calendar.slug))
    }

    /// What the rooms of all calendars are like.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn rooms(&self) -> Result<HashMap<CalendarId, Room>> {
        Ok(rooms::all(&self.store).await?)
    }

    /// Writes what the room of a calendar is like, over the version of the calendar's settings.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for values out of bounds; [`Error::NotFound`] if the calendar is not there (any more);
    /// [`Error::Conflict`] with [`MessageId::SavedMeanwhile`] if its settings have another version.
    pub async fn set_room(&self, actor: &Actor, calendar: &Calendar, room: &Room) -> Result<()> {
        check_room(room).map_err(Error::Invalid)?;
        let transaction = self.store.begin().await?;
        calendars::lock(&transaction, calendar.id).await?;
        let before = rooms::of(&transaction, calendar.id).await?;
        let before = before.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let changed = differences(values_of(&before), values_of(room));
        if changed.is_empty() {
            return Ok(());
        }
        if !rooms::set(&transaction, calendar.id, calendar.version, room).await? {
            return Err(Error::Conflict(MessageId::SavedMeanwhile.into()));
        }
        let entry = Entry::new(Action::CalendarChanged, &calendar.slug).with_all(changed);
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }
}

fn values_of(room: &Room) -> Values {
    vec![
        (Field::Building, FactValue::optional(room.building.as_deref())),
        (Field::Floor, FactValue::optional(room.floor.as_deref())),
        (Field::Capacity, room.capacity.map_or(FactValue::NotSet, FactValue::Number)),
        (Field::Features, FactValue::texts(&room.features)),
        (Field::Description, FactValue::optional(room.description.as_deref())),
    ]
}

/// All that is wrong with what a room is said to be like.
fn check_room(room: &Room) -> std::result::Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: Message| errors.push(FieldError::new(field, message));
    for (field, text, most) in [
        ("building", &room.building, MAX_PLACE),
        ("floor", &room.floor, MAX_PLACE),
        ("room description", &room.description, MAX_DESCRIPTION),
    ] {
        let text = text.as_deref().unwrap_or_default();
        let is_control = |it: char| it.is_control() && !(most == MAX_DESCRIPTION && it == '\n');
        if text.chars().count() > most || text.chars().any(is_control) {
            wrong(field, MessageId::room_text_too_long(most));
        }
    }
    if room.capacity.is_some_and(|it| !(1..=MAX_SEATS).contains(&it)) {
        wrong("capacity", MessageId::seats_between(1, MAX_SEATS));
    }
    let is_word = |it: &String| {
        let is_letter =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=MAX_FEATURE).contains(&it.len()) && it.bytes().all(is_letter)
    };
    if room.features.len() > MAX_FEATURES {
        wrong("features", MessageId::too_many_features(MAX_FEATURES));
    } else if !room.features.iter().all(is_word) {
        wrong("features", MessageId::features_form(MAX_FEATURE));
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_described_up_to_the_bounds_and_no_further() {
        let text = |length: usize| Some("ä".repeat(length));
        let most = Room {
            building: text(MAX_PLACE),
            floor: text(MAX_PLACE),
            capacity: Some(MAX_SEATS),
            features: vec!["a".repeat(MAX_FEATURE); MAX_FEATURES],
            description: text(MAX_DESCRIPTION),
        };
        assert_eq!(check_room(&most).map_err(|it| it.len()), Ok(()));
        assert_eq!(check_room(&Room::default()).map_err(|it| it.len()), Ok(()));
        let many = Room { features: vec!["a".to_owned(); MAX_FEATURES + 1], ..most.clone() };
        let over = Room {
            building: text(MAX_PLACE + 1),
            floor: Some("1\n2".to_owned()),
            capacity: Some(MAX_SEATS + 1),
            features: vec!["Video wall".to_owned()],
            description: text(MAX_DESCRIPTION + 1),
        };
        let fields = |room: &Room| -> Vec<String> {
            check_room(room).unwrap_err().into_iter().map(|it| it.field).collect()
        };
        assert_eq!(fields(&many), ["features"]);
        let all = ["building", "floor", "room description", "capacity", "features"];
        assert_eq!(fields(&over), all);
        assert_eq!(fields(&Room { capacity: Some(0), ..most }), ["capacity"]);
    }
}
