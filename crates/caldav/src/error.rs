//! Errors of requests.

use std::fmt;
use std::time::Duration;

use crate::fault::{BadAnswer, Hint, Interruption, InvalidUrl, UnusableSettings};
use crate::xml::Problem;

/// The result of a request.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a request failed. Each message is a sentence or two for the administrator: what failed and
/// what to do.
///
/// No message contains a secret: addresses are shown without user name, password and query, and
/// texts of the server are shortened to [`limits::MAX_WORDS`](crate::limits::MAX_WORDS) characters
/// without markup.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// 401: the user name, the password or the token is wrong. The account sends no more requests.
    #[error(
        "the server does not accept the user name or the password: enter them again, on Nextcloud \
         an app password; requests with this account are suspended until then, because servers \
         block IP addresses after failed sign-ins"
    )]
    Unauthorized,
    /// 401 with unsupported challenges. The account sends no more requests.
    #[error(
        "the server asks to sign in with {schemes}; Basic, Bearer and Digest (RFC 7616, with MD5 or \
         SHA-256 and qop=auth) are supported: switch one of them on there"
    )]
    SignInUnsupported {
        /// The schemes, as the server names them.
        schemes: String,
    },
    /// 403 for something that is read, or for a write that is not allowed.
    #[error(
        "the server does not allow it{}: give the account access to the calendar, with the right \
         to edit", said(.words)
    )]
    Forbidden {
        /// The server's text; may be empty.
        words: String,
    },
    /// 404 or 410.
    #[error("there is nothing at that address: look at the address of the calendar")]
    NotFound,
    /// The calendar is in the server's trash bin. Nextcloud still answers for it, and accepts
    /// writes, for 30 days.
    #[error(
        "the calendar was deleted on the server and is in its trash bin: restore it there, or remove \
         the calendar here"
    )]
    Trashed,
    /// 412 for a condition of this client, or the result of a read right before the write (RFC 9110
    /// section 13): another client wrote the object. Nothing was changed.
    #[error("it was changed on the server in the meantime: read it again")]
    Changed,
    /// An object already exists where one was to be created. Nothing was changed.
    #[error("there is an object of that name already")]
    Exists,
    /// The collection holds another object with the same UID (RFC 4791 section 5.3.2.1,
    /// `no-uid-conflict`). Nothing was changed.
    #[error("the calendar holds another object with the same UID{}", said(.words))]
    UidConflict {
        /// The server's text; may be empty.
        words: String,
    },
    /// The server refused a write or does not offer what was asked: 405, 409, 413, 415, 422, 500, 507 …
    #[error("the server refused it with status {status}{}", said_with(.words, *.hint))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The server's text; may be empty.
        words: String,
        /// What is known beyond it.
        hint: Option<Hint>,
    },
    /// An answer is longer than [`Limits::max_body`](crate::Limits::max_body), decompressed.
    #[error("the server's answer is longer than {bound} bytes, which is more than is read at once")]
    TooLarge {
        /// The bound, in bytes.
        bound: usize,
    },
    /// 429: the server has locked us out, or gets too many requests. No requests are sent to it
    /// until the pause is over.
    #[error(
        "requests to this server are suspended for {} seconds, because it answered 429 Too Many \
         Requests{}. After failed sign-ins servers block IP addresses: if passwords were wrong, \
         wait, or on Nextcloud run `occ security:bruteforce:reset` with this machine's address",
        .retry_after.as_secs() + 1, said(.words)
    )]
    TooManyRequests {
        /// The server's text; may be empty.
        words: String,
        /// The pause.
        retry_after: Duration,
    },
    /// 502, 503, 504, and 500 for a read: temporarily unavailable.
    #[error(
        "the server cannot answer at the moment (status {status}){}: it is tried again later",
        said(.words)
    )]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// The server's text; may be empty.
        words: String,
        /// The pause that it asks for (RFC 9110 section 10.2.3).
        retry_after: Option<Duration>,
    },
    /// A write that was not sent, because a step before it failed: reading the object, or waiting
    /// for the end of a pause. Nothing was changed.
    #[error(transparent)]
    NotSent(Box<Error>),
    /// The [`SendGuard`](crate::SendGuard) of a write did not let it pass: nothing was sent.
    #[error("the change was not sent, because the decision for it is too old")]
    Withdrawn,
    /// It took longer than the [`Limits`](crate::Limits) allow.
    #[error("the server took too long: {phase}")]
    Timeout {
        /// Which step timed out.
        phase: Phase,
    },
    /// No connection was made: nothing was sent.
    #[error(
        "no connection to the server: {0}; look at the address and the port, and whether a firewall \
         lies between"
    )]
    Connect(String),
    /// The host has no address: nothing was sent.
    #[error("the name of the server is not known: {0}; look at its spelling")]
    Dns(String),
    /// No encrypted connection: nothing was sent.
    #[error(
        "the server's certificate or its TLS is not accepted: {0}; for a certificate of an authority \
         of your own, set CALDAV_CA_FILE to a file with that authority's certificate"
    )]
    Tls(String),
    /// The connection ended before the answer did.
    #[error("the connection was cut before the answer was complete: {0}")]
    Interrupted(Interruption),
    /// A redirect that is not followed.
    #[error(transparent)]
    Redirected(#[from] Redirected),
    /// An address with `http://` that is not of this machine.
    #[error(
        "{host} would be asked without encryption: use an https address, or add --allow-plain-http if \
         the network between is your own"
    )]
    PlainHttpRefused {
        /// The host.
        host: String,
    },
    /// An answer that violates the protocol: no XML, too large, or cut.
    #[error("the server's answer cannot be read: {0}")]
    BadAnswer(BadAnswer),
    /// An address that is none.
    #[error("this is no address of a calendar server: {0}")]
    InvalidUrl(InvalidUrl),
    /// The CA file holds no certificate that can be used, or TLS cannot be set up.
    #[error("the settings for connections cannot be used: {0}")]
    Settings(UnusableSettings),
    /// Nothing that was tried leads to calendars.
    #[error(
        "no calendars were found; tried: {}; enter the address that the server's documentation \
         gives for CalDAV", list(.steps)
    )]
    NothingFound {
        /// What was tried, and what came of it.
        steps: Vec<Step>,
    },
}

