//! What answers say of rooms.

use utoipa::{IntoParams, ToSchema};

/// A calendar that the key can access.
#[derive(ToSchema)]
pub struct Calendar {
    /// Its name in paths.
    #[schema(example = "meeting-room-1")]
    calendar: String,
    /// Its name for people.
    #[schema(example = "Meeting room 1")]
    name: String,
    /// IANA name of its time zone.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    /// The building.
    #[schema(example = "North wing")]
    building: Option<String>,
    /// The floor.
    #[schema(example = "2")]
    floor: Option<String>,
    /// The number of seats.
    #[schema(example = 12, minimum = 1)]
    capacity: Option<i64>,
    /// Its features.
    #[schema(example = json!(["projector", "whiteboard"]))]
    features: Vec<String>,
    /// A description.
    description: Option<String>,
    /// Where its picture is, if it has one: `GET` it with the same key.
    #[schema(example = "https://rooms.example.org/api/meeting-room-1/picture")]
    picture: Option<String>,
}

/// The calendars that the key can access, by name.
#[derive(ToSchema)]
pub struct CalendarList {
    calendars: Vec<Calendar>,
}

/// The parameters of a search for free rooms.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FreeParameters {
    /// A date or date-time
    start: String,
    /// Exclusive; a date if the start is one
    end: String,
    /// A recurrence rule (RFC 5545), for a series
    rrule: Option<String>,
    /// The fewest seats; rooms without a number of seats are left out
    #[param(minimum = 1, maximum = 100_000)]
    capacity: Option<u32>,
    /// A feature that it has to have; may be repeated
    feature: Option<Vec<String>>,
    /// Its building
    building: Option<String>,
    /// The largest number of rooms in the answer; without it, 20
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Free rooms.
#[derive(ToSchema)]
pub struct FreeList {
    calendars: Vec<FreeRoom>,
}

/// A room, with how many of the wanted dates are taken.
#[derive(ToSchema)]
pub struct FreeRoom {
    #[serde(flatten)]
    calendar: Calendar,
    /// How many dates are wanted: 1 but for a series.
    dates: usize,
    /// How many of them are taken; 0 without `rrule`.
    dates_taken: usize,
    /// The taken dates, at most 100.
    taken: Vec<TakenDate>,
}

/// A date that is taken.
#[derive(ToSchema)]
pub struct TakenDate {
    /// When it begins, in the calendar's zone.
    #[schema(format = DateTime)]
    start: String,
    /// When it ends; exclusive.
    #[schema(format = DateTime)]
    end: String,
}
