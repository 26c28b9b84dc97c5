//! Putting back what was taken out.

use operations::Error;

use crate::ground::{Ground, on_every_server};

#[test]
fn a_deleted_object_and_a_cancelled_occurrence_are_put_back_as_they_were() {
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
fn what_alice_has_changed_since_is_not_put_back_over() {
    on_every_server(async |server| {
        let it = Ground::new(server, "since").await;
        it.put("old", &[it.old()]).await;
        it.put("young", &[it.young("young")]).await;
        it.put("series", &[it.series()]).await;
        it.same(it.clear().await.len(), 2);
        let text = it.text("series").await.replace("SUMMARY:Series", "SUMMARY:Changed");
        it.put_text("series", &text.replace('\n', "\r\n")).await;
        it.put("young", &[it.event("young", "0201T00", "0309T10", "0309T11")]).await;
        let before = it.text("young").await;
        let line = it.room.line(&it.uid("young"), "0303T10").await;
        let put_back = it.room.restore(line).await;
        let is_refused = matches!(put_back, Err(Error::Conflict(_)));
        assert!(is_refused, "{}: {put_back:?}", it.expected.name);
        it.same(it.text("young").await, before);
        // A date of a series comes back into the series as she has it now.
        let line = it.room.line(&it.uid("series"), "0303T10").await;
        it.room.restore(line).await.unwrap();
        let text = it.text("series").await;
        it.same((text.contains("SUMMARY:Changed"), text.contains("EXDATE")), (true, false));
    });
}
