//! The administration site as browsers use it: real connections to the real server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod app;
mod beyond;
mod booking;
mod calendars;
mod change;
mod clearing;
mod day;
mod error_paths;
mod everywhere;
mod history;
#[path = "../common/in_process.rs"]
mod in_process;
mod languages;
mod links;
mod mail;
mod on_server;
mod people;
mod privacy;
mod removing;
mod report;
mod rooms;
mod routes;
mod second_factor;
mod security_events;
mod servers;
mod sign_in;
mod snapshots;
mod start;
mod templates;
mod tokens;
mod typed;
mod vouched;
mod webhooks;
mod week;
