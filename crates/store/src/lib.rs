//! The database: all SQL of Room Booking and its migrations, for SQLite and PostgreSQL.
//!
//! The queries work on both databases: they use the common SQL, with `$1` for parameters. A
//! [`Store`], a [`Reading`] or a [`Transaction`] reads; only a [`Transaction`] writes, so that the
//! code of a caller shows what belongs together.
//!
//! # Example: write a user and read it back
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use store::{Store, users};
//!
//! let folder = std::env::temp_dir().join(format!("store-example-{}", std::process::id()));
//! std::fs::create_dir_all(&folder)?;
//! let url = format!("sqlite://{}/room-booking.sqlite", folder.display());
//! let store = Store::open(&url).await?;
//! let new = users::NewUser { name: "ann", address: None, is_administrator: true };
//! let transaction = store.begin().await?;
//! let id = users::insert(&transaction, &new, 1_772_000_000).await?;
//! transaction.commit().await?;
//! assert_eq!(users::by_name(&store, "Ann").await?.map(|user| user.id), Some(id));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod accounts;
pub mod archive;
pub mod audit;
pub mod calendars;
pub mod clock;
pub mod confirmations;
mod connection;
pub mod delivery;
pub mod divided_series;
mod error;
pub mod gauges;
pub mod health;
pub mod history;
pub mod history_pages;
pub mod idempotency;
pub mod identities;
mod ids;
pub mod kept_conflicts;
pub mod key_events;
pub mod keys;
pub mod leases;
pub mod links;
pub mod mail_caps;
pub mod mail_links;
mod migrations;
pub mod mirror;
pub mod monthly_reports;
pub mod objects;
mod open;
pub mod origin;
pub mod outbox;
pub mod pauses;
pub mod pending;
mod pool;
mod probe;
pub mod rooms;
pub mod run_calendars;
pub mod scheduled_backups;
pub mod sealed;
pub mod second_chances;
pub mod second_factors;
pub mod secrets;
pub mod servers;
pub mod sessions;
pub mod site;
mod space;
mod sql;
pub mod templates;
pub mod texts;
pub mod tokens;
pub mod uid_metadata;
pub mod users;
pub mod vault;
pub mod webhooks;
mod word;

pub use connection::{Access, DatabaseKind, Reading, Store, Transaction};
pub use error::{Error, FULL, UNAVAILABLE};
pub use ids::{
    AccountId, CalendarId, ChanceId, ChangeId, KeyId, LinkId, OutboxId, PendingId, RemovalId,
    RunId, TemplateId, UserId, WebhookId,
};
pub use migrations::schema_sql;
pub use probe::Proof;
pub use word::Stored;

/// The result of a query.
pub type Result<T> = std::result::Result<T, Error>;
