//! The CalDAV server in memory, seen by a client that takes it at its word.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use testing::fake::{BadToken, CALENDAR, FakeCalDav, PASSWORD, Quirks, Tries, USER};
use testing::scripted::Answer;
use testing::servers::{Client, Reply};
use testing::xml;

fn object(uid: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

fn client(server: &FakeCalDav) -> Client {
    Client::new(&server.calendar_url(), USER, PASSWORD)
}

async fn sync(client: &Client, token: &str) -> Reply {
    let body = format!(
        "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{token}</D:sync-token>\
            <D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>"
    );
    client.request("REPORT", "", &[], &body).await
}

/// The addresses in a multistatus, with a minus before those that are gone.
fn hrefs(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 207, "{}", reply.body);
    let responses = xml::all(&reply.body, "response");
    let responses = responses.iter().map(|it| {
        let gone = xml::children(it.inner).iter().any(|it| it.name == "status");
        let href = xml::first(it.inner, "href").unwrap();
        let name = href.rsplit('/').next().unwrap();
        format!("{}{name}", if gone { "-" } else { "" })
    });
    responses.collect()
}

fn token(reply: &Reply) -> String {
    xml::first(&reply.body, "sync-token").unwrap()
}

async fn multiget(client: &Client, names: &[&str]) -> Reply {
    let path = client.url.split('/').skip(3).collect::<Vec<_>>().join("/");
    let hrefs: String = names.iter().map(|it| format!("<D:href>/{path}{it}</D:href>")).collect();
    let body = format!(
        "<C:calendar-multiget xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop>\
            <D:getetag/><C:calendar-data/></D:prop>{hrefs}</C:calendar-multiget>"
    );
    client.request("REPORT", "", &[], &body).await
}

#[tokio::test]
async fn discovery_leads_from_well_known_to_the_calendar() {
    for quirks in [Quirks::RFC, Quirks::NEXTCLOUD, Quirks::SOGO] {
        let server = FakeCalDav::start(quirks).await;
        server.add_calendar("second");
        let at = |path: &str| Client::new(&format!("{}{path}", server.url()), USER, PASSWORD);
        assert_eq!(at("/.well-known/caldav").request("PROPFIND", "", &[], "").await.status, 301);
        let ask = |property: &str| {
            format!("<propfind xmlns=\"DAV:\"><prop><{property}/><nothing/></prop></propfind>")
        };
        let root = match server.path("x").split('/').nth(1).unwrap() {
            "calendars" => "/",
            "SOGo" => "/SOGo/dav/",
            _ => "/remote.php/dav/",
        };
        let found = at(root).request("PROPFIND", "", &[], &ask("current-user-principal")).await;
        let principal = xml::all(&found.body, "current-user-principal")[0].inner;
        let principal = xml::first(principal, "href").unwrap();
        assert!(found.body.contains("<D:nothing/>") && found.body.contains("404 Not Found"));
        let found = at(&principal).request("PROPFIND", "", &[], &ask("calendar-home-set")).await;
        let home = xml::first(xml::all(&found.body, "calendar-home-set")[0].inner, "href").unwrap();
        let found =
            at(&home).request("PROPFIND", "", &[("Depth", "1")], &ask("resourcetype")).await;
        let calendars = xml::all(&found.body, "response");
        let calendars = calendars.iter().filter(|it| it.inner.contains("<C:calendar/>"));
        let calendars: Vec<_> = calendars.map(|it| xml::first(it.inner, "href").unwrap()).collect();
        assert_eq!(calendars, [server.path(CALENDAR), server.path("second")]);
    }
}

#[tokio::test]
async fn a_sync_lists_what_was_written_and_what_is_gone_since_its_token() {
    let server = FakeCalDav::start(Quirks::RFC).await;
    let client = client(&server);
    server.put("a.ics", &object("a"));
    server.put("b ü@~.ics", &object("b"));
    let first = sync(&client, "").await;
    assert_eq!(hrefs(&first), ["a.ics", "b%20%C3%BC%40~.ics"]);
    let nothing = sync(&client, &token(&first)).await;
    assert!(hrefs(&nothing).is_empty());
    assert_eq!(token(&nothing), token(&first));
    assert_eq!(client.put("c.ics", &object("c"), None).await.status, 201);
    assert_eq!(client.delete("a.ics", None).await.status, 204);
    assert_eq!(hrefs(&sync(&client, &token(&first)).await), ["-a.ics", "c.ics"]);
    assert_eq!(hrefs(&sync(&client, "").await), ["b%20%C3%BC%40~.ics", "c.ics"]);
    assert_eq!(server.count("REPORT"), 4);
}

