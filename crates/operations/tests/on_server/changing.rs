//! Changing events and cancelling dates, on a server.

use harness::on_server::ServerRoom;
use harness::{Room, event, moment};
use operations::{ChangeRequest, Error, RequestedChange, WhenTaken};
use store::history::RemovalKind;
use testing::fake::Quirks;
use testing::on_both_databases;

fn renamed(uid: &str) -> ChangeRequest {
    let change = RequestedChange { name: Some("New".to_owned()), ..RequestedChange::default() };
    ChangeRequest {
        uid: uid.to_owned(),
        change,
        occurrence: None,
        when_taken: WhenTaken::Book,
        if_match: None,
    }
}

on_both_databases! {
    async fn what_is_changed_is_written_under_its_version_and_kept_in_the_history(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("a", "0101T00", "0303T10", "0303T11").line("SUMMARY:Old"));
        let ann = room.room.caller("ann").await;
        let calendar = &room.room.calendar;
        let service = &room.room.service;
        let change = RequestedChange {
            end: Some("2026-03-03T10:30".to_owned()),
            ..renamed("a").change
        };
        let change = ChangeRequest { change, ..renamed("a") };
        let answer = service.change_event(&ann, calendar, change).await.unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!((&answer["name"], &answer["end"]), (
            &serde_json::json!("New"), &serde_json::json!("2026-03-03T10:30:00+00:00")
        ));
        let text = room.text("a");
        assert!(text.contains("SUMMARY:New") && text.contains("DTEND:20260303T103000Z"), "{text}");
        let line = room.room.lines().await.remove(0);
        assert_eq!(line.kind, RemovalKind::Changed);
        room.room.restore(line.id).await.unwrap();
        assert!(room.text("a").contains("SUMMARY:Old"));
    }

    async fn an_event_is_not_moved_to_an_hour_that_another_of_its_uid_holds(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.server.put("a.ics", &harness::file(&[event("u", "0101T00", "0305T10", "0305T11")]));
        room.server.put("b.ics", &harness::file(&[event("u", "0101T00", "0303T10", "0303T11")]));
        let ann = room.room.caller("ann").await;
        room.room.test().await;
        let change = RequestedChange {
            start: Some("2026-03-03T10:30".to_owned()),
            end: Some("2026-03-03T11:30".to_owned()),
            ..RequestedChange::default()
        };
        let change = ChangeRequest { change, when_taken: WhenTaken::Refuse, ..renamed("u") };
        let moved = room.room.service.change_event(&ann, &room.room.calendar, change).await;
        assert!(matches!(moved, Err(Error::Taken(_))), "{moved:?}");
    }

    async fn an_event_is_not_moved_to_an_hour_that_is_taken_without_the_mirror_knowing(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("a", "0101T00", "0305T10", "0305T11"));
        let ann = room.room.caller("ann").await;
        room.room.test().await;
        crate::on_server::audit::slip_in(&room, event("other", "0101T00", "0303T10", "0303T11"));
        let change = RequestedChange {
            start: Some("2026-03-03T10:00".to_owned()),
            end: Some("2026-03-03T11:00".to_owned()),
            ..RequestedChange::default()
        };
        let change = ChangeRequest { change, when_taken: WhenTaken::Refuse, ..renamed("a") };
        let moved = room.room.service.change_event(&ann, &room.room.calendar, change).await;
        assert!(matches!(moved, Err(Error::Taken(_))), "{moved:?}");
        assert!(room.text("a").contains("DTSTART:20260305T100000Z"));
    }

    async fn a_series_is_not_moved_if_a_date_before_its_start_would_overlap(database) {
        let store = database.open().await;
        let series = event("s", "0101T00", "0310T09", "0310T10").rule("FREQ=DAILY;COUNT=3");
        let series = series.line("RDATE:20260205T090000Z,20260305T090000Z");
        let over = event("over", "0101T00", "0205T10", "0205T11");
        let victim = event("victim", "0101T00", "0305T10", "0305T11");
        let built_in = Room::named(&store, "built-in").await;
        let built_in = built_in.with(series.clone()).await.with(over.clone()).await;
        let on_server = ServerRoom::new(&store, Quirks::RFC).await.with(series).with(over);
        on_server.put(victim.clone());
        for (room, user) in [(&built_in.with(victim).await, "ann"), (&on_server.room, "bob")] {
            let caller = room.caller(user).await;
            let to = |start: &str, end: &str| {
                let change = RequestedChange {
                    start: Some(format!("2026-03-10T{start}")),
                    end: Some(format!("2026-03-10T{end}")),
                    ..RequestedChange::default()
                };
                ChangeRequest { change, when_taken: WhenTaken::Refuse, ..renamed("s") }
            };
            let moved = room.service.change_event(&caller, &room.calendar, to("10:00", "11:00")).await;
            let Err(Error::Taken(events)) = moved else { panic!("{moved:?}") };
            assert_eq!(events.iter().map(harness::short).collect::<Vec<_>>(), ["victim 0305T10"]);
            let moved = room.service.change_event(&caller, &room.calendar, to("12:00", "13:00")).await;
            moved.unwrap();
        }
    }

    async fn what_only_the_organizer_can_change_is_left_on_a_server_that_schedules(database) {
        let kind = database.open().await.kind();
        for (quirks, organizer, is_refused) in [
            (Quirks::NEXTCLOUD, "eve@example.org", true),
            (Quirks::SOGO, "eve@example.org", true),
            (Quirks::NEXTCLOUD, "room@example.org", false),
            (Quirks::RFC, "eve@example.org", false),
        ] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, quirks).await;
            let room = room.set(|it| it.room_address = Some("room@example.org".to_owned())).await;
            let old = event("a", "0101T00", "0303T10", "0303T11").by(organizer);
            let room = room.with(old.rule("FREQ=DAILY;COUNT=3"));
            let ann = room.room.caller("ann").await;
            let service = &room.room.service;
            let calendar = &room.room.calendar;
            let before = room.text("a");
            let changed = service.change_event(&ann, calendar, renamed("a")).await;
            if is_refused {
                let Err(Error::Conflict(said)) = changed else { panic!("{changed:?}") };
                assert_eq!(said.to_string(), "Only the organizer can change this event");
                assert_eq!(room.text("a"), before);
            } else {
                changed.unwrap();
            }
            // It can be cancelled and removed all the same.
            let at = moment("0304T10");
            service.delete_occurrence(&ann, calendar, "a", at).await.unwrap();
            assert!(room.text("a").contains("EXDATE:20260304T100000Z"), "{}", room.text("a"));
            service.delete_event(&ann, calendar, "a").await.unwrap();
            assert_eq!(room.uids(), "");
        }
    }

    async fn a_cancelled_date_is_restored_alone(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let daily = event("a", "0101T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=3");
        let room = room.with(daily);
        let ann = room.room.caller("ann").await;
        let service = &room.room.service;
        for day in ["0304T10", "0305T10"] {
            let at = moment(day);
            service.delete_occurrence(&ann, &room.room.calendar, "a", at).await.unwrap();
            let again = service.delete_occurrence(&ann, &room.room.calendar, "a", at).await;
            assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
        }
        let lines = room.room.lines().await;
        assert_eq!(lines[0].kind, RemovalKind::CancelledByRequest);
        room.room.restore(lines[0].id).await.unwrap();
        let list = room.room.list("0301T00", "0310T00").await;
        let starts: Vec<_> = list["events"].as_array().unwrap().iter().map(|it| it["start"].clone()).collect();
        assert_eq!(starts, ["2026-03-03T10:00:00+00:00", "2026-03-04T10:00:00+00:00"]);
    }
}
