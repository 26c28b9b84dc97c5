//! A day of a room beside others, as it is known here: who holds which hour, and what overlaps. What a clear would
//! do about it takes the rules, which look a year ahead: [`Service::week`] has it.

use answers::Reader;
use answers::contents::{Contents, EventView, ListedEvent};
use answers::occurrences::expand;
use facts::{Event, Ordered as _};
use ical::{Moment, Window};
use store::calendars::Calendar;

use crate::reading::week::{Standing, standing_of};
use crate::room::snapshot::Snapshot;
use crate::room::work::work;
use crate::{Result, Service};

/// The most events of one room; the rest is counted.
const MAX_EVENTS: usize = 100;

/// An event of a day.
#[derive(Clone, Debug)]
pub struct DayEvent {
    /// The event.
    pub event: Event,
    /// What it is to others.
    pub standing: Standing,
    /// Whether it is of a series.
    pub is_recurring: bool,
    /// The first event that takes the room at the same time for longer than is tolerated.
    pub overlaps: Option<Box<Event>>,
}

impl Service {
    /// The occurrences of a calendar in a window, by start, and how many more there are than are shown, as a
    /// reader may see them. The calendar's server is not asked. Objects that cannot be read are left out.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn day_as_known(
        &self,
        calendar: &Calendar,
        window: Window,
        reader: &Reader,
    ) -> Result<(Vec<DayEvent>, usize)> {
        let snapshot =
            Snapshot::shown_between(&self.store, calendar, window.start, window.end).await?;
        let (mut events, more) = work(snapshot.effort(), snapshot, move |snapshot| {
            let tolerance = i64::from(snapshot.policy.tolerance_minutes) * 60;
            events_of(&snapshot.contents(), window, tolerance)
        })
        .await?;
        for it in &mut events {
            reader.hide(&mut it.event);
            if let Some(other) = &mut it.overlaps {
                reader.hide(other);
            }
        }
        Ok((events, more))
    }
}

fn events_of(room: &Contents<'_>, window: Window, tolerance: i64) -> (Vec<DayEvent>, usize) {
    let mut views = expand(room, window);
    views.sort_by(|one, other| one.order().cmp(&other.order()));
    let more = views.len().saturating_sub(MAX_EVENTS);
    views.truncate(MAX_EVENTS);
    let overlaps = overlaps(&views, window, tolerance);
    let events = views.iter().zip(overlaps).map(|(view, other)| DayEvent {
        event: Event::from(*view),
        standing: standing_of(*view),
        is_recurring: ListedEvent(*view).is_recurring(),
        overlaps: other.map(|other| Box::new(Event::from(views[other]))),
    });
    (events.collect(), more)
}

/// For each occurrence that takes the room, the first other one with which it shares time of the window.
fn overlaps(views: &[EventView<'_, '_>], window: Window, tolerance: i64) -> Vec<Option<usize>> {
    let mut found = vec![None; views.len()];
    let is_blocking: Vec<bool> = views.iter().map(|it| ListedEvent(*it).is_blocking()).collect();
    for (one, view) in views.iter().enumerate().filter(|(it, _)| is_blocking[*it]) {
        let later = views.iter().enumerate().skip(one + 1);
        for (other, beside) in later.take_while(|(_, it)| it.occurrence.start < view.occurrence.end)
        {
            let both = [view, beside].map(|it| (it.occurrence.start, it.occurrence.end));
            if is_blocking[other]
                && view.object != beside.object
                && is_conflict(both, window, tolerance)
            {
                found[one].get_or_insert(other);
                found[other].get_or_insert(one);
            }
        }
    }
    found
}

/// Whether two events, the earlier one first, share time of a window, and more than is tolerated at an edge.
fn is_conflict([one, other]: [(Moment, Moment); 2], window: Window, tolerance: i64) -> bool {
    let (start, end) = (one.0.max(other.0), one.1.min(other.1));
    let is_at_edge = one.0 < other.0 && one.1 < other.1;
    let is_tolerated = is_at_edge && end.since(start) <= tolerance;
    start < end && start < window.end && window.start < end && !is_tolerated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlap_counts_if_it_is_in_the_window_and_more_than_is_tolerated_at_an_edge() {
        let window = Window { start: Moment(0), end: Moment(1_000) };
        let conflicts = |one: (i64, i64), other: (i64, i64), tolerance| {
            let both = [one, other].map(|(start, end)| (Moment(start), Moment(end)));
            is_conflict(both, window, tolerance)
        };
        assert!(conflicts((100, 200), (199, 300), 0));
        assert!(!conflicts((100, 200), (200, 300), 0), "they touch");
        assert!(!conflicts((100, 200), (190, 300), 10));
        assert!(conflicts((100, 200), (189, 300), 10));
        assert!(conflicts((100, 200), (150, 155), 10), "one lies within the other");
        assert!(!conflicts((-300, -100), (-200, 500), 0), "it is over before the day");
        assert!(conflicts((-300, 100), (-200, 500), 0));
    }
}
