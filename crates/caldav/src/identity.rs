//! The identity of a collection, from its server's properties.
//!
//! A collection can have several addresses: Nextcloud's `/remote.php/dav/` and
//! `/remote.php/caldav/`, another spelling of the user, the share in another user's home, another
//! name of the host.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::xml::Rest;
use crate::{Collection, Href, Result, href};

/// The identity of a collection. Its text is the same for every address of the collection on one
/// host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The host and port; `None` if the rest is globally unique.
    host: Option<String>,
    /// The part that identifies it on its host.
    local: String,
}

/// What separates the host from the rest.
const SEPARATOR: char = '|';

/// How often the states of two collections are compared that change meanwhile.
const MAX_COMPARISONS: usize = 3;

/// In front of the path of everything that Nextcloud answers to.
const NEXTCLOUD: &str = "/remote.php/";

impl Identity {
    /// The identity from the answer of the server at `url`, the requested address, about the
    /// collection that it calls `href`.
    pub(crate) fn of(url: &Url, href: &str, rest: &Rest) -> Identity {
        if let Some(id) = rest.resource_id.as_deref().map(str::to_ascii_lowercase)
            && id.starts_with("urn:uuid:")
        {
            return Identity { host: None, local: id };
        }
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        let own = href::on_server(href, url);
        let path = own.as_ref().map_or_else(|| url.path(), |it| it.path());
        let local = match owner(rest, url) {
            Some(owner) => owned(path, &owner),
            None => decoded(path.trim_end_matches('/')),
        };
        Identity { host: Some(format!("{host}:{port}")), local }
    }

    /// What [`Identity::to_string`](ToString::to_string) wrote.
    pub fn parse(text: &str) -> Identity {
        match text.split_once(SEPARATOR) {
            Some((host, local)) => {
                Identity { host: Some(host.to_owned()), local: local.to_owned() }
            }
            None => Identity { host: None, local: text.to_owned() },
        }
    }

    /// Whether both may be the same collection under two names of one host;
    /// [`Collection::has_same_content`] compares them.
    pub fn may_be(&self, other: &Identity) -> bool {
        self.local == other.local
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Some(host) => write!(f, "{host}{SEPARATOR}{}", self.local),
            None => f.write_str(&self.local),
        }
    }
}

/// The path of the owner's principal, decoded.
fn owner(rest: &Rest, url: &Url) -> Option<String> {
    // Nextcloud's own property is right for shares, too; it has no path before it.
    let owner = rest.owner_principal.as_deref().or(rest.owner.as_deref())?;
    let path = match owner.starts_with('/') || owner.contains("://") {
        true => href::on_server(owner, url)?.path().to_owned(),
        false => format!("/{owner}"),
    };
    let path = decoded(path.trim_end_matches('/'));
    (!path.is_empty()).then_some(path)
}

/// The owner and the collection's name with him.
fn owned(path: &str, owner: &str) -> String {
    let path = decoded(path.trim_end_matches('/'));
    let id = owner.rsplit('/').next().unwrap_or_default();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let is_in_own_home = folder.split('/').any(|segment| segment == id);
    // In another user's home, the name contains the owner.
    let (suffix, prefixes) = (format!("_shared_by_{id}"), [format!("{id}."), format!("{id}_")]);
    let name = match is_in_own_home {
        true => name,
        false => {
            let name = name.strip_suffix(&*suffix).unwrap_or(name);
            prefixes.iter().find_map(|it| name.strip_prefix(&**it)).unwrap_or(name)
        }
    };
    // Nextcloud names principals differently under its two entries.
    match path.find(NEXTCLOUD) {
        Some(at) => format!("{}{NEXTCLOUD}{id}/{name}", &path[..at]),
        None => format!("{owner}/{name}"),
    }
}

fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

impl Collection {
    /// Whether another collection contains the same objects in the same versions, and has the same
    /// state: then it is the same one under another name of its host. Two empty ones are the same if an event
    /// that is written into one, and deleted again, is in the other. Two of which one changes with each of
    /// three looks count as different.
    ///
    /// # Errors
    ///
    /// Any of [`Error`](crate::Error) that a request can come to.
    pub async fn has_same_content(&self, other: &Collection) -> Result<bool> {
        let mut state = self.ctag().await?;
        for _ in 0..MAX_COMPARISONS {
            if state.is_unchanged_since(&other.ctag().await?) {
                return self.has_same_members(other).await;
            }
            // Somebody may have written between the two requests.
            let again = self.ctag().await?;
            if again.is_unchanged_since(&state) {
                return Ok(false);
            }
            state = again;
        }
        Ok(false)
    }

