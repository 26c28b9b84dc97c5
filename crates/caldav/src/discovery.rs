//! Discovery: from a host, address or email address to the calendars of an account.

use url::Url;

use crate::collection::folder;
use crate::entry::{Entry, candidates};
use crate::error::{Redirected, Step, StepOutcome};
use crate::limits::{MAX_CALENDARS, MAX_HOMES};
use crate::properties::{is_anothers, itself, zone};
use crate::redirect::shown;
use crate::request::{Answer, Request, Retries};
use crate::xml::{Response, Rest, write};
use crate::{Account, Error, Href, Identity, Privileges, Result, Server, ServerKind, href};

/// The result of discovery.
#[derive(Clone, Debug, Default)]
pub struct Discovered {
    /// The server.
    pub server: Server,
    /// The account's principal (RFC 5397).
    pub principal: Option<Url>,
    /// The principal's mail addresses (RFC 6638 section 2.4.1), without `mailto:`.
    pub addresses: Vec<String>,
    /// The principal's calendar homes (RFC 4791 section 6.2.1).
    pub homes: Vec<Url>,
    /// The calendars in them, and the one whose address was given.
    pub calendars: Vec<FoundCalendar>,
    /// The requests that were tried, with their results.
    pub steps: Vec<Step>,
}

/// A calendar that discovery found.
#[derive(Clone, Debug)]
pub struct FoundCalendar {
    /// Its address.
    pub url: Url,
    /// The identity of the collection, the same for every address.
    pub identity: Identity,
    /// Its display name; where it has none, the last part of its address.
    pub name: String,
    /// Its colour, `#rrggbb` or `#rrggbbaa`, as the server writes it.
    pub color: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// The TZID of its time zone, which most servers take from IANA.
    pub zone: Option<String>,
    /// Kinds of components that it accepts, in upper case; empty if the server does not say, which
    /// means all.
    pub components: Vec<String>,
    /// What the account may do with it.
    pub privileges: Privileges,
    /// Whether it is somebody else's, shared with this account.
    pub is_shared_in: bool,
    /// Its owner's principal.
    pub owner: Option<Url>,
}

impl Account {
    /// Finds the calendars of this account.
    ///
    /// `from` is what a person enters: a host, with or without port; the address of a server, a
    /// principal, a home or a calendar; the address of a Nextcloud in the browser; or an email
    /// address, whose domain is asked (SRV records are not used).
    ///
    /// # Errors
    ///
    /// [`Error::NothingFound`] with all attempts, [`Error::InvalidUrl`] if `from` is no address,
    /// [`Error::Redirected`] with the address of another server, [`Error::Unauthorized`] after the
    /// first 401, and any error that prevents a connection.
    pub async fn discover(&self, from: &str) -> Result<Discovered> {
        let mut search = Search::new(self);
        for entry in candidates(from)? {
            if entry.is_guessed_plain && search.is_encrypted {
                continue;
            }
            if search.enter(&entry).await? {
                break;
            }
        }
        search.finish().await
    }
}

/// The path prefix of all of Nextcloud's DAV resources.
const NEXTCLOUD: &str = "/remote.php/";

/// The state of a running discovery.
struct Search<'a> {
    account: &'a Account,
    found: Discovered,
    /// The first redirect to another server.
    elsewhere: Option<Redirected>,
    /// Whether there is no answer without encryption, if http was only a guess.
    is_encrypted: bool,
    /// How often requests are retried.
    retries: Retries,
}

