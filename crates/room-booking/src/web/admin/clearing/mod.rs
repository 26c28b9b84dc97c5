//! The preview of a clear, its runs, and the history of what was removed.

pub mod history;
pub mod pending;
pub mod preview;
pub mod reasons;
pub mod runs;
