//! Two servers on one database do what one would: nothing twice, and nothing is left undone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests of real processes wait by the real clock")]

#[path = "common/at_once.rs"]
mod at_once;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use harness::Setup;
use harness::batch::{self, Batch, SLUGS, Times};
use harness::report::removed;
use harness::web::Api;
use operations::command_line;
use reqwest::Method;
use serde_json::json;
use testing::database::numbers;
use testing::ics::rfc3339;
use testing::process::{Server, command};
use testing::program::{Ended, Folder};
use testing::random::Random;
use testing::{Database, block_on};
use tokio::time::sleep;

/// How long a process may be silent before its lease is another's (crate `operations`).
const LEASE: Duration = Duration::from_secs(15);

/// A PostgreSQL database with two rooms, and what is needed to ask servers on it.
struct Rooms {
    database: Database,
    setup: Setup,
    folder: Folder,
    api: Api,
    times: Times,
    random: Random,
    batches: i64,
}

impl Rooms {
    async fn new() -> Rooms {
        let database = Database::postgres().await;
        let store = database.open().await;
        let api = Api::new("", &batch::set_up(&store).await);
        let setup = Setup::on_system_clock(&store);
        let times = Times::new(setup.service.now());
        let folder = Folder::new();
        Rooms { database, setup, folder, api, times, random: Random::new(7, 7), batches: 0 }
    }

    /// A server process, and a client of it.
    async fn server(&self) -> (Server, Api) {
        let mut server = Server::start(&self.database.url, self.folder.path());
        server.ready(&self.api.client).await;
        let api = self.api.at(&server.url);
        (server, api)
    }

    /// Imports further double bookings into the first room.
    async fn double_book(&mut self) {
        let batch = Batch::new(&self.times, SLUGS[0], self.batches, &mut self.random);
        self.batches += 1;
        self.setup.import(SLUGS[0], &batch.file).await;
    }

    async fn numbers(&self, sql: &str) -> Vec<i64> {
        self.database.numbers(sql).await
    }

    /// Lets the first room be cleared every minute.
    async fn schedule(&self) {
        let service = &self.setup.service;
        let mut calendar = service.calendar(SLUGS[0]).await.unwrap();
        calendar.schedule_minutes = Some(1);
        service.set_calendar(&command_line(), &calendar).await.unwrap();
    }
}

#[test]
fn clears_of_one_room_through_two_servers_at_once_remove_and_report_everything_once() {
    block_on(async {
        let mut rooms = Rooms::new().await;
        let [(_one, one), (_other, other)] = [rooms.server().await, rooms.server().await];
        let apis = [one, other];
        let mut reported = BTreeSet::new();
        for _ in 0..10 {
            rooms.double_book().await;
            at_once::clear(&apis, &mut reported).await;
        }
        let lines = "SELECT COUNT(*) FROM removals";
        assert_eq!(rooms.numbers(lines).await, [i64::try_from(reported.len()).unwrap()]);
        let twice = "SELECT COUNT(*) FROM changes GROUP BY calendar_id, href \
                     HAVING COUNT(*) > 1";
        assert_eq!(rooms.numbers(twice).await, [0; 0]);
        let duplicates = "SELECT change_id FROM outbox GROUP BY change_id, address \
                      HAVING COUNT(*) > 1";
        assert_eq!(rooms.numbers(duplicates).await, [0; 0]);
    });
}

