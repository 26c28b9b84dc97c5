//! The sample rooms of `demo`: calendars around today in which a clear finds something of each
//! kind.

mod booking;
#[cfg(test)]
mod tests;

use ical::{Moment, NewTimes, Zone};

use booking::{Booking, Here, all_day, cancelled, free, with_line};

/// A sample room: its calendar and its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoRoom {
    /// Its slug.
    pub slug: &'static str,
    /// Its display name.
    pub name: &'static str,
    /// The room's own email address.
    pub room_address: &'static str,
    /// The address that is notified if an event has no organizer.
    pub contact_address: &'static str,
    /// Its events, as one iCalendar file.
    pub ics: String,
    /// Longest overlap at an edge that is tolerated, in minutes.
    pub tolerance_minutes: u32,
    /// The organizers whose events are prioritised.
    pub prioritised_organizers: &'static [&'static str],
    /// Words of names that are prioritised.
    pub prioritised_names: &'static [&'static str],
    /// UIDs whose events are never removed.
    pub protected_uids: &'static [&'static str],
    /// Its building, floor and number of seats.
    pub place: (&'static str, &'static str, i64),
    /// What it has.
    pub features: &'static [&'static str],
}

/// Three rooms in `zone`, booked on the working days around `now`, whichever day and hour that is.
pub fn rooms(now: Moment, zone: &Zone) -> Vec<DemoRoom> {
    let here = Here::new(now, zone);
    vec![meeting_room_1(&here), meeting_room_2(&here), board_room(&here)]
}

/// The objects as one file.
fn file(objects: &[String]) -> String {
    let objects: Vec<&[u8]> = objects.iter().map(|it| it.as_bytes()).collect();
    String::from_utf8_lossy(&ical::join(&objects)).into_owned()
}

/// Everyday conflicts. The first working day after today has one of each kind, and the week of today has
/// no other event ahead, so that the week page opens on all of them whichever day it is.
fn meeting_room_1(here: &Here<'_>) -> DemoRoom {
    let stand_ups = here.weekly_on_the_first(3);
    let mut objects = conflicts_of_the_first_day(here, &stand_ups);
    objects.extend(events_of_other_days(here));
    DemoRoom {
        slug: "meeting-room-1",
        name: "Meeting room 1",
        room_address: "meeting-room-1@example.org",
        contact_address: "reception@example.org",
        ics: file(&objects),
        tolerance_minutes: 0,
        prioritised_organizers: &[],
        prioritised_names: &[],
        protected_uids: &["seat-plan@example.org"],
        place: ("Main building", "1", 8),
        features: &["projector", "whiteboard"],
    }
}

/// A double booking that is removed, one that is kept, a cancelled leftover, a series that loses a date.
fn conflicts_of_the_first_day(here: &Here<'_>, stand_ups: &str) -> Vec<String> {
    let on = |from, to| here.between(here.day(1), from, to);
    let new = |id, name, organizer, days_ago, times| {
        Booking::new(id, name, organizer, days_ago, times).text(here)
    };
    let series = |id, name, organizer, days_ago, times, rule| {
        Booking::series(id, name, organizer, days_ago, times, rule).text(here)
    };
    let weeks_before = |weeks: i32, from, to| here.between(here.day(1) - 7 * weeks, from, to);
    vec![
        // A series that is older than all that collide with it.
        series("stand-up", "Stand-up", "dev", 70, weeks_before(8, (9, 30), (9, 45)), stand_ups),
        new("interview", "Interview", "hr", 3, on((9, 0), (10, 0))),
        // Three events that touch each other stay, and a later one between them is removed.
        new(
            "budget-review",
            "Budget review, part 2; final numbers",
            "finance",
            21,
            on((10, 0), (11, 0)),
        ),
        new("supplier-call", "Supplier call", "purchasing", 9, on((11, 0), (12, 0))),
        new("sales-pitch", "Sales pitch", "sales", 4, on((10, 30), (11, 30))),
        // A cancelled event is removed, and does not block.
        cancelled(new(
            "quarterly-review",
            "Quarterly review",
            "controlling",
            40,
            on((13, 0), (14, 0)),
        )),
        new("lunch-talk", "Lunch talk: bees on our roof", "li.chen", 5, on((12, 30), (13, 30))),
        // The later one is protected.
        new("press-briefing", "Press briefing", "press", 14, on((14, 0), (15, 0))),
        new("seat-plan", "Seat plan", "facilities", 5, on((14, 30), (15, 0))),
        // The series came later: it loses this date, and keeps all others.
        new("sales-day", "Sales day", "sales", 40, on((15, 30), (17, 0))),
        series(
            "book-club",
            "Book club",
            "li.chen",
            25,
            weeks_before(3, (16, 0), (17, 0)),
            "FREQ=WEEKLY",
        ),
        // A free event is reported, and never removed.
        free(new(
            "tax-deadline",
            "Tax deadline (a reminder, marked as free)",
            "finance",
            60,
            all_day(here.day(1), 1),
        )),
    ]
}

