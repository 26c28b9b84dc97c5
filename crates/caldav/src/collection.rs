//! One calendar on a server, and reading its objects.

use std::collections::HashMap;

use reqwest::header::ETAG;
use url::Url;

use crate::limits::MULTIGET_CHUNK;
use crate::properties::folder;
use crate::transport::{Answer, Request};
use crate::xml::{ErrorBody, Multistatus, Response, write};
use crate::{Account, ETag, Error, Href, Quirks, Result, ServerKind, href};

/// One calendar on a server.
#[derive(Clone, Debug)]
pub struct Collection {
    pub(crate) account: Account,
    pub(crate) url: Url,
    kind: ServerKind,
}

/// An object as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its version; `None` where the server does not tell.
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
        /// Its version; `None` where the server does not tell.
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

/// What one REPORT came to.
enum Answered {
    /// An outcome for each href; `None` where it has to be asked for alone.
    Each(Vec<Option<Outcome>>),
    /// The answer is of no use as a whole: smaller ones may be.
    AskForLess,
    /// The server has no calendar-multiget.
    NotSupported,
}

impl Collection {
    pub(crate) fn new(account: Account, url: &Url, kind: ServerKind) -> Collection {
        Collection { account, url: folder(url), kind }
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

    /// Where a new object of this name lies; the name is escaped.
    ///
    /// Not every server takes every name: an escaped slash, above all, is refused by most.
    pub fn href_of(&self, name: &str) -> Href {
        href::member(&self.url, name)
    }

    /// Reads objects (RFC 4791 section 7.9), and says for each href once what came of it, in the order
    /// in which they were asked for. One request is made for [`MULTIGET_CHUNK`] of them.
    ///
    /// Where the server has no multiget, where its answer is too long, or where one object makes the
    /// whole answer unreadable, they are asked for in smaller parts and at last one by one.
    ///
    /// # Errors
    ///
    /// Any of [`Error`] that a request can come to; what fails for single objects is no error.
    pub async fn multiget(&self, hrefs: &[Href]) -> Result<Vec<Fetched>> {
        let mut fetched = Vec::with_capacity(hrefs.len());
        // The parts that are still to be asked for, the first one last.
        let mut parts: Vec<&[Href]> = hrefs.chunks(MULTIGET_CHUNK).rev().collect();
        let mut is_offered = true;
        while let Some(part) = parts.pop() {
            let answered = match is_offered {
                true => self.report(part).await?,
                false => Answered::NotSupported,
            };
            let outcomes = match answered {
                Answered::Each(outcomes) => outcomes,
                Answered::NotSupported => {
                    is_offered = false;
                    vec![None; part.len()]
                }
                Answered::AskForLess if part.len() > 1 => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                    continue;
                }
                Answered::AskForLess => vec![None],
            };
            for (href, outcome) in part.iter().zip(outcomes) {
                let outcome = match outcome {
                    Some(outcome) => outcome,
                    None => self.alone(href).await?,
                };
                fetched.push(Fetched { href: href.clone(), outcome });
            }
        }
        Ok(fetched)
    }

    async fn report(&self, hrefs: &[Href]) -> Result<Answered> {
        let listed: Vec<&Href> = hrefs.iter().collect();
        let request = Request::report(self.url.clone(), "1", write::multiget(&listed));
        let answer = match self.send(&request).await {
            Err(Error::TooLarge { .. } | Error::BadAnswer(_)) => return Ok(Answered::AskForLess),
            answer => answer?,
        };
        if answer.status != 207 {
            return match answer.status {
                405 | 415 | 501 => Ok(Answered::NotSupported),
                403 if ErrorBody::of(&answer.body).names("supported-report") => {
                    Ok(Answered::NotSupported)
                }
                // One object that a server stumbles over makes all of them a 500.
                413 | 500 | 507 => Ok(Answered::AskForLess),
                _ => Err(answer.multistatus().err().unwrap_or_else(|| answer.reading_error())),
            };
        }
        match answer.multistatus() {
            Ok(multistatus) => Ok(Answered::Each(self.outcomes(hrefs, multistatus, &answer.url))),
            Err(Error::BadAnswer(_) | Error::Interrupted(_)) => Ok(Answered::AskForLess),
            Err(error) => Err(error),
        }
    }

