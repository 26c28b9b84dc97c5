//! The administration site at `/admin`: server-rendered pages, a file for each page and its actions.
//!
//! [`routes::routes`] declares every page and action once, with its access; `guard` enforces it.

mod access;
mod attention;
mod audit;
mod bookings;
mod clearing;
pub(super) mod frame;
pub(super) mod fuzzed;
pub(super) mod guard;
mod mail;
mod people;
mod report;
mod rooms;
pub mod routes;

pub use frame::kept::KeptForms;
pub use frame::once::SentForms;
pub use people::limits::SignInLimits;
pub(super) use rooms::picture::response as picture_response;
pub use routes::router;
