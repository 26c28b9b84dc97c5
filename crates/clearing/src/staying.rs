//! The blocking occurrences that stay, and the strongest of them that overlaps another occurrence.

use crate::overlap::{Best, Intervals};
use crate::policy::Policy;

type Better<'i> = Box<dyn Fn(u32, u32) -> bool + 'i>;

/// The blocking occurrences that stay, by their numbers; smaller numbers are stronger.
pub(crate) struct Staying<'i> {
    intervals: &'i Intervals,
    strongest: Best<'i, fn(u32, u32) -> bool>,
    /// Only with a tolerance: those that end first and last, and the tolerance in seconds.
    by_end: Option<(Best<'i, Better<'i>>, Best<'i, Better<'i>>, i64)>,
}

impl<'i> Staying<'i> {
    pub(crate) fn new(intervals: &'i Intervals, policy: &Policy) -> Staying<'i> {
        let by_end = (policy.tolerance_minutes > 0).then(|| {
            let end = |number: u32| intervals.get(number).end;
            let ends_first: Better<'i> = Box::new(move |a, b| end(a) < end(b));
            let ends_last: Better<'i> = Box::new(move |a, b| end(a) > end(b));
            let tolerance = i64::from(policy.tolerance_minutes) * 60;
            (Best::new(intervals, ends_first), Best::new(intervals, ends_last), tolerance)
        });
        Staying { intervals, strongest: Best::new(intervals, |a, b| a < b), by_end }
    }

    pub(crate) fn add(&mut self, number: u32) {
        self.strongest.add(number);
        if let Some((ends_first, ends_last, _)) = &mut self.by_end {
            ends_first.add(number);
            ends_last.add(number);
        }
    }

    /// The strongest that overlaps the occurrence of that number and is of another object.
    pub(crate) fn strongest_beside(&self, number: u32) -> Option<u32> {
        self.strongest.overlapping(self.intervals.get(number))
    }

    /// Rule 7, `tolerated`: whether all overlaps with staying occurrences are at an edge and no
    /// longer than the tolerance, and neither occurrence lies within the other.
    pub(crate) fn tolerates(&self, number: u32) -> bool {
        let Some((ends_first, ends_last, tolerance)) = &self.by_end else {
            return false;
        };
        let it = self.intervals.get(number);
        let end_of = |number: u32| self.intervals.get(number).end;
        // An occurrence that begins within it must begin near its end, and not at its start …
        let near_end = it.end.plus(-tolerance).max(it.start.plus(1));
        if self.strongest.beginning_in(it.start, near_end, it.object).is_some() {
            return false;
        }
        // … and end after it.
        let within = ends_first.beginning_in(near_end, it.end, it.object);
        if within.is_some_and(|within| end_of(within) <= it.end) {
            return false;
        }
        // An occurrence that begins before it must end near its start, and before its end.
        let around = ends_last.holding_start_of(it);
        around.is_none_or(|around| {
            end_of(around) <= it.start.plus(*tolerance) && end_of(around) < it.end
        })
    }
}
