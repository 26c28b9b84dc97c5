//! Databases for single tests, and a way past the store to damage and inspect them.

use std::fmt;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, FromQueryResult, QueryResult, Statement,
};
use store::{DatabaseKind, Store};
use tokio::sync::OnceCell;

/// The PostgreSQL server on which tests may create databases; `scripts/with-postgres` starts one.
pub const POSTGRES: &str = "ROOM_BOOKING_TEST_POSTGRES";

/// The tables that an operation may write.
const TABLES: [&str; 15] = [
    "objects",
    "texts",
    "uid_metadata",
    "runs",
    "changes",
    "removals",
    "confirmations",
    "outbox",
    "announced",
    "leases",
    "calendars",
    "calendar_sync",
    "calendar_health",
    "idempotency_keys",
    "audit",
];

/// [`POSTGRES`] is not set. A test that returns it fails with one line.
pub struct NoPostgres;

impl fmt::Debug for NoPostgres {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{POSTGRES} is not set: run the tests with scripts/test, or with scripts/with-postgres \
             cargo test"
        )
    }
}

/// The PostgreSQL server on which tests may create databases.
///
/// # Errors
///
/// If [`POSTGRES`] is not set.
pub fn postgres_server() -> Result<String, NoPostgres> {
    std::env::var(POSTGRES).map_err(|_| NoPostgres)
}

/// A database for a single test.
pub struct Database {
    /// Its URL.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

/// A SQLite file with the schema and no rows, made once for each program of tests.
static SQLITE_TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
/// The name of such a database on the PostgreSQL server.
static POSTGRES_TEMPLATE: OnceCell<String> = OnceCell::const_new();

impl Database {
    /// A database with the schema and no rows: a copy, because the migration costs more than most tests.
    pub async fn new(kind: DatabaseKind) -> Database {
        match kind {
            DatabaseKind::Sqlite => {
                let template = SQLITE_TEMPLATE.get_or_init(sqlite_template).await;
                let (database, file) = Database::in_folder();
                std::fs::write(&file, template).unwrap();
                // As the program would have made it.
                std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
                database
            }
            DatabaseKind::Postgres => {
                let template = POSTGRES_TEMPLATE.get_or_init(postgres_template).await;
                // Copies files and writes no log of their pages: a third less work.
                Database::on_postgres(&format!("TEMPLATE {template} STRATEGY FILE_COPY")).await
            }
        }
    }

    /// A database without a schema.
    pub async fn empty(kind: DatabaseKind) -> Database {
        match kind {
            DatabaseKind::Sqlite => Database::in_folder().0,
            DatabaseKind::Postgres => Database::on_postgres("").await,
        }
    }

    fn in_folder() -> (Database, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("room-booking.sqlite");
        let url = format!("sqlite://{}", file.display());
        (Database { url, _folder: Some(folder) }, file)
    }

    async fn on_postgres(how: &str) -> Database {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = postgres_server().unwrap_or_else(|error| panic!("{error:?}"));
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let connection = connect(&format!("{server}/postgres")).await;
        for sql in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name} {how}"),
        ] {
            connection.execute_unprepared(&sql).await.unwrap();
        }
        connection.close().await.unwrap();
        Database { url: format!("{server}/{name}"), _folder: None }
    }

    /// A SQLite database with the schema and no rows.
    pub async fn sqlite() -> Database {
        Database::new(DatabaseKind::Sqlite).await
    }

    /// A PostgreSQL database with the schema and no rows.
    pub async fn postgres() -> Database {
        Database::new(DatabaseKind::Postgres).await
    }

    /// A database that somebody else made, and removes.
    pub fn existing(url: &str) -> Database {
        Database { url: url.to_owned(), _folder: None }
    }

    /// Opens it.
    pub async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// A connection past the store.
    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.url).await
    }

    /// Runs SQL past the store.
    pub async fn execute(&self, sql: &str) {
        let connection = self.connect().await;
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The rows of a query, by the names of their columns.
    pub async fn rows<T: FromQueryResult>(&self, sql: &str) -> Vec<T> {
        let rows = self.query(sql).await;
        rows.iter().map(|row| T::from_query_result(row, "").unwrap()).collect()
    }

    /// The first column of a query's rows, which has to be text.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        let connection = self.connect().await;
        let found = texts(&connection, sql).await;
        connection.close().await.unwrap();
        found
    }

    /// The first column of a query's rows, which has to be a number of 64 bits.
    pub async fn numbers(&self, sql: &str) -> Vec<i64> {
        let connection = self.connect().await;
        let found = numbers(&connection, sql).await;
        connection.close().await.unwrap();
        found
    }

    async fn query(&self, sql: &str) -> Vec<QueryResult> {
        let connection = self.connect().await;
        let rows = query(&connection, sql).await;
        connection.close().await.unwrap();
        rows
    }

    /// A line for each row of each table that an operation may write, in order.
    pub async fn dump(&self) -> Vec<String> {
        let connection = self.connect().await;
        let backend = connection.get_database_backend();
        let mut lines = Vec::new();
        for table in TABLES {
            let mut columns = texts(&connection, &columns_of(backend, table)).await;
            assert!(!columns.is_empty(), "{table}");
            columns.sort();
            let columns: Vec<_> = columns.iter().map(|it| as_text(backend, it)).collect();
            let sql = format!("SELECT '{table} ' || {} FROM {table}", columns.join(" || ' ' || "));
            lines.extend(texts(&connection, &sql).await);
        }
        connection.close().await.unwrap();
        lines.sort();
        lines
    }
}

async fn sqlite_template() -> Vec<u8> {
    let (database, file) = Database::in_folder();
    // The last connection that is closed moves everything into the file.
    database.open().await.close().await.unwrap();
    std::fs::read(file).unwrap()
}

async fn postgres_template() -> String {
    let database = Database::on_postgres("").await;
    // PostgreSQL copies no database to which somebody is connected.
    database.open().await.close().await.unwrap();
    database.url.rsplit('/').next().unwrap().to_owned()
}

async fn query(connection: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await.unwrap()
}

/// As [`Database::numbers`], on a connection that is open: for tests that ask every millisecond.
pub async fn numbers(connection: &DatabaseConnection, sql: &str) -> Vec<i64> {
    let rows = query(connection, sql).await;
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// As [`Database::column`], on a connection that is open.
async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = query(connection, sql).await;
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// A query for the names of a table's columns.
fn columns_of(backend: DbBackend, table: &str) -> String {
    match backend {
        DbBackend::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
        _ => format!(
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}'"
        ),
    }
}

/// A column's value as text. Bytes need be no text.
fn as_text(backend: DbBackend, column: &str) -> String {
    let text = match backend {
        DbBackend::Sqlite => format!(
            "CASE TYPEOF({column}) WHEN 'blob' THEN HEX({column}) ELSE CAST({column} AS TEXT) END"
        ),
        _ => format!("CAST({column} AS TEXT)"),
    };
    format!("COALESCE({text}, '-')")
}

/// A connection that bypasses the store, to damage and inspect a database. Its pool has no
/// maintenance, for the same reason as in the store.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url.to_owned());
    options.idle_timeout(None).max_lifetime(None);
    sea_orm::Database::connect(options).await.expect("the database answers")
}
