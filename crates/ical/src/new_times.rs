//! When a new event takes place.

use crate::civil::{Civil, DAY, Day};
use crate::moment::Moment;
use crate::zone::Zone;

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

impl NewTimes {
    /// These times of a series, if those of one of its occurrences become others: the series moves by the same
    /// difference of local times, and each date gets the same local length. `None` if one is of whole days and another
    /// is not.
    pub fn moved_like(self, from: NewTimes, to: NewTimes, zone: &Zone) -> Option<NewTimes> {
        let is_one_kind =
            self.is_all_day() == to.is_all_day() && from.is_all_day() == to.is_all_day();
        is_one_kind.then(|| to.beginning_at(self.civil(zone).plus(from.shift_to(to, zone)), zone))
    }

    /// These times with their local length, beginning at a clock time.
    pub(crate) fn beginning_at(self, start: Civil, zone: &Zone) -> NewTimes {
        match self {
            NewTimes::AllDay { first, end } => {
                NewTimes::AllDay { first: start.day(), end: start.day() + (end - first) }
            }
            NewTimes::Timed { start: from, end } => {
                let length = between(zone.civil(from), zone.civil(end));
                let moment = |civil| zone.moment(civil);
                NewTimes::Timed { start: moment(start), end: moment(start.plus(length)) }
            }
        }
    }

    /// They as moments, `[start, end)`; whole days on the clock of a zone.
    pub fn moments(self, zone: &Zone) -> (Moment, Moment) {
        let midnight = |day| zone.moment(Civil::midnight(day));
        match self {
            NewTimes::Timed { start, end } => (start, end),
            NewTimes::AllDay { first, end } => (midnight(first), midnight(end)),
        }
    }

    pub(crate) fn is_all_day(self) -> bool {
        matches!(self, NewTimes::AllDay { .. })
    }

    /// When it begins, on a clock.
    fn civil(self, zone: &Zone) -> Civil {
        match self {
            NewTimes::Timed { start, .. } => zone.civil(start),
            NewTimes::AllDay { first, .. } => Civil::midnight(first),
        }
    }

    /// The difference between the starts of two times on a clock, in seconds.
    pub(crate) fn shift_to(self, to: NewTimes, zone: &Zone) -> i64 {
        between(self.civil(zone), to.civil(zone))
    }
}

/// The difference of two clock times, in seconds.
fn between(from: Civil, to: Civil) -> i64 {
    let days = i64::from(to.day() - from.day()) * DAY;
    days + i64::from(to.second_of_day()) - i64::from(from.second_of_day())
}
