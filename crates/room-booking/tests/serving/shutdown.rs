//! How a server ends: not ready first, then closed, then what was running.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
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
use tokio::sync::Mutex;
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

/// What a proxy does: it asks each server whether it is ready, and sends requests to those that are, each on a
/// connection of its own. A connection that cannot be made goes to another one; nothing else is repeated.
struct TinyProxy {
    client: reqwest::Client,
    urls: Mutex<Vec<(String, bool)>>,
    next: AtomicUsize,
}

impl TinyProxy {
    fn new() -> TinyProxy {
        let client = testing::http_client_builder().pool_max_idle_per_host(4).build().unwrap();
        TinyProxy { client, urls: Mutex::default(), next: AtomicUsize::new(0) }
    }

    /// Asks all servers whether they are ready.
    async fn check(&self) {
        let urls: Vec<String> = self.urls.lock().await.iter().map(|(url, _)| url.clone()).collect();
        for url in urls {
            let asked = self.client.get(format!("{url}/readyz")).send().await;
            let is_ready = asked.is_ok_and(|it| it.status() == 200);
            if let Some(one) = self.urls.lock().await.iter_mut().find(|(it, _)| *it == url) {
                one.1 = is_ready;
            }
        }
    }

    async fn ready(&self) -> Vec<String> {
        let urls = self.urls.lock().await;
        urls.iter().filter(|(_, is_ready)| *is_ready).map(|(url, _)| url.clone()).collect()
    }

    /// The status of the answer to a request, or why there is none.
    async fn send(&self, api: &Api, number: usize) -> Result<u16, String> {
        for _ in 0..2 {
            let ready = self.ready().await;
            if ready.is_empty() {
                return Err("no server is ready".to_owned());
            }
            let at = self.next.fetch_add(1, Ordering::Relaxed) % ready.len();
            let at = Api { client: self.client.clone(), ..api.at(&ready[at]) };
            let request = match number % 2 {
                0 => at.authorized(reqwest::Method::GET, "/api/room-1/events"),
                _ => at
                    .authorized(reqwest::Method::POST, "/api/room-1/events")
                    .json(&booking(number)),
            };
            match request.send().await {
                Ok(answer) => return Ok(answer.status().as_u16()),
                Err(error) if error.is_connect() => {}
                Err(error) => return Err(format!("{error:?}")),
            }
        }
        Err("two servers could not be reached".to_owned())
    }
}

#[test]
fn a_rolling_restart_behind_a_proxy_loses_no_request() {
    block_on(async {
        let rooms = Rooms::on(Database::postgres().await).await;
        let proxy = Arc::new(TinyProxy::new());
        let mut servers = vec![rooms.server(2).await.0, rooms.server(2).await.0];
        for server in &servers {
            proxy.urls.lock().await.push((server.url.clone(), true));
        }
        let is_over = Arc::new(AtomicBool::new(false));
        let checking = {
            let (proxy, is_over) = (Arc::clone(&proxy), Arc::clone(&is_over));
            tokio::spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    proxy.check().await;
                    sleep(Duration::from_millis(200)).await;
                }
            })
        };
        let clients: Vec<_> = (0..8)
            .map(|client| {
                let (proxy, is_over) = (Arc::clone(&proxy), Arc::clone(&is_over));
                let api = rooms.api.clone();
                tokio::spawn(async move {
                    let (mut answers, mut lost) = (0, Vec::new());
                    for turn in 0.. {
                        if is_over.load(Ordering::Relaxed) {
                            break;
                        }
                        let number = turn * 8 + client;
                        match proxy.send(&api, number).await {
                            Ok(200 | 201) => answers += 1,
                            other => lost.push((number, other)),
                        }
                        sleep(Duration::from_millis(10)).await;
                    }
                    (answers, lost)
                })
            })
            .collect();
        for restart in 0..6 {
            let mut old = servers.remove(0);
            old.signal("TERM");
            let status = old.end(Duration::from_secs(20)).await;
            assert!(status.success(), "restart {restart}: {status}: {}", old.log());
            let (new, _) = rooms.server(2).await;
            {
                let mut urls = proxy.urls.lock().await;
                urls.retain(|(url, _)| *url != old.url);
                urls.push((new.url.clone(), false));
            }
            servers.push(new);
            while proxy.ready().await.len() < 2 {
                sleep(Duration::from_millis(20)).await;
            }
        }
        is_over.store(true, Ordering::Relaxed);
        checking.await.unwrap();
        let (mut answers, mut lost) = (0, Vec::new());
        for client in clients {
            let (of_one, lost_by_one) = client.await.unwrap();
            answers += of_one;
            lost.extend(lost_by_one);
        }
        assert!(answers > 500, "{answers} answers");
        assert!(
            lost.is_empty(),
            "of {} requests {} were lost: {lost:?}",
            answers + lost.len(),
            lost.len()
        );
    });
}
