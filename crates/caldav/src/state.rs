//! What a collection is known by between two looks.

use std::time::UNIX_EPOCH;

use crate::Quirks;
use crate::request::Answer;
use crate::xml::Rest;

/// The state of a collection from a small request; see [`SyncState::is_unchanged_since`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncState {
    /// CalendarServer's `getctag`.
    pub ctag: Option<String>,
    /// RFC 6578 section 4.
    pub sync_token: Option<String>,
}

impl SyncState {
    /// Whether nothing has changed since `earlier`: both contain a value, and no value differs.
    pub fn is_unchanged_since(&self, earlier: &SyncState) -> bool {
        let pairs = [(&self.ctag, &earlier.ctag), (&self.sync_token, &earlier.sync_token)];
        let told = || pairs.iter().filter(|(one, other)| one.is_some() && other.is_some());
        told().next().is_some() && told().all(|(one, other)| one == other)
    }

    /// The state in an answer, without values that may stay the same although something changes.
    ///
    /// SOGo's ctag is the second of the last change. Until that second is over on the server's
    /// clock, or if that is unknown, the next change may have the same ctag.
    pub(crate) fn of(rest: Rest, answer: &Answer, quirks: Quirks) -> SyncState {
        let SyncState { ctag, sync_token } =
            SyncState { ctag: rest.ctag, sync_token: rest.sync_token };
        if !quirks.ctag_counts_seconds {
            return SyncState { ctag, sync_token };
        }
        let now = answer.header("date").and_then(|it| httpdate::parse_http_date(it).ok());
        let now = now.and_then(|it| it.duration_since(UNIX_EPOCH).ok()).map(|it| it.as_secs());
        let is_over = |text: &String| match text.parse::<u64>() {
            Ok(second) => now.is_some_and(|now| second < now),
            Err(_) => true,
        };
        SyncState { ctag: ctag.filter(is_over), sync_token: sync_token.filter(is_over) }
    }
}
