//! What a reader of the code thought could go wrong, and does not.

use harness::on_server::ServerRoom;
use harness::{Setup, days, event, file, seconds, told};
use store::{leases, mirror, objects};
use testing::fake::{BadToken, EtagAfterPut, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

fn old() -> harness::Event {
    event("old", "0101T00", "0303T10", "0303T11").by("eve@example.org")
}

fn young(uid: &str) -> harness::Event {
    event(uid, "0201T00", "0303T10", "0303T11").by("ann@example.org")
}

fn series() -> harness::Event {
    event("series", "0202T00", "0302T10", "0302T11")
        .rule("FREQ=DAILY;COUNT=4")
        .by("ann@example.org")
}

/// The states of all changes, oldest first.
async fn states(database: &testing::Database) -> Vec<String> {
    database.column("SELECT state FROM changes ORDER BY id").await
}

on_both_databases! {
    async fn what_somebody_writes_before_it_is_read_back_is_not_restored_over(database) {
        let quirks = Quirks { etag_after_put: EtagAfterPut::Never, ..Quirks::RFC };
        let room = ServerRoom::new(&database.open().await, quirks).await;
        let room = room.with(old()).with(series());
        room.room.test().await;
        let mut is_put = false;
        room.server.before(move |request, state| {
            is_put |= request.method == "PUT";
            if is_put && request.text().contains("calendar-multiget") {
                is_put = false;
                state.put("series.ics", &file(&[series().line("SUMMARY:Hers")]));
            }
            None
        });
        room.room.clear().await;
        assert!(room.text("series").contains("SUMMARY:Hers"));
        let line = room.room.lines().await[0].id;
        let error = room.room.restore(line).await;
        assert!(matches!(error, Err(operations::Error::Conflict(_))), "{error:?}");
        assert!(room.text("series").contains("SUMMARY:Hers"));
    }

    async fn objects_that_the_server_never_gives_away_stop_no_others(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(old()).with(young("young"));
        for number in 0..3 {
            room = room.with(event(&format!("secret{number}"), "0101T00", "0305T10", "0305T11"));
        }
        room.server.before(|request, _| {
            let is_asked = request.text().contains("calendar-multiget")
                && request.text().contains("secret");
            is_asked.then(|| Answer::status(500))
        });
        room.server.refuse("", "GET", Tries::Always, Answer::status(403));
        let first = told(&room.room.clear().await);
        assert_eq!(first.len(), 4, "{first:?}");
        for _ in 0..2 {
            let again = told(&room.room.clear().await);
            assert_eq!(again.len(), 3, "{again:?}");
            assert!(again.iter().all(|it| it.starts_with("unreadable ")), "{again:?}");
        }
    }

    async fn a_server_that_cannot_write_one_object_has_the_others_cleared(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(series()).with(young("young"));
        let broken = Answer::text(500, "cannot parse the recurrence rule");
        room.server.refuse("series.ics", "PUT", Tries::Always, broken);
        let report = room.room.clear().await;
        assert_eq!(
            told(&report),
            ["deleted young 0303T10 by old", "ignored series 0303T10 by old: refused"]
        );
        let detail = report.ignored_overlapping_events[0].detail.as_ref().unwrap().to_string();
        assert!(detail.contains("cannot parse the recurrence rule"), "{detail}");
    }

    async fn a_change_that_stays_open_holds_up_no_other_object(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("stuck"));
        room.server.refuse("stuck.ics", "DELETE", Tries::Always, Answer::status(502));
        room.server.refuse("stuck.ics", "GET", Tries::Always, Answer::status(403));
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        assert_eq!(states(&database).await, ["prepared"]);
        let room = room.with(young("young"));
        assert_eq!(
            told(&room.room.clear().await),
            ["deleted young 0303T10 by old", "ignored stuck 0303T10 by old: changed"]
        );
        assert_eq!(states(&database).await, ["prepared", "done"]);
        room.server.behave();
        let mut room = room;
        room.at(seconds(1_000));
        room.room.clear().await;
        assert_eq!(states(&database).await, ["abandoned", "done", "done"]);
        assert_eq!(room.uids(), "old");
    }

    async fn a_series_that_somebody_moves_was_not_cancelled_by_us(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RADICALE).await;
        room = room.with(old()).with(series());
        room.room = room.room.with_mail().await;
        database.execute("UPDATE accounts SET server_kind = 'radicale'").await;
        let mut is_first = true;
        room.server.before(move |request, state| {
            if request.method == "PUT" && std::mem::take(&mut is_first) {
                let moved = event("series", "0202T00", "0302T14", "0302T15")
                    .rule("FREQ=DAILY;COUNT=4")
                    .by("ann@example.org");
                state.put("series.ics", &file(&[moved]));
            }
            None
        });
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(states(&database).await, ["changed"]);
        assert!(room.room.mails().await.is_empty());
    }

    async fn nothing_goes_because_of_an_event_that_is_shown_in_part_only(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(old().line("CLASS:CONFIDENTIAL")).with(young("young")).with(series());
        let shared = room
            .set(|calendar| match &mut calendar.backend {
                store::calendars::Backend::CalDav(collection) => collection.is_shared_in = true,
                store::calendars::Backend::BuiltIn => panic!("it is on a server"),
            })
            .await;
        assert_eq!(
            told(&shared.room.clear().await),
            ["ignored series 0303T10 by old: refused", "ignored young 0303T10 by old: refused"]
        );
        let ann = shared.room.caller("ann").await;
        let deleted =
            shared.room.service.delete_event(&ann, &shared.room.calendar, "old").await;
        assert!(matches!(deleted, Err(operations::Error::Server { .. })), "{deleted:?}");
        assert_eq!(shared.uids(), "old series young");
    }

    async fn who_comes_late_writes_nothing_into_the_mirror(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room.clear().await;
        for number in 0..150 {
            room = room.with(event(&format!("a{number}"), "0101T00", "0303T10", "0303T11"));
        }
        let id = room.room.calendar.id;
        let other = Setup::new(room.room.store()).service;
        let calendar = room.room.calendar.clone();
        // Another process is quicker, in the middle of the fetch of this one.
        let (sent, mut asked) = tokio::sync::mpsc::unbounded_channel();
        let mut is_first = true;
        room.server.before(move |request, _| {
            if request.text().contains("calendar-multiget") && std::mem::take(&mut is_first) {
                let _ = sent.send(());
            }
            None
        });
        room.server.slow(std::time::Duration::from_millis(20));
        let first = room.room.service.clone();
        let of_first = calendar.clone();
        let looking = tokio::spawn(async move {
            first.sync(&of_first, operations::Sync::Update, &|_, _| {}).await
        });
        asked.recv().await.unwrap();
        room.server.put("a0.ics", &file(&[event("a0", "0101T00", "0309T10", "0309T11")]));
        // It does not wait for the lease: a list only looks.
        let window = harness::window("0301T00", "0320T00");
        let list = operations::ListRequest { window, uid: None, after: None, limit: 1_000 };
        other.list_events(&calendar, list, &operations::Reader::administrator()).await.unwrap();
        looking.await.unwrap().unwrap();
        assert!(room.room.text("a0").await.contains("20260309T10"));
        let state = mirror::state(room.room.store(), id).await.unwrap().unwrap();
        assert_eq!((state.mirrored, objects::count(room.room.store(), id).await.unwrap()), (150, 150));
    }

    async fn a_mirror_that_was_written_meanwhile_takes_nothing_older(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await.with(old());
        room.room.clear().await;
        let store = room.room.store();
        let id = room.room.calendar.id;
        let from = mirror::state(store, id).await.unwrap().unwrap();
        let mark = mirror::Mark { sync_token: from.sync_token.clone(), ctag: None };
        let transaction = store.begin().await.unwrap();
        assert!(mirror::is_current(&transaction, id, &from).await.unwrap());
        assert!(mirror::advance(&transaction, id, &from, &mark, (1, 1)).await.unwrap());
        // The same tokens, and yet it is not the same any more.
        assert!(!mirror::is_current(&transaction, id, &from).await.unwrap());
        assert!(!mirror::advance(&transaction, id, &from, &mark, (1, 1)).await.unwrap());
        transaction.commit().await.unwrap();
    }

    async fn ghosts_are_found_though_every_other_event_has_changed(database) {
        let quirks = Quirks { bad_token: BadToken::Everything, ..Quirks::DAVICAL };
        let room = ServerRoom::new(&database.open().await, quirks).await;
        let room = room.with(old()).with(event("b", "0201T00", "0304T10", "0304T11"));
        database.execute("UPDATE accounts SET server_kind = 'davical'").await;
        room.room.clear().await;
        room.server.remove("old.ics");
        room.put(event("b", "0201T00", "0303T10", "0303T11"));
        room.server.forget_tokens();
        // Another process, or the same an hour later.
        let fresh = Setup::new(room.room.store()).service;
        let fresh = harness::Room { service: fresh, ..room.room.clone() };
        assert!(told(&fresh.clear().await).is_empty());
        assert_eq!(fresh.uids().await, "b");
    }

    async fn a_refusal_of_an_older_password_is_none_of_the_latest(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let store = room.room.store();
        let before = store::accounts::all(store).await.unwrap().remove(0);
        room.set_password(testing::fake::PASSWORD).await;
        let transaction = store.begin().await.unwrap();
        store::accounts::set_refused(&transaction, &before, 1).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(told(&room.room.clear().await).is_empty());
    }

    async fn a_lease_that_has_ended_is_not_renewed_though_nobody_took_it(database) {
        let store = database.open().await;
        let transaction = store.begin().await.unwrap();
        assert!(leases::take(&transaction, "calendar 1", "me", -1).await.unwrap());
        assert!(!leases::renew(&transaction, "calendar 1", "me", 15).await.unwrap());
        assert!(leases::take(&transaction, "calendar 1", "me", 15).await.unwrap());
        assert!(leases::renew(&transaction, "calendar 1", "me", 15).await.unwrap());
    }

    async fn booking_in_a_calendar_that_is_gone_says_that_it_is(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        room.server.refuse("", "", Tries::Always, Answer::status(404));
        let new = crate::create::requested("2026-03-03T10:00", "2026-03-03T11:00");
        let booked = room.room.book(&ann, &new, operations::WhenTaken::Book, None).await;
        let Err(operations::Error::Server { detail, .. }) = booked else { panic!("{booked:?}") };
        let detail = detail.to_string();
        assert!(detail.contains("there is no calendar at"), "{detail}");
    }

    async fn claims_of_what_changed_while_the_mirror_was_rebuilt_are_those_of_a_change(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(event("young", "0201T00", "0303T10", "0303T11"));
        room = room.with(event("aged", "0101T00", "0304T10", "0304T11"));
        room.room.clear().await;
        room.at(days(1));
        room.put(event("aged", "0101T00", "0303T10", "0303T11"));
        let sync = operations::Sync::Rebuild;
        room.room.service.sync(&room.room.calendar, sync, &|_, _| {}).await.unwrap();
        assert_eq!(told(&room.room.clear().await), ["deleted aged 0303T10 by young"]);
    }

    async fn the_safety_limit_counts_what_earlier_plans_of_a_run_removed(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.set(|calendar| calendar.safety_limit = 2).await;
        room = room.with(old()).with(young("a")).with(young("b"));
        let mut is_first = true;
        room.server.before(move |request, state| {
            if request.method == "DELETE" && request.path.contains("b.ics") && std::mem::take(&mut is_first) {
                // It changes, and two more come to the same hour.
                state.put("b.ics", &file(&[young("b").line("SUMMARY:Changed")]));
                state.put("c.ics", &file(&[young("c")]));
            }
            None
        });
        let cleared = told(&room.room.clear().await);
        assert_eq!(
            cleared,
            [
                "deleted a 0303T10 by old",
                "deleted b 0303T10 by old",
                "ignored c 0303T10 by old: limit"
            ]
        );
    }

    async fn a_run_ends_however_many_objects_do_not_hold_still(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await.with(old());
        for number in 0..8 {
            room = room.with(young(&format!("restless{number}")));
        }
        room.server.refuse("", "DELETE", Tries::Always, Answer::status(412));
        let cleared = told(&room.room.clear().await);
        assert_eq!(cleared.len(), 8);
        assert!(cleared.iter().all(|it| it.ends_with(": changed")), "{cleared:?}");
        assert_eq!(room.server.count("DELETE"), 12, "it is planned again twelve times at most");
    }
}
