//! Which rooms are free (section 9 of the contract).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use ical::civil::DAY;
use ical::{Moment, Zone};
use store::calendars::Calendar;
use store::rooms::{self, Room};
use tokio::sync::Semaphore;

use crate::booking::create::NewBooking;
use crate::room::snapshot::zone_of;
use crate::room::work::{Effort, work};
use crate::settings::rooms::MAX_FEATURES;
use crate::{Error, MessageId, Requested, Result, Service};

/// The most rooms that an answer names.
pub const MAX_FREE_ROOMS: usize = 100;
/// How many it names if nobody says otherwise.
pub const DEFAULT_FREE_ROOMS: usize = 20;
/// Rooms with the wanted properties that are looked at for one answer, in its order.
const MAX_LOOKED_AT: usize = 1_000;
/// The most rooms whose bookings are read in one query.
const LOOKED_AT_ONCE: usize = 32;
/// Searches that go on at once in a process: others wait, so that runs keep their share of the cores.
const SEARCHES_AT_ONCE: usize = 2;
/// Taken dates that are named of one room.
pub const MAX_TAKEN_NAMED: usize = 100;

/// How long a search waits for others.
const MAX_WAIT: Duration = Duration::from_secs(10);

static SEARCHES: Semaphore = Semaphore::const_new(SEARCHES_AT_ONCE);

/// What somebody looks for.
#[derive(Clone, Debug, Default)]
pub struct WantedRoom {
    /// When it begins: an ISO 8601 date-time, or a date.
    pub start: String,
    /// When it ends; exclusive.
    pub end: String,
    /// A recurrence rule (RFC 5545 section 3.3.10), for a series.
    pub rrule: Option<String>,
    /// The fewest seats.
    pub capacity: Option<i64>,
    /// The features that it has to have, all of them.
    pub features: Vec<String>,
    /// The building, as it is written in the settings of calendars; upper and lower case are the same.
    pub building: Option<String>,
    /// The most rooms of the answer.
    pub limit: usize,
}

impl WantedRoom {
    /// Whether a room has the wanted properties.
    pub fn fits(&self, room: &Room) -> bool {
        let same =
            |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
        let is_building =
            |it: &String| room.building.as_ref().is_some_and(|building| same(building, it));
        // No room has more.
        self.features.len() <= MAX_FEATURES
            && self.capacity.is_none_or(|it| room.capacity.is_some_and(|seats| seats >= it))
            && self.features.iter().all(|it| room.features.iter().any(|feature| same(feature, it)))
            && self.building.as_ref().is_none_or(is_building)
    }
}

/// A room, with which of the wanted dates are free.
#[derive(Clone, Debug)]
pub struct FreeRoom {
    /// Its calendar.
    pub calendar: Calendar,
    /// What it is like.
    pub room: Room,
    /// How many dates are wanted: 1 but for a series.
    pub dates: usize,
    /// How many of them are taken.
    pub dates_taken: usize,
    /// The first [`MAX_TAKEN_NAMED`] of these: their starts and ends, which are exclusive.
    pub taken: Vec<(Moment, Moment)>,
}