    /// What an answer says of each href.
    fn outcomes(
        &self,
        hrefs: &[Href],
        multistatus: Multistatus,
        base: &Url,
    ) -> Vec<Option<Outcome>> {
        let mut said: HashMap<Href, Response> = HashMap::with_capacity(hrefs.len());
        let mut is_whole = true;
        for response in multistatus.responses {
            is_whole &= response.status != Some(507);
            if let href::Place::Member(href) = href::place(&response.href, base) {
                said.insert(href, response);
            }
        }
        // Elsewhere than on servers that are known to say nothing of what is not there, silence may
        // be anything.
        let silence = self.quirks().leaves_missing_out_of_multiget && is_whole;
        let of = |href: &Href| match said.remove(href) {
            Some(response) => outcome(response),
            None => silence.then_some(Outcome::Missing),
        };
        hrefs.iter().map(of).collect()
    }

    /// Reads one object, and says what came of it.
    async fn alone(&self, href: &Href) -> Result<Outcome> {
        match self.get(href).await {
            Ok(Some(Object { etag, text })) => Ok(Outcome::Found { etag, text }),
            Ok(None) => Ok(Outcome::Missing),
            Err(
                error @ (Error::Forbidden { .. }
                | Error::Refused { .. }
                | Error::TooLarge { .. }
                | Error::BadAnswer(_)
                | Error::InvalidUrl(_)
                | Error::Unavailable { status: 500, .. }),
            ) => Ok(Outcome::Unreadable { why: error.to_string() }),
            Err(error) => Err(error),
        }
    }

    /// Reads one object; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::BadAnswer`] where something else than iCalendar comes, or only its beginning, and any
    /// of [`Error`] that a request can come to.
    pub async fn get(&self, href: &Href) -> Result<Option<Object>> {
        let request = Request::reading("GET", self.address(href)?).uncompressed();
        let answer = self.send(&request).await?;
        match answer.status {
            200 => {}
            404 | 410 => return Ok(None),
            201..300 => {
                return Err(Error::BadAnswer(format!("status {} to a GET", answer.status)));
            }
            _ => return Err(answer.reading_error()),
        }
        let etag = answer.headers.get(ETAG).and_then(|value| value.to_str().ok());
        let etag = etag.and_then(ETag::new);
        check_whole(&answer.body)?;
        Ok(Some(Object { etag, text: answer.body }))
    }

    /// Sends a request, as this server wants it.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer> {
        if !self.quirks().ends_connections_unsaid {
            return self.account.send(request).await;
        }
        self.account.send(&Request { uses_pool: false, ..request.clone() }).await
    }

    /// Sends a request, as this server wants it, and reads its answer as a multistatus.
    pub(crate) async fn multistatus(&self, request: &Request) -> Result<(Multistatus, Answer)> {
        if !self.quirks().ends_connections_unsaid {
            return self.account.multistatus(request).await;
        }
        self.account.multistatus(&Request { uses_pool: false, ..request.clone() }).await
    }

    /// The address of an object.
    pub(crate) fn address(&self, href: &Href) -> Result<Url> {
        let words = || Error::InvalidUrl("the path of the object is none".to_owned());
        href.url(&self.url).ok_or_else(words)
    }
}

/// What a response of a multiget says; `None` where the object has to be asked for alone.
fn outcome(response: Response) -> Option<Outcome> {
    match response.status {
        Some(404 | 410) => return Some(Outcome::Missing),
        Some(status) if status >= 300 => {
            let why = format!("the server answers with status {status} for it");
            return Some(Outcome::Unreadable { why });
        }
        _ => {}
    }
    let text = response.properties.calendar_data.filter(|text| !text.trim().is_empty())?;
    let etag = response.properties.etag.as_deref().and_then(ETag::new);
    Some(Outcome::Found { etag, text: text.into_bytes() })
}

/// Whether a body is iCalendar from its beginning to its end: a server that closes the connection
/// after an answer without a length cannot say that it was cut, and a sign-in page is no object.
fn check_whole(body: &[u8]) -> Result<()> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    let begins = text.get(..15).is_some_and(|it| it.eq_ignore_ascii_case(b"BEGIN:VCALENDAR"));
    if !begins {
        return Err(Error::BadAnswer("it is no iCalendar".to_owned()));
    }
    let end = text.len().checked_sub(13).and_then(|at| text.get(at..));
    if end.is_some_and(|it| it.eq_ignore_ascii_case(b"END:VCALENDAR")) {
        return Ok(());
    }
    Err(Error::BadAnswer("the iCalendar object stops in the middle".to_owned()))
}
