//! Features of Nextcloud: authors by the Activity app, and its version.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use reqwest::header::{ACCEPT, HeaderValue};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::href::mail_address;
use crate::limits::{ACTIVITY_PAGE, MAX_ACTIVITY_BODY, MAX_ACTIVITY_PAGES, MAX_AUTHORS};
use crate::request::{Answer, Request};
use crate::xml::write;
use crate::{Account, BadAnswer, Error, Result};

/// The characters that are kept of a version.
pub const MAX_VERSION: usize = 40;

/// The author of an event, from Nextcloud's Activity app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The user's id.
    pub id: String,
    /// The user's mail address, where the server tells it.
    pub address: Option<String>,
    /// The user's display name; where the server does not tell it, the id.
    pub name: String,
    /// Whether it is the requesting account.
    pub is_own: bool,
}

/// An answer of the OCS API.
#[derive(Deserialize)]
struct Envelope {
    ocs: Ocs,
}

#[derive(Deserialize)]
struct Ocs {
    #[serde(default)]
    data: Value,
}

/// An entry of the Activity app.
#[derive(Deserialize)]
struct Activity {
    activity_id: u64,
    #[serde(default)]
    app: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    user: String,
    /// A template, and the values of its placeholders.
    subject_rich: (String, Value),
}

/// `status.php`.
#[derive(Deserialize)]
struct Status {
    versionstring: String,
}

impl Account {
    /// Asks Nextcloud's Activity app for the authors of these events, by their UIDs. Unknown ones
    /// are left out: the app forgets after a year by default, and is read for
    /// [`MAX_ACTIVITY_PAGES`] pages.
    ///
    /// `collection` is the calendar's address; this account must be its owner.
    ///
    /// The app files an event under a calendar number that CalDAV does not expose, so all entries
    /// about calendars are read and matched by UID.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a request; a server without that app is no error.
    pub async fn authors(
        &self,
        collection: &Url,
        uids: &HashSet<String>,
    ) -> Result<HashMap<String, Author>> {
        let Some(root) = Root::of(collection) else {
            return Ok(HashMap::new());
        };
        let created = self.created(&root, uids).await?;
        let mut known: HashMap<String, Option<String>> = HashMap::new();
        let mut authors = HashMap::new();
        for (uid, mut author) in created {
            if !known.contains_key(&author.id) && known.len() < MAX_AUTHORS {
                let address = self.address_of(&root, &author.id).await?;
                known.insert(author.id.clone(), address);
            }
            author.address = known.get(&author.id).cloned().flatten();
            authors.insert(uid, author);
        }
        Ok(authors)
    }

    /// The author of each event, without addresses.
    async fn created(
        &self,
        root: &Root,
        uids: &HashSet<String>,
    ) -> Result<HashMap<String, Author>> {
        let mut found: HashMap<String, Author> = HashMap::new();
        let mut since: Option<u64> = None;
        for _ in 0..MAX_ACTIVITY_PAGES {
            // After an entry of our own, an older one by another user may follow.
            let is_done = uids.iter().all(|uid| found.get(uid).is_some_and(|it| !it.is_own));
            if is_done {
                break;
            }
            let Some((entries, last)) = self.activities(root, since).await? else { break };
            for entry in &entries {
                take(entry, uids, &mut found);
            }
            // A page that leads to itself would never end.
            let goes_on = last.is_some_and(|last| since.is_none_or(|since| last < since));
            if entries.is_empty() || !goes_on {
                break;
            }
            since = last;
        }
        Ok(found)
    }

    /// A page of entries, the newest first, and what the next one begins after; `None` where there is
    /// none.
    async fn activities(
        &self,
        root: &Root,
        since: Option<u64>,
    ) -> Result<Option<(Vec<Activity>, Option<u64>)>> {
        let mut url = root.ocs.clone();
        url.query_pairs_mut()
            .append_pair("format", "json")
            .append_pair("type", "calendar")
            .append_pair("limit", &ACTIVITY_PAGE.to_string())
            // The text of an entry is in the user's language, so it is recognised by its template.
            .append_pair("forceLanguage", "en")
            .extend_pairs(since.map(|since| ("since", since.to_string())));
        let mut request =
            Request::reading("GET", url).with("ocs-apirequest", HeaderValue::from_static("true"));
        request.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        request.max_body = Some(MAX_ACTIVITY_BODY);
        let answer = self.send(&request).await?;
        match answer.status {
            200 => {}
            // No app, no such filter, no more entries, or not for this user.
            204 | 304 | 404 | 403 => return Ok(None),
            _ => return Err(answer.reading_error()),
        }
        let Some(entries) = activities_of(&answer.body)? else { return Ok(None) };
        let last = last_given(&answer).or_else(|| entries.last().map(|it| it.activity_id));
        Ok(Some((entries, last)))
    }

