//! Databases for single tests, and a way past the store to damage and inspect them.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, FromQueryResult, QueryResult, Statement,
};
use store::{DatabaseKind, Store};

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

impl Database {
    /// An empty database.
    pub async fn new(kind: DatabaseKind) -> Database {
        match kind {
            DatabaseKind::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let url = format!("sqlite://{}/room-booking.sqlite", folder.path().display());
                Database { url, _folder: Some(folder) }
            }
            DatabaseKind::Postgres => {
                let server = postgres_server().unwrap_or_else(|error| panic!("{error:?}"));
                static NUMBER: AtomicU32 = AtomicU32::new(0);
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                let name = format!("test_{}_{number}", std::process::id());
                let connection = connect(&format!("{server}/postgres")).await;
                for sql in [
                    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                    format!("CREATE DATABASE {name}"),
                ] {
                    connection.execute_unprepared(&sql).await.unwrap();
                }
                connection.close().await.unwrap();
                Database { url: format!("{server}/{name}"), _folder: None }
            }
        }
    }

    /// An empty SQLite database.
    pub async fn sqlite() -> Database {
        Database::new(DatabaseKind::Sqlite).await
    }

    /// An empty PostgreSQL database.
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
        let rows = self.query(sql).await;
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
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
        connection.close().await.unwrap();
        let mut lines = Vec::new();
        for table in TABLES {
            let mut columns = self.column(&columns_of(backend, table)).await;
            assert!(!columns.is_empty(), "{table}");
            columns.sort();
            let texts: Vec<_> = columns.iter().map(|it| as_text(backend, it)).collect();
            let sql = format!("SELECT '{table} ' || {} FROM {table}", texts.join(" || ' ' || "));
            lines.extend(self.column(&sql).await);
        }
        lines.sort();
        lines
    }
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
