//! What a clear finds in the sample rooms, whenever it is.

use std::collections::BTreeSet;

use clearing::{Address, How, Memory, Plan, Policy, Priorities, Slot, plan};
use ical::{Calendar, Zones};

use super::*;

/// Moments of all kinds: a working morning, a late Friday, a weekend, days on which a clock changes and
/// those around, inside a skipped and a repeated hour, the end of a year, a leap day.
const NOWS: [(&str, &str); 17] = [
    ("2026-03-02T08:00:00+01:00", "Europe/Berlin"),
    ("2026-03-06T23:50:00+01:00", "Europe/Berlin"),
    ("2026-03-07T12:00:00+01:00", "Europe/Berlin"),
    ("2026-03-27T16:59:59+01:00", "Europe/Berlin"),
    ("2026-03-29T01:59:59+01:00", "Europe/Berlin"),
    ("2026-03-29T03:10:00+02:00", "Europe/Berlin"),
    ("2026-10-25T02:40:00+02:00", "Europe/Berlin"),
    ("2026-10-25T02:40:00+01:00", "Europe/Berlin"),
    ("2026-03-08T01:50:00-05:00", "America/New_York"),
    ("2026-03-08T03:05:00-04:00", "America/New_York"),
    ("2026-10-30T09:35:00-04:00", "America/New_York"),
    ("2026-11-01T01:30:00-04:00", "America/New_York"),
    ("2026-11-01T01:30:00-05:00", "America/New_York"),
    ("2026-12-31T15:20:00Z", "UTC"),
    ("2028-02-29T00:00:00Z", "UTC"),
    ("2026-07-01T10:37:21+05:45", "Asia/Kathmandu"),
    ("2026-04-03T15:45:00+11:00", "Australia/Lord_Howe"),
];

fn moment(rfc3339: &str) -> Moment {
    Moment(rfc3339.parse::<jiff::Timestamp>().unwrap().as_second())
}

fn policy(room: &DemoRoom) -> Policy {
    let mut priorities = Priorities::default();
    room.prioritised_organizers.iter().for_each(|it| priorities.add_organizer(it, None));
    room.prioritised_names.iter().for_each(|it| priorities.add_name(it, None));
    Policy {
        tolerance_minutes: room.tolerance_minutes,
        limit: Some(50),
        room_address: Some(Address::new(room.room_address)),
        priorities,
        protected: room.protected_uids.iter().map(|it| (*it).to_owned()).collect(),
        ..Policy::default()
    }
}

/// A plan as words: `delete interview for stand-up`.
fn words(calendar: &Calendar<'_>, plan: &Plan) -> BTreeSet<String> {
    let id = |object: usize| {
        let uid = calendar.objects()[object].uid().into_owned();
        uid.trim_end_matches("@example.org").to_owned()
    };
    let two = |one: &Slot, other: &Slot| format!("{} for {}", id(one.object), id(other.object));
    let removals = plan.removals.iter().map(|it| match it.how {
        How::Delete => format!("delete {}", two(&it.loser, &it.winner)),
        How::CancelOccurrence => format!("cancel {}", two(&it.loser, &it.winner)),
    });
    let ignored = plan
        .ignored
        .iter()
        .map(|it| format!("{} {}", it.reason.as_str(), two(&it.weaker, &it.winner)));
    let leftovers = plan.leftovers.iter().map(|it| format!("leftover {}", id(it.object)));
    let unreadable = plan.unreadable.iter().map(|it| format!("unreadable {}", id(it.object)));
    removals.chain(ignored).chain(leftovers).chain(unreadable).collect()
}

/// What is found in each room whenever one looks.
const ALWAYS: [&[&str]; 3] = [
    &[
        "delete design-review for product-demo",
        "delete interview for stand-up",
        "delete sales-pitch for budget-review",
        "free tax-deadline for stand-up",
        "leftover onboarding",
        "leftover quarterly-review",
        "unreadable broken-on-purpose",
    ],
    &[
        "cancel atlas-weekly for jour-fixe",
        "delete by-phone for customer-visit",
        "delete interview-2 for painters",
        "delete language-test for call-abroad",
        "tolerated vendor-demo for it-team",
    ],
    &[
        "cancel spanish for works-council",
        "delete atlas-kick-off for board-meeting",
        "delete first-aid for photo-shoot",
        "free mara for agenda",
        "leftover farewell",
        "protected auditors for strategy-day",
    ],
];

/// What collides in the first room at some hours only: what is on with what today holds besides.
const SOMETIMES: [&str; 3] = ["office-move", "press-briefing", "seat-plan"];

