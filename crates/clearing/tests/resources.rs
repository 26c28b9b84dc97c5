//! A calendar that is looked at again and again: what is remembered is remembered of its resources.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use clearing::{Claims, HeldSince, Memory, Policy, Source, plan, plan_watched};
use ical::{Calendar, Moment, Zone, Zones};

/// 2026-03-01T00:00:00Z.
const NOW: Moment = Moment(1_772_323_200);

fn event(uid: &str, created: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nCREATED:{created}\r\nDTSTART:20260302T100000Z\r\n\
         DTEND:20260302T110000Z\r\nEND:VEVENT\r\n"
    )
}

fn claims(unseen_look: i64) -> Option<Claims> {
    Some(Claims::since(HeldSince { since: NOW, unseen_look, source: Source::Look }))
}

/// Who stays of resources, each with its events and what is remembered of it.
fn staying(resources: &[(String, Option<Claims>)]) -> String {
    let (mut text, mut ends) = (Vec::new(), Vec::new());
    for (events, _) in resources {
        text.extend(format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n").into_bytes());
        ends.push(text.len());
    }
    let calendar = Calendar::parse_resources(&text, &ends);
    let memory = Memory {
        of_resources: Some(resources.iter().map(|it| it.1.clone()).collect()),
        ..Memory::default()
    };
    let mut zones = Zones::new(Zone::utc());
    let plan = plan(&calendar, &mut zones, &Policy::default(), &memory, NOW);
    let winners: Vec<_> = plan
        .removals
        .iter()
        .map(|it| calendar.objects()[it.winner.object].uid().into_owned())
        .collect();
    assert!(winners.windows(2).all(|pair| pair[0] == pair[1]), "{winners:?}");
    winners[0].clone()
}

#[test]
fn the_earlier_claim_stays_whatever_the_events_say() {
    let one = || event("one", "20260201T000000Z");
    let forged = || event("forged", "20200101T000000Z");
    assert_eq!(staying(&[(one(), claims(3)), (forged(), claims(4))]), "one");
    assert_eq!(staying(&[(forged(), claims(4)), (one(), claims(3))]), "one");
    assert_eq!(staying(&[(one(), claims(4)), (forged(), claims(3))]), "forged");
}

#[test]
fn what_is_not_remembered_loses_whatever_it_says() {
    let forged = || event("forged", "20200101T000000Z");
    assert_eq!(staying(&[(event("one", "20260201T000000Z"), claims(9)), (forged(), None)]), "one");
    // Two that are not remembered are ranked as ever.
    assert_eq!(staying(&[(event("one", "20260201T000000Z"), None), (forged(), None)]), "forged");
}

#[test]
fn objects_that_share_a_resource_have_no_claim() {
    let two = event("two", "20200101T000000Z") + &event("three", "20200102T000000Z");
    let one = || event("one", "20260201T000000Z");
    assert_eq!(staying(&[(one(), claims(9)), (two.clone(), claims(1))]), "one");
    assert_eq!(staying(&[(two, claims(1)), (one(), claims(9))]), "one");
}

#[test]
fn who_watches_a_plan_is_told_of_the_objects_a_few_hundred_at_a_time() {
    let event = |number: i32| {
        format!("BEGIN:VEVENT\r\nUID:{number}\r\nDTSTART:20260302T100000Z\r\nEND:VEVENT\r\n")
    };
    let events: String = (0..600).map(event).collect();
    let text = format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n");
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let mut told = Vec::new();
    plan_watched(
        &calendar,
        &mut Zones::new(Zone::utc()),
        &Policy::default(),
        &Memory::default(),
        NOW,
        &mut |objects| told.push(objects),
    );
    assert_eq!(told, [256, 256]);
}
