//! What a collection is known by between two looks.

use std::time::UNIX_EPOCH;

use crate::Quirks;
use crate::request::Answer;
use crate::xml::Rest;

/// What a small request tells of a collection; see [`State::is_unchanged_since`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// CalendarServer's `getctag`.
    pub ctag: Option<String>,
    /// RFC 6578 section 4.
    pub sync_token: Option<String>,
}

impl State {
    /// Whether nothing has changed since `earlier`: something is told in both, and nothing differs.
    pub fn is_unchanged_since(&self, earlier: &State) -> bool {
        let pairs = [(&self.ctag, &earlier.ctag), (&self.sync_token, &earlier.sync_token)];
        let told = || pairs.iter().filter(|(one, other)| one.is_some() && other.is_some());
        told().next().is_some() && told().all(|(one, other)| one == other)
    }

    /// What an answer tells, without what may stay the same although something changes.
    ///
    /// SOGo's ctag is the second of the last change. As long as that second is not over on the server's
    /// own clock, or nobody knows, the next change may come to the same one.
    pub(crate) fn of(rest: Rest, answer: &Answer, quirks: Quirks) -> State {
        let State { ctag, sync_token } = State { ctag: rest.ctag, sync_token: rest.sync_token };
        if !quirks.ctag_counts_seconds {
            return State { ctag, sync_token };
        }
        let now = answer.header("date").and_then(|it| httpdate::parse_http_date(it).ok());
        let now = now.and_then(|it| it.duration_since(UNIX_EPOCH).ok()).map(|it| it.as_secs());
        let is_over = |text: &String| match text.parse::<u64>() {
            Ok(second) => now.is_some_and(|now| second < now),
            Err(_) => true,
        };
        State { ctag: ctag.filter(is_over), sync_token: sync_token.filter(is_over) }
    }
}
