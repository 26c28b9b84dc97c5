//! The layout of a day's column: arithmetic on minutes of the day.

use ical::civil::{Civil, Day};
use ical::{Moment, Zone};
use operations::WeekEvent;

/// Minutes since local midnight, half open. A clock change does not change the length of a day
/// here: an event in an hour that the clock shows twice lies in it, and one from the first into the
/// second takes all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minutes {
    /// The start, inclusive.
    pub start: i64,
    /// The end, exclusive.
    pub end: i64,
}

/// A position in a column: the interval, the lane, and the number of lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The interval.
    pub minutes: Minutes,
    /// The lane, from 0.
    pub index: usize,
    /// The number of lanes.
    pub of: usize,
}

/// The hours that are always shown.
const USUAL: Minutes = Minutes { start: 8 * 60, end: 18 * 60 };
/// The most minutes by which the grid of a week grows at either end.
const MAX_GROWTH: i64 = 2 * 60;
/// The shortest block, in minutes: it has to hold a line of text.
pub const SHORTEST: i64 = 30;
/// The shortest gap that is offered.
const SHORTEST_GAP: i64 = 30;

impl Minutes {
    /// A whole day.
    pub const DAY: Minutes = Minutes { start: 0, end: 24 * 60 };

    /// The part of a local day between two moments; `None` if there is none.
    pub fn of_day(zone: &Zone, day: Day, start: Moment, end: Moment) -> Option<Minutes> {
        let midnight = Civil::midnight(day).0;
        let minute = |moment: Moment| (zone.civil(moment).0 - midnight).div_euclid(60);
        let (first, last) = (minute(start), minute(end));
        let is_instant = start == end && (0..24 * 60).contains(&first);
        if !is_instant && (last <= 0 || first >= 24 * 60) {
            return None;
        }
        let from = first.clamp(0, 24 * 60 - 1);
        let shown = Minutes { start: from, end: last.clamp(from, 24 * 60) };
        let set_back = SetBack::of_day(zone, day).filter(|it| start < it.at && it.at < end);
        Some(set_back.map_or(shown, |it| shown.with(it.twice)))
    }

    /// The part of a local day that cannot be offered as free: like [`Self::of_day`], with all of
    /// an hour that the clock shows twice if any of it is taken.
    pub fn held(zone: &Zone, day: Day, start: Moment, end: Moment) -> Option<Minutes> {
        let minutes = Minutes::of_day(zone, day, start, end)?;
        let set_back = SetBack::of_day(zone, day).filter(|it| it.is_in_twice(start, end));
        Some(set_back.map_or(minutes, |it| minutes.with(it.twice)))
    }

    /// Whether an event has a part of it. One without a length counts as a minute.
    pub fn overlaps(self, event: Minutes) -> bool {
        event.start < self.end && self.start < event.end.max(event.start + 1)
    }

    /// The part of an event in it, moved up so far that a block fits.
    pub fn part(self, event: Minutes) -> Minutes {
        let start = event.start.max(self.start).min(self.end - SHORTEST);
        Minutes { start, end: event.end.min(self.end).max(start) }
    }

