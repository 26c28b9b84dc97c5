//! UIDs and addresses that nobody would choose.

use harness::file;

use crate::ground::{Ground, on_every_server};

/// UIDs, and names of objects as they stand in addresses: escaped as little as can be.
pub const NAMES: [(&str, &str); 8] = [
    ("space", "two%20words.ics"),
    ("percent", "100%25.ics"),
    ("plus", "a+b.ics"),
    ("at", "a@b.ics"),
    ("umlaut", "%C3%BCmlaut.ics"),
    ("ampersand", "a&b=c;d,e.ics"),
    ("question", "a%3Fb%23c.ics"),
    ("slash", "a%2Fb.ics"),
];

#[test]
fn objects_with_odd_addresses_are_read_cancelled_restored_and_deleted() {
    on_every_server(async |server| {
        let it = Ground::new(server, "names").await;
        let ann = it.room.caller("ann").await;
        it.put("old", &[it.event("old", "0101T00", "0303T00", "0304T00")]).await;
        let mut taken = Vec::new();
        for (number, (word, name)) in NAMES.into_iter().enumerate() {
            let (start, end) = (format!("0302T1{number}"), format!("0302T1{number}30"));
            let series = it.event(word, "0202T00", &start, &end).rule("FREQ=DAILY;COUNT=2");
            let put = it.alice.put(name, &file(&[series]), None).await;
            let is_taken = !it.expected.refused_names.contains(&word);
            assert_eq!(put.status == 201, is_taken, "{}: {name}: {put:?}", it.expected.name);
            if is_taken {
                taken.push((word, format!("0303T1{number}")));
            }
        }
        let lines = |how: &str| {
            let line =
                |(word, start): &(&str, String)| format!("cancelled {word} {start} by {how}");
            taken.iter().map(line).collect::<Vec<_>>()
        };
        it.same(it.clear().await, lines("old"));
        if it.expected.expands {
            it.same(it.starts().await.len(), 1 + taken.len());
        }
        for (word, start) in &taken {
            let line = it.room.line(&it.uid(word), start).await;
            it.room.restore(line).await.unwrap();
        }
        if it.expected.expands {
            it.same(it.starts().await.len(), 1 + 2 * taken.len());
        }
        it.same(it.clear().await, lines("old"));
        for (word, _) in &taken {
            it.room.service.delete_event(&ann, &it.room.calendar, &it.uid(word)).await.unwrap();
        }
        it.same(it.uids().await, "old");
    });
}

#[test]
fn odd_uids_are_deleted_and_restored() {
    on_every_server(async |server| {
        let it = Ground::new(server, "uids").await;
        let ann = it.room.caller("ann").await;
        let odd = [
            "two words",
            "100%",
            "a+b",
            "a@example.test",
            "übung",
            "a/b",
            "<&>\"'",
            "{x}?#",
            "%2F",
        ];
        for (number, short) in odd.into_iter().enumerate() {
            // At an address that nobody minds.
            let at = format!("odd{number}");
            it.put(&at, &[it.young(short)]).await;
            let before = it.text(&at).await;
            let uid = it.uid(short);
            it.room.service.delete_event(&ann, &it.room.calendar, &uid).await.unwrap();
            it.same(it.uids().await, "");
            let line = it.room.line(&uid, "0303T10").await;
            it.room.restore(line).await.unwrap();
            it.same(it.uids().await, short);
            let now = it.text(&at).await;
            it.same(ical::means_the_same(before.as_bytes(), now.as_bytes()), true);
            it.delete(&at).await;
        }
    });
}
