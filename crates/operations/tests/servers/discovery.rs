//! From what a person knows to the calendars of an account.

use std::time::Duration;

use operations::{Error, FoundServer, NewCalendar, command_line};
use store::DatabaseKind;
use store::calendars::Calendar;
use testing::Database;
use testing::servers::CalDavServer;

use crate::expected::Expected;
use crate::ground::{Ground, HOMES, access, on_every_server, setup};

async fn found(server: &CalDavServer, user: &str, address: &str) -> FoundServer {
    let database = Database::new(DatabaseKind::Sqlite).await;
    let _homes = HOMES.read().await;
    let found = setup(&database).await.service.discover(&access(server, user, address)).await;
    found.unwrap_or_else(|error| panic!("{} from {address}: {error}", server.kind))
}

#[test]
fn the_room_s_calendar_is_found_from_whatever_a_person_knows() {
    on_every_server(async |server| {
        let expected = Expected::of(&server.kind);
        let calendar = server.calendar("room");
        let host = server.url.strip_prefix("http://").unwrap().split('/').next().unwrap();
        for address in [
            host.to_owned(),
            format!("http://{host}"),
            server.url.clone(),
            server.url.trim_end_matches('/').to_owned(),
            server.home.clone(),
            calendar.to_owned(),
            calendar.trim_end_matches('/').to_owned(),
            format!("room@{host}"),
        ] {
            let found = found(server, "room", &address).await;
            let wrong = || format!("{} from {address}: {found:?}", expected.name);
            assert_eq!(found.kind, expected.name, "{}", wrong());
            assert_eq!(found.version.is_some(), expected.tells_version, "{}", wrong());
            let mut calendars = found.calendars.iter();
            let it = calendars.find(|it| it.url == calendar);
            let it = it.unwrap_or_else(|| panic!("{}", wrong()));
            assert!(it.takes_events && it.is_writable && !it.is_shared_in, "{}", wrong());
            assert_eq!(it.name, expected.calendar_name, "{}", wrong());
            assert_eq!(
                found.addresses.iter().any(|it| it == "room@example.test"),
                expected.tells_addresses,
                "{}",
                wrong()
            );
        }
    });
}

#[test]
fn alice_finds_the_room_s_calendar_as_one_that_is_shared_with_her() {
    on_every_server(async |server| {
        let expected = Expected::of(&server.kind);
        let calendar = server.calendar("alice");
        // None of them lists what is shared, but where there are no rights and so no sharing.
        let by_host = found(server, "alice", &server.url).await;
        let is_listed = by_host.calendars.iter().any(|it| it.url == calendar);
        assert_eq!(is_listed, !expected.shares, "{}: {:?}", expected.name, by_host.calendars);
        let by_address = found(server, "alice", calendar).await;
        let it = by_address.calendars.iter().find(|it| it.url == calendar);
        let it = it.unwrap_or_else(|| panic!("{}: {by_address:?}", expected.name));
        assert!(it.is_writable && it.takes_events, "{}: {it:?}", expected.name);
        assert_eq!(it.is_shared_in, expected.shares, "{}: {it:?}", expected.name);
    });
}

#[test]
fn one_collection_stands_behind_one_calendar_whoever_reaches_it_by_whatever_name_of_its_host() {
    on_every_server(async |server| {
        let it = Ground::new(server, "same").await;
        it.put("old", &[it.old()]).await;
        // SOGo's state is a second, which has to be over.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let own = it.calendar.url("room");
        for (user, address) in [
            ("room", own.clone()),
            ("alice", it.calendar.url("alice")),
            ("room", own.replace("127.0.0.1", "localhost")),
        ] {
            let (access, service) = (access(server, user, &address), &it.room.service);
            let homes = HOMES.read().await;
            let found = service.discover(&access).await.unwrap();
            drop(homes);
            let same = found.calendars.iter().find(|it| it.url == address);
            let same = same.unwrap_or_else(|| panic!("{}: {found:?}", it.expected.name));
            let calendar = Calendar::built_in("again", "Again", "UTC");
            let new = NewCalendar { calendar, users: Vec::new() };
            let actor = command_line();
            let added = service.add_calendar_on_server(&actor, &new, &access, &found, same).await;
            let Err(Error::Invalid(errors)) = added else {
                panic!("{}: {address}: {added:?}", it.expected.name);
            };
            it.same(&*errors[0].field, "collection");
        }
    });
}
