//! Rules 1 to 7, one function each. Rule 8 (no lost update) applies when a plan is carried out.

use ical::{Budget, Calendar, Event, Moment, Object, Occurrence, Window, Zones};

use crate::held::{Claims, HeldSince, Source};
use crate::invitations::{Invitations, accepted};
use crate::losers::Losers;
use crate::overlap::Intervals;
use crate::pending::Fate;
use crate::plan::{How, Ignored, Leftover, Plan, Reason, Removal, UnreadableObject};
use crate::policy::{Memory, Policy, RankBy};
use crate::priority::{Priorities, Ties};
use crate::rank::{Because, Rank, Slot, compare};
use crate::staying::Staying;
use crate::warned::Party;
use crate::warning::{Warning, WarningKind};

/// Objects between two updates of a progress bar, each of which takes as long as to read an object.
const OBJECTS_AT_ONCE: usize = 256;
/// Seconds of a day of the horizon.
const DAY: i64 = 86_400;
/// Seconds of the longest event with a time of day that counts as started (rule 7).
const LONGEST_STARTED: i64 = 12 * 3_600;
/// No all-day event of two dates is as short as this, and none of one date is as long, even on a
/// day of a clock change.
const ONE_DATE: i64 = 36 * 3_600;

/// Plans a clear of `calendar` at `now`. The result does not depend on the order of the objects, as
/// long as the calendar stays within its [`Budget`]; beyond it, the first objects are read and the
/// others are unreadable.
///
/// Its cost is O(n log n) in the occurrences of the window.
pub fn plan(
    calendar: &Calendar<'_>,
    zones: &mut Zones,
    policy: &Policy,
    memory: &Memory,
    now: Moment,
) -> Plan {
    plan_watched(calendar, zones, policy, memory, now, &mut |_| {})
}

/// [`plan`], with a call of `on_objects` after every few hundred objects of the calendar, for a progress bar.
pub fn plan_watched(
    calendar: &Calendar<'_>,
    zones: &mut Zones,
    policy: &Policy,
    memory: &Memory,
    now: Moment,
    on_objects: &mut dyn FnMut(u64),
) -> Plan {
    let alone = alone_in_their_resources(calendar);
    let run = Run { calendar, policy, memory, now, window: window(policy, now), alone };
    let mut plan = Plan::default();
    let mut found = Found::default();
    let mut invitations = Invitations::new(policy);
    let mut budget = Budget::new();
    let mut occurrences = Vec::new();
    for (index, object) in calendar.objects().iter().enumerate() {
        if (index + 1).is_multiple_of(OBJECTS_AT_ONCE) {
            on_objects(OBJECTS_AT_ONCE as u64);
        }
        occurrences.clear();
        let window = run.window;
        match ical::expand(calendar, object, zones, window, &mut budget, &mut occurrences) {
            Err(error) => {
                // Assumed zones of an unreadable object are not reported.
                zones.take_assumed();
                plan.unreadable.push(UnreadableObject { object: index, error });
            }
            Ok(()) => {
                let said = ical::warnings(calendar, object, zones).into_iter();
                plan.warnings.extend(said.map(|it| Warning { object: index, kind: it.into() }));
                occurrences.retain(|occurrence| occurrence.end > now);
                if !occurrences.is_empty() {
                    invitations.look_at(calendar, index, &occurrences);
                    run.sort_out(index, object, &occurrences, zones, &mut plan, &mut found);
                }
            }
        }
    }
    run.decide(found, &mut plan);
    plan.acceptances = accepted(invitations, &plan);
    run.put_in_order(&mut plan);
    plan
}

/// For each resource, whether it holds exactly one object.
fn alone_in_their_resources(calendar: &Calendar<'_>) -> Vec<bool> {
    let mut counts: Vec<u32> = Vec::new();
    for object in calendar.objects() {
        let resource = object.resource();
        if counts.len() <= resource {
            counts.resize(resource + 1, 0);
        }
        counts[resource] += 1;
    }
    counts.into_iter().map(|count| count == 1).collect()
}