    async fn has_same_members(&self, other: &Collection) -> Result<bool> {
        let names = |members: Vec<crate::Member>| -> Vec<(String, Option<crate::ETag>)> {
            let name = |href: &Href| href.name();
            let mut all: Vec<_> =
                members.iter().map(|it| (name(&it.href), it.etag.clone())).collect();
            all.sort_unstable();
            all
        };
        let (here, there) = (names(self.members().await?), names(other.members().await?));
        match here.is_empty() && there.is_empty() {
            true => self.is_probe_seen_by(other).await,
            false => Ok(here == there),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(url: &str, href: &str, owner: Option<&str>, principal: Option<&str>) -> Identity {
        let owner = owner.map(str::to_owned);
        let owner_principal = principal.map(str::to_owned);
        let rest = Rest { owner, owner_principal, ..Rest::default() };
        Identity::of(&Url::parse(url).unwrap(), href, &rest)
    }

    #[test]
    fn one_collection_of_nextcloud_is_the_same_by_whatever_address() {
        let own = identity(
            "https://cloud.example.org/remote.php/dav/calendars/room-1/meeting-room-1/",
            "/remote.php/dav/calendars/room-1/meeting-room-1/",
            Some("/remote.php/dav/principals/users/room-1/"),
            Some("principals/users/room-1"),
        );
        for (url, href, owner, principal) in [
            (
                "https://cloud.example.org/remote.php/caldav/calendars/room-1/meeting-room-1/",
                "/remote.php/caldav/calendars/room-1/meeting-room-1/",
                Some("/remote.php/caldav/principals/room-1/"),
                None,
            ),
            (
                "https://cloud.example.org:443/remote.php/dav/calendars/ROOM-1/meeting-room-1/",
                "/remote.php/dav/calendars/room-1/meeting-room-1/",
                Some("/remote.php/dav/principals/users/room-1/"),
                None,
            ),
            (
                "https://cloud.example.org/remote.php/dav/calendars/alice/x/",
                "/remote.php/dav/calendars/alice/meeting-room-1_shared_by_room-1/",
                Some("/remote.php/dav/principals/users/alice/"),
                Some("principals/users/room-1"),
            ),
        ] {
            assert_eq!(identity(url, href, owner, principal), own, "{url}");
        }
        let elsewhere = identity(
            "https://calendar.example.org/remote.php/dav/calendars/room-1/meeting-room-1/",
            "/remote.php/dav/calendars/room-1/meeting-room-1/",
            Some("/remote.php/dav/principals/users/room-1/"),
            None,
        );
        assert!(elsewhere != own && elsewhere.may_be(&own));
        assert_eq!(Identity::parse(&own.to_string()), own);
    }

    #[test]
    fn different_collections_stay_different() {
        let of = |href: &str, owner: &str| {
            identity("https://dav.example.org/", href, Some(owner), None).to_string()
        };
        let all = [
            of("/calendars/room/a/", "/principals/room/"),
            of("/calendars/room/b/", "/principals/room/"),
            of("/calendars/room/room_a/", "/principals/room/"),
            of("/calendars/other/a/", "/principals/other/"),
            of("/a/remote.php/dav/calendars/room/a/", "/a/remote.php/dav/principals/users/room/"),
            of("/b/remote.php/dav/calendars/room/a/", "/b/remote.php/dav/principals/users/room/"),
        ];
        for (number, one) in all.iter().enumerate() {
            assert!(!all[..number].contains(one), "{one}");
        }
    }

    #[test]
    fn a_calendar_in_anothers_home_is_its_owners() {
        let own = identity(
            "https://dav.example.org/x/",
            "/dav/calendars/user/room/meeting-room-1/",
            Some("/dav/principals/user/room/"),
            None,
        );
        let of_alice = identity(
            "https://dav.example.org/x/",
            "/dav/calendars/user/alice/room.meeting-room-1/",
            Some("/dav/principals/user/room/"),
            None,
        );
        assert_eq!(of_alice, own);
    }

    #[test]
    fn a_resource_id_is_the_same_on_every_host() {
        let rest = Rest {
            resource_id: Some("urn:uuid:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6".to_owned()),
            ..Rest::default()
        };
        let of = |url: &str| Identity::of(&Url::parse(url).unwrap(), "/x/", &rest);
        assert_eq!(of("https://a.example/x/"), of("https://b.example/y/"));
        let parsed = Identity::parse(&of("https://a.example/x/").to_string());
        assert_eq!(parsed, of("https://a.example/x/"));
    }

    #[test]
    fn a_server_that_names_no_owner_is_believed_in_its_own_path() {
        let of = |href: &str| identity("http://127.0.0.1:5232/ROOM/x/", href, None, None);
        assert_eq!(of("/room/a%40b/").to_string(), "127.0.0.1:5232|/room/a@b");
        assert_eq!(of("/room/a@b"), of("http://127.0.0.1:5232/room/a%40b/"));
    }
}
