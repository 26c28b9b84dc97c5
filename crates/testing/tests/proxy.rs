//! The proxy that loses, cuts and repeats.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashSet;
use std::time::{Duration, Instant};

use testing::fake::{FakeCalDav, PASSWORD, Quirks, USER};
use testing::proxy::{Fault, FaultProxy, Faults};
use testing::servers::Client;

const OBJECT: &str =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

struct Setting {
    server: FakeCalDav,
    proxy: FaultProxy,
    http: reqwest::Client,
    url: String,
}

impl Setting {
    async fn new(seed: u64) -> Setting {
        let server = FakeCalDav::start(Quirks::RFC).await;
        let proxy = FaultProxy::start(&server.url(), seed).await;
        let url = proxy.through(&server.calendar_url());
        let http = testing::http_client_builder().retry(reqwest::retry::never()).build().unwrap();
        Setting { server, proxy, http, url }
    }

    async fn send(&self, method: &str) -> Result<(u16, String), reqwest::Error> {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, format!("{}a.ics", self.url));
        let request = request.basic_auth(USER, Some(PASSWORD)).body(OBJECT);
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }
}

#[tokio::test]
async fn a_calm_proxy_changes_nothing() {
    let it = Setting::new(1).await;
    let client = Client::new(&it.url, USER, PASSWORD);
    let put = client.put("a%20%C3%BC.ics", OBJECT, None).await;
    assert_eq!(put.status, 201);
    assert_eq!(client.list().await[0].etag, put.etag.unwrap());
    assert_eq!(client.get("a%20%C3%BC.ics").await.body, OBJECT);
    assert_eq!(it.server.take()[0], "PUT /calendars/room/meeting-room-1/a%20%C3%BC.ics");
    assert_eq!(it.proxy.log().len(), 3);
}

#[tokio::test]
async fn a_request_whose_answer_is_lost_was_done() {
    let it = Setting::new(1).await;
    it.proxy.next(Fault::LoseAnswer);
    assert!(it.send("PUT").await.is_err());
    assert_eq!(it.server.objects().len(), 1);
    assert_eq!(it.proxy.log()[0].status, Some(201));
    assert_eq!(it.send("PUT").await.unwrap().0, 204);
}

#[tokio::test]
async fn a_request_that_is_refused_cut_or_answered_by_the_proxy_was_not_done() {
    let it = Setting::new(1).await;
    for fault in [Fault::Refuse, Fault::CutRequest(60), Fault::CutRequest(100_000)] {
        it.proxy.next(fault);
        assert!(it.send("PUT").await.is_err(), "{fault:?}");
    }
    it.proxy.next(Fault::Status(502));
    assert_eq!(it.send("PUT").await.unwrap().0, 502);
    assert_eq!(it.send("GET").await.unwrap().0, 404);
    assert!(it.server.objects().is_empty());
}

#[tokio::test]
async fn an_answer_that_is_cut_ends_before_its_length() {
    let it = Setting::new(1).await;
    it.server.put("a.ics", OBJECT);
    it.proxy.next(Fault::CutAnswer(100_000));
    assert!(it.send("GET").await.unwrap_err().is_decode());
    it.proxy.next(Fault::CutAnswer(5));
    assert!(it.send("GET").await.is_err());
    assert_eq!(it.send("GET").await.unwrap().1, OBJECT);
}

#[tokio::test]
async fn a_request_that_is_repeated_arrives_twice() {
    let it = Setting::new(1).await;
    it.server.put("a.ics", OBJECT);
    it.proxy.next(Fault::Twice);
    assert_eq!(
        it.send("DELETE").await.unwrap().0,
        204,
        "the second answer would say that somebody else did"
    );
    assert_eq!(it.server.count("DELETE"), 2);
}

#[tokio::test]
async fn a_delayed_request_arrives_later() {
    let it = Setting::new(1).await;
    it.proxy.next(Fault::Delay(Duration::from_millis(80)));
    let begun = Instant::now();
    assert_eq!(it.send("GET").await.unwrap().0, 404);
    assert!(begun.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn a_server_that_is_down_is_a_bad_gateway() {
    let mut it = Setting::new(1).await;
    it.server = FakeCalDav::start(Quirks::RFC).await;
    tokio::task::yield_now().await;
    assert_eq!(it.send("GET").await.unwrap().0, 502);
}

#[tokio::test]
async fn a_storm_treats_requests_as_its_seed_says_until_it_is_calm() {
    let faults = Faults::each(0.1);
    let expected: Vec<_> = (0..60).map(|number| faults.choose(7, number)).collect();
    let kinds: HashSet<_> = expected.iter().map(std::mem::discriminant).collect();
    assert_eq!(kinds.len(), 8, "each fault and none: {expected:?}");
    assert_ne!(expected, (0..60).map(|number| faults.choose(8, number)).collect::<Vec<_>>());

    let it = Setting::new(7).await;
    it.proxy.storm(faults);
    for _ in 0..60 {
        let _ = it.send("PUT").await;
    }
    let met: Vec<_> = it.proxy.log().iter().map(|passed| passed.fault).collect();
    assert_eq!(met, expected);
    it.proxy.calm();
    assert_eq!(it.send("PUT").await.unwrap().0, 204);
}

#[tokio::test]
async fn a_held_request_waits_until_the_test_lets_it_go() {
    let it = Setting::new(1).await;
    let mut held = it.proxy.hold("DELETE");
    assert_eq!(it.send("PUT").await.unwrap().0, 201, "others go on");
    let deleting = it.send("DELETE");
    let meanwhile = async {
        held.arrived().await;
        assert_eq!(it.server.objects().len(), 1);
        drop(held);
    };
    let (deleted, ()) = tokio::join!(deleting, meanwhile);
    assert_eq!(deleted.unwrap().0, 204);
    assert!(it.server.objects().is_empty());
    assert_eq!(it.send("PUT").await.unwrap().0, 201, "once only");
}
