//! `/readyz`: a database that cannot be written is not ready, and neither is a process that shuts down.

use std::time::{Duration, Instant};

use crate::in_process::InProcess;
use harness::Setup;
use harness::web::{Answer, Api};
use operations::Stage;
use sea_orm::ConnectionTrait as _;
use store::calendars::Calendar;
use store::{Access as _, Proof};
use testing::{Database, block_on, on_both_databases};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// Within this time a fault is seen, and its end.
const SOON: Duration = Duration::from_secs(2);

/// A server on a database with a room, and a key for it.
async fn start(database: Database) -> (InProcess, Api) {
    let setup = Setup::on_system_clock(&database.open().await);
    setup.user("ann").await;
    setup.add(Calendar::built_in("room-1", "A room", "UTC"), &["ann"]).await;
    let key = setup.key("ann").await;
    let server = InProcess::start(database, setup, &[]).await;
    let api = Api::new(&server.url(), &key);
    (server, api)
}

/// Asks until the status is there; the answer, and how long that took.
async fn until(api: &Api, status: u16, within: Duration) -> (Answer, Duration) {
    let begun = Instant::now();
    loop {
        let answer = api.get("/readyz").await;
        if answer.status == status {
            return (answer, begun.elapsed());
        }
        assert!(begun.elapsed() < within, "{status} is not there after {within:?}: {answer:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

async fn book(api: &Api, day: u32) -> Answer {
    let at = |hour: u32| format!("2030-03-{day:02}T{hour:02}:00");
    let body = serde_json::json!({ "name": "a", "start": at(10), "end": at(11) });
    api.post("/api/room-1/events", &body).await
}

/// Cuts the connections to a PostgreSQL database, but this test's own.
async fn cut(admin: &Database, name: &str) {
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ";
    admin.execute(&format!("{sql}'{name}'")).await;
}

fn name_of(url: &str) -> String {
    url.rsplit('/').next().unwrap().to_owned()
}

#[test]
fn a_primary_that_was_made_read_only_is_not_ready_and_the_pool_leaves_it() {
    block_on(async {
        let admin = format!("{}/postgres", testing::postgres_server().unwrap());
        let admin = Database::existing(&admin);
        let database = Database::postgres().await;
        let name = name_of(&database.url);
        let (_server, api) = start(database).await;
        until(&api, 200, SOON).await;
        // As a failover does it: the connections end, and new ones lead to a server that only reads.
        let set = |value: &str| format!("ALTER DATABASE {name} {value}");
        admin.execute(&set("SET default_transaction_read_only = on")).await;
        cut(&admin, &name).await;
        let (answer, _) = until(&api, 503, SOON + Duration::from_secs(1)).await;
        answer.expect_problem(503);
        let sentence =
            "the database is read-only; make it writable, or set DATABASE_URL to the primary";
        assert_eq!(answer.json["detail"], sentence);
        let answer = book(&api, 1).await;
        assert_eq!(answer.expect_problem(503).json["detail"], store::UNAVAILABLE);
        assert_eq!(api.get("/api/room-1/events").await.status, 200, "it can be read");
        // The address leads to a primary again. Connections of before only read, and nobody cuts them.
        admin.execute(&set("RESET default_transaction_read_only")).await;
        until(&api, 200, Duration::from_secs(5)).await;
        sleep(Duration::from_secs(2)).await;
        for day in 2..20 {
            assert_eq!(book(&api, day).await.status, 201, "{day}");
        }
    });
}

#[test]
fn a_connection_that_can_only_read_by_now_is_closed_before_it_is_used() {
    block_on(async {
        let store = Database::postgres().await.open().await;
        // `SET` in each session stands for a server that is made read-only: others share this one.
        let both = [store.begin().await.unwrap(), store.begin().await.unwrap()];
        sleep(Duration::from_millis(2_100)).await;
        for transaction in both {
            let read_only = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";
            transaction.connection().execute_unprepared(read_only).await.unwrap();
            transaction.commit().await.unwrap();
        }
        for _ in 0..4 {
            store.probe(Proof::Write).await.unwrap();
        }
        store.close().await.unwrap();
    });
}

/// A way to a server that can be frozen: what it gets it keeps.
struct Way {
    address: std::net::SocketAddr,
    freeze: tokio::sync::watch::Sender<bool>,
}

/// Waits until the way is frozen, or no longer.
async fn comes(frozen: &mut tokio::sync::watch::Receiver<bool>, is_frozen: bool) {
    let _ = frozen.wait_for(|it| *it == is_frozen).await;
}

impl Way {
    async fn to(server: String) -> Way {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (freeze, frozen) = tokio::sync::watch::channel(false);
        tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let (server, mut frozen) = (server.clone(), frozen.clone());
                tokio::spawn(async move {
                    comes(&mut frozen, false).await;
                    let mut to = TcpStream::connect(server).await.unwrap();
                    let copying = tokio::io::copy_bidirectional(&mut from, &mut to);
                    let mut again = frozen.clone();
                    tokio::select! {
                        _ = copying => {}
                        // Neither side is closed until the server is back.
                        () = comes(&mut again, true) => comes(&mut frozen, false).await,
                    }
                });
            }
        });
        Way { address, freeze }
    }
}

