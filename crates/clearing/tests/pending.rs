//! Pending removals on random rooms: over days in which people book, move and cancel, the mail server takes warnings
//! or does not, and administrators decide.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use clearing::{
    ConflictHandling, Decision, EndReason, Memory, Party, Pending, Plan, Policy, REMOVAL_FLOOR,
    Reason, Slot, plan, removal_at,
};
use ical::{Calendar, Moment, Zone, Zones};
use proptest::prelude::*;

const MONDAY: Moment = Moment(1_772_409_600);
const HOUR: i64 = 3_600;
const GRACE_HOURS: u32 = 24;

/// When an event of one hour begins (hours since Monday), and when it was created (hours before).
#[derive(Clone, Copy, Debug)]
struct Booking {
    start: i64,
    created: i64,
}

/// What happens between two runs.
#[derive(Clone, Debug)]
enum Step {
    Hours(i64),
    Book(usize, Booking),
    Cancel(usize),
    /// The mail server takes all that waits.
    Mail,
    Decide(usize, Decision),
    Report(bool),
}

fn booking() -> impl Strategy<Value = Booking> {
    (0_i64..80, 0_i64..9).prop_map(|(start, created)| Booking { start, created })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1_i64..30).prop_map(Step::Hours),
        2 => (0_usize..8, booking()).prop_map(|(uid, it)| Step::Book(uid, it)),
        1 => (0_usize..8).prop_map(Step::Cancel),
        4 => Just(Step::Mail),
        1 => (0_usize..8).prop_map(|it| Step::Decide(it, Decision::Keep)),
        1 => (0_usize..8).prop_map(|it| Step::Decide(it, Decision::RemoveNow)),
        1 => any::<bool>().prop_map(Step::Report),
    ]
}

/// A room, and what is remembered of its warnings.
#[derive(Default)]
struct Room {
    now: i64,
    events: BTreeMap<usize, Booking>,
    rows: Vec<Pending>,
    /// Rows that were made so far.
    made: i64,
    reports: bool,
}

impl Room {
    fn text(&self) -> String {
        let utc = |hours: i64| {
            let at = jiff::Timestamp::from_second(MONDAY.0 + hours * HOUR).unwrap();
            at.strftime("%Y%m%dT%H%M%SZ").to_string()
        };
        let event = |(uid, it): (&usize, &Booking)| {
            format!(
                "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:{}\r\nDTEND:{}\r\nCREATED:{}\r\nEND:VEVENT\r\n",
                utc(it.start),
                utc(it.start + 2),
                utc(-it.created - 1)
            )
        };
        let events: String = self.events.iter().map(event).collect();
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
    }

    fn now(&self) -> Moment {
        MONDAY.plus(self.now * HOUR)
    }

    /// A plan, with the UIDs of its objects.
    fn plan(&self) -> (Plan, Vec<usize>) {
        let text = self.text();
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let conflicts =
            if self.reports { ConflictHandling::Report } else { ConflictHandling::Warn };
        let policy = Policy { conflicts, grace_hours: GRACE_HOURS, ..Policy::default() };
        let memory = Memory { pending: self.rows.clone(), ..Memory::default() };
        let plan = plan(&calendar, &mut Zones::new(Zone::utc()), &policy, &memory, self.now());
        let uids = calendar.objects().iter().map(|it| it.uid().parse().unwrap()).collect();
        (plan, uids)
    }

