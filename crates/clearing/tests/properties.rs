//! Properties of the rules, on random rooms: what holds whatever the calendar holds.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use clearing::{
    Address, HeldSince, How, Memory, Plan, Policy, Priorities, RankBy, Reason, Slot, Source, Ties,
    compare, plan,
};
use ical::{Calendar, Edited, Editor, Moment, Zone, Zones};
use proptest::prelude::*;

/// 2026-03-02T00:00:00Z, a Monday.
const MONDAY: i64 = 1_772_409_600;
const NOW: Moment = Moment(MONDAY + 9 * 3600 + 600);
const QUARTER: i64 = 900;

/// One event of a random room.
#[derive(Clone, Debug)]
struct Draft {
    /// In quarters of an hour since Monday, 06:00.
    start: i64,
    quarters: i64,
    rule: &'static str,
    /// Hours before `NOW`; `None` for no CREATED.
    created: Option<i64>,
    extra: &'static str,
    /// What the override of the second day says, if there is one.
    overriding: Option<&'static str>,
    boss: bool,
}

fn draft() -> impl Strategy<Value = Draft> {
    (
        0_i64..60,
        prop_oneof![8 => 1_i64..9, 1 => Just(0_i64), 1 => 90_i64..140],
        prop::sample::select(vec!["", "", "", "FREQ=DAILY;COUNT=4", "FREQ=WEEKLY;COUNT=3"]),
        prop::option::weighted(0.85, 0_i64..6),
        prop::sample::select(vec![
            "",
            "",
            "",
            "",
            "",
            "",
            "TRANSP:TRANSPARENT\r\n",
            "STATUS:CANCELLED\r\n",
            "ATTENDEE;PARTSTAT=DECLINED:mailto:room@example.org\r\n",
            "LAST-MODIFIED:20260227T000000Z\r\n",
        ]),
        prop::option::weighted(
            0.3,
            prop::sample::select(vec!["STATUS:CANCELLED\r\n", "TRANSP:TRANSPARENT\r\n", ""]),
        ),
        any::<bool>(),
    )
        .prop_map(|(start, quarters, rule, created, extra, overriding, boss)| Draft {
            start,
            quarters,
            rule,
            created,
            extra,
            overriding,
            boss,
        })
}

fn utc(moment: i64) -> String {
    let at = jiff::Timestamp::from_second(moment).unwrap();
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

impl Draft {
    fn text(&self, uid: usize) -> String {
        let start = MONDAY + 6 * 3600 + self.start * QUARTER;
        let component = |start: i64, more: &str| {
            let created = self.created.map_or(String::new(), |hours| {
                format!("CREATED:{}\r\n", utc(NOW.0 - hours * 3600))
            });
            let organizer = if self.boss { "ORGANIZER:mailto:boss@example.org\r\n" } else { "" };
            format!(
                "BEGIN:VEVENT\r\nUID:uid-{uid}\r\nDTSTART:{}\r\nDTEND:{}\r\n{created}{organizer}\
                 {more}END:VEVENT\r\n",
                utc(start),
                utc(start + self.quarters * QUARTER),
            )
        };
        if self.rule.is_empty() {
            return component(start, self.extra);
        }
        let mut text = component(start, &format!("RRULE:{}\r\n{}", self.rule, self.extra));
        if let Some(overriding) = self.overriding {
            let day = if self.rule.contains("DAILY") { 86_400 } else { 7 * 86_400 };
            let instance = format!("RECURRENCE-ID:{}\r\n{overriding}", utc(start + day));
            text.push_str(&component(start + day + 2 * QUARTER, &instance));
        }
        text
    }
}

fn policy() -> impl Strategy<Value = Policy> {
    (
        prop::sample::select(vec![0_u32, 0, 15, 30]),
        prop::option::weighted(0.2, 0_usize..6),
        any::<bool>(),
        any::<[bool; 3]>(),
        prop::sample::select(vec![None, Some(Ties::Keep), Some(Ties::Rank)]),
    )
        .prop_map(|(tolerance_minutes, limit, free_blocks, [held, boss, protect], ties)| {
            let mut policy = Policy {
                tolerance_minutes,
                limit,
                free_blocks,
                rank_by: if held { RankBy::HeldSince } else { RankBy::Created },
                room_address: Some(Address::new("room@example.org")),
                horizon_days: 12,
                ..Policy::default()
            };
            if boss {
                policy.priorities.add_organizer("@example.org", ties);
            }
            if protect {
                policy.protected.insert("uid-1".to_owned());
                policy.protected.insert("uid-4".to_owned());
            }
            policy
        })
}

/// What the policy says of two that are prioritised.
fn ties_of(policy: &Policy) -> Ties {
    let mut keeps = Priorities::default();
    keeps.add_organizer("@example.org", Some(Ties::Keep));
    if policy.priorities == keeps { Ties::Keep } else { Ties::Rank }
}

fn room(texts: &[String]) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", texts.concat())
}

