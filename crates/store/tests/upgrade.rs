//! Upgrades from every released version: `tests/released` has what each of them left.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sea_orm::ConnectionTrait as _;
use store::archive::{self, Archive, Origin};
use store::calendars::{self, Calendar};
use store::users::{self, NewUser};
use store::{DatabaseKind, Store, schema_sql};
use testing::{Database, on_both_databases};

const NOW: i64 = 1_795_000_000;

/// What is kept of a version.
struct Release {
    version: String,
    /// Its schema on PostgreSQL.
    schema: String,
    /// A backup that it made.
    backup: Vec<u8>,
}

/// All releases.
fn releases() -> Vec<Release> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/released"));
    let names = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name());
    let mut versions: Vec<String> = names
        .filter_map(|it| it.to_str()?.strip_suffix(".postgres.sql").map(str::to_owned))
        .collect();
    versions.sort();
    let release = |version: String| {
        let schema = std::fs::read_to_string(folder.join(format!("{version}.postgres.sql")));
        let packed = std::fs::read(folder.join(format!("{version}.backup.gz"))).unwrap();
        let mut backup = Vec::new();
        flate2::read::GzDecoder::new(&*packed).read_to_end(&mut backup).unwrap();
        Release { version, schema: schema.unwrap(), backup }
    };
    versions.into_iter().map(release).collect()
}

/// What the present program would leave, if it were released.
async fn present() -> Release {
    let database = Database::sqlite().await;
    let store = database.open().await;
    let transaction = store.begin().await.unwrap();
    let new = NewUser { name: "ann", address: Some("it's ann"), is_administrator: true };
    users::insert(&transaction, &new, NOW).await.unwrap();
    let calendar = Calendar::built_in("room", "A \\ room", "Europe/Berlin");
    calendars::insert(&transaction, &calendar).await.unwrap();
    transaction.commit().await.unwrap();
    let file = file_of(&database).with_extension("backup");
    // As the program does it: the file is its owner's alone before anything is in it.
    std::fs::write(&file, "").unwrap();
    let origin = Origin { made_at: NOW, program: "now".to_owned(), database: "sqlite".to_owned() };
    archive::make(&store, &file, &origin).await.unwrap();
    let schema = schema_sql(DatabaseKind::Postgres);
    Release { version: "now".to_owned(), schema, backup: std::fs::read(&file).unwrap() }
}

/// The tables of a schema, each behind those that it refers to.
fn tables(schema: &str) -> Vec<&str> {
    let tables = schema.split("CREATE TABLE ").skip(1);
    tables.filter_map(|it| it.split_once(" (\n").map(|(name, _)| name)).collect()
}

/// Statements that insert the rows of a table of SQLite into one of PostgreSQL.
async fn inserts(backup: &Database, table: &str) -> Vec<String> {
    let columns = format!("SELECT name || ' ' || type FROM pragma_table_info('{table}')");
    let columns = backup.column(&columns).await;
    let names: Vec<&str> = columns.iter().map(|it| it.split(' ').next().unwrap()).collect();
    let value = |column: &String| match column.split_once(' ').unwrap() {
        (name, "BOOLEAN") => {
            format!("CASE {name} WHEN 1 THEN 'TRUE' WHEN 0 THEN 'FALSE' ELSE 'NULL' END")
        }
        (name, "BLOB") => {
            format!("CASE WHEN {name} IS NULL THEN 'NULL' ELSE '''\\x' || HEX({name}) || '''' END")
        }
        (name, _) => format!("QUOTE({name})"),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let (names, values) = (names.join(", "), values.join(" || ', ' || "));
    let sql = format!(
        "SELECT 'INSERT INTO {table} ({names}) VALUES (' || {values} || ')' FROM {table} ORDER BY rowid"
    );
    backup.column(&sql).await
}

/// The file of a SQLite database.
fn file_of(database: &Database) -> &Path {
    Path::new(database.url.strip_prefix("sqlite://").unwrap())
}

/// A SQLite database of this content.
async fn sqlite(content: &[u8]) -> Database {
    let database = Database::empty(DatabaseKind::Sqlite).await;
    std::fs::write(file_of(&database), content).unwrap();
    database
}

/// A database as the released program would have left it.
async fn as_left_by(release: &Release, kind: DatabaseKind) -> Database {
    let backup = sqlite(&release.backup).await;
    if kind == DatabaseKind::Sqlite {
        backup.execute("DROP TABLE backup; DROP TABLE backup_content").await;
        return backup;
    }
    let database = Database::empty(kind).await;
    let connection = database.connect().await;
    connection.execute_unprepared(&release.schema).await.unwrap();
    for table in tables(&release.schema) {
        for insert in inserts(&backup, table).await {
            connection.execute_unprepared(&insert).await.unwrap();
        }
    }
    let ids =
        "SELECT 'SELECT setval(''' || name || '_id_seq'', ' || seq || ')' FROM sqlite_sequence";
    for sql in backup.column(ids).await {
        connection.execute_unprepared(&sql).await.unwrap();
    }
    database
}

/// The number of rows of each table.
async fn counts(database: &Database, tables: &[&str]) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for table in tables {
        let rows = database.numbers(&format!("SELECT COUNT(*) FROM {table}")).await[0];
        counts.insert((*table).to_owned(), rows);
    }
    counts
}

/// The tables that a version had and the present one has.
fn common(release: &Release) -> Vec<&str> {
    let present = schema_sql(DatabaseKind::Postgres);
    let present = tables(&present).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut both = tables(&release.schema);
    both.retain(|it| present.iter().any(|table| table == it));
    both
}

async fn upgrade(release: &Release, kind: DatabaseKind) {
    let version = &release.version;
    let database = as_left_by(release, kind).await;
    let before = counts(&database, &common(release)).await;
    assert!(before["users"] > 0 && before["calendars"] > 0, "{version}: {before:?}");
    for _ in 0..2 {
        let store = Store::open(&database.url).await;
        store.unwrap_or_else(|error| panic!("{version}: {error}")).close().await.unwrap();
    }
    assert_eq!(counts(&database, &common(release)).await, before, "{version}: rows were lost");
}

async fn restore(release: &Release, database: &Database) {
    let kept = sqlite(&release.backup).await;
    let file = file_of(&kept);
    let restored = async || {
        let archive = Archive::open(file, file.parent().unwrap()).await?;
        let store = database.open().await;
        let transaction = store.begin().await.unwrap();
        let restored = archive::restore(&transaction, &archive, NOW + 60).await?;
        transaction.commit().await.unwrap();
        Ok::<_, archive::ArchiveError>(restored)
    };
    let restored = restored().await;
    let restored = restored.unwrap_or_else(|error| panic!("{}: {error}", release.version));
    let users = restored.contents.iter().find(|it| it.table == "users").unwrap();
    assert!(users.rows > 0, "{}", release.version);
}

on_both_databases! {
    async fn a_database_of_every_release_is_upgraded_with_all_its_rows(database) {
        let kind = database.open().await.kind();
        for release in releases() {
            upgrade(&release, kind).await;
        }
        // That this would find anything: the present version is taken for a release.
        upgrade(&present().await, kind).await;
    }

    async fn a_backup_of_every_release_is_restored(database) {
        for release in releases() {
            restore(&release, &database).await;
        }
        restore(&present().await, &database).await;
    }
}

#[test]
fn a_released_step_never_changes() {
    let present = schema_sql(DatabaseKind::Postgres);
    for Release { version, schema, .. } in releases() {
        let is_kept = present.starts_with(&schema);
        assert!(
            is_kept,
            "the schema of {version} was changed: add a step to crates/store/src/migrations"
        );
    }
}
