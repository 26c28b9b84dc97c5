//! Errors of the database.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

use crate::word::UnknownWord;

/// What [`Error::Unavailable`] says.
pub const UNAVAILABLE: &str = "the database is busy or does not answer; try again";
/// What [`Error::Full`] says.
pub const FULL: &str = "the database is full and nothing was saved: free space on the disk that holds it, then \
                        try again";

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
    /// There is no space left on the disk of the database. What was to be written is not.
    #[error("{}", FULL)]
    Full(DbErr),
    /// Any other error of the database.
    #[error("the database failed: {0}")]
    Database(DbErr),
}

impl Error {
    /// Whether the database can be read only: a PostgreSQL that is no primary, a SQLite file that cannot be
    /// written.
    pub fn is_read_only(&self) -> bool {
        match self {
            Error::Unavailable(error) | Error::Database(error) => has_code(error, &READ_ONLY_CODES),
            _ => false,
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Error {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::Taken,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Error::Reference,
            _ if let Some(unknown) = UnknownWord::of(&error) => Error::Damaged(unknown.to_string()),
            _ if has_code(&error, &FULL_CODES) => Error::Full(error),
            _ if is_unavailable(&error) => Error::Unavailable(error),
            _ => Error::Database(error),
        }
    }
}

/// Errors after which a retry may help: another transaction holds a lock (PostgreSQL's 55P03, a deadlock's 40P01), the
/// server ends (57P01 to 57P03) or has no connection left (53300), it is no primary any more (25006), or it has ended the
/// transaction because this process was frozen (25P03); SQLite's BUSY and LOCKED.
const RETRY_CODES: [&str; 12] = [
    "55P03", "40P01", "57P01", "57P02", "57P03", "53300", "25006", "25P03", "5", "6", "261", "517",
];
/// A database that can only be read: PostgreSQL's `read_only_sql_transaction`, SQLite's READONLY.
const READ_ONLY_CODES: [&str; 8] = ["25006", "8", "264", "520", "776", "1032", "1288", "1544"];
/// A full disk: PostgreSQL's `disk_full`, SQLite's FULL, and its IOERR_SHMSIZE, for the file beside the
/// database that all its processes share.
const FULL_CODES: [&str; 3] = ["53100", "13", "4874"];

/// Whether a retry may help: there is no connection, or it is one of [`RETRY_CODES`]. A connection that somebody accepts
/// and then closes, as a proxy does whose server is away, fails in the middle of its handshake.
fn is_unavailable(error: &DbErr) -> bool {
    use sea_orm::sqlx::Error as Sqlx;
    match sqlx_error(error) {
        Some(Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::Io(_)) => true,
        Some(Sqlx::Protocol(_) | Sqlx::Tls(_)) if matches!(error, DbErr::Conn(_)) => true,
        Some(_) => has_code(error, &RETRY_CODES),
        None => matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)),
    }
}

/// Whether the database answered with one of these codes.
fn has_code(error: &DbErr, codes: &[&str]) -> bool {
    let answered = sqlx_error(error).and_then(|it| it.as_database_error());
    answered.and_then(|it| it.code()).is_some_and(|code| codes.contains(&&*code))
}

fn sqlx_error(error: &DbErr) -> Option<&sea_orm::sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(inner))
        | DbErr::Exec(RuntimeErr::SqlxError(inner))
        | DbErr::Query(RuntimeErr::SqlxError(inner)) => Some(inner),
        _ => None,
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Damaged(format!("a text that is no JSON as expected: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::sqlx::Error as Sqlx;

    use super::*;

    #[test]
    fn a_connection_that_is_closed_in_the_middle_of_its_handshake_may_be_tried_again() {
        let closed = || Sqlx::Protocol("unexpected response from SSLRequest: 0x00".to_owned());
        let error = |it| RuntimeErr::SqlxError(std::sync::Arc::new(it));
        let of_connecting = Error::from(DbErr::Conn(error(closed())));
        assert!(matches!(of_connecting, Error::Unavailable(_)), "{of_connecting:?}");
        let of_a_query = Error::from(DbErr::Query(error(closed())));
        assert!(matches!(of_a_query, Error::Database(_)), "what was done is not known");
    }
}