fn planned(calendar: &Calendar<'_>, policy: &Policy, memory: &Memory) -> Plan {
    plan(calendar, &mut Zones::new(Zone::utc()), policy, memory, NOW)
}

/// A plan as lines that do not depend on the order of the objects.
fn lines(calendar: &Calendar<'_>, plan: &Plan) -> Vec<String> {
    let slot = |slot: &Slot| {
        let uid = calendar.objects()[slot.object].uid();
        format!("{uid} {:?} {:?}", slot.occurrence.start, slot.occurrence.original)
    };
    let leftovers = plan.leftovers.iter().map(|it| {
        format!("leftover {} {:?}", calendar.objects()[it.object].uid(), it.occurrence.start)
    });
    let removals = plan
        .removals
        .iter()
        .map(|it| format!("{:?} {} by {}", it.how, slot(&it.loser), slot(&it.winner)));
    let ignored = plan
        .ignored
        .iter()
        .map(|it| format!("{} {} by {}", it.reason.as_str(), slot(&it.weaker), slot(&it.winner)));
    leftovers.chain(removals).chain(ignored).collect()
}

/// Carries a plan out and answers the new text, object by object.
fn carried_out(calendar: &Calendar<'_>, plan: &Plan, texts: &[String]) -> Vec<String> {
    let deleted: BTreeSet<usize> = plan
        .leftovers
        .iter()
        .map(|it| it.object)
        .chain(plan.removals.iter().filter(|it| it.how == How::Delete).map(|it| it.loser.object))
        .collect();
    let mut cancelled: BTreeMap<usize, Vec<Moment>> = BTreeMap::new();
    for it in plan.removals.iter().filter(|it| it.how == How::CancelOccurrence) {
        cancelled.entry(it.loser.object).or_default().push(it.loser.occurrence.original);
    }
    let mut left = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        if deleted.contains(&index) {
            continue;
        }
        let Some(instances) = cancelled.get(&index) else {
            left.push(text.clone());
            continue;
        };
        assert_eq!(calendar.objects()[index].uid(), format!("uid-{index}"));
        let alone = room(std::slice::from_ref(text));
        let own = Calendar::parse(alone.as_bytes()).unwrap();
        let editor = Editor { now: NOW, room_address: Some("room@example.org") };
        let mut zones = Zones::new(Zone::utc());
        match ical::cancel(&own, &own.objects()[0], &mut zones, instances, &editor).unwrap() {
            Edited::NothingRemains => {}
            Edited::Text(changed) => {
                let changed = String::from_utf8(changed).unwrap();
                let head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n".len();
                let body = &changed[head..changed.len() - "END:VCALENDAR\r\n".len()];
                left.push(body.to_owned());
            }
        }
    }
    left
}

/// Since when the program knows each object, as a store would remember it after a first run.
fn remembered(calendar: &Calendar<'_>) -> Memory {
    let zones = Zones::new(Zone::utc());
    let mut memory = Memory::default();
    for object in calendar.objects() {
        let known = ical::created(calendar, object, &zones)
            .or(ical::last_modified(calendar, object, &zones))
            .unwrap_or(NOW);
        memory.first_seen.insert(object.uid().into_owned(), known.min(NOW));
    }
    memory
}

