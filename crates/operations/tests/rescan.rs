//! Scheduled scans for conflicts.

use harness::{Room, seconds, starter};
use operations::{Chosen, Limit};
use store::site::{self, Overview};
use testing::on_both_databases;

async fn seen(room: &Room) -> Overview {
    let all = site::overview(room.store(), None).await.unwrap();
    all.into_iter().find(|it| it.id == room.calendar.id).unwrap()
}

/// A room in which `a` and `b` would go.
async fn with_two_conflicts(room: Room) -> Room {
    let mut room = room.with_event("old", "0101T00", "0303T10", "0303T20").await;
    for uid in ["a", "b"] {
        room = room.with_event(uid, "0201T00", "0303T10", "0303T11").await;
    }
    room
}

on_both_databases! {
    async fn a_damaged_calendar_keeps_no_other_from_being_scanned_and_is_not_tried_all_the_while(database) {
        let store = database.open().await;
        let broken = Room::named(&store, "broken").await;
        let room = with_two_conflicts(Room::new(&store).await).await;
        database.execute("UPDATE calendars SET horizon_days = -1 WHERE slug = 'broken'").await;
        assert_eq!(room.service.rescan_rooms().await.unwrap(), 1);
        assert_eq!(seen(&room).await.conflicts, Some(2));
        assert_eq!(room.service.rescan_rooms().await.unwrap(), 0);
        let room = room.with_event("c", "0201T00", "0303T10", "0303T11").await;
        assert_eq!(room.service.rescan_rooms().await.unwrap(), 1, "only what has changed");
        let later = room.at(seconds(3_601));
        assert_eq!(later.service.rescan_rooms().await.unwrap(), 1);
        database.execute("UPDATE calendars SET horizon_days = 365 WHERE slug = 'broken'").await;
        assert_eq!(later.service.rescan_rooms().await.unwrap(), 0, "it was tried just now");
        let latest = room.at(seconds(7_300));
        assert_eq!(latest.service.rescan_rooms().await.unwrap(), 2);
        assert_eq!(seen(&broken).await.conflicts, Some(0));
    }

    async fn what_a_run_or_a_part_of_a_preview_leaves_is_counted_by_the_next_scan(database) {
        let room = with_two_conflicts(Room::new(&database.open().await).await).await;
        let line = room.service.preview(&room.calendar, &operations::Reader::administrator()).await.unwrap().lines.remove(0);
        let chosen = Chosen {
            key: line.removal.key,
            uid: line.removal.event.uid,
            original: line.removal.event.original.0,
            name: line.removal.event.name,
        };
        let reader = operations::Reader::administrator();
        let applied = room.service.apply_preview(&room.calendar, vec![chosen], Limit::Holds, starter(), &reader);
        assert!(applied.await.unwrap().left.is_empty());
        assert_eq!(room.service.rescan_rooms().await.unwrap(), 1);
        assert_eq!(seen(&room).await.conflicts, Some(1));
        room.clear().await;
        assert!(seen(&room).await.last_run_at.is_some());
        assert_eq!(room.service.rescan_rooms().await.unwrap(), 1);
        assert_eq!(seen(&room).await.conflicts, Some(0));
    }

    async fn a_setting_a_protection_and_a_priority_lead_to_another_scan_and_the_same_setting_does_not(database) {
        let room = with_two_conflicts(Room::new(&database.open().await).await).await;
        let (service, by) = (&room.service, operations::command_line());
        let scans = async || service.rescan_rooms().await.unwrap();
        assert_eq!((scans().await, scans().await), (1, 0));
        service.protect(&by, None, "a").await.unwrap();
        assert_eq!((scans().await, seen(&room).await.conflicts), (1, Some(1)));
        service.unprotect(&by, None, "a").await.unwrap();
        assert_eq!((scans().await, seen(&room).await.conflicts), (1, Some(2)));
        let kind = store::calendars::PriorityKind::Uid;
        service.prioritise(&by, Some("room"), kind, "b").await.unwrap();
        assert_eq!(scans().await, 1);
        let calendar = service.calendar("room").await.unwrap();
        service.set_calendar(&by, &calendar).await.unwrap();
        assert_eq!(scans().await, 0);
        let calendar = store::calendars::Calendar { horizon_days: 1, ..calendar };
        service.set_calendar(&by, &calendar).await.unwrap();
        assert_eq!((scans().await, seen(&room).await.conflicts), (1, Some(0)));
    }
}
