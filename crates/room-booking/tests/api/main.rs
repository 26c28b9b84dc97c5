//! The API as programs use it: real connections to the real server, on both databases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod abuse;
mod app;
mod bounds;
mod calendars;
mod change_event;
mod clear_bookings;
mod create_event;
mod delete_event;
mod everywhere;
mod free;
mod in_doubt;
#[path = "../common/in_process.rs"]
mod in_process;
mod keys;
mod list_events;
mod pages;
mod pending;
mod privacy;
