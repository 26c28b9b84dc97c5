//! The values that are kept in the database and passed from the plan to the page: what happened to which
//! event. They hold moments and words of fixed lists; sentences and printed times are made where they are
//! shown.

mod event;
mod loss;
mod removal;

pub(crate) use event::Kept as KeptEvent;
pub use event::{Event, Ordered, Privacy};
pub(crate) use loss::{KeptConflict, Loss};
pub use removal::{Conflict, Removal, ShownBecause};
