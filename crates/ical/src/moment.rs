//! Moments: points on the one time line that all time zones share.

use std::fmt;

/// A point in time: whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// iCalendar knows no fractions of a second (RFC 5545 section 3.3.5).
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// The beginning of time, for "no bound".
    pub const MIN: Moment = Moment(i64::MIN / 4);
    /// The end of time, for "no bound".
    pub const MAX: Moment = Moment(i64::MAX / 4);

    /// This moment moved by `seconds`, which may be negative; it stops at [`Moment::MIN`] and
    /// [`Moment::MAX`].
    #[must_use]
    pub fn plus(self, seconds: i64) -> Moment {
        Moment(self.0.saturating_add(seconds).clamp(Moment::MIN.0, Moment::MAX.0))
    }

    /// Seconds from `earlier` to this moment; negative if `earlier` is later.
    pub fn since(self, earlier: Moment) -> i64 {
        self.0 - earlier.0
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(timestamp) => write!(f, "{timestamp}"),
            Err(_) => write!(f, "Moment({})", self.0),
        }
    }
}

/// A half-open period of time, `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first moment that belongs to it.
    pub start: Moment,
    /// The first moment that no longer belongs to it.
    pub end: Moment,
}

impl Window {
    /// Whether `[start, end)` overlaps this window; where both are equal (zero length), whether
    /// that moment lies in the window.
    #[inline]
    pub fn touches(&self, start: Moment, end: Moment) -> bool {
        start < self.end && (end > self.start || (start == end && start >= self.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_half_open_and_a_zero_length_counts_where_it_starts() {
        let window = Window { start: Moment(10), end: Moment(20) };
        assert!(!window.touches(Moment(0), Moment(10)));
        assert!(window.touches(Moment(0), Moment(11)));
        assert!(window.touches(Moment(10), Moment(10)));
        assert!(window.touches(Moment(19), Moment(30)));
        assert!(!window.touches(Moment(20), Moment(30)));
        assert!(!window.touches(Moment(20), Moment(20)));
        assert!(!window.touches(Moment(9), Moment(9)));
    }
}
