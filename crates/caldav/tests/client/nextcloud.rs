//! Who booked, by Nextcloud's Activity app.

use std::collections::HashSet;

use caldav::{ServerKind, limits};

use crate::server::{Reply, Seen, Server, account, limits as quick, recorded};

const CALENDAR: &str = "/nextcloud/remote.php/dav/calendars/room-1/meeting-room-1/";

fn uids(uids: &[&str]) -> HashSet<String> {
    uids.iter().map(|it| (*it).to_owned()).collect()
}

fn page(entries: &[String]) -> Reply {
    let body = format!("{{\"ocs\":{{\"meta\":{{}},\"data\":[{}]}}}}", entries.join(","));
    Reply::status(200).header("Content-Type", "application/json").body(body)
}

/// An entry of these events.
fn entry(number: usize, template: &str, actor: &str, events: &[(&str, &str)]) -> String {
    let events: Vec<String> = events
        .iter()
        .map(|(key, uid)| format!(",\"{key}\":{{\"type\":\"calendar-event\",\"id\":\"{uid}\"}}"))
        .collect();
    format!(
        "{{\"activity_id\":{number},\"app\":\"dav\",\"type\":\"calendar_event\",\"user\":\"{actor}\",\
         \"subject_rich\":[\"{template}\",{{\"actor\":{{\"type\":\"user\",\"id\":\"{actor}\",\
         \"name\":\"{actor} name\"}}{}}}]}}",
        events.concat()
    )
}

const CREATED: &str = "{actor} created event {event} in calendar {calendar}";
const UPDATED: &str = "{actor} updated event {event} in calendar {calendar}";

