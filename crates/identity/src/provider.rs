//! What a provider says of itself (OpenID Connect Discovery), fetched when it is needed and kept for a while.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use openidconnect::{DiscoveryError, IssuerUrl, ProviderMetadataWithLogout};
use tokio::time::Instant;

use crate::Failure;
use crate::web::Web;

/// How long it is kept.
const KEPT: Duration = Duration::from_secs(3_600);
/// How long after a failure nothing is asked again.
const PAUSE: Duration = Duration::from_secs(5);
/// How old it has to be to be fetched for the sake of a key that is not in it.
const NEW_KEYS: Duration = Duration::from_secs(60);

/// The provider's description of itself, with its keys.
pub(crate) type Metadata = ProviderMetadataWithLogout;

#[derive(Debug, Default)]
struct State {
    known: Option<(Instant, Arc<Metadata>)>,
    failed: Option<(Instant, Failure)>,
}

/// A provider.
#[derive(Debug)]
pub(crate) struct Provider {
    issuer: IssuerUrl,
    web: Web,
    state: Mutex<State>,
    fetching: tokio::sync::Mutex<()>,
}

impl Provider {
    pub fn new(issuer: IssuerUrl, web: Web) -> Provider {
        Provider { issuer, web, state: Mutex::default(), fetching: tokio::sync::Mutex::default() }
    }

    /// What it says of itself. One request asks at a time, and the others wait for it.
    ///
    /// # Errors
    ///
    /// If it cannot be asked, and was never before, or not long enough ago.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, Failure> {
        self.younger_than(KEPT).await
    }

    /// The same, fetched anew unless that was done a moment ago: it may have new keys.
    pub async fn with_new_keys(&self) -> Result<Arc<Metadata>, Failure> {
        self.younger_than(NEW_KEYS).await
    }

    /// Why it could not be asked the last time, if that is not over.
    pub fn failure(&self) -> Option<Failure> {
        self.state().failed.as_ref().map(|(_, failure)| failure.clone())
    }

    /// Whether nothing is known of it, and nobody asks.
    pub fn is_unknown(&self) -> bool {
        self.kept(KEPT).is_none() && self.fetching.try_lock().is_ok()
    }

    async fn younger_than(&self, age: Duration) -> Result<Arc<Metadata>, Failure> {
        if let Some(metadata) = self.kept(age) {
            return Ok(metadata);
        }
        let _turn = self.fetching.lock().await;
        if let Some(metadata) = self.kept(age) {
            return Ok(metadata);
        }
        if let Some(failure) = self.failed_just_now() {
            return self.kept(Duration::MAX).ok_or(failure);
        }
        match self.fetch().await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                let known = Some((Instant::now(), Arc::clone(&metadata)));
                *self.state() = State { known, failed: None };
                Ok(metadata)
            }
            Err(failure) => {
                tracing::warn!(%failure, "openid connect discovery failed");
                self.state().failed = Some((Instant::now(), failure.clone()));
                // What was true an hour ago is better than nothing.
                self.kept(Duration::MAX).ok_or(failure)
            }
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self, age: Duration) -> Option<Arc<Metadata>> {
        let state = self.state();
        let (at, metadata) = state.known.as_ref()?;
        (at.elapsed() < age).then(|| Arc::clone(metadata))
    }

    fn failed_just_now(&self) -> Option<Failure> {
        let state = self.state();
        let (at, failure) = state.failed.as_ref()?;
        (at.elapsed() < PAUSE).then(|| failure.clone())
    }

    async fn fetch(&self) -> Result<Metadata, Failure> {
        let found = Metadata::discover_async(self.issuer.clone(), &self.web).await;
        found.map_err(|error| match error {
            DiscoveryError::Request(failure) => failure,
            DiscoveryError::Response(status, ..) if status.as_u16() != 200 => {
                Failure::Status("the provider's discovery", status.as_u16())
            }
            // `unexpected issuer URI` and the name: the only thing that is validated.
            DiscoveryError::Validation(text) => {
                let name = text.split('`').nth(1).unwrap_or_default();
                Failure::OtherIssuer(Failure::plain(name))
            }
            _ => Failure::Malformed("the provider's discovery"),
        })
    }
}
