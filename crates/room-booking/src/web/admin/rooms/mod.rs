//! Calendars of rooms, their settings and priorities, and the servers they are on.

pub mod calendar;
pub mod calendar_settings;
pub mod calendars;
pub mod new_calendar;
pub mod people;
pub mod picture;
pub mod priorities;
mod priority_form;
pub mod removal;
pub mod servers;
mod settings_form;
pub mod tokens;
pub mod transfer;
