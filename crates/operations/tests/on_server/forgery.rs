//! What somebody tries who has the right to write into a calendar and wants an hour that another holds.
//! The victim was seen alone in the hour by a look, so that it is the victim's.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Event, NOW, bare, event, file, moment, told};
use operations::command_line;
use store::uid_metadata;
use testing::fake::{CALENDAR, Quirks};
use testing::on_both_databases;

/// The hour, on 3 March at ten, with a CREATED from before all looks.
fn forged(uid: &str) -> Event {
    event(uid, "0101T00", "0303T10", "0303T11").by("eve@example.org")
}

fn victim() -> Event {
    event("victim", "0301T00", "0303T10", "0303T11").by("vic@example.org")
}

/// An old event that nobody minds.
fn elsewhere(uid: &str) -> Event {
    event(uid, "0101T00", "0305T10", "0305T11").by("eve@example.org")
}

/// Looks at the room a minute later; what a clear would do.
async fn look(room: &ServerRoom) -> Vec<String> {
    room.advance(Duration::from_secs(60));
    told(&room.room.test().await)
}

/// A room that was looked at: empty, with what somebody has there already, and with the victim's event.
async fn prepared(database: &testing::Database, quirks: Quirks, old: &[Event]) -> ServerRoom {
    let room = ServerRoom::new(&database.open().await, quirks).await;
    look(&room).await;
    for it in old {
        room.put(it.clone());
    }
    look(&room).await;
    room.put(victim());
    assert!(look(&room).await.is_empty(), "the victim is alone in the hour");
    room
}

/// What is removed at a look, without those that may go.
async fn lost(room: &ServerRoom) -> Vec<String> {
    let told = look(room).await;
    told.into_iter().filter(|line| line.contains("victim 0303T10 by")).collect()
}

fn nothing() -> Vec<String> {
    Vec::new()
}

