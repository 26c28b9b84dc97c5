//! How a provider and a directory are used.

use std::net::IpAddr;

use rustls::pki_types::CertificateDer;
use secrecy::SecretString;
use url::{Host, Url};

/// What stands for the name in a filter.
pub(crate) const NAME: &str = "{name}";

/// How a provider is used.
#[derive(Clone, Debug)]
pub struct OpenIdSettings {
    /// The provider's name of itself (`iss`), letter by letter.
    pub issuer: String,
    /// The name of this program at the provider.
    pub client_id: String,
    /// What proves that it is this program.
    pub client_secret: SecretString,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim of groups.
    pub groups_claim: String,
    /// The group of administrators.
    pub admin_group: Option<String>,
    /// Further certificate authorities.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Where the provider leads back to.
    pub redirect: Url,
    /// Where the provider leads to after a sign-out.
    pub after_sign_out: Url,
}

/// What a sign-in needs again when the provider leads back. It is all that is needed to complete the sign-in.
#[derive(Clone, Debug)]
pub struct AtProvider {
    /// What the answer has to repeat.
    pub state: SecretString,
    /// What the ID token has to repeat.
    pub nonce: SecretString,
    /// What proves that the code is redeemed by who asked for it (PKCE, RFC 7636).
    pub verifier: SecretString,
}

/// How a directory is used.
#[derive(Clone, Debug)]
pub struct DirectorySettings {
    /// Its address: `ldap` or `ldaps`, a host and optionally a port.
    pub url: Url,
    /// Whether a connection begins without TLS and changes to it.
    pub starttls: bool,
    /// The service account and its password; without one, the directory is searched anonymously.
    pub bind: Option<(String, SecretString)>,
    /// Below which entry people are.
    pub base: String,
    /// The filter that finds the entry of `{name}`.
    pub filter: String,
    /// The entry of the group of administrators.
    pub admin_group: Option<String>,
    /// Further certificate authorities.
    pub authorities: Vec<CertificateDer<'static>>,
}

/// Whether an address is one of this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // Of schemes that are not of the web, an IPv4 address is read as a name.
        Some(Host::Domain(name)) => match name.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => name == "localhost",
        },
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl DirectorySettings {
    /// Whether a password would go over a network without TLS.
    pub fn is_exposed(&self) -> bool {
        self.url.scheme() == "ldap" && !self.starttls && !is_loopback(&self.url)
    }
}
