//! Two servers on one database do what one would: nothing twice, and nothing is left undone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests of real processes wait by the real clock")]

#[path = "crash/random.rs"]
mod random;
#[path = "crash/rooms.rs"]
mod rooms;
#[path = "crash/server.rs"]
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use operations::{Service, command_line};
use random::Random;
use rooms::{Batch, SLUGS, Times, rfc3339};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, FromQueryResult, Statement};
use serde_json::json;
use server::{Server, clear, client, removed};
use store::Store;
use store::calendars::Calendar;
use testing::{Database, block_on};
use tokio::time::sleep;

/// How long a process may be silent before its lease is another's (crate `operations`).
const LEASE: Duration = Duration::from_secs(15);

/// A PostgreSQL database with two rooms, and what is needed to ask servers on it.
struct Rooms {
    database: Database,
    store: Store,
    folder: tempfile::TempDir,
    key: String,
    times: Times,
    random: Random,
    batches: i64,
}

impl Rooms {
    async fn new() -> Rooms {
        let database = Database::new(store::DatabaseKind::Postgres).await;
        let store = database.open().await;
        let key = rooms::set_up(&store).await;
        let times = Times::new(Service::new(store.clone()).now());
        let folder = tempfile::tempdir().unwrap();
        Rooms { database, store, folder, key, times, random: Random::new(7, 7), batches: 0 }
    }

    async fn server(&self) -> Server {
        let mut server = Server::start(&self.database.url, self.folder.path());
        server.ready(&client()).await;
        server
    }

    /// Imports further double bookings into the first room.
    async fn double_book(&mut self) {
        let batch = Batch::new(&self.times, SLUGS[0], self.batches, &mut self.random);
        self.batches += 1;
        rooms::import(&self.store, SLUGS[0], &batch.file).await;
    }

    async fn connect(&self) -> DatabaseConnection {
        testing::connect(&self.database.url).await
    }

    /// Lets the first room be cleared every minute.
    async fn schedule(&self) {
        let service = Service::new(self.store.clone());
        let calendar = service.calendar(SLUGS[0]).await.unwrap();
        let calendar = Calendar { schedule_minutes: Some(1), ..calendar };
        service.set_calendar(&command_line(), &calendar).await.unwrap();
    }
}

/// A number that a query finds, under the name `value`.
#[derive(FromQueryResult)]
struct Number {
    value: i64,
}

async fn numbers(connection: &DatabaseConnection, sql: &str) -> Vec<i64> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| Number::from_query_result(row, "").unwrap().value).collect()
}

#[test]
fn clears_of_one_room_through_two_servers_at_once_remove_and_report_everything_once() {
    block_on(async {
        let mut rooms = Rooms::new().await;
        let connection = rooms.connect().await;
        let servers = [rooms.server().await, rooms.server().await];
        let client = client();
        let mut reported = BTreeSet::new();
        for _ in 0..10 {
            rooms.double_book().await;
            let clears: Vec<_> = (0..6)
                .map(|number| {
                    let (client, key) = (client.clone(), rooms.key.clone());
                    let url = servers[number % 2].url.clone();
                    // All rooms, or the one.
                    let query = if number < 4 { "?calendar=room-1" } else { "" };
                    tokio::spawn(async move { clear(&client, &url, &key, query).await.unwrap() })
                })
                .collect();
            let before = reported.len();
            for one in clears {
                for line in removed(&one.await.unwrap()) {
                    assert!(reported.insert(line.clone()), "{line:?} was reported twice");
                }
            }
            assert!(reported.len() > before);
        }
        let lines = "SELECT COUNT(*) AS value FROM removals";
        assert_eq!(numbers(&connection, lines).await, [i64::try_from(reported.len()).unwrap()]);
        let twice = "SELECT COUNT(*) AS value FROM changes GROUP BY calendar_id, href \
                     HAVING COUNT(*) > 1";
        assert_eq!(numbers(&connection, twice).await, [0; 0]);
        let duplicates = "SELECT change_id AS value FROM outbox GROUP BY change_id, address \
                      HAVING COUNT(*) > 1";
        assert_eq!(numbers(&connection, duplicates).await, [0; 0]);
        connection.close().await.unwrap();
    });
}

