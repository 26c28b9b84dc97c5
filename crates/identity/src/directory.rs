//! Sign-in against an LDAP directory: a service account finds the entry of a name, then the password is tried on it.

use std::sync::Arc;
use std::time::Duration;

use ldap3::{DerefAliases, Ldap, Scope, SearchEntry, SearchOptions, ldap_escape, parse_filter};
use rustls::ClientConfig;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::entry::{self, MEMBER_OF, filter_of_subject, person_of, values};
use crate::relay::Connection;
use crate::settings::{DirectorySettings, NAME};
use crate::{Failure, Person};

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(5);
/// How long all of it may take, also when nobody waits for it any more.
const TIMEOUT: Duration = Duration::from_secs(15);
/// What talks to the directory at once; a further one waits for [`WAIT`].
const AT_ONCE: usize = 16;
/// How long one waits for its turn.
const WAIT: Duration = Duration::from_secs(5);
/// The longest name and password that are sent, in bytes.
const MAX_TYPED: usize = 1_000;

/// A filter that every entry matches.
const ANY: &str = "(objectClass=*)";

/// Result codes (RFC 4511 appendix A).
const NO_SUCH_OBJECT: u32 = 32;
const SIZE_LIMIT_EXCEEDED: u32 = 4;
/// A bind with which it is wrong: `invalidCredentials`, `inappropriateAuthentication`, and `unwillingToPerform` and
/// `constraintViolation`, with which directories refuse locked entries.
const WRONG: [u32; 4] = [49, 48, 53, 19];
/// The entry, which there is not, on which a password is tried whose name nobody has: so that the time that it takes
/// does not tell names apart.
const NOBODY: &str = "cn=nobody-of-room-booking";
/// The entries of one search that are taken: the second one shows that the name is ambiguous.
const MAX_ENTRIES: usize = 2;

/// A directory that people sign in at.
#[derive(Debug)]
pub struct Directory {
    settings: DirectorySettings,
    tls: Arc<ClientConfig>,
    turns: Arc<Semaphore>,
}

/// What a search found.
struct Found {
    /// At most [`MAX_ENTRIES`].
    entries: Vec<SearchEntry>,
    code: u32,
}

impl Directory {
    /// Whether a filter can be read, and has a place for the name.
    pub fn is_filter(text: &str) -> bool {
        text.contains(NAME) && parse_filter(text.replace(NAME, "name")).is_ok()
    }

