//! A division of a series whose two writes are not both made, and its restore.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Room, event, moment, told};
use mail::Memory;
use operations::{ChangeRequest, Error, RequestedChange, WhenTaken, command_line};
use store::history::RemovalKind;
use testing::fake::{CALENDAR, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

use crate::deliver::{deliver, with_mailer};
use crate::divide::{caller, change, daily, days, listed, moved, next, renamed, rooms, unfinished};
use crate::pending::{pending, warns};

/// A room on a server with the series, of which the rest from 5 March on is written and the series has not ended.
async fn half_divided(store: &store::Store) -> ServerRoom {
    let room = ServerRoom::new(store, Quirks::RFC).await.with(daily());
    room.room.test().await;
    room.server.refuse("s.ics", "PUT", Tries::Always, Answer::status(503));
    change(&room.room, renamed(), "0305T10").await.unwrap_err();
    room.server.behave();
    room
}

/// That a run removes nothing, and says of all that it keeps why.
fn assert_all_kept(report: &[String]) {
    assert!(!report.is_empty());
    for line in report {
        assert!(line.starts_with("ignored ") && line.ends_with(": changed"), "{report:?}");
    }
}

fn is_unfinished(refused: &Result<(), Error>) -> bool {
    matches!(refused, Err(Error::Conflict(why)) if why.to_string().starts_with("this series is being divided"))
}

on_both_databases! {
    async fn a_division_whose_last_step_is_in_doubt_is_not_forgotten(database) {
        let room = half_divided(&database.open().await).await;
        room.advance(Duration::from_secs(90));
        room.room.service.finish_divisions().await.unwrap();
        assert!(room.text("s").contains("COUNT=6"), "the server may carry it out yet");
        assert_eq!(unfinished(&room.room).await, 1);
        room.advance(Duration::from_secs(1_000));
        room.room.service.finish_divisions().await.unwrap();
        assert!(room.text("s").contains("COUNT=2"), "{}", room.text("s"));
        assert_eq!(unfinished(&room.room).await, 0);
    }

    async fn while_a_division_is_unfinished_neither_half_loses_anything_and_nobody_loses_to_them(database) {
        let room = half_divided(&database.open().await).await;
        room.advance(Duration::from_secs(1_000));
        room.put(event("late", "0201T00", "0307T1030", "0307T1130"));
        let before = room.server.objects();
        assert_all_kept(&told(&room.room.clear().await));
        assert_eq!(room.server.objects(), before);
        room.room.service.finish_divisions().await.unwrap();
        let rest = next(&room.room).await;
        assert_eq!(told(&room.room.clear().await), [format!("deleted late 0307T1030 by {rest}")]);
        let expected = [days(3..5, "10", "Old"), days(5..9, "10", "New")].concat();
        assert_eq!(listed(&room.room).await, expected);
    }

    async fn a_series_does_not_end_if_its_rest_has_no_dates_any_more(database) {
        let room = half_divided(&database.open().await).await;
        let rest = next(&room.room).await;
        let text = room.text(&rest).replace("RRULE:FREQ=DAILY;COUNT=4\r\n", "STATUS:CANCELLED\r\n");
        room.server.put(&format!("{rest}.ics"), &text);
        room.advance(Duration::from_secs(1_000));
        room.room.service.finish_divisions().await.unwrap();
        assert!(room.text("s").contains("COUNT=6"), "{text}");
        assert_eq!(unfinished(&room.room).await, 1);
    }

    async fn a_series_is_not_divided_again_while_its_first_rest_may_still_come(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await.with(daily());
        room.room.test().await;
        room.server.refuse("", "PUT", Tries::Always, Answer::status(503));
        change(&room.room, renamed(), "0305T10").await.unwrap_err();
        room.server.behave();
        let refused = change(&room.room, renamed(), "0305T10").await;
        assert!(is_unfinished(&refused), "{refused:?}");
        assert_eq!(room.uids(), "s");
    }

    async fn a_series_is_divided_again_once_its_first_rest_cannot_come_any_more(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await.with(daily());
        room.room.test().await;
        room.server.refuse("", "PUT", Tries::Always, Answer::status(503));
        change(&room.room, renamed(), "0305T10").await.unwrap_err();
        room.server.behave();
        room.advance(Duration::from_secs(1_000));
        room.room.service.recover_changes().await.unwrap();
        assert!(database.column("SELECT state FROM changes").await.is_empty(), "a rest has no history");
        change(&room.room, renamed(), "0305T10").await.unwrap();
        assert_eq!(unfinished(&room.room).await, 0);
        assert_eq!(database.column("SELECT cause FROM changes").await, ["request"], "the end of the series");
    }

    async fn a_series_is_neither_divided_again_nor_moved_before_its_division_is_finished(database) {
        let room = half_divided(&database.open().await).await;
        room.advance(Duration::from_secs(1_000));
        let uids = room.uids();
        for from in ["0305T10", "0304T10"] {
            let refused = change(&room.room, renamed(), from).await;
            assert!(is_unfinished(&refused), "{refused:?}");
        }
        let rest = ChangeRequest { uid: next(&room.room).await, ..renamed() };
        let refused = change(&room.room, rest, "0306T10").await;
        assert!(is_unfinished(&refused), "{refused:?}");
        let ann = caller(&room.room).await;
        let all = moved("03T14", "03T15", WhenTaken::Book);
        let refused = room.room.service.change_event(&ann, &room.room.calendar, all).await.map(|_| ());
        assert!(is_unfinished(&refused), "{refused:?}");
        assert_eq!(room.uids(), uids);
    }

    async fn a_series_that_somebody_moves_between_the_two_writes_stays_beside_its_rest_until_somebody_decides(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await.with(daily());
        room.room.test().await;
        let mut is_first = true;
        room.server.before(move |request, state| {
            if request.method == "PUT" && request.path.ends_with("/s.ics") && std::mem::take(&mut is_first) {
                let other = event("s", "0101T00", "0303T1030", "0303T1130").rule("FREQ=DAILY;COUNT=6");
                let quirks = state.quirks.clone();
                state.calendars.get_mut(CALENDAR).unwrap().put("s.ics", &harness::file(&[other]), &quirks);
            }
            None
        });
        change(&room.room, renamed(), "0305T10").await.unwrap_err();
        room.advance(Duration::from_secs(1_000));
        room.room.service.finish_divisions().await.unwrap();
        let before = room.server.objects();
        assert_all_kept(&told(&room.room.clear().await));
        assert_eq!((room.server.objects(), unfinished(&room.room).await), (before, 1));
        let (ann, rest) = (caller(&room.room).await, next(&room.room).await);
        room.room.service.delete_event(&ann, &room.room.calendar, &rest).await.unwrap();
        assert_eq!((room.uids(), unfinished(&room.room).await), ("s".to_owned(), 0));
    }

    async fn the_rest_of_a_restored_series_that_could_not_be_deleted_is_deleted_later(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await.with(daily());
        room.room.test().await;
        change(&room.room, renamed(), "0305T10").await.unwrap();
        let rest = next(&room.room).await;
        room.server.refuse(&format!("{rest}.ics"), "DELETE", Tries::Always, Answer::status(503));
        room.room.restore(room.room.line("s", "0305T10").await).await.unwrap_err();
        room.server.behave();
        assert_eq!((room.server.objects().len(), unfinished(&room.room).await), (2, 1));
        room.advance(Duration::from_secs(1_000));
        let before = room.server.objects();
        assert_all_kept(&told(&room.room.clear().await));
        assert_eq!(room.server.objects(), before);
        room.room.service.finish_divisions().await.unwrap();
        assert_eq!((room.uids(), unfinished(&room.room).await), ("s".to_owned(), 0));
        assert_eq!(listed(&room.room).await, days(3..9, "10", "Old"));
    }

    async fn a_division_is_not_restored_once_its_rest_was_divided_again_or_changed(database) {
        for (room, _) in rooms(&database.open().await).await {
            change(&room, renamed(), "0305T10").await.unwrap();
            let rest = next(&room).await;
            let name = Some("Newer".to_owned());
            let again = ChangeRequest {
                uid: rest.clone(),
                change: RequestedChange { name, ..RequestedChange::default() },
                ..renamed()
            };
            change(&room, again.clone(), "0307T10").await.unwrap();
            let first = room.line("s", "0305T10").await;
            let (uids, before) = (room.uids().await, listed(&room).await);
            assert!(room.service.why_not_restorable(first).await.unwrap().is_some());
            let refused = room.restore(first).await;
            assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
            assert_eq!((room.uids().await, listed(&room).await), (uids, before));
            // The latest first.
            room.restore(room.line(&rest, "0307T10").await).await.unwrap();
            let ann = caller(&room).await;
            room.service.change_event(&ann, &room.calendar, again).await.unwrap();
            let refused = room.restore(first).await;
            assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
            let changed = room.lines().await.into_iter().find(|it| {
                it.restored_at.is_none() && it.id != first && *it.kind == RemovalKind::Changed
            });
            room.restore(changed.unwrap().id).await.unwrap();
            room.restore(first).await.unwrap();
            assert_eq!((room.uids().await, listed(&room).await), ("s".to_owned(), days(3..9, "10", "Old")));
        }
    }

    async fn a_restore_deletes_nothing_that_other_people_have_named_in_a_file(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with(event("victim", "0101T00", "0304T10", "0304T11")).await;
        let room = room.with(event("x", "0101T00", "0305T10", "0305T11")).await;
        let evil = event("x", "0101T00", "0305T10", "0305T11").line("RELATED-TO;RELTYPE=NEXT:victim").line("SUMMARY:Y");
        let file = harness::file(&[evil]);
        room.service.import(&command_line(), &room.calendar, file.as_bytes(), &|_, _| {}).await.unwrap();
        let line = room.lines().await.pop().unwrap();
        assert_eq!(*line.kind, RemovalKind::Replaced);
        room.restore(line.id).await.unwrap();
        assert_eq!(room.uids().await, "victim x");
    }

    async fn a_first_date_that_was_changed_alone_is_changed_with_those_that_follow_it(database) {
        for (room, _) in rooms(&database.open().await).await {
            let ann = caller(&room).await;
            let alone = ChangeRequest { occurrence: Some(moment("0303T10")), ..moved("03T11", "03T12", WhenTaken::Book) };
            room.service.change_event(&ann, &room.calendar, alone).await.unwrap();
            change(&room, renamed(), "0303T10").await.unwrap();
            let expected = [days(3..4, "11", "New"), days(4..9, "10", "New")].concat();
            assert_eq!(listed(&room).await, expected);
            let change_to = |hours: [&str; 2], taken| {
                moved(&format!("03T{}", hours[0]), &format!("03T{}", hours[1]), taken)
            };
            change(&room, change_to(["13", "14"], WhenTaken::Refuse), "0303T10").await.unwrap();
            let expected = [days(3..4, "13", "New"), days(4..9, "12", "New")].concat();
            assert_eq!(listed(&room).await, expected);
        }
    }

    async fn only_if_free_looks_at_the_new_hour_of_a_first_date_that_was_changed_alone(database) {
        let room = Room::new(&database.open().await).await.with(daily()).await;
        let room = room.with(event("other", "0101T00", "0303T16", "0303T17")).await;
        let ann = caller(&room).await;
        let alone = ChangeRequest { occurrence: Some(moment("0303T10")), ..moved("03T11", "03T12", WhenTaken::Book) };
        room.service.change_event(&ann, &room.calendar, alone).await.unwrap();
        let taken = change(&room, moved("03T16", "03T17", WhenTaken::Refuse), "0303T10").await;
        assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
    }

    async fn a_warning_goes_on_when_the_dates_go_on_under_another_uid(database) {
        let store = database.open().await;
        for is_loser in [true, false] {
            let memory = Memory::default();
            let slug = if is_loser { "loses" } else { "wins" };
            let room = with_mailer(Room::named(&store, slug).await.with_mail().await, &memory, 1_000);
            let room = room.set(warns).await;
            let created = if is_loser { ["0201T00", "0101T00"] } else { ["0101T00", "0201T00"] };
            let series = event("s", created[0], "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=6");
            let series = series.line("SUMMARY:Old").by("ann@example.org");
            let other = event("other", created[1], "0307T10", "0307T11").by("eve@example.org");
            let (first, second) = if is_loser { (other, series) } else { (series, other) };
            let room = room.with(first).await;
            room.advance(Duration::from_secs(100));
            let room = room.with(second).await;
            room.clear().await;
            deliver(&room).await;
            let warned = pending(&room).await;
            let mails = room.mails().await.len();
            room.advance(Duration::from_secs(7_200));
            change(&room, renamed(), "0305T10").await.unwrap();
            let rest = next(&room).await;
            room.clear().await;
            let expected: Vec<String> = warned
                .iter()
                .map(|it| it.replacen("s for", &format!("{rest} for"), 1).replace("for s ", &format!("for {rest} ")))
                .collect();
            assert_eq!((pending(&room).await, expected.len()), (expected, 1));
            assert_eq!(room.mails().await.len(), mails, "nobody is warned again");
        }
    }
}
