//! Who gives up an hour does not get it back by his old claim, by whatever names and states his object goes
//! meanwhile.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Event, NOW, event, told};
use testing::fake::{CALENDAR, Quirks, Tries};
use testing::ics::file;
use testing::on_both_databases;
use testing::scripted::Answer;

/// One event of 3 March at ten, the hour that is fought for.
fn on_the_hour(uid: &str) -> String {
    text(event(uid, "0101T00", "0303T10", "0303T11"))
}

/// The same event on another day.
fn elsewhere(uid: &str, day: u32) -> String {
    text(event(uid, "0101T00", &format!("03{day:02}T10"), &format!("03{day:02}T11")))
}

/// The event of the hour under another name.
fn renamed(uid: &str) -> String {
    text(event(uid, "0101T00", "0303T10", "0303T11").line("SUMMARY:Renamed"))
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
    let newcomer = [("newcomer.ics", Some(on_the_hour("newcomer")))];
    let before: Vec<Steps<'_>> = before.iter().copied().chain([&newcomer[..]]).collect();
    who_goes_without(database, &before, last).await
}

/// Whose booking would go after all of this.
async fn who_goes_without(
    database: &testing::Database,
    before: &[Steps<'_>],
    last: Steps<'_>,
) -> Vec<String> {
    let mut looks = Looks::new(database).await;
    looks.after(&[]).await;
    for steps in before {
        looks.after(steps).await;
    }
    looks.after(last).await
}

/// Looks at one calendar, 100 seconds after each other.
struct Looks {
    room: ServerRoom,
    seconds: u64,
    _database: testing::Database,
}

impl Looks {
    async fn new(database: &testing::Database) -> Looks {
        let database = testing::Database::new(database.open().await.kind()).await;
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        Looks { room, seconds: 0, _database: database }
    }

    /// What the preview of a clear says after these steps.
    async fn after(&mut self, steps: Steps<'_>) -> Vec<String> {
        for (name, text) in steps {
            match text {
                Some(text) => self.room.server.put(name, text),
                None => self.room.server.remove(name),
            }
        }
        self.seconds += 100;
        let service = &self.room.room.service;
        let passed = u64::try_from(service.now().0 - NOW).unwrap();
        service.clock.advance(Duration::from_secs(self.seconds - passed));
        told(&self.room.room.test().await)
    }

    /// From now on the server fails when it is asked for an object.
    fn does_not_give(&self, name: &str) {
        self.room.server.with(|state| {
            state.calendars.get_mut(CALENDAR).unwrap().omit_from_multiget(name);
        });
        self.room.server.refuse(name, "GET", Tries::Always, Answer::status(500));
    }
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

    async fn whose_place_is_taken_by_what_is_no_event_comes_last(database) {
        let held = [("e.ics", Some(on_the_hour("u")))];
        let back = [("e.ics", Some(on_the_hour("u")))];
        let no_event = |kind: &str| Some(on_the_hour("u").replace("VEVENT", kind));
        for kind in ["VTODO", "VJOURNAL"] {
            let parked = [("e.ics", no_event(kind))];
            let goes = who_goes(&database, &[&held, &parked], &back).await;
            assert_eq!(goes, ["deleted u 0303T10 by newcomer"], "{kind}");
        }
        let parked = [("e.ics", no_event("VTODO"))];
        let gone = [("e.ics", None)];
        for (case, back) in [("same name", "e.ics"), ("other name", "f.ics")] {
            let back = [(back, Some(on_the_hour("u")))];
            let goes = who_goes(&database, &[&held, &parked, &gone], &back).await;
            assert_eq!(goes, ["deleted u 0303T10 by newcomer"], "{case}");
        }
        let garbage = [("e.ics", Some("garbage".to_owned()))];
        let goes = who_goes(&database, &[&held, &garbage], &back).await;
        assert_eq!(goes, ["deleted u 0303T10 by newcomer"]);
    }

    async fn who_goes_with_more_than_are_asked_for_alone_does_not_come_back_before_who_came_meanwhile(database) {
        let names: Vec<String> = (0..150).map(|number| format!("j{number:03}.ics")).collect();
        let mut held: Vec<(&str, Option<String>)> =
            names.iter().map(|name| (name.as_str(), Some(elsewhere(name, 20)))).collect();
        held.push(("z.ics", Some(on_the_hour("u"))));
        let gone: Vec<(&str, Option<String>)> = held.iter().map(|(name, _)| (*name, None)).collect();
        for back in ["z.ics", "y.ics"] {
            let back = [(back, Some(on_the_hour("u")))];
            let goes = who_goes(&database, &[&held, &gone], &back).await;
            assert_eq!(goes, ["deleted u 0303T10 by newcomer"]);
            // Also if it cannot be read at first.
            let newcomer = [("newcomer.ics", Some(on_the_hour("newcomer")))];
            let hidden = [(back[0].0, Some(unreadable("u", 3)))];
            let steps: [Steps<'_>; 4] = [&held, &gone, &newcomer, &hidden];
            let goes = who_goes_without(&database, &steps, &back).await;
            assert_eq!(goes, ["deleted u 0303T10 by newcomer"]);
            // Whether the newcomer is read before it or after.
            for newcomer in ["a.ics", "zz.ics"] {
                let both = [(newcomer, Some(on_the_hour("newcomer"))), back[0].clone()];
                let goes = who_goes_without(&database, &[&held, &gone], &both).await;
                assert_eq!(goes, ["deleted u 0303T10 by newcomer"], "{newcomer}");
            }
        }
    }

    async fn whose_event_is_renamed_keeps_his_age_whoever_takes_the_old_name(database) {
        for (case, line) in [("name", ""), ("organizer", "v@example.org")] {
            let with = |uid: &str, created: &str| {
                let event = event(uid, created, "0303T10", "0303T11").line("SUMMARY:Budget");
                text(if line.is_empty() { event } else { event.by(line) })
            };
            let victim = with("victim", "0220T00");
            let held = [("v.ics", Some(victim.clone()))];
            for order in [["x.ics", "v.ics"], ["v.ics", "x.ics"], ["a.ics", "v.ics"]] {
                let renamed = order.into_iter().find(|name| *name != "v.ics").unwrap();
                let texts = order.map(|name| {
                    let text = if name == "v.ics" { with("forger", "0101T00") } else { victim.clone() };
                    (name, Some(text))
                });
                let goes = who_goes_without(&database, &[&held], &texts).await;
                assert_eq!(goes, ["deleted forger 0303T10 by victim"], "{case} {renamed}");
            }
        }
    }

    async fn two_events_that_exchange_their_names_and_are_edited_both_keep_their_age(database) {
        let edited = |uid| text(event(uid, "0101T00", "0305T10", "0305T11").line("SUMMARY:Renamed"));
        for (case, names) in [("in order", ["a.ics", "b.ics"]), ("the other way round", ["b.ics", "a.ics"])] {
            let mut looks = Looks::new(&database).await;
            looks.after(&[]).await;
            looks.after(&[(names[0], Some(on_the_hour("u"))), (names[1], Some(elsewhere("w", 5)))]).await;
            let told = looks
                .after(&[
                    (names[0], Some(edited("w"))),
                    (names[1], Some(renamed("u"))),
                    ("c.ics", Some(on_the_hour("newcomer"))),
                    ("d.ics", Some(elsewhere("other", 5))),
                ])
                .await;
            let expected = ["deleted newcomer 0303T10 by u", "deleted other 0305T10 by w"];
            assert_eq!(told, expected, "{case}");
        }
    }

    async fn who_is_not_given_for_a_while_loses_only_what_others_came_to_hold_meanwhile(database) {
        let longer = |end: &str| Some(text(event("w", "0101T00", "0303T10", end)));
        let mut looks = Looks::new(&database).await;
        looks.after(&[]).await;
        looks.after(&[("e.ics", Some(on_the_hour("u")))]).await;
        looks.after(&[("w.ics", longer("0303T12"))]).await;
        looks.does_not_give("e.ics");
        looks.after(&[("e.ics", Some(renamed("u")))]).await;
        looks.after(&[("w.ics", longer("0303T13"))]).await;
        looks.room.server.behave();
        let told = looks.after(&[("e.ics", Some(on_the_hour("u")))]).await;
        assert_eq!(told, ["deleted w 0303T10 by u"]);
    }

    async fn who_is_restored_comes_after_who_holds_the_hour_and_cannot_be_read_now(database) {
        let mut looks = Looks::new(&database).await;
        looks.after(&[]).await;
        looks.after(&[("x.ics", Some(on_the_hour("x")))]).await;
        looks.after(&[("v.ics", Some(on_the_hour("v")))]).await;
        looks.after(&[("v.ics", Some(unreadable("v", 3)))]).await;
        looks.after(&[]).await;
        let room = &looks.room.room;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "x").await.unwrap();
        looks.after(&[]).await;
        let room = &looks.room.room;
        room.restore(room.lines().await.remove(0).id).await.unwrap();
        let told = looks.after(&[("v.ics", Some(on_the_hour("v")))]).await;
        assert_eq!(told, ["deleted x 0303T10 by v"]);
    }

    async fn who_is_given_again_comes_after_who_came_meanwhile_and_cannot_be_read_now(database) {
        let mut looks = Looks::new(&database).await;
        looks.after(&[]).await;
        looks.after(&[("e.ics", Some(on_the_hour("u")))]).await;
        looks.does_not_give("e.ics");
        let other = ("other.ics", Some(elsewhere("other", 9)));
        looks.after(&[("e.ics", Some(renamed("u"))), other]).await;
        looks.after(&[("v.ics", Some(on_the_hour("v")))]).await;
        looks.after(&[("v.ics", Some(unreadable("v", 3)))]).await;
        looks.room.server.behave();
        looks.after(&[("e.ics", Some(on_the_hour("u")))]).await;
        let told = looks.after(&[("v.ics", Some(on_the_hour("v")))]).await;
        assert_eq!(told, ["deleted u 0303T10 by v"]);
    }

    async fn what_is_not_known_to_be_gone_hands_its_age_to_nobody(database) {
        let by_ann = |uid| Some(text(event(uid, "0101T00", "0303T10", "0303T11").by("ann@example.org")));
        let mut looks = Looks::new(&database).await;
        looks.after(&[]).await;
        looks.after(&[("v.ics", by_ann("v"))]).await;
        looks.after(&[("w.ics", Some(on_the_hour("w")))]).await;
        // The list lacks it, and nobody can say whether it is there.
        looks.room.server.refuse("v.ics", "GET", Tries::Always, Answer::status(500));
        looks.room.server.with(|state| {
            state.calendars.get_mut(CALENDAR).unwrap().omit_from_multiget("v.ics");
        });
        let told = looks.after(&[("v.ics", None), ("forger.ics", by_ann("a-forger"))]).await;
        assert_eq!(told, ["deleted a-forger 0303T10 by w"]);
    }

    async fn who_moves_while_his_server_does_not_give_the_event_comes_after_who_came_meanwhile(database) {
        let (held, back) = (("e.ics", Some(on_the_hour("u"))), ("e.ics", Some(on_the_hour("u"))));
        let newcomer = ("newcomer.ics", Some(on_the_hour("newcomer")));
        for (case, steps) in [
            ("it is back", vec![vec![newcomer.clone()], vec![back.clone()]]),
            ("it was deleted", vec![vec![("e.ics", None)], vec![newcomer.clone()], vec![back.clone()]]),
        ] {
            let mut looks = Looks::new(&database).await;
            looks.after(&[]).await;
            looks.after(std::slice::from_ref(&held)).await;
            looks.does_not_give("e.ics");
            looks.after(&[("e.ics", Some(elsewhere("u", 4)))]).await;
            let (last, before) = steps.split_last().unwrap();
            for step in before {
                if step[0].1.is_none() {
                    looks.room.server.behave();
                }
                looks.after(step).await;
            }
            looks.room.server.behave();
            assert_eq!(looks.after(last).await, ["deleted u 0303T10 by newcomer"], "{case}");
        }
        let mut looks = Looks::new(&database).await;
        looks.after(&[]).await;
        looks.after(&[held]).await;
        looks.does_not_give("e.ics");
        looks.after(&[("e.ics", Some(renamed("u")))]).await;
        looks.room.server.behave();
        looks.after(&[back]).await;
        assert_eq!(looks.after(&[newcomer]).await, ["deleted newcomer 0303T10 by u"], "nobody came");
    }

    async fn a_second_object_of_a_uid_takes_no_age_from_the_first_when_it_is_restored(database) {
        let mut looks = Looks::new(&database).await;
        looks.room.server.with(|state| state.quirks.uid_conflict = None);
        looks.after(&[]).await;
        looks.after(&[("v.ics", Some(on_the_hour("v")))]).await;
        let twin = renamed("v");
        looks.after(&[("twin.ics", Some(twin))]).await;
        let room = &looks.room.room;
        room.clear().await;
        assert_eq!(looks.room.uids(), "v", "the twin came later");
        room.restore(room.lines().await.remove(0).id).await.unwrap();
        assert_eq!(looks.room.uids().split(' ').count(), 2, "{}", looks.room.uids());
        room.clear().await;
        assert_eq!(looks.room.text("v"), on_the_hour("v"), "it still came later");
        assert_eq!(looks.room.uids(), "v");
    }

    async fn a_second_object_of_a_uid_takes_no_age_from_one_that_is_not_given(database) {
        let mut looks = Looks::new(&database).await;
        looks.after(&[]).await;
        looks.after(&[("v.ics", Some(on_the_hour("v")))]).await;
        looks.does_not_give("v.ics");
        looks.after(&[("v.ics", Some(renamed("v")))]).await;
        looks.after(&[("twin.ics", Some(elsewhere("v", 4)))]).await;
        looks.room.server.behave();
        looks.after(&[("v.ics", Some(on_the_hour("v")))]).await;
        let newcomer = ("newcomer.ics", Some(on_the_hour("newcomer")));
        assert_eq!(looks.after(&[newcomer]).await, ["deleted newcomer 0303T10 by v"]);
    }
}
