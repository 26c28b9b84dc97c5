//! Test tools of several crates: databases, and CalDAV servers.
//!
//! - [`servers`] are real ones, as the scripts in `scripts/servers` start them;
//! - [`scripted`] is an HTTP server with scripted answers, such as recorded answers of servers;
//! - [`fake`] is a CalDAV server in memory that follows the RFCs until a quirk is switched on;
//! - [`program`] runs a program without the machine's settings;
//! - [`proxy`] is a proxy between a client and a server that loses, cuts and repeats requests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

pub mod fake;
pub mod program;
pub mod proxy;
pub mod scripted;
pub mod servers;
pub mod xml;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sea_orm::ConnectionTrait as _;
use store::{DatabaseKind, Store};

/// The PostgreSQL server on which tests may create databases; `scripts/with-postgres` starts one.
pub const POSTGRES: &str = "ROOM_BOOKING_TEST_POSTGRES";

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
                let server = std::env::var(POSTGRES).unwrap_or_else(|_| {
                    panic!(
                        "{POSTGRES} is not set: run the tests by scripts/test, or as \
                            scripts/with-postgres cargo test"
                    )
                });
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

    /// Opens it.
    pub async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }
}

/// A connection that bypasses the store, to damage and inspect the database. Its pool has no
/// maintenance, for the same reason as in the store.
pub async fn connect(url: &str) -> sea_orm::DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url.to_owned());
    options.idle_timeout(None).max_lifetime(None);
    sea_orm::Database::connect(options).await.expect("the database answers")
}

/// Runs a future to its end, on as many threads as a server has.
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(future)
}

/// Makes two tests of an `async fn name(database: Database)`: one on SQLite, one on PostgreSQL.
#[macro_export]
macro_rules! on_both_databases {
    ($(async fn $name:ident($database:ident) $body:block)*) => {
        $(
            mod $name {
                use super::*;

                async fn run($database: $crate::Database) $body

                #[test]
                fn sqlite() {
                    $crate::block_on(async {
                        run($crate::Database::new(store::DatabaseKind::Sqlite).await).await;
                    });
                }

                #[test]
                fn postgres() {
                    $crate::block_on(async {
                        run($crate::Database::new(store::DatabaseKind::Postgres).await).await;
                    });
                }
            }
        )*
    };
}

/// A client for the tests of the API.
///
/// reqwest is built for TLS once any crate of the workspace needs it, without saying which
/// implementation: that has to be said even where nothing is encrypted.
pub fn http_client() -> reqwest::Client {
    http_client_builder().build().unwrap()
}

/// A builder, for tests with other settings.
pub fn http_client_builder() -> reqwest::ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().timeout(Duration::from_secs(90))
}
