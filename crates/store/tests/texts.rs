//! The texts of the history: each is stored once, and as long as something refers to it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, Statement};
use store::calendars::{self, Calendar};
use store::history::{self, Cause, NewChange, Old};
use store::{CalendarId, ChangeId, Error, Store, Transaction, history_pages, texts, uid_metadata};
use testing::{Database, on_both_databases};

const NOW: i64 = 1_795_000_000;

async fn room(store: &Store) -> CalendarId {
    let transaction = store.begin().await.unwrap();
    let new = Calendar::built_in("room", "A room", "UTC");
    let id = calendars::insert(&transaction, &new).await.unwrap();
    transaction.commit().await.unwrap();
    id
}

async fn change(
    transaction: &Transaction,
    calendar: CalendarId,
    before: Option<&[u8]>,
    after: Option<&[u8]>,
    now: i64,
) -> ChangeId {
    let change = NewChange {
        run: None,
        calendar,
        href: "/a.ics",
        uid: "a",
        cause: Cause::Request,
        asked: None,
        before: before.map(|it| (it, "\"1\"")),
        after: after.map(|it| (it, Some("\"2\""))),
        now,
    };
    history::insert_change(transaction, &change).await.unwrap()
}

async fn try_to_collect(store: &Store) -> store::Result<u64> {
    let mut number = 0;
    for part in 0..texts::PARTS {
        let transaction = store.begin().await?;
        number += texts::collect(&transaction, part).await?;
        transaction.commit().await?;
    }
    Ok(number)
}

async fn collect(store: &Store) -> u64 {
    try_to_collect(store).await.unwrap()
}

/// Deletes all that is older than a moment but the texts; returns the digests of those that may go.
async fn forget(store: &Store, before: i64) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    for old in Old::ALL {
        let transaction = store.begin().await.unwrap();
        texts.extend(history::forget(&transaction, old, before).await.unwrap().texts);
        transaction.commit().await.unwrap();
    }
    texts
}

/// How many texts are stored.
async fn stored(database: &Database) -> i64 {
    let raw = testing::connect(&database.url).await;
    let sql = "SELECT COUNT(*) FROM texts";
    let row = raw.query_one_raw(Statement::from_string(raw.get_database_backend(), sql)).await;
    row.unwrap().unwrap().try_get_by_index(0).unwrap()
}

