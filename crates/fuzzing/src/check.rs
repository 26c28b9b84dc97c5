//! Fuzz target: the rules of clearing, and the JSON answer.

use answers::contents::Contents;
use answers::report::{Planned, Report};
use clearing::{Address, How, Memory, Plan, Policy, Reason, Slot};
use ical::civil::DAY;
use ical::{Budget, Calendar, Moment, Window, Zones};
use serde_json::Value;

use crate::lines::offset;
use crate::parameters::Parameters;

/// Plans a clear and checks it: no event is removed because of a removed one, no two events overlap
/// afterwards except named ones, the order of the events does not matter, and the answer is JSON
/// that lists everything.
pub fn check(data: &[u8]) {
    let Some((parameters, text)) = Parameters::split(data) else {
        return;
    };
    let Ok(calendar) = Calendar::parse(text) else {
        return;
    };
    let policy = policy(&parameters);
    let now = parameters.now().plus(i64::from(text.len() as u32) % DAY);
    let run = Run { parameters: &parameters, policy: &policy, now };
    let (plan, mut zones) = run.plan(&calendar);
    assert_winners_stay(&plan);
    if plan.unreadable.is_empty() && !plan.ignored.iter().any(|it| it.reason == Reason::Limit) {
        run.assert_nothing_overlaps(&calendar, &mut zones, &plan);
    }
    if plan.unreadable.is_empty()
        && let Some(turned) = in_another_order(text, &calendar)
    {
        let Ok(other) = Calendar::parse(&turned) else { panic!("no calendar in another order") };
        let (other_plan, _) = run.plan(&other);
        assert_eq!(described(&other, &other_plan), described(&calendar, &plan), "by the order");
    }
    let room = Contents::new("room".to_owned(), calendar, zones, policy);
    assert_answer_is_whole(Planned { room, plan, of_file: Vec::new() });
}

/// The policy that the third and the fourth byte choose.
fn policy(parameters: &Parameters) -> Policy {
    let (one, other) = (parameters.third(), parameters.fourth());
    let mut policy = Policy {
        horizon_days: [365, 1, 30, 3660][one % 4],
        tolerance_minutes: [0, 0, 15, 90][one / 4 % 4],
        limit: [None, None, None, Some(1)][other % 4],
        free_blocks: other / 4 % 2 == 1,
        room_address: (other / 8 % 2 == 1).then(|| Address::new("room@example.org")),
        ..Policy::default()
    };
    if other / 16 % 2 == 1 {
        policy.priorities.add_organizer("@example.org", None);
        policy.priorities.add_name("review", None);
        policy.protected.insert("1".to_owned());
    }
    policy
}

struct Run<'r> {
    parameters: &'r Parameters,
    policy: &'r Policy,
    now: Moment,
}

impl Run<'_> {
    fn plan(&self, calendar: &Calendar<'_>) -> (Plan, Zones) {
        let mut zones = Zones::new(self.parameters.zone());
        let memory = Memory::default();
        (clearing::plan(calendar, &mut zones, self.policy, &memory, self.now), zones)
    }

    /// Compares all blocking occurrences of the window, without the trees of the plan.
    fn assert_nothing_overlaps(&self, calendar: &Calendar<'_>, zones: &mut Zones, plan: &Plan) {
        let end = self.now.plus(i64::from(self.policy.horizon_days) * DAY);
        let window = Window { start: self.now, end };
        let mut gone: Vec<(usize, Moment, Moment)> = Vec::new();
        gone.extend(plan.removals.iter().map(|it| place(&it.loser)));
        gone.extend(plan.ignored.iter().map(|it| place(&it.weaker)));
        gone.extend(
            plan.leftovers
                .iter()
                .map(|it| (it.object, it.occurrence.original, it.occurrence.start)),
        );
        gone.sort_unstable();
        let mut budget = Budget::new();
        let mut staying = Vec::new();
        for (index, object) in calendar.objects().iter().enumerate() {
            let mut found = Vec::new();
            if ical::expand(calendar, object, zones, window, &mut budget, &mut found).is_err() {
                return;
            }
            staying.extend(found.into_iter().filter_map(|it| {
                let event = calendar.event(it.component as usize);
                let blocks = clearing::is_blocking(&event, &it, self.policy) && it.end > self.now;
                let stays = gone.binary_search(&(index, it.original, it.start)).is_err();
                (blocks && stays).then_some((it.start, it.end, index))
            }));
        }
        staying.sort_unstable();
        // Of each object, only the occurrence with the latest end so far matters.
        let mut latest: Option<(Moment, usize)> = None;
        for (start, end, object) in staying {
            if let Some((until, other)) = latest {
                assert!(start >= until || object == other, "{object} and {other} overlap");
            }
            if latest.is_none_or(|(until, _)| end > until) {
                latest = Some((end, object));
            }
        }
    }
}

