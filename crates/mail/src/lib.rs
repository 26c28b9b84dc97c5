//! Mail: templates, messages and SMTP.
//!
//! A [`Template`] is checked when it is saved, and rendered with a [`Notice`] when a message is sent. Both are
//! bounded in time and memory, also for a hostile template. [`Sender::email`] makes an email from the result,
//! and a [`Transport`] sends it to a mail server. The crate depends on no database and no calendar.
//!
//! # Example: a message about a removed booking
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

mod authorities;
mod calendar_file;
mod choices;
pub mod defaults;
mod engine;
mod fault;
pub mod limits;
mod links;
mod logo;
mod mailer;
mod message;
mod moment;
mod names;
mod note_texts;
mod notes;
mod notice;
mod operators;
mod problem;
mod renderer;
pub mod samples;
mod sandbox;
mod smtp;
mod stream;
mod strftime;
mod template;
mod tone;
mod transport;
mod untrusted;

pub use authorities::{AuthoritiesFault, read_authorities};
pub use calendar_file::CalendarFile;
pub use choices::{ChoiceFault, TemplateChoices, TemplatePart};
pub use engine::Fault;
pub use fault::SmtpFault;
pub use links::{FreeRoom, Links, MoveLink};
pub use logo::{Logo, NoLogo};
pub use mailer::Mailer;
pub use message::{AddressOf, Content, Email, EmailError, Sender, domain_to_ascii, is_address};
pub use names::Language;
pub use notes::Note;
pub use notice::{Because, Event, Notice, Occurrence, VARIABLES, Warning, WarningStage};
pub use problem::TemplateProblem;
pub use renderer::{Confinement, Renderer, render_for_another};
pub use sandbox::confine;
pub use smtp::{ConnectError, Security, Smtp, SmtpSession, Timeouts, Trouble};
pub use template::{Part, Rendered, Template, TemplateError};
pub use tone::Tone;
pub use transport::{Accepted, Failure, Memory, SendError, Session, Transport, Waiting};
