//! The server is killed again and again while rooms are booked and cleared, and nothing is lost, done
//! twice or left half done.
//!
//! `CRASH_ROUNDS` says how often it is killed for each database, `CRASH_SEED` repeats a run as far as
//! chance goes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests of real processes wait by the real clock")]
#![allow(clippy::print_stdout, reason = "what was done, and the seed to do it again")]

#[path = "crash/load.rs"]
mod load;
#[path = "crash/mail.rs"]
mod mail;
#[path = "crash/verify.rs"]
mod verify;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use harness::Setup;
use harness::batch::{self, Batch, SLUGS, Times};
use harness::report::removed;
use harness::web::Api;
use load::{Load, Told};
use mail::PostOffice;
use testing::process::Server;
use testing::random::Random;
use testing::{Database, on_both_databases};
use tokio::time::sleep;
use verify::Initial;

/// How often the server is killed if nobody says otherwise.
const ROUNDS: u64 = 12;
/// How often it is killed on one database; then the next ones have a fresh one.
const ROUNDS_OF_ONE: u64 = 12;
/// How long a dead process may keep others from a calendar, in seconds (crate `operations`).
const LEASE_SECONDS: u64 = 15;

on_both_databases! {
    async fn a_server_that_is_killed_at_any_moment_loses_nothing_and_does_nothing_twice(database) {
        let number = |name: &str| std::env::var(name).ok().map(|it| it.parse().unwrap());
        let seed = number("CRASH_SEED").unwrap_or_else(|| u64::from(std::process::id()));
        let mut left = number("CRASH_ROUNDS").unwrap_or(ROUNDS);
        let kind = database.open().await.kind();
        println!("CRASH_SEED={seed}");
        let mut database = Some(database);
        let mut campaign = 0;
        while left > 0 {
            let rounds = left.min(ROUNDS_OF_ONE);
            left -= rounds;
            let database = match database.take() {
                Some(database) => database,
                None => Database::empty(kind).await,
            };
            run_campaign(&database, rounds, seed.wrapping_add(campaign)).await;
            campaign += 1;
        }
    }
}

/// Kills the server of one database some times, and looks at what is left.
async fn run_campaign(database: &Database, rounds: u64, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::new(seed, 0);
    let post = PostOffice::new();
    let store = database.open().await;
    let key = batch::set_up(&store).await;
    let now = Setup::on_system_clock(&store).service.now();
    let load = Load {
        api: Api::new("", &key),
        times: Arc::new(SLUGS.map(|_| Times::new(now))),
        told: Arc::new(Mutex::new(Told::default())),
        is_killed: Arc::default(),
        clearing: Arc::default(),
    };
    let mut initial = Initial::default();
    for number in 0..4 {
        import(&store, &load, number, &mut initial, &mut random).await;
    }
    store.close().await.unwrap();

    for round in 0..rounds {
        // Every third time the next server finds what the last one left, its leases too.
        if round > 0 && random.below(3) > 0 {
            let store = database.open().await;
            database.execute("UPDATE leases SET expires_at = 0").await;
            let number = i64::try_from(4 + round).unwrap();
            import(&store, &load, number, &mut initial, &mut random).await;
            store.close().await.unwrap();
        }
        post.behave_somehow(&mut random);
        run_round(database, folder.path(), &post, &load, &mut random).await;
        if random.is_in(60) {
            mail::hurry(database).await;
        }
    }

    let leases = held_leases(database).await;
    // Nothing is left to do by hand: the server starts, waits for the dead one's leases, and clears.
    mail::hurry(database).await;
    let mut last = Server::start_with(&database.url, folder.path(), &post.settings());
    last.ready(&load.api.client).await;
    let load = Load { api: load.api.at(&last.url), is_killed: Arc::default(), ..load };
    assert!(load.ask_again().await.is_ok());
    let begun = Instant::now();
    let report = load.api.clear("").await.unwrap();
    let waited = begun.elapsed();
    load.told.lock().unwrap().removed.extend(removed(&report));
    let test = load.api.clear("?test=1").await.unwrap();
    for list in test.as_object().unwrap().values().filter_map(|list| list.as_array()) {
        assert!(list.is_empty(), "a clear after a clear would do something: {test}");
    }
    let mails = post.everything_to_be_announced_arrived(database).await;
    let log = last.log();
    last.kill();
    for wrong in ["panicked", "ERROR"] {
        assert!(!log.contains(wrong), "{log}");
    }
    let told = std::mem::take(&mut *load.told.lock().unwrap());
    let counts = verify::all(database, &initial, &told, &load.times).await;
    println!(
        "seed {seed}: {rounds} kills in {} clears, {} of them cut off; {} bookings, {} deletions; \
         {counts}; {mails}; the last clear met {leases} leases and took {waited:?}",
        told.clears + told.lost_clears,
        told.lost_clears,
        told.created.len(),
        told.deleted.len(),
    );
}

/// Starts a server, lets people at it, and kills it at some moment.
async fn run_round(
    database: &Database,
    folder: &Path,
    post: &PostOffice,
    load: &Load,
    random: &mut Random,
) {
    let mut server = Server::start_with(&database.url, folder, &post.settings());
    let when = random.below(8);
    if when == 0 {
        // While it starts.
        sleep(Duration::from_millis(random.below(150))).await;
        server.kill();
        return;
    }
    server.ready(&load.api.client).await;
    let load = Load {
        api: load.api.at(&server.url),
        is_killed: Arc::new(AtomicBool::new(false)),
        clearing: Arc::default(),
        ..load.clone()
    };
    let mut people = Vec::new();
    for _ in 0..2 {
        let mut random = || Random::new(random.bits(), 1);
        people.push(tokio::spawn(load.clone().book(random())));
        people.push(tokio::spawn(load.clone().delete(random())));
        people.push(tokio::spawn(load.clone().clear(random())));
    }
    let again = load.clone();
    people.push(tokio::spawn(async move {
        let _ = again.ask_again().await;
    }));
    sleep(Duration::from_millis(random.below(1_500))).await;
    if when > 2 {
        // While it clears, as far as it comes.
        load.clearing.notified().await;
        sleep(Duration::from_micros(random.below(600_000))).await;
    }
    load.is_killed.store(true, Ordering::SeqCst);
    server.kill();
    for one in people {
        one.await.unwrap();
    }
}

/// Imports a further batch into each room.
async fn import(
    store: &store::Store,
    load: &Load,
    number: i64,
    initial: &mut Initial,
    random: &mut Random,
) {
    for (slug, times) in SLUGS.into_iter().zip(load.times.iter()) {
        let batch = Batch::new(times, slug, number, random);
        Setup::on_system_clock(store).import(slug, &batch.file).await;
        let mut told = load.told.lock().unwrap();
        told.kept.extend(batch.kept.iter().map(|at| (slug, *at)));
        told.deletable.extend(batch.deletable.iter().map(|uid| (slug, uid.clone())));
        initial.files.push((slug, batch.file));
    }
    initial.add(store).await;
}

/// How many leases dead processes have left; none is for longer than it takes to know them dead.
async fn held_leases(database: &Database) -> usize {
    let held = database.numbers("SELECT expires_at FROM leases").await;
    let now = jiff::Timestamp::now().as_second();
    // PostgreSQL rounds its clock to the nearest second, so that it may be one ahead.
    let latest = now + i64::try_from(LEASE_SECONDS).unwrap() + 1;
    assert!(held.iter().all(|it| *it <= latest), "{held:?}");
    held.iter().filter(|it| **it > now).count()
}
