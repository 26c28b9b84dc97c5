//! Scans of calendars on servers, which send no requests.

use harness::event;
use harness::on_server::ServerRoom;
use operations::Sync;
use store::site::{self, Overview};
use testing::fake::Quirks;
use testing::on_both_databases;

async fn seen(room: &ServerRoom) -> Overview {
    site::overview(room.room.store(), None).await.unwrap().remove(0)
}

async fn fetch(room: &ServerRoom) {
    room.room.service.sync(&room.room.calendar, Sync::Update, &|_, _| {}).await.unwrap();
    room.methods();
}

on_both_databases! {
    async fn what_was_never_fetched_is_not_scanned_and_not_said_to_be_free_of_overlaps(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("a", "0101T00", "0303T10", "0303T12"));
        assert_eq!(room.room.service.rescan_rooms().await.unwrap(), 0);
        let it = seen(&room).await;
        assert_eq!((it.conflicts, it.scanned_at, it.is_fetched), (None, None, false));
        assert!(room.methods().is_empty(), "the server is not asked");
    }

    async fn what_was_fetched_is_scanned_once_without_a_request(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("a", "0101T00", "0303T10", "0303T12"));
        let mut room = room.with(event("b", "0102T00", "0303T11", "0303T13"));
        fetch(&room).await;
        let service = room.room.service.clone();
        assert_eq!(service.rescan_rooms().await.unwrap(), 1);
        assert_eq!(seen(&room).await.conflicts, Some(1));
        assert_eq!(service.rescan_rooms().await.unwrap(), 0);
        room.put(event("c", "0103T00", "0303T11", "0303T13"));
        assert_eq!(service.rescan_rooms().await.unwrap(), 0, "nobody has fetched it yet");
        assert!(room.methods().is_empty(), "the server is not asked");
        fetch(&room).await;
        assert_eq!(service.rescan_rooms().await.unwrap(), 1);
        assert_eq!(seen(&room).await.conflicts, Some(2));
        // What was fetched long ago would only be called newer than it is.
        room.at(harness::days(1));
        assert_eq!(room.room.service.rescan_rooms().await.unwrap(), 0);
    }

    async fn a_refused_password_leaves_the_number_of_the_last_scan(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("a", "0101T00", "0303T10", "0303T12"));
        let room = room.with(event("b", "0102T00", "0303T11", "0303T13"));
        fetch(&room).await;
        let service = &room.room.service;
        service.rescan_rooms().await.unwrap();
        room.server.lock_out();
        let asked = service.sync(&room.room.calendar, Sync::Update, &|_, _| {}).await;
        assert!(asked.is_err(), "it is locked out");
        service.protect(&operations::command_line(), None, "b").await.unwrap();
        assert_eq!(service.rescan_rooms().await.unwrap(), 0);
        assert_eq!(seen(&room).await.conflicts, Some(1));
        assert_eq!(service.rescan_rooms().await.unwrap(), 0, "it is not tried over and over");
    }

    async fn who_has_a_room_now_is_known_without_asking_its_server(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(event("now", "0101T00", "0302T00", "0302T01"));
        room = room.with(event("gone", "0101T00", "0302T00", "0302T01").line("STATUS:CANCELLED"));
        room = room.with(event("free", "0101T00", "0302T00", "0302T02").line("TRANSP:TRANSPARENT"));
        fetch(&room).await;
        let takes_it = async |room: &ServerRoom| {
            let (service, calendar) = (&room.room.service, &room.room.calendar);
            let start = service.now();
            let window = ical::Window { start, end: start.plus(1) };
            let reader = operations::Reader::administrator();
            let (events, _) = service.day_as_known(calendar, window, &reader).await.unwrap();
            let mut events = events.into_iter();
            events.find(|it| it.standing == operations::Standing::Holds).map(|it| it.event.uid)
        };
        assert_eq!(takes_it(&room).await, Some("now".to_owned()));
        room.at(harness::seconds(3600));
        assert_eq!(takes_it(&room).await, None, "an end is exclusive");
        assert!(room.methods().is_empty(), "the server is not asked");
    }
}
