//! What a calendar's content is reached through, wherever it is kept.

use store::objects::Resource;

use wording::{Message, MessageId};

/// Why a backend did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// The object is not the one that the caller goes by (412), or there is one where none should be.
    #[error("{}", MessageId::ChangedMeanwhile)]
    Changed,
    /// The server refused it for good: its words.
    #[error("{}", refused(.0))]
    Refused(Message),
    /// It is not known whether it was done: the object has to be read before anything else.
    #[error("{error}")]
    Unknown {
        /// What it came to.
        error: crate::Error,
        /// The server's words, where it may mean to refuse it for good (500).
        refusal: Option<Message>,
    },
    /// Nothing was sent: what was decided does not hold any more.
    #[error("{}", MessageId::DecisionTooOld)]
    Withdrawn,
    /// It was not done.
    #[error(transparent)]
    Failed(#[from] crate::Error),
}

fn refused(words: &Message) -> Message {
    MessageId::server_refused(words.clone())
}

impl From<store::Error> for BackendError {
    fn from(error: store::Error) -> BackendError {
        BackendError::Failed(error.into())
    }
}

impl From<BackendError> for crate::Error {
    fn from(error: BackendError) -> crate::Error {
        match error {
            BackendError::Failed(error) | BackendError::Unknown { error, .. } => error,
            BackendError::Changed => crate::Error::Conflict(MessageId::ChangedMeanwhile.into()),
            BackendError::Withdrawn => crate::Error::Busy(MessageId::DecisionTooOld.into()),
            BackendError::Refused(words) => crate::Error::server(refused(&words)),
        }
    }
}

/// What a backend comes to.
pub type Result<T> = std::result::Result<T, BackendError>;

/// Where a calendar's objects are: in the database, or on a CalDAV server. No write and no delete goes
/// without the ETag of what it was decided on.
///
/// An ETag that a write answers is an empty text where the server tells none: then the object has to be
/// read back.
pub trait CalendarBackend {
    /// The resource at a place.
    fn read(&self, href: &str) -> impl Future<Output = Result<Option<Resource>>> + Send;

    /// Writes a resource where there is none; its ETag.
    fn create(&self, href: &str, text: &[u8]) -> impl Future<Output = Result<String>> + Send;

    /// Writes a resource in place of that version; its new ETag.
    fn replace(
        &self,
        version: &Version<'_>,
        text: &[u8],
    ) -> impl Future<Output = Result<String>> + Send;

    /// Deletes that version of a resource. One that is gone already is [`BackendError::Changed`]: somebody
    /// else deleted it.
    fn delete(&self, version: &Version<'_>) -> impl Future<Output = Result<()>> + Send;
}

/// A version of a resource: what somebody goes by who changes it.
#[derive(Clone, Copy, Debug)]
pub struct Version<'v> {
    /// Where it lies.
    pub href: &'v str,
    /// Its ETag.
    pub etag: &'v str,
    /// Its text.
    pub text: &'v [u8],
}

/// A resource as a version.
pub(crate) fn version_of(resource: &Resource) -> Version<'_> {
    Version { href: &resource.href, etag: &resource.etag, text: &resource.text }
}
