//! How far ahead claims are computed, and what an object holds of that time.

use ical::{Budget, Calendar, Moment, Object, Window, Zones, expand, extent, last_stated};

use crate::intervals::{Interval, merged};
use crate::policy::Policy;
use crate::rules::takes_room;

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Claims are computed for at least this number of days ahead: two years.
const MIN_DAYS_AHEAD: i64 = 731;
/// Where the rules of an endless object change, it is looked this number of days ahead for dates that are years apart,
/// such as the 366th day of a year beside others.
const DAYS_FOR_RARE_DATES: i64 = 20 * 366;
/// How often an endless object has to take place in the second half of the period.
const MIN_OF_SECOND_HALF: usize = 2;

/// An object of a calendar.
#[derive(Clone, Copy, Debug)]
pub struct Held<'h, 'a> {
    /// The calendar.
    pub calendar: &'h Calendar<'a>,
    /// One of its objects.
    pub object: &'h Object<'a>,
}

/// The period that claims are computed for.
pub(crate) struct View {
    pub start: Moment,
    pub middle: Moment,
    pub end: Moment,
}

impl View {
    /// Two horizons and two years at least; where the objects have an end, or state dates themselves,
    /// as far as that; and so far that an endless one takes place in its second half.
    pub fn of(objects: &[Held<'_, '_>], now: Moment, zones: &mut Zones, policy: &Policy) -> View {
        let days = (2 * i64::from(policy.horizon_days)).max(MIN_DAYS_AHEAD);
        let mut end = now.plus(days * DAY);
        for it in objects {
            let stated = match extent(it.calendar, it.object, zones).end {
                Some(end) => Some(end),
                // In the first half: what an endless one states says nothing of what is behind the view.
                None => last_stated(it.calendar, it.object, zones)
                    .map(|it| now.plus(it.plus(DAY).since(now).saturating_mul(2))),
            };
            end = stated.map_or(end, |stated| stated.max(end));
        }
        let mut view = View::until(now, end);
        while objects.iter().any(|it| view.is_too_short_for(*it, zones)) {
            view = View::until(now, now.plus(view.end.since(now).saturating_mul(2)));
        }
        view
    }

    /// Far enough for rare dates.
    pub fn of_rare_dates(now: Moment) -> View {
        View::until(now, now.plus(DAYS_FOR_RARE_DATES * DAY))
    }

    /// From `now` on, and no further than a horizon can reach.
    fn until(now: Moment, end: Moment) -> View {
        let end = end.min(now.plus(i64::from(Policy::MAX_HORIZON_DAYS) * DAY));
        View { start: now, middle: now.plus(end.since(now) / 2), end }
    }

    /// Whether an endless object takes place so rarely that the second half says nothing of what is behind
    /// it.
    fn is_too_short_for(&self, it: Held<'_, '_>, zones: &mut Zones) -> bool {
        let most = self.start.plus(i64::from(Policy::MAX_HORIZON_DAYS) * DAY);
        if self.end >= most || extent(it.calendar, it.object, zones).end.is_some() {
            return false;
        }
        let (window, mut found) = (Window { start: self.middle, end: self.end }, Vec::new());
        let read = expand(it.calendar, it.object, zones, window, &mut Budget::new(), &mut found);
        read.is_ok() && found.len() < MIN_OF_SECOND_HALF
    }

    /// The intervals in which an object blocks: ascending and disjoint; none if it cannot be read.
    /// If it has too many occurrences in the period, the view is shortened to two years, then to
    /// one horizon, as far as the rules look.
    pub fn intervals(
        &mut self,
        it: Held<'_, '_>,
        zones: &mut Zones,
        policy: &Policy,
    ) -> Vec<Interval> {
        self.read(it, zones, policy).unwrap_or_default()
    }

    /// The same; `None` if the object cannot be read.
    pub fn read(
        &mut self,
        it: Held<'_, '_>,
        zones: &mut Zones,
        policy: &Policy,
    ) -> Option<Vec<Interval>> {
        let mut found = Vec::new();
        let days = |days: i64| self.start.plus(days * DAY).min(self.end);
        let ends = [self.end, days(MIN_DAYS_AHEAD), days(i64::from(policy.horizon_days))];
        let end = ends.into_iter().find(|end| {
            let window = Window { start: self.start, end: *end };
            found.clear();
            expand(it.calendar, it.object, zones, window, &mut Budget::new(), &mut found).is_ok()
        })?;
        if end < self.end {
            self.end = end;
            self.middle = self.start.plus(end.since(self.start) / 2);
        }
        // Whether a component takes the room is looked up in its text, and most occurrences are of one.
        let mut of_component = (u32::MAX, false);
        found.retain(|occurrence| {
            if of_component.0 != occurrence.component {
                let event = it.calendar.event(occurrence.component as usize);
                of_component = (occurrence.component, takes_room(&event, policy));
            }
            occurrence.start < occurrence.end && of_component.1
        });
        let clipped = found
            .into_iter()
            .map(|it| (it.start.max(self.start), it.end.min(self.end)))
            .filter(|(start, end)| start < end);
        Some(merged(clipped.collect()))
    }
}

/// Whether an object may have occurrences that end after a moment.
pub(crate) fn goes_beyond(it: Held<'_, '_>, zones: &mut Zones, moment: Moment) -> bool {
    extent(it.calendar, it.object, zones).end.is_none_or(|end| end > moment)
}
