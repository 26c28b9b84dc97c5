//! Writes: creates, replaces and deletes objects.

use std::marker::PhantomData;

use reqwest::header::{CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, IF_NONE_MATCH};

use crate::request::{Answer, Request};
use crate::xml::{ErrorBody, parse_multistatus};
use crate::{BadAnswer, Collection, ETag, Error, Hint, Href, Object, Result};

/// The result of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The version that is stored now. `None` where the server gave none (Nextcloud, when it has sent
    /// invitations) or a weak one: then the object must be read back.
    pub etag: Option<ETag>,
}

/// The result of a deletion.
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
    /// The server's default.
    #[default]
    AsTheServerDoes,
    /// `Schedule-Reply: F`: the organiser's calendar still shows the room as booked.
    Silent,
}

/// State of a write without a decision about the version that it is based on.
#[derive(Debug)]
pub enum NoDecision {}

/// State of a write with that decision.
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
    /// Creates an object if none exists (`If-None-Match: *`). On servers that ignore that, or are
    /// not known to honour it, its existence is checked right before.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the collection is gone, [`Error::Exists`], [`Error::UidConflict`],
    /// [`Error::Refused`], [`Error::Forbidden`]; [`Error::NotSent`] and [`Error::Withdrawn`] where it was not
    /// sent; where [`Error::is_outcome_unknown`], read the object before anything else.
    pub async fn create(&self, href: &Href, text: &[u8]) -> Result<Written> {
        if !self.conditions().on_create && self.get_before_write(href).await?.is_some() {
            return Err(Error::Exists);
        }
        let mut request = self.put(href, text)?;
        request.headers.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
        let answer = self.send(&request).await?;
        if answer.is_success() {
            check_success(&answer)?;
            return Ok(Written::of(&answer));
        }
        let body = ErrorBody::of(&answer.body);
        Err(match answer.status {
            400 | 403 | 409 | 412 if body.is_uid_conflict() => {
                Error::UidConflict { words: body.words }
            }
            412 if !is_about_version(&body) => refused(412, body),
            412 if self.quirks().too_large_is_412 && self.is_nothing_at(href).await => too_large(),
            412 => Error::Exists,
            409 if self.quirks().existing_is_409 => Error::Exists,
            // Nextcloud says so on a share that is read-only.
            404 | 410 => match self.ctag().await {
                Ok(_) => no_right(answer.status, body),
                Err(error @ (Error::NotFound | Error::Trashed)) => error,
                // If the calendar cannot be read, nothing was created.
                Err(_) => Error::refused(answer.status, body.words),
            },
            _ => refused(answer.status, body),
        })
    }

    async fn is_nothing_at(&self, href: &Href) -> bool {
        matches!(self.get(href).await, Ok(None))
    }

    pub(crate) fn put(&self, href: &Href, text: &[u8]) -> Result<Request> {
        let request = Request::writing("PUT", self.address(href)?);
        let mut request = request.guarded(self.guard.clone());
        let kind = HeaderValue::from_static("text/calendar; charset=utf-8");
        request.headers.insert(CONTENT_TYPE, kind);
        request.body = text.to_vec();
        // An ETag of a compressed answer would be of no use for the next condition.
        Ok(request.uncompressed())
    }

    /// An object that is to be replaced or deleted.
    ///
    /// State first which version the decision was based on: with [`with_etag`](At::with_etag), or
    /// explicitly any with [`whatever_its_version`](At::whatever_its_version).
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

    /// Writes whatever the object is now: changes by others are lost.
    pub fn whatever_its_version(self) -> At<'c, Decided> {
        self.decided(None)
    }

    fn decided(self, etag: Option<ETag>) -> At<'c, Decided> {
        let At { collection, href, expected, .. } = self;
        At { collection, href, etag, expected, decision: PhantomData }
    }
}