#[tokio::test]
async fn an_invalid_token_is_answered_in_the_server_s_way() {
    for (bad_token, status) in [
        (BadToken::Forbidden, 403),
        (BadToken::PreconditionFailed, 412),
        (BadToken::Everything, 207),
        (BadToken::Gone, 410),
    ] {
        let server = FakeCalDav::start(Quirks { bad_token, ..Quirks::RFC }).await;
        let client = client(&server);
        server.put("a.ics", &object("a"));
        let old = token(&sync(&client, "").await);
        server.forget_tokens();
        let answer = sync(&client, &old).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.body.contains("valid-sync-token"), [403, 412].contains(&status));
        assert_eq!(answer.body.contains("a.ics"), status == 207);
        assert_eq!(sync(&client, "http://elsewhere/").await.status, status);
        assert_eq!(sync(&client, &token(&sync(&client, "").await)).await.status, 207);
    }
}

#[tokio::test]
async fn conditions_hold_unless_a_quirk_ignores_them() {
    // Stale If-Match: PUT and DELETE; If-None-Match on what is there; DELETE of what is gone.
    for (quirks, put, new, delete, gone) in [
        (Quirks::RFC, 412, 412, 412, 404),
        (Quirks::NEXTCLOUD, 412, 412, 412, 412),
        (Quirks::SOGO, 412, 204, 204, 404),
        (Quirks::RUSTICAL, 201, 409, 403, 200),
    ] {
        let overwritten = quirks.overwritten;
        let server = FakeCalDav::start(quirks).await;
        let client = client(&server);
        let text = object("a");
        let etag = client.put("a.ics", &text, None).await.etag.unwrap();
        assert_eq!(client.get("a.ics").await.etag.as_deref(), Some(etag.as_str()));
        assert_eq!(client.put("a.ics", &text, Some(&etag)).await.status, overwritten);
        assert_eq!(client.put("a.ics", &text, Some(&etag)).await.status, put);
        let only_new = [("If-None-Match", "*")];
        assert_eq!(client.request("PUT", "a.ics", &only_new, &text).await.status, new);
        assert_eq!(client.delete("a.ics", Some(&etag)).await.status, delete);
        assert_eq!(server.objects().is_empty(), delete == 204);
        server.put("a.ics", &text);
        let etag = client.get("a.ics").await.etag;
        assert!([200, 204].contains(&client.delete("a.ics", etag.as_deref()).await.status));
        assert!(server.objects().is_empty());
        assert_eq!(client.delete("a.ics", etag.as_deref()).await.status, gone);
        let put_gone = client.put("a.ics", &text, etag.as_deref()).await.status;
        assert_eq!(put_gone, if put == 412 { 412 } else { 201 });
    }
}

#[tokio::test]
async fn nextcloud_gives_no_etag_for_objects_with_attendees_and_keeps_what_is_deleted() {
    let server = FakeCalDav::start(Quirks::NEXTCLOUD).await;
    let client = client(&server);
    let invited = object("a").replace("END:VEVENT", "ATTENDEE:mailto:x@example.test\r\nEND:VEVENT");
    let put = client.put("a@ü.ics", &invited, None).await;
    assert_eq!((put.status, put.etag), (201, None));
    assert_eq!(client.list().await[0].href, format!("{}a@%c3%bc.ics", server.path(CALENDAR)));
    assert_eq!(client.put("b.ics", &object("a"), None).await.status, 400);
    client.delete("a@ü.ics", None).await;
    client.put("b.ics", &object("b"), None).await;
    client.request("DELETE", "b.ics", &[("X-NC-CalDAV-No-Trashbin", "1")], "").await;
    assert_eq!(server.trash(), ["a@ü.ics"]);
    let limit = "<sync-collection xmlns=\"DAV:\"><sync-token/><limit><nresults>9</nresults></limit>\
        <prop><getetag/></prop></sync-collection>";
    assert_eq!(client.request("REPORT", "", &[], limit).await.status, 507);
}

#[tokio::test]
async fn sogo_counts_in_its_etags_and_has_no_token_while_it_is_empty() {
    let server = FakeCalDav::start(Quirks::SOGO).await;
    let client = client(&server);
    assert_eq!(token(&sync(&client, "").await), "-1");
    assert!(hrefs(&sync(&client, "-1").await).is_empty());
    for expected in ["\"gcs00000000\"", "\"gcs00000001\""] {
        assert_eq!(client.put("~.ics", &object("a"), None).await.etag.unwrap(), expected);
    }
    client.delete("~.ics", None).await;
    assert_eq!(client.put("~.ics", &object("a"), None).await.etag.unwrap(), "\"gcs00000000\"");
    assert_eq!(hrefs(&sync(&client, "-1").await), ["~.ics"], "it escapes nothing there");
    assert!(client.list().await[0].href.ends_with("/%7E.ics"));
}

#[tokio::test]
async fn a_multiget_names_missing_objects_or_leaves_them_out() {
    let server = FakeCalDav::start(Quirks::RFC).await;
    let client = client(&server);
    server.put("a b.ics", &object("a"));
    let answer = multiget(&client, &["a%20b.ics", "no.ics"]).await;
    assert_eq!(hrefs(&answer), ["a%20b.ics", "-no.ics"]);
    assert_eq!(xml::first(&answer.body, "calendar-data").unwrap().trim(), object("a").trim());
    server.with(|it| it.quirks.leaves_missing_out = true);
    assert_eq!(hrefs(&multiget(&client, &["a%20b.ics", "no.ics"]).await), ["a%20b.ics"]);
    server.with(|it| it.quirks.drops_calendar_data = true);
    let answer = multiget(&client, &["a%20b.ics"]).await;
    assert_eq!(xml::first(&answer.body, "calendar-data").as_deref(), Some(""));
}

