//! How the mirror follows the server, and what that costs.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Setup, days, event, told};
use operations::Sync;
use store::{mirror, objects, uid_metadata};
use testing::fake::{BadToken, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

fn booked(uid: &str, day: &str) -> harness::Event {
    event(uid, "0101T00", &format!("{day}T10"), &format!("{day}T11"))
}

on_both_databases! {
    async fn an_unchanged_calendar_costs_one_request(database) {
        let store = database.open().await;
        for (slug, quirks) in [("sync", Quirks::RFC), ("ctag", Quirks::CTAG_ONLY)] {
            let database = testing::Database::new(store.kind()).await;
            let room = ServerRoom::new(&database.open().await, quirks).await;
            let room = room.with(booked("a", "0303")).with(booked("b", "0304"));
            room.room.clear().await;
            room.methods();
            for _ in 0..3 {
                assert!(told(&room.room.clear().await).is_empty(), "{slug}");
                assert_eq!(room.methods(), ["PROPFIND"], "{slug}");
                room.room.test().await;
                assert_eq!(room.methods(), ["PROPFIND"], "{slug}");
            }
        }
    }

    async fn a_changed_calendar_costs_one_more_and_a_multiget_for_a_hundred_objects(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room.clear().await;
        for number in 0..250 {
            room = room.with(booked(&format!("a{number}"), "0303").line("TRANSP:TRANSPARENT"));
        }
        room.methods();
        room.room.clear().await;
        let methods = room.methods();
        assert_eq!(methods[..2], ["PROPFIND", "REPORT"], "two to learn of them");
        assert_eq!(methods[2..], ["REPORT"; 3], "three to fetch them");
        assert_eq!(objects::count(room.room.store(), room.room.calendar.id).await.unwrap(), 250);
        room.put(booked("a7", "0304"));
        room.server.remove("a8.ics");
        room.room.clear().await;
        let methods = room.methods();
        assert_eq!(methods[..2], ["PROPFIND", "REPORT"], "two to learn of them");
        assert_eq!(methods[2..], ["GET", "REPORT"], "one to confirm what is gone, one to fetch");
        assert_eq!(objects::count(room.room.store(), room.room.calendar.id).await.unwrap(), 249);
        assert!(room.room.text("a7").await.contains("20260304T10"));
    }

    async fn on_a_server_with_a_ctag_only_the_versions_are_listed_when_it_changes(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::CTAG_ONLY).await;
        let room = room.with(booked("a", "0303")).with(booked("b", "0304"));
        room.room.clear().await;
        room.put(booked("b", "0305"));
        room.server.remove("a.ics");
        room.put(booked("c", "0306"));
        room.methods();
        room.room.clear().await;
        // Missing objects are requested, and changed ones fetched.
        assert_eq!(room.methods(), ["PROPFIND", "PROPFIND", "GET", "REPORT"]);
        assert_eq!(room.room.uids().await, "b c");
        assert!(room.room.text("b").await.contains("20260305T10"));
    }

    async fn a_token_that_the_server_has_forgotten_loses_nothing_in_whatever_form_it_says_so(database) {
        let kind = database.open().await.kind();
        for (bad_token, look) in [
            (BadToken::Forbidden, Quirks::RFC),
            (BadToken::PreconditionFailed, Quirks::XANDIKOS),
            (BadToken::Everything, Quirks::DAVICAL),
            (BadToken::Everything, Quirks::SOGO),
        ] {
            let database = testing::Database::new(kind).await;
            let quirks = Quirks { bad_token, ..look };
            let room = ServerRoom::new(&database.open().await, quirks).await;
            let room = room.with(booked("a", "0303")).with(booked("b", "0304")).with(booked("c", "0305"));
            room.room.clear().await;
            // The server of the answer with everything is known by its kind only.
            let kind = match bad_token {
                BadToken::Everything => "davical",
                _ => "other",
            };
            database.execute(&format!("UPDATE accounts SET server_kind = '{kind}'")).await;
            room.server.remove("a.ics");
            room.put(booked("b", "0306"));
            room.server.forget_tokens();
            room.room.clear().await;
            assert_eq!(room.room.uids().await, "b c", "{bad_token:?}");
            assert!(room.room.text("b").await.contains("20260306T10"), "{bad_token:?}");
        }
    }

    async fn where_tokens_are_times_what_is_listed_again_and_again_costs_one_request(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::SOGO).await;
        room = room.with(booked("a", "0303"));
        database.execute("UPDATE accounts SET server_kind = 'sogo'").await;
        room.room.clear().await;
        let known = objects::versions(room.room.store(), room.room.calendar.id).await.unwrap();
        let (href, etag) = (known[0].href.clone(), known[0].etag.replace('"', "&quot;"));
        room.server.before(move |request, _| {
            let listed = format!(
                "<multistatus xmlns=\"DAV:\"><response><href>{href}</href><propstat><prop>\
                    <getetag>{etag}</getetag></prop><status>HTTP/1.1 200 OK</status></propstat>\
                    </response><sync-token>1772409600</sync-token></multistatus>"
            );
            request.text().contains("sync-collection").then(|| Answer::xml(207, listed))
        });
        room.methods();
        // It may have been made anew within the second of the token, with the ETag that it had.
        for _ in 0..3 {
            room.room.clear().await;
            assert_eq!(room.methods(), ["REPORT", "REPORT"]);
        }
        room.advance(Duration::from_secs(3));
        room.room.clear().await;
        assert_eq!(room.methods(), ["REPORT", "REPORT"]);
        for _ in 0..3 {
            room.room.clear().await;
            assert_eq!(room.methods(), ["REPORT"]);
        }
        // A new process finds what was removed or restored on the server all the same.
        room.server.remove("a.ics");
        room.room.service.servers = Setup::new(room.room.store()).service.servers;
        room.room.clear().await;
        assert_eq!(room.methods(), ["REPORT", "PROPFIND", "GET"]);
        assert_eq!(room.room.uids().await, "");
    }

    async fn what_the_server_lists_and_no_longer_has_is_passed_over(database) {
        let kind = database.open().await.kind();
        for leaves_missing_out in [true, false] {
            let database = testing::Database::new(kind).await;
            let quirks = Quirks { leaves_missing_out, ..Quirks::RFC };
            let room = ServerRoom::new(&database.open().await, quirks).await;
            let room = room.with(booked("a", "0303")).with(booked("b", "0304"));
            room.server.before(|request, state| {
                // It is deleted between the list and the fetch.
                if request.text().contains("calendar-multiget") {
                    state.remove("a.ics");
                }
                None
            });
            room.room.clear().await;
            assert_eq!(room.room.uids().await, "b");
        }
    }

    async fn hrefs_are_the_servers_own_and_odd_ones_work(database) {
        let kind = database.open().await.kind();
        for quirks in [Quirks::NEXTCLOUD, Quirks::RADICALE, Quirks::SOGO] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, quirks).await;
            let names = ["sx two.ics", "a%b.ics", "c+d@e.ics", "ü~.ics", "x#y?.ics", "p&q.ics"];
            for (number, name) in names.iter().enumerate() {
                let uid = format!("u{number}");
                let event = event(&uid, &format!("010{}T00", number + 1), "0303T10", "0303T11");
                room.server.put(name, &harness::file(&[event]));
            }
            let cleared = told(&room.room.clear().await);
            assert_eq!(cleared.len(), names.len() - 1, "{cleared:?}");
            assert_eq!(room.server.objects().len(), 1);
            assert!(room.server.objects().contains_key("sx two.ics"));
            assert_eq!(room.room.uids().await, "u0");
        }
    }

    async fn an_address_that_is_spelled_in_another_way_is_the_same_object(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RADICALE).await;
        room.server.put("c@d.ics", &harness::file(&[booked("a", "0303")]));
        room.room.clear().await;
        room.server.with(|state| state.quirks.escapes = testing::fake::Escapes::Lower);
        room.server.put("c@d.ics", &harness::file(&[booked("a", "0304")]));
        room.room.clear().await;
        let id = room.room.calendar.id;
        assert_eq!(objects::count(room.room.store(), id).await.unwrap(), 1);
        assert!(room.room.text("a").await.contains("20260304T10"));
    }

    async fn a_first_fetch_that_breaks_off_is_gone_on_with(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        for number in 0..450 {
            room = room.with(booked(&format!("a{number}"), "0303").line("TRANSP:TRANSPARENT"));
        }
        let mut multigets = 0;
        room.server.before(move |request, _| {
            multigets += usize::from(request.text().contains("calendar-multiget"));
            (multigets > 3).then(|| Answer::status(500))
        });
        let broken = told(&room.room.clear().await);
        assert_eq!(broken, ["failed room"]);
        let id = room.room.calendar.id;
        let there = objects::count(room.room.store(), id).await.unwrap();
        assert!((200..450).contains(&there), "{there}");
        let state = mirror::state(room.room.store(), id).await.unwrap().unwrap();
        assert_eq!((state.fetched, state.to_fetch, state.synced_at), (Some(there), Some(450), None));
        room.server.behave();
        room.methods();
        assert!(told(&room.room.clear().await).is_empty());
        let rest = (450 - usize::try_from(there).unwrap()).div_ceil(100);
        assert_eq!(room.methods().len(), 2 + rest, "what is here is not fetched again");
        let state = mirror::state(room.room.store(), id).await.unwrap().unwrap();
        assert_eq!((state.fetched, state.mirrored), (None, 450));
    }

    async fn lost_rows_of_the_mirror_are_fetched_again_and_claims_survive_that(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(booked("old", "0303")).with(event("moved", "0101T00", "0304T10", "0304T11"));
        room.room.clear().await;
        // It moves onto the other's hour a day later, and so does not win it by its UID.
        room.at(days(1));
        room.put(event("moved", "0101T00", "0303T10", "0303T11"));
        room.room.test().await;
        let id = room.room.calendar.id;
        let claims = async || {
            let known = uid_metadata::of_uid(room.room.store(), id, "moved").await.unwrap();
            known.memory.claims["moved"].clone()
        };
        let before = claims().await;
        assert!(before.base.unseen_look > 0, "it holds its hour anew: {before:?}");
        database.execute("DELETE FROM objects").await;
        assert_eq!(told(&room.room.test().await), ["deleted moved 0303T10 by old"]);
        assert_eq!(room.room.uids().await, "moved old");
        database.execute("UPDATE objects SET text = text || text").await;
        room.room.service.sync(&room.room.calendar, Sync::Rebuild, &|_, _| {}).await.unwrap();
        assert_eq!(claims().await, before);
        database.execute("UPDATE objects SET etag = 'damaged'").await;
        room.room.service.sync(&room.room.calendar, Sync::Rebuild, &|_, _| {}).await.unwrap();
        assert_eq!(claims().await, before);
        assert_eq!(told(&room.room.clear().await), ["deleted moved 0303T10 by old"]);
    }

    async fn a_rebuild_from_a_server_that_does_not_answer_leaves_what_is_known(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await.with(booked("a", "0303"));
        room.room.test().await;
        room.server.before(|_, _| Some(Answer::status(404)));
        let calendar = &room.room.calendar;
        let synced = room.room.service.sync(calendar, Sync::Rebuild, &|_, _| {}).await;
        assert!(matches!(synced, Err(operations::Error::Server { .. })), "{synced:?}");
        let state = mirror::state(room.room.store(), calendar.id).await.unwrap().unwrap();
        assert!(state.synced_at.is_some());
        assert_eq!(room.room.uids().await, "a");
    }

    async fn whoever_moves_onto_an_hour_does_not_win_it_by_age(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(event("young", "0201T00", "0303T10", "0303T11"));
        room = room.with(event("aged", "0101T00", "0304T10", "0304T11"));
        assert!(told(&room.room.clear().await).is_empty());
        room.at(days(1));
        room.put(event("aged", "0101T00", "0303T10", "0303T11"));
        assert_eq!(told(&room.room.clear().await), ["deleted aged 0303T10 by young"]);
    }

    async fn an_object_that_the_server_does_not_give_away_is_reported_and_left_alone(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(booked("a", "0303")).with(booked("secret", "0303"));
        room.server.refuse("secret.ics", "GET", Tries::Always, Answer::status(403));
        room.server.before(|request, _| {
            let is_asked = request.text().contains("calendar-multiget")
                && request.text().contains("secret.ics");
            is_asked.then(|| Answer::status(500))
        });
        let cleared = told(&room.room.clear().await);
        assert_eq!(cleared, [format!("unreadable {}secret.ics", room.server.path("meeting-room-1"))]);
        // Once the server gives it away, it is there, although it has not changed.
        room.server.behave();
        assert_eq!(told(&room.room.test().await), ["deleted secret 0303T10 by a"]);
        room.methods();
        room.room.test().await;
        assert_eq!(room.methods(), ["PROPFIND"]);
    }
}