#[test]
fn each_list_of_the_answer_shows_what_the_rooms_are_made_for_whenever_it_is() {
    for (now, zone) in NOWS {
        let (moment, zone) = (moment(now), Zone::iana(zone).unwrap());
        let rooms = rooms(moment, &zone);
        assert_eq!(rooms.len(), ALWAYS.len());
        for (room, always) in rooms.iter().zip(ALWAYS) {
            let calendar = Calendar::parse(room.ics.as_bytes()).unwrap();
            let zones = &mut Zones::new(zone.clone());
            let plan = plan(&calendar, zones, &policy(room), &Memory::default(), moment);
            let found = words(&calendar, &plan);
            let missing: Vec<_> = always.iter().filter(|it| !found.contains(**it)).collect();
            assert!(missing.is_empty(), "{now} {}: {missing:?} not in {found:?}", room.slug);
            if room.slug == "meeting-room-1" {
                let is_on = |it: &String| it.starts_with("started handover for ");
                assert!(found.iter().any(is_on), "{now}: {found:?}");
            }
            let surprise = found.iter().find(|it| {
                let is_of_today = SOMETIMES.iter().any(|id| it.contains(id));
                !always.contains(&it.as_str()) && !is_of_today && !it.starts_with("started ")
            });
            assert!(surprise.is_none(), "{now} {}: {surprise:?}", room.slug);
        }
    }
}

#[test]
fn later_prioritised_events_win_and_a_series_loses_only_the_dates_that_collide() {
    for (now, zone) in NOWS {
        let (moment, zone) = (moment(now), Zone::iana(zone).unwrap());
        let rooms = rooms(moment, &zone);
        let removals = |room: &DemoRoom| {
            let calendar = Calendar::parse(room.ics.as_bytes()).unwrap();
            let zones = &mut Zones::new(zone.clone());
            plan(&calendar, zones, &policy(room), &Memory::default(), moment).removals
        };
        let by_priority = removals(&rooms[2]).into_iter().filter(|it| {
            it.winner.rank.priority.is_some() && it.winner.rank.created > it.loser.rank.created
        });
        assert_eq!(by_priority.count(), 2, "{now}");
        let cancelled = |room| {
            let all = removals(room).into_iter();
            all.filter(|it| it.how == How::CancelOccurrence).count()
        };
        assert_eq!((cancelled(&rooms[1]), cancelled(&rooms[2])), (3, 1), "{now}");
    }
}

#[test]
fn the_calendars_are_well_formed_and_every_event_was_created_before_now() {
    for (now, zone) in NOWS {
        let (moment, zone) = (moment(now), Zone::iana(zone).unwrap());
        for room in rooms(moment, &zone) {
            for line in room.ics.split("\r\n") {
                assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{now}: {line}");
            }
            assert!(room.ics.ends_with("END:VCALENDAR\r\n"));
            let calendar = Calendar::parse(room.ics.as_bytes()).unwrap();
            let zones = Zones::new(zone.clone());
            let uids: BTreeSet<_> =
                calendar.objects().iter().map(|it| it.uid().into_owned()).collect();
            assert_eq!(uids.len(), calendar.objects().len());
            for object in calendar.objects() {
                let created = ical::created(&calendar, object, &zones).unwrap();
                assert!(created < moment, "{now}: {}", object.uid());
            }
            for uid in room.protected_uids {
                assert!(uids.contains(*uid));
            }
        }
    }
}

#[test]
fn names_with_commas_semicolons_and_backslashes_are_read_back() {
    let room = &rooms(moment(NOWS[0].0), &Zone::utc())[0];
    assert!(room.ics.contains("SUMMARY:Budget review\\, part 2\\; final numbers\r\n"));
    let calendar = Calendar::parse(room.ics.as_bytes()).unwrap();
    let names: Vec<_> = calendar
        .objects()
        .iter()
        .flat_map(|it| calendar.events_of(it).map(|event| event.summary().into_owned()))
        .collect();
    for name in ["Budget review, part 2; final numbers", "File server move (S:\\ to T:\\)"] {
        assert!(names.iter().any(|it| it == name), "{names:?}");
    }
}

#[test]
fn series_have_overrides_and_one_event_is_on_another_clock() {
    let rooms = rooms(moment(NOWS[0].0), &Zone::iana("Europe/Berlin").unwrap());
    assert!(rooms[1].ics.contains("RECURRENCE-ID;TZID=Europe/Berlin:20260311T143000\r\n"));
    assert!(rooms[1].ics.contains("DTSTART;TZID=America/New_York:20260306T090000\r\n"));
    assert!(rooms[2].ics.contains("RECURRENCE-ID;TZID=Europe/Berlin:20260312T130000\r\n"));
}
