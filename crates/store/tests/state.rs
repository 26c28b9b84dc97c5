//! What is kept of a calendar beside its settings, on both databases: sync state, health, the room itself;
//! and what happens where two change the same at once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use facts::Clock;
use store::calendars::{self, Calendar, Due};
use store::health::{self, ScanResult};
use store::mirror::{self, Mark};
use store::objects::{self, Resource, Span};
use store::rooms::{self, Picture, Room};
use store::templates::{self, Template};
use store::users::{self, NewUser, User};
use store::{CalendarId, DatabaseKind, Store, TemplateId, site};
use testing::on_both_databases;
use tokio::task::JoinHandle;

const NOW: i64 = 1_795_000_000;

async fn calendar(store: &Store, slug: &str, schedule_minutes: Option<u32>) -> CalendarId {
    let transaction = store.begin().await.unwrap();
    let new = Calendar { schedule_minutes, ..Calendar::built_in(slug, "A room", "UTC") };
    let id = calendars::insert(&transaction, &new).await.unwrap();
    transaction.commit().await.unwrap();
    id
}

fn resource(href: &str) -> Resource {
    Resource {
        href: href.to_owned(),
        uid: href.to_owned(),
        etag: "\"1\"".to_owned(),
        text: b"text".to_vec(),
    }
}

/// Takes the turn of a calendar beside whatever else goes on.
fn take(store: &Store, id: CalendarId, holder: &'static str, now: i64) -> JoinHandle<bool> {
    let store = store.clone();
    tokio::spawn(async move {
        let transaction = store.begin().await.unwrap();
        let is_taken = calendars::take_turn(&transaction, id, holder, now).await.unwrap();
        transaction.commit().await.unwrap();
        is_taken
    })
}

