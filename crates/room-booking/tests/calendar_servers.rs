//! Real processes before CalDAV servers: two of ours on one database do what one would, and servers
//! that mean harm get neither memory nor passwords.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests of real processes wait by the real clock")]

#[path = "common/at_once.rs"]
mod at_once;
#[path = "calendar_servers/harm.rs"]
mod harm;
#[path = "calendar_servers/two.rs"]
mod two;
#[path = "faults/world.rs"]
mod world;
