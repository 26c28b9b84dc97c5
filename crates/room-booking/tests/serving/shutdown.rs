//! How a server ends: not ready first, then closed, then what was running.

use std::time::{Duration, Instant};

use harness::Setup;
use harness::setup::access;
use harness::web::Api;
use operations::{Message, MessageId};
use room_booking::settings::{Flags, Settings};
use room_booking::web::server::Shutdown;
use room_booking::web::{App, server};
use serde_json::json;
use store::calendars::Calendar;
use testing::fake::{FakeCalDav, Quirks, Tries};
use testing::process::Server;
use testing::program::Folder;
use testing::{Database, block_on};
use tokio::time::sleep;

/// A database with a room, a key for it, and a folder for a server process.
struct Rooms {
    database: Database,
    setup: Setup,
    folder: Folder,
    api: Api,
}

impl Rooms {
    async fn on(database: Database) -> Rooms {
        let setup = Setup::on_system_clock(&database.open().await);
        setup.user("ann").await;
        setup.add(Calendar::built_in("room-1", "A room", "UTC"), &["ann"]).await;
        let api = Api::new("", &setup.key("ann").await);
        Rooms { database, setup, folder: Folder::new(), api }
    }

    /// A server process that drains for a number of seconds, and a client of it.
    async fn server(&self, drain: u32) -> (Server, Api) {
        let drain = [("DRAIN_SECONDS", drain.to_string())];
        let mut server = Server::start_with(&self.database.url, self.folder.path(), &drain);
        server.ready(&self.api.client).await;
        let api = self.api.at(&server.url);
        (server, api)
    }
}

/// A booking; every number has an hour of its own.
fn booking(number: usize) -> serde_json::Value {
    let day = 1 + number / 20 % 28;
    let (month, hour, minute) = (1 + number / 560 % 12, number % 20, number / 6_720 % 60);
    let at = |minute: usize| format!("2030-{month:02}-{day:02}T{hour:02}:{minute:02}:00");
    json!({ "name": format!("n{number}"), "start": at(minute), "end": at(minute + 1) })
}

#[test]
fn after_sigterm_it_is_not_ready_and_answers_until_it_has_drained() {
    block_on(async {
        let rooms = Rooms::on(Database::sqlite().await).await;
        let (mut server, api) = rooms.server(2).await;
        server.signal("TERM");
        let begun = Instant::now();
        while api.get("/readyz").await.status != 503 {
            assert!(begun.elapsed() < Duration::from_secs(1));
        }
        let mut answered = 0;
        while begun.elapsed() < Duration::from_millis(1_800) {
            let request = api.authorized(reqwest::Method::POST, "/api/room-1/events");
            let answer = request.json(&booking(answered)).send().await.unwrap();
            assert_eq!(
                (answer.status().as_u16(), &answer.headers()["connection"]),
                (201, &"close".parse().unwrap())
            );
            answered += 1;
            sleep(Duration::from_millis(20)).await;
        }
        let status = server.end(Duration::from_secs(2)).await;
        assert!(status.success(), "{status}: {}", server.log());
        assert!(begun.elapsed() >= Duration::from_secs(2));
        let refused = api.authorized(reqwest::Method::GET, "/readyz").send().await.unwrap_err();
        assert!(refused.is_connect(), "{refused:?}");
    });
}

#[test]
fn without_a_drain_or_at_a_terminal_it_ends_at_once() {
    block_on(async {
        let rooms = Rooms::on(Database::sqlite().await).await;
        for (drain, signal) in [(0, "TERM"), (60, "INT")] {
            let (mut server, _) = rooms.server(drain).await;
            server.signal(signal);
            let status = server.end(Duration::from_secs(2)).await;
            assert!(status.success(), "{signal}: {status}: {}", server.log());
        }
    });
}

#[test]
fn a_second_signal_ends_it_at_once() {
    block_on(async {
        let rooms = Rooms::on(Database::sqlite().await).await;
        let (mut server, api) = rooms.server(60).await;
        server.signal("TERM");
        while api.get("/readyz").await.status != 503 {}
        assert!(server.ended().is_none());
        server.signal("TERM");
        let status = server.end(Duration::from_secs(2)).await;
        assert_eq!(status.code(), Some(1), "{}", server.log());
        assert!(
            server.log().contains("a second signal ended the server at once"),
            "{}",
            server.log()
        );
    });
}

#[test]
fn a_clear_that_a_hung_calendar_server_holds_is_answered_before_the_server_ends() {
    block_on(async {
        let rooms = Rooms::on(Database::sqlite().await).await;
        let hung = FakeCalDav::start(Quirks::RFC).await;
        let calendar = Calendar::built_in("far", "Far away", "UTC");
        rooms.setup.add_on_server(calendar, &["ann"], &access(&hung.calendar_url())).await;
        for method in ["PROPFIND", "REPORT", "GET"] {
            hung.hang(method, Tries::Always);
        }
        let settings = Settings::read(&Flags::default(), &|_| None).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = rooms.api.at(&format!("http://{}", listener.local_addr().unwrap()));
        let app = App::new(rooms.setup.service.clone(), settings);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(server::serve(listener, app, async {}, async {
            let _ = stopped.await;
            Shutdown {
                drain: Duration::ZERO,
                run_time: Duration::from_millis(500),
                cut_off_time: Duration::from_secs(5),
            }
        }));
        let asking = api.clone();
        let asked = tokio::spawn(async move {
            asking.send(reqwest::Method::DELETE, "/api/clear-bookings?calendar=far").await
        });
        while hung.requests().is_empty() {
            sleep(Duration::from_millis(5)).await;
        }
        sleep(Duration::from_millis(100)).await;
        let begun = Instant::now();
        stop.send(()).unwrap();
        let answer = asked.await.unwrap();
        assert_eq!(answer.status, 502, "{answer:?}");
        let said = Message::from(MessageId::ServerStopped).to_string();
        assert_eq!(answer.json["failed_calendars"], json!([{ "calendar": "far", "error": said }]));
        serving.await.unwrap().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        let leases =
            rooms.database.column("SELECT name FROM leases WHERE name LIKE 'calendar %'").await;
        assert!(leases.is_empty(), "{leases:?}");
    });
}
