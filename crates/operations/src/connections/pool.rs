//! How calendar servers are reached, and what a process remembers of them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use caldav::{Connector, ConnectorSettings, Credentials, Limits, Pauses, PlainHttp, ServerPause};
use facts::clock::{Clock, Instant};
use people::keyring::{Keyring, Secret, no_secret};
use secrecy::{ExposeSecret as _, SecretString};
use store::accounts::{self, Account, SignIn};
use store::secrets::sha256;
use store::vault::{Cost, Vault};
use store::{Access, AccountId, CalendarId, pauses};

use crate::connections::request_errors;
use crate::connections::seen_token::SeenToken;
use crate::{Error, Message, MessageId, Result, Service};

/// How a process reaches calendar servers.
#[derive(Clone)]
pub struct ServerSettings {
    /// What encrypts stored passwords; it is asked for when it is first needed.
    pub secret: Secret,
    /// What deriving a key from it costs, in a database that has no derivation yet.
    pub cost: Cost,
    /// Certificates, in PEM, of authorities that are trusted beside the system's.
    pub ca_file: Option<Vec<u8>>,
    /// The bounds of requests.
    pub limits: Limits,
}

impl Default for ServerSettings {
    /// No further authorities, usual bounds, and no way to read passwords.
    fn default() -> ServerSettings {
        let (cost, limits) = (Cost::DEFAULT, Limits::default());
        ServerSettings { secret: no_secret(), cost, ca_file: None, limits }
    }
}

impl fmt::Debug for ServerSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServerSettings")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The program's clock, as the client of calendar servers reads it.
struct ClientClock(Clock);

impl caldav::Clock for ClientClock {
    fn monotonic(&self) -> Duration {
        self.0.instant().monotonic()
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(u64::try_from(self.0.now().0).unwrap_or_default())
    }
}

/// The calendar servers that a process talks to. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Servers {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    settings: ServerSettings,
    keyring: Keyring,
    loopback_only: OnceLock<Connector>,
    anywhere: OnceLock<Connector>,
    /// Which servers asked for a pause: it holds for all their calendars and accounts.
    pauses: Pauses,
    accounts: Mutex<HashMap<AccountId, Known>>,
    mirrors: Mutex<HashMap<CalendarId, Arc<Gate>>>,
}

impl fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Inner").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// An account with the settings that it was made of.
struct Known {
    settings: [u8; 32],
    account: caldav::Account,
}

/// Who brings a mirror up to date in this process, and when it was last.
pub(crate) type Gate = tokio::sync::Mutex<Looks>;

/// When this process looked at a calendar.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looks {
    /// When its mirror was last brought up to date.
    pub last: Option<Instant>,
    /// When it was last compared with all that the server has.
    pub compared: Option<Instant>,
    /// When what the server does not give away was last asked for.
    pub asked_again: Option<Instant>,
    /// When objects were last read, by their place.
    pub read: HashMap<String, Instant>,
    /// The sync-token of the last look.
    pub token: Option<SeenToken>,
    /// When a poll of its home found it unchanged last, just before a run was due.
    pub polled: Option<Instant>,
    /// When a look failed last, and how: those who waited for it need not wait for another.
    pub failed: Option<(Instant, Message, bool)>,
}

impl Servers {
    /// With these settings.
    pub fn new(settings: ServerSettings) -> Servers {
        let keyring = Keyring::new(Arc::clone(&settings.secret), settings.cost);
        Servers { inner: Arc::new(Inner { settings, keyring, ..Inner::default() }) }
    }

    /// Makes sure that the certificates can be used.
    ///
    /// # Errors
    ///
    /// Why they cannot, as a sentence.
    pub fn check(&self) -> std::result::Result<(), String> {
        if self.inner.settings.ca_file.is_none() {
            return Ok(());
        }
        let connector = Connector::new(ConnectorSettings {
            ca_file: self.inner.settings.ca_file.clone(),
            ..ConnectorSettings::default()
        });
        connector.map(|_| ()).map_err(|error| error.to_string())
    }

    /// What stored secrets are encrypted with.
    pub(crate) fn keyring(&self) -> &Keyring {
        &self.inner.keyring
    }