on_both_databases! {
    async fn a_new_calendar_has_a_sync_state_and_a_health(database) {
        let store = database.open().await;
        let id = calendar(&store, "room", None).await;
        assert_eq!(mirror::state(&store, id).await.unwrap(), Some(mirror::Mirror::default()));
        assert_eq!(health::of(&store, id).await.unwrap(), Some(health::Health::default()));
        assert_eq!(mirror::state(&store, CalendarId(999)).await.unwrap(), None);
        assert_eq!(health::of(&store, CalendarId(999)).await.unwrap(), None);
        assert_eq!(site::overview(&store, None).await.unwrap().len(), 1);
    }

    async fn the_turn_of_a_schedule_is_taken_by_one_of_two_servers_and_marked_when_it_is_done(database) {
        let store = database.open().await;
        calendar(&store, "never", None).await;
        let id = calendar(&store, "room", Some(15)).await;
        let other = Store::open(&database.url).await.unwrap();
        let room = Due { id, slug: "room".to_owned(), collection_url: None };
        for now in [NOW, NOW + 900] {
            let due = calendars::due(&store, now, 10).await.unwrap();
            assert_eq!(due, std::slice::from_ref(&room), "{now}");
            let (one, two) = (take(&store, id, "one", now), take(&other, id, "two", now));
            let taken = [one.await.unwrap(), two.await.unwrap()];
            assert_eq!(taken.iter().filter(|it| **it).count(), 1, "{now}");
            assert_eq!(calendars::due(&store, now, 10).await.unwrap(), []);
            let holder = if taken[0] { "one" } else { "two" };
            let transaction = store.begin().await.unwrap();
            calendars::end_turn(&transaction, id, "somebody else", Some(now)).await.unwrap();
            calendars::end_turn(&transaction, id, holder, Some(now)).await.unwrap();
            transaction.commit().await.unwrap();
            assert_eq!(calendars::due(&store, now + 899, 10).await.unwrap(), []);
        }
        assert_eq!(calendars::due(&store, NOW + 1_800, 10).await.unwrap(), [room]);
    }

    async fn a_turn_whose_process_is_silent_for_fifteen_seconds_is_anothers_and_one_that_is_kept_is_not(database) {
        let store = database.open().await;
        let (id, other) = (calendar(&store, "room", Some(15)).await, calendar(&store, "other", Some(15)).await);
        assert!(take(&store, id, "one", NOW).await.unwrap() && take(&store, other, "one", NOW).await.unwrap());
        let pass = "UPDATE calendar_health SET turn_held_until = turn_held_until - 10";
        for _ in 0..2 {
            database.execute(pass).await;
            let transaction = store.begin().await.unwrap();
            calendars::renew_turns(&transaction, "one", &[id]).await.unwrap();
            transaction.commit().await.unwrap();
        }
        assert!(!take(&store, id, "two", NOW).await.unwrap(), "it is kept");
        assert!(take(&store, other, "two", NOW).await.unwrap(), "it is not");
        let transaction = store.begin().await.unwrap();
        calendars::end_turn(&transaction, other, "one", Some(NOW)).await.unwrap();
        transaction.commit().await.unwrap();
        let later = "UPDATE calendar_health SET turn_held_until = turn_held_until - 15";
        database.execute(later).await;
        let due: Vec<_> = calendars::due(&store, NOW, 10).await.unwrap().into_iter().map(|it| it.id).collect();
        assert_eq!(due, [id, other], "the process that lost it has not done it");
    }

    async fn a_turn_that_a_clock_that_was_ahead_marked_or_took_counts_as_none(database) {
        let store = database.open().await;
        let id = calendar(&store, "room", Some(15)).await;
        for (ahead, is_due) in [(0, false), (300, false), (301, true), (86_400 * 365, true)] {
            database.execute(&format!("UPDATE calendar_health SET last_scheduled_at = {}", NOW + ahead)).await;
            let due = calendars::due(&store, NOW, 10).await.unwrap();
            assert_eq!(!due.is_empty(), is_due, "{ahead}");
        }
        assert!(take(&store, id, "one", NOW).await.unwrap());
        database.execute("UPDATE calendar_health SET turn_held_until = turn_held_until + 3600").await;
        assert!(take(&store, id, "two", NOW).await.unwrap());
    }

    async fn a_frozen_server_that_has_locked_one_calendar_keeps_no_other_one_from_its_turn(database) {
        let store = database.open().await;
        if store.kind() == DatabaseKind::Sqlite {
            // Its writers come one after the other.
            return;
        }
        let (id, other) = (calendar(&store, "room", Some(15)).await, calendar(&store, "other", Some(15)).await);
        let frozen = store.begin().await.unwrap();
        health::set_failure(&frozen, id, "503", NOW).await.unwrap();
        let begun = Clock::system().instant();
        assert!(take(&store, other, "one", NOW).await.unwrap());
        assert!(!take(&store, id, "one", NOW).await.unwrap(), "it is passed over");
        let transaction = store.begin().await.unwrap();
        calendars::renew_turns(&transaction, "one", &[id, other]).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(Clock::system().elapsed(begun) < Duration::from_secs(5), "nobody waited");
        drop(frozen);
    }

    async fn the_locks_of_a_server_that_froze_in_a_transaction_are_freed_and_it_is_told_so(database) {
        let store = database.open().await;
        if store.kind() == DatabaseKind::Sqlite {
            return;
        }
        let id = calendar(&store, "room", Some(1)).await;
        let frozen = store.begin().await.unwrap();
        calendars::lock(&frozen, id).await.unwrap();
        let booking = store.begin().await.unwrap();
        calendars::lock(&booking, id).await.unwrap();
        booking.commit().await.unwrap();
        let woken = calendars::lock(&frozen, id).await;
        assert!(matches!(woken, Err(store::Error::Unavailable(_))), "{woken:?}");
    }

    async fn whoever_changes_the_content_keeps_nobody_from_noting_health_or_schedule(database) {
        let store = database.open().await;
        if store.kind() == DatabaseKind::Sqlite {
            // Its writers come one after the other anyway.
            return;
        }
        let id = calendar(&store, "room", Some(1)).await;
        let changing = store.begin().await.unwrap();
        calendars::lock(&changing, id).await.unwrap();
        let noting = store.begin().await.unwrap();
        health::set_failure(&noting, id, "503", NOW).await.unwrap();
        assert!(calendars::take_turn(&noting, id, "one", NOW).await.unwrap());
        noting.commit().await.unwrap();
        changing.commit().await.unwrap();
        let found = health::of(&store, id).await.unwrap().unwrap();
        assert_eq!((found.failing_since, found.failure.as_deref()), (Some(NOW), Some("503")));
    }

    async fn a_mirror_that_is_brought_up_to_date_counts_what_another_server_has_just_added(database) {
        let store = database.open().await;
        let id = calendar(&store, "room", None).await;
        let from = mirror::state(&store, id).await.unwrap().unwrap();
        let adding = store.begin().await.unwrap();
        calendars::lock(&adding, id).await.unwrap();
        objects::put(&adding, id, &resource("a"), Span::default()).await.unwrap();
        mirror::count_change(&adding, id, 1).await.unwrap();
        let other = store.clone();
        let begun = from.clone();
        let advancing = tokio::spawn(async move {
            let transaction = other.begin().await.unwrap();
            let advanced =
                mirror::advance(&transaction, id, &begun, &Mark::default(), (NOW, NOW)).await;
            transaction.commit().await.unwrap();
            advanced.unwrap()
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        adding.commit().await.unwrap();
        assert!(advancing.await.unwrap());
        let state = mirror::state(&store, id).await.unwrap().unwrap();
        assert_eq!((state.mirrored, state.generation, state.looks), (1, 1, 1));
        let transaction = store.begin().await.unwrap();
        assert!(!mirror::is_current(&transaction, id, &from).await.unwrap(), "it has gone on");
    }

    async fn what_a_scan_found_is_shown_until_the_content_changes(database) {
        let store = database.open().await;
        let id = calendar(&store, "room", None).await;
        let waiting = async || health::due_for_scan(&store, None, NOW - 10, 5).await.unwrap();
        assert_eq!(waiting().await, [id]);
        let transaction = store.begin().await.unwrap();
        let result = ScanResult { conflicts: 2, kept_conflicts: 1, revision: 0 };
        health::record_scan(&transaction, id, &result, NOW).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(waiting().await.is_empty());
        let shown = site::overview(&store, None).await.unwrap().remove(0);
        assert_eq!((shown.conflicts, shown.kept_conflicts, shown.scanned_at), (Some(2), Some(1), Some(NOW)));
        let transaction = store.begin().await.unwrap();
        calendars::lock(&transaction, id).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(waiting().await, [id]);
        let transaction = store.begin().await.unwrap();
        health::record_failed_scan(&transaction, id, None, NOW).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(waiting().await.is_empty(), "it was tried at this revision");
    }

    async fn what_a_room_is_and_its_picture_are_read_back(database) {
        let store = database.open().await;
        let id = calendar(&store, "room", None).await;
        assert_eq!(rooms::of(&store, id).await.unwrap(), Some(Room::default()));
        assert_eq!(rooms::picture(&store, id).await.unwrap(), None);
        let room = Room {
            building: Some("Haus 2".to_owned()),
            floor: Some("3rd".to_owned()),
            capacity: Some(12),
            features: vec!["projector".to_owned(), "Flipchart, \"groß\"".to_owned()],
            description: Some("With a view".to_owned()),
            has_picture: true,
        };
        let picture = |byte| Picture { media_type: "image/png".to_owned(), picture: vec![0, byte] };
        let transaction = store.begin().await.unwrap();
        assert!(rooms::set(&transaction, id, 0, &room).await.unwrap());
        assert!(!rooms::set(&transaction, id, 0, &Room::default()).await.unwrap(), "an older version");
        for byte in [1, 255] {
            rooms::set_picture(&transaction, id, Some(&picture(byte))).await.unwrap();
        }
        transaction.commit().await.unwrap();
        assert_eq!(rooms::of(&store, id).await.unwrap(), Some(room.clone()));
        assert_eq!(rooms::all(&store).await.unwrap(), [(id, room)].into());
        assert_eq!(rooms::picture(&store, id).await.unwrap(), Some(picture(255)));
        assert_eq!(calendars::by_id(&store, id).await.unwrap().unwrap().version, 1);
        let transaction = store.begin().await.unwrap();
        rooms::set_picture(&transaction, id, None).await.unwrap();
        assert_eq!(rooms::picture(&transaction, id).await.unwrap(), None);
        assert_eq!(rooms::of(&transaction, CalendarId(999)).await.unwrap(), None);
    }

    async fn of_two_who_change_the_same_user_or_template_the_second_is_told(database) {
        let store = database.open().await;
        let transaction = store.begin().await.unwrap();
        let new = NewUser { name: "ann", address: None, is_administrator: false };
        let id = users::insert(&transaction, &new, NOW).await.unwrap();
        let seen = users::by_id(&transaction, id).await.unwrap().unwrap();
        let first = User { address: Some("a@example.org".to_owned()), ..seen.clone() };
        let second = User { is_administrator: true, ..seen };
        assert!(users::update(&transaction, &first, NOW).await.unwrap());
        assert!(!users::update(&transaction, &second, NOW).await.unwrap());
        let found = users::by_id(&transaction, id).await.unwrap().unwrap();
        assert_eq!(found, User { version: 1, ..first });
        let new = Template {
            id: TemplateId(0),
            name: "t".to_owned(),
            subject: "s".to_owned(),
            text_body: "b".to_owned(),
            html_body: None,
            choices: None,
            is_default: false,
            version: 0,
        };
        let id = templates::insert(&transaction, &new).await.unwrap();
        let first = Template { id, subject: "first".to_owned(), ..new.clone() };
        let second = Template { id, subject: "second".to_owned(), ..new };
        assert!(templates::update(&transaction, &first).await.unwrap());
        assert!(!templates::update(&transaction, &second).await.unwrap());
        let found = templates::by_id(&transaction, id).await.unwrap().unwrap();
        assert_eq!(found, Template { version: 1, ..first });
    }
}

#[test]
fn a_file_that_can_only_be_read_is_known_by_its_error() {
    testing::block_on(async {
        let database = testing::Database::sqlite().await;
        // The first one keeps the file beside it that readers share.
        let _writing = database.open().await;
        let reading = Store::open(&format!("{}?mode=ro", database.url)).await.unwrap();
        let error = reading.probe(store::Proof::Write).await.unwrap_err();
        assert!(error.is_read_only(), "{error:?}");
        reading.probe_reading().await.unwrap();
    });
}
