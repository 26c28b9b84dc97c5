//! The day of all rooms, the week of a room, an event, and booking.

pub mod book;
pub mod change;
mod confirmed;
pub mod day;
pub mod day_rooms;
pub mod event;
pub mod find_room;
pub mod month;
pub mod places;
pub mod series;
pub mod times;
pub mod week;
pub mod week_columns;
pub mod week_layout;
pub mod week_times;
