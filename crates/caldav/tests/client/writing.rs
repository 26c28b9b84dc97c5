//! Creating, replacing and deleting objects.

use caldav::{Deleted, ETag, Error, Href, ScheduleReply, ServerKind};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

use crate::server::{Reply, Server, account, limits, object};

fn href() -> Href {
    Href::from_store("/room/a%40b.ics")
}

fn etag(text: &str) -> ETag {
    ETag::new(text).unwrap()
}

async fn deleting(kind: ServerKind, replies: Vec<Reply>) -> (Server, Result<Deleted, Error>) {
    let server = Server::giving(replies).await;
    let room = server.room(kind);
    let (href, etag) = (href(), etag("\"1\""));
    let at = room.at(&href).with_etag(&etag);
    let deleted = at.delete(ScheduleReply::AsTheServerDoes).await;
    (server, deleted)
}

#[tokio::test]
async fn a_new_object_is_created_only_where_none_is() {
    let server = Server::giving(vec![Reply::status(201).header("ETag", "\"1\"")]).await;
    let room = server.room(ServerKind::Other);
    let href = room.href_of("Größe 50%+a@b/c~.ics");
    assert_eq!(href.as_str(), "/room/Gr%C3%B6%C3%9Fe%2050%25%2Ba%40b%2Fc~.ics");
    assert_eq!(href.name(), "Größe 50%+a@b/c~.ics");
    let written = room.create(&href, object("1").as_bytes()).await.unwrap();
    assert_eq!(written.etag, Some(etag("\"1\"")));
    let seen = &server.seen()[0];
    assert_eq!((&*seen.method, &*seen.path), ("PUT", href.as_str()));
    assert_eq!(seen.header("if-none-match"), Some("*"));
    assert_eq!(seen.header("content-type"), Some("text/calendar; charset=utf-8"));
    assert_eq!(seen.body, object("1"));
}

#[tokio::test]
async fn what_exists_is_not_overwritten_by_something_new() {
    let exists = [
        (ServerKind::Other, vec![Reply::status(412)]),
        (ServerKind::RustiCal, vec![Reply::status(409)]),
        // It would overwrite, so it is not asked to.
        (ServerKind::Sogo, vec![Reply::object("\"1\"", &object("1")), Reply::status(204)]),
    ];
    for (kind, replies) in exists {
        let server = Server::giving(replies).await;
        let created = server.room(kind).create(&href(), b"x").await;
        assert!(matches!(created, Err(Error::Exists)), "{kind}: {created:?}");
        assert_eq!(server.count(), 1, "{kind}");
    }
}

#[tokio::test]
async fn a_broken_precondition_of_caldav_is_not_taken_for_another_version() {
    let body = "<C:error xmlns:C='urn:ietf:params:xml:ns:caldav'><C:max-resource-size/></C:error>";
    let server = Server::giving(vec![Reply::status(412).body(body)]).await;
    let room = server.room(ServerKind::Radicale);
    let (href, etag) = (href(), etag("\"1\""));
    for error in [
        room.create(&href, b"x").await.unwrap_err(),
        room.at(&href).with_etag(&etag).replace(b"x").await.unwrap_err(),
    ] {
        let Error::Refused { status: 412, words, hint: None } = &error else { panic!("{error:?}") };
        assert_eq!(words, "max-resource-size");
    }
}

#[tokio::test]
async fn radicales_412_for_what_is_too_large_is_told_from_a_change() {
    let failed = || Reply::recorded("radicale-put-stale-if-match");
    let (href, etag) = (href(), etag("\"1\""));
    let is_refused = |error: &Error| matches!(error, Error::Refused { status: 412, .. });
    for (now, is_same) in [("\"1\"", true), ("\"2\"", false)] {
        let server = Server::giving(vec![failed(), Reply::object(now, &object("1"))]).await;
        let room = server.room(ServerKind::Radicale);
        let error = room.at(&href).with_etag(&etag).replace(b"x").await.unwrap_err();
        assert_eq!(is_refused(&error), is_same, "{error:?}");
        assert_eq!(matches!(error, Error::Changed), !is_same);
    }
    for (now, is_refusal) in
        [(Reply::status(404), true), (Reply::object("\"1\"", &object("1")), false)]
    {
        let server = Server::giving(vec![failed(), now]).await;
        let error = server.room(ServerKind::Radicale).create(&href, b"x").await.unwrap_err();
        assert_eq!(is_refused(&error), is_refusal, "{error:?}");
        assert_eq!(matches!(error, Error::Exists), !is_refusal);
    }
}

