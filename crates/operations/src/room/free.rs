//! Whether hours are free (`only_if_free`).

use answers::contents::EventView;
use answers::occurrences::expand_presumed;
use facts::{Event, Ordered as _};
use ical::{Calendar as Objects, Moment, Window, Zone, Zones};
use store::calendars::{self, Calendar};
use store::{Access, history, objects, uid_metadata};

use crate::room::edit_errors::not_calendar;
use crate::room::snapshot::Snapshot;
use crate::room::work::{Effort, work};
use crate::{Error, Message, MessageId, Result, Service};

/// The most events in the way that an answer names.
const MAX_IN_THE_WAY: usize = 100;

impl Service {
    /// Makes sure that nothing that is in the database is in the way of an object. What a change in doubt
    /// may yet make of an object counts as held, beside the object as it was. Of an object of which the mirror
    /// has no text, and of those at the places `not_given`, the last known text counts.
    pub(crate) async fn check_free(
        &self,
        access: &impl Access,
        calendar: &Calendar,
        (own, window): (InTheWay, Window),
        not_given: Vec<String>,
    ) -> Result<()> {
        let snapshot = self.snapshot_of_booked(access, calendar, window, not_given).await?;
        let in_the_way = work(snapshot.effort(), (snapshot, own), move |(snapshot, own)| {
            in_the_way(&snapshot, &own, window)
        })
        .await??;
        if in_the_way.is_empty() { Ok(()) } else { Err(Error::Taken(in_the_way)) }
    }

    /// For each of some intervals of time, whether something that is in the database is in its way.
    pub(crate) async fn which_are_taken(
        &self,
        calendar: &Calendar,
        wanted: Vec<(Moment, Moment)>,
    ) -> Result<Vec<bool>> {
        let Some(window) = window_of(&wanted) else { return Ok(Vec::new()) };
        let snapshot = self.snapshot_of_booked(&self.store, calendar, window, Vec::new()).await?;
        let taken = work(snapshot.effort(), (snapshot, wanted), move |(snapshot, wanted)| {
            let booked = Booked::of(&snapshot, window);
            wanted.into_iter().map(|it| booked.is_taken(it)).collect()
        });
        taken.await
    }

    /// The same for several calendars, each with its intervals, in few queries. Settings of calendars are as they were
    /// when the caller read them: an answer to a search is out of date a moment later anyway.
    pub(crate) async fn which_are_taken_of(
        &self,
        rooms: Vec<(&Calendar, Vec<(Moment, Moment)>)>,
    ) -> Result<Vec<Vec<bool>>> {
        let all: Vec<(Moment, Moment)> = rooms.iter().flat_map(|(_, it)| it).copied().collect();
        let Some(Window { start, end }) = window_of(&all) else {
            return Ok(rooms.iter().map(|_| Vec::new()).collect());
        };
        let ids: Vec<_> = rooms.iter().map(|(calendar, _)| calendar.id).collect();
        let mut booked = objects::of_all_between(&self.store, &ids, start.0, end.0).await?;
        let in_doubt = history::calendars_in_doubt(&self.store).await?;
        let mut taken = vec![Vec::new(); rooms.len()];
        let (mut effort, mut known) = (Effort::Little, Vec::new());
        for (index, (calendar, wanted)) in rooms.into_iter().enumerate() {
            let resources = booked.remove(&calendar.id).unwrap_or_default();
            let snapshot = Snapshot::of_resources(calendar, resources);
            // More than the objects counts for these.
            let is_unclear = snapshot.places_without_text().next().is_some();
            if is_unclear || in_doubt.contains(&calendar.id) {
                taken[index] = self.which_are_taken(calendar, wanted).await?;
                continue;
            }
            if snapshot.effort() == Effort::Much {
                effort = Effort::Much;
            }
            known.push((index, snapshot, wanted));
        }
        let found = work(effort, known, |known| {
            let of_one = |(index, snapshot, wanted): (usize, Snapshot, Vec<(Moment, Moment)>)| {
                let window = window_of(&wanted)?;
                let booked = Booked::of(&snapshot, window);
                let is_taken: Vec<bool> =
                    wanted.into_iter().map(|it| booked.is_taken(it)).collect();
                Some((index, is_taken))
            };
            known.into_iter().filter_map(of_one).collect::<Vec<_>>()
        });
        for (index, is_taken) in found.await? {
            taken[index] = is_taken;
        }
        Ok(taken)
    }

    /// All that may take hours of a window.
    async fn snapshot_of_booked(
        &self,
        access: &impl Access,
        calendar: &Calendar,
        window: Window,
        mut not_given: Vec<String>,
    ) -> Result<Snapshot> {
        // Settings may have changed since the caller was looked up.
        let current = calendars::by_id(access, calendar.id).await?;
        let current = current.unwrap_or_else(|| calendar.clone());
        let in_doubt = history::changes_in_doubt(access, current.id).await?.into_iter();
        let in_doubt = in_doubt.filter_map(|it| Some((it.change.href, it.change.after_text?)));
        let snapshot = Snapshot::shown_between(access, &current, window.start, window.end).await?;
        not_given.extend(snapshot.places_without_text());
        let last = uid_metadata::last_texts_at(access, current.id, &not_given).await?;
        let last = last.into_iter().map(|it| (it.href, it.text));
        Ok(snapshot.with_texts(in_doubt.chain(last)))
    }
}

