//! Rule 4 in runs: which of two is the stronger.

use harness::{Room, days, event, moment, told};
use operations::WhenTaken;
use store::calendars::PriorityKind;
use store::uid_metadata;
use testing::on_both_databases;

use crate::create::requested;

on_both_databases! {
    async fn our_own_edit_does_not_make_an_event_of_unknown_creation_younger(database) {
        let store = database.open().await;
        // The series lost an instance on Tuesday: its LAST-MODIFIED is of today now. Rivals of
        // Wednesday were created between the first sight and that edit.
        let series = event("series", "", "0303T10", "0303T11")
            .rule("FREQ=DAILY;COUNT=3")
            .line("LAST-MODIFIED:20260201T000000Z");
        let room = Room::new(&store)
            .await
            .with_event("strong", "0101T00", "0303T10", "0303T11")
            .await
            .with(series)
            .await;
        assert_eq!(told(&room.clear().await), ["cancelled series 0303T10 by strong"]);
        assert!(room.text("series").await.contains("LAST-MODIFIED:20260302T000000Z"));
        let room = room.with_event("rival", "0215T00", "0304T10", "0304T11").await;
        assert_eq!(told(&room.at(days(1)).clear().await), ["deleted rival 0304T10 by series"]);
    }

    async fn what_nobody_dated_ranks_by_when_it_was_first_seen(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.at(days(-5)).with_event("z-first", "", "0303T10", "0303T11").await;
        let room = room.at(days(-3)).with_event("a-later", "", "0303T10", "0303T11").await;
        assert_eq!(told(&room.at(days(0)).clear().await), ["deleted a-later 0303T10 by z-first"]);
    }

    async fn the_rank_goes_by_the_claims_that_are_stored_unless_the_calendar_ranks_by_created(database) {
        use clearing::{Claim, Claims, HeldSince, RankBy, Source};
                let store = database.open().await;
        let room = Room::new(&store)
            .await
            .with_event("moved", "0101T00", "0303T10", "0303T11")
            .await
            .with_event("there", "0201T00", "0303T10", "0303T11")
            .await;
        let held = |since| HeldSince {
            since: moment(since),
            unseen_look: 0,
            source: Source::Client,
        };
        let (start, end) = (moment("0303T10"), moment("0303T11"));
        let part = Claim { start, end, held: held("0215T00") };
        let claims = Claims { parts: vec![part], ..Claims::since(held("0101T00")) };
        let transaction = store.begin().await.unwrap();
        let there = store::objects::by_uid(&transaction, room.calendar.id, "moved").await.unwrap();
        let (key, text) = (("moved", &*there[0].href), &there[0].text);
        uid_metadata::set_claims(&transaction, room.calendar.id, key, &claims, text).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(told(&room.test().await), ["deleted moved 0303T10 by there"]);
        let room = room.set(|it| it.rank_by = RankBy::Created).await;
        assert_eq!(told(&room.clear().await), ["deleted there 0303T10 by moved"], "by creation");
    }

    async fn priorities_of_one_calendar_and_of_all_decide_before_age(database) {
        let store = database.open().await;
        let room = Room::new(&store)
            .await
            .with_event("old", "0101T00", "0303T10", "0303T11")
            .await
            .with(event("chief", "0201T00", "0303T10", "0303T11").by("Chief@Board.example.org"))
            .await
            .with_event("older", "0101T00", "0304T10", "0304T11")
            .await
            .with(event("fire", "0201T00", "0304T10", "0304T11").line("SUMMARY:Annual FIRE drill"))
            .await;
        let by = operations::command_line();
        let organizer = PriorityKind::Organizer;
        room.service.prioritise(&by, None, organizer, "@board.example.org").await.unwrap();
        room.service.prioritise(&by, Some("room"), PriorityKind::Name, "fire").await.unwrap();
        let lines = ["deleted old 0303T10 by chief", "deleted older 0304T10 by fire"];
        assert_eq!(told(&room.clear().await), lines);
    }

    async fn the_author_is_the_organizer_where_there_is_none_or_it_is_the_room(database) {
        let store = database.open().await;
        let room = Room::new(&store)
            .await
            .set(|it| it.room_address = Some("Room@Example.org".to_owned()))
            .await
            .with_event("old", "0101T00", "0303T08", "0303T20")
            .await;
        let ann = room.caller("ann").await;
        let mut ids = Vec::new();
        for organizer in [None, Some("room@example.ORG"), Some("eve@example.org")] {
            let booking = operations::Requested {
                organizer: organizer.map(str::to_owned),
                ..requested("2026-03-03T10:00", "2026-03-03T11:00")
            };
            ids.push(room.book(&ann, &booking, WhenTaken::Book, None).await.unwrap().id);
        }
        let report = room.clear().await;
        let organizer_of = |id: &String| {
            let found = report.deleted_overlapping_events.iter().find(|it| it.event.uid == *id);
            found.unwrap().event.organizer.clone().unwrap()
        };
        let organizers: Vec<_> = ids.iter().map(organizer_of).collect();
        assert_eq!(organizers, ["ann@example.org", "ann@example.org", "eve@example.org"]);
    }
}
