//! A backup as a file: making one while servers run, and checking one.

use std::path::Path;

use sea_orm::{ConnectionTrait as _, FromQueryResult};

use super::{ArchiveError, Content, Origin, copy};
use crate::connection::FileUse;
use crate::migrations::{self, State};
use crate::sql::{self, values};
use crate::{Access as _, DatabaseKind, Error, Result, Store};

/// The tables of a backup beside those of the schema. A backup of another form has another number there.
const TABLES: &str = "
CREATE TABLE backup (
  form INTEGER NOT NULL, made_at INTEGER NOT NULL, program TEXT NOT NULL, database TEXT NOT NULL);
CREATE TABLE backup_content (name TEXT PRIMARY KEY, rows_in_all INTEGER NOT NULL, sum TEXT NOT NULL);";
/// The form of the backups that are made.
const FORM: i64 = 1;

/// Writes the content of a database, as it is at one moment, into an empty file of its owner's alone. Servers go on.
/// What the file holds is complete only when this has ended; it is on the disk then.
///
/// # Errors
///
/// When the database fails, or the file cannot be written.
pub async fn make(
    store: &Store,
    path: &Path,
    origin: &Origin,
) -> std::result::Result<Vec<Content>, ArchiveError> {
    let archive = match store.kind() {
        DatabaseKind::Sqlite => {
            let name = path.to_str().ok_or_else(|| {
                std::io::Error::other("the path of the backup is no text in UTF-8")
            })?;
            // It reads in one transaction, and lets others write.
            let sql = format!("VACUUM INTO '{}'", name.replace('\'', "''"));
            store.connection().execute_unprepared(&sql).await.map_err(Error::from)?;
            Store::open_file(path, FileUse::Write).await?
        }
        DatabaseKind::Postgres => {
            let archive = Store::open_file(path, FileUse::Write).await?;
            migrations::run(&archive).await?;
            let reading = store.begin_to_read().await?;
            // A disk that is slow for a moment does not end it.
            let sql = "SET LOCAL idle_in_transaction_session_timeout = '300s'";
            reading.connection().execute_unprepared(sql).await.map_err(Error::from)?;
            let transaction = archive.begin().await?;
            copy::copy(&reading, &transaction, &migrations::tables()).await?;
            transaction.commit().await?;
            archive
        }
    };
    let contents = seal(&archive, origin).await?;
    archive.close().await?;
    std::fs::File::open(path)?.sync_all()?;
    Ok(contents)
}

/// Writes down what a backup holds.
async fn seal(archive: &Store, origin: &Origin) -> Result<Vec<Content>> {
    let contents = contents(archive).await?;
    let transaction = archive.begin().await?;
    transaction.connection().execute_unprepared(TABLES).await?;
    let insert = "INSERT INTO backup (form, made_at, program, database) VALUES ($1, $2, $3, $4)";
    let Origin { made_at, program, database } = origin.clone();
    sql::run(&transaction, insert, values![FORM, made_at, program, database]).await?;
    for Content { table, rows, sum } in contents.iter().cloned() {
        let insert = "INSERT INTO backup_content (name, rows_in_all, sum) VALUES ($1, $2, $3)";
        sql::run(&transaction, insert, values![table, rows, sum]).await?;
    }
    transaction.commit().await?;
    Ok(contents)
}

async fn contents(archive: &Store) -> Result<Vec<Content>> {
    let mut contents = Vec::new();
    for table in migrations::tables() {
        let columns = copy::columns(archive, table).await?;
        contents.push(copy::content(archive, table, &columns).await?);
    }
    Ok(contents)
}

/// A backup that was checked.
#[derive(Debug)]
pub struct Archive {
    pub(super) store: Store,
    /// When and from what it was made.
    pub origin: Origin,
    /// What it holds.
    pub contents: Vec<Content>,
    /// A copy of the file, if its schema had to be migrated.
    _copy: Option<Copy>,
}