#[test]
fn of_fifty_who_want_the_same_hour_from_two_servers_exactly_one_gets_it() {
    block_on(async {
        let rooms = Rooms::new().await;
        let servers = [rooms.server().await, rooms.server().await];
        let path = format!("/api/{}/events?only_if_free=1", SLUGS[0]);
        for _ in 0..4 {
            let at = rooms.times.hour();
            let asking: Vec<_> = (0..50_i64)
                .map(|number| {
                    let (_, api) = &servers[usize::try_from(number % 2).unwrap()];
                    // They overlap without being the same.
                    let (start, end) = (rfc3339(at + number * 30), rfc3339(at + 3_000));
                    let body = json!({ "name": "mine", "start": start, "end": end });
                    let request = api.authorized(Method::POST, &path).json(&body);
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
        let other = Setup::on_system_clock(&rooms.database.open().await);
        let services = [rooms.setup.service.clone(), other.service];
        let runs = "SELECT COUNT(*) FROM runs WHERE started_by = 'schedule'";
        for turn in 1..=10 {
            rooms.double_book().await;
            let looking: Vec<_> = (0..8)
                .map(|number| {
                    let service = services[number % 2].clone();
                    tokio::spawn(async move { service.run_due().await })
                })
                .collect();
            for one in looking {
                one.await.unwrap().unwrap();
            }
            assert_eq!(rooms.numbers(runs).await, [turn]);
            let later = "UPDATE calendar_health SET last_scheduled_at = last_scheduled_at - 60";
            rooms.database.execute(later).await;
        }
        let unfinished = "SELECT COUNT(*) FROM runs WHERE finished_at IS NULL";
        assert_eq!(rooms.numbers(unfinished).await, [0]);
    });
}

#[test]
fn a_schedule_that_is_due_when_two_servers_start_is_run_once() {
    block_on(async {
        let mut rooms = Rooms::new().await;
        rooms.double_book().await;
        rooms.schedule().await;
        let _servers = tokio::join!(rooms.server(), rooms.server());
        let ended = "SELECT COUNT(*) FROM runs WHERE finished_at IS NOT NULL";
        let deadline = Instant::now() + Duration::from_secs(20);
        while rooms.numbers(ended).await == [0] {
            assert!(Instant::now() < deadline, "the schedule was not run");
            sleep(Duration::from_millis(20)).await;
        }
        sleep(Duration::from_secs(1)).await;
        assert_eq!(rooms.numbers("SELECT COUNT(*) FROM runs").await, [1]);
    });
}

#[test]
fn a_room_that_a_killed_server_was_clearing_is_cleared_by_another_as_soon_as_its_lease_has_expired()
{
    block_on(async {
        let mut rooms = Rooms::new().await;
        let connection = rooms.database.connect().await;
        let (_living, api) = rooms.server().await;
        let now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)";
        let leases = format!("SELECT expires_at - {now} FROM leases");
        let left = loop {
            // Enough work that a server that acquires the lease is still working when it is killed.
            for _ in 0..6 {
                rooms.double_book().await;
            }
            let (dying, asking) = rooms.server().await;
            let cut_off = tokio::spawn(async move { asking.clear("?calendar=room-1").await });
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
        let report = api.clear("?calendar=room-1").await.unwrap();
        let waited = begun.elapsed();
        let least = Duration::from_secs(u64::try_from(left).unwrap())
            .saturating_sub(Duration::from_secs(1));
        assert!(least < waited && waited < LEASE + Duration::from_secs(5), "{left} s: {waited:?}");
        assert!(!removed(&report).is_empty());
        let again = api.clear("?test=1").await.unwrap();
        assert!(removed(&again).is_empty(), "{again}");
        assert_eq!(numbers(&connection, &leases).await, [0; 0]);
        connection.close().await.unwrap();
    });
}

#[test]
fn two_servers_make_one_daily_backup_and_nothing_is_restored_while_they_run() {
    block_on(async {
        let mut rooms = Rooms::new().await;
        rooms.double_book().await;
        let backups = Folder::new();
        let folder = backups.path().display().to_string();
        let settings = [("BACKUP_DIR", folder), ("DRAIN_SECONDS", "0".to_owned())];
        let (url, place) = (rooms.database.url.clone(), rooms.folder.path().to_owned());
        let mut servers = [0, 1].map(|_| Server::start_with(&url, &place, &settings));
        for server in &mut servers {
            server.ready(&rooms.api.client).await;
        }
        let names = || {
            let entries = std::fs::read_dir(backups.path()).unwrap();
            let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
            names.filter(|it| it.ends_with(".backup")).collect::<Vec<_>>()
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        while names().is_empty() {
            assert!(Instant::now() < deadline, "no backup was made: {}", servers[0].log());
            sleep(Duration::from_millis(20)).await;
        }
        sleep(Duration::from_secs(2)).await;
        let made = names();
        assert_eq!(made.len(), 1, "{made:?}");
        let file = backups.path().join(&made[0]).display().to_string();
        // While it runs, and with the bookings that came since.
        let run = |arguments: &[&str]| Ended::of(command(&place, &url, arguments), "");
        rooms.double_book().await;
        let events = rooms.numbers("SELECT COUNT(*) FROM objects").await;
        let refused = run(&["restore", &file, "--yes"]);
        assert_eq!(refused.status(), 1, "{}", refused.out());
        assert!(refused.err().contains("2 servers run on the database"), "{}", refused.err());
        assert_eq!(rooms.numbers("SELECT COUNT(*) FROM objects").await, events);
        for server in &mut servers {
            server.signal("TERM");
            assert!(server.end(Duration::from_secs(30)).await.success());
        }
        // A server that has ended is waited for no longer.
        let restored = run(&["restore", &file, "--yes"]);
        assert!(restored.done().contains("Restored."), "{}", restored.out());
        let before = rooms.numbers("SELECT COUNT(*) FROM objects").await;
        assert!(before < events, "{before:?} {events:?}");
        let (_server, api) = rooms.server().await;
        let report = api.clear("?calendar=room-1").await.unwrap();
        assert!(!removed(&report).is_empty());
    });
}
