//! Pauses that calendar servers asked for. They are stored, so that all server processes on one
//! database respect them, also after a restart.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Result, Transaction};

/// A pause that a server asked for.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Pause {
    /// Its host and port.
    pub server: String,
    /// The end, in seconds since 1970.
    pub until_at: i64,
    /// The HTTP status that it answered with.
    pub status: i64,
    /// Its text; may be empty.
    pub words: String,
}

/// The pauses that are not over at a moment (seconds since 1970), by server.
///
/// # Errors
///
/// When the database fails.
pub async fn open(access: &impl Access, now: i64) -> Result<Vec<Pause>> {
    let sql = "SELECT server, until_at, status, words FROM server_pauses \
               WHERE until_at > $1 ORDER BY server";
    sql::all(access, sql, values![now]).await
}

/// Stores a pause, unless a longer one of the server is known; deletes those that ended by `now`
/// (seconds since 1970).
///
/// # Errors
///
/// When the database fails.
pub async fn keep(transaction: &Transaction, pause: &Pause, now: i64) -> Result<()> {
    sql::run(transaction, "DELETE FROM server_pauses WHERE until_at <= $1", values![now]).await?;
    let sql = "INSERT INTO server_pauses (server, until_at, status, words) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (server) DO UPDATE SET until_at = excluded.until_at, \
               status = excluded.status, words = excluded.words \
               WHERE excluded.until_at > server_pauses.until_at";
    let Pause { server, until_at, status, words } = pause.clone();
    sql::run(transaction, sql, values![server, until_at, status, words]).await?;
    Ok(())
}
