//! A built-in room: everybody books, moves and deletes through the program, so the model knows all of it
//! to the second, and what a clear has to leave.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use operations::{
    Caller, ChangeRequest, Error, ListRequest, Reader, Requested, RequestedChange, WhenTaken,
};
use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::event::{DAY, SLOT};
use crate::replica::Order;

/// The room's slug.
pub(crate) const SLUG: &str = "built-in";
/// Rule 7: what lasts longer may be removed while it takes place.
const STARTED_SECONDS: i64 = 12 * 3_600;

/// An event as the model knows it.
#[derive(Clone, Debug)]
struct Booked {
    /// In which order they were booked.
    number: usize,
    start: i64,
    end: i64,
    /// Since when each half hour is held.
    since: BTreeMap<i64, i64>,
}

impl Booked {
    fn held_since(&self) -> i64 {
        self.since.values().copied().max().unwrap_or(i64::MAX)
    }
}

/// What somebody does in the room.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Book { start: i64, end: i64, is_only_if_free: bool, organizer: String },
    Move { uid: String, start: i64, end: i64 },
    Delete { uid: String },
    Clear,
}

/// The model of the room.
#[derive(Default)]
pub(crate) struct BuiltInRoom {
    number: usize,
    booked: BTreeMap<String, Booked>,
}

/// A moment as the API reads it.
pub(crate) fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

impl BuiltInRoom {
    /// What somebody does next.
    pub fn choose(&self, random: &mut StdRng, now: i64) -> Deed {
        let hours = |random: &mut StdRng| {
            let day = now / DAY + random.random_range(0..3);
            let start = day * DAY + random.random_range(16..34) * SLOT;
            let start = if start > now { start } else { start + DAY };
            (start, start + random.random_range(1..=4) * SLOT)
        };
        let mut uids: Vec<&String> = self.booked.keys().collect();
        // Not by UID, which does not repeat.
        uids.sort_by_key(|uid| self.booked[*uid].number);
        let choice = random.random_range(0..10);
        if uids.is_empty() || choice < 4 {
            let (start, end) = hours(random);
            let is_only_if_free = random.random_range(0..3) == 0;
            let names = ["ann", "bob", "cyd"];
            let organizer = format!("{}@example.org", names[random.random_range(0..3)]);
            return Deed::Book { start, end, is_only_if_free, organizer };
        }
        let uid = uids[random.random_range(0..uids.len())].clone();
        match choice {
            4 | 5 => {
                let (start, end) = hours(random);
                Deed::Move { uid, start, end }
            }
            6 => Deed::Delete { uid },
            _ => Deed::Clear,
        }
    }

    fn overlapping(&self, start: i64, end: i64) -> bool {
        self.booked.values().any(|it| it.start < end && start < it.end)
    }

    /// Records a deed that was done at `now`; what is wrong with the answer.
    pub fn done(
        &mut self,
        deed: &Deed,
        answer: &Result<String, String>,
        now: i64,
    ) -> Option<String> {
        let held = |start: i64, end: i64| (start / SLOT..end / SLOT).map(|slot| (slot, now));
        match (deed, answer) {
            (Deed::Book { start, end, is_only_if_free, .. }, Ok(uid)) => {
                let is_taken = *is_only_if_free && self.overlapping(*start, *end);
                let (start, end) = (*start, *end);
                let since = held(start, end).collect();
                self.number += 1;
                let number = self.number;
                self.booked.insert(uid.clone(), Booked { number, start, end, since });
                is_taken.then(|| format!("{uid} was booked although the hour is taken"))
            }
            (Deed::Book { start, end, is_only_if_free: true, .. }, Err(error)) => {
                let is_free = !self.overlapping(*start, *end);
                is_free.then(|| format!("a free hour was refused: {error}"))
            }
            (Deed::Move { uid, start, end }, Ok(_)) => {
                let booked = self.booked.get_mut(uid)?;
                let before = std::mem::take(&mut booked.since);
                booked.since = held(*start, *end)
                    .map(|(slot, now)| (slot, before.get(&slot).copied().unwrap_or(now)))
                    .collect();
                (booked.start, booked.end) = (*start, *end);
                None
            }
            (Deed::Delete { uid }, Ok(_)) => {
                self.booked.remove(uid);
                None
            }
            (Deed::Clear, Ok(left)) => {
                let left: BTreeSet<String> = left.split_whitespace().map(str::to_owned).collect();
                let expected = self.after_a_clear(now);
                let ahead = |uid: &&String| self.booked.get(*uid).is_some_and(|it| it.end > now);
                let there: BTreeSet<String> = left.iter().filter(ahead).cloned().collect();
                self.booked.retain(|uid, it| it.end <= now || left.contains(uid));
                (there != expected).then(|| {
                    format!("a clear of the built-in room left {there:?} in place of {expected:?}")
                })
            }
            (deed, Err(error)) => Some(format!("{deed:?} failed: {error}")),
        }
    }