impl<'a> Search<'a> {
    fn new(account: &'a Account) -> Search<'a> {
        Search {
            account,
            found: Discovered::default(),
            elsewhere: None,
            is_encrypted: false,
            retries: Retries::One,
        }
    }

    /// Asks one address for the account's principal; `true` if that leads to calendars.
    async fn enter(&mut self, entry: &Entry) -> Result<bool> {
        self.retries = if entry.is_guessed_plain { Retries::None } else { Retries::One };
        let asked = match self.ask(&entry.url, "0", write::ENTRY).await {
            Err(Error::TooManyRequests { words, retry_after }) => {
                return Err(Error::TooManyRequests { words, retry_after });
            }
            Err(error) if entry.is_guessed_plain && error.is_unreachable() => {
                self.is_encrypted = true;
                return Ok(false);
            }
            asked => asked?,
        };
        let Some((responses, answer)) = asked else { return Ok(false) };
        let Some(response) = itself_or_first(responses, &answer) else {
            self.step(&entry.url, StepOutcome::Silent);
            return Ok(false);
        };
        let kind = response.properties.resource_type;
        let rest = response.properties.rest.unwrap_or_default();
        let principal = rest.principal.as_deref().and_then(|it| href::on_server(it, &answer.url));
        // Only a principal has homes, so without another statement it is the requested resource
        // itself.
        let is_itself = principal.is_none() && !rest.homes.is_empty();
        let principal = principal.or_else(|| is_itself.then(|| answer.url.clone()));
        // SOGo answers at any first segment of a path, with slightly wrong hrefs.
        let is_impostor = entry.url.path().contains(NEXTCLOUD)
            && principal.as_ref().is_some_and(|it| !it.path().contains(NEXTCLOUD));
        let leads_on = principal.is_some() || kind.is_calendar;
        let is_entry = leads_on && !is_impostor;
        if !is_entry {
            self.step(&entry.url, StepOutcome::NoService);
            return Ok(false);
        }
        self.found.server.learn(Server::of(&answer));
        if kind.is_calendar {
            self.step(&entry.url, StepOutcome::Calendar);
        }
        let path = principal.as_ref().map(|it| it.path().to_owned());
        self.step(&entry.url, path.map_or(StepOutcome::Nobody, StepOutcome::Principal));
        self.take_principal(&rest, &answer);
        if let Some(principal) = principal {
            if self.found.homes.is_empty() {
                self.ask_principal(&principal).await?;
            }
            self.found.principal = Some(principal);
        }
        for home in self.found.homes.clone() {
            self.look_into(&home).await?;
        }
        let given = Href::from_store(folder(&answer.url).path());
        let is_listed = |it: &FoundCalendar| Href::from_store(it.url.path()) == given;
        if kind.is_calendar && !self.found.calendars.iter().any(is_listed) {
            self.list(&folder(&answer.url), "0").await?;
        }
        // Where a principal leads nowhere, another address may lead further.
        Ok(kind.is_calendar || !self.found.homes.is_empty())
    }

    async fn ask_principal(&mut self, principal: &Url) -> Result<()> {
        let Some((responses, answer)) = self.ask(principal, "0", write::PRINCIPAL).await? else {
            return Ok(());
        };
        self.found.server.learn(Server::of(&answer));
        let rest = itself_or_first(responses, &answer).and_then(|it| it.properties.rest);
        self.take_principal(&rest.unwrap_or_default(), &answer);
        let homes: Vec<_> = self.found.homes.iter().map(|it| it.path().to_owned()).collect();
        let outcome = match homes.is_empty() {
            true => StepOutcome::NoHomes,
            false => StepOutcome::Homes(homes),
        };
        self.step(principal, outcome);
        Ok(())
    }

    /// Adds the addresses and homes of a principal.
    fn take_principal(&mut self, rest: &Rest, answer: &Answer) {
        for address in &rest.addresses {
            let Some(address) = href::mail_address(address) else { continue };
            if !self.found.addresses.iter().any(|it| it.eq_ignore_ascii_case(&address)) {
                self.found.addresses.push(address);
            }
        }
        for home in rest.homes.iter().take(MAX_HOMES) {
            match href::on_server(home, &answer.url) {
                Some(url) if !self.found.homes.contains(&url) => self.found.homes.push(url),
                Some(_) => {}
                None => {
                    let to = answer.url.join(home).map_or_else(|_| String::new(), |it| shown(&it));
                    self.step(&answer.url, StepOutcome::Elsewhere(to.clone()));
                    self.elsewhere.get_or_insert(Redirected::ToAnotherOrigin { to });
                }
            }
        }
    }

    async fn look_into(&mut self, home: &Url) -> Result<()> {
        let before = self.found.calendars.len();
        if self.list(home, "1").await? {
            let count = self.found.calendars.len() - before;
            self.step(home, StepOutcome::Holds(count));
        }
        Ok(())
    }

    /// Adds the calendars at an address and, by depth, among its members; `false` without an
    /// answer.
    async fn list(&mut self, url: &Url, depth: &'static str) -> Result<bool> {
        let Some((responses, answer)) = self.ask(url, depth, write::CALENDAR).await? else {
            return Ok(false);
        };
        self.found.server.learn(Server::of(&answer));
        for response in responses {
            let properties = &response.properties;
            if !properties.resource_type.is_calendar || properties.is_trashed() {
                continue;
            }
            let Some(url) = href::on_server(&response.href, &answer.url) else { continue };
            let url = folder(&url);
            let is_new = !self.found.calendars.iter().any(|it| it.url == url);
            if is_new && self.found.calendars.len() < MAX_CALENDARS {
                let principal = self.found.principal.as_ref();
                self.found.calendars.push(FoundCalendar::of(url, response, principal));
            }
        }
        Ok(true)
    }

    /// A PROPFIND that may fail; only errors that end the search are returned.
    async fn ask(
        &mut self,
        url: &Url,
        depth: &'static str,
        properties: &[&str],
    ) -> Result<Option<(Vec<Response>, Answer)>> {
        let mut request = Request::propfind(url.clone(), depth, properties);
        request.retries = self.retries;
        match self.account.multistatus(&request).await {
            Ok((multistatus, answer)) => Ok(Some((multistatus.responses, answer))),
            Err(error @ (Error::Unauthorized | Error::SignInUnsupported { .. })) => Err(error),
            Err(error) if error.is_unreachable() => Err(error),
            Err(error) => {
                // A server that speaks TLS cuts a connection on which it is asked without.
                self.is_encrypted |= matches!(error, Error::Interrupted(_));
                if let Error::Redirected(to @ Redirected::ToAnotherOrigin { .. }) = &error {
                    self.elsewhere.get_or_insert_with(|| to.clone());
                }
                self.step(url, StepOutcome::Failed(Box::new(error)));
                Ok(None)
            }
        }
    }

    fn step(&mut self, url: &Url, outcome: StepOutcome) {
        self.found.steps.push(Step { what: shown(url), outcome });
    }

    async fn finish(mut self) -> Result<Discovered> {
        if self.found.calendars.is_empty() {
            if let Some(elsewhere) = self.elsewhere {
                return Err(elsewhere.into());
            }
            if self.found.principal.is_none() {
                return Err(Error::NothingFound { steps: self.found.steps });
            }
        }
        let found = &mut self.found;
        if found.server.kind == ServerKind::Nextcloud
            && found.server.version.is_none()
            && let Some(at) = found.homes.first().or(found.calendars.first().map(|it| &it.url))
        {
            found.server.version = self.account.nextcloud_version(at).await;
        }
        Ok(self.found)
    }
}

impl FoundCalendar {
    fn of(url: Url, response: Response, principal: Option<&Url>) -> FoundCalendar {
        let kind = response.properties.resource_type;
        let rest = response.properties.rest.map(|rest| *rest).unwrap_or_default();
        let path = url.path().trim_end_matches('/');
        FoundCalendar {
            identity: Identity::of(&url, &response.href, &rest),
            is_shared_in: kind.is_shared || is_anothers(&rest, principal),
            zone: zone(&rest),
            owner: rest.owner.as_deref().and_then(|it| href::on_server(it, &url)),
            privileges: Privileges::of(rest.privileges),
            name: rest.name.unwrap_or_else(|| Href::from_store(path).name()),
            color: rest.color,
            description: rest.description,
            components: rest.components,
            url,
        }
    }
}

/// The part of an answer about the requested address; some servers name it differently.
fn itself_or_first(responses: Vec<Response>, answer: &Answer) -> Option<Response> {
    let first = responses.first().filter(|_| responses.len() == 1).cloned();
    itself(responses, answer).ok().or(first).filter(|it| it.status.is_none_or(|it| it < 300))
}
