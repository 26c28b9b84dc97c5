//! One calendar on a server: what it tells of itself, and reading objects.

use url::Url;

use crate::{Account, CollectionProperties, ETag, Error, Href, Quirks, Result, ServerKind, href};

/// One calendar on a server.
#[derive(Clone, Debug)]
pub struct Collection {
    pub(crate) account: Account,
    pub(crate) url: Url,
    pub(crate) kind: ServerKind,
}

/// An object as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its version.
    pub etag: Option<ETag>,
    /// Its iCalendar text, as the server gave it.
    pub text: Vec<u8>,
}

/// What a multiget came to for one of the hrefs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The href, as it was asked for.
    pub href: Href,
    /// What came of it.
    pub outcome: Outcome,
}

/// What a multiget came to for one href.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The object.
    Found {
        /// Its version.
        etag: Option<ETag>,
        /// Its iCalendar text, as the server gave it.
        text: Vec<u8>,
    },
    /// There is none.
    Missing,
    /// The server does not give it away, or what it gives cannot be read.
    Unreadable {
        /// Why, as a sentence.
        why: String,
    },
}

impl Collection {
    pub(crate) fn new(account: Account, url: &Url, kind: ServerKind) -> Result<Collection> {
        Ok(Collection { account, url: url.clone(), kind })
    }

    /// Its address; it ends in a slash.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Which server it lies on.
    pub fn kind(&self) -> ServerKind {
        self.kind
    }

    /// What this server does otherwise than the RFCs say.
    pub fn quirks(&self) -> Quirks {
        self.kind.quirks()
    }

    /// Asks for all that a server tells of a collection, in one request.
    ///
    /// # Errors
    ///
    /// Any of [`Error`] that a request can come to.
    pub async fn properties(&self) -> Result<CollectionProperties> {
        Err(Error::BadAnswer("not built".to_owned()))
    }

    /// Reads up to [`MULTIGET_CHUNK`](crate::MULTIGET_CHUNK) objects (RFC 4791 section 7.9), and says
    /// for each href once what came of it, in the order in which they were asked for.
    ///
    /// Where the server has no multiget, where its answer is too long, or where one object makes the
    /// whole answer unreadable, they are asked for in smaller parts and at last one by one.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with status 0 where there are more than that; any of [`Error`] that a request
    /// can come to.
    pub async fn multiget(&self, _hrefs: &[Href]) -> Result<Vec<Fetched>> {
        Err(Error::BadAnswer("not built".to_owned()))
    }

    /// Reads one object; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Any of [`Error`] that a request can come to.
    pub async fn get(&self, _href: &Href) -> Result<Option<Object>> {
        Err(Error::BadAnswer("not built".to_owned()))
    }

    /// Where a new object of this name lies; the name is escaped.
    pub fn href_of(&self, name: &str) -> Href {
        href::member(&self.url, name)
    }
}
