//! What a process shares, and who asks.

use std::fmt;
use std::sync::Arc;

use url::Url;

use crate::{Collection, Credentials, Limits, Result, ServerKind};

/// Whether addresses with `http://` may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlainHttp {
    /// Only on this machine.
    #[default]
    LoopbackOnly,
    /// Anywhere: passwords and calendars travel in the clear.
    Allowed,
}

/// How a process connects.
#[derive(Clone, Debug, Default)]
pub struct ConnectorSettings {
    /// Certificates, in PEM, of authorities that are trusted beside the system's.
    pub ca_file: Option<Vec<u8>>,
    /// Whether addresses with `http://` may be asked.
    pub plain_http: PlainHttp,
    /// The bounds.
    pub limits: Limits,
}

/// What a process shares: connections, trusted authorities, and how much is asked of each server at
/// the same time. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connector {
    pub(crate) settings: Arc<ConnectorSettings>,
}

impl Connector {
    /// A connector with these settings.
    ///
    /// # Errors
    ///
    /// [`Error::Settings`](crate::Error::Settings) where the CA file cannot be used.
    pub fn new(settings: ConnectorSettings) -> Result<Connector> {
        Ok(Connector { settings: Arc::new(settings) })
    }

    /// Somebody who signs in.
    ///
    /// After the first 401 the account and its clones ask nothing any more; an account that is made
    /// anew does.
    pub fn account(&self, credentials: Credentials) -> Account {
        Account { connector: self.clone(), credentials: Arc::new(credentials) }
    }
}

/// Somebody who signs in. Cheap to clone.
#[derive(Clone)]
pub struct Account {
    pub(crate) connector: Connector,
    pub(crate) credentials: Arc<Credentials>,
}

impl Account {
    /// A calendar at an address, on a server of a kind that discovery found.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidUrl`](crate::Error::InvalidUrl) and
    /// [`Error::PlainHttpRefused`](crate::Error::PlainHttpRefused).
    pub fn collection(&self, url: &Url, kind: ServerKind) -> Result<Collection> {
        Collection::new(self.clone(), url, kind)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("credentials", &self.credentials).finish_non_exhaustive()
    }
}
