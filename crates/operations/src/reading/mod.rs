//! What callers read: lists, the week of a room, the day of several, who has it now, the overview of all rooms. A calendar on a server is
//! brought up to date before.

pub(crate) mod day;
pub(crate) mod event_details;
pub(crate) mod find;
pub(crate) mod free_rooms;
pub(crate) mod known_people;
pub(crate) mod list;
mod names;
pub(crate) mod overview;
pub(crate) mod week;
