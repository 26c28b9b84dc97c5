//! Two servers on one database.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use harness::web::Api;
use testing::fake::Quirks;
use testing::process::Server;
use testing::proxy::FaultProxy;
use testing::random::Random;
use testing::{Database, block_on};
use tokio::time::sleep;

use crate::at_once;
use crate::world::{CalendarServer, World};

/// Two rooms on a calendar server, known to a PostgreSQL database.
async fn rooms() -> (World, FaultProxy) {
    let server = CalendarServer::in_memory(Quirks::RFC).await;
    let proxy = FaultProxy::start(&server.url(), 0).await;
    let database = Database::postgres().await;
    (World::new(database, server, &proxy).await, proxy)
}

async fn ready(world: &World) -> Server {
    let mut server = Server::start(&world.database.url, world.folder.path());
    server.ready(&testing::http_client()).await;
    server
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
        world.database.execute("UPDATE calendars SET schedule_minutes = NULL").await;
        let servers = [ready(&world).await, ready(&world).await];
        let api = Api::new(&servers[0].url, &world.key);
        let apis = [api.clone(), api.at(&servers[1].url)];
        let mut random = Random::new(7, 7);
        let mut reported = BTreeSet::new();
        for batch in 0..3 {
            world.add_batch(batch, &mut random).await;
            at_once::clear(&apis, &mut reported).await;
        }
        let lines = "SELECT COUNT(*) FROM removals";
        assert_eq!(world.database.numbers(lines).await, [i64::try_from(reported.len()).unwrap()]);
        let changes = |what: &str| format!("SELECT COUNT(*) FROM changes WHERE {what}");
        let made = "state = 'done' AND after_text IS NULL";
        let deletes = i64::try_from(requests(&proxy, "DELETE") - tested).unwrap();
        assert_eq!(world.database.numbers(&changes(made)).await, [deletes], "none is sent twice");
        assert_eq!(world.database.numbers(&changes("state <> 'done'")).await, [0]);
        let twice = "SELECT change_id FROM outbox GROUP BY change_id, address \
                     HAVING COUNT(*) > 1";
        assert_eq!(world.database.numbers(twice).await, [0; 0]);
    });
}

#[test]
fn a_schedule_of_rooms_on_a_calendar_server_is_run_once_whichever_clock_strikes() {
    block_on(async {
        let (world, proxy) = rooms().await;
        world.add_batch(0, &mut Random::new(8, 8)).await;
        let fetched = requests(&proxy, "REPORT");
        let servers = tokio::join!(ready(&world), ready(&world));
        let ended = "SELECT COUNT(*) FROM runs WHERE finished_at IS NOT NULL";
        let deadline = Instant::now() + Duration::from_secs(90);
        let calendars = world.database.numbers("SELECT COUNT(*) FROM calendars").await[0];
        while world.database.numbers(ended).await[0] < calendars {
            assert!(Instant::now() < deadline, "it was not run: {}", servers.0.log());
            sleep(Duration::from_millis(20)).await;
        }
        sleep(Duration::from_millis(500)).await;
        // Each room has a turn of its own.
        assert_eq!(world.database.numbers("SELECT COUNT(*) FROM runs").await, [calendars]);
        let rooms = "SELECT COUNT(DISTINCT run_id) FROM changes GROUP BY calendar_id";
        assert_eq!(world.database.numbers(rooms).await, [1, 1]);
        // For each room one look, and one multiget for each hundred that are new.
        let objects = world.book.lock().unwrap().objects.len();
        let looks = requests(&proxy, "REPORT") - fetched;
        assert!(looks <= 2 * 2 + objects / 100, "{looks} for {objects}");
    });
}
