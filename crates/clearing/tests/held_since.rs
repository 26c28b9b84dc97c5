//! Properties of held since (rule 4), on random histories of looks.
//!
//! A calendar is looked at, at any rhythm and for any time. Between the looks and during them, objects
//! appear, move, write whatever they like into CREATED and LAST-MODIFIED, vanish, are reported as gone
//! although they are there, come back, are split, and are restored by the program. What must come out
//! is told from the looks alone, by a model that knows no moments.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clearing::{
    Claims, GivenUp, Held, Memory, Policy, Sight, first_claims, given_up, owners, plan,
    renewed_claims, restored_claims,
};
use ical::{Calendar, Moment, Zone, Zones};
use proptest::prelude::*;

/// 2026-03-02T00:00:00Z: the day that all want to have. The looks are in the week before.
const DAY: i64 = 1_772_409_600;
const FIRST_LOOK: i64 = DAY - 7 * 86_400;

/// What an object looks like on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Event {
    owner: usize,
    /// Hours of the day.
    start: i64,
    end: i64,
    created: i64,
    modified: Option<i64>,
}

fn utc(moment: i64) -> String {
    let at = jiff::Timestamp::from_second(moment).unwrap();
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

impl Event {
    fn text(&self, uid: usize) -> String {
        let modified = self.modified.map(|it| format!("LAST-MODIFIED:{}\r\n", utc(it)));
        format!(
            "BEGIN:VEVENT\r\nUID:uid-{uid}\r\nDTSTART:{}\r\nDTEND:{}\r\nCREATED:{}\r\n{}\
             ORGANIZER:mailto:{}@example.org\r\nEND:VEVENT\r\n",
            utc(DAY + self.start * 3_600),
            utc(DAY + self.end * 3_600),
            utc(self.created),
            modified.unwrap_or_default(),
            self.owner,
        )
    }
}

/// What somebody does, and what it says of its time.
#[derive(Clone, Debug)]
enum Action {
    Appear {
        start: i64,
        length: i64,
        lie: Lie,
    },
    Move {
        which: usize,
        start: i64,
        length: i64,
        lie: Lie,
    },
    Forge {
        which: usize,
        lie: Lie,
    },
    Vanish {
        which: usize,
    },
    /// What vanished is there again, and after a look that lacked it says whatever it likes of its time.
    Return {
        which: usize,
        lie: Lie,
    },
    /// The server says that it is gone, and it is not.
    Phantom {
        which: usize,
    },
    /// It is deleted and written anew under the same UID.
    Recreate {
        which: usize,
        lie: Lie,
    },
    /// "This and following": the second half becomes another object of the same organizer.
    Split {
        which: usize,
        lie: Lie,
    },
    /// The program deletes it on request, and restores it later.
    Remove {
        which: usize,
    },
    Restore {
        which: usize,
    },
    /// Somebody books through the program.
    Write {
        start: i64,
        length: i64,
    },
}

/// What CREATED and LAST-MODIFIED say.
#[derive(Clone, Copy, Debug)]
enum Lie {
    Truth,
    Long,
    AfterTheLastLook,
    Future,
}

fn lie() -> impl Strategy<Value = Lie> {
    prop::sample::select(vec![Lie::Truth, Lie::Long, Lie::AfterTheLastLook, Lie::Future])
}

fn action() -> impl Strategy<Value = Action> {
    let which = || 0_usize..12;
    let (start, length) = (|| 8_i64..16, || 1_i64..4);
    prop_oneof![
        4 => (start(), length(), lie())
            .prop_map(|(start, length, lie)| Action::Appear { start, length, lie }),
        4 => (which(), start(), length(), lie())
            .prop_map(|(which, start, length, lie)| Action::Move { which, start, length, lie }),
        1 => (which(), lie()).prop_map(|(which, lie)| Action::Forge { which, lie }),
        2 => which().prop_map(|which| Action::Vanish { which }),
        2 => (which(), lie()).prop_map(|(which, lie)| Action::Return { which, lie }),
        1 => which().prop_map(|which| Action::Phantom { which }),
        1 => (which(), lie()).prop_map(|(which, lie)| Action::Recreate { which, lie }),
        1 => (which(), lie()).prop_map(|(which, lie)| Action::Split { which, lie }),
        1 => which().prop_map(|which| Action::Remove { which }),
        1 => which().prop_map(|which| Action::Restore { which }),
        1 => (start(), length()).prop_map(|(start, length)| Action::Write { start, length }),
    ]
}

/// What happens before a look, and during it: whether the look sees the latter is its luck.
#[derive(Clone, Debug)]
struct Round {
    before: Vec<Action>,
    during: Vec<(Action, bool)>,
    /// Seconds that each action takes, 0 or 1: looks and writes within one second are in order, too.
    tick: i64,
    pause: i64,
    length: i64,
}

fn round() -> impl Strategy<Value = Round> {
    (
        prop::collection::vec(action(), 0..4),
        prop::collection::vec((action(), any::<bool>()), 0..2),
        0_i64..2,
        prop::sample::select(vec![0_i64, 1, 60, 3_600, 20_000]),
        prop::sample::select(vec![0_i64, 1, 300]),
    )
        .prop_map(|(before, during, tick, pause, length)| Round {
            before,
            during,
            tick,
            pause,
            length,
        })
}

/// The server, and all that the program remembers.
#[derive(Default)]
struct World {
    clock: i64,
    /// Seconds that an action takes now.
    tick: i64,
    /// First request of the last look.
    look: Option<i64>,
    there: BTreeMap<usize, Event>,
    next: usize,
    /// Those that were split or came from a split: they stay where they are.
    still: BTreeSet<usize>,
    /// What the server says is gone at the next look although it is not.
    phantoms: BTreeSet<usize>,
    /// Deleted and written anew since the last look.
    recreated: BTreeSet<usize>,
    /// What vanished, and after how many looks.
    vanished: BTreeMap<usize, (Event, usize)>,
    /// What the program removed, and who else held which hours since.
    removed: BTreeMap<usize, (Event, Vec<(i64, i64)>)>,
    /// What the program has seen, and what it remembers of it.
    seen: BTreeMap<usize, Event>,
    claims: BTreeMap<usize, Claims>,
    /// The model: for each look, which hours each owner held.
    looks: Vec<BTreeMap<usize, BTreeSet<i64>>>,
    /// The first look that counts for an owner, where something ended a claim that no look shows.
    ended: BTreeMap<usize, usize>,
}

fn with<T>(uid: usize, event: &Event, ask: impl FnOnce(Held<'_, '_>) -> T) -> T {
    let text = format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", event.text(uid));
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    ask(Held { calendar: &calendar, object: &calendar.objects()[0] })
}

fn zones() -> Zones {
    Zones::new(Zone::utc())
}

impl World {
    fn said(&self, lie: Lie) -> i64 {
        match lie {
            Lie::Truth => self.clock,
            Lie::Long => FIRST_LOOK - 9_000_000,
            Lie::AfterTheLastLook => self.look.unwrap_or(FIRST_LOOK - 60) + 1,
            Lie::Future => self.clock + 9_000,
        }
    }

    fn one(&self, which: usize, may_be_still: bool) -> Option<usize> {
        let all: Vec<usize> = self
            .there
            .keys()
            .copied()
            .filter(|uid| may_be_still || !self.still.contains(uid))
            .filter(|uid| !self.phantoms.contains(uid) && !self.recreated.contains(uid))
            .collect();
        (!all.is_empty()).then(|| all[which % all.len()])
    }

    fn add(&mut self, event: Event) -> usize {
        self.next += 1;
        self.there.insert(self.next, event);
        self.next
    }

    fn act(&mut self, action: &Action) {
        self.clock += self.tick;
        match *action {
            Action::Appear { start, length, lie } => {
                let created = self.said(lie);
                let owner = self.next + 1;
                let end = start + length;
                self.add(Event { owner, start, end, created, modified: None });
            }
            Action::Move { which, start, length, lie } => {
                let modified = Some(self.said(lie));
                let Some(uid) = self.one(which, false) else { return };
                let event = self.there.get_mut(&uid).unwrap();
                *event = Event { start, end: start + length, modified, ..event.clone() };
            }
            Action::Forge { which, lie } => {
                let created = self.said(lie);
                let Some(uid) = self.one(which, true) else { return };
                self.there.get_mut(&uid).unwrap().created = created;
            }
            Action::Vanish { which } => {
                let Some(uid) = self.one(which, true) else { return };
                let event = self.there.remove(&uid).unwrap();
                self.vanished.insert(uid, (event, self.looks.len()));
            }
            Action::Return { which, lie } => {
                let created = self.said(lie);
                let all: Vec<usize> = self.vanished.keys().copied().collect();
                if all.is_empty() {
                    return;
                }
                let uid = all[which % all.len()];
                let (event, looks) = self.vanished.remove(&uid).unwrap();
                let created = if looks < self.looks.len() { created } else { event.created };
                self.there.insert(uid, Event { created, ..event });
            }
            Action::Phantom { which } => {
                let Some(uid) = self.one(which, true) else { return };
                self.phantoms.insert(uid);
            }
            Action::Recreate { which, lie } => {
                let created = self.said(lie);
                let Some(uid) = self.one(which, false) else { return };
                let event = self.there.get_mut(&uid).unwrap();
                *event = Event { created, modified: None, ..event.clone() };
                self.ended.insert(event.owner, self.looks.len());
                self.recreated.insert(uid);
            }
            Action::Split { which, lie } => self.split(which, lie),
            Action::Remove { which } => self.remove(which),
            Action::Restore { which } => self.restore(which),
            Action::Write { start, length } => {
                let (owner, created) = (self.next + 1, self.clock);
                let event = Event { owner, start, end: start + length, created, modified: None };
                let uid = self.add(event.clone());
                let sight = self.write();
                let claims = with(uid, &event, |it| {
                    first_claims(it, sight, &[], &[], &mut zones(), &Policy::default())
                });
                self.claims.insert(uid, claims);
                self.seen.insert(uid, event);
            }
        }
    }

    fn write(&self) -> Sight {
        Sight::Written { at: Moment(self.clock), unseen_look: self.looks.len() as i64 }
    }

    /// Only of what the program has seen as it is: another is just one that moves and one that is new.
    fn split(&mut self, which: usize, lie: Lie) {
        let created = self.said(lie);
        let Some(uid) = self.one(which, false) else { return };
        let event = self.there[&uid].clone();
        if event.end - event.start < 2 || self.seen.get(&uid) != Some(&event) {
            return;
        }
        let middle = event.start + 1;
        self.there.get_mut(&uid).unwrap().end = middle;
        let second = self.add(Event { start: middle, created, modified: None, ..event });
        self.still.extend([uid, second]);
    }

    fn remove(&mut self, which: usize) {
        let Some(uid) = self.one(which, false) else { return };
        if self.seen.get(&uid) == self.there.get(&uid) {
            let event = self.there.remove(&uid).unwrap();
            self.seen.remove(&uid);
            let others = self.there.iter().filter(|it| *it.0 != uid);
            let others = others.map(|(_, it)| (it.start, it.end)).collect();
            self.removed.insert(uid, (event, others));
        }
    }

    fn restore(&mut self, which: usize) {
        let all: Vec<usize> = self.removed.keys().copied().collect();
        if all.is_empty() {
            return;
        }
        let uid = all[which % all.len()];
        let (event, mut others) = self.removed.remove(&uid).unwrap();
        others.extend(self.there.values().map(|it| (it.start, it.end)));
        if others.iter().any(|it| it.0 < event.end && event.start < it.1) {
            self.ended.insert(event.owner, self.looks.len());
        }
        let hour = |it: i64| Moment(DAY + it * 3_600);
        let others: Vec<_> = others.iter().map(|it| (hour(it.0), hour(it.1))).collect();
        let sight = self.write();
        let claims = with(uid, &event, |it| {
            let policy = Policy::default();
            restored_claims(&self.claims[&uid], None, it, &others, sight, &mut zones(), &policy)
        });
        self.claims.insert(uid, claims);
        self.seen.insert(uid, event.clone());
        self.there.insert(uid, event);
    }

    fn look(&mut self, round: &Round, backwards: bool) {
        self.clock += round.pause;
        let begun = self.clock;
        let mut unseen: BTreeMap<usize, Event> = self.there.clone();
        for (action, is_seen) in &round.during {
            // What the program does itself it does not do in the midst of a look.
            let is_ours = matches!(
                action,
                Action::Remove { .. } | Action::Restore { .. } | Action::Write { .. }
            );
            // And what is split or replaced is seen in one piece.
            let is_double = matches!(action, Action::Split { .. } | Action::Recreate { .. });
            if is_ours || is_double {
                continue;
            }
            self.act(action);
            if *is_seen {
                unseen = self.there.clone();
            }
        }
        self.clock += round.length;
        let saw = Moment(self.clock);
        let sight = match self.look {
            None => Sight::First(saw),
            Some(look) => {
                Sight::Look { unseen: Moment(look), unseen_look: self.looks.len() as i64, saw }
            }
        };
        self.take_in(&unseen, sight, backwards);
        self.look = Some(begun);
        let mut held: BTreeMap<usize, BTreeSet<i64>> = BTreeMap::new();
        for event in unseen.values() {
            held.entry(event.owner).or_default().extend(event.start..event.end);
            for (_, others) in self.removed.values_mut() {
                others.push((event.start, event.end));
            }
        }
        self.looks.push(held);
    }

    /// What the program makes of a listing.
    fn take_in(&mut self, listed: &BTreeMap<usize, Event>, sight: Sight, backwards: bool) {
        let policy = Policy::default();
        let now = sight.moment();
        let mut gone = Vec::new();
        for (uid, before) in &self.seen {
            // A deletion that is reported and not confirmed ends nothing; what one of the same owner
            // makes of it meanwhile, such as the second half of a series, is as old all the same.
            let after = listed.get(uid).filter(|_| !self.phantoms.contains(uid));
            if after == Some(before) {
                continue;
            }
            let (owners, parts) = with(*uid, before, |held| {
                let claims = &self.claims[uid];
                let parts = match after {
                    None => given_up(claims, held, None, now, &mut zones(), &policy),
                    Some(after) => with(*uid, after, |after| {
                        given_up(claims, held, Some(after), now, &mut zones(), &policy)
                    }),
                };
                (owners(held, None, &policy), parts)
            });
            gone.push(GivenUp { owners, parts });
        }
        if backwards {
            gone.reverse();
        }
        let mut changes: Vec<(&usize, &Event)> = listed.iter().collect();
        if backwards {
            changes.reverse();
        }
        for (uid, event) in changes {
            let before = self.seen.get(uid).filter(|_| !self.recreated.contains(uid));
            let claims = with(*uid, event, |it| match before {
                None => {
                    let owners = owners(it, None, &policy);
                    let gone = if self.recreated.contains(uid) { &[] } else { &gone[..] };
                    first_claims(it, sight, &owners, gone, &mut zones(), &policy)
                }
                Some(before) => with(*uid, before, |before| {
                    let claims = &self.claims[uid];
                    renewed_claims(claims, before, it, sight, &mut zones(), &policy)
                }),
            });
            self.claims.insert(*uid, claims);
        }
        self.seen = listed.clone();
        self.phantoms.clear();
        self.recreated.clear();
    }

    /// Since which look an owner has held all of these hours, without a look that did not see it.
    fn since(&self, owner: usize, start: i64, end: i64) -> usize {
        let holds = |look: &BTreeMap<usize, BTreeSet<i64>>| {
            look.get(&owner).is_some_and(|held| (start..end).all(|it| held.contains(&it)))
        };
        let seen = self.looks.iter().rev().take_while(|look| holds(look)).count();
        let ended = self.ended.get(&owner).copied().unwrap_or(0);
        (self.looks.len() - seen).max(ended)
    }

    /// Nobody who held an hour at an earlier look loses it to somebody who did not; and it is witnessed
    /// where, and only where, the looks or the program's own writes say so.
    fn check(&self) -> Result<(), TestCaseError> {
        let uids: Vec<usize> = self.seen.keys().copied().collect();
        let texts: String = self.seen.iter().map(|(uid, event)| event.text(*uid)).collect();
        let text = format!("BEGIN:VCALENDAR\r\n{texts}END:VCALENDAR\r\n");
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let claims = self.claims.iter().map(|(uid, it)| (format!("uid-{uid}"), it.clone()));
        let memory = Memory { claims: claims.collect(), ..Memory::default() };
        let now = Moment(self.clock);
        let plan = plan(&calendar, &mut zones(), &Policy::default(), &memory, now);
        for removal in &plan.removals {
            let loser = &self.seen[&uids[removal.loser.object]];
            let winner = &self.seen[&uids[removal.winner.object]];
            if loser.owner == winner.owner {
                continue;
            }
            let lost = self.since(loser.owner, loser.start, loser.end);
            let won = self.since(winner.owner, winner.start, winner.end);
            prop_assert!(won <= lost, "{:?} lost to {:?}: {:?}", loser, winner, self.claims);
            if won < lost && won < self.looks.len() {
                prop_assert!(removal.because.unwrap().witnessed, "{:?}", removal);
            }
        }
        Ok(())
    }
}

fn told(rounds: &[Round], backwards: bool) -> Result<World, TestCaseError> {
    let mut world = World { clock: FIRST_LOOK, ..World::default() };
    for round in rounds {
        world.tick = round.tick;
        for action in &round.before {
            world.act(action);
        }
        world.look(round, backwards);
        world.check()?;
    }
    Ok(world)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn nobody_who_held_an_hour_at_an_earlier_look_loses_it_to_somebody_who_did_not(
        rounds in prop::collection::vec(round(), 1..8),
    ) {
        told(&rounds, false)?;
    }

    #[test]
    fn neither_the_order_of_the_objects_nor_a_look_that_sees_nothing_new_changes_a_claim(
        rounds in prop::collection::vec(round(), 1..6),
    ) {
        let mut world = told(&rounds, false)?;
        let other = told(&rounds, true)?;
        prop_assert_eq!(&world.claims, &other.claims);
        let before: HashMap<_, _> =
            world.seen.keys().map(|uid| (*uid, world.claims[uid].clone())).collect();
        let nothing = Round { before: vec![], during: vec![], tick: 1, pause: 60, length: 5 };
        world.there = world.seen.clone();
        world.look(&nothing, false);
        for (uid, claims) in before {
            prop_assert_eq!(&world.claims[&uid], &claims);
        }
    }
}
