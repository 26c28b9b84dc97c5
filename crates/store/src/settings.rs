//! What the program remembers about itself.

use crate::sql::{self, values};
use crate::{Access, Result, Transaction};

/// The value of a setting.
///
/// # Errors
///
/// When the database fails.
pub async fn get(access: &impl Access, name: &str) -> Result<Option<String>> {
    sql::value(access, "SELECT value FROM settings WHERE name = $1", values![name.to_owned()]).await
}

/// Sets a setting.
///
/// # Errors
///
/// When the database fails.
pub async fn set(transaction: &Transaction, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO settings (name, value) VALUES ($1, $2) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    sql::run(transaction, sql, values![name.to_owned(), value.to_owned()]).await?;
    Ok(())
}
