//! A real server: Radicale, which needs nothing but Python.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use testing::block_on;
use testing::servers::{CalDavServer, name_of};

fn object(uid: &str, more: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
            DTSTAMP:20261101T080000Z\r\nDTSTART:20270601T100000Z\r\nDTEND:20270601T110000Z\r\n{more}\
            SUMMARY:Meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// The kinds of the servers that scripts started for the tests, else the one that needs Python only.
fn kinds() -> Vec<String> {
    let servers = CalDavServer::all().into_iter().filter(CalDavServer::has_script);
    let kinds: Vec<_> = servers.map(|it| it.kind.clone()).collect();
    if kinds.is_empty() { vec!["radicale".to_owned()] } else { kinds }
}

#[test]
fn a_killed_server_has_everything_that_it_confirmed_once_it_is_started_again() {
    for kind in kinds() {
        let server = CalDavServer::start(&kind);
        block_on(async {
            let calendar = server.make_calendar("killed").await;
            let alice = calendar.seen_by("alice");
            assert_eq!(alice.put("a.ics", &object("a", ""), None).await.status, 201, "{kind}");
            let before = alice.list().await;
            server.kill();
            let down = testing::http_client().get(&server.url).send().await;
            assert!(down.unwrap_err().is_connect(), "{kind}");
            server.restart();
            assert_eq!(alice.list().await, before, "{kind}");
            assert!(alice.get("a.ics").await.body.contains("UID:a"), "{kind}");
        });
        let (url, folder) = (server.url.clone(), server.folder.clone());
        drop(server);
        assert!(
            block_on(async { testing::http_client().get(&url).send().await })
                .unwrap_err()
                .is_connect(),
            "{kind}"
        );
        assert!(!folder.exists(), "{kind}");
    }
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

#[test]
fn on_every_server_alice_writes_into_the_room_s_calendar_and_her_invitations_arrive() {
    let mut servers = CalDavServer::all();
    if servers.is_empty() {
        servers.push(CalDavServer::start("radicale"));
    }
    for server in servers {
        block_on(async {
            // UIDs of our own: the server is shared with other tests.
            let id = format!("{}-{}", server.kind, std::process::id());
            let calendar = server.make_calendar(&format!("every-{id}")).await;
            let (alice, room) = (calendar.seen_by("alice"), calendar.seen_by("room"));
            let uid = format!("direct {id}@example.test");
            let name = name_of(&uid);
            let put = alice.put(&name, &object(&uid, ""), None).await;
            assert_eq!(put.status, 201, "{}: {put:?}", server.kind);
            assert_eq!(room.list().await.len(), 1, "{}", server.kind);
            assert!(room.get(&name).await.body.contains(&uid), "{}", server.kind);
            assert_eq!(
                room.starts("20270601T000000Z", "20270701T000000Z").await,
                ["20270601T100000Z"],
                "{}",
                server.kind
            );
            // An ETag is of use to the user who got it only: on Cyrus others have another one.
            let etag = alice.list().await[0].etag.clone();
            let deleted = alice.delete(&name, Some(&etag)).await;
            assert!([200, 204].contains(&deleted.status), "{}: {deleted:?}", server.kind);
            assert!(room.list().await.is_empty(), "{}", server.kind);

            let Some(invitations) = &server.invitations else { return };
            let uid = format!("invitation-{id}");
            let people = "ORGANIZER:mailto:alice@example.test\r\n\
                ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.test\r\n\
                ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:room@example.test\r\n";
            let alice = server.client("alice", &server.alice_own);
            let put = alice.put(&name_of(&uid), &object(&uid, people), None).await;
            assert_eq!(put.status, 201, "{}: {put:?}", server.kind);
            let room = server.client("room", invitations);
            let found = room.expanded("20270601T000000Z", "20270701T000000Z").await;
            assert!(found.iter().any(|it| it.text.contains(&uid)), "{}: {found:?}", server.kind);
        });
    }
}
