//! The kinds of warnings.

/// Something that was read, but perhaps not as its writer meant it. The object is dealt with all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Of several components of one UID without RECURRENCE-ID only one counts.
    SeveralMasters {
        /// Indexes of those that do not count, for [`crate::Calendar::event`], in the order of the text.
        others: Vec<u32>,
    },
    /// A STATUS that RFC 5545 section 3.8.1.11 does not define for a VEVENT, such as `CANCELED` with one
    /// L: the event takes place.
    UnknownStatus {
        /// The first such value, shortened to [`crate::Unreadable::SHOWN`] characters.
        status: String,
    },
    /// A time zone that nothing explains was read as the calendar's own ([`crate::UnknownZones`]).
    ZoneAssumed {
        /// The first such TZID, shortened likewise.
        tzid: String,
    },
    /// The lines end in CR alone, and not in CRLF or LF (RFC 5545 section 3.1).
    LineEnds,
    /// The text is not UTF-8 (RFC 5545 section 3.1.4).
    Encoding(Encoding),
}

/// What a text is instead of UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16, which was converted.
    Utf16,
    /// An encoding that nothing names: its bytes are kept, and shown as U+FFFD.
    Unknown,
}
