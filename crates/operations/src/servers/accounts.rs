//! Accounts on calendar servers, and the calendars that they reach.

use caldav::{Discovered, ServerKind};
use facts::audit::{Action, Entry};
use secrecy::{ExposeSecret as _, SecretString};
use store::accounts::{self, Account, SignIn};
use store::audit::Actor;
use store::calendars::{self, Backend, Calendar, Collection};
use store::{AccountId, CalendarId, mirror};

use crate::changes::leases::Lease;
use crate::connections::kind::stored_kind;
use crate::connections::pool::{account_row, as_server_error, credentials, host, plain_http};
use crate::room::Room;
use crate::room::on_server::OnServer;
use crate::sync::work::{Freshness, Progress};
use crate::{Error, MessageId, NewCalendar, Result, Service};

/// How to sign in on a calendar server.
#[derive(Clone, Debug)]
pub struct ServerAccess {
    /// What a person knows of the server: a host, an address of it, of an account or of a calendar, or a
    /// mail address.
    pub address: String,
    /// Who signs in.
    pub user_name: String,
    /// With what.
    pub password: SecretString,
    /// How.
    pub sign_in: SignIn,
    /// Whether http without TLS to another machine is allowed.
    pub allows_plain_http: bool,
}

/// What was found on a calendar server.
#[derive(Clone, Debug)]
pub struct FoundServer {
    /// Which server it is, for people.
    pub kind: String,
    /// Its version, where it tells.
    pub version: Option<String>,
    /// The account's own mail addresses.
    pub addresses: Vec<String>,
    /// The calendars.
    pub calendars: Vec<FoundCalendar>,
    /// The kind of its server.
    server_kind: ServerKind,
    /// The account's own address, where it is known: the same wherever discovery began.
    principal: Option<String>,
}

/// A calendar on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCalendar {
    /// Its address.
    pub url: String,
    /// Its name.
    pub name: String,
    /// Its IANA time zone, where the server has one that is known here.
    pub zone: Option<String>,
    /// Whether it takes events.
    pub takes_events: bool,
    /// Whether the account may change it, as far as the server says.
    pub is_writable: bool,
    /// Whether it is another's, who shares it.
    pub is_shared_in: bool,
    /// The calendar here behind which it stands already, by its slug.
    pub slug: Option<String>,
    /// Which collection it is, by what the server says: the same for every address that leads to it.
    identity: String,
}

impl FoundCalendar {
    /// Its collection with the settings of a new one, and no account yet.
    pub fn collection(&self) -> Collection {
        Collection {
            account: AccountId(0),
            url: self.url.clone(),
            sends_replies: true,
            asks_authors: true,
            is_shared_in: self.is_shared_in,
            identity: Some(self.identity.clone()),
            conditions: None,
        }
    }
}

/// What becomes of a mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// It is brought up to date.
    Update,
    /// All objects are compared with the server's: what was lost or damaged is fetched anew.
    Rebuild,
}

impl Service {
    /// Finds the calendars that somebody reaches on a server. Nothing is kept.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] with what was tried, if there is none to be found or the server does not do its
    /// part.
    pub async fn discover(&self, access: &ServerAccess) -> Result<FoundServer> {
        let of = account_of(access);
        self.load_pauses().await?;
        let client = self.connect(credentials(&of, access.password.clone()), plain_http(&of))?;
        let found = client.discover(&access.address).await;
        self.found(&of, found).await
    }

    /// Finds the calendars that an account reaches.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such account; else as [`Service::discover`].
    pub async fn discover_again(&self, id: AccountId) -> Result<FoundServer> {
        let (of, client) = self.account(id).await?;
        match client.discover(&of.url).await {
            Err(error) => Err(self.server_error(&of, &error).await),
            found => self.found(&of, found).await,
        }
    }