on_both_databases! {
    async fn a_text_is_stored_once_whoever_refers_to_it_and_read_back_as_it_was(database) {
        let store = database.open().await;
        let id = room(&store).await;
        let (one, binary) = (b"BEGIN:VCALENDAR\r\n".as_slice(), [0, 255, 13, 10].as_slice());
        let large = "one line after another\r\n".repeat(10_000).into_bytes();
        let transaction = store.begin().await.unwrap();
        let first = change(&transaction, id, Some(one), Some(binary), NOW).await;
        let second = change(&transaction, id, Some(binary), Some(one), NOW).await;
        let third = change(&transaction, id, Some(one), Some(one), NOW).await;
        let fourth = change(&transaction, id, Some(&large), None, NOW).await;
        let fifth = change(&transaction, id, Some(&large), None, NOW).await;
        uid_metadata::see(&transaction, id, "a", NOW).await.unwrap();
        uid_metadata::set_vanished(&transaction, id, "a", ("/a.ics", one), NOW).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(stored(&database).await, 3);
        for (id, before, after) in [
            (first, one, Some(binary)),
            (second, binary, Some(one)),
            (third, one, Some(one)),
            (fourth, &large, None),
            (fifth, &large, None),
        ] {
            let found = history::change(&store, id).await.unwrap().unwrap();
            assert_eq!(found.before_text.as_deref(), Some(before));
            assert_eq!(found.after_text.as_deref(), after);
            let text = history_pages::text_before(&store, id).await.unwrap();
            assert_eq!(text.as_deref(), Some(before));
        }
        let of_object = history::changes_of(&store, id, "/a.ics").await.unwrap();
        assert_eq!(of_object.len(), 5);
        let trace = uid_metadata::trace(&store, id, "a").await.unwrap();
        assert_eq!(trace.last_text.as_deref(), Some(one));
        assert_eq!(uid_metadata::gone_since(&store, id, "b", NOW).await.unwrap(), [one]);
    }

    async fn a_text_goes_when_the_last_that_refers_to_it_is_forgotten(database) {
        let store = database.open().await;
        let id = room(&store).await;
        let transaction = store.begin().await.unwrap();
        change(&transaction, id, Some(b"old"), Some(b"both"), NOW).await;
        change(&transaction, id, Some(b"both"), None, NOW + 10).await;
        uid_metadata::see(&transaction, id, "a", NOW).await.unwrap();
        uid_metadata::set_ended(&transaction, id, "a", Some(b"old"), NOW + 20).await.unwrap();
        transaction.commit().await.unwrap();
        for (before, expected) in [(NOW, 2), (NOW + 1, 2), (NOW + 11, 1), (NOW + 21, 0)] {
            forget(&store, before).await;
            collect(&store).await;
            assert_eq!(stored(&database).await, expected, "{before}");
        }
    }

    async fn a_text_can_go_with_the_last_that_referred_to_it_and_no_other_does(database) {
        let store = database.open().await;
        let id = room(&store).await;
        let transaction = store.begin().await.unwrap();
        change(&transaction, id, Some(b"old"), Some(b"both"), NOW).await;
        change(&transaction, id, Some(b"both"), Some(b"new"), NOW + 10).await;
        uid_metadata::see(&transaction, id, "a", NOW).await.unwrap();
        uid_metadata::set_ended(&transaction, id, "a", Some(b"new"), NOW + 20).await.unwrap();
        transaction.commit().await.unwrap();
        for (before, named, expected) in [(NOW + 1, 2, 2), (NOW + 11, 2, 1), (NOW + 21, 1, 0)] {
            let texts = forget(&store, before).await;
            assert_eq!(texts.len(), named, "{before}");
            let transaction = store.begin().await.unwrap();
            texts::forget(&transaction, &texts).await.unwrap();
            transaction.commit().await.unwrap();
            assert_eq!(stored(&database).await, expected, "{before}");
        }
    }

    async fn two_that_store_the_same_texts_at_once_both_do(database) {
        let store = database.open().await;
        let id = room(&store).await;
        let storing = (0..8).map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let transaction = store.begin().await.unwrap();
                let (one, two) = (Some(b"one".as_slice()), Some(b"two".as_slice()));
                // One after the other, and the other way round.
                let (before, after) = if number % 2 == 0 { (one, two) } else { (two, one) };
                change(&transaction, id, before, after, NOW).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
                transaction.commit().await.unwrap();
            })
        });
        for one in storing.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        assert_eq!(history::changes_of(&store, id, "/a.ics").await.unwrap().len(), 8);
        assert_eq!(stored(&database).await, 2);
    }

    async fn two_calendars_with_the_same_texts_do_not_wait_for_each_other(database) {
        let store = database.open().await;
        if store.kind() == store::DatabaseKind::Sqlite {
            // Its writers come one after the other anyway.
            return;
        }
        let one = room(&store).await;
        let transaction = store.begin().await.unwrap();
        let new = Calendar::built_in("other", "Another room", "UTC");
        let other = calendars::insert(&transaction, &new).await.unwrap();
        transaction.commit().await.unwrap();
        let (first, second) = (store.begin().await.unwrap(), store.begin().await.unwrap());
        for (a, b) in [(b"a", b"b"), (b"b", b"a")] {
            change(&first, one, Some(a), None, NOW).await;
            change(&second, other, Some(b), None, NOW).await;
        }
        first.commit().await.unwrap();
        second.commit().await.unwrap();
    }

    async fn a_text_that_somebody_is_about_to_refer_to_is_not_collected(database) {
        let store = database.open().await;
        let id = room(&store).await;
        let large = vec![b'x'; 100_000];
        for text in [b"small".as_slice(), &large] {
            // Nothing refers to it any more.
            let transaction = store.begin().await.unwrap();
            let old = change(&transaction, id, Some(text), None, NOW - 1).await;
            transaction.commit().await.unwrap();
            forget(&store, NOW).await;
            assert_eq!(history::change(&store, old).await.unwrap(), None);
            assert_eq!(stored(&database).await, 1);
            let storing = store.begin().await.unwrap();
            let new = change(&storing, id, Some(text), None, NOW).await;
            let collector = store.clone();
            let collecting = tokio::spawn(async move { try_to_collect(&collector).await });
            tokio::time::sleep(Duration::from_millis(200)).await;
            storing.commit().await.unwrap();
            match (store.kind(), collecting.await.unwrap()) {
                (store::DatabaseKind::Sqlite, Ok(0)) | (_, Err(Error::Unavailable(_))) => {}
                (_, collected) => panic!("it did not wait and was not refused: {collected:?}"),
            }
            assert_eq!(collect(&store).await, 0);
            let found = history::change(&store, new).await.unwrap().unwrap();
            assert_eq!(found.before_text.as_deref(), Some(text));
            forget(&store, NOW + 1).await;
            assert_eq!(collect(&store).await, 1);
        }
    }

    async fn a_damaged_text_is_said_to_be_and_read_no_further_than_its_size(database) {
        let store = database.open().await;
        let id = room(&store).await;
        let transaction = store.begin().await.unwrap();
        let change = change(&transaction, id, Some(&[b'x'; 10_000]), None, NOW).await;
        transaction.commit().await.unwrap();
        let raw = testing::connect(&database.url).await;
        for damage in ["size = 100", "size = 20000", "size = -1", "size = 10000, digest = digest"] {
            raw.execute_unprepared(&format!("UPDATE texts SET {damage}")).await.unwrap();
            let found = history::change(&store, change).await;
            let is_whole = damage.contains("10000");
            assert_eq!(found.is_ok(), is_whole, "{damage}");
            assert!(is_whole || matches!(found, Err(Error::Damaged(_))), "{damage}");
        }
    }
}
