//! Reading many objects, or their versions, in few requests (RFC 4791 section 7.9).

use std::collections::HashMap;

use url::Url;

use crate::limits::{MAX_ASKED_ALONE, MULTIGET_CHUNK};
use crate::request::Request;
use crate::xml::{ErrorBody, Multistatus, Response, write};
use crate::{Collection, ETag, Error, Href, Object, Result, href};

/// The result of a multiget for one of the hrefs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The requested href.
    pub href: Href,
    /// The result.
    pub outcome: FetchOutcome,
}

/// The result of a multiget for one href.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchOutcome {
    /// The object.
    Found {
        /// Its version; `None` where the server does not tell.
        etag: Option<ETag>,
        /// Its iCalendar text, as the server gave it.
        text: Vec<u8>,
    },
    /// It does not exist: a GET confirms it.
    Missing,
    /// A REPORT says that it does not exist, and no GET has confirmed it: there were more than
    /// [`MAX_ASKED_ALONE`](crate::limits::MAX_ASKED_ALONE) of them, or the GET was refused.
    ReportedMissing,
    /// The server does not return it, or the answer cannot be read.
    Unreadable {
        /// Why.
        why: NotGiven,
    },
}

/// Why a server does not return an object that it lists.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotGiven {
    /// A status for this object in a multistatus.
    #[error("the server answers with status {0} for it")]
    Status(u16),
    /// The request for this object alone failed.
    #[error(transparent)]
    Failed(Box<Error>),
}

/// The current version of one object; see [`Collection::etags`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentVersion {
    /// The requested href.
    pub href: Href,
    /// Whether it exists, and in which version.
    pub presence: Presence,
}

/// Whether an object exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It exists in this version; `None` if the server does not tell it.
    Present(Option<ETag>),
    /// It does not exist: a GET confirms it.
    Missing,
    /// A REPORT says that it does not exist, and no GET has confirmed it; see
    /// [`FetchOutcome::ReportedMissing`].
    ReportedMissing,
    /// The server does not say.
    Unknown {
        /// Why.
        why: NotGiven,
    },
}

impl From<Fetched> for CurrentVersion {
    fn from(Fetched { href, outcome }: Fetched) -> CurrentVersion {
        let presence = match outcome {
            FetchOutcome::Found { etag, .. } => Presence::Present(etag),
            FetchOutcome::Missing => Presence::Missing,
            FetchOutcome::ReportedMissing => Presence::ReportedMissing,
            FetchOutcome::Unreadable { why } => Presence::Unknown { why },
        };
        CurrentVersion { href, presence }
    }
}

impl Presence {
    /// Whether the object exists in exactly this version, by weak comparison (RFC 9110 section
    /// 8.8.3.2).
    pub fn is_version(&self, expected: &ETag) -> bool {
        matches!(self, Presence::Present(Some(etag)) if etag.matches_weakly(expected))
    }
}

/// What is requested of each object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// Text and version.
    Objects,
    /// The version only.
    Versions,
}

impl Wanted {
    fn properties(self) -> &'static [&'static str] {
        match self {
            Wanted::Objects => &["d:getetag", "c:calendar-data"],
            Wanted::Versions => &["d:getetag"],
        }
    }
}

/// The result of one REPORT.
enum Answered {
    /// An outcome for each href; `None` if it has to be requested alone.
    Each(Vec<Option<FetchOutcome>>),
    /// The answer is unusable as a whole; smaller ones may not be.
    AskForLess,
    /// The server has no calendar-multiget.
    NotSupported,
}

impl Collection {
    /// Reads objects (RFC 4791 section 7.9) and returns one result for each href, in the given
    /// order. One request is sent for each [`MULTIGET_CHUNK`] of them.
    ///
    /// If the server has no multiget, if its answer is too long, or if one object makes the whole
    /// answer unreadable, they are requested in smaller parts and finally one by one. An object
    /// that an answer does not mention is requested alone: servers omit objects that do not exist,
    /// and some omitted objects that did. So is one that an answer says not to exist, up to
    /// [`MAX_ASKED_ALONE`](crate::limits::MAX_ASKED_ALONE) of them.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a request; failures of single objects are results.
    pub async fn multiget(&self, hrefs: &[Href]) -> Result<Vec<Fetched>> {
        self.report_in_parts(hrefs, Wanted::Objects).await
    }

    /// Requests the current versions of objects, without their contents, and returns one result for
    /// each href, in the given order. One request is sent for each [`MULTIGET_CHUNK`] of them, and
    /// one for each object that an answer does not mention or says not to exist, as in
    /// [`Collection::multiget`].
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a request; failures of single objects are results.
    pub async fn etags(&self, hrefs: &[Href]) -> Result<Vec<CurrentVersion>> {
        let fetched = self.report_in_parts(hrefs, Wanted::Versions).await?;
        Ok(fetched.into_iter().map(CurrentVersion::from).collect())
    }

