//! People and what they may: users, passwords, sessions, second factors, API keys, the audit trail of what they
//! do, and how an act is refused ([`Error`]).
//!
//! [`People`] stands on a [`store::Store`]; each operation is a method of it.

pub mod audit;
pub mod caller;
mod error;
mod first_administrator;
pub mod identities;
pub mod keyring;
mod keys;
pub mod known_browsers;
pub mod names;
mod password_rules;
pub mod passwords;
pub mod refusal;
pub mod second_factor;
pub mod security_log;
pub mod sessions;
mod users;

use std::sync::Arc;

use facts::Clock;
use ical::Moment;
use store::Store;
use store::users::Ways;
use wording::MessageId;

pub use error::{Error, FieldError, Result, TemplatePosition};
use keyring::Keyring;
use security_log::SecurityLog;

/// What is the same for all operations on people. Cheap to clone.
#[derive(Clone, Debug)]
pub struct People {
    /// The database.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// What stored secrets are encrypted with.
    pub keyring: Keyring,
    /// The ways in which people can sign in.
    pub ways: Arc<Ways>,
    /// Events about who gets in that are not written yet.
    pub security: Arc<SecurityLog>,
}

impl People {
    /// The present.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }
}
