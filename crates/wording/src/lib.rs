//! What people read: catalogues of messages in each language, and messages as ids with arguments.
//!
//! The catalogues are Fluent files in `i18n`, a folder for each language. When the crate is built they are
//! checked against each other and compiled in, and each message becomes a name in Rust: a variant of
//! [`MessageId`] for what operations say, a field or a function of [`Texts`] for what the site says. The
//! crate knows neither the database nor HTTP.

mod message;
mod texts;
mod time;
mod words;

pub use message::{Argument, Kind, Message, MessageId, Number, Time, Value};
pub use texts::{ALL, Language, Text, Texts, english, preferred};
pub use time::rfc3339;
pub use words::{Words, clock_at};
