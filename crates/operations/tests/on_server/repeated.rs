//! What lies between sends requests twice, late or not at all, and the server dies in the middle:
//! everything is made, recorded and told once.

use std::sync::{Arc, Mutex};
use store::history::RemovalKind;

use harness::on_server::ServerRoom;
use harness::told;
use operations::{Error, WhenTaken};
use testing::fake::Quirks;
use testing::on_both_databases;
use testing::scripted::{Answer, Way};

use super::changes::{old, series, states, young};
use crate::create::requested;

on_both_databases! {
    async fn a_write_that_arrives_twice_is_recorded_and_told_once(database) {
        let kind = database.open().await.kind();
        for quirks in [Quirks::RFC, Quirks::NEXTCLOUD, Quirks::RADICALE] {
            let database = testing::Database::new(kind).await;
            let mut room = ServerRoom::new(&database.open().await, quirks).await;
            room = room.with(old()).with(young("young")).with(series());
            room.room = room.room.with_mail().await;
            room.server.before(|request, server| {
                // The second one, which is the one that is answered, follows.
                if request.method == "PUT" {
                    server.put("series.ics", &request.text());
                }
                None
            });
            assert_eq!(
                told(&room.room.clear().await),
                ["deleted young 0303T10 by old", "cancelled series 0303T10 by old"]
            );
            assert_eq!(states(&database).await, ["done", "done"]);
            assert_eq!(room.room.mails().await.len(), 2);
            assert_eq!(room.room.lines().await.len(), 2);
            let line = room.room.lines().await;
            let line = line.iter().find(|it| it.kind == RemovalKind::CancelledOverlapping).unwrap();
            room.server.behave();
            room.room.restore(line.id).await.unwrap();
            assert!(!room.text("series").contains("EXDATE"));
        }
    }

    async fn a_booking_that_arrives_twice_is_one(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        room.server.before(|request, server| {
            if request.method == "PUT" {
                let name = request.path.rsplit('/').next().unwrap();
                server.put(name, &request.text());
            }
            None
        });
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let first = room.room.book(&ann, &hour, WhenTaken::Book, Some("k")).await.unwrap();
        let again = room.room.book(&ann, &hour, WhenTaken::Book, Some("k")).await.unwrap();
        assert_eq!(first, again);
        assert_eq!(room.uids(), first.id);
    }

    async fn a_booking_whose_end_nobody_saw_is_asked_for_again_until_it_is_found_and_is_one(database) {
        for when_taken in [WhenTaken::Book, WhenTaken::Refuse] {
            let database = testing::Database::new(database.open().await.kind()).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            let ann = room.room.caller("ann").await;
            room.room.clear().await;
            let mut is_dead = false;
            room.server.before(move |request, server| {
                if request.method == "PUT" && !is_dead {
                    is_dead = true;
                    let name = request.path.rsplit('/').next().unwrap();
                    server.put(name, &request.text());
                    return Some(Answer::status(201).on(Way::Lost));
                }
                is_dead.then(|| Answer::status(503))
            });
            let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
            for _ in 0..3 {
                let down = room.room.book(&ann, &hour, when_taken, Some("k")).await;
                assert!(matches!(down, Err(Error::Server { .. })), "{down:?}");
            }
            room.server.behave();
            let booked = room.room.book(&ann, &hour, when_taken, Some("k")).await.unwrap();
            assert_eq!(room.uids(), booked.id);
            assert_eq!(room.room.book(&ann, &hour, when_taken, Some("k")).await.unwrap(), booked);
        }
    }

    async fn a_booking_that_arrives_after_its_answer_was_given_up_is_the_one_of_the_next_request(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        let late = Arc::new(Mutex::new(None));
        let keep = Arc::clone(&late);
        room.server.before(move |request, _| {
            if request.method != "PUT" {
                return None;
            }
            let name = request.path.rsplit('/').next().unwrap().to_owned();
            *keep.lock().unwrap() = Some((name, request.text()));
            Some(Answer::status(504))
        });
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let down = room.room.book(&ann, &hour, WhenTaken::Book, Some("k")).await;
        assert!(matches!(down, Err(Error::Server { .. })), "{down:?}");
        room.server.behave();
        let (name, text) = late.lock().unwrap().take().unwrap();
        room.server.put(&name, &text);
        let booked = room.room.book(&ann, &hour, WhenTaken::Book, Some("k")).await.unwrap();
        assert_eq!(room.uids(), booked.id);
    }

    async fn what_somebody_wrote_after_a_write_whose_answer_was_lost_is_not_restored_over(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(series());
        room.server.before(|request, server| {
            if request.method != "PUT" {
                return None;
            }
            let renamed = request.text().replace("DTSTAMP", "SUMMARY:Renamed after\r\nDTSTAMP");
            server.put("series.ics", &renamed);
            Some(Answer::status(204).on(Way::Lost))
        });
        assert_eq!(told(&room.room.clear().await), ["cancelled series 0303T10 by old"]);
        room.server.behave();
        let line = room.room.lines().await[0].id;
        room.room.restore(line).await.unwrap();
        // The date is back, and the series as they have renamed it.
        let text = room.text("series");
        assert!(text.contains("Renamed after") && !text.contains("EXDATE"), "{text}");
    }

    async fn what_a_run_took_out_unseen_is_not_deleted_once_more_on_request(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        let mut is_dead = false;
        room.server.before(move |request, server| {
            if request.method == "DELETE" {
                is_dead = true;
                server.remove("young.ics");
            }
            is_dead.then(|| Answer::status(502))
        });
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        room.server.behave();
        let ann = room.room.caller("ann").await;
        let deleted = room.room.service.delete_event(&ann, &room.room.calendar, "young").await;
        assert!(matches!(deleted, Err(Error::NotFound(_))), "{deleted:?}");
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.lines().await.len(), 1);
    }

    async fn a_change_that_met_another_version_and_could_not_look_at_it_waits(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(series());
        let mut is_dead = false;
        room.server.before(move |request, server| {
            if request.method == "PUT" {
                is_dead = true;
                server.put("series.ics", &request.text());
                return None;
            }
            is_dead.then(|| Answer::status(503))
        });
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        assert_eq!(states(&database).await, ["prepared"]);
        room.server.behave();
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.lines().await.len(), 1);
    }
}
