//! What a server tells of a collection.

use url::Url;

use crate::Server;

/// What the account may do with a collection (RFC 3744 section 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Privileges {
    /// Read objects and properties.
    pub read: bool,
    /// Replace objects.
    pub write_content: bool,
    /// Create objects.
    pub bind: bool,
    /// Delete objects.
    pub unbind: bool,
    /// Whether the server said at all; if not, all others are `false`.
    pub is_known: bool,
}

/// What one PROPFIND tells of a collection.
#[derive(Clone, Debug)]
pub struct CollectionProperties {
    /// Where it lies after redirects; the address to ask from now on.
    pub url: Url,
    /// Whether it is a calendar (RFC 4791 section 4.2).
    pub is_calendar: bool,
    /// Its display name; empty where it has none.
    pub name: String,
    /// What changes whenever a member changes (CalendarServer's `getctag`).
    pub ctag: Option<String>,
    /// RFC 6578 section 4.
    pub sync_token: Option<String>,
    /// Whether sync-collection is among the supported reports, or a sync-token is given.
    pub supports_sync: bool,
    /// Whether calendar-multiget is among the supported reports; `true` where the server does not
    /// list any.
    pub supports_multiget: bool,
    /// What the account may do.
    pub privileges: Privileges,
    /// The longest object that it takes, in bytes (RFC 4791 section 5.2.5); not to be relied on.
    pub max_resource_size: Option<u64>,
    /// Kinds of components that it takes, in upper case; empty where the server does not say, which
    /// means all.
    pub components: Vec<String>,
    /// The TZID of its time zone, which most servers take from IANA.
    pub zone: Option<String>,
    /// Its owner's principal.
    pub owner: Option<Url>,
    /// The principal that the account is.
    pub principal: Option<Url>,
    /// The server.
    pub server: Server,
}
