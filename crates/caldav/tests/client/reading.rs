//! Reading objects.

use std::sync::atomic::{AtomicUsize, Ordering};

use caldav::limits::MAX_ASKED_ALONE;
use caldav::{
    CurrentVersion, ETag, Error, FetchOutcome, Fetched, Href, Limits, MULTIGET_CHUNK, NotGiven,
    Presence, ServerKind,
};

use crate::server::{Reply, Seen, Server, account, gone, limits, object, version, with_data};

fn hrefs(count: usize) -> Vec<Href> {
    (0..count).map(|number| Href::from_store(format!("/room/{number}.ics"))).collect()
}

/// What is asked for in a multiget.
fn asked(seen: &Seen) -> Vec<String> {
    let parts = seen.body.split("<d:href>").skip(1);
    parts.map(|it| it.split('<').next().unwrap().to_owned()).collect()
}

fn is_found(fetched: &Fetched) -> bool {
    matches!(fetched.outcome, FetchOutcome::Found { .. })
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
async fn an_object_that_an_answer_leaves_out_is_asked_for_alone_on_every_kind() {
    let with_one = || Reply::multistatus(&with_data("/room/0.ics", "\"1\"", &object("0")));
    for kind in [ServerKind::Nextcloud, ServerKind::Sabre, ServerKind::Davical, ServerKind::Other] {
        let server = Server::new(move |seen| match (&*seen.method, &*seen.path) {
            ("REPORT", _) => Some(with_one()),
            (_, "/room/1.ics") => Some(Reply::object("\"2\"", &object("1"))),
            _ => Some(Reply::status(404)),
        })
        .await;
        let fetched = server.room(kind).multiget(&hrefs(3)).await.unwrap();
        let found: Vec<bool> = fetched.iter().map(is_found).collect();
        assert_eq!(found, [true, true, false], "{kind}");
        assert_eq!(fetched[2].outcome, FetchOutcome::Missing, "{kind}");
        assert_eq!(server.count(), 3, "{kind}");
    }
}

#[tokio::test]
async fn current_versions_are_asked_for_a_hundred_at_a_time_and_without_contents() {
    let server = Server::new(|seen| {
        let all: Vec<String> = asked(seen).iter().map(|href| version(href, "\"1\"")).collect();
        Some(Reply::multistatus(&all.concat()))
    })
    .await;
    let all = hrefs(MULTIGET_CHUNK + 1);
    let versions = server.room(ServerKind::Nextcloud).etags(&all).await.unwrap();
    let (one, other) = (ETag::new("\"1\"").unwrap(), ETag::new("\"2\"").unwrap());
    assert!(versions.iter().zip(&all).all(|(it, href)| it.href == *href));
    assert!(versions.iter().all(|it| it.presence.is_version(&one)));
    assert!(!versions.iter().any(|it| it.presence.is_version(&other)));
    assert_eq!(server.count(), 2);
    assert!(server.seen().iter().all(|it| !it.body.contains("calendar-data")));
}

#[tokio::test]
async fn a_version_that_is_not_told_is_asked_for_alone() {
    let untold = "<d:response><d:href>/room/1.ics</d:href><d:propstat><d:prop><d:getetag/></d:prop>\
        <d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>";
    let answers = [version("/room/0.ics", "W/\"1\""), untold.to_owned(), gone("/room/2.ics")];
    let server = Server::new(move |seen| match (&*seen.method, &*seen.path) {
        ("REPORT", _) => Some(Reply::multistatus(&answers.concat())),
        (_, "/room/1.ics") => Some(Reply::object("\"2\"", &object("1"))),
        (_, "/room/2.ics") => Some(Reply::status(404)),
        _ => Some(Reply::status(403)),
    })
    .await;
    let versions = server.room(ServerKind::Other).etags(&hrefs(4)).await.unwrap();
    let presence: Vec<&Presence> = versions.iter().map(|it| &it.presence).collect();
    // A proxy may have made a strong version weak.
    assert!(presence[0].is_version(&ETag::new("\"1\"").unwrap()));
    assert_eq!(*presence[1], Presence::Present(ETag::new("\"2\"")));
    assert_eq!(*presence[2], Presence::Missing);
    assert!(matches!(presence[3], Presence::Unknown { .. }), "{presence:?}");
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn what_a_report_says_not_to_exist_is_asked_for_alone() {
    for kind in [ServerKind::Nextcloud, ServerKind::Radicale, ServerKind::Other] {
        let server = Server::new(|seen| {
            Some(match (&*seen.method, &*seen.path) {
                ("REPORT", _) => {
                    Reply::multistatus(&asked(seen).iter().map(|it| gone(it)).collect::<String>())
                }
                (_, "/room/0.ics") => Reply::object("\"2\"", &object("0")),
                (_, "/room/1.ics") => Reply::status(403),
                (_, "/room/2.ics") => Reply::status(410),
                _ => Reply::status(404),
            })
        })
        .await;
        let room = server.room(kind);
        let fetched = room.multiget(&hrefs(4)).await.unwrap();
        let outcomes: Vec<FetchOutcome> = fetched.into_iter().map(|it| it.outcome).collect();
        let text = object("0").into_bytes();
        assert_eq!(outcomes[0], FetchOutcome::Found { etag: ETag::new("\"2\""), text }, "{kind}");
        assert_eq!(outcomes[1], FetchOutcome::ReportedMissing, "a refusal confirms nothing");
        assert_eq!(outcomes[2..], [FetchOutcome::Missing, FetchOutcome::Missing]);
        assert_eq!(server.count(), 5);
        let versions = room.etags(&hrefs(4)).await.unwrap();
        let presence: Vec<Presence> = versions.into_iter().map(|it| it.presence).collect();
        assert_eq!(presence[0], Presence::Present(ETag::new("\"2\"")));
        assert_eq!(presence[1], Presence::ReportedMissing);
        assert_eq!(presence[2..], [Presence::Missing, Presence::Missing]);
        let before = server.count();
        let asked = room.still_there(&hrefs(4)).await.unwrap();
        assert_eq!(server.count() - before, 4, "a GET for each");
        assert_eq!((&asked[0].presence, &asked[3].presence), (&presence[0], &Presence::Missing));
        assert!(matches!(asked[1].presence, Presence::Unknown { .. }), "{asked:?}");
        // However many they are, the requests are bounded.
        let before = server.count();
        let all = hrefs(MAX_ASKED_ALONE + 1);
        let asked = room.still_there(&all).await.unwrap();
        assert!(asked.iter().zip(&all).all(|(it, href)| it.href == *href));
        assert_eq!(server.count() - before, 2 + MAX_ASKED_ALONE);
        let before = server.count();
        let versions = room.etags(&hrefs(3 * MAX_ASKED_ALONE)).await.unwrap();
        assert_eq!(server.count() - before, 3 * MAX_ASKED_ALONE / MULTIGET_CHUNK + MAX_ASKED_ALONE);
        let reported = |it: &&CurrentVersion| it.presence == Presence::ReportedMissing;
        assert_eq!(versions.iter().filter(reported).count(), 2 * MAX_ASKED_ALONE + 1);
    }
}

#[tokio::test]
async fn an_interval_is_asked_for_in_utc_and_told_with_versions() {
    let all = [version("/room/", "\"9\""), version("/room/a.ics", "\"1\"")];
    let server = Server::giving(vec![Reply::multistatus(&all.concat())]).await;
    let room = server.room(ServerKind::Nextcloud);
    let members = room.in_time_range(1_795_593_042, 1_795_596_642).await.unwrap().unwrap();
    let names: Vec<String> = members.iter().map(|it| it.href.name()).collect();
    assert_eq!((names, members[0].etag.clone()), (vec!["a.ics".to_owned()], ETag::new("\"1\"")));
    let seen = &server.seen()[0];
    assert_eq!((&*seen.method, seen.header("depth")), ("REPORT", Some("1")));
    assert!(
        seen.body.contains("<c:time-range start=\"20261125T075042Z\" end=\"20261125T085042Z\"/>"),
        "{}",
        seen.body
    );
    for reply in [
        Reply::status(501),
        Reply::status(403).body("<d:error xmlns:d='DAV:'><d:supported-report/></d:error>"),
    ] {
        let server = Server::giving(vec![reply]).await;
        let found = server.room(ServerKind::Other).in_time_range(0, 1).await.unwrap();
        assert_eq!(found, None);
    }
    let server = Server::giving(vec![Reply::status(404)]).await;
    let found = server.room(ServerKind::Other).in_time_range(0, 1).await;
    assert!(matches!(found, Err(Error::NotFound)), "{found:?}");
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
        assert_eq!(fetched[1].outcome, FetchOutcome::Missing);
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
            FetchOutcome::Unreadable { why } => {
                assert_eq!(number, 5);
                assert!(why.to_string().contains("cannot read it"), "{why}");
            }
            outcome => assert!(number != 5 && matches!(outcome, FetchOutcome::Found { .. })),
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
    let FetchOutcome::Unreadable { why } = &fetched[0].outcome else { panic!("{fetched:?}") };
    assert_eq!(*why, NotGiven::Status(403));
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