    /// What stays of what lies ahead: from the one that has held its hour longest to the youngest, each
    /// that overlaps none that stays, and what is on.
    fn after_a_clear(&self, now: i64) -> BTreeSet<String> {
        let mut ahead: Vec<(&String, &Booked)> =
            self.booked.iter().filter(|(_, it)| it.end > now).collect();
        ahead.sort_by_key(|(uid, it)| (it.held_since(), it.start, (*uid).clone()));
        let mut staying: Vec<(&String, &Booked)> = Vec::new();
        for (uid, it) in ahead {
            let is_on = it.start < now
                && it.held_since() < it.start
                && it.end - it.start <= STARTED_SECONDS;
            let is_free =
                !staying.iter().any(|(_, other)| other.start < it.end && it.start < other.end);
            if is_on || is_free {
                staying.push((uid, it));
            }
        }
        staying.into_iter().map(|(uid, _)| uid.clone()).collect()
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Deed::Book { start, end, organizer, .. } => {
                write!(out, "books the built-in room for {organizer}, {start} to {end}")
            }
            Deed::Move { start, end, .. } => {
                write!(out, "moves a booking of the built-in room to {start} to {end}")
            }
            Deed::Delete { .. } => write!(out, "deletes a booking of the built-in room"),
            Deed::Clear => write!(out, "clears the built-in room"),
        }
    }
}

impl Deed {
    /// What a process does for it; the answer is the new event's UID, or the UIDs that are left.
    pub fn order(&self, caller: Caller, now: i64) -> Order {
        let deed = self.clone();
        Box::new(move |service| {
            Box::pin(async move {
                let text = |error: Error| error.to_string();
                let calendar = service.calendar(SLUG).await.map_err(text)?;
                match deed {
                    Deed::Book { start, end, is_only_if_free, organizer } => {
                        let requested = Requested {
                            name: "Built-in".to_owned(),
                            start: moment(start),
                            end: moment(end),
                            organizer: Some(organizer),
                            ..Requested::default()
                        };
                        let when_taken =
                            if is_only_if_free { WhenTaken::Refuse } else { WhenTaken::Book };
                        let created = service
                            .create_event(&caller, &calendar, &requested, when_taken, None)
                            .await;
                        created.map(|it| it.id).map_err(text)
                    }
                    Deed::Move { uid, start, end } => {
                        let change = RequestedChange {
                            start: Some(moment(start)),
                            end: Some(moment(end)),
                            ..RequestedChange::default()
                        };
                        let request = ChangeRequest {
                            uid,
                            change,
                            occurrence: None,
                            when_taken: WhenTaken::Book,
                            if_match: None,
                        };
                        let changed = service.change_event(&caller, &calendar, request).await;
                        changed.map(|_| String::new()).map_err(text)
                    }
                    Deed::Delete { uid } => {
                        let deleted = service.delete_event(&caller, &calendar, &uid).await;
                        deleted.map(|()| String::new()).map_err(text)
                    }
                    Deed::Clear => {
                        crate::replica::clear(SLUG, operations::Mode::Real)(service.clone())
                            .await?;
                        let window = ical::Window {
                            start: ical::Moment(now - 30 * DAY),
                            end: ical::Moment(now + 60 * DAY),
                        };
                        let request = ListRequest { window, uid: None, after: None, limit: 1_000 };
                        let list = service
                            .list_events(&calendar, request, &Reader::administrator())
                            .await
                            .map_err(text)?;
                        let list: serde_json::Value =
                            serde_json::from_slice(&list).map_err(|error| error.to_string())?;
                        let events = list["events"].as_array().cloned().unwrap_or_default();
                        let uids = events.iter().filter_map(|it| it["uid"].as_str());
                        Ok(uids.collect::<Vec<_>>().join(" "))
                    }
                }
            })
        })
    }
}