/// Events that are over, that come later, and that cannot be read.
fn events_of_other_days(here: &Here<'_>) -> Vec<String> {
    let on = |number, from, to| here.between(here.day(number), from, to);
    let new = |id, name, organizer, days_ago, times| {
        Booking::new(id, name, organizer, days_ago, times).text(here)
    };
    let before = |from, to| here.between(here.day_before(), from, to);
    vec![
        // The second one is removed because of the first, so the third one stays although it
        // overlapped the second.
        new("product-demo", "Product demo", "ana.ruiz", 30, on(2, (13, 0), (14, 30))),
        new("design-review", "Design review", "tom.berg", 20, on(2, (14, 0), (15, 30))),
        new("one-to-one", "One-to-one: Li and Ana", "li.chen", 10, on(2, (15, 0), (16, 0))),
        new("server-move", "File server move (S:\\ to T:\\)", "it", 8, on(2, (9, 0), (9, 30))),
        cancelled(
            Booking::series(
                "onboarding",
                "Onboarding",
                "hr",
                50,
                here.between(here.day(4) - 42, (14, 0), (15, 0)),
                "FREQ=WEEKLY;COUNT=12",
            )
            .text(here),
        ),
        // Over, and therefore kept.
        new("retrospective", "Retrospective", "dev", 18, before((10, 0), (11, 0))),
        new("first-draft", "Annual report: first draft", "press", 15, before((10, 30), (11, 30))),
        Booking {
            rule: Some("FREQ=SOMETIMES"),
            ..Booking::new(
                "broken-on-purpose",
                "Broken on purpose: repeats \"sometimes\"",
                "it",
                35,
                on(3, (16, 0), (17, 0)),
            )
        }
        .text(here),
    ]
}

/// Two meetings that have begun are kept.
fn on_right_now(here: &Here<'_>) -> [String; 2] {
    let quarter = Moment(here.now.0 - here.now.0.rem_euclid(900));
    let around = |before: i64, after: i64| NewTimes::Timed {
        start: quarter.plus(-before * 60),
        end: quarter.plus(after * 60),
    };
    [
        Booking::new("office-move", "Workshop: office move", "facilities", 12, around(45, 75)),
        Booking::new("handover", "Handover (is on right now)", "tom.berg", 6, around(30, 45)),
    ]
    .map(|booking| booking.text(here))
}

/// Series, whole days, other clocks, a tolerance, and a room that declines.
fn meeting_room_2(here: &Here<'_>) -> DemoRoom {
    let on = |number, from, to| here.between(here.day(number), from, to);
    let new = |id, name, organizer, days_ago, times| {
        Booking::new(id, name, organizer, days_ago, times).text(here)
    };
    let abroad = if here.zone.name() == "America/New_York" {
        ("Call with the London office", "Europe/London")
    } else {
        ("Call with the New York office", "America/New_York")
    };
    let clock = Zone::iana(abroad.1).unwrap_or_else(Zone::utc);
    let weekly = here.day(2);
    let mut objects = vec![
        // Two series in one hour; the later one moved its second date out of the way itself.
        Booking::series(
            "jour-fixe",
            "Jour fixe sales",
            "sales",
            80,
            here.between(weekly - 70, (14, 0), (15, 0)),
            "FREQ=WEEKLY",
        )
        .text(here),
        Booking::series(
            "atlas-weekly",
            "Project Atlas, weekly",
            "tom.berg",
            12,
            here.between(weekly, (14, 30), (15, 30)),
            "FREQ=WEEKLY;COUNT=4",
        )
        .text_with_override(
            here,
            here.between(weekly + 7, (14, 30), (15, 30)),
            here.between(weekly + 7, (16, 0), (17, 0)),
            false,
        ),
        // A whole day.
        new("painters", "Painters in the room", "facilities", 20, all_day(here.day(5), 1)),
        new("interview-2", "Interview: second round", "hr", 5, on(5, (10, 0), (11, 0))),
        // Five minutes at an edge are tolerated.
        new("it-team", "Team meeting IT", "it", 25, on(3, (9, 0), (10, 0))),
        new("vendor-demo", "Vendor demo", "purchasing", 6, on(3, (9, 55), (11, 0))),
        // Another clock.
        Booking::new("call-abroad", abroad.0, "li.chen", 16, on(4, (15, 0), (16, 0)))
            .text_in(here, &clock),
        new("language-test", "Language test", "hr", 7, on(4, (15, 30), (16, 30))),
        // An event that the room declined does not block.
        with_line(
            new("yoga", "Yoga (declined by the room)", "ana.ruiz", 30, on(1, (12, 0), (13, 0))),
            "ATTENDEE;PARTSTAT=DECLINED:mailto:meeting-room-2@example.org\r\n",
        ),
        // An invitation that the room has accepted.
        with_line(
            new("interns", "Lunch with the interns", "hr", 2, on(1, (12, 30), (13, 30))),
            "ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:meeting-room-2@example.org\r\n",
        ),
        // Without an organizer, the room's contact address is notified.
        new("customer-visit", "Customer visit", "sales", 10, on(1, (16, 0), (18, 0))),
        Booking {
            organizer: None,
            ..Booking::new("by-phone", "Booked by phone", "", 1, on(1, (16, 30), (17, 30)))
        }
        .text(here),
    ];
    objects.extend(on_right_now(here));
    DemoRoom {
        slug: "meeting-room-2",
        name: "Meeting room 2",
        room_address: "meeting-room-2@example.org",
        contact_address: "reception@example.org",
        ics: file(&objects),
        tolerance_minutes: 10,
        prioritised_organizers: &[],
        prioritised_names: &[],
        protected_uids: &[],
        place: ("Main building", "1", 6),
        features: &["screen"],
    }
}

