//! The model of one calendar: which half hours each event has held since when, by what the program could
//! see at its looks (rule 4), written as plainly as it can be. Where a look was cut short, or somebody
//! wrote in the middle of it, the model knows two bounds, and accuses nobody who lies between them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::event::{Event, SLOT};
use crate::since::{NEVER, Since, known_created, since};

/// What there is on the server: events by UID.
pub(crate) type State = Arc<BTreeMap<String, Event>>;

/// How long the answer that a winner is there may be old when a write is sent (rule 5), and the time that
/// the requests in between take.
const WINNER_SECONDS: i64 = 60 + 60;
/// Rule 7: what lasts longer may be removed while it takes place.
const STARTED_SECONDS: i64 = 12 * 3_600;

/// Since when a half hour is held: not before, and not after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub earliest: Since,
    /// `None` until a look settles it.
    pub latest: Option<Since>,
}

/// What the program may know of an object.
#[derive(Clone, Debug, Default)]
struct Known {
    slots: BTreeMap<i64, Bounds>,
    /// What it held when it was last there, since when at the earliest: it may come back.
    former: BTreeMap<i64, Since>,
    is_there: bool,
    organizer: Option<String>,
}

/// A look in progress.
#[derive(Debug)]
struct Look {
    begun: i64,
    /// When its first request was sent for the last time.
    begun_at_last: i64,
    /// After its first answer.
    listed: i64,
    ended: i64,
    /// Whether all was listed once more.
    is_repeated: bool,
    has_failed: bool,
    /// What there was during it, one after the other.
    states: Vec<State>,
}

/// Whether a look shows a half hour to be held.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Held,
    Free,
    /// It may have seen it or not.
    Unclear,
}

/// The model of one calendar.
#[derive(Default)]
pub(crate) struct Model {
    known: BTreeMap<String, Known>,
    look: Option<Look>,
    /// The first request of the last look, between two bounds.
    unseen: Option<(i64, i64)>,
    /// What there was since when, oldest first.
    states: Vec<(i64, State)>,
    /// When the first request of a look was sent, where it had to be sent again.
    first_try: Option<i64>,
    /// Objects whose change no list of changes tells, until all is listed.
    hidden: BTreeSet<String>,
    /// Whether a backup was restored since all was listed: the server may count up to the very token that the
    /// program has, and call unchanged what is not.
    is_restored: bool,
}

impl Model {
    /// What there is now.
    pub fn state(&self) -> State {
        self.states.last().map(|it| it.1.clone()).unwrap_or_default()
    }

    /// Somebody has changed the calendar.
    pub fn change(&mut self, now: i64, state: State) {
        if let Some(look) = &mut self.look {
            look.states.push(state.clone());
        }
        if self.is_restored {
            let before = self.state();
            let differs = |uid: &&String| before.get(*uid) != state.get(*uid);
            let changed: Vec<String> =
                before.keys().chain(state.keys()).filter(differs).cloned().collect();
            self.hidden.extend(changed);
        }
        self.states.push((now, state));
    }

    /// A backup of the calendar is about to be restored.
    pub fn restore(&mut self) {
        self.is_restored = true;
    }

    /// No list of changes tells of the last change of an object.
    pub fn hide(&mut self, uid: &str) {
        self.hidden.insert(uid.to_owned());
    }

    /// The next list of changes tells of an object again.
    pub fn show(&mut self, uid: &str) {
        if !self.is_restored {
            self.hidden.remove(uid);
        }
    }

    /// A look begins. `before` is when it was asked for, `now` when the answer was given.
    pub fn begin_look(&mut self, before: i64, now: i64) {
        self.end_look(true);
        let states = vec![self.state()];
        self.look = Some(Look {
            begun: self.first_try.take().unwrap_or(before),
            begun_at_last: before,
            listed: now,
            ended: now,
            is_repeated: false,
            has_failed: false,
            states,
        });
    }