    /// The shortest that holds both.
    fn with(self, other: Minutes) -> Minutes {
        Minutes { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The next quarter of an hour of a day, or the present one at its beginning: what can be booked begins then.
    pub fn next_quarter(now: Civil) -> i64 {
        (i64::from(now.second_of_day()) + 15 * 60 - 1) / (15 * 60) * 15
    }

    /// `09:30`
    pub fn clock(minute: i64) -> String {
        // The end of the day is a time of the next one, which forms do not take.
        let minute = minute.min(24 * 60 - 1);
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }

    /// `09:30–11:00`
    pub fn text(&self) -> String {
        let end = if self.end == 24 * 60 { "24:00".to_owned() } else { Self::clock(self.end) };
        format!("{}–{end}", Self::clock(self.start))
    }
}

/// A backward clock change on a day.
struct SetBack {
    /// The interval.
    at: Moment,
    /// The number of seconds.
    by: i64,
    /// The part of the day that the clock shows twice.
    twice: Minutes,
}

impl SetBack {
    /// `None` on days without a clock change, and on those with a forward one.
    fn of_day(zone: &Zone, day: Day) -> Option<SetBack> {
        let midnight = |day: Day| zone.moment(Civil::midnight(day));
        let (mut before, mut at) = (midnight(day), midnight(day + 1));
        let by = i64::from(zone.offset(before) - zone.offset(at));
        if by <= 0 {
            return None;
        }
        // A binary search: 17 steps for a day.
        let first = zone.offset(before);
        while at.since(before) > 1 {
            let middle = before.plus(at.since(before) / 2);
            if zone.offset(middle) == first { before = middle } else { at = middle }
        }
        let start = (zone.civil(at).0 - Civil::midnight(day).0).div_euclid(60);
        let twice = Minutes { start: start.max(0), end: (start + by / 60).min(24 * 60) };
        Some(SetBack { at, by, twice })
    }

    fn is_in_twice(&self, start: Moment, end: Moment) -> bool {
        start < self.at.plus(self.by) && self.at.plus(-self.by) < end
    }
}

/// The full hours that have to be shown, so that all of these are.
pub fn hours_for(shown: impl Iterator<Item = Minutes>) -> Minutes {
    let mut hours = USUAL;
    for minutes in shown.filter(|it| *it != Minutes::DAY) {
        hours.start = hours.start.min(minutes.start / 60 * 60);
        let end = minutes.end.max(minutes.start + SHORTEST);
        hours.end = hours.end.max((end + 59) / 60 * 60).min(24 * 60);
    }
    hours
}

/// The hours of the grid of a week: the office hours, and at either end [`MAX_GROWTH`] more for events that reach out of
/// them. Events outside the grid fold away.
pub fn grid_of(events: &[WeekEvent], zone: &Zone, monday: Day) -> Minutes {
    let of_day = |day: Day| {
        let of_day = move |it: &WeekEvent| Minutes::of_day(zone, day, it.event.start, it.event.end);
        events.iter().filter_map(of_day)
    };
    grid_for((monday..monday + 7).flat_map(of_day))
}

fn grid_for(events: impl Iterator<Item = Minutes>) -> Minutes {
    let hours = hours_for(events.filter(|it| USUAL.overlaps(*it)));
    let most = Minutes { start: USUAL.start - MAX_GROWTH, end: USUAL.end + MAX_GROWTH };
    Minutes { start: hours.start.max(most.start), end: hours.end.min(most.end) }
}

/// Places for events that are ordered by start: those that overlap stand side by side.
pub fn lanes(events: Vec<Minutes>) -> Vec<Lane> {
    let mut places: Vec<Lane> =
        events.into_iter().map(|minutes| Lane { minutes, index: 0, of: 1 }).collect();
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|index| (places[*index].minutes.start, places[*index].minutes.end));
    let mut group: Vec<usize> = Vec::new();
    // For each lane of the group, where its last event ends.
    let mut ends: Vec<i64> = Vec::new();
    for index in order {
        let Minutes { start, end } = places[index].minutes;
        let end = end.max(start + SHORTEST);
        if ends.iter().all(|last| *last <= start) {
            close(&mut places, &group, ends.len());
            group.clear();
            ends.clear();
        }
        let lane = ends.iter().position(|last| *last <= start).unwrap_or(ends.len());
        match ends.get_mut(lane) {
            Some(last) => *last = end,
            None => ends.push(end),
        }
        places[index].index = lane;
        group.push(index);
    }
    close(&mut places, &group, ends.len());
    places
}

fn close(places: &mut [Lane], group: &[usize], of: usize) {
    for index in group {
        places[*index].of = of.max(1);
    }
}

/// The gaps between events within some hours.
pub fn free_between(mut held: Vec<Minutes>, within: Minutes) -> Vec<Minutes> {
    held.sort_by_key(|it| it.start);
    let mut free = Vec::new();
    let mut from = within.start;
    for it in held.iter().chain([&Minutes { start: within.end, end: within.end }]) {
        let until = it.start.min(within.end);
        if until - from >= SHORTEST_GAP {
            free.push(Minutes { start: from, end: until });
        }
        from = from.max(it.end);
    }
    free
}

#[cfg(test)]
mod tests {
    use ical::civil::day_number;

    use super::*;

    fn minutes(start: i64, end: i64) -> Minutes {
        Minutes { start: start * 60, end: end * 60 }
    }

    #[test]
    fn events_that_overlap_stand_side_by_side_and_others_take_the_whole_width() {
        let places = lanes(vec![minutes(9, 11), minutes(10, 12), minutes(11, 13), minutes(13, 14)]);
        let places: Vec<_> = places.into_iter().map(|it| (it.index, it.of)).collect();
        assert_eq!(places, [(0, 2), (1, 2), (0, 2), (0, 1)]);
    }

    #[test]
    fn a_long_event_over_two_short_ones_needs_two_lanes_only() {
        let places = lanes(vec![minutes(8, 18), minutes(9, 10), minutes(10, 11)]);
        assert!(places.iter().all(|it| it.of == 2));
        assert_eq!(places[1].index, places[2].index);
    }

    #[test]
    fn what_is_between_events_is_free_unless_it_is_too_short_to_meet() {
        let held = vec![minutes(9, 10), Minutes { start: 615, end: 660 }, minutes(9, 10)];
        assert_eq!(free_between(held, minutes(8, 18)), [minutes(8, 9), minutes(11, 18)]);
        assert_eq!(free_between(Vec::new(), minutes(8, 18)), [minutes(8, 18)]);
        assert_eq!(free_between(vec![minutes(0, 24)], minutes(8, 18)), []);
        assert_eq!(free_between(Vec::new(), minutes(19, 18)), []);
    }

