//! Restoring one date of a series that was changed since, in a built-in calendar and on a server.

use harness::on_server::ServerRoom;
use harness::{Event, Room, at, event, file, told};
use operations::{ChangeRequest, Error, RequestedChange, WhenTaken};
use testing::fake::Quirks;
use testing::on_both_databases;

/// A series of a whole week, 3 to 9 March, 10:00 to 11:00.
fn series() -> Event {
    event("series", "0201T00", "0303T10", "0303T11")
        .rule("FREQ=DAILY;COUNT=7")
        .line("SUMMARY:Jour fixe")
        .by("ann@example.org")
}

/// A date of it that was moved to the afternoon.
fn moved_date() -> Event {
    event("series", "0201T00", "0304T14", "0304T15")
        .line("RECURRENCE-ID:20260304T100000Z")
        .line("SUMMARY:Jour fixe\\, later")
        .by("ann@example.org")
}

fn rival(day: &str, hour: u8) -> Event {
    event("rival", "0101T00", &format!("{day}T{hour}"), &format!("{day}T{}", hour + 1))
}

/// Writes the series anew, as its organizer would, past all operations.
async fn rewritten(room: Room, database: &testing::Database, changes: &[(&str, &str)]) -> Room {
    let href = "SELECT href FROM objects WHERE uid = 'series'";
    let href = database.column(href).await.remove(0);
    let mut text = room.text("series").await;
    for (from, to) in changes {
        assert!(text.contains(from), "{from} in {text}");
        text = text.replace(from, to);
    }
    room.with_resource(&href, "series", &text).await
}

/// When the series takes place: days and hours.
async fn dates(room: &Room) -> Vec<String> {
    let list = room.list("0301T00", "0401T00").await;
    let events = list["events"].as_array().unwrap().iter().filter(|it| it["uid"] == "series");
    events.map(|it| it["start"].as_str().unwrap()[8..13].to_owned()).collect()
}

fn refusal(answer: Result<operations::Restored, Error>) -> String {
    let Err(Error::Conflict(reason)) = answer else { panic!("{answer:?}") };
    reason.to_string()
}

