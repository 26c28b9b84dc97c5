//! Tokens that stand in more events than they are for.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{bare, event, file};
use store::Store;
use testing::fake::Quirks;
use testing::on_both_databases;

use super::{bound, plan, renew, token, unbind, with_text};

/// A room on a server in which two hours are taken at its first look, and a thief shows a token since.
async fn with_a_thief(store: &Store) -> (ServerRoom, String) {
    let server = ServerRoom::new(store, Quirks::RFC).await;
    let server = server.with(event("old", "0101T00", "0303T10", "0303T11"));
    let server = server.with(event("other", "0101T00", "0304T10", "0304T11"));
    let token = token(&server.room).await;
    plan(&server.room).await;
    server.put(with_text("a-thief", &token, "0303T10", "0303T11"));
    (server, token)
}

on_both_databases! {
    async fn of_two_events_that_show_a_token_at_one_look_nobody_knows_who_copied_it(database) {
        let (server, token) = with_a_thief(&database.open().await).await;
        let room = &server.room;
        server.put(with_text("owner", &token, "0304T10", "0304T11"));
        assert_eq!(plan(room).await, ["deleted a-thief 0303T10 by old", "deleted owner 0304T10 by other"]);
        assert_eq!(bound(room).await.len(), 2);
        assert!(bound(room).await.iter().all(|it| it.starts_with("used up")));
        unbind(room, "a-thief").await;
        renew(room, "owner").await.unwrap();
        let planned = plan(room).await;
        assert_eq!(planned, ["deleted a-thief 0303T10 by old", "deleted other 0304T10 by owner"]);
    }

    async fn also_of_two_of_more_new_events_than_one_request_fetches_nobody_knows_who_copied_it(database) {
        let (server, token) = with_a_thief(&database.open().await).await;
        let room = &server.room;
        for number in 0..150 {
            server.put(event(&format!("b{number:03}"), "0101T00", "0305T10", "0305T10"));
        }
        server.put(with_text("owner", &token, "0304T10", "0304T11"));
        assert_eq!(plan(room).await, ["deleted a-thief 0303T10 by old", "deleted owner 0304T10 by other"]);
        assert!(bound(room).await.iter().all(|it| it.starts_with("used up")));
    }

    async fn a_second_event_of_the_uid_does_not_share_the_priority_of_a_token(database) {
        let server = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        server.server.with(|state| state.quirks.uid_conflict = None);
        let room = &server.room;
        let token = token(room).await;
        server.put(with_text("new", &token, "0303T10", "0303T11"));
        plan(room).await;
        server.put(with_text("new", &token, "0305T10", "0305T11"));
        server.put(event("victim", "0216T00", "0303T10", "0303T11"));
        assert!(plan(room).await.is_empty());
        let twin = file(&[event("new", "0101T00", "0303T10", "0303T11")]);
        server.server.put("twin.ics", &twin);
        assert_eq!(plan(room).await, ["deleted new 0303T10 by victim"]);
    }

    async fn a_date_years_ahead_that_is_moved_onto_anothers_hour_has_no_priority(database) {
        let server = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = &server.room;
        let token = token(room).await;
        plan(room).await;
        let series = || with_text("series", &token, "0302T10", "0302T11").rule("FREQ=WEEKLY");
        server.put(series());
        plan(room).await;
        // It was bound without an end; what is behind the time that was looked at then comes into view.
        room.advance(Duration::from_secs(700 * 86_400));
        server.put(bare("victim").line("CREATED:20260101T000000Z").line("DTSTART:20280620T140000Z").line("DURATION:PT1H"));
        assert!(plan(room).await.is_empty());
        let moved = bare("series").line("CREATED:20260215T000000Z").line("RECURRENCE-ID:20280619T100000Z");
        let moved = moved.line("DTSTART:20280620T140000Z").line("DURATION:PT1H").line("SUMMARY:Moved");
        server.server.put("series.ics", &file(&[series(), moved]));
        assert_eq!(plan(room).await.len(), 1);
        assert!(plan(room).await[0].starts_with("cancelled series"), "{:?}", plan(room).await);
        // Its other dates have kept it.
        server.put(bare("late").line("CREATED:20250101T000000Z").line("DTSTART:20280612T100000Z").line("DURATION:PT1H"));
        assert_eq!(plan(room).await.len(), 2);
        assert!(plan(room).await.iter().any(|it| it.starts_with("deleted late")));
    }
}
