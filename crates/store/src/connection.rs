//! Connections to a database, and transactions.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Error, Result, pool};

/// The kind of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// SQLite: a file.
    Sqlite,
    /// PostgreSQL: a server.
    Postgres,
}

/// The program's database.
#[derive(Clone, Debug)]
pub struct Store {
    connection: DatabaseConnection,
    kind: DatabaseKind,
    /// SQLite allows one writer at a time. Writers of this process wait for each other here, in
    /// order and without polling; SQLite itself waits for those of other processes only. On
    /// PostgreSQL, some connections are kept for readers, however many writers wait for a lock.
    writers: Arc<Semaphore>,
}

/// Connections of one process to PostgreSQL.
const MAX_POSTGRES_CONNECTIONS: u32 = 16;
/// The number of connections that may write at once.
const MAX_POSTGRES_WRITERS: usize = 12;
/// How long a statement waits for another transaction's lock, for PostgreSQL.
const LOCK_TIMEOUT: &str = "20s";
/// How long PostgreSQL lets a transaction wait for its process, which may be frozen, before it ends the
/// connection and so frees its locks. Shorter than [`LOCK_TIMEOUT`], so that who waits for them succeeds.
const IDLE_TIMEOUT: &str = "10s";
/// After how many silent seconds PostgreSQL asks whether the machine of a connection is still there, how often
/// it repeats that, and how many times; and for how many milliseconds it waits for what it sent to arrive.
const KEEPALIVES: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "25000"),
];
/// Connections of one process to a SQLite file: readers beside each other, and a writer.
const MAX_SQLITE_CONNECTIONS: u32 = 8;
/// How many prepared statements a connection to a SQLite file keeps: the program's own are fewer, and to prepare one takes
/// longer than most of them take to run.
const MAX_KEPT_STATEMENTS: usize = 500;
/// How long a process waits for another one's write to a SQLite file.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a query waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
/// The number of stored texts that a transaction remembers.
const MAX_REMEMBERED_TEXTS: usize = 10_000;
/// How long a first connection to PostgreSQL may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

impl Store {
    /// Connects to the database of a URL, whatever its schema is.
    pub(crate) async fn connect(url: &str) -> Result<Store> {
        let kind = match url.split(':').next() {
            Some("sqlite") => DatabaseKind::Sqlite,
            Some("postgres" | "postgresql") => DatabaseKind::Postgres,
            _ => {
                let reason = "DATABASE_URL begins with neither sqlite: nor postgres:";
                return Err(Error::Open(reason.to_owned()));
            }
        };
        match kind {
            DatabaseKind::Postgres => try_postgres(url).await?,
            DatabaseKind::Sqlite => create(url).await,
        }
        let mut options = ConnectOptions::new(url.to_owned());
        options
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // With neither set, the pool runs no maintenance task. Its task counts idle connections
            // with a number that another thread may have decremented below zero, and then loops
            // forever (sqlx 0.9.0, `spawn_maintenance_tasks`). PostgreSQL's connections are tested
            // before they are used: with `pool::can_be_used`, which is a ping, too.
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .map_sqlx_postgres_before_acquire(pool::can_be_used)
            .map_sqlx_sqlite_before_acquire(pool::is_at_rest)
            .sqlx_logging(false);
        match kind {
            DatabaseKind::Postgres => options
                .max_connections(MAX_POSTGRES_CONNECTIONS)
                .map_sqlx_postgres_opts(|options| {
                    let timeouts = [
                        ("lock_timeout", LOCK_TIMEOUT),
                        ("idle_in_transaction_session_timeout", IDLE_TIMEOUT),
                    ];
                    options.options(timeouts.into_iter().chain(KEEPALIVES))
                }),
            DatabaseKind::Sqlite => {
                options.max_connections(MAX_SQLITE_CONNECTIONS).map_sqlx_sqlite_opts(|options| {
                    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
                    options
                        .create_if_missing(true)
                        .foreign_keys(true)
                        .busy_timeout(SQLITE_BUSY_TIMEOUT)
                        .journal_mode(SqliteJournalMode::Wal)
                        // The record of a removal has to survive a power failure.
                        .synchronous(SqliteSynchronous::Full)
                        .statement_cache_capacity(MAX_KEPT_STATEMENTS)
                })
            }
        };
        let connection = Database::connect(options).await.map_err(open_error)?;
        let writers = match kind {
            DatabaseKind::Sqlite => 1,
            DatabaseKind::Postgres => MAX_POSTGRES_WRITERS,
        };
        Ok(Store { connection, kind, writers: Arc::new(Semaphore::new(writers)) })
    }

