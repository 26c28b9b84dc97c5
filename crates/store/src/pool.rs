//! Which connections of the pool are used again.

use std::time::Duration;

use sea_orm::sqlx;
use sea_orm::sqlx::pool::PoolConnectionMetadata;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{Connection as _, Row as _};

/// How old a connection is at least that is closed because it cannot write. A database that stays read-only
/// is read through one connection for this long, and not through a new one for each query.
const READ_ONLY_AGE: Duration = Duration::from_secs(2);

/// The future of a hook of the pool.
type Hook<'c> = std::pin::Pin<Box<dyn Future<Output = sqlx::Result<bool>> + Send + 'c>>;

/// Whether an idle connection still answers, and still leads to a server that can be written: one to a
/// primary that was demoted, or made read-only, is closed, and the next one is opened to whichever server has
/// the address by then. It is one round trip, as a ping is.
pub(crate) fn can_be_used(connection: &mut PgConnection, is: PoolConnectionMetadata) -> Hook<'_> {
    Box::pin(async move {
        // "on" on a standby, and with `default_transaction_read_only`.
        let asked = sqlx::raw_sql("SHOW transaction_read_only").fetch_one(connection).await?;
        let is_read_only = asked.try_get::<String, _>(0)? == "on";
        Ok(!is_read_only || is.age < READ_ONLY_AGE)
    })
}

/// Whether no transaction is open on an idle connection. On a full disk SQLite rolls back on its own; the
/// driver's own rollback fails then, and the next transaction becomes a savepoint that is never released (sqlx
/// 0.9.0, `Command::Rollback`): its readers would see that moment for ever.
pub(crate) fn is_at_rest(connection: &mut SqliteConnection, _: PoolConnectionMetadata) -> Hook<'_> {
    Box::pin(async { Ok(!connection.is_in_transaction()) })
}