/// A request of discovery, with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The address, without secrets.
    pub what: String,
    /// What came of it.
    pub outcome: StepOutcome,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.outcome)
    }
}

/// What came of a request of discovery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// An answer without the requested resource.
    Silent,
    /// Something else than CalDAV, or nothing about the account.
    NoService,
    /// A calendar.
    Calendar,
    /// The account's principal, by its path.
    Principal(String),
    /// Nothing about the account.
    Nobody,
    /// A principal without a home.
    NoHomes,
    /// A principal's homes, by their paths.
    Homes(Vec<String>),
    /// A home on another server.
    Elsewhere(String),
    /// A home, with the number of its calendars.
    Holds(usize),
    /// The request failed.
    Failed(Box<Error>),
}

impl fmt::Display for StepOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StepOutcome::Silent => f.write_str("it says nothing of itself"),
            StepOutcome::NoService => {
                f.write_str("it is no CalDAV service, or does not say who you are")
            }
            StepOutcome::Calendar => f.write_str("it is a calendar"),
            StepOutcome::Principal(path) => write!(f, "you are {path}"),
            StepOutcome::Nobody => f.write_str("it does not say who you are"),
            StepOutcome::NoHomes => f.write_str("it names no home of calendars"),
            StepOutcome::Homes(paths) => write!(f, "its calendars are in {}", paths.join(", ")),
            StepOutcome::Elsewhere(to) => write!(f, "its calendars are on another server, {to}"),
            StepOutcome::Holds(count) => write!(f, "it holds {count} calendars"),
            StepOutcome::Failed(error) => match &**error {
                Error::NotFound => f.write_str("there is nothing"),
                Error::Refused { status, .. } => write!(f, "status {status}"),
                error => error.fmt(f),
            },
        }
    }
}

/// A redirect that is not followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Redirected {
    /// More than [`Limits::max_redirects`](crate::Limits::max_redirects) in a row.
    #[error("the server redirects again and again, at last to {to}")]
    TooOften {
        /// Where it went last.
        to: String,
    },
    /// To another server, which is not given the password.
    #[error(
        "the server redirects to another one, {to}, which is not given the password: if it is the \
         right one, enter this address"
    )]
    ToAnotherOrigin {
        /// The new address.
        to: String,
    },
    /// From https to http.
    #[error(
        "the server redirects to an address without encryption, {to}, where the password is not \
         sent: look at how the server names itself behind its proxy"
    )]
    ToPlainHttp {
        /// The new address.
        to: String,
    },
    /// A write is answered with 303 or with a redirect that leads nowhere: it is not known what
    /// became of it.
    #[error("the server answered with a redirect that a request of this kind cannot follow")]
    NotFollowed,
}