fn address(of: &str) -> Reply {
    Reply::multistatus(&format!(
        "<d:response><d:href>/nextcloud/remote.php/dav/principals/users/{of}/</d:href><d:propstat><d:prop>\
         <c:calendar-user-address-set><d:href>/nextcloud/remote.php/dav/principals/users/{of}/</d:href>\
         <d:href>mailto:{of}@example.org</d:href></c:calendar-user-address-set></d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    ))
}

fn principal(seen: &Seen) -> Reply {
    let path = seen.path.trim_end_matches('/');
    match path.rsplit('/').next().unwrap() {
        "hidden" => Reply::status(404),
        user => address(user),
    }
}

/// A server whose Activity app gives these pages, and then says that there is nothing more.
async fn with_pages(pages: Vec<Reply>) -> Server {
    Server::new(move |seen| {
        if seen.method == "PROPFIND" {
            return Some(principal(seen));
        }
        let since = seen.path.split("since=").nth(1).map_or(0, |it| it.parse().unwrap());
        // The page after the entry 1000 - n is the page n.
        let number = if since == 0 { 0 } else { 1000 - since };
        Some(pages.get(number).cloned().unwrap_or(Reply::status(304)))
    })
    .await
}

#[tokio::test]
async fn the_author_of_an_event_is_who_created_it() {
    let entry = recorded("nextcloud-activity.json");
    let server = with_pages(vec![page(&[entry])]).await;
    let asked = uids(&["direct-alice", "of-nobody"]);
    let authors = account(quick()).authors(&server.url(CALENDAR), &asked).await.unwrap();
    assert_eq!(authors.len(), 1);
    let author = &authors["direct-alice"];
    assert_eq!((&*author.id, &*author.name), ("alice", "alice"));
    assert_eq!(author.address.as_deref(), Some("alice@example.org"));
    let seen = &server.seen()[0];
    assert_eq!(seen.header("ocs-apirequest"), Some("true"));
    assert!(seen.path.starts_with("/nextcloud/ocs/v2.php/apps/activity/api/v2/activity/"));
    let parameters = ["format=json", "type=calendar", "limit=100", "forceLanguage=en"];
    assert!(parameters.iter().all(|it| seen.path.contains(it)), "{}", seen.path);
}

#[tokio::test]
async fn entries_that_were_merged_are_taken_apart() {
    let merged = "{actor} created event {event1}, {event2} and {event3} in calendar {calendar}";
    let events = [("event1", "a"), ("event2", "b"), ("event3", "c"), ("eventful", "d")];
    let server = with_pages(vec![page(&[entry(5, merged, "bob", &events)])]).await;
    let asked = uids(&["a", "c", "d"]);
    let authors = account(quick()).authors(&server.url(CALENDAR), &asked).await.unwrap();
    let mut found: Vec<(&str, &str)> =
        authors.iter().map(|(uid, author)| (&**uid, &*author.id)).collect();
    found.sort_unstable();
    assert_eq!(found, [("a", "bob"), ("c", "bob")]);
    // One user is asked for once.
    assert_eq!(server.seen().iter().filter(|it| it.method == "PROPFIND").count(), 1);
}

#[tokio::test]
async fn who_changed_an_event_is_not_its_author() {
    let entries = [
        entry(9, UPDATED, "bob", &[("event", "a")]),
        entry(8, CREATED, "alice", &[("event", "a")]),
    ];
    let server = with_pages(vec![page(&entries)]).await;
    let authors = account(quick()).authors(&server.url(CALENDAR), &uids(&["a"])).await.unwrap();
    assert_eq!(authors["a"].id, "alice");
}

#[tokio::test]
async fn an_entry_that_says_you_is_of_the_user_whose_entry_it_is() {
    let you = "{\"activity_id\":1,\"app\":\"dav\",\"type\":\"calendar_event\",\"user\":\"room-1\",\
        \"subject_rich\":[\"You created event {event} in calendar {calendar}\",\
        {\"event\":{\"id\":\"a\"}}]}";
    let server = with_pages(vec![page(&[you.to_owned()])]).await;
    let authors = account(quick()).authors(&server.url(CALENDAR), &uids(&["a"])).await.unwrap();
    assert_eq!(authors["a"].id, "room-1");
}

#[tokio::test]
async fn pages_are_read_until_everything_is_found() {
    let with_last = |number: usize, uid: &str| {
        let last = (1000 - number).to_string();
        page(&[entry(1000 - number, CREATED, "bob", &[("event", uid)])])
            .header("X-Activity-Last-Given", &last)
    };
    let pages = || (0..60).map(|it| with_last(it + 1, &format!("u{it}"))).collect();
    let server = with_pages(pages()).await;
    let asked = uids(&["u3", "u1"]);
    let authors = account(quick()).authors(&server.url(CALENDAR), &asked).await.unwrap();
    assert_eq!(authors.len(), 2);
    let gets = |server: &Server| server.seen().iter().filter(|it| it.method == "GET").count();
    assert_eq!(gets(&server), 4);
    // What lies behind the last page that is read is not known.
    let last = format!("u{}", limits::MAX_ACTIVITY_PAGES - 1);
    let behind = format!("u{}", limits::MAX_ACTIVITY_PAGES);
    let server = with_pages(pages()).await;
    let asked = uids(&[&last, &behind]);
    let authors = account(quick()).authors(&server.url(CALENDAR), &asked).await.unwrap();
    assert!(authors.contains_key(&last) && !authors.contains_key(&behind));
    assert_eq!(gets(&server), limits::MAX_ACTIVITY_PAGES);
}

#[tokio::test]
async fn pages_that_lead_nowhere_are_not_followed() {
    let same =
        page(&[entry(5, CREATED, "bob", &[("event", "x")])]).header("X-Activity-Last-Given", "5");
    let server = Server::giving(vec![same]).await;
    let authors = account(quick()).authors(&server.url(CALENDAR), &uids(&["a"])).await.unwrap();
    assert!(authors.is_empty());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn without_the_app_nobody_is_known() {
    let empty = page(&[]);
    for reply in
        [Reply::status(404), Reply::status(204), Reply::status(304), Reply::status(403), empty]
    {
        let server = Server::giving(vec![reply]).await;
        let authors = account(quick()).authors(&server.url(CALENDAR), &uids(&["a"])).await.unwrap();
        assert!(authors.is_empty());
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn nothing_is_asked_where_nothing_can_be_known() {
    let server = Server::giving(vec![Reply::status(404)]).await;
    let account = account(quick());
    let elsewhere = server.url("/room/meeting-room-1/");
    assert!(account.authors(&elsewhere, &uids(&["a"])).await.unwrap().is_empty());
    assert!(account.authors(&server.url(CALENDAR), &uids(&[])).await.unwrap().is_empty());
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn an_author_whose_address_is_not_told_is_known_all_the_same() {
    let entries = [entry(8, CREATED, "hidden", &[("event", "a")])];
    let server = with_pages(vec![page(&entries)]).await;
    let authors = account(quick()).authors(&server.url(CALENDAR), &uids(&["a"])).await.unwrap();
    let author = &authors["a"];
    assert_eq!((&*author.name, &author.address), ("hidden name", &None));
}

#[tokio::test]
async fn an_id_of_a_user_cannot_lead_elsewhere() {
    let entries = [entry(8, CREATED, "../../../x?y#z", &[("event", "a")])];
    let server = with_pages(vec![page(&entries)]).await;
    account(quick()).authors(&server.url(CALENDAR), &uids(&["a"])).await.unwrap();
    let path = &server.seen()[1].path;
    assert_eq!(path, "/nextcloud/remote.php/dav/principals/users/..%2F..%2F..%2Fx%3Fy%23z/");
}

#[tokio::test]
async fn entries_of_other_kinds_and_shapes_are_passed_over() {
    let odd = [
        "{\"activity_id\":3}".to_owned(),
        "null".to_owned(),
        entry(2, CREATED, "bob", &[("event", "a")]).replace("calendar_event", "calendar_todo"),
        entry(2, CREATED, "bob", &[("event", "a")]).replace("\"dav\"", "\"files\""),
        entry(1, CREATED, "", &[("event", "a")]),
        "{\"activity_id\":1,\"app\":\"dav\",\"type\":\"calendar_event\",\"subject_rich\":\
         [\"x created event y\",[]]}"
            .to_owned(),
    ];
    let server = with_pages(vec![page(&odd)]).await;
    let authors = account(quick()).authors(&server.url(CALENDAR), &uids(&["a"])).await.unwrap();
    assert!(authors.is_empty(), "{authors:?}");
}

#[tokio::test]
async fn what_is_no_answer_of_the_app_is_an_error() {
    let server = Server::giving(vec![Reply::status(200).body("<html>sign in</html>")]).await;
    let answer = account(quick()).authors(&server.url(CALENDAR), &uids(&["a"])).await;
    assert!(matches!(answer, Err(caldav::Error::BadAnswer(_))), "{answer:?}");
    let large = "[".repeat(limits::MAX_ACTIVITY_BODY + 1);
    let server = Server::giving(vec![Reply::status(200).body(large)]).await;
    let answer = account(quick()).authors(&server.url(CALENDAR), &uids(&["a"])).await;
    assert!(matches!(answer, Err(caldav::Error::TooLarge { .. })), "{answer:?}");
}

#[tokio::test]
async fn as_many_authors_as_allowed_are_asked_for_their_address() {
    let count = limits::MAX_AUTHORS + 1;
    let entries: Vec<String> = (0..count)
        .map(|it| entry(it + 1, CREATED, &format!("user{it}"), &[("event", &format!("u{it}"))]))
        .collect();
    let server = with_pages(vec![page(&entries)]).await;
    let asked: HashSet<String> = (0..count).map(|it| format!("u{it}")).collect();
    let authors = account(quick()).authors(&server.url(CALENDAR), &asked).await.unwrap();
    assert_eq!(authors.len(), count);
    let known = authors.values().filter(|it| it.address.is_some()).count();
    assert_eq!(known, limits::MAX_AUTHORS);
}

/// What lies in the trash bin: its name, the calendar that it came from, its text.
fn trashed(objects: &[(&str, &str, &str)]) -> Reply {
    let of = |(name, from, text): &(&str, &str, &str)| {
        format!(
            "<d:response><d:href>/nextcloud/remote.php/dav/calendars/room-1/trashbin/objects/{name}</d:href>\
             <d:propstat><d:prop><c:calendar-data>{text}</c:calendar-data>\
             <n:calendar-uri xmlns:n=\"http://nextcloud.com/ns\">{from}</n:calendar-uri>\
             <n:deleted-at xmlns:n=\"http://nextcloud.com/ns\">2026-11-29T02:23:23+00:00</n:deleted-at>\
             </d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        )
    };
    Reply::multistatus(&objects.iter().map(of).collect::<String>())
}

#[tokio::test]
async fn only_what_is_meant_and_came_from_the_calendar_is_deleted_from_the_trash_bin() {
    let listed = [
        ("1.ics", "meeting-room-1", "UID:a"),
        ("2.ics", "meeting-room-2", "UID:a"),
        ("3.ics", "meeting-room-1", "UID:b"),
    ];
    let server = Server::new(move |seen| match seen.method.as_str() {
        "REPORT" => Some(trashed(&listed)),
        _ => Some(Reply::status(204)),
    })
    .await;
    let room = server.collection(CALENDAR, ServerKind::Nextcloud);
    assert_eq!(room.purge_trashed(|text| text == b"UID:a").await.unwrap(), 1);
    let seen: Vec<_> = server.seen().into_iter().map(|it| (it.method, it.path)).collect();
    let bin = "/nextcloud/remote.php/dav/calendars/room-1/trashbin/objects/";
    let expected = [("REPORT", bin.to_owned()), ("DELETE", format!("{bin}1.ics"))];
    assert_eq!(seen, expected.map(|(method, path)| (method.to_owned(), path)));
}

#[tokio::test]
async fn a_trash_bin_that_is_another_users_or_no_nextclouds_is_left_alone() {
    for status in [403, 404, 405] {
        let server = Server::giving(vec![Reply::status(status)]).await;
        let room = server.collection(CALENDAR, ServerKind::Nextcloud);
        assert_eq!(room.purge_trashed(|_| true).await.unwrap(), 0);
    }
    let server = Server::giving(vec![trashed(&[("1.ics", "meeting-room-1", "UID:a")])]).await;
    let room = server.collection(CALENDAR, ServerKind::Sabre);
    assert_eq!((room.purge_trashed(|_| true).await.unwrap(), server.count()), (0, 0));
}
