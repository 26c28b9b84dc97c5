//! Changes in doubt: requests that were sent, or may have been, and whose end nobody saw.
//!
//! A slow server carries a request out long after its client has given up or died. So such a change is
//! watched: its object counts as held, nobody else writes to it, and if the change takes effect late, it
//! gets its record and its mail. The database keeps what is in doubt, so the watch outlives the process
//! and any server process on the same database keeps it.

use std::time::Duration;

use store::history::Change;

/// For how long a server may still carry out a request whose end nobody saw, in seconds (contract, rule
/// 8: 15 minutes at least).
pub(crate) const LATE_EFFECT_SECONDS: i64 = 15 * 60;

/// How long after a change was written down its last request may be sent. The client sends none
/// later ([`guard`](crate::changes::decision::guard)).
pub(crate) const LAST_SEND: Duration = Duration::from_secs(60);

/// For how long a change in doubt is watched, in seconds since it was written down: at least
/// [`LATE_EFFECT_SECONDS`] since its last request was sent.
pub(crate) const WATCH_SECONDS: i64 = LATE_EFFECT_SECONDS + LAST_SEND.as_secs().cast_signed();

/// How it is known that a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// The server said so, or its content does.
    Confirmed,
    /// What the request was to do is done while it was in doubt: the object is gone, or the date is out.
    NotConfirmed,
}

/// Whether the server may still carry out a change at `now`, in seconds since 1970.
pub(crate) fn is_watched(change: &Change, now: i64) -> bool {
    now < change.made_at.saturating_add(WATCH_SECONDS)
}
