//! Two servers on one database.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement};
use testing::fake::Quirks;
use testing::proxy::FaultProxy;
use testing::{Database, block_on};
use tokio::time::sleep;

use crate::random::Random;
use crate::server::{Server, clear, client, removed};
use crate::world::{CalendarServer, World};

/// Two rooms on a calendar server, known to a PostgreSQL database.
async fn rooms() -> (World, FaultProxy) {
    let server = CalendarServer::in_memory(Quirks::RFC).await;
    let proxy = FaultProxy::start(&server.url(), 0).await;
    let database = Database::new(store::DatabaseKind::Postgres).await;
    (World::new(database, server, &proxy).await, proxy)
}

async fn ready(world: &World) -> Server {
    let mut server = Server::start(&world.database.url, world.folder.path());
    server.ready(&client()).await;
    server
}

#[derive(FromQueryResult)]
struct Number {
    value: i64,
}

async fn numbers(world: &World, sql: &str) -> Vec<i64> {
    let connection = testing::connect(&world.database.url).await;
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| Number::from_query_result(row, "").unwrap().value).collect()
}

fn requests(proxy: &FaultProxy, method: &str) -> usize {
    proxy.log().iter().filter(|it| it.request.starts_with(method)).count()
}

#[test]
fn clears_of_rooms_on_a_calendar_server_through_two_servers_at_once_do_everything_once() {
    block_on(async {
        let (world, proxy) = rooms().await;
        // A server of unknown kind was tested when the calendars were added.
        let tested = requests(&proxy, "DELETE");
        world.sql("UPDATE calendars SET schedule_minutes = NULL").await;
        let servers = [ready(&world).await, ready(&world).await];
        let client = client();
        let mut random = Random::new(7, 7);
        let mut reported = BTreeSet::new();
        for batch in 0..3 {
            world.add_batch(batch, &mut random).await;
            let clears: Vec<_> = (0..6)
                .map(|number| {
                    let (client, key) = (client.clone(), world.key.clone());
                    let url = servers[number % 2].url.clone();
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
        assert_eq!(numbers(&world, lines).await, [i64::try_from(reported.len()).unwrap()]);
        let changes = |what: &str| format!("SELECT COUNT(*) AS value FROM changes WHERE {what}");
        let made = "state = 'done' AND after_text IS NULL";
        let deletes = i64::try_from(requests(&proxy, "DELETE") - tested).unwrap();
        assert_eq!(numbers(&world, &changes(made)).await, [deletes], "none is sent twice");
        assert_eq!(numbers(&world, &changes("state <> 'done'")).await, [0]);
        let twice = "SELECT change_id AS value FROM outbox GROUP BY change_id, address \
                     HAVING COUNT(*) > 1";
        assert_eq!(numbers(&world, twice).await, [0; 0]);
    });
}

#[test]
fn a_schedule_of_rooms_on_a_calendar_server_is_run_once_whichever_clock_strikes() {
    block_on(async {
        let (world, proxy) = rooms().await;
        world.add_batch(0, &mut Random::new(8, 8)).await;
        let fetched = requests(&proxy, "REPORT");
        let servers = tokio::join!(ready(&world), ready(&world));
        let ended = "SELECT COUNT(*) AS value FROM runs WHERE finished_at IS NOT NULL";
        let deadline = Instant::now() + Duration::from_secs(90);
        let accounts = numbers(&world, "SELECT COUNT(*) AS value FROM accounts").await[0];
        while numbers(&world, ended).await[0] < accounts {
            assert!(Instant::now() < deadline, "it was not run: {}", servers.0.log());
            sleep(Duration::from_millis(20)).await;
        }
        sleep(Duration::from_millis(500)).await;
        // The rooms of one account are one run.
        assert_eq!(numbers(&world, "SELECT COUNT(*) AS value FROM runs").await, [accounts]);
        let rooms = "SELECT COUNT(DISTINCT run_id) AS value FROM changes GROUP BY calendar_id";
        assert_eq!(numbers(&world, rooms).await, [1, 1]);
        // For each room one look, and one multiget for each hundred that are new.
        let objects = world.book.lock().unwrap().objects.len();
        let looks = requests(&proxy, "REPORT") - fetched;
        assert!(looks <= 2 * 2 + objects / 100, "{looks} for {objects}");
    });
}
