//! Who holds which hour, and what is said of each.

use harness::{Room, days, event, file, window};
use ical::Window;
use operations::{WeekEvent, WeekOutcome};
use testing::on_both_databases;

/// What becomes of the events of a window, in short.
async fn fates(room: &Room, window: Window) -> Vec<String> {
    let (events, more) = room
        .service
        .week(&room.calendar, window, &operations::Reader::administrator())
        .await
        .unwrap();
    assert_eq!(more, 0);
    events.iter().map(short).collect()
}

fn short(it: &WeekEvent) -> String {
    let fate = match &it.fate {
        WeekOutcome::Stays => "stays".to_owned(),
        WeekOutcome::Over => "is over".to_owned(),
        WeekOutcome::Leftover => "is a leftover".to_owned(),
        WeekOutcome::Wins { over, more, .. } => format!("wins over {} and {more}", over.uid),
        WeekOutcome::Stronger { than, reason, more, .. } => {
            format!("is stronger than {} and {more}: {reason}", than.uid)
        }
        WeekOutcome::Removed { conflicts_with, .. } => {
            format!("goes beside {}", conflicts_with.uid)
        }
        WeekOutcome::Kept { conflicts_with, reason, .. } => {
            format!("stays beside {}: {reason}", conflicts_with.uid)
        }
        WeekOutcome::FarAhead { conflicts_with: Some(conflicts_with) } => {
            format!("is far, beside {}", conflicts_with.uid)
        }
        WeekOutcome::FarAhead { conflicts_with: None } => "is far".to_owned(),
    };
    format!("{} {fate}", it.event.uid)
}

on_both_databases! {
    async fn what_is_on_is_told_alike_whatever_window_it_is_seen_through(database) {
        let room = Room::new(&database.open().await).await;
        // The present is the morning of 2 March: all began on Sunday, and one lasts the week.
        let events = [
            event("a", "0101T00", "0301T20", "0302T07"),
            event("b", "0102T00", "0301T20", "0302T06"),
            event("long", "0103T00", "0301T20", "0307T20"),
        ];
        let room = room.with_file(&file(&events)).await;
        let told = ["a wins over long and 0", "b stays beside a: started", "long goes beside a"];
        // The week that has gone by, the hour of the start, this week, and all of it.
        for (start, end) in [("0223T00", "0302T00"), ("0301T20", "0301T21"), ("0302T00", "0309T00"),
            ("0223T00", "0401T00")]
        {
            assert_eq!(fates(&room, window(start, end)).await, told, "{start}");
        }
        let told = ["long goes beside a"];
        assert_eq!(fates(&room, window("0306T00", "0307T00")).await, told);
        let over = room.at(days(7));
        for it in fates(&over, window("0223T00", "0302T00")).await {
            assert!(it.ends_with(" is over"), "{it}");
        }
    }

    async fn the_stronger_of_two_that_both_stay_is_told_as_such(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("a", "0101T00", "0303T10", "0303T12").await;
        let room = room.with_event("b", "0102T00", "0303T10", "0303T11").await;
        let room = room.with_event("c", "0103T00", "0303T11", "0303T12").await;
        let day = window("0303T00", "0304T00");
        let room = room.set(|it| it.safety_limit = 1).await;
        assert_eq!(fates(&room, day).await, [
            "a wins over b and 0", "b goes beside a", "c stays beside a: limit",
        ]);
        let room = room.set(|it| it.safety_limit = 10).await;
        for uid in ["b", "c"] {
            room.service.protect(&operations::command_line(), Some("room"), uid).await.unwrap();
        }
        assert_eq!(fates(&room, day).await, [
            "a is stronger than b and 1: protected", "b stays beside a: protected",
            "c stays beside a: protected",
        ]);
        // Against whom it wins is said before whom it only is stronger than.
        room.service.unprotect(&operations::command_line(), Some("room"), "c").await.unwrap();
        assert_eq!(fates(&room, day).await[0], "a wins over c and 0");
    }

    async fn what_is_free_is_in_nobodys_way(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("a", "0101T00", "0303T10", "0303T12").await;
        let room =
            room.with(event("f", "0102T00", "0303T10", "0303T11").line("TRANSP:TRANSPARENT")).await;
        let told = fates(&room, window("0303T00", "0304T00")).await;
        assert_eq!(told, ["a stays", "f stays beside a: free"]);
    }

    async fn beyond_the_horizon_nothing_is_decided_and_what_overlaps_is_told(database) {
        let room = Room::new(&database.open().await).await.set(|it| it.horizon_days = 30).await;
        let room = room.with_event("a", "0101T00", "0501T10", "0501T12").await;
        let room = room.with_event("b", "0102T00", "0501T11", "0501T13").await;
        let room = room.with_event("c", "0102T00", "0501T13", "0501T14").await;
        let told = ["a is far, beside b", "b is far, beside a", "c is far"];
        assert_eq!(fates(&room, window("0427T00", "0504T00")).await, told);
        // Also where only the moment of its start is looked at, before anything overlaps it.
        assert_eq!(fates(&room, window("0501T10", "0501T1001")).await, ["a is far, beside b"]);
        let near = room.at(days(40));
        let told = ["a wins over b and 0", "b goes beside a", "c stays"];
        assert_eq!(fates(&near, window("0427T00", "0504T00")).await, told);
    }

    async fn what_begins_before_the_horizon_is_told_in_the_weeks_behind_it_too(database) {
        let room = Room::new(&database.open().await).await.set(|it| it.horizon_days = 30).await;
        let room = room.with_event("a", "0101T00", "0330T10", "0415T10").await;
        let room = room.with_event("b", "0102T00", "0331T10", "0414T10").await;
        let room = room.with_event("far", "0102T00", "0407T10", "0407T11").await;
        let told = ["a wins over b and 0", "b goes beside a", "far is far, beside b"];
        assert_eq!(fates(&room, window("0406T00", "0413T00")).await, told);
    }

    async fn a_prioritised_event_is_known_by_whatever_prioritises_it(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with(event("a", "", "0303T10", "0303T11").line("SUMMARY:Board meeting")).await;
        let room = room.with_event("b", "", "0304T10", "0304T11").await;
        let kind = store::calendars::PriorityKind::Name;
        let actor = operations::command_line();
        room.service.prioritise(&actor, Some("room"), kind, "board").await.unwrap();
        let week = window("0302T00", "0309T00");
        let (events, _) = room.service.week(&room.calendar, week, &operations::Reader::administrator()).await.unwrap();
        let told: Vec<_> = events.iter().map(|it| it.is_prioritised).collect();
        assert_eq!(told, [true, false]);
    }
}
