//! A CalDAV client.
//!
//! It implements the parts of RFC 4918 (WebDAV), 4791 (CalDAV), 6578 (sync-collection) and 6638
//! (scheduling) that a program needs to mirror whole calendars and write single objects, and
//! handles the deviations of real servers ([`Quirks`]). It treats iCalendar as bytes.
//!
//! A [`Connector`] holds what a process shares; an [`Account`] signs in; a [`Collection`] is one
//! calendar. A replacement or a deletion does not compile without a decision about the version that
//! it is based on ([`Collection::at`]).
//!
//! # Example: read a calendar
//!
//! ```no_run
//! use caldav::{Connector, ConnectorSettings, Credentials, MULTIGET_CHUNK};
//!
//! # async fn example() -> caldav::Result<()> {
//! let connector = Connector::new(ConnectorSettings::default())?;
//! let password = "app password".to_owned().into();
//! let account = connector.account(Credentials::Basic { user: "room-1".to_owned(), password });
//! let found = account.discover("cloud.example.org").await?;
//! for calendar in &found.calendars {
//!     let collection = account.collection(&calendar.url, found.server.kind)?;
//!     let members = collection.members().await?;
//!     let hrefs: Vec<_> = members.into_iter().map(|member| member.href).collect();
//!     for chunk in hrefs.chunks(MULTIGET_CHUNK) {
//!         let fetched = collection.multiget(chunk).await?;
//!         println!("{}: {} objects", calendar.name, fetched.len());
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Not supported
//!
//! SRV and TXT records (RFC 6764) are not looked up: for an email address, the host of its domain
//! is asked. Proxy settings of the environment are not used.

mod auth;
mod changes;
mod clock;
mod collection;
mod conditions;
mod connector;
mod digest;
mod discovery;
mod entry;
mod error;
mod etag;
mod failure;
mod fault;
#[doc(hidden)]
pub mod fuzzed;
mod guard;
mod home;
mod href;
mod identity;
pub mod limits;
pub mod metrics;
mod multiget;
pub mod nextcloud;
mod pauses;
mod probe;
mod properties;
mod query;
mod quirks;
mod redirect;
mod request;
mod server;
mod sign_in;
mod state;
mod sync;
mod transport;
mod trash;
mod write;
pub mod xml;

pub use auth::Credentials;
pub use changes::{Changes, Doubt};
pub use clock::{Clock, SystemClock};
pub use collection::{Collection, Object};
pub use conditions::Conditions;
pub use connector::{Account, Connector, ConnectorSettings, PlainHttp};
pub use discovery::{Discovered, FoundCalendar};
pub use error::{Error, Phase, Redirected, Result, Step, StepOutcome};
pub use etag::ETag;
pub use fault::{BadAnswer, Hint, Interruption, InvalidUrl, UnusableSettings};
pub use guard::SendGuard;
pub use home::home_of;
pub use href::Href;
pub use identity::Identity;
pub use limits::{Limits, MULTIGET_CHUNK};
pub use multiget::{CurrentVersion, FetchOutcome, Fetched, NotGiven, Presence};
pub use pauses::{Pauses, ServerPause};
pub use properties::{CollectionProperties, Privileges};
pub use quirks::{Quirks, ServerKind};
pub use server::Server;
pub use state::SyncState;
pub use sync::{Member, SyncAnswer};
pub use write::{At, Decided, Deleted, NoDecision, ScheduleReply, Written};