/// A file that is removed at the end.
#[derive(Debug)]
struct Copy(std::path::PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        // It is in a folder for such files.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[derive(FromQueryResult)]
struct OriginRow {
    form: i64,
    made_at: i64,
    program: String,
    database: String,
}

#[derive(FromQueryResult)]
struct ContentRow {
    name: String,
    rows_in_all: i64,
    sum: String,
}

impl Archive {
    /// Opens a backup and checks all of it. `scratch` is where a copy may be made of one with an older schema.
    ///
    /// # Errors
    ///
    /// If it is no backup, is damaged, or of a newer version.
    pub async fn open(path: &Path, scratch: &Path) -> std::result::Result<Archive, ArchiveError> {
        // SQLite would say of a missing file that it cannot open it, and no more.
        std::fs::File::open(path)?;
        let store = Store::open_file(path, FileUse::Read).await;
        let store = store.map_err(|error| ArchiveError::NoBackup(error.to_string()))?;
        let checked = check(&store).await;
        let (origin, contents) = match checked {
            Ok(checked) => checked,
            Err(error) => {
                // It was only read.
                let _ = store.close().await;
                return Err(error);
            }
        };
        if migrations::state(&store).await? == State::Current {
            return Ok(Archive { store, origin, contents, _copy: None });
        }
        store.close().await?;
        let copy = Copy(scratch.join(format!("{}.backup", crate::secrets::random_text(16))));
        std::fs::copy(path, &copy.0)?;
        let store = Store::open_file(&copy.0, FileUse::Write).await?;
        migrations::run(&store).await?;
        let contents = self::contents(&store).await?;
        Ok(Archive { store, origin, contents, _copy: Some(copy) })
    }

    /// Closes it.
    pub async fn close(self) {
        // It was only read.
        let _ = self.store.close().await;
    }
}

/// What a backup says of itself, if that is so.
async fn check(store: &Store) -> std::result::Result<(Origin, Vec<Content>), ArchiveError> {
    let no_backup = |error: Error| ArchiveError::NoBackup(error.to_string());
    let sql = "SELECT form, made_at, program, database FROM backup";
    let origin = sql::one::<OriginRow>(store, sql, Vec::new()).await.map_err(no_backup)?;
    let origin =
        origin.ok_or_else(|| ArchiveError::NoBackup("it says nothing of itself".to_owned()))?;
    if origin.form != FORM {
        return Err(ArchiveError::Newer(format!("form {}", origin.form)));
    }
    let damaged = |error: Error| ArchiveError::Damaged(error.to_string());
    if let State::Newer(step) = migrations::state(store).await.map_err(damaged)? {
        return Err(ArchiveError::Newer(step));
    }
    let said: Option<String> =
        sql::value(store, "PRAGMA quick_check(1)", Vec::new()).await.map_err(damaged)?;
    if said.as_deref() != Some("ok") {
        return Err(ArchiveError::Damaged(said.unwrap_or_default()));
    }
    let sql = "SELECT name, rows_in_all, sum FROM backup_content";
    let expected = sql::all::<ContentRow>(store, sql, Vec::new()).await.map_err(damaged)?;
    let mut contents = Vec::new();
    for table in migrations::tables() {
        // An older backup has not all tables.
        let Some(row) = expected.iter().find(|it| it.name == table.name) else { continue };
        let columns = copy::columns(store, table).await.map_err(damaged)?;
        let found = copy::content(store, table, &columns).await.map_err(damaged)?;
        if (found.rows, &found.sum) != (row.rows_in_all, &row.sum) {
            let sentence = format!("the rows of {} are not those that were written", row.name);
            return Err(ArchiveError::Damaged(sentence));
        }
        contents.push(found);
    }
    if contents.len() != expected.len() || contents.is_empty() {
        return Err(ArchiveError::Damaged("it does not have the tables that it names".to_owned()));
    }
    let OriginRow { made_at, program, database, .. } = origin;
    Ok((Origin { made_at, program, database }, contents))
}