    async fn found(&self, of: &Account, found: caldav::Result<Discovered>) -> Result<FoundServer> {
        let found = match found {
            Ok(found) => found,
            Err(caldav::Error::Unauthorized) => {
                let refused = MessageId::sign_in_refused(host(&of.url), &of.user_name);
                return Err(Error::server(refused));
            }
            Err(error) => {
                self.keep_pauses(&error).await?;
                return Err(as_server_error(of, &error));
            }
        };
        let mut calendars = Vec::new();
        for it in found.calendars {
            let url = it.url.as_str().to_owned();
            let identity = it.identity.to_string();
            let known = match calendars::by_collection(&self.store, &url).await? {
                Some(known) => Some(known),
                None => calendars::by_identity(&self.store, &identity).await?,
            };
            calendars.push(FoundCalendar {
                name: it.name,
                zone: it.zone.filter(|zone| ical::Zone::iana(zone).is_some()),
                takes_events: it.components.is_empty()
                    || it.components.iter().any(|name| name == "VEVENT"),
                is_writable: !it.privileges.is_known
                    || it.privileges.write_content && it.privileges.unbind,
                is_shared_in: it.is_shared_in,
                slug: known.map(|calendar| calendar.slug),
                identity,
                url,
            });
        }
        Ok(FoundServer {
            kind: found.server.kind.to_string(),
            version: found.server.version,
            addresses: found.addresses,
            calendars,
            server_kind: found.server.kind,
            principal: found.principal.map(|url| url.as_str().to_owned()),
        })
    }

    /// Makes a calendar of one that was found on a server. The account is kept once, however many of its
    /// calendars are added, with the latest password.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for settings out of their bounds, a slug that is taken, or a collection that
    /// stands behind another calendar.
    pub async fn add_calendar_on_server(
        &self,
        actor: &Actor,
        new: &NewCalendar,
        access: &ServerAccess,
        server: &FoundServer,
        found: &FoundCalendar,
    ) -> Result<CalendarId> {
        if let Some(slug) = &found.slug {
            let message = MessageId::stands_behind(slug);
            return Err(Error::invalid("collection", message));
        }
        let account = self.keep_account(actor, access, server).await?;
        let added = self.add_calendar_of_account(actor, new, account, found).await;
        if added.is_err() {
            let transaction = self.store.begin().await?;
            accounts::delete_unused(&transaction, account).await?;
            transaction.commit().await?;
        }
        added
    }

    /// Makes a calendar of one that was found with an account that is kept already.
    ///
    /// # Errors
    ///
    /// As [`Service::add_calendar_on_server`].
    pub async fn add_calendar_of_account(
        &self,
        actor: &Actor,
        new: &NewCalendar,
        account: AccountId,
        found: &FoundCalendar,
    ) -> Result<CalendarId> {
        let mut new = new.clone();
        let identity = Some(found.identity.clone());
        let collection = match new.calendar.backend {
            Backend::CalDav(collection) => Collection { account, identity, ..collection },
            Backend::BuiltIn => Collection { account, ..found.collection() },
        };
        if let Some(other) = self.same_collection(&collection, None).await? {
            let message = MessageId::stands_behind(&other.slug);
            return Err(Error::invalid("collection", message));
        }
        new.calendar.backend = Backend::CalDav(collection);
        let id = self.add_calendar(actor, &new).await?;
        self.test_conditions_of(id).await?;
        Ok(id)
    }

    /// Keeps an account that signs in on a server: a new one, or another password of one that is known.
    ///
    /// # Errors
    ///
    /// When the database fails, or there is no key to encrypt the password with.
    pub async fn keep_account(
        &self,
        actor: &Actor,
        access: &ServerAccess,
        server: &FoundServer,
    ) -> Result<AccountId> {
        let mut new = account_of(access);
        let kind = stored_kind(server.server_kind);
        new.server_kind = Some(kind);
        if let Some(principal) = &server.principal {
            new.url.clone_from(principal);
        }
        let is_same = |it: &Account| {
            it.url == new.url && it.user_name == new.user_name && it.sign_in == new.sign_in
        };
        let known = accounts::all(&self.store).await?.into_iter().find(is_same);
        let (vault, version) = (self.vault().await?, server.version.as_deref());
        let transaction = self.store.begin().await?;
        let id = match known {
            Some(known) => {
                accounts::set_password(&transaction, known.id, &access.password, vault).await?;
                known.id
            }
            None => accounts::insert(&transaction, &new, &access.password, vault).await?,
        };
        accounts::set_server(&transaction, id, kind, version).await?;
        let (user, host) = (&access.user_name, host(&new.url));
        let entry = Entry::of_account(Action::ServerAccountAdded, user, &host);
        self.people().note(&transaction, actor, entry).await?;
        transaction.commit().await?;
        self.servers.forget(id);
        Ok(id)
    }