impl At<'_, Decided> {
    /// The text that the decision was based on. It is compared, too, if the object is read right
    /// before the write, because the server ignores versions or repeats them.
    pub fn expecting_text(mut self, text: &[u8]) -> Self {
        self.expected = Some(text.to_vec());
        self
    }

    /// Replaces the object.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where it is of another version or, on most servers, gone,
    /// [`Error::NotFound`] where it is gone, [`Error::Refused`], [`Error::Forbidden`]; [`Error::NotSent`] and
    /// [`Error::Withdrawn`] where it was not sent; where [`Error::is_outcome_unknown`], read the object
    /// before anything else.
    pub async fn replace(self, text: &[u8]) -> Result<Written> {
        if self.has_to_be_read(self.collection.conditions().on_put) {
            let object = self.collection.get_before_write(self.href).await?;
            self.compare(&object.ok_or(Error::NotFound)?)?;
        }
        let answer = self.send(self.collection.put(self.href, text)?).await?;
        if answer.is_success() {
            check_success(&answer)?;
            return Ok(Written::of(&answer));
        }
        let body = ErrorBody::of(&answer.body);
        Err(match answer.status {
            404 | 410 => self.not_found(answer.status, body).await,
            412 if !is_about_version(&body) => refused(412, body),
            412 if self.collection.quirks().too_large_is_412 && self.is_still_so().await => {
                too_large()
            }
            412 => Error::Changed,
            _ => refused(answer.status, body),
        })
    }

    /// Deletes the object.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where it is of another version, [`Error::Refused`], [`Error::Forbidden`];
    /// [`Error::NotSent`] and [`Error::Withdrawn`] where it was not sent; where
    /// [`Error::is_outcome_unknown`], read the object before anything else. That it is gone
    /// already is no error.
    pub async fn delete(self, reply: ScheduleReply) -> Result<Deleted> {
        let quirks = self.collection.quirks();
        let is_honoured = self.collection.conditions().on_delete && !quirks.gone_is_success;
        if self.has_to_be_read(is_honoured) {
            match self.collection.get_before_write(self.href).await? {
                Some(object) => self.compare(&object)?,
                None => return Ok(Deleted::WasGone),
            }
        }
        let request = Request::writing("DELETE", self.collection.address(self.href)?);
        let mut request = request.guarded(self.collection.guard.clone());
        if reply == ScheduleReply::Silent {
            request = request.with("schedule-reply", HeaderValue::from_static("F"));
        }
        let answer = self.send(request).await?;
        let body = ErrorBody::of(&answer.body);
        match answer.status {
            207 => done(&answer),
            200..300 => check_success(&answer).map(|()| Deleted::Done),
            404 | 410 => match self.not_found(answer.status, body).await {
                Error::NotFound => Ok(Deleted::WasGone),
                error => Err(error),
            },
            412 if !is_about_version(&body) => Err(refused(412, body)),
            412 if quirks.gone_is_412 => self.look_after(Error::Changed).await,
            412 => Err(Error::Changed),
            403 if quirks.stale_delete_is_403 => self.look_after(refused(403, body)).await,
            status => Err(refused(status, body)),
        }
    }

    /// The error for a "not found" to a write. Nextcloud answers so also if the account may only
    /// read, so the server is asked whether the object exists. If that cannot be found out, this
    /// request changed nothing nevertheless: the server has answered it.
    async fn not_found(&self, status: u16, body: ErrorBody) -> Error {
        match self.collection.get(self.href).await {
            Ok(None) => Error::NotFound,
            Ok(Some(object)) => self.compare(&object).err().unwrap_or(no_right(status, body)),
            Err(_) => Error::Changed,
        }
    }

    /// Sends a write under its condition.
    ///
    /// No condition holds for a weak version (RFC 9110 section 13.1.1). A proxy may have made it weak, so
    /// the strong one that it was made of is tried; where that is refused, and the object is still what
    /// the decision was made on, it is written right after that was read.
    async fn send(&self, mut request: Request) -> Result<Answer> {
        let Some(etag) = &self.etag else { return self.collection.send(&request).await };
        // A text that cannot stand in a header cannot be the version of anything.
        let value =
            HeaderValue::from_str(if etag.is_weak() { etag.opaque() } else { etag.as_str() });
        request.headers.insert(IF_MATCH, value.map_err(|_| Error::Changed)?);
        let answer = self.collection.send(&request).await?;
        let is_about_weak = answer.status == 412 && etag.is_weak();
        if !is_about_weak || !is_about_version(&ErrorBody::of(&answer.body)) {
            return Ok(answer);
        }
        if !self.is_still_so().await {
            return Ok(answer);
        }
        request.headers.remove(IF_MATCH);
        self.collection.send(&request).await
    }

    /// Finds the cause of a refusal: the object may be gone, or of another version, or neither.
    async fn look_after(&self, otherwise: Error) -> Result<Deleted> {
        match self.collection.get(self.href).await {
            Ok(None) => Ok(Deleted::WasGone),
            Ok(Some(object)) => Err(self.compare(&object).err().unwrap_or(otherwise)),
            // Nothing was deleted, and the caller reads it again anyway.
            Err(_) => Err(otherwise),
        }
    }

    /// Whether the object is the one that the decision was based on, as far as can be told.
    async fn is_still_so(&self) -> bool {
        let read = self.collection.get(self.href).await;
        matches!(read, Ok(Some(object)) if self.compare(&object).is_ok())
    }

    /// Whether the object has to be read right before the write: the server ignores its version, is
    /// not known to honour it, or repeats versions.
    fn has_to_be_read(&self, is_honoured: bool) -> bool {
        let repeats = self.collection.quirks().etag_counters_restart && self.expected.is_some();
        self.etag.as_ref().is_some_and(|etag| !is_honoured || repeats || etag.is_weak())
    }

    /// Whether the object is still the one that the decision was based on.
    fn compare(&self, object: &Object) -> Result<()> {
        let is_same_version = match (&self.etag, &object.etag) {
            (Some(expected), Some(found)) => expected.matches_weakly(found),
            // Without a version, only the text can tell.
            (Some(_), None) => self.expected.is_some(),
            (None, _) => true,
        };
        let expected = self.expected.as_deref();
        let is_same_text = expected.is_none_or(|expected| is_alike(expected, &object.text));
        if is_same_version && is_same_text { Ok(()) } else { Err(Error::Changed) }
    }
}

