//! Nothing is sent for a decision that does not hold any more, however long a request had to wait; and what
//! was not sent is in no doubt.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{event, file, told};
use operations::{ChangeRequest, Error, RequestedChange, WhenTaken};
use sea_orm::ConnectionTrait as _;
use testing::fake::{Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::{Answer, Request};

use super::changes::{old, series, states, young};
use crate::create::requested;

/// Longer than a decision holds, and what it rests on.
const FROZEN: Duration = Duration::from_secs(61);

/// A server that nobody knows, and that honours no condition: each object is read right before its write.
const HEEDLESS: Quirks = Quirks { stale_put: None, not_new: None, ..Quirks::UNKNOWN };

async fn with_mail(mut room: ServerRoom) -> ServerRoom {
    room.room = room.room.with_mail().await;
    room
}

fn is_of_interval(request: &Request) -> bool {
    request.method == "REPORT" && request.text().contains("time-range")
}

/// The server says that nothing lies in the interval.
fn nothing() -> Answer {
    Answer::xml(207, "<multistatus xmlns=\"DAV:\"></multistatus>")
}

/// Somebody else's booking of the hour that the tests ask for.
fn of_others() -> String {
    file(&[event("other", "0301T00", "0303T10", "0303T11")])
}

/// Lets time pass at the first read of an object, while the winner of the removal goes.
fn freeze_at_the_read(room: &ServerRoom, name: &'static str, answer: Option<Answer>) {
    let clock = room.room.service.clock.clone();
    let mut is_first = true;
    room.server.before(move |request, state| {
        let is_meant = request.method == "GET" && request.path.ends_with(name);
        if !(is_meant && std::mem::take(&mut is_first)) {
            return None;
        }
        clock.advance(FROZEN);
        state.remove("old.ics");
        answer.clone()
    });
}

on_both_databases! {
    async fn who_was_frozen_while_the_server_was_asked_for_an_hour_looks_again_before_booking(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        let clock = room.room.service.clock.clone();
        let mut is_first = true;
        room.server.before(move |request, state| {
            if !(is_of_interval(request) && std::mem::take(&mut is_first)) {
                return None;
            }
            clock.advance(FROZEN);
            state.put("other.ics", &of_others());
            Some(nothing())
        });
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let booked = room.room.book(&ann, &hour, WhenTaken::Refuse, Some("k")).await;
        assert!(matches!(booked, Err(Error::Taken(_))), "{booked:?}");
        assert_eq!((room.uids().as_str(), room.server.count("PUT")), ("other", 0));
        assert!(states(&database).await.is_empty());
        // The next hour is free, and the same key is free for it.
        let hour = requested("2026-03-03T11:00", "2026-03-03T12:00");
        room.room.book(&ann, &hour, WhenTaken::Refuse, Some("k")).await.unwrap();
    }

    async fn whose_lease_another_has_by_now_looks_again_before_booking(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        let connection = database.connect().await;
        let mut is_first = true;
        room.server.before(move |request, state| {
            if !(is_of_interval(request) && std::mem::take(&mut is_first)) {
                return None;
            }
            // Another process has taken it, has booked, and has given it back.
            let sql = "DELETE FROM leases WHERE name LIKE 'booking %'";
            let lost = connection.execute_unprepared(sql);
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(lost)).unwrap();
            state.put("other.ics", &of_others());
            Some(nothing())
        });
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let booked = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await;
        assert!(matches!(booked, Err(Error::Taken(_))), "{booked:?}");
        assert_eq!((room.uids().as_str(), room.server.count("PUT")), ("other", 0));
    }

    async fn who_was_frozen_right_before_a_booking_was_sent_looks_again(database) {
        let room = ServerRoom::new(&database.open().await, HEEDLESS).await;
        let ann = room.room.caller("ann").await;
        let clock = room.room.service.clock.clone();
        let mut is_first = true;
        room.server.before(move |request, state| {
            if request.method == "GET" && std::mem::take(&mut is_first) {
                clock.advance(Duration::from_secs(15));
                state.put("other.ics", &of_others());
            }
            None
        });
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let booked = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await;
        assert!(matches!(booked, Err(Error::Taken(_))), "{booked:?}");
        assert_eq!((room.uids().as_str(), room.server.count("PUT")), ("other", 0));
        assert!(states(&database).await.is_empty(), "it holds no hour");
    }

    async fn an_event_is_not_moved_onto_an_hour_that_was_free_a_minute_ago(database) {
        let kind = database.open().await.kind();
        for loses_lease in [false, true] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            let room = room.with(event("a", "0101T00", "0304T10", "0304T11"));
            let ann = room.room.caller("ann").await;
            room.room.test().await;
            let clock = room.room.service.clock.clone();
            let connection = database.connect().await;
            let mut is_first = true;
            room.server.before(move |request, state| {
                if !(is_of_interval(request) && std::mem::take(&mut is_first)) {
                    return None;
                }
                if loses_lease {
                    let sql = "DELETE FROM leases WHERE name LIKE 'booking %'";
                    let lost = connection.execute_unprepared(sql);
                    let runtime = tokio::runtime::Handle::current();
                    tokio::task::block_in_place(|| runtime.block_on(lost)).unwrap();
                } else {
                    clock.advance(FROZEN);
                }
                state.put("other.ics", &of_others());
                Some(nothing())
            });
            let change = RequestedChange {
                start: Some("2026-03-03T10:00".to_owned()),
                end: Some("2026-03-03T11:00".to_owned()),
                ..RequestedChange::default()
            };
            let request = ChangeRequest {
                uid: "a".to_owned(),
                change,
                occurrence: None,
                when_taken: WhenTaken::Refuse,
                if_match: None,
            };
            let changed = room.room.service.change_event(&ann, &room.room.calendar, request).await;
            // Also without its lease: it is decided anew under another.
            assert!(matches!(changed, Err(Error::Taken(_))), "{changed:?}");
            assert_eq!(room.server.count("PUT"), 0);
            assert!(states(&database).await.is_empty());
        }
    }

    async fn nobody_goes_for_a_winner_that_went_while_the_loser_was_read_before_the_write(database) {
        let kind = database.open().await.kind();
        let pause = Answer::status(503).with("Retry-After", "1");
        for (name, answer) in [("young.ics", None), ("series.ics", None), ("young.ics", Some(pause))] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, HEEDLESS).await;
            let loser = if name == "series.ics" { series() } else { young("young") };
            let room = with_mail(room.with(old()).with(loser)).await;
            let waits = answer.is_some();
            freeze_at_the_read(&room, name, answer);
            assert!(told(&room.room.clear().await).is_empty(), "{name}, pause: {waits}");
            assert_eq!(format!("{}.ics", room.uids()), name);
            assert_eq!(room.server.count("DELETE") + room.server.count("PUT"), 0, "{name}");
            assert_eq!(states(&database).await, ["abandoned"]);
            assert!(room.room.lines().await.is_empty() && room.room.mails().await.is_empty());
        }
    }

    async fn what_is_late_and_still_loses_is_decided_anew_and_removed(database) {
        let room = ServerRoom::new(&database.open().await, HEEDLESS).await;
        let room = with_mail(room.with(old()).with(young("young"))).await;
        let clock = room.room.service.clock.clone();
        let mut is_first = true;
        room.server.before(move |request, _| {
            let is_read = request.method == "GET" && request.path.ends_with("young.ics");
            if is_read && std::mem::take(&mut is_first) {
                clock.advance(Duration::from_secs(11));
            }
            None
        });
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        assert_eq!(states(&database).await, ["abandoned", "done"]);
        assert_eq!(room.server.count("DELETE"), 1);
        assert_eq!(room.room.mails().await.len(), 1);
    }

    async fn winners_are_confirmed_at_most_sixty_seconds_before_the_write(database) {
        let room = ServerRoom::new(&database.open().await, HEEDLESS).await;
        let room = with_mail(room.with(old()).with(young("young"))).await;
        room.room.test().await;
        // What was read then counts as confirmed for two more seconds.
        room.advance(Duration::from_secs(58));
        let clock = room.room.service.clock.clone();
        let mut is_first = true;
        room.server.before(move |request, state| {
            let is_read = request.method == "GET" && request.path.ends_with("young.ics");
            if is_read && std::mem::take(&mut is_first) {
                clock.advance(Duration::from_secs(3));
                state.remove("old.ics");
            }
            None
        });
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(room.uids(), "young");
    }

    async fn a_request_is_not_sent_again_for_a_decision_that_aged_in_the_pause_before(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = with_mail(room.with(old()).with(young("young"))).await;
        room.server.refuse("young.ics", "DELETE", Tries::First(1), Answer::status(504));
        let clock = room.room.service.clock.clone();
        room.server.before(move |request, _| {
            if request.method == "GET" && request.path.ends_with("young.ics") {
                // The pause follows once this is answered.
                let clock = clock.clone();
                std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_millis(80));
                    clock.advance(FROZEN);
                });
            }
            None
        });
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        assert_eq!(room.server.count("DELETE"), 1);
        assert_eq!(states(&database).await, ["prepared"], "the first one may still be carried out");
        assert_eq!(room.uids(), "old young");
    }

    async fn a_booking_is_watched_for_fifteen_minutes_since_it_was_really_sent(database) {
        let room = ServerRoom::new(&database.open().await, HEEDLESS).await;
        let ann = room.room.caller("ann").await;
        let clock = room.room.service.clock.clone();
        let of_hook = clock.clone();
        let mut is_first = true;
        room.server.before(move |request, _| match request.method.as_str() {
            "GET" => {
                if std::mem::take(&mut is_first) {
                    of_hook.advance(FROZEN);
                }
                None
            }
            "PUT" => Some(Answer::status(504)),
            _ => None,
        });
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let lost = room.room.book(&ann, &hour, WhenTaken::Book, None).await;
        assert!(matches!(lost, Err(Error::Server { .. })), "{lost:?}");
        room.server.behave();
        clock.advance(Duration::from_secs(899));
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["prepared"]);
        clock.advance(Duration::from_secs(62));
        room.room.service.recover_changes().await.unwrap();
        assert!(states(&database).await.is_empty());
    }

    async fn a_failure_to_read_an_object_before_its_removal_leaves_no_doubt(database) {
        let room = ServerRoom::new(&database.open().await, HEEDLESS).await;
        let room = with_mail(room.with(old()).with(young("young"))).await;
        room.server.refuse("young.ics", "GET", Tries::Always, Answer::status(504));
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        assert_eq!(room.server.count("DELETE"), 0);
        assert_eq!(states(&database).await, ["abandoned"]);
        room.server.behave();
        // Somebody else deletes it, and the hour of the winner is given up, too.
        room.server.remove("young.ics");
        room.server.remove("old.ics");
        room.advance(Duration::from_secs(100));
        room.room.service.recover_changes().await.unwrap();
        assert!(told(&room.room.clear().await).is_empty());
        assert!(room.room.lines().await.is_empty() && room.room.mails().await.is_empty());
        let ann = room.room.caller("ann").await;
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        room.room.book(&ann, &hour, WhenTaken::Refuse, None).await.unwrap();
    }

    async fn a_pause_of_the_server_before_a_removal_leaves_no_doubt(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let elsewhere = event("z", "0101T00", "0305T10", "0305T11");
        let room = with_mail(room.with(old()).with(young("young")).with(elsewhere)).await;
        // The answer to the first deletion asks for a pause that is longer than any request waits.
        let pause = Answer::status(503).with("Retry-After", "3000");
        room.server.refuse("young.ics", "DELETE", Tries::Always, pause);
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        assert_eq!(states(&database).await, ["prepared"], "the answer may come from a gateway");
        let ann = room.room.caller("ann").await;
        let deleted = room.room.service.delete_event(&ann, &room.room.calendar, "z").await;
        assert!(matches!(deleted, Err(Error::Server { .. })), "{deleted:?}");
        assert_eq!(states(&database).await, ["prepared", "abandoned"]);
        assert_eq!(room.server.count("DELETE"), 1);
    }

    async fn a_pause_that_a_server_asks_for_ends_by_the_programs_clock(database) {
        for answer in [Answer::status(503), Answer::status(429)] {
            let database = testing::Database::new(database.open().await.kind()).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            let room = room.with(old()).with(young("young"));
            let clock = room.room.service.clock.clone();
            room.server.refuse("", "", Tries::First(1), answer.with("Retry-After", "600"));
            assert_eq!(told(&room.room.clear().await), ["failed room"]);
            assert_eq!(room.methods().len(), 1);
            clock.advance(Duration::from_secs(500));
            assert_eq!(told(&room.room.clear().await), ["failed room"]);
            assert!(room.methods().is_empty(), "nothing is sent before the pause is over");
            clock.advance(Duration::from_secs(110));
            assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        }
    }

    async fn what_the_server_said_not_to_find_is_not_ours_also_where_nobody_could_look(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = with_mail(room.with(old()).with(young("young"))).await;
        room.server.refuse("young.ics", "DELETE", Tries::Always, Answer::status(404));
        room.server.refuse("young.ics", "GET", Tries::Always, Answer::status(504));
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        assert_eq!(states(&database).await, ["changed"]);
        room.server.behave();
        room.server.remove("young.ics");
        room.advance(Duration::from_secs(100));
        room.room.service.recover_changes().await.unwrap();
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(states(&database).await, ["changed"]);
        assert!(room.room.lines().await.is_empty() && room.room.mails().await.is_empty());
    }

    async fn requests_that_wait_behind_others_are_withdrawn_with_their_decision(database) {
        let room = ServerRoom::new(&database.open().await, HEEDLESS).await;
        let room = with_mail(room.with(old()).with(young("young"))).await;
        // It takes longer than a decision holds whenever the object is read: nothing is ever sent, and the
        // run ends.
        let (clock, reads) = (room.room.service.clock.clone(), Arc::new(AtomicUsize::new(0)));
        let (of_hook, is_slow) = (reads.clone(), Arc::new(AtomicBool::new(true)));
        let slow = is_slow.clone();
        room.server.before(move |request, _| {
            let is_read = request.method == "GET" && request.path.ends_with("young.ics");
            if is_read && slow.load(Ordering::SeqCst) {
                of_hook.fetch_add(1, Ordering::SeqCst);
                clock.advance(Duration::from_secs(11));
            }
            None
        });
        assert_eq!(told(&room.room.clear().await), ["ignored young 0303T10 by old: changed"]);
        assert_eq!(room.server.count("DELETE"), 0);
        assert!((2..=20).contains(&reads.load(Ordering::SeqCst)), "{reads:?}");
        assert!(states(&database).await.iter().all(|it| it == "abandoned"));
        is_slow.store(false, Ordering::SeqCst);
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
    }
}
