//! Calendars on CalDAV servers while everything goes wrong at once: what lies between loses, cuts,
//! delays and repeats requests, our processes and the server's are killed, and people change the same
//! events from their own programs. Nothing is lost, nothing is done or told twice, and in the end the
//! calendars are what an undisturbed run makes of them.
//!
//! `FAULT_ROUNDS` says how often the server is killed for each kind of database and calendar server,
//! `FAULT_SEED` repeats a run as far as chance goes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests of real processes wait by the real clock")]
#![allow(clippy::print_stdout, reason = "what was done, and the seed to do it again")]

#[path = "faults/judge.rs"]
mod judge;
#[path = "faults/load.rs"]
mod load;
#[path = "faults/people.rs"]
mod people;
#[path = "faults/world.rs"]
mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use load::{Load, Told};
use people::People;
use testing::fake::Quirks;
use testing::process::Server;
use testing::proxy::{FaultProxy, Faults};
use testing::random::Random;
use testing::{Database, block_on, on_both_databases};
use tokio::time::sleep;
use world::{CalendarServer, World};

/// How often the server is killed if nobody says otherwise.
const ROUNDS: u64 = 2;
/// How often it is killed on one database; then the next ones have fresh ones.
const ROUNDS_OF_ONE: u64 = 8;

on_both_databases! {
    async fn nothing_is_lost_or_done_twice_on_a_server_in_memory(database) {
        let kind = database.open().await.kind();
        // Nextcloud answers what is gone in another way than the others do.
        let quirks = match kind {
            store::DatabaseKind::Sqlite => Quirks::NEXTCLOUD,
            store::DatabaseKind::Postgres => Quirks::RFC,
        };
        campaigns(kind, || CalendarServer::in_memory(quirks.clone()), ROUNDS).await;
    }
}

#[test]
fn nothing_is_lost_or_done_twice_on_radicale_which_is_killed_too() {
    block_on(campaigns(store::DatabaseKind::Sqlite, CalendarServer::radicale, ROUNDS));
}

/// Lets the time pass in which a server may carry out a request whose end nobody saw.
const WATCH_IS_OVER: &str = "UPDATE changes SET made_at = made_at - 2000 WHERE state = 'prepared'";

async fn campaigns<F: Future<Output = CalendarServer>>(
    kind: store::DatabaseKind,
    server: impl Fn() -> F,
    usual: u64,
) {
    let number = |name: &str| std::env::var(name).ok().map(|it| it.parse().unwrap());
    let mut seed = number("FAULT_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    let mut left = number("FAULT_ROUNDS").unwrap_or(usual);
    while left > 0 {
        let rounds = left.min(ROUNDS_OF_ONE);
        left -= rounds;
        println!("FAULT_SEED={seed}");
        campaign(Database::new(kind).await, server().await, rounds, seed).await;
        seed = seed.wrapping_add(1);
    }
}

async fn campaign(database: Database, server: CalendarServer, rounds: u64, seed: u64) {
    let mut random = Random::new(seed, 0);
    let proxy = FaultProxy::start(&server.url(), seed).await;
    let world = World::new(database, server, &proxy).await;
    world.add_batch(0, &mut random).await;
    let world = Arc::new(world);
    let people = People::new(Arc::clone(&world));
    let told = Told::shared();
    let load = Load::new(&world, &told);
    for round in 0..rounds {
        if round > 0 {
            people.add_batch(i64::try_from(round).unwrap(), &mut random).await;
        }
        let faults = random.pick(&[Faults::each(0.005), Faults::each(0.02), Faults::each(0.06)]);
        proxy.storm(Faults { longest_delay: Duration::from_millis(80), ..faults });
        run_round(&world, &people, &load, &mut random).await;
        // Requests in flight arrive, or not; that takes less than a lease.
        sleep(Duration::from_millis(250)).await;
        if random.below(4) > 0 {
            world.database.execute("UPDATE leases SET expires_at = 0").await;
            // And what is in doubt is not watched any more: nothing takes effect so late.
            world.database.execute(WATCH_IS_OVER).await;
        }
        world.database.execute("UPDATE calendar_health SET last_scheduled_at = NULL").await;
    }
    proxy.calm();
    world.database.execute("UPDATE leases SET expires_at = 0").await;
    world.database.execute(WATCH_IS_OVER).await;
    let mut last = Server::start(&world.database.url, world.folder.path());
    last.ready(&load.api.client).await;
    let load = load.on(&last.url);
    assert!(load.ask_again().await.is_ok());
    assert_eq!(load.left_to_ask(), 0, "on a calm day every booking works");
    load.clear_all().await;
    let test = load.clear("?test=1").await.unwrap();
    let lists = test.as_object().unwrap().iter().filter(|(name, _)| *name != "warnings");
    for list in lists.filter_map(|(_, list)| list.as_array()) {
        assert!(list.is_empty(), "a clear after a clear would do something: {test}");
    }
    let told_so_far = told.lock().unwrap().clone();
    let mut counts = judge::all(&world, &told_so_far).await;
    counts.restored = judge::restore_some(&world, &mut random).await;
    load.clear_all().await;
    judge::is_as_undisturbed(&world).await;
    let log = last.log();
    last.kill();
    assert!(!log.contains("panicked"), "{log}");
    let faults = proxy.log().iter().filter(|it| it.fault != testing::proxy::Fault::None).count();
    println!(
        "seed {seed}: {rounds} kills, {faults} of {} requests faulty; {counts}",
        proxy.log().len()
    );
}

/// Starts a server, lets everybody at it, and kills it at some moment.
async fn run_round(world: &Arc<World>, people: &People, load: &Load, random: &mut Random) {
    let mut server = Server::start(&world.database.url, world.folder.path());
    server.ready(&load.api.client).await;
    let load = load.on(&server.url);
    let is_over = Arc::new(AtomicBool::new(false));
    let mut all = Vec::new();
    for stream in 1..3 {
        let mut random = || Random::new(random.bits(), stream);
        all.push(tokio::spawn(people.clone().change(random(), Arc::clone(&is_over))));
        all.push(tokio::spawn(load.clone().book(random())));
        all.push(tokio::spawn(load.clone().clear_again_and_again(random())));
    }
    all.push(tokio::spawn(load.clone().delete(Random::new(random.bits(), 3))));
    let again = load.clone();
    all.push(tokio::spawn(async move {
        let _ = again.ask_again().await;
    }));
    let (folder, url) = (world.folder.path().to_owned(), world.database.url.clone());
    let patience = Duration::from_millis(200 + random.below(2_500));
    let by_hand = load.told.clone();
    all.push(tokio::spawn(async move { by_hand.clear_by_hand(&folder, &url, patience).await }));
    sleep(Duration::from_millis(300 + random.below(1_500))).await;
    if world.server.can_be_killed() && random.is_in(60) {
        people.while_nobody_writes(|| world.server.kill_and_restart()).await;
    }
    sleep(Duration::from_millis(random.below(3_000))).await;
    load.is_killed.store(true, Ordering::SeqCst);
    server.kill();
    is_over.store(true, Ordering::SeqCst);
    for one in all {
        one.await.unwrap();
    }
}