#[test]
fn of_fifty_who_want_the_same_hour_from_two_servers_exactly_one_gets_it() {
    block_on(async {
        let rooms = Rooms::new().await;
        let servers = [rooms.server().await, rooms.server().await];
        let client = client();
        for _ in 0..4 {
            let at = rooms.times.hour();
            let asking: Vec<_> = (0..50_i64)
                .map(|number| {
                    let server = &servers[usize::try_from(number % 2).unwrap()];
                    let url = format!("{}/api/{}/events?only_if_free=1", server.url, SLUGS[0]);
                    // They overlap without being the same.
                    let (start, end) = (rfc3339(at + number * 30), rfc3339(at + 3_000));
                    let body = json!({ "name": "mine", "start": start, "end": end });
                    let request = client.post(url).bearer_auth(&rooms.key).json(&body);
                    tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
                })
                .collect();
            let mut answers = BTreeMap::new();
            for one in asking {
                *answers.entry(one.await.unwrap()).or_insert(0) += 1;
            }
            assert_eq!(answers, BTreeMap::from([(201, 1), (409, 49)]));
        }
    });
}

#[test]
fn a_schedule_that_is_due_is_taken_by_one_of_two_processes() {
    block_on(async {
        let mut rooms = Rooms::new().await;
        rooms.schedule().await;
        let other = rooms.database.open().await;
        let services = [Service::new(rooms.store.clone()), Service::new(other)];
        let connection = rooms.connect().await;
        let runs = "SELECT COUNT(*) AS value FROM runs WHERE started_by = 'schedule'";
        for turn in 1..=10 {
            rooms.double_book().await;
            let looking: Vec<_> = (0..8)
                .map(|number| {
                    let service = services[number % 2].clone();
                    tokio::spawn(async move { room_booking::jobs::clear_due(&service).await })
                })
                .collect();
            for one in looking {
                one.await.unwrap().unwrap();
            }
            assert_eq!(numbers(&connection, runs).await, [turn]);
            let later = "UPDATE calendar_health SET last_scheduled_at = last_scheduled_at - 60";
            connection.execute_unprepared(later).await.unwrap();
        }
        let unfinished = "SELECT COUNT(*) AS value FROM runs WHERE finished_at IS NULL";
        assert_eq!(numbers(&connection, unfinished).await, [0]);
        connection.close().await.unwrap();
    });
}

#[test]
fn a_schedule_that_is_due_when_two_servers_start_is_run_once() {
    block_on(async {
        let mut rooms = Rooms::new().await;
        rooms.double_book().await;
        rooms.schedule().await;
        let connection = rooms.connect().await;
        let _servers = tokio::join!(rooms.server(), rooms.server());
        let ended = "SELECT COUNT(*) AS value FROM runs WHERE finished_at IS NOT NULL";
        let deadline = Instant::now() + Duration::from_secs(20);
        while numbers(&connection, ended).await == [0] {
            assert!(Instant::now() < deadline, "the schedule was not run");
            sleep(Duration::from_millis(20)).await;
        }
        sleep(Duration::from_secs(1)).await;
        assert_eq!(numbers(&connection, "SELECT COUNT(*) AS value FROM runs").await, [1]);
        connection.close().await.unwrap();
    });
}

#[test]
fn a_room_that_a_killed_server_was_clearing_is_cleared_by_another_as_soon_as_its_lease_has_expired()
{
    block_on(async {
        let mut rooms = Rooms::new().await;
        let connection = rooms.connect().await;
        let living = rooms.server().await;
        let client = client();
        let now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)";
        let leases = format!("SELECT expires_at - {now} AS value FROM leases");
        let left = loop {
            // Enough work that a server that acquires the lease is still working when it is killed.
            for _ in 0..6 {
                rooms.double_book().await;
            }
            let dying = rooms.server().await;
            let (url, key, asking) = (dying.url.clone(), rooms.key.clone(), client.clone());
            let cut_off =
                tokio::spawn(async move { clear(&asking, &url, &key, "?calendar=room-1").await });
            while numbers(&connection, &leases).await.is_empty() && !cut_off.is_finished() {
                sleep(Duration::from_millis(1)).await;
            }
            dying.kill();
            let answer = cut_off.await.unwrap();
            match (answer, &numbers(&connection, &leases).await[..]) {
                (Err(_), [left]) => break *left,
                // It was done before it was killed.
                _ => continue,
            }
        };
        let begun = Instant::now();
        let report = clear(&client, &living.url, &rooms.key, "?calendar=room-1").await.unwrap();
        let waited = begun.elapsed();
        let least = Duration::from_secs(u64::try_from(left).unwrap())
            .saturating_sub(Duration::from_secs(1));
        assert!(least < waited && waited < LEASE + Duration::from_secs(5), "{left} s: {waited:?}");
        assert!(!removed(&report).is_empty());
        let again = clear(&client, &living.url, &rooms.key, "?test=1").await.unwrap();
        assert!(removed(&again).is_empty(), "{again}");
        assert_eq!(numbers(&connection, &leases).await, [0; 0]);
        connection.close().await.unwrap();
    });
}