/// Rule 1: only what ends after `now` and begins before the horizon counts.
fn window(policy: &Policy, now: Moment) -> Window {
    Window { start: now, end: now.plus(i64::from(policy.horizon_days) * DAY) }
}

/// Rule 2: whether an object is a cancelled leftover.
fn is_leftover(calendar: &Calendar<'_>, object: &Object<'_>) -> bool {
    calendar.events_of(object).all(|event| event.is_cancelled())
}

/// How an occurrence counts for the others, by its component.
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

/// Rule 4: how an occurrence of an object, of the component `event` and in `[start, end)`, is
/// prioritised; `None` if it is not.
pub fn priority_of(
    calendar: &Calendar<'_>,
    object: usize,
    event: &Event<'_, '_>,
    (start, end): (Moment, Moment),
    priorities: &Priorities,
    memory: &Memory,
) -> Option<Ties> {
    let object = &calendar.objects()[object];
    let by_itself = priorities.of_object(calendar, object).max(priorities.of_event(event));
    priorities.ties(by_itself.max(memory.bound(&object.uid(), start, end)))
}

/// The occurrences of the calendar in the window.
#[derive(Default)]
struct Found {
    blocking: Vec<Slot>,
    free: Vec<Slot>,
}

/// The decision on a blocking occurrence. A number is that of the strongest staying occurrence that
/// it overlaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ruling {
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
    /// For each resource, whether it holds exactly one object.
    alone: Vec<bool>,
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
        let uid = object.uid();
        let created = self.created(object, &uid, zones);
        let claims = self.claims(object, &uid);
        self.warn(index, object, &uid, zones, plan);
        let by_itself = match claims {
            Some(claims) => claims.base,
            None if self.memory.of_resources.is_some() => HeldSince::not_remembered(self.now),
            None => {
                let seen = self.memory.first_seen(&uid).unwrap_or(self.now);
                HeldSince::at_first_look(self.calendar, object, zones, seen)
            }
        };
        let priorities = &self.policy.priorities;
        let of_object =
            if priorities.is_empty() { None } else { priorities.of_object(self.calendar, object) };
        let mut known: Option<(u32, Standing, Option<Ties>)> = None;
        for occurrence in occurrences {
            let Occurrence { start, end, .. } = *occurrence;
            if start == end {
                continue;
            }
            // Most occurrences of an object have the same component, so it is evaluated once.
            let (standing, of_event) = match known {
                Some((component, standing, of_event)) if component == occurrence.component => {
                    (standing, of_event)
                }
                _ => {
                    let event = self.calendar.event(occurrence.component as usize);
                    let of_event =
                        if priorities.is_empty() { None } else { priorities.of_event(&event) };
                    (standing(&event, self.policy), of_event)
                }
            };
            known = Some((occurrence.component, standing, of_event));
            let list = match standing {
                Standing::Absent => continue,
                Standing::Blocking => &mut found.blocking,
                Standing::Free => &mut found.free,
            };
            let by_token = self.memory.bound(&uid, start, end);
            let held = claims.map_or(by_itself, |it| it.held_since(start, end)).at(self.now);
            let is_by_held = self.policy.rank_by == RankBy::HeldSince;
            let rank = Rank {
                priority: priorities.ties(of_object.max(of_event).max(by_token)),
                held,
                is_by_held,
                // It is no older here than the look that first saw it here.
                created: match is_by_held && held.source == Source::Look {
                    true => created.max(held.since),
                    false => created,
                },
            };
            list.push(Slot { object: index, occurrence: *occurrence, rank });
        }
    }

    fn claims(&self, object: &Object<'_>, uid: &str) -> Option<&Claims> {
        let resource = object.resource();
        let is_alone = self.alone.get(resource).copied().unwrap_or_default();
        self.memory.claims(is_alone.then_some(resource), uid)
    }

    /// Warns if the program's memory of an object differs from what its writer may expect.
    fn warn(&self, index: usize, object: &Object<'_>, uid: &str, zones: &Zones, plan: &mut Plan) {
        let mut add = |kind| plan.warnings.push(Warning { object: index, kind });
        let refuted = self.claims(object, uid).and_then(|it| it.created_refuted);
        if let Some(not_seen_at) = refuted
            && let Some(created) = ical::created(self.calendar, object, zones)
            && created <= not_seen_at
        {
            add(WarningKind::CreatedRefuted { created, not_seen_at });
        }
        if let Some(label) = self.memory.used_up.get(uid).filter(|_| !uid.is_empty()) {
            add(WarningKind::TokenUsedUp { label: label.clone() });
        }
    }

    /// Rule 4: the moment at which an object was created; where that is not known, the earlier of
    /// LAST-MODIFIED and the moment at which the program first saw it.
    fn created(&self, object: &Object<'_>, uid: &str, zones: &Zones) -> Moment {
        ical::created(self.calendar, object, zones).unwrap_or_else(|| {
            let seen = self.memory.first_seen(uid).unwrap_or(self.now);
            ical::last_modified(self.calendar, object, zones).map_or(seen, |it| it.min(seen))
        })
    }

    /// Rules 5 and 7: what is removed, and what is kept.
    fn decide(&self, found: Found, plan: &mut Plan) {
        let Found { mut blocking, free } = found;
        blocking.sort_unstable_by(|one, other| compare(self.calendar, one, other).0);
        let placed = |slot: &Slot| (slot.occurrence.start, slot.occurrence.end, slot.object as u32);
        let intervals = Intervals::new(blocking.iter().chain(&free).map(placed));
        let mut staying = Staying::new(&intervals, self.policy);
        let rulings: Vec<Ruling> = (0..blocking.len() as u32)
            .map(|number| {
                let ruling = self.ruling(number, &blocking, &staying);
                if !matches!(ruling, Ruling::Goes(_)) {
                    staying.add(number);
                }
                ruling
            })
            .collect();

        let mut fates = self.fates(&blocking, &rulings, plan).into_iter();
        for (slot, ruling) in blocking.iter().zip(&rulings) {
            let (reason, winner, removal_at) = match *ruling {
                Ruling::Stays => continue,
                Ruling::StaysAlthough(reason, winner) => (reason, winner, None),
                Ruling::Goes(winner) => match fates.next().unwrap_or(Fate::Removed(None)) {
                    Fate::Kept(reason, removal_at) => (reason, winner, removal_at),
                    Fate::Removed(pending) => {
                        let how = How::of(self.calendar, &self.calendar.objects()[slot.object]);
                        let (loser, winner) = (*slot, blocking[winner as usize]);
                        let because = Because::of(self.calendar, &winner, slot);
                        plan.removals.push(Removal { loser, winner, how, because, pending });
                        continue;
                    }
                },
            };
            let ignored = self.ignored(slot, &blocking[winner as usize], reason);
            plan.ignored.push(Ignored { removal_at, ..ignored });
        }
        // Rule 7: a free event is never removed, but reported.
        for (slot, number) in free.iter().zip(blocking.len() as u32..) {
            if let Some(winner) = staying.strongest_beside(number) {
                plan.ignored.push(self.ignored(slot, &blocking[winner as usize], Reason::Free));
            }
        }
        let stays =
            blocking.iter().zip(&rulings).filter(|(_, ruling)| !matches!(ruling, Ruling::Goes(_)));
        plan.staying = stays.map(|(slot, _)| *slot).collect();
    }

    /// Rule 5: an occurrence stays if it overlaps none of the occurrences that stay already, which
    /// are all stronger. Otherwise it is removed, unless rule 7 keeps it.
    fn ruling(&self, number: u32, blocking: &[Slot], staying: &Staying<'_>) -> Ruling {
        let Some(winner) = staying.strongest_beside(number) else {
            return Ruling::Stays;
        };
        let slot = &blocking[number as usize];
        let by_rule = self.reason_to_stay(number, slot, staying);
        let reason = by_rule.or_else(|| {
            let is_kept = self.losers().is_kept(slot, &blocking[winner as usize]);
            is_kept.then_some(Reason::Protected)
        });
        match reason {
            Some(reason) => Ruling::StaysAlthough(reason, winner),
            None => Ruling::Goes(winner),
        }
    }

    /// Rule 7: the first reason that holds for keeping a weaker occurrence.
    fn reason_to_stay(&self, number: u32, slot: &Slot, staying: &Staying<'_>) -> Option<Reason> {
        if self.is_started(slot) {
            return Some(Reason::Started);
        }
        // An occurrence that is stronger than a prioritised one is prioritised, too.
        if slot.rank.priority == Some(Ties::Keep) {
            return Some(Reason::Prioritised);
        }
        let protected = &self.policy.protected;
        if !protected.is_empty() && protected.contains(&*self.calendar.objects()[slot.object].uid())
        {
            return Some(Reason::Protected);
        }
        staying.tolerates(number).then_some(Reason::Tolerated)
    }

    /// Rule 7, `started`: whether an occurrence is on, has held its hour since before it began, and is
    /// short enough.
    fn is_started(&self, slot: &Slot) -> bool {
        let Occurrence { start, end, component, .. } = slot.occurrence;
        let HeldSince { since, source, .. } = slot.rank.held;
        if start >= self.now || since >= start && source != Source::Unknown {
            return false;
        }
        let length = end.since(start);
        length <= LONGEST_STARTED
            || length < ONE_DATE && self.calendar.event(component as usize).is_all_day()
    }

    /// What becomes of the occurrences that lose by rule 5.
    fn fates(&self, blocking: &[Slot], rulings: &[Ruling], plan: &mut Plan) -> Vec<Fate> {
        let goes = blocking.iter().zip(rulings).filter_map(|(slot, ruling)| match ruling {
            Ruling::Goes(winner) => Some((slot, &blocking[*winner as usize])),
            _ => None,
        });
        let losers: Vec<(&Slot, &Slot)> = goes.collect();
        let kept = |party: &Party| {
            let is_it = |slot: &Slot| {
                let object = &self.calendar.objects()[slot.object];
                let is_date = slot.occurrence.original == party.original;
                (is_date || How::of(self.calendar, object) == How::Delete)
                    && object.uid() == *party.uid
            };
            let index = blocking.iter().position(is_it)?;
            Some(match rulings[index] {
                Ruling::Stays => None,
                Ruling::StaysAlthough(reason, _) => Some(reason),
                Ruling::Goes(_) => Some(Reason::Report),
            })
        };
        self.losers().fates(&losers, kept, plan)
    }

    fn losers(&self) -> Losers<'_, '_> {
        let Run { calendar, policy, memory, now, .. } = *self;
        Losers { calendar, policy, memory, now }
    }

    fn ignored(&self, weaker: &Slot, winner: &Slot, reason: Reason) -> Ignored {
        let because = Because::of(self.calendar, winner, weaker);
        Ignored { weaker: *weaker, winner: *winner, reason, because, removal_at: None }
    }

    fn put_in_order(&self, plan: &mut Plan) {
        let uid = |object: usize| self.calendar.objects()[object].uid_bytes();
        // Few begin at one moment, so UIDs are mostly not needed.
        let order = |one: &Slot, other: &Slot| {
            let start = one.occurrence.start.cmp(&other.occurrence.start);
            start
                .then_with(|| uid(one.object).cmp(uid(other.object)))
                .then_with(|| one.occurrence.original.cmp(&other.occurrence.original))
        };
        plan.leftovers.sort_by(|one, other| {
            let start = one.occurrence.start.cmp(&other.occurrence.start);
            start.then_with(|| uid(one.object).cmp(uid(other.object)))
        });
        plan.removals.sort_by(|one, other| order(&one.loser, &other.loser));
        plan.ignored.sort_by(|one, other| order(&one.weaker, &other.weaker));
        plan.staying.sort_by(order);
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
