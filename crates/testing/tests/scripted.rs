//! The scripted server.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::{Duration, Instant};

use testing::scripted::{Answer, Scripted, Way, recorded, step};
use testing::servers::Client;

fn client(server: &Scripted) -> Client {
    Client::new(&format!("{}/c/", server.url()), "room", "x")
}

#[tokio::test]
async fn requests_out_of_the_script_s_order_are_answered_with_500_and_leave_it_where_it_is() {
    let server = Scripted::expecting([
        step("PROPFIND", "/c/", Answer::xml(207, "<multistatus xmlns=\"DAV:\"/>")),
        step("DELETE", "/c/a%20b.ics", Answer::status(204)),
    ])
    .await;
    let client = client(&server);
    assert_eq!(client.delete("a%20b.ics", None).await.status, 500);
    assert_eq!(client.request("PROPFIND", "", &[], "").await.status, 207);
    assert_eq!(client.delete("a b.ics", None).await.status, 204);
    assert!(server.rest().is_empty());
    assert_eq!(client.delete("a%20b.ics", None).await.status, 500);
    assert_eq!(
        server.take(),
        ["DELETE /c/a%20b.ics", "PROPFIND /c/", "DELETE /c/a%20b.ics", "DELETE /c/a%20b.ics"]
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_handler_sees_header_fields_and_body_of_each_request() {
    let server = Scripted::start(|request| {
        let etag = request.header("if-match").unwrap_or("none").to_owned();
        Answer::status(200).with("ETag", &etag).with("X-Length", &request.body.len().to_string())
    })
    .await;
    let reply = client(&server).put("a.ics", "BEGIN", Some("\"1\"")).await;
    assert_eq!((reply.status, reply.etag.as_deref()), (200, Some("\"1\"")));
    let request = &server.requests()[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("PUT", "/c/a.ics"));
    assert_eq!(request.text(), "BEGIN");
    assert!(request.header("Authorization").unwrap().starts_with("Basic "));
}

#[tokio::test]
async fn a_recorded_answer_comes_as_it_was_but_for_what_belongs_to_its_connection() {
    let server = Scripted::start(|_| recorded("nextcloud-propfind-calendar")).await;
    let reply = testing::http_client().get(server.url()).send().await.unwrap();
    assert_eq!(reply.status(), 207);
    assert!(reply.headers()["DAV"].to_str().unwrap().contains("nc-calendar-trashbin"));
    assert!(!reply.headers().contains_key("Content-Encoding"));
    assert!(reply.text().await.unwrap().contains("meeting-room-1"));
}

#[tokio::test]
async fn answers_are_lost_cut_delayed_and_withheld() {
    let server = Scripted::start(|request| {
        let answer = Answer::xml(200, "0123456789");
        match request.path.as_str() {
            "/lost" => answer.on(Way::Lost),
            "/cut" => answer.on(Way::CutAfter(4)),
            "/late" => answer.after(Duration::from_millis(80)),
            _ => answer.on(Way::Hang),
        }
    })
    .await;
    let http = testing::http_client();
    let get = |path: &str| http.get(format!("{}{path}", server.url())).send();
    assert!(get("/lost").await.is_err());
    let mut cut = get("/cut").await.unwrap();
    assert_eq!(cut.content_length(), Some(10));
    assert_eq!(cut.chunk().await.unwrap().unwrap(), "0123");
    assert!(cut.chunk().await.is_err());
    let begun = Instant::now();
    assert_eq!(get("/late").await.unwrap().text().await.unwrap(), "0123456789");
    assert!(begun.elapsed() >= Duration::from_millis(80));
    assert!(tokio::time::timeout(Duration::from_millis(100), get("/hang")).await.is_err());
}

#[tokio::test]
async fn a_dropped_server_is_gone_with_its_connections() {
    let server = Scripted::start(|_| Answer::status(200)).await;
    let http = testing::http_client();
    let url = server.url();
    assert_eq!(http.get(&url).send().await.unwrap().status(), 200);
    drop(server);
    tokio::task::yield_now().await;
    assert!(http.get(&url).send().await.is_err());
}
