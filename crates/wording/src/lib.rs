//! Catalogues of messages in each language, and messages as ids with arguments.
//!
//! The catalogues are Fluent files in `i18n`, a folder for each language. The build checks them
//! against each other and compiles them in; each message becomes a name in Rust: a variant of
//! [`MessageId`] for messages of operations, a field or a function of [`Texts`] for the site. The
//! crate depends on neither the database nor HTTP.

mod message;
mod texts;
mod time;
mod unreadable;
mod words;

pub use message::{Argument, ArgumentKind, Message, MessageId, Number, Time, Value};
pub use texts::{ALL, Language, Text, Texts, english, named, preferred};
pub use time::{Rfc3339, rfc3339};
pub use unreadable::{problem_of, unreadable, unreadable_without_value};
pub use words::{Words, clock_at};