    /// An answer that belongs to the look in progress, or stands for itself where there is none.
    pub fn read(&mut self, now: i64, is_list: bool) {
        match &mut self.look {
            Some(look) => {
                look.ended = now;
                look.is_repeated |= is_list;
            }
            None => {
                let state = self.state();
                self.look_at(&Look {
                    begun: now,
                    begun_at_last: now,
                    listed: now,
                    ended: now,
                    is_repeated: false,
                    has_failed: true,
                    states: vec![state],
                });
            }
        }
    }

    /// An answer of the look in progress did not arrive.
    pub fn fail_look(&mut self, before: i64) {
        match &mut self.look {
            Some(look) => look.has_failed = true,
            // It may be the first request of one, and be sent again.
            None => drop(self.first_try.get_or_insert(before)),
        }
    }

    /// A look in progress is over; whether the program went on after it.
    pub fn end_look(&mut self, went_on: bool) {
        let Some(mut look) = self.look.take() else { return };
        self.first_try = None;
        look.has_failed |= !went_on;
        self.look_at(&look);
        if look.is_repeated && !look.has_failed {
            self.hidden.clear();
            self.is_restored = false;
        }
        let until = if look.is_repeated { look.ended } else { look.begun_at_last };
        self.unseen = Some(match (look.has_failed, self.unseen) {
            (false, _) => (look.begun, until),
            (true, Some((earliest, _))) => (earliest, until),
            (true, None) => (NEVER, until),
        });
    }

    /// The program has written an object: what is new in it is held since now.
    pub fn write(&mut self, uid: &str, now: i64, is_answered: bool) {
        let state = self.state();
        let (earliest, latest) = self.unseen.unwrap_or((NEVER, NEVER));
        // The rest of a series that the program divides has the claims of the series.
        let series = state.get(uid).and_then(|it| it.rest_of.as_ref());
        let of_series = series.and_then(|it| self.known.get(it)).map(|it| it.slots.clone());
        let known = self.known.entry(uid.to_owned()).or_default();
        let Some(event) = state.get(uid) else {
            known.former = known.slots.iter().map(|(slot, it)| (*slot, it.earliest)).collect();
            known.slots.clear();
            known.is_there = false;
            return;
        };
        let held: BTreeSet<i64> = event.slots().collect();
        known.slots.retain(|slot, _| held.contains(slot));
        for slot in held {
            let former = known.former.get(&slot).copied();
            known.slots.entry(slot).or_insert_with(|| {
                if let Some(slots) = &of_series {
                    let unknown = Bounds { earliest: (NEVER, NEVER), latest: None };
                    return slots.get(&slot).copied().unwrap_or(unknown);
                }
                let latest = (is_answered && former.is_none()).then_some((latest, now + 60));
                let earliest = former.unwrap_or((earliest, now)).min((earliest, now));
                Bounds { earliest, latest }
            });
        }
        known.organizer = event.organizer.clone();
        known.is_there = true;
    }

