//! Why an operation was not done. It knows nothing of HTTP: each caller words it in its own way.

use answers::Reader;
use facts::Event;
use wording::{Message, MessageId};

/// A field of what was asked, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The field's name.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: Message,
    /// Of an error in a mail template: where it is.
    #[serde(skip)]
    pub position: Option<TemplatePosition>,
}

/// Where an error in a mail template is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplatePosition {
    /// The part of the template.
    pub part: ::mail::Part,
    /// The line in that part, counted from 1, where it is known.
    pub line: Option<usize>,
}

impl FieldError {
    /// That something is wrong with a field.
    pub fn new(field: &str, message: impl Into<Message>) -> FieldError {
        FieldError { field: field.to_owned(), message: message.into(), position: None }
    }

    /// The same of an error in a mail template.
    pub fn at(self, position: TemplatePosition) -> FieldError {
        FieldError { position: Some(position), ..self }
    }

    /// That something is wrong with a field, in the words of the caller.
    pub fn quoted(field: &str, message: impl std::fmt::Display) -> FieldError {
        FieldError::new(field, Message::quoted(message))
    }
}

/// Why an operation was not done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the caller may not know of it.
    #[error("{0}")]
    NotFound(Message),
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(Message),
    /// Values are out of their bounds.
    #[error("{}", fields(.0))]
    Invalid(Vec<FieldError>),
    /// The room is taken: these events are in the way.
    #[error("{}", MessageId::RoomTaken)]
    Taken(Vec<Event>),
    /// What is there is not what the caller goes by.
    #[error("{0}")]
    Conflict(Message),
    /// What is there is another version than the one that the caller named.
    #[error("{0}")]
    Outdated(Message),
    /// It takes too long.
    #[error("{0}")]
    Busy(Message),
    /// The caller has done it too often.
    #[error("{said}")]
    TooMany {
        /// How often it may.
        said: Message,
        /// How many seconds to wait.
        retry_after: u64,
    },
    /// A request to the calendar's server failed: what it came to, and what to do.
    #[error("{detail}")]
    Server {
        /// A sentence.
        detail: Message,
        /// Whether it took too long.
        is_timeout: bool,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Something that should not have happened.
    #[error("{0}")]
    Internal(String),
}

/// What an operation comes to.
pub type Result<T> = std::result::Result<T, Error>;

fn fields(errors: &[FieldError]) -> String {
    let sentences: Vec<_> =
        errors.iter().map(|error| format!("{} {}", error.field, error.message)).collect();
    sentences.join("; ")
}

impl Error {
    /// Whether the database fails as a whole. Damaged data concern the one thing that was asked for.
    pub fn is_outage(&self) -> bool {
        matches!(self, Error::Store(error) if !matches!(error, store::Error::Damaged(_)))
    }

    /// That one field is wrong.
    pub fn invalid(field: &str, message: impl Into<Message>) -> Error {
        Error::Invalid(vec![FieldError::new(field, message)])
    }

    /// That there is no calendar of that name, or that it is none of the caller's business.
    pub fn no_calendar(slug: &str) -> Error {
        Error::NotFound(MessageId::no_calendar_of_yours(slug))
    }

    /// That a calendar holds no event of a UID.
    pub fn no_event(slug: &str, uid: &str) -> Error {
        Error::NotFound(MessageId::no_event(slug, uid))
    }

    /// That an event has no occurrence of that start.
    pub fn no_occurrence(uid: &str) -> Error {
        Error::NotFound(MessageId::no_occurrence(uid))
    }

    /// It as a reader may see it: it may name the events in the way.
    pub fn shown_to(self, reader: &Reader) -> Error {
        match self {
            Error::Taken(events) => Error::Taken(reader.all_shown(events)),
            error => error,
        }
    }

    /// What is said of it.
    pub fn said(&self) -> Message {
        match self {
            Error::NotFound(said)
            | Error::Forbidden(said)
            | Error::Conflict(said)
            | Error::Outdated(said)
            | Error::Busy(said)
            | Error::TooMany { said, .. } => said.clone(),
            Error::Server { detail, .. } => detail.clone(),
            Error::Taken(_) => MessageId::RoomTaken.into(),
            Error::Store(error) => of_database(error),
            Error::Invalid(errors) => {
                let faults =
                    errors.iter().map(|it| MessageId::field_fault(&it.field, it.message.clone()));
                let all = faults.rev().reduce(|rest, it| MessageId::both(it, rest));
                all.unwrap_or_else(|| Message::quoted(self))
            }
            Error::Internal(_) => {
                // What it is belongs into the log.
                tracing::error!(error = %self, "an internal error");
                MessageId::InternalError.into()
            }
        }
    }

    /// That a request to a calendar's server failed.
    pub fn server(detail: impl Into<Message>) -> Error {
        Error::Server { detail: detail.into(), is_timeout: false }
    }
}

/// What is said of an error of the database. What the database itself says belongs into the log: it may hold parts of
/// rows.
fn of_database(error: &store::Error) -> Message {
    match error {
        store::Error::Full(_) => MessageId::DatabaseFull.into(),
        store::Error::Unavailable(_) => MessageId::DatabaseUnavailable.into(),
        store::Error::Secret => MessageId::SecretUnreadable.into(),
        store::Error::KeyChanged => MessageId::SecretKeyWasChanged.into(),
        store::Error::WrongKey => MessageId::SecretKeyWrong.into(),
        error => {
            tracing::error!(%error, "the database failed");
            MessageId::DatabaseFailed.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_database_is_said_in_the_same_words_by_the_api_and_in_reports() {
        assert_eq!(Message::from(MessageId::DatabaseFull).to_string(), store::FULL);
        assert_eq!(Message::from(MessageId::DatabaseUnavailable).to_string(), store::UNAVAILABLE);
        for error in [store::Error::Secret, store::Error::KeyChanged, store::Error::WrongKey] {
            assert_eq!(of_database(&error).to_string(), error.to_string());
        }
    }

    #[test]
    fn what_the_database_says_of_its_rows_is_in_no_message() {
        for error in [
            Error::Store(store::Error::Damaged("the password `hunter2`".to_owned())),
            Error::Internal("the password `hunter2`".to_owned()),
        ] {
            assert!(!error.said().to_string().contains("hunter2"));
        }
    }
}
