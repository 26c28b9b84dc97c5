//! The rules, from 1 to 7, each a function of its own. Rule 8 (no lost update) belongs to those who
//! carry a plan out.

use hashbrown::HashSet;
use ical::{Budget, Calendar, Event, Moment, Object, Occurrence, Window, Zones};

use crate::overlap::{Best, Intervals};
use crate::plan::{How, Ignored, Leftover, Plan, Reason, Removal, UnreadableObject};
use crate::policy::{Memory, Policy, RankBy, Remembered};
use crate::rank::{Rank, Slot, compare};
use crate::warning::Warning;

/// Seconds of a day of the horizon, and of the longest event that counts as started (rule 7).
const DAY: i64 = 86_400;

/// Works out what a clear of `calendar` at `now` would do. The answer does not depend on the order
/// of the objects, as long as the calendar stays within its [`Budget`]: where it does not, the first
/// objects are read and the others are unreadable.
///
/// Its cost is O(n log n) in the occurrences of the window.
pub fn plan(
    calendar: &Calendar<'_>,
    zones: &mut Zones,
    policy: &Policy,
    memory: &Memory,
    now: Moment,
) -> Plan {
    plan_watched(calendar, zones, policy, memory, now, &mut || {})
}

/// [`plan`], with a call of `on_object` for each object of the calendar, for a progress bar.
pub fn plan_watched(
    calendar: &Calendar<'_>,
    zones: &mut Zones,
    policy: &Policy,
    memory: &Memory,
    now: Moment,
    on_object: &mut dyn FnMut(),
) -> Plan {
    let run = Run { calendar, policy, memory, now, window: window(policy, now) };
    let mut plan = Plan::default();
    let mut found = Found::default();
    let mut budget = Budget::new();
    let mut occurrences = Vec::new();
    for (index, object) in calendar.objects().iter().enumerate() {
        on_object();
        occurrences.clear();
        let window = run.window;
        match ical::expand(calendar, object, zones, window, &mut budget, &mut occurrences) {
            Err(error) => {
                // What was assumed of it does not matter any more.
                zones.take_assumed();
                plan.unreadable.push(UnreadableObject { object: index, error });
            }
            Ok(()) => {
                let said = ical::warnings(calendar, object, zones).into_iter();
                plan.warnings.extend(said.map(|it| Warning { object: index, kind: it.into() }));
                occurrences.retain(|occurrence| occurrence.end > now);
                if !occurrences.is_empty() {
                    run.sort_out(index, object, &occurrences, zones, &mut plan, &mut found);
                }
            }
        }
    }
    run.decide(found, &mut plan);
    run.put_in_order(&mut plan);
    plan
}

/// Rule 1: only what ends after `now` and begins before the horizon counts.
fn window(policy: &Policy, now: Moment) -> Window {
    Window { start: now, end: now.plus(i64::from(policy.horizon_days) * DAY) }
}

/// Rule 2: whether an object is a cancelled leftover.
fn is_leftover(calendar: &Calendar<'_>, object: &Object<'_>) -> bool {
    calendar.events_of(object).all(|event| event.is_cancelled())
}

/// What an occurrence is to the others, by what its component says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It takes the room.
    Blocking,
    /// It is TRANSPARENT and would block otherwise.
    Free,
    /// It is cancelled, or declined by the room.
    Absent,
}

/// Rule 3, but for the length: each component speaks for itself.
fn standing(event: &Event<'_, '_>, policy: &Policy) -> Standing {
    let room = policy.room_address.as_ref();
    if event.is_cancelled() || room.is_some_and(|room| event.is_declined_by(room.as_str())) {
        Standing::Absent
    } else if event.is_transparent() && !policy.free_blocks {
        Standing::Free
    } else {
        Standing::Blocking
    }
}

/// Rule 3: whether an occurrence, whose component is `event`, blocks: it is neither cancelled, nor of
/// zero length, nor free, nor declined by the room itself.
pub fn is_blocking(event: &Event<'_, '_>, occurrence: &Occurrence, policy: &Policy) -> bool {
    occurrence.start < occurrence.end && takes_room(event, policy)
}

/// Rule 3, but for the length: whether a component's occurrences block unless they are of zero length.
pub fn takes_room(event: &Event<'_, '_>, policy: &Policy) -> bool {
    standing(event, policy) == Standing::Blocking
}

/// Rule 6: an event that does not recur is deleted with its object; of a recurring one the
/// occurrence is cancelled.
fn how_it_goes(calendar: &Calendar<'_>, object: &Object<'_>) -> How {
    if ical::is_recurring(calendar, object) { How::CancelOccurrence } else { How::Delete }
}

/// What the objects of the calendar put into the window.
#[derive(Default)]
struct Found {
    blocking: Vec<Slot>,
    free: Vec<Slot>,
}

/// What became of a blocking occurrence; a number is that of the strongest staying one it overlaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Stays,
    StaysAlthough(Reason, u32),
    Goes(u32),
}

/// The inputs of a plan.
struct Run<'r, 'a> {
    calendar: &'r Calendar<'a>,
    policy: &'r Policy,
    memory: &'r Memory,
    now: Moment,
    window: Window,
}

