//! What happens when several do the same at the same moment, in one process and in two.

use std::collections::BTreeSet;

use harness::{Room, Setup, event, told};
use operations::{Error, WhenTaken};
use testing::{Database, on_both_databases};

use crate::create::requested;

/// The same room as another process on the same database sees it.
async fn elsewhere(room: &Room, database: &Database) -> Room {
    let mut other = room.clone();
    let setup = Setup::new(&database.open().await).with_clock(room.service.clock.clone());
    other.service = setup.service;
    other
}

on_both_databases! {
    async fn of_fifty_who_want_the_same_hour_exactly_one_gets_it(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        let rooms = [room.clone(), elsewhere(&room, &database).await];
        let asking: Vec<_> = (0..50)
            .map(|number| {
                let (room, ann) = (rooms[number % 2].clone(), ann.clone());
                // They overlap without being the same.
                let start = format!("2026-03-03T10:{:02}", number % 30);
                let booking = requested(&start, "2026-03-03T11:00");
                tokio::spawn(async move { room.book(&ann, &booking, WhenTaken::Refuse, None).await })
            })
            .collect();
        let (mut booked, mut refused) = (Vec::new(), Vec::new());
        for one in asking {
            match one.await.unwrap() {
                Ok(created) => booked.push(created.id),
                Err(Error::Taken(events)) => refused.push(events[0].uid.clone()),
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!((booked.len(), refused.len()), (1, 49));
        assert!(refused.iter().all(|uid| *uid == booked[0]));
        assert_eq!(room.uids().await, booked[0]);
    }

    async fn two_runs_of_two_processes_remove_everything_once(database) {
        let mut room = Room::new(&database.open().await).await.with_mail().await;
        room = room.with_event("old", "0101T00", "0303T08", "0306T20").await;
        for number in 10..20 {
            let start = format!("0303T{number}");
            let end = format!("0303T{}", number + 1);
            let single = event(&format!("single-{number}"), "0201T00", &start, &end);
            let series = event(&format!("series-{number}"), "0202T00", &start, &end);
            room = room.with(single.by("ann@example.org")).await;
            room = room.with(series.rule("FREQ=DAILY;COUNT=9").by("bob@example.org")).await;
        }
        let other = elsewhere(&room, &database).await;
        let runs: Vec<_> = [&room, &other, &room, &other]
            .into_iter()
            .map(|room| {
                let room = room.clone();
                tokio::spawn(async move { room.clear().await })
            })
            .collect();
        let mut removed = Vec::new();
        for run in runs {
            let report = run.await.unwrap();
            assert!(report.failed_calendars.is_empty(), "{report:?}");
            removed.extend(told(&report));
        }
        assert_eq!(removed.len(), 50, "10 single events and 4 of each series");
        assert_eq!(removed.iter().collect::<BTreeSet<_>>().len(), 50, "each in one report only");
        assert_eq!(room.lines().await.len(), 50);
        assert_eq!(room.mails().await.len(), 20);
        assert!(told(&room.clear().await).is_empty());
    }

    async fn an_event_that_is_booked_while_a_run_is_at_work_is_not_lost(database) {
        let mut room = Room::new(&database.open().await).await;
        room = room.with_event("old", "0101T00", "0303T08", "0303T20").await;
        for number in 0..20 {
            let uid = format!("young-{number}");
            room = room.with_event(&uid, "0201T00", "0303T10", "0303T11").await;
        }
        let ann = room.caller("ann").await;
        let other = elsewhere(&room, &database).await;
        let booking: Vec<_> = (0..10)
            .map(|number| {
                let (room, ann) = (other.clone(), ann.clone());
                let times = [number, number + 1].map(|it| format!("2026-03-04T{it:02}:00"));
                let booking = requested(&times[0], &times[1]);
                tokio::spawn(async move {
                    room.book(&ann, &booking, WhenTaken::Refuse, None).await.unwrap()
                })
            })
            .collect();
        let report = room.clear().await;
        for one in booking {
            one.await.unwrap();
        }
        assert_eq!(told(&report).len(), 20);
        assert_eq!(room.texts().await.len(), 11);
    }

    async fn a_line_is_restored_by_one_of_those_who_try(database) {
        let room = Room::new(&database.open().await)
            .await
            .with_event("old", "0101T00", "0303T08", "0303T20")
            .await
            .with_event("a", "0201T00", "0303T10", "0303T11")
            .await;
        room.clear().await;
        let line = room.line("a", "0303T10").await;
        let rooms = [room.clone(), elsewhere(&room, &database).await];
        let trying: Vec<_> = (0..10)
            .map(|number| {
                let room = rooms[number % 2].clone();
                tokio::spawn(async move { room.restore(line).await })
            })
            .collect();
        let mut done = 0;
        for one in trying {
            match one.await.unwrap() {
                Ok(_) => done += 1,
                Err(Error::Conflict(_)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(done, 1);
        assert_eq!(room.uids().await, "a old");
    }

    async fn lines_of_one_series_that_are_restored_together_all_come_back(database) {
        let store = database.open().await;
        let series = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=8");
        let room = Room::new(&store).await.with(series).await;
        let before = room.text("series").await;
        let room = room.with_event("old", "0101T00", "0303T08", "0308T20").await;
        room.clear().await;
        let putting: Vec<_> = room
            .lines()
            .await
            .into_iter()
            .map(|line| {
                let room = room.clone();
                tokio::spawn(async move { room.restore(line.id).await.unwrap() })
            })
            .collect();
        assert_eq!(putting.len(), 6);
        for one in putting {
            one.await.unwrap();
        }
        assert_eq!(room.text("series").await, before);
    }

    async fn a_request_that_is_sent_many_times_at_once_books_once(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        let rooms = [room.clone(), elsewhere(&room, &database).await];
        let asking: Vec<_> = (0..20)
            .map(|number| {
                let (room, ann) = (rooms[number % 2].clone(), ann.clone());
                let booking = requested("2026-03-03T10:00", "2026-03-03T11:00");
                tokio::spawn(async move {
                    room.book(&ann, &booking, WhenTaken::Refuse, Some("key")).await.unwrap().id
                })
            })
            .collect();
        let mut ids = BTreeSet::new();
        for one in asking {
            ids.insert(one.await.unwrap());
        }
        assert_eq!(ids.len(), 1);
        assert_eq!(room.uids().await, *ids.first().unwrap());
    }

    async fn an_event_is_deleted_once_by_those_who_try(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("a", "0201T00", "0303T10", "0303T11").await;
        let ann = room.caller("ann").await;
        let rooms = [room.clone(), elsewhere(&room, &database).await];
        let trying: Vec<_> = (0..10)
            .map(|number| {
                let (room, ann) = (rooms[number % 2].clone(), ann.clone());
                tokio::spawn(async move {
                    room.service.delete_event(&ann, &room.calendar, "a").await
                })
            })
            .collect();
        let mut done = 0;
        for one in trying {
            match one.await.unwrap() {
                Ok(()) => done += 1,
                Err(Error::NotFound(_)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!((done, room.lines().await.len()), (1, 1));
    }
}
