//! Errors of the database.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// What [`Error::Unavailable`] says.
pub const UNAVAILABLE: &str = "the database is busy or does not answer; try again";

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
    /// A value that must be unique exists already.
    #[error("it is there already")]
    Taken,
    /// A referenced row does not exist, or a row is still referenced.
    #[error("it refers to something that is not there, or something refers to it")]
    Reference,
    /// A stored secret cannot be decrypted.
    #[error(
        "a stored secret cannot be decrypted: SECRET_KEY, or the key file, is another one, or its row was \
         changed by something other than this program"
    )]
    Secret,
    /// Another process has changed the key.
    #[error(
        "SECRET_KEY was changed with `room-booking secret rotate` since this process started; give this \
         server the new key and start it again"
    )]
    KeyChanged,
    /// SECRET_KEY is not the one that the secrets of the database are encrypted with.
    #[error(
        "SECRET_KEY is not the one of this database: its secrets cannot be decrypted, and none is stored; \
         `room-booking doctor` says what to do"
    )]
    WrongKey,
    /// A stored value is not what this version writes.
    #[error("the database holds {0}")]
    Damaged(String),
    /// The database does not answer, or another transaction holds a lock for too long.
    #[error("{}", UNAVAILABLE)]
    Unavailable(DbErr),
    /// Any other error of the database.
    #[error("the database failed: {0}")]
    Database(DbErr),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Error {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::Taken,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Error::Reference,
            _ if is_unavailable(&error) => Error::Unavailable(error),
            _ => Error::Database(error),
        }
    }
}

/// Whether a retry may help: there is no connection, or another transaction holds a lock
/// (PostgreSQL's 55P03, a deadlock's 40P01, a server that ends, 57P01 to 57P03, a transaction that it ended
/// because this process was frozen, 25P03; SQLite's BUSY and LOCKED).
fn is_unavailable(error: &DbErr) -> bool {
    use sea_orm::sqlx::Error as Sqlx;
    let (DbErr::Conn(RuntimeErr::SqlxError(inner))
    | DbErr::Exec(RuntimeErr::SqlxError(inner))
    | DbErr::Query(RuntimeErr::SqlxError(inner))) = error
    else {
        return matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_));
    };
    match inner.as_ref() {
        Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::Io(_) => true,
        Sqlx::Database(error) => error.code().is_some_and(|code| {
            ["55P03", "40P01", "57P01", "57P02", "57P03", "25P03", "5", "6", "261", "517"]
                .contains(&&*code)
        }),
        _ => false,
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Damaged(format!("a text that is no JSON as expected: {error}"))
    }
}
