//! Overlap queries in O(log n) each, whatever the calendar contains.
//!
//! Intervals are indexed by their place among all starts, ascending. An interval that overlaps
//! `[start, end)` either begins in it, or covers its first moment. Each of both cases has a tree
//! over those places whose nodes hold the two best intervals of different objects below (or on)
//! them; two, because an object never conflicts with itself.

use ical::Moment;

/// No interval.
const NONE: u32 = u32::MAX;

/// An interval, and its place among all starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Interval {
    pub start: Moment,
    pub end: Moment,
    pub object: u32,
    /// Place of the first start that is not before `start`.
    from: u32,
    /// Place of the first start that is not before `end`.
    to: u32,
}

/// Intervals with their places, by the caller's number.
#[derive(Debug)]
pub(crate) struct Intervals {
    all: Vec<Interval>,
    starts: Vec<Moment>,
}

impl Intervals {
    /// Places all intervals, given as (start, end, object); their numbers are 0, 1, 2 ….
    pub fn new(all: impl Iterator<Item = (Moment, Moment, u32)>) -> Intervals {
        let mut all: Vec<Interval> = all
            .map(|(start, end, object)| Interval { start, end, object, from: 0, to: 0 })
            .collect();
        let mut starts: Vec<Moment> = all.iter().map(|interval| interval.start).collect();
        starts.sort_unstable();
        for interval in &mut all {
            interval.from = place(&starts, interval.start);
            interval.to = place(&starts, interval.end);
        }
        Intervals { all, starts }
    }

    pub fn get(&self, number: u32) -> &Interval {
        &self.all[number as usize]
    }
}

fn place(starts: &[Moment], moment: Moment) -> u32 {
    starts.partition_point(|start| *start < moment) as u32
}

/// A subset of the intervals, added one by one, ordered by `better`.
///
/// `better(a, b)` says whether the interval of number `a` is a better answer than that of `b`.
pub(crate) struct Best<'i, F> {
    intervals: &'i Intervals,
    better: F,
    size: usize,
    /// By start: a node holds the best two of the starts below it.
    starting: Vec<[u32; 2]>,
    /// By what they cover: a node holds the best two of those that cover all starts below it.
    covering: Vec<[u32; 2]>,
}

impl<'i, F: Fn(u32, u32) -> bool> Best<'i, F> {
    pub fn new(intervals: &'i Intervals, better: F) -> Best<'i, F> {
        let size = intervals.starts.len().max(1);
        let empty = vec![[NONE; 2]; 2 * size];
        Best { intervals, better, size, starting: empty.clone(), covering: empty }
    }

    /// Adds the interval of that number.
    pub fn add(&mut self, number: u32) {
        let interval = *self.intervals.get(number);
        let mut node = interval.from as usize + self.size;
        while node > 0 {
            Self::put(self.intervals, &self.better, &mut self.starting[node], number);
            node /= 2;
        }
        let (mut from, mut to) =
            (interval.from as usize + self.size, interval.to as usize + self.size);
        while from < to {
            if from % 2 == 1 {
                Self::put(self.intervals, &self.better, &mut self.covering[from], number);
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                Self::put(self.intervals, &self.better, &mut self.covering[to], number);
            }
            from /= 2;
            to /= 2;
        }
    }

    fn put(intervals: &Intervals, better: &F, node: &mut [u32; 2], number: u32) {
        let object_of = |number: u32| intervals.get(number).object;
        let [first, second] = *node;
        if first == NONE {
            node[0] = number;
        } else if object_of(first) == object_of(number) {
            if better(number, first) {
                node[0] = number;
            }
        } else if better(number, first) {
            *node = [number, first];
        } else if second == NONE || better(number, second) {
            node[1] = number;
        }
    }

    /// The best of those of other objects that begin at a place in `[from, to)`.
    fn starting_in(&self, from: u32, to: u32, object: u32) -> Option<u32> {
        let (mut from, mut to) = (from as usize + self.size, to as usize + self.size);
        let mut best = NONE;
        while from < to {
            if from % 2 == 1 {
                self.improve(&mut best, self.starting[from], object);
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                self.improve(&mut best, self.starting[to], object);
            }
            from /= 2;
            to /= 2;
        }
        (best != NONE).then_some(best)
    }

    /// The best of those of other objects that hold the start at that place.
    fn covering_at(&self, place: u32, object: u32) -> Option<u32> {
        let mut best = NONE;
        let mut node = place as usize + self.size;
        while node > 0 {
            self.improve(&mut best, self.covering[node], object);
            node /= 2;
        }
        (best != NONE).then_some(best)
    }

    fn improve(&self, best: &mut u32, node: [u32; 2], object: u32) {
        for number in node {
            if number != NONE && self.intervals.get(number).object != object {
                if *best == NONE || (self.better)(number, *best) {
                    *best = number;
                }
                return;
            }
        }
    }

    /// The best of those added that overlap an interval and are not of its object.
    pub fn overlapping(&self, interval: &Interval) -> Option<u32> {
        let inside = self.starting_in(interval.from, interval.to, interval.object);
        let around = self.covering_at(interval.from, interval.object);
        match (inside, around) {
            (Some(inside), Some(around)) => {
                Some(if (self.better)(around, inside) { around } else { inside })
            }
            (inside, around) => inside.or(around),
        }
    }

    /// The best of those added that begin in `[from, to)` and are not of that object.
    pub fn beginning_in(&self, from: Moment, to: Moment, object: u32) -> Option<u32> {
        let starts = &self.intervals.starts;
        self.starting_in(place(starts, from), place(starts, to), object)
    }

    /// The best of those added that hold the start of an interval and are not of its object.
    pub fn holding_start_of(&self, interval: &Interval) -> Option<u32> {
        self.covering_at(interval.from, interval.object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_best_overlapping_interval_is_the_one_that_a_full_look_finds(
            intervals in prop::collection::vec((0_i64..40, 1_i64..12, 0_u32..6), 1..60),
            added in prop::collection::vec(any::<bool>(), 60),
        ) {
            let intervals = Intervals::new(
                intervals.iter().map(|&(start, length, object)| {
                    (Moment(start), Moment(start + length), object)
                }),
            );
            let ends_first = |a: u32, b: u32| {
                (intervals.get(a).end, a) < (intervals.get(b).end, b)
            };
            let mut strongest = Best::new(&intervals, |a, b| a < b);
            let mut shortest = Best::new(&intervals, ends_first);
            let count = intervals.all.len() as u32;
            let chosen: Vec<u32> = (0..count).filter(|n| added[*n as usize]).collect();
            for &number in chosen.iter().rev() {
                strongest.add(number);
                shortest.add(number);
            }
            for asked in 0..count {
                let it = intervals.get(asked);
                let rivals = || chosen.iter().copied().filter(|n| {
                    let other = intervals.get(*n);
                    other.object != it.object && other.start < it.end && other.end > it.start
                });
                prop_assert_eq!(strongest.overlapping(it), rivals().min());
                let first_to_end = rivals().min_by_key(|n| (intervals.get(*n).end, *n));
                prop_assert_eq!(shortest.overlapping(it), first_to_end);
                let inside = rivals().filter(|n| intervals.get(*n).start >= it.start).min();
                prop_assert_eq!(strongest.beginning_in(it.start, it.end, it.object), inside);
                let around = rivals().filter(|n| intervals.get(*n).start <= it.start).min();
                prop_assert_eq!(strongest.holding_start_of(it), around);
            }
        }
    }
}
