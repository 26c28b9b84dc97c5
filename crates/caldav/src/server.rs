//! What is known of a server.

use crate::ServerKind;

/// What is known of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// Which one it is, as far as it can be recognised.
    pub kind: ServerKind,
    /// Its version, where it tells.
    pub version: Option<String>,
    /// How far its clock is ahead of ours, in seconds, by the Date header (RFC 9110 section 6.6.1); it
    /// is only as exact as the answer was quick.
    pub clock_difference: Option<i64>,
    /// What the DAV header lists (RFC 4918 section 10.1), in lower case: `calendar-access`,
    /// `calendar-auto-schedule` …
    pub features: Vec<String>,
}

impl Server {
    /// Whether it sends invitations and replies itself (RFC 6638 section 2).
    pub fn schedules(&self) -> bool {
        self.features.iter().any(|it| it == "calendar-auto-schedule" || it == "calendar-schedule")
    }
}