    fn connect(&self, credentials: Credentials, plain_http: PlainHttp) -> Result<caldav::Account> {
        let place = match plain_http {
            PlainHttp::LoopbackOnly => &self.inner.loopback_only,
            PlainHttp::Allowed => &self.inner.anywhere,
        };
        if let Some(connector) = place.get() {
            return Ok(connector.account(credentials));
        }
        let ServerSettings { ca_file, limits, .. } = self.inner.settings.clone();
        let connector = Connector::new(ConnectorSettings {
            ca_file,
            plain_http,
            limits,
            pauses: self.inner.pauses.clone(),
        });
        let connector = connector.map_err(|error| Error::server(request_errors::plain(&error)))?;
        Ok(place.get_or_init(|| connector).account(credentials))
    }

    /// The account of these settings; connections and refusals are remembered until they change.
    fn account(&self, of: &Account, password: SecretString) -> Result<caldav::Account> {
        let settings = format!(
            "{}\0{}\0{:?}\0{}\0{}",
            of.url,
            of.user_name,
            of.sign_in,
            of.allows_plain_http,
            password.expose_secret()
        );
        let settings = sha256(settings.as_bytes());
        let mut accounts = self.inner.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = accounts.get(&of.id).filter(|known| known.settings == settings) {
            return Ok(known.account.clone());
        }
        let account = self.connect(credentials(of, password), plain_http(of))?;
        accounts.insert(of.id, Known { settings, account: account.clone() });
        Ok(account)
    }

    /// Forgets an account: the next time it is made anew.
    pub(crate) fn forget(&self, id: AccountId) {
        self.inner.accounts.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Where a task that syncs a calendar's mirror waits for others.
    pub(crate) fn gate(&self, id: CalendarId) -> Arc<Gate> {
        let mut mirrors = self.inner.mirrors.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(mirrors.entry(id).or_default())
    }
}

/// The account of that number.
///
/// # Errors
///
/// [`Error::NotFound`] if there is none.
pub(crate) async fn account_row(access: &impl Access, id: AccountId) -> Result<Account> {
    let found = accounts::by_id(access, id).await?;
    found.ok_or_else(|| Error::NotFound(MessageId::no_account(id)))
}

/// How an account signs in.
pub(crate) fn credentials(of: &Account, password: SecretString) -> Credentials {
    match of.sign_in {
        SignIn::Basic => Credentials::Basic { user: of.user_name.clone(), password },
        SignIn::Bearer => Credentials::Bearer(password),
    }
}

/// Whether an account may be asked without TLS.
pub(crate) fn plain_http(of: &Account) -> PlainHttp {
    if of.allows_plain_http { PlainHttp::Allowed } else { PlainHttp::LoopbackOnly }
}

impl Service {
    /// What stored secrets are encrypted with.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] if there is no SECRET_KEY; else when the database fails.
    pub(crate) async fn vault(&self) -> Result<&Vault> {
        self.servers.keyring().vault(&self.store).await
    }

    /// Somebody who signs in for the first time.
    pub(crate) fn connect(
        &self,
        credentials: Credentials,
        plain_http: PlainHttp,
    ) -> Result<caldav::Account> {
        let account = self.servers.connect(credentials, plain_http)?;
        Ok(account.with_clock(Arc::new(ClientClock(self.clock.clone()))))
    }

    /// An account, ready to ask its server.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the server has refused its password, or the password cannot be decrypted.
    pub(crate) async fn account(&self, id: AccountId) -> Result<(Account, caldav::Account)> {
        let of = account_row(&self.store, id).await?;
        if of.refused_at.is_some() {
            return Err(refused(&of));
        }
        let password = match accounts::password(&self.store, id, self.vault().await?).await {
            Err(error @ store::Error::Secret) => {
                let reason = Error::Store(error).said();
                return Err(Error::server(MessageId::password_unreadable(reason, id)));
            }
            Err(error @ (store::Error::KeyChanged | store::Error::WrongKey)) => {
                return Err(Error::server(Error::Store(error).said()));
            }
            password => password?,
        };
        let account = self.servers.account(&of, password)?;
        let account = account.with_clock(Arc::new(ClientClock(self.clock.clone())));
        self.load_pauses().await?;
        Ok((of, account))
    }

