//! The mirror: fetched in chunks, and followed by small requests.

use futures_util::{StreamExt as _, stream};
use store::{mirror, objects};

use crate::ground::{Ground, on_every_server};

/// How many objects the first fetch of a test brings.
const MANY: usize = 220;

#[test]
fn a_first_fetch_comes_in_chunks_and_later_ones_bring_what_alice_has_done() {
    on_every_server(async |server| {
        let it = Ground::watched(server, "fetched").await;
        let short = |number: usize| {
            // One after the other, a minute each.
            let at = |minute: usize| format!("0304T{:02}{:02}", 8 + minute / 60, minute % 60);
            it.event(&format!("short{number}"), "0101T00", &at(number), &at(number + 1))
        };
        stream::iter(0..MANY)
            .for_each_concurrent(4, async |number| {
                it.put(&format!("short{number}"), &[short(number)]).await;
            })
            .await;
        let count = async || objects::count(it.room.store(), it.room.calendar.id).await.unwrap();
        it.same(it.clear().await, [""; 0]);
        it.same(count().await, 220);
        let mut expected = vec!["PROPFIND", "REPORT"];
        expected.extend(vec!["REPORT"; MANY.div_ceil(caldav::MULTIGET_CHUNK)]);
        it.same(it.requests(), expected);
        let state = mirror::state(it.room.store(), it.room.calendar.id).await.unwrap().unwrap();
        it.same(state.sync_token.is_some(), true);

        it.put("short7", &[short(7).line("SUMMARY:Changed")]).await;
        it.put("new", &[it.old()]).await;
        it.delete("short8").await;
        it.same(it.clear().await, [""; 0]);
        let requests = it.requests();
        let counted = |method: &str| requests.iter().filter(|it| *it == method).count();
        // One REPORT lists the changes, one fetches them, and one makes sure that what is reported as
        // deleted is gone; what its answer leaves out is asked for alone.
        it.same((2..=3).contains(&counted("REPORT")), true);
        it.same(counted("GET") <= 1, true);
        let listings = 1 + usize::from(it.expected.lists_after_writes);
        it.same(counted("PROPFIND") <= listings, true);
        it.same(count().await, 220);
        let texts = it.room.texts().await;
        it.same(texts[&it.uid("short7")].contains("SUMMARY:Changed"), true);
        it.same(texts.contains_key(&it.uid("short8")), false);
        it.same(texts.contains_key(&it.uid("old")), true);
        it.same(it.clear().await, [""; 0]);
        it.settle().await;
        it.same(it.clear().await, [""; 0]);
        it.same(it.requests(), it.expected.unchanged());
    });
}

#[test]
fn a_token_that_the_server_does_not_know_loses_nothing() {
    on_every_server(async |server| {
        let it = Ground::new(server, "token").await;
        for short in ["a", "b", "c"] {
            let day = if short == "c" { "0304" } else { "0303" };
            let (start, end) = (format!("{day}T10"), format!("{day}T11"));
            it.put(short, &[it.event(short, "0101T00", &start, &end)]).await;
        }
        it.room.test().await;
        it.delete("a").await;
        it.put("b", &[it.event("b", "0101T00", "0306T10", "0306T11")]).await;
        let (status, token) = it.expected.bad_token;
        let asks = format!(
            "<sync-collection xmlns=\"DAV:\"><sync-token>{token}</sync-token>\
                <sync-level>1</sync-level><prop><getetag/></prop></sync-collection>"
        );
        let answer = it.alice.request("REPORT", "", &[("Depth", "0")], &asks).await;
        it.same(answer.status, status);
        it.database().execute(&format!("UPDATE calendar_sync SET sync_token = '{token}'")).await;
        it.same(it.clear().await, [""; 0]);
        it.same(it.room.uids().await.replace(&it.uid(""), ""), "b c");
        it.same(it.room.text(&it.uid("b")).await.contains("20260306T10"), true);
        it.same(it.clear().await, [""; 0]);
    });
}
