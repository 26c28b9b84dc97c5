//! Signing in by Digest (RFC 7616), and what a 401 means.

use std::sync::Mutex;

use caldav::{Account, ETag, Error, Href, ScheduleReply, ServerKind};

use crate::server::{Reply, SECRET, Seen, Server, account, limits};

fn state() -> Reply {
    Reply::multistatus(
        "<d:response><d:href>/room/</d:href><d:propstat><d:prop><s:getctag>7</s:getctag></d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>",
    )
}

fn challenge(rest: &str) -> Reply {
    Reply::status(401).header("WWW-Authenticate", rest)
}

/// What Baïkal asks for, with this nonce.
fn digest(nonce: &str) -> Reply {
    challenge(&format!(
        "Digest realm=\"SabreDAV\",qop=\"auth\",nonce=\"{nonce}\",opaque=\"df58bdff8cf60599c939187d0b5c54de\""
    ))
}

/// A parameter of the Authorization header of a request.
fn sent(seen: &Seen, name: &str) -> String {
    let header = seen.header("authorization").unwrap_or_default();
    let (_, rest) = header.split_once(&format!("{name}=")).unwrap_or_default();
    rest.split(',').next().unwrap().trim_matches('"').to_owned()
}

fn is_basic(seen: &Seen) -> bool {
    seen.header("authorization").is_some_and(|it| it.starts_with("Basic "))
}

async fn ask(account: &Account, server: &Server) -> Result<(), Error> {
    let room = account.collection(&server.url("/room/"), ServerKind::Sabre)?;
    room.ctag().await.map(|_| ())
}

#[tokio::test]
async fn a_server_that_asks_for_a_digest_gets_one_and_each_later_request_is_counted() {
    let server = Server::giving(vec![digest("n1"), state()]).await;
    let account = account(limits());
    for _ in 0..3 {
        ask(&account, &server).await.unwrap();
    }
    let seen = server.seen();
    assert_eq!(seen.iter().map(is_basic).collect::<Vec<_>>(), [true, false, false, false]);
    let counts: Vec<String> = seen[1..].iter().map(|it| sent(it, "nc")).collect();
    assert_eq!(counts, ["00000001", "00000002", "00000003"]);
    for it in &seen[1..] {
        assert_eq!((sent(it, "nonce"), sent(it, "uri")), ("n1".to_owned(), "/room/".to_owned()));
        assert_eq!(sent(it, "opaque"), "df58bdff8cf60599c939187d0b5c54de");
        assert!(!it.header("authorization").unwrap().contains(SECRET));
    }
}

#[tokio::test]
async fn what_sabre_asks_for_is_understood() {
    let server = Server::giving(vec![Reply::recorded("sabre-unauthorised-digest"), state()]).await;
    ask(&account(limits()), &server).await.unwrap();
    let last = server.seen().pop().unwrap();
    assert_eq!(sent(&last, "nonce"), "6b0affb15b620");
    assert_eq!(sent(&last, "realm"), "SabreDAV");
}

#[tokio::test]
async fn a_write_is_signed_with_its_own_method_and_sent_again_as_it_was() {
    let server = Server::giving(vec![digest("n1"), Reply::status(204)]).await;
    let room = account(limits()).collection(&server.url("/room/"), ServerKind::Sabre).unwrap();
    let (href, etag) = (Href::from_store("/room/a.ics"), ETag::new("\"1\"").unwrap());
    room.at(&href).with_etag(&etag).replace(b"the body").await.unwrap();
    room.at(&href).with_etag(&etag).delete(ScheduleReply::AsTheServerDoes).await.unwrap();
    let seen = server.seen();
    assert_eq!(server.asked()[1..], ["PUT /room/a.ics", "DELETE /room/a.ics"]);
    assert_eq!((&*seen[1].body, seen[1].header("if-match")), ("the body", Some("\"1\"")));
    assert_ne!(sent(&seen[1], "response"), sent(&seen[2], "response"));
}