    /// Makes a run, and checks what it does.
    fn run(&mut self) {
        let (plan, uids) = self.plan();
        let party = |slot: &Slot| Party {
            uid: uids[slot.object].to_string(),
            original: slot.occurrence.original,
            start: slot.occurrence.start,
            end: slot.occurrence.end,
        };
        for it in &plan.removals {
            assert!(!self.reports);
            let loser = party(&it.loser);
            let is_short = loser.start < self.now().plus(REMOVAL_FLOOR);
            let row = self.rows.iter().find(|row| Some(row.id) == it.pending);
            let is_due = row.is_some_and(|row| {
                let is_it = row.loser == loser && row.winner == party(&it.winner);
                let after = |at| removal_at(at, loser.start, GRACE_HOURS) <= self.now();
                let is_told = row.warned_at.is_some_and(after);
                is_it && (is_told || row.decision == Some(Decision::RemoveNow))
            });
            let untold = |row: &&Pending| row.loser == loser && row.warned_at.is_none();
            let was_told = !self.rows.iter().any(|row| untold(&row));
            assert!(is_due || is_short && was_told, "{loser:?} lost its hour without a warning");
        }
        for row in &plan.pending.begun {
            assert!(!self.reports);
            let loser = party(&row.loser);
            let others = plan.pending.begun.iter().filter(|it| party(&it.loser) == loser);
            assert_eq!(others.count(), 1, "an occurrence is warned once");
        }
        let kept = plan.ignored.iter().filter(|it| it.reason == Reason::Pending).count();
        let matched = plan.pending.matched.len();
        let due = plan
            .removals
            .iter()
            .filter(|it| plan.pending.matched.iter().any(|row| Some(row.id) == it.pending));
        assert_eq!(kept, plan.pending.begun.len() + matched - due.count(), "each has its row");
        let removed: Vec<_> = plan.removals.iter().map(|it| uids[it.loser.object]).collect();
        let ended = &plan.pending.ended;
        self.rows.retain(|row| {
            !ended.iter().any(|it| it.id == row.id)
                && !plan.removals.iter().any(|it| it.pending == Some(row.id))
        });
        for it in &plan.pending.begun {
            self.made += 1;
            self.rows.push(Pending {
                id: self.made,
                loser: party(&it.loser),
                resource: Some(0),
                winner: party(&it.winner),
                grace_hours: GRACE_HOURS,
                warned_at: None,
                decision: None,
            });
        }
        for uid in removed {
            self.events.remove(&uid);
        }
        let (again, _) = self.plan();
        assert!(again.removals.is_empty() && again.pending.begun.is_empty(), "{again:?}");
        let none_but_over = again.pending.ended.iter().all(|it| it.reason == EndReason::Over);
        assert!(none_but_over, "what a run leaves is at rest: {again:?}");
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Hours(hours) => self.now += hours,
            Step::Book(uid, it) => {
                self.events.insert(*uid, *it);
            }
            Step::Cancel(uid) => {
                self.events.remove(uid);
            }
            Step::Mail => {
                let now = self.now();
                self.rows.iter_mut().for_each(|row| row.warned_at = row.warned_at.or(Some(now)));
            }
            Step::Decide(index, decision) => {
                if let Some(row) = self.rows.get_mut(*index) {
                    row.decision = Some(*decision);
                }
            }
            Step::Report(reports) => self.reports = *reports,
        }
    }
}

#[test]
fn a_clock_that_is_ahead_takes_nobodys_grace() {
    let room = Room {
        now: 20,
        events: [(0, Booking { start: 21, created: 5 }), (1, Booking { start: 21, created: 1 })]
            .into(),
        ..Room::default()
    };
    let text = room.text();
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let policy = Policy { conflicts: ConflictHandling::Warn, ..Policy::default() };
    let counts = |settled: Option<Moment>| {
        let memory = Memory { settled, ..Memory::default() };
        let zones = &mut Zones::new(Zone::utc());
        let plan = plan(&calendar, zones, &policy, &memory, room.now());
        (plan.removals.len(), plan.pending.begun.len())
    };
    assert_eq!(counts(None), (1, 0), "an hour before it begins there is no warning");
    assert_eq!(counts(Some(MONDAY)), (0, 1), "by the database's clock it is a day before");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nobody_loses_an_hour_without_a_warning_and_its_grace_and_a_run_leaves_nothing_to_do(
        events in prop::collection::vec(booking(), 1..8),
        steps in prop::collection::vec(step(), 0..16),
    ) {
        let mut room = Room::default();
        room.events.extend(events.into_iter().enumerate());
        room.run();
        for step in &steps {
            room.step(step);
            room.run();
        }
        // A loser that was warned is removed in the end, unless an administrator keeps it.
        room.reports = false;
        room.run();
        room.step(&Step::Mail);
        for _ in 0..8 {
            room.step(&Step::Hours(1));
            room.run();
            room.step(&Step::Mail);
        }
        for row in &room.rows {
            let is_kept = row.decision == Some(Decision::Keep);
            prop_assert!(is_kept || row.removal_at().is_some_and(|at| at > room.now()), "{:?}", row);
        }
    }
}