impl Service {
    /// The rooms among these calendars that have the wanted properties and are free: the smallest ones that have the
    /// seats first, those of unknown size last. For a series, rooms that are free on all dates come first, then those
    /// with the fewest taken dates. Of calendars on servers, what was last seen counts.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for times or a rule that cannot be booked.
    pub async fn free_rooms(
        &self,
        calendars: &[Calendar],
        wanted: &WantedRoom,
    ) -> Result<Vec<FreeRoom>> {
        let turn = tokio::time::timeout(MAX_WAIT, SEARCHES.acquire()).await;
        let turn = turn.map_err(|_| Error::Busy(MessageId::SearchesBusy.into()))?;
        let _turn = turn.map_err(|it| Error::Internal(it.to_string()))?;
        let mut by_zone = HashMap::new();
        if calendars.is_empty() {
            // What is wrong with the request is said all the same.
            booking_of(wanted, &Zone::utc())?;
        }
        let mut rooms = rooms::all(&self.store).await?;
        let mut candidates: Vec<(&Calendar, Room)> = calendars
            .iter()
            .filter_map(|it| Some((it, rooms.remove(&it.id)?)))
            .filter(|(_, room)| wanted.fits(room))
            .collect();
        candidates.sort_by_key(|(calendar, room)| {
            (room.capacity.unwrap_or(i64::MAX), calendar.name.clone(), calendar.id.0)
        });
        let limit = wanted.limit.min(MAX_FREE_ROOMS);
        let mut found: Vec<FreeRoom> = Vec::new();
        let mut candidates = candidates.into_iter().take(MAX_LOOKED_AT);
        let is_enough =
            |found: &[FreeRoom]| found.iter().filter(|it| it.dates_taken == 0).count() >= limit;
        // Mostly the first ones are free, and no more has to be read.
        let mut at_once = limit.clamp(1, LOOKED_AT_ONCE);
        while !is_enough(&found) {
            let next: Vec<(&Calendar, Room)> = candidates.by_ref().take(at_once).collect();
            at_once = LOOKED_AT_ONCE;
            if next.is_empty() {
                break;
            }
            let mut asked = Vec::with_capacity(next.len());
            for (calendar, _) in &next {
                let key = (calendar.zone.clone(), calendar.horizon_days);
                let dates: &Vec<_> = match by_zone.entry(key) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(self.dates_of(wanted, calendar).await?),
                };
                asked.push((*calendar, dates.clone()));
            }
            let taken = self.which_are_taken_of(asked.clone()).await?;
            for (((calendar, room), (_, dates)), taken) in next.into_iter().zip(asked).zip(taken) {
                let all_taken = dates.iter().zip(&taken).filter(|(_, is_taken)| **is_taken);
                let dates_taken = all_taken.clone().count();
                if dates_taken == dates.len() || is_enough(&found) {
                    continue;
                }
                let taken = all_taken.map(|(it, _)| *it).take(MAX_TAKEN_NAMED).collect();
                let (calendar, dates) = (calendar.clone(), dates.len());
                found.push(FreeRoom { calendar, room, dates, dates_taken, taken });
            }
        }
        // A stable sort: of equally good ones, the smallest stay first.
        found.sort_by_key(|it| it.dates_taken);
        found.truncate(limit);
        Ok(found)
    }

    /// The wanted dates in the zone of a calendar, up to its horizon.
    async fn dates_of(
        &self,
        wanted: &WantedRoom,
        calendar: &Calendar,
    ) -> Result<Vec<(Moment, Moment)>> {
        let (zone, now) = (zone_of(calendar), self.now());
        let booking = booking_of(wanted, &zone)?;
        let mut window = booking.window(&zone, now.plus(i64::from(calendar.horizon_days) * DAY));
        if wanted.rrule.is_some() {
            // What is over need not be free, and all of the past would have to be read for it.
            window.start = window.start.max(now);
            window.end = window.end.max(window.start.plus(1));
        }
        let effort = if wanted.rrule.is_some() { Effort::Much } else { Effort::Little };
        let dates = work(effort, booking, move |booking| {
            let found = booking.dates(("wanted", now), &zone, window)?;
            let mut dates: Vec<_> = found.into_iter().map(|it| (it.start, it.end)).collect();
            dates.sort_unstable();
            Ok::<_, Error>(dates)
        });
        dates.await?
    }
}

fn booking_of(wanted: &WantedRoom, zone: &Zone) -> Result<NewBooking> {
    let requested = Requested {
        name: "-".to_owned(),
        start: wanted.start.clone(),
        end: wanted.end.clone(),
        rrule: wanted.rrule.clone(),
        ..Requested::default()
    };
    NewBooking::read(&requested, zone).map_err(Error::Invalid)
}
