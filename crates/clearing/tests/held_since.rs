//! Properties of held since (rule 4), on random histories of looks.
//!
//! A calendar is looked at, at any rhythm and for any time. Between the looks and during them, objects
//! appear, move, write whatever they like into CREATED and LAST-MODIFIED, vanish, are reported as gone
//! although they are there, come back, are split, and are restored by the program. A model
//! without moments computes the expected result from the looks alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "held_since/world.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clearing::{
    Claims, GivenUp, Held, Memory, Owners, Policy, Sight, first_claims, given_up, plan,
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

/// The text of an event alone.
fn alone(uid: usize, event: &Event) -> String {
    format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", event.text(uid))
}

fn with<T>(uid: usize, event: &Event, ask: impl FnOnce(Held<'_, '_>) -> T) -> T {
    let text = alone(uid, event);
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    ask(Held { calendar: &calendar, object: &calendar.objects()[0] })
}

fn zones() -> Zones {
    Zones::new(Zone::utc())
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