    /// Checks whether objects that are reported as gone exist, and returns one result for each
    /// href, in the given order. Only a GET confirms that one is gone: up to
    /// [`MAX_ASKED_ALONE`](crate::limits::MAX_ASKED_ALONE) are requested alone, more of them as by
    /// [`Collection::etags`].
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a request; failures of single objects are results.
    pub async fn still_there(&self, hrefs: &[Href]) -> Result<Vec<CurrentVersion>> {
        if hrefs.len() > MAX_ASKED_ALONE {
            return self.etags(hrefs).await;
        }
        let mut asked = Vec::with_capacity(hrefs.len());
        for href in hrefs {
            let outcome = self.alone(href).await?;
            asked.push(Fetched { href: href.clone(), outcome }.into());
        }
        Ok(asked)
    }

    async fn report_in_parts(&self, hrefs: &[Href], wanted: Wanted) -> Result<Vec<Fetched>> {
        let mut fetched = Vec::with_capacity(hrefs.len());
        // The parts that are still to be requested, the first one last.
        let mut parts: Vec<&[Href]> = hrefs.chunks(MULTIGET_CHUNK).rev().collect();
        let mut is_offered = true;
        let mut left = MAX_ASKED_ALONE;
        while let Some(part) = parts.pop() {
            let answered = match is_offered {
                true => self.report(part, wanted).await?,
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
                    Some(FetchOutcome::ReportedMissing) if left > 0 => {
                        left -= 1;
                        self.confirmed(href).await?
                    }
                    Some(outcome) => outcome,
                    None => self.alone(href).await?,
                };
                fetched.push(Fetched { href: href.clone(), outcome });
            }
        }
        Ok(fetched)
    }

    async fn report(&self, hrefs: &[Href], wanted: Wanted) -> Result<Answered> {
        let body = write::multiget(hrefs, wanted.properties());
        let request = Request::report(self.url.clone(), "1", body);
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
                // One object that the server cannot handle makes all of them a 500.
                413 | 500 | 507 => Ok(Answered::AskForLess),
                _ => Err(answer.multistatus().err().unwrap_or_else(|| answer.reading_error())),
            };
        }
        match answer.multistatus() {
            Ok(multistatus) => {
                Ok(Answered::Each(outcomes(hrefs, multistatus, &answer.url, wanted)))
            }
            Err(Error::BadAnswer(_) | Error::Interrupted(_)) => Ok(Answered::AskForLess),
            Err(error) => Err(error),
        }
    }

    /// Requests an object that a REPORT says not to exist.
    async fn confirmed(&self, href: &Href) -> Result<FetchOutcome> {
        Ok(match self.alone(href).await? {
            FetchOutcome::Unreadable { .. } => FetchOutcome::ReportedMissing,
            outcome => outcome,
        })
    }

    /// Reads one object.
    async fn alone(&self, href: &Href) -> Result<FetchOutcome> {
        match self.get(href).await {
            Ok(Some(Object { etag, text })) => Ok(FetchOutcome::Found { etag, text }),
            Ok(None) => Ok(FetchOutcome::Missing),
            Err(
                error @ (Error::Forbidden { .. }
                | Error::Refused { .. }
                | Error::TooLarge { .. }
                | Error::BadAnswer(_)
                | Error::InvalidUrl(_)
                | Error::Unavailable { status: 500, .. }),
            ) => Ok(FetchOutcome::Unreadable { why: NotGiven::Failed(Box::new(error)) }),
            Err(error) => Err(error),
        }
    }
}

/// The result of an answer for each href; `None` if it does not mention it.
fn outcomes(
    hrefs: &[Href],
    multistatus: Multistatus,
    base: &Url,
    wanted: Wanted,
) -> Vec<Option<FetchOutcome>> {
    let mut said: HashMap<Href, Response> = HashMap::with_capacity(hrefs.len());
    for response in multistatus.responses {
        if let href::Place::Member(href) = href::place(&response.href, base) {
            said.insert(href, response);
        }
    }
    hrefs.iter().map(|href| said.remove(href).and_then(|it| outcome(it, wanted))).collect()
}

/// The result of a response; `None` if the object has to be requested alone.
fn outcome(response: Response, wanted: Wanted) -> Option<FetchOutcome> {
    match response.status {
        Some(404 | 410) => return Some(FetchOutcome::ReportedMissing),
        Some(status) if status >= 300 => {
            return Some(FetchOutcome::Unreadable { why: NotGiven::Status(status) });
        }
        _ => {}
    }
    let etag = response.properties.etag.as_deref().and_then(ETag::new);
    let text = match wanted {
        Wanted::Versions if etag.is_some() => String::new(),
        Wanted::Versions => return None,
        Wanted::Objects => response.properties.calendar_data.filter(|it| !it.trim().is_empty())?,
    };
    Some(FetchOutcome::Found { etag, text: text.into_bytes() })
}