impl Run<'_, '_> {
    /// Sorts the occurrences of one object into leftovers, blocking and free ones.
    fn sort_out(
        &self,
        index: usize,
        object: &Object<'_>,
        occurrences: &[Occurrence],
        zones: &Zones,
        plan: &mut Plan,
        found: &mut Found,
    ) {
        if is_leftover(self.calendar, object) {
            let first = occurrences.iter().min_by_key(|it| (it.start, it.end, it.original));
            if let Some(occurrence) = first
                && !self.policy.protected.contains(&*object.uid())
            {
                plan.leftovers.push(Leftover { object: index, occurrence: *occurrence });
            }
            return;
        }
        let remembered = self.memory.of(&object.uid());
        let created = self.created(object, &remembered, zones);
        let mut known: Option<(u32, Standing, bool)> = None;
        for occurrence in occurrences {
            if occurrence.start == occurrence.end {
                continue;
            }
            // Most occurrences of an object have the same component: ask it once.
            let (standing, prioritised) = match known {
                Some((component, standing, prioritised)) if component == occurrence.component => {
                    (standing, prioritised)
                }
                _ => {
                    let event = self.calendar.event(occurrence.component as usize);
                    (standing(&event, self.policy), self.is_prioritised(object, &event))
                }
            };
            known = Some((occurrence.component, standing, prioritised));
            let list = match standing {
                Standing::Absent => continue,
                Standing::Blocking => &mut found.blocking,
                Standing::Free => &mut found.free,
            };
            let claim = self.claim(&remembered, occurrence, created);
            let rank = Rank { prioritised, claim, created };
            list.push(Slot { object: index, occurrence: *occurrence, rank });
        }
    }

    /// Rule 4: the moment at which an object was created; where that is not known, the earlier of
    /// LAST-MODIFIED and the moment at which the program first saw it.
    fn created(&self, object: &Object<'_>, remembered: &Remembered, zones: &Zones) -> Moment {
        ical::created(self.calendar, object, zones).unwrap_or_else(|| {
            let seen = remembered.first_seen.unwrap_or(self.now);
            ical::last_modified(self.calendar, object, zones).map_or(seen, |it| it.min(seen))
        })
    }

    /// Rule 4, by claim: since when the object has held the occurrence's interval.
    fn claim(&self, remembered: &Remembered, occurrence: &Occurrence, created: Moment) -> Moment {
        match self.policy.rank_by {
            RankBy::Created => Moment::MIN,
            RankBy::Claim => {
                remembered.held_since(occurrence.start, occurrence.end).unwrap_or(created)
            }
        }
    }

    fn is_prioritised(&self, object: &Object<'_>, event: &Event<'_, '_>) -> bool {
        let priorities = &self.policy.priorities;
        !priorities.is_empty() && (priorities.has_uid(&object.uid()) || priorities.has_event(event))
    }

    /// Rules 5 and 7: who goes, and who is left alone.
    fn decide(&self, found: Found, plan: &mut Plan) {
        let Found { mut blocking, free } = found;
        blocking.sort_unstable_by(|one, other| compare(self.calendar, one, other).0);
        let placed = |slot: &Slot| (slot.occurrence.start, slot.occurrence.end, slot.object as u32);
        let intervals = Intervals::new(blocking.iter().chain(&free).map(placed));
        let mut staying = Staying::new(&intervals, self.policy);
        let fates: Vec<Fate> = (0..blocking.len() as u32)
            .map(|number| {
                let fate = self.fate(number, &blocking[number as usize], &staying);
                if !matches!(fate, Fate::Goes(_)) {
                    staying.add(number);
                }
                fate
            })
            .collect();

        let goes = blocking.iter().zip(&fates).filter(|(_, fate)| matches!(fate, Fate::Goes(_)));
        let exceeds_limit = self.exceeds_limit(goes.map(|(slot, _)| slot.object));
        for (slot, fate) in blocking.iter().zip(&fates) {
            let (reason, winner) = match *fate {
                Fate::Stays => continue,
                Fate::StaysAlthough(reason, winner) => (reason, winner),
                Fate::Goes(winner) if exceeds_limit => (Reason::Limit, winner),
                Fate::Goes(winner) => {
                    let how = how_it_goes(self.calendar, &self.calendar.objects()[slot.object]);
                    let winner = blocking[winner as usize];
                    plan.removals.push(Removal { loser: *slot, winner, how });
                    continue;
                }
            };
            let winner = blocking[winner as usize];
            plan.ignored.push(Ignored { weaker: *slot, winner, reason });
        }
        // Rule 7: what is free is never removed, but said.
        for (slot, number) in free.iter().zip(blocking.len() as u32..) {
            if let Some(winner) = staying.strongest_beside(number) {
                let winner = blocking[winner as usize];
                plan.ignored.push(Ignored { weaker: *slot, winner, reason: Reason::Free });
            }
        }
        let stays = blocking.iter().zip(&fates).filter(|(_, fate)| !matches!(fate, Fate::Goes(_)));
        plan.staying = stays.map(|(slot, _)| *slot).collect();
    }

