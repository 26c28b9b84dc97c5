//! Sign-in against an LDAP directory: a service account finds the entry of a name, then the password is tried on it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ldap3::{
    DerefAliases, Ldap, LdapConnAsync, LdapConnSettings, LdapError, Scope, SearchEntry,
    SearchOptions, ldap_escape, parse_filter,
};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use url::{Host, Url};

use crate::entry::{self, MEMBER_OF, filter_of_subject, person_of, values};
use crate::{Failure, Person, tls};

/// How long a connection may take, with its TLS.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(5);
/// How long all of it may take.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Sign-ins that talk to the directory at once; a further one waits for [`WAIT`].
const AT_ONCE: usize = 16;
/// How long one waits for its turn.
const WAIT: Duration = Duration::from_secs(5);
/// The longest name and password that are sent, in bytes.
const MAX_TYPED: usize = 1_000;
/// What stands for the name in a filter.
pub(crate) const NAME: &str = "{name}";

/// A filter that every entry matches.
const ANY: &str = "(objectClass=*)";

/// Result codes (RFC 4511 appendix A).
const NO_SUCH_OBJECT: u32 = 32;
const SIZE_LIMIT_EXCEEDED: u32 = 4;
/// A bind with which it is wrong: `invalidCredentials`, `inappropriateAuthentication`, and `unwillingToPerform`, with
/// which directories refuse locked entries.
const WRONG: [u32; 3] = [49, 48, 53];

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

    /// Whether a filter can be read, and has a place for the name.
    pub fn is_filter(text: &str) -> bool {
        text.contains(NAME) && parse_filter(text.replace(NAME, "name")).is_ok()
    }
}

/// A directory that people sign in at.
#[derive(Debug)]
pub struct Directory {
    settings: DirectorySettings,
    tls: Arc<ClientConfig>,
    turns: Semaphore,
}

