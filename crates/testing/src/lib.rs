//! Test tools of several crates that need nothing of the program but its store: databases, calendar files,
//! processes and CalDAV servers. What sets up rooms, users and keys is the crate `harness`.
//!
//! - [`database`] has a database for each test, and a way past the store;
//! - [`disk`] is a small disk that can be filled;
//! - [`ics`] writes calendar files;
//! - [`random`] is random numbers with a seed;
//! - [`program`] runs a program without the machine's settings, and `room-booking` in a folder;
//! - [`process`] is `room-booking serve`, which can be killed;
//! - [`servers`] are real ones, as the scripts in `scripts/servers` start them;
//! - [`scripted`] is an HTTP server with scripted answers, such as recorded answers of servers;
//! - [`fake`] is a CalDAV server in memory that follows the RFCs until a quirk is switched on;
//! - [`proxy`] is a proxy between a client and a server that loses, cuts and repeats requests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

pub mod database;
pub mod disk;
pub mod fake;
pub mod ics;
pub mod process;
pub mod program;
pub mod proxy;
pub mod random;
pub mod scripted;
pub mod servers;
pub mod terminal;
pub mod xml;

use std::time::Duration;

pub use database::{Database, NoPostgres, POSTGRES, connect, postgres_server};

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
                fn postgres() -> ::std::result::Result<(), $crate::NoPostgres> {
                    $crate::postgres_server()?;
                    $crate::block_on(async {
                        run($crate::Database::new(store::DatabaseKind::Postgres).await).await;
                    });
                    Ok(())
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
#[allow(clippy::disallowed_methods, reason = "the one place that names the implementation of TLS")]
pub fn http_client_builder() -> reqwest::ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().timeout(Duration::from_secs(90))
}
