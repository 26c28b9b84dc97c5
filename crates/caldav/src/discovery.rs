//! From what a person knows to calendars.

use std::fmt;

use url::Url;

use crate::{Account, Error, Privileges, Result, Server};

/// What discovery found.
#[derive(Clone, Debug)]
pub struct Discovered {
    /// The server.
    pub server: Server,
    /// The account's principal (RFC 5397).
    pub principal: Option<Url>,
    /// The principal's mail addresses (RFC 6638 section 2.4.1), without `mailto:`.
    pub addresses: Vec<String>,
    /// Where the principal's calendars lie (RFC 4791 section 6.2.1).
    pub homes: Vec<Url>,
    /// The calendars in them, and the one whose address was given.
    pub calendars: Vec<FoundCalendar>,
    /// What was tried, and what came of it.
    pub steps: Vec<Step>,
}

/// A calendar that discovery found.
#[derive(Clone, Debug)]
pub struct FoundCalendar {
    /// Its address.
    pub url: Url,
    /// Its display name; where it has none, the last part of its address.
    pub name: String,
    /// Its colour, `#rrggbb` or `#rrggbbaa`, as the server writes it.
    pub color: Option<String>,
    /// What somebody wrote about it.
    pub description: Option<String>,
    /// The TZID of its time zone, which most servers take from IANA.
    pub zone: Option<String>,
    /// Kinds of components that it takes, in upper case; empty where the server does not say, which
    /// means all.
    pub components: Vec<String>,
    /// What the account may do with it.
    pub privileges: Privileges,
    /// Whether it is somebody else's, shared with this account.
    pub is_shared_in: bool,
    /// Its owner's principal.
    pub owner: Option<Url>,
}

/// A request of discovery, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was asked: a method and an address without secrets.
    pub what: String,
    /// What came of it.
    pub outcome: String,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.outcome)
    }
}

impl Account {
    /// Finds the calendars of this account.
    ///
    /// `from` is what a person knows: a host, with or without port; the address of a server, a
    /// principal, a home or a calendar; a Nextcloud's address as the browser shows it; or an e-mail
    /// address, of which the domain is asked (SRV records are not looked up).
    ///
    /// # Errors
    ///
    /// [`Error::NothingFound`] with all that was tried, [`Error::InvalidUrl`] for what is no address,
    /// [`Error::Unauthorized`] after the first 401, else what the last request came to.
    pub async fn discover(&self, _from: &str) -> Result<Discovered> {
        Err(Error::BadAnswer("not built".to_owned()))
    }
}
