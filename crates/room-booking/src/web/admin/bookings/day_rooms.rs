//! The columns of the day page: a room each, with its events and free hours.

use ical::civil::{Civil, Day};
use ical::{Moment, Window, Zone};
use operations::{DayEvent, Standing};
use store::calendars::{BackendKind, Calendar};
use store::rooms::Room;
use store::site::Overview;

use crate::web::admin::bookings::find_room::about;
use crate::web::admin::bookings::places::{Gap, place_of, rules, size_of};
use crate::web::admin::bookings::week_layout::{Lane, Minutes, free_between, hours_for, lanes};
use crate::web::admin::bookings::week_times::times;
use crate::web::admin::frame::format::name;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::rooms::priorities::event_query;

/// The most lanes for which a column grows.
const MAX_WIDE_LANES: usize = 4;

/// A room of the day, before its place among others is known.
pub struct RoomDay<'r> {
    /// The calendar.
    pub calendar: &'r Calendar,
    /// What the room is like.
    pub room: &'r Room,
    /// The state of the calendar.
    pub state: &'r Overview,
    /// The zone of the calendar.
    pub zone: Zone,
    /// Its events on that day.
    pub events: Vec<DayEvent>,
    /// How many more there are.
    pub more: usize,
}

/// A column of the page.
pub struct RoomColumn {
    /// The calendar's name in paths.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// What the room is like.
    pub about: String,
    /// Notes about its times.
    pub notes: Vec<String>,
    /// Whether its events were never fetched.
    pub is_unknown: bool,
    /// Events of the whole day.
    pub all_day: Vec<Block>,
    /// Events and free hours, by start.
    pub parts: Vec<Part>,
    /// The class that says where the present is.
    pub now: Option<String>,
    /// How many events stand beside each other, as far as the column grows for them.
    pub lanes: usize,
}

impl RoomColumn {
    /// The lines below its name.
    fn lines(&self) -> usize {
        self.notes.len() + usize::from(!self.about.is_empty())
    }
}

/// An event or a free gap.
pub enum Part {
    /// An event.
    Event(Block),
    /// A gap that can be booked.
    Free(Gap),
}

/// An event.
pub struct Block {
    /// How it looks, and where it is.
    pub class: String,
    /// Its times.
    pub times: String,
    /// Its name.
    pub name: String,
    /// Whether it is of a series.
    pub is_recurring: bool,
    /// The event that it overlaps.
    pub overlaps: Option<String>,
    /// Its page.
    pub path: String,
    minutes: Minutes,
}

/// The moments of a day in a zone: 23 to 25 hours.
pub fn window_of(zone: &Zone, day: Day) -> Window {
    let midnight = |day: Day| zone.moment(Civil::midnight(day));
    Window { start: midnight(day), end: midnight(day + 1) }
}

