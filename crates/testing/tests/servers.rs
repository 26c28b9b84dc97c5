//! A real server: Radicale, which needs nothing but Python.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use testing::block_on;
use testing::servers::CalDavServer;

fn object(uid: &str, more: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
            DTSTAMP:20261101T080000Z\r\nDTSTART:20270601T100000Z\r\nDTEND:20270601T110000Z\r\n{more}\
            SUMMARY:Meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

#[test]
fn a_killed_server_has_everything_that_it_confirmed_once_it_is_started_again() {
    let server = CalDavServer::start("radicale");
    block_on(async {
        let calendar = server.make_calendar("killed").await;
        let alice = calendar.seen_by("alice");
        let put = alice.put("a.ics", &object("a", ""), None).await;
        assert_eq!(put.status, 201);
        server.kill();
        let down = reqwest::get(&server.url).await;
        assert!(down.unwrap_err().is_connect());
        server.restart();
        let room = calendar.seen_by("room");
        assert_eq!(room.list().await[0].etag, put.etag.unwrap());
        assert!(room.get("a.ics").await.body.contains("UID:a"));
    });
    let (url, folder) = (server.url.clone(), server.folder.clone());
    drop(server);
    assert!(block_on(async { reqwest::get(&url).await }).unwrap_err().is_connect());
    assert!(!folder.exists());
}

#[test]
fn another_client_writes_over_an_etag_only_and_sees_what_the_server_expands() {
    let server = CalDavServer::start("radicale");
    block_on(async {
        let calendar = server.make_calendar("shared").await;
        let (alice, bob) = (calendar.seen_by("alice"), calendar.seen_by("bob"));
        let series = object("s", "RRULE:FREQ=DAILY;COUNT=3\r\n");
        let first = alice.put("s.ics", &series, None).await.etag.unwrap();
        let shorter = object("s", "RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20270602T100000Z\r\n");
        let second = bob.put("s.ics", &shorter, Some(&first)).await;
        assert_eq!(second.status, 204);
        assert_eq!(alice.put("s.ics", &series, Some(&first)).await.status, 412);
        assert_eq!(alice.delete("s.ics", Some(&first)).await.status, 412);
        assert_eq!(
            bob.starts("20270601T000000Z", "20270701T000000Z").await,
            ["20270601T100000Z", "20270603T100000Z"]
        );
        assert_eq!(bob.delete("s.ics", second.etag.as_deref()).await.status, 200);
        assert!(alice.list().await.is_empty());
        // A calendar is the test's own.
        assert!(server.client("alice", server.calendar("alice")).list().await.is_empty());
    });
}