    /// Opens a SQLite file that no server uses: a backup. Nothing stands beside it once it is closed.
    pub(crate) async fn open_file(path: &std::path::Path, use_: FileUse) -> Result<Store> {
        use sea_orm::sqlx::sqlite::{
            SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
        };
        let options = SqliteConnectOptions::new().filename(path).foreign_keys(true);
        // Its schema may be somebody else's.
        let options = options.pragma("trusted_schema", "OFF").pragma("cell_size_check", "ON");
        let options = match use_ {
            FileUse::Read => options.read_only(true),
            // It has its name, and is written to the disk, when all of it is there.
            FileUse::Write => options
                .journal_mode(SqliteJournalMode::Memory)
                .synchronous(SqliteSynchronous::Off)
                .create_if_missing(true),
        };
        let pool =
            SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let pool = pool.test_before_acquire(false).connect_with(options).await;
        let pool = pool.map_err(|error| Error::Open(error.to_string()))?;
        let connection = sea_orm::SqlxSqliteConnector::from_sqlx_sqlite_pool(pool);
        let writers = Arc::new(Semaphore::new(1));
        Ok(Store { connection, kind: DatabaseKind::Sqlite, writers })
    }

    /// The kind of a database.
    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// Begins a write transaction. On SQLite, there is no other writer from here on; on PostgreSQL,
    /// rows are locked as they are touched. Dropping the transaction rolls it back; so does
    /// dropping this future, as when a client goes away.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn begin(&self) -> Result<Transaction> {
        let turn = self.turn().await?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let (transaction, turn) = self.begin_with(options, turn).await?;
        let texts = Mutex::default();
        Ok(Transaction { transaction, kind: self.kind, texts, _turn: turn })
    }

    /// Waits for this process's turn to write.
    pub(crate) async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        let turn = Arc::clone(&self.writers).acquire_owned().await;
        turn.map_err(|error| Error::Open(error.to_string()))
    }

    /// Begins a read transaction: all queries see the database as it was at one moment, and no
    /// writer has to wait.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn begin_to_read(&self) -> Result<Reading> {
        let options = match self.kind {
            DatabaseKind::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..TransactionOptions::default()
            },
            DatabaseKind::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        let (transaction, ()) = self.begin_with(options, ()).await?;
        Ok(Reading { transaction })
    }

    /// Begins a transaction, and holds `turn` until it ends.
    async fn begin_with<T: Send + 'static>(
        &self,
        options: TransactionOptions,
        turn: T,
    ) -> Result<(DatabaseTransaction, T)> {
        let connection = self.connection.clone();
        // In a separate task, because the driver for PostgreSQL forgets a transaction whose begin
        // is dropped before the server answers: it would stay open on a connection of the pool.
        let begun =
            tokio::spawn(async move { Ok((connection.begin_with_options(options).await?, turn)) });
        begun.await.map_err(|error| Error::Database(DbErr::Custom(error.to_string())))?
    }

    /// A writer's turn, unless others of this process have all of them.
    pub(crate) fn free_turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.writers).try_acquire_owned().ok()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.connection.ping().await?)
    }

    /// The number of connections that this process has, and how many of them are idle.
    pub fn connections(&self) -> (u32, u32) {
        let (all, idle) = match self.kind {
            DatabaseKind::Sqlite => {
                let pool = self.connection.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
            DatabaseKind::Postgres => {
                let pool = self.connection.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        (all, u32::try_from(idle).unwrap_or(u32::MAX))
    }

    /// Closes all connections.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn close(self) -> Result<()> {
        Ok(self.connection.close().await?)
    }
}

/// What a SQLite file that no server uses is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileUse {
    /// Only to read it.
    Read,
    /// To make it.
    Write,
}

/// Connects once: a pool would retry, and then report only a timeout.
async fn try_postgres(url: &str) -> Result<()> {
    use sea_orm::sqlx::{Connection as _, PgConnection};
    let connecting = tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect(url)).await;
    match connecting {
        Ok(Ok(connection)) => {
            // The connection was only a test; errors on closing do not matter.
            let _ = connection.close().await;
            Ok(())
        }
        Ok(Err(error)) => Err(Error::Open(error.to_string())),
        Err(_) => Err(Error::Open("it does not answer within 10 seconds".to_owned())),
    }
}

