//! Clearing: section 3 of the contract, carried out.

use answers::report::Report;
use facts::{Event, Removal};
use harness::setup::clear_request;
use harness::{Room, administrator, days, event, file, seconds, told};
use operations::{ClearRequest, Error, Limit, Mode, Scope};
use store::{history, leases};
use testing::{Database, on_both_databases};
use tokio::task::JoinHandle;

fn request(scope: Scope, mode: Mode) -> ClearRequest {
    ClearRequest { mode, ..clear_request(scope) }
}

/// A room with one of everything that a clear tells apart.
async fn mixed(store: &store::Store) -> Room {
    Room::new(store)
        .await
        .with_event("old", "0101T00", "0303T10", "0303T11")
        .await
        .with_event("young", "0102T00", "0303T1030", "0303T1130")
        .await
        .with(event("series", "0103T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=3"))
        .await
        .with(event("gone", "0101T00", "0305T10", "0305T11").line("STATUS:CANCELLED"))
        .await
        .with(event("free", "0101T00", "0303T10", "0303T11").line("TRANSP:TRANSPARENT"))
        .await
}

/// A clear that waits for its calendar, which somebody else has; with the name of the lease.
async fn waiting_clear(database: &Database, room: &Room) -> (String, JoinHandle<Report<Event>>) {
    let lease = format!("calendar {}", room.calendar.id);
    let transaction = room.store().begin().await.unwrap();
    assert!(leases::take(&transaction, &lease, "somebody", 60).await.unwrap());
    transaction.commit().await.unwrap();
    let asked = room.clone();
    let asking = tokio::spawn(async move { asked.clear().await });
    while database.column("SELECT CAST(id AS TEXT) FROM runs").await.is_empty() {
        tokio::task::yield_now().await;
    }
    (lease, asking)
}

