//! Conditional writes: weak versions, "not found", and servers that nobody has measured.

use std::sync::Mutex;

use caldav::{Conditions, Deleted, ETag, Error, Href, ScheduleReply, ServerKind};

use crate::server::{Reply, Server, object};

fn href() -> Href {
    Href::from_store("/room/a%40b.ics")
}

fn etag(text: &str) -> ETag {
    ETag::new(text).unwrap()
}

/// Replaces the object, and deletes it, on the server that gives these answers.
async fn both(version: &str, replies: &[Reply]) -> Vec<(Server, Result<(), Error>)> {
    let (href, etag, text) = (href(), etag(version), object("1"));
    let mut both = Vec::new();
    for is_deletion in [false, true] {
        let server = Server::giving(replies.to_vec()).await;
        let room = server.room(ServerKind::Nextcloud);
        let at = room.at(&href).with_etag(&etag).expecting_text(text.as_bytes());
        let done = match is_deletion {
            true => at.delete(ScheduleReply::AsTheServerDoes).await.map(|_| ()),
            false => at.replace(b"x").await.map(|_| ()),
        };
        both.push((server, done));
    }
    both
}

#[tokio::test]
async fn a_weak_version_is_read_before_the_write_and_sent_as_the_strong_one_it_was_made_of() {
    let replies = [Reply::object("W/\"1\"", &object("1")), Reply::status(204)];
    for (server, done) in both("W/\"1\"", &replies).await {
        done.unwrap();
        let seen = server.seen();
        assert_eq!((&*seen[0].method, seen.len()), ("GET", 2));
        assert_eq!(seen[1].header("if-match"), Some("\"1\""));
    }
}

#[tokio::test]
async fn a_weak_version_that_never_matches_does_not_count_as_changed() {
    let now = Reply::object("W/\"1\"", &object("1"));
    let replies = [now.clone(), Reply::status(412), now, Reply::status(204)];
    for (server, done) in both("W/\"1\"", &replies).await {
        done.unwrap();
        let seen = server.seen();
        assert_eq!((seen[3].header("if-match"), seen.len()), (None, 4));
    }
}

#[tokio::test]
async fn a_weak_version_does_not_write_over_what_somebody_changed() {
    let now = |text: &str| Reply::object("W/\"1\"", &object(text));
    for replies in [
        vec![now("2")],
        vec![Reply::object("W/\"2\"", &object("1"))],
        // Changed between the first look and the write.
        vec![now("1"), Reply::status(412), now("2")],
    ] {
        for (server, done) in both("W/\"1\"", &replies).await {
            assert!(matches!(done, Err(Error::Changed)), "{done:?}");
            let writes = server.seen().iter().filter(|it| it.method != "GET").count();
            assert!(writes <= 1, "{writes}");
        }
    }
}

#[tokio::test]
async fn a_weak_version_in_an_answer_is_the_same_as_the_strong_one_that_is_known() {
    let replies = vec![Reply::object("W/\"1\"", &object("1")), Reply::status(204)];
    let server = Server::giving(replies).await;
    let (room, href, etag) = (server.room(ServerKind::Sogo), href(), etag("\"1\""));
    let deleted = room.at(&href).with_etag(&etag).delete(ScheduleReply::AsTheServerDoes).await;
    assert_eq!(deleted.unwrap(), Deleted::Done);
}

/// What Nextcloud says of a share that is read-only.
fn not_found() -> Reply {
    Reply::status(404).body(
        "<d:error xmlns:d='DAV:' xmlns:s='http://sabredav.org/ns'>\
         <s:message>Calendar with name 'meeting-room-1' could not be found</s:message></d:error>",
    )
}

#[tokio::test]
async fn not_found_for_a_write_is_a_refusal_where_the_object_is_there() {
    let replies = [not_found(), Reply::object("\"1\"", &object("1"))];
    for (server, done) in both("\"1\"", &replies).await {
        let Err(error @ Error::Refused { status: 404, .. }) = done else { panic!("{done:?}") };
        assert!(error.to_string().contains("could not be found"), "{error}");
        assert!(!error.is_outcome_unknown() && !error.is_transient());
        assert_eq!(server.count(), 2);
    }
}

#[tokio::test]
async fn not_found_for_a_write_is_believed_only_after_a_look() {
    for (server, done) in both("\"1\"", &[not_found(), Reply::status(404)]).await {
        let is_replaced = server.seen()[0].method == "PUT";
        match done {
            Ok(()) => assert!(!is_replaced),
            Err(error) => assert!(is_replaced && matches!(error, Error::NotFound), "{error:?}"),
        }
        assert_eq!(server.count(), 2);
    }
    let changed = Reply::object("\"2\"", &object("2"));
    for (_, done) in both("\"1\"", &[not_found(), changed]).await {
        assert!(matches!(done, Err(Error::Changed)), "{done:?}");
    }
    // It was not this request.
    for (_, done) in both("\"1\"", &[not_found(), Reply::status(500)]).await {
        assert!(matches!(done, Err(Error::Changed)), "{done:?}");
    }
}

#[tokio::test]
async fn not_found_for_a_new_object_is_a_refusal_where_the_calendar_is_there() {
    let state = Reply::multistatus(
        "<d:response><d:href>/room/</d:href><d:propstat><d:prop><s:getctag>7</s:getctag></d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>",
    );
    let server = Server::giving(vec![not_found(), state]).await;
    let error = server.room(ServerKind::Nextcloud).create(&href(), b"x").await.unwrap_err();
    assert!(matches!(error, Error::Refused { status: 404, .. }), "{error:?}");
    let server = Server::giving(vec![not_found()]).await;
    let error = server.room(ServerKind::Nextcloud).create(&href(), b"x").await.unwrap_err();
    assert!(matches!(error, Error::NotFound), "{error:?}");
}