#[test]
fn a_database_that_does_not_answer_is_known_within_two_seconds_and_so_is_its_return() {
    block_on(async {
        let database = Database::postgres().await;
        let host = database.url.split_once('@').unwrap().1.split('/').next().unwrap().to_owned();
        let way = Way::to(host.clone()).await;
        let url = database.url.replace(&host, &way.address.to_string());
        let (_server, api) = start(Database::existing(&url)).await;
        until(&api, 200, SOON).await;
        way.freeze.send(true).unwrap();
        let (answer, took) = until(&api, 503, SOON).await;
        assert!(took <= SOON, "{took:?}");
        answer.expect_problem(503);
        let sentence =
            "the database does not answer; check that it runs and that DATABASE_URL leads to it";
        assert_eq!(answer.json["detail"], sentence);
        for _ in 0..20 {
            let begun = Instant::now();
            assert_eq!(api.get("/readyz").await.status, 503);
            assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
            sleep(Duration::from_millis(50)).await;
        }
        way.freeze.send(false).unwrap();
        until(&api, 200, 2 * SOON).await;
    });
}

on_both_databases! {
    async fn however_often_it_is_asked_it_writes_once_in_two_seconds(database) {
        database.open().await.close().await.unwrap();
        let raw = testing::connect(&database.url).await;
        let count = match raw.get_database_backend() {
            sea_orm::DbBackend::Postgres => {
                raw.execute_unprepared(
                    "CREATE TABLE probes (n INTEGER); \
                     CREATE FUNCTION count_probe() RETURNS trigger LANGUAGE plpgsql AS \
                     'BEGIN INSERT INTO probes VALUES (1); RETURN NEW; END'; \
                     CREATE TRIGGER t BEFORE INSERT ON probe FOR EACH ROW EXECUTE FUNCTION count_probe()",
                ).await.unwrap();
                "SELECT COUNT(*) FROM probes"
            }
            _ => {
                raw.execute_unprepared("CREATE TABLE probes (n INTEGER)").await.unwrap();
                raw.execute_unprepared(
                    "CREATE TRIGGER t BEFORE INSERT ON probe BEGIN INSERT INTO probes VALUES (1); END",
                ).await.unwrap();
                "SELECT COUNT(*) FROM probes"
            }
        };
        let (_server, api) = start(Database::existing(&database.url)).await;
        let begun = Instant::now();
        let mut asked = 0_u32;
        while begun.elapsed() < Duration::from_millis(3_000) {
            let asking: Vec<_> = (0..20).map(|_| {
                let api = api.clone();
                tokio::spawn(async move { api.get("/readyz").await.status })
            }).collect();
            for one in asking {
                assert_eq!(one.await.unwrap(), 200);
                asked += 1;
            }
        }
        let writes = testing::database::numbers(&raw, count).await[0];
        assert!((1..=2).contains(&writes), "{writes} writes for {asked} requests");
        raw.close().await.unwrap();
    }

    async fn a_long_write_of_the_process_itself_delays_nothing(database) {
        let (server, api) = start(database).await;
        until(&api, 200, SOON).await;
        sleep(Duration::from_millis(2_100)).await;
        let mut writing = Vec::new();
        for _ in 0..if server.service.store.kind() == store::DatabaseKind::Sqlite { 1 } else { 12 } {
            writing.push(server.service.store.begin().await.unwrap());
        }
        let begun = Instant::now();
        assert_eq!(api.get("/readyz").await.status, 200);
        assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
        drop(writing);
    }
}

#[test]
fn a_long_write_of_another_process_to_the_file_is_no_failure() {
    block_on(async {
        let database = Database::sqlite().await;
        let raw = testing::connect(&database.url).await;
        let (_server, api) = start(database).await;
        // The pool of this test has several connections, and a transaction belongs to one.
        let writing = sea_orm::TransactionTrait::begin(&raw).await.unwrap();
        writing.execute_unprepared("INSERT INTO probe VALUES (1, 1)").await.unwrap();
        for _ in 0..3 {
            let begun = Instant::now();
            assert_eq!(api.get("/readyz").await.status, 200);
            assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
            sleep(Duration::from_millis(600)).await;
        }
        writing.rollback().await.unwrap();
        raw.close().await.unwrap();
    });
}

#[test]
fn a_process_that_drains_is_not_ready_and_closes_its_connections() {
    block_on(async {
        let (server, api) = start(Database::sqlite().await).await;
        assert_eq!(api.get("/readyz").await.header("connection"), "");
        server.service.stopping.advance(Stage::Draining);
        let answer = api.get("/readyz").await;
        answer.expect_problem(503);
        assert_eq!(
            answer.json["detail"],
            "this server is shutting down; send requests to another one"
        );
        assert_eq!(answer.header("connection"), "close");
        let answer = book(&api, 1).await;
        assert_eq!((answer.status.as_u16(), answer.header("connection")), (201, "close"));
    });
}