#[tokio::test]
async fn a_refusal_keeps_the_words_of_the_server_without_its_markup() {
    let long = "word ".repeat(1000);
    for (body, expected) in [
        ("<s:error xmlns:s='x'><s:message>Quota &amp; more</s:message></s:error>", "Quota & more"),
        (
            "<!DOCTYPE html><html><head><title>x</title></head><body><h1>Too</h1> large</body>",
            "Too large",
        ),
        ("plain\r\n\twords", "plain words"),
        (&*long, "word word word"),
        ("<error><unfinished", ""),
    ] {
        for status in [405, 409, 413, 415, 422, 500, 501, 507] {
            let server = Server::giving(vec![Reply::status(status).body(body)]).await;
            let error = server.room(ServerKind::Other).create(&href(), b"x").await.unwrap_err();
            let Error::Refused { status: found, words, hint: None } = &error else {
                panic!("{error:?}")
            };
            assert_eq!(*found, status);
            assert!(words.starts_with(expected), "{words}");
            assert!(words.chars().count() <= caldav::limits::MAX_WORDS + 1);
            assert_eq!(server.count(), 1, "a write was sent twice");
        }
    }
}

#[tokio::test]
async fn a_version_goes_out_as_it_came() {
    for version in ["\"abc\"", "\"a b\\c\"", "unquoted", "\"gcs00000003\""] {
        let server = Server::giving(vec![Reply::status(204)]).await;
        let room = server.room(ServerKind::Other);
        let (href, etag) = (href(), etag(version));
        room.at(&href).with_etag(&etag).replace(b"x").await.unwrap();
        assert_eq!(server.seen()[0].header("if-match"), Some(version));
    }
}

#[tokio::test]
async fn whatever_its_version_sends_no_condition() {
    let server = Server::giving(vec![Reply::status(204)]).await;
    let (room, href) = (server.room(ServerKind::Sogo), href());
    room.at(&href).whatever_its_version().replace(b"x").await.unwrap();
    let deleted =
        room.at(&href).whatever_its_version().delete(ScheduleReply::Silent).await.unwrap();
    assert_eq!(deleted, Deleted::Done);
    let seen = server.seen();
    assert!(seen.iter().all(|it| it.header("if-match").is_none()));
    assert_eq!(seen[1].header("schedule-reply"), Some("F"));
    assert_eq!(seen.len(), 2);
}

#[tokio::test]
async fn the_organiser_is_told_unless_that_is_silenced() {
    let (server, deleted) = deleting(ServerKind::Other, vec![Reply::status(204)]).await;
    assert_eq!(deleted.unwrap(), Deleted::Done);
    assert_eq!(server.seen()[0].header("schedule-reply"), None);
    assert_eq!(server.seen()[0].header("x-nc-caldav-no-trashbin"), None);
}

#[tokio::test]
async fn a_missing_or_weak_version_after_a_write_has_to_be_read_back() {
    let plain = Reply::status(204);
    for reply in [plain.clone(), plain.header("ETag", "W/\"1\"")] {
        let server = Server::giving(vec![reply]).await;
        let written = server.room(ServerKind::Nextcloud).create(&href(), b"x").await.unwrap();
        assert_eq!(written.etag, None);
    }
}

#[tokio::test]
async fn nextclouds_412_for_what_is_gone_is_told_from_a_change() {
    let stale = Reply::recorded("nextcloud-delete-stale-if-match");
    let (server, deleted) =
        deleting(ServerKind::Nextcloud, vec![stale.clone(), Reply::status(404)]).await;
    assert_eq!(deleted.unwrap(), Deleted::WasGone);
    assert_eq!(server.asked(), ["DELETE /room/a%40b.ics", "GET /room/a%40b.ics"]);
    let changed = Reply::object("\"2\"", &object("1"));
    let (_, deleted) = deleting(ServerKind::Nextcloud, vec![stale.clone(), changed]).await;
    assert!(matches!(deleted, Err(Error::Changed)), "{deleted:?}");
    // It cannot be found out, so it may have been changed; nothing was deleted.
    let (_, deleted) = deleting(ServerKind::Nextcloud, vec![stale, Reply::status(500)]).await;
    assert!(matches!(deleted, Err(Error::Changed)), "{deleted:?}");
}

#[tokio::test]
async fn rusticals_403_for_an_outdated_version_is_told_from_a_refusal() {
    let forbidden = Reply::status(403).body("no");
    let now = |etag: &str| Reply::object(etag, &object("1"));
    let replies = |after: &str| vec![now("\"1\""), forbidden.clone(), now(after)];
    let (_, deleted) = deleting(ServerKind::RustiCal, replies("\"2\"")).await;
    assert!(matches!(deleted, Err(Error::Changed)), "{deleted:?}");
    let (_, deleted) = deleting(ServerKind::RustiCal, replies("\"1\"")).await;
    assert!(matches!(deleted, Err(Error::Forbidden { .. })), "{deleted:?}");
    let (_, deleted) = deleting(ServerKind::Other, vec![forbidden]).await;
    assert!(matches!(deleted, Err(Error::Forbidden { .. })), "{deleted:?}");
}

