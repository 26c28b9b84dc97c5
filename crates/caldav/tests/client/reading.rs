//! Reading objects.

use std::sync::atomic::{AtomicUsize, Ordering};

use caldav::{ETag, Error, Fetched, Href, Limits, MULTIGET_CHUNK, Outcome, ServerKind};

use crate::server::{Reply, Seen, Server, account, limits, object, with_data};

fn hrefs(count: usize) -> Vec<Href> {
    (0..count).map(|number| Href::from_store(format!("/room/{number}.ics"))).collect()
}

/// What is asked for in a multiget.
fn asked(seen: &Seen) -> Vec<String> {
    let parts = seen.body.split("<d:href>").skip(1);
    parts.map(|it| it.split('<').next().unwrap().to_owned()).collect()
}

fn is_found(fetched: &Fetched) -> bool {
    matches!(fetched.outcome, Outcome::Found { .. })
}

fn answer_all(seen: &Seen) -> Reply {
    let data: Vec<String> =
        asked(seen).iter().map(|href| with_data(href, "\"1\"", &object(href))).collect();
    Reply::multistatus(&data.concat())
}

#[tokio::test]
async fn objects_are_asked_for_a_hundred_at_a_time() {
    let server = Server::new(|seen| Some(answer_all(seen))).await;
    let all = hrefs(2 * MULTIGET_CHUNK + 1);
    let fetched = server.room(ServerKind::Other).multiget(&all).await.unwrap();
    assert_eq!(fetched.len(), all.len());
    assert!(fetched.iter().zip(&all).all(|(one, href)| one.href == *href));
    let counts: Vec<usize> = server.seen().iter().map(|it| asked(it).len()).collect();
    assert_eq!(counts, [MULTIGET_CHUNK, MULTIGET_CHUNK, 1]);
    assert!(fetched.iter().all(is_found));
    assert!(server.room(ServerKind::Other).multiget(&[]).await.unwrap().is_empty());
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn an_href_goes_out_as_it_came_and_is_escaped_for_xml() {
    let server = Server::new(|seen| Some(answer_all(seen))).await;
    let odd = ["/room/a@b.ics", "/room/gr%c3%b6.ics", "/room/r&d.ics", "/room/x%2Fy.ics"];
    let odd: Vec<Href> = odd.into_iter().map(Href::from_store).collect();
    let fetched = server.room(ServerKind::Other).multiget(&odd).await.unwrap();
    assert!(fetched.iter().all(is_found), "{fetched:?}");
    assert!(server.seen()[0].body.contains("<d:href>/room/r&amp;d.ics</d:href>"));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn silence_about_an_object_is_believed_only_where_it_is_known_to_mean_missing() {
    let with_one = || Reply::multistatus(&with_data("/room/0.ics", "\"1\"", &object("0")));
    for (kind, requests) in [(ServerKind::Nextcloud, 1), (ServerKind::Other, 2)] {
        let server = Server::new(move |seen| match &*seen.method {
            "REPORT" => Some(with_one()),
            _ => Some(Reply::object("\"2\"", &object("1"))),
        })
        .await;
        let fetched = server.room(kind).multiget(&hrefs(2)).await.unwrap();
        assert!(is_found(&fetched[0]));
        let is_missing = fetched[1].outcome == Outcome::Missing;
        assert_eq!((is_missing, server.count()), (kind == ServerKind::Nextcloud, requests));
    }
}

#[tokio::test]
async fn silence_in_an_answer_that_is_only_a_part_is_never_believed() {
    let part =
        "<d:response><d:href>/room/</d:href><d:status>HTTP/1.1 507 X</d:status></d:response>";
    let server = Server::new(move |seen| match &*seen.method {
        "REPORT" => Some(Reply::multistatus(part)),
        _ => Some(Reply::object("\"2\"", &object("1"))),
    })
    .await;
    let fetched = server.room(ServerKind::Nextcloud).multiget(&hrefs(2)).await.unwrap();
    assert!(fetched.iter().all(is_found));
}

#[tokio::test]
async fn a_server_without_multiget_is_asked_one_by_one() {
    let refused = "<d:error xmlns:d='DAV:'><d:supported-report/></d:error>";
    for reply in [Reply::status(501), Reply::status(403).body(refused), Reply::status(415)] {
        let server = Server::new(move |seen| match &*seen.method {
            "REPORT" => Some(reply.clone()),
            _ if seen.path == "/room/1.ics" => Some(Reply::status(404)),
            _ => Some(Reply::object("\"2\"", &object("1"))),
        })
        .await;
        let all = hrefs(MULTIGET_CHUNK + 2);
        let fetched = server.room(ServerKind::Other).multiget(&all).await.unwrap();
        assert_eq!(fetched.len(), all.len());
        assert_eq!(fetched[1].outcome, Outcome::Missing);
        let reports = server.seen().iter().filter(|it| it.method == "REPORT").count();
        assert_eq!(reports, 1, "it is asked again for what it does not have");
    }
}

#[tokio::test]
async fn one_object_that_spoils_the_answer_does_not_hide_the_others() {
    for spoilt in ["&#0;", "&nonsense;", "<unclosed>", "\u{1}&"] {
        let server = Server::new(move |seen| {
            let reply = match &*seen.method {
                "REPORT" => {
                    let data = asked(seen).into_iter().map(|href| {
                        let text = if href == "/room/5.ics" { spoilt } else { "x" };
                        with_data(&href, "\"1\"", text)
                    });
                    Reply::multistatus(&data.collect::<String>())
                }
                _ => Reply::object("\"1\"", &object("5")),
            };
            Some(reply)
        })
        .await;
        let fetched = server.room(ServerKind::Other).multiget(&hrefs(16)).await.unwrap();
        assert!(fetched.iter().all(is_found), "{spoilt}: {fetched:?}");
        assert!(server.count() <= 12, "{}", server.count());
    }
}

#[tokio::test]
async fn a_server_that_stumbles_over_one_object_gives_the_others() {
    let server = Server::new(|seen| {
        let reply = match &*seen.method {
            "REPORT" if asked(seen).contains(&"/room/5.ics".to_owned()) => Reply::status(500),
            "REPORT" => answer_all(seen),
            _ if seen.path == "/room/5.ics" => Reply::status(500).body("cannot read it"),
            _ => Reply::object("\"1\"", &object("x")),
        };
        Some(reply)
    })
    .await;
    let fetched = server.room(ServerKind::Other).multiget(&hrefs(16)).await.unwrap();
    for (number, it) in fetched.iter().enumerate() {
        match &it.outcome {
            Outcome::Unreadable { why } => {
                assert_eq!(number, 5);
                assert!(why.contains("cannot read it"), "{why}");
            }
            outcome => assert!(number != 5 && matches!(outcome, Outcome::Found { .. })),
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_asked_for_in_parts() {
    let limits = Limits { max_body: 4096, ..limits() };
    let server = Server::new(|seen| {
        let large = format!("BEGIN:VCALENDAR\r\n{}\r\nEND:VCALENDAR", "X".repeat(5000));
        let reply = match &*seen.method {
            "REPORT" => answer_all(seen),
            _ if seen.path == "/room/3.ics" => Reply::object("\"1\"", &large),
            _ => Reply::object("\"1\"", &object("x")),
        };
        Some(reply)
    })
    .await;
    let room = account(limits).collection(&server.url("/room/"), ServerKind::Other).unwrap();
    let fetched = room.multiget(&hrefs(40)).await.unwrap();
    assert_eq!(fetched.len(), 40);
    assert!(fetched.iter().all(is_found));
    let error = room.get(&Href::from_store("/room/3.ics")).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { bound: 4096 }), "{error:?}");
    assert!(error.to_string().contains("4096"));
}

#[tokio::test]
async fn a_status_for_an_object_is_told_for_this_object() {
    let forbidden = "<d:response><d:href>/room/0.ics</d:href><d:status>HTTP/1.1 403 X</d:status>\
        </d:response>";
    let both = format!("{forbidden}{}", with_data("/room/1.ics", "\"1\"", &object("1")));
    let server = Server::giving(vec![Reply::multistatus(&both)]).await;
    let fetched = server.room(ServerKind::Other).multiget(&hrefs(2)).await.unwrap();
    let Outcome::Unreadable { why } = &fetched[0].outcome else { panic!("{fetched:?}") };
    assert!(why.contains("403"), "{why}");
    assert!(is_found(&fetched[1]));
}

#[tokio::test]
async fn a_server_that_goes_away_ends_the_reading() {
    let count = AtomicUsize::new(0);
    let server = Server::new(move |seen| {
        let first = count.fetch_add(1, Ordering::Relaxed) == 0;
        first.then(|| answer_all(seen))
    })
    .await;
    let error = server.room(ServerKind::Other).multiget(&hrefs(150)).await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
}

#[tokio::test]
async fn an_object_is_read_with_its_version_as_it_is_written() {
    let server = Server::giving(vec![Reply::object("\"gcs0000\"", &object("1"))]).await;
    let href = Href::from_store("/room/a%40b+c.ics");
    let read = server.room(ServerKind::Other).get(&href).await.unwrap().unwrap();
    assert_eq!(read.text, object("1").as_bytes());
    assert_eq!(read.etag, ETag::new("\"gcs0000\""));
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/room/a%40b+c.ics");
    // A server or proxy that compresses would give the compressed object's ETag.
    assert_eq!(seen.header("accept-encoding"), Some("identity"));
}

#[tokio::test]
async fn what_is_no_object_is_not_read_as_one() {
    let whole = object("1");
    let cut = &whole[..whole.len() - 20];
    for body in ["<html>sign in</html>", "", cut] {
        let server = Server::giving(vec![Reply::object("\"1\"", body)]).await;
        let error = server.room(ServerKind::Other).get(&Href::from_store("/room/a.ics")).await;
        assert!(matches!(error, Err(Error::BadAnswer(_))), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn a_path_out_of_a_database_cannot_leave_the_server() {
    let server = Server::giving(vec![Reply::status(404)]).await;
    let room = server.room(ServerKind::Other);
    for path in
        ["//evil.example/a.ics", "https://evil.example/a.ics", "/room/../x", "", "a.ics", "/a?b"]
    {
        let error = room.get(&Href::from_store(path)).await.unwrap_err();
        assert!(matches!(error, Error::InvalidUrl(_)), "{path}: {error:?}");
    }
    assert_eq!(server.count(), 0);
}
