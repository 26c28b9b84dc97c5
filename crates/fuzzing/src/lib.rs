//! What must hold for any bytes at all.
//!
//! Each function does with its input what the program does with a calendar that a stranger wrote,
//! or with the answer of a server, and panics where something is wrong that no input may make wrong. The fuzz targets in `fuzz/`
//! call them with what the fuzzer thinks up; `tests/corpus.rs` with the corpus and with mutations
//! of it, in every run of the tests.
//!
//! [`scan`] and [`multistatus`] read their input as it stands. For the others the first [`parameters::LENGTH`] bytes
//! choose a time zone, a window and so on, and the calendar follows them.

#![expect(clippy::panic, reason = "a panic is how a fuzz target says that something is wrong")]

mod check;
mod edit;
mod expand;
mod lines;
mod multistatus;
pub mod parameters;
mod scan;

pub use check::check;
pub use edit::edit;
pub use expand::expand;
pub use multistatus::multistatus;
pub use scan::scan;
