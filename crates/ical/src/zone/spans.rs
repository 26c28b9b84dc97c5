//! The stretches of time in which a zone's clocks have one offset, and a quick way to find one.

use std::ops::Range;

use crate::civil::Civil;
use crate::moment::Moment;

/// A stretch of time with one offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// First moment with this offset.
    pub from: i64,
    /// First civil time that is read with this offset: all earlier ones belong to earlier spans.
    pub civil_from: i64,
    /// Seconds east of UTC.
    pub offset: i32,
}

/// Seconds of a step, as a power of two: half a year, in which most zones change their clocks once.
const STEP: u32 = 24;
/// From 1970 to 2108.
const STEPS: usize = 260;

/// The spans of a zone.
#[derive(Debug)]
pub(super) struct Spans {
    /// In ascending order; the first begins at the beginning of time.
    all: Box<[Span]>,
    /// For each step from 1970 on, which spans its moments and civil times are in: a look at one or two takes
    /// a quarter of the time of a search in all.
    by_step: Box<[Range<u32>]>,
}

impl PartialEq for Spans {
    fn eq(&self, other: &Spans) -> bool {
        self.all == other.all
    }
}

impl Spans {
    /// These spans, of which there is one at least.
    pub fn new(all: Vec<Span>) -> Spans {
        let by_step = if all.len() > 1 { by_step(&all) } else { Vec::new() };
        Spans { all: all.into(), by_step: by_step.into() }
    }

    pub fn all(&self) -> &[Span] {
        &self.all
    }

    /// The span of a moment.
    #[inline]
    pub fn at(&self, moment: Moment) -> &Span {
        let near = self.near(moment.0);
        &near[near.partition_point(|span| span.from <= moment.0) - 1]
    }

    /// The span that a civil time is read in.
    #[inline]
    pub fn at_civil(&self, civil: Civil) -> &Span {
        let near = self.near(civil.0);
        &near[near.partition_point(|span| span.civil_from <= civil.0) - 1]
    }

    /// Consecutive spans with the one of a moment, and of the civil time of the same number.
    #[inline]
    fn near(&self, seconds: i64) -> &[Span] {
        let step = usize::try_from(seconds >> STEP).ok().and_then(|step| self.by_step.get(step));
        match step {
            Some(step) => &self.all[step.start as usize..step.end as usize],
            None => &self.all,
        }
    }
}

/// For each step, the spans from the last that has begun before it, in both counts, to the last that begins in
/// it, in either.
fn by_step(all: &[Span]) -> Vec<Range<u32>> {
    let (mut start, mut end) = (0, 1);
    let steps = (0..STEPS as i64).map(|step| {
        let (begins, ends) = (step << STEP, (step + 1) << STEP);
        while all.get(start + 1).is_some_and(|it| it.from.max(it.civil_from) <= begins) {
            start += 1;
        }
        while all.get(end).is_some_and(|it| it.from.min(it.civil_from) < ends) {
            end += 1;
        }
        start as u32..end as u32
    });
    steps.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spans that begin at these moments, in turn ten hours before and behind UTC.
    fn spans(begins: &[i64]) -> Spans {
        let offset = |index: usize| if index.is_multiple_of(2) { -36_000 } else { 36_000 };
        let first = Span { from: i64::MIN, civil_from: i64::MIN, offset: offset(0) };
        let mut all = vec![first];
        for (index, &from) in begins.iter().enumerate() {
            let civil_from = (from + 36_000).max(all[index].civil_from);
            all.push(Span { from, civil_from, offset: offset(index + 1) });
        }
        Spans::new(all)
    }

    #[test]
    fn a_span_that_is_found_by_its_step_is_the_one_that_a_full_search_finds() {
        let step = 1 << STEP;
        let end = STEPS as i64 * step;
        for begins in [
            &[][..],
            &[0],
            &[-5 * step, -1, 0, 1],
            &[step - 1, step, step + 1, 3 * step - 36_000, 7 * step, 7 * step + 3_600],
            &[end - 36_000, end, end + step],
        ] {
            let spans = spans(begins);
            let edges = begins.iter().flat_map(|at| [*at, at + 36_000]);
            let steps = (-2..=STEPS as i64 + 1).map(|number| number * step);
            for near in edges.chain(steps).chain([i64::MIN / 2, i64::MAX / 2]) {
                for at in near - 2..=near + 2 {
                    let index = spans.all.partition_point(|span| span.from <= at);
                    assert_eq!(spans.at(Moment(at)), &spans.all[index - 1], "{begins:?} {at}");
                    let index = spans.all.partition_point(|span| span.civil_from <= at);
                    assert_eq!(spans.at_civil(Civil(at)), &spans.all[index - 1], "{begins:?} {at}");
                }
            }
        }
    }
}
