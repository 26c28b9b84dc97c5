//! What is deleted after its time (`RETENTION_DAYS`), and what is kept.

use std::time::Duration;

use testing::fake::{CALENDAR, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

use crate::common::on_server::ServerRoom;
use crate::common::{Room, column, days, event, raw, told};
use crate::on_server::changes::{old, states, young};

/// The UIDs of which something is known, and those of them whose text is kept.
async fn known(database: &testing::Database) -> [String; 2] {
    let connection = raw(database).await;
    let all = column(&connection, "SELECT uid FROM known_uids ORDER BY uid").await;
    let sql = "SELECT uid FROM known_uids WHERE last_text IS NOT NULL ORDER BY uid";
    [all.join(" "), column(&connection, sql).await.join(" ")]
}

on_both_databases! {
    async fn the_text_of_a_deleted_event_goes_with_the_history_and_what_is_there_stays(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("gone", "0101T00", "0303T10", "0303T11").await;
        let room = room.with_event("there", "0101T00", "0304T10", "0304T11").await;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "gone").await.unwrap();
        assert_eq!(known(&database).await, ["gone there", "gone"]);
        room.at(days::<180>).service.forget(180).await.unwrap();
        assert_eq!(known(&database).await, ["gone there", "gone"]);
        room.at(days::<181>).service.forget(180).await.unwrap();
        assert_eq!(known(&database).await, ["there", ""]);
        assert!(room.lines().await.is_empty());
    }

    async fn the_text_of_an_event_that_a_server_no_longer_lists_or_gives_goes_too(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        for uid in ["held", "listed", "there"] {
            room.put(event(uid, "0101T00", "0303T10", "0303T11"));
        }
        room.room.test().await;
        let pass = |room: &ServerRoom| room.room.service.clock.advance(Duration::from_secs(60));
        // One is not given away any more; another one is missing from a list of everything.
        room.server.with(|state| {
            state.quirks.drops_calendar_data = true;
            let calendar = state.calendars.get_mut(CALENDAR).unwrap();
            calendar.objects.remove("listed.ics");
            calendar.forget_tokens();
        });
        room.server.refuse("held.ics", "GET", Tries::Always, Answer::status(500));
        room.put(event("held", "0101T00", "0303T10", "0303T12"));
        pass(&room);
        room.room.test().await;
        assert_eq!(known(&database).await, ["held listed there", "held listed"]);
        room.at(days::<182>);
        room.room.service.forget(180).await.unwrap();
        assert_eq!(known(&database).await, ["held there", ""], "a claim ends when its event is gone for sure");
    }

    async fn a_change_in_doubt_outlives_the_run_that_made_it(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(old()).with(young("young"));
        room.server.refuse("young.ics", "DELETE", Tries::Always, Answer::status(504));
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        room.at(days::<200>);
        room.room.service.forget(180).await.unwrap();
        assert_eq!(states(&database).await, ["prepared"]);
        room.server.behave();
        room.server.remove("young.ics");
        room.room.service.settle_all().await.unwrap();
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.lines().await.len(), 1, "it has its record");
    }
}
