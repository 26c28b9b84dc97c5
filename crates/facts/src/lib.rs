//! The values that everything passes on and that the database keeps: what happened to which event, who did
//! what, and when. They hold moments and words of fixed lists; sentences and printed times are made where
//! they are shown.
//!
//! Nothing here reads a database, a network or a file. The one thing that is not a value is the
//! [`Clock`], which everything that asks for the time gets passed.

pub mod audit;
pub mod clock;
mod event;
mod ids;
mod kind;
mod link;
mod loss;
mod month;
mod removal;
pub mod time;
mod word;

pub use clock::Clock;
pub use event::{AuthorId, Event, KeptEvent, Ordered, Privacy};
pub use ids::{ALPHABET, new_id};
pub use kind::RemovalKind;
pub use link::{LinkDate, LinkSubject, MAX_LINK_DATES};
pub use loss::{KeptConflict, Loss};
pub use month::Month;
pub use removal::{Conflict, Removal, ShownBecause};
pub use word::Word;