    fn look_at(&mut self, look: &Look) {
        let mut uids: BTreeSet<String> = self.known.keys().cloned().collect();
        uids.extend(look.states.iter().flat_map(|state| state.keys().cloned()));
        let given_up = self.given_up(look);
        let (first, second) = self.unseen.unwrap_or((NEVER, NEVER));
        for uid in uids {
            let versions: Vec<Option<&Event>> =
                look.states.iter().map(|state| state.get(&uid)).collect();
            let held: Vec<BTreeSet<i64>> = versions
                .iter()
                .map(|it| it.map(|event| event.slots().collect()).unwrap_or_default())
                .collect();
            let last = versions.iter().rev().find_map(|it| *it);
            let is_absent = versions.iter().all(Option::is_none);
            let is_present = versions.iter().all(Option::is_some);
            let is_hidden = self.hidden.contains(&uid);
            let known = self.known.entry(uid).or_default();
            let mut slots: BTreeSet<i64> = known.slots.keys().copied().collect();
            slots.extend(held.iter().flatten());
            for slot in slots {
                let seen = held.iter().filter(|it| it.contains(&slot)).count();
                let mut presence = match seen {
                    0 => Presence::Free,
                    all if all == held.len() => Presence::Held,
                    _ => Presence::Unclear,
                };
                let tracked = known.slots.get(&slot).copied();
                let is_doubtful = look.has_failed || is_hidden;
                if is_doubtful && (presence == Presence::Held) != tracked.is_some() {
                    presence = Presence::Unclear;
                }
                let fresh = || {
                    let event = last.cloned().unwrap_or_default();
                    let is_new = !known.is_there;
                    let mut all = Vec::new();
                    for unseen in [first, second] {
                        for saw in [look.listed, look.ended] {
                            all.push(since(&event, is_new, unseen, saw));
                        }
                    }
                    let (least, most) = (all.iter().min().copied(), all.iter().max().copied());
                    (least.unwrap_or((NEVER, NEVER)), most.unwrap_or((NEVER, NEVER)))
                };
                let inherited = last
                    .and_then(|event| event.organizer.as_ref())
                    .filter(|_| !known.is_there)
                    .and_then(|organizer| given_up.get(&(organizer.clone(), slot)).copied());
                match (presence, tracked) {
                    (Presence::Held, None) | (Presence::Unclear, None) => {
                        let (mut earliest, latest) = fresh();
                        earliest = earliest.min(inherited.unwrap_or(earliest));
                        earliest =
                            earliest.min(known.former.get(&slot).copied().unwrap_or(earliest));
                        let latest = (presence == Presence::Held).then_some(latest);
                        known.slots.insert(slot, Bounds { earliest, latest });
                    }
                    (Presence::Held, Some(Bounds { earliest, latest: None })) if !is_doubtful => {
                        known.slots.insert(slot, Bounds { earliest, latest: Some(fresh().1) });
                    }
                    (Presence::Unclear, Some(Bounds { earliest, .. })) => {
                        known.slots.insert(slot, Bounds { earliest, latest: None });
                    }
                    (Presence::Free, Some(Bounds { earliest, .. })) => {
                        known.slots.remove(&slot);
                        if is_absent {
                            known.former.insert(slot, earliest);
                        }
                    }
                    _ => {}
                }
            }
            if is_present && !look.has_failed {
                known.former.clear();
            }
            if !look.has_failed || last.is_some() {
                known.is_there = last.is_some();
            }
            if let Some(last) = last {
                known.organizer = last.organizer.clone();
            }
        }
    }

    /// What objects may have given up at a look, by organizer and half hour: another one of the same
    /// organizer takes over its claim.
    fn given_up(&self, look: &Look) -> BTreeMap<(String, i64), Since> {
        let mut given_up = BTreeMap::new();
        for (uid, known) in &self.known {
            let Some(organizer) = &known.organizer else { continue };
            for (slot, bounds) in &known.slots {
                let is_held = |state: &State| {
                    state.get(uid).is_some_and(|event| event.slots().any(|it| it == *slot))
                };
                if !look.states.iter().all(is_held) {
                    let at = given_up.entry((organizer.clone(), *slot)).or_insert(bounds.earliest);
                    *at = bounds.earliest.min(*at);
                }
            }
        }
        given_up
    }

    /// Since when an interval is held: as old as its youngest part.
    fn held(&self, uid: &str, start: i64, end: i64) -> Option<Bounds> {
        let known = self.known.get(uid)?;
        let mut youngest: Option<Bounds> = None;
        for slot in start / SLOT..end / SLOT {
            let part = *known.slots.get(&slot)?;
            youngest = Some(match youngest {
                None => part,
                Some(so_far) => Bounds {
                    earliest: so_far.earliest.max(part.earliest),
                    latest: so_far.latest.zip(part.latest).map(|(one, other)| one.max(other)),
                },
            });
        }
        youngest
    }

