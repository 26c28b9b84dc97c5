//! Writing objects: created, replaced, deleted.

use std::marker::PhantomData;

use crate::{Collection, ETag, Error, Href, Result};

/// What a write came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The version that is stored now. `None` where the server gave none (Nextcloud, when it has sent
    /// invitations) or a weak one: then the object must be read back.
    pub etag: Option<ETag>,
}

/// What a deletion came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It is deleted.
    Done,
    /// It was gone already.
    WasGone,
}

/// Whether the server tells the organiser of a deletion (RFC 6638 section 8.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScheduleReply {
    /// As the server does of itself.
    #[default]
    AsTheServerDoes,
    /// `Schedule-Reply: F`: the organiser's calendar goes on claiming the room.
    Silent,
}

/// No decision yet about the version that a write is based on.
#[derive(Debug)]
pub enum NoDecision {}

/// It is decided which version a write is based on.
#[derive(Debug)]
pub enum Decided {}

/// An object that is about to be replaced or deleted. See [`Collection::at`].
#[derive(Debug)]
#[must_use]
pub struct At<'c, Decision> {
    collection: &'c Collection,
    href: &'c Href,
    etag: Option<ETag>,
    expected: Option<Vec<u8>>,
    decision: PhantomData<Decision>,
}

impl Collection {
    /// Creates an object where none is (`If-None-Match: *`); on servers that ignore that, it is looked
    /// for right before.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`], [`Error::UidConflict`], [`Error::Refused`], [`Error::Forbidden`]; where
    /// [`Error::is_outcome_unknown`], read the object before anything else.
    pub async fn create(&self, _href: &Href, _text: &[u8]) -> Result<Written> {
        Err(Error::BadAnswer("not built".to_owned()))
    }

    /// An object that is to be replaced or deleted.
    ///
    /// Which version the decision was made on has to be said first: with
    /// [`with_etag`](At::with_etag), or explicitly for any with
    /// [`whatever_its_version`](At::whatever_its_version).
    ///
    /// ```no_run
    /// # async fn example(collection: caldav::Collection, etag: caldav::ETag) -> caldav::Result<()> {
    /// use caldav::ScheduleReply;
    ///
    /// let href = collection.href_of("meeting.ics");
    /// collection.at(&href).with_etag(&etag).delete(ScheduleReply::AsTheServerDoes).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Without it there is nothing to call:
    ///
    /// ```compile_fail,E0599
    /// # async fn example(collection: caldav::Collection) -> caldav::Result<()> {
    /// use caldav::ScheduleReply;
    ///
    /// let href = collection.href_of("meeting.ics");
    /// collection.at(&href).delete(ScheduleReply::AsTheServerDoes).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn at<'c>(&'c self, href: &'c Href) -> At<'c, NoDecision> {
        At { collection: self, href, etag: None, expected: None, decision: PhantomData }
    }
}

impl<'c> At<'c, NoDecision> {
    /// Writes only if the object still has this version (`If-Match`).
    pub fn with_etag(self, etag: &ETag) -> At<'c, Decided> {
        self.decided(Some(etag.clone()))
    }

    /// Writes whatever the object is now: what others have written since is lost.
    pub fn whatever_its_version(self) -> At<'c, Decided> {
        self.decided(None)
    }

    fn decided(self, etag: Option<ETag>) -> At<'c, Decided> {
        let At { collection, href, expected, .. } = self;
        At { collection, href, etag, expected, decision: PhantomData }
    }
}

impl At<'_, Decided> {
    /// The text that the decision was made on: compared too where the object is read right before the
    /// write, which is where the server ignores versions, or where they repeat.
    pub fn expecting_text(mut self, text: &[u8]) -> Self {
        self.expected = Some(text.to_vec());
        self
    }

    /// Replaces the object.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where it is of another version, [`Error::NotFound`] where it is gone,
    /// [`Error::Refused`], [`Error::Forbidden`]; where [`Error::is_outcome_unknown`], read the object
    /// before anything else.
    pub async fn replace(self, _text: &[u8]) -> Result<Written> {
        let _ = (self.collection, self.href, self.etag, self.expected);
        Err(Error::BadAnswer("not built".to_owned()))
    }

    /// Deletes the object.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where it is of another version, [`Error::Refused`], [`Error::Forbidden`];
    /// where [`Error::is_outcome_unknown`], read the object before anything else. That it is gone
    /// already is no error.
    pub async fn delete(self, _reply: ScheduleReply) -> Result<Deleted> {
        Err(Error::BadAnswer("not built".to_owned()))
    }
}