/// The full hours that hold all that is booked on a day.
pub fn hours_of(rooms: &[RoomDay<'_>], day: Day, wanted: Option<Minutes>) -> Minutes {
    let booked = rooms.iter().flat_map(|room| {
        let of_day = |it: &DayEvent| Minutes::of_day(&room.zone, day, it.event.start, it.event.end);
        room.events.iter().filter_map(of_day)
    });
    hours_for(booked.chain(wanted))
}

/// What is the same for all columns.
pub struct Columns {
    /// The texts.
    pub t: &'static Texts,
    /// The day.
    pub day: Day,
    /// The present.
    pub now: Moment,
    /// The hours that are shown.
    pub hours: Minutes,
    /// The zone of most rooms.
    pub zone: String,
}

impl Columns {
    /// The column of a room.
    pub fn column(&self, it: RoomDay<'_>) -> RoomColumn {
        let RoomDay { calendar, room, state, zone, events, more } = it;
        let window = window_of(&zone, self.day);
        let is_unknown = !state.is_fetched && state.backend == BackendKind::CalDav;
        let (mut all_day, mut timed) = (Vec::new(), Vec::new());
        for event in &events {
            match Minutes::of_day(&zone, self.day, event.event.start, event.event.end) {
                Some(Minutes::DAY) => all_day.push(event),
                Some(minutes) => timed.push((event, minutes)),
                None => {}
            }
        }
        let places = lanes(timed.iter().map(|(_, minutes)| *minutes).collect());
        let widest = places.iter().map(|it| it.of).max().unwrap_or(1);
        let block = |event: &DayEvent, lane: Lane, place: &str| {
            self.block(event, lane, (&calendar.slug, &zone), place)
        };
        let alone = Lane { minutes: Minutes::DAY, index: 0, of: 1 };
        let all_day = all_day.into_iter().map(|it| block(it, alone, "")).collect();
        let blocks = timed
            .iter()
            .zip(places.iter().copied())
            .map(|((event, _), lane)| Part::Event(block(event, lane, &place_of(lane))));
        let mut parts: Vec<Part> = blocks.collect();
        if window.end > self.now && !is_unknown {
            let free = self.free(&zone, window, &events);
            let gap = |minutes| Gap::of(&calendar.slug, self.day, minutes, "&from_day=1");
            let gap = |minutes| gap(minutes).beside(&places);
            parts.extend(free.into_iter().map(gap).map(Part::Free));
        }
        parts.sort_by_key(|it| match it {
            Part::Event(block) => block.minutes.start,
            Part::Free(gap) => gap.minutes.start,
        });
        let t = self.t;
        let clock_changes = zone.offset(window.start) != zone.offset(window.end);
        let is_outdated = state.failing_since.is_some() && !is_unknown;
        let notes = [
            is_unknown.then(|| t.room_unknown.to_string()),
            is_outdated.then(|| t.room_unreachable.to_string()),
            (calendar.zone != self.zone).then(|| t.times_in(&calendar.zone)),
            clock_changes.then(|| t.clock_changes.to_string()),
            (more > 0).then(|| t.week_more(more)),
        ];
        RoomColumn {
            slug: calendar.slug.clone(),
            name: calendar.name.clone(),
            about: about(t, room),
            notes: notes.into_iter().flatten().collect(),
            is_unknown,
            all_day,
            parts,
            now: self.minute_of_now(&zone).map(|minute| format!("t{minute}")),
            lanes: widest.min(MAX_WIDE_LANES),
        }
    }

    /// The minute of the day that it is, if it is that day and among the hours that are shown.
    fn minute_of_now(&self, zone: &Zone) -> Option<i64> {
        let now = zone.civil(self.now);
        let minute = i64::from(now.second_of_day()) / 60;
        let is_shown = (self.hours.start..self.hours.end).contains(&minute);
        (now.day() == self.day && is_shown).then_some(minute)
    }

    fn block(&self, it: &DayEvent, lane: Lane, (slug, zone): (&str, &Zone), place: &str) -> Block {
        let is_over = it.event.end <= self.now;
        let class = match it.standing {
            Standing::Holds if it.overlaps.is_some() => "twice",
            Standing::Holds => "stays",
            Standing::Free | Standing::NoLength => "free",
            Standing::Cancelled => "cancelled",
            Standing::Declined => "declined",
        };
        let over = if is_over { " over" } else { "" };
        let query = event_query(&it.event.uid, &it.event.start.0.to_string());
        Block {
            class: format!("{class}{over}{place}{}", size_of(lane.minutes)),
            times: times(self.t, zone, self.day, &it.event),
            name: name(self.t, &it.event),
            is_recurring: it.is_recurring,
            overlaps: it.overlaps.as_ref().map(|other| name(self.t, other)),
            path: format!("/admin/calendars/{slug}/event?{query}"),
            minutes: lane.minutes,
        }
    }

    /// The gaps that are still ahead.
    fn free(&self, zone: &Zone, window: Window, events: &[DayEvent]) -> Vec<Minutes> {
        let holds = events.iter().filter(|it| it.standing == Standing::Holds);
        let held = holds
            .filter_map(|it| Minutes::held(zone, self.day, it.event.start, it.event.end))
            .collect();
        let earliest = match self.now >= window.start {
            true => Minutes::next_quarter(zone.civil(self.now)),
            false => 0,
        };
        let within = Minutes { start: self.hours.start.max(earliest), end: self.hours.end };
        free_between(held, within)
    }
}

/// The style of the page: what the classes of places mean, a rule for each that is used.
pub fn style(columns: &[RoomColumn], hours: Minutes, wanted: Option<Minutes>) -> String {
    let parts = columns.iter().flat_map(|it| &it.parts);
    let classes = parts.map(|it| match it {
        Part::Event(block) => block.class.as_str(),
        Part::Free(gap) => gap.class.as_str(),
    });
    let wanted = wanted.map(|minutes| place_of(Lane { minutes, index: 0, of: 1 }));
    let nows = columns.iter().filter_map(|it| it.now.as_deref());
    let beside = columns.iter().flat_map(|it| &it.parts).filter_map(|it| match it {
        Part::Free(gap) => Some(gap.beside.as_str()),
        Part::Event(_) => None,
    });
    let used = classes.chain(wanted.as_deref()).chain(nows).chain(beside);
    let mut style = format!(
        ".rooms{{--rooms:{};--lines:{};--days:{};--from:{};--hours:{}}}",
        columns.len(),
        columns.iter().map(RoomColumn::lines).max().unwrap_or_default(),
        columns.iter().map(|it| it.all_day.len()).max().unwrap_or_default(),
        hours.start,
        (hours.end - hours.start) / 60
    );
    style.push_str(&rules(used));
    style
}

/// The classes of the time that is looked for.
pub fn place_of_wanted(minutes: Minutes) -> String {
    place_of(Lane { minutes, index: 0, of: 1 })
}