/// All blocking occurrences, found by a window of their own, with the rank that the plan gives.
fn all_slots(calendar: &Calendar<'_>, policy: &Policy, memory: &Memory) -> Vec<Slot> {
    let mut zones = Zones::new(Zone::utc());
    let window = ical::Window { start: NOW, end: NOW.plus(12 * 86_400) };
    let mut slots = Vec::new();
    for (index, object) in calendar.objects().iter().enumerate() {
        if calendar.events_of(object).all(|event| event.is_cancelled()) {
            continue;
        }
        let mut found = Vec::new();
        let mut budget = ical::Budget::new();
        ical::expand(calendar, object, &mut zones, window, &mut budget, &mut found).unwrap();
        let seen = memory.first_seen.get(&*object.uid()).copied().unwrap_or(NOW);
        let created = ical::created(calendar, object, &zones).unwrap_or_else(|| {
            ical::last_modified(calendar, object, &zones).map_or(seen, |it| it.min(seen))
        });
        for occurrence in found.into_iter().filter(|it| it.end > NOW) {
            let event = calendar.event(occurrence.component as usize);
            if !clearing::is_blocking(&event, &occurrence, policy) {
                continue;
            }
            let is_boss = event.organizer().is_some() && !policy.priorities.is_empty();
            let rank = clearing::Rank {
                priority: is_boss.then_some(ties_of(policy)),
                held: HeldSince::at_first_look(calendar, object, &zones, seen),
                is_by_held: policy.rank_by == RankBy::HeldSince,
                created,
            };
            slots.push(Slot { object: index, occurrence, rank });
        }
    }
    slots
}

fn overlap(one: &Slot, other: &Slot) -> bool {
    one.object != other.object
        && one.occurrence.start < other.occurrence.end
        && other.occurrence.start < one.occurrence.end
}

/// Rules 5 and 7 by looking at every pair: what goes, and what stays although it overlaps.
fn by_full_look(calendar: &Calendar<'_>, policy: &Policy, slots: &[Slot]) -> Vec<String> {
    let mut order: Vec<&Slot> = slots.iter().collect();
    order.sort_by(|one, other| compare(calendar, one, other).0);
    let mut staying: Vec<&Slot> = Vec::new();
    let mut lines = Vec::new();
    for slot in order {
        let rivals: Vec<&&Slot> = staying.iter().filter(|it| overlap(it, slot)).collect();
        let (start, end) = (slot.occurrence.start, slot.occurrence.end);
        let tolerance = i64::from(policy.tolerance_minutes) * 60;
        let uid = calendar.objects()[slot.object].uid();
        let at_an_edge = |rival: &Slot| {
            let (from, to) = (rival.occurrence.start, rival.occurrence.end);
            (from < start && to < end && to.since(start) <= tolerance)
                || (start < from && end < to && end.since(from) <= tolerance)
        };
        let word = if rivals.is_empty() {
            staying.push(slot);
            continue;
        } else if start < NOW
            && (slot.rank.held.since < start || slot.rank.held.source == Source::Unknown)
            && end.since(start) <= 12 * 3_600
        {
            "started"
        } else if slot.rank.priority == Some(Ties::Keep) {
            "prioritised"
        } else if policy.protected.contains(&*uid) {
            "protected"
        } else if rivals.iter().all(|rival| at_an_edge(rival)) {
            "tolerated"
        } else {
            "goes"
        };
        lines.push(format!("{word} {uid} {start:?} by {:?}", rivals[0].occurrence.start));
        if word != "goes" {
            staying.push(slot);
        }
    }
    lines.sort();
    lines
}

