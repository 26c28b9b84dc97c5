//! Changes of a collection, and answers that are verified.

use caldav::{Changes, Collection, Doubt, Error, Href, ServerKind, SyncState};

use crate::server::{Reply, Seen, Server, gone, version};

fn at(token: &str) -> SyncState {
    SyncState { ctag: None, sync_token: Some(token.to_owned()) }
}

/// What the collection says of itself.
fn itself(properties: &str) -> String {
    format!(
        "<d:response><d:href>/room/</d:href><d:propstat><d:prop>{properties}</d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    )
}

fn own(token: &str) -> Reply {
    Reply::multistatus(&itself(&format!("<d:sync-token>{token}</d:sync-token>")))
}

fn synced(responses: &str, token: &str) -> Reply {
    Reply::multistatus(&format!("{responses}<d:sync-token>{token}</d:sync-token>"))
}

fn a() -> String {
    version("/room/a.ics", "\"1\"")
}

/// The requests, by method and Depth.
fn asked(server: &Server) -> Vec<String> {
    let of = |it: &Seen| format!("{} {}", it.method, it.header("depth").unwrap_or("-"));
    server.seen().iter().map(of).collect()
}

async fn changes(room: &Collection, since: &str) -> Changes {
    room.changes(&at(since)).await.unwrap()
}

async fn after(replies: Vec<Reply>, since: &str) -> (Server, Changes) {
    let server = Server::giving(replies).await;
    let changes = changes(&server.room(ServerKind::Sabre), since).await;
    (server, changes)
}

#[tokio::test]
async fn an_unchanged_collection_costs_one_request() {
    let (server, found) = after(vec![own("t1")], "t1").await;
    assert_eq!(found, Changes::Unchanged);
    assert_eq!(asked(&server), ["PROPFIND 0"]);
}

#[tokio::test]
async fn a_changed_collection_costs_two() {
    let answer = synced(&[a(), gone("/room/b.ics")].concat(), "t2");
    let (server, found) = after(vec![own("t2"), answer], "t1").await;
    let Changes::Some { changed, vanished, state } = found else { panic!("{found:?}") };
    assert_eq!(changed[0].href, Href::from_store("/room/a.ics"));
    assert_eq!(vanished, [Href::from_store("/room/b.ics")]);
    assert_eq!(state, at("t2"));
    assert_eq!(asked(&server), ["PROPFIND 0", "REPORT 0"]);
}

#[tokio::test]
async fn a_token_from_the_future_that_is_echoed_makes_everything_be_listed() {
    let listed = Reply::multistatus(&[itself("<d:getetag/>"), a()].concat());
    let replies = vec![own("80"), synced("", "100"), own("80"), listed];
    let (server, found) = after(replies, "100").await;
    let Changes::All { members, state, doubt } = found else { panic!("{found:?}") };
    assert_eq!((members.len(), doubt), (1, Some(Doubt::ForeignToken)));
    assert_eq!(state, at("80"));
    assert_eq!(asked(&server), ["PROPFIND 0", "REPORT 0", "PROPFIND 0", "PROPFIND 1"]);
}

#[tokio::test]
async fn what_sabre_answers_to_a_token_from_the_future_is_not_believed() {
    let (own_token, future) = ("http://sabre.io/ns/sync/2", "http://sabre.io/ns/sync/100");
    let echo = Reply::recorded("sabre-sync-future-token");
    let replies = vec![own(own_token), echo, own(own_token), Reply::multistatus(&a())];
    let (_, found) = after(replies, future).await;
    let Changes::All { members, state, doubt } = found else { panic!("{found:?}") };
    assert_eq!((members.len(), doubt), (1, Some(Doubt::ForeignToken)));
    assert_eq!(state, at(own_token));
}

#[tokio::test]
async fn a_change_between_the_two_requests_is_no_reason_for_doubt() {
    let (server, found) = after(vec![own("t2"), synced(&a(), "t3"), own("t3")], "t1").await;
    let Changes::Some { state, .. } = found else { panic!("{found:?}") };
    assert_eq!((state, server.count()), (at("t3"), 3));
}

#[tokio::test]
async fn a_new_token_for_which_nothing_is_listed_makes_everything_be_listed() {
    let replies = vec![own("t2"), synced("", "t2"), Reply::multistatus(&a())];
    let (_, found) = after(replies, "t1").await;
    let Changes::All { members, state, doubt } = found else { panic!("{found:?}") };
    assert_eq!((members.len(), doubt), (1, Some(Doubt::NothingListed)));
    assert_eq!(state, at("t2"));
}

#[tokio::test]
async fn a_first_answer_that_lists_nothing_is_confirmed() {
    for (members, doubt) in [(a(), Some(Doubt::EmptyFirstAnswer)), (String::new(), None)] {
        let only_itself = synced(&itself("<d:getetag/>"), "t1");
        let listed = Reply::multistatus(&[itself("<d:getetag/>"), members.clone()].concat());
        let server = Server::giving(vec![own("t1"), only_itself, listed]).await;
        let found = server.room(ServerKind::Other).changes(&SyncState::default()).await.unwrap();
        let Changes::All { members: found, state, doubt: why } = found else {
            panic!("{found:?}");
        };
        assert_eq!((found.is_empty(), why), (members.is_empty(), doubt));
        assert_eq!(state, at("t1"));
        assert_eq!(asked(&server), ["PROPFIND 0", "REPORT 0", "PROPFIND 1"]);
    }
}

#[tokio::test]
async fn a_forgotten_token_makes_everything_be_listed() {
    let invalid =
        Reply::status(403).body("<d:error xmlns:d='DAV:'><d:valid-sync-token/></d:error>");
    let (server, found) = after(vec![own("t9"), invalid, synced(&a(), "t9")], "t1").await;
    let Changes::All { members, state, doubt } = found else { panic!("{found:?}") };
    assert_eq!((members.len(), state, doubt), (1, at("t9"), None));
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn sogos_seconds_are_asked_for_as_changes_only() {
    let server = Server::giving(vec![synced("", "1795593042")]).await;
    let found = server.room(ServerKind::Sogo).changes(&at("1795593042")).await.unwrap();
    assert_eq!((found, asked(&server)), (Changes::Unchanged, vec!["REPORT 0".to_owned()]));
    let server = Server::giving(vec![synced(&a(), "1795593043")]).await;
    let found = server.room(ServerKind::Sogo).changes(&at("1795593042")).await.unwrap();
    assert!(matches!(found, Changes::Some { .. }), "{found:?}");
    assert_eq!(asked(&server), ["REPORT 0"]);
}

#[tokio::test]
async fn a_server_that_does_not_tell_its_token_is_believed() {
    let untold = Reply::multistatus(&itself("<d:getetag/>"));
    let (server, found) = after(vec![untold.clone(), synced("", "t1")], "t1").await;
    assert_eq!((found, server.count()), (Changes::Unchanged, 2));
    let (server, found) = after(vec![untold, synced(&a(), "t2")], "t1").await;
    assert!(matches!(found, Changes::Some { .. }), "{found:?}");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_server_with_a_ctag_only_lists_everything_when_it_changes() {
    let state = |ctag: &str| Reply::multistatus(&itself(&format!("<s:getctag>{ctag}</s:getctag>")));
    let since = SyncState { ctag: Some("1".to_owned()), sync_token: None };
    let server = Server::giving(vec![state("1")]).await;
    let found = server.room(ServerKind::Other).changes(&since).await.unwrap();
    assert_eq!((found, server.count()), (Changes::Unchanged, 1));
    let server = Server::giving(vec![state("2"), Reply::multistatus(&a())]).await;
    let found = server.room(ServerKind::Other).changes(&since).await.unwrap();
    let Changes::All { state, .. } = found else { panic!("{found:?}") };
    assert_eq!(state, SyncState { ctag: Some("2".to_owned()), sync_token: None });
    assert_eq!(asked(&server), ["PROPFIND 0", "PROPFIND 1"]);
}

#[tokio::test]
async fn a_calendar_in_the_trash_bin_is_an_error_wherever_it_is_asked() {
    for namespace in ["http://nextcloud.com/ns", "http://nextcloud.org/ns"] {
        let deleted = format!(
            "<d:sync-token>t1</d:sync-token>\
             <n:deleted-at xmlns:n='{namespace}'>2026-11-28T10:00:00Z</n:deleted-at>"
        );
        let server = Server::giving(vec![Reply::multistatus(&itself(&deleted))]).await;
        let room = server.room(ServerKind::Nextcloud);
        let error = room.changes(&at("t1")).await.unwrap_err();
        assert!(matches!(error, Error::Trashed), "{error:?}");
        assert!(error.to_string().contains("was deleted on the server"));
        let error = room.properties().await.unwrap_err();
        assert!(matches!(error, Error::Trashed), "{error:?}");
    }
    // Of one that is not, Nextcloud gives the property empty.
    let there = "<d:sync-token>t1</d:sync-token><n:deleted-at xmlns:n='http://nextcloud.com/ns'/>";
    let (_, found) = after(vec![Reply::multistatus(&itself(there))], "t1").await;
    assert_eq!(found, Changes::Unchanged);
}
