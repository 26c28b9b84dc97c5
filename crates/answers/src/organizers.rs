//! Who books for ever: series without an end, and when their organizers were last seen.

use std::collections::{HashMap, HashSet};

use clearing::Address;
use facts::Event;
use ical::civil::DAY;
use ical::{Budget, Moment, Occurrence, Window};

use crate::contents::{Contents, EventView, ListedEvent};

/// For how long a series is followed for a date that takes the room: a yearly one has one.
const FOLLOWED: i64 = 366 * DAY;
/// Series of a calendar that are gathered at most.
pub const MAX_SERIES: usize = 1_000;

/// The series of a room that have no end and take it after a moment, each as its next date; at most [`MAX_SERIES`].
pub fn endless_series(room: &Contents<'_>, after: Moment) -> Vec<Event> {
    let window = Window { start: after, end: after.plus(FOLLOWED) };
    let mut zones = room.fresh_zones();
    let mut budget = Budget::new();
    let (mut series, mut found) = (Vec::new(), Vec::<Occurrence>::new());
    for (object, it) in room.calendar.objects().iter().enumerate() {
        if !ical::repeats_without_end(&room.calendar, it, &mut zones) {
            continue;
        }
        found.clear();
        let expanded =
            ical::expand(&room.calendar, it, &mut zones, window, &mut budget, &mut found);
        let views = found.iter().map(|&occurrence| EventView { room, object, occurrence });
        let next = views
            .filter(|view| ListedEvent(*view).is_blocking())
            .min_by_key(|view| view.occurrence.start);
        series.extend(next.filter(|_| expanded.is_ok()).map(Event::from));
        if series.len() >= MAX_SERIES {
            break;
        }
    }
    series
}

/// What is known of when the events of a room were made and changed, apart from what they say.
#[derive(Clone, Debug, Default)]
pub struct Witnessed {
    /// When UIDs were first seen.
    pub first_seen: HashMap<String, Moment>,
    /// UIDs whose events the program has changed itself: when they were modified says nothing of their organizers.
    pub changed_here: HashSet<String>,
}

/// When each organizer of a room was last seen up to a moment: an event that names them was made, was first seen, or
/// was modified by somebody else than the program. Addresses are in the form that is compared.
pub fn last_seen(
    room: &Contents<'_>,
    witnessed: &Witnessed,
    until: Moment,
) -> HashMap<String, Moment> {
    let mut seen: HashMap<String, Moment> = HashMap::new();
    for (object, it) in room.calendar.objects().iter().enumerate() {
        let uid = it.uid();
        let modified = ical::last_modified(&room.calendar, it, &room.zones)
            .filter(|_| !witnessed.changed_here.contains(uid.as_ref()));
        let first_seen = witnessed.first_seen.get(uid.as_ref()).copied();
        let moments = [room.created(object), modified, first_seen].into_iter().flatten();
        let Some(at) = moments.filter(|at| *at <= until).max() else { continue };
        let Some(organizer) = organizer_of(room, object) else { continue };
        let last = seen.entry(Address::new(&organizer).as_str().to_owned()).or_insert(at);
        *last = at.max(*last);
    }
    seen
}

/// The organizer whom the first component of an object names, or who booked it.
fn organizer_of(room: &Contents<'_>, object: usize) -> Option<String> {
    let component = room.calendar.objects()[object].components().start as u32;
    // Who organizes it is the same at whatever time it is.
    let (start, end, original) = (Moment(0), Moment(0), Moment(0));
    EventView { room, object, occurrence: Occurrence { start, end, original, component } }
        .organizer()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use clearing::Policy;
    use ical::{Calendar, Zone, Zones};

    use super::*;

    /// 2026-11-01.
    const NOVEMBER: Moment = Moment(1_793_491_200);

    fn text(events: &[&str]) -> String {
        let event = |lines: &&str| {
            let lines: String = lines.split_whitespace().map(|it| format!("{it}\r\n")).collect();
            format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n")
        };
        let events: String = events.iter().map(event).collect();
        format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n")
    }

    fn room(text: &str) -> Contents<'_> {
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        Contents::new("room".to_owned(), calendar, Zones::new(Zone::utc()), Policy::default())
    }

    #[test]
    fn a_series_without_an_end_is_one_that_neither_until_nor_count_ends_and_that_takes_the_room() {
        let of = |uid: &str, rule: &str| {
            format!("UID:{uid} DTSTART:20260106T100000Z DTEND:20260106T110000Z RRULE:FREQ={rule}")
        };
        let text = text(&[
            &of("endless", "WEEKLY"),
            &of("yearly", "YEARLY"),
            &of("counted", "WEEKLY;COUNT=500"),
            &of("until", "WEEKLY;UNTIL=20991231T000000Z"),
            &format!("{} STATUS:CANCELLED", of("cancelled", "WEEKLY")),
            &format!("{} TRANSP:TRANSPARENT", of("free", "WEEKLY")),
            "UID:single DTSTART:20261106T100000Z DTEND:20261106T110000Z",
            "UID:broken DTSTART:20261106T100000Z RRULE:FREQ=NEVER",
        ]);
        let found = endless_series(&room(&text), NOVEMBER);
        let uids: Vec<_> = found.iter().map(|it| it.uid.as_str()).collect();
        assert_eq!(uids, ["endless", "yearly"]);
        assert_eq!(found[0].start.since(NOVEMBER), 2 * DAY + 10 * 3_600, "its next date");
    }

    #[test]
    fn an_organizer_was_last_seen_when_an_event_was_made_or_modified_by_somebody_else() {
        let of = |uid: &str, organizer: &str, line: &str| {
            format!(
                "UID:{uid} ORGANIZER:mailto:{organizer}@example.org {line} DTSTART:20260106T100000Z"
            )
        };
        let text = text(&[
            &of("a1", "ann", "CREATED:20260101T000000Z"),
            &of("a2", "ANN", "CREATED:20260301T000000Z"),
            &of("b", "bob", "CREATED:20260101T000000Z LAST-MODIFIED:20261001T000000Z"),
            &of("c", "cem", "CREATED:20260101T000000Z LAST-MODIFIED:20261001T000000Z"),
            &of("d", "dora", ""),
            &of("e", "eve", "CREATED:20270101T000000Z"),
            &of("f", "finn", ""),
        ]);
        let at = |text: &str| facts::time::moment(text, &Zone::utc()).unwrap();
        let witnessed = Witnessed {
            first_seen: [("d".to_owned(), at("2026-09-01"))].into(),
            changed_here: ["c".to_owned()].into(),
        };
        let seen = last_seen(&room(&text), &witnessed, NOVEMBER);
        let seen = |name: &str| seen.get(&format!("{name}@example.org")).copied();
        assert_eq!(seen("ann"), Some(at("2026-03-01")), "her later event, however it is written");
        assert_eq!(seen("bob"), Some(at("2026-10-01")));
        assert_eq!(seen("cem"), Some(at("2026-01-01")), "the program modified it");
        assert_eq!(seen("dora"), Some(at("2026-09-01")), "first seen here");
        assert_eq!([seen("eve"), seen("finn")], [None, None], "in the future, and not known");
    }
}
