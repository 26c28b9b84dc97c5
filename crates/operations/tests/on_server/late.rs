//! Requests that a server carries out late, or says that it carried out, and what becomes of them.

use std::sync::{Arc, Mutex};

use harness::on_server::ServerRoom;
use harness::{event, moment, seconds, told};
use operations::{ChangeRequest, Error, RequestedChange, WhenTaken};
use store::accounts::{self, ServerKind};
use testing::fake::{Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::{Answer, Way};

use super::changes::{old, series, states, young};
use crate::create::requested;

async fn with_mail(mut room: ServerRoom) -> ServerRoom {
    room.room = room.room.with_mail().await;
    room
}

/// A room on a server that is known to be RustiCal.
async fn rustical(database: &testing::Database) -> ServerRoom {
    let room = ServerRoom::new(&database.open().await, Quirks::RUSTICAL).await;
    let account = accounts::all(room.room.store()).await.unwrap().remove(0);
    let transaction = room.room.store().begin().await.unwrap();
    accounts::set_server(&transaction, account.id, ServerKind::RustiCal, None).await.unwrap();
    transaction.commit().await.unwrap();
    room
}

/// Somebody else deletes an event just before the first request of ours that names it.
fn be_quicker(room: &ServerRoom, name: &'static str) {
    room.server.before(move |request, state| {
        if matches!(request.method.as_str(), "GET" | "DELETE") && request.path.ends_with(name) {
            state.remove(name);
        }
        None
    });
}

/// A change of an event's name.
fn renamed(uid: &str, occurrence: Option<&str>) -> ChangeRequest {
    ChangeRequest {
        uid: uid.to_owned(),
        change: RequestedChange { name: Some("New".to_owned()), ..RequestedChange::default() },
        occurrence: occurrence.map(moment),
        when_taken: WhenTaken::Book,
        if_match: None,
    }
}

/// A change of an event's times to two hours of one day.
fn moved(uid: &str, start: &str, end: &str) -> ChangeRequest {
    let change = RequestedChange {
        start: Some(start.to_owned()),
        end: Some(end.to_owned()),
        ..RequestedChange::default()
    };
    ChangeRequest { change, ..renamed(uid, None) }
}

/// The name and the text of a PUT.
type Sent = Arc<Mutex<Option<(String, String)>>>;

/// Answers each PUT with the status of a gateway, and keeps the last one.
fn lose_writes(room: &ServerRoom) -> Sent {
    lose_writes_by(room, 504)
}

/// The same by another status, which says as little.
fn lose_writes_by(room: &ServerRoom, status: u16) -> Sent {
    let sent = Sent::default();
    let kept = Arc::clone(&sent);
    room.server.before(move |request, _| {
        (request.method == "PUT").then(|| {
            let name = request.path.rsplit('/').next().unwrap().to_owned();
            *kept.lock().unwrap() = Some((name, request.text()));
            Answer::status(status)
        })
    });
    sent
}

on_both_databases! {
    async fn a_server_that_heeds_no_version_and_deletes_late_is_watched_until_it_has(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::UNKNOWN).await;
        let mut room = with_mail(room.with(old()).with(young("young"))).await;
        room.server.refuse("young.ics", "DELETE", Tries::Always, Answer::status(504));
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        room.server.behave();
        // Somebody writes another version, which our request would not spare.
        room.put(young("young").line("SUMMARY:Renamed"));
        room.at(seconds(100));
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["prepared"]);
        assert_eq!(
            told(&room.room.clear().await),
            ["ignored young 0303T10 by old: changed"],
            "nobody writes to it"
        );
        room.server.remove("young.ics");
        room.at(seconds(200));
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.mails().await, ["removed young ann@example.org waiting"]);
        assert_eq!(room.room.lines().await.len(), 1);
        assert_eq!(room.room.uids().await, "old");
    }

    async fn a_server_that_heeds_no_version_and_writes_late_is_watched_until_it_has(database) {
        let quirks = Quirks { stale_put: None, ..Quirks::UNKNOWN };
        let room = ServerRoom::new(&database.open().await, quirks).await;
        let mut room = with_mail(room.with(old()).with(series())).await;
        let sent = lose_writes(&room);
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        room.server.behave();
        room.put(series().line("SUMMARY:Renamed"));
        room.at(seconds(100));
        assert_eq!(
            told(&room.room.clear().await),
            ["ignored series 0303T10 by old: changed"]
        );
        assert_eq!(states(&database).await, ["prepared"]);
        let (_, late) = sent.lock().unwrap().take().unwrap();
        assert!(late.contains("EXDATE:20260303T100000Z"), "{late}");
        room.server.put("series.ics", &late);
        room.at(seconds(200));
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.mails().await, ["removed series ann@example.org waiting"]);
        assert_eq!(room.room.lines().await.len(), 1);
        assert!(told(&room.room.clear().await).is_empty());
    }

    async fn what_was_deleted_without_an_answer_is_recorded_also_where_something_else_lies_there_now(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = room.with(old()).with(young("young"));
        room.room = room.room.with_mail().await;
        let mut is_first = true;
        room.server.before(move |request, state| {
            (request.method == "DELETE" && std::mem::take(&mut is_first)).then(|| {
                state.remove("young.ics");
                let other = event("other", "0202T00", "0305T10", "0305T11");
                state.put("young.ics", &harness::file(&[other]));
                Answer::status(504)
            })
        });
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        assert_eq!(room.server.count("DELETE"), 1);
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.mails().await, ["removed young ann@example.org waiting"]);
        let sql = "SELECT state FROM changes WHERE not_confirmed";
        assert_eq!(database.column(sql).await, ["done"]);
        assert!(room.text("young").contains("UID:other"));
        assert!(told(&room.room.clear().await).is_empty());
    }

    async fn what_goes_after_the_server_has_refused_is_not_ours(database) {
        let kind = database.open().await.kind();
        for status in [403, 408, 412, 423] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, Quirks::UNKNOWN).await;
            let mut room = with_mail(room.with(old()).with(young("young"))).await;
            room.server.refuse("young.ics", "DELETE", Tries::Always, Answer::status(status));
            let word = if status == 412 { "changed" } else { "refused" };
            let kept = format!("ignored young 0303T10 by old: {word}");
            assert_eq!(told(&room.room.clear().await), [kept], "{status}");
            room.server.behave();
            room.server.remove("young.ics");
            room.at(seconds(100));
            room.room.service.recover_changes().await.unwrap();
            assert!(told(&room.room.clear().await).is_empty());
            assert!(states(&database).await.iter().all(|it| it == word), "{status}");
            assert!(room.room.lines().await.is_empty() && room.room.mails().await.is_empty());
        }
    }

    async fn what_the_server_says_of_a_repetition_does_not_end_the_doubt_about_the_first(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = with_mail(room.with(old()).with(young("young"))).await;
        let mut number = 0;
        room.server.before(move |request, _| {
            if request.method != "DELETE" {
                return None;
            }
            number += 1;
            let answer = if number == 1 { Answer::status(204).on(Way::Lost) } else { Answer::status(500) };
            Some(answer)
        });
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        assert_eq!(states(&database).await, ["prepared"]);
        room.server.behave();
        room.server.remove("young.ics");
        room.at(seconds(100));
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.mails().await.len(), 1);
    }

    async fn what_somebody_else_deleted_is_not_ours_on_a_server_that_says_so(database) {
        let kind = database.open().await.kind();
        for (is_rustical, gone) in [(true, 200), (false, 204), (false, 200)] {
            let database = testing::Database::new(kind).await;
            let room = match is_rustical {
                true => rustical(&database).await,
                false => {
                    let quirks = Quirks { gone, ..Quirks::RFC };
                    ServerRoom::new(&database.open().await, quirks).await
                }
            };
            let room = with_mail(room.with(old()).with(young("young"))).await;
            be_quicker(&room, "young.ics");
            assert!(told(&room.room.clear().await).is_empty(), "RustiCal: {is_rustical}, {gone}");
            assert!(states(&database).await.iter().all(|it| it == "changed"));
            assert!(room.room.lines().await.is_empty() && room.room.mails().await.is_empty());
            assert_eq!(room.room.uids().await, "old");
        }
    }

    async fn an_event_in_doubt_is_neither_changed_nor_cancelled_nor_deleted_nor_restored(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(series()).with(event("other", "0101T00", "0310T10", "0310T11"));
        let ann = room.room.caller("ann").await;
        let (service, calendar) = (&room.room.service, &room.room.calendar);
        let first = moment("0302T10");
        service.delete_occurrence(&ann, calendar, "series", first).await.unwrap();
        let line = room.room.lines().await[0].id;
        room.server.refuse("series.ics", "PUT", Tries::Always, Answer::status(504));
        let lost = service.change_event(&ann, calendar, renamed("series", None)).await;
        assert!(matches!(lost, Err(Error::Server { .. })), "{lost:?}");
        room.server.behave();
        let before = room.text("series");
        for occurrence in [None, Some("0303T10")] {
            let changed = service.change_event(&ann, calendar, renamed("series", occurrence)).await;
            let Err(Error::Conflict(said)) = changed else { panic!("{changed:?}") };
            assert!(said.to_string().contains("in doubt"), "{said}");
        }
        let at = moment("0303T10");
        let cancelled = service.delete_occurrence(&ann, calendar, "series", at).await;
        assert!(matches!(cancelled, Err(Error::Conflict(_))), "{cancelled:?}");
        let deleted = service.delete_event(&ann, calendar, "series").await;
        assert!(matches!(deleted, Err(Error::Conflict(_))), "{deleted:?}");
        let restored = service.restore(None, line).await;
        assert!(matches!(restored, Err(Error::Conflict(_))), "{restored:?}");
        assert_eq!(room.text("series"), before);
        // All others go on.
        service.change_event(&ann, calendar, renamed("other", None)).await.unwrap();
        service.delete_event(&ann, calendar, "other").await.unwrap();
    }

    async fn an_event_in_doubt_holds_the_hours_that_it_had_and_those_that_it_may_get(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("a", "0101T00", "0303T10", "0303T11"));
        let ann = room.room.caller("ann").await;
        room.server.refuse("a.ics", "PUT", Tries::Always, Answer::status(504));
        let change = moved("a", "2026-03-03T14:00", "2026-03-03T15:00");
        let lost = room.room.service.change_event(&ann, &room.room.calendar, change).await;
        assert!(matches!(lost, Err(Error::Server { .. })), "{lost:?}");
        room.server.behave();
        for (start, end) in [("10:30", "10:45"), ("14:30", "14:45"), ("10:00", "15:00")] {
            let hour = requested(&format!("2026-03-03T{start}"), &format!("2026-03-03T{end}"));
            let booked = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await;
            let Err(Error::Taken(others)) = booked else { panic!("{start}: {booked:?}") };
            assert!(others.iter().all(|it| it.uid == "a"), "{others:?}");
        }
        let free = requested("2026-03-03T12:00", "2026-03-03T13:00");
        room.room.book(&ann, &free, WhenTaken::Refuse, None).await.unwrap();
        // Once it is known that it was not done, the other hour is free.
        let mut room = room;
        room.at(seconds(1_000));
        room.room.service.recover_changes().await.unwrap();
        let hour = requested("2026-03-03T14:30", "2026-03-03T14:45");
        room.room.book(&ann, &hour, WhenTaken::Refuse, None).await.unwrap();
    }

    async fn a_deletion_in_doubt_holds_the_hour_and_nobody_goes_because_of_it(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(young("a"));
        let ann = room.room.caller("ann").await;
        let (service, calendar) = (&room.room.service, &room.room.calendar);
        room.server.refuse("a.ics", "DELETE", Tries::Always, Answer::status(504));
        let lost = service.delete_event(&ann, calendar, "a").await;
        assert!(matches!(lost, Err(Error::NotFound(_) | Error::Server { .. })), "{lost:?}");
        room.room.test().await;
        let lost = service.delete_event(&ann, calendar, "a").await;
        assert!(matches!(lost, Err(Error::Server { .. })), "{lost:?}");
        room.server.behave();
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let booked = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await;
        assert!(matches!(booked, Err(Error::Taken(_))), "{booked:?}");
        room.put(event("later", "0220T00", "0303T10", "0303T11"));
        assert_eq!(
            told(&room.room.clear().await),
            ["ignored later 0303T10 by a: changed"],
            "what would rest on it is kept"
        );
        assert_eq!(room.uids(), "a later");
        // A deletion of another event that is in doubt keeps nobody from asking for this one again.
        room.put(young("b"));
        room.server.refuse("b.ics", "PUT", Tries::Always, Answer::status(504));
        let change = service.change_event(&ann, calendar, renamed("b", None)).await;
        assert!(matches!(change, Err(Error::NotFound(_) | Error::Server { .. })), "{change:?}");
        room.server.behave();
        service.delete_event(&ann, calendar, "a").await.unwrap();
        assert_eq!(room.uids(), "b later");
    }

    async fn a_booking_in_doubt_holds_its_hour_and_is_the_bookers_when_it_arrives(database) {
        let kind = database.open().await.kind();
        for (arrives, status) in [(true, 504), (false, 504), (true, 500), (true, 524), (true, 599)] {
            let database = testing::Database::new(kind).await;
            let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            let (ann, bob) = (room.room.caller("ann").await, room.room.caller("bob").await);
            let sent = lose_writes_by(&room, status);
            let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
            let lost = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await;
            assert!(matches!(lost, Err(Error::Server { .. })), "{lost:?}");
            room.server.behave();
            let (name, text) = sent.lock().unwrap().take().unwrap();
            let id = name.trim_end_matches(".ics").to_owned();
            let other = requested("2026-03-03T10:30", "2026-03-03T12:00");
            let booked = room.room.book(&bob, &other, WhenTaken::Refuse, None).await;
            let Err(Error::Taken(others)) = booked else { panic!("{booked:?}") };
            assert_eq!(others.iter().map(|it| it.uid.as_str()).collect::<Vec<_>>(), [id.as_str()]);
            assert_eq!(states(&database).await, ["prepared"]);
            if arrives {
                room.server.put(&name, &text);
                room.at(seconds(200));
            } else {
                room.at(seconds(1_000));
            }
            room.room.service.recover_changes().await.unwrap();
            assert!(states(&database).await.is_empty(), "a booking leaves nothing in the history");
            let booked = room.room.book(&bob, &other, WhenTaken::Refuse, None).await;
            assert_eq!(booked.is_ok(), !arrives, "{booked:?}");
            if arrives {
                let store = room.room.store();
                let known = store::uid_metadata::of_uid(store, room.room.calendar.id, &id).await.unwrap();
                assert_eq!(known.author_users[&id], ann.user);
                assert_eq!(room.room.uids().await, id);
            }
        }
    }

    async fn a_booking_that_is_asked_for_again_is_not_in_its_own_way(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        let sent = lose_writes(&room);
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let lost = room.room.book(&ann, &hour, WhenTaken::Refuse, Some("k")).await;
        assert!(matches!(lost, Err(Error::Server { .. })), "{lost:?}");
        room.server.behave();
        let made = room.room.book(&ann, &hour, WhenTaken::Refuse, Some("k")).await.unwrap();
        let (name, _) = sent.lock().unwrap().take().unwrap();
        assert_eq!(format!("{}.ics", made.id), name);
        assert!(states(&database).await.is_empty());
        // What is refused leaves nothing either.
        let refused = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await;
        assert!(matches!(refused, Err(Error::Taken(_))), "{refused:?}");
        room.server.refuse("", "PUT", Tries::Always, Answer::status(403));
        let refused = room.room.book(&ann, &hour, WhenTaken::Book, None).await;
        assert!(refused.is_err());
        assert!(states(&database).await.is_empty());
    }
}
