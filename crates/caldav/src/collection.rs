//! A calendar collection on a server, and reading its objects.

use reqwest::header::ETAG;
use url::Url;

use crate::request::{Answer, Request};
use crate::xml::Multistatus;
use crate::{
    Account, BadAnswer, Conditions, ETag, Error, Href, InvalidUrl, Quirks, Result, SendGuard,
    ServerKind, href,
};

/// A calendar collection on a server.
#[derive(Clone, Debug)]
pub struct Collection {
    pub(crate) account: Account,
    pub(crate) url: Url,
    kind: ServerKind,
    /// The result of a probe; `None` without one.
    conditions: Option<Conditions>,
    /// The guard that decides whether a write may still be sent; `None` if writes may always be
    /// sent.
    pub(crate) guard: Option<SendGuard>,
}

/// An object that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its version; `None` where the server does not tell.
    pub etag: Option<ETag>,
    /// Its iCalendar text, as the server sent it.
    pub text: Vec<u8>,
}

impl Account {
    /// A calendar at an address, on a server of a kind that discovery found.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidUrl`] and [`Error::PlainHttpRefused`].
    pub fn collection(&self, url: &Url, kind: ServerKind) -> Result<Collection> {
        self.connector.check(url)?;
        Ok(Collection::new(self.clone(), url, kind))
    }
}

impl Collection {
    pub(crate) fn new(account: Account, url: &Url, kind: ServerKind) -> Collection {
        Collection { account, url: folder(url), kind, conditions: None, guard: None }
    }

    /// Its address; it ends in a slash.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The kind of its server.
    pub fn kind(&self) -> ServerKind {
        self.kind
    }

    /// The same collection, with the result of an earlier [`Collection::probe_conditions`].
    #[must_use]
    pub fn with_conditions(self, conditions: Conditions) -> Collection {
        Collection { conditions: Some(conditions), ..self }
    }

    /// The same collection with a guard for its writes.
    #[must_use]
    pub fn guarded(self, guard: SendGuard) -> Collection {
        Collection { guard: Some(guard), ..self }
    }

    /// Which conditional writes the server is known to honour, because of its kind or a probe. An
    /// object is read right before every other write.
    pub fn conditions(&self) -> Conditions {
        let quirks = self.quirks();
        let shown = self.conditions.unwrap_or(Conditions {
            on_put: !self.kind.is_unknown(),
            on_delete: !self.kind.is_unknown(),
            on_create: !self.kind.is_unknown(),
        });
        Conditions {
            on_put: shown.on_put && !quirks.ignores_if_match_on_put,
            on_delete: shown.on_delete && !quirks.ignores_if_match_on_delete,
            on_create: shown.on_create && !quirks.ignores_if_none_match,
        }
    }

    /// How this server deviates from the RFCs.
    pub fn quirks(&self) -> Quirks {
        self.kind.quirks()
    }

    /// The href of a new object with this name; the name is escaped.
    ///
    /// Not every server accepts every name; most refuse an escaped slash.
    pub fn href_of(&self, name: &str) -> Href {
        href::member(&self.url, name)
    }

    /// Reads one object; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::BadAnswer`] if the answer is not iCalendar or is cut, and any [`Error`] of a
    /// request.
    pub async fn get(&self, href: &Href) -> Result<Option<Object>> {
        let request = Request::reading("GET", self.address(href)?).uncompressed();
        let answer = self.send(&request).await?;
        match answer.status {
            200 => {}
            404 | 410 => return Ok(None),
            201..300 => {
                return Err(BadAnswer::StatusToGet { status: answer.status }.into());
            }
            _ => return Err(answer.reading_error()),
        }
        let etag = answer.headers.get(ETAG).and_then(|value| value.to_str().ok());
        let etag = etag.and_then(ETag::new);
        check_whole(&answer.body)?;
        Ok(Some(Object { etag, text: answer.body }))
    }

    /// Reads an object before it is written. If that fails, the write was not sent.
    pub(crate) async fn get_before_write(&self, href: &Href) -> Result<Option<Object>> {
        self.get(href).await.map_err(Error::not_sent)
    }

    /// Sends a request, adapted to this server.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer> {
        if !self.quirks().ends_connections_unsaid {
            return self.account.send(request).await;
        }
        self.account.send(&Request { uses_pool: false, ..request.clone() }).await
    }

    /// Sends a request, adapted to this server, and reads its answer as a multistatus.
    pub(crate) async fn multistatus(&self, request: &Request) -> Result<(Multistatus, Answer)> {
        if !self.quirks().ends_connections_unsaid {
            return self.account.multistatus(request).await;
        }
        self.account.multistatus(&Request { uses_pool: false, ..request.clone() }).await
    }

    /// The address of an object.
    pub(crate) fn address(&self, href: &Href) -> Result<Url> {
        href.url(&self.url).ok_or_else(|| InvalidUrl::Path.into())
    }
}

/// Whether a body is complete iCalendar: if a server closes the connection after an answer without
/// a length, a cut cannot be detected otherwise; and a sign-in page is no object.
fn check_whole(body: &[u8]) -> Result<()> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    let begins = text.get(..15).is_some_and(|it| it.eq_ignore_ascii_case(b"BEGIN:VCALENDAR"));
    if !begins {
        return Err(BadAnswer::NoCalendar.into());
    }
    let end = text.len().checked_sub(13).and_then(|at| text.get(at..));
    if end.is_some_and(|it| it.eq_ignore_ascii_case(b"END:VCALENDAR")) {
        return Ok(());
    }
    Err(BadAnswer::CutCalendar.into())
}

/// The address with a slash at the end, and without query and fragment.
pub(crate) fn folder(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}