/// Priorities and protection.
fn board_room(here: &Here<'_>) -> DemoRoom {
    let on = |number, from, to| here.between(here.day(number), from, to);
    let new = |id, name, organizer, days_ago, times| {
        Booking::new(id, name, organizer, days_ago, times).text(here)
    };
    let weekly = here.day(3);
    let objects = [
        // By organizer: the later one stays.
        new("board-meeting", "Board meeting", "board", 2, on(2, (9, 0), (12, 0))),
        new("atlas-kick-off", "Project Atlas: kick-off", "tom.berg", 50, on(2, (10, 0), (11, 0))),
        // By name, against one date of a series. The teacher cancelled its next date, so that hour
        // is free for another event.
        Booking::series(
            "spanish",
            "Spanish course",
            "mara.silva",
            90,
            here.between(weekly - 84, (13, 0), (14, 30)),
            "FREQ=WEEKLY",
        )
        .text_with_override(
            here,
            here.between(weekly + 7, (13, 0), (14, 30)),
            here.between(weekly + 7, (13, 0), (14, 30)),
            true,
        ),
        new("works-council", "Works council: open hour", "council", 1, on(3, (13, 0), (14, 0))),
        new(
            "interview-3",
            "Interview: head of sales",
            "hr",
            8,
            here.between(weekly + 7, (13, 0), (14, 0)),
        ),
        // Protected, although it came later.
        new("strategy-day", "Strategy day", "board.office", 60, on(4, (9, 0), (17, 0))),
        new("auditors", "Visit of the auditors", "controlling", 6, on(4, (10, 0), (16, 0))),
        // Two whole days.
        new("photo-shoot", "Photo shoot", "press", 30, all_day(here.day(5), 1)),
        new("first-aid", "First-aid course", "hr", 10, all_day(here.day(5), 1)),
        free(new(
            "mara",
            "Mara works here while nobody needs it",
            "mara.silva",
            3,
            on(1, (9, 0), (17, 0)),
        )),
        new("agenda", "Board agenda, draft", "board.office", 15, on(1, (14, 0), (15, 0))),
        cancelled(new("farewell", "Farewell, Ines!", "hr", 33, on(1, (16, 0), (18, 0)))),
    ];
    DemoRoom {
        slug: "board-room",
        name: "Board room",
        room_address: "board-room@example.org",
        contact_address: "board.office@example.org",
        ics: file(&objects),
        tolerance_minutes: 0,
        prioritised_organizers: &["board@example.org"],
        prioritised_names: &["Works council"],
        protected_uids: &["auditors@example.org"],
        place: ("Main building", "3", 14),
        features: &["projector", "video-conference"],
    }
}

/// A room with a history: of the first file a clear removes an event, and the one that it gave way to is deleted after
/// that; the second file has a double booking about which the room warns.
pub struct Workshop {
    /// The room with the first file.
    pub room: DemoRoom,
    /// The UID of the event that is deleted.
    pub given_up: &'static str,
    /// The second file.
    pub later: String,
}

/// The room with a history, on working days after the next.
pub fn workshop(now: Moment, zone: &Zone) -> Workshop {
    let here = &Here::new(now, zone);
    let on = |number, from, to| here.between(here.day(number), from, to);
    let new = |id, name, organizer, days_ago, times| {
        Booking::new(id, name, organizer, days_ago, times).text(here)
    };
    let first = [
        new("pottery", "Pottery course", "mara.silva", 40, on(3, (14, 0), (16, 0))),
        new("repair-cafe", "Repair café", "tom.berg", 9, on(3, (15, 0), (17, 0))),
    ];
    let later = [
        new("first-aid-kit", "First-aid refresher", "hr", 21, on(2, (10, 0), (12, 0))),
        new("prototype", "Prototype review", "dev", 2, on(2, (11, 0), (12, 30))),
    ];
    Workshop {
        room: DemoRoom {
            slug: "workshop",
            name: "Workshop",
            room_address: "workshop@example.org",
            contact_address: "reception@example.org",
            ics: file(&first),
            tolerance_minutes: 0,
            prioritised_organizers: &[],
            prioritised_names: &[],
            protected_uids: &[],
            place: ("Annex", "0", 20),
            features: &["whiteboard"],
        },
        given_up: "pottery@example.org",
        later: file(&later),
    }
}
