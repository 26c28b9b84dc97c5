//! Who has held an hour, and whether the winner of a conflict is there (rules 4 and 5).

use std::time::Duration;

use crate::ground::{Ground, on_every_server};

#[test]
fn an_old_booking_that_is_moved_onto_an_hour_and_one_of_1970_lose_it_to_who_held_it() {
    on_every_server(async |server| {
        let it = Ground::new(server, "held").await;
        it.put("there", &[it.event("there", "0201T00", "0303T10", "0303T11")]).await;
        it.put("mover", &[it.event("mover", "0101T00", "0305T10", "0305T11")]).await;
        it.same(it.clear().await, [""; 0]);
        it.room.advance(Duration::from_secs(100));
        it.put("mover", &[it.event("mover", "0101T00", "0303T1030", "0303T1130")]).await;
        it.put("forged", &[it.event("forged", "19700101T000000Z", "0303T10", "0303T11")]).await;
        let report = it.room.clear().await;
        it.same(
            it.told(&report),
            ["deleted forged 0303T10 by there", "deleted mover 0303T1030 by there"],
        );
        // The program saw who held the hour at a look that did not see the others hold it.
        for entry in &report.deleted_overlapping_events {
            let because = serde_json::to_value(&entry.because).unwrap();
            it.same(
                (&because["rule"], &because["witnessed"]),
                (&"held_since".into(), &true.into()),
            );
        }
        it.same(it.uids().await, "there");
        it.same(it.clear().await, [""; 0]);
    });
}

#[test]
fn nobody_goes_for_a_winner_that_alice_deletes_right_before_it_is_confirmed() {
    on_every_server(async |server| {
        let it = Ground::watched(server, "winner").await;
        it.put("old", &[it.old()]).await;
        it.put("young", &[it.young("young")]).await;
        it.put("series", &[it.series()]).await;
        it.room.test().await;
        // SOGo's state is a second, which has to be over.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        // What was read is believed for a minute.
        it.room.advance(Duration::from_secs(61));
        it.requests();
        let mut held = it.proxy().hold("REPORT");
        let deletes = async {
            held.arrived().await;
            it.delete("old").await;
            drop(held);
        };
        let (cleared, ()) = tokio::join!(it.clear(), deletes);
        it.same(cleared, ["cancelled series 0303T10 by young"]);
        it.same(it.uids().await, "series young");
    });
}
