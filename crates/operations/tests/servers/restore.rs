//! Restoring what was removed.

use harness::file;
use operations::Error;
use testing::servers::name_of;

use crate::ground::{Ground, on_every_server};

#[test]
fn a_deleted_object_and_a_cancelled_occurrence_are_restored_as_they_were() {
    on_every_server(async |server| {
        let it = Ground::new(server, "putback").await;
        it.put("old", &[it.old()]).await;
        it.put("young", &[it.young("young")]).await;
        it.put("series", &[it.series()]).await;
        let before = (it.text("young").await, it.text("series").await);
        it.same(it.clear().await.len(), 2);
        let deleted = it.room.line(&it.uid("young"), "0303T10").await;
        let cancelled = it.room.line(&it.uid("series"), "0303T10").await;
        it.room.restore(deleted).await.unwrap();
        it.room.restore(cancelled).await.unwrap();
        it.same(it.uids().await, "old series young");
        for (before, short) in [(&before.0, "young"), (&before.1, "series")] {
            let now = it.text(short).await;
            let is_same = ical::means_the_same(before.as_bytes(), now.as_bytes());
            assert!(is_same, "{}: {before}\n{now}", it.expected.name);
        }
        if it.expected.expands {
            it.same(it.starts().await.iter().filter(|it| *it == "20260303T100000Z").count(), 3);
        }
        let again = it.room.restore(deleted).await;
        it.same(matches!(again, Err(Error::Conflict(_))), true);
        // The rules know nothing of it.
        it.same(
            it.clear().await,
            ["deleted young 0303T10 by old", "cancelled series 0303T10 by old"],
        );
    });
}

#[test]
fn a_removed_event_is_restored_also_where_the_server_keeps_it_in_a_trash_bin() {
    on_every_server(async |server| {
        let it = Ground::new(server, "trash").await;
        it.put("old", &[it.old()]).await;
        it.put("young", &[it.young("young")]).await;
        it.same(it.clear().await, ["deleted young 0303T10 by old"]);
        let trashed = async || {
            if !it.expected.has_trash_bin {
                return 0;
            }
            // Only its owner reaches it.
            let bin = server.client("room", &format!("{}trashbin/objects/", server.home));
            let query = "<C:calendar-query xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><prop>\
                         <getetag/><C:calendar-data/></prop><C:filter><C:comp-filter name=\"VCALENDAR\"/>\
                         </C:filter></C:calendar-query>";
            let listed = bin.request("REPORT", "", &[("Depth", "1")], query).await;
            assert_eq!(listed.status, 207, "{}", listed.body);
            listed.body.matches(&format!("UID:{}", it.uid("young"))).count()
        };
        it.same(trashed().await, usize::from(it.expected.has_trash_bin));
        let line = it.room.line(&it.uid("young"), "0303T10").await;
        it.room.restore(line).await.unwrap();
        it.same(it.uids().await, "old young");
        it.same(trashed().await, 0);
        // What is removed once more lies there once more, and is restored once more.
        it.same(it.clear().await, ["deleted young 0303T10 by old"]);
        it.same(trashed().await, usize::from(it.expected.has_trash_bin));
        let line = it.room.line(&it.uid("young"), "0303T10").await;
        it.room.restore(line).await.unwrap();
        it.same(it.uids().await, "old young");
    });
}

#[test]
fn what_alice_has_changed_since_is_not_restored_over() {
    on_every_server(async |server| {
        let it = Ground::new(server, "since").await;
        it.put("old", &[it.old()]).await;
        it.put("young", &[it.young("young")]).await;
        it.put("series", &[it.series()]).await;
        it.same(it.clear().await.len(), 2);
        let text = it.text("series").await.replace("SUMMARY:Series", "SUMMARY:Changed");
        it.put_text("series", &text.replace('\n', "\r\n")).await;
        let anew = it.event("young", "0201T00", "0309T10", "0309T11");
        if it.expected.has_trash_bin {
            // Such a server takes nothing anew that lies there.
            let put = it.alice.put(&name_of(&it.uid("young")), &file(&[anew]), None).await;
            it.same(put.status, 500);
        } else {
            it.put("young", &[anew]).await;
            let before = it.text("young").await;
            let line = it.room.line(&it.uid("young"), "0303T10").await;
            let restored = it.room.restore(line).await;
            let is_refused = matches!(restored, Err(Error::Conflict(_)));
            assert!(is_refused, "{}: {restored:?}", it.expected.name);
            it.same(it.text("young").await, before);
        }
        // A date of a series comes back into the series as she has it now.
        let line = it.room.line(&it.uid("series"), "0303T10").await;
        it.room.restore(line).await.unwrap();
        let text = it.text("series").await;
        it.same((text.contains("SUMMARY:Changed"), text.contains("EXDATE")), (true, false));
    });
}