#[tokio::test]
async fn a_nonce_that_has_run_out_is_no_wrong_password() {
    for stale in [", stale=true", ""] {
        let renewed = challenge(&format!("Digest realm=\"r\", qop=\"auth\", nonce=\"n2\"{stale}"));
        let server = Server::giving(vec![digest("n1"), state(), renewed, state()]).await;
        let account = account(limits());
        ask(&account, &server).await.unwrap();
        ask(&account, &server).await.unwrap();
        let last = server.seen().pop().unwrap();
        assert_eq!((sent(&last, "nonce"), sent(&last, "nc")), ("n2".into(), "00000001".into()));
    }
}

#[tokio::test]
async fn the_nonce_that_the_server_names_next_is_used() {
    let next = state().header("Authentication-Info", "nextnonce=\"n2\", qop=auth");
    let server = Server::giving(vec![digest("n1"), next, state()]).await;
    let account = account(limits());
    ask(&account, &server).await.unwrap();
    ask(&account, &server).await.unwrap();
    let last = server.seen().pop().unwrap();
    assert_eq!((sent(&last, "nonce"), sent(&last, "nc")), ("n2".into(), "00000001".into()));
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_as_a_digest_and_never_again() {
    // sabre gives another nonce with each 401.
    let count = Mutex::new(0);
    let server = Server::new(move |_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        Some(digest(&format!("n{count}")))
    })
    .await;
    let account = account(limits());
    assert!(matches!(ask(&account, &server).await, Err(Error::Unauthorized)));
    assert!(matches!(ask(&account, &server).await, Err(Error::Unauthorized)));
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_server_that_finds_every_nonce_outdated_is_given_up() {
    let stale = challenge("Digest realm=\"r\", qop=\"auth\", nonce=\"n\", stale=true");
    let server = Server::giving(vec![stale]).await;
    let error = ask(&account(limits()), &server).await.unwrap_err();
    assert!(matches!(error, Error::Refused { status: 401, .. }), "{error:?}");
    assert!(!error.is_outcome_unknown());
    assert_eq!(server.count(), caldav::limits::MAX_SIGNATURES);
}

#[tokio::test]
async fn basic_is_kept_where_both_are_offered() {
    let both = challenge("Basic realm=\"r\", Digest realm=\"r\", qop=\"auth\", nonce=\"n\"");
    let server = Server::giving(vec![both]).await;
    let error = ask(&account(limits()), &server).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized), "{error:?}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_sign_in_that_is_not_supported_is_named_and_not_taken_for_a_wrong_password() {
    for header in ["Negotiate", "Digest realm=\"r\", qop=\"auth-int\", nonce=\"n\""] {
        let server = Server::giving(vec![challenge(header)]).await;
        let account = account(limits());
        for _ in 0..2 {
            let error = ask(&account, &server).await.unwrap_err();
            let Error::SignInUnsupported { schemes } = &error else { panic!("{error:?}") };
            assert!(header.to_ascii_lowercase().starts_with(&**schemes), "{schemes}");
            assert!(error.to_string().contains("Digest (RFC 7616"), "{error}");
        }
        assert_eq!(server.count(), 1);
        let error = account.discover(server.url("/").as_str()).await.unwrap_err();
        assert!(matches!(error, Error::SignInUnsupported { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn requests_at_the_same_time_share_a_nonce_and_no_count() {
    let server =
        Server::new(|seen| Some(if is_basic(seen) { digest("n1") } else { state() })).await;
    let account = account(limits());
    let all = (0..8).map(|_| ask(&account, &server));
    let done = futures(all).await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    let seen = server.seen();
    let mut counts: Vec<String> =
        seen.iter().filter(|it| !is_basic(it)).map(|it| sent(it, "nc")).collect();
    counts.sort_unstable();
    counts.dedup();
    assert_eq!(counts.len(), 8);
}

/// What comes of several futures that run at the same time.
async fn futures<F: Future<Output = Result<(), Error>>>(
    all: impl Iterator<Item = F>,
) -> Vec<Result<(), Error>> {
    let mut waiting: Vec<_> = all.map(|it| Some(Box::pin(it))).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        for slot in &mut waiting {
            if let Some(future) = slot
                && let std::task::Poll::Ready(it) = future.as_mut().poll(context)
            {
                done.push(it);
                *slot = None;
            }
        }
        match waiting.iter().all(Option::is_none) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    done
}
