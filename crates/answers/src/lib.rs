//! Calendars as answers show them: the events of a calendar's text, its occurrences in a window, the report
//! of a clear, the names of its entries, and what of all this a reader may see.
//!
//! Nothing here reads a database or a network: `check`, `clear` and `events` on files need nothing else.

pub mod contents;
pub mod entry_key;
mod json;
pub mod occurrences;
pub mod organizers;
mod reader;
pub mod report;
pub mod usage;
pub mod warnings;

pub use entry_key::EntryKey;
pub use reader::{PRIVATE, Reader};
