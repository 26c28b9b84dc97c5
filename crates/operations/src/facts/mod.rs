//! The values that are kept in the database and passed from the plan to the page: what happened to which
//! event. They hold moments and words of fixed lists; sentences and printed times are made where they are
//! shown.

mod event;
mod removal;

pub use event::Event;
pub(crate) use event::Kept as KeptEvent;
pub use removal::{Conflict, Removal, ShownBecause};
