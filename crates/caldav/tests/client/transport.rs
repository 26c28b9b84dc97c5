//! Redirects, timeouts, retries, limits, and which requests get credentials.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use caldav::{
    Connector, ConnectorSettings, Credentials, Error, Href, Limits, Phase, PlainHttp, Redirected,
    ServerKind,
};
use tokio::task::JoinSet;
use url::Url;

use crate::server::{Reply, SECRET, Server, account, connector, credentials, limits, object};

const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(300);

fn state() -> Reply {
    Reply::multistatus(
        "<d:response><d:href>/room/</d:href><d:propstat><d:prop><s:getctag>7</s:getctag></d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>",
    )
}

fn href() -> Href {
    Href::from_store("/room/a.ics")
}

/// Asks with these limits for the state of the calendar.
async fn asked(server: &Server, limits: Limits) -> Result<(), Error> {
    let room = account(limits).collection(&server.url("/room/"), ServerKind::Other)?;
    room.ctag().await.map(|_| ())
}

#[tokio::test]
async fn credentials_are_sent_at_once_and_only_once_when_they_are_wrong() {
    let server = Server::giving(vec![Reply::status(401)]).await;
    let account = account(limits());
    let room = account.collection(&server.url("/room/"), ServerKind::Other).unwrap();
    assert!(matches!(room.ctag().await, Err(Error::Unauthorized)));
    assert!(matches!(room.get(&href()).await, Err(Error::Unauthorized)));
    let error = room.create(&href(), b"x").await.unwrap_err();
    assert!(matches!(error.cause(), Error::Unauthorized), "{error:?}");
    assert!(matches!(account.clone().discover("localhost").await, Err(Error::Unauthorized)));
    assert_eq!(server.count(), 1);
    // cm9vbS0xOmNvcnJlY3QtaG9yc2U= is room-1:correct-horse in Base64.
    let sent = server.seen()[0].header("authorization").map(str::to_owned);
    assert_eq!(sent.as_deref(), Some("Basic cm9vbS0xOmNvcnJlY3QtaG9yc2U="));
    // Entered anew, they are tried again.
    assert!(matches!(asked(&server, limits()).await, Err(Error::Unauthorized)));
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_token_is_sent_as_a_bearer() {
    let server = Server::giving(vec![state()]).await;
    let account = connector(limits()).account(Credentials::Bearer("t0ken".to_owned().into()));
    account.collection(&server.url("/room/"), ServerKind::Other).unwrap().ctag().await.unwrap();
    assert_eq!(server.seen()[0].header("authorization"), Some("Bearer t0ken"));
}

#[tokio::test]
async fn no_secret_is_shown() {
    let server = Server::giving(vec![Reply::status(403).body("no")]).await;
    let account = account(limits());
    let room = account.collection(&server.url("/room/?token=secret"), ServerKind::Other).unwrap();
    let error = room.ctag().await.unwrap_err();
    let bearer = Credentials::Bearer(SECRET.to_owned().into());
    let shown = format!("{account:?} {room:?} {error:?} {error} {:?} {bearer:?}", credentials());
    for secret in [SECRET, "cm9vb", "token=secret", "room-1"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn an_address_with_a_password_is_refused_without_repeating_it() {
    let url = Url::parse("https://user:secret@cloud.example.org/room/").unwrap();
    let error = account(limits()).collection(&url, ServerKind::Other).unwrap_err();
    assert!(matches!(error, Error::InvalidUrl(_)));
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[tokio::test]
async fn without_encryption_only_this_machine_is_asked_unless_it_is_allowed() {
    let account = account(limits());
    for (address, is_local) in [
        ("http://127.0.0.1/room/", true),
        ("http://127.8.9.10:5232/room/", true),
        ("http://[::1]/room/", true),
        ("http://localhost:8080/room/", true),
        ("http://calendar.example/room/", false),
        ("http://192.168.1.5/room/", false),
        ("http://127.0.0.1.example/room/", false),
    ] {
        let url = Url::parse(address).unwrap();
        let found = account.collection(&url, ServerKind::Other);
        assert_eq!(found.is_ok(), is_local, "{address}");
        if let Err(error) = found {
            assert!(matches!(error, Error::PlainHttpRefused { .. }), "{error:?}");
            assert!(error.to_string().contains(url.host_str().unwrap()), "{error}");
        }
    }
    let plain_http = PlainHttp::Allowed;
    let settings = ConnectorSettings { plain_http, ..ConnectorSettings::default() };
    let account = Connector::new(settings).unwrap().account(credentials());
    let url = Url::parse("http://calendar.example/room/").unwrap();
    assert!(account.collection(&url, ServerKind::Other).is_ok());
}

#[tokio::test]
async fn a_redirect_to_another_origin_is_named_and_never_asked() {
    let other = Server::giving(vec![state()]).await;
    for status in [301, 302, 303, 307, 308] {
        let to = other.url("/room/?token=secret").to_string();
        let server = Server::giving(vec![Reply::redirect(status, &to)]).await;
        let error = asked(&server, limits()).await.unwrap_err();
        let Error::Redirected(Redirected::ToAnotherOrigin { to }) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(*to, other.url("/room/").to_string());
        assert!(!error.is_transient() && !error.is_outcome_unknown());
    }
    assert_eq!(other.count(), 0, "the password went elsewhere");
}

#[tokio::test]
async fn a_redirect_within_the_server_is_followed() {
    let replies = vec![Reply::redirect(308, "/room/"), state()];
    let server = Server::giving(replies).await;
    let room = server.collection("/old/", ServerKind::Other);
    assert_eq!(room.ctag().await.unwrap().ctag.as_deref(), Some("7"));
    assert_eq!(server.asked(), ["PROPFIND /old/", "PROPFIND /room/"]);
    assert!(server.seen()[1].body.contains("getctag"));
}

#[tokio::test]
async fn redirects_that_go_round_end_at_their_bound() {
    let server = Server::giving(vec![Reply::redirect(302, "/again/")]).await;
    let limits = Limits { max_redirects: 3, ..limits() };
    let error = asked(&server, limits).await.unwrap_err();
    assert!(matches!(error, Error::Redirected(Redirected::TooOften { .. })), "{error:?}");
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn as_many_redirects_as_allowed_are_followed() {
    let replies = vec![Reply::redirect(302, "/a/"), Reply::redirect(302, "/room/"), state()];
    let server = Server::giving(replies).await;
    asked(&server, Limits { max_redirects: 2, ..limits() }).await.unwrap();
}

#[tokio::test]
async fn a_redirect_without_an_address_is_an_error() {
    for reply in [Reply::status(302), Reply::redirect(302, "http://"), Reply::redirect(302, "")] {
        let server = Server::giving(vec![reply]).await;
        let error = asked(&server, limits()).await.unwrap_err();
        assert!(matches!(error, Error::Redirected(_)), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again() {
    for status in [502, 503, 504] {
        let busy = Reply::status(status);
        let server = Server::giving(vec![busy.clone(), busy, state()]).await;
        asked(&server, limits()).await.unwrap();
        assert_eq!(server.count(), 3);
    }
}

#[tokio::test]
async fn a_server_that_stays_busy_is_given_up_with_its_words() {
    let server = Server::giving(vec![Reply::status(503).body("Maintenance <b>mode</b>")]).await;
    let error = asked(&server, limits()).await.unwrap_err();
    let Error::Unavailable { status: 503, words, retry_after: None } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(words, "Maintenance mode");
    // Some gateways say so after the server behind them has done its part.
    assert!(error.is_transient() && error.is_outcome_unknown());
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_server_that_asks_for_more_patience_than_there_is_is_left_alone() {
    let server = Server::giving(vec![Reply::status(503).header("Retry-After", "120")]).await;
    let error = asked(&server, limits()).await.unwrap_err();
    let Error::Unavailable { retry_after, .. } = error else { panic!("{error:?}") };
    assert_eq!(retry_after, Some(Duration::from_secs(120)));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_retry_after_that_is_a_date_is_understood() {
    let header = "Fri, 31 Dec 9999 23:59:59 GMT";
    let server = Server::giving(vec![Reply::status(503).header("Retry-After", header)]).await;
    let error = asked(&server, limits()).await.unwrap_err();
    let Error::Unavailable { retry_after: Some(wait), .. } = error else { panic!("{error:?}") };
    assert_eq!(wait, caldav::limits::MAX_RETRY_AFTER);
    for past in ["Sun, 06 Nov 1994 08:49:37 GMT", "0", "nonsense", "-5"] {
        let busy = Reply::status(503).header("Retry-After", past);
        let server = Server::giving(vec![busy, state()]).await;
        asked(&server, limits()).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_has_enough_is_not_asked_again() {
    let server = Server::giving(vec![Reply::status(429).header("Retry-After", "1")]).await;
    let error = asked(&server, limits()).await.unwrap_err();
    let Error::TooManyRequests { retry_after, .. } = error else { panic!("{error:?}") };
    assert_eq!(retry_after, Duration::from_secs(1));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_500_for_a_question_is_transient_and_not_repeated_at_once() {
    let server = Server::giving(vec![Reply::status(500)]).await;
    let error = asked(&server, limits()).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { status: 500, .. }), "{error:?}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn an_answer_that_was_cut_is_asked_for_again() {
    let whole = "<d:multistatus xmlns:d='DAV:'><d:response><d:href>/room/</d:href></d:response>\
                 </d:multistatus>";
    let cut = [
        // By a length that is not reached.
        Reply::xml(&whole[..60]).length(whole.len()),
        // Without a length: only the XML tells.
        Reply::xml(&whole[..60]).times(1),
        Reply::xml("").times(1),
    ];
    for reply in cut {
        let server = Server::giving(vec![reply.clone(), Reply::xml(whole)]).await;
        asked(&server, limits()).await.unwrap();
        assert_eq!(server.count(), 2);
        let server = Server::giving(vec![reply]).await;
        let error = asked(&server, limits()).await.unwrap_err();
        assert!(matches!(error, Error::Interrupted(_)), "{error:?}");
        assert!(server.count() <= 6, "{}", server.count());
    }
}

#[tokio::test]
async fn a_connection_that_is_closed_without_an_answer_is_tried_again_for_a_question() {
    let count = AtomicUsize::new(0);
    let server =
        Server::new(move |_| (count.fetch_add(1, Ordering::Relaxed) > 0).then(state)).await;
    asked(&server, limits()).await.unwrap();
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_server_that_never_begins_to_answer_is_given_up() {
    let server = Server::giving(vec![state().after(LONG)]).await;
    let short = Limits { first_byte: SHORT, ..limits() };
    let error = asked(&server, short.clone()).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { phase: Phase::FirstByte }), "{error:?}");
    assert_eq!(server.count(), 1);
    let room = account(short).collection(&server.url("/room/"), ServerKind::Radicale).unwrap();
    let error = room.create(&href(), b"x").await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!((server.count(), &*server.seen()[1].method), (2, "PUT"));
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_is_given_up() {
    let server = Server::giving(vec![state().stops_at(20, LONG)]).await;
    let error = asked(&server, Limits { idle: SHORT, ..limits() }).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { phase: Phase::Idle }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_drips_for_ever_is_given_up() {
    let drips = Reply::xml(" ").times(usize::MAX).stops_at(1, Duration::from_millis(10));
    let server = Server::giving(vec![drips]).await;
    let error = asked(&server, Limits { total: SHORT, ..limits() }).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { phase: Phase::Total }), "{error:?}");
}

#[tokio::test]
async fn no_connection_means_that_nothing_was_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = Url::parse(&format!("http://127.0.0.1:{port}/room/")).unwrap();
    let room = account(limits()).collection(&url, ServerKind::Radicale).unwrap();
    for error in [room.ctag().await.unwrap_err(), room.create(&href(), b"x").await.unwrap_err()] {
        assert!(matches!(error, Error::Connect(_)), "{error:?}");
        assert!(error.is_transient() && !error.is_outcome_unknown());
        assert!(error.to_string().contains(&format!("127.0.0.1:{port}")), "{error}");
    }
}

#[tokio::test]
async fn a_host_without_an_address_is_said_to_be_unknown() {
    let url = Url::parse("https://nowhere.invalid/room/").unwrap();
    let room = account(limits()).collection(&url, ServerKind::Other).unwrap();
    let error = room.ctag().await.unwrap_err();
    assert!(matches!(error, Error::Dns(_)), "{error:?}");
    assert!(error.to_string().contains("nowhere.invalid"), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_at_an_https_address_is_an_error_of_tls() {
    let server = Server::giving(vec![state()]).await;
    // What it reads is no request of HTTP, so it closes the connection or answers in the clear.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::AsyncWriteExt as _;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let url = Url::parse(&format!("https://127.0.0.1:{port}/room/")).unwrap();
    let room = account(limits()).collection(&url, ServerKind::Radicale).unwrap();
    let error = room.create(&href(), b"x").await.unwrap_err();
    assert!(matches!(error, Error::Tls(_)), "{error:?}");
    assert!(!error.is_outcome_unknown());
    assert_eq!(server.count(), 0);
}

/// Requests an object from several accounts at the same time.
fn all_at_once(server: &Server, count: usize) -> JoinSet<bool> {
    let connector = connector(Limits { parallel: 2, ..limits() });
    let mut tasks = JoinSet::new();
    for _ in 0..count {
        // Several accounts of one server share its limit.
        let account = connector.account(credentials());
        let room = account.collection(&server.url("/room/"), ServerKind::Other).unwrap();
        tasks.spawn(async move { room.get(&href()).await.unwrap().is_some() });
    }
    tasks
}

#[tokio::test]
async fn no_more_requests_than_allowed_reach_a_server_at_the_same_time() {
    let server = Server::giving(vec![state().after(LONG)]).await;
    let tasks = all_at_once(&server, 12);
    while server.count() < 2 {
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(SHORT).await;
    assert_eq!(server.count(), 2);
    drop(tasks);
    // The others come when there is room.
    let server = Server::giving(vec![Reply::object("\"1\"", &object("1"))]).await;
    assert_eq!(all_at_once(&server, 12).join_all().await, [true; 12]);
}

#[test]
fn a_ca_file_without_a_certificate_is_refused() {
    for bytes in
        [&b""[..], b"no pem", b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----"]
    {
        let ca_file = Some(bytes.to_vec());
        let settings = ConnectorSettings { ca_file, ..ConnectorSettings::default() };
        let error = Connector::new(settings).unwrap_err();
        assert!(matches!(error, Error::Settings(_)), "{error:?}");
    }
}
