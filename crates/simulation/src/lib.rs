//! Histories of the whole program in one process: two processes of it on one database, a calendar
//! server, a mail server, people who book, move, cancel and lie, requests and answers that are lost or
//! late, crashes, restored backups. A seed decides everything, so that a history can be repeated.
//!
//! At the end all is calm, and a model that knows what everybody did says whether somebody lost an hour
//! that was his, whether everything that was removed has its record, its text and its message, whether
//! a double booking stayed, and whether what is restored has its bytes.
//!
//! Simulated time advances between operations and while a request is at the calendar server: never while
//! a statement is on its way to the database, whose threads know nothing of it.

#![allow(
    clippy::indexing_slicing,
    reason = "a history that cannot go on has failed, and says where"
)]

mod asks;
mod bugs;
mod built_in;
mod event;
mod gate;
mod jobs;
mod judge;
mod mail;
mod model;
mod overlaps;
mod people;
mod records;
mod replica;
mod request;
mod set_up;
mod since;
mod world;

pub use bugs::Bug;

/// What became of a history.
#[derive(Clone, Debug)]
pub struct History {
    /// What happened, line by line.
    pub log: Vec<String>,
    /// What was wrong.
    pub wrong: Vec<String>,
    /// How many objects were removed or changed by clearing, and how many emails arrived.
    pub counts: [usize; 2],
}

/// Runs the history of a seed, with a planted fault or without.
///
/// # Errors
///
/// If it cannot be run to its end.
pub fn run(seed: u64, bug: Option<Bug>) -> Result<History, String> {
    let mut world = world::World::new(seed, bug)?;
    world.run(seed)?;
    judge::judge(&mut world)
}
