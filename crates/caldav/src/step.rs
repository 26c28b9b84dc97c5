//! The requests of a discovery.

use std::fmt;

/// A request of discovery, with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The method, and the address without secrets.
    pub what: String,
    /// What came of it.
    pub outcome: String,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.outcome)
    }
}
