//! Series of which both objects stand, and who takes the next step.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use store::calendars::{self, Calendar};
use store::divided_series::{self, DividedSeries};
use store::{DatabaseKind, Store};
use testing::on_both_databases;

const PAUSE: i64 = 60;

async fn divided(store: &Store, uid: &str, at: i64) {
    let transaction = store.begin().await.unwrap();
    let calendar = calendars::by_slug(&transaction, "room").await.unwrap();
    let calendar_id = match calendar {
        Some(it) => it.id,
        None => {
            calendars::insert(&transaction, &Calendar::built_in("room", "", "UTC")).await.unwrap()
        }
    };
    let (uid, next_uid) = (uid.to_owned(), format!("{uid}-next"));
    let row = DividedSeries { calendar_id, uid, next_uid, original: 5, is_restored: false };
    divided_series::insert(&transaction, &row, at).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn claimed(store: &Store, now: i64) -> Vec<String> {
    let transaction = store.begin().await.unwrap();
    let claimed = divided_series::claim(&transaction, (now, PAUSE)).await.unwrap();
    transaction.commit().await.unwrap();
    claimed.into_iter().map(|it| it.uid).collect()
}

on_both_databases! {
    async fn a_series_is_tried_after_each_pause_and_hourly_once_it_is_an_hour_old(database) {
        let store = database.open().await;
        divided(&store, "s", 1_000).await;
        assert!(claimed(&store, 1_059).await.is_empty());
        assert_eq!(claimed(&store, 1_060).await, ["s"]);
        assert!(claimed(&store, 1_119).await.is_empty());
        assert_eq!(claimed(&store, 1_120).await, ["s"]);
        assert_eq!(claimed(&store, 5_000).await, ["s"]);
        assert!(claimed(&store, 8_599).await.is_empty());
        assert_eq!(claimed(&store, 8_600).await, ["s"]);
    }

    async fn of_two_processes_at_one_moment_only_one_claims_a_series(database) {
        let store = database.open().await;
        if store.kind() == DatabaseKind::Sqlite {
            // One writer at a time.
            divided(&store, "s", 1_000).await;
            assert_eq!((claimed(&store, 2_000).await.len(), claimed(&store, 2_000).await.len()), (1, 0));
            return;
        }
        divided(&store, "s", 1_000).await;
        let other = store.begin().await.unwrap();
        // It has read before the first one writes.
        let calendar = calendars::by_slug(&other, "room").await.unwrap().unwrap().id;
        assert_eq!(divided_series::of_calendar(&other, calendar).await.unwrap().len(), 1);
        assert_eq!(claimed(&store, 2_000).await, ["s"]);
        let late = divided_series::claim(&other, (2_000, PAUSE)).await;
        assert!(late.is_err() || late.unwrap().is_empty());
    }

    async fn what_is_about_an_object_that_is_gone_is_forgotten(database) {
        let store = database.open().await;
        divided(&store, "s", 1_000).await;
        divided(&store, "t", 1_000).await;
        let transaction = store.begin().await.unwrap();
        let calendar = calendars::by_slug(&transaction, "room").await.unwrap().unwrap().id;
        divided_series::remove_of(&transaction, calendar, "s").await.unwrap();
        divided_series::remove_of(&transaction, calendar, "t-next").await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(divided_series::of_calendar(&store, calendar).await.unwrap().len(), 0);
    }
}
