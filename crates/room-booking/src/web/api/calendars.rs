//! `GET /api/calendars`

use axum::extract::{RawQuery, State};
use axum::response::IntoResponse;
use serde::Serialize;
use store::rooms::Room;

use crate::web::auth::{Authorized, Read};
use crate::web::problem::{Errors, Problem};
use crate::web::query::Query;
use crate::web::{App, schema};

#[derive(Serialize)]
struct CalendarList<'c> {
    calendars: Vec<Calendar<'c>>,
}

#[derive(Serialize)]
struct Calendar<'c> {
    calendar: &'c str,
    name: &'c str,
    time_zone: &'c str,
    #[serde(flatten)]
    room: RoomAnswer<'c>,
}

/// What a room is like.
#[derive(Serialize)]
pub(super) struct RoomAnswer<'r> {
    building: Option<&'r str>,
    floor: Option<&'r str>,
    capacity: Option<i64>,
    features: &'r [String],
    description: Option<&'r str>,
    /// Where its picture is; it needs the same right.
    picture: Option<String>,
}

impl<'r> RoomAnswer<'r> {
    pub fn of(app: &App, slug: &str, room: &'r Room) -> RoomAnswer<'r> {
        let address = || format!("{}/api/{slug}/picture", app.public_url());
        RoomAnswer {
            picture: room.has_picture.then(address),
            building: room.building.as_deref(),
            floor: room.floor.as_deref(),
            capacity: room.capacity,
            features: &room.features,
            description: room.description.as_deref(),
        }
    }
}

/// Lists the calendars that the key reaches
#[utoipa::path(
    get,
    path = "/api/calendars",
    tag = "Calendars",
    operation_id = "list_calendars",
    responses(
        (status = 200, description = "The calendars, by name", body = schema::CalendarList),
        Errors,
    ),
)]
pub async fn list(
    State(app): State<App>,
    Authorized { caller, .. }: Authorized<Read>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    Query::read(query.as_deref(), &[], &[]).finish()?;
    let list = async || {
        let (rooms, none) = (app.service.rooms().await?, Room::default());
        let calendars = caller.calendars.iter().map(|it| Calendar {
            calendar: &it.slug,
            name: &it.name,
            time_zone: &it.zone,
            room: RoomAnswer::of(&app, &it.slug, rooms.get(&it.id).unwrap_or(&none)),
        });
        let list = CalendarList { calendars: calendars.collect() };
        serde_json::to_vec(&list).map_err(|_| Problem::internal())
    };
    // As long as a caller is cached, so is this.
    Ok(super::json(caller.listed.get_or_try_init(list).await?.clone()))
}
