//! Backups: the content of a database as a file, whichever database it comes from and goes to.
//!
//! The file is a SQLite database with the schema of the program and two tables more, which say when it was made and
//! what it has to hold. So a backup of one kind of database is restored into the other, and copying a database is the
//! same work without a file. In every copy one side is SQLite, which says the types of the columns.

mod copy;
mod file;
mod restore;

use std::fmt;

pub use self::file::{Archive, make};
pub use self::restore::{Activity, Restored, activity, copy_all, is_empty, last_mark, restore};

/// What a table holds. Two tables with equal rows have equal contents, whatever the order and the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The table.
    pub table: String,
    /// The number of its rows.
    pub rows: i64,
    /// The sum of the hashes of its rows, in hexadecimal digits.
    pub sum: String,
}

/// When and from what a backup was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// When it was made, in seconds since 1970.
    pub made_at: i64,
    /// The version of the program that made it.
    pub program: String,
    /// The kind of the database.
    pub database: String,
}

/// Why a file cannot be restored, or a database not be replaced.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file is no backup.
    #[error("it is not a backup of Room Booking: {0}")]
    NoBackup(String),
    /// The file was changed or cut off.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    /// The file was made by a newer version of the program.
    #[error(
        "the backup was made by a newer version of Room Booking (it knows the migration {0}); restore it with that version"
    )]
    Newer(String),
    /// Processes work on the database.
    #[error("{0}")]
    InUse(Activity),
    /// The database has rows where it must have none.
    #[error("the database is not empty: {0}")]
    NotEmpty(String),
    /// The file could not be read or written.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] crate::Error),
}

impl fmt::Display for Activity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Activity { servers, others } = self;
        match (servers, others) {
            (0, _) => write!(
                formatter,
                "a command of Room Booking works on the database, or was killed a moment ago; wait until it has \
                 ended, at most a minute"
            ),
            (1, _) => write!(
                formatter,
                "a server runs on the database; stop it, and start it again afterwards (one that was killed counts \
                 as running for {} seconds)",
                crate::servers::ALIVE_SECONDS
            ),
            (number, _) => write!(
                formatter,
                "{number} servers run on the database; stop them, and start them again afterwards (one that was \
                 killed counts as running for {} seconds)",
                crate::servers::ALIVE_SECONDS
            ),
        }
    }
}