on_both_databases! {
    async fn a_uid_of_a_thousand_bytes_and_more_has_no_older_claim_than_any_other(database) {
        let room = prepared(&database, Quirks::RFC, &[]).await;
        let uid = "e".repeat(1_001);
        room.server.put("long.ics", &file(&[forged(&uid)]));
        assert_eq!(look(&room).await, [format!("deleted {uid} 0303T10 by victim")]);
        // And it keeps the claim that it has.
        room.put(forged("later"));
        let told = look(&room).await;
        assert!(told.contains(&"deleted later 0303T10 by victim".to_owned()), "{told:?}");
    }

    async fn a_uid_that_differs_by_a_blank_is_another_one(database) {
        let room = prepared(&database, Quirks::RFC, &[]).await;
        room.server.put("twin.ics", &file(&[forged("victim ")]));
        assert_eq!(look(&room).await, ["deleted victim  0303T10 by victim"]);
    }

    async fn a_second_object_of_a_uid_neither_has_its_claim_nor_takes_it_away(database) {
        let room = prepared(&database, Quirks::RFC, &[]).await;
        let twin = |start: &str, end: &str| {
            file(&[event("victim", "0101T00", start, end).line("SEQUENCE:9").by("eve@example.org")])
        };
        room.put(event("other", "0301T00", "0304T10", "0304T11").by("vic@example.org"));
        look(&room).await;
        room.server.put("twin.ics", &twin("0304T10", "0304T11"));
        assert_eq!(look(&room).await, ["deleted victim 0304T10 by other"]);
        room.server.put("twin.ics", &twin("0303T1030", "0303T1130"));
        look(&room).await;
        room.put(forged("eve"));
        assert_eq!(lost(&room).await, nothing());
        // Nor does the twin's end end the claim.
        room.server.remove("twin.ics");
        look(&room).await;
        room.put(victim().line("SUMMARY:Renamed"));
        assert_eq!(lost(&room).await, nothing());
        assert_eq!(look(&room).await, ["deleted eve 0303T10 by victim"]);
    }

    async fn what_was_no_event_for_a_while_holds_its_hour_anew(database) {
        let room = prepared(&database, Quirks::RFC, &[elsewhere("eve")]).await;
        let task = "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:eve\r\nEND:VTODO\r\nEND:VCALENDAR\r\n";
        room.server.put("eve.ics", task);
        look(&room).await;
        room.put(forged("eve"));
        assert_eq!(look(&room).await, ["deleted eve 0303T10 by victim"]);
    }

    async fn what_was_deleted_on_the_server_and_then_here_holds_its_hour_anew(database) {
        let room = prepared(&database, Quirks::RFC, &[elsewhere("eve")]).await;
        let ann = room.room.caller("ann").await;
        room.server.remove("eve.ics");
        let deleted = room.room.service.delete_event(&ann, &room.room.calendar, "eve").await;
        assert!(matches!(deleted, Err(operations::Error::NotFound(_))), "{deleted:?}");
        room.put(forged("eve"));
        assert_eq!(look(&room).await, ["deleted eve 0303T10 by victim"]);
    }

    async fn what_has_no_uid_is_remembered_by_its_text(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let nameless = |summary: &str, by: &str| {
            let it = event("", "0101T00", "0303T10", "0303T11").line(format!("SUMMARY:{summary}"));
            file(&[it.by(by)])
        };
        room.server.put("nameless.ics", &nameless("One", "eve@example.org"));
        look(&room).await;
        room.put(victim());
        assert_eq!(look(&room).await, ["deleted victim 0303T10 by "]);
        // What the same organizer puts in its place takes over its hour.
        room.server.put("nameless.ics", &nameless("Renamed", "eve@example.org"));
        assert_eq!(look(&room).await, ["deleted victim 0303T10 by "]);
        room.server.put("nameless.ics", &nameless("Other", "mallory@example.org"));
        assert_eq!(look(&room).await, ["deleted  0303T10 by victim"]);
        room.server.put("nameless.ics", &nameless("One", "eve@example.org"));
        assert_eq!(look(&room).await, ["deleted  0303T10 by victim"], "nor when it is back");
    }

    async fn what_cannot_be_remembered_has_held_its_hour_since_now(database) {
        let room = prepared(&database, Quirks::RFC, &[]).await;
        let nameless = file(&[forged("")]);
        room.server.put("nameless.ics", &nameless);
        assert_eq!(look(&room).await, ["deleted  0303T10 by victim"]);
        room.server.remove("nameless.ics");
        look(&room).await;
        let two = file(&[elsewhere("first"), forged("second")]);
        room.server.put("two.ics", &two);
        assert_eq!(look(&room).await, ["ignored second 0303T10 by victim: refused"]);
        // Nor does a second object get at the claim of a UID that lies elsewhere.
        room.put(event("known", "0101T00", "0306T10", "0306T11"));
        look(&room).await;
        room.server.put("two.ics", &file(&[elsewhere("first"), forged("known")]));
        assert_eq!(lost(&room).await, nothing());
    }

    async fn what_was_replaced_by_another_uid_holds_its_hour_anew(database) {
        let room = prepared(&database, Quirks::RFC, &[elsewhere("eve")]).await;
        room.server.put("eve.ics", &file(&[event("mallory", "0101T00", "0306T10", "0306T11")]));
        look(&room).await;
        room.server.put("again.ics", &file(&[forged("eve")]));
        assert_eq!(look(&room).await, ["deleted eve 0303T10 by victim"]);
    }

    async fn what_a_list_of_everything_lacked_holds_its_hour_anew(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::CTAG_ONLY).await;
        look(&room).await;
        room.put(forged("eve"));
        look(&room).await;
        room.server.remove("eve.ics");
        look(&room).await;
        look(&room).await;
        // Both come at one look: one says the truth.
        room.put(event("victim", "20260302T000410Z", "0303T10", "0303T11").by("vic@example.org"));
        room.put(forged("eve"));
        assert_eq!(lost(&room).await, nothing());
        assert_eq!(look(&room).await.len(), 1);
    }

    async fn what_comes_back_under_another_name_does_not_lose_its_hour_by_an_edit(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::CTAG_ONLY).await;
        look(&room).await;
        room.put(victim());
        look(&room).await;
        room.server.remove("victim.ics");
        look(&room).await;
        room.server.put("other.ics", &file(&[victim()]));
        look(&room).await;
        room.put(forged("eve"));
        look(&room).await;
        room.server.put("other.ics", &file(&[victim().line("SUMMARY:Renamed")]));
        assert_eq!(look(&room).await, ["deleted eve 0303T10 by victim"]);
    }

    async fn what_could_not_be_read_and_is_by_a_setting_holds_its_hour_anew(database) {
        let room = prepared(&database, Quirks::RFC, &[elsewhere("eve")]).await;
        let hidden = bare("eve")
            .line("CREATED:20260101T000000Z")
            .line("DTSTART;TZID=Nowhere:20260303T100000")
            .line("DTEND;TZID=Nowhere:20260303T110000");
        room.put(hidden);
        look(&room).await;
        let service = &room.room.service;
        let mut calendar = service.calendar("room").await.unwrap();
        calendar.unknown_zones = ical::UnknownZones::Calendar;
        service.set_calendar(&command_line(), &calendar).await.unwrap();
        assert_eq!(lost(&room).await, nothing());
        assert!(look(&room).await.iter().any(|line| line.starts_with("deleted eve")));
    }

    async fn what_could_not_be_read_for_a_while_and_is_as_it_was_keeps_its_hour(database) {
        let room = prepared(&database, Quirks::RFC, &[]).await;
        room.put(victim().line("RRULE:FREQ=NEVER"));
        look(&room).await;
        room.put(forged("eve"));
        look(&room).await;
        room.put(victim());
        assert_eq!(look(&room).await, ["deleted eve 0303T10 by victim"]);
        // Also if it was changed in another way meanwhile.
        room.put(victim().line("RRULE:FREQ=NEVER"));
        look(&room).await;
        room.put(victim().line("SUMMARY:Renamed"));
        assert_eq!(look(&room).await, ["deleted eve 0303T10 by victim"]);
    }

    async fn looks_within_one_second_tell_who_was_there_first(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room.test().await;
        room.put(victim());
        room.room.test().await;
        room.put(forged("eve"));
        let report = room.room.test().await;
        assert_eq!(told(&report), ["deleted eve 0303T10 by victim"]);
        let known = uid_metadata::of_uid(room.room.store(), room.room.calendar.id, "eve").await.unwrap();
        let since = known.memory.claims["eve"].held_since(moment("0303T10"), moment("0303T11"));
        assert_eq!(since.since.0, NOW);
    }

    async fn a_clock_that_was_wrong_for_one_look_changes_no_order(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room.test().await;
        let clock = &room.room.service.clock;
        // It was fast while the first was seen, and the others come in after it.
        clock.wake_after(Duration::from_secs(3_600));
        room.put(elsewhere("other"));
        room.room.test().await;
        room.put(victim());
        room.room.test().await;
        let mut slow = room;
        slow.at(harness::seconds(60));
        slow.put(forged("eve"));
        assert_eq!(told(&slow.room.test().await), ["deleted eve 0303T10 by victim"]);
        assert_eq!(slow.server.with(|state| state.calendars[CALENDAR].objects.len()), 3);
    }
}
