//! Rooms, users, keys and clients: what the tests of `operations`, `simulation` and `room-booking` set up.
//! Databases, calendar files, processes and CalDAV servers are in the crate `testing`, which needs nothing
//! of the program but its store.
//!
//! - [`clock`]: the present of tests, and moments in short;
//! - [`setup`]: a service on a database, and users, keys, calendars and templates in it;
//! - [`room`]: a room of the program's own;
//! - [`on_server`]: a room on a CalDAV server in memory;
//! - [`report`]: what a clear reports, in short;
//! - [`history`]: the history of a database, to judge it as a whole;
//! - [`batch`]: two rooms full of double bookings, for processes under load;
//! - [`snapshot`]: whole pages, mails and answers, compared with what is kept in files;
//! - [`web`]: clients of the API and of the site.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

pub mod batch;
pub mod clock;
pub mod history;
pub mod on_server;
pub mod report;
pub mod room;
pub mod setup;
pub mod snapshot;
pub mod web;

pub use clock::{NOW, at, days, moment, seconds, window};
pub use report::{in_english, short, told};
pub use room::Room;
pub use setup::{Setup, administrator, starter, user};
pub use testing::ics::{Event, bare, event, file, stamp};
