//! What a run has to say about objects that it dealt with all the same.

use ical::Moment;

/// Something about an object that was read, but perhaps not as its writer meant it, or that counts for less
/// than its writer may have expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Index of the object.
    pub object: usize,
    /// What there is to say.
    pub kind: WarningKind,
}

/// What a warning says: data, which is put into words where it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// How it was read.
    Reading(ical::Warning),
    /// Its CREATED is from before a look that did not see it, so it does not count as its word.
    CreatedRefuted {
        /// What CREATED says.
        created: Moment,
        /// When the last look began that did not see the object.
        not_seen_at: Moment,
    },
    /// It holds the text of a token that is used up by other events, and so is not prioritised by it.
    TokenUsedUp {
        /// What the administrator called the token.
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
