//! How an occurrence was removed.

crate::words! {
    /// How an occurrence was removed.
    pub enum RemovalKind {
        /// A cancelled leftover was deleted.
        DeletedCancelled = "deleted cancelled",
        /// An overlapping event was deleted.
        DeletedOverlapping = "deleted overlapping",
        /// An overlapping occurrence of a series was cancelled.
        CancelledOverlapping = "cancelled overlapping",
        /// A person or an API client deleted the event.
        DeletedByRequest = "deleted by request",
        /// An import replaced it.
        Replaced = "replaced by an import",
        /// A person or an API client cancelled one occurrence of a series.
        CancelledByRequest = "cancelled by request",
        /// A person or an API client changed it; this is its state before.
        Changed = "changed by request",
        /// A person ended a series: all dates from this one on are removed.
        Ended = "ended by request",
        /// The room accepted an invitation. Nothing was removed.
        Accepted = "accepted invitation",
    }
}