    #[test]
    fn an_event_over_midnight_lies_in_both_days() {
        let zone = Zone::utc();
        let day = day_number(2026, 3, 2);
        let midnight = |day| Moment(Civil::midnight(day).0);
        let (start, end) = (midnight(day).plus(22 * 3600), midnight(day + 1).plus(2 * 3600));
        assert_eq!(Minutes::of_day(&zone, day, start, end), Some(minutes(22, 24)));
        assert_eq!(Minutes::of_day(&zone, day + 1, start, end), Some(minutes(0, 2)));
        assert_eq!(Minutes::of_day(&zone, day + 2, start, end), None);
        assert_eq!(Minutes::of_day(&zone, day - 1, start, end), None);
        let whole = Minutes::of_day(&zone, day, midnight(day), midnight(day + 1));
        assert_eq!(whole, Some(Minutes::DAY));
    }

    #[test]
    fn the_grid_has_the_office_hours_and_grows_only_for_what_reaches_out_of_them() {
        let grid = |events: &[Minutes]| grid_for(events.iter().copied());
        assert_eq!(grid(&[]), minutes(8, 18));
        assert_eq!(grid(&[minutes(2, 4), minutes(22, 24), Minutes::DAY]), minutes(8, 18));
        assert_eq!(grid(&[Minutes { start: 450, end: 540 }, minutes(17, 19)]), minutes(7, 19));
        assert_eq!(grid(&[minutes(1, 9), minutes(17, 23)]), minutes(6, 20));
        assert_eq!(grid(&[Minutes { start: 1_075, end: 1_080 }]), minutes(8, 19), "a block fits");
        let midnight = Minutes { start: 0, end: 0 };
        assert_eq!(grid(&[midnight]), minutes(8, 18));
        assert!(!minutes(8, 18).overlaps(midnight) && minutes(0, 1).overlaps(midnight));
    }

    #[test]
    fn the_part_of_an_event_in_the_grid_holds_a_block() {
        let grid = minutes(8, 18);
        assert_eq!(grid.part(minutes(1, 9)), minutes(8, 9));
        assert_eq!(grid.part(minutes(1, 23)), grid);
        let late = grid.part(Minutes { start: 1_075, end: 1_200 });
        assert_eq!(late, Minutes { start: 1_050, end: 1_080 });
    }

    #[test]
    fn what_can_be_booked_begins_at_the_next_quarter_of_an_hour() {
        let at = |hour: i64, minute: i64, second: i64| {
            let midnight = Civil::midnight(day_number(2026, 12, 1));
            Minutes::next_quarter(midnight.plus(hour * 3600 + minute * 60 + second))
        };
        assert_eq!([at(0, 0, 0), at(9, 15, 0), at(9, 15, 1), at(9, 29, 59)], [0, 555, 570, 570]);
        assert_eq!(at(23, 50, 0), 24 * 60, "nothing is left of the day");
    }

    #[test]
    fn on_the_day_of_a_clock_change_events_lie_where_the_clock_shows_them() {
        let berlin = Zone::iana("Europe/Berlin").unwrap();
        let day = day_number(2026, 10, 25);
        let at = |hour: i64, minute: i64| {
            berlin.moment(Civil::midnight(day).plus(hour * 3600 + minute * 60))
        };
        // From the first 02:30 to the second, an hour later.
        let (first, second) = (at(2, 30), at(2, 30).plus(3600));
        assert_eq!(Minutes::of_day(&berlin, day, first, second), Some(minutes(2, 3)));
        // To the second 02:10: its end is before its start on the clock.
        assert_eq!(Minutes::of_day(&berlin, day, first, first.plus(2400)), Some(minutes(2, 3)));
        // An event within one of both hours lies where the clock shows it; neither hour is offered
        // as free.
        for start in [first.plus(-900), second.plus(-900)] {
            let end = start.plus(1800);
            let shown = Minutes::of_day(&berlin, day, start, end);
            assert_eq!(shown, Some(Minutes { start: 135, end: 165 }));
            assert_eq!(Minutes::held(&berlin, day, start, end), Some(minutes(2, 3)));
        }
        let (early, late) = (at(0, 0), at(3, 0));
        for (start, end) in [(early, early.plus(7200)), (late, late.plus(7200))] {
            assert_eq!(
                Minutes::held(&berlin, day, start, end),
                Minutes::of_day(&berlin, day, start, end)
            );
        }
        let night = Minutes::held(&berlin, day, at(1, 0), first);
        assert_eq!(night, Some(minutes(1, 3)));
        assert_eq!(Minutes::of_day(&berlin, day, at(12, 0), at(13, 0)), Some(minutes(12, 13)));
        let midnights = [day, day + 1].map(|day| berlin.moment(Civil::midnight(day)));
        let whole = Minutes::of_day(&berlin, day, midnights[0], midnights[1]);
        assert_eq!(whole, Some(Minutes::DAY), "though it has 25 hours");
    }
}