on_both_databases! {
    async fn a_date_comes_back_into_a_series_that_its_organizer_has_renamed(database) {
        let room = Room::new(&database.open().await).await.with_mail().await;
        let room = room.with(series()).await.with(rival("0304", 10)).await;
        room.clear().await;
        database.execute("UPDATE outbox SET state = 'sent', attempts = 1").await;
        let room = rewritten(room, &database, &[("Jour fixe", "Round")]).await;
        let restored = room.restore(room.line("series", "0304T10").await).await.unwrap();
        assert_eq!((restored.event.name.as_str(), restored.event.start.0), ("Round", at("0304T10")));
        let text = room.text("series").await;
        assert!(text.contains("SUMMARY:Round") && !text.contains("EXDATE"), "{text}");
        assert_eq!(dates(&room).await.len(), 7);
        let data = room.latest_data().await;
        assert_eq!((&data["name"], &data["start"]), (
            &"Round".into(), &at("0304T10").into()
        ));
    }

    async fn what_was_restored_into_a_changed_series_is_restored_again_after_another_run(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with(series()).await.with(rival("0304", 10)).await;
        room.clear().await;
        let room = rewritten(room, &database, &[("Jour fixe", "Round")]).await;
        room.restore(room.line("series", "0304T10").await).await.unwrap();
        assert_eq!(told(&room.clear().await), ["cancelled series 0304T10 by rival"]);
        room.restore(room.line("series", "0304T10").await).await.unwrap();
        assert_eq!(dates(&room).await.len(), 7);
        assert!(room.text("series").await.contains("SUMMARY:Round"));
    }

    async fn a_date_comes_back_at_the_new_time_of_a_series_that_was_moved_through_the_program(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with(series()).await.with(rival("0304", 10)).await;
        room.clear().await;
        let ann = room.caller("ann").await;
        let change = RequestedChange {
            start: Some("2026-03-03T14:00".to_owned()),
            end: Some("2026-03-03T15:00".to_owned()),
            ..RequestedChange::default()
        };
        let request = ChangeRequest {
            uid: "series".to_owned(),
            change,
            occurrence: None,
            when_taken: WhenTaken::Book,
            if_match: None,
        };
        room.service.change_event(&ann, &room.calendar, request).await.unwrap();
        assert_eq!(dates(&room).await, ["03T14", "05T14", "06T14", "07T14", "08T14", "09T14"]);
        let restored = room.restore(room.line("series", "0304T10").await).await.unwrap();
        assert_eq!(restored.event.start.0, at("0304T14"));
        assert_eq!(dates(&room).await.len(), 7);
        // The change can still be taken back, with the date that is back.
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        assert_eq!(dates(&room).await.len(), 7);
        assert_eq!(dates(&room).await[1], "04T10");
    }

    async fn a_date_that_is_back_at_another_time_holds_it_since_then_only(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with(series()).await.with(rival("0304", 10)).await;
        room.clear().await;
        let room = rewritten(room, &database, &[("T100000Z", "T140000Z"), ("T110000Z", "T150000Z")]).await;
        let room = room.with(event("other", "0220T00", "0304T14", "0304T15")).await;
        let room = room.at(harness::days(1));
        room.restore(room.line("series", "0304T10").await).await.unwrap();
        assert_eq!(told(&room.test().await), ["cancelled series 0304T14 by other"]);
    }

    async fn a_date_that_had_been_moved_alone_comes_back_as_it_was(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_file(&file(&[series(), moved_date()])).await.with(rival("0304", 14)).await;
        assert_eq!(told(&room.clear().await), ["cancelled series 0304T14 by rival"]);
        let room = rewritten(room, &database, &[("SUMMARY:Jour fixe", "SUMMARY:Round")]).await;
        let restored = room.restore(room.line("series", "0304T14").await).await.unwrap();
        assert_eq!(restored.event.name, "Jour fixe, later");
        let text = room.text("series").await;
        assert!(text.contains(&moved_date().component()), "{text}");
        assert_eq!(dates(&room).await[1], "04T14");
    }

    async fn where_the_series_no_longer_has_the_date_that_is_said(database) {
        let kind = database.open().await.kind();
        for (from, to, words) in [
            ("COUNT=7", "COUNT=1", "no longer has this date"),
            ("EXDATE:20260304T100000Z\r\n", "", "takes place in it"),
            ("EXDATE:20260304", "EXDATE:20260305", "takes place in it"),
            ("UID:series", "UID:another", "changed by somebody else"),
            ("FREQ=DAILY", "FREQ=NEVER", "changed by somebody else"),
        ] {
            let database = testing::Database::new(kind).await;
            let room = Room::new(&database.open().await).await;
            let room = room.with(series()).await.with(rival("0304", 10)).await;
            room.clear().await;
            let line = room.line("series", "0304T10").await;
            let room = rewritten(room, &database, &[(from, to)]).await;
            let before = database.dump().await;
            let reason = refusal(room.restore(line).await);
            assert!(reason.contains(words), "{to}: {reason}");
            assert_eq!(database.dump().await, before, "nothing was changed");
        }
    }

    async fn on_a_server_a_date_comes_back_into_the_series_as_its_organizer_has_it_now(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(rival("0304", 14));
        room.server.put("series.ics", &file(&[series(), moved_date()]));
        assert_eq!(told(&room.room.clear().await), ["cancelled series 0304T14 by rival"]);
        let line = room.room.line("series", "0304T14").await;
        let changed = room.text("series").replace("SUMMARY:Jour fixe", "SUMMARY:Round");
        room.server.put("series.ics", &changed);
        let restored = room.room.restore(line).await.unwrap();
        assert_eq!((restored.event.name.as_str(), restored.event.start.0), ("Jour fixe, later", at("0304T14")));
        let text = room.text("series");
        assert!(text.contains("SUMMARY:Round") && !text.contains("EXDATE"), "{text}");
        assert!(text.contains(&moved_date().component()), "{text}");
        assert_eq!(dates(&room.room).await[1], "04T14");
    }

    async fn on_a_server_a_moved_series_gets_its_date_back_at_the_new_time(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(rival("0304", 10)).with(series());
        assert_eq!(told(&room.room.clear().await), ["cancelled series 0304T10 by rival"]);
        let line = room.room.line("series", "0304T10").await;
        let text = room.text("series");
        room.server.put("series.ics", &text.replace("T100000Z", "T140000Z").replace("T110000Z", "T150000Z"));
        let restored = room.room.restore(line).await.unwrap();
        assert_eq!(restored.event.start.0, at("0304T14"));
        assert!(!room.text("series").contains("EXDATE"));
    }
}
