//! The occurrences of a calendar's events in a window, and single ones of them.

use facts::Event;
use ical::{Budget, Moment, Object, Occurrence, Window};

use crate::contents::{Contents, EventView};

/// All occurrences in a window, in no order.
pub fn expand<'r, 'a>(room: &'r Contents<'a>, window: Window) -> Vec<EventView<'r, 'a>> {
    expand_each(room, window, &|_| true, &mut |_, _| {})
}

/// The same of the objects, by their index, that are wanted.
pub fn expand_those<'r, 'a>(
    room: &'r Contents<'a>,
    window: Window,
    is_wanted: impl Fn(usize) -> bool,
) -> Vec<EventView<'r, 'a>> {
    expand_each(room, window, &is_wanted, &mut |_, _| {})
}

/// The same for the question whether an hour is free: objects that cannot be read are where they may be
/// ([`ical::expand_presumed`]).
pub fn expand_presumed<'r, 'a>(room: &'r Contents<'a>, window: Window) -> Vec<EventView<'r, 'a>> {
    let mut zones = room.fresh_zones();
    expand_each(room, window, &|_| true, &mut |object, found| {
        ical::expand_presumed(&room.calendar, object, &mut zones, window, found);
    })
}

/// All occurrences of the wanted objects in a window; `of_unreadable` appends those of an object that cannot be read.
fn expand_each<'r, 'a>(
    room: &'r Contents<'a>,
    window: Window,
    is_wanted: &dyn Fn(usize) -> bool,
    of_unreadable: &mut dyn FnMut(&Object<'a>, &mut Vec<Occurrence>),
) -> Vec<EventView<'r, 'a>> {
    let mut zones = room.fresh_zones();
    let mut budget = Budget::new();
    let mut views = Vec::new();
    let mut found = Vec::new();
    for (object, it) in room.calendar.objects().iter().enumerate() {
        if !is_wanted(object) {
            continue;
        }
        found.clear();
        let expanded =
            ical::expand(&room.calendar, it, &mut zones, window, &mut budget, &mut found);
        if expanded.is_err() {
            of_unreadable(it, &mut found);
        }
        views.extend(found.iter().map(|&occurrence| EventView { room, object, occurrence }));
    }
    views
}

/// A window of the days that follow a moment.
pub fn days_from(start: Moment, days: i64) -> Window {
    Window { start, end: start.plus(days * ical::civil::DAY) }
}

/// The occurrence of an original start of a room with one object.
pub fn occurrence_of(room: &Contents<'_>, original: Moment) -> Option<Event> {
    view_of(room, original).map(Event::from)
}

/// The same, in its room.
pub fn view_of<'r, 'a>(room: &'r Contents<'a>, original: Moment) -> Option<EventView<'r, 'a>> {
    let calendar = &room.calendar;
    let object = calendar.objects().first()?;
    let mut zones = ical::Zones::new(room.zones.calendar_zone().clone());
    let times = ical::times(calendar, object, &mut zones, Some(original)).ok()?;
    let zone = room.zones.calendar_zone();
    let (start, end) = match times {
        ical::NewTimes::Timed { start, end } => (start, end),
        ical::NewTimes::AllDay { first, end } => {
            let midnight = |day| zone.moment(ical::civil::Civil::midnight(day));
            (midnight(first), midnight(end))
        }
    };
    let window = Window { start, end: end.max(start.plus(1)) };
    expand(room, window).into_iter().find(|it| it.occurrence.original == original)
}

/// For each resource its first occurrence, as the history shows it; where it has none or cannot be
/// read, what little is known.
pub fn first_occurrences(room: &Contents<'_>, resources: usize, uid: &str) -> Vec<Event> {
    let zone = room.zones.calendar_zone().clone();
    let nothing = Event { uid: uid.to_owned(), zone, ..Event::default() };
    let mut shown = vec![nothing; resources];
    let mut zones = room.fresh_zones();
    for (object, it) in room.calendar.objects().iter().enumerate() {
        let extent = ical::extent(&room.calendar, it, &mut zones);
        let start = extent.start.unwrap_or(Moment(0));
        // A series may be endless: its first years are enough to find its first occurrence.
        let window = Window { start, end: start.plus(FIRST_YEARS) };
        let mut found = Vec::new();
        let budget = &mut Budget::new();
        let expanded = ical::expand(&room.calendar, it, &mut zones, window, budget, &mut found);
        let first = found.into_iter().min_by_key(|it| it.start);
        if let (Ok(()), Some(occurrence)) = (expanded, first)
            && let Some(place) = shown.get_mut(it.resource())
        {
            *place = EventView { room, object, occurrence }.into();
        }
    }
    shown
}

/// Seconds of ten years.
pub const FIRST_YEARS: i64 = 3_653 * ical::civil::DAY;
