//! How an occurrence was removed.

/// How an occurrence was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalKind {
    /// A cancelled leftover was deleted.
    DeletedCancelled,
    /// An overlapping event was deleted.
    DeletedOverlapping,
    /// An overlapping occurrence of a series was cancelled.
    CancelledOverlapping,
    /// A person or an API client deleted the event.
    DeletedByRequest,
    /// An import replaced it.
    Replaced,
    /// A person or an API client cancelled one occurrence of a series.
    CancelledByRequest,
    /// A person or an API client changed it; this is its state before.
    Changed,
}

impl RemovalKind {
    /// All of them.
    pub const ALL: [RemovalKind; 7] = [
        RemovalKind::DeletedCancelled,
        RemovalKind::DeletedOverlapping,
        RemovalKind::CancelledOverlapping,
        RemovalKind::DeletedByRequest,
        RemovalKind::Replaced,
        RemovalKind::CancelledByRequest,
        RemovalKind::Changed,
    ];

    /// The word for it in the database and for people.
    pub fn as_str(self) -> &'static str {
        match self {
            RemovalKind::DeletedCancelled => "deleted cancelled",
            RemovalKind::DeletedOverlapping => "deleted overlapping",
            RemovalKind::CancelledOverlapping => "cancelled overlapping",
            RemovalKind::DeletedByRequest => "deleted by request",
            RemovalKind::Replaced => "replaced by an import",
            RemovalKind::CancelledByRequest => "cancelled by request",
            RemovalKind::Changed => "changed by request",
        }
    }

    /// Reads the word of a kind.
    pub fn parse(word: &str) -> Option<RemovalKind> {
        RemovalKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}
