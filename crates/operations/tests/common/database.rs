//! Looking into a database behind the program's back.

use sea_orm::{ConnectionTrait as _, DatabaseConnection};

/// A connection past the store, to do damage and to look at everything.
pub async fn raw(database: &testing::Database) -> DatabaseConnection {
    testing::connect(&database.url).await
}

/// Runs SQL past the store.
pub async fn damage(database: &testing::Database, sql: &str) {
    let connection = raw(database).await;
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// The first column of all rows, as text.
pub async fn column(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = connection
        .query_all_raw(sea_orm::Statement::from_string(connection.get_database_backend(), sql));
    let text = |row: &sea_orm::QueryResult| row.try_get_by_index::<String>(0).unwrap();
    rows.await.unwrap().iter().map(text).collect()
}

/// What the database keeps of a message, in English; it has to be one with its id.
pub fn in_english(stored: &str) -> String {
    assert!(stored.starts_with('{'), "{stored}");
    operations::Message::of_stored(stored).to_string()
}

/// Every table that an operation may write, with all that stands in it.
pub async fn dump(database: &testing::Database) -> Vec<String> {
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
    let connection = raw(database).await;
    let mut lines = Vec::new();
    for table in TABLES {
        let names = match connection.get_database_backend() {
            sea_orm::DbBackend::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
            _ => format!(
                "SELECT CAST(column_name AS TEXT) FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
        };
        let mut columns = column(&connection, &names).await;
        assert!(!columns.is_empty(), "{table}");
        columns.sort();
        // Bytes need be no text.
        let text = |it: &String| match connection.get_database_backend() {
            sea_orm::DbBackend::Sqlite => {
                format!("CASE TYPEOF({it}) WHEN 'blob' THEN HEX({it}) ELSE CAST({it} AS TEXT) END")
            }
            _ => format!("CAST({it} AS TEXT)"),
        };
        let columns: Vec<_> =
            columns.iter().map(|it| format!("COALESCE({}, '-')", text(it))).collect();
        let sql = format!("SELECT '{table} ' || {} FROM {table}", columns.join(" || ' ' || "));
        lines.extend(column(&connection, &sql).await);
    }
    connection.close().await.unwrap();
    lines.sort();
    lines
}
