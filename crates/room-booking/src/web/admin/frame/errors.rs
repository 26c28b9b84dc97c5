//! Error pages: what failed, and what to do.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use operations::{Error, FieldError, Message, MessageId};

use crate::web::admin::frame::text::Text;

/// Why a page is not shown, or an action not carried out.
#[derive(Clone, Debug)]
pub enum Refused {
    /// It does not exist, or this user has no access.
    NotFound(Message),
    /// It is for administrators.
    Forbidden,
    /// The form was not made for this browser, or comes from another site.
    Stale,
    /// Values are wrong; pages with a form show it again instead.
    Invalid(Vec<FieldError>),
    /// A required field of the form is missing.
    Unfit(Text),
    /// The data has changed since the page was made.
    Conflict(Message),
    /// It is not possible in the present state.
    Impossible(Message),
    /// Too many attempts; the seconds to wait.
    TooMany(u64),
    /// It is too large.
    TooLarge,
    /// It takes too long, or the database does not answer.
    Busy(Message),
    /// The disk of the database is full.
    Full,
    /// A CalDAV request failed.
    Server(Message),
    /// An internal error; the log has the details.
    Internal,
}

/// The result of a page.
pub type Answer = Result<Response, Refused>;

impl Refused {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Refused::NotFound(_) => StatusCode::NOT_FOUND,
            Refused::Forbidden | Refused::Stale => StatusCode::FORBIDDEN,
            Refused::Invalid(_) | Refused::Unfit(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refused::Conflict(_) | Refused::Impossible(_) => StatusCode::CONFLICT,
            Refused::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Refused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refused::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Refused::Full => StatusCode::INSUFFICIENT_STORAGE,
            Refused::Server(_) => StatusCode::BAD_GATEWAY,
            Refused::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Not found, with a text of the site.
    pub fn nothing(text: Text) -> Refused {
        Refused::NotFound(Message::quoted(text))
    }

    /// Not possible, with a text of the site.
    pub fn impossible(text: Text) -> Refused {
        Refused::Impossible(Message::quoted(text))
    }

    /// An internal error; it is logged.
    pub fn internal(error: impl std::fmt::Display) -> Refused {
        tracing::error!(%error, "rendering a page failed");
        Refused::Internal
    }
}

/// Whether the message is about a change that somebody, or a run, made since the page was shown.
fn is_of_a_change(message: &Message) -> bool {
    matches!(
        message.id,
        MessageId::ChangedAllTheWhile
            | MessageId::ChangedMeanwhile
            | MessageId::ChangedSince
            | MessageId::EarlierChangeUnknown
            | MessageId::GoneAgain
            | MessageId::MessageIs
            | MessageId::MessageIsBeingSent
            | MessageId::MessageIsDiscarded
            | MessageId::MessageIsGathered
            | MessageId::MessageIsHeld
            | MessageId::MessageIsJoined
            | MessageId::MessageIsNotHeld
            | MessageId::MessageIsSent
            | MessageId::RestoredAlready
            | MessageId::RemovedLater
            | MessageId::RoomTaken
            | MessageId::SameIdThere
    )
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        let message = error.said();
        match error {
            Error::NotFound(_) => Refused::NotFound(message),
            Error::Invalid(errors) => Refused::Invalid(errors),
            Error::Outdated(_) => Refused::Conflict(message),
            Error::Taken(_) | Error::Conflict(_) if is_of_a_change(&message) => {
                Refused::Conflict(message)
            }
            Error::Taken(_) | Error::Conflict(_) => Refused::Impossible(message),
            Error::Forbidden(_) => Refused::Forbidden,
            Error::Busy(_) => Refused::Busy(message),
            Error::TooMany { retry_after, .. } => Refused::TooMany(retry_after),
            Error::Server { .. } => {
                tracing::warn!(error = %message, "caldav request failed");
                Refused::Server(message)
            }
            Error::Store(store::Error::Unavailable(error)) => {
                tracing::error!(%error, "database unavailable");
                Refused::Busy(message)
            }
            Error::Store(store::Error::Full(error)) => {
                tracing::error!(%error, "database full");
                Refused::Full
            }
            Error::Store(store::Error::KeyChanged | store::Error::WrongKey) => {
                tracing::error!(error = %message, "no secret can be stored or read");
                Refused::Busy(message)
            }
            error => Refused::internal(error),
        }
    }
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Refused {
        Error::from(error).into()
    }
}

/// The guard turns it into a page for the request.
impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