    /// Sets the password of an account; its server is asked again from now on.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such account.
    pub async fn set_account_password(
        &self,
        actor: &Actor,
        id: AccountId,
        password: &SecretString,
    ) -> Result<()> {
        let account = account_row(&self.store, id).await?;
        let vault = self.vault().await?;
        let transaction = self.store.begin().await?;
        accounts::set_password(&transaction, id, password, vault).await?;
        let (user, host) = (&account.user_name, host(&account.url));
        let entry = Entry::of_account(Action::ServerPasswordSet, user, &host);
        self.people().note(&transaction, actor, entry).await?;
        transaction.commit().await?;
        self.servers.forget(id);
        Ok(())
    }

    /// Forgets an account that no calendar is on, with its password.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such account; [`Error::Conflict`] if calendars are on it.
    pub async fn forget_account(&self, actor: &Actor, id: AccountId) -> Result<()> {
        let transaction = self.store.begin().await?;
        let account = account_row(&transaction, id).await?;
        if !accounts::delete_unused(&transaction, id).await? {
            return Err(Error::Conflict(MessageId::AccountUsed.into()));
        }
        let (user, host) = (&account.user_name, host(&account.url));
        let entry = Entry::of_account(Action::ServerAccountRemoved, user, &host);
        self.people().note(&transaction, actor, entry).await?;
        transaction.commit().await?;
        self.servers.forget(id);
        Ok(())
    }

    /// Tries a password of an account on its server, and sets it if it is accepted.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such account; [`Error::Invalid`] for an empty password;
    /// [`Error::Server`] if the server does not accept it, or does not answer. The present one stays then.
    pub async fn try_account_password(
        &self,
        actor: &Actor,
        id: AccountId,
        password: &SecretString,
    ) -> Result<()> {
        if password.expose_secret().is_empty() {
            return Err(Error::invalid("password", MessageId::MustNotBeEmpty));
        }
        let of = account_row(&self.store, id).await?;
        let access = ServerAccess {
            address: of.url,
            user_name: of.user_name,
            password: password.clone(),
            sign_in: of.sign_in,
            allows_plain_http: of.allows_plain_http,
        };
        self.discover(&access).await?;
        self.set_account_password(actor, id, password).await
    }

    /// Brings the mirror of a calendar up to date, however long that takes.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a built-in calendar; [`Error::Server`] if the request to the server fails;
    /// [`Error::Busy`] if a run holds the calendar for a minute.
    pub async fn sync(
        &self,
        calendar: &Calendar,
        sync: Sync,
        progress: Progress<'_>,
    ) -> Result<()> {
        let Room::OnServer(server) = self.open(calendar).await? else {
            return Err(Error::invalid("calendar", MessageId::NothingToFetch));
        };
        let lease = self.calendar_lease(calendar).await?;
        let synced = self.sync_under(&server, &lease, sync, progress).await;
        lease.give_back().await?;
        synced
    }

    async fn sync_under(
        &self,
        server: &OnServer,
        lease: &Lease,
        sync: Sync,
        progress: Progress<'_>,
    ) -> Result<()> {
        if sync == Sync::Rebuild {
            // A server that does not answer leaves what is known.
            self.ask(server, server.collection.ctag().await).await?;
            let transaction = self.store.begin().await?;
            lease.hold(&transaction).await?;
            mirror::distrust(&transaction, server.calendar.id).await?;
            transaction.commit().await?;
        }
        self.sync_mirror(server, Freshness::Audited, progress).await?;
        self.recover_calendar(server).await?;
        Ok(())
    }
}

/// An account as it would be kept.
fn account_of(access: &ServerAccess) -> Account {
    Account {
        id: AccountId(0),
        name: access.user_name.clone(),
        url: access.address.trim().to_owned(),
        user_name: access.user_name.clone(),
        sign_in: access.sign_in,
        server_kind: None,
        server_version: None,
        allows_plain_http: access.allows_plain_http,
        version: 0,
        refused_at: None,
    }
}
