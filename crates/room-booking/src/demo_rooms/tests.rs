//! What a clear finds in the sample rooms, whenever it is.

use std::collections::BTreeSet;

use clearing::{Address, How, Memory, Plan, Policy, Priorities, Slot, plan};
use ical::{Calendar, Zones};

use super::*;

/// Moments of all kinds: a working morning, a late Friday, a weekend, days on which a clock changes and
/// those around, inside a skipped and a repeated hour, the end of a year, a leap day.
const NOWS: [(&str, &str); 23] = [
    ("2026-03-02T08:00:00+01:00", "Europe/Berlin"),
    ("2026-03-03T00:00:00+01:00", "Europe/Berlin"),
    ("2026-03-04T17:00:00+01:00", "Europe/Berlin"),
    ("2026-03-05T09:00:00+01:00", "Europe/Berlin"),
    ("2026-03-08T23:50:00+01:00", "Europe/Berlin"),
    ("2026-03-06T09:00:00+13:00", "Pacific/Auckland"),
    ("2026-12-31T23:59:00-03:30", "America/St_Johns"),
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

/// What is found in each room, neither more nor less, whenever one looks.
const ALWAYS: [&[&str]; 3] = [
    &[
        "cancel book-club for sales-day",
        "delete design-review for product-demo",
        "delete interview for stand-up",
        "delete sales-pitch for budget-review",
        "free tax-deadline for stand-up",
        "leftover onboarding",
        "leftover quarterly-review",
        "protected seat-plan for press-briefing",
        "unreadable broken-on-purpose",
    ],
    &[
        "cancel atlas-weekly for jour-fixe",
        "delete by-phone for customer-visit",
        "delete interview-2 for painters",
        "delete language-test for call-abroad",
        "started handover for office-move",
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
            let always: BTreeSet<_> = always.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(words(&calendar, &plan), always, "{now} {}", room.slug);
        }
    }
}

#[test]
fn the_first_week_of_the_first_room_that_has_an_event_ahead_shows_a_conflict_of_each_kind() {
    for (now, zone) in NOWS {
        let (moment, zone) = (moment(now), Zone::iana(zone).unwrap());
        let room = &rooms(moment, &zone)[0];
        let calendar = Calendar::parse(room.ics.as_bytes()).unwrap();
        let zones = &mut Zones::new(zone.clone());
        let window = ical::Window { start: moment, end: moment.plus(14 * 86_400) };
        let mut ahead = Vec::new();
        for object in calendar.objects() {
            // One of them cannot be read.
            let _ = ical::expand(
                &calendar,
                object,
                zones,
                window,
                &mut ical::Budget::new(),
                &mut ahead,
            );
        }
        let monday = |moment| {
            let day = zone.civil(moment).day();
            day - ical::civil::weekday(day) as ical::civil::Day
        };
        let first = ahead.iter().map(|it| it.start).min().unwrap();
        assert!(first > moment, "{now}: what is on is in another room");
        let plan = plan(&calendar, zones, &policy(room), &Memory::default(), moment);
        let is_shown = |slot: &Slot| monday(slot.occurrence.start) == monday(first);
        let removed = |how| plan.removals.iter().any(|it| it.how == how && is_shown(&it.loser));
        assert!(removed(How::Delete) && removed(How::CancelOccurrence), "{now}");
        let kept = plan.ignored.iter().filter(|it| is_shown(&it.weaker)).map(|it| it.reason);
        assert!(kept.collect::<Vec<_>>().contains(&clearing::Reason::Protected), "{now}");
        let leftover = |it: &clearing::Leftover| monday(it.occurrence.start) == monday(first);
        assert!(plan.leftovers.iter().any(leftover), "{now}");
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
        let cancelled = |room: &DemoRoom| {
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

#[test]
fn the_workshop_removes_one_event_and_warns_about_another_whenever_it_is() {
    for (now, zone) in NOWS {
        let (now, zone) = (moment(now), Zone::iana(zone).unwrap());
        let Workshop { room, given_up, later } = workshop(now, &zone);
        for (file, expected) in [
            (room.ics.as_str(), "delete repair-cafe for pottery"),
            (later.as_str(), "delete prototype for first-aid-kit"),
        ] {
            let calendar = Calendar::parse(file.as_bytes()).unwrap();
            let mut zones = Zones::new(zone.clone());
            let plan = plan(&calendar, &mut zones, &policy(&room), &Memory::default(), now);
            let all = words(&calendar, &plan);
            assert_eq!(all.iter().map(String::as_str).collect::<Vec<_>>(), [expected], "{now:?}");
        }
        assert!(room.ics.contains(given_up));
    }
}