impl Written {
    fn of(answer: &Answer) -> Written {
        let etag = answer.headers.get(ETAG).and_then(|value| value.to_str().ok());
        Written { etag: etag.and_then(ETag::new).filter(|etag| !etag.is_weak()) }
    }
}

/// Whether a 412 is about the condition that was sent. Radicale and Xandikos answer 412 for broken
/// preconditions of CalDAV as well (RFC 4791 section 5.3.2.1), which they name.
fn is_about_version(body: &ErrorBody) -> bool {
    let is_version = |it: &String| it == "if-match" || it == "if-none-match";
    body.conditions.is_empty() || body.conditions.iter().any(is_version)
}

/// The error for a refused write.
fn refused(status: u16, body: ErrorBody) -> Error {
    let words = body.words;
    match status {
        403 => Error::Forbidden { words },
        404 | 410 => Error::NotFound,
        _ => Error::refused(status, words),
    }
}

/// The error for "not found" about an object that exists.
fn no_right(status: u16, body: ErrorBody) -> Error {
    Error::Refused { status, words: body.words, hint: Some(Hint::NoRight) }
}

/// The error for a 412 although the condition holds.
fn too_large() -> Error {
    Error::Refused { status: 412, words: String::new(), hint: Some(Hint::TooLarge) }
}

/// Makes sure that an answer of 2xx to a write says that it was carried out: 201 and 204, and 200 unless it is a
/// page, as something between the server and us gives it to sign in. Of all others (202 is for later, 207 may
/// list what failed) the outcome is not known.
fn check_success(answer: &Answer) -> Result<()> {
    match answer.status {
        201 | 204 => Ok(()),
        200 if !is_page(answer) => Ok(()),
        200 => Err(BadAnswer::PageToWrite.into()),
        status => Err(BadAnswer::StatusToWrite { status }.into()),
    }
}

/// Whether the body of an answer is HTML.
fn is_page(answer: &Answer) -> bool {
    let kind = answer.header("content-type").unwrap_or_default().trim_start().as_bytes();
    let text = answer.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answer.body).trim_ascii_start();
    let begins = |bytes: &[u8], with: &[u8]| {
        bytes.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with))
    };
    begins(kind, b"text/html") || begins(text, b"<!doctype html") || begins(text, b"<html")
}

/// The result of a DELETE that is answered with 207, which may list what was not deleted (RFC 4918 section
/// 9.6.1).
fn done(answer: &Answer) -> Result<Deleted> {
    let multistatus = parse_multistatus(&answer.body, crate::xml::Bounds::default())?;
    let statuses = || multistatus.responses.iter().filter_map(|response| response.status);
    let is_gone = |status: &u16| matches!(status, 404 | 410);
    match statuses().filter(|status| *status >= 300 && !is_gone(status)).max() {
        Some(412) => Err(Error::Changed),
        Some(status) => Err(refused(status, ErrorBody::default())),
        None if statuses().any(|status| is_gone(&status)) => Ok(Deleted::WasGone),
        None if statuses().next().is_some() => Ok(Deleted::Done),
        None => Err(BadAnswer::EmptyMultistatus.into()),
    }
}

/// Whether two texts are equal except for line ends and blanks at the end, which differ between a
/// multiget and a GET.
fn is_alike(one: &[u8], other: &[u8]) -> bool {
    let of = |text: &'_ [u8]| -> Vec<u8> {
        text.trim_ascii_end().iter().copied().filter(|byte| *byte != b'\r').collect()
    };
    of(one) == of(other)
}
