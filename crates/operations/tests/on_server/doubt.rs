//! Nobody goes for what is not there, and what is in doubt stays open.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{event, seconds, told};
use operations::Error;
use testing::fake::{CALENDAR, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::{Answer, Way};

use super::changes::{old, series, states, young};

/// An object vanishes although the server's list of changes does not say so: a restored backup, a lost
/// row.
fn vanish(room: &ServerRoom, name: &str) {
    room.server.with(|it| it.calendars.get_mut(CALENDAR).unwrap().objects.remove(name));
}

async fn with_mail(mut room: ServerRoom) -> ServerRoom {
    room.room = room.room.with_mail().await;
    room
}

/// Of all changes, oldest first: whether only their effect was seen.
async fn not_confirmed(database: &testing::Database) -> Vec<String> {
    database
        .column("SELECT CASE WHEN not_confirmed THEN 'yes' ELSE 'no' END FROM changes ORDER BY id")
        .await
}

/// Lets requests pass unseen: the server answers nothing, and has not done it yet.
fn lose_deletes(room: &ServerRoom) {
    room.server.refuse("young.ics", "DELETE", Tries::Always, Answer::status(504));
}

on_both_databases! {
    async fn nobody_goes_for_a_winner_that_is_gone_without_the_server_having_said_so(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = with_mail(room.with(old()).with(young("young")).with(series())).await;
        room.room.test().await;
        room.advance(Duration::from_secs(61));
        vanish(&room, "old.ics");
        assert_eq!(told(&room.room.clear().await), ["cancelled series 0303T10 by young"]);
        assert_eq!(room.room.uids().await, "series young", "the mirror is mended");
        assert_eq!(room.uids(), "series young");
    }

    async fn nobody_goes_for_a_winner_that_has_moved_without_the_server_having_said_so(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = with_mail(room.with(old()).with(young("young"))).await;
        room.room.test().await;
        room.advance(Duration::from_secs(61));
        let token = room.server.with(|it| it.calendars[CALENDAR].clone());
        room.put(event("old", "0101T00", "0305T10", "0305T11"));
        let moved = room.server.with(|it| it.calendars[CALENDAR].objects["old.ics"].clone());
        room.server.with(|it| {
            it.calendars.insert(CALENDAR.to_owned(), token);
            let calendar = it.calendars.get_mut(CALENDAR).unwrap();
            calendar.objects.insert("old.ics".to_owned(), moved);
        });
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(room.uids(), "old young");
        assert!(room.room.mails().await.is_empty());
    }

    async fn winners_cost_one_request_for_each_hundred_and_none_if_this_run_has_read_them(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        for number in 0..150 {
            let (day, hour) = (1 + number / 10 % 28, number % 10 + 8);
            let (start, end) = (format!("04{day:02}T{hour:02}"), format!("04{day:02}T{hour:02}30"));
            room.put(event(&format!("a{number}"), "0101T00", &start, &end));
            room.put(event(&format!("b{number}"), "0102T00", &start, &end));
        }
        let room = ServerRoom { room: room.room.set(|it| it.safety_limit = 500).await, ..room };
        room.room.test().await;
        room.advance(Duration::from_secs(61));
        room.methods();
        assert_eq!(told(&room.room.clear().await).len(), 150);
        let methods = room.methods();
        let count = |method: &str| methods.iter().filter(|it| *it == method).count();
        assert_eq!((count("DELETE"), count("PROPFIND"), count("REPORT")), (150, 1, 2), "{}", methods.len());
        // What was fetched a moment ago is not asked for again.
        for uid in ["c", "d"] {
            room.put(event(uid, "0103T00", "0428T20", "0428T21"));
        }
        assert_eq!(told(&room.room.clear().await), ["deleted d 0428T20 by c"]);
        assert_eq!(room.methods(), ["PROPFIND", "REPORT", "REPORT", "DELETE"]);
    }

    async fn what_the_server_carries_out_late_gets_its_record_and_its_mail(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = with_mail(room.with(old()).with(young("young"))).await;
        lose_deletes(&room);
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        assert_eq!(states(&database).await, ["prepared"]);
        room.server.behave();
        // Another process looks ten minutes later: it is still there, and still in doubt.
        room.at(seconds(600));
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["prepared"]);
        assert_eq!(
            told(&room.room.clear().await),
            ["ignored young 0303T10 by old: changed"],
            "no other run writes to it"
        );
        assert_eq!(room.uids(), "old young");
        room.server.remove("young.ics");
        room.at(seconds(800));
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(not_confirmed(&database).await, ["yes"]);
        assert_eq!(room.room.mails().await, ["removed young ann@example.org waiting"]);
        assert_eq!(room.room.lines().await.len(), 1);
        let line = room.room.lines().await[0].id;
        room.room.restore(line).await.unwrap();
        assert_eq!(room.uids(), "old young");
    }

    async fn after_the_watch_a_change_that_was_not_made_is_given_up_and_decided_anew(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = with_mail(room.with(old()).with(young("young"))).await;
        lose_deletes(&room);
        room.room.clear().await;
        room.server.behave();
        room.at(seconds(1_000));
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        assert_eq!(states(&database).await, ["abandoned", "done"]);
        assert_eq!(room.room.mails().await.len(), 1);
    }

    async fn nobody_goes_for_an_event_that_may_be_on_its_way_out(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = with_mail(room.with(old()).with(young("young"))).await;
        lose_deletes(&room);
        room.room.clear().await;
        room.server.behave();
        room.server.remove("old.ics");
        room.put(event("later", "0220T00", "0303T10", "0303T11"));
        room.at(seconds(60));
        assert_eq!(told(&room.room.clear().await), ["ignored later 0303T10 by young: changed"]);
        assert_eq!(room.uids(), "later young");
        room.server.remove("young.ics");
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(room.uids(), "later");
    }

    async fn what_is_in_doubt_is_neither_deleted_nor_restored_over(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        lose_deletes(&room);
        room.room.clear().await;
        room.server.behave();
        let ann = room.room.caller("ann").await;
        let deleted = room.room.service.delete_event(&ann, &room.room.calendar, "young").await;
        assert!(matches!(deleted, Err(Error::Conflict(_))), "{deleted:?}");
        assert_eq!(room.uids(), "old young");
    }

    async fn a_deletion_whose_answer_was_lost_can_be_asked_for_again_and_is_recorded_once(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(young("young"));
        let ann = room.room.caller("ann").await;
        let delete = async || {
            room.room.service.delete_event(&ann, &room.room.calendar, "young").await
        };
        lose_deletes(&room);
        assert!(matches!(delete().await, Err(Error::NotFound(_)) | Err(Error::Server { .. })));
        room.room.test().await;
        assert!(matches!(delete().await, Err(Error::Server { .. })));
        room.server.behave();
        delete().await.unwrap();
        assert_eq!(room.uids(), "");
        room.room.service.recover_changes().await.unwrap();
        let states = states(&database).await;
        assert_eq!(states.last().map(String::as_str), Some("done"));
        assert_eq!(states.iter().filter(|it| *it == "done").count(), 1);
        assert_eq!(room.room.lines().await.len(), 1);
    }

    async fn what_somebody_else_deletes_during_the_run_is_not_ours(database) {
        let kind = database.open().await.kind();
        for quirks in [Quirks::RFC, Quirks::NEXTCLOUD] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, quirks).await;
            let room = with_mail(room.with(old()).with(young("young"))).await;
            room.server.before(|request, state| {
                if request.method == "DELETE" {
                    state.remove("young.ics");
                }
                None
            });
            assert!(told(&room.room.clear().await).is_empty());
            assert_eq!(states(&database).await, ["changed"]);
            assert!(room.room.lines().await.is_empty());
            assert!(room.room.mails().await.is_empty());
            assert_eq!(room.room.uids().await, "old");
        }
    }

    async fn what_vanishes_while_a_request_of_ours_is_in_doubt_is_ours(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = with_mail(room.with(old()).with(young("young"))).await;
        let mut number = 0;
        room.server.before(move |request, state| {
            if request.method != "DELETE" {
                return None;
            }
            number += 1;
            if number == 1 {
                return Some(Answer::status(204).on(Way::Lost));
            }
            // The first one is carried out just before the second.
            state.remove("young.ics");
            None
        });
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        assert_eq!(not_confirmed(&database).await, ["yes"]);
        assert_eq!(room.room.mails().await.len(), 1);
    }

    async fn a_process_that_was_frozen_in_the_middle_decides_anew_before_it_writes(database) {
        for is_suspended in [false, true] {
            let database = testing::Database::new(database.open().await.kind()).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            let room = with_mail(room.with(old()).with(young("young"))).await;
            room.room.test().await;
            let clock = room.room.service.clock.clone();
            clock.advance(Duration::from_secs(61));
            let mut reports = 0;
            room.server.before(move |request, state| {
                reports += usize::from(request.method == "REPORT");
                if request.method == "REPORT" && reports == 1 {
                    // While the winners are confirmed the machine stands still, and the winner goes.
                    let frozen = Duration::from_secs(3_600);
                    if is_suspended { clock.wake_after(frozen) } else { clock.advance(frozen) }
                    state.remove("old.ics");
                    return Some(confirmed());
                }
                None
            });
            assert!(told(&room.room.clear().await).is_empty(), "suspended: {is_suspended}");
            assert_eq!(room.uids(), "young");
            assert!(states(&database).await.is_empty());
        }
    }

    async fn a_process_that_lost_its_lease_writes_nothing(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = with_mail(room.with(old()).with(young("young")).with(young("z"))).await;
        room.room.test().await;
        let connection = database.connect().await;
        let is_lost = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let lost = is_lost.clone();
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let taker = tokio::spawn(async move {
            while !lost.load(std::sync::atomic::Ordering::SeqCst) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let sql = "UPDATE leases SET holder = 'another'";
            sea_orm::ConnectionTrait::execute_unprepared(&connection, sql).await.unwrap();
            stop.send(()).unwrap();
        });
        room.server.before(move |request, _| {
            if request.method == "DELETE" && request.path.contains("young") {
                is_lost.store(true, std::sync::atomic::Ordering::SeqCst);
                // The one who is waited for may be queued on this very thread.
                tokio::task::block_in_place(|| {
                    stopped.recv_timeout(Duration::from_secs(20)).unwrap();
                });
            }
            None
        });
        let report = room.room.clear().await;
        taker.await.unwrap();
        assert_eq!(told(&report), ["deleted young 0303T10 by old", "failed room"]);
        assert_eq!(room.server.count("DELETE"), 1);
        assert_eq!(room.uids(), "old z");
    }
}

/// What a multiget of the winner says before it goes.
fn confirmed() -> Answer {
    let path = "/calendars/room/meeting-room-1/old.ics";
    let text = harness::file(&[old()]);
    Answer::xml(
        207,
        format!(
            "<multistatus xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><response><href>{path}</href>\
             <propstat><prop><getetag>\"x\"</getetag><C:calendar-data>{text}</C:calendar-data></prop>\
             <status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
        ),
    )
}
