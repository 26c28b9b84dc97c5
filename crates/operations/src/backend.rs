//! What a calendar's content is reached through, wherever it is kept.

use store::objects::Resource;

/// What changed since a state that a reader knows.
#[derive(Debug)]
pub struct Changes {
    /// Resources that are new or changed.
    pub changed: Vec<Resource>,
    /// Places of those that are gone.
    pub vanished: Vec<String>,
    /// What to pass next time.
    pub token: String,
}

/// Why a backend did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// The object is not the one that the caller goes by (412).
    #[error("it was changed meanwhile")]
    Changed,
    /// The token names no state that is still known.
    #[error("the token is not valid any more")]
    InvalidToken,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<BackendError> for crate::Error {
    fn from(error: BackendError) -> crate::Error {
        match error {
            BackendError::Store(error) => crate::Error::Store(error),
            error => crate::Error::Conflict(error.to_string()),
        }
    }
}

/// Where a calendar's objects are: in the database, or on a CalDAV server. No write and no delete goes
/// without the ETag of what it was decided on.
pub trait CalendarBackend {
    /// What changed since a token, or everything.
    fn changes(
        &self,
        since: Option<&str>,
    ) -> impl Future<Output = Result<Changes, BackendError>> + Send;

    /// The resource at a place.
    fn read(
        &self,
        href: &str,
    ) -> impl Future<Output = Result<Option<Resource>, BackendError>> + Send;

    /// Writes a resource where there is none; its ETag.
    fn create(
        &self,
        href: &str,
        text: &[u8],
    ) -> impl Future<Output = Result<String, BackendError>> + Send;

    /// Writes a resource in place of the one with that ETag; its new one.
    fn replace(
        &self,
        href: &str,
        etag: &str,
        text: &[u8],
    ) -> impl Future<Output = Result<String, BackendError>> + Send;

    /// Deletes the resource with that ETag.
    fn delete(
        &self,
        href: &str,
        etag: &str,
    ) -> impl Future<Output = Result<(), BackendError>> + Send;
}
