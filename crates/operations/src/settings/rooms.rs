//! What a room is like: where it is, its seats and features.

use std::collections::HashMap;

use facts::audit::{Action, Entry, Fact, FactValue, Field, Values, differences};
use store::CalendarId;
use store::audit::Actor;
use store::calendars::{self, Calendar};
use store::rooms::{self, Picture, Room};

use crate::{Error, FieldError, Message, MessageId, Result, Service};

/// The most characters of a building or a floor.
const MAX_PLACE: usize = 100;
/// The most seats.
const MAX_SEATS: i64 = 100_000;
/// The most features.
pub(crate) const MAX_FEATURES: usize = 30;
/// The most characters of a feature.
const MAX_FEATURE: usize = 40;
/// The most characters of a description.
const MAX_DESCRIPTION: usize = 1_000;
/// The largest picture, in MiB.
const MAX_PICTURE_MIB: usize = 2;
/// The largest picture, in bytes.
pub const MAX_PICTURE: usize = MAX_PICTURE_MIB << 20;

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

    /// The picture of a calendar's room, if it has one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn picture(&self, calendar: &Calendar) -> Result<Option<Picture>> {
        Ok(rooms::picture(&self.store, calendar.id).await?)
    }

    /// Sets the picture of a calendar's room. What it is, is judged by its content alone.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if it is no PNG, JPEG or WebP, or larger than [`MAX_PICTURE`]; [`Error::NotFound`] if the
    /// calendar is not there (any more).
    pub async fn set_picture(
        &self,
        actor: &Actor,
        calendar: &Calendar,
        bytes: Vec<u8>,
    ) -> Result<()> {
        let media_type = media_type(&bytes)
            .ok_or_else(|| Error::invalid("picture", MessageId::PictureForm))?
            .to_owned();
        if bytes.len() > MAX_PICTURE {
            let message = MessageId::picture_too_large(MAX_PICTURE_MIB);
            return Err(Error::invalid("picture", message));
        }
        let picture = Picture { media_type, picture: bytes };
        self.write_picture(actor, calendar, Some(&picture)).await
    }

    /// Removes the picture of a calendar's room; that there is none is no error.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the calendar is not there (any more).
    pub async fn remove_picture(&self, actor: &Actor, calendar: &Calendar) -> Result<()> {
        self.write_picture(actor, calendar, None).await
    }

    async fn write_picture(
        &self,
        actor: &Actor,
        calendar: &Calendar,
        picture: Option<&Picture>,
    ) -> Result<()> {
        let transaction = self.store.begin().await?;
        if !calendars::hold(&transaction, calendar.id).await? {
            return Err(Error::no_calendar(&calendar.slug));
        }
        let before = rooms::picture(&transaction, calendar.id).await?;
        if before.as_ref() == picture {
            return Ok(());
        }
        rooms::set_picture(&transaction, calendar.id, picture).await?;
        let fact = Fact {
            field: Field::Picture,
            before: Some(FactValue::YesNo(before.is_some())),
            value: FactValue::YesNo(picture.is_some()),
        };
        let entry = Entry::new(Action::CalendarChanged, &calendar.slug).with_all(vec![fact]);
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }
}

/// Which of the kinds that are taken a picture is, by the bytes that it begins with.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let is_webp =
        bytes.starts_with(b"RIFF") && bytes.get(8..16).is_some_and(|it| it.starts_with(b"WEBPVP8"));
    match bytes {
        _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") => Some("image/png"),
        _ if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) => Some("image/jpeg"),
        _ if is_webp => Some("image/webp"),
        _ => None,
    }
}

pub(super) fn values_of(room: &Room) -> Values {
    vec![
        (Field::Building, FactValue::optional(room.building.as_deref())),
        (Field::Floor, FactValue::optional(room.floor.as_deref())),
        (Field::Capacity, room.capacity.map_or(FactValue::NotSet, FactValue::Number)),
        (Field::Features, FactValue::texts(&room.features)),
        (Field::Description, FactValue::optional(room.description.as_deref())),
    ]
}

/// All that is wrong with what a room is said to be like.
pub(super) fn check_room(room: &Room) -> std::result::Result<(), Vec<FieldError>> {
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
            has_picture: false,
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
            has_picture: false,
        };
        let fields = |room: &Room| -> Vec<String> {
            check_room(room).unwrap_err().into_iter().map(|it| it.field).collect()
        };
        assert_eq!(fields(&many), ["features"]);
        let all = ["building", "floor", "room description", "capacity", "features"];
        assert_eq!(fields(&over), all);
        assert_eq!(fields(&Room { capacity: Some(0), ..most }), ["capacity"]);
    }

    #[test]
    fn a_picture_is_what_its_bytes_say_and_a_page_in_disguise_is_none() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0";
        assert_eq!(media_type(png), Some("image/png"));
        assert_eq!(media_type(&[0xFF, 0xD8, 0xFF, 0xE0]), Some("image/jpeg"));
        assert_eq!(media_type(b"RIFF\x10\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".as_slice(),
            b"<html>",
            b"GIF89a",
            b"RIFF\x10\0\0\0WAVEfmt ",
            b"RIFF",
            b"\x89PNG",
            b" \x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            b"",
        ] {
            assert_eq!(media_type(other), None, "{other:?}");
        }
    }
}
