//! The client against a server of the tests' own, which answers what real ones were recorded to answer,
//! and what hostile ones might.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod changes;
mod conditions;
mod digest;
mod discovery;
mod guard;
mod hostile;
mod nextcloud;
mod pauses;
mod reading;
mod recorded;
mod server;
mod sync;
mod tls;
mod transport;
mod writing;
