//! Rooms: location, features, description and picture (section 9). They belong to a calendar's
//! settings, but are read only where rooms are shown.

use std::collections::HashMap;

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction};

/// The properties of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// The building.
    pub building: Option<String>,
    /// The floor.
    pub floor: Option<String>,
    /// Its number of seats.
    pub capacity: Option<i64>,
    /// Its features, such as `projector`.
    pub features: Vec<String>,
    /// Its description.
    pub description: Option<String>,
    /// Whether it has a picture. It is set by [`set_picture`] alone.
    pub has_picture: bool,
}

/// The room of a calendar; `None` if there is no such calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn of(access: &impl Access, id: CalendarId) -> Result<Option<Room>> {
    let sql = format!("{ROWS} WHERE id = $1 AND removed_at IS NULL");
    let row = sql::one::<Row>(access, &sql, values![id]).await?;
    row.map(|row| Ok(row.room()?.1)).transpose()
}

/// The rooms of all calendars.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access) -> Result<HashMap<CalendarId, Room>> {
    let rows = sql::all::<Row>(access, ROWS, Vec::new()).await?;
    rows.into_iter().map(Row::room).collect()
}

#[derive(FromQueryResult)]
struct Row {
    id: CalendarId,
    building: Option<String>,
    floor: Option<String>,
    capacity: Option<i64>,
    features: String,
    description: Option<String>,
    has_picture: bool,
}

const ROWS: &str = "SELECT id, building, floor, capacity, features, description, \
                      EXISTS (SELECT 1 FROM calendar_pictures WHERE calendar_id = id) AS has_picture \
                    FROM calendars";

impl Row {
    fn room(self) -> Result<(CalendarId, Room)> {
        let Row { id, building, floor, capacity, features, description, has_picture } = self;
        let features = serde_json::from_str(&features)?;
        Ok((id, Room { building, floor, capacity, features, description, has_picture }))
    }
}

/// Writes the room of a calendar if the version of the calendar's settings is still the given one;
/// returns whether it was.
///
/// # Errors
///
/// When the database fails.
pub async fn set(
    transaction: &Transaction,
    id: CalendarId,
    version: i64,
    room: &Room,
) -> Result<bool> {
    let sql = "UPDATE calendars SET building = $3, floor = $4, capacity = $5, features = $6, \
               description = $7, version = version + 1 WHERE id = $1 AND version = $2";
    let Room { building, floor, capacity, features, description, .. } = room.clone();
    let features = serde_json::to_string(&features)?;
    let values = values![id, version, building, floor, capacity, features, description];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// A picture of a room.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Picture {
    /// Its media type (RFC 6838), such as `image/png`.
    pub media_type: String,
    /// The bytes of the file.
    pub picture: Vec<u8>,
}

/// The picture of a calendar's room, if it has one.
///
/// # Errors
///
/// When the database fails.
pub async fn picture(access: &impl Access, id: CalendarId) -> Result<Option<Picture>> {
    let sql = "SELECT media_type, picture FROM calendar_pictures WHERE calendar_id = $1";
    sql::one(access, sql, values![id]).await
}

/// Sets the picture of a calendar's room, or removes it.
///
/// # Errors
///
/// [`crate::Error::Reference`] if there is no such calendar.
pub async fn set_picture(
    transaction: &Transaction,
    id: CalendarId,
    picture: Option<&Picture>,
) -> Result<()> {
    let Some(Picture { media_type, picture }) = picture.cloned() else {
        let sql = "DELETE FROM calendar_pictures WHERE calendar_id = $1";
        sql::run(transaction, sql, values![id]).await?;
        return Ok(());
    };
    let sql = "INSERT INTO calendar_pictures (calendar_id, media_type, picture) VALUES ($1, $2, $3) \
               ON CONFLICT (calendar_id) DO UPDATE SET media_type = excluded.media_type, \
               picture = excluded.picture";
    sql::run(transaction, sql, values![id, media_type, picture]).await?;
    Ok(())
}
