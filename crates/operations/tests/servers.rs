//! What operations do on real CalDAV servers: every behaviour on each server that was started for the
//! tests (`scripts/test-servers`). Where servers differ, `servers/expected.rs` says how.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "servers/answering.rs"]
mod answering;
#[path = "servers/booking.rs"]
mod booking;
#[path = "servers/clearing.rs"]
mod clearing;
#[path = "servers/discovery.rs"]
mod discovery;
#[path = "servers/expected.rs"]
mod expected;
#[path = "servers/failing.rs"]
mod failing;
#[path = "servers/ground.rs"]
mod ground;
#[path = "servers/held.rs"]
mod held;
#[path = "servers/invitations.rs"]
mod invitations;
#[path = "servers/names.rs"]
mod names;
#[path = "servers/reading.rs"]
mod reading;
#[path = "servers/restore.rs"]
mod restore;
#[path = "servers/two_sided.rs"]
mod two_sided;
