//! sync-collection, and lists of members for servers without it.

use caldav::{ETag, Error, Href, Member, ServerKind, SyncAnswer, SyncState};

use crate::server::{Reply, Server, gone, version};

fn member(href: &str, etag: &str) -> Member {
    Member { href: Href::from_store(href), etag: ETag::new(etag) }
}

async fn synced(reply: Reply, since: Option<&str>) -> Result<SyncAnswer, Error> {
    Server::giving(vec![reply]).await.room(ServerKind::Other).sync(since).await
}

#[tokio::test]
async fn an_unchanged_calendar_costs_one_small_request() {
    let server = Server::giving(vec![Reply::multistatus(
        "<d:response><d:href>/room/</d:href><d:propstat><d:prop><s:getctag>7</s:getctag>\
         <d:sync-token>t7</d:sync-token></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>\
         </d:response>",
    )])
    .await;
    let state = server.room(ServerKind::Other).ctag().await.unwrap();
    let expected = SyncState { ctag: Some("7".to_owned()), sync_token: Some("t7".to_owned()) };
    assert_eq!(state, expected);
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].header("depth"), Some("0"));
    assert!(seen[0].body.len() < 500, "{}", seen[0].body);
}

#[tokio::test]
async fn a_second_that_is_not_over_is_no_state_of_sogo() {
    // 1795593042 is 07:50:42.
    let of = |second: u64| {
        Reply::multistatus(&format!(
            "<d:response><d:href>/room/</d:href><d:propstat><d:prop><s:getctag>{second}</s:getctag>\
             <d:sync-token>{second}</d:sync-token></d:prop><d:status>HTTP/1.1 200 OK</d:status>\
             </d:propstat></d:response>"
        ))
    };
    let date = |reply: Reply| reply.header("Date", "Wed, 25 Nov 2026 07:50:42 GMT");
    for (reply, kind, is_told) in [
        (date(of(1_795_593_041)), ServerKind::Sogo, true),
        (date(of(1_795_593_042)), ServerKind::Sogo, false),
        (of(1_795_593_041), ServerKind::Sogo, false),
        (date(of(1_795_593_042)), ServerKind::Other, true),
    ] {
        let state = Server::giving(vec![reply]).await.room(kind).ctag().await.unwrap();
        assert_eq!((state.ctag.is_some(), state.sync_token.is_some()), (is_told, is_told));
        assert_eq!(state.is_unchanged_since(&state), is_told);
    }
}

#[test]
fn only_what_is_told_and_equal_means_unchanged() {
    let state = |ctag: Option<&str>, token: Option<&str>| SyncState {
        ctag: ctag.map(str::to_owned),
        sync_token: token.map(str::to_owned),
    };
    let now = state(Some("1"), Some("t"));
    for (earlier, is_unchanged) in [
        (state(Some("1"), Some("t")), true),
        (state(Some("1"), None), true),
        (state(None, Some("t")), true),
        (state(Some("0"), Some("t")), false),
        (state(Some("1"), Some("s")), false),
        (state(None, None), false),
    ] {
        assert_eq!(now.is_unchanged_since(&earlier), is_unchanged, "{earlier:?}");
        assert_eq!(earlier.is_unchanged_since(&now), is_unchanged, "{earlier:?}");
    }
}

#[tokio::test]
async fn versions_are_asked_for_without_contents_and_without_a_limit() {
    let answer = Reply::multistatus("<d:sync-token>t1</d:sync-token>");
    let server = Server::giving(vec![answer]).await;
    server.room(ServerKind::Other).sync(Some("a <token> & more")).await.unwrap();
    let seen = &server.seen()[0];
    assert!(seen.body.contains("a &lt;token&gt; &amp; more</d:sync-token>"), "{}", seen.body);
    assert!(seen.body.contains("getetag"));
    assert!(!seen.body.contains("calendar-data") && !seen.body.contains("limit"));
    assert_eq!(seen.header("user-agent"), Some("RoomBooking/0.1.0"));
}

#[tokio::test]
async fn a_token_that_is_not_known_is_seen_in_all_its_forms() {
    let error = |status: u16, body: &str| Reply::status(status).body(body);
    let named = "<d:error xmlns:d='DAV:'><d:valid-sync-token/></d:error>";
    for reply in [
        error(403, named),
        error(400, named),
        error(412, named),
        error(412, ""),
        error(409, ""),
        error(410, ""),
        error(400, "Sync-Token is too old"),
        error(403, "<error><message>Invalid or unknown sync token</message></error>"),
    ] {
        let answer = synced(reply.clone(), Some("old")).await;
        assert_eq!(answer.unwrap(), SyncAnswer::InvalidToken, "{reply:?}");
    }
}

