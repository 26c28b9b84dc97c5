//! Connector and account: what the requests of a process and of an account share.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::sync::Semaphore;
use url::{Host, Url};

use crate::limits::{MAX_DISCOVERY_CONNECT, MAX_ORIGINS};
use crate::request::{Request, Retries};
use crate::sign_in::Identity;
use crate::{
    Clock, Credentials, Error, InvalidUrl, Limits, Pauses, Result, SystemClock, UnusableSettings,
};

/// Whether addresses with `http://` may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlainHttp {
    /// Only on this machine.
    #[default]
    LoopbackOnly,
    /// Anywhere: passwords and calendars are sent unencrypted.
    Allowed,
}

/// The settings of a connector.
#[derive(Clone, Debug, Default)]
pub struct ConnectorSettings {
    /// Certificates, in PEM, of authorities that are trusted beside the system's.
    pub ca_file: Option<Vec<u8>>,
    /// Whether addresses with `http://` may be used.
    pub plain_http: PlainHttp,
    /// The bounds.
    pub limits: Limits,
    /// The pauses that servers asked for; pass the same value to all connectors of a process.
    pub pauses: Pauses,
}

/// The connections, trusted authorities and limits of parallel requests that a process shares.
/// Cheap to clone.
#[derive(Clone)]
pub struct Connector {
    inner: Arc<Inner>,
}

struct Inner {
    client: reqwest::Client,
    /// A client that uses each connection once.
    unpooled: reqwest::Client,
    /// A client with a short timeout for connections.
    hasty: reqwest::Client,
    pauses: Pauses,
    plain_http: PlainHttp,
    limits: Limits,
    /// The free slots of [`Limits::parallel`], for each origin.
    slots: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Connector {
    /// A connector with these settings.
    ///
    /// # Errors
    ///
    /// [`Error::Settings`] if the CA file contains no certificate, or one that cannot be used.
    pub fn new(settings: ConnectorSettings) -> Result<Connector> {
        let ConnectorSettings { ca_file, plain_http, limits, pauses } = settings;
        let authorities = ca_file.as_deref().map(certificates).transpose()?.unwrap_or_default();
        let tls = outbound::tls(&authorities).map_err(unusable)?;
        let client = |pooled: usize, connect: Duration| {
            reqwest::Client::builder()
                .user_agent(concat!("RoomBooking/", env!("CARGO_PKG_VERSION")))
                .tls_backend_preconfigured(tls.clone())
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .no_proxy()
                .http1_only()
                .connect_timeout(connect)
                .pool_idle_timeout(limits.pool_idle)
                .pool_max_idle_per_host(pooled)
                .build()
                .map_err(unusable)
        };
        let hasty = client(usize::MAX, limits.connect.min(MAX_DISCOVERY_CONNECT))?;
        let (client, unpooled) = (client(usize::MAX, limits.connect)?, client(0, limits.connect)?);
        let slots = Mutex::default();
        let inner = Inner { client, unpooled, hasty, pauses, plain_http, limits, slots };
        Ok(Connector { inner: Arc::new(inner) })
    }

    /// An account of this connector.
    ///
    /// After the first 401, the account and its clones send no more requests; a new account does.
    pub fn account(&self, credentials: Credentials) -> Account {
        let identity = Arc::new(Identity::new(credentials));
        Account { connector: self.clone(), identity, clock: Arc::new(SystemClock) }
    }

    /// The client that sends a request.
    pub(crate) fn client(&self, request: &Request) -> &reqwest::Client {
        match (request.retries, request.uses_pool) {
            (Retries::ByLimits, true) => &self.inner.client,
            (Retries::ByLimits, false) => &self.inner.unpooled,
            (Retries::One | Retries::None, _) => &self.inner.hasty,
        }
    }

    /// The pauses that servers asked for.
    pub(crate) fn pauses(&self) -> &Pauses {
        &self.inner.pauses
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Whether requests may be sent to `url`: https, or http if that is allowed, and no secrets in
    /// it.
    pub(crate) fn check(&self, url: &Url) -> Result<()> {
        let Some(host) = url.host() else {
            return Err(InvalidUrl::NoHost.into());
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidUrl::Password.into());
        }
        let is_local = match &host {
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        match url.scheme() {
            "https" => Ok(()),
            "http" if is_local || self.inner.plain_http == PlainHttp::Allowed => Ok(()),
            "http" => Err(Error::PlainHttpRefused { host: host.to_string() }),
            other => Err(InvalidUrl::Scheme { scheme: other.to_owned() }.into()),
        }
    }

    /// The semaphore of requests to the origin of `url`.
    pub(crate) fn slots(&self, url: &Url) -> Arc<Semaphore> {
        let origin = url.origin().ascii_serialization();
        let mut slots = self.inner.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_ORIGINS {
            slots.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
        }
        let fresh = || Arc::new(Semaphore::new(self.inner.limits.parallel.max(1)));
        slots.entry(origin).or_insert_with(fresh).clone()
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { plain_http, limits, .. } = &*self.inner;
        f.debug_struct("Connector")
            .field("plain_http", plain_http)
            .field("limits", limits)
            .finish_non_exhaustive()
    }
}

/// The error for settings that a library refuses.
fn unusable(error: impl fmt::Display) -> Error {
    Error::Settings(UnusableSettings::Quoted(error.to_string()))
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let found: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(Error::Settings(UnusableSettings::NoCertificate)),
        Err(_) => Err(Error::Settings(UnusableSettings::NoPem)),
    }
}

/// An account on a calendar server. Cheap to clone.
#[derive(Clone)]
pub struct Account {
    pub(crate) connector: Connector,
    pub(crate) identity: Arc<Identity>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Account {
    /// The same account, which measures the pauses of its server by this clock. All accounts of a connector
    /// need clocks that show the same time.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Account {
        Account { clock, ..self }
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let credentials = &self.identity.credentials;
        f.debug_struct("Account").field("credentials", credentials).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_that_nobody_asks_are_forgotten_beyond_their_bound() {
        let connector = Connector::new(ConnectorSettings::default()).unwrap();
        let url = |number: usize| Url::parse(&format!("https://a.example:{number}/")).unwrap();
        let held = connector.slots(&url(1));
        for number in 2..=MAX_ORIGINS {
            connector.slots(&url(number));
        }
        let count = || connector.inner.slots.lock().unwrap().len();
        assert_eq!(count(), MAX_ORIGINS);
        connector.slots(&url(MAX_ORIGINS + 1));
        assert_eq!(count(), 2);
        assert!(Arc::ptr_eq(&held, &connector.slots(&url(1))));
    }
}
