//! Runs statements: SQL of both databases, with `$1` for parameters.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use crate::{Access, Result};

/// The parameters of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(sea_orm::Value::from($value)),*] };
}
pub(crate) use values;

/// The longest UID, in bytes, that is indexed as it is: PostgreSQL indexes at most 2,704 bytes, and
/// one index contains two UIDs.
const MAX_UID_BYTES: usize = 1_000;
/// The number of bytes of a longer UID that are kept, before its hash.
const KEPT_OF_UID: usize = 500;

/// The form in which a UID, or another text of any length, is indexed. A longer one than any
/// program makes is shortened to its beginning and its hash, so that a single event cannot prevent
/// storing a calendar.
pub(crate) fn uid_key(uid: &str) -> String {
    // As `statement` does with all texts, also in lists.
    let uid = uid.replace('\0', "\u{FFFD}");
    if uid.len() <= MAX_UID_BYTES {
        return uid;
    }
    let hash = crate::secrets::sha256(uid.as_bytes());
    let digits = crate::secrets::hex(&hash);
    format!("{}…{digits}", &uid[..uid.floor_char_boundary(KEPT_OF_UID)])
}

/// The longest search text, in characters.
const MAX_SEARCHED: usize = 100;

/// A text as a literal in a pattern of `LOWER(…) LIKE … ESCAPE '!'`, ignoring case. SQLite lowers
/// English letters only, so other letters with an upper case match any one character.
pub(crate) fn like(text: &str) -> String {
    let mut pattern = String::new();
    for it in text.chars().take(MAX_SEARCHED) {
        match it {
            '%' | '_' | '!' => pattern.extend(['!', it]),
            it if it.is_ascii() => pattern.push(it.to_ascii_lowercase()),
            it if it.is_lowercase() || it.is_uppercase() => pattern.push('_'),
            it => pattern.push(it),
        }
    }
    pattern
}

/// The `VALUES` of an insert of several rows: `($1, $2), ($3, $4)`.
pub(crate) fn rows(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let parameters = (1..=columns).map(|column| format!("${}", row * columns + column));
        format!("({})", parameters.collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

fn statement(access: &impl Access, sql: &str, mut values: Vec<Value>) -> Statement {
    for value in &mut values {
        // PostgreSQL does not accept NUL in a text; it has no meaning in any of ours.
        if let Value::String(Some(text)) = value
            && text.contains('\0')
        {
            *text = text.replace('\0', "\u{FFFD}");
        }
    }
    let backend = access.connection().get_database_backend();
    Statement::from_sql_and_values(backend, sql, values)
}

/// All rows.
pub(crate) async fn all<T: FromQueryResult>(
    access: &impl Access,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<T>> {
    let rows = access.connection().query_all_raw(statement(access, sql, values)).await?;
    rows.iter().map(|row| Ok(T::from_query_result(row, "")?)).collect()
}

/// All rows, whatever they hold.
pub(crate) async fn rows_of(
    access: &impl Access,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<sea_orm::QueryResult>> {
    Ok(access.connection().query_all_raw(statement(access, sql, values)).await?)
}

/// The first row, if there is one.
pub(crate) async fn one<T: FromQueryResult>(
    access: &impl Access,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<T>> {
    let row = access.connection().query_one_raw(statement(access, sql, values)).await?;
    row.map(|row| Ok(T::from_query_result(&row, "")?)).transpose()
}

/// The first column of the first row, if there is one.
pub(crate) async fn value<T: sea_orm::TryGetable>(
    access: &impl Access,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<T>> {
    let row = access.connection().query_one_raw(statement(access, sql, values)).await?;
    row.map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}

/// Runs a statement; returns the number of affected rows.
pub(crate) async fn run(access: &impl Access, sql: &str, values: Vec<Value>) -> Result<u64> {
    Ok(access.connection().execute_raw(statement(access, sql, values)).await?.rows_affected())
}

/// Runs an `INSERT … RETURNING id`.
pub(crate) async fn insert<T: sea_orm::TryGetable>(
    access: &impl Access,
    sql: &str,
    values: Vec<Value>,
) -> Result<T> {
    value(access, sql, values)
        .await?
        .ok_or_else(|| crate::Error::Damaged("no row where one was just written".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_an_insert_have_parameters_of_their_own() {
        assert_eq!(rows(2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(rows(1, 1), "($1)");
    }

    #[test]
    fn a_text_that_is_searched_for_means_itself_whatever_stands_in_it() {
        for (text, pattern) in [
            ("", ""),
            ("Room", "room"),
            ("100 %_!", "100 !%!_!!"),
            ("Übung 会議", "_bung 会議"),
            ("a'b\\", "a'b\\"),
        ] {
            assert_eq!(like(text), pattern, "{text}");
        }
        assert_eq!(like(&"%".repeat(1_000)).len(), 200);
    }
}
