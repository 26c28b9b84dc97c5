//! Requests of which nobody saw the end, and which a later one for the same overtook: the server may carry
//! them out yet.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{event, told};
use operations::{ChangeRequest, Error, RequestedChange, WhenTaken};
use testing::fake::{Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::{Answer, Way};

use super::changes::{old, states, young};
use crate::create::requested;

/// Ann deletes an event, without an answer, and once more, with one.
async fn delete_twice(room: &ServerRoom, uid: &str) {
    let ann = room.room.caller("ann").await;
    let (service, calendar) = (&room.room.service, &room.room.calendar);
    room.room.test().await;
    room.server.refuse(&format!("{uid}.ics"), "DELETE", Tries::Always, Answer::status(504));
    let lost = service.delete_event(&ann, calendar, uid).await;
    assert!(matches!(lost, Err(Error::Server { .. })), "{lost:?}");
    room.server.behave();
    service.delete_event(&ann, calendar, uid).await.unwrap();
    assert_eq!(room.uids(), "");
}

/// What is said of a restore that waits for the end of a doubt.
async fn assert_in_doubt(room: &ServerRoom, line: store::RemovalId) {
    let Err(Error::Conflict(said)) = room.room.restore(line).await else { panic!("restored") };
    assert!(said.to_string().contains("in doubt"), "{said}");
    let why_not = room.room.service.why_not_restorable(line).await.unwrap();
    assert!(why_not.is_some_and(|it| it.to_string().contains("in doubt")));
}

on_both_databases! {
    async fn what_was_deleted_by_a_second_request_is_not_restored_before_the_first_can_do_no_harm(database) {
        let kind = database.open().await.kind();
        for quirks in [Quirks::UNKNOWN, Quirks::RFC] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, quirks).await.with(young("a"));
            delete_twice(&room, "a").await;
            assert_eq!(states(&database).await, ["prepared", "done"]);
            let line = room.room.line("a", "0303T10").await;
            assert_in_doubt(&room, line).await;
            assert_eq!(room.uids(), "", "nothing is written where a request may take it away again");
            // The hour is free all the same: both requests are for the deletion.
            let bob = room.room.caller("bob").await;
            let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
            room.room.book(&bob, &hour, WhenTaken::Refuse, None).await.unwrap();
            room.advance(Duration::from_secs(1_000));
            room.room.service.recover_changes().await.unwrap();
            assert_eq!(states(&database).await, ["abandoned", "done"]);
            room.room.restore(line).await.unwrap();
            assert!(room.uids().split(' ').any(|it| it == "a"), "{}", room.uids());
        }
    }

    async fn what_an_overtaken_deletion_takes_away_late_is_recorded_as_it_was_and_can_be_restored(database) {
        let kind = database.open().await.kind();
        for is_seen in [true, false] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, Quirks::UNKNOWN).await.with(young("a"));
            delete_twice(&room, "a").await;
            // Somebody writes it again with another program, and changes it.
            room.put(young("a").line("SUMMARY:Again"));
            let again = room.text("a");
            room.advance(Duration::from_secs(100));
            if is_seen {
                room.room.service.recover_changes().await.unwrap();
                assert_eq!(states(&database).await, ["abandoned", "done", "prepared"]);
            } else {
                room.room.test().await;
                assert_eq!(room.room.uids().await, "a");
            }
            room.server.remove("a.ics");
            room.advance(Duration::from_secs(100));
            for _ in 0..2 {
                room.room.service.recover_changes().await.unwrap();
            }
            assert_eq!(states(&database).await, ["abandoned", "done", "done"], "{is_seen}");
            let lines = room.room.lines().await;
            assert_eq!(lines.len(), 2);
            room.room.restore(lines[1].id).await.unwrap();
            assert!(ical::means_the_same(room.text("a").as_bytes(), again.as_bytes()));
        }
    }

    async fn a_repetition_that_succeeds_leaves_the_first_request_watched(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::UNKNOWN).await;
        let mut room = room.with(old()).with(young("young"));
        room.room = room.room.with_mail().await;
        let mut number = 0;
        room.server.before(move |request, _| {
            number += usize::from(request.method == "DELETE");
            let is_lost = request.method == "DELETE" && number == 1;
            is_lost.then(|| Answer::status(204).on(Way::Lost))
        });
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        assert_eq!(states(&database).await, ["done", "prepared"]);
        assert_eq!((room.room.mails().await.len(), room.room.lines().await.len()), (1, 1));
        let line = room.room.lines().await[0].id;
        assert_in_doubt(&room, line).await;
        // Nothing else was taken away, so nothing else is recorded.
        room.advance(Duration::from_secs(1_000));
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["done", "abandoned"]);
        assert_eq!((room.room.mails().await.len(), room.room.lines().await.len()), (1, 1));
        room.room.restore(line).await.unwrap();
        assert_eq!(room.uids(), "old young");
    }

    async fn a_restore_of_an_event_in_doubt_says_so_also_where_it_was_changed_since(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        let line = room.room.line("young", "0303T10").await;
        room.put(event("young", "0201T00", "0309T10", "0309T11"));
        room.room.test().await;
        assert_eq!(room.room.uids().await, "old young");
        room.server.refuse("young.ics", "PUT", Tries::Always, Answer::status(504));
        let change = RequestedChange { name: Some("New".to_owned()), ..RequestedChange::default() };
        let request = ChangeRequest {
            uid: "young".to_owned(),
            change,
            occurrence: None,
            when_taken: WhenTaken::Book,
            if_match: None,
        };
        let ann = room.room.caller("ann").await;
        let lost = room.room.service.change_event(&ann, &room.room.calendar, request).await;
        assert!(matches!(lost, Err(Error::Server { .. })), "{lost:?}");
        room.server.behave();
        assert_in_doubt(&room, line).await;
        room.advance(Duration::from_secs(1_000));
        let Err(Error::Conflict(said)) = room.room.restore(line).await else { panic!("restored") };
        assert!(!said.to_string().contains("in doubt"), "{said}");
    }
}
