//! `GET /api/free`

use axum::extract::{RawQuery, State};
use axum::response::IntoResponse;
use facts::time;
use ical::Zone;
use operations::{DEFAULT_FREE_ROOMS, FreeRoom, MAX_FREE_ROOMS, WantedRoom};
use serde::Serialize;

use super::calendars::RoomAnswer;
use crate::web::auth::{Authorized, Freebusy};
use crate::web::problem::{Errors, Problem};
use crate::web::query::Query;
use crate::web::{App, schema};

/// The most seats that can be asked for.
const MAX_SEATS: usize = 100_000;

#[derive(Serialize)]
struct FreeList<'f> {
    calendars: Vec<Free<'f>>,
}

#[derive(Serialize)]
struct Free<'f> {
    calendar: &'f str,
    name: &'f str,
    time_zone: &'f str,
    #[serde(flatten)]
    room: RoomAnswer<'f>,
    dates: usize,
    dates_taken: usize,
    taken: Vec<Interval>,
}

#[derive(Serialize)]
struct Interval {
    start: String,
    end: String,
}

impl<'f> Free<'f> {
    fn of(app: &App, it: &'f FreeRoom) -> Free<'f> {
        let zone = Zone::iana(&it.calendar.zone).unwrap_or_else(Zone::utc);
        let moment = |at| time::rfc3339(&zone, at);
        let taken = it.taken.iter();
        Free {
            calendar: &it.calendar.slug,
            name: &it.calendar.name,
            time_zone: &it.calendar.zone,
            room: RoomAnswer::of(app, &it.calendar.slug, &it.room),
            dates: it.dates,
            dates_taken: it.dates_taken,
            taken: taken.map(|it| Interval { start: moment(it.0), end: moment(it.1) }).collect(),
        }
    }
}

/// Finds free rooms
///
/// The rooms within the key's reach that have the wanted properties and are free for the whole time, the smallest that
/// have the seats first. With `rrule`, rooms that are free on all dates come first, then those with the fewest taken
/// dates. Times without an offset are in the zone of each calendar. Of calendars on servers, what was last seen
/// counts: book with `only_if_free`, which asks the server.
#[utoipa::path(
    get,
    path = "/api/free",
    tag = "Calendars",
    operation_id = "find_free",
    params(schema::FreeParameters),
    responses(
        (status = 200, description = "The rooms", body = schema::FreeList),
        Errors,
    ),
)]
pub async fn find(
    State(app): State<App>,
    Authorized { caller, .. }: Authorized<Freebusy>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    let known = ["start", "end", "rrule", "capacity", "feature", "building", "limit"];
    let mut query = Query::read(query.as_deref(), &known, &["feature"]);
    let capacity = query.number("capacity", 1, MAX_SEATS);
    let limit = query.number("limit", 1, MAX_FREE_ROOMS).unwrap_or(DEFAULT_FREE_ROOMS);
    let text = |name: &str| query.value(name).map(str::to_owned);
    let wanted = WantedRoom {
        start: query.time_text("start"),
        end: query.time_text("end"),
        rrule: text("rrule"),
        capacity: capacity.and_then(|it| i64::try_from(it).ok()),
        features: query.values("feature").map(str::to_owned).collect(),
        building: text("building"),
        limit,
    };
    query.finish()?;
    let found = app.service.free_rooms(&caller.calendars, &wanted).await?;
    let list = FreeList { calendars: found.iter().map(|it| Free::of(&app, it)).collect() };
    let body = serde_json::to_vec(&list).map_err(|_| Problem::internal())?;
    Ok(super::json(body))
}
