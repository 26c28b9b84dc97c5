//! Since when an event of a calendar server holds its time (rule 4), from look to look.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Event, NOW, event, moment, told};
use operations::{Sync, command_line};
use store::calendars::Calendar;
use store::uid_metadata;
use testing::fake::{CALENDAR, Quirks, Tries};
use testing::ics::file;
use testing::on_both_databases;
use testing::scripted::Answer;

/// An event of 3 March at ten, whose CREATED is from before all looks.
fn booked(uid: &str) -> Event {
    event(uid, "0101T00", "0303T10", "0303T11").by("ann@example.org")
}

/// Looks at the room `seconds` after [`NOW`]; what a clear would do.
async fn look(room: &ServerRoom, seconds: u64) -> Vec<String> {
    let service = &room.room.service;
    let passed = u64::try_from(service.now().0 - NOW).unwrap();
    service.clock.advance(Duration::from_secs(seconds - passed));
    told(&room.room.test().await)
}

/// Since when a UID has held 3 March from ten to eleven, in seconds behind [`NOW`].
async fn since(room: &ServerRoom, uid: &str) -> i64 {
    let known = uid_metadata::of_uid(room.room.store(), room.room.calendar.id, uid).await.unwrap();
    let claims = &known.memory.claims[uid];
    claims.held_since(moment("0303T10"), moment("0303T11")).since.0 - NOW
}

/// The text of an object.
fn of(event: Event) -> String {
    file(&[event])
}

/// What is recorded of each UID.
async fn record(database: &testing::Database) -> Vec<String> {
    database.column("SELECT uid || ' ' || claims FROM uid_metadata ORDER BY uid").await
}

/// The next sync-collection says that an object is gone, once.
fn report_gone(room: &ServerRoom, name: &str) {
    let (href, token) = room.server.with(|state| {
        let token = state.calendars[CALENDAR].token(&state.quirks);
        (name.to_owned(), token)
    });
    let href = room.server.path(CALENDAR) + &href;
    let mut is_first = true;
    room.server.before(move |request, _| {
        let is_sync = request.method == "REPORT" && request.text().contains("sync-collection");
        (is_sync && std::mem::take(&mut is_first)).then(|| {
            Answer::xml(
                207,
                format!(
                    "<multistatus xmlns=\"DAV:\"><response><href>{href}</href>\
                     <status>HTTP/1.1 404 Not Found</status></response>\
                     <sync-token>{token}</sync-token></multistatus>"
                ),
            )
        })
    });
}

