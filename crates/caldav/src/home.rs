//! The home of a collection: which of its calendars have changed, by one request, and whose they are.

use url::Url;

use crate::collection::folder;
use crate::properties::itself;
use crate::request::Request;
use crate::xml::write;
use crate::{Collection, Error, Href, Result, ServerKind, SyncState, href};

/// Parts of the paths of principals for which Nextcloud answers invitations itself.
const NEXTCLOUD_ROOMS: [&str; 2] = ["/calendar-rooms/", "/calendar-resources/"];

/// Servers that are known to answer for no room.
const NEVER_ANSWER: [ServerKind; 6] = [
    ServerKind::Sabre,
    ServerKind::Radicale,
    ServerKind::Xandikos,
    ServerKind::Davical,
    ServerKind::Cyrus,
    ServerKind::RustiCal,
];

impl Collection {
    /// The address of the collection that this one lies in, with a slash at the end; `None` at the root.
    pub fn home(&self) -> Option<Url> {
        home_of(&self.url)
    }

    /// Requests the states of all calendars that lie beside this one, and its own, by one PROPFIND of their
    /// home; each with its path. What lies in a trash bin is left out.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is no home, and any of [`Error`] that a request can come to.
    pub async fn states_in_home(&self) -> Result<Vec<(Href, SyncState)>> {
        let home = self.home().ok_or(Error::NotFound)?;
        let request = Request::propfind(home, "1", write::STATES);
        let (multistatus, answer) = self.multistatus(&request).await?;
        let calendars = multistatus
            .responses
            .into_iter()
            .filter(|it| it.properties.resource_type.is_calendar && !it.properties.is_trashed());
        let states = calendars.filter_map(|it| {
            let url = folder(&href::on_server(&it.href, &answer.url)?);
            let rest = it.properties.rest.map(|it| *it).unwrap_or_default();
            let state = SyncState::of(rest, &answer, self.quirks());
            Some((Href::from_store(url.path()), state))
        });
        Ok(states.collect())
    }

    /// Whether the server answers invitations to the owner of this collection itself, as far as it says so: the
    /// owner is a room or another resource (RFC 6638 section 2.4.2).
    ///
    /// # Errors
    ///
    /// Any of [`Error`] that a request can come to.
    pub async fn is_answered_by_server(&self) -> Result<bool> {
        let request = Request::propfind(self.url.clone(), "0", write::OWNER);
        let (multistatus, answer) = self.multistatus(&request).await?;
        let rest = itself(multistatus.responses, &answer)?.properties.rest.unwrap_or_default();
        let named = [rest.owner_principal.as_deref(), rest.owner.as_deref()];
        let is_room =
            |it: &&str| NEXTCLOUD_ROOMS.iter().any(|part| format!("/{it}").contains(part));
        if named.iter().flatten().any(is_room) {
            return Ok(true);
        }
        let owner = rest.owner.as_deref().and_then(|it| href::on_server(it, &answer.url));
        let Some(owner) = owner.filter(|_| !NEVER_ANSWER.contains(&self.kind())) else {
            return Ok(false);
        };
        let request = Request::propfind(owner, "0", write::USER_TYPE);
        let (multistatus, answer) = match self.multistatus(&request).await {
            Ok(answered) => answered,
            // Who may not see the owner cannot be told.
            Err(Error::NotFound | Error::Forbidden { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
        let rest = itself(multistatus.responses, &answer)?.properties.rest.unwrap_or_default();
        let user_type = rest.user_type.unwrap_or_default().to_ascii_uppercase();
        Ok(matches!(user_type.as_str(), "ROOM" | "RESOURCE"))
    }
}

/// The address that a collection lies in.
pub fn home_of(collection: &Url) -> Option<Url> {
    let path = collection.path().trim_end_matches('/');
    let (home, _) = path.rsplit_once('/')?;
    let mut url = collection.clone();
    url.set_path(&format!("{home}/"));
    (!path.is_empty()).then_some(url)
}
