//! What can go wrong between the program and its database.

use sea_orm::{DbErr, SqlErr};

/// Why a query failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached or opened.
    #[error("the database cannot be opened: {0}")]
    Open(String),
    /// The database was written by a newer version of the program.
    #[error(
        "the database was written by a newer version of Room Booking (it knows the migration {0}); \
         start that version, or restore a backup that this one made"
    )]
    Newer(String),
    /// A value that must be unique is there already.
    #[error("it is there already")]
    Taken,
    /// A row that another one needs is not there, or is needed by another one.
    #[error("it refers to something that is not there, or something refers to it")]
    Reference,
    /// A stored secret cannot be decrypted.
    #[error("a stored password cannot be decrypted: SECRET_KEY, or the key file, is another one")]
    Secret,
    /// A stored value is not what this version writes.
    #[error("the database holds {0}")]
    Damaged(String),
    /// Anything else that the database says.
    #[error("the database failed: {0}")]
    Database(DbErr),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Error {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::Taken,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Error::Reference,
            _ => Error::Database(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Damaged(format!("a text that is no JSON as expected: {error}"))
    }
}
