//! Rule 7, `limit`: what is removed before an administrator has confirmed it.

use harness::{Room, administrator, days, event, seconds, told, user};
use operations::{Chosen, Limit, Mode, Reader};
use store::history::{Starter, Way};
use testing::on_both_databases;

/// How many removals of a run wait for a confirmation.
async fn clear_and_count_waiting(room: &Room) -> usize {
    told(&room.clear().await).iter().filter(|it| it.ends_with("limit")).count()
}

on_both_databases! {
    async fn nothing_is_removed_beyond_the_safety_limit_and_administrators_are_asked_once(database) {
        let store = database.open().await;
        administrator(&store, "boss").await;
        user(&store, "clerk").await;
        let room = Room::new(&store)
            .await
            .with_mail()
            .await
            .set(|it| it.safety_limit = 2)
            .await
            .with_event("old", "0101T00", "0313T08", "0313T20")
            .await
            .with(event("a", "0102T00", "0313T09", "0313T10").by("ann@example.org"))
            .await
            .with_event("b", "0102T00", "0313T11", "0313T12")
            .await
            .with(event("gone", "0101T00", "0305T10", "0305T11").line("STATUS:CANCELLED"))
            .await;
        let room = room.with(event("c", "0102T00", "0313T13", "0313T14").rule("FREQ=DAILY;COUNT=2")).await;
        let kept = [
            "ignored a 0313T09 by old: limit",
            "ignored b 0313T11 by old: limit",
            "ignored c 0313T13 by old: limit",
        ];
        let report = room.clear().await;
        assert_eq!(told(&report)[0], "leftover gone 0305T10", "leftovers go anyway");
        assert_eq!(told(&report)[1..], kept);
        assert_eq!(room.uids().await, "a b c old");
        for clock in [seconds(0), seconds(3_600), days(1)] {
            assert_eq!(told(&room.at(clock).clear().await), kept);
        }
        assert_eq!(room.mails().await, ["confirmation wanted  boss@example.org waiting"]);
        let open = store::confirmations::find(&store, room.calendar.id).await.unwrap();
        assert_eq!(open, Some(3));
        assert_eq!(told(&room.test().await), kept, "in test mode too");
        let report = room.run(Mode::Real, Limit::Lifted).await;
        assert_eq!(
            told(&report),
            ["deleted a 0313T09 by old", "deleted b 0313T11 by old", "cancelled c 0313T13 by old"]
        );
        assert_eq!(store::confirmations::find(&store, room.calendar.id).await.unwrap(), None);
        assert_eq!(room.uids().await, "c old");
    }

    async fn as_many_objects_as_the_safety_limit_says_are_removed(database) {
        let room = Room::new(&database.open().await)
            .await
            .set(|it| it.safety_limit = 1)
            .await
            .with_event("old", "0101T00", "0303T08", "0304T20")
            .await
            .with(event("c", "0102T00", "0303T13", "0303T14").rule("FREQ=DAILY;COUNT=3"))
            .await;
        let lines = ["cancelled c 0303T13 by old", "cancelled c 0304T13 by old"];
        assert_eq!(told(&room.clear().await), lines, "a series counts once");
        assert_eq!(store::confirmations::find(room.store(), room.calendar.id).await.unwrap(), None);
    }

    async fn ten_objects_go_in_a_day_whichever_requests_for_a_confirmation_are_open_meanwhile(database) {
        let mut room = Room::new(&database.open().await)
            .await
            .set(|it| it.safety_limit = 20)
            .await
            .with_event("old", "0101T00", "0302T08", "0304T20")
            .await;
        for index in 0..21 {
            room = room.with_event(&format!("a{index:02}"), "0102T00", "0302T09", "0302T10").await;
        }
        assert_eq!(clear_and_count_waiting(&room).await, 11);
        let ann = room.caller("ann").await;
        for index in 10..21 {
            let uid = format!("a{index:02}");
            room.service.delete_event(&ann, &room.calendar, &uid).await.unwrap();
        }
        assert_eq!(clear_and_count_waiting(&room).await, 0);
        let is_open = store::confirmations::find(room.store(), room.calendar.id).await.unwrap();
        assert_eq!(is_open, None, "the first request is closed");
        for index in 0..21 {
            room = room.with_event(&format!("b{index:02}"), "0102T00", "0303T11", "0303T12").await;
        }
        assert_eq!(clear_and_count_waiting(&room).await, 21, "no others go on the same day");
        assert_eq!(clear_and_count_waiting(&room.at(days(1))).await, 11);
    }

    async fn what_goes_at_the_limit_counts_also_where_nothing_is_left_to_wait(database) {
        let mut room = Room::new(&database.open().await)
            .await
            .set(|it| it.safety_limit = 20)
            .await
            .with_event("old", "0101T00", "0302T08", "0310T20")
            .await;
        for index in 0..21 {
            let day = if index < 4 { "0302" } else { "0309" };
            let (start, end) = (format!("{day}T09"), format!("{day}T10"));
            room = room.with_event(&format!("a{index:02}"), "0102T00", &start, &end).await;
        }
        assert_eq!(clear_and_count_waiting(&room).await, 17, "four begin within 48 hours");
        let ann = room.caller("ann").await;
        for index in 5..21 {
            let uid = format!("a{index:02}");
            room.service.delete_event(&ann, &room.calendar, &uid).await.unwrap();
        }
        for uid in ["a04", "b0", "b1", "b2", "b3", "b4"] {
            room = room.with_event(uid, "0102T00", "0303T11", "0303T12").await;
        }
        assert_eq!(clear_and_count_waiting(&room).await, 0, "six more make ten");
        for index in 0..21 {
            room = room.with_event(&format!("c{index:02}"), "0102T00", "0303T13", "0303T14").await;
        }
        assert_eq!(clear_and_count_waiting(&room).await, 21);
    }

    async fn a_confirmation_is_closed_by_a_run_that_needs_none_and_asked_for_anew_later(database) {
        let store = database.open().await;
        administrator(&store, "boss").await;
        let room = Room::new(&store)
            .await
            .set(|it| it.safety_limit = 0)
            .await
            .with_event("old", "0101T00", "0303T08", "0303T20")
            .await
            .with_event("a", "0102T00", "0303T09", "0303T10")
            .await;
        room.clear().await;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "a").await.unwrap();
        room.clear().await;
        assert_eq!(store::confirmations::find(&store, room.calendar.id).await.unwrap(), None);
        let room = room.with_event("b", "0102T00", "0303T09", "0303T10").await;
        room.clear().await;
        assert_eq!(room.mails().await.len(), 2, "each open request is announced");
    }

    async fn a_confirmation_is_about_what_it_was_asked_for_and_closes_with_the_last_of_it(database) {
        let store = database.open().await;
        administrator(&store, "boss").await;
        let mut room = Room::new(&store)
            .await
            .with_mail()
            .await
            .set(|it| it.safety_limit = 1)
            .await
            .with_event("old", "0101T00", "0313T08", "0313T20")
            .await;
        let find = async |room: &Room| {
            store::confirmations::find(room.store(), room.calendar.id).await.unwrap()
        };
        for uid in ["a", "b"] {
            room = room.with_event(uid, "0102T00", "0313T09", "0313T10").await;
        }
        room.clear().await;
        assert_eq!(find(&room).await, Some(2));
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "a").await.unwrap();
        room = room.with_event("c", "0102T00", "0313T11", "0313T12").await;
        let kept = ["ignored b 0313T09 by old: limit", "ignored c 0313T11 by old: limit"];
        assert_eq!(told(&room.clear().await), kept, "b is of it");
        room.service.delete_event(&ann, &room.calendar, "b").await.unwrap();
        for uid in ["d", "e"] {
            room = room.with_event(uid, "0102T00", "0313T13", "0313T14").await;
        }
        assert_eq!(told(&room.clear().await).len(), 3);
        assert_eq!(find(&room).await, Some(3));
        assert_eq!(room.mails().await.len(), 2, "these are a request of their own");
        for uid in ["c", "d", "e"] {
            room.service.delete_event(&ann, &room.calendar, uid).await.unwrap();
        }
        let room = room.with_event("f", "0102T00", "0313T15", "0313T16").await;
        assert_eq!(told(&room.clear().await), ["deleted f 0313T15 by old"]);
        assert_eq!(find(&room).await, None);
        assert_eq!(room.mails().await.len(), 2);
    }

    async fn what_is_chosen_counts_for_the_safety_limit_of_the_day_and_what_is_confirmed_as_a_whole_does_not(database) {
        let store = database.open().await;
        let mut room = Room::new(&store).await.set(|it| it.safety_limit = 2).await;
        for day in 13..16 {
            let [start, end] = [8, 9].map(|hour| format!("03{day:02}T{hour:02}"));
            room = room.with_event(&format!("old {day}"), "0101T00", &start, &end).await;
            room = room.with_event(&format!("new {day}"), "0102T00", &start, &end).await;
        }
        let apply = async |room: &Room, count: usize| {
            let reader = Reader::administrator();
            let lines = room.service.preview(&room.calendar, &reader).await.unwrap().lines;
            let chosen = lines.into_iter().take(count).map(|line| Chosen {
                key: line.removal.key,
                uid: line.removal.event.uid.clone(),
                original: line.removal.event.original.0,
                name: line.removal.event.name.clone(),
            });
            let by = Starter::of(Way::Site);
            let applied = room.service.apply_preview(
                &room.calendar, chosen.collect(), Limit::Lifted, by, &reader);
            assert!(applied.await.unwrap().left.is_empty());
        };
        apply(&room, 2).await;
        let id = room.calendar.id;
        let waits = async || store::confirmations::find(&store, id).await.unwrap();
        assert_eq!(waits().await, None);
        room.clear().await;
        assert_eq!(waits().await, Some(3), "two that were chosen, and one");
        apply(&room, 1).await;
        assert_eq!(waits().await, None);
        let room = room.with_event("last", "0102T00", "0314T08", "0314T09").await;
        room.clear().await;
        assert_eq!(waits().await, Some(3), "two of that day were chosen");
        room.run(Mode::Real, Limit::Lifted).await;
        let room = room.with_event("after all", "0102T00", "0314T08", "0314T09").await;
        room.at(days(1)).clear().await;
        assert_eq!(room.uids().await, "old 13 old 14 old 15");
    }
}
