//! Sets of intervals: lists of `[start, end)` that are ascending and disjoint.

use ical::Moment;

/// `[start, end)`.
pub type Interval = (Moment, Moment);

/// The union of any intervals; intervals that touch are merged.
pub fn merged(mut all: Vec<Interval>) -> Vec<Interval> {
    all.sort_unstable();
    let mut merged: Vec<Interval> = Vec::new();
    for (start, end) in all {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// What at least two of any intervals cover.
pub fn covered_twice(mut all: Vec<Interval>) -> Vec<Interval> {
    all.sort_unstable();
    let mut twice = Vec::new();
    // Those that began before reach up to here, without a gap from the start of the next one on.
    let mut reached = Moment::MIN;
    for (start, end) in all {
        if start < reached {
            twice.push((start, end.min(reached)));
        }
        reached = reached.max(end);
    }
    merged(twice)
}

/// The intersection of two sets of half-open intervals, ascending and disjoint.
pub fn common(one: &[Interval], other: &[Interval]) -> Vec<Interval> {
    let mut both = Vec::new();
    let mut others = other.iter().copied().peekable();
    for &(start, end) in one {
        while let Some(&(from, to)) = others.peek() {
            if from >= end {
                break;
            }
            if to > start {
                both.push((start.max(from), end.min(to)));
            }
            if to > end {
                break;
            }
            others.next();
        }
    }
    both
}

/// The difference of two sets of half-open intervals, ascending and disjoint: what is in `one` and not in `other`.
pub fn without(one: &[Interval], other: &[Interval]) -> Vec<Interval> {
    let mut rest = Vec::new();
    let mut taken = common(one, other).into_iter().peekable();
    for &(start, end) in one {
        let mut from = start;
        while let Some((left, right)) = taken.next_if(|(left, _)| *left < end) {
            if from < left {
                rest.push((from, left));
            }
            from = right;
        }
        if from < end {
            rest.push((from, end));
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn some_intervals() -> impl Strategy<Value = Vec<Interval>> {
        // Some of them touch.
        prop::collection::vec((0i64..3, 1i64..4), 0..12).prop_map(|all| {
            let mut at = 0;
            let next = |(gap, length)| {
                let start = at + gap;
                at = start + length;
                (Moment(start), Moment(at))
            };
            all.into_iter().map(next).collect()
        })
    }

    fn is_in(list: &[Interval], at: Moment) -> bool {
        list.iter().any(|(start, end)| (*start..*end).contains(&at))
    }

    /// Ascending and disjoint, and no interval without a length.
    fn is_set(list: &[Interval]) -> bool {
        list.iter().all(|(start, end)| start < end) && list.windows(2).all(|it| it[0].1 <= it[1].0)
    }

    proptest! {
        #[test]
        fn every_moment_of_an_interval_is_either_in_both_or_in_one_only(
            one in some_intervals(),
            other in some_intervals(),
        ) {
            let (both, rest) = (common(&one, &other), without(&one, &other));
            prop_assert!(is_set(&both) && is_set(&rest), "{:?} {:?}", both, rest);
            for at in (0..60).map(Moment) {
                let (in_one, in_other) = (is_in(&one, at), is_in(&other, at));
                prop_assert_eq!(is_in(&both, at), in_one && in_other);
                prop_assert_eq!(is_in(&rest, at), in_one && !in_other);
            }
        }

        #[test]
        fn a_moment_is_covered_twice_where_two_intervals_or_more_hold_it(
            all in prop::collection::vec((0i64..60, 1i64..20), 0..20),
        ) {
            let all: Vec<Interval> =
                all.iter().map(|(start, length)| (Moment(*start), Moment(start + length))).collect();
            let twice = covered_twice(all.clone());
            prop_assert!(is_set(&twice), "{:?}", twice);
            for at in (0..80).map(Moment) {
                let holding = all.iter().filter(|(start, end)| (*start..*end).contains(&at));
                prop_assert_eq!(is_in(&twice, at), holding.count() >= 2);
            }
        }

        #[test]
        fn merged_intervals_cover_what_the_intervals_cover_and_do_not_touch(
            all in prop::collection::vec((0i64..60, 1i64..9), 0..20),
        ) {
            let all: Vec<Interval> =
                all.iter().map(|(start, length)| (Moment(*start), Moment(start + length))).collect();
            let merged = merged(all.clone());
            prop_assert!(merged.windows(2).all(|it| it[0].1 < it[1].0));
            for at in (0..70).map(Moment) {
                prop_assert_eq!(is_in(&merged, at), is_in(&all, at));
            }
        }
    }
}