/// Which step timed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A connection; nothing was sent.
    Connect,
    /// The first byte of the answer.
    FirstByte,
    /// The next piece of the answer.
    Idle,
    /// The whole of it.
    Total,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Connect => "no connection was made in time; is it running, and reachable?",
            Phase::FirstByte => "its answer did not begin in time",
            Phase::Idle => "its answer stopped in the middle",
            Phase::Total => "its answer did not end in time",
        })
    }
}

impl From<BadAnswer> for Error {
    fn from(why: BadAnswer) -> Error {
        Error::BadAnswer(why)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Error {
        Error::BadAnswer(BadAnswer::Multistatus(problem))
    }
}

impl From<InvalidUrl> for Error {
    fn from(why: InvalidUrl) -> Error {
        Error::InvalidUrl(why)
    }
}

impl Error {
    /// A refusal in the server's own words.
    pub(crate) fn refused(status: u16, words: String) -> Error {
        Error::Refused { status, words, hint: None }
    }

    /// Whether the same request may succeed later without changes.
    pub fn is_transient(&self) -> bool {
        match self {
            Error::NotSent(error) => error.is_transient(),
            Error::Unavailable { .. }
            | Error::TooManyRequests { .. }
            | Error::Timeout { .. }
            | Error::Connect(_)
            | Error::Dns(_)
            | Error::Interrupted(_) => true,
            Error::Refused { status, .. } => *status >= 500 && *status != 501 && *status != 507,
            _ => false,
        }
    }

    /// The cause: for a write that was not sent, the error before it.
    pub fn cause(&self) -> &Error {
        match self {
            Error::NotSent(error) => error.cause(),
            error => error,
        }
    }

    /// The same failure, of a write that was not sent because of it.
    pub(crate) fn not_sent(self) -> Error {
        match self {
            Error::NotSent(_) | Error::Withdrawn => self,
            error => Error::NotSent(Box::new(error)),
        }
    }

    /// For a write: whether it may have been carried out nevertheless. Then the object must be read
    /// before the next decision.
    ///
    /// A gateway's status says nothing about the server behind it: some answer 503 or their own
    /// numbers after the server has carried out the request. A 500 may come from a step after the
    /// object was stored. 501, 505 and 507 are refusals, as is every 4xx: 408 says that the request
    /// did not arrive completely (RFC 9110 section 15.5.9). A request that was not sent
    /// ([`Error::NotSent`], [`Error::Withdrawn`]) was not carried out.
    pub fn is_outcome_unknown(&self) -> bool {
        match self {
            Error::Timeout { phase } => *phase != Phase::Connect,
            Error::Interrupted(_) | Error::TooLarge { .. } | Error::BadAnswer(_) => true,
            Error::Redirected(why) => *why == Redirected::NotFollowed,
            Error::Unavailable { status, .. } | Error::Refused { status, .. } => {
                *status >= 500 && !matches!(status, 501 | 505 | 507)
            }
            _ => false,
        }
    }

    /// Whether the server as a whole is unreachable, so that another path on it would fail, too.
    pub(crate) fn is_unreachable(&self) -> bool {
        let is_slow = matches!(self, Error::Timeout { .. });
        let is_closed =
            matches!(self, Error::PlainHttpRefused { .. } | Error::TooManyRequests { .. });
        self.is_unsent() || is_slow || is_closed
    }

    /// Whether no part of the request can have reached the server.
    pub(crate) fn is_unsent(&self) -> bool {
        matches!(
            self,
            Error::Connect(_)
                | Error::Dns(_)
                | Error::Tls(_)
                | Error::Timeout { phase: Phase::Connect }
        )
    }
}

fn said(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(" (it says: {words})") }
}

fn said_with(words: &str, hint: Option<Hint>) -> String {
    match (words, hint) {
        (words, None) => said(words),
        ("", Some(hint)) => said(&hint.to_string()),
        (words, Some(hint)) => said(&format!("{words}; {hint}")),
    }
}

fn list(steps: &[Step]) -> String {
    let all: Vec<String> = steps.iter().map(Step::to_string).collect();
    all.join("; ")
}
