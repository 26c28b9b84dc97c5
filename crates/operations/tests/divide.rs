//! Changing and cancelling this date of a series and all that follow.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Event, Room, event, moment, short, told};
use operations::{
    Caller, ChangeRequest, Error, NewPriorityToken, RequestedChange, WhenTaken, command_line,
};
use store::history::RemovalKind;
use store::uid_metadata::{self, Author};
use store::{divided_series, tokens};
use testing::fake::{Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

/// How many divisions of a room are not finished.
pub async fn unfinished(room: &Room) -> usize {
    divided_series::of_calendar(room.store(), room.calendar.id).await.unwrap().len()
}

/// Daily at ten from 3 March on, for six days.
pub fn daily() -> Event {
    event("s", "0101T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=6").line("SUMMARY:Old")
}

/// A change of the date of 5 March and what follows it.
pub fn renamed() -> ChangeRequest {
    let change = RequestedChange { name: Some("New".to_owned()), ..RequestedChange::default() };
    ChangeRequest {
        uid: "s".to_owned(),
        change,
        occurrence: None,
        when_taken: WhenTaken::Book,
        if_match: None,
    }
}

pub fn moved(start: &str, end: &str, when_taken: WhenTaken) -> ChangeRequest {
    let change = RequestedChange {
        start: Some(format!("2026-03-{start}:00")),
        end: Some(format!("2026-03-{end}:00")),
        ..renamed().change
    };
    ChangeRequest { change, when_taken, ..renamed() }
}

/// Somebody who may change the room's events; each time another.
pub async fn caller(room: &Room) -> Caller {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    room.caller(&format!("user {}", COUNT.fetch_add(1, Ordering::Relaxed))).await
}

pub async fn change(room: &Room, request: ChangeRequest, from: &str) -> Result<(), Error> {
    let ann = caller(room).await;
    room.service.change_following(&ann, &room.calendar, (request, moment(from))).await
}

/// What takes place in the first days of March: the day, the hour and the name.
pub async fn listed(room: &Room) -> Vec<String> {
    let list = room.list("0303T00", "0315T00").await;
    let row = |it: &serde_json::Value| {
        let start = it["start"].as_str().unwrap();
        format!("{} {}", &start[8..13], it["name"].as_str().unwrap())
    };
    list["events"].as_array().unwrap().iter().map(row).collect()
}

pub fn days(days: std::ops::Range<u32>, hour: &str, name: &str) -> Vec<String> {
    days.map(|day| format!("{day:02}T{hour} {name}")).collect()
}

/// The UID of the object that has the rest.
pub async fn next(room: &Room) -> String {
    let uids = room.uids().await;
    uids.split(' ').find(|it| it.len() == 22).unwrap_or_default().to_owned()
}

/// The same room built in and on a server, each with its series.
pub async fn rooms(store: &store::Store) -> Vec<(Room, Option<ServerRoom>)> {
    let built_in = Room::named(store, "built-in").await.with(daily()).await;
    let on_server = ServerRoom::new(store, Quirks::RFC).await.with(daily());
    on_server.room.test().await;
    vec![(built_in, None), (on_server.room.clone(), Some(on_server))]
}

on_both_databases! {
    async fn the_rest_of_a_series_is_changed_and_restoring_it_brings_back_one_series(database) {
        for (room, server) in rooms(&database.open().await).await {
            change(&room, moved("05T14", "05T15", WhenTaken::Refuse), "0305T10").await.unwrap();
            let expected = [days(3..5, "10", "Old"), days(5..9, "14", "New")].concat();
            assert_eq!(listed(&room).await, expected);
            assert_eq!(unfinished(&room).await, 0);
            let lines = room.lines().await;
            assert_eq!((lines.len(), *lines[0].kind), (1, RemovalKind::Changed));
            let (old, rest) = (room.text("s").await, room.text(&next(&room).await).await);
            assert!(old.contains("COUNT=2") && rest.contains("COUNT=4"), "{old} {rest}");
            if let Some(server) = &server {
                assert_eq!(server.server.objects().len(), 2);
            }
            room.restore(lines[0].id).await.unwrap();
            assert_eq!(listed(&room).await, days(3..9, "10", "Old"), "the rest is gone");
            assert_eq!(room.uids().await, "s");
        }
    }

    async fn a_series_is_divided_on_servers_that_write_texts_in_their_own_way(database) {
        let kind = database.open().await.kind();
        for quirks in [Quirks::NEXTCLOUD, Quirks::SOGO, Quirks::DAVICAL, Quirks::RADICALE] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, quirks).await.with(daily());
            change(&room.room, moved("05T14", "05T15", WhenTaken::Refuse), "0305T10").await.unwrap();
            let expected = [days(3..5, "10", "Old"), days(5..9, "14", "New")].concat();
            assert_eq!(listed(&room.room).await, expected);
            room.room.test().await;
            assert_eq!(listed(&room.room).await, expected, "as the server has it");
            let line = room.room.lines().await.remove(0);
            room.room.restore(line.id).await.unwrap();
            assert_eq!(listed(&room.room).await, days(3..9, "10", "Old"));
        }
    }

    async fn a_series_that_is_divided_keeps_its_rank_and_what_is_moved_holds_its_hours_anew(database) {
        for (room, server) in rooms(&database.open().await).await {
            let put = async |late: Event| match &server {
                Some(server) => server.put(late),
                None => { let _ = room.clone().with(late).await; }
            };
            room.advance(Duration::from_secs(100));
            put(event("late", "0201T00", "0307T1030", "0307T1130")).await;
            put(event("noon", "0201T00", "0307T12", "0307T13")).await;
            room.test().await;
            room.advance(Duration::from_secs(100));
            change(&room, renamed(), "0305T10").await.unwrap();
            assert_eq!(told(&room.test().await), [format!("deleted late 0307T1030 by {}", next(&room).await)]);
            room.advance(Duration::from_secs(100));
            let next_uid = next(&room).await;
            let request = ChangeRequest { uid: next_uid.clone(), ..moved("06T12", "06T13", WhenTaken::Book) };
            change(&room, request, "0306T10").await.unwrap();
            let lost = told(&room.test().await);
            assert_eq!(lost.len(), 1, "{lost:?}");
            assert!(lost[0].starts_with("cancelled ") && lost[0].ends_with(" 0307T12 by noon"), "{lost:?}");
        }
    }

    async fn a_restored_division_keeps_the_rank_that_the_series_had(database) {
        for (room, server) in rooms(&database.open().await).await {
            room.advance(Duration::from_secs(100));
            let late = event("late", "0201T00", "0307T1030", "0307T1130");
            match &server {
                Some(server) => server.put(late),
                None => { let _ = room.clone().with(late).await; }
            }
            room.test().await;
            change(&room, renamed(), "0305T10").await.unwrap();
            room.advance(Duration::from_secs(100));
            let line = room.lines().await[0].id;
            room.restore(line).await.unwrap();
            assert_eq!(told(&room.test().await), ["deleted late 0307T1030 by s"]);
        }
    }

    async fn priorities_protections_tokens_and_the_author_go_on_with_the_rest(database) {
        let room = Room::new(&database.open().await).await;
        let new = NewPriorityToken { label: "board", ..NewPriorityToken::default() };
        let (_, token) = room.service.add_priority_token(&command_line(), &new).await.unwrap();
        let first = event("first", "0101T00", "0307T10", "0307T11");
        let room = room.with(first).await.with(daily().line(format!("DESCRIPTION:{token}"))).await;
        let author = Author::User(room.user("eve").await);
        let id = room.calendar.id;
        let transaction = room.store().begin().await.unwrap();
        uid_metadata::set_author(&transaction, id, "s", &author).await.unwrap();
        store::calendars::protect(&transaction, None, "s").await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(told(&room.test().await), ["deleted first 0307T10 by s"]);
        change(&room, renamed(), "0305T10").await.unwrap();
        let next = next(&room).await;
        assert_eq!(told(&room.test().await), [format!("deleted first 0307T10 by {next}")]);
        let states: Vec<_> = tokens::bindings(room.store(), None).await.unwrap().iter()
            .map(|it| it.state.as_str().to_owned()).collect();
        assert_eq!(states, ["bound", "bound"], "it is no further event");
        let known = uid_metadata::of_uid(room.store(), id, &next).await.unwrap();
        assert_eq!(known.author_users[&next].0, match author { Author::User(it) => it.0, Author::Address(_) => 0 });
        let entries = store::calendars::priority_entries(room.store()).await.unwrap();
        assert!(entries.iter().any(|it| it.kind.is_none() && it.value == next), "{entries:?}");
    }

    async fn only_if_free_counts_without_the_old_part_and_names_what_is_in_the_way(database) {
        for (room, server) in rooms(&database.open().await).await {
            // The old dates of the rest are not in its way.
            let own = moved("05T10", "05T12", WhenTaken::Refuse);
            change(&room, own, "0305T10").await.unwrap();
            let other = event("other", "0101T00", "0307T15", "0307T16");
            match &server {
                Some(server) => server.put(other),
                None => { let _ = room.clone().with(other).await; }
            }
            let rest = next(&room).await;
            let request = |hour: [&str; 2]| ChangeRequest {
                uid: rest.clone(),
                ..moved(&format!("06T{}", hour[0]), &format!("06T{}", hour[1]), WhenTaken::Refuse)
            };
            let before = listed(&room).await;
            let taken = change(&room, request(["14", "16"]), "0306T10").await;
            let Err(Error::Taken(events)) = taken else { panic!("{taken:?}") };
            assert_eq!(events.iter().map(short).collect::<Vec<_>>(), ["other 0307T15"]);
            room.test().await;
            assert_eq!(listed(&room).await.len(), before.len() + usize::from(server.is_some()));
            change(&room, request(["16", "17"]), "0306T10").await.unwrap();
        }
    }

    async fn a_series_ends_before_a_date_is_restored_and_is_deleted_from_its_first_date_on(database) {
        for (room, _) in rooms(&database.open().await).await {
            let ann = caller(&room).await;
            let end = async |uid: &'static str, at: &str| {
                room.service.end_series(&ann, &room.calendar, (uid, moment(at))).await
            };
            end("s", "0306T10").await.unwrap();
            assert_eq!(listed(&room).await, days(3..6, "10", "Old"));
            let gone = end("s", "0306T10").await;
            assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
            let line = room.lines().await.remove(0);
            assert_eq!(*line.kind, RemovalKind::Ended);
            room.restore(line.id).await.unwrap();
            assert_eq!(listed(&room).await, days(3..9, "10", "Old"));
            end("s", "0303T10").await.unwrap();
            assert_eq!(room.uids().await, "");
            assert_eq!(*room.lines().await.pop().unwrap().kind, RemovalKind::DeletedByRequest);
        }
    }

    async fn from_its_first_date_on_all_of_a_series_is_changed(database) {
        for (room, _) in rooms(&database.open().await).await {
            change(&room, moved("03T14", "03T15", WhenTaken::Refuse), "0303T10").await.unwrap();
            assert_eq!(listed(&room).await, days(3..9, "14", "New"));
            assert_eq!(room.uids().await, "s");
        }
    }

    async fn what_somebody_changed_meanwhile_is_not_divided(database) {
        for (room, _) in rooms(&database.open().await).await {
            let request = ChangeRequest { if_match: Some(vec!["\"other\"".to_owned()]), ..renamed() };
            let refused = change(&room, request, "0305T10").await;
            assert!(matches!(refused, Err(Error::Outdated(_))), "{refused:?}");
            assert_eq!(room.uids().await, "s");
        }
    }

    async fn only_the_organizer_divides_or_ends_a_series_on_a_server_that_schedules(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.set(|it| it.room_address = Some("room@example.org".to_owned())).await;
        let room = room.with(daily().by("eve@example.org"));
        let ann = caller(&room.room).await;
        let before = room.text("s");
        let refused = change(&room.room, renamed(), "0305T10").await;
        let Err(Error::Conflict(said)) = refused else { panic!("{refused:?}") };
        assert_eq!(said.to_string(), "Only the organizer can change this event");
        let ended = room.room.service.end_series(&ann, &room.room.calendar, ("s", moment("0305T10"))).await;
        assert!(matches!(ended, Err(Error::Conflict(_))), "{ended:?}");
        assert_eq!((room.text("s"), room.uids()), (before, "s".to_owned()), "nothing was written");
    }

    async fn nothing_is_lost_between_the_two_writes_and_the_division_is_finished_later(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await.with(daily());
        room.room.test().await;
        room.server.refuse("s.ics", "PUT", Tries::Always, Answer::status(503));
        change(&room.room, renamed(), "0305T10").await.unwrap_err();
        assert_eq!(room.server.objects().len(), 2, "the rest was written first");
        assert!(room.text("s").contains("COUNT=6"));
        assert_eq!(unfinished(&room.room).await, 1);
        // A minute is not over yet.
        room.room.service.finish_divisions().await.unwrap();
        assert!(room.text("s").contains("COUNT=6"));
        room.server.behave();
        room.advance(Duration::from_secs(1_000));
        room.room.service.recover_changes().await.unwrap();
        room.restarted().finish_divisions().await.unwrap();
        assert!(room.text("s").contains("COUNT=2"), "{}", room.text("s"));
        assert_eq!(unfinished(&room.room).await, 0);
        let expected = [days(3..5, "10", "Old"), days(5..9, "10", "New")].concat();
        assert_eq!(listed(&room.room).await, expected);
        assert_eq!(told(&room.room.test().await), Vec::<String>::new());
        // It is one change of the series, and restored as one.
        let line = room.room.lines().await.pop().unwrap();
        room.room.restore(line.id).await.unwrap();
        assert_eq!(listed(&room.room).await, days(3..9, "10", "Old"));
    }

    async fn a_series_whose_rest_somebody_has_removed_is_not_ended_later(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await.with(daily());
        room.room.test().await;
        room.server.refuse("s.ics", "PUT", Tries::Always, Answer::status(503));
        change(&room.room, renamed(), "0305T10").await.unwrap_err();
        let rest = next(&room.room).await;
        room.server.behave();
        room.server.remove(&format!("{rest}.ics"));
        room.advance(Duration::from_secs(1_000));
        room.room.service.recover_changes().await.unwrap();
        room.room.service.finish_divisions().await.unwrap();
        assert!(room.text("s").contains("COUNT=6"));
        assert_eq!(unfinished(&room.room).await, 0);
    }

    async fn a_series_is_ended_in_what_somebody_has_made_of_it_between_the_two_writes(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await.with(daily());
        room.room.test().await;
        let mut is_first = true;
        room.server.before(move |request, state| {
            if request.method == "PUT" && request.path.ends_with("/s.ics") && std::mem::take(&mut is_first) {
                let other = harness::file(&[daily().line("LOCATION:Attic")]);
                let quirks = state.quirks.clone();
                let calendar = state.calendars.get_mut(testing::fake::CALENDAR).unwrap();
                calendar.put("s.ics", &other, &quirks);
            }
            None
        });
        change(&room.room, renamed(), "0305T10").await.unwrap();
        let text = room.text("s");
        assert!(text.contains("LOCATION:Attic") && text.contains("COUNT=2"), "{text}");
        assert_eq!(room.server.objects().len(), 2);
        assert_eq!(unfinished(&room.room).await, 0);
    }
}