#[tokio::test]
async fn sogo_is_not_asked_to_delete_what_has_changed() {
    let changed = Reply::object("\"2\"", &object("1"));
    let (server, deleted) = deleting(ServerKind::Sogo, vec![changed, Reply::status(204)]).await;
    assert!(matches!(deleted, Err(Error::Changed)), "{deleted:?}");
    assert_eq!(server.asked(), ["GET /room/a%40b.ics"]);
    let gone = Reply::status(404);
    let (server, deleted) = deleting(ServerKind::Sogo, vec![gone]).await;
    assert_eq!((deleted.unwrap(), server.count()), (Deleted::WasGone, 1));
}

#[tokio::test]
async fn a_write_to_sogo_does_not_meet_a_connection_that_it_has_ended() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/room/", listener.local_addr().unwrap())).unwrap();
    // It answers once on each connection, and ends it when it is asked for more.
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                assert!(stream.read(&mut buffer).await.unwrap() > 0);
                stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
                let _more = stream.read(&mut buffer).await.unwrap();
            });
        }
    });
    let room = account(limits()).collection(&url, ServerKind::Sogo).unwrap();
    for _ in 0..3 {
        let href = href();
        let at = room.at(&href).whatever_its_version();
        assert_eq!(at.delete(ScheduleReply::AsTheServerDoes).await.unwrap(), Deleted::Done);
    }
}

#[tokio::test]
async fn sogos_versions_that_repeat_are_told_apart_by_the_text() {
    let expected = object("1");
    // Without the last line end and with other ones, as a multiget gives it.
    let alike = expected.trim_end().replace("\r\n", "\n");
    for (now, is_same) in [(alike, true), (object("2"), false)] {
        let replies = vec![Reply::object("\"1\"", &now), Reply::status(204)];
        let server = Server::giving(replies).await;
        let (room, href, etag) = (server.room(ServerKind::Sogo), href(), etag("\"1\""));
        let at = room.at(&href).with_etag(&etag).expecting_text(expected.as_bytes());
        let deleted = at.delete(ScheduleReply::AsTheServerDoes).await;
        assert_eq!(deleted.is_ok(), is_same, "{deleted:?}");
        assert_eq!(server.count(), if is_same { 2 } else { 1 });
    }
}

#[tokio::test]
async fn rustical_is_not_asked_to_overwrite_what_has_changed() {
    let (href, etag) = (href(), etag("\"1\""));
    let changed =
        vec![Reply::object("\"2\"", &object("1")), Reply::recorded("rustical-put-stale-if-match")];
    let server = Server::giving(changed).await;
    let room = server.room(ServerKind::RustiCal);
    let replaced = room.at(&href).with_etag(&etag).replace(b"x").await;
    assert!(matches!(replaced, Err(Error::Changed)), "{replaced:?}");
    assert_eq!(server.count(), 1);
    let gone = Server::giving(vec![Reply::status(404)]).await;
    let room = gone.room(ServerKind::RustiCal);
    let replaced = room.at(&href).with_etag(&etag).replace(b"x").await;
    assert!(matches!(replaced, Err(Error::NotFound)), "{replaced:?}");
}

#[tokio::test]
async fn a_server_that_keeps_to_the_rfcs_gets_one_request_for_one_write() {
    for kind in [ServerKind::Other, ServerKind::Nextcloud, ServerKind::Radicale, ServerKind::Cyrus]
    {
        let (server, deleted) = deleting(kind, vec![Reply::status(204)]).await;
        assert_eq!((deleted.unwrap(), server.count()), (Deleted::Done, 1));
    }
}

#[tokio::test]
async fn a_deletion_that_failed_in_part_is_no_success() {
    let of = |status: &str| {
        Reply::multistatus(&format!(
            "<d:response><d:href>/room/a%40b.ics</d:href><d:status>HTTP/1.1 {status}</d:status></d:response>"
        ))
    };
    let (_, deleted) = deleting(ServerKind::Other, vec![of("423 Locked")]).await;
    assert!(matches!(deleted, Err(Error::Refused { status: 423, .. })), "{deleted:?}");
    let (_, deleted) = deleting(ServerKind::Other, vec![of("404 Not Found")]).await;
    assert_eq!(deleted.unwrap(), Deleted::WasGone);
}