/// A connection, which ends with this.
struct Connection {
    ldap: Ldap,
    driver: JoinHandle<()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Directory {
    /// A directory. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// A sentence, if there are no certificate authorities.
    pub fn new(settings: DirectorySettings) -> Result<Directory, String> {
        let tls = Arc::new(tls::config(&settings.authorities)?);
        Ok(Directory { settings, tls, turns: Semaphore::new(AT_ONCE) })
    }

    /// The name of the directory in identities: its base, in lower case.
    pub fn issuer(&self) -> String {
        self.settings.base.to_lowercase()
    }

    /// Who somebody with this name and password is; `None` if there is no such entry, or the password is wrong.
    ///
    /// # Errors
    ///
    /// If the directory cannot be asked, or the filter finds several entries.
    pub async fn sign_in(
        self: &Arc<Directory>,
        name: &str,
        password: &SecretString,
    ) -> Result<Option<Person>, Failure> {
        let is_wrong = |text: &str| text.is_empty() || text.len() > MAX_TYPED;
        // A bind with a name and without a password is "unauthenticated", and succeeds (RFC 4513 section 5.1.2).
        if is_wrong(name) || is_wrong(password.expose_secret()) {
            return Ok(None);
        }
        let turn = timeout(WAIT, self.turns.acquire()).await;
        let _turn = turn.map_err(|_| Failure::Busy)?.map_err(|_| Failure::Busy)?;
        let (this, name, password) = (Arc::clone(self), name.to_owned(), password.clone());
        self.within(async move { this.person(&name, &password).await }).await
    }

    /// Whether a password is the one of the entry that this subject names.
    ///
    /// # Errors
    ///
    /// If the directory cannot be asked.
    pub async fn proves(
        self: &Arc<Directory>,
        subject: &str,
        password: &SecretString,
    ) -> Result<bool, Failure> {
        let is_wrong = |text: &str| text.is_empty() || text.len() > MAX_TYPED;
        if is_wrong(subject) || is_wrong(password.expose_secret()) {
            return Ok(false);
        }
        let turn = timeout(WAIT, self.turns.acquire()).await;
        let _turn = turn.map_err(|_| Failure::Busy)?.map_err(|_| Failure::Busy)?;
        let (this, subject) = (Arc::clone(self), subject.to_owned());
        let password = password.clone();
        let proven = async move {
            let mut connection = this.connect().await?;
            let ldap = &mut connection.ldap;
            let filter = filter_of_subject(&subject);
            // Where nothing else names an entry, its name does.
            let (base, scope) = match subject.contains('=') {
                true => (subject.as_str(), Scope::Base),
                false => (this.settings.base.as_str(), Scope::Subtree),
            };
            match this.entry(ldap, base, scope, &filter).await? {
                Some(entry) => is_password(ldap, &entry, &password).await,
                None => Ok(false),
            }
        };
        self.within(proven).await
    }

    /// Signs in with the service account, and looks up the base and the group of administrators.
    ///
    /// # Errors
    ///
    /// If one of these fails.
    pub async fn check(self: &Arc<Directory>) -> Result<(), Failure> {
        let this = Arc::clone(self);
        let checked = async move {
            let mut connection = this.connect().await?;
            let ldap = &mut connection.ldap;
            for entry in [Some(&this.settings.base), this.settings.admin_group.as_ref()] {
                let Some(entry) = entry else { continue };
                ldap.with_timeout(ANSWER);
                let found = ldap.search(entry, Scope::Base, ANY, vec!["1.1"]).await;
                let ldap3::SearchResult(entries, result) = found.map_err(failure)?;
                match result.rc {
                    0 if entries.is_empty() => return Err(Failure::ResultCode(NO_SUCH_OBJECT)),
                    0 => {}
                    code => return Err(Failure::ResultCode(code)),
                }
            }
            Ok(())
        };
        self.within(checked).await
    }

    /// Does work within the time. An answer on which the library panics is one that cannot be read.
    async fn within<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, Failure> {
        let mut task = tokio::spawn(work);
        match timeout(TIMEOUT, &mut task).await {
            Ok(done) => done.unwrap_or(Err(Failure::Malformed("the directory's answer"))),
            Err(_) => {
                task.abort();
                Err(Failure::TooSlow)
            }
        }
    }

    /// A connection of the service account.
    async fn connect(&self) -> Result<Connection, Failure> {
        let settings = LdapConnSettings::new()
            .set_conn_timeout(CONNECT)
            .set_starttls(self.settings.starttls)
            .set_config(Arc::clone(&self.tls));
        let connected = LdapConnAsync::from_url_with_settings(settings, &self.settings.url).await;
        let (connection, ldap) = connected.map_err(failure)?;
        let driver = tokio::spawn(async move {
            // Its end is an error of what waits for an answer.
            let _ = connection.drive().await;
        });
        let mut connection = Connection { ldap, driver };
        if let Some((name, password)) = &self.settings.bind {
            connection.ldap.with_timeout(ANSWER);
            let bound = connection.ldap.simple_bind(name, password.expose_secret()).await;
            match bound.map_err(failure)?.rc {
                0 => {}
                code => return Err(Failure::ServiceRefused(code)),
            }
        }
        Ok(connection)
    }

    async fn person(&self, name: &str, password: &SecretString) -> Result<Option<Person>, Failure> {
        let mut connection = self.connect().await?;
        let ldap = &mut connection.ldap;
        let Some(entry) = self.find(ldap, name).await? else { return Ok(None) };
        let is_administrator = match &self.settings.admin_group {
            Some(group) => Some(is_member(ldap, &entry, group).await?),
            None => None,
        };
        match is_password(ldap, &entry, password).await? {
            true => Ok(Some(person_of(&entry, is_administrator)?)),
            false => Ok(None),
        }
    }

    /// The one entry of a name.
    async fn find(&self, ldap: &mut Ldap, name: &str) -> Result<Option<SearchEntry>, Failure> {
        let filter = self.settings.filter.replace(NAME, &ldap_escape(name));
        self.entry(ldap, &self.settings.base, Scope::Subtree, &filter).await
    }

    /// The one entry that a filter finds.
    async fn entry(
        &self,
        ldap: &mut Ldap,
        base: &str,
        scope: Scope,
        filter: &str,
    ) -> Result<Option<SearchEntry>, Failure> {
        let attributes = entry::attributes();
        let seconds = i32::try_from(ANSWER.as_secs()).unwrap_or(i32::MAX);
        // The second one shows that the name is ambiguous.
        let options =
            SearchOptions::new().deref(DerefAliases::Never).sizelimit(2).timelimit(seconds);
        ldap.with_timeout(ANSWER).with_search_options(options);
        let found = ldap.search(base, scope, filter, attributes).await;
        let ldap3::SearchResult(entries, result) = found.map_err(failure)?;
        match result.rc {
            0 | SIZE_LIMIT_EXCEEDED => {}
            code => return Err(Failure::ResultCode(code)),
        }
        let entries = entries.into_iter().filter(|it| !it.is_ref() && !it.is_intermediate());
        let mut entries: Vec<_> = entries.collect();
        match (entries.pop(), entries.is_empty()) {
            (None, _) => Ok(None),
            (Some(entry), true) if result.rc == 0 => Ok(Some(SearchEntry::construct(entry))),
            _ => Err(Failure::SeveralEntries),
        }
    }
}

/// Whether a password is that of an entry.
async fn is_password(
    ldap: &mut Ldap,
    entry: &SearchEntry,
    password: &SecretString,
) -> Result<bool, Failure> {
    ldap.with_timeout(ANSWER);
    let bound = ldap.simple_bind(&entry.dn, password.expose_secret()).await.map_err(failure)?;
    match bound.rc {
        0 => Ok(true),
        code if WRONG.contains(&code) || code == NO_SUCH_OBJECT => Ok(false),
        code => Err(Failure::ResultCode(code)),
    }
}

/// Whether an entry is in a group: as the entry says (`memberOf`), or as the group does.
async fn is_member(ldap: &mut Ldap, entry: &SearchEntry, group: &str) -> Result<bool, Failure> {
    if values(entry, MEMBER_OF).any(|it| it.eq_ignore_ascii_case(group)) {
        return Ok(true);
    }
    let dn = ldap_escape(entry.dn.as_str());
    let name = values(entry, "uid").next().map(|it| format!("(memberUid={})", ldap_escape(it)));
    let name = name.unwrap_or_default();
    let filter = format!("(|(member={dn})(uniqueMember={dn}){name})");
    ldap.with_timeout(ANSWER);
    let found = ldap.search(group, Scope::Base, &filter, vec!["1.1"]).await.map_err(failure)?;
    match found.1.rc {
        0 => Ok(found.0.iter().any(|it| !it.is_ref() && !it.is_intermediate())),
        // A group without members may not be there.
        NO_SUCH_OBJECT => Ok(false),
        code => Err(Failure::ResultCode(code)),
    }
}

/// What the library says, without what was sent.
fn failure(error: LdapError) -> Failure {
    match error {
        LdapError::Timeout { .. } => Failure::TooSlow,
        LdapError::LdapResult { result } => Failure::ResultCode(result.rc),
        LdapError::Io { source } => Failure::of_cause(&source),
        LdapError::ResultRecv { .. } | LdapError::EndOfStream | LdapError::OpSend { .. } => {
            Failure::NoConnection("the directory ended the connection".to_owned())
        }
        LdapError::FilterParsing => Failure::Internal,
        error => Failure::of_cause(&error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str, starttls: bool) -> DirectorySettings {
        DirectorySettings {
            url: url.parse().unwrap(),
            starttls,
            bind: Some(("cn=service".to_owned(), "geheim".into())),
            base: "dc=example".to_owned(),
            filter: "(uid={name})".to_owned(),
            admin_group: None,
            authorities: Vec::new(),
        }
    }

    #[test]
    fn a_filter_has_a_place_for_the_name_and_can_be_read() {
        for filter in ["(uid={name})", "(&(objectClass=person)(|(uid={name})(mail={name})))"] {
            assert!(DirectorySettings::is_filter(filter), "{filter}");
        }
        for filter in ["", "(uid=ann)", "(uid={name}", "uid={name})", "{name}"] {
            assert!(!DirectorySettings::is_filter(filter), "{filter}");
        }
    }

    #[test]
    fn a_password_goes_without_tls_to_this_machine_only() {
        for url in
            ["ldap://127.0.0.1:389", "ldap://localhost", "ldap://[::1]:389", "ldaps://d.example"]
        {
            assert!(!settings(url, false).is_exposed(), "{url}");
        }
        for url in ["ldap://d.example", "ldap://10.0.0.1", "ldap://localhost.example"] {
            assert!(settings(url, false).is_exposed(), "{url}");
            assert!(!settings(url, true).is_exposed(), "{url}");
        }
        assert!(!format!("{:?}", settings("ldap://d.example", true)).contains("geheim"));
    }
}
