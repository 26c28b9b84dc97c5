//! Warnings about objects that were read.

use ical::Moment;

/// A warning about an object that was read, but possibly not as its writer meant it, or that counts
/// for less than its writer may expect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Index of the object.
    pub object: usize,
    /// The kind of warning.
    pub kind: WarningKind,
}

/// The kind of a warning with its data; it is worded where it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// How it was read.
    Reading(ical::Warning),
    /// Its CREATED is from before a look that did not see it, so CREATED does not count.
    CreatedRefuted {
        /// The value of CREATED.
        created: Moment,
        /// When the last look that did not see the object began.
        not_seen_at: Moment,
    },
    /// It contains a token that other events have used up, so the token does not prioritise it.
    TokenUsedUp {
        /// The label of the token.
        label: String,
    },
}

impl WarningKind {
    /// The word for it in answers.
    pub fn code(&self) -> &'static str {
        match self {
            WarningKind::Reading(ical::Warning::SeveralMasters { .. }) => "several_masters",
            WarningKind::Reading(ical::Warning::UnknownStatus { .. }) => "unknown_status",
            WarningKind::Reading(ical::Warning::ZoneAssumed { .. }) => "zone_assumed",
            WarningKind::Reading(ical::Warning::LineEnds) => "line_ends",
            WarningKind::Reading(ical::Warning::Encoding(_)) => "encoding",
            WarningKind::CreatedRefuted { .. } => "created_refuted",
            WarningKind::TokenUsedUp { .. } => "token_used_up",
        }
    }
}

impl From<ical::Warning> for WarningKind {
    fn from(warning: ical::Warning) -> WarningKind {
        WarningKind::Reading(warning)
    }
}