    /// A directory. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// A sentence, if there are no certificate authorities.
    pub fn new(settings: DirectorySettings) -> Result<Directory, String> {
        let tls = Arc::new(outbound::tls(&settings.authorities)?);
        Ok(Directory { settings, tls, turns: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// The name of the directory in identities: its base, in lower case.
    pub fn issuer(&self) -> String {
        self.settings.base.to_lowercase()
    }

    /// Who somebody with this name and password is; `None` if there is no such entry, there are several, or the password
    /// is wrong. Nothing but the log tells these apart, and no time does.
    ///
    /// # Errors
    ///
    /// If the directory cannot be asked, or the entry has no identifier.
    pub async fn sign_in(
        self: &Arc<Directory>,
        name: &str,
        password: &SecretString,
    ) -> Result<Option<Person>, Failure> {
        // A bind with a name and without a password is "unauthenticated", and succeeds (RFC 4513 section 5.1.2).
        if is_wrong(name) || is_wrong(password.expose_secret()) {
            return Ok(None);
        }
        let (this, name, password) = (Arc::clone(self), name.to_owned(), password.clone());
        self.within(async move {
            let mut connection = this.connect().await?;
            let person = this.person(&mut connection.ldap, &name, &password).await;
            person.map_err(|failure| connection.why(failure))
        })
        .await
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
        if is_wrong(subject) || is_wrong(password.expose_secret()) {
            return Ok(false);
        }
        let (this, subject) = (Arc::clone(self), subject.to_owned());
        let password = password.clone();
        self.within(async move {
            let mut connection = this.connect().await?;
            let proven = this.is_proven(&mut connection.ldap, &subject, &password).await;
            proven.map_err(|failure| connection.why(failure))
        })
        .await
    }

    /// Whether the entry that this subject names is in the group of administrators; `None` where no group is set. An
    /// entry that is not there any more is in no group.
    ///
    /// # Errors
    ///
    /// If the directory cannot be asked.
    pub async fn is_administrator(
        self: &Arc<Directory>,
        subject: &str,
    ) -> Result<Option<bool>, Failure> {
        if self.settings.admin_group.is_none() {
            return Ok(None);
        }
        if is_wrong(subject) {
            return Ok(Some(false));
        }
        let (this, subject) = (Arc::clone(self), subject.to_owned());
        self.within(async move {
            let mut connection = this.connect().await?;
            let is_one = this.is_subject_administrator(&mut connection.ldap, &subject).await;
            is_one.map_err(|failure| connection.why(failure))
        })
        .await
    }

    /// Signs in with the service account, and looks up the base and the group of administrators.
    ///
    /// # Errors
    ///
    /// If one of these fails.
    pub async fn check(self: &Arc<Directory>) -> Result<(), Failure> {
        let this = Arc::clone(self);
        self.within(async move {
            let mut connection = this.connect().await?;
            let checked = this.are_entries_there(&mut connection.ldap).await;
            checked.map_err(|failure| connection.why(failure))
        })
        .await
    }

    /// Does work in its turn and within the time. Turn and time belong to the work, not to who waits for it: a client
    /// who goes away does not make room for further work. An answer on which the library panics is one that cannot be
    /// read.
    async fn within<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = timeout(WAIT, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| Failure::Busy)?.map_err(|_| Failure::Busy)?;
        let task = tokio::spawn(async move {
            let _turn = turn;
            timeout(TIMEOUT, work).await.unwrap_or(Err(Failure::TooSlow))
        });
        task.await.unwrap_or(Err(Failure::Malformed("the directory's answer")))
    }

    /// A connection of the service account.
    async fn connect(&self) -> Result<Connection, Failure> {
        let settings = &self.settings;
        let mut connection = Connection::to(&settings.url, settings.starttls, &self.tls).await?;
        if settings.bind.is_some() {
            let bound = self.bind_service(&mut connection.ldap).await;
            bound.map_err(|failure| connection.why(failure))?;
        }
        Ok(connection)
    }

    /// Makes a connection one of the service account, or an anonymous one where there is none.
    async fn bind_service(&self, ldap: &mut Ldap) -> Result<(), Failure> {
        let (name, password) = match &self.settings.bind {
            Some((name, password)) => (name.as_str(), password.expose_secret()),
            None => ("", ""),
        };
        ldap.with_timeout(ANSWER);
        match ldap.simple_bind(name, password).await.map_err(Failure::of_ldap)?.rc {
            0 => Ok(()),
            code => Err(Failure::ServiceRefused(code)),
        }
    }

    /// For each name, whether an entry has it or not: one search and one password that is tried.
    async fn person(
        &self,
        ldap: &mut Ldap,
        name: &str,
        password: &SecretString,
    ) -> Result<Option<Person>, Failure> {
        let filter = self.settings.filter.replace(NAME, &ldap_escape(name));
        let entry = match self.entry(ldap, &filter).await {
            Err(failure @ Failure::SeveralEntries) => {
                tracing::warn!(%failure, "nobody is signed in in the directory");
                None
            }
            entry => entry?,
        };
        let Some(entry) = entry else {
            is_password(ldap, &format!("{NOBODY},{}", self.settings.base), password).await?;
            return Ok(None);
        };
        if !is_password(ldap, &entry.dn, password).await? {
            return Ok(None);
        }
        let is_administrator = match &self.settings.admin_group {
            Some(group) => {
                // People need not be able to see groups.
                self.bind_service(ldap).await?;
                Some(self.is_member(ldap, &entry, group).await?)
            }
            None => None,
        };
        person_of(&entry, is_administrator).map(Some)
    }

    async fn is_proven(
        &self,
        ldap: &mut Ldap,
        subject: &str,
        password: &SecretString,
    ) -> Result<bool, Failure> {
        match self.entry(ldap, &filter_of_subject(subject)).await? {
            Some(entry) => is_password(ldap, &entry.dn, password).await,
            None => Ok(false),
        }
    }

    async fn is_subject_administrator(
        &self,
        ldap: &mut Ldap,
        subject: &str,
    ) -> Result<Option<bool>, Failure> {
        let Some(group) = &self.settings.admin_group else { return Ok(None) };
        match self.entry(ldap, &filter_of_subject(subject)).await? {
            Some(entry) => self.is_member(ldap, &entry, group).await.map(Some),
            None => Ok(Some(false)),
        }
    }

    async fn are_entries_there(&self, ldap: &mut Ldap) -> Result<(), Failure> {
        for entry in [Some(&self.settings.base), self.settings.admin_group.as_ref()] {
            let Some(entry) = entry else { continue };
            let found = search(ldap, (entry, Scope::Base), ANY, vec!["1.1"]).await?;
            match found.code {
                0 if found.entries.is_empty() => return Err(Failure::ResultCode(NO_SUCH_OBJECT)),
                0 => {}
                code => return Err(Failure::ResultCode(code)),
            }
        }
        Ok(())
    }

    /// The one entry of a person that a filter finds.
    async fn entry(&self, ldap: &mut Ldap, filter: &str) -> Result<Option<SearchEntry>, Failure> {
        let below = (self.settings.base.as_str(), Scope::Subtree);
        let mut found = search(ldap, below, filter, entry::attributes()).await?;
        match found.code {
            0 | SIZE_LIMIT_EXCEEDED => {}
            code => return Err(Failure::ResultCode(code)),
        }
        match (found.entries.pop(), found.entries.is_empty()) {
            (None, _) => Ok(None),
            (Some(entry), true) if found.code == 0 => Ok(Some(entry)),
            _ => Err(Failure::SeveralEntries),
        }
    }

    /// Whether an entry is in a group: as the entry says (`memberOf`), or as the group does. A group of POSIX lists
    /// names (`memberUid`), which count if one entry only has the name.
    async fn is_member(
        &self,
        ldap: &mut Ldap,
        entry: &SearchEntry,
        group: &str,
    ) -> Result<bool, Failure> {
        if values(entry, MEMBER_OF).any(|it| it.eq_ignore_ascii_case(group)) {
            return Ok(true);
        }
        let dn = ldap_escape(entry.dn.as_str());
        if is_group(ldap, group, &format!("(|(member={dn})(uniqueMember={dn}))")).await? {
            return Ok(true);
        }
        let Some(name) = values(entry, "uid").next().map(ldap_escape) else { return Ok(false) };
        let filter = format!("(&(objectClass=posixGroup)(memberUid={name}))");
        if !is_group(ldap, group, &filter).await? {
            return Ok(false);
        }
        match self.entry(ldap, &format!("(uid={name})")).await {
            Ok(found) => Ok(found.is_some_and(|it| it.dn == entry.dn)),
            Err(Failure::SeveralEntries) => Ok(false),
            Err(failure) => Err(failure),
        }
    }
}

/// A text that is never sent: too long, or nothing.
fn is_wrong(text: &str) -> bool {
    text.is_empty() || text.len() > MAX_TYPED
}

/// The first entries of a search.
async fn search(
    ldap: &mut Ldap,
    (base, scope): (&str, Scope),
    filter: &str,
    attributes: Vec<&'static str>,
) -> Result<Found, Failure> {
    let seconds = i32::try_from(ANSWER.as_secs()).unwrap_or(i32::MAX);
    let most = i32::try_from(MAX_ENTRIES).unwrap_or(i32::MAX);
    // A directory need not keep to it.
    let options =
        SearchOptions::new().deref(DerefAliases::Never).sizelimit(most).timelimit(seconds);
    ldap.with_timeout(ANSWER).with_search_options(options);
    let found = ldap.streaming_search(base, scope, filter, attributes).await;
    let mut found = found.map_err(Failure::of_ldap)?;
    let mut entries = Vec::new();
    while let Some(entry) = found.next().await.map_err(Failure::of_ldap)? {
        if entry.is_ref() || entry.is_intermediate() {
            continue;
        }
        entries.push(SearchEntry::construct(entry));
        if entries.len() == MAX_ENTRIES {
            return Ok(Found { entries, code: SIZE_LIMIT_EXCEEDED });
        }
    }
    Ok(Found { entries, code: found.finish().await.rc })
}

/// Whether a group matches a filter.
async fn is_group(ldap: &mut Ldap, group: &str, filter: &str) -> Result<bool, Failure> {
    let found = search(ldap, (group, Scope::Base), filter, vec!["1.1"]).await?;
    match found.code {
        0 => Ok(!found.entries.is_empty()),
        // A group without members may not be there.
        NO_SUCH_OBJECT => Ok(false),
        code => Err(Failure::ResultCode(code)),
    }
}

/// Whether a password is that of an entry.
async fn is_password(
    ldap: &mut Ldap,
    entry: &str,
    password: &SecretString,
) -> Result<bool, Failure> {
    ldap.with_timeout(ANSWER);
    let bound =
        ldap.simple_bind(entry, password.expose_secret()).await.map_err(Failure::of_ldap)?;
    match bound.rc {
        0 => Ok(true),
        code if WRONG.contains(&code) || code == NO_SUCH_OBJECT => {
            tracing::debug!(code, "the directory refused a password");
            Ok(false)
        }
        code => Err(Failure::ResultCode(code)),
    }
}

#[cfg(test)]
mod tests;