    /// Whether the first of two occurrences is the stronger one for sure.
    fn is_stronger(
        &self,
        (one, (start, end)): (&Event, (i64, i64)),
        (other, (from, to)): (&Event, (i64, i64)),
    ) -> bool {
        let (Some(first), Some(second)) =
            (self.held(&one.uid, start, end), self.held(&other.uid, from, to))
        else {
            return false;
        };
        let Some(latest) = first.latest else { return false };
        if latest < second.earliest {
            return true;
        }
        let is_exact = latest == first.earliest && second.latest == Some(second.earliest);
        if !is_exact || latest != second.earliest {
            return false;
        }
        let (Some(said), Some(other_said)) = (known_created(one), known_created(other)) else {
            return false;
        };
        // Where only a look says since when, CREATED is no older than that look (docs/rules.md).
        let counted = |event: &Event, created: i64| match event.modified == Some(latest.1) {
            true => created,
            false => created.max(latest.1),
        };
        let is_earlier =
            |one_created, other_created| (one_created, &one.uid) < (other_created, &other.uid);
        is_earlier(said, other_said) && is_earlier(counted(one, said), counted(other, other_said))
    }

    /// What is wrong with a removal of these occurrences of an object at `now`, by a run that began at
    /// `began`; nothing if each of them may have been somebody else's hour.
    pub fn wrong_removal(
        &self,
        loser: &Event,
        removed: &[(i64, i64)],
        (began, now): (i64, i64),
    ) -> Option<String> {
        for &(start, end) in removed {
            let what = || format!("{} at {}", loser.uid, crate::event::shown(start));
            if end <= began {
                return Some(format!("{} was removed although it was over", what()));
            }
            let held = self.held(&loser.uid, start, end);
            let is_on = start < began && end - start <= STARTED_SECONDS;
            let since = held.and_then(|it| it.latest);
            if is_on && since.is_some_and(|(_, moment)| moment < start) {
                return Some(format!("{} was removed while it was on", what()));
            }
            let mut rivals = BTreeSet::new();
            let mut is_lost = false;
            for (index, (_, state)) in self.states.iter().enumerate() {
                let until = self.states.get(index + 1).map_or(i64::MAX, |next| next.0);
                if until < now - WINNER_SECONDS {
                    continue;
                }
                for (uid, rival) in state.iter().filter(|(uid, _)| **uid != loser.uid) {
                    for (from, to) in rival.blocking() {
                        if from < end && start < to {
                            rivals.insert(format!("{uid} since {:?}", self.held(uid, from, to)));
                            is_lost |=
                                !self.is_stronger((loser, (start, end)), (rival, (from, to)));
                        }
                    }
                }
            }
            if rivals.is_empty() {
                return Some(format!("{} was removed although nobody else had the hour", what()));
            }
            if !is_lost {
                let rivals: Vec<String> = rivals.into_iter().collect();
                return Some(format!(
                    "{} lost the hour that it has held since {held:?} to younger ones: {}",
                    what(),
                    rivals.join(", ")
                ));
            }
        }
        None
    }

    /// What is wrong with a booking that is only to be made if the hour is free, and that was asked for
    /// at `began`.
    pub fn wrong_booking(&self, event: &Event, (began, now): (i64, i64)) -> Option<String> {
        for (uid, other) in self.state().iter().filter(|it| *it.0 != event.uid) {
            let is_old = self.states.iter().enumerate().all(|(index, (_, state))| {
                let until = self.states.get(index + 1).map_or(i64::MAX, |next| next.0);
                until < began.min(now) || state.get(uid) == Some(other)
            });
            let is_taken = event.blocking().iter().any(|(start, end)| {
                other.blocking().iter().any(|(from, to)| from < end && start < to)
            });
            if is_old && is_taken {
                return Some(format!("{} was booked although {uid} has the hour", event.name));
            }
        }
        None
    }
}
