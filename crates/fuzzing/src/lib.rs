//! Fuzz targets: properties that hold for any input.
//!
//! Each function handles its input like the program handles a calendar file or a server's answer,
//! and panics if a property is violated. The fuzz targets in `fuzz/` call them with the fuzzer's
//! inputs; `tests/corpus.rs` calls them with the corpus and mutations of it, in every run of the
//! tests.
//!
//! [`scan`], [`multistatus`], [`template()`] and [`typed`] read their input as it stands. [`vouched`] does so too, and, like [`head`], [`request`] and
//! [`letter`], reads it as a first line, further lines, and a body behind an empty line. For the others the first
//! [`parameters::LENGTH`] bytes choose a time zone, a window and so on, and the calendar follows them.

#![expect(clippy::panic, reason = "a panic is how a fuzz target says that something is wrong")]

mod check;
mod edit;
mod expand;
mod head;
mod letter;
mod lines;
mod multistatus;
pub mod parameters;
#[cfg(feature = "program")]
mod request;
mod scan;
mod sections;
mod template;
#[cfg(feature = "program")]
mod typed;
mod vouched;

pub use check::check;
pub use edit::edit;
pub use expand::expand;
pub use head::head;
pub use letter::letter;
pub use multistatus::multistatus;
#[cfg(feature = "program")]
pub use request::request;
pub use scan::scan;
pub use template::template;
#[cfg(feature = "program")]
pub use typed::typed;
pub use vouched::vouched;
