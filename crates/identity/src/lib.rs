//! Clients of those who vouch for people: OpenID Connect providers and LDAP directories.
//!
//! Both say who somebody is ([`Person`]); whether that person is a user, and which one, is decided in the crate
//! `people`. Nothing here touches the database, and no error, log line or `Debug` holds a secret, a token or a code.

mod claims;
mod directory;
mod entry;
mod failure;
mod openid;
mod provider;
mod relay;
mod tls;
mod web;

pub use directory::{Directory, DirectorySettings, is_loopback};
pub use failure::{Failure, TokenFault};
pub use openid::{AtProvider, OpenId, OpenIdSettings};
pub use rustls::pki_types::CertificateDer;
pub use web::MAX_ANSWER;

/// The longest subject of a person that is taken, in bytes (OpenID Connect Core, section 2).
pub const MAX_SUBJECT: usize = 255;

/// Who somebody is, as a provider or a directory says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// What the issuer names the person by, for good.
    pub subject: String,
    /// The name that the person signs in with there.
    pub name: Option<String>,
    /// The email address.
    pub address: Option<String>,
    /// Whether the issuer says that the address is the person's.
    pub is_address_verified: bool,
    /// Whether the person is in the group of administrators; `None` where no group is set.
    pub is_administrator: Option<bool>,
}
