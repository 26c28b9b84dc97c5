//! Booking, deleting and listing over the operations, on a server.

use std::time::Duration;

use facts::Removal;
use harness::on_server::ServerRoom;
use harness::{Setup, bare, event, file, short, told, window};
use operations::{ChangeRequest, Error, ListRequest, RequestedChange, WhenTaken};
use store::history::RemovalKind;
use testing::fake::{CALENDAR, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::{Answer, Way};

use crate::create::requested;

/// From now on the server refuses to give an object.
fn does_not_give(room: &ServerRoom, name: &str) {
    room.server.with(|state| state.calendars.get_mut(CALENDAR).unwrap().omit_from_multiget(name));
    room.server.refuse(name, "GET", Tries::Always, Answer::status(403));
}

on_both_databases! {
    async fn dates_beyond_the_horizon_were_not_seen_to_be_free(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = room.set(|it| it.horizon_days = 3).await;
        let ann = room.room.caller("ann").await;
        room.room.test().await;
        let clock = room.room.service.clock.clone();
        let mut is_first = true;
        room.server.before(move |request, state| {
            if request.method == "PUT" && std::mem::take(&mut is_first) {
                clock.advance(Duration::from_secs(3));
                let victim = bare("victim").line("CREATED:20260302T000001Z");
                let victim = victim.line("DTSTART:20260309T100000Z").line("DURATION:PT1H");
                let quirks = state.quirks.clone();
                let calendar = state.calendars.get_mut(CALENDAR).unwrap();
                calendar.put("victim.ics", &file(&[victim]), &quirks);
            }
            None
        });
        let mut series = requested("2026-03-03T10:00", "2026-03-03T11:00");
        series.rrule = Some("FREQ=DAILY;COUNT=9".to_owned());
        let id = room.room.book(&ann, &series, WhenTaken::Refuse, None).await.unwrap().id;
        room = room.set(|it| it.horizon_days = 60).await;
        assert_eq!(told(&room.room.test().await), [format!("cancelled {id} 0309T10 by victim")]);
    }

    async fn a_booking_into_a_free_hour_stays_whatever_dates_come_into_the_time_of_the_request(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        room.room.test().await;
        // The request takes three seconds, and somebody writes an event of its first second before its end.
        let clock = room.room.service.clock.clone();
        let mut is_first = true;
        room.server.before(move |request, state| {
            if request.method == "PUT" && std::mem::take(&mut is_first) {
                clock.advance(Duration::from_secs(3));
                let thief = bare("a-thief").line("CREATED:20260302T000001Z").line("DTSTART:20260303T100000Z");
                let text = file(&[thief.line("DURATION:PT1H")]);
                let quirks = state.quirks.clone();
                state.calendars.get_mut(CALENDAR).unwrap().put("a-thief.ics", &text, &quirks);
            }
            None
        });
        let hour = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let id = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await.unwrap().id;
        let report = room.room.clear().await;
        assert_eq!(told(&report), [format!("deleted a-thief 0303T10 by {id}")]);
        let because = report.deleted_overlapping_events[0].because.clone();
        assert!(format!("{because:?}").contains("witnessed: true"), "{because:?}");
    }

    async fn what_is_booked_stands_on_the_server_once_and_under_its_id(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        let new = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let created = room.room.book(&ann, &new, WhenTaken::Book, None).await.unwrap();
        assert_eq!(room.methods(), ["PUT"], "one request");
        assert_eq!(room.uids(), created.id);
        let put = room.server.objects().into_values().next().unwrap();
        assert!(put.contains("SUMMARY:Budget review"));
        let list = room.room.list("0303T00", "0304T00").await;
        assert_eq!(list["events"][0]["uid"], created.id);
        assert_eq!(list["events"][0]["organizer"], "ann@example.org", "its author");
    }

    async fn a_room_that_is_taken_on_the_server_is_taken(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room.clear().await;
        let room = room.with(event("theirs", "0101T00", "0303T10", "0303T11"));
        let ann = room.room.caller("ann").await;
        let new = requested("2026-03-03T10:30", "2026-03-03T11:30");
        let taken = room.room.book(&ann, &new, WhenTaken::Refuse, None).await;
        let Err(Error::Taken(events)) = taken else { panic!("{taken:?}") };
        assert_eq!(events[0].uid, "theirs");
        assert_eq!(room.uids(), "theirs");
    }

    async fn an_event_that_the_server_does_not_give_any_more_is_in_the_way_by_its_last_text(database) {
        for uid in ["v", ""] {
            let database = testing::Database::new(database.open().await.kind()).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            let v = event(uid, "0101T00", "0303T10", "0303T11").line("SUMMARY:V");
            room.server.put("v.ics", &file(std::slice::from_ref(&v)));
            let other = event("other", "0101T00", "0309T10", "0309T11");
            let room = room.with(other.clone());
            room.room.test().await;
            does_not_give(&room, "v.ics");
            room.server.put("v.ics", &file(&[v.line("LOCATION:elsewhere")]));
            room.put(other.line("SUMMARY:Renamed"));
            let ann = room.room.caller("ann").await;
            let new = requested("2026-03-03T10:30", "2026-03-03T11:30");
            for _ in 0..2 {
                let taken = room.room.book(&ann, &new, WhenTaken::Refuse, None).await;
                let Err(Error::Taken(events)) = taken else { panic!("{taken:?}") };
                assert_eq!(events.iter().map(short).collect::<Vec<_>>(), [format!("{uid} 0303T10")]);
            }
            let change = RequestedChange {
                start: Some("2026-03-03T10:30".to_owned()),
                end: Some("2026-03-03T11:30".to_owned()),
                ..RequestedChange::default()
            };
            let (uid, when_taken) = ("other".to_owned(), WhenTaken::Refuse);
            let change = ChangeRequest { uid, change, occurrence: None, when_taken, if_match: None };
            let moved = room.room.service.change_event(&ann, &room.room.calendar, change).await;
            assert!(matches!(moved, Err(Error::Taken(_))), "{moved:?}");
            let later = requested("2026-03-03T12:00", "2026-03-03T13:00");
            room.room.book(&ann, &later, WhenTaken::Refuse, None).await.unwrap();
        }
    }

    async fn nothing_is_booked_if_the_server_lists_an_event_at_the_hour_that_it_never_gave(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("other", "0101T00", "0309T10", "0309T11"));
        let ann = room.room.caller("ann").await;
        room.room.test().await;
        does_not_give(&room, "v.ics");
        let room = room.with(event("v", "0101T00", "0303T10", "0303T11"));
        let new = requested("2026-03-03T10:30", "2026-03-03T11:30");
        for _ in 0..2 {
            let refused = room.room.book(&ann, &new, WhenTaken::Refuse, None).await;
            let Err(Error::Server { detail, .. }) = refused else { panic!("{refused:?}") };
            let detail = detail.to_string();
            assert!(detail.contains("/v.ics, but does not return it"), "{detail}");
        }
        assert_eq!(room.server.count("PUT"), 0);
        room.server.behave();
        let taken = room.room.book(&ann, &new, WhenTaken::Refuse, None).await;
        assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
    }

    async fn of_many_who_book_a_free_hour_at_once_one_gets_it(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        let new = requested("2026-03-03T10:30", "2026-03-03T11:30");
        let tries = (0..20).map(|_| room.room.book(&ann, &new, WhenTaken::Refuse, None));
        let done = futures_util::future::join_all(tries).await;
        assert_eq!(done.iter().filter(|it| it.is_ok()).count(), 1);
        assert!(done.iter().all(|it| matches!(it, Ok(_) | Err(Error::Taken(_)))), "{done:?}");
        assert_eq!(room.server.objects().len(), 1);
    }

    async fn the_same_request_twice_books_once_whatever_became_of_the_first(database) {
        let kind = database.open().await.kind();
        // The first PUT: done, done with its answer lost, and not done with its answer lost.
        for (is_made, is_lost) in [(true, false), (true, true), (false, true)] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            let ann = room.room.caller("ann").await;
            let new = requested("2026-03-03T10:30", "2026-03-03T11:30");
            let mut is_down = false;
            room.server.before(move |request, state| {
                if request.method == "PUT" && is_lost && !is_down {
                    is_down = true;
                    if is_made {
                        let name = request.path.rsplit('/').next().unwrap_or_default();
                        state.put(name, &request.text());
                    }
                }
                is_down.then(|| Answer::status(502).on(Way::Lost))
            });
            let first = room.room.book(&ann, &new, WhenTaken::Refuse, Some("key")).await;
            assert_eq!(first.is_err(), is_lost, "{first:?}");
            room.server.behave();
            let second = room.room.book(&ann, &new, WhenTaken::Refuse, Some("key")).await.unwrap();
            let third = room.room.book(&ann, &new, WhenTaken::Refuse, Some("key")).await.unwrap();
            assert_eq!(second, third);
            assert_eq!(room.uids(), second.id, "{is_made} {is_lost}");
            let other = requested("2026-03-04T10:30", "2026-03-04T11:30");
            let other = room.room.book(&ann, &other, WhenTaken::Book, Some("key")).await;
            assert!(matches!(other, Err(Error::Invalid(_))), "{other:?}");
        }
    }

    async fn what_was_refused_can_be_asked_for_again_with_the_same_key(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        room.server.refuse("", "PUT", Tries::First(1), Answer::text(507, "the disk is full"));
        let new = requested("2026-03-03T10:30", "2026-03-03T11:30");
        let refused = room.room.book(&ann, &new, WhenTaken::Book, Some("key")).await;
        let Err(Error::Server { detail, is_timeout: false }) = refused else { panic!("{refused:?}") };
        let detail = detail.to_string();
        assert!(detail.contains("the disk is full"), "{detail}");
        let created = room.room.book(&ann, &new, WhenTaken::Book, Some("key")).await.unwrap();
        assert_eq!(room.uids(), created.id);
    }

    async fn an_event_is_deleted_by_its_uid_also_one_that_was_just_written_by_others(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room.clear().await;
        let room = room.with(event("a b", "0101T00", "0303T10", "0303T11"));
        let ann = room.room.caller("ann").await;
        let service = &room.room.service;
        service.delete_event(&ann, &room.room.calendar, "a b").await.unwrap();
        assert_eq!(room.uids(), "");
        assert_eq!(room.room.uids().await, "");
        let line = room.room.lines().await.remove(0);
        assert_eq!(line.kind, RemovalKind::DeletedByRequest);
        let again = service.delete_event(&ann, &room.room.calendar, "a b").await;
        assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
        room.room.restore(line.id).await.unwrap();
        assert_eq!(room.uids(), "a b");
    }

    async fn an_event_is_deleted_in_whatever_version_it_is(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("a", "0101T00", "0303T10", "0303T11"));
        room.room.clear().await;
        room.put(event("a", "0101T00", "0304T10", "0304T11"));
        let ann = room.room.caller("ann").await;
        let service = &room.room.service;
        service.delete_event(&ann, &room.room.calendar, "a").await.unwrap();
        assert_eq!(room.uids(), "");
        let line = room.room.lines().await.remove(0);
        let event = Removal::from_json(&line.fact).unwrap().event;
        assert_eq!(short(&event), "a 0304T10", "the history has what was deleted");
    }

    async fn what_somebody_else_deletes_first_is_not_said_to_be_deleted(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("a", "0101T00", "0303T10", "0303T11"));
        room.room.test().await;
        let ann = room.room.caller("ann").await;
        room.server.before(|request, state| {
            if request.method == "DELETE" {
                state.remove("a.ics");
            }
            None
        });
        let deleted = room.room.service.delete_event(&ann, &room.room.calendar, "a").await;
        assert!(matches!(deleted, Err(Error::NotFound(_))), "{deleted:?}");
        assert!(room.room.lines().await.is_empty(), "it is not in the history");
    }

    async fn what_was_begun_is_done_and_recorded_also_when_the_caller_goes_away(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("a", "0101T00", "0303T10", "0303T11"));
        room.room.clear().await;
        let ann = room.room.caller("ann").await;
        let service = room.room.service.clone();
        room.server.slow(Duration::from_millis(100));
        let new = requested("2026-03-04T10:30", "2026-03-04T11:30");
        let requests = || room.server.requests().len();
        let asked = async |before: usize| {
            while requests() == before {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let before = requests();
        tokio::select! {
            deleted = service.delete_event(&ann, &room.room.calendar, "a") => panic!("{deleted:?}"),
            () = asked(before) => {}
        }
        service.finish_runs().await;
        let before = requests();
        tokio::select! {
            created = room.room.book(&ann, &new, WhenTaken::Book, Some("key")) => panic!("{created:?}"),
            () = asked(before) => {}
        }
        service.finish_runs().await;
        assert_eq!(room.room.lines().await.len(), 1);
        let created = room.room.book(&ann, &new, WhenTaken::Book, Some("key")).await.unwrap();
        assert_eq!(room.uids(), created.id, "the one is gone, and the other is there once");
    }

    async fn a_file_is_imported_on_the_server_and_not_here_and_exports_are_up_to_date(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let text = file(&[event("a", "0101T00", "0303T10", "0303T11")]);
        let (service, calendar) = (&room.room.service, &room.room.calendar);
        let imported = service.import(&operations::command_line(), calendar, text.as_bytes(), &|_, _| {}).await;
        assert!(matches!(imported, Err(Error::Conflict(_))), "{imported:?}");
        assert_eq!(room.room.uids().await, "");
        let room = room.with(event("b", "0101T00", "0303T10", "0303T11"));
        let exported = room.room.service.export(&room.room.calendar).await.unwrap();
        assert!(String::from_utf8(exported).unwrap().contains("UID:b"));
    }

    async fn lists_are_as_of_a_few_seconds_ago(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room.list("0303T00", "0304T00").await;
        room.methods();
        room.room.list("0303T00", "0304T00").await;
        assert!(room.methods().is_empty(), "several panels ask the server once");
        let room = room.with(event("a", "0101T00", "0303T10", "0303T11"));
        room.room.test().await;
        assert_eq!(room.room.list("0303T00", "0304T00").await["events"][0]["uid"], "a");
    }

    async fn a_server_that_is_down_or_slow_is_said_and_never_an_error_of_ours(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("a", "0101T00", "0303T10", "0303T11"));
        room.room.clear().await;
        let ann = room.room.caller("ann").await;
        let new = requested("2026-03-03T10:30", "2026-03-03T11:30");
        let list = ListRequest {
            window: window("0303T00", "0304T00"),
            uid: None,
            after: None,
            limit: 10,
        };
        let (service, calendar) = (&room.room.service, &room.room.calendar);
        for answer in [Answer::status(503), Answer::status(200).on(Way::Hang)] {
            let is_slow = answer.way == Way::Hang;
            room.server.behave();
            room.server.refuse("", "", Tries::Always, answer);
            let fresh = Setup::new(room.room.store()).service;
            let errors = [
                room.room.book(&ann, &new, WhenTaken::Refuse, None).await.map(|_| ()),
                room.room.book(&ann, &new, WhenTaken::Book, None).await.map(|_| ()),
                service.delete_event(&ann, calendar, "a").await,
                fresh.list_events(calendar, list.clone(), &operations::Reader::administrator()).await.map(|_| ()),
            ];
            for error in errors {
                let Err(Error::Server { detail, is_timeout }) = error else { panic!("{error:?}") };
                let detail = detail.to_string();
                assert!(detail.starts_with("127.0.0.1:"), "{detail}");
                assert_eq!(is_timeout, is_slow, "{detail}");
            }
        }
        room.server.behave();
        assert_eq!(room.uids(), "a");
    }
}
