//! Moments that a clock wrote that was ahead, and which message goes first, on both databases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use store::clock::{self, MAX_AHEAD};
use store::delivery;
use store::outbox::{self, MessageKind, MessageState, NewMessage};
use store::{Store, leases};
use testing::{Database, on_both_databases};

const NOW: i64 = 1_795_000_000;
const DAY: i64 = 86_400;

async fn message(store: &Store, name: &str, due_at: i64, meets_at: Option<i64>) {
    let transaction = store.begin().await.unwrap();
    let message = NewMessage {
        kind: MessageKind::Removed,
        calendar: None,
        change: None,
        uid: name,
        is_recurring: false,
        address: "ann@example.org",
        data: "{}".to_owned(),
        state: MessageState::Waiting,
        due_at,
        meets_at,
        message_id: name,
        detail: None,
        now: due_at,
    };
    outbox::insert(&transaction, &message).await.unwrap();
    transaction.commit().await.unwrap();
}

/// The Message-IDs in the order in which they are claimed.
async fn claimed(store: &Store) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let transaction = store.begin().await.unwrap();
        let claimed = delivery::claim(&transaction, "one", 120, 1_000, NOW).await.unwrap();
        transaction.commit().await.unwrap();
        let Some(message) = claimed else { return all };
        all.push(message.message_id);
    }
}

async fn mend(store: &Store) -> Vec<(&'static str, &'static str, u64)> {
    let transaction = store.begin().await.unwrap();
    let mended = clock::mend(&transaction, NOW).await.unwrap();
    transaction.commit().await.unwrap();
    mended.into_iter().map(|it| (it.table, it.column, it.rows)).collect()
}

on_both_databases! {
    async fn what_is_about_a_meeting_within_24_hours_goes_first_and_the_rest_in_the_order_of_its_time(database) {
        let store = database.open().await;
        message(&store, "old", NOW - 900, Some(NOW + 3 * DAY)).await;
        message(&store, "older", NOW - 1_000, None).await;
        message(&store, "over", NOW - 800, Some(NOW - 10)).await;
        message(&store, "tomorrow", NOW - 20, Some(NOW + DAY)).await;
        message(&store, "today", NOW - 10, Some(NOW + 3_600)).await;
        message(&store, "put off", NOW + 10, Some(NOW + 60)).await;
        message(&store, "in two days", NOW - 30, Some(NOW + DAY + 1)).await;
        assert_eq!(claimed(&store).await, ["today", "tomorrow", "older", "old", "over", "in two days"]);
    }

    async fn messages_and_claims_and_leases_of_a_clock_that_was_ahead_are_not_held_up(database) {
        let store = database.open().await;
        message(&store, "a year ahead", NOW + 365 * DAY, None).await;
        message(&store, "put off for hours", NOW + 5 * 3_600, None).await;
        assert_eq!(claimed(&store).await, [""; 0]);
        let mended = mend(&store).await;
        assert!(mended.contains(&("outbox", "due_at", 1)), "{mended:?}");
        assert_eq!(claimed(&store).await, ["a year ahead"]);
        database.execute("UPDATE outbox SET held_until = held_until + 3600 WHERE held_until IS NOT NULL").await;
        assert_eq!(claimed(&store).await, ["a year ahead"], "no claim is that long");
        let transaction = store.begin().await.unwrap();
        assert!(leases::take(&transaction, "calendar 1", "one", 15).await.unwrap());
        transaction.commit().await.unwrap();
        database.execute("UPDATE leases SET expires_at = expires_at + 3600").await;
        let transaction = store.begin().await.unwrap();
        assert!(leases::take(&transaction, "calendar 1", "two", 15).await.unwrap(), "nor a lease");
    }

    async fn a_message_that_a_clock_that_was_ahead_gave_up_is_sent_and_one_that_failed_is_not(database) {
        let store = database.open().await;
        for (name, tried_at) in [("given up", NOW + 365 * DAY), ("failed", NOW - 10)] {
            message(&store, name, NOW - 100, None).await;
            let failed = format!(
                "UPDATE outbox SET state = 'failed', tried_at = {tried_at}, attempts = 1 WHERE message_id = '{name}'"
            );
            database.execute(&failed).await;
        }
        mend(&store).await;
        assert_eq!(claimed(&store).await, ["given up"]);
    }

    async fn every_moment_that_something_goes_by_is_mended_and_none_that_may_be_so(database) {
        let store = database.open().await;
        rows(&database, NOW + MAX_AHEAD).await;
        assert_eq!(mend(&store).await, []);
        database.execute("DELETE FROM users").await;
        database.execute("DELETE FROM calendars").await;
        database.execute("DELETE FROM server_pauses").await;
        rows(&database, NOW + 365 * DAY).await;
        let mended = mend(&store).await;
        for expected in [
            ("calendar_health", "last_scheduled_at", 1),
            ("sessions", "expires_at", 1),
            ("one_time_links", "expires_at", 1),
            ("server_pauses", "until_at", 1),
            ("second_factors", "last_step", 1),
            ("calendar_sync", "audited_at", 1),
        ] {
            assert!(mended.contains(&expected), "{expected:?} {mended:?}");
        }
        assert_eq!(mend(&store).await, []);
        for table in ["sessions", "one_time_links", "server_pauses"] {
            assert_eq!(database.numbers(&format!("SELECT COUNT(*) FROM {table}")).await, [0], "{table}");
        }
        let step = database.numbers("SELECT last_step FROM second_factors").await;
        assert_eq!(step, [NOW / 30], "a code of today works");
    }
}

/// A user and a calendar, all of whose moments are `at`.
async fn rows(database: &Database, at: i64) {
    let store = database.open().await;
    let transaction = store.begin().await.unwrap();
    let new = store::users::NewUser { name: "ann", address: None, is_administrator: true };
    let user = store::users::insert(&transaction, &new, at).await.unwrap().0;
    let calendar = store::calendars::Calendar::built_in("room", "A room", "UTC");
    store::calendars::insert(&transaction, &calendar).await.unwrap();
    transaction.commit().await.unwrap();
    let bytes = if database.url.starts_with("sqlite") { "x'00'" } else { "'\\x00'" };
    for sql in [
        format!("UPDATE calendar_health SET last_scheduled_at = {at}"),
        format!("UPDATE calendar_sync SET audited_at = {at}"),
        format!(
            "INSERT INTO sessions (token, user_id, created_at, seen_at, expires_at, awaits_code, address, browser) \
             VALUES ({bytes}, {user}, {at}, {at}, {}, FALSE, '', '')",
            at + 7 * DAY
        ),
        format!(
            "INSERT INTO one_time_links (token, purpose, user_id, expires_at) \
             VALUES ({bytes}, 'invitation', {user}, {})",
            at + 7 * DAY
        ),
        format!(
            "INSERT INTO second_factors (user_id, app_key, last_step, set_at) VALUES ({user}, {bytes}, {}, {at})",
            at / 30
        ),
        format!(
            "INSERT INTO server_pauses (server, until_at, status, words) VALUES ('x', {}, 429, '')",
            at + 3_600
        ),
    ] {
        database.execute(&sql).await;
    }
}
