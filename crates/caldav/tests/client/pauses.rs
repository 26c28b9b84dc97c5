//! Servers that lock us out or ask for a pause, and addresses without an answer.
#![allow(clippy::disallowed_methods, reason = "tests of real connections wait by the real clock")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use caldav::limits::{MAX_RETRY_AFTER, PAUSE_AFTER_429};
use caldav::{Clock, Connector, ConnectorSettings, Error, Limits, Pauses, PlainHttp, ServerKind};

use crate::server::{Reply, Server, account, connector, credentials, limits};

fn locked() -> Reply {
    Reply::status(429).body("Too many requests")
}

fn state() -> Reply {
    Reply::multistatus(
        "<d:response><d:href>/room/</d:href><d:propstat><d:prop><s:getctag>7</s:getctag></d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>",
    )
}

#[tokio::test]
async fn the_first_429_suspends_the_whole_server_for_every_account_and_calendar() {
    let server = Server::giving(vec![locked(), state()]).await;
    let pauses = Pauses::default();
    let connector = |plain_http| {
        let pauses = pauses.clone();
        let settings =
            ConnectorSettings { plain_http, pauses, limits: limits(), ..Default::default() };
        Connector::new(settings).unwrap()
    };
    for (plain_http, path) in [
        (PlainHttp::LoopbackOnly, "/room/"),
        (PlainHttp::LoopbackOnly, "/other/"),
        (PlainHttp::Allowed, "/room/"),
    ] {
        let account = connector(plain_http).account(credentials());
        let room = account.collection(&server.url(path), ServerKind::Nextcloud).unwrap();
        let error = room.ctag().await.unwrap_err();
        let Error::TooManyRequests { words, retry_after } = &error else { panic!("{error:?}") };
        assert_eq!(words, "Too many requests");
        assert!(*retry_after <= PAUSE_AFTER_429 && *retry_after > PAUSE_AFTER_429 / 2);
        assert!(error.to_string().contains("occ security:bruteforce:reset"), "{error}");
        assert!(error.is_transient() && !error.is_outcome_unknown());
    }
    assert_eq!(server.count(), 1);
    // Another server on the same host is another one.
    let other = Server::giving(vec![state()]).await;
    let account = connector(PlainHttp::LoopbackOnly).account(credentials());
    let room = account.collection(&other.url("/room/"), ServerKind::Nextcloud).unwrap();
    room.ctag().await.unwrap();
}

#[tokio::test]
async fn discovery_ends_at_the_first_429_and_asks_no_other_address() {
    let server = Server::giving(vec![locked()]).await;
    for from in [format!("127.0.0.1:{}", server.port), server.url("/x/y/").to_string()] {
        let account = account(limits());
        let before = server.count();
        let error = account.discover(&from).await.unwrap_err();
        assert!(matches!(error, Error::TooManyRequests { .. }), "{from}: {error:?}");
        assert_eq!(server.count(), before + 1, "{from}");
    }
}

#[tokio::test]
async fn requests_that_wait_for_their_turn_are_not_sent_after_a_429() {
    let server = Server::giving(vec![locked().after(Duration::from_millis(200))]).await;
    let connector = connector(Limits { parallel: 1, ..limits() });
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let account = connector.account(credentials());
        let room = account.collection(&server.url("/room/"), ServerKind::Other).unwrap();
        tasks.spawn(async move { room.ctag().await });
    }
    while let Some(done) = tasks.join_next().await {
        assert!(matches!(done.unwrap(), Err(Error::TooManyRequests { .. })));
    }
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_server_that_let_its_pause_end_is_asked_again() {
    let server = Server::giving(vec![locked().header("Retry-After", "1"), state()]).await;
    let account = account(limits());
    let room = account.collection(&server.url("/room/"), ServerKind::Other).unwrap();
    assert!(matches!(room.ctag().await, Err(Error::TooManyRequests { .. })));
    assert!(matches!(room.ctag().await, Err(Error::TooManyRequests { .. })));
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    room.ctag().await.unwrap();
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_long_retry_after_holds_for_all_calendars_of_the_server() {
    let busy = Reply::status(503).header("Retry-After", "120").body("Maintenance");
    let server = Server::giving(vec![busy, state()]).await;
    let account = account(limits());
    for path in ["/room/", "/other/"] {
        let room = account.collection(&server.url(path), ServerKind::Nextcloud).unwrap();
        let error = room.ctag().await.unwrap_err();
        let Error::Unavailable { status: 503, words, retry_after: Some(left) } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(words, "Maintenance");
        assert!(*left <= Duration::from_secs(120) && *left > Duration::from_secs(100));
    }
    assert_eq!(server.count(), 1);
}

/// A clock that is advanced by hand, in seconds since 1970.
#[derive(Default)]
struct Hands(AtomicU64);

impl Hands {
    fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn monotonic(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::SeqCst))
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + self.monotonic()
    }
}

