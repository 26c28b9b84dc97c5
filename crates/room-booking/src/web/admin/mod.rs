//! The administration site at `/admin`: server-rendered pages, a file for each page and its actions.
//!
//! [`routes::routes`] declares every page and action once, with its access; `guard` enforces it.

mod access;
mod account;
mod audit;
mod audit_words;
mod book;
mod calendar;
mod calendar_settings;
mod calendars;
mod cookie;
mod errors;
mod event;
mod field;
mod form;
mod format;
mod guard;
mod history;
mod keys;
mod limits;
mod links;
mod new_calendar;
mod once;
mod outbox;
mod page;
mod pager;
mod preview;
mod priorities;
mod reasons;
mod request_context;
pub mod routes;
mod runs;
mod servers;
mod sign_in;
mod start;
mod templates;
mod text;
mod tokens;
mod transfer;
mod users;
mod way_back;
mod week;
mod week_layout;
mod week_times;

pub use limits::SignInLimits;
pub use once::SentForms;
pub use routes::router;
