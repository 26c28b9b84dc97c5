//! Guards of writes: whether a request that is about to leave is still wanted.

use std::fmt;
use std::sync::Arc;

/// Decides whether a write may still be sent.
///
/// A write may wait for its turn, for the end of a pause that the server asked for, and for the
/// object to be read before it. So the guard is called right before each request of a write leaves,
/// and before each repetition. If it refuses, nothing is sent, and the write fails with
/// [`Error::Withdrawn`](crate::Error::Withdrawn).
#[derive(Clone)]
pub struct SendGuard(Arc<dyn Fn() -> bool + Send + Sync>);

impl SendGuard {
    /// A guard that lets requests pass while `may_send` returns true. It is called on the tasks
    /// that send and must not block.
    pub fn new(may_send: impl Fn() -> bool + Send + Sync + 'static) -> SendGuard {
        SendGuard(Arc::new(may_send))
    }

    /// Whether a request may be sent now.
    pub(crate) fn may_send(&self) -> bool {
        (self.0)()
    }
}

impl fmt::Debug for SendGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendGuard").finish_non_exhaustive()
    }
}
