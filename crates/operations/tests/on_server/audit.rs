//! The mirror is compared with the server: daily, after any doubt, and when somebody asks.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Event, days, file, told};
use operations::{Error, Sync, WhenTaken};
use store::mirror;
use testing::fake::{CALENDAR, Calendar, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

use super::changes::{old, series, states, young};
use crate::create::requested;

/// Writes an event of which the server's list of changes says nothing: a row of its log is lost.
pub(super) fn slip_in(room: &ServerRoom, event: Event) {
    let before = calendar(room);
    let text = file(&[event]);
    let name = format!("{}.ics", testing::fake::uid_of(&text).unwrap());
    room.server.put(&name, &text);
    let object = calendar(room).objects.remove(&name).unwrap();
    restore_backup(room, before);
    room.server.with(|it| it.calendars.get_mut(CALENDAR).unwrap().objects.insert(name, object));
}

fn calendar(room: &ServerRoom) -> Calendar {
    room.server.with(|it| it.calendars[CALENDAR].clone())
}

/// The server is as it was.
fn restore_backup(room: &ServerRoom, backup: Calendar) {
    room.server.with(|it| it.calendars.insert(CALENDAR.to_owned(), backup));
}

/// Answers any sync-token with "no changes", as sabre/dav answers one from the future.
fn echo_tokens(room: &ServerRoom) {
    room.server.before(|request, _| {
        let body = request.text();
        let (_, rest) = body.split_once("<d:sync-token>").filter(|_| request.method == "REPORT")?;
        let (token, _) = rest.split_once('<')?;
        Some(Answer::xml(
            207,
            format!("<multistatus xmlns=\"DAV:\"><sync-token>{token}</sync-token></multistatus>"),
        ))
    });
}

/// Another process on the same database.
fn restart(room: &mut ServerRoom) {
    room.room.service = room.restarted();
}

async fn audit(room: &ServerRoom) -> (Option<i64>, i64) {
    let id = room.room.calendar.id;
    let state = mirror::state(room.room.store(), id).await.unwrap().unwrap();
    (state.audited_at, state.audit_found)
}

on_both_databases! {
    async fn nobody_goes_for_a_ghost_of_a_backup_that_was_restored(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(young("young"));
        let backup = calendar(&room);
        room.put(old());
        room.room.test().await;
        restore_backup(&room, backup);
        echo_tokens(&room);
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(room.uids(), "young");
        assert_eq!(room.room.uids().await, "young");
        assert!(states(&database).await.is_empty());
    }

    async fn a_restored_backup_is_noticed_by_the_next_run_and_costs_one_request_from_then_on(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(young("young"));
        let backup = calendar(&room);
        room.put(harness::event("elsewhere", "0101T00", "0305T10", "0305T11"));
        room.room.test().await;
        restore_backup(&room, backup);
        echo_tokens(&room);
        room.at(harness::seconds(700));
        room.room.test().await;
        assert_eq!(room.room.uids().await, "young");
        room.server.behave();
        room.methods();
        room.at(harness::seconds(1_400));
        room.room.test().await;
        assert_eq!(room.methods(), ["PROPFIND"], "an unchanged calendar costs one request");
    }

    async fn a_mirror_is_audited_daily_and_what_differs_is_mended_and_said(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(old());
        room.room.test().await;
        assert_eq!(audit(&room).await, (Some(days(0).0), 0));
        slip_in(&room, young("young"));
        assert!(told(&room.room.test().await).is_empty(), "nobody has said so");
        room.at(days(1));
        assert_eq!(told(&room.room.test().await), ["deleted young 0303T10 by old"]);
        assert_eq!(audit(&room).await, (Some(days(1).0), 1));
        let findings = room.room.service.try_calendar(&room.room.calendar).await.unwrap();
        let said: Vec<String> = findings.iter().map(|it| it.text.to_string()).collect();
        assert!(said.iter().any(|it| it.contains("one event differed")), "{said:?}");
        room.at(days(2));
        room.room.test().await;
        assert_eq!(audit(&room).await, (Some(days(2).0), 0));
    }

    async fn whoever_asks_for_a_sync_gets_an_audit(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old());
        room.room.test().await;
        slip_in(&room, young("young"));
        let room_of = &room.room;
        room_of.service.sync(&room_of.calendar, Sync::Update, &|_, _| {}).await.unwrap();
        assert_eq!(room_of.uids().await, "old young");
        assert_eq!(audit(&room).await.1, 1);
    }

    async fn a_deletion_that_the_server_reports_and_that_did_not_happen_is_none(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        room.room.test().await;
        let href = room.server.path(CALENDAR) + "old.ics";
        room.server.before(move |request, _| {
            let is_sync = request.method == "REPORT" && request.text().contains("sync-collection");
            is_sync.then(|| {
                Answer::xml(
                    207,
                    format!(
                        "<multistatus xmlns=\"DAV:\"><response><href>{href}</href>\
                         <status>HTTP/1.1 404 Not Found</status></response>\
                         <sync-token>http://fake.test/ns/sync/2</sync-token></multistatus>"
                    ),
                )
            })
        });
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        assert_eq!(room.room.uids().await, "old");
    }

    async fn an_hour_is_not_free_that_is_taken_on_the_server_without_the_mirror_knowing(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        room.room.test().await;
        room.methods();
        let free = requested("2026-03-06T10:00", "2026-03-06T11:00");
        room.room.book(&ann, &free, WhenTaken::Refuse, None).await.unwrap();
        assert_eq!(room.methods(), ["PROPFIND", "REPORT", "PUT"], "one request for the interval");
        slip_in(&room, old());
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let booked = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await;
        assert!(matches!(booked, Err(Error::Taken(_))), "{booked:?}");
        room.advance(Duration::from_secs(1));
        room.room.test().await;
        assert_eq!(audit(&room).await.1, 0, "what was lacking is fetched");
    }

    async fn a_doubt_about_the_mirror_outlives_the_process_that_had_it(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        room.room.test().await;
        slip_in(&room, old());
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let booked = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await;
        assert!(matches!(booked, Err(Error::Taken(_))), "{booked:?}");
        slip_in(&room, harness::event("elsewhere", "0101T00", "0306T10", "0306T11"));
        restart(&mut room);
        room.room.test().await;
        assert_eq!(room.room.uids().await, "elsewhere old", "the whole list was compared");
        room.methods();
        room.advance(Duration::from_secs(1));
        room.room.test().await;
        assert_eq!(room.methods(), ["PROPFIND"], "that ended the doubt");
    }

    async fn a_doubt_is_recorded_before_anything_is_done_about_it(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(young("young"));
        let backup = calendar(&room);
        room.put(old());
        room.room.test().await;
        restore_backup(&room, backup);
        echo_tokens(&room);
        let (store, id) = (room.room.store().clone(), room.room.calendar.id);
        let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let of_requests = seen.clone();
        room.server.before(move |request, _| {
            if request.method == "GET" {
                let state = mirror::state(&store, id);
                let runtime = tokio::runtime::Handle::current();
                let state = tokio::task::block_in_place(|| runtime.block_on(state));
                of_requests.lock().unwrap().push(state.unwrap().unwrap().is_in_doubt());
            }
            None
        });
        room.room.test().await;
        // A process that dies while it asks for gone objects leaves the doubt behind.
        assert_eq!(*seen.lock().unwrap(), [true]);
        let state = mirror::state(room.room.store(), id).await.unwrap().unwrap();
        assert!(!state.is_in_doubt(), "the comparison has ended it");
    }

    async fn a_winner_that_is_not_there_is_doubted_by_the_next_process_too(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = room.with(old()).with(young("young"));
        room.room.test().await;
        room.advance(Duration::from_secs(61));
        room.server.with(|it| it.calendars.get_mut(CALENDAR).unwrap().objects.remove("old.ics"));
        // The server goes down as soon as it has said so.
        let mut is_down = false;
        room.server.before(move |request, _| {
            let is_asked = request.method == "REPORT" && request.text().contains("old.ics");
            is_down |= is_asked;
            (is_down && !is_asked && request.method != "GET").then(|| Answer::status(502))
        });
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        room.server.behave();
        restart(&mut room);
        assert!(told(&room.room.test().await).is_empty());
        assert_eq!(room.room.uids().await, "young");
    }

    async fn a_doubt_that_comes_up_during_an_audit_is_not_ended_by_it(database) {
        let store = database.open().await;
        let room = ServerRoom::new(&store, Quirks::RFC).await;
        let id = room.room.calendar.id;
        let transaction = store.begin().await.unwrap();
        mirror::doubt(&transaction, id).await.unwrap();
        let begun = mirror::state(&transaction, id).await.unwrap().unwrap();
        assert!(begun.is_in_doubt());
        mirror::doubt(&transaction, id).await.unwrap();
        mirror::set_audited(&transaction, id, &begun, 1, 0).await.unwrap();
        let state = mirror::state(&transaction, id).await.unwrap().unwrap();
        assert!(state.is_in_doubt());
        mirror::set_audited(&transaction, id, &state, 2, 0).await.unwrap();
        mirror::set_audited(&transaction, id, &begun, 3, 0).await.unwrap();
        assert!(!mirror::state(&transaction, id).await.unwrap().unwrap().is_in_doubt());
    }

    async fn not_found_to_a_write_is_a_refusal_where_the_object_is_there(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(old()).with(young("young")).with(series());
        for (name, method) in [("young.ics", "DELETE"), ("series.ics", "PUT")] {
            let answer = Answer::text(404, "Calendar with name room could not be found");
            room.server.refuse(name, method, Tries::Always, answer);
        }
        let report = room.room.clear().await;
        assert_eq!(
            told(&report),
            ["ignored series 0303T10 by old: refused", "ignored young 0303T10 by old: refused"]
        );
        assert_eq!((room.server.count("DELETE"), room.server.count("PUT")), (1, 1), "one try");
        assert_eq!(states(&database).await, ["refused", "refused"]);
        assert_eq!(room.room.uids().await, "old series young");
        assert!(room.room.lines().await.is_empty());
    }
}
