//! From what a person knows to calendars.

use caldav::{Error, Limits, Redirected, ServerKind};

use crate::server::{Reply, Server, account, limits};

fn response(href: &str, properties: &str) -> String {
    format!(
        "<d:response><d:href>{href}</d:href><d:propstat><d:prop>{properties}</d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    )
}

fn principal(href: &str) -> String {
    format!("<d:current-user-principal><d:href>{href}</d:href></d:current-user-principal>")
}

const CALENDAR: &str = "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>";

const DAV: &str = "/remote.php/dav";

/// A Nextcloud below `base`, as far as discovery looks at it.
fn nextcloud(base: &str, path: &str) -> Reply {
    let Some(path) = path.strip_prefix(base).and_then(|it| it.strip_prefix(DAV)) else {
        return match path {
            "/status.php" => Reply::status(200).body("{\"versionstring\":\"31.0.6\",\"x\":1}"),
            _ => Reply::status(404),
        };
    };
    let dav = format!("{base}{DAV}");
    let me = format!("{dav}/principals/users/room-1/");
    let home = format!("{dav}/calendars/room-1/");
    let body = match path {
        "/" => response(&format!("{dav}/"), &principal(&me)),
        "/principals/users/room-1/" => response(
            &me,
            &format!(
                "<c:calendar-home-set><d:href>{home}</d:href></c:calendar-home-set>\
                 <c:calendar-user-address-set><d:href>mailto:Room-1@example.org</d:href>\
                 <d:href>{me}</d:href></c:calendar-user-address-set>"
            ),
        ),
        "/calendars/room-1/" => [
            response(&home, "<d:resourcetype><d:collection/></d:resourcetype>"),
            response(
                &format!("{home}meeting-room-1/"),
                &format!(
                    "{CALENDAR}<d:displayname>Meeting room 1</d:displayname>\
                     <d:owner><d:href>{me}</d:href></d:owner>\
                     <a:calendar-color xmlns:a='http://apple.com/ns/ical/'>#0082c9</a:calendar-color>\
                     <c:calendar-description>Second floor</c:calendar-description>\
                     <c:calendar-timezone>BEGIN:VCALENDAR&#13;\nBEGIN:VTIMEZONE&#13;\n\
                     TZID:Europe/Berlin&#13;\nEND:VTIMEZONE</c:calendar-timezone>\
                     <c:supported-calendar-component-set><c:comp name='VEVENT'/>\
                     <c:comp name='vtodo'/></c:supported-calendar-component-set>\
                     <d:current-user-privilege-set><d:privilege><d:read/></d:privilege>\
                     <d:privilege><d:write/></d:privilege></d:current-user-privilege-set>"
                ),
            ),
            response(
                &format!("{home}of-alice_shared_by_alice/"),
                &format!(
                    "{CALENDAR}<o:owner-principal xmlns:o='http://owncloud.org/ns'>\
                     principals/users/alice</o:owner-principal>\
                     <c:calendar-timezone-id>Asia/Tokyo</c:calendar-timezone-id>\
                     <d:current-user-privilege-set><d:privilege><d:read/></d:privilege>\
                     </d:current-user-privilege-set>"
                ),
            ),
            response(&format!("{home}inbox/"), "<d:resourcetype><c:schedule-inbox/></d:resourcetype>"),
        ]
        .concat(),
        "/calendars/room-1/meeting-room-1/" => response(
            &format!("{home}meeting-room-1/"),
            &format!("{CALENDAR}{}", principal(&me)),
        ),
        _ => return Reply::status(404),
    };
    Reply::multistatus(&body).header("DAV", "1, 3, calendar-access, calendar-auto-schedule")
}

async fn running(base: &'static str, well_known: Reply) -> Server {
    Server::new(move |seen| {
        let reply = match &*seen.path {
            "/.well-known/caldav" => well_known.clone(),
            path => nextcloud(base, path),
        };
        Some(reply)
    })
    .await
}

#[tokio::test]
async fn whatever_a_person_knows_of_a_nextcloud_leads_to_its_calendars() {
    for well_known in [
        Reply::redirect(301, "/remote.php/dav/"),
        Reply::redirect(302, "/remote.php/dav/"),
        Reply::redirect(308, "/remote.php/dav/"),
        Reply::status(404),
        Reply::status(405),
        Reply::status(200).body("<html></html>"),
    ] {
        let server = running("", well_known).await;
        let host = format!("127.0.0.1:{}", server.port);
        for from in [
            host.clone(),
            format!("  {host}  "),
            format!("http://{host}"),
            format!("http://{host}/apps/calendar/timeGridWeek/now"),
            format!("http://{host}/index.php/apps/calendar"),
            format!("http://{host}/remote.php/dav"),
            format!("http://{host}/remote.php/dav/"),
            format!("http://{host}/remote.php/dav/principals/users/room-1/"),
            format!("http://{host}/remote.php/dav/calendars/room-1/"),
            format!("http://{host}/remote.php/dav/calendars/room-1/meeting-room-1/"),
        ] {
            let found = account(limits()).discover(&from).await.unwrap();
            assert_eq!(found.server.kind, ServerKind::Nextcloud, "{from}");
            assert_eq!(found.server.version.as_deref(), Some("31.0.6"));
            assert!(found.server.schedules());
            let principal = found.principal.unwrap();
            assert_eq!(principal, server.url("/remote.php/dav/principals/users/room-1/"), "{from}");
            assert_eq!(found.addresses, ["Room-1@example.org"]);
            assert_eq!(found.homes, [server.url("/remote.php/dav/calendars/room-1/")]);
            assert_eq!(found.calendars.len(), 2, "{from}");
            assert!(!found.steps.is_empty());
        }
    }
}

#[tokio::test]
async fn a_nextcloud_below_a_path_is_found() {
    let server = running("/nextcloud", Reply::status(404)).await;
    for from in ["/nextcloud", "/nextcloud/", "/nextcloud/index.php/apps/calendar/"] {
        let found = account(limits()).discover(server.url(from).as_str()).await.unwrap();
        assert_eq!(found.calendars.len(), 2, "{from}");
    }
}

#[tokio::test]
async fn a_calendar_is_described() {
    let server = running("", Reply::status(404)).await;
    let found = account(limits()).discover(server.url("/").as_str()).await.unwrap();
    let [own, shared] = &found.calendars[..] else { panic!("{found:?}") };
    assert_eq!(own.url, server.url("/remote.php/dav/calendars/room-1/meeting-room-1/"));
    assert_eq!(own.name, "Meeting room 1");
    assert_eq!(own.color.as_deref(), Some("#0082c9"));
    assert_eq!(own.description.as_deref(), Some("Second floor"));
    assert_eq!(own.zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(own.components, ["VEVENT", "VTODO"]);
    assert!(own.privileges.is_known && own.privileges.bind && own.privileges.unbind);
    assert!(!own.is_shared_in);
    assert_eq!(own.owner, found.principal);
    // Without a name it has that of its address.
    assert_eq!(shared.name, "of-alice_shared_by_alice");
    assert!(shared.is_shared_in && shared.privileges.read && !shared.privileges.write_content);
    assert_eq!(shared.zone.as_deref(), Some("Asia/Tokyo"));
    assert!(shared.components.is_empty());
}

#[tokio::test]
async fn a_calendar_that_stands_in_no_home_is_found_by_its_address() {
    let server = Server::new(|seen| {
        let reply = match &*seen.path {
            "/room/" => Reply::multistatus(&response("/room/", CALENDAR)),
            _ => Reply::status(404),
        };
        Some(reply)
    })
    .await;
    let found = account(limits()).discover(server.url("/room").as_str()).await;
    assert!(found.is_err(), "an address without its slash is another one");
    let found = account(limits()).discover(server.url("/room/").as_str()).await.unwrap();
    assert_eq!(found.calendars.len(), 1);
    assert_eq!(found.calendars[0].name, "room");
    assert!(!found.calendars[0].privileges.is_known);
    assert_eq!(found.principal, None);
}

#[tokio::test]
async fn a_wrong_password_ends_the_search_at_once() {
    let server = Server::giving(vec![Reply::status(401)]).await;
    let error = account(limits()).discover(server.url("/").as_str()).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized), "{error:?}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_server_without_calendars_is_told_with_all_that_was_tried() {
    let server = Server::giving(vec![Reply::status(404)]).await;
    let error = account(limits()).discover(server.url("/").as_str()).await.unwrap_err();
    let Error::NothingFound { steps } = &error else { panic!("{error:?}") };
    let words = error.to_string();
    assert!(words.contains("/.well-known/caldav") && words.contains("/remote.php/dav/"), "{words}");
    assert_eq!(steps.len(), server.count());
    assert!(server.count() <= 10, "{}", server.count());
}

#[tokio::test]
async fn a_server_that_sends_to_another_one_is_told_with_its_address() {
    let other = Server::giving(vec![Reply::status(404)]).await;
    let to = other.url("/remote.php/dav/").to_string();
    let redirects = to.clone();
    let server = Server::new(move |seen| {
        let reply = match &*seen.path {
            "/.well-known/caldav" => Reply::redirect(301, &redirects),
            _ => Reply::status(404),
        };
        Some(reply)
    })
    .await;
    let error = account(limits()).discover(server.url("/").as_str()).await.unwrap_err();
    let Error::Redirected(Redirected::ToAnotherOrigin { to: named }) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(*named, to);
    assert!(error.to_string().contains(&to));
    assert_eq!(other.count(), 0);
}

#[tokio::test]
async fn homes_and_calendars_of_another_server_are_named_and_not_asked() {
    let other = Server::giving(vec![Reply::status(404)]).await;
    let home = other.url("/home/").to_string();
    let server = Server::new(move |seen| {
        let homes = format!("<c:calendar-home-set><d:href>{home}</d:href></c:calendar-home-set>");
        let reply = match &*seen.path {
            "/.well-known/caldav" => {
                Reply::multistatus(&response("/.well-known/caldav", &principal("/me/")))
            }
            "/me/" => Reply::multistatus(&response("/me/", &homes)),
            _ => Reply::status(404),
        };
        Some(reply)
    })
    .await;
    let error = account(limits()).discover(server.url("/").as_str()).await.unwrap_err();
    let Error::Redirected(Redirected::ToAnotherOrigin { to }) = &error else { panic!("{error:?}") };
    assert_eq!(*to, other.url("/home/").to_string());
    assert_eq!(other.count(), 0);
}

#[tokio::test]
async fn a_server_that_names_itself_otherwise_is_believed_on_its_own_paths_only() {
    let server = Server::new(|seen| {
        let evil = "https://evil.example/calendar/";
        let reply = match &*seen.path {
            "/.well-known/caldav" => {
                Reply::multistatus(&response("/elsewhere/", &principal("https://evil.example/me/")))
            }
            "/remote.php/dav/" => Reply::status(404),
            "/" => Reply::multistatus(&response("/", &principal("/me/"))),
            "/me/" => Reply::multistatus(&response(
                "/me/",
                "<c:calendar-home-set><d:href>/home/</d:href></c:calendar-home-set>",
            )),
            "/home/" => Reply::multistatus(&format!(
                "{}{}",
                response(evil, CALENDAR),
                response("/home/own/", CALENDAR)
            )),
            _ => Reply::status(404),
        };
        Some(reply)
    })
    .await;
    let found = account(limits()).discover(server.url("/").as_str()).await.unwrap();
    let urls: Vec<&str> = found.calendars.iter().map(|it| it.url.path()).collect();
    assert_eq!(urls, ["/home/own/"]);
}

#[tokio::test]
async fn sogo_that_answers_at_any_path_is_found_at_its_own() {
    let server = Server::new(|seen| {
        let Some(root) = seen.path.strip_suffix("/dav/").map(|it| it.trim_end_matches(".php"))
        else {
            let is_home = seen.path == "/SOGo/dav/room/Calendar/";
            let homes = "<c:calendar-home-set><d:href>/SOGo/dav/room/Calendar/</d:href>\
                         </c:calendar-home-set>";
            let reply = match &*seen.path {
                "/SOGo/dav/room/" => Reply::multistatus(&response("/SOGo/dav/room/", homes)),
                _ if is_home => {
                    Reply::multistatus(&response("/SOGo/dav/room/Calendar/personal/", CALENDAR))
                }
                _ => Reply::status(200).body("<html>"),
            };
            return Some(reply.header("Server", "SOPE 4.9.37/WebDAV"));
        };
        let me = principal(&format!("{root}/dav/room/"));
        Some(Reply::multistatus(&response(&seen.path, &me)))
    })
    .await;
    let found = account(limits()).discover(server.url("/").as_str()).await.unwrap();
    assert_eq!(found.server.kind, ServerKind::Sogo, "{:?}", found.steps);
    assert_eq!(found.calendars[0].url.path(), "/SOGo/dav/room/Calendar/personal/");
}

#[tokio::test]
async fn more_homes_and_calendars_than_allowed_are_left_out() {
    use caldav::limits::{MAX_CALENDARS, MAX_HOMES};
    let server = Server::new(|seen| {
        let homes = (0..MAX_HOMES + 5).map(|it| format!("<d:href>/home{it}/</d:href>"));
        let homes: String = homes.collect();
        let reply = match &*seen.path {
            "/.well-known/caldav" => {
                Reply::multistatus(&response("/.well-known/caldav", &principal("/me/")))
            }
            "/me/" => Reply::multistatus(&response(
                "/me/",
                &format!("<c:calendar-home-set>{homes}</c:calendar-home-set>"),
            )),
            "/home0/" => {
                let all =
                    (0..MAX_CALENDARS + 5).map(|it| response(&format!("/home0/{it}/"), CALENDAR));
                Reply::multistatus(&all.collect::<String>())
            }
            _ => Reply::multistatus(""),
        };
        Some(reply)
    })
    .await;
    let found = account(limits()).discover(server.url("/").as_str()).await.unwrap();
    assert_eq!((found.homes.len(), found.calendars.len()), (MAX_HOMES, MAX_CALENDARS));
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_asked_at_ten_paths() {
    let late = Reply::status(404).after(std::time::Duration::from_secs(3600));
    let server = Server::giving(vec![late]).await;
    let limits = Limits { first_byte: std::time::Duration::from_millis(50), ..limits() };
    let error = account(limits).discover(server.url("/").as_str()).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    assert!(server.count() <= 1, "{:?}", server.asked());
}