on_both_databases! {
    async fn a_deletion_that_is_reported_and_did_not_happen_ends_no_claim(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        look(&room, 0).await;
        room.put(booked("a"));
        look(&room, 100).await;
        assert_eq!(since(&room, "a").await, 100, "its CREATED is refuted");
        room.put(booked("b"));
        assert_eq!(look(&room, 200).await, ["deleted b 0303T10 by a"]);
        // The token of the fake has to differ from the mirror's, or nothing is asked for.
        room.put(event("elsewhere", "0101T00", "0305T10", "0305T11"));
        report_gone(&room, "a.ics");
        assert_eq!(look(&room, 300).await, ["deleted b 0303T10 by a"]);
        assert_eq!(since(&room, "a").await, 100);
        assert!(room.room.uids().await.contains('a'));
    }

    async fn what_a_report_says_not_to_exist_keeps_its_claim_until_a_get_confirms_that(database) {
        let kind = database.open().await.kind();
        for is_reported_gone in [true, false] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            look(&room, 0).await;
            room.put(booked("a"));
            look(&room, 100).await;
            room.put(booked("b"));
            look(&room, 200).await;
            // Either the list of changes says that it is gone, or it has changed, and asked for by name it
            // is said not to exist.
            match is_reported_gone {
                true => {
                    room.put(event("elsewhere", "0101T00", "0305T10", "0305T11"));
                    report_gone(&room, "a.ics");
                }
                false => room.put(booked("a").line("SUMMARY:Renamed")),
            }
            let href = room.server.path(CALENDAR) + "a.ics";
            room.server.before(move |request, _| {
                let body = request.text();
                let is_asked = request.method == "REPORT" && body.contains(&href);
                is_asked.then(|| {
                    let missing = format!(
                        "<response><href>{href}</href><status>HTTP/1.1 404 Not Found</status></response>"
                    );
                    Answer::xml(207, format!("<multistatus xmlns=\"DAV:\">{missing}</multistatus>"))
                })
            });
            assert_eq!(look(&room, 300).await, ["deleted b 0303T10 by a"]);
            room.server.behave();
            assert_eq!(since(&room, "a").await, 100, "reported as gone: {is_reported_gone}");
            assert_eq!(look(&room, 400).await, ["deleted b 0303T10 by a"]);
        }
    }

    async fn what_nobody_could_confirm_to_be_gone_is_asked_for_again_at_the_next_look(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        look(&room, 0).await;
        room.put(booked("a"));
        room.put(booked("b"));
        look(&room, 100).await;
        room.server.refuse("a.ics", "GET", Tries::Always, Answer::status(403));
        room.server.refuse("b.ics", "GET", Tries::Always, Answer::status(403));
        room.server.remove("a.ics");
        room.server.remove("b.ics");
        look(&room, 200).await;
        room.put(booked("a"));
        look(&room, 300).await;
        assert_eq!(since(&room, "a").await, 100, "nobody has seen it gone");
        room.server.behave();
        look(&room, 400).await;
        room.put(booked("b"));
        look(&room, 500).await;
        assert_eq!((since(&room, "a").await, since(&room, "b").await), (100, 500));
    }

    async fn a_list_of_everything_that_lacks_an_event_ends_its_claim_only_once_that_is_confirmed(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        look(&room, 0).await;
        room.put(booked("a"));
        room.put(booked("c"));
        look(&room, 100).await;
        // Both are missing from the list, and the server does not answer who asks for them; only one of
        // them is back when somebody asks again.
        let kept = room.server.with(|state| state.calendars[CALENDAR].objects["a.ics"].clone());
        room.server.with(|state| {
            let calendar = state.calendars.get_mut(CALENDAR).unwrap();
            calendar.objects.clear();
            calendar.forget_tokens();
        });
        let is_down = Arc::new(AtomicBool::new(true));
        let of_hook = is_down.clone();
        room.server.before(move |request, _| {
            let is_asked = request.path.ends_with(".ics") || request.text().contains(".ics");
            (is_asked && of_hook.load(Ordering::SeqCst)).then(|| Answer::status(500))
        });
        look(&room, 200).await;
        is_down.store(false, Ordering::SeqCst);
        assert_eq!(room.room.uids().await, "");
        room.server.with(|state| {
            state.calendars.get_mut(CALENDAR).unwrap().objects.insert("a.ics".to_owned(), kept)
        });
        room.put(event("elsewhere", "0101T00", "0305T10", "0305T11"));
        look(&room, 300).await;
        assert_eq!((room.room.uids().await.as_str(), since(&room, "a").await), ("a elsewhere", 100));
        room.put(booked("c"));
        look(&room, 400).await;
        assert_eq!((since(&room, "a").await, since(&room, "c").await), (100, 400));
    }

    async fn a_deletion_that_happened_ends_the_claim_also_if_the_event_comes_back(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        look(&room, 0).await;
        room.put(booked("a"));
        look(&room, 100).await;
        room.put(booked("b"));
        look(&room, 200).await;
        room.server.remove("a.ics");
        assert!(look(&room, 300).await.is_empty());
        room.put(booked("a"));
        assert_eq!(look(&room, 400).await, ["deleted a 0303T10 by b"]);
        assert_eq!((since(&room, "a").await, since(&room, "b").await), (400, 200));
    }

    async fn whoever_moves_away_and_back_holds_the_hour_since_the_look_that_saw_it_back(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        look(&room, 0).await;
        room.put(booked("a"));
        look(&room, 100).await;
        room.put(event("a", "0101T00", "0304T10", "0304T11").by("ann@example.org"));
        look(&room, 200).await;
        room.put(booked("a").line("LAST-MODIFIED:20260302T000420Z"));
        look(&room, 300).await;
        assert_eq!(since(&room, "a").await, 260, "its own word lies between the two looks");
    }

    async fn a_series_that_is_split_at_a_look_keeps_its_claim_in_the_new_uid_of_the_same_organizer(database) {
        let kind = database.open().await.kind();
        for (organizer, expected) in [("ann@example.org", 100), ("eve@example.org", 300)] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            look(&room, 0).await;
            let daily = |uid: &str, start: &str, end: &str, rule: &str, by: &str| {
                event(uid, "0101T00", start, end).rule(rule).by(by)
            };
            room.put(daily("s", "0302T10", "0302T11", "FREQ=DAILY;COUNT=4", "ann@example.org"));
            look(&room, 100).await;
            room.put(event("rival", "0101T00", "0303T10", "0303T11").by("bob@example.org"));
            look(&room, 200).await;
            // "This and following": the series ends, and a new one goes on with it.
            room.put(daily("s", "0302T10", "0302T11", "FREQ=DAILY;COUNT=1", "ann@example.org"));
            room.put(daily("s2", "0303T10", "0303T11", "FREQ=DAILY;COUNT=3", organizer));
            let told = look(&room, 300).await;
            assert_eq!(since(&room, "s2").await, expected, "{organizer}");
            let loser = match expected {
                100 => "deleted rival 0303T10 by s2",
                _ => "cancelled s2 0303T10 by rival",
            };
            assert_eq!(told, [loser]);
        }
    }

    async fn who_copies_the_name_of_an_event_that_names_no_organizer_takes_no_age_from_it(database) {
        let kind = database.open().await.kind();
        for name in ["Board", "Lunch"] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            look(&room, 0).await;
            let daily = |uid: &str, start: &str, end: &str, rule: &str, name: &str| {
                event(uid, "0101T00", start, end).rule(rule).line(format!("SUMMARY:{name}"))
            };
            room.put(daily("s", "0302T10", "0302T11", "FREQ=DAILY;COUNT=4", "Board"));
            look(&room, 100).await;
            room.put(event("rival", "0101T00", "0303T10", "0303T11").line("SUMMARY:Rival"));
            look(&room, 200).await;
            room.put(daily("s", "0302T10", "0302T11", "FREQ=DAILY;COUNT=1", "Board"));
            room.put(daily("s2", "0303T10", "0303T11", "FREQ=DAILY;COUNT=3", name));
            look(&room, 300).await;
            assert_eq!(since(&room, "s2").await, 300, "{name}");
        }
    }

    async fn each_of_two_objects_of_one_uid_has_held_its_own_time_and_keeps_it_when_the_other_goes(database) {
        let kind = database.open().await.kind();
        for (goes, is_renamed) in [("a.ics", false), ("a.ics", true), ("", false), ("", true)] {
            let case = format!("{goes} goes, renamed: {is_renamed}");
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            look(&room, 0).await;
            room.server.put("a.ics", &of(event("x", "0101T00", "0305T10", "0305T11")));
            room.server.put("b.ics", &of(booked("x")));
            look(&room, 100).await;
            room.put(booked("newcomer"));
            assert_eq!(look(&room, 200).await, ["deleted newcomer 0303T10 by x"], "{case}");
            if !goes.is_empty() {
                room.server.remove(goes);
                assert_eq!(look(&room, 300).await, ["deleted newcomer 0303T10 by x"], "{case}");
            }
            if is_renamed {
                room.server.put("b.ics", &of(booked("x").line("SUMMARY:Renamed")));
            }
            assert_eq!(look(&room, 400).await, ["deleted newcomer 0303T10 by x"], "{case}");
            database.execute("DELETE FROM objects").await;
            assert_eq!(look(&room, 500).await, ["deleted newcomer 0303T10 by x"], "{case}");
            // It goes, and comes back as it was: that starts anew.
            let text = if is_renamed { booked("x").line("SUMMARY:Renamed") } else { booked("x") };
            room.server.remove("b.ics");
            look(&room, 600).await;
            room.server.put("b.ics", &of(text));
            assert_eq!(look(&room, 700).await, ["deleted x 0303T10 by newcomer"], "{case}");
        }
    }

    async fn a_twin_of_somebodys_uid_wins_nothing_by_that(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        look(&room, 0).await;
        room.server.put("x.ics", &of(event("x", "0101T00", "0305T10", "0305T11")));
        look(&room, 100).await;
        room.put(booked("ann"));
        look(&room, 200).await;
        room.server.put("twin.ics", &of(booked("x")));
        assert_eq!(look(&room, 300).await, ["deleted x 0303T10 by ann"]);
        room.server.remove("x.ics");
        assert_eq!(look(&room, 400).await, ["deleted x 0303T10 by ann"]);
        room.server.put("twin.ics", &of(booked("x").line("SUMMARY:Renamed")));
        assert_eq!(look(&room, 500).await, ["deleted x 0303T10 by ann"]);
    }

    async fn what_is_restored_keeps_its_claim_unless_somebody_held_the_hour_meanwhile(database) {
        let kind = database.open().await.kind();
        for (is_between, expected) in [(false, 100), (true, 500)] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
            let ann = room.room.caller("ann").await;
            look(&room, 0).await;
            room.put(booked("a"));
            look(&room, 100).await;
            room.room.service.delete_event(&ann, &room.room.calendar, "a").await.unwrap();
            look(&room, 200).await;
            if is_between {
                room.put(event("b", "0101T00", "0303T1030", "0303T12"));
                look(&room, 300).await;
                room.server.remove("b.ics");
            }
            look(&room, 400).await;
            look(&room, 500).await;
            let line = room.room.lines().await[0].id;
            room.room.restore(line).await.unwrap();
            assert_eq!(since(&room, "a").await, expected, "between: {is_between}");
            look(&room, 600).await;
            assert_eq!(since(&room, "a").await, expected, "the next look changes nothing");
        }
    }

    async fn who_holds_the_hour_of_what_is_restored_keeps_it(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let ann = room.room.caller("ann").await;
        look(&room, 0).await;
        room.put(booked("a"));
        look(&room, 100).await;
        room.room.service.delete_event(&ann, &room.room.calendar, "a").await.unwrap();
        room.put(booked("b"));
        look(&room, 300).await;
        let line = room.room.lines().await[0].id;
        room.room.restore(line).await.unwrap();
        assert_eq!(look(&room, 400).await, ["deleted a 0303T10 by b"]);
    }

    async fn settings_and_the_loss_of_the_mirror_keep_every_moment(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        look(&room, 0).await;
        room.put(booked("a"));
        room.put(event("floating", "0101T00", "20260304T100000", "20260304T110000"));
        look(&room, 100).await;
        // One that holds its dates since different moments.
        let series = |start: &str, end: &str, count: u32| {
            let daily = event("series", "0101T00", start, end);
            daily.rule(&format!("FREQ=DAILY;COUNT={count}")).by("ann@example.org")
        };
        room.put(series("0310T10", "0310T11", 2));
        look(&room, 200).await;
        room.put(series("0310T10", "0310T11", 4));
        look(&room, 300).await;
        let before = record(&database).await;
        assert_eq!(before.len(), 3);
        let service = &room.room.service;
        let by = command_line();
        let of = service.calendar("room").await.unwrap();
        let with = |change: &dyn Fn(&mut Calendar)| {
            let mut calendar = of.clone();
            change(&mut calendar);
            calendar
        };
        let settings = [
            with(&|it| it.zone = "America/New_York".to_owned()),
            with(&|it| it.rank_by = clearing::RankBy::Created),
            with(&|it| it.horizon_days = 30),
            with(&|it| it.free_blocks = true),
            with(&|it| it.unknown_zones = ical::UnknownZones::Calendar),
            with(&|it| it.room_address = Some("ann@example.org".to_owned())),
        ];
        for (number, calendar) in settings.into_iter().enumerate() {
            let version = service.calendar("room").await.unwrap().version;
            let calendar = Calendar { version, ..calendar };
            service.set_calendar(&by, &calendar).await.unwrap();
            look(&room, 400 + 10 * number as u64).await;
            assert_eq!(record(&database).await, before, "setting {number}");
        }
        let version = service.calendar("room").await.unwrap().version;
        let of = Calendar { version, ..of };
        service.set_calendar(&by, &of).await.unwrap();
        service.sync(&of, Sync::Rebuild, &|_, _| {}).await.unwrap();
        assert_eq!(record(&database).await, before);
        for loss in ["DELETE FROM objects", "DELETE FROM objects WHERE uid = 'a'"] {
            database.execute(loss).await;
            look(&room, if loss.contains("'a'") { 600 } else { 500 }).await;
            assert_eq!(room.room.uids().await, "a floating series");
            assert_eq!(record(&database).await, before, "{loss}");
        }
        // A newcomer does not win by the loss.
        room.put(booked("late"));
        assert_eq!(look(&room, 700).await, ["deleted late 0303T10 by a"]);
    }

    async fn claims_that_were_recorded_by_other_zone_data_keep_every_moment(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        look(&room, 0).await;
        for (seconds, count) in [(100, 2), (200, 4)] {
            room.put(booked("series").rule(&format!("FREQ=DAILY;COUNT={count}")));
            look(&room, seconds).await;
        }
        // When they were recorded, the zone was an hour behind.
        let written = database.column("SELECT claims FROM uid_metadata").await.remove(0);
        let mut claims: serde_json::Value = serde_json::from_str(&written).unwrap();
        for part in claims["parts"].as_array_mut().unwrap() {
            for bound in [0, 1] {
                part[bound] = (part[bound].as_i64().unwrap() + 3_600).into();
            }
        }
        database.execute(&format!("UPDATE uid_metadata SET claims = '{claims}'")).await;
        database.execute("UPDATE objects SET starts_at = starts_at + 3600, ends_at = ends_at + 3600").await;
        let before = record(&database).await;
        assert!(!before[0].ends_with(&written), "{written}");
        look(&room, 300).await;
        let calendar = room.room.service.calendar("room").await.unwrap();
        room.room.service.sync(&calendar, Sync::Rebuild, &|_, _| {}).await.unwrap();
        assert_eq!(record(&database).await, before);
        // A later event does not win by that.
        room.put(booked("late"));
        assert_eq!(look(&room, 400).await, ["deleted late 0303T10 by series"]);
    }

    async fn an_event_that_the_server_does_not_give_for_a_while_keeps_its_claim(database) {
        let quirks = Quirks { drops_calendar_data: true, ..Quirks::RFC };
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        look(&room, 0).await;
        room.put(booked("a"));
        look(&room, 100).await;
        room.server.with(|state| state.quirks = quirks);
        room.server.refuse("a.ics", "GET", Tries::Always, Answer::status(500));
        room.put(booked("a").line("SUMMARY:Renamed"));
        look(&room, 200).await;
        room.server.behave();
        room.server.with(|state| state.quirks = Quirks::RFC);
        look(&room, 4_000).await;
        assert_eq!((since(&room, "a").await, room.room.uids().await.as_str()), (100, "a"));
    }

    async fn it_is_recorded_of_what_is_new_while_the_calendar_ranks_by_created(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.set(|it| it.rank_by = clearing::RankBy::Created).await;
        look(&room, 0).await;
        room.put(event("first", "0216T00", "0303T10", "0303T11").by("ann@example.org"));
        assert!(look(&room, 100).await.is_empty());
        room.put(booked("forged"));
        assert_eq!(look(&room, 200).await, ["deleted first 0303T10 by forged"]);
        let room = room.set(|it| it.rank_by = clearing::RankBy::HeldSince).await;
        assert_eq!(look(&room, 300).await, ["deleted forged 0303T10 by first"]);
    }
}