#[tokio::test]
async fn a_refusal_of_the_first_question_is_no_invalid_token() {
    let answer = synced(Reply::status(403).body("not yours"), None).await;
    assert!(matches!(answer, Err(Error::Forbidden { .. })), "{answer:?}");
    let answer = synced(Reply::status(403).body("not yours"), Some("t")).await;
    assert!(matches!(answer, Err(Error::Forbidden { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_server_without_it_says_so_in_one_way_or_another() {
    let named = "<d:error xmlns:d='DAV:'><d:supported-report/></d:error>";
    for reply in [
        Reply::status(403).body(named),
        Reply::status(501),
        Reply::status(405),
        Reply::status(415).body(named),
    ] {
        let answer = synced(reply.clone(), Some("t")).await.unwrap();
        assert_eq!(answer, SyncAnswer::NotSupported, "{reply:?}");
    }
}

#[tokio::test]
async fn a_server_that_gives_a_token_has_it_whatever_it_announces() {
    let of = |token: &str| {
        Reply::multistatus(&format!(
            "<d:response><d:href>/room/</d:href><d:propstat><d:prop>{token}<d:supported-report-set>\
             <d:supported-report><d:report><c:sync-collection/></d:report></d:supported-report>\
             </d:supported-report-set></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>\
             </d:response>"
        ))
    };
    for (token, supports_sync) in [("<d:sync-token>t</d:sync-token>", true), ("", false)] {
        let server = Server::giving(vec![of(token)]).await;
        let found = server.room(ServerKind::Other).properties().await.unwrap();
        assert_eq!(found.supports_sync, supports_sync);
    }
}

#[tokio::test]
async fn a_calendar_that_is_gone_is_not_found() {
    let answer = synced(Reply::status(404), Some("t")).await;
    assert!(matches!(answer, Err(Error::NotFound)), "{answer:?}");
    let answer = synced(Reply::multistatus(&gone("/room/")), Some("t")).await;
    assert!(matches!(answer, Err(Error::NotFound)), "{answer:?}");
}

#[tokio::test]
async fn minus_one_of_an_empty_calendar_is_no_token() {
    let reply = Reply::multistatus("<d:sync-token>-1</d:sync-token>");
    let SyncAnswer::Changes { token, changed, .. } = synced(reply, None).await.unwrap() else {
        panic!("no changes");
    };
    assert_eq!((token, changed), (None, vec![]));
}

#[tokio::test]
async fn what_is_gone_is_of_no_interest_in_the_first_answer() {
    let reply = || {
        let both = format!("{}{}", gone("/room/a.ics"), version("/room/b.ics", "\"1\""));
        Reply::multistatus(&format!("{both}<d:sync-token>t</d:sync-token>"))
    };
    for (since, expected) in [(None, vec![]), (Some("t0"), vec![Href::from_store("/room/a.ics")])] {
        let answer = synced(reply(), since).await.unwrap();
        let SyncAnswer::Changes { changed, vanished, .. } = answer else { panic!("no changes") };
        assert_eq!(vanished, expected);
        assert_eq!(changed, vec![member("/room/b.ics", "\"1\"")]);
    }
}

#[tokio::test]
async fn what_is_named_twice_is_told_once_and_as_being_there() {
    let twice = [
        version("/room/a.ics", "\"1\""),
        gone("/room/a.ics"),
        gone("/room/b.ics"),
        gone("/room/b.ics"),
    ];
    let reply = Reply::multistatus(&twice.concat());
    let answer = synced(reply, Some("t")).await.unwrap();
    let SyncAnswer::Changes { changed, vanished, .. } = answer else { panic!("no changes") };
    assert_eq!(changed, vec![member("/room/a.ics", "\"1\"")]);
    assert_eq!(vanished, vec![Href::from_store("/room/b.ics")]);
}

const TRUNCATED: &str = "<d:response><d:href>/room/</d:href>\
    <d:status>HTTP/1.1 507 Insufficient Storage</d:status></d:response>";

#[tokio::test]
async fn a_truncated_answer_is_followed_from_its_token() {
    let first = format!(
        "{}{}{TRUNCATED}<d:sync-token>t1</d:sync-token>",
        version("/room/a.ics", "\"1\""),
        version("/room/b.ics", "\"1\""),
    );
    let second = format!(
        "{}{}<d:sync-token>t2</d:sync-token>",
        gone("/room/a.ics"),
        version("/room/b.ics", "\"2\"")
    );
    let replies = vec![Reply::multistatus(&first), Reply::multistatus(&second)];
    let server = Server::giving(replies).await;
    let answer = server.room(ServerKind::Other).sync(Some("t0")).await.unwrap();
    let SyncAnswer::Changes { changed, vanished, token, is_truncated, .. } = answer else {
        panic!("no changes");
    };
    // What is said later counts.
    assert_eq!(changed, vec![member("/room/b.ics", "\"2\"")]);
    assert_eq!(vanished, vec![Href::from_store("/room/a.ics")]);
    assert_eq!((token.as_deref(), is_truncated), (Some("t2"), false));
    let tokens: Vec<bool> = server.seen().iter().map(|it| it.body.contains(">t1<")).collect();
    assert_eq!(tokens, [false, true]);
}

#[tokio::test]
async fn a_truncated_answer_that_leads_nowhere_is_not_followed_for_ever() {
    for token in ["", "<d:sync-token>t0</d:sync-token>"] {
        let server = Server::giving(vec![Reply::multistatus(&format!("{TRUNCATED}{token}"))]).await;
        let answer = server.room(ServerKind::Other).sync(Some("t0")).await.unwrap();
        let SyncAnswer::Changes { token, is_truncated, .. } = answer else { panic!("no changes") };
        assert_eq!((token, is_truncated), (None, true));
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_507_for_the_whole_question_leads_to_the_list_of_members() {
    let answer = synced(Reply::status(507), Some("t")).await.unwrap();
    let SyncAnswer::Changes { changed, token, is_truncated, .. } = answer else {
        panic!("no changes");
    };
    assert_eq!((changed, token, is_truncated), (vec![], None, true));
}

#[tokio::test]
async fn hrefs_of_elsewhere_are_left_out_and_counted() {
    let elsewhere = [
        "https://evil.example/room/a.ics",
        "//evil.example/room/a.ics",
        "http://user@127.0.0.1/room/a.ics",
        "/other/a.ics",
        "/room/../other/a.ics",
        "/room/%2e%2e/other.ics",
        "/room/..",
        "/room/deeper/a.ics",
        "/roomier/a.ics",
        "a.ics",
        "/room/a.ics?x=1",
        "/room/a\\b.ics",
    ];
    let responses: Vec<String> = elsewhere.iter().map(|it| version(it, "\"1\"")).collect();
    let own = version("/room/own.ics", "\"1\"");
    let reply = Reply::multistatus(&format!("{}{own}", responses.concat()));
    let answer = synced(reply, None).await.unwrap();
    let SyncAnswer::Changes { changed, skipped, .. } = answer else { panic!("no changes") };
    assert_eq!(changed, vec![member("/room/own.ics", "\"1\"")]);
    assert_eq!(skipped, elsewhere.len());
}

#[tokio::test]
async fn what_servers_forget_to_escape_is_escaped() {
    let sogo: &[(&str, &str)] = &[
        ("/room/100%.ics", "/room/100%25.ics"),
        ("/room/%2F.ics", "/room/%252F.ics"),
        ("/room/a/b.ics", "/room/a%2Fb.ics"),
        ("/room/a?b#c.ics", "/room/a%3Fb%23c.ics"),
        ("/room/two words.ics", "/room/two%20words.ics"),
    ];
    let cyrus: &[(&str, &str)] = &[("/room/a?b%23c.ics", "/room/a%3Fb%23c.ics")];
    for (kind, written) in [(ServerKind::Sogo, sogo), (ServerKind::Cyrus, cyrus)] {
        let responses: Vec<_> = written.iter().map(|(it, _)| version(it, "\"1\"")).collect();
        let reply = Reply::multistatus(&(responses.concat() + "<d:sync-token>1</d:sync-token>"));
        let answer = Server::giving(vec![reply]).await.room(kind).sync(Some("0")).await.unwrap();
        let SyncAnswer::Changes { changed, skipped: 0, .. } = answer else { panic!("{answer:?}") };
        let mut hrefs: Vec<_> = changed.iter().map(|it| it.href.as_str()).collect();
        hrefs.sort_unstable();
        let mut expected: Vec<_> = written.iter().map(|(_, it)| *it).collect();
        expected.sort_unstable();
        assert_eq!(hrefs, expected, "{kind}");
    }
    // In a list of all members, SOGo escapes everything but slashes.
    let reply = Reply::multistatus(&version("/room/a/b%25.ics", "\"1\""));
    let members = Server::giving(vec![reply]).await.room(ServerKind::Sogo).members().await.unwrap();
    assert_eq!(members[0].href.as_str(), "/room/a%2Fb%25.ics");
}

#[tokio::test]
async fn hrefs_are_kept_as_they_are_written_and_compared_decoded() {
    let written = [
        ("/room/a@b.ics", "/room/a%40b.ics"),
        ("/room/gr%c3%b6%c3%9fe.ics", "/room/gr%C3%B6%C3%9Fe.ics"),
        ("/room/größer.ics", "/room/gr%C3%B6%C3%9Fer.ics"),
        ("/room/sx two.ics", "/room/sx%20two.ics"),
        ("/room/a%7Eb.ics", "/room/a~b.ics"),
        ("/room/50%25.ics", "/room/50%25.ics"),
        ("/room/a+b.ics", "/room/a%2Bb.ics"),
        ("/room/a%2Fb.ics", "/room/a%2fb.ics"),
    ];
    let responses: Vec<String> = written.iter().map(|(it, _)| version(it, "\"1\"")).collect();
    let server = Server::giving(vec![Reply::multistatus(&responses.concat())]).await;
    let members = server.room(ServerKind::Other).members().await.unwrap();
    assert_eq!(members.len(), written.len());
    for (as_written, otherwise) in written {
        let found = members.iter().find(|it| it.href == Href::from_store(otherwise));
        assert_eq!(found.unwrap().href.as_str(), as_written);
    }
}

#[tokio::test]
async fn an_address_with_scheme_and_host_of_its_own_server_is_a_path() {
    // As a proxy that ends the encryption makes a server write it.
    let reply = |port: u16| version(&format!("http://127.0.0.1:{port}/room/a%40b.ics"), "\"1\"");
    let server = Server::new(move |seen| {
        let host = seen.header("host").unwrap();
        let port = host.rsplit(':').next().unwrap().parse().unwrap();
        Some(Reply::multistatus(&reply(port)))
    })
    .await;
    let members = server.room(ServerKind::Other).members().await.unwrap();
    assert_eq!(members[0].href.as_str(), "/room/a%40b.ics");
}

#[tokio::test]
async fn the_list_of_members_leaves_out_the_calendar_itself_and_folders() {
    let folder = "<d:response><d:href>/room/sub/</d:href><d:propstat><d:prop><d:getetag>\"9\"\
        </d:getetag><d:resourcetype><d:collection/></d:resourcetype></d:prop>\
        <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>";
    let no_version = "<d:response><d:href>/room/b.ics</d:href><d:propstat><d:prop><d:getetag/></d:prop>\
        <d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>";
    let all = format!(
        "{}{folder}{}{no_version}",
        version("/room", "\"0\""),
        version("/room/a.ics", "\"1\"")
    );
    let server = Server::giving(vec![Reply::multistatus(&all)]).await;
    let members = server.room(ServerKind::Other).members().await.unwrap();
    let unknown = Member { href: Href::from_store("/room/b.ics"), etag: None };
    assert_eq!(members, vec![member("/room/a.ics", "\"1\""), unknown]);
    assert_eq!(server.seen()[0].header("depth"), Some("1"));
}

#[tokio::test]
async fn a_list_that_is_only_a_part_is_no_list() {
    let server = Server::giving(vec![Reply::multistatus(TRUNCATED)]).await;
    let error = server.room(ServerKind::Other).members().await.unwrap_err();
    assert!(matches!(error, Error::BadAnswer(_)), "{error:?}");
}

#[tokio::test]
async fn as_many_answers_as_allowed_are_followed_and_a_token_that_is_too_long_is_none() {
    use caldav::limits::{MAX_SYNC_ANSWERS, MAX_TOKEN};
    use std::sync::atomic::{AtomicUsize, Ordering};
    let count = AtomicUsize::new(0);
    let server = Server::new(move |_| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        let token = format!("<d:sync-token>t{number}</d:sync-token>");
        Some(Reply::multistatus(&format!("{TRUNCATED}{token}")))
    })
    .await;
    let answer = server.room(ServerKind::Other).sync(None).await.unwrap();
    assert!(matches!(answer, SyncAnswer::Changes { is_truncated: true, .. }), "{answer:?}");
    assert_eq!(server.count(), MAX_SYNC_ANSWERS);
    for (length, fits) in [(MAX_TOKEN, true), (MAX_TOKEN + 1, false)] {
        let token = "t".repeat(length);
        let reply = Reply::multistatus(&format!("<d:sync-token>{token}</d:sync-token>"));
        let answer = synced(reply, None).await.unwrap();
        let SyncAnswer::Changes { token, .. } = answer else { panic!("no changes") };
        assert_eq!(token.is_some(), fits);
    }
}
