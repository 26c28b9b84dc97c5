//! An address that webhooks go to.

use std::fmt;

use sha2::{Digest as _, Sha256};
use url::Url;

/// The bytes of its hash that name an address.
const ID_BYTES: usize = 8;

/// An address that webhooks go to. It may hold a secret, so only where it leads to is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: Url,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Endpoint").field(&self.shown()).finish()
    }
}

impl Endpoint {
    /// Reads an address: `http` or `https`, with a host, without a fragment. `None` if it is none.
    pub fn parse(text: &str) -> Option<Endpoint> {
        let url = Url::parse(text.trim()).ok()?;
        let is_right = matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.fragment().is_none();
        is_right.then_some(Endpoint { url })
    }

    /// What names it in the database, without telling what it is.
    pub fn id(&self) -> String {
        let hash = Sha256::digest(self.url.as_str().as_bytes());
        hash.iter().take(ID_BYTES).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Where it leads to: no path, no query, no password.
    pub fn shown(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_may_be_secret_in_it() {
        let endpoint =
            Endpoint::parse("https://ann:geheim@hooks.example.org:8443/geheim?key=geheim").unwrap();
        assert_eq!(endpoint.shown(), "https://hooks.example.org:8443");
        assert!(!format!("{endpoint:?} {}", endpoint.id()).contains("geheim"));
        assert_eq!(endpoint.id().len(), 16);
        assert_ne!(endpoint.id(), Endpoint::parse("https://hooks.example.org:8443/").unwrap().id());
        for none in ["", "hooks.example.org", "ftp://hooks.example.org", "https://", "https://a/#b"]
        {
            assert!(Endpoint::parse(none).is_none(), "{none}");
        }
    }
}
