//! Alice writes what we are about to write.

use harness::file;
use testing::servers::name_of;

use crate::ground::{Ground, on_every_server};

/// Clears while alice does something right before our first request of this method is answered.
async fn clear_while<F: Future<Output = ()>>(
    it: &Ground<'_>,
    method: &str,
    alice: F,
) -> Vec<String> {
    let mut held = it.proxy().hold(method);
    let meanwhile = async {
        held.arrived().await;
        alice.await;
        drop(held);
    };
    let (cleared, ()) = tokio::join!(it.clear(), meanwhile);
    cleared
}

#[test]
fn what_alice_moves_away_right_before_our_delete_stays_as_she_has_it() {
    on_every_server(async |server| {
        let it = Ground::watched(server, "moved").await;
        it.put("old", &[it.old()]).await;
        it.put("young", &[it.young("young")]).await;
        it.room.test().await;
        let moves = async {
            let event = it.event("young", "0201T00", "0305T10", "0305T11").line("SUMMARY:Moved");
            it.put("young", &[event]).await;
        };
        it.same(clear_while(&it, it.expected.last_request_before("DELETE"), moves).await, [""; 0]);
        it.same(it.uids().await, "old young");
        it.same(it.text("young").await.contains("SUMMARY:Moved"), true);
        it.same(it.room.lines().await.len(), 0);
        it.same(it.clear().await, [""; 0]);
    });
}

#[test]
fn what_alice_writes_into_a_series_right_before_our_write_stays_in_it() {
    on_every_server(async |server| {
        let it = Ground::watched(server, "renamed").await;
        it.put("old", &[it.old()]).await;
        it.put("series", &[it.series()]).await;
        it.room.test().await;
        let renames = async {
            let text = file(&[it.series()]).replace("SUMMARY:Series", "SUMMARY:Renamed");
            it.put_text("series", &text).await;
        };
        let cleared = clear_while(&it, it.expected.last_request_before("PUT"), renames).await;
        it.same(cleared, ["cancelled series 0303T10 by old"]);
        let series = it.text("series").await;
        it.same(series.contains("SUMMARY:Renamed"), true);
        it.same(series.contains("EXDATE:20260303T100000Z"), true);
        it.same(it.room.lines().await.len(), 1);
    });
}

#[test]
fn what_alice_deletes_right_before_us_is_gone_and_that_is_all() {
    on_every_server(async |server| {
        let it = Ground::watched(server, "gone").await;
        it.put("old", &[it.old()]).await;
        it.put("young", &[it.young("young")]).await;
        it.put("series", &[it.series()]).await;
        it.room.test().await;
        let deletes = async { it.delete("young").await };
        let cleared = clear_while(&it, it.expected.last_request_before("DELETE"), deletes).await;
        // It was not this run that deleted it.
        it.same(cleared, ["cancelled series 0303T10 by old"]);
        it.same(it.uids().await, "old series");
        it.same(it.room.lines().await.len(), 1);
    });
}

#[test]
fn a_series_that_alice_deletes_right_before_our_write_is_not_made_anew() {
    on_every_server(async |server| {
        let it = Ground::watched(server, "unmade").await;
        it.put("old", &[it.old()]).await;
        it.put("series", &[it.series()]).await;
        it.room.test().await;
        let deletes = async { it.delete("series").await };
        let cleared = clear_while(&it, it.expected.last_request_before("PUT"), deletes).await;
        it.same(cleared, [""; 0]);
        it.same(it.uids().await, "old");
        it.same(it.room.lines().await.len(), 0);
    });
}

#[test]
fn conditions_are_answered_as_our_client_takes_them_to_be() {
    on_every_server(async |server| {
        let it = Ground::new(server, "statuses").await;
        let (name, text) = (name_of(&it.uid("old")), file(&[it.old()]));
        let alice = &it.alice;
        let version = async || alice.list().await.first().map(|it| it.etag.clone());
        it.put("old", &[it.old()]).await;
        let stale = version().await;
        it.put_text("old", &text.replace("SUMMARY:Old", "SUMMARY:New")).await;
        it.same(version().await == stale, false);
        let expected = it.expected.statuses;
        it.same(alice.put(&name, &text, stale.as_deref()).await.status, expected.stale_put);
        let elsewhere = alice.put("elsewhere.ics", &text, None).await;
        it.same(elsewhere.status, expected.same_uid);
        if elsewhere.status < 300 {
            alice.delete("elsewhere.ics", None).await;
        }
        let new = alice.request("PUT", &name, &[("If-None-Match", "*")], &text).await;
        it.same(new.status, expected.not_new);
        it.same(alice.delete(&name, stale.as_deref()).await.status, expected.stale_delete);
        it.put("old", &[it.old()]).await;
        let etag = version().await;
        it.same(alice.delete(&name, etag.as_deref()).await.status, expected.deleted);
        it.same(alice.delete(&name, etag.as_deref()).await.status, expected.gone);
    });
}
