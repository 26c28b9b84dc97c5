//! Mail: templates that anybody may write, messages that any server takes, and the way there.
//!
//! A [`Template`] is checked when it is saved and rendered with a [`Notice`] when a message is sent;
//! both are bounded in time and memory, whoever wrote the template. [`Sender::letter`] makes a letter of
//! what it rendered to, and a [`Transport`] takes it to a server. Nothing here knows of databases or of
//! calendars.
//!
//! # How do I write to somebody whose booking was removed?
//!
//! ```
//! use mail::{Template, samples};
//!
//! let template = Template {
//!     subject: "{{ name }} was removed".to_owned(),
//!     text: "It was on {{ start.strftime('%d.%m.%Y') }}, {{ (end - start).seconds // 60 }} minutes."
//!         .to_owned(),
//!     html: None,
//! };
//! template.check()?;
//! let rendered = template.render(&samples::named("deleted").unwrap().notice)?;
//! assert_eq!(rendered.text, "It was on 02.03.2026, 60 minutes.");
//! # Ok::<(), mail::TemplateError>(())
//! ```

pub mod defaults;
mod engine;
pub mod limits;
mod message;
mod moment;
mod names;
mod notes;
mod notice;
mod operators;
mod renderer;
pub mod samples;
mod smtp;
mod stream;
mod strftime;
mod template;
mod transport;

pub use engine::Fault;
pub use message::{Letter, LetterError, Sender, is_address};
pub use notes::Note;
pub use notice::{Because, Event, Notice, Occurrence, VARIABLES};
pub use renderer::{Renderer, render_for_another};
pub use smtp::{ConnectError, Patience, Security, Smtp, SmtpSession, Trouble, read_authorities};
pub use template::{Part, Rendered, Template, TemplateError};
pub use transport::{Failure, Memory, SendError, Session, Transport, Waiting};
