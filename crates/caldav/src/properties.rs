//! Properties of a collection.

use url::Url;

use crate::collection::folder;
use crate::request::{Answer, Request};
use crate::xml::{PrivilegeSet, Response, Rest, write};
use crate::{
    BadAnswer, Collection, Error, Href, Identity, Quirks, Result, Server, SyncState, href,
};

/// The account's privileges on a collection (RFC 3744 section 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Privileges {
    /// Read objects and properties.
    pub read: bool,
    /// Replace objects.
    pub write_content: bool,
    /// Create objects.
    pub bind: bool,
    /// Delete objects.
    pub unbind: bool,
    /// Whether the server lists privileges; if not, all others are `false`.
    pub is_known: bool,
}

/// The properties of a collection from one PROPFIND.
#[derive(Clone, Debug)]
pub struct CollectionProperties {
    /// Its address after redirects; use it from now on.
    pub url: Url,
    /// The identity of the collection, the same for every address.
    pub identity: Identity,
    /// Whether it is a calendar (RFC 4791 section 4.2).
    pub is_calendar: bool,
    /// Its display name; empty where it has none.
    pub name: String,
    /// The state that changes whenever a member changes, see [`Collection::ctag`].
    pub state: SyncState,
    /// Whether sync-collection is among the supported reports, or a sync-token is given.
    pub supports_sync: bool,
    /// Whether calendar-multiget is among the supported reports; `true` where the server does not
    /// list any.
    pub supports_multiget: bool,
    /// What the account may do.
    pub privileges: Privileges,
    /// The longest object that it takes, in bytes (RFC 4791 section 5.2.5); not to be relied on.
    pub max_resource_size: Option<u64>,
    /// Kinds of components that it takes, in upper case; empty where the server does not say, which
    /// means all.
    pub components: Vec<String>,
    /// The TZID of its time zone, which most servers take from IANA.
    pub zone: Option<String>,
    /// Its owner's principal.
    pub owner: Option<Url>,
    /// The principal that the account is.
    pub principal: Option<Url>,
    /// The server.
    pub server: Server,
}

impl Collection {
    /// Requests all properties of a collection at once.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where nothing is there, and any of [`Error`] that a request can come to.
    pub async fn properties(&self) -> Result<CollectionProperties> {
        let request = Request::propfind(self.url.clone(), "0", write::CALENDAR);
        let (multistatus, answer) = self.multistatus(&request).await?;
        let response = itself(multistatus.responses, &answer)?;
        Ok(CollectionProperties::of(response, &answer, self.quirks()))
    }

    /// Whether the server sends invitations and replies itself (RFC 6638 section 2), by its answer to
    /// OPTIONS: Cyrus and SOGo say so in no other one. Where that says nothing, as from a proxy, the answer
    /// to a PROPFIND counts.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where nothing is there, and any of [`Error`] that a request can come to.
    pub async fn schedules(&self) -> Result<bool> {
        let answer = self.send(&Request::reading("OPTIONS", self.url.clone())).await?;
        let server = Server::of(&answer);
        if answer.is_success() && !server.features.is_empty() {
            return Ok(server.schedules());
        }
        Ok(self.properties().await?.server.schedules())
    }
}

/// The part of an answer about the requested resource.
pub(crate) fn itself(responses: Vec<Response>, answer: &Answer) -> Result<Response> {
    let found = responses
        .into_iter()
        .find(|response| href::place(&response.href, &answer.url) == href::Place::Itself)
        .ok_or(BadAnswer::Silent)?;
    match found.status {
        Some(404 | 410) => Err(Error::NotFound),
        Some(403) => Err(Error::Forbidden { words: String::new() }),
        _ if found.properties.is_trashed() => Err(Error::Trashed),
        _ => Ok(found),
    }
}

impl CollectionProperties {
    fn of(response: Response, answer: &Answer, quirks: Quirks) -> CollectionProperties {
        let rest = response.properties.rest.map(|rest| *rest).unwrap_or_default();
        let url = folder(&answer.url);
        CollectionProperties {
            identity: Identity::of(&url, &response.href, &rest),
            is_calendar: response.properties.resource_type.is_calendar,
            // Some announce the report in another namespace.
            supports_sync: rest.sync_token.is_some()
                || rest.reports.is_some_and(|it| it.sync_collection),
            supports_multiget: rest.reports.is_none_or(|it| it.multiget),
            privileges: Privileges::of(rest.privileges),
            max_resource_size: rest.max_size,
            zone: zone(&rest),
            owner: rest.owner.as_deref().and_then(|it| href::on_server(it, &url)),
            principal: rest.principal.as_deref().and_then(|it| href::on_server(it, &url)),
            name: rest.name.clone().unwrap_or_default(),
            components: rest.components.clone(),
            server: Server::of(answer),
            state: SyncState::of(rest, answer, quirks),
            url,
        }
    }
}

impl Privileges {
    /// The effective privileges of a list: some imply others (RFC 3744 section 3.12), and Radicale
    /// lists `write` without its parts.
    pub(crate) fn of(set: Option<PrivilegeSet>) -> Privileges {
        let Some(set) = set else {
            return Privileges::default();
        };
        let write = set.all || set.write;
        Privileges {
            read: set.all || set.read,
            write_content: write || set.write_content,
            bind: write || set.bind,
            unbind: write || set.unbind,
            is_known: true,
        }
    }
}

/// The TZID of a collection: from its own property (RFC 7809 section 5.2), otherwise from the
/// VTIMEZONE (RFC 4791 section 5.2.2).
pub(crate) fn zone(rest: &Rest) -> Option<String> {
    let of_zone = || {
        let lines = rest.zone.as_deref()?.lines().map(str::trim_end);
        let mut values = lines.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            let name = name.split(';').next().unwrap_or(name);
            name.eq_ignore_ascii_case("TZID").then(|| value.trim().to_owned())
        });
        values.next()
    };
    rest.zone_id.clone().or_else(of_zone).filter(|name| !name.is_empty())
}

/// Whether another user owns the collection.
pub(crate) fn is_anothers(rest: &Rest, principal: Option<&Url>) -> bool {
    let Some(principal) = principal else { return false };
    let mine = Href::from_store(principal.path().trim_end_matches('/'));
    // Nextcloud gives the owner without the path before it: `principals/users/alice`.
    if let Some(owner) = rest.owner_principal.as_deref().filter(|it| !it.starts_with('/')) {
        return !mine.as_str().ends_with(&format!("/{}", owner.trim_matches('/')));
    }
    let owner = rest.owner_principal.as_deref().or(rest.owner.as_deref());
    let owner = owner.and_then(|it| href::on_server(it, principal));
    owner.is_some_and(|it| Href::from_store(it.path().trim_end_matches('/')) != mine)
}
