//! What holds for every path.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use harness::web::Answer;
use reqwest::Method;
use testing::{Database, block_on, on_both_databases};

use crate::app::TestApp;

on_both_databases! {
    async fn every_path_has_two_slash_forms_and_events_two_spellings(database) {
        let app = TestApp::new(database).await;
        let id = app.book("room-1", "a", "2026-12-01T12:00", "2026-12-01T13:00").await;
        for path in [
            "/api/calendars", "/api/calendars/", "/api/room-1/events", "/api/room-1/events/",
            "/api/room-1/event", "/api/room-1/event/", "/api/docs", "/api/docs/",
            "/api/openapi.json", "/api/openapi.json/", "/", "/admin", "/admin/",
            "/healthz", "/healthz/", "/readyz", "/readyz/",
        ] {
            assert_eq!(app.get(path).await.status, 200, "{path}");
        }
        for path in ["events", "event"] {
            for slash in ["", "/"] {
                let one = format!("/api/room-1/{path}/{id}{slash}");
                assert_eq!(app.get(&one).await.status, 200, "{one}");
                let body = serde_json::json!(
                    { "name": "b", "start": "2026-12-02T12:00", "end": "2026-12-02T13:00" }
                );
                let made = app.post(&format!("/api/room-1/{path}{slash}"), &body).await;
                assert_eq!(made.status, 201);
                let made = made.json["id"].as_str().unwrap().to_owned();
                let gone = app.delete(&format!("/api/room-1/{path}/{made}{slash}")).await;
                assert_eq!(gone.status, 204);
            }
        }
        for path in ["/api/clear-bookings?test=1", "/api/clear-bookings/?test=1"] {
            assert_eq!(app.delete(path).await.status, 200, "{path}");
        }
    }
}

fn with_app(test: impl AsyncFnOnce(TestApp)) {
    block_on(async {
        test(TestApp::new(Database::sqlite().await).await).await;
    });
}

#[test]
fn what_is_not_there_and_what_is_not_allowed_are_problems_too() {
    with_app(async |app| {
        for path in
            ["/nowhere", "/api", "/api/room-1", "/api/room-1/rooms", "/api/docs/../x", "/assets/x"]
        {
            app.get(path).await.expect_problem(404);
        }
        for (method, path, allowed) in [
            (Method::PUT, "/api/calendars", "GET, HEAD"),
            (Method::GET, "/api/clear-bookings", "DELETE, POST"),
            (Method::PUT, "/api/clear-bookings", "DELETE, POST"),
            (Method::DELETE, "/api/room-1/events", "GET, HEAD, POST"),
            (Method::PUT, "/api/room-1/events/x", "GET, HEAD, PATCH, DELETE"),
            (Method::OPTIONS, "/api/room-1/events", "GET, HEAD, POST"),
            (Method::POST, "/", "GET, HEAD"),
        ] {
            let answer = app.send(method.clone(), path).await;
            answer.expect_problem(405);
            assert_eq!(answer.header("allow"), allowed, "{method} {path}");
        }
    });
}

#[test]
fn every_answer_has_a_request_id_and_headers_that_keep_browsers_from_being_tricked() {
    with_app(async |app| {
        let mut ids = Vec::new();
        for path in ["/", "/api/docs", "/api/calendars", "/nowhere", "/api/openapi.json"] {
            let answer = app.get(path).await;
            ids.push(answer.header("x-request-id").to_owned());
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
            assert!(!answer.headers.contains_key("access-control-allow-origin"), "CORS is off");
        }
        ids.sort();
        ids.dedup();
        assert!(ids.len() == 5 && ids.iter().all(|id| id.len() == 22), "{ids:?}");
    });
}

#[test]
fn bytes_that_are_no_http_and_paths_that_cannot_be_decoded_do_no_harm() {
    with_app(async |app| {
        for path in ["/api/%ff/events", "/api/room-1/events/%ff%fe"] {
            app.get(path).await.expect_problem(400);
        }
        for bytes in [&b"\x16\x03\x01\x02\x00"[..], b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"] {
            let mut stream = TcpStream::connect(app.address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            stream.write_all(bytes).unwrap();
            stream.shutdown(std::net::Shutdown::Write).unwrap();
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
        }
        assert_eq!(app.get("/healthz").await.text, "ok\n");
    });
}

#[test]
fn what_is_no_request_at_all_is_refused_without_a_document_and_the_connection_ends() {
    with_app(async |app| {
        let many = "X-Header: a\r\n".repeat(120);
        let long = "x".repeat(70_000);
        for (status, request) in [
            (400, "nonsense\r\n\r\n".to_owned()),
            (400, "GET / HTTP/1.1\r\nno header\r\n\r\n".to_owned()),
            (431, format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n")),
            (414, format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n")),
        ] {
            let mut stream = TcpStream::connect(app.address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            let _ = stream.write_all(request.as_bytes());
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            let answer = String::from_utf8_lossy(&answer).to_ascii_lowercase();
            assert!(answer.starts_with(&format!("http/1.1 {status} ")), "{status}: {answer:?}");
            assert!(answer.contains("content-length: 0"), "{answer:?}");
            assert!(answer.contains("connection: close"), "{answer:?}");
        }
    });
}

#[test]
fn a_body_is_json_of_a_bounded_size() {
    with_app(async |app| {
        let send = |content: &'static str, body: Vec<u8>| {
            let request = app.request(Method::POST, "/api/room-1/events").bearer_auth(&app.key);
            let request = request.header("content-type", content).body(body);
            async move { Answer::of(request.send().await.unwrap()).await }
        };
        send("text/plain", b"{}".to_vec()).await.expect_problem(415);
        send("application/x-www-form-urlencoded", b"a=b".to_vec()).await.expect_problem(415);
        for body in [&b"{"[..], b"", b"\xff", b"{\"name\": \"a\",}"] {
            send("application/json", body.to_vec()).await.expect_problem(400);
        }
        let deep = "[".repeat(200_000);
        send("application/json", deep.into_bytes()).await.expect_problem(400);
        let large = format!("{{\"name\": \"{}\"}}", "x".repeat(256 << 10));
        let refused = send("application/json; charset=utf-8", large.into_bytes()).await;
        refused.expect_problem(413);
        assert_eq!(refused.header("connection"), "close", "what is not read ends the connection");
        let fits = format!("{{\"name\": \"{}\"}}", "x".repeat((256 << 10) - 12));
        send("application/json", fits.into_bytes()).await.expect_problem(422);
        assert!(app.names("room-1").await.is_empty());
    });
}
