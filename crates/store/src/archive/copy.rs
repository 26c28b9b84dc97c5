//! Copying the rows of tables from one database into another, and comparing what both hold.

use sea_orm::{ConnectionTrait as _, DbBackend, FromQueryResult, QueryResult, Value};

use super::{ArchiveError, Content};
use crate::migrations::Table;
use crate::sql::{self, values};
use crate::{Access, Error, Result, Transaction};

/// The rows that are read and written at once.
const PAGE: usize = 100;

/// What a column holds, by its type in SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Integer,
    Text,
    Bytes,
    Boolean,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    name: String,
    kind: Kind,
}

/// The columns of a table, as a SQLite database says them.
pub(super) async fn columns(sqlite: &impl Access, table: Table) -> Result<Vec<Column>> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
        kind: String,
    }
    let sql = "SELECT name, type AS kind FROM pragma_table_info($1) ORDER BY cid";
    let rows = sql::all::<Row>(sqlite, sql, values![table.name]).await?;
    if rows.is_empty() {
        return Err(Error::Damaged(format!("no table {}", table.name)));
    }
    let column = |row: Row| {
        let kind = match row.kind.as_str() {
            "INTEGER" => Kind::Integer,
            "TEXT" => Kind::Text,
            "BLOB" => Kind::Bytes,
            "BOOLEAN" => Kind::Boolean,
            other => {
                let name = table.name;
                return Err(Error::Damaged(format!(
                    "a column {name}.{} of type {other}",
                    row.name
                )));
            }
        };
        Ok(Column { name: row.name, kind })
    };
    rows.into_iter().map(column).collect()
}

impl Column {
    fn read(&self, row: &QueryResult, index: usize) -> Result<Value> {
        Ok(match self.kind {
            Kind::Integer => Value::from(row.try_get_by_index::<Option<i64>>(index)?),
            Kind::Text => Value::from(row.try_get_by_index::<Option<String>>(index)?),
            Kind::Bytes => Value::from(row.try_get_by_index::<Option<Vec<u8>>>(index)?),
            Kind::Boolean => Value::from(row.try_get_by_index::<Option<bool>>(index)?),
        })
    }
}

/// The pages of a table. They are of one moment if the access is a transaction.
struct Pages<'p, A> {
    access: &'p A,
    table: Table,
    columns: &'p [Column],
    names: String,
    /// On SQLite, the row before the next page.
    after: i64,
}

