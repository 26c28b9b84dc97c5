//! What is in a calendar, wherever it is kept: the texts of its events, and since when they hold their hours.

mod absence;
pub mod backend;
pub(crate) mod built_in;
mod claim_key;
pub(crate) mod claims;
pub(crate) mod edit_errors;
pub(crate) mod free;
pub(crate) mod keeper;
pub(crate) mod linked;
pub(crate) mod object_row;
pub(crate) mod on_server;
pub(crate) mod open;
pub(crate) mod snapshot;
pub(crate) mod work;

pub(crate) use open::Room;
