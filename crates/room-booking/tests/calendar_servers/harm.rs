//! Servers that mean harm, and what becomes of the process that asks them.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use harness::web::{Answer, Api};
use reqwest::Method;
use testing::fake::Quirks;
use testing::process::Server;
use testing::proxy::FaultProxy;
use testing::random::Random;
use testing::scripted::{self, Way};
use testing::{Database, block_on};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::world::{CalendarServer, World};

/// What the program may take of an answer: `max_body` of crate `caldav`, and what is in the buffers of
/// sockets when it hangs up.
const MOST_SENT: usize = 128 << 20;
/// What it may need for that.
const MOST_MEMORY: u64 = 400 << 20;

async fn rooms() -> (World, FaultProxy) {
    let server = CalendarServer::in_memory(Quirks::RFC).await;
    let proxy = FaultProxy::start(&server.url(), 0).await;
    let world = World::new(Database::sqlite().await, server, &proxy).await;
    world.database.execute("UPDATE calendars SET schedule_minutes = NULL").await;
    (world, proxy)
}

/// A server process, and a client of it.
async fn start(world: &World, more: &[(&str, String)]) -> (Server, Api) {
    let mut server = Server::start_with(&world.database.url, world.folder.path(), more);
    let api = Api::new(&server.url, &world.key);
    server.ready(&api.client).await;
    (server, api)
}

async fn clear(api: &Api) -> Answer {
    api.delete("/api/clear-bookings").await
}

/// A server whose answers begin so and go on as long as anybody listens; how many bytes it has sent.
async fn endless(head: String, piece: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (count, head) = (Arc::clone(&count), head.clone());
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 65_536]).await;
                let _ = stream.write_all(head.as_bytes()).await;
                let pieces = piece.repeat(65_536 / piece.len());
                // A gigabyte is as good as endless, should nobody hang up.
                while count.load(Ordering::SeqCst) < 1 << 30 {
                    if stream.write_all(pieces.as_bytes()).await.is_err() {
                        return;
                    }
                    count.fetch_add(pieces.len(), Ordering::SeqCst);
                }
            });
        }
    });
    (url, sent)
}

#[test]
fn answers_without_an_end_are_hung_up_on_and_cost_little_memory() {
    block_on(async {
        let (world, proxy) = rooms().await;
        let (status, head) = ("HTTP/1.1 207 Multi-Status\r\n", "Connection: close\r\n\r\n");
        let kinds = [
            // A body of elements that are well-formed as far as they go.
            (
                format!("{status}{head}<multistatus xmlns='DAV:'>"),
                "<response><href>/</href></response>",
            ),
            (format!("{status}{head}<multistatus xmlns='DAV:'>"), "<a>"),
            (format!("{status}{head}"), " "),
            (format!("HTTP/1.1 500 Broken\r\n{head}"), "words "),
            // A head without an end.
            (status.to_owned(), "X-Field: value\r\n"),
        ];
        let proxied = proxy.through(&world.server.url()).trim_end_matches('/').to_owned();
        let move_to = |from: &str, to: &str| {
            format!(
                "UPDATE calendars SET collection_url = REPLACE(collection_url, '{from}', '{to}')"
            )
        };
        for (head, piece) in kinds {
            let (url, sent) = endless(head, piece).await;
            world.database.execute(&move_to(&proxied, &url)).await;
            let (server, api) = start(&world, &[]).await;
            let answer = clear(&api).await;
            let (status, report) = (answer.status.as_u16(), answer.json);
            let failed = report["failed_calendars"].as_array().unwrap();
            assert_eq!((status, failed.len()), (502, 2), "{piece}: {report}");
            for one in failed {
                assert!(one["error"].as_str().unwrap().len() < 700, "{piece}: {one}");
            }
            // Two rooms.
            let sent = sent.load(Ordering::SeqCst);
            assert!(sent <= 2 * MOST_SENT, "{piece}: {sent} bytes were taken");
            let memory = server.peak_memory();
            assert!(memory < MOST_MEMORY, "{piece}: {memory} bytes of memory");
            server.kill();
            world.database.execute(&move_to(&url, &proxied)).await;
        }
    });
}

#[test]
fn a_password_stands_in_no_log_no_answer_and_not_in_the_database_though_a_server_repeats_it() {
    block_on(async {
        let (world, _proxy) = rooms().await;
        world.add_batch(0, &mut Random::new(9, 9)).await;
        let filter = "debug,room_booking=trace,operations=trace,store=trace,caldav=trace";
        let (server, api) = start(&world, &[("RUST_LOG", filter.to_owned())]).await;
        let mut seen = Vec::new();
        let answer = clear(&api).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        seen.push(answer.text);
        let CalendarServer::Memory(memory) = &world.server else { panic!("it is in memory") };
        for status in [207, 400, 403, 404, 412, 500, 503] {
            memory.before(move |request, _| {
                let said = request.header("Authorization").unwrap_or_default();
                let words = format!("{} test-secret-1 {said} {:?}", request.path, request.headers);
                Some(match status {
                    503 => {
                        scripted::Answer::xml(503, format!("<error>{words}</error>")).on(Way::Whole)
                    }
                    status => scripted::Answer::text(status, &words),
                })
            });
            seen.push(clear(&api).await.text);
            for method in [Method::GET, Method::POST] {
                let body = serde_json::json!({
                    "name": "n", "start": "2030-03-02T12:00", "end": "2030-03-02T13:00",
                });
                let request = api.authorized(method, "/api/room-1/events");
                let answer = request.json(&body).send().await.unwrap();
                seen.push(answer.text().await.unwrap());
            }
            memory.behave();
        }
        seen.push(server.log());
        assert!(seen.last().unwrap().contains("asked a calendar server"), "{seen:?}");
        server.kill();
        seen.push(world.run(&["calendar", "list", "--json"]).out());
        let ended = world.run(&["doctor"]);
        seen.extend([ended.out(), ended.err()]);
        let database = world.database.url.strip_prefix("sqlite://").unwrap();
        for ending in ["", "-wal"] {
            let bytes = fs::read(format!("{database}{ending}")).unwrap_or_default();
            seen.push(String::from_utf8_lossy(&bytes).into_owned());
        }
        for (number, seen) in seen.iter().enumerate() {
            for secret in ["test-secret-1", "cm9vbTp0ZXN0LXNlY3JldC0x"] {
                let before = seen.split_once(secret).map(|(before, _)| before);
                let line = before.and_then(|before| before.lines().last());
                assert_eq!(line, None, "in the {number}th, after this");
            }
        }
    });
}