    /// Rule 5: an occurrence stays if it overlaps none of those that stay already, which are all
    /// stronger; else it goes, unless rule 7 leaves it alone.
    fn fate(&self, number: u32, slot: &Slot, staying: &Staying<'_>) -> Fate {
        let Some(winner) = staying.strongest_beside(number) else {
            return Fate::Stays;
        };
        match self.reason_to_stay(number, slot, staying) {
            Some(reason) => Fate::StaysAlthough(reason, winner),
            None => Fate::Goes(winner),
        }
    }

    /// Rule 7: the first reason that holds for leaving a weaker occurrence where it is.
    fn reason_to_stay(&self, number: u32, slot: &Slot, staying: &Staying<'_>) -> Option<Reason> {
        let Occurrence { start, end, .. } = slot.occurrence;
        let lasts_at_most_a_day = end.since(start) <= DAY;
        if start < self.now && slot.rank.created < start && lasts_at_most_a_day {
            return Some(Reason::Started);
        }
        let protected = &self.policy.protected;
        if !protected.is_empty() && protected.contains(&*self.calendar.objects()[slot.object].uid())
        {
            return Some(Reason::Protected);
        }
        staying.tolerates(number).then_some(Reason::Tolerated)
    }

    /// Rule 7, `limit`: whether the run would remove from too many objects.
    fn exceeds_limit(&self, losers: impl Iterator<Item = usize>) -> bool {
        self.policy.limit.is_some_and(|limit| losers.collect::<HashSet<_>>().len() > limit)
    }

    fn put_in_order(&self, plan: &mut Plan) {
        let uid = |object: usize| self.calendar.objects()[object].uid_bytes();
        let key = |slot: &Slot| (slot.occurrence.start, uid(slot.object), slot.occurrence.original);
        plan.leftovers.sort_by(|one, other| {
            (one.occurrence.start, uid(one.object))
                .cmp(&(other.occurrence.start, uid(other.object)))
        });
        plan.removals.sort_by(|one, other| key(&one.loser).cmp(&key(&other.loser)));
        plan.ignored.sort_by(|one, other| key(&one.weaker).cmp(&key(&other.weaker)));
        plan.staying.sort_by(|one, other| key(one).cmp(&key(other)));
        plan.latest_ends = plan
            .staying
            .iter()
            .scan(Moment::MIN, |latest, slot| {
                *latest = slot.occurrence.end.max(*latest);
                Some(*latest)
            })
            .collect();
    }
}

type Better<'i> = Box<dyn Fn(u32, u32) -> bool + 'i>;

/// The blocking occurrences that stay, by their numbers: the stronger, the smaller.
struct Staying<'i> {
    intervals: &'i Intervals,
    strongest: Best<'i, fn(u32, u32) -> bool>,
    /// Only where there is a tolerance: those that end first and last, and the tolerance in seconds.
    by_end: Option<(Best<'i, Better<'i>>, Best<'i, Better<'i>>, i64)>,
}

impl<'i> Staying<'i> {
    fn new(intervals: &'i Intervals, policy: &Policy) -> Staying<'i> {
        let by_end = (policy.tolerance_minutes > 0).then(|| {
            let end = |number: u32| intervals.get(number).end;
            let ends_first: Better<'i> = Box::new(move |a, b| end(a) < end(b));
            let ends_last: Better<'i> = Box::new(move |a, b| end(a) > end(b));
            let tolerance = i64::from(policy.tolerance_minutes) * 60;
            (Best::new(intervals, ends_first), Best::new(intervals, ends_last), tolerance)
        });
        Staying { intervals, strongest: Best::new(intervals, |a, b| a < b), by_end }
    }

    fn add(&mut self, number: u32) {
        self.strongest.add(number);
        if let Some((ends_first, ends_last, _)) = &mut self.by_end {
            ends_first.add(number);
            ends_last.add(number);
        }
    }

    /// The strongest that overlaps the occurrence of that number and is of another object.
    fn strongest_beside(&self, number: u32) -> Option<u32> {
        self.strongest.overlapping(self.intervals.get(number))
    }

    /// Rule 7, `tolerated`: whether all overlaps with those that stay are at an edge and no longer
    /// than the tolerance, neither lying within the other.
    fn tolerates(&self, number: u32) -> bool {
        let Some((ends_first, ends_last, tolerance)) = &self.by_end else {
            return false;
        };
        let it = self.intervals.get(number);
        let end_of = |number: u32| self.intervals.get(number).end;
        // What begins in it must begin near its end, and not together with it …
        let near_end = it.end.plus(-tolerance).max(it.start.plus(1));
        if self.strongest.beginning_in(it.start, near_end, it.object).is_some() {
            return false;
        }
        // … and go on after it.
        let within = ends_first.beginning_in(near_end, it.end, it.object);
        if within.is_some_and(|within| end_of(within) <= it.end) {
            return false;
        }
        // What began before it must end near its start, and before it does.
        let around = ends_last.holding_start_of(it);
        around.is_none_or(|around| {
            end_of(around) <= it.start.plus(*tolerance) && end_of(around) < it.end
        })
    }
}