/// Creates a missing SQLite file, whose free pages can be given back in steps ([`Store::give_space_back`]). That is
/// decided when a file is made; later it could not be changed, and to ask for it would be a write. Where this
/// fails, SQLite's own error says why.
async fn create(url: &str) {
    use sea_orm::sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode};
    use sea_orm::sqlx::{Connection as _, SqliteConnection};
    let is_file = !url.contains(":memory:") && !url.contains("mode=");
    let Some(options) = url.parse::<SqliteConnectOptions>().ok().filter(|_| is_file) else {
        return;
    };
    if !create_private(options.get_filename()) {
        return;
    }
    let options = options.auto_vacuum(SqliteAutoVacuum::Incremental);
    let options = options.journal_mode(SqliteJournalMode::Wal);
    if let Ok(connection) = SqliteConnection::connect_with(&options).await {
        let _ = connection.close().await;
    }
}

/// Creates a file that only its owner can open; SQLite gives the files beside it the same rights. Returns whether
/// there was none.
fn create_private(path: &std::path::Path) -> bool {
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    file.open(path).is_ok()
}

fn open_error(error: DbErr) -> Error {
    // The driver's message names the reason and contains no password.
    let said = error.to_string();
    match Error::from(error) {
        full @ Error::Full(_) => full,
        _ => Error::Open(said),
    }
}

/// A transaction that may write.
#[derive(Debug)]
pub struct Transaction {
    transaction: DatabaseTransaction,
    kind: DatabaseKind,
    /// The digests of texts that it has stored ([`crate::texts`]), so that it does not store one
    /// twice.
    texts: Mutex<HashSet<Vec<u8>>>,
    _turn: OwnedSemaphorePermit,
}

impl Transaction {
    /// Commits the transaction.
    ///
    /// # Errors
    ///
    /// When the database fails. Nothing was written then, unless the connection broke during the
    /// answer.
    pub async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }

    /// The kind of its database.
    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// SQL behind a subquery that locks the rows that it finds, and does not wait for those that another
    /// process has locked. SQLite has one writer and needs none.
    pub(crate) fn skipping_locked(&self) -> &'static str {
        match self.kind {
            DatabaseKind::Postgres => "FOR UPDATE SKIP LOCKED",
            DatabaseKind::Sqlite => "",
        }
    }

    /// Whether it remembers to have stored a text of that digest.
    pub(crate) fn has_stored(&self, digest: &[u8]) -> bool {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).contains(digest)
    }

    /// Remembers that it has stored texts of these digests.
    pub(crate) fn remember_stored(&self, digests: impl IntoIterator<Item = Vec<u8>>) {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MAX_REMEMBERED_TEXTS.saturating_sub(texts.len());
        texts.extend(digests.into_iter().take(room));
    }
}

/// A transaction that only reads.
#[derive(Debug)]
pub struct Reading {
    transaction: DatabaseTransaction,
}

impl Access for Reading {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

/// Something that runs queries: a [`Store`], a [`Transaction`] or a [`Reading`].
pub trait Access: Sync {
    /// The connection below.
    #[doc(hidden)]
    type Connection: ConnectionTrait;

    /// The connection below.
    #[doc(hidden)]
    fn connection(&self) -> &Self::Connection;

    /// SQL for "the column is one of the texts of a parameter, which is a JSON array". The query
    /// uses an index, whatever the planner knows of the table.
    #[doc(hidden)]
    fn is_one_of(&self, column: &str, parameter: &str) -> String {
        match self.connection().get_database_backend() {
            DbBackend::Postgres => format!(
                "{column} = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST({parameter} AS jsonb))))"
            ),
            _ => format!("{column} IN (SELECT value FROM json_each({parameter}))"),
        }
    }

    /// SQL for the present on the database's clock, which all servers on one database share.
    #[doc(hidden)]
    fn now(&self) -> &'static str {
        match self.connection().get_database_backend() {
            DbBackend::Postgres => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)",
            _ => "unixepoch()",
        }
    }
}

impl Access for Store {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }
}

impl Access for Transaction {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}