#[tokio::test]
async fn cyrus_redirects_a_write_which_keeps_its_method_its_body_and_its_condition() {
    for status in [301, 302, 307, 308] {
        let to = "/dav/calendars/user/room/x/a.ics";
        let replies = vec![Reply::redirect(status, to), Reply::status(204).header("ETag", "\"2\"")];
        let server = Server::giving(replies).await;
        let (room, href, etag) = (server.room(ServerKind::Cyrus), href(), etag("\"1\""));
        let written = room.at(&href).with_etag(&etag).replace(b"the body").await.unwrap();
        assert_eq!(written.etag, Some(self::etag("\"2\"")));
        let seen = &server.seen()[1];
        assert_eq!((&*seen.method, &*seen.path, &*seen.body), ("PUT", to, "the body"));
        assert_eq!(seen.header("if-match"), Some("\"1\""));
        assert!(seen.header("authorization").is_some());
    }
}

#[tokio::test]
async fn a_write_that_is_answered_with_see_other_is_of_unknown_outcome() {
    let server = Server::giving(vec![Reply::redirect(303, "/elsewhere")]).await;
    let error = server.room(ServerKind::Other).create(&href(), b"x").await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_lost_answer_to_a_write_is_of_unknown_outcome_and_not_sent_again() {
    let server = Server::new(|_| None).await;
    let room = server.room(ServerKind::Other);
    let error = room.create(&href(), b"x").await.unwrap_err();
    assert!(error.is_outcome_unknown() && error.is_transient(), "{error:?}");
    assert_eq!(server.count(), 1);
    for status in [502, 504] {
        let server = Server::giving(vec![Reply::status(status)]).await;
        let error = server.room(ServerKind::Other).create(&href(), b"x").await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{error:?}");
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_success_stays_one_when_its_body_is_cut() {
    let reply = Reply::status(201).header("ETag", "\"1\"").body("half").length(100);
    let server = Server::giving(vec![reply]).await;
    let written = server.room(ServerKind::Other).create(&href(), b"x").await.unwrap();
    assert_eq!(written.etag, Some(etag("\"1\"")));
}

/// Answers of 2xx that say nothing of what became of a write.
fn no_successes() -> Vec<Reply> {
    let page = "\n<!DOCTYPE html><html><body>Sign in</body></html>";
    vec![
        Reply::status(202),
        Reply::status(200).header("Content-Type", "text/html; charset=utf-8").body(page),
        Reply::status(200).header("Content-Type", "TEXT/HTML"),
        Reply::status(200).body(page),
        Reply::status(203),
        Reply::status(206),
        Reply::multistatus(""),
        Reply::xml("no XML"),
    ]
}

#[tokio::test]
async fn an_answer_that_is_no_success_leaves_the_outcome_of_a_write_unknown() {
    let locked = Reply::multistatus(
        "<d:response><d:href>/room/a%40b.ics</d:href><d:status>HTTP/1.1 423 Locked</d:status></d:response>",
    );
    let (href, etag) = (href(), etag("\"1\""));
    for reply in no_successes().into_iter().chain([locked]) {
        let server = Server::giving(vec![reply.clone()]).await;
        let room = server.room(ServerKind::Radicale);
        let created = room.create(&href, b"x").await;
        let replaced = room.at(&href).with_etag(&etag).replace(b"x").await;
        for written in [created, replaced] {
            let Err(error) = written else { panic!("{reply:?}: {written:?}") };
            assert!(error.is_outcome_unknown(), "{reply:?}: {error:?}");
        }
    }
    for reply in no_successes() {
        let (_, deleted) = deleting(ServerKind::Radicale, vec![reply.clone()]).await;
        let Err(error) = deleted else { panic!("{reply:?}: {deleted:?}") };
        assert!(error.is_outcome_unknown(), "{reply:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_success_is_one_also_with_a_body() {
    let (href, etag) = (href(), etag("\"1\""));
    let page = "<html><body>Created</body></html>";
    let html = |status| Reply::status(status).header("Content-Type", "text/html").body(page);
    for reply in [html(201), Reply::status(204), Reply::status(200), Reply::status(200).body("OK")]
    {
        let server = Server::giving(vec![reply]).await;
        let room = server.room(ServerKind::Radicale);
        room.create(&href, b"x").await.unwrap();
        room.at(&href).with_etag(&etag).replace(b"x").await.unwrap();
    }
}

#[tokio::test]
async fn of_several_errors_of_a_deletion_not_found_counts_last() {
    let of = |statuses: &[&str]| {
        let one = |status: &&str| {
            format!(
                "<d:response><d:href>/room/a%40b.ics</d:href><d:status>HTTP/1.1 {status}</d:status></d:response>"
            )
        };
        Reply::multistatus(&statuses.iter().map(one).collect::<String>())
    };
    let refused = of(&["403 Forbidden", "404 Not Found"]);
    let (_, deleted) = deleting(ServerKind::Other, vec![refused]).await;
    assert!(matches!(deleted, Err(Error::Forbidden { .. })), "{deleted:?}");
    let (_, deleted) = deleting(ServerKind::Other, vec![of(&["200 OK"])]).await;
    assert_eq!(deleted.unwrap(), Deleted::Done);
}
