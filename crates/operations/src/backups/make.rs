//! A backup as a file that is there completely or not at all.

use std::io;
use std::path::{Path, PathBuf};

use store::DatabaseKind;
use store::archive::{self, ArchiveError, Content, Origin};

use crate::Service;

/// The beginning and the end of the name that a backup has until it is complete.
pub(super) const UNFINISHED: [&str; 2] = [".room-booking-", ".part"];

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Its file.
    pub file: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// When and from what it was made.
    pub origin: Origin,
    /// What it holds.
    pub contents: Vec<Content>,
}

impl Service {
    /// Writes the content of the database, as it is at one moment, into a new file that only its owner can read. Servers
    /// go on. The file has its name when it is complete and on the disk.
    ///
    /// # Errors
    ///
    /// If there is such a file already, it cannot be written, or the database fails.
    pub async fn backup(&self, file: &Path) -> Result<Backup, ArchiveError> {
        let file = std::path::absolute(file)?;
        let exists =
            || io::Error::new(io::ErrorKind::AlreadyExists, "there is such a file already");
        if file.exists() {
            return Err(exists().into());
        }
        let folder = file.parent().unwrap_or(Path::new("/")).to_owned();
        let [prefix, suffix] = UNFINISHED;
        // Its owner's alone, and removed if this does not come to its end.
        let unfinished =
            tempfile::Builder::new().prefix(prefix).suffix(suffix).tempfile_in(&folder)?;
        let unfinished = unfinished.into_temp_path();
        let database = match self.store.kind() {
            DatabaseKind::Sqlite => "SQLite",
            DatabaseKind::Postgres => "PostgreSQL",
        };
        let origin = Origin {
            made_at: self.now().0,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            database: database.to_owned(),
        };
        let contents = archive::make(&self.store, &unfinished, &origin).await?;
        let bytes = std::fs::metadata(&unfinished)?.len();
        unfinished.persist_noclobber(&file).map_err(|error| error.error)?;
        sync(&folder)?;
        Ok(Backup { file, bytes, origin, contents })
    }
}

/// Makes sure that a file is in its folder also after a power failure.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match std::fs::File::open(folder)?.sync_all() {
        // Some file systems of networks know no such thing.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
        {
            Ok(())
        }
        done => done,
    }
}
