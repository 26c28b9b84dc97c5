//! When a new event takes place.

use crate::civil::Day;
use crate::moment::Moment;

/// When a new event takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewTimes {
    /// `[start, end)`, written on the clock of the calendar's zone.
    Timed {
        /// Inclusive.
        start: Moment,
        /// Exclusive.
        end: Moment,
    },
    /// Whole days, `[first, end)`.
    AllDay {
        /// The first day.
        first: Day,
        /// The day after the last.
        end: Day,
    },
}
