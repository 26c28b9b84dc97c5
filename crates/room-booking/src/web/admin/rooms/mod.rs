//! Calendars of rooms, their settings and priorities, and the servers they are on.

pub mod calendar;
pub mod calendar_settings;
pub mod calendars;
pub mod new_calendar;
pub mod priorities;
pub mod servers;
pub mod tokens;
pub mod transfer;
