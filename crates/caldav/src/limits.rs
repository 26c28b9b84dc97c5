//! All bounds of this crate.

use std::time::Duration;

/// Hrefs in one calendar-multiget (RFC 4791 section 7.9); more are refused.
pub const MULTIGET_CHUNK: usize = 100;

/// Objects that one call requests one by one because a REPORT says that they do not exist.
pub const MAX_ASKED_ALONE: usize = 100;

/// Characters of a server's text in an error.
pub const MAX_WORDS: usize = 300;

/// The nesting depth of elements in an answer. CalDAV needs nine at most.
pub const MAX_DEPTH: usize = 32;

/// Namespaces that are declared at once in an answer; each name is looked up among them.
pub const MAX_NAMESPACES: usize = 64;

/// `DAV:response` elements of one answer.
pub const MAX_RESPONSES: usize = 250_000;

/// Bytes of an error answer: enough for its text.
pub const MAX_ERROR_BODY: usize = 64 * 1024;

/// Bytes of a href; a longer one is left out.
pub const MAX_HREF: usize = 4096;

/// Bytes of an ETag; a longer one counts as none.
pub const MAX_ETAG: usize = 1024;

/// Bytes of a sync-token; a longer one counts as none.
pub const MAX_TOKEN: usize = 4096;

/// Preconditions of one `DAV:error` that are kept.
pub const MAX_CONDITIONS: usize = 10;

/// Features of the DAV header that are kept.
pub const MAX_FEATURES: usize = 100;

/// Challenges of one 401 that are read, and parameters of each.
pub const MAX_CHALLENGES: usize = 16;

/// How often one request is signed anew: for the first Digest challenge, and for an expired nonce.
pub const MAX_SIGNATURES: usize = 3;

/// Answers of a truncated sync-collection (RFC 6578 section 3.6) that are followed in one call.
pub const MAX_SYNC_ANSWERS: usize = 1000;

/// Calendar homes that are searched for one principal.
pub const MAX_HOMES: usize = 20;

/// Calendars that discovery lists.
pub const MAX_CALENDARS: usize = 10_000;

/// Pages of [`ACTIVITY_PAGE`] entries of Nextcloud's Activity app that are read for one question.
pub const MAX_ACTIVITY_PAGES: usize = 20;

/// Entries on one page of Nextcloud's Activity app.
pub const ACTIVITY_PAGE: usize = 100;

/// Bytes of a page of Nextcloud's Activity app.
pub const MAX_ACTIVITY_BODY: usize = 4 * 1024 * 1024;

/// Principals whose address is requested in one call.
pub const MAX_AUTHORS: usize = 100;

/// Origins whose parallel requests are counted at once; idle ones are forgotten beyond it.
pub const MAX_ORIGINS: usize = 1024;

/// The pause after a 429 without Retry-After.
pub const PAUSE_AFTER_429: Duration = Duration::from_secs(60);

/// The longest pause after a `Retry-After`; a longer one is shortened to it.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(3_600);

/// The longest time that discovery waits for a connection, because a person waits for the result.
pub const MAX_DISCOVERY_CONNECT: Duration = Duration::from_secs(4);

/// Timeouts and sizes of requests. All are generous: they stop what would never end, not what is
/// merely slow.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The time to connect, with TLS.
    pub connect: Duration,
    /// The time from sending until the answer begins. Radicale reads all objects of a collection
    /// for its first answer, which took more than 100 s with 10,000 of them.
    pub first_byte: Duration,
    /// The time between two parts of an answer.
    pub idle: Duration,
    /// The time for one request as a whole.
    pub total: Duration,
    /// Bytes of an answer, decompressed.
    pub max_body: usize,
    /// Redirects of one request.
    pub max_redirects: usize,
    /// Requests to one origin at the same time.
    pub parallel: usize,
    /// How often a request that only reads is sent again.
    pub retries: u32,
    /// The pause before the first retry; each further one is twice as long, and up to half shorter by
    /// jitter.
    pub retry_pause: Duration,
    /// The longest `Retry-After` that a request waits for; beyond it, the request fails.
    pub max_retry_after: Duration,
    /// How long an idle connection is kept.
    pub pool_idle: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(300),
            idle: Duration::from_secs(60),
            total: Duration::from_secs(900),
            max_body: 64 * 1024 * 1024,
            max_redirects: 5,
            parallel: 4,
            retries: 3,
            retry_pause: Duration::from_millis(500),
            max_retry_after: Duration::from_secs(30),
            pool_idle: Duration::from_secs(20),
        }
    }
}
