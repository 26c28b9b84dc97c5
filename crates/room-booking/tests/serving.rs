//! Serving: when the server is ready, how it ends, and a disk without space.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "these tests are about real time and real processes")]

#[path = "serving/full_disk.rs"]
mod full_disk;
#[path = "common/in_process.rs"]
mod in_process;
#[path = "serving/readiness.rs"]
mod readiness;
#[path = "serving/shutdown.rs"]
mod shutdown;