#[tokio::test]
async fn a_server_that_nobody_knows_is_read_right_before_each_write() {
    let changed = Reply::object("\"2\"", &object("1"));
    let (href, etag) = (href(), etag("\"1\""));
    for kind in [ServerKind::Other, ServerKind::Zimbra] {
        let server = Server::giving(vec![changed.clone()]).await;
        let room = server.collection("/room/", kind);
        let at = || room.at(&href).with_etag(&etag);
        let deleted = at().delete(ScheduleReply::AsTheServerDoes).await;
        assert!(matches!(deleted, Err(Error::Changed)), "{deleted:?}");
        let replaced = at().replace(b"x").await;
        assert!(matches!(replaced, Err(Error::Changed)), "{replaced:?}");
        let created = room.create(&href, b"x").await;
        assert!(matches!(created, Err(Error::Exists)), "{created:?}");
        assert!(server.seen().iter().all(|it| it.method == "GET"), "{:?}", server.asked());
    }
}

/// A server with one object, which honours or ignores conditions, and answers a DELETE of what is gone with
/// a status of its own.
async fn one_object(honoured: Conditions, gone: u16) -> Server {
    let there: Mutex<Option<(u32, String)>> = Mutex::default();
    Server::new(move |seen| {
        let mut there = there.lock().unwrap();
        let etag = there.as_ref().map(|(number, _)| format!("\"{number}\""));
        let is_stale = seen.header("if-match").is_some_and(|it| etag.as_deref() != Some(it));
        let is_taken = seen.header("if-none-match").is_some() && there.is_some();
        Some(match &*seen.method {
            "PUT" if is_stale && honoured.on_put || is_taken && honoured.on_create => {
                Reply::status(412)
            }
            "PUT" => {
                let number = there.as_ref().map_or(0, |it| it.0 + 1);
                *there = Some((number, seen.body.clone()));
                Reply::status(201)
            }
            "DELETE" if there.is_none() => Reply::status(gone),
            "DELETE" if is_stale && honoured.on_delete => Reply::status(412),
            "DELETE" => {
                *there = None;
                Reply::status(204)
            }
            _ => there
                .as_ref()
                .zip(etag)
                .map_or(Reply::status(404), |((_, text), etag)| Reply::object(&etag, text)),
        })
    })
    .await
}

#[tokio::test]
async fn a_probe_shows_which_conditions_are_honoured_and_leaves_nothing_behind() {
    for number in 0..8 {
        let has = |bit: u8| number & bit != 0;
        let honoured = Conditions { on_put: has(1), on_delete: has(2), on_create: has(4) };
        let server = one_object(honoured, 404).await;
        let room = server.collection("/room/", ServerKind::Other);
        assert_eq!(room.probe_conditions().await.unwrap(), Some(honoured));
        let seen = server.seen();
        let path = &seen[1].path;
        assert!(seen.iter().all(|it| it.path == *path), "{:?}", server.asked());
        assert!(path.starts_with("/room/room-booking-test-"), "{path}");
        assert_eq!(room.get(&Href::from_store(path.as_str())).await.unwrap(), None);
        assert_eq!(room.with_conditions(honoured).conditions(), honoured);
    }
}

#[tokio::test]
async fn a_server_that_claims_to_delete_what_is_gone_is_read_before_each_deletion() {
    let honoured = Conditions { on_put: true, on_delete: true, on_create: true };
    for (gone, is_honoured) in [(200, false), (204, false), (404, true), (410, true), (412, true)] {
        let server = one_object(honoured, gone).await;
        let room = server.collection("/room/", ServerKind::Other);
        let shown = room.probe_conditions().await.unwrap().unwrap();
        assert_eq!(shown, Conditions { on_delete: is_honoured, ..honoured }, "{gone}");
        let (room, href) = (room.with_conditions(shown), Href::from_store("/room/a.ics"));
        room.create(&href, object("1").as_bytes()).await.unwrap();
        let version = room.get(&href).await.unwrap().unwrap().etag.unwrap();
        // Somebody else is quicker.
        room.at(&href).whatever_its_version().delete(ScheduleReply::Silent).await.unwrap();
        let deleted = room.at(&href).with_etag(&version).delete(ScheduleReply::Silent).await;
        assert!(
            matches!(deleted, Ok(Deleted::WasGone) | Err(Error::Changed)),
            "{gone}: {deleted:?}"
        );
    }
}

#[tokio::test]
async fn a_408_is_an_answer_and_leaves_no_doubt() {
    let refused = Error::Refused { status: 408, words: String::new(), hint: None };
    assert!(!refused.is_outcome_unknown());
    let server = Server::giving(vec![Reply::status(408)]).await;
    let room = server.room(ServerKind::Nextcloud);
    let (href, etag) = (href(), etag("\"1\""));
    let deleted = room.at(&href).with_etag(&etag).delete(ScheduleReply::Silent).await;
    assert!(matches!(deleted, Err(Error::Refused { status: 408, .. })), "{deleted:?}");
}

#[tokio::test]
async fn a_probe_without_the_right_to_create_shows_nothing() {
    for status in [403, 405, 507] {
        let server = Server::giving(vec![Reply::status(404), Reply::status(status)]).await;
        let room = server.collection("/room/", ServerKind::Other);
        assert_eq!(room.probe_conditions().await.unwrap(), None);
        assert_eq!(server.count(), 2);
    }
}
