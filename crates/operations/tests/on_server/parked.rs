//! Who gives up an hour does not get it back by his old claim, by whatever names and states his object goes
//! meanwhile.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Event, NOW, event, told};
use testing::fake::Quirks;
use testing::ics::file;
use testing::on_both_databases;

/// One event of 3 March at ten, the hour that is fought for.
fn on_the_hour(uid: &str) -> String {
    text(event(uid, "0101T00", "0303T10", "0303T11"))
}

/// The same event on another day.
fn elsewhere(uid: &str, day: u32) -> String {
    text(event(uid, "0101T00", &format!("03{day:02}T10"), &format!("03{day:02}T11")))
}

/// In a time zone that nobody knows, on a day.
fn unreadable(uid: &str, day: u32) -> String {
    let event = elsewhere(uid, day);
    let event = event.replace("DTSTART:", "DTSTART;TZID=Nowhere/Else:");
    event.replace("0000Z\r\nDTEND", "0000\r\nDTEND")
}

fn text(event: Event) -> String {
    file(&[event])
}

/// What somebody does between two looks: writes an object, or deletes it.
type Steps<'s> = &'s [(&'s str, Option<String>)];

/// Whose booking would go after all of this, if a newcomer books the hour before the last step.
async fn who_goes(
    database: &testing::Database,
    before: &[Steps<'_>],
    last: Steps<'_>,
) -> Vec<String> {
    let database = testing::Database::new(database.open().await.kind()).await;
    let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
    let mut seconds = 0;
    let mut look = async |steps: Steps<'_>| {
        for (name, text) in steps {
            match text {
                Some(text) => room.server.put(name, text),
                None => room.server.remove(name),
            }
        }
        seconds += 100;
        let service = &room.room.service;
        let passed = u64::try_from(service.now().0 - NOW).unwrap();
        service.clock.advance(Duration::from_secs(seconds - passed));
        told(&room.room.test().await)
    };
    look(&[]).await;
    for steps in before {
        look(steps).await;
    }
    look(&[("newcomer.ics", Some(on_the_hour("newcomer")))]).await;
    look(last).await
}

on_both_databases! {
    async fn who_moves_away_under_another_name_and_back_comes_last(database) {
        let back = ("b.ics", Some(on_the_hour("u")));
        for (case, away) in [
            ("its name is another event's", vec![
                ("z.ics", Some(elsewhere("w", 5))),
                ("b.ics", Some(elsewhere("u", 4))),
            ]),
            ("two names are swapped", vec![
                ("b.ics", Some(elsewhere("u", 4))),
                ("z.ics", Some(elsewhere("other", 6))), ("other.ics", None)
            ]),
            ("its name is gone", vec![("z.ics", None), ("b.ics", Some(elsewhere("u", 4)))]),
            ("it was renamed first", vec![("z.ics", None), ("b.ics", Some(on_the_hour("u")))]),
        ] {
            let held = [
                ("z.ics", Some(on_the_hour("u"))),
                ("other.ics", Some(elsewhere("other", 6))),
            ];
            let mut steps: Vec<Steps<'_>> = vec![&held, &away];
            let moved = [("b.ics", Some(elsewhere("u", 4)))];
            if case == "it was renamed first" {
                steps.push(&moved);
            }
            let goes = who_goes(&database, &steps, std::slice::from_ref(&back)).await;
            assert_eq!(goes, ["deleted u 0303T10 by newcomer"], "{case}");
        }
    }

    async fn of_two_objects_of_one_uid_none_keeps_the_claim_of_one_that_was_gone(database) {
        let (a, b) = (("a.ics", Some(on_the_hour("u"))), ("b.ics", Some(elsewhere("u", 4))));
        for (case, held, gone, back) in [
            ("the first is gone", vec![a.clone(), b.clone()], vec![("a.ics", None)], vec![a.clone()]),
            (
                "both are gone",
                vec![("a.ics", Some(elsewhere("u", 4))), ("b.ics", Some(on_the_hour("u")))],
                vec![("a.ics", None), ("b.ics", None)],
                vec![("a.ics", Some(elsewhere("u", 4))), ("b.ics", Some(on_the_hour("u")))],
            ),
            (
                "a copy kept it",
                vec![a.clone(), ("c.ics", Some(on_the_hour("u")))],
                vec![("a.ics", None), ("c.ics", Some(elsewhere("u", 5)))],
                vec![a.clone()],
            ),
        ] {
            let goes = who_goes(&database, &[&held, &gone], &back).await;
            assert_eq!(goes, ["deleted u 0303T10 by newcomer"], "{case}");
        }
    }

    async fn the_second_object_of_a_uid_keeps_no_hour_by_being_unreadable(database) {
        let held = [("a.ics", Some(elsewhere("u", 4))), ("b.ics", Some(on_the_hour("u")))];
        let parked = [("b.ics", Some(unreadable("u", 3)))];
        let away = [("b.ics", Some(elsewhere("u", 6)))];
        let back = [("b.ics", Some(on_the_hour("u")))];
        let goes = who_goes(&database, &[&held, &parked, &away], &back).await;
        assert_eq!(goes, ["deleted u 0303T10 by newcomer"]);
    }

    async fn who_copies_anothers_event_and_moves_the_copy_takes_no_age_from_it(database) {
        let held = [("a.ics", Some(on_the_hour("u")))];
        let copied = [("c.ics", Some(on_the_hour("u")))];
        let moved = [("c.ics", Some(elsewhere("u", 4)))];
        let goes = who_goes(&database, &[&held, &copied, &moved], &[]).await;
        assert_eq!(goes, ["deleted newcomer 0303T10 by u"]);
        // Neither does the copy keep the age when the first is renamed.
        let gone = [("c.ics", None)];
        let goes = who_goes(&database, &[&held, &copied, &gone], &[]).await;
        assert_eq!(goes, ["deleted newcomer 0303T10 by u"]);
    }

    async fn what_is_unreadable_on_another_day_meanwhile_holds_the_hour_anew(database) {
        let held = [("a.ics", Some(on_the_hour("u")))];
        let back = [("a.ics", Some(on_the_hour("u")))];
        for (days, expected) in [
            (vec![3], "deleted newcomer 0303T10 by u"),
            (vec![3, 3], "deleted newcomer 0303T10 by u"),
            (vec![20], "deleted u 0303T10 by newcomer"),
            // It was back on the day, by what can be presumed, before the newcomer was there.
            (vec![20, 3], "deleted newcomer 0303T10 by u"),
        ] {
            let parked: Vec<[(&str, Option<String>); 1]> =
                days.iter().map(|day| [("a.ics", Some(unreadable("u", *day)))]).collect();
            let mut steps: Vec<Steps<'_>> = vec![&held];
            steps.extend(parked.iter().map(|it| &it[..]));
            let goes = who_goes(&database, &steps, &back).await;
            assert_eq!(goes, [expected], "{days:?}");
        }
    }
}