    /// The mail address of a user (RFC 6638 section 2.4.1), where the server tells it.
    async fn address_of(&self, root: &Root, id: &str) -> Result<Option<String>> {
        let mut url = root.principals.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(id).push("");
        }
        let request = Request::propfind(url, "0", write::PRINCIPAL);
        let multistatus = match self.multistatus(&request).await {
            Ok((multistatus, _)) => multistatus,
            Err(Error::NotFound | Error::Forbidden { .. } | Error::Refused { .. }) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let rests = multistatus.responses.into_iter().filter_map(|it| it.properties.rest);
        let mut addresses = rests.flat_map(|rest| rest.addresses);
        Ok(addresses.find_map(|it| mail_address(&it)))
    }

    /// The version of the Nextcloud that an address of its CalDAV service is of, where it tells.
    pub(crate) async fn nextcloud_version(&self, at: &Url) -> Option<String> {
        let root = Root::of(at)?;
        let mut request = Request::reading("GET", root.status);
        request.max_body = Some(MAX_ACTIVITY_BODY);
        let answer = self.send(&request).await.ok()?;
        let version = version_of(&answer.body)?;
        answer.is_success().then_some(version)
    }
}

/// The entries of an answer of the Activity app; `None` where it lists none.
fn activities_of(body: &[u8]) -> Result<Option<Vec<Activity>>> {
    let envelope: Envelope = serde_json::from_slice(body).map_err(|_| BadAnswer::NoActivities)?;
    let Value::Array(entries) = envelope.ocs.data else { return Ok(None) };
    // An entry of a kind that is not known is none of ours.
    let entries = entries.into_iter().filter_map(|it| serde_json::from_value(it).ok());
    Ok(Some(entries.collect()))
}

/// The authors of these events by a page of the Activity app, without addresses.
pub(crate) fn authors_of(body: &[u8], uids: &HashSet<String>) -> HashMap<String, Author> {
    let mut found = HashMap::new();
    for entry in activities_of(body).ok().flatten().unwrap_or_default() {
        take(&entry, uids, &mut found);
    }
    found
}

/// The version in an answer of `status.php`.
pub(crate) fn version_of(body: &[u8]) -> Option<String> {
    let status: Status = serde_json::from_slice(body).ok()?;
    Some(status.versionstring.chars().take(MAX_VERSION).collect())
}

/// The addresses of Nextcloud's own APIs.
struct Root {
    ocs: Url,
    principals: Url,
    status: Url,
}

impl Root {
    /// By an address of its CalDAV service.
    fn of(collection: &Url) -> Option<Root> {
        let (folder, _) = collection.path().split_once("/remote.php/")?;
        let at = |path: &str| {
            let mut url = collection.clone();
            url.set_query(None);
            url.set_fragment(None);
            url.set_path(&format!("{folder}{path}"));
            url
        };
        Some(Root {
            ocs: at("/ocs/v2.php/apps/activity/api/v2/activity/calendar"),
            principals: at("/remote.php/dav/principals/users/"),
            status: at("/status.php"),
        })
    }
}

/// Where the next page begins.
fn last_given(answer: &Answer) -> Option<u64> {
    answer.header("x-activity-last-given")?.trim().parse().ok()
}

/// Adds the events that an entry names as created. Entries that follow one another are merged, with
/// `event1`, `event2` … in place of `event`.
fn take(entry: &Activity, uids: &HashSet<String>, found: &mut HashMap<String, Author>) {
    let (template, values) = &entry.subject_rich;
    let is_creation = template.contains(" created event ");
    if entry.app != "dav" || entry.kind != "calendar_event" || !is_creation {
        return;
    }
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    // "You created …" names no user: it is the user of the entry.
    let actor = values.get("actor");
    let id = actor.and_then(|it| text(it, "id")).unwrap_or_else(|| entry.user.clone());
    if id.is_empty() {
        return;
    }
    let name = actor.and_then(|it| text(it, "name")).unwrap_or_else(|| id.clone());
    let Some(values) = values.as_object() else { return };
    for (key, value) in values {
        let number = key.strip_prefix("event");
        if !number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
            continue;
        }
        let Some(uid) = text(value, "id").filter(|uid| uids.contains(uid)) else { continue };
        // The newest entry comes first: the last author of an event that was created, deleted and
        // created again counts. If the account itself created it again, by restoring it, the author
        // before counts.
        let is_own = actor.is_none();
        let author = Author { id: id.clone(), address: None, name: name.clone(), is_own };
        match found.entry(uid) {
            Entry::Vacant(place) => {
                place.insert(author);
            }
            Entry::Occupied(mut known) if known.get().is_own && !is_own => {
                known.insert(author);
            }
            Entry::Occupied(_) => {}
        }
    }
}