/// The window in which some intervals of time lie; `None` without any.
pub(crate) fn window_of(intervals: &[(Moment, Moment)]) -> Option<Window> {
    let start = intervals.iter().map(|it| it.0).min()?;
    let end = intervals.iter().map(|it| it.1).max()?;
    Some(Window { start, end: end.max(start.plus(1)) })
}

/// The occurrences of a new object in a window.
pub(crate) fn occurrences(
    new: &[u8],
    zone: &Zone,
    window: Window,
) -> Result<Vec<ical::Occurrence>> {
    let too_far = |why: Message| Error::invalid("rrule", MessageId::rule_too_far(why));
    let new = Objects::parse(new).map_err(|error| too_far(not_calendar(error)))?;
    let mut zones = Zones::new(zone.clone());
    let mut found = Vec::new();
    for object in new.objects() {
        let budget = &mut ical::Budget::new();
        ical::expand(&new, object, &mut zones, window, budget, &mut found)
            .map_err(|error| too_far(wording::unreadable(&error)))?;
    }
    // Dates of a series that were cancelled alone need no room.
    found.retain(|it| !new.event(it.component as usize).is_cancelled());
    Ok(found)
}

/// What others may be in the way of.
#[derive(Clone, Debug)]
pub(crate) struct InTheWay {
    /// The object.
    pub text: Vec<u8>,
    /// What it is there already: it is not in its own way.
    pub itself: Itself,
    /// Only this interval of it.
    pub only: Option<(Moment, Moment)>,
}

/// How an object is known that may be there already.
#[derive(Clone, Debug)]
pub(crate) enum Itself {
    /// By the UID that this program has made for it.
    Uid(String),
    /// By its place: servers may have several objects of one UID.
    Place(String),
    /// The dates of a series at a place from an original start on, and the object that has them from now on.
    Rest {
        /// The place.
        href: String,
        /// The first of the dates.
        from: Moment,
        /// The UID of the other object.
        uid: String,
    },
}

/// What is booked in a window, by its start, with the latest end so far.
struct Booked(Vec<(Moment, Moment)>);

impl Booked {
    fn of(snapshot: &Snapshot, window: Window) -> Booked {
        let room = &snapshot.contents();
        let is_blocking = |it: &EventView<'_, '_>| {
            let event = room.calendar.event(it.occurrence.component as usize);
            clearing::is_blocking(&event, &it.occurrence, &room.policy)
        };
        // What cannot be read takes the room as well as can be told.
        let blocking = expand_presumed(room, window).into_iter().filter(is_blocking);
        let mut booked: Vec<_> =
            blocking.map(|it| (it.occurrence.start, it.occurrence.end)).collect();
        booked.sort_unstable();
        let mut latest = Moment::MIN;
        for (_, end) in &mut booked {
            latest = latest.max(*end);
            *end = latest;
        }
        Booked(booked)
    }

    fn is_taken(&self, (start, end): (Moment, Moment)) -> bool {
        let begun = self.0.partition_point(|it| it.0 < end);
        begun > 0 && self.0[begun - 1].1 > start
    }
}

/// The blocking events of a room that overlap an occurrence of an object in the window.
fn in_the_way(snapshot: &Snapshot, own: &InTheWay, window: Window) -> Result<Vec<Event>> {
    let room = &snapshot.contents();
    let mut wanted = occurrences(&own.text, room.zones.calendar_zone(), window)?;
    if let Some((start, end)) = own.only {
        wanted.retain(|it| (it.start, it.end) == (start, end));
    }
    wanted.sort_by_key(|it| it.start);
    let latest_ends: Vec<Moment> = wanted
        .iter()
        .scan(Moment::MIN, |latest, it| {
            *latest = it.end.max(*latest);
            Some(*latest)
        })
        .collect();
    let is_wanted = |start: Moment, end: Moment| {
        let begun = wanted.partition_point(|it| it.start < end);
        (0..begun)
            .rev()
            .take_while(|index| latest_ends[*index] > start)
            .any(|index| wanted[index].end > start)
    };
    // What cannot be read takes the room as well as can be told: nobody is to book over it.
    let mut found: Vec<_> = expand_presumed(room, window)
        .into_iter()
        .filter(|view| {
            let event = room.calendar.event(view.occurrence.component as usize);
            let object = &room.calendar.objects()[view.object];
            let is_itself = match &own.itself {
                Itself::Uid(uid) => object.uid() == uid.as_str(),
                Itself::Place(href) => snapshot.places[object.resource()].href == *href,
                Itself::Rest { href, from, uid } => {
                    let is_of_rest = view.occurrence.original >= *from;
                    object.uid() == uid.as_str()
                        || is_of_rest && snapshot.places[object.resource()].href == *href
                }
            };
            !is_itself
                && clearing::is_blocking(&event, &view.occurrence, &room.policy)
                && is_wanted(view.occurrence.start, view.occurrence.end)
        })
        .collect();
    found.sort_by(|one, other| one.order().cmp(&other.order()));
    // As it was and as it may become, an event may take the same hour.
    found.dedup_by(|next, it| {
        let hours = [&*next, &*it].map(|it| (it.occurrence.start, it.occurrence.end));
        !it.uid_bytes().is_empty() && it.uid_bytes() == next.uid_bytes() && hours[0] == hours[1]
    });
    Ok(found.into_iter().take(MAX_IN_THE_WAY).map(Event::from).collect())
}
