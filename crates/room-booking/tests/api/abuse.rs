//! Requests and connections of somebody who means harm.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use testing::{Database, block_on};

use crate::app::TestApp;

fn with_app(variables: &[(&str, &str)], test: impl AsyncFnOnce(TestApp)) {
    block_on(async {
        let database = Database::sqlite().await;
        test(TestApp::with(database, variables).await).await;
    });
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// What comes back for bytes that are sent as they are, in lower case.
fn raw(address: SocketAddr, request: &str) -> String {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).to_ascii_lowercase()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or_default()
}

#[test]
fn a_request_has_exactly_one_host_and_http_1_0_may_have_none() {
    with_app(&[], async |app| {
        for (expected, version, headers) in [
            (200, "1.1", "Host: rooms.example.org\r\n"),
            (200, "1.1", "Host: [::1]:8000\r\n"),
            (200, "1.0", ""),
            (200, "1.0", "Host: a\r\n"),
            (400, "1.1", ""),
            (400, "1.1", "Host:\r\n"),
            (400, "1.1", "Host: a\r\nHost: a\r\n"),
            (400, "1.1", "Host: a\r\nhost: b\r\n"),
            (400, "1.0", "Host: a\r\nHost: b\r\n"),
            (400, "1.1", "Host: a b\r\n"),
            (400, "1.1", "Host: user@a\r\n"),
            (400, "1.1", "Host: a/b\r\n"),
            (200, "1.1", "Host: a:8080\r\n"),
            (400, "1.1", "Host: a:99999\r\n"),
            (400, "1.1", "Host: a:xx\r\n"),
        ] {
            let close = "Connection: close\r\n\r\n";
            let answer =
                raw(app.address, &format!("GET /healthz HTTP/{version}\r\n{headers}{close}"));
            assert_eq!(status(&answer), expected, "{version} {headers:?}: {answer}");
            if expected == 400 {
                assert!(answer.contains("content-type: application/problem+json"), "{answer}");
                assert!(answer.contains("x-request-id: "), "{answer}");
            }
        }
    });
}

#[test]
fn a_path_with_empty_or_dot_segments_is_refused_before_it_leads_anywhere() {
    with_app(&[], async |app| {
        for path in [
            "//admin",
            "///admin/keys",
            "/admin//keys",
            "/admin/../api/calendars",
            "/./admin",
            "/admin/%2e%2e/api/calendars",
            "/admin/.%2E",
            "/%2e/admin",
            "/api/room-1/events/%2E%2E",
            "/admin/keys//",
            "//evil.example/..",
            "/admin\\keys",
        ] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            let answer = raw(app.address, &request);
            assert_eq!(status(&answer), 400, "{path}: {answer}");
            assert!(!answer.contains("location:"), "{path}: {answer}");
        }
        for path in ["/admin/", "/api/room-1/events/a%2Fb", "/?x=//../", "/api/room-1/events/..x"] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assert_ne!(status(&raw(app.address, &request)), 400, "{path}");
        }
    });
}

#[test]
fn browsers_are_told_to_stay_with_https_where_the_public_url_is_https() {
    for (url, expected) in
        [("https://rooms.example.org", "max-age=31536000"), ("http://rooms.example.org", "")]
    {
        with_app(&[("PUBLIC_URL", url)], async |app| {
            for path in ["/", "/admin", "/nowhere", "/api/calendars"] {
                let answer = app.get(path).await;
                assert_eq!(answer.header("strict-transport-security"), expected, "{url} {path}");
            }
        });
    }
}

/// Whether a connection is served, which it stays.
fn is_served(stream: &mut TcpStream) -> bool {
    let request = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut start = [0; 15];
    stream.write_all(request).is_ok()
        && stream.read_exact(&mut start).is_ok()
        && start == *b"HTTP/1.1 200 OK"
}

#[test]
fn the_connection_after_the_bound_of_an_address_is_closed_and_others_are_served() {
    with_app(&[("CONNECTIONS_PER_ADDRESS", "3")], async |app| {
        let mut first: Vec<_> = (0..3).map(|_| connect(app.address)).collect();
        assert!(first.iter_mut().all(is_served));
        assert!(!is_served(&mut connect(app.address)), "the one after the bound");
        let elsewhere =
            testing::http_client_builder().no_proxy().local_address(IpAddr::from([127, 0, 0, 2]));
        let url = format!("http://{}/healthz", app.address);
        let answer = elsewhere.build().unwrap().get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "another address is served");
        assert!(first.iter_mut().all(|it| {
            let mut rest = [0; 4_096];
            let _ = it.read(&mut rest);
            is_served(it)
        }));
        drop(first);
        // The server sees the end of a connection a moment later.
        let is_free = (0..200).any(|_| {
            std::thread::sleep(Duration::from_millis(25));
            is_served(&mut connect(app.address))
        });
        assert!(is_free);
    });
    let proxied = [("CONNECTIONS_PER_ADDRESS", "3"), ("TRUSTED_PROXIES", "127.0.0.1")];
    with_app(&proxied, async |app| {
        let mut many: Vec<_> = (0..8).map(|_| connect(app.address)).collect();
        assert!(many.iter_mut().all(is_served), "a trusted proxy speaks for many");
    });
}

#[test]
fn a_key_that_has_created_its_events_of_the_day_is_told_when_it_may_go_on() {
    with_app(&[("EVENTS_PER_KEY_PER_DAY", "2")], async |app| {
        let body = serde_json::json!(
            { "name": "a", "start": "2026-12-01T12:00", "end": "2026-12-01T13:00" }
        );
        for _ in 0..2 {
            assert_eq!(app.post("/api/room-1/events", &body).await.status, 201);
        }
        let refused = app.post("/api/room-2/events", &body).await;
        refused.expect_problem(429);
        let seconds: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=86_400).contains(&seconds), "{seconds}");
        assert!(app.names("room-2").await.is_empty());
        assert_eq!(app.get("/api/calendars").await.status, 200, "all else goes on");
    });
}

#[test]
fn an_organizer_at_the_address_of_a_host_is_refused() {
    with_app(&[], async |app| {
        for address in ["a@[127.0.0.1]", "a@[IPv6:::1]", "a@10.0.0.1", "a@0x7f000001"] {
            let body = serde_json::json!({
                "name": "a", "start": "2026-12-01T12:00", "end": "2026-12-01T13:00",
                "organizer": address
            });
            let answer = app.post("/api/room-1/events", &body).await;
            answer.expect_problem(422);
            assert_eq!(answer.wrong_fields(), ["organizer"], "{address}");
        }
        assert!(app.names("room-1").await.is_empty());
    });
}