fn two_bookings() -> Room {
    let mut room = Room::default();
    room.events.insert(1, Booking { start: 60, created: 5 });
    room.events.insert(2, Booking { start: 61, created: 1 });
    room
}

#[test]
fn a_warning_that_nobody_took_removes_nothing() {
    let mut room = two_bookings();
    room.run();
    for hours in [30, 29] {
        room.step(&Step::Hours(hours));
        room.run();
        assert_eq!((room.events.len(), room.rows.len()), (2, 1), "an hour is left, too");
    }
    room.step(&Step::Mail);
    room.run();
    assert_eq!(room.events.keys().collect::<Vec<_>>(), [&1]);
}

#[test]
fn a_loser_that_moves_away_or_whose_winner_does_ends_the_warning_and_says_why() {
    let reason = |change: &dyn Fn(&mut Room)| {
        let mut room = two_bookings();
        room.run();
        change(&mut room);
        let (plan, _) = room.plan();
        (plan.pending.ended.first().map(|it| it.reason), plan.pending.begun.len())
    };
    let moved =
        |uid, start| move |room: &mut Room| room.events.get_mut(&uid).unwrap().start = start;
    assert_eq!(reason(&|_| ()), (None, 0));
    assert_eq!(reason(&moved(2, 70)), (Some(EndReason::NoConflict), 0), "the loser has moved");
    assert_eq!(reason(&moved(1, 70)), (Some(EndReason::NoConflict), 0), "the winner has moved");
    assert_eq!(reason(&moved(2, 59)), (Some(EndReason::Replaced), 1), "it still loses");
    assert_eq!(reason(&moved(1, 62)), (Some(EndReason::Replaced), 1), "it still loses");
    let gone = |room: &mut Room| room.step(&Step::Cancel(2));
    assert_eq!(reason(&gone), (Some(EndReason::LoserGone), 0));
    let reports = |room: &mut Room| room.reports = true;
    assert_eq!(reason(&reports), (Some(EndReason::Kept(Reason::Report)), 0));
    let over = |room: &mut Room| room.step(&Step::Hours(64));
    assert_eq!(reason(&over), (Some(EndReason::Over), 0));
}

#[test]
fn what_an_administrator_keeps_stays_beside_this_winner_only() {
    let mut room = two_bookings();
    room.run();
    room.step(&Step::Decide(0, Decision::Keep));
    room.step(&Step::Mail);
    room.step(&Step::Hours(59));
    room.run();
    assert_eq!((room.events.len(), room.rows.len()), (2, 1));
    let (plan, _) = room.plan();
    assert_eq!(plan.ignored[0].reason, Reason::Protected);
    room.now = 30;
    room.events.get_mut(&1).unwrap().start = 62;
    let (plan, _) = room.plan();
    assert_eq!((plan.pending.begun.len(), plan.ignored[0].reason), (1, Reason::Pending));
}

#[test]
fn what_is_out_already_is_no_matter_of_the_safety_limit() {
    let mut room = two_bookings();
    room.run();
    let text = room.text();
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let policy = Policy { conflicts: ConflictHandling::Warn, limit: Some(0), ..Policy::default() };
    let of = |pending: Vec<Pending>| {
        let memory = Memory { pending, ..Memory::default() };
        let plan = plan(&calendar, &mut Zones::new(Zone::utc()), &policy, &memory, room.now());
        (plan.ignored[0].reason, plan.limited)
    };
    assert_eq!(of(Vec::new()), (Reason::Limit, Some(1)));
    assert_eq!(of(room.rows.clone()), (Reason::Pending, None));
}
