//! The week of a room, an event, and booking.

pub mod book;
pub mod change;
pub mod event;
pub mod week;
pub mod week_layout;
pub mod week_times;