    /// Loads the pauses that servers asked other processes for, or this one before a restart.
    pub(crate) async fn load_pauses(&self) -> Result<()> {
        let now = self.now().0;
        let open = pauses::open(&self.store, now).await?.into_iter().map(|it| ServerPause {
            server: it.server,
            left: Duration::from_secs(u64::try_from(it.until_at - now).unwrap_or_default()),
            status: u16::try_from(it.status).unwrap_or_default(),
            words: it.words,
        });
        self.servers.inner.pauses.learn(open, &ClientClock(self.clock.clone()));
        Ok(())
    }

    /// Stores the pauses that servers asked for, if the error is one: for the other processes on this
    /// database, and for a restart.
    pub(crate) async fn keep_pauses(&self, error: &caldav::Error) -> Result<()> {
        let is_pause = matches!(
            error,
            caldav::Error::TooManyRequests { .. }
                | caldav::Error::Unavailable { retry_after: Some(_), .. }
        );
        if !is_pause {
            return Ok(());
        }
        let now = self.now().0;
        let transaction = self.store.begin().await?;
        let clock = ClientClock(self.clock.clone());
        for ServerPause { server, left, status, words } in self.servers.inner.pauses.open(&clock) {
            // A second that has begun is not over.
            let left = i64::try_from(left.as_secs()).unwrap_or(i64::MAX).saturating_add(1);
            let until_at = now.saturating_add(left);
            let pause = pauses::Pause { server, until_at, status: i64::from(status), words };
            pauses::keep(&transaction, &pause, now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// What a request to an account's server came to, for people. A refused password is written down:
    /// nobody tries it again before the settings change. So is a pause that the server asked for.
    pub(crate) async fn server_error(&self, of: &Account, error: &caldav::Error) -> Error {
        let error = error.cause();
        if matches!(error, caldav::Error::Unauthorized)
            && let Err(error) = self.note_refusal(of).await
        {
            return error;
        }
        if let Err(error) = self.keep_pauses(error).await {
            return error;
        }
        as_server_error(of, error)
    }

    async fn note_refusal(&self, of: &Account) -> Result<()> {
        let transaction = self.store.begin().await?;
        accounts::set_refused(&transaction, of, self.now().0).await?;
        transaction.commit().await?;
        self.servers.forget(of.id);
        Ok(())
    }
}

/// That a server refused an account's password earlier.
fn refused(of: &Account) -> Error {
    Error::server(MessageId::password_refused(host(&of.url), &of.user_name, of.id))
}

/// What a request came to, for people.
pub(crate) fn as_server_error(of: &Account, error: &caldav::Error) -> Error {
    if matches!(error, caldav::Error::Unauthorized) {
        return refused(of);
    }
    let detail = request_errors::message_of(&host(&of.url), error);
    Error::Server { detail, is_timeout: matches!(error, caldav::Error::Timeout { .. }) }
}

/// The host of what a person knows of a server, with its port where that is not the usual one.
pub fn host(address: &str) -> String {
    let domain = address.rsplit_once('@').filter(|_| !address.contains('/'));
    let address = domain.map_or(address, |(_, domain)| domain);
    let with_scheme =
        if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let parsed = url::Url::parse(&with_scheme).ok();
    let host = parsed.as_ref().and_then(|url| {
        let host = url.host_str()?;
        Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    });
    host.unwrap_or_else(|| "the calendar server".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_its_host_whatever_a_person_gave() {
        for (address, expected) in [
            ("cloud.example.org", "cloud.example.org"),
            ("https://cloud.example.org/index.php/apps/calendar", "cloud.example.org"),
            ("http://127.0.0.1:5232/room/", "127.0.0.1:5232"),
            ("dav.example.org:8443", "dav.example.org:8443"),
            ("rooms@example.org", "example.org"),
            ("https://dav.example.org/calendars/a@b/", "dav.example.org"),
            ("", "the calendar server"),
        ] {
            assert_eq!(host(address), expected, "{address}");
        }
    }

    #[test]
    fn settings_show_no_secret() {
        let secret = Arc::new(|| Ok(SecretString::from("geheim")));
        let settings = ServerSettings { secret, ..ServerSettings::default() };
        let servers = Servers::new(settings.clone());
        assert!(!format!("{settings:?} {servers:?}").contains("geheim"));
    }
}
