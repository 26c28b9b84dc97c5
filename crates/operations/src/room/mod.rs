//! What is in a calendar, wherever it is kept: the texts of its events, read and listed.

mod absence;
pub mod backend;
pub(crate) mod built_in;
mod claim_key;
pub(crate) mod claims;
pub(crate) mod current_event;
pub(crate) mod free;
pub(crate) mod list;
pub(crate) mod object_row;
pub(crate) mod on_server;
pub(crate) mod open;
pub(crate) mod snapshot;
pub(crate) mod week;

pub(crate) use open::Room;
