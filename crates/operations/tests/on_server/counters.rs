//! Servers whose ETags are counters that restart: an event that is made anew has the ETag of the one before it.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Event, event, told};
use operations::{Error, WhenTaken};
use testing::fake::{CALENDAR, Etags, Quirks};
use testing::on_both_databases;

use super::audit::slip_in;
use crate::create::requested;

/// A room on a server whose ETags are counters and that answers each sync-token as usual.
async fn room(database: &testing::Database, quirks: Quirks) -> ServerRoom {
    let room = ServerRoom::new(&database.open().await, quirks).await;
    database.execute("UPDATE accounts SET server_kind = 'sogo'").await;
    room
}

fn at(hour: u32) -> Event {
    let (start, end) = (format!("0303T{hour:02}"), format!("0303T{:02}", hour + 1));
    event("old", "0101T00", &start, &end).by("eve@example.org")
}

fn young() -> Event {
    event("young", "0201T00", "0303T10", "0303T11").by("ann@example.org")
}

/// The event is deleted and made anew at another hour, under its name, with the ETag that it had.
fn make_anew(room: &ServerRoom, hour: u32) {
    let etag = etag_of(room);
    room.server.remove("old.ics");
    room.put(at(hour));
    assert_eq!(etag_of(room), etag, "the ETag says nothing");
}

fn etag_of(room: &ServerRoom) -> String {
    room.server.with(|it| it.calendars[CALENDAR].objects["old.ics"].etag.clone())
}

on_both_databases! {
    async fn nobody_goes_for_an_event_that_was_made_anew_at_another_hour(database) {
        for quirks in [Quirks::SOGO, Quirks { etags: Etags::Counters, ..Quirks::RFC }] {
            let database = testing::Database::new(database.open().await.kind()).await;
            let room = room(&database, quirks).await.with(at(10));
            room.room.test().await;
            make_anew(&room, 14);
            room.put(young());
            assert!(told(&room.room.clear().await).is_empty());
            assert_eq!(room.uids(), "old young");
            assert!(room.room.text("old").await.contains("20260303T14"));
        }
    }

    async fn nobody_goes_for_one_of_which_the_list_of_changes_says_nothing(database) {
        let room = room(&database, Quirks::SOGO).await.with(at(10)).with(young());
        // The mirror has both, and what follows is in no list of changes.
        room.room.test().await;
        let etag = etag_of(&room);
        room.server.with(|it| it.calendars.get_mut(CALENDAR).unwrap().objects.remove("old.ics"));
        slip_in(&room, at(14));
        assert_eq!(etag_of(&room), etag, "the ETag says nothing");
        // What was read within a minute counts as confirmed.
        room.advance(Duration::from_secs(61));
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(room.uids(), "old young");
        assert!(room.room.text("old").await.contains("20260303T14"), "the mirror is mended");
    }

    async fn the_daily_audit_compares_texts(database) {
        let room = room(&database, Quirks::SOGO).await.with(at(10)).with(young());
        room.room.test().await;
        room.server.with(|it| it.calendars.get_mut(CALENDAR).unwrap().objects.remove("old.ics"));
        slip_in(&room, at(14));
        room.advance(Duration::from_secs(25 * 3_600));
        room.room.test().await;
        assert!(room.room.text("old").await.contains("20260303T14"), "the mirror is mended");
    }

    async fn an_hour_that_an_event_made_anew_has_taken_is_not_free(database) {
        let room = room(&database, Quirks::SOGO).await.with(at(10));
        room.room.test().await;
        room.server.with(|it| it.calendars.get_mut(CALENDAR).unwrap().objects.remove("old.ics"));
        slip_in(&room, at(14));
        let ann = room.room.caller("ann").await;
        let hour = requested("2026-03-03T14:00", "2026-03-03T15:00");
        let booked = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await;
        assert!(matches!(booked, Err(Error::Taken(_))), "{booked:?}");
    }
}