#[tokio::test]
async fn pauses_end_by_the_clock_that_was_passed() {
    // The last one is a moment of that clock, which the system's has passed long ago.
    for asked in ["600", "Thu, 01 Jan 1970 00:10:00 GMT"] {
        for status in [429, 503] {
            let busy = Reply::status(status).header("Retry-After", asked);
            let server = Server::giving(vec![busy, state()]).await;
            let clock = Arc::new(Hands::default());
            let account = account(limits()).with_clock(clock.clone());
            let room = account.collection(&server.url("/room/"), ServerKind::Other).unwrap();
            for seconds in [0, 590, 8] {
                clock.advance(seconds);
                assert!(room.ctag().await.unwrap_err().is_transient(), "{status}, {asked}");
            }
            assert_eq!(server.count(), 1);
            clock.advance(2);
            room.ctag().await.unwrap();
            assert_eq!(server.count(), 2, "{status}, {asked}");
        }
    }
}

#[tokio::test]
async fn a_short_pause_is_waited_for_once_also_where_the_clock_stands_still() {
    let busy = Reply::status(503).header("Retry-After", "1");
    let server = Server::giving(vec![busy, state(), state()]).await;
    let account = account(limits()).with_clock(Arc::new(Hands::default()));
    let room = account.collection(&server.url("/room/"), ServerKind::Other).unwrap();
    let began = Instant::now();
    room.ctag().await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(990), "{:?}", began.elapsed());
    // What the runtime's timer has measured is over: the next request needs no other second.
    assert_eq!(server.count(), 2);
    tokio::time::timeout(Duration::from_millis(900), room.ctag()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_short_retry_after_is_waited_for_by_all_calendars_of_the_server() {
    let busy = Reply::status(503).header("Retry-After", "1");
    let server = Server::giving(vec![busy, state()]).await;
    let connector = connector(Limits { parallel: 1, ..limits() });
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for path in ["/room/", "/other/"] {
        let account = connector.account(credentials());
        let room = account.collection(&server.url(path), ServerKind::Other).unwrap();
        tasks.spawn(async move { room.get(&caldav::Href::from_store("/x.ics")).await });
    }
    while let Some(done) = tasks.join_next().await {
        // It answers with no iCalendar, but it answers.
        assert!(matches!(done.unwrap(), Err(Error::BadAnswer(_))));
    }
    assert_eq!(server.count(), 3);
    assert!(began.elapsed() >= Duration::from_millis(990), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_retry_after_is_bounded_whatever_its_form() {
    for asked in ["Fri, 31 Dec 9999 23:59:59 GMT", "31536000", "18446744073709551615"] {
        let server = Server::giving(vec![Reply::status(503).header("Retry-After", asked)]).await;
        let room = account(limits()).collection(&server.url("/room/"), ServerKind::Other).unwrap();
        let error = room.ctag().await.unwrap_err();
        let Error::Unavailable { retry_after, .. } = error else { panic!("{error:?}") };
        assert_eq!(retry_after, Some(MAX_RETRY_AFTER), "{asked}");
    }
}

/// Discovers with the usual limits, and says how long that took.
async fn discovered(from: &str) -> (Error, Duration) {
    let began = Instant::now();
    let error = account(Limits::default()).discover(from).await.unwrap_err();
    (error, began.elapsed())
}

#[tokio::test]
async fn a_wrong_port_fails_at_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    for host in ["localhost", "127.0.0.1"] {
        let (error, time) = discovered(&format!("{host}:{port}")).await;
        assert!(matches!(error, Error::Connect(_)), "{error:?}");
        assert!(time < Duration::from_secs(5), "{time:?}");
    }
}

#[tokio::test]
async fn a_local_server_with_tls_is_asked_without_it_only_once() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked_plainly = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked_plainly);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            // A handshake begins with 0x16; of anything else TLS makes a cut connection.
            match stream.read_u8().await {
                Ok(0x16) => drop(stream.write_all(b"no certificate").await),
                _ => drop(count.fetch_add(1, Ordering::Relaxed)),
            }
        }
    });
    let (error, time) = discovered(&format!("localhost:{port}")).await;
    assert!(matches!(error, Error::Tls(_)), "{error:?}");
    assert!(time < Duration::from_secs(5), "{time:?}");
    assert_eq!(asked_plainly.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_given_up_soon_while_somebody_looks_on() {
    // A queue that is full takes no further connection, as a firewall that drops them does.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut held = Vec::new();
    for _ in 0..8 {
        let connect = tokio::net::TcpStream::connect(address);
        match tokio::time::timeout(Duration::from_millis(200), connect).await {
            Ok(Ok(stream)) => held.push(stream),
            _ => break,
        }
    }
    let (error, time) = discovered(&format!("https://{address}/")).await;
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    assert!(time < Duration::from_secs(5), "{time:?}");
}