/// The same lines of a plan.
fn by_plan(calendar: &Calendar<'_>, plan: &Plan) -> Vec<String> {
    let line = |word: &str, slot: &Slot, winner: &Slot| {
        let uid = calendar.objects()[slot.object].uid();
        let start = slot.occurrence.start;
        format!("{word} {uid} {start:?} by {:?}", winner.occurrence.start)
    };
    let mut lines: Vec<String> =
        plan.removals.iter().map(|it| line("goes", &it.loser, &it.winner)).collect();
    for it in plan.ignored.iter().filter(|it| it.reason != Reason::Free) {
        let word = if it.reason == Reason::Limit { "goes" } else { it.reason.as_str() };
        lines.push(line(word, &it.weaker, &it.winner));
    }
    lines.sort();
    lines
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_plan_is_what_a_look_at_every_pair_gives(
        drafts in prop::collection::vec(draft(), 1..25),
        policy in policy(),
    ) {
        let texts: Vec<_> = drafts.iter().enumerate().map(|(uid, it)| it.text(uid)).collect();
        let text = room(&texts);
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let plan = planned(&calendar, &policy, &Memory::default());
        let slots = all_slots(&calendar, &policy, &Memory::default());
        prop_assert_eq!(by_plan(&calendar, &plan), by_full_look(&calendar, &policy, &slots));
    }

    #[test]
    fn the_order_of_the_objects_does_not_matter(
        drafts in prop::collection::vec(draft(), 1..20),
        policy in policy(),
        turn in 0_usize..20,
    ) {
        let mut texts: Vec<_> = drafts.iter().enumerate().map(|(uid, it)| it.text(uid)).collect();
        let before = room(&texts);
        texts.reverse();
        texts.rotate_left(turn % drafts.len());
        let after = room(&texts);
        let [before, after] = [&before, &after].map(|text| {
            let calendar = Calendar::parse(text.as_bytes()).unwrap();
            lines(&calendar, &planned(&calendar, &policy, &Memory::default()))
        });
        prop_assert_eq!(before, after);
    }

    #[test]
    fn nobody_goes_for_somebody_who_goes_and_only_for_a_stronger_one_beside_it(
        drafts in prop::collection::vec(draft(), 1..25),
        policy in policy(),
    ) {
        let texts: Vec<_> = drafts.iter().enumerate().map(|(uid, it)| it.text(uid)).collect();
        let text = room(&texts);
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let plan = planned(&calendar, &policy, &Memory::default());
        let pairs = plan.removals.iter().map(|it| (&it.loser, &it.winner));
        for (loser, winner) in pairs.chain(plan.ignored.iter().map(|it| (&it.weaker, &it.winner))) {
            prop_assert!(overlap(loser, winner));
            prop_assert!(plan.removals.iter().all(|it| it.loser != *winner));
            let beside: Vec<_> = plan.staying_beside(loser).collect();
            let strongest = beside.iter().min_by(|a, b| compare(&calendar, a, b).0);
            prop_assert_eq!(strongest.copied(), Some(winner));
            for it in beside {
                prop_assert!(overlap(loser, it));
            }
        }
        for it in &plan.removals {
            prop_assert!(compare(&calendar, &it.winner, &it.loser).0.is_lt());
        }
    }

    #[test]
    fn after_a_run_only_what_rule_7_leaves_alone_overlaps_and_a_second_run_removes_nothing(
        drafts in prop::collection::vec(draft(), 1..20),
        policy in policy(),
    ) {
        let texts: Vec<_> = drafts.iter().enumerate().map(|(uid, it)| it.text(uid)).collect();
        let text = room(&texts);
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let memory = remembered(&calendar);
        let first = planned(&calendar, &policy, &memory);
        let left = room(&carried_out(&calendar, &first, &texts));
        let mut memory = memory;
        memory.is_limit_open = first.limited.is_some();
        for it in &first.removals {
            let uid = calendar.objects()[it.loser.object].uid().into_owned();
            if first.limited.is_some() {
                memory.removed_at_limit.insert(uid.clone());
            }
            memory.removed.insert(uid);
        }
        let calendar = Calendar::parse(left.as_bytes()).unwrap();
        let second = planned(&calendar, &policy, &memory);
        prop_assert!(second.removals.is_empty(), "{:?}", lines(&calendar, &second));
        prop_assert!(second.leftovers.is_empty(), "{:?}", lines(&calendar, &second));
        let slots = all_slots(&calendar, &policy, &memory);
        for (index, one) in slots.iter().enumerate() {
            for other in slots[index + 1..].iter().filter(|other| overlap(one, other)) {
                let explained = second.ignored.iter().any(|it| it.weaker == *one || it.weaker == *other);
                prop_assert!(explained, "{:?} {:?}", one, other);
            }
        }
    }
}