impl<'p, A: Access> Pages<'p, A> {
    async fn of(access: &'p A, table: Table, columns: &'p [Column]) -> Result<Pages<'p, A>> {
        let names: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
        let pages = Pages { access, table, columns, names: names.join(", "), after: i64::MIN };
        if pages.is_cursor() {
            let Pages { names, table: Table { name, .. }, .. } = &pages;
            let sql =
                format!("DECLARE copy_{name} NO SCROLL CURSOR FOR SELECT {names} FROM {name}");
            access.connection().execute_unprepared(&sql).await?;
        }
        Ok(pages)
    }

    fn is_cursor(&self) -> bool {
        self.access.connection().get_database_backend() == DbBackend::Postgres
    }

    /// The next rows; none at the end.
    async fn next(&mut self) -> Result<Vec<Vec<Value>>> {
        let name = self.table.name;
        if self.is_cursor() {
            let sql = format!("FETCH FORWARD {PAGE} FROM copy_{name}");
            let rows = sql::rows_of(self.access, &sql, Vec::new()).await?;
            return rows.iter().map(|row| self.values(row, 0)).collect();
        }
        let names = &self.names;
        let sql = format!(
            "SELECT rowid, {names} FROM {name} WHERE rowid > $1 ORDER BY rowid LIMIT {PAGE}"
        );
        let rows = sql::rows_of(self.access, &sql, values![self.after]).await?;
        if let Some(last) = rows.last() {
            self.after = last.try_get_by_index(0)?;
        }
        rows.iter().map(|row| self.values(row, 1)).collect()
    }

    fn values(&self, row: &QueryResult, first: usize) -> Result<Vec<Value>> {
        self.columns.iter().enumerate().map(|(at, it)| it.read(row, first + at)).collect()
    }

    async fn end(self) -> Result<()> {
        if self.is_cursor() {
            let sql = format!("CLOSE copy_{}", self.table.name);
            self.access.connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

/// A sum over rows that does not depend on their order.
#[derive(Debug, Default)]
struct Sum {
    rows: i64,
    sum: u128,
}

impl Sum {
    fn add(&mut self, row: &[Value]) {
        let mut bytes = Vec::new();
        for value in row {
            let (tag, value) = match value {
                Value::BigInt(Some(number)) => (1_u8, number.to_be_bytes().to_vec()),
                Value::Bool(Some(is)) => (2, vec![u8::from(*is)]),
                Value::String(Some(text)) => (3, text.as_bytes().to_vec()),
                Value::Bytes(Some(bytes)) => (4, bytes.clone()),
                _ => (0, Vec::new()),
            };
            bytes.push(tag);
            bytes.extend(u64::try_from(value.len()).unwrap_or(u64::MAX).to_be_bytes());
            bytes.extend(value);
        }
        let hash = crate::secrets::sha256(&bytes);
        let mut half = [0; 16];
        half.copy_from_slice(&hash[..16]);
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(half));
        self.rows += 1;
    }

    fn of_table(self, table: Table) -> Content {
        Content { table: table.name.to_owned(), rows: self.rows, sum: format!("{:032x}", self.sum) }
    }
}

/// What a table holds.
pub(super) async fn content(
    access: &impl Access,
    table: Table,
    columns: &[Column],
) -> Result<Content> {
    let mut sum = Sum::default();
    let mut pages = Pages::of(access, table, columns).await?;
    loop {
        let rows = pages.next().await?;
        if rows.is_empty() {
            break;
        }
        rows.iter().for_each(|row| sum.add(row));
    }
    pages.end().await?;
    Ok(sum.of_table(table))
}

/// Copies the rows of a table into an empty one; what was copied.
async fn copy_table(
    from: &impl Access,
    to: &Transaction,
    table: Table,
    columns: &[Column],
) -> Result<Content> {
    let mut sum = Sum::default();
    let mut pages = Pages::of(from, table, columns).await?;
    loop {
        let rows = pages.next().await?;
        if rows.is_empty() {
            break;
        }
        rows.iter().for_each(|row| sum.add(row));
        let insert = format!(
            "INSERT INTO {} ({}) VALUES {}",
            table.name,
            pages.names,
            sql::rows(rows.len(), columns.len())
        );
        sql::run(to, &insert, rows.into_iter().flatten().collect()).await?;
    }
    pages.end().await?;
    Ok(sum.of_table(table))
}

/// Copies all tables into empty ones, one of which is SQLite's, and makes sure that they hold the same then.
pub(super) async fn copy(
    from: &impl Access,
    to: &Transaction,
    tables: &[Table],
) -> std::result::Result<Vec<Content>, ArchiveError> {
    let is_sqlite = |backend| backend == DbBackend::Sqlite;
    let mut copied = Vec::new();
    for table in tables {
        let columns = match is_sqlite(from.connection().get_database_backend()) {
            true => columns(from, *table).await?,
            false => columns(to, *table).await?,
        };
        let expected = copy_table(from, to, *table, &columns).await?;
        let found = content(to, *table, &columns).await?;
        if found != expected {
            return Err(ArchiveError::Damaged(format!(
                "of {} rows of {}, {} arrived as they were; nothing was changed",
                expected.rows, expected.table, found.rows
            )));
        }
        copied.push(expected);
    }
    for table in tables.iter().filter(|it| it.counts) {
        let last = last_id(from, *table).await?;
        continue_ids(to, *table, last).await?;
    }
    Ok(copied)
}

/// The last id that a table has given out, to a row that may be gone.
async fn last_id(access: &impl Access, table: Table) -> Result<i64> {
    let (sql, name) = match access.connection().get_database_backend() {
        DbBackend::Postgres => (
            "SELECT COALESCE((SELECT last_value FROM pg_sequences \
             WHERE schemaname = current_schema() AND sequencename = $1), 0)",
            format!("{}_id_seq", table.name),
        ),
        _ => (
            "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = $1), 0)",
            table.name.to_owned(),
        ),
    };
    Ok(sql::value(access, sql, values![name]).await?.unwrap_or_default())
}

/// Lets the ids of a table go on behind an id, so that none is given out again. They never go back: PostgreSQL's
/// sequences know of no transaction.
async fn continue_ids(to: &Transaction, table: Table, last: i64) -> Result<()> {
    let last = last.max(last_id(to, table).await?);
    if last < 1 {
        return Ok(());
    }
    if to.connection().get_database_backend() == DbBackend::Postgres {
        let sql = "SELECT setval(CAST($1 AS regclass), $2)";
        sql::value::<i64>(to, sql, values![format!("{}_id_seq", table.name), last]).await?;
        return Ok(());
    }
    let sql = "UPDATE sqlite_sequence SET seq = $2 WHERE name = $1";
    if sql::run(to, sql, values![table.name, last]).await? == 0 {
        let sql = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)";
        sql::run(to, sql, values![table.name, last]).await?;
    }
    Ok(())
}
