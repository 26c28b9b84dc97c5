//! Changing objects on a server: under a version, with the record before and the mail after.

use harness::on_server::ServerRoom;
use harness::{event, seconds, told};
use operations::Limit;
use store::calendars::PriorityKind;
use store::history;
use testing::fake::{EtagAfterPut, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::{Answer, Way};

pub fn old() -> harness::Event {
    event("old", "0101T00", "0303T10", "0303T11").by("eve@example.org")
}

pub fn young(uid: &str) -> harness::Event {
    event(uid, "0201T00", "0303T10", "0303T11").by("ann@example.org")
}

pub fn series() -> harness::Event {
    event("series", "0202T00", "0302T10", "0302T11")
        .rule("FREQ=DAILY;COUNT=4")
        .by("ann@example.org")
}

/// The states of all changes, oldest first.
pub async fn states(database: &testing::Database) -> Vec<String> {
    database.column("SELECT state FROM changes ORDER BY id").await
}

on_both_databases! {
    async fn a_single_loser_is_deleted_and_one_occurrence_of_a_series_cancelled(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = room.with(old()).with(young("young")).with(series());
        room.room = room.room.with_mail().await;
        room.room.test().await;
        room.methods();
        assert_eq!(
            told(&room.room.clear().await),
            ["deleted young 0303T10 by old", "cancelled series 0303T10 by old"]
        );
        let mut methods = room.methods();
        methods.sort();
        assert_eq!(methods, ["DELETE", "PROPFIND", "PUT"], "1 + k requests");
        assert_eq!(room.uids(), "old series");
        assert!(room.text("series").contains("EXDATE:20260303T100000Z"), "{}", room.text("series"));
        assert_eq!(
            room.room.mails().await,
            ["removed series ann@example.org waiting", "removed young ann@example.org waiting"]
        );
        assert_eq!(states(&database).await, ["done", "done"]);
        room.methods();
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(room.methods(), ["PROPFIND", "REPORT"], "what we wrote ourselves is not fetched again");
    }

    async fn test_mode_changes_nothing_on_the_server(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young")).with(series());
        let before = room.server.objects();
        room.room.test().await;
        assert_eq!(room.server.objects(), before);
        let methods = room.methods();
        assert!(methods.iter().all(|it| it == "REPORT" || it == "PROPFIND"), "{methods:?}");
        assert!(states(&database).await.is_empty());
    }

    async fn what_others_change_in_the_middle_is_read_and_planned_again(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        let mut is_first = true;
        room.server.before(move |request, state| {
            if request.method == "DELETE" && std::mem::take(&mut is_first) {
                // It moves out of the way.
                let moved = event("young", "0201T00", "0305T10", "0305T11");
                state.put("young.ics", &harness::file(&[moved]));
            }
            None
        });
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(room.uids(), "old young");
        assert_eq!(states(&database).await, ["changed"]);
    }

    async fn what_does_not_hold_still_is_left_alone_after_three_tries_and_the_rest_is_done(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("restless")).with(young("young"));
        let mut number = 0;
        room.server.before(move |request, state| {
            if request.method == "DELETE" && request.path.contains("restless") {
                number += 1;
                let again = young("restless").line(format!("X-NUMBER:{number}"));
                state.put("restless.ics", &harness::file(&[again]));
            }
            None
        });
        let cleared = told(&room.room.clear().await);
        assert_eq!(
            cleared,
            ["deleted young 0303T10 by old", "ignored restless 0303T10 by old: changed"]
        );
        assert_eq!(room.server.count("DELETE"), 4);
        assert_eq!(room.uids(), "old restless");
        assert!(room.text("restless").contains("X-NUMBER:3"), "nothing is written over");
    }

    async fn a_cancelled_leftover_that_does_not_hold_still_stands_in_its_own_list(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(young("gone").line("STATUS:CANCELLED"));
        room.server.refuse("gone.ics", "DELETE", Tries::Always, Answer::status(412));
        assert_eq!(told(&room.room.clear().await), ["ignored leftover gone 0303T10: changed"]);
    }

    async fn what_the_server_refuses_is_left_alone_with_its_words(database) {
        let kind = database.open().await.kind();
        for status in [403, 405, 413, 507] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            let room = room.with(old()).with(young("stuck")).with(young("young"));
            let words = Answer::text(status, "the quota of the room is used up");
            room.server.refuse("stuck.ics", "DELETE", Tries::Always, words);
            let report = room.room.clear().await;
            assert_eq!(
                told(&report),
                ["deleted young 0303T10 by old", "ignored stuck 0303T10 by old: refused"]
            );
            let detail = report.ignored_overlapping_events[0].detail.as_ref().unwrap().to_string();
            assert!(detail.contains("the quota of the room"), "{status}: {detail}");
            let states = states(&database).await;
            assert_eq!(states, ["refused", "done"], "{status}");
        }
    }

    async fn servers_that_ignore_versions_lose_no_update_all_the_same(database) {
        let kind = database.open().await.kind();
        for (quirks, kind_name) in [(Quirks::SOGO, "sogo"), (Quirks::RUSTICAL, "rustical")] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, quirks).await;
            let room = room.with(old()).with(young("young")).with(series());
            database.execute(&format!("UPDATE accounts SET server_kind = '{kind_name}'"),
            )
            .await;
            room.room.test().await;
            let moved = event("young", "0201T00", "0306T10", "0306T11").line("SUMMARY:Moved");
            let renamed = series().line("SUMMARY:Renamed");
            let mut is_first = true;
            room.server.before(move |request, state| {
                let is_look = request.method == "GET" || request.method == "PROPFIND";
                if is_look && std::mem::take(&mut is_first) {
                    state.put("young.ics", &harness::file(std::slice::from_ref(&moved)));
                    state.put("series.ics", &harness::file(std::slice::from_ref(&renamed)));
                }
                None
            });
            assert_eq!(told(&room.room.clear().await), ["cancelled series 0303T10 by old"]);
            assert!(room.text("young").contains("SUMMARY:Moved"), "{kind_name}");
            assert!(room.text("series").contains("SUMMARY:Renamed"), "{kind_name}");
            assert!(room.text("series").contains("EXDATE:20260303T100000Z"), "{kind_name}");
        }
    }

    async fn a_version_that_the_server_does_not_tell_is_read_back(database) {
        let quirks = Quirks { etag_after_put: EtagAfterPut::Never, ..Quirks::RFC };
        let room = ServerRoom::new(&database.open().await, quirks).await;
        let room = room.with(old()).with(series());
        room.room.test().await;
        room.methods();
        assert_eq!(told(&room.room.clear().await), ["cancelled series 0303T10 by old"]);
        assert_eq!(room.methods(), ["PROPFIND", "PUT", "REPORT"], "one request to read it back");
        room.room.clear().await;
        assert_eq!(room.methods(), ["PROPFIND", "REPORT"]);
        let line = room.room.lines().await[0].id;
        room.room.restore(line).await.unwrap();
        assert!(!room.text("series").contains("EXDATE"));
    }

    async fn what_a_server_rewrites_is_ours_all_the_same(database) {
        fn rewritten(text: &str) -> String {
            let mut lines: Vec<_> = text.lines().collect();
            let end = lines.iter().position(|it| *it == "END:VEVENT").unwrap();
            let start = lines.iter().position(|it| *it == "BEGIN:VEVENT").unwrap();
            lines[start + 1..end].sort_unstable();
            lines.join("\n").replace("-//Test//EN", "-//Server//EN") + "\n"
        }
        let quirks = Quirks { rewrites: Some(rewritten), ..Quirks::RADICALE };
        let room = ServerRoom::new(&database.open().await, quirks).await;
        let room = room.with(old()).with(series());
        database.execute("UPDATE accounts SET server_kind = 'radicale'").await;
        assert_eq!(told(&room.room.clear().await), ["cancelled series 0303T10 by old"]);
        assert!(told(&room.room.clear().await).is_empty());
        let line = room.room.lines().await[0].id;
        room.room.restore(line).await.unwrap();
        assert!(!room.text("series").contains("EXDATE"));
        assert_eq!(told(&room.room.clear().await), ["cancelled series 0303T10 by old"]);
    }

    async fn a_write_whose_answer_was_lost_is_looked_for_and_recorded_once(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(old()).with(young("young")).with(series());
        room.room = room.room.with_mail().await;
        let mut lost = 0;
        room.server.before(move |request, state| {
            if request.method == "DELETE" && lost < 1 {
                lost += 1;
                state.remove("young.ics");
                return Some(Answer::status(204).on(Way::Lost));
            }
            None
        });
        assert_eq!(
            told(&room.room.clear().await),
            ["deleted young 0303T10 by old", "cancelled series 0303T10 by old"]
        );
        assert_eq!(states(&database).await, ["done", "done"]);
        assert_eq!(room.room.mails().await.len(), 2);
    }

    async fn a_write_that_was_lost_on_its_way_is_sent_again(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(old()).with(young("young"));
        room.room = room.room.with_mail().await;
        room.server.refuse("young.ics", "DELETE", Tries::First(2), Answer::status(502));
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        assert_eq!(room.server.count("DELETE"), 3);
        assert_eq!(room.room.mails().await.len(), 1);
    }

    async fn a_change_whose_end_nobody_saw_is_settled_by_the_next_run(database) {
        let kind = database.open().await.kind();
        // Whether it was made, and what the history says then.
        for (is_made, state, mails) in [(true, "done", 1), (false, "abandoned", 0)] {
            let database = testing::Database::new(kind).await;
            let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            room = room.with(old()).with(young("young"));
            room.room = room.room.with_mail().await;
            let mut is_dead = false;
            room.server.before(move |request, server| {
                if request.method == "DELETE" {
                    is_dead = true;
                    if is_made {
                        server.remove("young.ics");
                    }
                }
                is_dead.then(|| Answer::status(502))
            });
            assert_eq!(told(&room.room.clear().await), ["failed room"]);
            assert_eq!(states(&database).await, ["prepared"]);
            assert!(room.room.mails().await.is_empty());
            room.server.behave();
            // The winner is gone, so that the rules would not remove it now.
            room.server.remove("old.ics");
            room.at(seconds(1_000));
            room.room.service.recover_changes().await.unwrap();
            assert_eq!(states(&database).await, [state]);
            assert_eq!(room.room.mails().await.len(), mails);
            assert_eq!(room.room.lines().await.len(), mails);
            assert!(told(&room.room.clear().await).is_empty());
            assert_eq!(states(&database).await, [state], "once");
        }
    }

    async fn a_cancelled_occurrence_is_found_to_be_out_though_somebody_wrote_the_series_after(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(old()).with(series());
        room.room = room.room.with_mail().await;
        let mut is_dead = false;
        room.server.before(move |request, server| {
            if request.method == "PUT" {
                is_dead = true;
                let renamed = request.text().replace("SUMMARY", "X-NOTHING").replace(
                    "END:VEVENT",
                    "SUMMARY:Renamed after\r\nEND:VEVENT",
                );
                server.put("series.ics", &renamed);
            }
            is_dead.then(|| Answer::status(502))
        });
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        room.server.behave();
        room.room.clear().await;
        assert_eq!(states(&database).await, ["done"]);
        assert!(room.text("series").contains("Renamed after"));
        assert_eq!(room.room.mails().await, ["removed series ann@example.org waiting"]);
    }

    async fn what_was_deleted_is_restored_as_it_was_and_the_organizer_told(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        room = room.with(old()).with(young("young"));
        room.room = room.room.with_mail().await;
        let before = room.text("young");
        room.room.clear().await;
        assert_eq!(room.uids(), "old");
        database.execute("UPDATE outbox SET state = 'sent'").await;
        let line = room.room.lines().await[0].id;
        room.room.restore(line).await.unwrap();
        assert_eq!(room.text("young"), before);
        let again = room.room.restore(line).await;
        assert!(matches!(again, Err(operations::Error::Conflict(_))), "{again:?}");
        let mails = room.room.mails().await;
        assert_eq!(mails[1], "restored young ann@example.org waiting");
        assert_eq!(states(&database).await, ["done", "done"]);
    }

    async fn what_somebody_else_changed_since_is_not_restored_over(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        room.room.clear().await;
        room.put(event("young", "0201T00", "0309T10", "0309T11"));
        let text = room.text("young");
        let line = room.room.lines().await[0].id;
        let error = room.room.restore(line).await;
        assert!(matches!(error, Err(operations::Error::Conflict(_))), "{error:?}");
        assert_eq!(room.text("young"), text);
    }

    async fn deletes_can_be_silent(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        let replies = |room: &ServerRoom| {
            let requests = room.server.requests();
            let deletes = requests.iter().filter(|it| it.method == "DELETE");
            deletes.map(|it| it.header("Schedule-Reply").map(str::to_owned)).collect::<Vec<_>>()
        };
        room.room.clear().await;
        assert_eq!(replies(&room), [None]);
        let room = room
            .with(young("young"))
            .set(|calendar| match &mut calendar.backend {
                store::calendars::Backend::CalDav(collection) => collection.sends_replies = false,
                store::calendars::Backend::BuiltIn => panic!("it is on a server"),
            })
            .await;
        room.room.clear().await;
        assert_eq!(replies(&room), [None, Some("F".to_owned())]);
    }

    async fn confidential_events_of_a_shared_calendar_are_left_alone(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(old()).with(young("young").line("CLASS:CONFIDENTIAL"));
        database.execute("UPDATE accounts SET server_kind = 'nextcloud'").await;
        let shared = room
            .set(|calendar| match &mut calendar.backend {
                store::calendars::Backend::CalDav(collection) => collection.is_shared_in = true,
                store::calendars::Backend::BuiltIn => panic!("it is on a server"),
            })
            .await;
        let report = shared.room.clear().await;
        assert_eq!(told(&report), ["ignored young 0303T10 by old: refused"]);
        assert_eq!(shared.uids(), "old young");
    }

    async fn the_safety_limit_holds_over_all_plans_of_a_run(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.set(|calendar| calendar.safety_limit = 2).await;
        room = room.with(old());
        for uid in ["a", "b", "c"] {
            room = room.with(young(uid));
        }
        assert_eq!(
            told(&room.room.clear().await),
            [
                "deleted a 0303T10 by old",
                "deleted b 0303T10 by old",
                "ignored c 0303T10 by old: limit",
            ]
        );
        assert_eq!(room.uids(), "c old");
        let confirmed = room.room.run(operations::Mode::Real, Limit::Lifted).await;
        assert_eq!(told(&confirmed).len(), 1);
        assert_eq!(room.uids(), "old");
    }

    async fn priorities_hold_on_servers_too(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        let actor = operations::command_line();
        let service = &room.room.service;
        service
            .prioritise(&actor, Some("room"), PriorityKind::Organizer, "ann@example.org")
            .await
            .unwrap();
        assert_eq!(told(&room.room.clear().await), ["deleted old 0303T10 by young"]);
        let all = history::latest_removals(room.room.store(), None, 10).await.unwrap();
        assert_eq!(all.len(), 1);
    }
}