on_both_databases! {
    async fn an_unknown_calendar_clears_nothing_anywhere(database) {
        let store = database.open().await;
        let room = mixed(&store).await;
        Room::named(&store, "hers").await;
        let before = database.dump().await;
        for mode in [Mode::Real, Mode::Test] {
            let scope = Scope::Named(vec!["room".to_owned(), "nowhere".to_owned()]);
            let cleared = room.service.clear_bookings(None, request(scope, mode)).await;
            assert!(matches!(cleared, Err(Error::NotFound(_))), "{cleared:?}");
        }
        let ann = room.caller("ann").await;
        let scope = Scope::Named(vec!["room".to_owned(), "hers".to_owned()]);
        let cleared = room.service.clear_bookings(Some(&ann), request(scope, Mode::Real)).await;
        assert!(matches!(cleared, Err(Error::NotFound(_))), "one that is not assigned is unknown");
        assert_eq!(database.dump().await, before);
    }

    async fn test_mode_changes_nothing_in_the_database_and_says_what_the_real_thing_does(database) {
        let store = database.open().await;
        let room = mixed(&store).await.with_mail().await;
        let room = room
            .set(|it| {
                it.contact_address = Some("desk@example.org".to_owned());
                it.announces.ignored = true;
            })
            .await;
        let before = database.dump().await;
        let would = room.test().await;
        assert!(would.test_mode);
        assert_eq!(database.dump().await, before);
        let limited = room.clone().set(|it| it.safety_limit = 1).await;
        administrator(&store, "boss").await;
        let before = database.dump().await;
        limited.test().await;
        assert_eq!(database.dump().await, before, "nor does it ask for a confirmation");
        let room = room.set(|it| it.safety_limit = 50).await;
        let did = room.clear().await;
        assert!(!did.test_mode);
        assert_eq!(told(&would), told(&did));
        let events = |report: &Report<Event>| serde_json::to_value(&report.deleted_overlapping_events).unwrap();
        assert_eq!(events(&would), events(&did), "key by key");
        assert_eq!(
            told(&did),
            [
                "leftover gone 0305T10",
                "deleted young 0303T1030 by old",
                "cancelled series 0303T10 by old",
                "ignored free 0303T10 by old: free",
            ]
        );
    }

    async fn a_second_run_removes_nothing(database) {
        let room = mixed(&database.open().await).await;
        room.clear().await;
        let texts = room.texts().await;
        let lines = room.lines().await;
        assert_eq!(told(&room.clear().await), ["ignored free 0303T10 by old: free"]);
        assert_eq!((room.texts().await, room.lines().await), (texts, lines));
    }

    async fn what_goes_stands_in_the_history_as_it_was_and_as_it_is(database) {
        let room = mixed(&database.open().await).await;
        let before = room.texts().await;
        room.clear().await;
        assert_eq!(room.uids().await, "free old series");
        let mut kinds = Vec::new();
        for line in room.lines().await {
            let change = history::change(room.store(), line.change_id).await.unwrap().unwrap();
            assert_eq!(change.before_text.as_deref(), Some(before[&change.uid].as_bytes()));
            let there = room.texts().await.remove(&change.uid).map(String::into_bytes);
            assert_eq!(change.after_text, there);
            assert_eq!(change.after_etag.is_some(), there.is_some());
            assert_eq!((change.cause.as_str(), change.state.as_str()), ("clear", "done"));
            assert!(change.run_id.is_some());
            kinds.push(format!("{} {}", change.uid, line.kind));
            let fact = Removal::from_json(&line.fact).unwrap();
            let winner = fact.winner().map(|it| it.uid.as_str());
            assert_eq!(winner, (change.uid != "gone").then_some("old"), "{}", change.uid);
        }
        kinds.sort();
        assert_eq!(
            kinds,
            ["gone deleted cancelled", "series cancelled overlapping", "young deleted overlapping"]
        );
    }

    async fn a_series_loses_one_instance_and_no_other_byte(database) {
        let room = mixed(&database.open().await).await;
        let before = room.text("series").await;
        room.clear().await;
        let after = room.text("series").await;
        let expected = before
            .replace("DTSTAMP:20260101T000000Z\r\n", "DTSTAMP:20260302T000000Z\r\n")
            .replace("DTSTART:20260303T100000Z\r\n", "DTSTART:20260303T100000Z\r\nSEQUENCE:1\r\n")
            .replace("COUNT=3\r\n", "COUNT=3\r\nEXDATE:20260303T100000Z\r\n");
        assert_eq!(after, expected);
    }

    async fn a_byte_that_no_text_can_hold_survives_in_a_series_that_is_edited(database) {
        let store = database.open().await;
        let weird = "X-ODD;P=\"\u{7f}ü\":a\\;b\t\r\n  folded \u{1F984}\r\nx-lower:é";
        let series = event("series", "0103T00", "0303T10", "0303T11")
            .rule("FREQ=DAILY;COUNT=3")
            .line(weird);
        let room =
            Room::new(&store).await.with_event("old", "0101T00", "0303T10", "0303T11").await;
        let room = room.with(series).await;
        room.clear().await;
        let text = room.text("series").await;
        assert!(text.contains(&format!("{weird}\r\n")), "{text}");
        assert!(text.contains("EXDATE:20260303T100000Z"), "{text}");
    }

    async fn an_object_whose_only_occurrences_go_is_deleted(database) {
        let store = database.open().await;
        let room =
            Room::new(&store).await.with_event("old", "0101T00", "0303T09", "0304T20").await;
        let room =
            room.with(event("series", "0103T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=2"))
                .await;
        let report = room.clear().await;
        let lines = ["cancelled series 0303T10 by old", "cancelled series 0304T10 by old"];
        assert_eq!(told(&report), lines);
        assert_eq!(room.uids().await, "old");
        let lines = room.lines().await;
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].change_id, lines[1].change_id, "all of one object is one write");
    }

    async fn what_rule_7_names_is_left_alone_with_its_reason(database) {
        let store = database.open().await;
        let room = Room::new(&store).await.set(|it| it.tolerance_minutes = 10).await;
        let room = room
            // It began before now and is still on.
            .with_event("on", "0201T00", "0301T23", "0302T01")
            .await
            .with_event("before-on", "0101T00", "0302T00", "0302T02")
            .await
            .with_event("kept", "0202T00", "0303T10", "0303T11")
            .await
            .with_event("before-kept", "0101T00", "0303T10", "0303T11")
            .await
            .with_event("edge", "0202T00", "0304T1050", "0304T12")
            .await
            .with_event("before-edge", "0101T00", "0304T10", "0304T11")
            .await;
        let administrator = operations::command_line();
        room.service.protect(&administrator, Some("room"), "kept").await.unwrap();
        let texts = room.texts().await;
        assert_eq!(
            told(&room.clear().await),
            [
                "ignored on 0301T23 by before-on: started",
                "ignored kept 0303T10 by before-kept: protected",
                "ignored edge 0304T1050 by before-edge: tolerated",
            ]
        );
        assert_eq!(room.texts().await, texts);
        let strict = room.set(|it| it.tolerance_minutes = 9).await;
        assert!(told(&strict.clear().await).contains(&"deleted edge 0304T1050 by before-edge".to_owned()));
    }

    async fn lists_are_ordered_by_calendar_then_start_then_uid_by_bytes(database) {
        let store = database.open().await;
        let mut first = None;
        for slug in ["b-room", "a-room"] {
            let mut room = Room::named(&store, slug).await;
            room = room.with_event("zz", "0101T00", "0303T08", "0304T20").await;
            for (uid, start, end) in [
                ("b", "0304T10", "0304T11"),
                ("a", "0304T10", "0304T11"),
                ("B", "0304T10", "0304T11"),
                ("z", "0303T10", "0303T11"),
            ] {
                room = room.with_event(uid, "0201T00", start, end).await;
            }
            first = Some(room);
        }
        let service = first.unwrap().service;
        let report = service.clear_bookings(None, request(Scope::All, Mode::Real)).await.unwrap();
        let order: Vec<_> = report
            .deleted_overlapping_events
            .iter()
            .map(|it| format!("{} {}", it.calendar, it.event.uid))
            .collect();
        assert_eq!(
            order,
            ["a-room z", "a-room B", "a-room a", "a-room b", "b-room z", "b-room B", "b-room a", "b-room b"]
        );
    }

    async fn a_calendar_that_fails_stops_none_of_the_others(database) {
        let store = database.open().await;
        let mut ann = None;
        for slug in ["a", "b", "c"] {
            let room = Room::named(&store, slug).await;
            let room = room.with_event("old", "0101T00", "0303T10", "0303T11").await;
            let room = room.with_event("young", "0102T00", "0303T10", "0303T11").await;
            ann = Some((room.caller(&format!("ann-{slug}")).await, room));
        }
        let (mut ann, room) = ann.unwrap();
        ann.calendars = store::calendars::all(&store).await.unwrap().into();
        database.execute("UPDATE calendars SET horizon_days = -1 WHERE slug = 'b'").await;
        for mode in [Mode::Test, Mode::Real] {
            let report =
                room.service.clear_bookings(Some(&ann), request(Scope::All, mode)).await.unwrap();
            assert_eq!(
                told(&report),
                ["deleted young 0303T10 by old", "deleted young 0303T10 by old", "failed b"]
            );
            assert!(report.failed_calendars[0].error.to_string().contains("the log of the server says"));
        }
        assert_eq!(room.uids().await, "old");
        let left = database.column("SELECT CAST(COUNT(*) AS TEXT) FROM objects").await;
        assert_eq!(left, ["4"], "two of a and c, and both of b");
        let open = "SELECT CAST(id AS TEXT) FROM runs WHERE finished_at IS NULL";
        assert!(database.column(open).await.is_empty(), "the run has ended all the same");
    }

    async fn what_cannot_be_read_is_named_and_left_alone(database) {
        let store = database.open().await;
        let broken = event("broken", "0101T00", "0303T10", "0303T11").line("RRULE:FREQ=NEVER");
        let nameless = event("", "0101T00", "0303T10", "0303T11").line("RRULE:FREQ=NEVER");
        let room = Room::new(&store)
            .await
            .with_event("old", "0101T00", "0303T10", "0303T11")
            .await
            .with_event("young", "0102T00", "0303T10", "0303T11")
            .await
            .with_resource("broken.ics", "broken", &file(&[broken]))
            .await
            .with_resource("nameless.ics", "", &file(&[nameless]))
            .await
            .with_resource("garbage.ics", "", "no calendar at all")
            .await
            .with_resource("empty.ics", "", "")
            .await;
        let report = room.clear().await;
        assert_eq!(
            told(&report),
            [
                "deleted young 0303T10 by old",
                "unreadable broken",
                "unreadable empty.ics",
                "unreadable garbage.ics",
                "unreadable nameless.ics",
            ]
        );
        assert!(report.unreadable_objects.iter().all(|it| !it.error.to_string().is_empty()));
        let left = store::objects::count(&store, room.calendar.id).await.unwrap();
        assert_eq!(left, 5);
    }

    async fn two_events_in_one_resource_are_refused_and_the_others_go(database) {
        let store = database.open().await;
        let both = file(&[
            event("x", "0105T00", "0303T10", "0303T11"),
            event("y", "0101T00", "0401T10", "0401T11").line("STATUS:CANCELLED"),
        ]);
        let room = Room::new(&store)
            .await
            .with_event("old", "0101T00", "0303T10", "0303T11")
            .await
            .with_event("young", "0102T00", "0303T10", "0303T11")
            .await
            .with_resource("both.ics", "x", &both)
            .await;
        let report = room.clear().await;
        assert_eq!(
            told(&report),
            [
                "deleted young 0303T10 by old",
                "ignored x 0303T10 by old: refused",
                "ignored leftover y 0401T10: refused",
            ]
        );
        let detail = report.ignored_overlapping_events[0].detail.as_ref().unwrap().to_string();
        assert!(detail.contains("other events"), "{detail}");
        assert_eq!(room.text("x").await, both);
    }

    async fn a_run_leaves_a_row_that_begins_and_ends_also_where_nothing_is_to_do(database) {
        let store = database.open().await;
        let room = Room::new(&store).await;
        room.clear().await;
        room.test().await;
        room.run(Mode::Real, Limit::Lifted).await;
        let sql = "SELECT started_by || ' ' || started_at || ' ' || finished_at || ' ' || \
                   CASE WHEN is_confirmed THEN 'confirmed' ELSE '' END FROM runs ORDER BY id";
        let rows = database.column(sql).await;
        assert_eq!(rows, ["api 1772409600 1772409600 ", "api 1772409600 1772409600 confirmed"]);
    }

    async fn a_run_that_a_crash_cut_off_is_ended_as_lost_and_what_is_old_is_forgotten(database) {
        let store = database.open().await;
        let room = mixed(&store).await.with_mail().await;
        room.clear().await;
        let ends = "SELECT COALESCE(ended_as, 'open') || ' ' || COALESCE(finished_at, 0) FROM runs";
        assert_eq!(database.column(ends).await, ["done 1772409600"]);
        // As its process left it.
        let held = "UPDATE runs SET finished_at = NULL, ended_as = NULL, held_until = ";
        let now = store::clock::of_database(&store).await.unwrap();
        database.execute(&format!("{held}{}", now + 20)).await;
        room.at(seconds(60)).service.recover().await.unwrap();
        assert_eq!(database.column(ends).await, ["open 0"], "its process is at work");
        database.execute(&format!("{held}{now}")).await;
        room.at(seconds(60)).service.recover().await.unwrap();
        assert_eq!(database.column(ends).await, ["lost 1772409660"]);
        database.execute(&format!("{held}{}", now + 86_400)).await;
        room.at(seconds(60)).service.recover().await.unwrap();
        assert_eq!(database.column(ends).await, ["lost 1772409660"], "held by a clock that was ahead");
        room.at(days(180)).service.forget(180).await.unwrap();
        assert_eq!(room.lines().await.len(), 3);
        room.at(days(181)).service.forget(180).await.unwrap();
        assert!(room.lines().await.is_empty());
        assert_eq!(room.uids().await, "free old series", "only the history is forgotten");
    }

    async fn a_frozen_process_that_wakes_up_ends_its_run_itself(database) {
        let store = database.open().await;
        let room = mixed(&store).await;
        let (lease, asking) = waiting_clear(&database, &room).await;
        database.execute("UPDATE runs SET held_until = held_until - 31").await;
        room.service.recover().await.unwrap();
        let ends = "SELECT COALESCE(ended_as, 'open') FROM runs";
        assert_eq!(database.column(ends).await, ["lost"], "another process ends it");
        let transaction = store.begin().await.unwrap();
        leases::give_back(&transaction, &lease, "somebody").await.unwrap();
        transaction.commit().await.unwrap();
        asking.await.unwrap();
        assert_eq!(database.column(ends).await, ["done"]);
        assert_eq!(room.lines().await.len(), 3);
    }

    async fn a_run_goes_on_when_its_caller_goes_away(database) {
        let store = database.open().await;
        let room = mixed(&store).await;
        let (lease, asking) = waiting_clear(&database, &room).await;
        asking.abort();
        assert!(asking.await.unwrap_err().is_cancelled());
        assert!(room.lines().await.is_empty(), "it waits for the calendar");
        let transaction = store.begin().await.unwrap();
        leases::give_back(&transaction, &lease, "somebody").await.unwrap();
        transaction.commit().await.unwrap();
        room.service.finish_runs().await;
        assert_eq!(room.lines().await.len(), 3);
        let open = "SELECT CAST(id AS TEXT) FROM runs WHERE finished_at IS NULL";
        assert!(database.column(open).await.is_empty());
    }

    async fn changed_settings_count_from_the_next_run_on_whatever_the_caller_remembers(database) {
        let store = database.open().await;
        let room = mixed(&store).await;
        let ann = room.caller("ann").await;
        room.clone().set(|it| it.free_blocks = true).await;
        let scope = Scope::Named(vec!["room".to_owned()]);
        let report =
            room.service.clear_bookings(Some(&ann), request(scope, Mode::Test)).await.unwrap();
        assert!(told(&report).contains(&"deleted old 0303T10 by free".to_owned()), "{report:?}");
    }
}
