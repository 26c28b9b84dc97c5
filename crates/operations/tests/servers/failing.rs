//! Servers that are killed, passwords that are wrong, calendars that are gone.

use std::time::Duration;

use operations::command_line;
use secrecy::SecretString;
use store::accounts;
use testing::proxy::Fault;
use testing::servers::CalDavServer;

use crate::ground::{Ground, HOMES, on_every_server};

/// How our changes ended, oldest first.
async fn states(it: &Ground<'_>) -> Vec<String> {
    it.database().column("SELECT state FROM changes ORDER BY id").await
}

#[test]
fn a_server_that_is_killed_before_or_after_it_does_our_write_loses_nothing() {
    on_every_server(async |shared| {
        if !shared.has_script() {
            return;
        }
        // One that nobody else needs.
        let server = CalDavServer::start(&shared.kind);
        for (is_done, test) in [(false, "killed-before"), (true, "killed-after")] {
            let it = Ground::watched(&server, test).await;
            it.put("old", &[it.old()]).await;
            it.put("young", &[it.young("young")]).await;
            it.put("series", &[it.series()]).await;
            it.room.test().await;
            let mut delete = it.proxy().hold("DELETE");
            let kills = async {
                delete.arrived().await;
                if is_done {
                    // It does what it was asked, and is killed before anybody hears of that.
                    it.proxy().next(Fault::LoseAnswer);
                    let mut look = it.proxy().hold("GET");
                    drop(delete);
                    look.arrived().await;
                    server.kill();
                } else {
                    server.kill();
                    drop(delete);
                }
            };
            let (cleared, ()) = tokio::join!(it.clear(), kills);
            it.same(cleared.last().map(String::as_str), Some("failed room"));
            it.same(states(&it).await.contains(&"prepared".to_owned()), true);
            it.same(it.clear().await, ["failed room"]);
            server.restart();
            // What is in doubt is watched for a quarter of an hour.
            it.room.advance(Duration::from_secs(1_000));
            it.room.service.recover_changes().await.unwrap();
            let settled = states(&it).await;
            it.same(settled.contains(&"prepared".to_owned()), false);
            let left = it.clear().await;
            it.same(it.uids().await, "old series");
            it.same(it.text("series").await.contains("EXDATE:20260303T100000Z"), true);
            // Each is in the history once, whichever run did it.
            it.same(it.room.lines().await.len(), 2);
            it.same(left.contains(&"deleted young 0303T10 by old".to_owned()), !is_done);
            it.same(it.clear().await, [""; 0]);
        }
    });
}

#[test]
fn a_wrong_password_is_tried_once_and_then_never_until_it_is_set_anew() {
    on_every_server(async |server| {
        let it = Ground::watched(server, "password").await;
        it.put("old", &[it.old()]).await;
        it.clear().await;
        it.settle().await;
        let account = accounts::all(it.room.store()).await.unwrap().remove(0);
        let set = async |password: &str| {
            let password = SecretString::from(password);
            let service = &it.room.service;
            service.set_account_password(&command_line(), account.id, &password).await.unwrap();
        };
        set("wrong").await;
        for _ in 0..3 {
            let report = it.room.clear().await;
            it.same(it.told(&report), ["failed room"]);
            let error = report.failed_calendars[0].error.to_string();
            assert!(error.contains("does not accept the password of \"room\""), "{error}");
            assert!(!error.contains("wrong"), "{error}");
        }
        let mut refused = it.expected.unchanged().to_vec();
        if it.expected.asks_for_digest {
            refused.clear();
        }
        it.same(it.requests(), refused);
        it.same(it.proxy().log().last().unwrap().status, Some(401));
        set(&server.password).await;
        it.same(it.clear().await, [""; 0]);
        it.same(it.requests(), it.expected.unchanged());
    });
}

#[test]
fn a_calendar_that_is_gone_fails_with_a_sentence_and_is_not_taken_for_an_empty_one() {
    on_every_server(async |server| {
        let it = Ground::new(server, "deleted").await;
        it.put("old", &[it.old()]).await;
        it.put("other", &[it.event("other", "0101T00", "0304T10", "0304T11")]).await;
        it.same(it.clear().await, [""; 0]);
        let room = it.calendar.seen_by("room");
        let homes = HOMES.write().await;
        let deleted = room.request("DELETE", "", &[], "").await;
        drop(homes);
        it.same((200..300).contains(&deleted.status), true);
        let report = it.room.clear().await;
        it.same(it.told(&report), ["failed room"]);
        let error = report.failed_calendars[0].error.to_string();
        let is_told = match it.expected.has_trash_bin {
            false => {
                error.contains("there is no calendar at") && error.contains("moved or deleted")
            }
            true => error.contains("is in its trash bin"),
        };
        assert!(is_told, "{}: {error}", it.expected.name);
        it.same(it.room.uids().await.split(' ').count(), 2);
        // Nor by a new process.
        it.database().execute("UPDATE calendar_sync SET sync_token = NULL, ctag = NULL").await;
        it.same(it.told(&it.room.clear().await), ["failed room"]);
        it.same(it.room.uids().await.split(' ').count(), 2);
    });
}
