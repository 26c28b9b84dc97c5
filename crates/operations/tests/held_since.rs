//! Since when an event of a built-in calendar holds its time (rule 4).

use std::time::Duration;

use harness::{Event, NOW, Room, event, file, moment, told};
use operations::{ChangeRequest, RequestedChange, WhenTaken, command_line};
use store::uid_metadata;
use testing::on_both_databases;

use crate::create::requested;

/// An event of 3 March at ten, created on 1 January.
fn booked(uid: &str) -> Event {
    event(uid, "0101T00", "0303T10", "0303T11")
}

/// Imports events, as an administrator does.
async fn import(room: &Room, events: &[Event]) {
    let (by, text) = (command_line(), file(events));
    room.service.import(&by, &room.calendar, text.as_bytes(), &|_, _| {}).await.unwrap();
}

fn pass(room: &Room, seconds: u64) {
    room.advance(Duration::from_secs(seconds));
}

/// Since when a UID has held an hour of 2026, in seconds behind [`NOW`].
async fn since(room: &Room, uid: &str, start: &str, end: &str) -> i64 {
    let known = uid_metadata::of_uid(room.store(), room.calendar.id, uid).await.unwrap();
    known.memory.claims[uid].held_since(moment(start), moment(end)).since.0 - NOW
}

/// 1 January, in seconds behind [`NOW`].
fn new_year() -> i64 {
    moment("0101T00").0 - NOW
}

on_both_databases! {
    async fn what_an_empty_calendar_is_filled_with_holds_its_hours_since_it_was_created(database) {
        let room = Room::new(&database.open().await).await;
        let later = event("b", "0201T00", "0303T10", "0303T11");
        let future = event("c", "0501T00", "0305T10", "0305T11");
        import(&room, &[later, booked("a"), future]).await;
        assert_eq!(since(&room, "a", "0303T10", "0303T11").await, new_year());
        assert_eq!(since(&room, "c", "0305T10", "0305T11").await, 0, "at most first sight");
        assert_eq!(told(&room.test().await), ["deleted b 0303T10 by a"]);
    }

    async fn what_is_imported_beside_other_events_holds_its_hours_since_the_import(database) {
        let room = Room::new(&database.open().await).await;
        import(&room, &[event("there", "0201T00", "0303T10", "0303T11")]).await;
        pass(&room, 100);
        import(&room, &[booked("a"), event("there", "0201T00", "0303T10", "0303T11")]).await;
        assert_eq!(since(&room, "a", "0303T10", "0303T11").await, 100);
        assert_eq!(told(&room.test().await), ["deleted a 0303T10 by there"]);
        // Another version of an event holds anew only what it did not hold before.
        pass(&room, 100);
        import(&room, &[event("there", "0201T00", "0303T10", "0303T13").line("SUMMARY:Longer")]).await;
        let before = moment("0201T00").0 - NOW;
        assert_eq!(since(&room, "there", "0303T10", "0303T11").await, before);
        assert_eq!(since(&room, "there", "0303T10", "0303T12").await, 200);
    }

    async fn what_is_booked_or_changed_here_holds_its_hours_since_the_write(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        pass(&room, 100);
        let asked = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let made = room.book(&ann, &asked, WhenTaken::Book, None).await.unwrap();
        assert_eq!(since(&room, &made.id, "0303T10", "0303T11").await, 100);
        pass(&room, 100);
        let change = RequestedChange {
            start: Some("2026-03-03T10:30".to_owned()),
            end: Some("2026-03-03T12:00".to_owned()),
            ..RequestedChange::default()
        };
        let change = ChangeRequest {
            uid: made.id.clone(),
            change,
            occurrence: None,
            when_taken: WhenTaken::Book,
            if_match: None,
        };
        room.service.change_event(&ann, &room.calendar, change).await.unwrap();
        assert_eq!(since(&room, &made.id, "0303T1030", "0303T11").await, 100);
        assert_eq!(since(&room, &made.id, "0303T11", "0303T12").await, 200);
    }

    async fn what_is_restored_keeps_its_claim_unless_somebody_held_the_hour_meanwhile(database) {
        let kind = database.open().await.kind();
        for (between, expected) in [
            (None, new_year()),
            (Some("0303T1030"), 300),
            // Elsewhere it is in nobody's way.
            (Some("0304T1030"), new_year()),
        ] {
            let database = testing::Database::new(kind).await;
            let room = Room::new(&database.open().await).await;
            let ann = room.caller("ann").await;
            import(&room, &[booked("a")]).await;
            pass(&room, 100);
            room.service.delete_event(&ann, &room.calendar, "a").await.unwrap();
            pass(&room, 100);
            if let Some(start) = between {
                let end = format!("{}T12", &start[..4]);
                import(&room, &[event("b", "0101T00", start, &end)]).await;
                pass(&room, 50);
                room.service.delete_event(&ann, &room.calendar, "b").await.unwrap();
            } else {
                pass(&room, 50);
            }
            pass(&room, 50);
            let line = room.line("a", "0303T10").await;
            room.restore(line).await.unwrap();
            assert_eq!(since(&room, "a", "0303T10", "0303T11").await, expected, "{between:?}");
        }
    }

    async fn a_date_that_is_restored_keeps_its_claim_and_the_others_theirs(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        import(&room, &[booked("s").rule("FREQ=DAILY;COUNT=3")]).await;
        pass(&room, 100);
        for day in ["0303T10", "0304T10"] {
            let at = moment(day);
            room.service.delete_occurrence(&ann, &room.calendar, "s", at).await.unwrap();
        }
        pass(&room, 100);
        let rival = event("b", "0101T00", "0304T10", "0304T11");
        import(&room, &[rival]).await;
        for day in ["0303T10", "0304T10"] {
            let line = room.line("s", day).await;
            room.restore(line).await.unwrap();
        }
        assert_eq!(since(&room, "s", "0303T10", "0303T11").await, new_year());
        assert_eq!(since(&room, "s", "0304T10", "0304T11").await, 200);
        assert_eq!(since(&room, "s", "0305T10", "0305T11").await, new_year());
    }

    async fn settings_keep_every_moment(database) {
        let room = Room::new(&database.open().await).await;
        import(&room, &[event("floating", "0101T00", "20260303T100000", "20260303T110000")]).await;
        pass(&room, 100);
        let calendar = store::calendars::Calendar {
            zone: "Asia/Tokyo".to_owned(),
            horizon_days: 30,
            rank_by: clearing::RankBy::Created,
            ..room.service.calendar("room").await.unwrap()
        };
        room.service.set_calendar(&command_line(), &calendar).await.unwrap();
        room.test().await;
        assert_eq!(since(&room, "floating", "0303T01", "0303T02").await, new_year());
    }
}