#[tokio::test]
async fn without_sync_collection_there_is_a_ctag_that_changes_with_the_content() {
    let server = FakeCalDav::start(Quirks::CTAG_ONLY).await;
    let client = client(&server);
    assert_eq!(sync(&client, "").await.status, 403);
    let body = "<propfind xmlns=\"DAV:\"><prop><getctag xmlns=\"http://calendarserver.org/ns/\"/>\
        <sync-token/></prop></propfind>";
    let before = client.request("PROPFIND", "", &[("Depth", "0")], body).await;
    assert!(before.body.contains("<D:sync-token/>"));
    server.put("a.ics", &object("a"));
    let after = client.request("PROPFIND", "", &[("Depth", "0")], body).await;
    assert_ne!(xml::first(&before.body, "getctag"), xml::first(&after.body, "getctag"));
}

#[tokio::test]
async fn what_is_stored_may_differ_from_what_was_sent() {
    let rewrites: fn(&str) -> String = |text| text.replace("END:VEVENT", "X-NEW:1\r\nEND:VEVENT");
    let server = FakeCalDav::start(Quirks { rewrites: Some(rewrites), ..Quirks::RFC }).await;
    client(&server).put("a.ics", &object("a"), None).await;
    assert!(server.objects()["a.ics"].contains("X-NEW:1"));
    assert!(client(&server).get("a.ics").await.body.contains("X-NEW:1"));
}

#[tokio::test]
async fn requests_for_an_object_are_refused_as_often_as_wanted() {
    let server = FakeCalDav::start(Quirks::RFC).await;
    let client = client(&server);
    for name in ["a b", "c"] {
        server.put(&format!("{name}.ics"), &object(name));
    }
    server.refuse("a b.ics", "DELETE", Tries::First(2), Answer::status(412));
    server.refuse("c.ics", "PUT", Tries::Nth(2), Answer::text(507, "disk full"));
    for expected in [412, 412, 204] {
        assert_eq!(client.delete("a%20b.ics", None).await.status, expected);
    }
    for expected in [204, 507, 204] {
        assert_eq!(client.put("c.ics", &object("c"), None).await.status, expected);
    }
    server.refuse("", "", Tries::Always, Answer::status(403));
    assert_eq!(client.get("c.ics").await.status, 403);
    server.behave();
    assert_eq!(client.get("c.ics").await.status, 200);
}

#[tokio::test]
async fn somebody_else_changes_an_object_between_the_listing_and_the_write() {
    let server = FakeCalDav::start(Quirks::RFC).await;
    let client = client(&server);
    server.put("a.ics", &object("a"));
    server.before(|request, state| {
        if request.method == "DELETE" {
            state.put("a.ics", &object("a").replace("END:VEVENT", "X-ELSE:1\r\nEND:VEVENT"));
        }
        None
    });
    let etag = client.list().await[0].etag.clone();
    assert_eq!(client.delete("a.ics", Some(&etag)).await.status, 412);
    assert!(server.objects()["a.ics"].contains("X-ELSE"));
}

#[tokio::test]
async fn wrong_passwords_lock_outs_and_busy_servers_are_said() {
    let server = FakeCalDav::start(Quirks::RFC).await;
    let wrong = Client::new(&server.calendar_url(), USER, "wrong");
    assert_eq!(wrong.get("a.ics").await.status, 401);
    let http = testing::http_client();
    let get = || http.get(server.calendar_url() + "a.ics").bearer_auth(testing::fake::TOKEN).send();
    assert_eq!(get().await.unwrap().status(), 404);
    server.busy(Tries::First(1), 7);
    let busy = get().await.unwrap();
    assert_eq!(
        (busy.status().as_u16(), &busy.headers()["Retry-After"]),
        (503, &"7".parse().unwrap())
    );
    assert_eq!(get().await.unwrap().status(), 404);
    server.lock_out();
    assert_eq!(get().await.unwrap().status(), 401);
    assert_eq!(server.count("GET"), 5);
}

#[tokio::test]
async fn a_server_is_slow_or_never_answers() {
    let server = FakeCalDav::start(Quirks::RFC).await;
    let client = client(&server);
    server.slow(Duration::from_millis(60));
    let quick = tokio::time::timeout(Duration::from_millis(30), client.get("a.ics"));
    assert!(quick.await.is_err());
    assert_eq!(client.get("a.ics").await.status, 404);
    server.slow(Duration::ZERO);
    server.hang("PUT", Tries::Always);
    let text = object("a");
    let hanging = tokio::time::timeout(Duration::from_millis(60), client.put("a.ics", &text, None));
    assert!(hanging.await.is_err());
    assert_eq!(client.get("a.ics").await.status, 404);
}