fn place(slot: &Slot) -> (usize, Moment, Moment) {
    (slot.object, slot.occurrence.original, slot.occurrence.start)
}

fn assert_winners_stay(plan: &Plan) {
    let mut going: Vec<_> = plan.removals.iter().map(|it| place(&it.loser)).collect();
    going.sort_unstable();
    let pairs = plan.removals.iter().map(|it| (&it.loser, &it.winner));
    for (loser, winner) in pairs.chain(plan.ignored.iter().map(|it| (&it.weaker, &it.winner))) {
        assert!(going.binary_search(&place(winner)).is_err(), "the winner goes: {winner:?}");
        assert_ne!(loser.object, winner.object, "it conflicts with itself: {loser:?}");
        let (one, other) = (loser.occurrence, winner.occurrence);
        assert!(one.start < other.end && other.start < one.end, "{one:?} misses {other:?}");
        assert!(plan.staying_beside(loser).count() > 0, "nothing stays beside {loser:?}");
    }
    let count = going.len();
    going.dedup();
    assert_eq!(going.len(), count, "an occurrence goes twice");
}

/// A plan without the indexes of the objects.
fn described(calendar: &Calendar<'_>, plan: &Plan) -> Vec<String> {
    let of = |object: usize, occurrence: &ical::Occurrence| {
        let event = calendar.event(occurrence.component as usize);
        let uid = calendar.objects()[object].uid();
        let ical::Occurrence { start, end, original, .. } = occurrence;
        format!("{uid} {start:?} {end:?} {original:?} {}", event.summary())
    };
    let slot = |slot: &Slot| of(slot.object, &slot.occurrence);
    let leftovers = plan.leftovers.iter().map(|it| of(it.object, &it.occurrence));
    let removals = plan
        .removals
        .iter()
        .map(|it| format!("{:?} {} for {}", it.how, slot(&it.loser), slot(&it.winner)));
    let ignored = plan
        .ignored
        .iter()
        .map(|it| format!("{:?} {} for {}", it.reason, slot(&it.weaker), slot(&it.winner)));
    let mut rows: Vec<String> = leftovers.chain(removals).chain(ignored).collect();
    rows.sort_unstable();
    rows
}

/// The text with its objects in reverse order, each with its components in their own order. `None`
/// where that would mean something else: with several VCALENDARs, or where an event ends the text.
fn in_another_order(text: &[u8], calendar: &Calendar<'_>) -> Option<Vec<u8>> {
    const SEVERAL: usize = 2;
    let word = b"VCALENDAR";
    let words = text.windows(word.len()).filter(|at| at.eq_ignore_ascii_case(word)).count();
    if words > SEVERAL || calendar.component_count() < 2 || calendar.component_count() > 100 {
        return None;
    }
    let events = |object| calendar.events_of(object).map(|event| event.text());
    let reversed: Vec<&[u8]> = calendar.objects().iter().rev().flat_map(events).collect();
    let mut slots: Vec<&[u8]> = calendar.objects().iter().flat_map(events).collect();
    slots.sort_by_key(|slot| slot.as_ptr());
    let mut turned = Vec::with_capacity(text.len());
    let mut at = 0;
    for (slot, event) in slots.iter().zip(reversed) {
        if !event.ends_with(b"\n") {
            return None;
        }
        let start = offset(text, slot);
        turned.extend_from_slice(&text[at..start]);
        turned.extend_from_slice(event);
        at = start + slot.len();
    }
    turned.extend_from_slice(&text[at..]);
    Some(turned)
}

/// The answer must be JSON with an entry for each decision of the plan.
fn assert_answer_is_whole(planned: Planned<'_>) {
    let calendars = [planned];
    let Ok(answer) = serde_json::to_vec(&Report::of_plans(&calendars)) else {
        panic!("the answer cannot be written")
    };
    let Ok(answer) = serde_json::from_slice::<Value>(&answer) else {
        panic!("the answer is no JSON")
    };
    let plan = &calendars[0].plan;
    let going = |how: How| plan.removals.iter().filter(|it| it.how == how).count();
    for (list, count) in [
        ("deleted_cancelled_events", plan.leftovers.len()),
        ("deleted_overlapping_events", going(How::Delete)),
        ("cancelled_overlapping_recurring_events", going(How::CancelOccurrence)),
        ("ignored_overlapping_events", plan.ignored.len()),
        ("unreadable_objects", plan.unreadable.len()),
    ] {
        assert_eq!(answer[list].as_array().map(Vec::len), Some(count), "{list}");
    }
}
