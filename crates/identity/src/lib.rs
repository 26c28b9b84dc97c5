//! Clients of those who vouch for people: OpenID Connect providers and LDAP directories.
//!
//! Both say who somebody is ([`Person`]); whether that person is a user, and which one, is decided in the crate
//! `people`. Nothing here touches the database, and no error, log line or `Debug` holds a secret, a token or a code.
//!
//! Without the feature `clients`, the libraries of both are left out: there is no [`OpenId`] and no [`Directory`], and
//! making one says so. Who builds the program to look at it need not wait for them.

#[cfg(feature = "clients")]
mod claims;
#[cfg(feature = "clients")]
mod directory;
#[cfg(feature = "clients")]
mod entry;
mod failure;
#[cfg(feature = "clients")]
pub mod fuzzed;
// Its tests run in every build.
#[cfg(any(test, not(feature = "clients")))]
#[cfg_attr(
    feature = "clients",
    allow(dead_code, reason = "it stands beside what it takes the place of")
)]
mod left_out;
#[cfg(feature = "clients")]
mod openid;
#[cfg(feature = "clients")]
mod provider;
#[cfg(feature = "clients")]
mod relay;
mod settings;
#[cfg(feature = "clients")]
mod web;

#[cfg(feature = "clients")]
pub use directory::Directory;
pub use failure::{Failure, TokenFault};
#[cfg(not(feature = "clients"))]
pub use left_out::{Directory, OpenId};
#[cfg(feature = "clients")]
pub use openid::OpenId;
pub use rustls::pki_types::CertificateDer;
pub use settings::{AtProvider, DirectorySettings, OpenIdSettings, is_loopback};

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
